/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links to groups, for the faces: making and taking back one of ours, asking to join with another's.
 * Protocol 10.7. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-task.h"
#include "base/kith-text.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-invites.h"
#include "node/kith-group-links.h"
#include "node/kith-impostor.h"
#include "node/kith-node-private.h"

/* --- Ours ----------------------------------------------------------------------------------- */

/* The newest that still works. */
void
kith_group_host_show_link (KithGroupHost *self)
{
  g_autoptr (GListModel) list = kith_group_invite_list (self->node, self->row->gid);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (KithInvitation) invitation = g_list_model_get_item (list, i);

      if (kith_invitation_get_state (invitation) != KITH_INVITATION_LIVE)
        continue;
      kith_group_set_link (self->model, kith_invitation_get_link (invitation),
                           kith_invitation_get_expires_ms (invitation));
      return;
    }

  kith_group_set_link (self->model, NULL, 0);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *node = KITH_NODE (source);
  KithGroup *group = g_task_get_task_data (task);
  g_autoptr (KithInvitation) invitation = NULL;
  GError *error = NULL;

  invitation = kith_group_invite_create_finish (node, result, &error);
  if (invitation == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  kith_group_set_link (group, kith_invitation_get_link (invitation),
                       kith_invitation_get_expires_ms (invitation));
  kith_node_emit_group_changed (node, group, KITH_GROUP_CHANGE_LINK);
  g_task_return_boolean (task, TRUE);
}

void
kith_node_make_group_link_async (KithNode *self, KithGroup *group, gint64 expires_ms,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gint64 lifetime_s = expires_ms > 0 ? (expires_ms - kith_node_now_ms (self)) / 1000 : 0;
  KithGroupHost *host = kith_node_lookup_group (self, kith_group_get_id_bytes (group));

  g_task_set_source_tag (task, kith_node_make_group_link_async);
  if (host == NULL || !kith_group_is_member (group))
    kith_task_refuse (task, KITH_ERROR_NOT_MEMBER, "We are not in this group");
  else if (!host->ready)
    kith_task_refuse (task, KITH_ERROR_BUSY, "The group is still being read");
  else if (expires_ms > 0 && lifetime_s <= 0)
    kith_task_refuse (task, KITH_ERROR_INVALID, "That time is over");
  else
    {
      g_task_set_task_data (task, g_object_ref (group), g_object_unref);
      kith_group_invite_revoke_all (self, kith_group_get_id_bytes (group));
      kith_group_invite_create_async (self, kith_group_get_id_bytes (group), lifetime_s, cancellable,
                                      made_cb, g_steal_pointer (&task));
    }
}

void
kith_node_revoke_group_link_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_node_revoke_group_link_async);
  kith_group_invite_revoke_all (self, kith_group_get_id_bytes (group));
  kith_group_set_link (group, NULL, 0);
  kith_node_emit_group_changed (self, group, KITH_GROUP_CHANGE_LINK);
  kith_node_answer_when_written (self, g_steal_pointer (&task));
}

/* --- Another's ------------------------------------------------------------------------------ */

/* (transfer none): a group that we are not in, as one to which whoever made @link brings us */
static KithGroupHost *
prepare (KithNode *self, const KithInvite *link)
{
  KithGroupHost *host = kith_node_lookup_group (self, link->group);

  if (host == NULL)
    {
      kith_impostor_make_way (self, link->group);
      host = kith_group_host_new_unknown (self, link->group);
      kith_groups_add (self, host);
      kith_node_emit_group_changed (self, host->model, KITH_GROUP_CHANGE_ADDED);
    }

  host->row->has_inviter = TRUE;
  memcpy (host->row->inviter, link->identity, sizeof host->row->inviter);
  host->row->has_admin = FALSE;
  g_clear_pointer (&host->row->invitation, g_bytes_unref);
  g_clear_pointer (&host->row->author_seed, kith_secret_unref);
  host->row->author_seed = kith_group_new_seed (self);
  return host;
}

void
kith_node_join_group_async (KithNode *self, const char *link, const char *text,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *clean = text != NULL ? kith_text_sanitize_request (text) : NULL;
  g_auto (KithInvite) parsed = { .is_group = FALSE };
  KithStoreGroup *before;
  KithGroupHost *host;

  g_task_set_source_tag (task, kith_node_join_group_async);
  if (self->local == NULL)
    {
      kith_task_refuse (task, KITH_ERROR_NO_PROFILE, "There is no profile yet");
      return;
    }
  if (!kith_node_parse_group_link (self, link, &parsed))
    {
      kith_task_refuse (task, KITH_ERROR_INVALID, "This is no link to a group");
      return;
    }

  host = kith_node_lookup_group (self, parsed.group);
  if (!kith_invite_is_valid_at (&parsed, kith_node_now_ms (self) / 1000))
    kith_task_refuse (task, KITH_ERROR_EXPIRED, "The time of this link is over");
  else if (kith_identity_equal (parsed.identity, kith_node_get_own_identity (self)))
    kith_task_refuse (task, KITH_ERROR_SELF, "This is our own link");
  else if (host != NULL && (host->joining || host->replica != NULL || kith_group_is_member (host->model)))
    kith_task_refuse (task, KITH_ERROR_EXISTS, "We are in this group, or have asked already");
  else if (host == NULL && !kith_impostor_may_be_group (self, parsed.group))
    kith_task_refuse (task, KITH_ERROR_INVALID, "This is no link to a group: it names a person");
  else if (host == NULL && g_hash_table_size (self->group_hosts) >= KITH_LIMIT_GROUPS)
    kith_task_refuse (task, KITH_ERROR_BUSY, "There are too many groups");
  else
    {
      before = host != NULL ? kith_store_group_copy (host->row) : NULL;
      host = prepare (self, &parsed);
      kith_group_links_put_group (self, host->row->gid, host->row->author_seed);
      kith_group_invite_follow (self, &parsed);
      g_task_set_task_data (task, g_object_ref (host->model), g_object_unref);
      kith_group_host_join (host, before, clean,
                            g_task_new (self, NULL, kith_task_hand_on_data_cb, g_steal_pointer (&task)));
    }
}

KithGroup *
kith_node_join_group_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
