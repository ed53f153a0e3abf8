/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meetings in the DHT over hours and days of a fake clock. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-limits.h"
#include "kith-fake-dht.h"
#include "kith-test-time.h"
#include "node/kith-meeting-times.h"
#include "node/kith-meeting.h"

#define TIME_S G_GINT64_CONSTANT (1767225600)
#define SECOND_US G_GINT64_CONSTANT (1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_S 86400

typedef struct
{
  KithFakeEnv         env;
  KithFakeDhtNet     *net;
  KithDht            *dht;
  KithMeetings       *meetings;
  KithEndpoint        endpoint;
  guint               n_found;
  KithRendezvousValue last; /* that was found */
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  kith_fake_env_init (&self->env, 1, TIME_S);
  test_time_use (&self->env);
  self->net = kith_fake_dht_net_new ();
  self->dht = KITH_DHT (kith_fake_dht_new (self->net));
  self->meetings = kith_meetings_new (&self->env.env, self->dht);
  g_assert_true (kith_endpoint_parse (&self->endpoint, "203.0.113.5", 5484));
  kith_meetings_set_endpoints (self->meetings, &self->endpoint, 1);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  g_clear_pointer (&self->meetings, kith_meetings_free);
  g_assert_finalize_object (g_steal_pointer (&self->dht));
  test_time_pass (0);
  g_assert_cmpuint (test_time_get_n_timers (), ==, 0);
  kith_fake_dht_net_free (self->net);
}

static void
found_cb (KithMeeting *meeting, const KithRendezvousValue *value, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_found++;
  self->last = *value;
}

static void
get_root (guint number, guint8 root[KITH_RENDEZVOUS_ROOT_BYTES])
{
  memset (root, 0x5a, KITH_RENDEZVOUS_ROOT_BYTES);
  memcpy (root, &number, sizeof number);
}

/* (transfer none): active, and ranked by its number */
static KithMeeting *
meet (Fixture *self, guint number)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  KithMeeting *meeting;

  get_root (number, root);
  meeting = kith_meetings_add (self->meetings, root, 0, found_cb, self);
  kith_meeting_set_rank (meeting, number);
  kith_meeting_set_active (meeting, TRUE);
  return meeting;
}

static guint
count_operations (Fixture *self)
{
  return self->net->n_puts + self->net->n_listens + self->net->n_gets;
}

static gint64
now_s (Fixture *self)
{
  return kith_env_realtime_s (&self->env.env);
}

/* How many values of ours are kept in the place of @epoch. */
static guint
count_kept (Fixture *self, guint number, guint64 epoch)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  KithRendezvous place;

  get_root (number, root);
  kith_rendezvous_init (&place, root, epoch, 0);
  return kith_fake_dht_net_count (self->net, place.location, self->dht);
}

/* --- Times ---------------------------------------------------------------------------------- */

/* Second by second over a day: the epochs change when they are said to, and never else; and the one
 * of the present is always among them. */
static void
test_edges (void)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  guint64 before[2] = { 0, 0 };
  guint n_before = 0;
  guint left_s = 0;
  guint n_changes = 0;

  get_root (7, root);
  for (gint64 s = TIME_S; s < TIME_S + 2 * DAY_S; s++)
    {
      guint64 epochs[2] = { 0, 0 };
      guint n = kith_meeting_get_epochs (root, s, epochs);
      gboolean same = n == n_before && memcmp (epochs, before, sizeof epochs) == 0;

      g_assert_cmpuint (epochs[0], ==, kith_rendezvous_get_epoch (root, s));
      if (n_before != 0)
        g_assert_cmpint (same, ==, left_s > 1);
      n_changes += !same;
      left_s = kith_meeting_get_edge_s (root, s);
      g_assert_cmpuint (left_s, >, 0);
      memcpy (before, epochs, sizeof epochs);
      n_before = n;
    }

  g_assert_cmpuint (n_changes, ==, 1 + 2 * 3);
}

/* Two whose clocks differ by two hours still have a place in common. */
static void
test_epochs_overlap (void)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];

  get_root (8, root);
  for (gint64 s = TIME_S; s < TIME_S + DAY_S; s += 10)
    {
      guint64 ours[2];
      guint64 theirs[2];
      guint n_ours = kith_meeting_get_epochs (root, s, ours);
      guint n_theirs = kith_meeting_get_epochs (root, s + 2 * 3600, theirs);
      guint n_common = 0;

      for (guint i = 0; i < n_ours; i++)
        for (guint k = 0; k < n_theirs; k++)
          n_common += ours[i] == theirs[k];
      g_assert_cmpuint (n_common, >, 0);
    }
}

static void
test_before_1970 (void)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  guint64 epochs[2];

  get_root (9, root);
  g_assert_cmpuint (kith_meeting_get_epochs (root, -5, epochs), >, 0);
  g_assert_cmpuint (kith_meeting_get_edge_s (root, -5), >, 0);
  g_assert_cmpuint (kith_meeting_get_phase_s (root, G_MININT64, 1800), <, 1800);
}

/* --- Pace ----------------------------------------------------------------------------------- */

static void
test_pace (Fixture *self, gconstpointer unused)
{
  guint before = 0;

  for (guint i = 1; i <= 500; i++)
    meet (self, i);

  g_assert_cmpuint (count_operations (self), ==, 0);
  for (guint i = 0; i < 60; i++)
    {
      test_time_pass (10 * SECOND_US);
      g_assert_cmpuint (count_operations (self) - before, <=, 130);
      before = count_operations (self);
    }

  g_assert_cmpuint (self->net->n_gets, >=, 500);
}

/* Timers fire for what there is to do: ten a second for the pace, and a turn now and then. */
static void
test_no_hot_loop (Fixture *self, gconstpointer unused)
{
  guint64 fired;

  for (guint i = 1; i <= 500; i++)
    meet (self, i);

  test_time_pass (5 * MINUTE_US);
  g_assert_cmpuint (test_time_get_n_fired (), <, 5 * 60 * 12 + 500 * 6);

  fired = test_time_get_n_fired ();
  test_time_pass (24 * HOUR_US);
  g_assert_cmpuint (test_time_get_n_fired () - fired, <, 24 * 3600);
}

/* Without an endpoint there is nothing to put; without anybody absent there is nothing to do. */
static void
test_idle (Fixture *self, gconstpointer unused)
{
  KithMeeting *meeting;

  kith_meetings_set_endpoints (self->meetings, NULL, 0);
  meeting = meet (self, 1);
  test_time_pass (10 * MINUTE_US);
  g_assert_cmpuint (self->net->n_puts, ==, 0);
  g_assert_cmpuint (self->net->n_gets, >, 0);

  kith_meeting_set_active (meeting, FALSE);
  test_time_pass (MINUTE_US);
  g_assert_cmpuint (test_time_get_n_timers (), ==, 0);
}

/* --- Tiers ---------------------------------------------------------------------------------- */

static void
test_tiers (Fixture *self, gconstpointer unused)
{
  KithMeeting *meetings[100];

  for (guint i = 0; i < G_N_ELEMENTS (meetings); i++)
    meetings[i] = meet (self, i + 1);

  test_time_pass (10 * MINUTE_US);
  g_assert_cmpuint (kith_fake_dht_count_listens (self->dht), >=, KITH_LIMIT_DHT_LISTENS);
  g_assert_cmpuint (kith_fake_dht_count_listens (self->dht), <=, 2 * KITH_LIMIT_DHT_LISTENS);

  for (guint i = 50; i < G_N_ELEMENTS (meetings); i++)
    kith_meeting_remove (meetings[i]);
  test_time_pass (10 * MINUTE_US);
  g_assert_cmpuint (kith_fake_dht_count_listens (self->dht), >=, KITH_LIMIT_DHT_LISTENS);
}

/* Who was seen later comes before who was seen first, also when they were there before. */
static void
test_rank_changes (Fixture *self, gconstpointer unused)
{
  KithMeeting *last = meet (self, 1);
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  KithRendezvous place;

  for (guint i = 2; i <= 100; i++)
    meet (self, i);
  test_time_pass (10 * MINUTE_US);

  get_root (1, root);
  kith_rendezvous_init (&place, root, kith_rendezvous_get_epoch (root, now_s (self)), 1);
  g_assert_false (kith_fake_dht_is_listening (self->dht, place.location));
  kith_meeting_set_rank (last, 1000);
  test_time_pass (10 * MINUTE_US);
  g_assert_true (kith_fake_dht_is_listening (self->dht, place.location));
}

/* --- Our values ----------------------------------------------------------------------------- */

static void
test_new_before_old (Fixture *self, gconstpointer unused)
{
  guint64 epoch;
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  guint most = 0;

  get_root (3, root);
  meet (self, 3);
  test_time_pass (MINUTE_US);
  epoch = kith_rendezvous_get_epoch (root, now_s (self));
  g_assert_cmpuint (count_kept (self, 3, epoch), ==, 1);

  self->endpoint.port++;
  kith_meetings_set_endpoints (self->meetings, &self->endpoint, 1);
  for (guint i = 0; i < 100; i++)
    {
      test_time_pass (10000);
      g_assert_cmpuint (count_kept (self, 3, epoch), >=, 1);
      most = MAX (most, count_kept (self, 3, epoch));
    }

  g_assert_cmpuint (most, ==, 2);
  g_assert_cmpuint (count_kept (self, 3, epoch), ==, 1);
}

/* Over two days there is always a value where somebody with a right clock looks, and after each edge
 * nothing is left where nobody looks any more. */
static void
test_published_always (Fixture *self, gconstpointer unused)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];

  get_root (4, root);
  meet (self, 4);
  test_time_pass (MINUTE_US);
  for (guint i = 0; i < 2 * 24 * 6; i++)
    {
      guint64 epoch = kith_rendezvous_get_epoch (root, now_s (self));

      g_assert_cmpuint (count_kept (self, 4, epoch), ==, 1);
      g_assert_cmpuint (count_kept (self, 4, epoch - 2), ==, 0);
      test_time_pass (10 * MINUTE_US);
    }
}

static void
test_gone_when_connected (Fixture *self, gconstpointer unused)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  KithMeeting *meeting = meet (self, 5);

  get_root (5, root);
  test_time_pass (MINUTE_US);
  kith_meeting_set_active (meeting, FALSE);
  test_time_pass (2 * SECOND_US);
  g_assert_cmpuint (count_kept (self, 5, kith_rendezvous_get_epoch (root, now_s (self))), ==, 0);
  g_assert_cmpuint (kith_fake_dht_count_listens (self->dht), ==, 0);
}

/* --- Looking -------------------------------------------------------------------------------- */

/* At 0, 1, 2, 4 … 60 minutes after one another, each a quarter more or less. */
static void
test_look_backoff (Fixture *self, gconstpointer unused)
{
  static const guint minutes[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60 };
  KithMeeting *meeting = meet (self, 6);
  gint64 looked_ms;

  test_time_pass (10 * SECOND_US);
  looked_ms = kith_meeting_get_looked_ms (meeting);
  g_assert_cmpint (looked_ms, >, 0);

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      gint64 before_ms = looked_ms;

      while (looked_ms == before_ms)
        {
          test_time_pass (SECOND_US);
          looked_ms = kith_meeting_get_looked_ms (meeting);
        }
      g_assert_cmpint (looked_ms - before_ms, >=, minutes[i] * 45000 - 2000);
      g_assert_cmpint (looked_ms - before_ms, <=, minutes[i] * 75000 + 2000);
    }
}

/* Two who have so many contacts that only turns are left still find each other within a period. */
static void
test_turns_meet (Fixture *self, gconstpointer unused)
{
  KithDht *other_dht = KITH_DHT (kith_fake_dht_new (self->net));
  g_autoptr (KithMeetings) others = kith_meetings_new (&self->env.env, other_dht);
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  KithMeeting *other;
  guint n_found = 0;

  for (guint i = 1000; i < 1000 + KITH_LIMIT_DHT_PUBLISHED; i++)
    meet (self, i);
  meet (self, 1);
  test_time_pass (3 * HOUR_US);
  kith_fake_dht_net_expire (self->net);

  kith_meetings_set_endpoints (others, &self->endpoint, 1);
  get_root (1, root);
  other = kith_meetings_add (others, root, 1, found_cb, self);
  n_found = self->n_found;
  kith_meeting_set_active (other, TRUE);
  test_time_pass (KITH_LIMIT_DHT_TURN_SHORTEST_S * SECOND_US + HOUR_US / 6);
  g_assert_cmpuint (self->n_found, >=, n_found + 2); /* each has found the other */

  g_clear_pointer (&others, kith_meetings_free);
  g_object_unref (other_dht);
}

/* Whoever has few contacts comes more often, and always when the other does. */
static void
test_periods_nest (void)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  guint before_s = 0;

  get_root (3, root);
  for (guint n = 0; n < 5000; n += 7)
    {
      guint period_s = kith_meeting_get_period_s (n);

      g_assert_cmpuint (period_s, >=, MAX (before_s, KITH_LIMIT_DHT_TURN_SHORTEST_S));
      g_assert_cmpuint (period_s, <=, KITH_LIMIT_DHT_TURN_LONGEST_S);
      before_s = period_s;
    }

  for (gint64 s = TIME_S; s < TIME_S + DAY_S; s += 10)
    for (guint period_s = KITH_LIMIT_DHT_TURN_SHORTEST_S; period_s < KITH_LIMIT_DHT_TURN_LONGEST_S;
         period_s *= 2)
      if (kith_meeting_get_turn_left_s (root, s, 2 * period_s) > 0)
        g_assert_cmpuint (kith_meeting_get_turn_left_s (root, s, period_s), >, 0);
}

/* 500 absent contacts over a day. What the operations cost was measured in a DHT of 24 nodes (the
 * benchmark dht): 27 kB for a put and a get, 4 MB a day for what is kept or listened for. */
static void
test_what_a_day_costs (Fixture *self, gconstpointer unused)
{
  guint64 kept_bytes = (KITH_LIMIT_DHT_PUBLISHED + KITH_LIMIT_DHT_LISTENS) * G_GUINT64_CONSTANT (3900000);
  guint n_before;

  for (guint i = 1; i <= 500; i++)
    meet (self, i);
  test_time_pass (HOUR_US);
  n_before = count_operations (self);
  for (guint i = 0; i < 24; i++)
    test_time_pass (HOUR_US);

  g_test_message ("%u operations", count_operations (self) - n_before);
  g_assert_cmpuint (kept_bytes + (count_operations (self) - n_before) / 2 * G_GUINT64_CONSTANT (27000),
                    <, 100000000);
}

/* --- Their values --------------------------------------------------------------------------- */

/* What the other side would put there now. */
static void
inject (Fixture *self, guint number, gint64 time_s, guint64 seq, const char *address)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  guint8 nonce[KITH_RENDEZVOUS_NONCE_BYTES];
  guint8 sealed[KITH_RENDEZVOUS_VALUE_BYTES];
  KithRendezvousValue value = { .time_s = time_s, .seq = seq, .n_endpoints = 1 };
  g_autoptr (GBytes) bytes = NULL;
  KithRendezvous place;

  get_root (number, root);
  kith_rendezvous_init (&place, root, kith_rendezvous_get_epoch (root, now_s (self)), 1);
  g_assert_true (kith_endpoint_parse (&value.endpoints[0], address, 5484));
  randombytes_buf (nonce, sizeof nonce);
  kith_rendezvous_seal (&place, &value, nonce, sealed);
  bytes = g_bytes_new (sealed, sizeof sealed);
  kith_fake_dht_net_inject (self->net, place.location, bytes);
}

static void
test_values (Fixture *self, gconstpointer unused)
{
  const gint64 day_s = DAY_S;

  meet (self, 2);
  test_time_pass (MINUTE_US);

  inject (self, 2, now_s (self) - KITH_LIMIT_RENDEZVOUS_PAST_S - 1, 5, "203.0.113.9");
  inject (self, 2, now_s (self) + KITH_LIMIT_RENDEZVOUS_AHEAD_S + 1, 6, "203.0.113.9");
  inject (self, 2, G_MAXINT64, 7, "203.0.113.9");
  inject (self, 2, -day_s, 8, "203.0.113.9");
  test_time_pass (SECOND_US);
  g_assert_cmpuint (self->n_found, ==, 0);

  inject (self, 2, now_s (self), 5, "203.0.113.10");
  test_time_pass (SECOND_US);
  g_assert_cmpuint (self->n_found, ==, 1);

  inject (self, 2, now_s (self), 5, "203.0.113.11"); /* the same number again */
  inject (self, 2, now_s (self), 4, "203.0.113.11"); /* an older one */
  test_time_pass (SECOND_US);
  g_assert_cmpuint (self->n_found, ==, 1);

  inject (self, 2, now_s (self), 6, "203.0.113.12");
  test_time_pass (SECOND_US);
  g_assert_cmpuint (self->n_found, ==, 2);
  g_assert_cmpuint (self->last.endpoints[0].address[3], ==, 12);
}

/* Somebody who has not the root puts so many values, of a size or of the right one, all at once. */
static void
flood (Fixture *self, guint number, guint n, gboolean right_sized)
{
  static guint8 noise[KITH_RENDEZVOUS_VALUE_BYTES + 1];
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  KithRendezvous place;

  get_root (number, root);
  kith_rendezvous_init (&place, root, kith_rendezvous_get_epoch (root, now_s (self)), 1);
  for (guint i = 0; i < n; i++)
    {
      gsize len = right_sized || i % 3 == 2 ? sizeof noise - 1 : i % 3 == 1 ? 1 : sizeof noise;
      g_autoptr (GBytes) bytes = NULL;

      randombytes_buf (noise, sizeof noise);
      bytes = g_bytes_new (noise, len);
      kith_fake_dht_net_inject (self->net, place.location, bytes);
      if (i % 32 == 0)
        test_time_pass (0);
    }
  test_time_pass (0);
}

/* Ten thousand values of strangers: the one that counts is found. */
static void
test_flooded (Fixture *self, gconstpointer unused)
{
  meet (self, 2);
  test_time_pass (MINUTE_US);
  flood (self, 2, 10000, FALSE);
  test_time_pass (SECOND_US);
  inject (self, 2, now_s (self), 5, "203.0.113.10");
  test_time_pass (SECOND_US);
  g_assert_cmpuint (self->n_found, ==, 1);
}

/* In a minute so many values are tried, and no more; in the next one it goes on. */
static void
test_tries_per_minute (Fixture *self, gconstpointer unused)
{
  meet (self, 2);
  test_time_pass (2 * MINUTE_US);

  flood (self, 2, KITH_LIMIT_DHT_TRIES_PER_MINUTE - 1, TRUE);
  inject (self, 2, now_s (self), 5, "203.0.113.10");
  test_time_pass (0);
  g_assert_cmpuint (self->n_found, ==, 1); /* the last that is tried */

  inject (self, 2, now_s (self), 6, "203.0.113.11");
  test_time_pass (SECOND_US);
  g_assert_cmpuint (self->n_found, ==, 1);

  test_time_pass (MINUTE_US);
  inject (self, 2, now_s (self), 7, "203.0.113.12");
  test_time_pass (0);
  g_assert_cmpuint (self->n_found, ==, 2);
}

/* The same of one answer: the next time that is asked, it begins anew. */
static void
test_tries_per_get (Fixture *self, gconstpointer unused)
{
  const guint number = 1; /* asked for; those who were seen later are listened for */
  guint n_gets;

  for (guint i = 0; i < KITH_LIMIT_DHT_LISTENS; i++)
    meet (self, number + 1 + i);
  test_time_pass (5 * MINUTE_US);
  n_gets = self->net->n_gets;
  self->net->gets_last = TRUE;
  meet (self, number);
  while (self->net->n_gets == n_gets)
    test_time_pass (SECOND_US);
  test_time_pass (2 * SECOND_US); /* it may begin with another epoch */

  flood (self, number, KITH_LIMIT_DHT_TRIES_PER_GET - 1, TRUE);
  inject (self, number, now_s (self), 5, "203.0.113.10");
  inject (self, number, now_s (self), 6, "203.0.113.11");
  test_time_pass (0);
  g_assert_cmpuint (self->n_found, ==, 1);
  g_assert_cmpuint (self->last.endpoints[0].address[3], ==, 10);

  kith_fake_dht_net_forget (self->net);
  n_gets = self->net->n_gets;
  while (self->net->n_gets == n_gets)
    test_time_pass (SECOND_US);
  test_time_pass (2 * SECOND_US);
  inject (self, number, now_s (self), 7, "203.0.113.12");
  test_time_pass (0);
  g_assert_cmpuint (self->n_found, ==, 2);
}

/* A link whose R is a point of low order: a box for it is open to everybody. What is put then tells nothing. */
static void
test_reader_of_low_order (Fixture *self, gconstpointer unused)
{
  static const guint8 reader[KITH_RENDEZVOUS_KEY_BYTES] = { 1 };
  static const guint8 zeros[KITH_RENDEZVOUS_VALUE_BYTES];
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  KithRendezvous place;
  KithMeeting *meeting;

  get_root (2, root);
  kith_rendezvous_init (&place, root, kith_rendezvous_get_epoch (root, now_s (self)), 0);
  meeting = kith_meetings_add (self->meetings, root, 0, found_cb, self);
  kith_meeting_seal_to (meeting, reader);
  kith_meeting_set_rank (meeting, 2);
  kith_meeting_set_active (meeting, TRUE);
  test_time_pass (MINUTE_US);
  g_assert_cmpuint (kith_fake_dht_net_count (self->net, place.location, self->dht), ==, 1);
  g_assert_cmpuint (kith_fake_dht_net_count_value (self->net, place.location, zeros, sizeof zeros), ==, 1);
}

/* Whoever hears of a value may drop the meeting. */
static void
remove_cb (KithMeeting *meeting, const KithRendezvousValue *value, gpointer user_data)
{
  Fixture *self = user_data;

  self->n_found++;
  kith_meeting_remove (meeting);
}

static void
test_removed_when_found (Fixture *self, gconstpointer unused)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  KithMeeting *meeting;

  get_root (2, root);
  meeting = kith_meetings_add (self->meetings, root, 0, remove_cb, self);
  kith_meeting_set_active (meeting, TRUE);
  test_time_pass (MINUTE_US);
  inject (self, 2, now_s (self), 5, "203.0.113.10");
  inject (self, 2, now_s (self), 6, "203.0.113.11");
  test_time_pass (MINUTE_US);
  g_assert_cmpuint (self->n_found, ==, 1);
}

/* --- Sleep and clocks ----------------------------------------------------------------------- */

/* The clock is set three days ahead and back: what is published follows, and numbers only grow. */
static void
test_clock_jumps (Fixture *self, gconstpointer unused)
{
  guint8 root[KITH_RENDEZVOUS_ROOT_BYTES];
  const gint64 jump_us = 3 * 24 * HOUR_US;

  get_root (4, root);
  meet (self, 4);
  test_time_pass (MINUTE_US);

  self->env.realtime_us += jump_us;
  kith_meetings_look_again (self->meetings);
  test_time_pass (MINUTE_US);
  g_assert_cmpuint (count_kept (self, 4, kith_rendezvous_get_epoch (root, now_s (self))), ==, 1);

  self->env.realtime_us -= jump_us;
  kith_meetings_look_again (self->meetings);
  test_time_pass (MINUTE_US);
  g_assert_cmpuint (count_kept (self, 4, kith_rendezvous_get_epoch (root, now_s (self))), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

#define ADD(name, func) g_test_add ("/meeting/" name, Fixture, NULL, set_up, func, tear_down)
  g_test_add_func ("/meeting/edges", test_edges);
  g_test_add_func ("/meeting/epochs-overlap", test_epochs_overlap);
  g_test_add_func ("/meeting/before-1970", test_before_1970);
  ADD ("pace", test_pace);
  ADD ("no-hot-loop", test_no_hot_loop);
  ADD ("idle", test_idle);
  ADD ("tiers", test_tiers);
  ADD ("rank-changes", test_rank_changes);
  ADD ("new-before-old", test_new_before_old);
  ADD ("published-always", test_published_always);
  ADD ("gone-when-connected", test_gone_when_connected);
  ADD ("look-backoff", test_look_backoff);
  ADD ("turns-meet", test_turns_meet);
  g_test_add_func ("/meeting/periods-nest", test_periods_nest);
  ADD ("what-a-day-costs", test_what_a_day_costs);
  ADD ("values", test_values);
  ADD ("flooded", test_flooded);
  ADD ("tries-per-minute", test_tries_per_minute);
  ADD ("tries-per-get", test_tries_per_get);
  ADD ("reader-of-low-order", test_reader_of_low_order);
  ADD ("removed-when-found", test_removed_when_found);
  ADD ("clock-jumps", test_clock_jumps);
#undef ADD

  return g_test_run ();
}
