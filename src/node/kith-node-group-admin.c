/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the admin does of a group, and who becomes the next one. Protocol 10. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-error.h"
#include "base/kith-task.h"
#include "base/kith-text.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-task.h"
#include "node/kith-node-private.h"
#include "node/kith-small-picture.h"

/* --- What the admin does -------------------------------------------------------------------- */

void
kith_node_approve_async (KithNode *self, KithGroup *group, KithJoinRequest *request,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_approve_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_administration (self, group, task);
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

      kith_group_task_end (host, done, error, task);
    }
}

void
kith_node_deny_async (KithNode *self, KithGroup *group, KithJoinRequest *request,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_deny_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_administration (self, group, task);
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

      kith_group_task_end (host, done, error, task);
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
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_kick_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_administration (self, group, task);
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

      kith_group_task_end (host, done, error, task);
    }
}

void
kith_node_transfer_admin_async (KithNode *self, KithGroup *group, KithMember *member,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_transfer_admin_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_administration (self, group, task);
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
      kith_node_emit_group_changed (self, group, KITH_GROUP_CHANGE_TRANSFER);
    }
  kith_group_task_end (host, done, error, task);
}

void
kith_node_rename_group_async (KithNode *self, KithGroup *group, const char *name,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_rename_group_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_administration (self, group, task);
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

      kith_group_task_end (host, done, error, task);
    }
}

void
kith_node_set_group_topic_async (KithNode *self, KithGroup *group, const char *topic,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_set_group_topic_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_administration (self, group, task);
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
    kith_group_task_new (self, kith_node_set_group_picture_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_administration (self, group, task);
  GError *error = NULL;

  if (host == NULL)
    return;

  if (picture != NULL && !kith_small_picture_check (picture))
    kith_task_refuse (task, KITH_ERROR_INVALID, "This is no small picture");
  else
    {
      gboolean done = kith_group_replica_set_picture (host->replica, picture,
                                                      kith_group_host_now_ms (host), &error);

      kith_group_task_end (host, done, error, task);
    }
}

void
kith_node_set_group_policy_async (KithNode *self, KithGroup *group, const KithGroupRules *policy,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_set_group_policy_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_administration (self, group, task);
  const KithGroupPolicy chosen = { policy->history_days, policy->vanish_days, policy->max_members };
  GError *error = NULL;

  if (host == NULL)
    return;

  if (!kith_group_task_are_rules (policy))
    kith_task_refuse (task, KITH_ERROR_INVALID, "These are no rules");
  else
    {
      gboolean done = kith_group_replica_set_policy (host->replica, &chosen,
                                                     kith_group_host_now_ms (host), &error);

      kith_group_task_end (host, done, error, task);
    }
}

/* --- Who follows the admin ------------------------------------------------------------------ */

void
kith_node_answer_transfer_async (KithNode *self, KithGroup *group, gboolean accept,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_answer_transfer_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_membership (self, group, task);
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
      kith_node_emit_group_changed (self, group, KITH_GROUP_CHANGE_TRANSFER);
    }
  kith_group_task_end (host, done, error, task);
}

void
kith_node_endorse_async (KithNode *self, KithGroup *group, KithMember *member,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_endorse_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_membership (self, group, task);
  const guint8 *author = host != NULL ? author_for_task (host, member, task) : NULL;
  gboolean done;
  GError *error = NULL;

  if (author == NULL)
    return;

  done = kith_group_replica_endorse (host->replica, author, kith_group_host_now_ms (host), &error);
  if (done)
    kith_member_set_endorsed (member, TRUE);
  kith_group_task_end (host, done, error, task);
}

void
kith_node_claim_admin_async (KithNode *self, KithGroup *group, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task =
    kith_group_task_new (self, kith_node_claim_admin_async, cancellable, callback, user_data);
  KithGroupHost *host = kith_group_task_get_membership (self, group, task);
  gboolean done;
  GError *error = NULL;

  if (host == NULL)
    return;

  done = kith_group_replica_claim (host->replica, kith_group_host_now_ms (host), &error);
  kith_group_task_end (host, done, error, task);
}
