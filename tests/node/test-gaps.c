/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-limits.h"
#include "node/kith-gaps.h"

/* "8-9 12(gone)": what is missing. */
static char *
dup_state (KithGaps *gaps)
{
  GString *state = g_string_new (NULL);

  for (guint i = 0; i < gaps->gaps->len; i++)
    {
      const KithGap *gap = kith_gaps_get (gaps, i);

      g_string_append_printf (state, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "%s", i > 0 ? " " : "",
                              gap->from, gap->to, gap->gone ? "(gone)" : "");
    }

  return g_string_free (state, FALSE);
}

#define assert_state(gaps, expected)                                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *state = dup_state (gaps);                                                     \
    g_assert_cmpstr (state, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static gboolean
note (KithGaps *gaps, guint64 seq)
{
  gboolean is_new;

  return kith_gaps_note (gaps, seq, 1000 + seq, &is_new);
}

static void
ask_all (KithGaps *gaps)
{
  for (guint i = 0; i < gaps->gaps->len; i++)
    kith_gaps_get (gaps, i)->asked_from = kith_gaps_get (gaps, i)->from;
}

static void
test_arriving (void)
{
  g_autoptr (KithGaps) gaps = kith_gaps_new ();
  gboolean is_new;

  g_assert_false (kith_gaps_note (gaps, 7, 1, &is_new)); /* where they are, we learn from the first */
  g_assert_false (is_new);
  g_assert_false (kith_gaps_note (gaps, 8, 1, &is_new));
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 8);
  g_assert_true (kith_gaps_note (gaps, 15, 42, &is_new));
  g_assert_true (is_new);
  assert_state (gaps, "9-14");
  g_assert_cmpuint (kith_gaps_get (gaps, 0)->hlc, ==, 41);
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 8);

  g_assert_true (kith_gaps_note (gaps, 11, 1, &is_new));
  g_assert_false (is_new);
  assert_state (gaps, "9-10 12-14");
  g_assert_true (note (gaps, 9));
  g_assert_true (note (gaps, 14));
  g_assert_true (note (gaps, 13));
  assert_state (gaps, "10-10 12-12");
  g_assert_false (note (gaps, 13)); /* again */
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 9);
  g_assert_true (note (gaps, 10));
  assert_state (gaps, "11-10 12-12"); /* until its line is written */
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 11);
  kith_gaps_drop_ended (gaps);
  assert_state (gaps, "12-12");
  g_assert_true (note (gaps, 12));
  kith_gaps_drop_ended (gaps);
  assert_state (gaps, "");
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 15);
}

/* Only what was asked for is given up, and piece by piece. */
static void
test_giving_up (void)
{
  g_autoptr (KithGaps) gaps = kith_gaps_new ();

  note (gaps, 1);
  note (gaps, 12);
  g_assert_false (kith_gaps_give_up (gaps, 2, 11));
  kith_gaps_get (gaps, 0)->asked_from = 5;
  g_assert_false (kith_gaps_give_up (gaps, 1, 4));
  g_assert_false (kith_gaps_give_up (gaps, 12, 99));
  g_assert_true (kith_gaps_give_up (gaps, 1, 6));
  assert_state (gaps, "2-4 5-6(gone) 7-11");
  kith_gaps_drop_ended (gaps);
  g_assert_cmpuint (kith_gaps_get (gaps, 0)->asked_from, ==, 0); /* the rest is asked for next */
  g_assert_cmpuint (kith_gaps_get (gaps, 1)->asked_from, ==, 7);
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 1);

  g_assert_true (kith_gaps_give_up (gaps, 9, G_MAXINT64));
  assert_state (gaps, "2-4 7-8 9-11(gone)");
  kith_gaps_drop_ended (gaps);
  g_assert_true (kith_gaps_give_up (gaps, 1, 99));
  kith_gaps_drop_ended (gaps);
  assert_state (gaps, "2-4");
  g_assert_false (kith_gaps_give_up (gaps, 1, 99));
  kith_gaps_give_up_all (gaps);
  assert_state (gaps, "2-4(gone)");
  kith_gaps_drop_ended (gaps);
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 0);
  g_assert_false (note (gaps, 50));
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 50);
}

/* Every second number of a long gap: nothing grows, and nothing that is missing counts as received. */
static void
test_limits (void)
{
  g_autoptr (KithGaps) gaps = kith_gaps_new ();

  note (gaps, 1);
  note (gaps, KITH_LIMIT_MISSING_NUMBERS + 2);
  for (guint64 seq = 3; seq < 3000; seq += 2)
    {
      note (gaps, seq);
      g_assert_cmpuint (gaps->gaps->len, <=, KITH_LIMIT_MISSING_LINES);
      g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 1);
    }
  ask_all (gaps);
  for (guint64 seq = 4001; seq < 6000; seq += 2)
    g_assert_false (kith_gaps_give_up (gaps, seq, seq));

  /* They come again, in order, as they are asked for. */
  for (guint64 seq = 2; seq < KITH_LIMIT_MISSING_NUMBERS + 2; seq++)
    {
      note (gaps, seq);
      kith_gaps_drop_ended (gaps);
    }
  assert_state (gaps, "");
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, KITH_LIMIT_MISSING_NUMBERS + 2);
}

/* Gap after gap: the last one takes in what there is no room for. */
static void
test_many (void)
{
  g_autoptr (KithGaps) gaps = kith_gaps_new ();
  guint64 seq;

  for (seq = 1; seq < 10 * KITH_LIMIT_MISSING_LINES; seq += 2)
    note (gaps, seq);
  g_assert_cmpuint (gaps->gaps->len, ==, KITH_LIMIT_MISSING_LINES);
  g_assert_cmpuint (kith_gaps_get (gaps, KITH_LIMIT_MISSING_LINES - 1)->to, ==, seq - 3);
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 1);

  note (gaps, G_MAXINT64);
  g_assert_cmpuint (kith_gaps_get (gaps, KITH_LIMIT_MISSING_LINES - 1)->to, ==, G_MAXINT64 - 1);
  g_assert_cmpuint (kith_gaps_get (gaps, KITH_LIMIT_MISSING_LINES - 1)->from, ==,
                    G_MAXINT64 - KITH_LIMIT_MISSING_NUMBERS);
}

/* Beside a set of numbers, with what chance brings. */
static void
test_random (void)
{
  enum { TOP = 60, N_ROUNDS = 2000 };

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      g_autoptr (KithGaps) gaps = kith_gaps_new ();
      gboolean known[TOP + 1] = { FALSE };
      guint64 most = 1;

      known[1] = TRUE;
      note (gaps, 1);
      for (guint step = 0; step < 80; step++)
        {
          guint from = (guint) g_test_rand_int_range (1, TOP + 1);
          guint to = (guint) MIN (from + (guint) g_test_rand_int_range (0, 4), TOP);

          if (g_test_rand_bit ())
            {
              note (gaps, from);
              known[from] = TRUE;
              most = MAX (most, from);
            }
          else
            {
              ask_all (gaps);
              if (kith_gaps_give_up (gaps, from, to))
                for (guint i = 0; i < gaps->gaps->len; i++)
                  for (guint64 seq = kith_gaps_get (gaps, i)->from;
                       kith_gaps_get (gaps, i)->gone && seq <= kith_gaps_get (gaps, i)->to; seq++)
                    known[seq] = TRUE;
            }
          kith_gaps_drop_ended (gaps);

          guint64 received = 1;

          while (received < most && known[received + 1])
            received++;
          g_assert_cmpuint (kith_gaps_get_received (gaps), ==, received);
          for (guint i = 0; i < gaps->gaps->len; i++)
            {
              const KithGap *gap = kith_gaps_get (gaps, i);

              for (guint64 seq = gap->from; seq <= gap->to; seq++)
                g_assert_false (known[seq]);
              g_assert_cmpuint (gap->to, <, most);
            }
        }
    }
}

static void
test_restore (void)
{
  KithStoreMessage line = { .seq = 8, .n_missing = 2, .hlc = 5 };
  g_autoptr (KithGaps) gaps = kith_gaps_new ();
  gboolean is_spare;

  g_assert_true (kith_gaps_restore (gaps, &line, &is_spare));
  g_assert_false (is_spare);
  g_assert_false (kith_gaps_get (gaps, 0)->changed);
  g_assert_cmpuint (gaps->heard, ==, 9);
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, 7);
  line.n_missing = 0;
  g_assert_false (kith_gaps_restore (gaps, &line, &is_spare));
  g_assert_false (is_spare);
  line = (KithStoreMessage){ .seq = 12, .n_missing = 1, .reason = (char *) "gone" };
  g_assert_false (kith_gaps_restore (gaps, &line, &is_spare));
  g_assert_false (is_spare);
}

/* More lines than there may be: the last one says what they said, and nothing counts as received that is missing. */
static void
test_restore_too_many (void)
{
  KithStoreMessage line = { .seq = 12, .n_missing = 1 };
  g_autoptr (KithGaps) gaps = kith_gaps_new ();
  KithGap *last;
  gboolean is_spare;

  for (guint i = 0; i < KITH_LIMIT_MISSING_LINES; i++)
    {
      g_assert_true (kith_gaps_restore (gaps, &line, &is_spare));
      g_assert_false (is_spare);
      line.seq += 2;
    }
  last = kith_gaps_get (gaps, KITH_LIMIT_MISSING_LINES - 1);
  g_assert_cmpuint (last->from, ==, line.seq - 2);
  for (guint i = 0; i < 3; i++)
    {
      line.n_missing = i + 1;
      g_assert_true (kith_gaps_restore (gaps, &line, &is_spare));
      g_assert_true (is_spare);
      g_assert_cmpuint (gaps->gaps->len, ==, KITH_LIMIT_MISSING_LINES);
      g_assert_cmpuint (last->to, ==, line.seq + i);
      g_assert_true (last->changed);
      g_assert_cmpuint (gaps->heard, ==, line.seq + i);
      line.seq += i + 2;
    }
  while (gaps->gaps->len > 1)
    g_ptr_array_remove_index (gaps->gaps, 0);
  g_assert_cmpuint (kith_gaps_get_received (gaps), ==, last->from - 1);

  line.seq = last->from + KITH_LIMIT_MISSING_NUMBERS;
  for (guint i = 1; i < KITH_LIMIT_MISSING_LINES; i++)
    g_ptr_array_insert (gaps->gaps, 0, g_new0 (KithGap, 1));
  g_assert_true (kith_gaps_restore (gaps, &line, &is_spare));
  g_assert_cmpuint (last->to - last->from, <, KITH_LIMIT_MISSING_NUMBERS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gaps/arriving", test_arriving);
  g_test_add_func ("/gaps/giving-up", test_giving_up);
  g_test_add_func ("/gaps/limits", test_limits);
  g_test_add_func ("/gaps/many", test_many);
  g_test_add_func ("/gaps/random", test_random);
  g_test_add_func ("/gaps/restore", test_restore);
  g_test_add_func ("/gaps/restore-too-many", test_restore_too_many);

  return g_test_run ();
}
