/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups, for the faces: finding them and those in them; what the user wants is handed to
 * kith-group-host.c by kith-node-group-acts.c. Protocol 10. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-groups.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/kith-error.h"
#include "node/kith-node-private.h"

#define ID_PREFIX_CHARS 8 /* of a group's id, that are enough to name it */

/* --- Finding -------------------------------------------------------------------------------- */

GListModel *
kith_node_get_groups (KithNode *self)
{
  return G_LIST_MODEL (self->groups);
}

KithConversation *
kith_node_get_group_conversation (KithNode *self, KithGroup *group)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->conversations));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithConversation) conversation =
        g_list_model_get_item (G_LIST_MODEL (self->conversations), i);

      if (kith_conversation_get_group (conversation) == group)
        return conversation; /* the list holds it */
    }

  return NULL;
}

typedef struct
{
  const char *who;
  gpointer    found;
  guint       n_found;
  GString    *candidates; /* (owned) */
} Search;

static gboolean
same_words (const char *a, const char *b)
{
  g_autofree char *folded_a = NULL;
  g_autofree char *folded_b = NULL;

  if (a == NULL || b == NULL)
    return FALSE;

  folded_a = g_utf8_casefold (a, -1);
  folded_b = g_utf8_casefold (b, -1);
  return g_str_equal (folded_a, folded_b);
}

static void
search_add (Search *search, gpointer item, const char *name, const char *id)
{
  if (search->n_found++ == 0)
    search->found = item;

  g_string_append_printf (search->candidates, "%s%s (%s)", search->candidates->len > 0 ? ", " : "",
                          name, id);
}

static gpointer
search_end (Search *search, const char *kind, GError **error)
{
  if (search->n_found == 0)
    g_set_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND, "No %s is called %s", kind, search->who);
  else if (search->n_found > 1)
    g_set_error (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS,
                 /* Translators: a name, and who all go by it: "Ann (hxk…), Ann (3fz…)" */
                 _("%s may be any of: %s"), search->who, search->candidates->str);

  g_string_free (search->candidates, TRUE);
  return search->n_found == 1 ? search->found : NULL;
}

static gboolean
is_group (KithGroup *group, const char *who)
{
  return same_words (who, kith_group_get_name (group))
         || (strlen (who) >= ID_PREFIX_CHARS
             && g_ascii_strncasecmp (kith_group_get_id (group), who, strlen (who)) == 0);
}

KithGroup *
kith_node_find_group (KithNode *self, const char *who, GError **error)
{
  Search search = { .who = who, .candidates = g_string_new (NULL) };

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->groups)); i++)
    {
      g_autoptr (KithGroup) group = g_list_model_get_item (G_LIST_MODEL (self->groups), i);

      if (is_group (group, who))
        search_add (&search, group, kith_group_get_name (group), kith_group_get_id (group));
    }

  return search_end (&search, "group", error);
}

static gboolean
is_member (KithMember *member, const char *who)
{
  KithContact *contact = kith_member_get_contact (member);

  return same_words (who, kith_member_get_id (member))
         || same_words (who, kith_member_get_name (member))
         || (contact != NULL && same_words (who, kith_contact_get_name (contact)));
}

KithMember *
kith_node_find_member (KithNode *self, KithGroup *group, const char *who, GError **error)
{
  GListModel *members = kith_group_get_members (group);
  Search search = { .who = who, .candidates = g_string_new (NULL) };

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (KithMember) member = g_list_model_get_item (members, i);

      if (is_member (member, who))
        search_add (&search, member, kith_member_get_name (member), kith_member_get_id (member));
    }

  return search_end (&search, "member", error);
}

KithJoinRequest *
kith_node_find_join_request (KithNode *self, KithGroup *group, const char *who, GError **error)
{
  GListModel *requests = kith_group_get_requests (group);
  Search search = { .who = who, .candidates = g_string_new (NULL) };

  for (guint i = 0; i < g_list_model_get_n_items (requests); i++)
    {
      g_autoptr (KithJoinRequest) request = g_list_model_get_item (requests, i);

      if (same_words (who, kith_join_request_get_id (request))
          || same_words (who, kith_join_request_get_name (request)))
        search_add (&search, request, kith_join_request_get_name (request),
                    kith_join_request_get_id (request));
    }

  return search_end (&search, "request", error);
}
