/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-waiting-numbers.h"

#define N_ROUNDS 2000
#define N_OUTBOX 20000

static void
push (KithMessageQueue *queue, guint64 seq)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);

  memcpy (row->id, &seq, sizeof seq);
  row->seq = seq;
  row->text = g_strdup ("of a row");
  kith_message_queue_push_tail (queue, row);
}

/* "3-4 6-6": what does not wait. @n_calls: (out) (optional): in how many looks it was found */
static char *
dup_others (KithWaitingNumbers *waiting, guint64 from, guint64 to, guint *n_calls)
{
  GString *text = g_string_new (NULL);
  guint64 first, last;
  guint n = 1;

  for (; kith_waiting_numbers_next_others (waiting, &from, to, &first, &last); n++)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " ", first, last);

  if (n_calls != NULL)
    *n_calls = n;
  return g_string_free (text, FALSE);
}

#define assert_others(waiting, from, to, expected)                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *others = dup_others (waiting, from, to, NULL);                                \
    g_assert_cmpstr (others, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

static void
test_runs (void)
{
  g_autoptr (KithWaitingNumbers) waiting = kith_waiting_numbers_new (3, 12);
  KithMessageQueue sent = { 0 };
  KithMessageQueue queued = { 0 };

  for (guint64 seq = 1; seq <= 5; seq += 2)
    push (&sent, seq);
  push (&queued, 8);
  push (&queued, 9);
  push (&queued, 13);
  kith_waiting_numbers_add (waiting, &queued);
  kith_waiting_numbers_add (waiting, &sent);

  assert_others (waiting, 3, 2, "");
  assert_others (waiting, 3, 4, "4-4 ");
  assert_others (waiting, 5, 5, "");
  assert_others (waiting, 6, 12, "6-7 10-12 ");

  kith_message_queue_clear (&sent);
  kith_message_queue_clear (&queued);
}

static void
test_nothing_waits (void)
{
  g_autoptr (KithWaitingNumbers) waiting = kith_waiting_numbers_new (G_MAXINT64, G_MAXINT64);

  assert_others (waiting, G_MAXINT64, G_MAXINT64, "9223372036854775807-9223372036854775807 ");
}

/* Number by number, as it was once. */
static char *
dup_others_slowly (const guint8 *is_waiting, guint64 from, guint64 to)
{
  GString *text = g_string_new (NULL);
  guint64 first = from;

  for (guint64 seq = from; seq <= to + 1; seq++)
    if (seq > to || is_waiting[seq])
      {
        if (first < seq)
          g_string_append_printf (text, "%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " ", first, seq - 1);
        first = seq + 1;
      }

  return g_string_free (text, FALSE);
}

/* Whatever waits, and wherever what is asked for is divided. */
static void
test_random (void)
{
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      guint64 from = (guint64) g_test_rand_int_range (1, 20);
      guint64 to = from + (guint64) g_test_rand_int_range (0, 40);
      g_autoptr (KithWaitingNumbers) waiting = kith_waiting_numbers_new (from, to);
      KithMessageQueue queue = { 0 };
      guint8 is_waiting[64] = { 0 };

      for (guint64 seq = 1; seq < G_N_ELEMENTS (is_waiting); seq++)
        if (g_test_rand_int_range (0, 3) == 0)
          {
            is_waiting[seq] = 1;
            push (&queue, seq);
          }
      kith_waiting_numbers_add (waiting, &queue);
      kith_message_queue_clear (&queue);

      while (from <= to)
        {
          guint64 end = from + (guint64) g_test_rand_int_range (0, (gint32) (to - from + 1));
          g_autofree char *expected = dup_others_slowly (is_waiting, from, end);

          assert_others (waiting, from, end, expected);
          from = end + (guint64) g_test_rand_int_range (1, 3); /* a row of the store may stand there */
        }
    }
}

/* The outbox is read once: it is gone before the first question, and each answer takes one look. */
static void
test_a_long_outbox (void)
{
  const guint64 from = N_OUTBOX - KITH_LIMIT_RESEND_MESSAGES + 1;
  g_autoptr (KithWaitingNumbers) waiting = kith_waiting_numbers_new (from, N_OUTBOX);
  KithMessageQueue queue = { 0 };
  g_autofree char *others = NULL;
  guint n_calls;

  for (guint64 seq = 2; seq <= N_OUTBOX; seq += 2)
    push (&queue, seq);
  kith_waiting_numbers_add (waiting, &queue);
  kith_message_queue_clear (&queue);

  others = dup_others (waiting, from, N_OUTBOX, &n_calls);
  g_assert_true (g_str_has_prefix (others, "19001-19001 19003-19003 "));
  g_assert_true (g_str_has_suffix (others, " 19997-19997 19999-19999 "));
  g_assert_cmpuint (n_calls, ==, KITH_LIMIT_RESEND_MESSAGES / 2 + 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/waiting-numbers/runs", test_runs);
  g_test_add_func ("/waiting-numbers/nothing-waits", test_nothing_waits);
  g_test_add_func ("/waiting-numbers/random", test_random);
  g_test_add_func ("/waiting-numbers/a-long-outbox", test_a_long_outbox);

  return g_test_run ();
}
