/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-awaited.h"

#define MOST KITH_LIMIT_WINDOW_MESSAGES

static void
push (KithAwaitedQueue *queue, guint64 seq)
{
  KithStoreMessage row = { .seq = seq, .hlc = 7 * seq, .kind = KITH_STORE_KIND_TEXT };

  memcpy (row.id, &seq, sizeof seq);
  kith_awaited_queue_push (queue, &row);
}

static guint8 *
id_of (guint64 seq)
{
  static guint8 id[KITH_STORE_MESSAGE_ID_BYTES];

  memcpy (id, &seq, sizeof seq);
  return id;
}

/* All numbers from @first to @last, once each, in order, and found by their ids. */
static void
assert_has (KithAwaitedQueue *queue, guint64 first, guint64 last)
{
  guint64 seq = first;

  g_assert_cmpuint (queue->messages.length, ==, last - first + 1);
  g_assert_cmpuint (g_hash_table_size (queue->links), ==, queue->messages.length);
  for (GList *link = queue->messages.head; link != NULL; link = link->next, seq++)
    {
      const KithAwaited *awaited = link->data;

      g_assert_cmpuint (awaited->seq, ==, seq);
      g_assert_true (g_hash_table_lookup (queue->links, awaited->id) == link);
    }
}

/* Messages arrive, and nobody says that they are read: the last count. */
static void
test_arriving (void)
{
  KithAwaitedQueue queue = { .links = NULL };

  for (guint64 seq = 1; seq <= 3 * MOST; seq++)
    push (&queue, seq);
  assert_has (&queue, 2 * MOST + 1, 3 * MOST);
  kith_awaited_queue_clear (&queue);
}

/* Pages of older and older ones are loaded, each the newest first: there are no more for that. */
static void
test_loading (void)
{
  KithAwaitedQueue queue = { .links = NULL };

  for (guint64 seq = 3 * MOST; seq > 0; seq--)
    push (&queue, seq);
  assert_has (&queue, 2 * MOST + 1, 3 * MOST);
  push (&queue, 3 * MOST + 1);
  assert_has (&queue, 2 * MOST + 2, 3 * MOST + 1);
  kith_awaited_queue_clear (&queue);
}

static void
test_order (void)
{
  static const guint64 order[] = { 5, 2, 3, 3, 9, 1, 5, 4, 8, 6, 7, 1 };
  KithAwaitedQueue queue = { .links = NULL };
  KithAwaited taken;

  g_assert_false (kith_awaited_queue_take_up_to (&queue, 100, &taken));
  g_assert_false (kith_awaited_queue_take (&queue, id_of (1), &taken));
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    push (&queue, order[i]);
  assert_has (&queue, 1, 9);

  g_assert_true (kith_awaited_queue_take (&queue, id_of (2), &taken));
  g_assert_cmpuint (taken.hlc, ==, 14);
  g_assert_false (kith_awaited_queue_take (&queue, id_of (2), &taken));
  g_assert_true (kith_awaited_queue_take_up_to (&queue, 3, &taken));
  g_assert_cmpuint (taken.seq, ==, 1);
  g_assert_true (kith_awaited_queue_take_up_to (&queue, 3, &taken));
  g_assert_cmpuint (taken.seq, ==, 3);
  g_assert_false (kith_awaited_queue_take_up_to (&queue, 3, &taken));
  assert_has (&queue, 4, 9);
  kith_awaited_queue_clear (&queue);
  g_assert_null (queue.links);
  g_assert_cmpuint (queue.messages.length, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/awaited/arriving", test_arriving);
  g_test_add_func ("/awaited/loading", test_loading);
  g_test_add_func ("/awaited/order", test_order);

  return g_test_run ();
}
