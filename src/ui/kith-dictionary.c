/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-dictionary.h"

#include <string.h>

#include <enchant.h>

#include "base/kith-limits.h"

struct _KithDictionary
{
  GObject parent_instance;

  EnchantBroker *broker; /* (owned) */
  EnchantDict *dict;     /* (owned by the broker) */
  char *language;        /* (owned) "en_US" */
};

G_DEFINE_FINAL_TYPE (KithDictionary, kith_dictionary, G_TYPE_OBJECT)

static void
kith_dictionary_finalize (GObject *object)
{
  KithDictionary *self = KITH_DICTIONARY (object);

  if (self->dict != NULL)
    enchant_broker_free_dict (self->broker, self->dict);
  enchant_broker_free (self->broker);
  g_free (self->language);

  G_OBJECT_CLASS (kith_dictionary_parent_class)->finalize (object);
}

static void
kith_dictionary_class_init (KithDictionaryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_dictionary_finalize;
}

static void
kith_dictionary_init (KithDictionary *self)
{
  self->broker = enchant_broker_init ();
}

/* Those with an encoding stand beside the same without it. */
static gboolean
is_language (const char *name)
{
  return !g_str_equal (name, "C") && !g_str_equal (name, "POSIX") && strpbrk (name, ".@") == NULL;
}

/* Returns: (transfer full) (nullable): the first of the user's languages that has a dictionary */
static char *
find_language (EnchantBroker *broker)
{
  const char *const *names = g_get_language_names_with_category ("LC_CTYPE");

  for (guint i = 0; names[i] != NULL; i++)
    if (is_language (names[i]) && enchant_broker_dict_exists (broker, names[i]))
      return g_strdup (names[i]);

  return NULL;
}

/**
 * kith_dictionary_dup_default_language:
 *
 * Returns: (transfer full) (nullable): that of kith_dictionary_new(), without reading the dictionary
 */
char *
kith_dictionary_dup_default_language (void)
{
  EnchantBroker *broker = enchant_broker_init ();
  char *language = find_language (broker);

  enchant_broker_free (broker);

  return language;
}

/**
 * kith_dictionary_new:
 *
 * Reads the dictionary of the user's language, which takes some hundredths of a second.
 *
 * Returns: (transfer full) (nullable): it, or %NULL when none is installed
 */
KithDictionary *
kith_dictionary_new (void)
{
  g_autoptr (KithDictionary) self = g_object_new (KITH_TYPE_DICTIONARY, NULL);

  self->language = find_language (self->broker);
  if (self->language != NULL)
    self->dict = enchant_broker_request_dict (self->broker, self->language);

  return self->dict != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * kith_dictionary_get_language:
 * @self: a dictionary
 *
 * Returns: (transfer none): its language, "en_US"
 */
const char *
kith_dictionary_get_language (KithDictionary *self)
{
  g_return_val_if_fail (KITH_IS_DICTIONARY (self), NULL);

  return self->language;
}

/**
 * kith_dictionary_has:
 * @self: a dictionary
 * @word: a word, valid UTF-8
 * @len_bytes: its length
 *
 * Returns: whether it is written like that, or too long to tell
 */
gboolean
kith_dictionary_has (KithDictionary *self, const char *word, gsize len_bytes)
{
  g_return_val_if_fail (KITH_IS_DICTIONARY (self), TRUE);

  if (len_bytes == 0 || len_bytes > KITH_LIMIT_SPELLED_WORD_BYTES)
    return TRUE;

  /* Less than 0 is an error of the dictionary: nothing the user could put right. */
  return enchant_dict_check (self->dict, word, (gssize) len_bytes) <= 0;
}

/**
 * kith_dictionary_suggest:
 * @self: a dictionary
 * @word: a word that it does not have
 *
 * Returns: (transfer full) (array zero-terminated=1): what may be meant, the likeliest first
 */
char **
kith_dictionary_suggest (KithDictionary *self, const char *word)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gsize n = 0;
  char **found;

  g_return_val_if_fail (KITH_IS_DICTIONARY (self), NULL);

  found = enchant_dict_suggest (self->dict, word, (gssize) strlen (word), &n);
  for (gsize i = 0; i < MIN (n, KITH_LIMIT_SPELLING_SUGGESTIONS); i++)
    g_strv_builder_add (builder, found[i]);
  if (found != NULL)
    enchant_dict_free_string_list (self->dict, found);

  return g_strv_builder_end (builder);
}

/**
 * kith_dictionary_teach:
 * @self: a dictionary
 * @word: a word that it has from now on, as long as it lives
 */
void
kith_dictionary_teach (KithDictionary *self, const char *word)
{
  g_return_if_fail (KITH_IS_DICTIONARY (self));

  if (*word != '\0' && strlen (word) <= KITH_LIMIT_SPELLED_WORD_BYTES)
    enchant_dict_add_to_session (self->dict, word, -1);
}
