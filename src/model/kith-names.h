/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What people and groups are called: in which order, and which of them is looked for. */

int      kith_names_compare (const char *a,
                             const char *b);
gboolean kith_names_match   (const char *name,
                             const char *search);

G_END_DECLS
