/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a group: who may set it, how it gets to everybody, and what is not taken for it. */
#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-sim-forge.h"
#include "proto/kith-group-body.h"
#include "proto/kith-record.h"

static const KithGroupPolicy all_history = { KITH_GROUP_HISTORY_ALL, 14, 0 };

static GBytes *
make_picture (guint8 of, gsize len)
{
  guint8 *bytes = g_malloc (len);

  memset (bytes, of, len);
  return g_bytes_new_take (bytes, len);
}

static gboolean
set (KithSimPerson *person, GBytes *picture, GError **error)
{
  gboolean done = kith_group_replica_set_picture (person->replica, picture,
                                                  kith_sim_person_now (person), error);

  kith_sim_drain (person);
  return done;
}

static gboolean
has (KithSimPerson *person, GBytes *picture)
{
  return picture == NULL ? person->picture == NULL
                         : person->picture != NULL && g_bytes_equal (person->picture, picture);
}

static void
assert_all_have (KithSim *sim, guint n, GBytes *picture)
{
  for (guint i = 0; i < n; i++)
    g_assert_true (has (kith_sim_get_person (sim, i), picture));
}

static void
test_everybody (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *late = kith_sim_add_person (sim);
  g_autoptr (GBytes) first = make_picture (1, KITH_LIMIT_GROUP_PICTURE_BYTES);
  g_autoptr (GBytes) second = make_picture (2, 100);
  g_autofree char *name = g_strdup (kith_group_replica_get_state (admin->replica)->name);

  g_assert_true (set (admin, first, NULL));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  assert_all_have (sim, 4, first);
  g_assert_cmpuint (kith_sim_count_event (kith_sim_get_person (sim, 3), KITH_GROUP_EVENT_PICTURE), ==,
                    1);
  g_assert_cmpuint (kith_sim_count_event (kith_sim_get_person (sim, 3), KITH_GROUP_EVENT_RENAMED), ==,
                    0);

  /* Who comes later has it of those who are there, and a restart keeps it. */
  kith_sim_add_by (admin, late);
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  kith_sim_disconnect_all (late);
  kith_sim_stop (admin);
  kith_sim_connect (late, kith_sim_get_person (sim, 2));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_true (has (late, first));
  kith_sim_restart (late, FALSE);
  kith_sim_start (admin, FALSE);
  kith_sim_connect_all (sim);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  assert_all_have (sim, 5, first);

  /* Another one, and none; who was gone meanwhile has the last. */
  kith_sim_stop (kith_sim_get_person (sim, 1));
  g_assert_true (set (admin, second, NULL));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_true (has (late, second) && has (kith_sim_get_person (sim, 1), first));
  kith_sim_start (kith_sim_get_person (sim, 1), FALSE);
  kith_sim_connect_all (sim);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  assert_all_have (sim, 5, second);
  g_assert_true (set (admin, NULL, NULL));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  assert_all_have (sim, 5, NULL);
  g_assert_true (set (admin, second, NULL));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  assert_all_have (sim, 5, second);
  g_assert_cmpstr (kith_group_replica_get_state (late->replica)->name, ==, name);
}

/* Each asks the one before, who has not got it either yet. */
static void
test_along_a_line (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (6, &all_history);
  g_autoptr (GBytes) picture = make_picture (3, 5000);

  for (guint i = 0; i < 6; i++)
    kith_sim_disconnect_all (kith_sim_get_person (sim, i));
  for (guint i = 1; i < 6; i++)
    kith_sim_connect (kith_sim_get_person (sim, i - 1), kith_sim_get_person (sim, i));
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_true (set (kith_sim_get_person (sim, 0), picture, NULL));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  assert_all_have (sim, 6, picture);
}

static void
test_who_may (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  g_autoptr (GBytes) small = make_picture (1, 10);
  g_autoptr (GBytes) big = make_picture (1, KITH_LIMIT_GROUP_PICTURE_BYTES + 1);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GError) error = NULL;

  g_assert_false (set (kith_sim_get_person (sim, 1), small, &error));
  g_assert_error (error, kith_error_quark (), KITH_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (set (admin, big, &error));
  g_assert_error (error, kith_error_quark (), KITH_ERROR_TOO_BIG);
  g_clear_error (&error);
  g_assert_false (set (admin, empty, &error));
  g_assert_error (error, kith_error_quark (), KITH_ERROR_TOO_BIG);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  assert_all_have (sim, 2, NULL);
}

static GBytes *
pack (const guint8 *hash, GBytes *picture)
{
  KithGroupPictureBody body = { .picture = picture };

  memcpy (body.hash, hash, sizeof body.hash);
  return kith_group_picture_pack (&body);
}

static gboolean
receive (KithSimPerson *person, guint link, GBytes *body)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (body, &len);
  gboolean ok = kith_group_replica_receive (person->replica, link, KITH_RECORD_GROUP_PICTURE, data, len,
                                            kith_sim_person_now (person));

  kith_sim_drain (person);
  return ok;
}

/* A picture that is not what it says ends the session; one that nobody asked for is left. */
static void
test_liars (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *other = kith_sim_get_person (sim, 1);
  g_autoptr (GBytes) real = make_picture (1, 10);
  g_autoptr (GBytes) fake = make_picture (2, 10);
  g_autoptr (GBytes) big = make_picture (3, KITH_LIMIT_GROUP_PICTURE_BYTES + 1);
  g_autoptr (GBytes) lie = NULL;
  g_autoptr (GBytes) unasked = NULL;
  g_autoptr (GBytes) huge = NULL;
  guint8 hash[KITH_HASH_BYTES];
  guint link;

  kith_sim_disconnect_all (other);
  g_assert_true (set (kith_sim_get_person (sim, 0), real, NULL));
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  link = kith_sim_connect (other, kith_sim_get_person (sim, 2));
  kith_group_picture_hash (real, hash);
  lie = pack (hash, fake);
  g_assert_false (receive (other, link, lie));
  kith_group_picture_hash (fake, hash);
  unasked = pack (hash, fake);
  g_assert_true (receive (other, link, unasked));
  kith_group_picture_hash (big, hash);
  huge = pack (hash, big);
  g_assert_false (receive (other, link, huge));
  g_assert_true (has (other, NULL));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_true (has (other, real));
}

/* Who asks again for what they were sent gets nothing. */
static void
test_asks_again (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  g_autoptr (GBytes) picture = make_picture (1, KITH_LIMIT_GROUP_PICTURE_BYTES);
  g_autoptr (GBytes) question = NULL;
  guint8 hash[KITH_HASH_BYTES];
  guint64 before;
  guint link;

  kith_sim_disconnect_all (admin);
  link = kith_sim_connect (admin, kith_sim_get_person (sim, 1));
  g_assert_true (set (admin, picture, NULL));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  kith_group_picture_hash (picture, hash);
  question = pack (hash, NULL);
  before = admin->sent_bytes;
  for (guint i = 0; i < 100; i++)
    g_assert_true (receive (admin, link, question));
  g_assert_cmpuint (admin->sent_bytes - before, <, KITH_LIMIT_GROUP_PICTURE_BYTES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/group/picture/everybody", test_everybody);
  g_test_add_func ("/group/picture/along-a-line", test_along_a_line);
  g_test_add_func ("/group/picture/who-may", test_who_may);
  g_test_add_func ("/group/picture/liars", test_liars);
  g_test_add_func ("/group/picture/asks-again", test_asks_again);
  return g_test_run ();
}
