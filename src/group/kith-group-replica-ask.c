/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: asking others for what they have and we have not. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "group/kith-group-replica-private.h"


/* (skip) asks a link's peer for entries, at the end of the call */
void
kith_group_replica_want (KithGroupLink *link, const guint8 *author, guint64 from, guint64 to)
{
  KithGroupRange range = { .from = from, .to = to };

  memcpy (range.author, author, sizeof range.author);
  g_array_append_val (link->wants, range);
}

/* (skip) something may have to be asked for: decided at the end of the call */
void
kith_group_replica_ask_for (KithGroupReplica *self, KithGroupLog *log)
{
  if (!self->restoring)
    g_hash_table_insert (self->to_ask, log->author, log);
}

/* (skip) the same for all that anybody has */
void
kith_group_replica_ask_all (KithGroupReplica *self)
{
  GHashTableIter links;
  gpointer link;

  self->backs_wait = FALSE;
  g_hash_table_iter_init (&links, self->links);
  while (g_hash_table_iter_next (&links, NULL, &link))
    {
      GHashTableIter rows;
      gpointer author;

      g_hash_table_iter_init (&rows, ((KithGroupLink *) link)->rows);
      while (g_hash_table_iter_next (&rows, &author, NULL))
        if (kith_group_state_find (self->chain->state, author) != NULL)
          kith_group_replica_ask_for (self, kith_group_replica_ensure_log (self, author));
    }
}

/* The first of the entries that are looked at for a fork, of those up to @seq. */
static guint64
look_back (guint64 seq)
{
  return seq > KITH_LIMIT_GROUP_LOOK_BACK ? seq - KITH_LIMIT_GROUP_LOOK_BACK + 1 : 1;
}

/* They have an entry other than ours at the end of what they have: a fork, and where it begins can
 * be found by looking at theirs. */
static void
look_for_fork (KithGroupLog *log, KithGroupLink *link, KithGroupPeerRow *peer)
{
  const KithGroupLogItem *item = kith_group_log_get (log, peer->row.to);

  if (item == NULL || (log->fork != 0 && log->fork <= peer->row.to)
      || peer->looked_at == peer->row.to
      || memcmp (item->id, peer->row.id, sizeof peer->row.id) == 0)
    return;

  peer->looked_at = peer->row.to;
  kith_group_replica_want (link, log->author,
                           MAX (look_back (peer->row.to),
                                peer->row.from),
                           peer->row.to);
}

/* --- Contents -------------------------------------------------------------------------------- */

static void
want_contents (KithGroupLink *link, KithGroupPeerRow *peer, guint64 from, guint64 to)
{
  if (from == 0)
    return;

  kith_group_replica_want (link, peer->row.author, from, to);
  peer->hollow_asked = to;
}

/* The contents that we lack of what a peer has: a few, the newest first, each of them once. Returns: how
 * many were asked for. */
static guint
want_hollow (const KithGroupLog *log, KithGroupLink *link, KithGroupPeerRow *peer)
{
  guint64 top = MIN (peer->row.to, kith_group_log_last (log));
  guint64 end = MAX (peer->row.from, log->first);
  guint64 from = 0; /* of those next to each other ... */
  guint64 to = 0;   /* ... that are asked for as one */
  guint64 seq = top;
  guint n = 0;

  for (; seq >= end && n < KITH_LIMIT_GROUP_HOLLOW; seq--)
    {
      if (seq <= peer->hollow_top && seq >= peer->hollow_bottom)
        seq = peer->hollow_bottom;
      else if (kith_group_log_get (log, seq)->hollow)
        {
          if (seq + 1 != from)
            {
              want_contents (link, peer, from, to);
              to = seq;
            }
          from = seq;
          n++;
        }
    }

  want_contents (link, peer, from, to);
  peer->hollow_top = top;
  peer->hollow_bottom = seq + 1;
  return n;
}

/* Contents that somebody left out: one peer after the other is asked for them. Returns: whether that has to
 * wait until those who have answered others. */
static gboolean
look_for_content (KithGroupReplica *self, KithGroupLog *log)
{
  gboolean waits = FALSE;
  GHashTableIter iter;
  gpointer value;

  if (log->n_hollow == 0 || log->content_link != 0)
    return FALSE;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupLink *link = value;
      KithGroupPeerRow *peer = g_hash_table_lookup (link->rows, log->author);

      if (!link->active || peer == NULL || peer->row.to == 0 || peer->hollow_asked != 0)
        continue;
      if (link->n_contents >= KITH_LIMIT_GROUP_ASKED_CONTENTS)
        {
          waits = TRUE;
          continue;
        }
      if (want_hollow (log, link, peer) == 0)
        continue;

      link->n_contents++;
      log->content_link = link->id;
      log->content_until_ms = self->now_ms + KITH_LIMIT_GROUP_WANT_MS;
      self->want_ms = MIN (self->want_ms, log->content_until_ms);
      return FALSE;
    }

  return waits;
}

static void
end_contents (KithGroupReplica *self, KithGroupLog *log)
{
  KithGroupLink *link = kith_group_replica_get_link (self, log->content_link);

  if (link != NULL && link->n_contents > 0)
    link->n_contents--;
  log->content_link = 0;
  self->has_turn = TRUE;
  kith_group_replica_ask_for (self, log);
}

/* (skip) a peer has sent an entry: when that was the last that they were asked for as hollow, there
 * may be more */
void
kith_group_replica_brought_content (KithGroupReplica *self, KithGroupLink *link,
                                    const KithGroupEntry *entry)
{
  KithGroupPeerRow *peer = g_hash_table_lookup (link->rows, entry->author);
  KithGroupLog *log = kith_group_replica_get_log (self, entry->author);

  if (peer == NULL || log == NULL || peer->hollow_asked != entry->seq)
    return;

  peer->hollow_asked = 0;
  if (log->content_link == link->id)
    end_contents (self, log);
  else
    kith_group_replica_ask_for (self, log);
}

/* --- Entries --------------------------------------------------------------------------------- */

/* (skip) what @link brings does not follow what we have: one of ours is other than theirs */
void
kith_group_replica_torn (KithGroupReplica *self, KithGroupLog *log, guint link)
{
  KithGroupLink *from = kith_group_replica_get_link (self, link);
  guint64 last = kith_group_log_last (log);
  KithGroupPeerRow *peer;

  if (from == NULL)
    return;

  peer = kith_group_replica_get_peer_row (from, log->author);
  peer->failed_at = last + 1;
  if (peer->looked_at == last)
    return;

  peer->looked_at = last;
  kith_group_replica_want (from, log->author, look_back (last), last);
}

/* Of those who have it, whom we have asked for the least. */
static KithGroupLink *
choose_link (KithGroupReplica *self, const KithGroupLog *log, guint64 next)
{
  KithGroupLink *best = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupLink *link = value;
      const KithGroupPeerRow *peer = g_hash_table_lookup (link->rows, log->author);

      if (!link->active || peer == NULL || peer->row.to < next || peer->failed_at == next)
        continue;
      if (best == NULL || link->n_asked < best->n_asked
          || (link->n_asked == best->n_asked && link->id < best->id))
        best = link;
    }

  return best;
}

/* Returns: whether that has to wait until those who have it answered others. */
static gboolean
ask_next (KithGroupReplica *self, KithGroupLog *log)
{
  guint64 next = kith_group_log_last (log) + 1;
  KithGroupLink *link;
  const KithGroupPeerRow *peer;
  guint64 from;
  guint64 room;

  if (log->want_link != 0 || next > log->limit)
    return FALSE;

  link = choose_link (self, log, next);
  if (link == NULL)
    return FALSE;

  /* Into an empty log, from wherever they have it. */
  peer = g_hash_table_lookup (link->rows, log->author);
  from = log->items->len == 0 ? peer->row.from : next;
  if (from > MIN (peer->row.to, log->limit))
    return FALSE;
  room = kith_group_replica_get_room (self, log);
  if (room == 0)
    return FALSE;
  if (link->n_asked >= KITH_LIMIT_GROUP_ASKED_LOGS)
    return TRUE;

  log->want_link = link->id;
  log->want_to = MIN (MIN (peer->row.to, log->limit), from + room - 1);
  log->want_until_ms = self->now_ms + KITH_LIMIT_GROUP_WANT_MS;
  self->want_ms = MIN (self->want_ms, log->want_until_ms);
  link->n_asked++;
  kith_group_replica_want (link, log->author, from, log->want_to);
  return FALSE;
}

/* Returns: whether there was no room to ask for all. */
static gboolean
ask (KithGroupReplica *self, KithGroupLog *log)
{
  GHashTableIter iter;
  gpointer link;
  gboolean content_waits;
  gboolean next_waits;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    {
      KithGroupPeerRow *peer = g_hash_table_lookup (((KithGroupLink *) link)->rows, log->author);

      if (((KithGroupLink *) link)->active && peer != NULL)
        look_for_fork (log, link, peer);
    }

  content_waits = look_for_content (self, log);
  kith_group_replica_look_back (self, log);
  next_waits = ask_next (self, log);
  return content_waits || next_waits;
}

static void
await_turn (KithGroupReplica *self, KithGroupLog *log)
{
  if (log->waits)
    return;

  log->waits = TRUE;
  g_queue_push_tail (&self->waiting, log);
}

/* Somebody has answered: those that waited for that, one after the other. */
static void
take_turns (KithGroupReplica *self)
{
  guint n_in_vain = 0;

  self->has_turn = FALSE;
  while (n_in_vain < KITH_LIMIT_GROUP_ASK_TURNS && !g_queue_is_empty (&self->waiting))
    {
      KithGroupLog *log = g_queue_pop_head (&self->waiting);

      log->waits = FALSE;
      if (!ask (self, log))
        continue;
      n_in_vain++;
      await_turn (self, log);
    }
}

static void
forget_turns (KithGroupReplica *self)
{
  KithGroupLog *log;

  while ((log = g_queue_pop_head (&self->waiting)) != NULL)
    log->waits = FALSE;
}

/* (skip) at the end of a call: asks for what it turned out that others have */
void
kith_group_replica_ask (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer log;

  if (self->standing != KITH_GROUP_STANDING_MEMBER)
    {
      g_hash_table_remove_all (self->to_ask);
      forget_turns (self);
      return;
    }

  g_hash_table_iter_init (&iter, self->to_ask);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    {
      g_hash_table_iter_remove (&iter);
      if (ask (self, log))
        await_turn (self, log);
    }

  if (self->has_turn)
    take_turns (self);
}

/* (skip) nobody is waited for any more on a link */
void
kith_group_replica_forget_asked (KithGroupReplica *self, KithGroupLink *link)
{
  GHashTableIter iter;
  gpointer value;

  link->n_asked = 0;
  link->n_contents = 0;
  self->has_turn = TRUE;
  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupLog *log = value;

      if (log->want_link != link->id && log->content_link != link->id)
        continue;
      log->want_link = log->want_link == link->id ? 0 : log->want_link;
      log->content_link = log->content_link == link->id ? 0 : log->content_link;
      kith_group_replica_ask_for (self, log);
    }
}

/* (skip) a log goes: nothing of it is waited for */
void
kith_group_replica_end_asking (KithGroupReplica *self, KithGroupLog *log)
{
  KithGroupLink *link = kith_group_replica_get_link (self, log->want_link);

  if (link != NULL && link->n_asked > 0)
    link->n_asked--;
  link = kith_group_replica_get_link (self, log->content_link);
  if (link != NULL && link->n_contents > 0)
    link->n_contents--;
  if (log->waits)
    g_queue_remove (&self->waiting, log);
  g_hash_table_remove (self->to_ask, log->author);
}

static void
end_want (KithGroupReplica *self, KithGroupLog *log)
{
  KithGroupLink *link = kith_group_replica_get_link (self, log->want_link);

  if (link != NULL && link->n_asked > 0)
    link->n_asked--;
  log->want_link = 0;
  self->has_turn = TRUE;
  kith_group_replica_ask_for (self, log);
}

/* (skip) an entry that was missing is here */
void
kith_group_replica_brought (KithGroupReplica *self, KithGroupLog *log, guint64 seq)
{
  if (log->want_link == 0)
    return;

  log->want_until_ms = self->now_ms + KITH_LIMIT_GROUP_WANT_MS;
  if (seq >= log->want_to)
    end_want (self, log);
}

/* Whether it is overdue; if not it is looked at again. Nor does it hold when the clock was set back. */
static gboolean
is_overdue (KithGroupReplica *self, gint64 until_ms)
{
  if (until_ms <= self->now_ms || until_ms > self->now_ms + KITH_LIMIT_GROUP_WANT_MS)
    return TRUE;

  self->want_ms = MIN (self->want_ms, until_ms);
  return FALSE;
}

static void
check_want (KithGroupReplica *self, KithGroupLog *log)
{
  KithGroupLink *link;

  if (log->content_link != 0 && is_overdue (self, log->content_until_ms))
    end_contents (self, log);
  if (log->want_link == 0 || !is_overdue (self, log->want_until_ms))
    return;

  link = kith_group_replica_get_link (self, log->want_link);
  if (link != NULL)
    kith_group_replica_get_peer_row (link, log->author)->failed_at = kith_group_log_last (log) + 1;
  end_want (self, log);
}

/* (skip) by time: who does not answer is not waited for */
void
kith_group_replica_check_wants (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer value;
  gboolean has_room = FALSE;

  if (self->want_ms > self->now_ms)
    return;

  self->want_ms = G_MAXINT64;
  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    check_want (self, value);

  g_hash_table_iter_init (&iter, self->backs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupBack *back = value;
      KithGroupLog *log = kith_group_replica_get_log (self, back->author);

      if (back->until_ms > self->now_ms)
        self->want_ms = MIN (self->want_ms, back->until_ms);
      else
        {
          g_hash_table_iter_remove (&iter);
          has_room = TRUE;
          if (log != NULL)
            kith_group_replica_ask_for (self, log);
        }
    }

  if (has_room && self->backs_wait)
    kith_group_replica_ask_all (self);
}
