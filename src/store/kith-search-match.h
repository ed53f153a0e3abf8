/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include <glib.h>

G_BEGIN_DECLS

/* Finding a piece of text anywhere in another one, without regard to case and accents. */

char    *kith_search_fold           (const char *text);
gboolean kith_search_find           (const char *text,
                                     const char *folded,
                                     gsize      *start,
                                     gsize      *end);

/* The SQL function kith_contains (text, folded). */
void     kith_search_match_register (sqlite3    *handle);

G_END_DECLS
