/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4 and 10.5: entries that are fetched backwards.
 *
 * A newcomer may get older history than the first peer had, and who followed the wrong branch of a
 * forked log has to get the one that a cut-off names. Both are checked from their end: each entry
 * names the one before it, so nobody can slip in another.
 */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "group/kith-group-replica-private.h"

#define CHUNK 64

/* (skip) */
void
kith_group_back_free (KithGroupBack *back)
{
  g_ptr_array_unref (back->chunk);
  g_ptr_array_unref (back->entries);
  g_free (back);
}

/* --- Asking ---------------------------------------------------------------------------------- */

/* The cut-off names a branch that is not the one we have. */
static gboolean
needs_graft (const KithGroupLog *log, const KithGroupMember *member)
{
  const KithGroupLogItem *item;

  if (member == NULL || member->removed_height == KITH_GROUP_NEVER || member->cut_seq == 0
      || memcmp (log->ungraftable, member->cut_id, sizeof log->ungraftable) == 0)
    return FALSE;

  item = kith_group_log_get (log, member->cut_seq);
  if (item != NULL)
    return memcmp (item->id, member->cut_id, sizeof item->id) != 0;

  return log->fork != 0 && log->fork <= member->cut_seq;
}

static gboolean
may_ask (const KithGroupLink *link, const KithGroupPeerRow *peer, const KithGroupBack *back)
{
  if (!link->active || peer == NULL || peer->row.to < back->top_seq || peer->failed_at == back->top_seq
      || peer->row.from == 0 || peer->row.from > back->top_seq)
    return FALSE;

  return !back->graft || back->entries->len > 0 || peer->row.to > back->top_seq
         || memcmp (peer->row.id, back->top_id, sizeof peer->row.id) == 0;
}

static gboolean
ask_back (KithGroupReplica *self, KithGroupBack *back)
{
  GHashTableIter iter;
  gpointer value;

  g_ptr_array_set_size (back->chunk, 0);
  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupLink *link = value;
      KithGroupPeerRow *peer = g_hash_table_lookup (link->rows, back->author);

      if (!may_ask (link, peer, back))
        continue;

      back->link = link->id;
      back->from = MAX (back->top_seq > CHUNK ? back->top_seq - CHUNK + 1 : 1, peer->row.from);
      back->until_ms = self->now_ms + KITH_LIMIT_GROUP_WANT_MS;
      self->want_ms = MIN (self->want_ms, back->until_ms);
      /* Whether it was in vain turns out when nothing comes. */
      peer->failed_at = back->top_seq;
      kith_group_replica_want (link, back->author, back->from, back->top_seq);
      return TRUE;
    }

  return FALSE;
}

static KithGroupBack *
back_new (const KithGroupLog *log)
{
  KithGroupBack *back = g_new0 (KithGroupBack, 1);

  memcpy (back->author, log->author, sizeof back->author);
  back->chunk = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  back->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  return back;
}

/* What is fetched is held in memory until it fits: not of everybody at once. */
static gboolean
is_room_for (KithGroupReplica *self, gboolean graft)
{
  guint n_grafts = 0;
  GHashTableIter iter;
  gpointer back;

  g_hash_table_iter_init (&iter, self->backs);
  while (g_hash_table_iter_next (&iter, NULL, &back))
    n_grafts += ((KithGroupBack *) back)->graft ? 1 : 0;

  if (g_hash_table_size (self->backs) < KITH_LIMIT_GROUP_BACKS
      && (!graft || n_grafts < KITH_LIMIT_GROUP_GRAFTS))
    return TRUE;

  self->backs_wait = TRUE; /* until all are asked for again */
  return FALSE;
}

/* (skip) asks for older entries, or those of the right branch, if somebody has them */
void
kith_group_replica_look_back (KithGroupReplica *self, KithGroupLog *log)
{
  const KithGroupMember *member = kith_group_state_find (self->chain->state, log->author);
  KithGroupBack *back;

  if (g_hash_table_contains (self->backs, log->author) || member == NULL)
    return;

  back = back_new (log);
  back->graft = needs_graft (log, member);
  if (back->graft)
    {
      back->top_seq = member->cut_seq;
      memcpy (back->top_id, member->cut_id, sizeof back->top_id);
    }
  else if (log->items->len > 0)
    {
      back->top_seq = log->first - 1;
      memcpy (back->top_id, log->first_prev, sizeof back->top_id);
    }

  if (back->top_seq == 0 || (!back->graft && kith_group_replica_get_room (self, log) == 0)
      || !is_room_for (self, back->graft) || !ask_back (self, back))
    kith_group_back_free (back);
  else
    g_hash_table_insert (self->backs, back->author, back);
}

/* --- Taking ---------------------------------------------------------------------------------- */

/* (skip) whether an entry is one that was asked for in this way */
gboolean
kith_group_replica_looks_back (KithGroupReplica *self, const KithGroupEntry *entry, guint from_link)
{
  const KithGroupBack *back = g_hash_table_lookup (self->backs, entry->author);

  return back != NULL && back->link == from_link && entry->seq >= back->from
         && entry->seq <= back->top_seq;
}

/* Each entry of the chunk is the one that the next names, and stands on something we know. */
static gboolean
check_chunk (KithGroupReplica *self, const KithGroupBack *back, guint32 *nodes)
{
  const guint8 *id = back->top_id;

  for (guint i = back->chunk->len; i > 0; i--)
    {
      const KithGroupEntry *entry = back->chunk->pdata[i - 1];
      const KithGroupNode *node = kith_group_chain_find (self->chain, entry->chain_head);

      if (memcmp (entry->id, id, sizeof entry->id) != 0 || node == NULL
          || node->op->height != entry->chain_height
          || !kith_group_chain_was_member (self->chain, node, entry->author))
        return FALSE;
      nodes[i - 1] = node->index;
      id = entry->prev;
    }

  return TRUE;
}

static void
prepend (KithGroupReplica *self, KithGroupLog *log, const KithGroupBack *back, const guint32 *nodes)
{
  if (!kith_group_log_prepend (log, back->chunk, nodes))
    return;

  for (guint i = 0; i < back->chunk->len; i++)
    {
      KithGroupEntry *entry = back->chunk->pdata[i];

      kith_group_replica_store_entry (self, entry);
      kith_group_replica_count_arrival (self, log, entry);
      if (entry->seq <= log->shown_to)
        kith_group_replica_tell_message (self, entry);
    }
  kith_group_replica_mark_dirty (self, log);
}

static void
forget_from (KithGroupReplica *self, KithGroupLog *log, guint64 seq)
{
  KithGroupEffect *effect;

  if (log->shown_to >= seq)
    {
      effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_HIDE);
      memcpy (effect->author, log->author, sizeof effect->author);
      effect->seq = seq;
    }
  effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_FORGET_ENTRIES);
  memcpy (effect->author, log->author, sizeof effect->author);
  effect->seq = seq;
  kith_group_log_truncate (log, seq - 1);
}

/* The branch meets ours before its entry @at: ours ends there, and theirs goes on. */
static void
graft (KithGroupReplica *self, KithGroupLog *log, GPtrArray *entries, guint at)
{
  forget_from (self, log, ((KithGroupEntry *) entries->pdata[at])->seq);
  for (guint i = at; i < entries->len; i++)
    {
      KithGroupEntry *entry = entries->pdata[i];
      const KithGroupNode *node = kith_group_chain_find (self->chain, entry->chain_head);

      if (node == NULL || kith_group_log_append (log, entry, node->index) != KITH_GROUP_LOG_APPENDED)
        break;
      kith_group_replica_store_entry (self, entry);
    }

  kith_group_replica_mark_dirty (self, log);
  kith_group_replica_update_log (self, log);
}

/* How far the branch and ours are the same: the index of its first other entry. */
static guint
count_same (const KithGroupLog *log, GPtrArray *entries)
{
  guint n = 0;

  for (; n < entries->len; n++)
    {
      const KithGroupEntry *entry = entries->pdata[n];
      const KithGroupLogItem *item = kith_group_log_get (log, entry->seq);

      if (item == NULL || memcmp (item->id, entry->id, sizeof item->id) != 0)
        break;
    }

  return n;
}

/* (transfer full): what is held of an entry: beyond some megabytes only the header. The content can be
 * fetched when that has found its place. */
static KithGroupEntry *
hold (KithGroupBack *back, KithGroupEntry *entry)
{
  gsize len = entry->content != NULL ? g_bytes_get_size (entry->content) : 0;

  if (len == 0 || back->held_bytes + len <= KITH_LIMIT_GROUP_GRAFT_BYTES)
    {
      back->held_bytes += len;
      return kith_group_entry_ref (entry);
    }

  return kith_group_entry_parse (entry->header, sizeof entry->header, entry->signature,
                                 sizeof entry->signature);
}

/* Puts the chunk before what has come of the branch; whether it has met ours. */
static gboolean
meets (const KithGroupLog *log, KithGroupBack *back)
{
  const KithGroupEntry *first;
  const KithGroupLogItem *before;

  for (guint i = back->chunk->len; i > 0; i--)
    g_ptr_array_insert (back->entries, 0, hold (back, back->chunk->pdata[i - 1]));

  first = back->entries->pdata[0];
  before = kith_group_log_get (log, first->seq - 1);
  return first->seq == 1 || first->seq <= log->first || count_same (log, back->entries) > 0
         || (before != NULL && memcmp (before->id, first->prev, sizeof before->id) == 0);
}

/* Since it was asked for, another end may have been named. */
static gboolean
is_branch (KithGroupReplica *self, const KithGroupLog *log, const KithGroupBack *back)
{
  const KithGroupMember *member = kith_group_state_find (self->chain->state, log->author);
  const KithGroupEntry *last = back->entries->pdata[back->entries->len - 1];

  return needs_graft (log, member)
         && memcmp (last->id, member->cut_id, sizeof last->id) == 0;
}

/* Goes on further back; whether there is somebody to ask. A branch that is too long is not asked for
 * again. */
static gboolean
go_on (KithGroupReplica *self, KithGroupLog *log, KithGroupBack *back)
{
  const KithGroupEntry *first = back->entries->pdata[0];
  const KithGroupEntry *last = back->entries->pdata[back->entries->len - 1];

  if (back->entries->len > KITH_LIMIT_GROUP_GRAFT_ENTRIES)
    {
      g_message ("The branch of a removed member is too long to be changed over to");
      memcpy (log->ungraftable, last->id, sizeof log->ungraftable);
      return FALSE;
    }

  back->top_seq = first->seq - 1;
  memcpy (back->top_id, first->prev, sizeof back->top_id);
  return ask_back (self, back);
}

/* (skip) takes an entry that was asked for; whether that was all there is to do with it */
gboolean
kith_group_replica_take_back (KithGroupReplica *self, KithGroupEntry *entry)
{
  KithGroupBack *back = g_hash_table_lookup (self->backs, entry->author);
  KithGroupLog *log = kith_group_replica_get_log (self, entry->author);
  guint32 nodes[CHUNK];

  if (log == NULL || entry->seq != back->from + back->chunk->len)
    return FALSE;

  g_ptr_array_add (back->chunk, kith_group_entry_ref (entry));
  if (entry->seq < back->top_seq)
    return TRUE;

  g_hash_table_steal (self->backs, back->author);
  kith_group_replica_ask_for (self, log);
  if (check_chunk (self, back, nodes))
    {
      if (!back->graft)
        prepend (self, log, back, nodes);
      else if (meets (log, back))
        {
          if (is_branch (self, log, back))
            graft (self, log, back->entries, count_same (log, back->entries));
        }
      else if (go_on (self, log, back))
        {
          g_hash_table_insert (self->backs, back->author, back);
          return TRUE;
        }
    }

  kith_group_back_free (back);
  if (self->backs_wait)
    kith_group_replica_ask_all (self);
  return TRUE;
}
