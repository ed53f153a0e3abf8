/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Plain words for people, shared by the window and the terminal client: what happened and what to
 * do about it. */

char *kith_explain_error   (const GError *error);
char *kith_explain_warning (const GError *error);
char *kith_explain_connect (const GError *error,
                            const char   *address,
                            guint16       port);
gboolean kith_explain_is_network (const GError *error);
char *kith_explain_verify  (const GError *error);
char *kith_explain_name_taken (const char *name);
char *kith_explain_listen  (const GError *error,
                            const char   *address,
                            guint16       port);
char *kith_explain_backup (const GError *error);
const char *kith_explain_incomplete_backup (void);
const char *kith_explain_incomplete_transcript (void);
const char *kith_explain_rescued (gboolean is_incomplete);
char *kith_explain_rescue (const GError *error);
char *kith_explain_transcript (const GError *error);
char *kith_explain_restore (const GError *error);

char *kith_explain_file         (const GError *error,
                                 gboolean      outgoing);

G_END_DECLS
