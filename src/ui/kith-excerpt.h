/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of a long text a row shows: laying out all of it would stop the window for a moment. */

gsize kith_excerpt_find_end (const char *text);

G_END_DECLS
