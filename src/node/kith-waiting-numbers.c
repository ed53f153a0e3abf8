/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-waiting-numbers.h"

struct _KithWaitingNumbers
{
  guint64 from;
  guint64 to;
  GArray *numbers;  /* (owned) (element-type guint64): ascending */
  guint   position; /* of the first that is not below what was asked for last */
};

/**
 * kith_waiting_numbers_new: (skip)
 * @from: the first number that is asked for
 * @to: the last one, below %G_MAXUINT64
 *
 * Returns: (transfer full): without any
 */
KithWaitingNumbers *
kith_waiting_numbers_new (guint64 from, guint64 to)
{
  KithWaitingNumbers *self = g_new0 (KithWaitingNumbers, 1);

  self->from = from;
  self->to = to;
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  return self;
}

/**
 * kith_waiting_numbers_free: (skip)
 * @self: (transfer full): what waits
 */
void
kith_waiting_numbers_free (KithWaitingNumbers *self)
{
  g_array_unref (self->numbers);
  g_free (self);
}

static guint64
get (KithWaitingNumbers *self, guint position)
{
  return g_array_index (self->numbers, guint64, position);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  guint64 first = *(const guint64 *) a;
  guint64 second = *(const guint64 *) b;

  return (first > second) - (first < second);
}

/**
 * kith_waiting_numbers_add: (skip)
 * @self: what waits
 * @queue: rows in the order of their numbers
 *
 * Adds those of its numbers that are asked for: nothing else is kept.
 */
void
kith_waiting_numbers_add (KithWaitingNumbers *self, const KithMessageQueue *queue)
{
  for (const GList *link = queue->rows.head; link != NULL; link = link->next)
    {
      guint64 seq = ((const KithStoreMessage *) link->data)->seq;

      if (seq > self->to)
        break;
      if (seq >= self->from)
        g_array_append_val (self->numbers, seq);
    }

  g_array_sort (self->numbers, compare);
}

/**
 * kith_waiting_numbers_next_others: (skip)
 * @self: what waits
 * @next: (inout): where to begin, never below where an earlier call ended; then where the next one goes on
 * @to: where to end, not beyond what is asked for
 * @first: (out): the first of some numbers on end none of which waits
 * @last: (out): the last of them
 *
 * All calls together pass each number that waits once.
 *
 * Returns: whether there are any
 */
gboolean
kith_waiting_numbers_next_others (KithWaitingNumbers *self, guint64 *next, guint64 to, guint64 *first,
                                  guint64 *last)
{
  while (*next <= to && self->position < self->numbers->len && get (self, self->position) <= *next)
    if (get (self, self->position++) == *next)
      (*next)++;

  if (*next > to)
    return FALSE;

  *first = *next;
  *last = self->position < self->numbers->len ? MIN (get (self, self->position) - 1, to) : to;
  *next = *last + 1;
  return TRUE;
}
