/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ann's clock is wrong: her contacts say so, and are found all the same. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-error.h"
#include "kith-test-people.h"
#include "model/kith-finding.h"
#include "node/kith-doctor-words.h"
#include "node/kith-node-network.h"

#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)
#define N_FRIENDS 3
#define ROUGHLY_S 60

/* The real clock, but for a mistake. */
typedef struct
{
  KithEnv env;
  gint64  mistake_s;
} WrongClock;

static gint64
wrong_realtime_us (gpointer user_data)
{
  WrongClock *self = user_data;

  return g_get_real_time () + self->mistake_s * G_USEC_PER_SEC;
}

static gint64
monotonic_us (gpointer user_data)
{
  return g_get_monotonic_time ();
}

static void
random_bytes (guint8 *buffer, gsize len, gpointer user_data)
{
  kith_env_random_bytes (kith_env_get_default (), buffer, len);
}

static void
wrong_clock_init (WrongClock *self, gint64 mistake_s)
{
  self->env = (KithEnv){ wrong_realtime_us, monotonic_us, random_bytes, self };
  self->mistake_s = mistake_s;
}

static gint64
get_correction_s (TestPerson *self)
{
  return kith_network_get_clock_correction (kith_node_get_network (self->node));
}

static gboolean
is_corrected (TestPerson *self, gint64 mistake_s)
{
  return ABS (get_correction_s (self) + mistake_s) < ROUGHLY_S;
}

static void
warning_cb (KithNode *node, const GError *error, gpointer user_data)
{
  guint *n_warnings = user_data;

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_WRONG_CLOCK))
    ++*n_warnings;
}

/* Returns: (transfer full) (nullable): what the doctor says of the clock */
static KithFinding *
find_clock (TestPerson *self)
{
  g_autoptr (GListStore) findings = g_list_store_new (KITH_TYPE_FINDING);

  kith_doctor_add_clock (findings, kith_node_get_network (self->node));
  return g_list_model_get_item (G_LIST_MODEL (findings), 0);
}

static KithSession *
session_of (TestPerson *self, TestPerson *other)
{
  KithContact *contact = test_person_contact (self, other);

  return kith_node_lookup_peer (self->node, kith_contact_get_identity (contact))->session;
}

/* Whether @self finds @other with a knock, and not only by an open dial after that. */
static void
assert_knock_is_known (TestPerson *self, TestPerson *other)
{
  KithContact *contact = test_person_contact (other, self);

  test_person_stop (self);
  test_wait_for (kith_contact_get_presence (contact) != KITH_PRESENCE_ONLINE);
  test_person_start (self);
  test_wait_for (test_person_is_online (self, other) && test_person_is_online (other, self));
  g_assert_true (kith_session_is_dialer (session_of (self, other)));
  g_assert_cmpint (kith_session_get_mode (session_of (self, other)), ==, KITH_MODE_KNOCK);
}

static void
make_friends (TestPerson *friends[N_FRIENDS], const KithEnv *env)
{
  static const char *const names[N_FRIENDS] = { "Ben", "Cem", "Dia" };

  for (guint i = 0; i < N_FRIENDS; i++)
    friends[i] = test_person_new_in (names[i], env);
}

static void
drop_friends (TestPerson *friends[N_FRIENDS])
{
  for (guint i = 0; i < N_FRIENDS; i++)
    test_person_free (friends[i]);
}

static void
test_three_hours (void)
{
  TestPerson *friends[N_FRIENDS];
  g_autoptr (KithFinding) finding = NULL;
  guint n_warnings = 0;
  WrongClock clock;
  g_autoptr (TestPerson) ann = NULL;

  wrong_clock_init (&clock, 3 * HOUR_S);
  ann = test_person_new_in ("Ann", &clock.env);
  make_friends (friends, NULL);
  g_signal_connect (ann->node, "warning", G_CALLBACK (warning_cb), &n_warnings);

  test_befriend (ann, friends[0]);
  test_befriend (friends[1], ann);
  g_assert_cmpint (get_correction_s (ann), ==, 0);
  g_assert_null (find_clock (ann));
  test_befriend (ann, friends[2]);
  test_wait_for (is_corrected (ann, 3 * HOUR_S));
  g_assert_cmpuint (n_warnings, ==, 1);
  finding = find_clock (ann);
  g_assert_nonnull (finding);
  g_assert_cmpstr (kith_finding_get_title (finding), ==,
                   "This computer’s clock seems to be 3 hours wrong");

  /* Ben knocks by the right time, and Ann knows it. */
  assert_knock_is_known (friends[0], ann);
  g_assert_cmpuint (n_warnings, ==, 1);

  /* Those whose clocks are right are not told anything. */
  g_assert_cmpint (get_correction_s (friends[0]), ==, 0);
  drop_friends (friends);
}

/* One friend whose clock is wrong, whatever the others are told of it. */
static void
test_one_is_wrong (void)
{
  TestPerson *friends[N_FRIENDS];
  guint n_warnings = 0;
  WrongClock clock;
  g_autoptr (TestPerson) ann = NULL;
  g_autoptr (TestPerson) eve = NULL;

  wrong_clock_init (&clock, -5 * HOUR_S);
  ann = test_person_new ("Ann");
  eve = test_person_new_in ("Eve", &clock.env);
  make_friends (friends, NULL);
  g_signal_connect (ann->node, "warning", G_CALLBACK (warning_cb), &n_warnings);
  test_befriend (ann, eve);
  for (guint i = 0; i < N_FRIENDS; i++)
    test_befriend (ann, friends[i]);

  g_assert_cmpint (get_correction_s (ann), ==, 0);
  g_assert_cmpuint (n_warnings, ==, 0);
  assert_knock_is_known (friends[0], ann);
  drop_friends (friends);
}

/* They are contacts, and one day Ann's computer has lost its clock. Her knocks meet with silence,
 * and so are theirs, until open dials have told her the time. */
static TestPerson *
make_ann_who_lost_her_clock (TestPerson *friends[N_FRIENDS], WrongClock *clock, gint64 mistake_s)
{
  TestPerson *ann;

  wrong_clock_init (clock, 0);
  ann = test_person_new_in ("Ann", &clock->env);
  make_friends (friends, NULL);
  for (guint i = 0; i < N_FRIENDS; i++)
    test_befriend (ann, friends[i]);
  test_person_stop (ann);

  clock->mistake_s = mistake_s;
  test_person_start (ann);
  return ann;
}

static void
test_days_ahead (void)
{
  TestPerson *friends[N_FRIENDS];
  WrongClock clock;
  g_autoptr (TestPerson) ann = make_ann_who_lost_her_clock (friends, &clock, 3 * DAY_S);

  test_wait_for (is_corrected (ann, 3 * DAY_S));
  for (guint i = 0; i < N_FRIENDS; i++)
    test_wait_for (test_person_is_online (ann, friends[i]));
  assert_knock_is_known (friends[1], ann);
  drop_friends (friends);
}

/* By her clock their certificates are not valid yet, and these go by nothing else: she is told
 * what is wrong, and nobody is let pass. */
static void
test_days_behind (void)
{
  TestPerson *friends[N_FRIENDS];
  WrongClock clock;
  g_autoptr (TestPerson) ann = make_ann_who_lost_her_clock (friends, &clock, -3 * DAY_S);
  g_autoptr (KithFinding) finding = NULL;

  test_wait_for (is_corrected (ann, -3 * DAY_S));
  finding = find_clock (ann);
  g_assert_nonnull (finding);
  g_assert_cmpstr (kith_finding_get_title (finding), ==,
                   "This computer’s clock seems to be 3 days wrong");
  for (guint i = 0; i < N_FRIENDS; i++)
    g_assert_false (test_person_is_online (ann, friends[i]));
  drop_friends (friends);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/three-hours", test_three_hours);
  g_test_add_func ("/clock/one-is-wrong", test_one_is_wrong);
  g_test_add_func ("/clock/days-ahead", test_days_ahead);
  g_test_add_func ("/clock/days-behind", test_days_behind);
  return g_test_run ();
}
