/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: giving entries to those who ask for them. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "group/kith-group-replica-private.h"
#include "proto/kith-record.h"

/* (skip) whether an entry that stands on an operation may go to @peer, a member: not if they were
 * removed where its author stood, on a branch that does not count here */
gboolean
kith_group_replica_may_have (KithGroupReplica *self, const KithGroupMember *peer, guint32 node)
{
  return !kith_group_chain_was_removed (self->chain->all->pdata[node], peer->author);
}

/* (skip) asks the host for entries */
guint64
kith_group_replica_load (KithGroupReplica *self, KithGroupLoadKind kind, guint link,
                         const guint8 *author, guint64 seq, guint n)
{
  KithGroupEffect *effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_LOAD);
  KithGroupLoad *load = g_new0 (KithGroupLoad, 1);

  load->token = ++self->next_token;
  load->kind = kind;
  load->link = link;
  memcpy (load->author, author, sizeof load->author);
  load->seq = seq;
  g_hash_table_insert (self->loads, &load->token, load);

  memcpy (effect->author, author, sizeof effect->author);
  effect->seq = seq;
  effect->n = n;
  effect->token = load->token;
  return load->token;
}

/* How many from the next one on may be read and sent at once. */
static guint
count_batch (KithGroupReplica *self, KithGroupLink *link, const KithGroupLog *log,
             const KithGroupServing *serving)
{
  gsize len = 0;
  guint n = 0;

  while (n < KITH_LIMIT_GROUP_LOAD_ENTRIES && serving->next + n <= serving->to)
    {
      const KithGroupLogItem *item = kith_group_log_get (log, serving->next + n);

      if (item == NULL || !kith_group_replica_may_have (self, link->member, item->node))
        break;
      len += KITH_GROUP_HEADER_BYTES + KITH_SIGNATURE_BYTES + item->content_len;
      if (n > 0 && len > KITH_LIMIT_GROUP_LOAD_BYTES)
        break;
      n++;
    }

  return n;
}

/* Begins with the first range; whether there is something to load in it. */
static gboolean
serve_first (KithGroupReplica *self, KithGroupLink *link)
{
  KithGroupServing *serving = g_queue_peek_head (&link->serving);
  KithGroupLog *log = kith_group_replica_get_log (self, serving->author);
  guint n = 0;

  if (log != NULL)
    {
      serving->to = MIN (serving->to, kith_group_log_counted (log));
      serving->next = MAX (serving->next, kith_group_replica_get_start (self, log, link->member));
      n = count_batch (self, link, log, serving);
    }
  if (n == 0)
    {
      g_free (g_queue_pop_head (&link->serving));
      return FALSE;
    }

  link->load_token = kith_group_replica_load (self, KITH_GROUP_LOAD_SERVE, link->id,
                                              serving->author, serving->next, n);
  serving->next += n;
  return TRUE;
}

/* (skip) goes on with what a link's peer asked for, as far as the link can take it */
static void
serve (KithGroupReplica *self, KithGroupLink *link)
{
  while (link->active && link->load_token == 0 && !g_queue_is_empty (&link->serving)
         && link->in_flight_bytes < KITH_LIMIT_GROUP_LINK_BYTES)
    if (serve_first (self, link))
      return;
}

/* (skip) */
gboolean
kith_group_replica_receive_want (KithGroupReplica *self, KithGroupLink *link, const guint8 *body,
                                 gsize len)
{
  g_autoptr (GArray) ranges = kith_group_want_unpack (body, len);

  if (ranges == NULL)
    return FALSE;

  /* They do need what we have. Beyond a limit they have to ask again. */
  link->lazy = FALSE;
  for (guint i = 0; i < ranges->len
                    && g_queue_get_length (&link->serving) < KITH_LIMIT_GROUP_SERVED_RANGES; i++)
    {
      const KithGroupRange *range = &g_array_index (ranges, KithGroupRange, i);
      KithGroupServing *serving = g_new0 (KithGroupServing, 1);

      memcpy (serving->author, range->author, sizeof serving->author);
      serving->next = range->from;
      serving->to = range->to;
      g_queue_push_tail (&link->serving, serving);
    }

  serve (self, link);
  return TRUE;
}

static void
send_loaded (KithGroupReplica *self, KithGroupLink *link, const KithGroupLoad *load,
             GPtrArray *entries)
{
  KithGroupLog *log = kith_group_replica_get_log (self, load->author);
  g_autoptr (GPtrArray) good = g_ptr_array_new ();

  link->load_token = 0;
  for (guint i = 0; i < entries->len; i++)
    {
      KithGroupEntry *entry = entries->pdata[i];
      const KithGroupLogItem *item = log != NULL ? kith_group_log_get (log, entry->seq) : NULL;
      KithGroupPeerRow *peer;

      /* In the meantime it may have ceased to count, or the peer to be who may have it. */
      if (item == NULL || entry->seq > kith_group_log_counted (log)
          || memcmp (item->id, entry->id, sizeof item->id) != 0
          || !kith_group_replica_may_have (self, link->member, item->node))
        break;
      g_ptr_array_add (good, entry);
      link->in_flight_bytes += kith_group_entry_get_size (entry);
      peer = kith_group_replica_get_peer_row (link, load->author);
      if (peer->row.to + 1 == entry->seq || peer->row.to == 0)
        {
          peer->row.from = peer->row.from != 0 ? peer->row.from : entry->seq;
          peer->row.to = entry->seq;
          memcpy (peer->row.id, entry->id, sizeof peer->row.id);
        }
    }

  if (good->len > 0)
    kith_group_replica_send (self, link, KITH_RECORD_GROUP_ENTRIES, kith_group_entries_pack (good));
  serve (self, link);
}

/* The host has loaded our own half. Of several suspects that with the lowest number is left. */
static void
prove_fork (KithGroupReplica *self, const KithGroupLoad *load, GPtrArray *entries)
{
  KithGroupLog *log = kith_group_replica_get_log (self, load->author);
  g_autoptr (KithGroupEntry) suspect = NULL;
  KithGroupEntry *ours = entries->len == 1 ? entries->pdata[0] : NULL;

  if (log == NULL || log->suspect == NULL || log->suspect->seq != load->seq)
    return;

  suspect = g_steal_pointer (&log->suspect);
  /* In the meantime ours may have become theirs. */
  if (ours != NULL && ours->seq == suspect->seq
      && memcmp (ours->id, suspect->id, sizeof ours->id) != 0 && kith_group_entry_verify (ours))
    kith_group_replica_take_proof (self, ours, suspect, 0);
}

/**
 * kith_group_replica_loaded:
 * @self: a replica
 * @token: of a LOAD effect
 * @entries: (element-type KithGroupEntry): what was asked for, in order; less if something cannot
 *   be read. One that is redacted has no content
 * @now_ms: unix time
 *
 * Answers a LOAD.
 */
void
kith_group_replica_loaded (KithGroupReplica *self, guint64 token, GPtrArray *entries,
                           gint64 now_ms)
{
  KithGroupLoad *load = g_hash_table_lookup (self->loads, &token);
  KithGroupLink *link;

  if (load == NULL)
    return;

  kith_group_replica_begin (self, now_ms);
  g_hash_table_steal (self->loads, &token);
  link = kith_group_replica_get_link (self, load->link);
  if (load->kind == KITH_GROUP_LOAD_PROOF)
    prove_fork (self, load, entries);
  else if (link != NULL && link->load_token == token && link->active)
    send_loaded (self, link, load, entries);

  g_free (load);
  kith_group_replica_end (self);
}

/**
 * kith_group_replica_link_is_full:
 * @self: a replica
 * @link: a link
 *
 * Returns: whether so much is on its way on @link that kith_group_replica_link_writable() is waited
 *   for, or soon will be
 */
gboolean
kith_group_replica_link_is_full (KithGroupReplica *self, guint link)
{
  const KithGroupLink *to = kith_group_replica_get_link (self, link);

  return to != NULL && to->in_flight_bytes >= KITH_LIMIT_GROUP_LINK_BYTES / 2;
}

/**
 * kith_group_replica_link_writable:
 * @self: a replica
 * @link: a link on which everything that was to be sent has left, or nearly so
 * @now_ms: unix time
 *
 * To be called whenever that becomes so: until then only a limited amount of entries is sent.
 */
void
kith_group_replica_link_writable (KithGroupReplica *self, guint link, gint64 now_ms)
{
  KithGroupLink *to = kith_group_replica_get_link (self, link);

  if (to == NULL)
    return;

  kith_group_replica_begin (self, now_ms);
  to->in_flight_bytes = 0;
  serve (self, to);
  kith_group_replica_end (self);
}
