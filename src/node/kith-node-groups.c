/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups, for the faces: finding them and those in them; what the user wants is handed to
 * kith-group-host.c by kith-node-group-acts.c. Protocol 10. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-groups.h"

#include <string.h>

#include "node/kith-name-search.h"
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

static gboolean
is_group (KithNameSearch *search, KithGroup *group)
{
  gsize length = strlen (search->who);

  return kith_name_search_is (search, kith_group_get_name (group))
         || (length >= ID_PREFIX_CHARS
             && g_ascii_strncasecmp (kith_group_get_id (group), search->who, length) == 0);
}

KithGroup *
kith_node_find_group (KithNode *self, const char *who, GError **error)
{
  KithNameSearch search;

  kith_name_search_init (&search, who);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->groups)); i++)
    {
      g_autoptr (KithGroup) group = g_list_model_get_item (G_LIST_MODEL (self->groups), i);

      if (is_group (&search, group))
        kith_name_search_add (&search, group, kith_group_get_name (group), kith_group_get_id (group));
    }

  return kith_name_search_end (&search, KITH_NAMED_GROUP, error);
}

static gboolean
is_member (KithNameSearch *search, KithMember *member)
{
  KithContact *contact = kith_member_get_contact (member);

  return kith_name_search_is (search, kith_member_get_id (member))
         || kith_name_search_is (search, kith_member_get_name (member))
         || (contact != NULL && kith_name_search_is (search, kith_contact_get_name (contact)));
}

KithMember *
kith_node_find_member (KithGroup *group, const char *who, GError **error)
{
  GListModel *members = kith_group_get_members (group);
  KithNameSearch search;

  kith_name_search_init (&search, who);
  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (KithMember) member = g_list_model_get_item (members, i);

      if (is_member (&search, member))
        kith_name_search_add (&search, member, kith_member_get_name (member),
                              kith_member_get_id (member));
    }

  return kith_name_search_end (&search, KITH_NAMED_MEMBER, error);
}

KithJoinRequest *
kith_node_find_join_request (KithGroup *group, const char *who, GError **error)
{
  GListModel *requests = kith_group_get_requests (group);
  KithNameSearch search;

  kith_name_search_init (&search, who);
  for (guint i = 0; i < g_list_model_get_n_items (requests); i++)
    {
      g_autoptr (KithJoinRequest) request = g_list_model_get_item (requests, i);

      if (kith_name_search_is (&search, kith_join_request_get_id (request))
          || kith_name_search_is (&search, kith_join_request_get_name (request)))
        kith_name_search_add (&search, request, kith_join_request_get_name (request),
                              kith_join_request_get_id (request));
    }

  return kith_name_search_end (&search, KITH_NAMED_REQUEST, error);
}
