/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-names.h"

#include <string.h>

/**
 * kith_names_compare:
 * @a: a name
 * @b: another one
 *
 * Capital letters part only names that are the same otherwise.
 *
 * Returns: less than, equal to or greater than 0, as in the language of the user
 */
int
kith_names_compare (const char *a, const char *b)
{
  g_autofree char *folded_a = g_utf8_casefold (a, -1);
  g_autofree char *folded_b = g_utf8_casefold (b, -1);
  int order = g_utf8_collate (folded_a, folded_b);

  return order != 0 ? order : g_utf8_collate (a, b);
}

/**
 * kith_names_match:
 * @name: a name
 * @search: what was entered
 *
 * Any part of the name will do, and the beginnings of its words, with their accents or without.
 *
 * Returns: whether that is looked for; everything is as long as nothing was entered
 */
gboolean
kith_names_match (const char *name, const char *search)
{
  g_autofree char *folded_name = NULL;
  g_autofree char *folded_search = NULL;

  if (*search == '\0')
    return TRUE;

  folded_name = g_utf8_casefold (name, -1);
  folded_search = g_utf8_casefold (search, -1);

  return strstr (folded_name, folded_search) != NULL || g_str_match_string (search, name, TRUE);
}
