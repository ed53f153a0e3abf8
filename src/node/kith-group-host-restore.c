/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a group that was stored: the chain, then the headers of the logs, page by page, so that
 * neither the start nor the main loop waits for a big one. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-private.h"
#include "store/kith-store-group-read.h"

#define AGAIN_MS 10000

typedef struct
{
  KithGroupHost    *host;    /* (owned) */
  KithGroupReplica *replica; /* (owned) (nullable) */
  guint             generation;
} Restore;

static void
restore_free (Restore *restore)
{
  g_clear_pointer (&restore->replica, kith_group_replica_free);
  kith_group_host_unref (restore->host);
  g_free (restore);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Restore, restore_free)

static gboolean
is_over (Restore *restore)
{
  return restore->host->removed || restore->host->generation != restore->generation;
}

static gboolean
load_cb (gpointer user_data)
{
  KithGroupHost *host = user_data;

  kith_source_clear (&host->tick);
  kith_group_host_load (host);
  return G_SOURCE_REMOVE;
}

void
kith_group_host_load_later (KithGroupHost *self)
{
  kith_source_clear (&self->tick);
  kith_source_start (&self->tick, AGAIN_MS, load_cb, self);
}

static void
give_up (Restore *restore, const GError *error)
{
  if (is_over (restore))
    return;

  kith_node_emit_warning (restore->host->node, error);
  kith_group_host_load_later (restore->host);
}

/* --- Pages of headers ----------------------------------------------------------------------- */

static void headers_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
load_headers (Restore *restore, const KithStoreGroupEntry *after)
{
  KithGroupHost *host = restore->host;

  kith_store_load_group_headers_async (host->node->store, host->row->gid, after,
                                       KITH_LIMIT_GROUP_HEADERS_AT_ONCE, headers_cb, restore);
}

static void
done (Restore *restore)
{
  KithGroupHost *host = restore->host;

  kith_group_replica_restore_done (restore->replica, kith_group_host_now_ms (host));
  kith_group_host_adopt (host, g_steal_pointer (&restore->replica));
  if (!host->ready)
    return;

  kith_group_host_load_awaited (host);
  kith_group_host_load_pending (host);
  kith_group_host_resume_shows (host);
  kith_group_host_resume_acts (host);
  kith_group_host_run_waiting (host);
}

static void
headers_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Restore) restore = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
    kith_store_load_group_headers_finish (KITH_STORE (source), result, &error);

  if (rows == NULL)
    {
      give_up (restore, error);
      return;
    }

  if (is_over (restore))
    return;

  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreGroupEntry *row = g_ptr_array_index (rows, i);

      kith_group_replica_restore_entry (restore->replica, row->header, row->has_content,
                                        row->redacted);
    }

  if (rows->len < KITH_LIMIT_GROUP_HEADERS_AT_ONCE)
    {
      done (restore);
      return;
    }

  load_headers (restore, g_ptr_array_index (rows, rows->len - 1));
  restore = NULL; /* the next page has it */
}

/* --- The chain ------------------------------------------------------------------------------ */

static void
ops_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Restore) restore = user_data;
  KithGroupHost *host = restore->host;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ops =
    kith_store_load_group_ops_finish (KITH_STORE (source), result, &error);
  KithGroupSelf me;

  if (ops == NULL)
    {
      give_up (restore, error);
      return;
    }

  if (is_over (restore))
    return;

  me = kith_group_host_get_me (host);
  restore->replica =
    kith_group_replica_restore (&me, host->row->gid, host->row->state, host->row->restored);
  for (guint i = 0; i < ops->len; i++)
    {
      const KithStoreGroupOp *row = g_ptr_array_index (ops, i);

      kith_group_replica_restore_op (restore->replica, row->op, row->received_ms);
    }

  kith_group_replica_restore_picture (restore->replica, host->row->picture);
  load_headers (restore, NULL);
  restore = NULL; /* the page has it */
}

/* Those whom we are not in, or were invited to, have no replica; those that we left, until the others
 * know of it. */
static gboolean
has_replica (KithGroupHost *self)
{
  switch ((KithMembership) self->row->membership)
    {
    case KITH_MEMBERSHIP_ASKING:
    case KITH_MEMBERSHIP_MEMBER:
    case KITH_MEMBERSHIP_FROZEN:
    case KITH_MEMBERSHIP_SPLIT:
    case KITH_MEMBERSHIP_LEFT:
    case KITH_MEMBERSHIP_KICKED:
      return self->row->author_seed != NULL;
    case KITH_MEMBERSHIP_INVITED:
    case KITH_MEMBERSHIP_REFUSED:
    default:
      return FALSE;
    }
}

/* Whether it is known only what the group was like when the program ended. */
gboolean
kith_group_host_is_being_read (KithGroupHost *self)
{
  return !self->ready && has_replica (self);
}

void
kith_group_host_load (KithGroupHost *self)
{
  Restore *restore;

  if (self->removed || self->replica != NULL || !has_replica (self))
    return;

  restore = g_new0 (Restore, 1);
  restore->host = kith_group_host_ref (self);
  restore->generation = self->generation;
  kith_store_load_group_ops_async (self->node->store, self->row->gid, ops_cb, restore);
}
