/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * KithSearchWords:
 *
 * The words and phrases that somebody looks for, to find them in texts that are not in the index: with the
 * tokenizer of the index, and by its rules. All of them have to be there, in any order. One thread at a time,
 * that of the connection.
 */
typedef struct _KithSearchWords KithSearchWords;

/* @text: as typed. (transfer full) (nullable): NULL when there is no word in it, or no memory */
KithSearchWords *kith_search_words_new  (sqlite3         *handle,
                                         const char      *text);
void             kith_search_words_free (KithSearchWords *self);
/* @start, @end: (out) (optional): where one of them is, in bytes */
gboolean         kith_search_words_find (KithSearchWords *self,
                                         const char      *text,
                                         gsize           *start,
                                         gsize           *end);
/* Where any of them is, in bytes: beginning and end of each place, in order. (transfer full) (element-type guint) */
GArray          *kith_search_words_mark (KithSearchWords *self,
                                         const char      *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithSearchWords, kith_search_words_free)

G_END_DECLS
