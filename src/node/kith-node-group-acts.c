/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user wants of groups. Protocol 10. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-task.h"
#include "base/kith-text.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-invites.h"
#include "node/kith-node-private.h"
#include "node/kith-small-picture.h"

/* --- Beginning ------------------------------------------------------------------------------ */

/* (transfer none) (nullable): NULL after the task was answered */
static KithGroupHost *
host_for_task (KithNode *self, KithGroup *group, GTask *task)
{
  KithGroupHost *host = kith_node_lookup_group (self, kith_group_get_id_bytes (group));

  if (host == NULL)
    kith_task_refuse (task, KITH_ERROR_NOT_FOUND, "There is no such group any more");
  return host;
}

/* The same, if we are in it. */
static KithGroupHost *
membership_for_task (KithNode *self, KithGroup *group, GTask *task)
{
  KithGroupHost *host = host_for_task (self, group, task);

  if (host == NULL)
    return NULL;
  if (!kith_group_is_member (group))
    kith_task_refuse (task, KITH_ERROR_NOT_MEMBER, "We are not in this group");
  else if (!host->ready)
    kith_task_refuse (task, KITH_ERROR_BUSY, "The group is still being read");
  else
    return host;

  return NULL;
}

/* The same, if we are its admin. */
static KithGroupHost *
admin_for_task (KithNode *self, KithGroup *group, GTask *task)
{
  KithGroupHost *host = membership_for_task (self, group, task);

  if (host == NULL || kith_group_replica_is_admin (host->replica))
    return host;

  kith_task_refuse (task, KITH_ERROR_NOT_ADMIN, "Only the admin can do that");
  return NULL;
}

static GTask *
begin (KithNode *self, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

/* What was done with the replica is carried out; the task is answered behind the commit of that.
 * @error: (transfer full) (nullable): why it was not done */
static void
end (KithGroupHost *host, gboolean done, GError *error, GTask *task)
{
  KithNode *node = host->node;

  if (!done)
    {
      g_task_return_error (task, error);
      return;
    }

  kith_group_host_turn (host);
  kith_node_answer_when_written (node, g_object_ref (task));
}

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

static gboolean
are_rules (const KithGroupRules *rules)
{
  return rules->max_members >= 1 && rules->max_members <= KITH_LIMIT_GROUP_MEMBERS
         && rules->vanish_days >= KITH_LIMIT_GROUP_VANISH_MIN_DAYS;
}

void
kith_node_create_group_async (KithNode *self, const char *name, KithContact *const *contacts,
                              const KithGroupRules *policy, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  static const KithGroupRules usual = { KITH_GROUP_HISTORY_ALL, KITH_LIMIT_GROUP_VANISH_DAYS,
                                        KITH_LIMIT_GROUP_CAP };
  g_autoptr (GTask) task =
    begin (self, kith_node_create_group_async, cancellable, callback, user_data);
  g_autofree char *clean = kith_text_sanitize_name (name);
  KithGroupHost *host;

  keep_absent (task, contacts);
  if (self->local == NULL)
    kith_task_refuse (task, KITH_ERROR_NO_PROFILE, "There is no profile yet");
  else if (clean == NULL)
    kith_task_refuse (task, KITH_ERROR_INVALID, "A group needs a name");
  else if (policy != NULL && !are_rules (policy))
    kith_task_refuse (task, KITH_ERROR_INVALID, "These are no rules");
  else if (g_hash_table_size (self->group_hosts) >= KITH_LIMIT_GROUPS)
    kith_task_refuse (task, KITH_ERROR_BUSY, "There are too many groups");
  else
    {
      host = kith_groups_create (self, clean, policy != NULL ? policy : &usual);
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
    begin (self, kith_node_invite_to_group_async, cancellable, callback, user_data);
  KithGroupHost *host = membership_for_task (self, group, task);

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
  KithGroupHost *host = host_for_task (self, group, task);

  if (host != NULL)
    kith_group_host_answer (host, accept, text, g_object_ref (task));
}

void
kith_node_accept_group_invitation_async (KithNode *self, KithGroup *group, const char *text,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_accept_group_invitation_async, cancellable, callback, user_data);
  g_autofree char *clean = text != NULL ? kith_text_sanitize_request (text) : NULL;

  answer_invitation (self, group, TRUE, clean, task);
}

void
kith_node_decline_group_invitation_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_decline_group_invitation_async, cancellable, callback, user_data);

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

      end (host, done, error, task);
      if (done && host->ready)
        kith_group_host_sync_members (host);
    }
}

void
kith_node_leave_group_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_leave_group_async, cancellable, callback, user_data);
  KithGroupHost *host = host_for_task (self, group, task);

  if (host == NULL)
    return;

  if (kith_group_get_state (group) == KITH_MEMBERSHIP_ASKING)
    leave_at_once (host, task);
  else if (membership_for_task (self, group, task) != NULL)
    leave (host, task);
}

void
kith_node_delete_group_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_delete_group_async, cancellable, callback, user_data);
  KithGroupHost *host = host_for_task (self, group, task);

  if (host == NULL)
    return;

  if (kith_group_is_member (group) || kith_group_get_state (group) == KITH_MEMBERSHIP_ASKING)
    kith_task_refuse (task, KITH_ERROR_INVALID, "Leave the group first");
  else
    kith_group_host_delete (host, g_steal_pointer (&task));
}

/* --- What the admin does -------------------------------------------------------------------- */

void
kith_node_approve_async (KithNode *self, KithGroup *group, KithJoinRequest *request,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = begin (self, kith_node_approve_async, cancellable, callback, user_data);
  KithGroupHost *host = admin_for_task (self, group, task);
  GBytes *bytes;
  GError *error = NULL;

  if (host == NULL)
    return;

  bytes = g_hash_table_lookup (host->requests, kith_join_request_get_identity (request));
  if (bytes == NULL)
    kith_task_refuse (task, KITH_ERROR_NOT_FOUND, "There is no such request any more");
  else if (kith_group_get_n_members (group) >= kith_group_get_policy (group)->max_members)
    kith_task_refuse (task, KITH_ERROR_TOO_BIG, "The group has as many members as it may");
  else
    {
      gboolean done = kith_group_replica_add_member (host->replica, bytes,
                                                     kith_group_host_now_ms (host), &error);

      end (host, done, error, task);
    }
}

void
kith_node_deny_async (KithNode *self, KithGroup *group, KithJoinRequest *request,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = begin (self, kith_node_deny_async, cancellable, callback, user_data);
  KithGroupHost *host = admin_for_task (self, group, task);
  g_auto (KithGroupJoin) join = { .name = NULL };
  GBytes *bytes;
  gsize len = 0;
  const guint8 *data;
  GError *error = NULL;

  if (host == NULL)
    return;

  bytes = g_hash_table_lookup (host->requests, kith_join_request_get_identity (request));
  data = bytes != NULL ? g_bytes_get_data (bytes, &len) : NULL;
  if (data == NULL || !kith_group_join_open (&join, data, len))
    kith_task_refuse (task, KITH_ERROR_NOT_FOUND, "There is no such request any more");
  else
    {
      gboolean done = kith_group_replica_deny_request (host->replica, join.author,
                                                       kith_group_host_now_ms (host), &error);

      end (host, done, error, task);
    }
}

/* (nullable): the author key of a current member; NULL after the task was answered */
static const guint8 *
author_for_task (KithGroupHost *host, KithMember *member, GTask *task)
{
  const guint8 *author = kith_group_host_get_author (host, kith_member_get_identity (member));

  if (author == NULL)
    kith_task_refuse (task, KITH_ERROR_NOT_MEMBER, "They are not in this group any more");
  return author;
}

void
kith_node_kick_async (KithNode *self, KithGroup *group, KithMember *member,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = begin (self, kith_node_kick_async, cancellable, callback, user_data);
  KithGroupHost *host = admin_for_task (self, group, task);
  const guint8 *author = host != NULL ? author_for_task (host, member, task) : NULL;
  GError *error = NULL;

  if (author == NULL)
    return;

  if (kith_member_is_self (member))
    kith_task_refuse (task, KITH_ERROR_INVALID, "One does not remove oneself: leave");
  else
    {
      gboolean done =
        kith_group_replica_kick (host->replica, author, kith_group_host_now_ms (host), &error);

      end (host, done, error, task);
    }
}

void
kith_node_transfer_admin_async (KithNode *self, KithGroup *group, KithMember *member,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_transfer_admin_async, cancellable, callback, user_data);
  KithGroupHost *host = admin_for_task (self, group, task);
  const guint8 *author;
  gboolean done;
  GError *error = NULL;

  if (host == NULL)
    return;

  author = member != NULL ? author_for_task (host, member, task)
                          : kith_group_replica_get_author (host->replica);
  if (author == NULL)
    return;
  if (member != NULL && kith_member_is_self (member))
    {
      kith_task_refuse (task, KITH_ERROR_INVALID, "We are the admin already");
      return;
    }

  done = kith_group_replica_offer_admin (host->replica, author, kith_group_host_now_ms (host), &error);
  if (done)
    {
      kith_group_set_transfer_to (group, member);
      kith_node_emit_group_changed (self, group, "transfer");
    }
  end (host, done, error, task);
}

void
kith_node_rename_group_async (KithNode *self, KithGroup *group, const char *name,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_rename_group_async, cancellable, callback, user_data);
  KithGroupHost *host = admin_for_task (self, group, task);
  g_autofree char *clean = kith_text_sanitize_name (name);
  GError *error = NULL;

  if (host == NULL)
    return;

  if (clean == NULL)
    kith_task_refuse (task, KITH_ERROR_INVALID, "A group needs a name");
  else
    {
      gboolean done =
        kith_group_replica_rename (host->replica, clean, kith_group_host_now_ms (host), &error);

      end (host, done, error, task);
    }
}

void
kith_node_set_group_topic_async (KithNode *self, KithGroup *group, const char *topic,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_set_group_topic_async, cancellable, callback, user_data);
  KithGroupHost *host = admin_for_task (self, group, task);
  g_autofree char *clean = kith_text_sanitize_request (topic != NULL ? topic : "");

  if (host != NULL && kith_chat_may_write (host->chat, task))
    kith_group_host_set_topic (host, clean,
                               g_task_new (self, NULL, kith_task_hand_on_done_cb, g_steal_pointer (&task)));
}

void
kith_node_set_group_picture_async (KithNode *self, KithGroup *group, GBytes *picture,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_set_group_picture_async, cancellable, callback, user_data);
  KithGroupHost *host = admin_for_task (self, group, task);
  GError *error = NULL;

  if (host == NULL)
    return;

  if (picture != NULL && !kith_small_picture_check (picture))
    kith_task_refuse (task, KITH_ERROR_INVALID, "This is no small picture");
  else
    {
      gboolean done = kith_group_replica_set_picture (host->replica, picture,
                                                      kith_group_host_now_ms (host), &error);

      end (host, done, error, task);
    }
}

void
kith_node_set_group_policy_async (KithNode *self, KithGroup *group, const KithGroupRules *policy,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_set_group_policy_async, cancellable, callback, user_data);
  KithGroupHost *host = admin_for_task (self, group, task);
  const KithGroupPolicy chosen = { policy->history_days, policy->vanish_days, policy->max_members };
  GError *error = NULL;

  if (host == NULL)
    return;

  if (!are_rules (policy))
    kith_task_refuse (task, KITH_ERROR_INVALID, "These are no rules");
  else
    {
      gboolean done = kith_group_replica_set_policy (host->replica, &chosen,
                                                     kith_group_host_now_ms (host), &error);

      end (host, done, error, task);
    }
}

/* --- Who follows the admin ------------------------------------------------------------------ */

void
kith_node_answer_transfer_async (KithNode *self, KithGroup *group, gboolean accept,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_answer_transfer_async, cancellable, callback, user_data);
  KithGroupHost *host = membership_for_task (self, group, task);
  KithMember *asked = kith_group_get_transfer_to (group);
  gboolean done;
  GError *error = NULL;

  if (host == NULL)
    return;

  if (asked == NULL || !kith_member_is_self (asked))
    {
      kith_task_refuse (task, KITH_ERROR_INVALID, "Nobody has asked us to be the admin");
      return;
    }

  done = accept ? kith_group_replica_accept_transfer (host->replica, kith_group_host_now_ms (host),
                                                      &error)
                : kith_group_replica_decline_transfer (host->replica, kith_group_host_now_ms (host),
                                                       &error);
  if (done)
    {
      kith_group_set_transfer_to (group, NULL);
      kith_node_emit_group_changed (self, group, "transfer");
    }
  end (host, done, error, task);
}

void
kith_node_endorse_async (KithNode *self, KithGroup *group, KithMember *member,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = begin (self, kith_node_endorse_async, cancellable, callback, user_data);
  KithGroupHost *host = membership_for_task (self, group, task);
  const guint8 *author = host != NULL ? author_for_task (host, member, task) : NULL;
  gboolean done;
  GError *error = NULL;

  if (author == NULL)
    return;

  done = kith_group_replica_endorse (host->replica, author, kith_group_host_now_ms (host), &error);
  if (done)
    kith_member_set_endorsed (member, TRUE);
  end (host, done, error, task);
}

void
kith_node_claim_admin_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task =
    begin (self, kith_node_claim_admin_async, cancellable, callback, user_data);
  KithGroupHost *host = membership_for_task (self, group, task);
  gboolean done;
  GError *error = NULL;

  if (host == NULL)
    return;

  done = kith_group_replica_claim (host->replica, kith_group_host_now_ms (host), &error);
  end (host, done, error, task);
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
    begin (self, kith_node_set_mentions_only_async, cancellable, callback, user_data);
  KithGroupHost *host = host_for_task (self, group, task);
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
