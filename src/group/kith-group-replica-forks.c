/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.5: authors who wrote two histories. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "group/kith-group-replica-private.h"
#include "proto/kith-record.h"

/* (skip) an entry of which we have another one: with ours, that the host has to load, it is a
 * proof */
void
kith_group_replica_suspect (KithGroupReplica *self, KithGroupLog *log, KithGroupEntry *entry)
{
  if ((log->fork != 0 && log->fork <= entry->seq)
      || (log->suspect != NULL && log->suspect->seq <= entry->seq))
    return;

  g_clear_pointer (&log->suspect, kith_group_entry_unref);
  log->suspect = kith_group_entry_ref (entry);
  kith_group_replica_load (self, KITH_GROUP_LOAD_PROOF, 0, log->author, entry->seq, 1);
}

/* (skip) nothing more is written with our author key */
void
kith_group_replica_ask_for_key (KithGroupReplica *self)
{
  if (self->needs_key)
    return;

  self->needs_key = TRUE;
  self->state_dirty = TRUE;
  kith_group_replica_event (self, KITH_GROUP_EVENT_NEEDS_KEY, NULL, NULL)->number = 1;
}

/* (skip) two entries of one author with one number, with good signatures */
void
kith_group_replica_take_proof (KithGroupReplica *self, KithGroupEntry *first, KithGroupEntry *second,
                               guint from_link)
{
  KithGroupLog *log;
  g_autoptr (GBytes) body = NULL;
  gboolean was_forked;
  guint64 limit;

  if (kith_group_state_find (self->chain->state, first->author) == NULL)
    return;

  log = kith_group_replica_ensure_log (self, first->author);
  limit = log->limit;
  was_forked = log->fork != 0;
  if (!kith_group_log_set_fork (log, first, second))
    return;

  self->state_dirty = TRUE;
  /* Another machine writes with our key: a backup of ours that somebody restored, or we are it. */
  if (memcmp (log->author, self->author, sizeof self->author) == 0)
    kith_group_replica_ask_for_key (self);
  kith_group_replica_update_log (self, log);
  if (log->limit != limit && !was_forked)
    kith_group_replica_event (self, KITH_GROUP_EVENT_FORKED, log->author, NULL)->number = log->fork;

  body = kith_group_proof_pack (first, second);
  kith_group_replica_broadcast (self, KITH_RECORD_GROUP_PROOF, body, from_link);
  kith_group_replica_mark_dirty (self, log);
  kith_group_replica_ask_for (self, log);
}

/* (skip) tells a peer of a fork */
void
kith_group_replica_send_proof (KithGroupReplica *self, KithGroupLink *link, KithGroupLog *log)
{
  if (log->proof[0] != NULL)
    kith_group_replica_send (self, link, KITH_RECORD_GROUP_PROOF,
                             kith_group_proof_pack (log->proof[0], log->proof[1]));
}

/* The fork of another log, or one that is known from there on, changes nothing, however good it is. */
static gboolean
is_news (KithGroupReplica *self, const KithGroupEntry *entry)
{
  const KithGroupLog *log = kith_group_replica_get_log (self, entry->author);

  return memcmp (entry->gid, self->chain->gid, sizeof entry->gid) == 0
         && kith_group_state_find (self->chain->state, entry->author) != NULL
         && (log == NULL || log->fork == 0 || entry->seq < log->fork);
}

/* An author may have as many as there are numbers, each lower than the one before. */
static gboolean
may_prove (KithGroupReplica *self, KithGroupLink *link)
{
  return kith_bucket_take (&link->proofs, self->now_ms * 1000, KITH_LIMIT_GROUP_PROOFS_BURST,
                           KITH_LIMIT_GROUP_PROOFS_REFILL_MS);
}

/* (skip) */
gboolean
kith_group_replica_receive_proof (KithGroupReplica *self, KithGroupLink *link, const guint8 *body,
                                  gsize len)
{
  g_autoptr (KithGroupEntry) first = NULL;
  g_autoptr (KithGroupEntry) second = NULL;

  if (!kith_group_proof_unpack (&first, &second, body, len))
    return FALSE;
  if (!is_news (self, first))
    return TRUE;

  /* Once they hear how we stand they say it again. */
  if (!may_prove (self, link))
    {
      kith_group_replica_tell_row (self, link, kith_group_replica_ensure_log (self, first->author));
      return TRUE;
    }
  if (!kith_group_entry_verify (first) || !kith_group_entry_verify (second))
    return FALSE;

  kith_group_replica_take_proof (self, first, second, link->id);
  return TRUE;
}
