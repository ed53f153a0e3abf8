/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few people and one group, by hand. */
#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-sim-forge.h"

static const KithGroupPolicy all_history = { KITH_GROUP_HISTORY_ALL, 14, 0 };
static const KithGroupPolicy no_history = { 0, 14, 0 };

#define MINUTE_MS KITH_SIM_MINUTE_MS

static KithSimPerson *
person (KithSim *sim, guint i)
{
  return kith_sim_get_person (sim, i);
}

static void
assert_same (KithSim *sim, guint n)
{
  g_autofree char *first = kith_sim_describe (person (sim, 0), 0);

  for (guint i = 1; i < n; i++)
    {
      g_autofree char *other = kith_sim_describe (person (sim, i), 0);

      g_assert_cmpstr (first, ==, other);
    }
}

static void
test_two (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);

  g_assert_cmpint (kith_group_replica_get_standing (person (sim, 1)->replica), ==,
                   KITH_GROUP_STANDING_MEMBER);
  g_assert_true (kith_sim_post (person (sim, 0), "hello"));
  g_assert_true (kith_sim_post (person (sim, 1), "hi"));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_shows (person (sim, 0), "hi"));
  g_assert_true (kith_sim_shows (person (sim, 1), "hello"));
  assert_same (sim, 2);
}

/* The one who is asked agrees while the head moves on: they are asked again, and are admin. */
static void
test_transfer (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *admin = person (sim, 0);
  KithSimPerson *other = person (sim, 1);

  kith_sim_disconnect_all (admin);
  kith_sim_connect (admin, person (sim, 2));
  g_assert_true (kith_group_replica_offer_admin (admin->replica, kith_sim_author (other),
                                                 kith_sim_person_now (admin), NULL));
  kith_sim_drain (admin);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (other->offered);
  kith_sim_disconnect_all (admin);
  g_assert_true (kith_group_replica_rename (admin->replica, "Later", kith_sim_person_now (admin), NULL));
  kith_sim_drain (admin);
  g_assert_true (kith_group_replica_accept_transfer (other->replica, kith_sim_person_now (other), NULL));
  kith_sim_drain (other);
  kith_sim_connect (admin, person (sim, 2));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_group_replica_is_admin (other->replica));
  g_assert_false (kith_group_replica_is_admin (admin->replica));
  assert_same (sim, 3);

  /* Now the first can leave, and the second lets him go. */
  g_assert_true (kith_group_replica_leave (admin->replica, kith_sim_person_now (admin), NULL));
  kith_sim_drain (admin);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_cmpuint (kith_group_replica_get_state (other->replica)->n_members, ==, 2);
  g_assert_cmpint (kith_group_replica_get_standing (admin->replica), ==, KITH_GROUP_STANDING_LEFT);
  g_assert_cmpuint (kith_sim_count_event (admin, KITH_GROUP_EVENT_GONE), ==, 1);
}

/* The admin's program is begun anew before the answer comes, and the head has moved: they are asked again. */
static void
test_transfer_restart (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);
  KithSimPerson *admin = person (sim, 0);
  KithSimPerson *other = person (sim, 1);

  g_assert_true (kith_group_replica_offer_admin (admin->replica, kith_sim_author (other),
                                                 kith_sim_person_now (admin), NULL));
  kith_sim_drain (admin);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (other->offered);
  kith_sim_disconnect_all (admin);
  g_assert_true (kith_group_replica_accept_transfer (other->replica, kith_sim_person_now (other), NULL));
  kith_sim_drain (other);
  g_assert_true (kith_group_replica_rename (admin->replica, "Later", kith_sim_person_now (admin), NULL));
  kith_sim_drain (admin);
  kith_sim_restart (admin, FALSE);
  kith_sim_connect (admin, other);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_group_replica_is_admin (other->replica));
  g_assert_false (kith_group_replica_is_admin (admin->replica));
}

static void
test_status (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *writer = person (sim, 0);
  const guint8 *author = kith_sim_author (writer);
  guint64 delivered;
  guint64 read;

  /* The one who reads is not linked with the one who wrote. */
  kith_sim_disconnect (writer, person (sim, 2));
  g_assert_true (kith_sim_post (writer, "hello"));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_group_replica_get_status (writer->replica, kith_sim_author (person (sim, 2)),
                                                author, &delivered, &read));
  g_assert_cmpuint (delivered, ==, 1);
  g_assert_cmpuint (read, ==, 0);
  kith_group_replica_mark_read (person (sim, 2)->replica, kith_sim_person_now (person (sim, 2)));
  kith_sim_drain (person (sim, 2));
  kith_sim_run (sim, MINUTE_MS);
  kith_group_replica_get_status (writer->replica, kith_sim_author (person (sim, 2)), author,
                                 &delivered, &read);
  g_assert_cmpuint (read, ==, 1);
}

/* Whom a message concerns is a matter of operations, not of the admin's clock; and a new key changes nothing. */
static void
test_whom_it_concerns (void)
{
  g_autoptr (KithSim) sim = kith_sim_new (1);
  KithSimPerson *admin = kith_sim_add_person (sim);
  KithSimPerson *writer = kith_sim_add_person (sim);
  KithSimPerson *reader = kith_sim_add_person (sim);
  KithSimPerson *late = kith_sim_add_person (sim);
  guint8 seed[32] = { 42 };
  g_autoptr (GBytes) request = NULL;
  KithGroupReplica *replica;

  admin->skew_ms = 30 * (gint64) MINUTE_MS;
  kith_sim_create (admin, &all_history);
  kith_sim_add_by (admin, writer);
  kith_sim_add_by (admin, reader);
  kith_sim_connect_all (sim);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_post (writer, "to those who are here"));
  replica = writer->replica;
  g_assert_true (kith_group_replica_concerns (replica, 1, kith_sim_author (admin)));
  g_assert_true (kith_group_replica_concerns (replica, 1, kith_sim_author (reader)));

  kith_sim_add_by (admin, late);
  kith_sim_connect_all (sim);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_false (kith_group_replica_concerns (replica, 1, kith_sim_author (late)));
  g_assert_false (kith_group_replica_concerns (replica, 2, kith_sim_author (reader)));

  reader->next_seed = kith_secret_new_from (seed, sizeof seed);
  request = kith_sim_make_request (reader, kith_sim_author (reader), reader->next_seed);
  kith_group_replica_ask_new_key (reader->replica, reader->next_seed, request,
                                  kith_sim_person_now (reader), NULL);
  kith_sim_drain (reader);
  kith_sim_run (sim, 5 * MINUTE_MS);
  g_assert_null (reader->next_seed);
  g_assert_true (kith_group_replica_concerns (replica, 1, kith_sim_author (reader)));
}

/* A content that is deleted at one place does not come from there; from elsewhere it does. */
static void
test_redaction (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *late = person (sim, 2);
  const guint8 *author = kith_sim_author (person (sim, 0));

  kith_sim_disconnect_all (late);
  g_assert_true (kith_sim_post (person (sim, 0), "gone soon"));
  kith_sim_run (sim, MINUTE_MS);
  kith_sim_erase (person (sim, 1), author, 1);
  kith_sim_restart (person (sim, 1), FALSE);
  kith_sim_connect (late, person (sim, 1));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_cmpuint (kith_sim_count_shown (late), ==, 1);
  g_assert_false (kith_sim_shows (late, "gone soon"));

  kith_sim_connect (late, person (sim, 0));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_shows (late, "gone soon"));
}

static void
test_history (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &no_history);
  KithSimPerson *fresh = kith_sim_add_person (sim);

  g_assert_true (kith_sim_post (person (sim, 0), "before"));
  kith_sim_run (sim, MINUTE_MS);
  kith_sim_ask (fresh);
  kith_sim_connect (fresh, person (sim, 1));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_cmpint (kith_group_replica_get_standing (fresh->replica), ==, KITH_GROUP_STANDING_MEMBER);
  g_assert_true (kith_sim_post (person (sim, 0), "after"));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_shows (fresh, "after"));
  g_assert_false (kith_sim_shows (fresh, "before"));
  g_assert_true (kith_sim_post (fresh, "mine"));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_shows (person (sim, 0), "mine"));
}

/* Long messages are not pushed, and come all the same; the secret is everybody's but the kicked. */
static void
test_big_and_secret (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &all_history);
  g_autofree char *text = g_strnfill (10000, 'x');
  guint8 before[KITH_GROUP_SECRET_BYTES];
  const guint8 *secret = kith_group_replica_get_secret (person (sim, 0)->replica);

  g_assert_true (kith_sim_post (person (sim, 1), text));
  kith_sim_run (sim, MINUTE_MS);
  assert_same (sim, 4);
  memcpy (before, secret, sizeof before);
  for (guint i = 1; i < 4; i++)
    g_assert_cmpmem (kith_group_replica_get_secret (person (sim, i)->replica), 32, before, 32);

  g_assert_true (kith_group_replica_kick (person (sim, 0)->replica, kith_sim_author (person (sim, 3)),
                                          kith_sim_person_now (person (sim, 0)), NULL));
  kith_sim_drain (person (sim, 0));
  kith_sim_run (sim, MINUTE_MS);
  secret = kith_group_replica_get_secret (person (sim, 0)->replica);
  g_assert_true (memcmp (secret, before, sizeof before) != 0);
  for (guint i = 1; i < 3; i++)
    g_assert_cmpmem (kith_group_replica_get_secret (person (sim, i)->replica), 32, secret, 32);
  g_assert_cmpmem (kith_group_replica_get_secret (person (sim, 3)->replica), 32, before, 32);
}

static void
test_checkpoint (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);
  KithSimPerson *admin = person (sim, 0);
  KithSimPerson *fresh;

  for (guint i = 0; i < KITH_LIMIT_GROUP_CHECKPOINT_OPS; i++)
    {
      g_autofree char *name = g_strdup_printf ("Name %u", i);

      g_assert_true (kith_group_replica_rename (admin->replica, name, kith_sim_person_now (admin), NULL));
    }
  kith_sim_drain (admin);
  g_assert_cmpuint (kith_group_replica_get_state (admin->replica)->checkpoint_height, >, 0);
  fresh = kith_sim_add_person (sim);
  kith_sim_add_by (admin, fresh);
  kith_sim_connect (fresh, admin);
  kith_sim_run (sim, MINUTE_MS);
  assert_same (sim, 3);
}

/* Who writes with a clock that is ahead waits; who writes too much is told. */
static void
test_clock_and_rate (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);
  KithSimPerson *early = person (sim, 1);
  guint n = 0;

  early->skew_ms = 60 * MINUTE_MS;
  g_assert_true (kith_sim_post (early, "from the future"));
  g_assert_true (kith_sim_shows (early, "from the future"));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_false (kith_sim_shows (person (sim, 0), "from the future"));
  kith_sim_restart (person (sim, 0), FALSE);
  g_assert_false (kith_sim_shows (person (sim, 0), "from the future"));
  kith_sim_run (sim, 60 * MINUTE_MS);
  g_assert_true (kith_sim_shows (person (sim, 0), "from the future"));

  while (kith_sim_post (person (sim, 0), "again"))
    n++;
  g_assert_cmpuint (n, ==, KITH_LIMIT_GROUP_BURST);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_post (person (sim, 0), "again"));
}

/* Whose clock is years ahead, silences nobody: not even who begins anew while that message waits. */
static void
test_years_ahead (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *early = person (sim, 1);
  KithSimPerson *other = person (sim, 2);

  early->skew_ms = 10 * 365 * 24 * 60 * (gint64) MINUTE_MS;
  g_assert_true (kith_sim_post (early, "from the future"));
  early->skew_ms = 0;
  kith_sim_run (sim, MINUTE_MS);
  kith_sim_restart (person (sim, 0), FALSE);
  kith_sim_connect_all (sim);
  g_assert_true (kith_sim_post (person (sim, 0), "from today"));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_shows (other, "from today"));
  g_assert_false (kith_sim_shows (other, "from the future"));
}

/* Who has written so gets a new log, when the clock is right again. */
static void
test_back_from_the_future (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);
  KithSimPerson *early = person (sim, 1);
  guint8 seed[32] = { 42 };
  g_autoptr (GBytes) request = NULL;
  g_autoptr (GError) error = NULL;

  early->skew_ms = 10 * 365 * 24 * 60 * (gint64) MINUTE_MS;
  g_assert_true (kith_sim_post (early, "from the future"));
  early->skew_ms = 0;
  g_assert_false (kith_sim_post (early, "now"));
  g_assert_cmpuint (kith_sim_count_event (early, KITH_GROUP_EVENT_NEEDS_KEY), ==, 1);
  g_assert_true (kith_group_replica_needs_key (early->replica));

  early->next_seed = kith_secret_new_from (seed, sizeof seed);
  request = kith_sim_make_request (early, kith_sim_author (early), early->next_seed);
  g_assert_true (kith_group_replica_ask_new_key (early->replica, early->next_seed, request,
                                                 kith_sim_person_now (early), &error));
  g_assert_no_error (error);
  kith_sim_drain (early);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_false (kith_group_replica_needs_key (early->replica));
  g_assert_true (kith_sim_post (early, "now"));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_shows (person (sim, 0), "now"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/group/replica/two", test_two);
  g_test_add_func ("/group/replica/transfer", test_transfer);
  g_test_add_func ("/group/replica/transfer-restart", test_transfer_restart);
  g_test_add_func ("/group/replica/status", test_status);
  g_test_add_func ("/group/replica/whom-it-concerns", test_whom_it_concerns);
  g_test_add_func ("/group/replica/redaction", test_redaction);
  g_test_add_func ("/group/replica/history", test_history);
  g_test_add_func ("/group/replica/big-and-secret", test_big_and_secret);
  g_test_add_func ("/group/replica/checkpoint", test_checkpoint);
  g_test_add_func ("/group/replica/clock-and-rate", test_clock_and_rate);
  g_test_add_func ("/group/replica/years-ahead", test_years_ahead);
  g_test_add_func ("/group/replica/back-from-the-future", test_back_from_the_future);
  return g_test_run ();
}
