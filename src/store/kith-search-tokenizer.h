/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include <glib.h>

G_BEGIN_DECLS

/* Makes the FTS5 tokenizer "kith" known to a connection: words without case and accents as by
 * unicode61, and every Chinese, Japanese or Korean character as a word of its own, so that a run of
 * them is found from anywhere as a phrase. */
gboolean kith_search_tokenizer_register (sqlite3   *handle,
                                         GError   **error);
/* One of them, for texts that are not in an index. */
gboolean kith_search_tokenizer_make     (sqlite3        *handle,
                                         fts5_tokenizer *methods,
                                         Fts5Tokenizer **tokenizer);

G_END_DECLS
