/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-gaps.h"

#include "base/kith-limits.h"

static KithGap *
gap_new (guint64 from, guint64 to, guint64 hlc)
{
  KithGap *self = g_new0 (KithGap, 1);

  self->from = from;
  self->to = to;
  self->hlc = hlc;
  self->changed = TRUE;
  return self;
}

static void
gap_free (KithGap *self)
{
  g_clear_pointer (&self->line, kith_store_message_free);
  g_free (self);
}

/**
 * kith_gaps_new:
 *
 * Returns: (transfer full): nothing came, and nothing is missing
 */
KithGaps *
kith_gaps_new (void)
{
  KithGaps *self = g_new0 (KithGaps, 1);

  self->gaps = g_ptr_array_new_with_free_func ((GDestroyNotify) gap_free);
  return self;
}

/**
 * kith_gaps_free:
 * @self: (transfer full): gaps
 */
void
kith_gaps_free (KithGaps *self)
{
  g_ptr_array_unref (self->gaps);
  g_free (self);
}

/**
 * kith_gaps_get:
 * @self: gaps
 * @position: less than their number
 *
 * Returns: (transfer none): one of them
 */
KithGap *
kith_gaps_get (KithGaps *self, guint position)
{
  return g_ptr_array_index (self->gaps, position);
}

/**
 * kith_gap_is_over:
 * @gap: a gap
 *
 * Returns: whether nobody waits for it any more: all of it has come, or it is gone
 */
gboolean
kith_gap_is_over (const KithGap *gap)
{
  return gap->gone || gap->from > gap->to;
}

/* What lies between comes along: that comes again, and is known. */
static void
reach_to (KithGap *gap, guint64 to)
{
  gap->to = MAX (gap->to, to);
  gap->asked_from = 0;
  gap->changed = TRUE;
}

/* Nobody writes so much while a session brings it in order. */
static void
bound (KithGap *gap)
{
  if (gap->to - gap->from >= KITH_LIMIT_MISSING_NUMBERS)
    gap->from = gap->to - KITH_LIMIT_MISSING_NUMBERS + 1;
}

/**
 * kith_gaps_restore:
 * @self: gaps
 * @line: what stood for one, of higher numbers than those that were restored
 * @is_spare: (out): whether there was no room for one more, so that the last one stands for its numbers, too:
 *   its own line has to go
 *
 * Returns: whether there was something to restore
 */
gboolean
kith_gaps_restore (KithGaps *self, const KithStoreMessage *line, gboolean *is_spare)
{
  KithGap *gap;

  *is_spare = FALSE;
  if (line->reason != NULL || line->n_missing == 0)
    return FALSE;

  *is_spare = self->gaps->len >= KITH_LIMIT_MISSING_LINES;
  if (*is_spare)
    {
      gap = kith_gaps_get (self, self->gaps->len - 1);
      reach_to (gap, line->seq + line->n_missing - 1);
      bound (gap);
    }
  else
    {
      gap = gap_new (line->seq, line->seq + line->n_missing - 1, line->hlc);
      gap->changed = FALSE;
      gap->line = kith_store_message_copy (line);
      g_ptr_array_add (self->gaps, gap);
    }

  self->heard = MAX (self->heard, gap->to);
  return TRUE;
}

/* --- Numbers that come ---------------------------------------------------------------------- */

static void
keep_asked_inside (KithGap *gap)
{
  if (gap->asked_from > gap->to)
    gap->asked_from = 0;
}

/* All before @at stays in @gap; a new one, behind it, gets what is left. */
static void
split (KithGaps *self, guint position, guint64 at)
{
  KithGap *gap = kith_gaps_get (self, position);
  KithGap *upper = gap_new (at, gap->to, gap->hlc);

  if (gap->asked_from != 0)
    upper->asked_from = MAX (gap->asked_from, at);
  gap->to = at - 1;
  gap->changed = TRUE;
  keep_asked_inside (gap);
  g_ptr_array_insert (self->gaps, (gint) position + 1, upper);
}

static void
add (KithGaps *self, guint64 from, guint64 to, guint64 hlc)
{
  KithGap *last = self->gaps->len > 0 ? kith_gaps_get (self, self->gaps->len - 1) : NULL;

  if (self->gaps->len < KITH_LIMIT_MISSING_LINES)
    {
      g_ptr_array_add (self->gaps, gap_new (from, to, hlc));
      last = kith_gaps_get (self, self->gaps->len - 1);
    }
  else
    reach_to (last, to);

  bound (last);
}

static gboolean
take (KithGaps *self, guint64 seq)
{
  for (guint i = 0; i < self->gaps->len; i++)
    {
      KithGap *gap = kith_gaps_get (self, i);

      if (seq < gap->from || seq > gap->to)
        continue;
      if (seq > gap->from && seq < gap->to)
        {
          if (self->gaps->len >= KITH_LIMIT_MISSING_LINES)
            return FALSE; /* it counts as missing until what is before it has come */
          split (self, i, seq);
          gap = kith_gaps_get (self, i + 1);
        }
      if (seq == gap->from)
        gap->from++;
      else
        gap->to--;
      gap->changed = TRUE;
      keep_asked_inside (gap);
      return TRUE;
    }

  return FALSE;
}

/**
 * kith_gaps_note:
 * @self: gaps
 * @seq: a number that came, from 1 to %G_MAXINT64
 * @hlc: where in the conversation it stands
 * @is_new: (out): whether numbers were skipped that nobody knew to be missing
 *
 * Returns: whether anything is different now, but for the highest number
 */
gboolean
kith_gaps_note (KithGaps *self, guint64 seq, guint64 hlc, gboolean *is_new)
{
  guint64 before = self->heard;

  *is_new = before > 0 && seq > before + 1;
  if (seq <= before)
    return take (self, seq);

  self->heard = seq;
  if (*is_new)
    add (self, before + 1, seq - 1, hlc > 0 ? hlc - 1 : 0);

  return *is_new;
}

/**
 * kith_gaps_get_received:
 * @self: gaps
 *
 * Returns: up to which number all has come or is gone for good
 */
guint64
kith_gaps_get_received (KithGaps *self)
{
  for (guint i = 0; i < self->gaps->len; i++)
    if (!kith_gap_is_over (kith_gaps_get (self, i)))
      return kith_gaps_get (self, i)->from - 1;

  return self->heard;
}

/* --- Numbers that do not come any more ------------------------------------------------------ */

/**
 * kith_gaps_give_up:
 * @self: gaps
 * @from: the first number that they say they do not have any more
 * @to: the last one
 *
 * Only what was asked for counts, so that what they can make us do by saying this is bounded by what we ask.
 *
 * Returns: whether anything is different now
 */
gboolean
kith_gaps_give_up (KithGaps *self, guint64 from, guint64 to)
{
  for (guint i = 0; i < self->gaps->len; i++)
    {
      KithGap *gap = kith_gaps_get (self, i);
      guint64 first = MAX (from, MAX (gap->asked_from, gap->from));
      guint64 last = MIN (to, gap->to);

      if (gap->asked_from == 0 || gap->gone || first > last)
        continue;
      if (first > gap->from && last < gap->to && self->gaps->len >= KITH_LIMIT_MISSING_LINES)
        return FALSE;

      if (last < gap->to)
        split (self, i, last + 1);
      if (first > gap->from)
        split (self, i++, first);
      gap = kith_gaps_get (self, i);
      gap->gone = gap->changed = TRUE;
      return TRUE; /* what they say of one question is about one gap */
    }

  return FALSE;
}

/**
 * kith_gaps_give_up_all:
 * @self: gaps
 *
 * Their numbers mean something else from now on.
 */
void
kith_gaps_give_up_all (KithGaps *self)
{
  self->heard = 0;
  for (guint i = 0; i < self->gaps->len; i++)
    kith_gaps_get (self, i)->gone = kith_gaps_get (self, i)->changed = TRUE;
}

/**
 * kith_gaps_forget_asked:
 * @self: gaps
 *
 * A new session: all may be asked for again.
 */
void
kith_gaps_forget_asked (KithGaps *self)
{
  for (guint i = 0; i < self->gaps->len; i++)
    kith_gaps_get (self, i)->asked_from = 0;
}

/**
 * kith_gaps_drop_ended:
 * @self: gaps, whose lines are written
 */
void
kith_gaps_drop_ended (KithGaps *self)
{
  for (guint i = self->gaps->len; i > 0; i--)
    if (kith_gap_is_over (kith_gaps_get (self, i - 1)))
      g_ptr_array_remove_index (self->gaps, i - 1);
}

/**
 * kith_gaps_clear:
 * @self: gaps
 *
 * Nothing is missing any more, and there are no lines. What came is still known.
 */
void
kith_gaps_clear (KithGaps *self)
{
  g_ptr_array_set_size (self->gaps, 0);
}
