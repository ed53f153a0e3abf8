/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @is_beginning: the last word of it may go on */
typedef void (*KithSearchPhraseFunc) (const char *text,
                                      gsize       len_bytes,
                                      gboolean    is_beginning,
                                      gpointer    user_data);

/* What a person types: a phrase for each word, and for what is "in quotes". */
void  kith_search_query_split (const char           *text,
                               KithSearchPhraseFunc  phrase,
                               gpointer              user_data);

/* The same as an expression of FTS5: every word from its beginning, "in quotes" as a
 * phrase; nothing that is typed is an operator. (transfer full), NULL when there is nothing to
 * look for. */
char *kith_search_query_new   (const char *text);

/* A line around [@start, @end) of @text, with that range moved along. (transfer full) */
char *kith_search_snippet_new (const char *text,
                               gsize       start,
                               gsize       end,
                               guint       range[2]);

/* Takes the marks (2 and 3) of FTS5 out of a snippet, in place. (transfer full) (element-type
 * guint): pairs of start and end */
GArray *kith_search_take_marks (char      *snippet);

G_END_DECLS
