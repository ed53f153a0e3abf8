/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text of others where it stands among our own: nothing of it looks like ours, or like somebody else's. */

char *kith_safe_text_new          (const char *text,
                                   const char *line_break,
                                   guint       max_marks);
char *kith_safe_text_unite_breaks (const char *text);

G_END_DECLS
