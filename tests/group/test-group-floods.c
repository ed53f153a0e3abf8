/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members who send more than they should: what that costs others has a bound. */
#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "group/kith-group-replica-private.h"
#include "kith-sim-forge.h"
#include "proto/kith-identity.h"
#include "proto/kith-record.h"

static const KithGroupPolicy all_history = { KITH_GROUP_HISTORY_ALL, 14, 0 };

/* Whoever says that he knows nothing is told all: not each time he says so. */
static void
test_hellos (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *victim = kith_sim_get_person (sim, 1);
  KithSimPerson *liar = kith_sim_get_person (sim, 2);
  const KithGroupHello hello = { .has_head = FALSE };
  g_autoptr (GBytes) body = kith_group_hello_pack (&hello);
  guint64 before;
  guint64 one;

  liar->hostile = TRUE;
  for (guint i = 0; i < 50; i++)
    g_assert_true (kith_group_replica_rename (admin->replica, i % 2 == 0 ? "One" : "Two",
                                              kith_sim_person_now (admin), NULL));
  kith_sim_drain (admin);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);

  before = victim->sent_bytes;
  kith_sim_inject (liar, victim, KITH_RECORD_GROUP_HELLO, body);
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  one = victim->sent_bytes - before;
  g_assert_cmpuint (one, >, 50 * 150);

  before = victim->sent_bytes;
  for (guint i = 0; i < 100; i++)
    kith_sim_inject (liar, victim, KITH_RECORD_GROUP_HELLO, body);
  kith_sim_run (sim, 30 * KITH_SIM_SECOND_MS);
  g_assert_cmpuint (victim->sent_bytes - before, <, (KITH_LIMIT_GROUP_HELLO_BURST + 2) * one);
}

/* Entries of those of whom nobody knows may wait: a few. */
static void
test_unknown_authors (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *victim = kith_sim_get_person (sim, 1);
  KithSimPerson *liar = kith_sim_get_person (sim, 2);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (victim);
  g_autoptr (KithGroupOp) unknown = kith_sim_forge_name (liar, head, "Not sent");
  KithSecret *seed = g_steal_pointer (&liar->author_seed);

  liar->hostile = TRUE;
  for (guint i = 0; i < 2 * KITH_LIMIT_GROUP_UNKNOWN_AUTHORS; i++)
    {
      const guint8 other[32] = { 9, (guint8) i };
      g_autoptr (KithGroupEntry) entry = NULL;
      g_autoptr (GBytes) body = NULL;

      liar->author_seed = kith_secret_new_from (other, sizeof other);
      entry = kith_sim_forge_entry (liar, 1, NULL, unknown, kith_sim_get_now (sim), "who?");
      body = kith_sim_pack_entry (entry);
      kith_sim_inject (liar, victim, KITH_RECORD_GROUP_ENTRIES, body);
      kith_secret_unref (liar->author_seed);
    }
  liar->author_seed = seed;
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_cmpuint (g_hash_table_size (victim->replica->logs), <=,
                    KITH_LIMIT_GROUP_UNKNOWN_AUTHORS + 3);
  g_assert_cmpuint (victim->replica->pending_bytes, >, 0);
  g_assert_cmpuint (victim->replica->pending_bytes, <=, KITH_LIMIT_GROUP_UNKNOWN_AUTHORS * 1024);
}

static void
inject_op (KithSimPerson *from, KithSimPerson *to, KithGroupOp *op)
{
  g_autoptr (GBytes) body = kith_sim_pack_op (op);

  kith_sim_inject (from, to, KITH_RECORD_GROUP_OPS, body);
}

static void
inject_entry (KithSimPerson *from, KithSimPerson *to, KithGroupEntry *entry)
{
  g_autoptr (GBytes) body = kith_sim_pack_entry (entry);

  kith_sim_inject (from, to, KITH_RECORD_GROUP_ENTRIES, body);
}

/* The second entry of a log whose author has the key @number; its first is sent to nobody. */
static void
inject_unknown (KithSimPerson *from, KithSimPerson *to, const KithGroupOp *head, guint8 number,
                guint8 *author)
{
  const guint8 bytes[32] = { 21, number };
  KithSecret *seed = g_steal_pointer (&from->author_seed);
  gint64 now_ms = kith_sim_get_now (from->sim);
  g_autoptr (KithGroupEntry) first = NULL;
  g_autoptr (KithGroupEntry) second = NULL;

  from->author_seed = kith_secret_new_from (bytes, sizeof bytes);
  kith_identity_get_public (bytes, author);
  first = kith_sim_forge_entry (from, 1, NULL, head, now_ms - 1, "first");
  second = kith_sim_forge_entry (from, 2, first, head, now_ms, "second");
  inject_entry (from, to, second);
  kith_secret_unref (from->author_seed);
  from->author_seed = seed;
}

/* Whatever is to be announced on a link is a log that is there. Returns: how many are. */
static guint
count_announced (KithGroupReplica *replica)
{
  g_autoptr (GList) logs = g_hash_table_get_values (replica->logs);
  guint n = 0;
  GHashTableIter links;
  gpointer link;

  g_hash_table_iter_init (&links, replica->links);
  while (g_hash_table_iter_next (&links, NULL, &link))
    {
      GHashTableIter iter;
      gpointer log;

      g_hash_table_iter_init (&iter, ((KithGroupLink *) link)->dirty);
      for (; g_hash_table_iter_next (&iter, &log, NULL); n++)
        g_assert_nonnull (g_list_find (logs, log));
    }

  return n;
}

/* Somebody is a member for a moment, and their log about to be announced, when it is forgotten again. */
static void
test_member_for_a_moment (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *victim = kith_sim_get_person (sim, 1);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (victim);
  KithGroupOpBody body = { .identity = { 3 } };
  g_autoptr (KithGroupOp) adds = NULL;
  g_autoptr (KithGroupOp) contradicts = kith_sim_forge_name (admin, head, "Other");
  g_autoptr (KithGroupEntry) known
    = kith_sim_forge_entry (admin, 1, NULL, head, kith_sim_get_now (sim), "twice");
  guint8 author[KITH_GROUP_KEY_BYTES];

  admin->hostile = TRUE;
  kith_sim_set_delay (sim, 20, 20);
  /* What comes twice makes announcements wait for a second. */
  inject_entry (admin, victim, known);
  inject_entry (admin, victim, known);
  inject_unknown (admin, victim, head, 0, body.author);
  adds = kith_sim_forge_op (admin, KITH_GROUP_OP_ADD, head, &body);
  inject_op (admin, victim, adds);
  inject_op (admin, victim, contradicts);
  kith_sim_run (sim, 30);
  g_assert_true (kith_group_replica_is_frozen (victim->replica));
  g_assert_nonnull (g_hash_table_lookup (victim->replica->logs, body.author));
  g_assert_cmpuint (count_announced (victim->replica), >, 0);

  for (guint i = 1; i <= KITH_LIMIT_GROUP_UNKNOWN_AUTHORS; i++)
    inject_unknown (admin, victim, head, (guint8) i, author);
  kith_sim_run (sim, 30);
  g_assert_null (g_hash_table_lookup (victim->replica->logs, body.author));
  count_announced (victim->replica);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
}

static KithSecret *
make_key (guint8 number)
{
  const guint8 bytes[32] = { 77, number };

  return kith_secret_new_from (bytes, sizeof bytes);
}

/* The key that they have by now signs for the next. */
static void
ask_for_key (KithSimPerson *person, guint8 number)
{
  const KithGroupState *state = kith_group_replica_get_state (person->replica);
  const KithGroupMember *me = kith_group_state_find_identity (state, person->identity);
  g_autoptr (KithSecret) seed = make_key (number);
  g_autoptr (GBytes) request = NULL;

  for (guint8 i = 0; i < number; i++)
    {
      g_autoptr (KithSecret) before = make_key (i);
      guint8 author[KITH_IDENTITY_KEY_BYTES];

      kith_identity_get_public (kith_secret_get_data (before), author);
      if (memcmp (author, me->author, sizeof author) != 0)
        continue;
      kith_secret_unref (person->author_seed);
      person->author_seed = g_steal_pointer (&before);
    }

  request = kith_sim_make_request (person, me->author, seed);
  kith_group_replica_bring_request (person->replica, request, kith_sim_person_now (person), NULL);
  kith_sim_drain (person);
}

/* Author keys are kept for ever: nobody gets one after the other. */
static void
test_new_keys (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *liar = kith_sim_get_person (sim, 2);

  liar->hostile = TRUE;
  for (guint i = 0; i < 8; i++)
    {
      kith_sim_run (sim, 10 * KITH_SIM_SECOND_MS);
      ask_for_key (liar, (guint8) i);
    }
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_cmpuint (kith_group_replica_get_state (admin->replica)->members->len, ==, 4);

  /* Who waits gets it. */
  kith_sim_run (sim, KITH_LIMIT_GROUP_REKEY_MS);
  g_assert_cmpuint (kith_group_replica_get_state (admin->replica)->members->len, ==, 5);
}

/* (transfer full): of somebody new. */
static GBytes *
make_request (KithSim *sim)
{
  KithSimPerson *stranger = kith_sim_add_person (sim);

  return kith_sim_make_request (stranger, NULL, stranger->author_seed);
}

/* One member fills the list of those who wait: whom another brings is on it all the same. */
static void
test_requests (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *honest = kith_sim_get_person (sim, 1);
  KithSimPerson *liar = kith_sim_get_person (sim, 2);
  g_autoptr (GBytes) real = make_request (sim);
  gboolean found = FALSE;

  admin->auto_approve = FALSE;
  for (guint i = 0; i < KITH_LIMIT_GROUP_REQUESTS; i++)
    {
      g_autoptr (GBytes) request = make_request (sim);

      g_assert_true (kith_group_replica_bring_request (liar->replica, request,
                                                       kith_sim_person_now (liar), NULL));
      kith_sim_drain (liar);
    }
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_cmpuint (admin->requests->len, ==, KITH_LIMIT_GROUP_REQUESTS);

  g_assert_true (kith_group_replica_bring_request (honest->replica, real,
                                                   kith_sim_person_now (honest), NULL));
  kith_sim_drain (honest);
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_cmpuint (admin->requests->len, ==, KITH_LIMIT_GROUP_REQUESTS);
  for (guint i = 0; i < admin->requests->len; i++)
    {
      g_auto (KithGroupJoin) join = { .time_ms = 0 };
      gsize len;
      const guint8 *data = g_bytes_get_data (admin->requests->pdata[i], &len);

      g_assert_true (kith_group_join_open (&join, data, len));
      found = found || memcmp (join.bringer, kith_sim_author (honest), sizeof join.bringer) == 0;
    }
  g_assert_true (found);
}

/* By the author's clock all is in order, and it comes at once: much is taken, the rest with time, and
 * nothing is lost. */
static void
test_years_at_once (void)
{
  enum { N = 1900, LEN = 16000 };
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);
  KithSimPerson *reader = kith_sim_get_person (sim, 0);
  KithSimPerson *writer = kith_sim_get_person (sim, 1);
  g_autofree char *text = g_strnfill (LEN, 'x');

  kith_sim_disconnect_all (writer);
  for (guint n = 0; n < N;)
    if (kith_sim_post (writer, text))
      n++;
    else
      kith_sim_run (sim, KITH_LIMIT_GROUP_ENTRY_MS);

  kith_sim_connect (writer, reader);
  kith_sim_run (sim, 20 * KITH_SIM_SECOND_MS);
  g_assert_cmpuint (kith_sim_count_shown (reader), >, KITH_LIMIT_GROUP_ARRIVED_BYTES / 2 / LEN);
  g_assert_cmpuint (kith_sim_count_shown (reader), <,
                    KITH_LIMIT_GROUP_ARRIVED_BYTES / LEN
                      + 20 * KITH_SIM_SECOND_MS * KITH_LIMIT_GROUP_ARRIVED_BYTES_PER_MS / LEN + 1);
  kith_sim_run (sim, 10 * KITH_SIM_MINUTE_MS);
  g_assert_cmpuint (kith_sim_count_shown (reader), ==, N);
}

/* Each costs more to check than to send: some are skipped, as one whose disk is damaged might hand them on, and whoever
 * brings more is hung up on. What others wrote is there all the same. */
static void
test_forged (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *writer = kith_sim_get_person (sim, 0);
  KithSimPerson *victim = kith_sim_get_person (sim, 1);
  KithSimPerson *liar = kith_sim_get_person (sim, 2);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (writer);
  g_autoptr (KithGroupEntry) forged = kith_sim_forge_entry (writer, 1, NULL, head, kith_sim_get_now (sim), "never");
  g_autoptr (GBytes) body = NULL;

  forged->signature[0] ^= 1;
  body = kith_sim_pack_entry (forged);
  liar->hostile = TRUE;
  for (guint i = 0; i < KITH_LIMIT_GROUP_FORGED_BURST; i++)
    kith_sim_inject (liar, victim, KITH_RECORD_GROUP_ENTRIES, body);
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_cmpuint (g_hash_table_size (victim->replica->links), ==, 2);

  kith_sim_inject (liar, victim, KITH_RECORD_GROUP_ENTRIES, body);
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_cmpuint (g_hash_table_size (victim->replica->links), ==, 1);
  g_assert_false (kith_sim_shows (victim, "never"));
}

static guint64
get_fork (KithSimPerson *person, KithSimPerson *author)
{
  const KithGroupLog *log = g_hash_table_lookup (person->replica->logs, kith_sim_author (author));

  return log != NULL ? log->fork : 0;
}

/* One who forks their log at one number after the other, from the highest down: it is told once, each proof costs no more
 * than there is room for, and all who are honest come to know the same. */
static void
test_proofs (void)
{
  enum { N = 8 * KITH_LIMIT_GROUP_PROOFS_BURST };
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &all_history);
  KithSimPerson *victim = kith_sim_get_person (sim, 1);
  KithSimPerson *other = kith_sim_get_person (sim, 2);
  KithSimPerson *liar = kith_sim_get_person (sim, 3);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (victim);
  const KithGroupEntry before = { .id = { 1 }, .seq = 0 };
  gint64 now_ms = kith_sim_get_now (sim);
  guint64 sent_bytes = victim->sent_bytes;
  gsize proof_bytes = 0;

  liar->hostile = TRUE;
  kith_sim_disconnect_all (liar);
  kith_sim_connect (liar, victim);
  for (guint64 seq = KITH_LIMIT_GROUP_SEQ; seq > KITH_LIMIT_GROUP_SEQ - N; seq--)
    {
      g_autoptr (KithGroupEntry) one = kith_sim_forge_entry (liar, seq, &before, head, now_ms, "yes");
      g_autoptr (KithGroupEntry) two = kith_sim_forge_entry (liar, seq, &before, head, now_ms, "no");
      g_autoptr (GBytes) body = kith_group_proof_pack (one, two);

      proof_bytes = g_bytes_get_size (body);
      kith_sim_inject (liar, victim, KITH_RECORD_GROUP_PROOF, body);
    }
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_cmpuint (victim->sent_bytes - sent_bytes, <, 3 * KITH_LIMIT_GROUP_PROOFS_BURST * proof_bytes);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_cmpuint (get_fork (victim, liar), >, KITH_LIMIT_GROUP_SEQ - N);
  g_assert_cmpuint (get_fork (victim, liar), ==, get_fork (other, liar));
  g_assert_cmpuint (kith_sim_count_event (victim, KITH_GROUP_EVENT_FORKED), ==, 1);
  g_assert_cmpuint (kith_sim_count_event (other, KITH_GROUP_EVENT_FORKED), ==, 1);
}

/* Who has skipped a proof for lack of room is given it again, by who has it. */
static void
test_proof_skipped (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *honest = kith_sim_get_person (sim, 0);
  KithSimPerson *late = kith_sim_get_person (sim, 1);
  KithSimPerson *liar = kith_sim_get_person (sim, 2);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (honest);
  g_autoptr (KithGroupEntry) one = kith_sim_forge_entry (liar, 1, NULL, head, kith_sim_get_now (sim), "yes");
  g_autoptr (KithGroupEntry) two = kith_sim_forge_entry (liar, 1, NULL, head, kith_sim_get_now (sim), "no");
  g_autoptr (GBytes) body = kith_group_proof_pack (one, two);
  GHashTableIter iter;
  gpointer link;

  liar->hostile = TRUE;
  kith_sim_disconnect (liar, late);
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_hash_table_iter_init (&iter, late->replica->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    for (guint i = 0; i < KITH_LIMIT_GROUP_PROOFS_BURST + 20; i++)
      kith_bucket_take (&((KithGroupLink *) link)->proofs, kith_sim_person_now (late) * 1000,
                        KITH_LIMIT_GROUP_PROOFS_BURST, KITH_LIMIT_GROUP_PROOFS_REFILL_MS);

  kith_sim_inject (liar, honest, KITH_RECORD_GROUP_PROOF, body);
  kith_sim_run (sim, KITH_LIMIT_GROUP_PROOFS_REFILL_MS / 2);
  g_assert_cmpuint (get_fork (honest, liar), ==, 1);
  g_assert_cmpuint (get_fork (late, liar), ==, 0);
  kith_sim_run (sim, 10 * KITH_SIM_SECOND_MS);
  g_assert_cmpuint (get_fork (late, liar), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/group/floods/hellos", test_hellos);
  g_test_add_func ("/group/floods/unknown-authors", test_unknown_authors);
  g_test_add_func ("/group/floods/member-for-a-moment", test_member_for_a_moment);
  g_test_add_func ("/group/floods/requests", test_requests);
  g_test_add_func ("/group/floods/new-keys", test_new_keys);
  g_test_add_func ("/group/floods/years-at-once", test_years_at_once);
  g_test_add_func ("/group/floods/forged", test_forged);
  g_test_add_func ("/group/floods/proofs", test_proofs);
  g_test_add_func ("/group/floods/proof-skipped", test_proof_skipped);
  return g_test_run ();
}
