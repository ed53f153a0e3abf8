/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups, for the faces: finding them and those in them; what the user wants is handed to
 * kith-group-host.c. Protocol 10. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-groups.h"

#include <string.h>

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
    g_set_error (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS, "%s may be any of: %s", search->who,
                 search->candidates->str);

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

/* --- What the user wants -------------------------------------------------------------------- */

/* (transfer full) (nullable): NULL after the task was answered */
static GTask *
begin (KithNode *self, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_FAILED, "There are no groups yet");
  g_object_unref (task);
  return NULL;
}

void
kith_node_create_group_async (KithNode *self, const char *name, KithContact *const *contacts, const
                              KithGroupRules *policy, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_create_group_async, cancellable, callback, user_data);
}

void
kith_node_invite_to_group_async (KithNode *self, KithGroup *group, KithContact *const *contacts,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer
                                 user_data)
{
  begin (self, kith_node_invite_to_group_async, cancellable, callback, user_data);
}

void
kith_node_answer_group_invitation_async (KithNode *self, KithGroup *group, gboolean join,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  begin (self, kith_node_answer_group_invitation_async, cancellable, callback, user_data);
}

void
kith_node_make_group_link_async (KithNode *self, KithGroup *group, gint64 expires_ms, GCancellable
                                 *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_make_group_link_async, cancellable, callback, user_data);
}

void
kith_node_revoke_group_link_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_revoke_group_link_async, cancellable, callback, user_data);
}

void
kith_node_join_group_async (KithNode *self, const char *link, const char *text, GCancellable
                            *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_join_group_async, cancellable, callback, user_data);
}

void
kith_node_leave_group_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_leave_group_async, cancellable, callback, user_data);
}

void
kith_node_delete_group_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_delete_group_async, cancellable, callback, user_data);
}

void
kith_node_approve_async (KithNode *self, KithGroup *group, KithJoinRequest *request, GCancellable
                         *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_approve_async, cancellable, callback, user_data);
}

void
kith_node_deny_async (KithNode *self, KithGroup *group, KithJoinRequest *request, GCancellable
                      *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_deny_async, cancellable, callback, user_data);
}

void
kith_node_kick_async (KithNode *self, KithGroup *group, KithMember *member, GCancellable
                      *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_kick_async, cancellable, callback, user_data);
}

void
kith_node_transfer_admin_async (KithNode *self, KithGroup *group, KithMember *member, GCancellable
                                *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_transfer_admin_async, cancellable, callback, user_data);
}

void
kith_node_rename_group_async (KithNode *self, KithGroup *group, const char *name, GCancellable
                              *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_rename_group_async, cancellable, callback, user_data);
}

void
kith_node_set_group_topic_async (KithNode *self, KithGroup *group, const char *topic, GCancellable
                                 *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_set_group_topic_async, cancellable, callback, user_data);
}

void
kith_node_set_group_policy_async (KithNode *self, KithGroup *group, const KithGroupRules *policy,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer
                                  user_data)
{
  begin (self, kith_node_set_group_policy_async, cancellable, callback, user_data);
}

void
kith_node_answer_transfer_async (KithNode *self, KithGroup *group, gboolean accept, GCancellable
                                 *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_answer_transfer_async, cancellable, callback, user_data);
}

void
kith_node_endorse_async (KithNode *self, KithGroup *group, KithMember *member, GCancellable
                         *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_endorse_async, cancellable, callback, user_data);
}

void
kith_node_claim_admin_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, kith_node_claim_admin_async, cancellable, callback, user_data);
}

void
kith_node_set_mentions_only_async (KithNode *self, KithGroup *group, gboolean mentions_only,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer
                                   user_data)
{
  begin (self, kith_node_set_mentions_only_async, cancellable, callback, user_data);
}

KithGroup *
kith_node_create_group_finish (KithNode *self, GAsyncResult *result, GPtrArray **absent,
                               GError **error)
{
  if (absent != NULL)
    *absent = g_ptr_array_new_with_free_func (g_object_unref);
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
kith_node_invite_to_group_finish (KithNode *self, GAsyncResult *result, GPtrArray **absent,
                                  GError **error)
{
  if (absent != NULL)
    *absent = g_ptr_array_new_with_free_func (g_object_unref);
  return g_task_propagate_boolean (G_TASK (result), error);
}

KithGroup *
kith_node_join_group_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
kith_node_group_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

GPtrArray *
kith_node_dup_group_receipts (KithNode *self, KithGroup *group, KithMessage *message,
                              gboolean *at_least)
{
  if (at_least != NULL)
    *at_least = FALSE;
  return g_ptr_array_new ();
}
