/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 15, attacks 20 to 22, and what else a hostile or unlucky member may do to a group. */
#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "group/kith-group-replica-private.h"
#include "kith-sim-forge.h"
#include "proto/kith-group-body.h"
#include "proto/kith-group-content.h"
#include "proto/kith-record.h"

#define MINUTE_MS KITH_SIM_MINUTE_MS
#define DAY_MS KITH_SIM_DAY_MS

static const KithGroupPolicy all_history = { KITH_GROUP_HISTORY_ALL, 14, 0 };

static KithSimPerson *
person (KithSim *sim, guint i)
{
  return kith_sim_get_person (sim, i);
}

static void
assert_same (KithSim *sim, const guint *who, guint n)
{
  g_autofree char *first = kith_sim_describe (person (sim, who[0]), 0);

  for (guint i = 1; i < n; i++)
    {
      g_autofree char *other = kith_sim_describe (person (sim, who[i]), 0);

      g_assert_cmpstr (first, ==, other);
    }
}

/* What stands at @i of a record with one entry that @writer never made by his replica. */
static GBytes *
forge (KithSimPerson *writer, guint64 seq, const guint8 *prev, const KithGroupOp *head, guint64 hlc,
       const char *text, guint8 *id)
{
  static const guint8 none[32];
  guint8 salt[16] = { 7 };
  KithGroupContent content = { .kind = KITH_GROUP_CONTENT_TEXT, .text = (char *) text };
  g_autoptr (GBytes) packed = kith_group_content_pack (&content);
  KithGroupEntryDraft draft = {
    .kind = KITH_GROUP_ENTRY_MESSAGE,
    .gid = kith_sim_get_gid (writer->sim),
    .seq = seq,
    .prev = prev != NULL ? prev : none,
    .chain_height = head->height,
    .chain_head = head->id,
    .hlc = hlc,
    .content = g_bytes_get_data (packed, NULL),
    .content_len = g_bytes_get_size (packed),
    .salt = salt,
  };
  g_autoptr (GPtrArray) entries
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  KithGroupEntry *entry
      = kith_group_entry_seal (&draft, kith_secret_get_data (writer->author_seed));

  if (id != NULL)
    memcpy (id, entry->id, 32);
  g_ptr_array_add (entries, entry);
  return kith_group_entries_pack (entries);
}

static KithGroupOp *
last_op (KithSimPerson *somebody)
{
  return kith_group_op_parse (somebody->ops->pdata[somebody->ops->len - 1]);
}

/* What was injected arrives, and before the liar's own replica hears of it they are gone. */
static void
hide_liar (KithSim *sim, KithSimPerson *liar)
{
  liar->hostile = TRUE;
  kith_sim_run (sim, 60);
  kith_sim_stop (liar);
  kith_sim_run (sim, MINUTE_MS);
}

/* --- 20 -------------------------------------------------------------------------------------- */

static void
test_two_entries (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &all_history);
  KithSimPerson *liar = person (sim, 3);
  g_autoptr (KithGroupOp) head = last_op (person (sim, 0));
  guint64 hlc = (guint64) kith_sim_get_now (sim) << 16;
  g_autoptr (GBytes) one = forge (liar, 1, NULL, head, hlc, "yes", NULL);
  g_autoptr (GBytes) two = forge (liar, 1, NULL, head, hlc, "no", NULL);
  static const guint honest[] = { 0, 1, 2 };

  kith_sim_disconnect (person (sim, 1), person (sim, 2));
  kith_sim_disconnect (person (sim, 1), person (sim, 0));
  kith_sim_set_delay (sim, 50, 50);
  kith_sim_inject (liar, person (sim, 1), KITH_RECORD_GROUP_ENTRIES, one);
  kith_sim_inject (liar, person (sim, 2), KITH_RECORD_GROUP_ENTRIES, two);
  hide_liar (sim, liar);
  g_assert_true (kith_sim_shows (person (sim, 1), "yes"));
  g_assert_true (kith_sim_shows (person (sim, 2), "no"));

  kith_sim_connect (person (sim, 1), person (sim, 0));
  kith_sim_run (sim, MINUTE_MS);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_false (kith_sim_shows (person (sim, i), "yes"));
      g_assert_false (kith_sim_shows (person (sim, i), "no"));
      g_assert_cmpuint (kith_sim_count_event (person (sim, i), KITH_GROUP_EVENT_FORKED), ==, 1);
    }
  assert_same (sim, honest, 3);

  /* It holds over a restart. */
  kith_sim_restart (person (sim, 2), FALSE);
  g_assert_cmpuint (kith_sim_count_shown (person (sim, 2)), ==, 0);
}

/* A fork that begins earlier than where it shows: the first difference is found. */
static void
test_deep_fork (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &all_history);
  KithSimPerson *liar = person (sim, 3);
  static const guint honest[] = { 0, 1, 2 };
  g_autoptr (KithGroupOp) head = last_op (person (sim, 0));
  guint8 id[2][32];

  kith_sim_set_delay (sim, 50, 50);
  kith_sim_disconnect (person (sim, 1), person (sim, 2));
  kith_sim_disconnect (person (sim, 1), person (sim, 0));
  for (guint i = 0; i < 150; i++)
    for (guint side = 0; side < 2; side++)
      {
        g_autofree char *text = g_strdup_printf ("%u %s", i, i < 5 || side == 0 ? "a" : "b");
        guint64 hlc = (guint64) (kith_sim_get_now (sim) + i * 1000 - 200000) << 16;
        g_autoptr (GBytes) body
            = forge (liar, i + 1, i > 0 ? id[side] : NULL, head, hlc, text, id[side]);

        kith_sim_inject (liar, person (sim, side + 1), KITH_RECORD_GROUP_ENTRIES, body);
      }
  hide_liar (sim, liar);
  kith_sim_connect (person (sim, 1), person (sim, 0));
  kith_sim_run (sim, 10 * MINUTE_MS);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (kith_sim_count_shown (person (sim, i)), ==, 5);
  assert_same (sim, honest, 3);
}

/* Two contradicting operations of the admin: the group stops there, and goes on with another. */
static void
test_admin_fork (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (5, &all_history);
  KithSimPerson *admin = person (sim, 0);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (admin);
  const KithGroupState *state;
  g_autoptr (KithGroupOp) other = NULL;
  g_autoptr (GBytes) body = NULL;
  static const guint left[] = { 1, 2, 3 };

  admin->hostile = TRUE;
  other = kith_sim_forge_name (admin, head, "Mine");
  body = kith_sim_pack_op (other);

  /* One half hears that somebody is removed, the other only of a new name. */
  for (guint i = 1; i < 5; i++)
    kith_sim_disconnect (person (sim, i), person (sim, i % 4 + 1));
  kith_sim_disconnect (person (sim, 1), person (sim, 3));
  kith_sim_disconnect (person (sim, 2), person (sim, 4));
  kith_sim_inject (admin, person (sim, 1), KITH_RECORD_GROUP_OPS, body);
  kith_sim_run (sim, 1000);
  kith_sim_disconnect (admin, person (sim, 1));
  kith_group_replica_kick (admin->replica, kith_sim_author (person (sim, 4)),
                           kith_sim_person_now (admin), NULL);
  kith_sim_drain (admin);
  kith_sim_run (sim, 1000);
  g_assert_cmpstr (kith_group_replica_get_state (person (sim, 1)->replica)->name, ==, "Mine");
  g_assert_cmpuint (kith_group_replica_get_state (person (sim, 2)->replica)->n_members, ==, 4);

  kith_sim_connect (person (sim, 1), person (sim, 2));
  kith_sim_connect (person (sim, 1), person (sim, 3));
  kith_sim_run (sim, MINUTE_MS);
  for (guint i = 1; i < 4; i++)
    {
      state = kith_group_replica_get_state (person (sim, i)->replica);
      g_assert_true (kith_group_replica_is_frozen (person (sim, i)->replica));
      g_assert_cmpstr (state->name, ==, "Group");
      g_assert_cmpuint (state->n_members, ==, 4);
    }
  assert_same (sim, left, 3);

  /* Three of the four others agree on the second. */
  for (guint i = 1; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;

      kith_group_replica_endorse (person (sim, i)->replica, kith_sim_author (person (sim, 2)),
                                  kith_sim_person_now (person (sim, i)), &error);
      g_assert_no_error (error);
      kith_sim_drain (person (sim, i));
    }
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_group_replica_is_admin (person (sim, 2)->replica));
  g_assert_false (kith_group_replica_is_frozen (person (sim, 1)->replica));
  g_assert_cmpuint (kith_group_replica_get_state (person (sim, 1)->replica)->n_members, ==, 4);
  assert_same (sim, left, 3);
}

/* The admin gives the name of a member to a key of his own, to speak for them: nobody follows. */
/* (transfer full): the admin contradicts himself as often as anybody keeps */
static GBytes *
make_names (KithSimPerson *admin, const KithGroupOp *head, const char *prefix)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; i < KITH_LIMIT_GROUP_SIBLINGS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s %u", prefix, i);
      g_autoptr (KithGroupOp) op = kith_sim_forge_name (admin, head, name);

      g_ptr_array_add (ops, g_bytes_ref (op->bytes));
    }

  return kith_group_ops_pack (ops);
}

static gboolean
is_admin_of (KithSimPerson *of, KithSimPerson *admin)
{
  const KithGroupState *state = kith_group_replica_get_state (of->replica);

  return memcmp (state->admin->author, kith_sim_author (admin), sizeof state->admin->author) == 0;
}

/* Whoever has kept other ones has to take those by which the others prove it, or would stay behind for good. */
static void
test_many_forks (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (5, &all_history);
  KithSimPerson *admin = person (sim, 0);
  g_autoptr (KithGroupOp) head = kith_sim_get_head_op (admin);
  g_autoptr (GBytes) some = make_names (admin, head, "Some");
  g_autoptr (GBytes) others = make_names (admin, head, "Others");

  admin->hostile = TRUE;
  for (guint i = 1; i < 5; i++)
    kith_sim_inject (admin, person (sim, i), KITH_RECORD_GROUP_OPS, i % 2 == 1 ? some : others);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  kith_sim_disconnect_all (admin);
  kith_sim_run (sim, KITH_SIM_MINUTE_MS);
  for (guint i = 1; i < 5; i++)
    {
      g_assert_true (kith_group_replica_is_frozen (person (sim, i)->replica));
      g_assert_true (kith_group_replica_endorse (person (sim, i)->replica, kith_sim_author (person (sim, 2)),
                                                 kith_sim_person_now (person (sim, i)), NULL));
      kith_sim_drain (person (sim, i));
    }

  kith_sim_run (sim, KITH_SIM_DAY_MS);
  for (guint i = 1; i < 5; i++)
    {
      g_assert_false (kith_group_replica_is_frozen (person (sim, i)->replica));
      g_assert_true (is_admin_of (person (sim, i), person (sim, 2)));
    }
}

static void
test_stolen_name (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *admin = person (sim, 0);
  KithSimPerson *victim = person (sim, 2);
  const KithGroupState *state = kith_group_replica_get_state (admin->replica);
  KithGroupOpDraft draft = { .type = KITH_GROUP_OP_REKEY };
  KithGroupOpBody body = { 0 };
  const guint8 seed[32] = { 77 };
  guint8 prev[32];

  memcpy (prev, state->head, 32);
  draft.gid = kith_sim_get_gid (sim);
  draft.prev = prev;
  draft.height = state->height + 1;
  draft.time_ms = (guint64) kith_sim_get_now (sim);
  memcpy (body.cut.author, kith_sim_author (victim), 32);
  kith_identity_get_public (seed, body.author);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (KithGroupOp) op = NULL;
      g_autoptr (GBytes) record = NULL;

      /* Not even with the new key's own signature. */
      if (i == 1)
        kith_group_renew_sign (draft.gid, body.author, seed, body.acceptance);
      op = kith_group_op_seal (&draft, &body, kith_secret_get_data (admin->author_seed));
      record = kith_sim_pack_op (op);
      kith_sim_inject (admin, person (sim, 1), KITH_RECORD_GROUP_OPS, record);
      kith_sim_run (sim, MINUTE_MS);
    }

  for (guint i = 0; i < 3; i++)
    {
      state = kith_group_replica_get_state (person (sim, i)->replica);
      g_assert_true (kith_group_state_is_member (state, kith_sim_author (victim)));
      g_assert_false (kith_group_state_is_member (state, body.author));
      g_assert_false (kith_group_replica_is_frozen (person (sim, i)->replica));
    }
}

/* --- 21 -------------------------------------------------------------------------------------- */

static void
test_backdated (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &all_history);
  KithSimPerson *kicked = person (sim, 3);
  KithSimPerson *unaware = person (sim, 2);
  g_autoptr (KithGroupOp) head = last_op (person (sim, 0));
  g_autoptr (GBytes) late = NULL;
  guint8 id[32];
  static const guint honest[] = { 0, 1, 2 };
  KithSimStored *stored;
  GHashTableIter iter;
  gpointer value;

  g_assert_true (kith_sim_post (kicked, "good"));
  kith_sim_run (sim, MINUTE_MS);
  g_hash_table_iter_init (&iter, kicked->entries);
  g_assert_true (g_hash_table_iter_next (&iter, NULL, &value));
  stored = value;
  memcpy (id, stored->entry->id, 32);

  /* One is away when it happens, and hears first of the kicked one. */
  kith_sim_disconnect_all (unaware);
  kith_group_replica_kick (person (sim, 0)->replica, kith_sim_author (kicked),
                           kith_sim_person_now (person (sim, 0)), NULL);
  kith_sim_drain (person (sim, 0));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_cmpint (kith_group_replica_get_standing (kicked->replica), ==, KITH_GROUP_STANDING_KICKED);

  kicked->hostile = TRUE;
  kith_sim_connect (unaware, kicked);
  late = forge (kicked, 2, id, head, stored->entry->hlc + 1, "backdated", NULL);
  kith_sim_inject (kicked, unaware, KITH_RECORD_GROUP_ENTRIES, late);
  kith_sim_inject (kicked, person (sim, 1), KITH_RECORD_GROUP_ENTRIES, late);
  kith_sim_run (sim, 50);
  g_assert_true (kith_sim_post (person (sim, 1), "secret"));
  kith_sim_run (sim, MINUTE_MS);

  kith_sim_connect (unaware, person (sim, 1));
  kith_sim_connect (unaware, person (sim, 0));
  kith_sim_run (sim, MINUTE_MS);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (kith_sim_shows (person (sim, i), "good"));
      g_assert_true (kith_sim_shows (person (sim, i), "secret"));
      g_assert_false (kith_sim_shows (person (sim, i), "backdated"));
    }
  g_assert_false (kith_sim_shows (kicked, "secret"));
  assert_same (sim, honest, 3);
}

/* Once they are cut off, another history of theirs cannot hide the one that counts; and who
 * followed the other one changes over. */
static void
test_cut_branch (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &all_history);
  KithSimPerson *liar = person (sim, 3);
  static const guint honest[] = { 0, 1, 2 };
  g_autoptr (KithGroupOp) head = last_op (person (sim, 0));
  guint8 id[2][32];

  kith_sim_set_delay (sim, 50, 50);
  kith_sim_disconnect_all (person (sim, 1));
  kith_sim_connect (person (sim, 1), liar);
  for (guint i = 0; i < 100; i++)
    for (guint side = 0; side < 2; side++)
      {
        g_autofree char *text = g_strdup_printf ("%u %s", i, i < 5 || side == 0 ? "a" : "b");
        guint64 hlc = (guint64) (kith_sim_get_now (sim) + i * 1000 - 200000) << 16;
        g_autoptr (GBytes) body
            = forge (liar, i + 1, i > 0 ? id[side] : NULL, head, hlc, text, id[side]);

        kith_sim_inject (liar, person (sim, side), KITH_RECORD_GROUP_ENTRIES, body);
      }
  hide_liar (sim, liar);
  g_assert_true (kith_sim_shows (person (sim, 1), "99 b"));
  g_assert_true (kith_sim_shows (person (sim, 0), "99 a"));

  kith_group_replica_kick (person (sim, 0)->replica, kith_sim_author (liar),
                           kith_sim_person_now (person (sim, 0)), NULL);
  kith_sim_drain (person (sim, 0));
  kith_sim_run (sim, MINUTE_MS);
  kith_sim_connect (person (sim, 1), person (sim, 2));
  kith_sim_run (sim, 10 * MINUTE_MS);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (kith_sim_count_shown (person (sim, i)), ==, 100);
      g_assert_true (kith_sim_shows (person (sim, i), "99 a"));
    }
  assert_same (sim, honest, 3);
  kith_sim_restart (person (sim, 1), FALSE);
  assert_same (sim, honest, 3);
}

/* --- 22 -------------------------------------------------------------------------------------- */

static void
test_forged_claim (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &all_history);
  KithSimPerson *admin = person (sim, 0);
  const KithGroupState *state = kith_group_replica_get_state (admin->replica);
  KithGroupOpDraft draft = { .type = KITH_GROUP_OP_CLAIM };
  KithGroupOpBody body = { .voices = g_array_new (FALSE, FALSE, sizeof (KithGroupVoice)) };
  guint8 prev[32];
  g_autoptr (KithGroupOp) claim = NULL;
  g_autoptr (GBytes) record = NULL;

  memcpy (prev, state->head, 32);
  draft.gid = kith_sim_get_gid (sim);
  draft.prev = prev;
  draft.height = state->height + 1;
  draft.time_ms = (guint64) kith_sim_get_now (sim);
  for (guint i = 2; i < 4; i++)
    {
      KithGroupVoice voice;

      memcpy (voice.author, kith_sim_author (person (sim, i)), 32);
      kith_group_endorse_sign (draft.gid, draft.height, prev, kith_sim_author (person (sim, 3)),
                               kith_secret_get_data (person (sim, i)->author_seed), voice.signature);
      g_array_append_val (body.voices, voice);
    }
  claim = kith_group_op_seal (&draft, &body, kith_secret_get_data (person (sim, 3)->author_seed));
  g_array_unref (body.voices);
  g_clear_pointer (&body.removals, g_array_unref);
  record = kith_sim_pack_op (claim);

  /* The two are removed; two days later they say that they had been the majority. */
  for (guint i = 2; i < 4; i++)
    {
      kith_group_replica_kick (admin->replica, kith_sim_author (person (sim, i)),
                               kith_sim_person_now (admin), NULL);
      kith_sim_drain (admin);
    }
  kith_sim_run (sim, 2 * DAY_MS);
  person (sim, 3)->hostile = TRUE;
  kith_sim_inject (person (sim, 3), person (sim, 1), KITH_RECORD_GROUP_OPS, record);
  kith_sim_run (sim, MINUTE_MS);

  for (guint i = 0; i < 2; i++)
    {
      state = kith_group_replica_get_state (person (sim, i)->replica);
      g_assert_cmpuint (state->n_members, ==, 2);
      g_assert_cmpmem (state->admin->author, 32, kith_sim_author (admin), 32);
      g_assert_true (kith_group_replica_is_split (person (sim, i)->replica));
      g_assert_cmpuint (kith_sim_count_event (person (sim, i), KITH_GROUP_EVENT_SPLIT), ==, 1);
    }
}

/* An admin who comes back within a day of a succession was not gone. */
static void
test_admin_returns (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (4, &all_history);
  KithSimPerson *admin = person (sim, 0);
  static const guint all[] = { 0, 1, 2, 3 };

  kith_sim_disconnect_all (admin);
  kith_sim_run (sim, 15 * DAY_MS);
  g_assert_cmpuint (kith_sim_count_event (person (sim, 1), KITH_GROUP_EVENT_CAN_ENDORSE), ==, 1);
  for (guint i = 1; i < 3; i++)
    {
      g_assert_true (kith_group_replica_endorse (person (sim, i)->replica,
                                                 kith_sim_author (person (sim, 1)),
                                                 kith_sim_person_now (person (sim, i)), NULL));
      kith_sim_drain (person (sim, i));
      kith_sim_run (sim, 1000);
    }
  g_assert_true (kith_group_replica_is_admin (person (sim, 1)->replica));
  g_assert_true (kith_group_replica_is_admin (admin->replica));
  g_assert_true (kith_group_replica_rename (admin->replica, "Back", kith_sim_person_now (admin), NULL));
  kith_sim_drain (admin);
  kith_sim_connect_all (sim);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_group_replica_is_admin (admin->replica));
  g_assert_false (kith_group_replica_is_admin (person (sim, 1)->replica));
  assert_same (sim, all, 4);
}

/* --- Backups --------------------------------------------------------------------------------- */

static void
test_backup (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *restored = person (sim, 2);
  g_autoptr (GBytes) request = NULL;
  guint8 seed[32] = { 42 };
  guint8 old[32];
  g_autoptr (GError) error = NULL;

  /* The backup is from before the message. */
  g_assert_true (kith_sim_post (restored, "after the backup"));
  kith_sim_run (sim, MINUTE_MS);
  kith_sim_stop (restored);
  g_hash_table_remove_all (restored->entries);
  g_hash_table_remove_all (restored->shown);
  kith_sim_start (restored, TRUE);
  g_assert_true (kith_group_replica_needs_key (restored->replica));
  g_assert_false (kith_sim_post (restored, "fork"));
  g_assert_false (kith_group_replica_can_post (restored->replica, &error));
  g_assert_error (error, kith_error_quark (), KITH_ERROR_PAUSED);

  memcpy (old, kith_sim_author (restored), 32);
  restored->next_seed = kith_secret_new_from (seed, sizeof seed);
  request = kith_sim_make_request (restored, old, restored->next_seed);
  g_assert_true (kith_group_replica_ask_new_key (restored->replica, restored->next_seed, request,
                                                 kith_sim_person_now (restored), NULL));
  kith_sim_drain (restored);
  kith_sim_connect (restored, person (sim, 1));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_false (kith_group_replica_needs_key (restored->replica));
  g_assert_true (kith_sim_shows (restored, "after the backup"));
  g_assert_true (kith_sim_post (restored, "here again"));
  kith_sim_run (sim, MINUTE_MS);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (kith_sim_shows (person (sim, i), "after the backup"));
      g_assert_true (kith_sim_shows (person (sim, i), "here again"));
      g_assert_cmpuint (kith_sim_count_event (person (sim, i), KITH_GROUP_EVENT_FORKED), ==, 0);
    }
}

/* Own entries that were lost come back from others, and the log goes on after them. */
static void
test_lost_entries (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *unlucky = person (sim, 2);
  static const guint all[] = { 0, 1, 2 };

  g_assert_true (kith_sim_post (unlucky, "one"));
  kith_sim_run (sim, MINUTE_MS);
  kith_sim_stop (unlucky);
  g_hash_table_remove_all (unlucky->entries);
  g_hash_table_remove_all (unlucky->shown);
  kith_sim_start (unlucky, FALSE);
  kith_sim_connect_all (sim);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_true (kith_sim_shows (unlucky, "one"));
  g_assert_true (kith_sim_post (unlucky, "two"));
  kith_sim_run (sim, MINUTE_MS);
  assert_same (sim, all, 3);
}

/* --- Strangers ------------------------------------------------------------------------------- */

static void
test_stranger (void)
{
  g_autoptr (KithSim) sim = kith_sim_make_group (3, &all_history);
  KithSimPerson *stranger = kith_sim_add_person (sim);
  KithSimPerson *impostor = kith_sim_add_person (sim);
  g_autoptr (GBytes) request = NULL;

  person (sim, 0)->auto_approve = FALSE;
  g_assert_true (kith_sim_post (person (sim, 0), "inside"));
  stranger->hostile = impostor->hostile = TRUE;
  kith_sim_ask (stranger);
  kith_sim_ask (impostor);
  kith_sim_connect (stranger, person (sim, 1));
  kith_sim_connect (impostor, person (sim, 1));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_cmpuint (person (sim, 0)->requests->len, ==, 2);
  g_assert_cmpuint (stranger->ops->len, ==, 0);
  g_assert_cmpuint (stranger->entries ? g_hash_table_size (stranger->entries) : 0, ==, 0);

  /* Another's request is no business of who is no member. */
  request = kith_sim_make_request (stranger, NULL, stranger->author_seed);
  kith_sim_inject (impostor, person (sim, 1), KITH_RECORD_GROUP_JOIN, request);
  kith_sim_run (sim, MINUTE_MS);
  g_assert_cmpuint (person (sim, 0)->requests->len, ==, 2);

  g_assert_true (kith_group_replica_deny_request (person (sim, 0)->replica,
                                                  kith_sim_author (impostor),
                                                  kith_sim_person_now (person (sim, 0)), NULL));
  kith_sim_drain (person (sim, 0));
  kith_sim_run (sim, MINUTE_MS);
  g_assert_cmpuint (person (sim, 0)->requests->len, ==, 1);
  g_assert_cmpuint (person (sim, 2)->replica->requests->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/group/attacks/20-two-entries", test_two_entries);
  g_test_add_func ("/group/attacks/20-deep-fork", test_deep_fork);
  g_test_add_func ("/group/attacks/20-admin-fork", test_admin_fork);
  g_test_add_func ("/group/attacks/20-many-forks", test_many_forks);
  g_test_add_func ("/group/attacks/stolen-name", test_stolen_name);
  g_test_add_func ("/group/attacks/21-backdated", test_backdated);
  g_test_add_func ("/group/attacks/21-cut-branch", test_cut_branch);
  g_test_add_func ("/group/attacks/22-forged-claim", test_forged_claim);
  g_test_add_func ("/group/attacks/22-admin-returns", test_admin_returns);
  g_test_add_func ("/group/attacks/backup", test_backup);
  g_test_add_func ("/group/attacks/lost-entries", test_lost_entries);
  g_test_add_func ("/group/attacks/stranger", test_stranger);
  return g_test_run ();
}
