/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-group-words.h"

#include <glib/gi18n.h>

#include "model/kith-contact.h"
#include "ui/kith-format.h"
#include "ui/kith-sentence.h"

/* So many are named; of more it is said how many they are. */
#define MAX_NAMED 3

static char *
dup_name (KithContact *contact)
{
  return kith_sentence_isolate (kith_contact_get_display_name (contact));
}

/* (transfer full): "Ann, Ben and Cy", or how many they are */
static char *
dup_names (GPtrArray *people)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) others = NULL;
  g_autofree char *row = NULL;
  g_autofree char *last = NULL;

  if (people->len > MAX_NAMED)
    /* Translators: how many people; stands in place of their names */
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u person", "%u people", people->len),
                            people->len);

  last = dup_name (g_ptr_array_index (people, people->len - 1));
  for (guint i = 0; i + 1 < people->len; i++)
    {
      g_autofree char *name = dup_name (g_ptr_array_index (people, i));

      g_strv_builder_add (builder, name);
    }
  others = g_strv_builder_end (builder);
  if (*others == NULL)
    return g_steal_pointer (&last);

  row = kith_format_list ((const char *const *) others);
  /* Translators: between the last two of several names: "Ann, Ben and Carol" */
  return g_strconcat (row, C_("list", " and "), last, NULL);
}

/**
 * kith_group_words_dup_absent:
 * @people: (element-type KithContact): those who cannot be reached now
 *
 * Returns: (transfer full) (nullable): who hears later that they are invited
 */
char *
kith_group_words_dup_absent (GPtrArray *people)
{
  g_autofree char *names = people->len > 0 ? dup_names (people) : NULL;

  if (people->len == 0)
    return NULL;

  return kith_sentence_make (g_dngettext (GETTEXT_PACKAGE,
                                          /* Translators: names of people, or how many they are */
                                          "%s cannot be reached now and gets the invitation later.",
                                          "%s cannot be reached now and get the invitation later.",
                                          people->len), names);
}
