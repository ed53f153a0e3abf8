/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "node/kith-message-queue.h"

#define N_IDS 8
#define N_STEPS 20000

static KithStoreMessage *
row_new (guint8 id, guint64 seq)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);

  row->id[0] = id;
  row->seq = seq;
  row->text = g_strdup ("of a row");
  return row;
}

static const guint8 *
id_of (guint8 id)
{
  static guint8 bytes[KITH_STORE_MESSAGE_ID_BYTES];

  bytes[0] = id;
  return bytes;
}

/* "3 1 2": the ids from head to tail, if both directions and the index agree. */
static char *
dup_state (const KithMessageQueue *queue)
{
  GString *state = g_string_new (NULL);
  guint n = 0;

  for (GList *link = queue->rows.head; link != NULL; link = link->next)
    {
      KithStoreMessage *row = link->data;

      g_string_append_printf (state, "%s%u", n++ > 0 ? " " : "", row->id[0]);
      g_assert_true (kith_message_queue_find (queue, row->id) == row);
      g_assert_true (link->next != NULL || queue->rows.tail == link);
    }

  g_assert_cmpuint (queue->rows.length, ==, n);
  g_assert_cmpuint (queue->links != NULL ? g_hash_table_size (queue->links) : 0, ==, n);
  return g_string_free (state, FALSE);
}

#define assert_state(queue, expected)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *state = dup_state (queue);                                                    \
    g_assert_cmpstr (state, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static void
test_empty (void)
{
  KithMessageQueue queue = { 0 };

  g_assert_null (kith_message_queue_peek_head (&queue));
  g_assert_null (kith_message_queue_pop_head (&queue));
  g_assert_null (kith_message_queue_pop_tail (&queue));
  g_assert_null (kith_message_queue_find (&queue, id_of (1)));
  g_assert_null (kith_message_queue_take (&queue, id_of (1)));
  assert_state (&queue, "");
  kith_message_queue_clear (&queue);
}

static void
test_order (void)
{
  KithMessageQueue queue = { 0 };
  KithStoreMessage *row;

  for (guint8 i = 1; i <= 3; i++)
    kith_message_queue_push_tail (&queue, row_new (i, i));
  kith_message_queue_push_head (&queue, row_new (4, 4));
  assert_state (&queue, "4 1 2 3");
  g_assert_cmpuint (kith_message_queue_peek_head (&queue)->seq, ==, 4);

  row = kith_message_queue_take (&queue, id_of (2));
  g_assert_cmpuint (row->seq, ==, 2);
  kith_store_message_free (row);
  assert_state (&queue, "4 1 3");
  g_assert_null (kith_message_queue_take (&queue, id_of (2)));

  kith_store_message_free (kith_message_queue_pop_head (&queue));
  kith_store_message_free (kith_message_queue_pop_tail (&queue));
  assert_state (&queue, "1");
  kith_message_queue_clear (&queue);
  assert_state (&queue, "");
  kith_message_queue_push_head (&queue, row_new (5, 5));
  assert_state (&queue, "5");
  kith_message_queue_clear (&queue);
}

/* Receipts in any order make what is loaded later come once more. */
static void
test_twice (void)
{
  KithMessageQueue queue = { 0 };

  for (guint8 i = 1; i <= 3; i++)
    kith_message_queue_push_tail (&queue, row_new (i, i));
  kith_message_queue_push_tail (&queue, row_new (1, 11));
  assert_state (&queue, "2 3 1");
  kith_message_queue_push_head (&queue, row_new (3, 13));
  assert_state (&queue, "3 2 1");
  g_assert_cmpuint (kith_message_queue_find (&queue, id_of (1))->seq, ==, 11);
  g_assert_cmpuint (kith_message_queue_find (&queue, id_of (3))->seq, ==, 13);
  kith_message_queue_clear (&queue);
}

/* Whatever happens to it, the index leads to what is there and to nothing else. */
static void
test_random (void)
{
  KithMessageQueue queue = { 0 };

  for (guint i = 0; i < N_STEPS; i++)
    {
      guint8 id = (guint8) g_test_rand_int_range (1, N_IDS + 1);
      gboolean was_there = kith_message_queue_find (&queue, id_of (id)) != NULL;
      guint n = queue.rows.length;
      KithStoreMessage *taken = NULL;
      int step = g_test_rand_int_range (0, 5);

      if (step == 0)
        kith_message_queue_push_head (&queue, row_new (id, i));
      else if (step == 1)
        kith_message_queue_push_tail (&queue, row_new (id, i));
      else if (step == 2)
        taken = kith_message_queue_take (&queue, id_of (id));
      else if (step == 3)
        taken = kith_message_queue_pop_head (&queue);
      else
        taken = kith_message_queue_pop_tail (&queue);

      if (step < 2)
        g_assert_cmpuint (queue.rows.length, ==, was_there ? n : n + 1);
      else
        g_assert_cmpuint (queue.rows.length, ==, taken != NULL ? n - 1 : n);
      if (step == 2)
        g_assert_true ((taken != NULL) == was_there);
      kith_store_message_free (taken);
      g_free (dup_state (&queue));
    }

  kith_message_queue_clear (&queue);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message-queue/empty", test_empty);
  g_test_add_func ("/message-queue/order", test_order);
  g_test_add_func ("/message-queue/twice", test_twice);
  g_test_add_func ("/message-queue/random", test_random);

  return g_test_run ();
}
