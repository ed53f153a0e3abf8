/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-group-words.h"

#include <glib/gi18n.h>

#include "model/kith-contact.h"

/* So many are named; of more it is said how many they are. */
#define MAX_NAMED 3

/* (transfer full): "Ann, Ben and Cy", or how many they are */
static char *
dup_names (GPtrArray *people)
{
  g_autoptr (GString) names = g_string_new (NULL);

  if (people->len > MAX_NAMED)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u person", "%u people", people->len),
                            people->len);

  for (guint i = 0; i < people->len; i++)
    {
      /* Translators: between the last two of several names: "Ann, Ben and Carol" */
      const char *last = C_("list", " and ");
      /* Translators: between the things of a list: "Ann, Ben, Carol" */
      const char *next = _(", ");

      if (i > 0)
        g_string_append (names, i + 1 == people->len ? last : next);
      g_string_append (names, kith_contact_get_display_name (g_ptr_array_index (people, i)));
    }

  return g_strdup (names->str);
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

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s cannot be reached now and gets the invitation later.",
                                       "%s cannot be reached now and get the invitation later.",
                                       people->len), names);
}
