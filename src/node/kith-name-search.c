/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the one that somebody named by an alias, a name or an id. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-name-search.h"

#include <glib/gi18n-lib.h>

#include "base/kith-error.h"

void
kith_name_search_init (KithNameSearch *self, const char *who)
{
  *self = (KithNameSearch){ .who = who, .candidates = g_string_new (NULL) };
}

gboolean
kith_name_search_is (KithNameSearch *self, const char *name)
{
  g_autofree char *who = NULL;
  g_autofree char *folded = NULL;

  if (name == NULL)
    return FALSE;

  who = g_utf8_casefold (self->who, -1);
  folded = g_utf8_casefold (name, -1);
  return g_str_equal (who, folded);
}

void
kith_name_search_add (KithNameSearch *self, gpointer item, const char *name, const char *id)
{
  if (self->n_found++ == 0)
    self->found = item;

  g_string_append_printf (self->candidates, "%s%s (%s)", self->candidates->len > 0 ? ", " : "", name,
                          id);
}

static char *
none_words (KithNamed kind, const char *who)
{
  switch (kind)
    {
    case KITH_NAMED_CONTACT:
      /* Translators: what was typed as a name */
      return g_strdup_printf (_("No contact is called %s"), who);
    case KITH_NAMED_REQUEST:
      /* Translators: what was typed as the name of who asks */
      return g_strdup_printf (_("No request is called %s"), who);
    case KITH_NAMED_NEARBY:
      /* Translators: what was typed as the name of somebody on the same network */
      return g_strdup_printf (_("Nobody nearby is called %s"), who);
    case KITH_NAMED_GROUP:
      /* Translators: what was typed as a name */
      return g_strdup_printf (_("No group is called %s"), who);
    case KITH_NAMED_MEMBER:
    default:
      /* Translators: what was typed as the name of a member of a group */
      return g_strdup_printf (_("No member is called %s"), who);
    }
}

gpointer
kith_name_search_end (KithNameSearch *self, KithNamed kind, GError **error)
{
  gpointer found = self->n_found == 1 ? self->found : NULL;

  if (self->n_found == 0)
    {
      g_autofree char *words = none_words (kind, self->who);

      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_FOUND, words);
    }
  else if (self->n_found > 1)
    g_set_error (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS,
                 /* Translators: a name, and who all go by it: "Ann (hxk…), Ann (3fz…)" */
                 _("%s may be any of: %s"), self->who, self->candidates->str);

  kith_name_search_clear (self);
  return found;
}

void
kith_name_search_clear (KithNameSearch *self)
{
  g_string_free (self->candidates, TRUE);
  *self = (KithNameSearch){ 0 };
}
