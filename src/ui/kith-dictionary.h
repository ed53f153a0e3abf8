/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define KITH_TYPE_DICTIONARY (kith_dictionary_get_type ())
G_DECLARE_FINAL_TYPE (KithDictionary, kith_dictionary, KITH, DICTIONARY, GObject)

/* How words are written, in the language of the user: a dictionary of the system, and the words that are
 * taught to it. These are kept nowhere: enchant would write them into a file that everybody can read, and
 * they come from what people say to each other. */

KithDictionary *kith_dictionary_new          (void);
const char     *kith_dictionary_get_language (KithDictionary *self);
gboolean        kith_dictionary_has          (KithDictionary *self,
                                              const char     *word,
                                              gsize           len_bytes);
char          **kith_dictionary_suggest      (KithDictionary *self,
                                              const char     *word);
void            kith_dictionary_teach        (KithDictionary *self,
                                              const char     *word);
char           *kith_dictionary_dup_default_language (void);

G_END_DECLS
