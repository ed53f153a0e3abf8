/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kith_text_normalize        (const char  *text);
char *kith_text_sanitize_name    (const char  *text);
char *kith_text_sanitize_request (const char  *text);
char *kith_text_fold_name        (const char  *name);
char *kith_text_validate_message (const char  *text,
                                  GError     **error);
gboolean kith_text_is_reaction   (const char  *text);
gboolean kith_text_is_unseen     (gunichar     c);
gboolean kith_text_is_space      (gunichar     c);
char *kith_text_trim             (char        *text);
gsize kith_text_fit              (const char  *text,
                                  gsize        len,
                                  gsize        max_bytes);

G_END_DECLS
