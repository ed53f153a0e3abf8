/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few people and one group, by hand. */
#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "kith-simulator.h"
#include "proto/kith-group-body.h"
#include "proto/kith-record.h"

static const KithGroupPolicy all_history = { KITH_GROUP_HISTORY_ALL, 14, 0 };
static const KithGroupPolicy no_history = { 0, 14, 0 };

#define MINUTE_MS (60 * 1000)
#define DAY_MS (24ll * 3600 * 1000)

/* A group of @n people who are all linked with each other. */
static KithSim *
make_group (guint n, const KithGroupPolicy *policy)
{
  KithSim *sim = kith_sim_new (1);
  KithSimPerson *admin = kith_sim_add_person (sim);

  kith_sim_create (admin, policy);
  for (guint i = 1; i < n; i++)
    kith_sim_add_by (admin, kith_sim_add_person (sim));
  kith_sim_connect_all (sim);
  kith_sim_run (sim, MINUTE_MS);
  return sim;
}

static KithSimPerson *
person (KithSim *sim, guint i)
{
  return kith_sim_get_people (sim)->pdata[i];
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
  g_autoptr (KithSim) sim = make_group (2, &all_history);

  g_assert_cmpint (kith_group_replica_get_standing (person (sim, 1)->replica), ==,
                   KITH_GROUP_STANDING_MEMBER);
  g_assert_true (kith_sim_post (person (sim, 0), "hello"));
  g_assert_true (kith_sim_post (person (sim, 1), "hi"));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_shows (person (sim, 0), "hi"));
  g_assert_true (kith_sim_shows (person (sim, 1), "hello"));
  assert_same (sim, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/group/replica/two", test_two);
  (void) no_history;
  return g_test_run ();
}
