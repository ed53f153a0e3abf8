/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-group-task.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-task.h"
#include "node/kith-group-host-private.h"

/**
 * kith_group_task_new: (skip)
 * @self: a node
 * @tag: the function that was called
 * @cancellable: (nullable): as it was given
 * @callback: as it was given
 * @user_data: as it was given
 *
 * Returns: (transfer full): the task of what the user wants of a group
 */
GTask *
kith_group_task_new (KithNode *self, gpointer tag, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

/**
 * kith_group_task_get_host: (skip)
 * @self: a node
 * @group: a group
 * @task: is answered when there is none
 *
 * Returns: (transfer none) (nullable): the host of @group
 */
KithGroupHost *
kith_group_task_get_host (KithNode *self, KithGroup *group, GTask *task)
{
  KithGroupHost *host = kith_node_lookup_group (self, kith_group_get_id_bytes (group));

  if (host == NULL)
    kith_task_refuse (task, KITH_ERROR_NOT_FOUND, "There is no such group any more");
  return host;
}

/**
 * kith_group_task_get_membership: (skip)
 * @self: a node
 * @group: a group
 * @task: is answered when there is none
 *
 * Returns: (transfer none) (nullable): the host of @group, of which we are a member
 */
KithGroupHost *
kith_group_task_get_membership (KithNode *self, KithGroup *group, GTask *task)
{
  KithGroupHost *host = kith_group_task_get_host (self, group, task);

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

/**
 * kith_group_task_get_administration: (skip)
 * @self: a node
 * @group: a group
 * @task: is answered when there is none
 *
 * Returns: (transfer none) (nullable): the host of @group, of which we are the admin
 */
KithGroupHost *
kith_group_task_get_administration (KithNode *self, KithGroup *group, GTask *task)
{
  KithGroupHost *host = kith_group_task_get_membership (self, group, task);

  if (host == NULL || kith_group_replica_is_admin (host->replica))
    return host;

  kith_task_refuse (task, KITH_ERROR_NOT_ADMIN, "Only the admin can do that");
  return NULL;
}

/**
 * kith_group_task_are_rules: (skip)
 * @rules: what the user chose
 *
 * Returns: whether a group may have them
 */
gboolean
kith_group_task_are_rules (const KithGroupRules *rules)
{
  return rules->max_members >= 1 && rules->max_members <= KITH_LIMIT_GROUP_MEMBERS
         && rules->vanish_days >= KITH_LIMIT_GROUP_VANISH_MIN_DAYS;
}

/**
 * kith_group_task_end: (skip)
 * @host: the host of a group
 * @done: whether it was done with the replica
 * @error: (transfer full) (nullable): why it was not
 * @task: is answered
 *
 * What was done with the replica is carried out; the task is answered behind the commit of that.
 */
void
kith_group_task_end (KithGroupHost *host, gboolean done, GError *error, GTask *task)
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
