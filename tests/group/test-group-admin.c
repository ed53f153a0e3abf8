/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Admins who are gone, come back from a backup, or have a wrong clock. */
#include "config.h"

#include "base/kith-init.h"
#include "kith-sim-forge.h"

static const KithGroupPolicy all_history = { KITH_GROUP_HISTORY_ALL, 14, 0 };

/* A backup does not know whether it has handed over: it does not do so again. */
static void
test_restored_offer (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *asked = kith_sim_get_person (sim, 1);
  KithSimPerson *third = kith_sim_get_person (sim, 2);
  guint n_ops;

  g_assert_true (kith_group_replica_offer_admin (admin->replica, kith_sim_author (asked),
                                                 kith_sim_person_now (admin), NULL));
  kith_sim_drain (admin);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_true (asked->offered);
  kith_sim_stop (admin);
  g_assert_true (kith_group_replica_accept_transfer (asked->replica, kith_sim_person_now (asked),
                                                     NULL));
  kith_sim_drain (asked);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);

  n_ops = admin->ops->len;
  kith_sim_start (admin, TRUE);
  kith_sim_connect (admin, third);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_cmpuint (admin->ops->len, ==, n_ops);
  g_assert_true (kith_group_replica_is_admin (admin->replica));
}

/* Who may not write has to wait for the admin, and not to ask each millisecond whether they are
 * there. */
static void
test_restored_and_vanished (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *restored = kith_sim_get_person (sim, 1);

  for (guint i = 0; i < 3; i++)
    kith_sim_stop (kith_sim_get_person (sim, i));
  kith_sim_run (sim, 20 * KITH_SIM_DAY_MS);
  kith_sim_start (restored, TRUE);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_cmpint (kith_group_replica_get_due (restored->replica), >,
                   kith_sim_person_now (restored) + KITH_SIM_SECOND_MS);
}

/* A clock that was years ahead once does not make an admin last for ever. */
static void
test_clock_ahead (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *other = kith_sim_get_person (sim, 1);

  admin->skew_ms = 4000 * KITH_SIM_DAY_MS;
  g_assert_true (kith_group_replica_rename (admin->replica, "Later", kith_sim_person_now (admin),
                                            NULL));
  kith_sim_drain (admin);
  g_assert_true (kith_sim_post (admin, "from the future"));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  kith_sim_stop (admin);
  kith_sim_run (sim, 13 * KITH_SIM_DAY_MS);
  g_assert_false (kith_group_replica_can_endorse (other->replica, kith_sim_person_now (other)));
  kith_sim_run (sim, 2 * KITH_SIM_DAY_MS);
  g_assert_true (kith_group_replica_can_endorse (other->replica, kith_sim_person_now (other)));
  g_assert_cmpuint (kith_sim_count_event (other, KITH_GROUP_EVENT_CAN_ENDORSE), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/group/admin/restored-offer", test_restored_offer);
  g_test_add_func ("/group/admin/restored-and-vanished", test_restored_and_vanished);
  g_test_add_func ("/group/admin/clock-ahead", test_clock_ahead);
  return g_test_run ();
}
