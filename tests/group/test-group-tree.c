/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations that contradict each other, and what depends on which of them count. */
#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "group/kith-group-chain.h"
#include "kith-sim-forge.h"
#include "proto/kith-record.h"

static const KithGroupPolicy one_day = { 1, 14, 0 };

/* An entry stands on the second of two contradicting operations, and comes before it: when the
 * operation comes, the group freezes, and the entry is handed on at once. */
static void
test_entry_before_fork (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &one_day);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *first = kith_sim_get_person (sim, 1);
  KithSimPerson *second = kith_sim_get_person (sim, 2);
  KithSimPerson *writer = kith_sim_get_person (sim, 3);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (admin);
  g_autoptr (KithGroupOp) one = kith_sim_forge_name (admin, head, "One");
  g_autoptr (KithGroupOp) two = kith_sim_forge_name (admin, head, "Two");
  g_autoptr (KithGroupEntry) entry = kith_sim_forge_entry (writer, 1, NULL, two,
                                                           kith_sim_get_now (sim), "early");
  g_autoptr (GBytes) entry_body = kith_sim_pack_entry (entry);
  g_autoptr (GBytes) one_body = kith_sim_pack_op (one);
  g_autoptr (GBytes) two_body = kith_sim_pack_op (two);

  admin->hostile = writer->hostile = TRUE;
  kith_sim_set_delay (sim, 50, 50);
  kith_sim_disconnect (second, admin);
  kith_sim_disconnect (second, writer);
  kith_sim_inject (writer, first, KITH_RECORD_GROUP_ENTRIES, entry_body);
  kith_sim_inject (admin, first, KITH_RECORD_GROUP_OPS, one_body);
  kith_sim_inject (admin, first, KITH_RECORD_GROUP_OPS, two_body);
  kith_sim_run (sim, 60);
  g_assert_true (kith_group_replica_is_frozen (first->replica));
  g_assert_true (kith_sim_shows (first, "early"));
  kith_sim_stop (admin);
  kith_sim_stop (writer);
  kith_sim_run (sim, 100);
  g_assert_true (kith_group_replica_is_frozen (second->replica));
  g_assert_true (kith_sim_shows (second, "early"));
}

/* Who was removed on one branch, and knows the other, hears of that, and tells of his: nobody else is
 * there who knows both. */
static void
test_removed_on_one_branch (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &one_day);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *removed = kith_sim_get_person (sim, 1);
  KithSimPerson *other = kith_sim_get_person (sim, 2);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (admin);
  KithGroupOpBody cut = { .has_secret = TRUE };
  g_autoptr (KithGroupOp) name = kith_sim_forge_name (admin, head, "Other");
  g_autoptr (KithGroupOp) kick = NULL;
  g_autoptr (GBytes) name_body = kith_sim_pack_op (name);
  g_autoptr (GBytes) kick_body = NULL;

  memcpy (cut.cut.author, kith_sim_author (removed), sizeof cut.cut.author);
  kick = kith_sim_forge_op (admin, KITH_GROUP_OP_KICK, head, &cut);
  kick_body = kith_sim_pack_op (kick);
  admin->hostile = TRUE;
  kith_sim_set_delay (sim, 50, 50);
  kith_sim_disconnect (removed, other);
  kith_sim_inject (admin, removed, KITH_RECORD_GROUP_OPS, name_body);
  kith_sim_inject (admin, other, KITH_RECORD_GROUP_OPS, kick_body);
  kith_sim_run (sim, 60);
  kith_sim_stop (admin);
  g_assert_false (kith_group_replica_is_frozen (removed->replica));
  g_assert_false (kith_group_replica_is_frozen (other->replica));

  kith_sim_connect (removed, other);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_true (kith_group_replica_is_frozen (removed->replica));
  g_assert_true (kith_group_replica_is_frozen (other->replica));
}

/* What is pinned here stays pinned, though somebody else has a longer branch for settled. */
static void
test_pins_contradict (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (1, &one_day);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  g_autoptr (KithGroupOp) create = kith_sim_get_head_op (admin);
  g_autoptr (KithGroupChain) chain = kith_group_chain_new (create->gid);
  KithGroupOp *before = create;
  gboolean pinned;

  kith_group_chain_add (chain, create, FALSE, 0, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (KithGroupOp) op = kith_sim_forge_name (admin, create, i == 0 ? "Ours" : "Theirs");

      g_assert_cmpint (kith_group_chain_add (chain, op, FALSE, 0, 0), ==, KITH_GROUP_CHAIN_ADDED);
      if (i == 0)
        kith_group_chain_pin (chain, KITH_LIMIT_GROUP_PIN_MS, &pinned);
      before = kith_group_chain_find (chain, op->id)->op;
    }
  g_assert_cmpuint (chain->pin_height, ==, 1);
  g_assert_true (chain->split);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (KithGroupOp) op = kith_sim_forge_name (admin, before, "Longer");

      kith_group_chain_add (chain, op, FALSE, 0, 0);
      before = kith_group_chain_find (chain, op->id)->op;
    }
  kith_group_chain_refresh (chain);
  kith_group_chain_pin_to (chain, before->height, before->id);
  g_assert_cmpuint (chain->pin_height, ==, 1);
  g_assert_cmpuint (chain->accepted->len, ==, 2);
  g_assert_cmpstr (chain->state->name, ==, "Ours");
}

/* Long branches that contradict each other, told in turns: what it costs grows with their length
 * only. */
static void
test_long_branches (void)
{
  enum { LENGTH = 2000 };
  g_autoptr (KithSim) sim = kith_sim_make_group (1, &one_day);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  g_autoptr (KithGroupOp) create = kith_sim_get_head_op (admin);
  g_autoptr (KithGroupChain) chain = kith_group_chain_new (create->gid);
  KithGroupOp *before[2] = { create, create };
  gint64 began_us;

  kith_group_chain_add (chain, create, TRUE, 0, 0);
  began_us = g_get_monotonic_time ();
  for (guint i = 0; i < 2 * LENGTH; i++)
    {
      g_autoptr (KithGroupOp) op
          = kith_sim_forge_name (admin, before[i % 2], i % 2 == 0 ? "One" : "Other");

      g_assert_cmpint (kith_group_chain_add (chain, op, TRUE, 0, 0), ==, KITH_GROUP_CHAIN_ADDED);
      before[i % 2] = kith_group_chain_find (chain, op->id)->op;
    }
  kith_group_chain_refresh (chain);
  g_test_message ("%u operations in %" G_GINT64_FORMAT " ms", 2 * LENGTH,
                  (g_get_monotonic_time () - began_us) / 1000);
  g_assert_cmpuint (chain->all->len, ==, 2 * LENGTH + 1);
  g_assert_true (chain->frozen);
  g_assert_cmpuint (chain->accepted->len, ==, 1);
  g_assert_cmpstr (chain->state->name, ==, "Group");
}

/* An operation that anybody could have made, wherever it is to stand: it is not worth looking at all that came
 * before. */
static void
test_made_up (void)
{
  enum { LENGTH = 500 };
  g_autoptr (KithSim) sim = kith_sim_make_group (1, &one_day);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *stranger = kith_sim_add_person (sim);
  g_autoptr (KithGroupOp) create = kith_sim_get_head_op (admin);
  g_autoptr (KithGroupChain) chain = kith_group_chain_new (create->gid);
  KithGroupOp *before = create;
  guint next_side;

  kith_group_chain_add (chain, create, FALSE, 0, 0);
  for (guint i = 0; i < LENGTH; i++)
    {
      g_autoptr (KithGroupOp) op = kith_sim_forge_name (admin, before, "Name");

      g_assert_cmpint (kith_group_chain_add (chain, op, TRUE, 0, 0), ==, KITH_GROUP_CHAIN_ADDED);
      before = kith_group_chain_find (chain, op->id)->op;
    }

  next_side = chain->next_side;
  for (guint i = 0; i < LENGTH; i++)
    {
      const KithGroupNode *parent = chain->all->pdata[i];
      g_autoptr (KithGroupOp) name = kith_sim_forge_name (stranger, parent->op, "Mine");
      KithGroupVoice voice = { .signature = { 0 } };
      KithGroupOpBody body = { .voices = g_array_new (FALSE, FALSE, sizeof voice),
                               .removals = g_array_new (FALSE, FALSE, sizeof (KithGroupCut)) };
      g_autoptr (KithGroupOp) claim = NULL;

      memcpy (voice.author, kith_sim_author (stranger), sizeof voice.author);
      kith_group_endorse_sign (create->gid, parent->op->height + 1, parent->op->id, voice.author,
                               kith_secret_get_data (stranger->author_seed), voice.signature);
      g_array_append_val (body.voices, voice);
      claim = kith_sim_forge_op (stranger, KITH_GROUP_OP_CLAIM, parent->op, &body);
      g_array_unref (body.voices);
      g_array_unref (body.removals);
      g_assert_cmpint (kith_group_chain_add (chain, name, FALSE, 0, 0), ==, KITH_GROUP_CHAIN_BAD);
      g_assert_cmpint (kith_group_chain_add (chain, claim, FALSE, 0, 0), ==, KITH_GROUP_CHAIN_BAD);
    }
  g_assert_cmpuint (chain->next_side, ==, next_side);
}

/* Who sends no end of that is not listened to any more. */
static void
test_made_up_flood (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &one_day);
  KithSimPerson *victim = kith_sim_get_person (sim, 1);
  KithSimPerson *liar = kith_sim_get_person (sim, 2);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (victim);

  liar->hostile = TRUE;
  for (guint i = 0; i < 2 * KITH_LIMIT_GROUP_BAD_OPS_BURST; i++)
    {
      g_autofree char *name = g_strdup_printf ("Mine %u", i);
      g_autoptr (KithGroupOp) op = kith_sim_forge_name (liar, head, name);
      g_autoptr (GBytes) body = kith_sim_pack_op (op);

      kith_sim_inject (liar, victim, KITH_RECORD_GROUP_OPS, body);
      if (i == KITH_LIMIT_GROUP_BAD_OPS_BURST / 2)
        {
          kith_sim_run (sim, KITH_SIM_SECOND_MS);
          g_assert_true (kith_sim_is_connected (liar, victim));
        }
    }
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_false (kith_sim_is_connected (liar, victim));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/group/tree/removed-on-one-branch", test_removed_on_one_branch);
  g_test_add_func ("/group/tree/pins-contradict", test_pins_contradict);
  g_test_add_func ("/group/tree/long-branches", test_long_branches);
  g_test_add_func ("/group/tree/made-up", test_made_up);
  g_test_add_func ("/group/tree/made-up-flood", test_made_up_flood);
  g_test_add_func ("/group/tree/entry-before-fork", test_entry_before_fork);
  return g_test_run ();
}
