/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries without content, contents that come later, and how much of them is kept. */
#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-hlc.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "group/kith-group-log.h"
#include "group/kith-group-replica-private.h"
#include "kith-sim-forge.h"
#include "proto/kith-record.h"

static const KithGroupPolicy all_history = { KITH_GROUP_HISTORY_ALL, 14, 0 };

/* (transfer full): the same without its content. */
static KithGroupEntry *
make_hollow (const KithGroupEntry *entry)
{
  return kith_group_entry_parse (entry->header, sizeof entry->header, entry->signature,
                                 sizeof entry->signature);
}

static const KithSimStored *
get_only_stored (KithSimPerson *person)
{
  GHashTableIter iter;
  gpointer stored;

  g_assert_cmpuint (g_hash_table_size (person->entries), ==, 1);
  g_hash_table_iter_init (&iter, person->entries);
  g_assert_true (g_hash_table_iter_next (&iter, NULL, &stored));
  return stored;
}

/* The content of a hollow entry is taken with a good signature only. */
static void
test_forged_fill (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *writer = kith_sim_get_person (sim, 0);
  KithSimPerson *victim = kith_sim_get_person (sim, 1);
  KithSimPerson *liar = kith_sim_get_person (sim, 2);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (writer);
  g_autoptr (KithGroupEntry) good
      = kith_sim_forge_entry (writer, 1, NULL, head, kith_sim_get_now (sim), "true");
  g_autoptr (KithGroupEntry) hollow = make_hollow (good);
  g_autoptr (KithGroupEntry) forged
      = kith_sim_forge_entry (writer, 1, NULL, head, kith_sim_get_now (sim), "true");
  g_autoptr (GBytes) good_body = kith_sim_pack_entry (good);
  g_autoptr (GBytes) hollow_body = kith_sim_pack_entry (hollow);
  g_autoptr (GBytes) forged_body = NULL;

  forged->signature[0] ^= 1;
  forged_body = kith_sim_pack_entry (forged);
  liar->hostile = TRUE;
  kith_sim_set_delay (sim, 50, 50);
  kith_sim_disconnect_all (writer);
  kith_sim_inject (liar, victim, KITH_RECORD_GROUP_ENTRIES, hollow_body);
  kith_sim_inject (liar, victim, KITH_RECORD_GROUP_ENTRIES, forged_body);
  kith_sim_run (sim, 60);
  g_assert_false (kith_sim_shows (victim, "true"));
  g_assert_cmpmem (get_only_stored (victim)->entry->signature, KITH_SIGNATURE_BYTES,
                   good->signature, KITH_SIGNATURE_BYTES);

  kith_sim_inject (liar, victim, KITH_RECORD_GROUP_ENTRIES, good_body);
  kith_sim_run (sim, 60);
  g_assert_true (kith_sim_shows (victim, "true"));
}

static KithGroupEntry *
make_big (guint64 seq, const guint8 *prev, const guint8 *seed)
{
  static const guint8 zeros[KITH_LIMIT_GROUP_CONTENT_BYTES];
  KithGroupEntryDraft draft = {
    .kind = KITH_GROUP_ENTRY_MESSAGE,
    .gid = zeros,
    .seq = seq,
    .prev = prev,
    .chain_head = zeros,
    .hlc = kith_hlc_from_ms ((gint64) seq * 1000),
    .content = zeros,
    .content_len = sizeof zeros,
    .salt = zeros,
  };

  return kith_group_entry_seal (&draft, seed);
}

/* However contents come, no more of one author are kept than are allowed. */
static void
test_much_of_one (void)
{
  enum { MOST = KITH_LIMIT_GROUP_AUTHOR_BYTES / KITH_LIMIT_GROUP_CONTENT_BYTES, MORE = 10 };
  const guint8 seed[32] = { 1 };
  guint8 author[32];
  guint8 prev[32] = { 0 };
  g_autoptr (KithGroupLog) log = NULL;
  g_autoptr (GPtrArray) before
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  guint32 nodes[MORE] = { 0 };

  kith_identity_get_public (seed, author);
  log = kith_group_log_new (author);
  for (guint seq = 1; seq <= MOST + 2 * MORE; seq++)
    {
      g_autoptr (KithGroupEntry) entry = make_big (seq, prev, seed);
      g_autoptr (KithGroupEntry) hollow = make_hollow (entry);

      memcpy (prev, entry->id, sizeof prev);
      if (seq <= MORE)
        g_ptr_array_add (before, kith_group_entry_ref (entry));
      else
        g_assert_cmpint (kith_group_log_append (log, seq % 2 == 0 ? entry : hollow, 0), ==,
                         KITH_GROUP_LOG_APPENDED);
    }

  for (guint seq = MORE + 1; seq <= MOST + 2 * MORE; seq++)
    kith_group_log_fill (log, seq);
  g_assert_cmpuint (log->kept_bytes, ==, KITH_LIMIT_GROUP_AUTHOR_BYTES);
  g_assert_cmpuint (log->n_hollow, ==, 0);
  g_assert_true (kith_group_log_get (log, MOST + 2 * MORE - 1)->redacted);

  g_assert_true (kith_group_log_prepend (log, before, nodes));
  g_assert_cmpuint (log->kept_bytes, ==, KITH_LIMIT_GROUP_AUTHOR_BYTES);
  kith_group_log_truncate (log, MOST + MORE);
  g_assert_cmpuint (log->kept_bytes, <, KITH_LIMIT_GROUP_AUTHOR_BYTES);
}

static void
renew_key (KithSimPerson *person)
{
  const guint8 seed[32] = { 42 };
  guint8 old[32];
  g_autoptr (GBytes) request = NULL;
  g_autoptr (GError) error = NULL;

  memcpy (old, kith_sim_author (person), sizeof old);
  person->next_seed = kith_secret_new_from (seed, sizeof seed);
  request = kith_sim_make_request (person, old, person->next_seed);
  kith_group_replica_ask_new_key (person->replica, person->next_seed, request,
                                  kith_sim_person_now (person), &error);
  g_assert_no_error (error);
  kith_sim_drain (person);
}

/* Nothing is lost when a log is full: the author goes on with another. */
static void
test_full_log (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *writer = kith_sim_get_person (sim, 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (kith_sim_post (writer, "before"));
  kith_group_replica_ensure_log (writer->replica, kith_sim_author (writer))->kept_bytes
      = KITH_LIMIT_GROUP_AUTHOR_BYTES;
  g_assert_false (kith_sim_post (writer, "too much"));
  g_assert_false (kith_group_replica_can_post (writer->replica, &error));
  g_assert_error (error, kith_error_quark (), KITH_ERROR_PAUSED);
  g_assert_cmpuint (kith_sim_count_event (writer, KITH_GROUP_EVENT_NEEDS_KEY), ==, 1);
  g_assert_cmpuint (kith_sim_count_shown (writer), ==, 1);

  renew_key (writer);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_true (kith_sim_post (writer, "after"));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_true (kith_sim_shows (kith_sim_get_person (sim, 2), "before"));
  g_assert_true (kith_sim_shows (kith_sim_get_person (sim, 2), "after"));
}

/* A log has an end: nobody can fill the disks of others with numbers. */
static void
test_last_number (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (1, &all_history);
  KithSimPerson *writer = kith_sim_get_person (sim, 0);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (writer);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (KithGroupEntry) entry
          = kith_sim_forge_entry (writer, KITH_LIMIT_GROUP_SEQ + i, NULL, head, 0, "last");
      g_autoptr (KithGroupEntry) parsed = make_hollow (entry);

      g_assert_true ((parsed != NULL) == (i == 0));
    }
}

/* What was shown after a quarantine is before what we write then. */
static void
test_clock_after_quarantine (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (2, &all_history);
  KithSimPerson *early = kith_sim_get_person (sim, 1);
  KithSimPerson *other = kith_sim_get_person (sim, 0);

  early->skew_ms = 30 * KITH_SIM_MINUTE_MS;
  g_assert_true (kith_sim_post (early, "early"));
  kith_sim_run (sim, 25 * KITH_SIM_MINUTE_MS);
  g_assert_true (kith_sim_shows (other, "early"));
  g_assert_true (kith_sim_post (other, "later"));
  {
    const KithGroupLog *first = kith_group_replica_get_log (other->replica, kith_sim_author (early));
    const KithGroupLog *second = kith_group_replica_get_log (other->replica, kith_sim_author (other));

    g_assert_cmpuint (kith_group_log_get (first, 1)->hlc, <, kith_group_log_get (second, 1)->hlc);
  }
}

/* However many contents are missing, they come from who has them. */
static void
test_many_hollow (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *writer = kith_sim_get_person (sim, 0);
  KithSimPerson *eraser = kith_sim_get_person (sim, 1);
  KithSimPerson *late = kith_sim_get_person (sim, 2);

  kith_sim_disconnect_all (late);
  for (guint i = 1; i <= 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("message %u", i);

      g_assert_true (kith_sim_post (writer, text));
      kith_sim_run (sim, KITH_SIM_SECOND_MS);
      kith_sim_erase (eraser, kith_sim_author (writer), i);
    }
  kith_sim_connect (late, eraser);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_cmpuint (kith_sim_count_shown (late), ==, 100);
  g_assert_false (kith_sim_shows (late, "message 1"));

  kith_sim_connect (late, writer);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  for (guint i = 1; i <= 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("message %u", i);

      g_assert_true (kith_sim_shows (late, text));
    }
}

/* What nobody has any more of many authors: who has it not gets what there is, and is no nuisance by asking
 * for the rest. */
static void
test_hollow_of_many (void)
{
  enum { AUTHORS = 36, N = 60 };
  static const KithGroupPolicy no_history = { 0, 14, 0 };
  g_autoptr (KithSim) sim = kith_sim_make_group (1, &no_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *fresh;

  for (guint i = 1; i <= AUTHORS; i++)
    {
      KithSimPerson *author = kith_sim_add_person (sim);

      kith_sim_add_by (admin, author);
      kith_sim_connect (author, admin);
      kith_sim_run (sim, KITH_SIM_SECOND_MS);
      for (guint n = 1; n <= N; n++)
        g_assert_true (kith_sim_post (author, "there"));
      kith_sim_run (sim, 5 * KITH_SIM_SECOND_MS);
      kith_sim_disconnect_all (author);
      for (guint n = 1; n <= N; n += 2)
        kith_sim_erase (admin, kith_sim_author (author), n);
    }

  g_assert_true (kith_group_replica_set_policy (admin->replica, &all_history,
                                                kith_sim_person_now (admin), NULL));
  fresh = kith_sim_add_person (sim);
  kith_sim_add_by (admin, fresh);
  kith_sim_connect (fresh, admin);
  kith_sim_run (sim, 2 * KITH_SIM_MINUTE_MS);
  g_assert_cmpuint (kith_sim_count_shown (fresh), ==, AUTHORS * N);
  g_assert_cmpuint (fresh->dropped_links, ==, 0);
  g_assert_true (kith_sim_is_connected (fresh, admin));

  /* Some author comes back: what they still have is asked for, whoever was asked in vain. */
  kith_sim_connect (fresh, kith_sim_get_person (sim, AUTHORS));
  kith_sim_run (sim, 2 * KITH_SIM_MINUTE_MS);
  g_assert_cmpuint (kith_group_replica_get_log (
                      fresh->replica, kith_sim_author (kith_sim_get_person (sim, AUTHORS)))
                      ->n_hollow,
                    ==, 0);
  g_assert_cmpuint (kith_group_replica_get_log (
                      fresh->replica, kith_sim_author (kith_sim_get_person (sim, 1)))
                      ->n_hollow,
                    ==, N / 2);
}

/* Who was asked for older entries goes before they have come: somebody else is asked. */
static void
test_older_from_another (void)
{
  enum { BEFORE = 50, AFTER = 10 };
  static const KithGroupPolicy no_history = { 0, 14, 0 };
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &no_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *writer = kith_sim_get_person (sim, 1);
  KithSimPerson *third = kith_sim_get_person (sim, 2);
  KithSimPerson *young = kith_sim_add_person (sim);
  KithSimPerson *fresh = kith_sim_add_person (sim);
  const KithGroupBack *back;
  guint link;

  kith_sim_set_delay (sim, 50, 50);
  for (guint i = 0; i < BEFORE; i++)
    g_assert_true (kith_sim_post (writer, "before"));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  kith_sim_add_by (admin, young);
  kith_sim_connect (young, admin);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  for (guint i = 0; i < AFTER; i++)
    g_assert_true (kith_sim_post (writer, "after"));
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);

  g_assert_true (kith_group_replica_set_policy (admin->replica, &all_history,
                                                kith_sim_person_now (admin), NULL));
  kith_sim_add_by (admin, fresh);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  kith_sim_connect (fresh, young);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_cmpuint (kith_sim_count_shown (fresh), ==, AFTER);

  kith_sim_disconnect_all (fresh);
  kith_sim_disconnect_all (writer);
  link = kith_sim_connect (fresh, admin);
  kith_sim_connect (fresh, third);
  while ((back = g_hash_table_lookup (fresh->replica->backs, kith_sim_author (writer))) == NULL)
    kith_sim_run (sim, 10);
  kith_sim_run (sim, 60);
  g_assert_true (g_hash_table_contains (fresh->replica->backs, kith_sim_author (writer)));
  kith_sim_disconnect (fresh, back->link == link ? admin : third);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_cmpuint (kith_sim_count_shown (fresh), ==, BEFORE + AFTER);
}

/* (transfer full): the entry that @person wrote last, as it is stored. */
static KithGroupEntry *
dup_last_own (KithSimPerson *person)
{
  const KithGroupLog *log
    = kith_group_replica_get_log (person->replica, kith_sim_author (person));
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, person->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupEntry *entry = ((KithSimStored *) value)->entry;

      if (entry->seq == kith_group_log_last (log)
          && memcmp (entry->author, log->author, sizeof entry->author) == 0)
        return kith_group_entry_ref (entry);
    }

  g_assert_not_reached ();
}

static void
inject_hollow (KithSimPerson *from, KithSimPerson *to, KithGroupEntry *entry)
{
  g_autoptr (KithGroupEntry) hollow = make_hollow (entry);
  g_autoptr (GBytes) body = kith_sim_pack_entry (hollow);

  kith_sim_inject (from, to, KITH_RECORD_GROUP_ENTRIES, body);
}

/* Somebody hands on the question of the admin, and the answer, without what they say: others have it. */
static void
test_hollow_offer (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *admin = kith_sim_get_person (sim, 0);
  KithSimPerson *heir = kith_sim_get_person (sim, 1);
  KithSimPerson *liar = kith_sim_get_person (sim, 2);
  g_autoptr (KithGroupEntry) offer = NULL;
  g_autoptr (KithGroupEntry) answer = NULL;

  liar->hostile = TRUE;
  kith_sim_disconnect (admin, heir);
  kith_sim_disconnect (admin, liar);
  g_assert_true (kith_group_replica_offer_admin (admin->replica, kith_sim_author (heir),
                                                 kith_sim_person_now (admin), NULL));
  kith_sim_drain (admin);
  offer = dup_last_own (admin);
  inject_hollow (liar, heir, offer);
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_false (heir->offered);
  kith_sim_connect (admin, heir);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_true (heir->offered);

  kith_sim_disconnect_all (heir);
  g_assert_true (kith_group_replica_accept_transfer (heir->replica, kith_sim_person_now (heir), NULL));
  kith_sim_drain (heir);
  answer = dup_last_own (heir);
  kith_sim_connect (admin, liar);
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  inject_hollow (liar, admin, answer);
  kith_sim_run (sim, KITH_SIM_SECOND_MS);
  g_assert_true (kith_group_replica_is_admin (admin->replica));
  kith_sim_connect (admin, heir);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  g_assert_true (kith_group_replica_is_admin (heir->replica));
  g_assert_false (kith_group_replica_is_admin (admin->replica));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/group/contents/forged-fill", test_forged_fill);
  g_test_add_func ("/group/contents/much-of-one", test_much_of_one);
  g_test_add_func ("/group/contents/full-log", test_full_log);
  g_test_add_func ("/group/contents/last-number", test_last_number);
  g_test_add_func ("/group/contents/many-hollow", test_many_hollow);
  g_test_add_func ("/group/contents/hollow-of-many", test_hollow_of_many);
  g_test_add_func ("/group/contents/older-from-another", test_older_from_another);
  g_test_add_func ("/group/contents/hollow-offer", test_hollow_offer);
  g_test_add_func ("/group/contents/clock-after-quarantine", test_clock_after_quarantine);
  return g_test_run ();
}
