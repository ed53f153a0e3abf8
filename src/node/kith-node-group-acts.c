/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user wants of groups, but for what the admin does. Protocol 10. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-task.h"
#include "base/kith-text.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-invites.h"
#include "node/kith-group-task.h"
#include "node/kith-node-private.h"

gboolean
kith_node_group_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Making one, getting in, getting out ---------------------------------------------------- */

/* (transfer full) (element-type KithContact): those of @contacts who are not online */
static GPtrArray *
list_absent (KithContact *const *contacts)
{
  GPtrArray *absent = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; contacts != NULL && contacts[i] != NULL; i++)
    if (kith_contact_get_presence (contacts[i]) != KITH_PRESENCE_ONLINE)
      g_ptr_array_add (absent, g_object_ref (contacts[i]));

  return absent;
}

#define ABSENT "kith-absent"

static void
keep_absent (GTask *task, KithContact *const *contacts)
{
  g_object_set_data_full (G_OBJECT (task), ABSENT, list_absent (contacts),
                          (GDestroyNotify) g_ptr_array_unref);
}

static void
take_absent (GAsyncResult *result, GPtrArray **absent)
{
  if (absent != NULL)
    *absent = g_ptr_array_ref (g_object_get_data (G_OBJECT (result), ABSENT));
}

void
kith_node_create_group_async (KithNode *self, const char *name, KithContact *const *contacts,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  static const KithGroupRules usual = { KITH_GROUP_HISTORY_ALL, KITH_LIMIT_GROUP_VANISH_DAYS,
                                        KITH_LIMIT_GROUP_CAP };
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_create_group_async, cancellable, callback, user_data);
  g_autofree char *clean = kith_text_sanitize_name (name);
  KithGroupHost *host;

  keep_absent (task, contacts);
  if (self->local == NULL)
    kith_task_refuse (task, KITH_ERROR_NO_PROFILE, "There is no profile yet");
  else if (clean == NULL)
    kith_task_refuse (task, KITH_ERROR_INVALID, "A group needs a name");
  else if (g_hash_table_size (self->group_hosts) >= KITH_LIMIT_GROUPS)
    kith_task_refuse (task, KITH_ERROR_BUSY, "There are too many groups");
  else
    {
      host = kith_groups_create (self, clean, &usual);
      g_task_set_task_data (task, g_object_ref (host->model), g_object_unref);
      kith_group_host_invite (host, contacts,
                              g_task_new (self, NULL, kith_task_hand_on_data_cb, g_steal_pointer (&task)));
    }
}

KithGroup *
kith_node_create_group_finish (KithNode *self, GAsyncResult *result, GPtrArray **absent,
                               GError **error)
{
  take_absent (result, absent);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_node_invite_to_group_async (KithNode *self, KithGroup *group, KithContact *const *contacts,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_invite_to_group_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_membership (self, group, task);

  keep_absent (task, contacts);
  if (host != NULL)
    kith_group_host_invite (host, contacts, g_steal_pointer (&task));
}

gboolean
kith_node_invite_to_group_finish (KithNode *self, GAsyncResult *result, GPtrArray **absent,
                                  GError **error)
{
  take_absent (result, absent);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
answer_invitation (KithNode *self, KithGroup *group, gboolean accept, const char *text, GTask *task)
{
  KithGroupHost *host = kith_group_task_get_host (self, group, task);

  if (host != NULL)
    kith_group_host_answer (host, accept, text, g_object_ref (task));
}

void
kith_node_accept_group_invitation_async (KithNode *self, KithGroup *group, const char *text,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  g_autoptr (GTask) task = kith_group_task_new (self, kith_node_accept_group_invitation_async,
                                                cancellable, callback, user_data);
  g_autofree char *clean = text != NULL ? kith_text_sanitize_request (text) : NULL;

  answer_invitation (self, group, TRUE, clean, task);
}

void
kith_node_decline_group_invitation_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = kith_group_task_new (self, kith_node_decline_group_invitation_async,
                                                cancellable, callback, user_data);

  answer_invitation (self, group, FALSE, NULL, task);
}

/* Nobody has to know of it. The task is answered behind the commit. */
static void
leave_at_once (KithGroupHost *host, GTask *task)
{
  kith_group_host_drop_replica (host);
  kith_group_invite_leave (host->node, host->row->gid);
  g_clear_pointer (&host->row->author_seed, kith_secret_unref);
  kith_group_host_set_membership (host, KITH_MEMBERSHIP_LEFT);
  kith_node_answer_when_written (host->node, g_object_ref (task));
}

/* Somebody has to be admin: who is it gives that away first. */
static void
leave (KithGroupHost *host, GTask *task)
{
  GError *error = NULL;

  if (kith_group_is_admin (host->model) && kith_group_get_n_members (host->model) > 1)
    kith_task_refuse (task, KITH_ERROR_INVALID, "Make somebody else the admin first");
  else if (kith_group_is_admin (host->model))
    leave_at_once (host, task);
  else
    {
      gboolean done =
        kith_group_replica_leave (host->replica, kith_group_host_now_ms (host), &error);

      kith_group_task_end (host, done, error, task);
      if (done && host->ready)
        kith_group_host_sync_members (host);
    }
}

void
kith_node_leave_group_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_leave_group_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_host (self, group, task);

  if (host == NULL)
    return;

  if (kith_group_get_state (group) == KITH_MEMBERSHIP_ASKING)
    leave_at_once (host, task);
  else if (kith_group_task_get_membership (self, group, task) != NULL)
    leave (host, task);
}

void
kith_node_delete_group_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_delete_group_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_host (self, group, task);

  if (host == NULL)
    return;

  if (kith_group_is_member (group) || kith_group_get_state (group) == KITH_MEMBERSHIP_ASKING)
    kith_task_refuse (task, KITH_ERROR_INVALID, "Leave the group first");
  else
    kith_group_host_delete (host, g_steal_pointer (&task));
}

/* --- Of ours alone -------------------------------------------------------------------------- */

typedef struct
{
  KithGroup *group; /* (owned) */
  gboolean   before;
  gboolean   mentions_only;
} Mentions;

static void
mentions_free (Mentions *mentions)
{
  g_object_unref (mentions->group);
  g_free (mentions);
}

static void
set_mentions_only (KithNode *self, KithGroup *group, gboolean mentions_only)
{
  KithGroupHost *host = kith_node_lookup_group (self, kith_group_get_id_bytes (group));

  if (host == NULL)
    return;

  host->row->mentions_only = mentions_only;
  kith_group_set_mentions_only (group, mentions_only);
}

/* What could not be stored is taken back. Of several, which come back in their order, the last one counts. */
static void
mentions_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  const Mentions *mentions = g_task_get_task_data (task);
  GError *error = NULL;

  if (kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      set_mentions_only (self, mentions->group, mentions->mentions_only);
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (kith_group_get_mentions_only (mentions->group) == mentions->mentions_only)
    set_mentions_only (self, mentions->group, mentions->before);
  g_task_return_error (task, error);
}

void
kith_node_set_mentions_only_async (KithNode *self, KithGroup *group, gboolean mentions_only,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_set_mentions_only_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_host (self, group, task);
  KithStoreBatch *batch;
  Mentions *mentions;

  if (host == NULL)
    return;
  /* Also when it is so already: an earlier one that is under way may fail. */
  mentions = g_new0 (Mentions, 1);
  mentions->group = g_object_ref (group);
  mentions->before = kith_group_get_mentions_only (group);
  mentions->mentions_only = !!mentions_only;
  g_task_set_task_data (task, mentions, (GDestroyNotify) mentions_free);
  set_mentions_only (self, group, !!mentions_only);
  batch = kith_store_batch_new ();
  kith_group_host_put_row (host, batch);
  kith_store_commit_async (self->store, batch, NULL, mentions_committed_cb, g_steal_pointer (&task));
}

GPtrArray *
kith_node_dup_group_receipts (KithNode *self, KithGroup *group, KithMessage *message,
                              gboolean *at_least)
{
  KithGroupHost *host = kith_node_lookup_group (self, kith_group_get_id_bytes (group));
  gboolean unsure = FALSE;
  GPtrArray *receipts =
    host != NULL ? kith_group_host_dup_receipts (host, message, &unsure) : g_ptr_array_new ();

  if (at_least != NULL)
    *at_least = unsure;
  return receipts;
}
