/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: who has what, and handing on what is new. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "group/kith-group-replica-private.h"
#include "proto/kith-record.h"

/* --- Rows ------------------------------------------------------------------------------------ */

/* (skip) the number of the first entry of a log that @peer may have: by its time, or because it was
 * written by somebody who knew that @peer is there */
guint64
kith_group_replica_get_start (KithGroupReplica *self, KithGroupLog *log,
                              const KithGroupMember *peer)
{
  guint64 by_time;
  guint64 low = log->first;
  guint64 high;

  if (peer->history_from_ms == 0)
    return log->first;

  by_time = kith_group_log_find_hlc (
      log, kith_hlc_from_ms ((gint64) MIN (peer->history_from_ms, G_MAXINT64 >> 16)));
  for (high = by_time; low < high;)
    {
      guint64 middle = low + (high - low) / 2;
      const KithGroupNode *node
          = self->chain->all->pdata[kith_group_log_get (log, middle)->node];

      if (node->op->height < peer->added_height)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

/* (skip) what @peer may have of a log of ours, and we have */
static void
get_row (KithGroupReplica *self, KithGroupLog *log, const KithGroupMember *peer,
                            KithGroupRow *row)
{
  guint64 to = kith_group_log_counted (log);
  guint64 from = kith_group_replica_get_start (self, log, peer);

  memset (row, 0, sizeof *row);
  memcpy (row->author, log->author, sizeof row->author);
  row->fork = log->fork;
  if (to == 0 || from > to)
    return;

  row->from = from;
  row->to = to;
  memcpy (row->id, kith_group_log_get (log, to)->id, sizeof row->id);
}

static gint
compare_rows (gconstpointer a, gconstpointer b)
{
  return memcmp (((const KithGroupRow *) a)->author, ((const KithGroupRow *) b)->author,
                 KITH_GROUP_KEY_BYTES);
}

static GArray *
get_rows (KithGroupReplica *self, const KithGroupMember *peer)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (KithGroupRow));
  GHashTableIter iter;
  gpointer log;

  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    {
      KithGroupRow row;

      get_row (self, log, peer, &row);
      if (row.to != 0 || row.fork != 0)
        g_array_append_val (rows, row);
    }

  g_array_sort (rows, compare_rows);
  return rows;
}

/* (skip) the same on both ends of a link when neither has something for the other */
void
kith_group_replica_get_digest (KithGroupReplica *self, const KithGroupMember *peer, guint8 *out)
{
  g_autoptr (GArray) rows = get_rows (self, peer);
  gsize size = (gsize) rows->len * (KITH_GROUP_KEY_BYTES + 24 + KITH_GROUP_ROW_ID_BYTES);
  g_autofree guint8 *data = g_malloc (size);
  KithWriter writer;

  kith_writer_init (&writer, data, size);
  for (guint i = 0; i < rows->len; i++)
    {
      const KithGroupRow *row = &g_array_index (rows, KithGroupRow, i);

      kith_writer_bytes (&writer, row->author, sizeof row->author);
      kith_writer_u64 (&writer, row->from);
      kith_writer_u64 (&writer, row->to);
      kith_writer_bytes (&writer, row->id, sizeof row->id);
      kith_writer_u64 (&writer, row->fork);
    }

  kith_hash (out, "kith1 g-vector", KITH_FIELDS (KITH_FIELD (data, size)));
}

static void
send_rows (KithGroupReplica *self, KithGroupLink *link, GArray *rows, gboolean full)
{
  guint at = 0;

  do
    {
      guint n = MIN (rows->len - at, KITH_LIMIT_GROUP_VECTOR_ROWS);
      KithGroupVector vector = { .full = full, .more = at + n < rows->len };

      vector.rows = g_array_sized_new (FALSE, FALSE, sizeof (KithGroupRow), n);
      if (n > 0)
        g_array_append_vals (vector.rows, &g_array_index (rows, KithGroupRow, at), n);
      kith_group_replica_send (self, link, KITH_RECORD_GROUP_VECTOR,
                               kith_group_vector_pack (&vector));
      kith_group_vector_clear (&vector);
      at += n;
    }
  while (at < rows->len);
}

/* (skip) tells a peer all that we have */
void
kith_group_replica_send_vector (KithGroupReplica *self, KithGroupLink *link)
{
  g_autoptr (GArray) rows = get_rows (self, link->member);

  send_rows (self, link, rows, TRUE);
  g_hash_table_remove_all (link->dirty);
}

/* (skip) what a peer has of an author */
KithGroupPeerRow *
kith_group_replica_get_peer_row (KithGroupLink *link, const guint8 *author)
{
  KithGroupPeerRow *peer = g_hash_table_lookup (link->rows, author);

  if (peer == NULL)
    {
      peer = g_new0 (KithGroupPeerRow, 1);
      memcpy (peer->row.author, author, sizeof peer->row.author);
      peer->hollow_bottom = 1;
      g_hash_table_insert (link->rows, peer->row.author, peer);
    }

  return peer;
}

/* (skip) a peer has what we have */
void
kith_group_replica_copy_rows (KithGroupReplica *self, KithGroupLink *link)
{
  g_autoptr (GArray) rows = get_rows (self, link->member);

  for (guint i = 0; i < rows->len; i++)
    {
      const KithGroupRow *row = &g_array_index (rows, KithGroupRow, i);

      KithGroupLog *log = kith_group_replica_get_log (self, row->author);

      kith_group_replica_get_peer_row (link, row->author)->row = *row;
      if (log->n_hollow > 0)
        kith_group_replica_ask_for (self, log);
    }
  g_hash_table_remove_all (link->dirty);
}

static void
take_row (KithGroupReplica *self, KithGroupLink *link, const KithGroupRow *row)
{
  KithGroupPeerRow *peer = kith_group_replica_get_peer_row (link, row->author);
  KithGroupLog *log;

  if (row->to > peer->row.to || row->from < peer->row.from)
    peer->failed_at = 0;
  peer->row = *row;
  if (kith_group_state_find (self->chain->state, row->author) == NULL)
    return;

  log = kith_group_replica_ensure_log (self, row->author);
  if (log->fork != 0 && (row->fork == 0 || row->fork > log->fork))
    kith_group_replica_send_proof (self, link, log);
  /* They say so, and we know of no proof: it was skipped. Who hears that sends it. */
  if (row->fork != 0 && (log->fork == 0 || row->fork < log->fork))
    kith_group_replica_tell_row (self, link, log);
  kith_group_replica_ask_for (self, log);
}

/* (skip) */
gboolean
kith_group_replica_receive_vector (KithGroupReplica *self, KithGroupLink *link, const guint8 *body,
                                   gsize len)
{
  g_auto (KithGroupVector) vector = { NULL, FALSE, FALSE };

  if (!kith_group_vector_unpack (&vector, body, len))
    return FALSE;

  if (vector.full && !link->more_rows)
    g_hash_table_remove_all (link->rows);
  link->more_rows = vector.full && vector.more;
  for (guint i = 0; i < vector.rows->len; i++)
    {
      if (g_hash_table_size (link->rows) >= KITH_LIMIT_GROUP_AUTHORS)
        return FALSE;
      take_row (self, link, &g_array_index (vector.rows, KithGroupRow, i));
    }

  return TRUE;
}

/* --- Handing on ------------------------------------------------------------------------------ */

static void
add_dirty (KithGroupReplica *self, KithGroupLink *link, KithGroupLog *log)
{
  if (g_hash_table_size (link->dirty) == 0)
    link->dirty_ms = self->now_ms;
  g_hash_table_add (link->dirty, log);
}

/* (skip) they shall hear how a log stands here */
void
kith_group_replica_tell_row (KithGroupReplica *self, KithGroupLink *link, KithGroupLog *log)
{
  if (link->synced)
    add_dirty (self, link, log);
}

/* (skip) a log has changed in a way that the links do not know of */
void
kith_group_replica_mark_dirty (KithGroupReplica *self, KithGroupLog *log)
{
  GHashTableIter iter;
  gpointer link;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    kith_group_replica_tell_row (self, link, log);
}

static gboolean
may_push (const KithGroupLink *link, const KithGroupPeerRow *peer, const KithGroupEntry *entry)
{
  gsize size = kith_group_entry_get_size (entry);

  return !link->lazy && entry->content != NULL && size <= KITH_LIMIT_GROUP_PUSH_BYTES
         && peer->row.to + 1 == entry->seq
         && link->in_flight_bytes + link->push_bytes + size <= KITH_LIMIT_GROUP_LINK_BYTES;
}

static void
forward_to (KithGroupReplica *self, KithGroupLink *link, KithGroupLog *log, KithGroupEntry *entry)
{
  KithGroupPeerRow *peer = kith_group_replica_get_peer_row (link, entry->author);
  guint32 node = kith_group_log_get (log, entry->seq)->node;

  if (peer->row.to >= entry->seq || !kith_group_replica_may_have (self, link->member, node)
      || entry->seq < kith_group_replica_get_start (self, log, link->member))
    return;
  if (!may_push (link, peer, entry))
    {
      add_dirty (self, link, log);
      return;
    }

  g_ptr_array_add (link->push, kith_group_entry_ref (entry));
  link->push_bytes += kith_group_entry_get_size (entry);
  peer->row.to = entry->seq;
  if (peer->row.from == 0)
    peer->row.from = entry->seq;
  memcpy (peer->row.id, entry->id, sizeof peer->row.id);
}

/* (skip) hands a new entry on: at once where it is small and the next one there, else it is
 * announced */
void
kith_group_replica_forward (KithGroupReplica *self, KithGroupLog *log, KithGroupEntry *entry,
                            guint from_link)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupLink *link = value;

      if (link->active && link->synced && link->id != from_link)
        forward_to (self, link, log, entry);
    }
}

static void
flush_push (KithGroupReplica *self, KithGroupLink *link)
{
  g_autoptr (GPtrArray) some = g_ptr_array_new ();
  gsize len = 0;

  for (guint i = 0; i < link->push->len; i++)
    {
      g_ptr_array_add (some, link->push->pdata[i]);
      len += kith_group_entry_get_size (link->push->pdata[i]);
      if (len < KITH_LIMIT_GROUP_LOAD_BYTES && some->len < KITH_LIMIT_GROUP_LOAD_ENTRIES && i + 1 < link->push->len)
        continue;

      kith_group_replica_send (self, link, KITH_RECORD_GROUP_ENTRIES,
                               kith_group_entries_pack (some));
      g_ptr_array_set_size (some, 0);
      len = 0;
    }

  link->in_flight_bytes += link->push_bytes;
  link->push_bytes = 0;
  g_ptr_array_set_size (link->push, 0);
}

static void
flush_wants (KithGroupReplica *self, KithGroupLink *link)
{
  while (link->wants->len > 0)
    {
      guint n = MIN (link->wants->len, KITH_LIMIT_GROUP_WANT_RANGES);
      g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (KithGroupRange));

      g_array_append_vals (some, link->wants->data, n);
      g_array_remove_range (link->wants, 0, n);
      kith_group_replica_send (self, link, KITH_RECORD_GROUP_WANT, kith_group_want_pack (some));
    }
}

static gboolean
is_news (const KithGroupLink *link, const KithGroupRow *row)
{
  const KithGroupPeerRow *peer = g_hash_table_lookup (link->rows, row->author);

  return peer == NULL || peer->row.to < row->to || peer->row.from > row->from
         || peer->row.fork != row->fork || (row->to != 0 && peer->row.to > row->to);
}

static gint64
get_announcement_ms (const KithGroupLink *link)
{
  return MAX (link->announced_ms + KITH_LIMIT_GROUP_ANNOUNCE_MS,
              link->dirty_ms + (link->lazy ? KITH_LIMIT_GROUP_LAZY_MS : 0));
}

static void
flush_dirty (KithGroupReplica *self, KithGroupLink *link)
{
  g_autoptr (GArray) rows = NULL;
  GHashTableIter iter;
  gpointer log;

  /* A clock that was set back must not silence us. */
  link->announced_ms = MIN (link->announced_ms, self->now_ms);
  if (g_hash_table_size (link->dirty) == 0
      || (link->dirty_ms <= self->now_ms && self->now_ms < get_announcement_ms (link)))
    return;

  rows = g_array_new (FALSE, FALSE, sizeof (KithGroupRow));
  g_hash_table_iter_init (&iter, link->dirty);
  while (g_hash_table_iter_next (&iter, &log, NULL))
    {
      KithGroupRow row;

      get_row (self, log, link->member, &row);
      if (is_news (link, &row))
        g_array_append_val (rows, row);
    }

  g_hash_table_remove_all (link->dirty);
  g_array_sort (rows, compare_rows);
  if (rows->len > 0)
    {
      link->announced_ms = self->now_ms;
      send_rows (self, link, rows, FALSE);
    }
}

/* (skip) at the end of a call: sends what has been gathered for the links */
void
kith_group_replica_flush_links (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupLink *link = value;

      if (!link->active)
        continue;
      flush_push (self, link);
      flush_wants (self, link);
      flush_dirty (self, link);
    }
}

/* (skip) when something is to be announced */
gint64
kith_group_replica_next_announcement (KithGroupReplica *self)
{
  gint64 next = G_MAXINT64;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupLink *link = value;

      if (link->active && g_hash_table_size (link->dirty) > 0)
        next = MIN (next, get_announcement_ms (link));
    }

  return next;
}
