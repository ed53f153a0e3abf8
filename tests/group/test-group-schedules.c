/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random schedules: people come, go, write, lose links and power, are kicked and misbehave; in the
 * midst of it the admin vanishes or contradicts himself, or somebody has a clock of their own. When
 * all is quiet again, every honest member has the same, and nothing that was written when somebody
 * was known to be removed has reached them.
 *
 * KITH_SEED=n runs one schedule again, KITH_TEST_LONG=1 runs 10,000, from KITH_FIRST_SEED on. */
#include "config.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/kith-init.h"
#include "kith-sim-forge.h"
#include "proto/kith-record.h"

#define SECOND_MS 1000
#define HOUR_MS (3600 * 1000)
#define DAY_MS (24ll * HOUR_MS)
#define SHORT_SCHEDULES 200
#define LONG_SCHEDULES 10000
#define SHORT_STEPS 16
#define LONG_STEPS 40

typedef struct
{
  KithSim       *sim;
  GRand         *rand;
  GPtrArray     *people;
  KithSimPerson *admin;  /* the one who is it, or an honest one in a frozen group */
  guint          n_posts;
  guint          n_successions;
  gint64         settle_ms; /* what it takes until everything is due */
  gboolean       big;
  GHashTable    *barred; /* text -> KithSimPerson who must not see it */
} Schedule;

static KithSimPerson *
pick (Schedule *self)
{
  return self->people->pdata[g_rand_int_range (self->rand, 0, (gint) self->people->len)];
}

static gboolean
is_member (KithSimPerson *person)
{
  return person->replica != NULL
         && kith_group_replica_get_standing (person->replica) == KITH_GROUP_STANDING_MEMBER;
}

static void
post (Schedule *self)
{
  KithSimPerson *writer = pick (self);
  g_autofree char *text = g_strdup_printf ("message %u", self->n_posts);

  if (!is_member (writer) || !kith_sim_post (writer, text) || writer->replica == NULL)
    return;

  self->n_posts++;
  for (guint i = 0; i < self->people->len; i++)
    {
      KithSimPerson *other = self->people->pdata[i];
      const KithGroupState *state = kith_group_replica_get_state (writer->replica);

      /* Who was removed, as far as an honest writer knew. */
      if (!writer->hostile && state->admin != NULL
          && kith_group_state_find (state, kith_sim_author (other)) != NULL
          && kith_group_state_find_identity (state, other->identity) == NULL)
        g_hash_table_insert (self->barred, g_strdup (text), other);
    }
}

static void
part (Schedule *self)
{
  for (guint i = 0; i < self->people->len; i++)
    {
      KithSimPerson *person = self->people->pdata[i];

      person->side = g_rand_int_range (self->rand, 0, 2);
    }
  for (guint i = 0; i < self->people->len; i++)
    for (guint j = 0; j < i; j++)
      {
        KithSimPerson *a = self->people->pdata[i];
        KithSimPerson *b = self->people->pdata[j];

        if (a->side != b->side)
          kith_sim_disconnect (a, b);
      }
}

static void
heal (Schedule *self)
{
  for (guint i = 0; i < self->people->len; i++)
    ((KithSimPerson *) self->people->pdata[i])->side = 0;
}

static void
kick (Schedule *self)
{
  KithSimPerson *victim = pick (self);

  if (is_member (self->admin) && victim != self->admin && kith_sim_post (victim, "before"))
    {
      kith_group_replica_kick (self->admin->replica, kith_sim_author (victim),
                               kith_sim_person_now (self->admin), NULL);
      kith_sim_drain (self->admin);
    }
}

static void
leave (Schedule *self)
{
  KithSimPerson *person = pick (self);

  if (!is_member (person) || person == self->admin)
    return;
  kith_group_replica_leave (person->replica, kith_sim_person_now (person), NULL);
  kith_sim_drain (person);
}

static void
join (Schedule *self)
{
  KithSimPerson *bringer = pick (self);
  KithSimPerson *fresh;

  if (!is_member (bringer) || self->people->len > 14)
    return;

  fresh = kith_sim_add_person (self->sim);
  fresh->side = bringer->side;
  kith_sim_ask (fresh);
  kith_sim_connect (fresh, bringer);
}

static void
restart (Schedule *self)
{
  KithSimPerson *person = pick (self);

  if (person->replica == NULL)
    kith_sim_start (person, FALSE);
  else if (g_rand_boolean (self->rand))
    person->lose_next_commit = TRUE;
  else if (g_rand_boolean (self->rand))
    kith_sim_stop (person);
  else
    kith_sim_restart (person, FALSE);
}

static void
rename_group (Schedule *self)
{
  g_autofree char *name = g_strdup_printf ("Name %u", g_rand_int_range (self->rand, 0, 1000));

  if (!is_member (self->admin))
    return;
  kith_group_replica_rename (self->admin->replica, name, kith_sim_person_now (self->admin), NULL);
  kith_sim_drain (self->admin);
}

static void
set_picture (Schedule *self)
{
  g_autofree char *text = g_strdup_printf ("Picture %u", g_rand_int_range (self->rand, 0, 1000));
  g_autoptr (GBytes) picture = g_bytes_new (text, strlen (text));

  if (!is_member (self->admin))
    return;
  kith_group_replica_set_picture (self->admin->replica, g_rand_boolean (self->rand) ? picture : NULL,
                                  kith_sim_person_now (self->admin), NULL);
  kith_sim_drain (self->admin);
}

static void
lose_link (Schedule *self)
{
  kith_sim_disconnect (pick (self), pick (self));
}

/* --- Who does not keep to the rules ---------------------------------------------------------- */

static KithSimPerson *
pick_hostile (Schedule *self)
{
  for (guint i = 0; i < self->people->len; i++)
    {
      KithSimPerson *person = self->people->pdata[i];

      if (person->hostile && person->replica != NULL)
        return person;
    }

  return NULL;
}

static void
inject_entry (KithSimPerson *from, KithSimPerson *to, KithGroupEntry *entry)
{
  g_autoptr (GBytes) body = kith_sim_pack_entry (entry);

  kith_sim_inject (from, to, KITH_RECORD_GROUP_ENTRIES, body);
}

/* (transfer none) (nullable): the last entry that somebody has of their own. */
static KithGroupEntry *
find_last_own (KithSimPerson *person)
{
  const guint8 *author = kith_sim_author (person);
  KithGroupEntry *last = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, person->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupEntry *entry = ((KithSimStored *) value)->entry;

      if (memcmp (entry->author, author, sizeof entry->author) == 0
          && (last == NULL || entry->seq > last->seq))
        last = entry;
    }

  return last;
}

/* (transfer full) (nullable): an entry of theirs that goes on from where they are, maybe on an
 * operation of long ago. */
static KithGroupEntry *
forge_next (Schedule *self, KithSimPerson *person, gboolean backdated, const char *text)
{
  g_autoptr (KithGroupOp) head = NULL;
  KithGroupEntry *last = find_last_own (person);
  gint64 written_ms = kith_sim_get_now (self->sim);

  if (person->ops->len == 0)
    return NULL;
  if (backdated && last != NULL)
    written_ms = (gint64) (last->hlc >> 16) + SECOND_MS;

  head = backdated ? kith_group_op_parse (person->ops->pdata[g_rand_int_range (
                                              self->rand, 0, (gint) person->ops->len)])
                   : kith_sim_get_head_op (person);
  return kith_sim_forge_entry (person, last != NULL ? last->seq + 1 : 1, last, head, written_ms, text);
}

/* Another first entry, to one of the others. */
static void
fork_log (Schedule *self)
{
  KithSimPerson *person = pick_hostile (self);
  g_autoptr (KithGroupOp) head = NULL;
  g_autoptr (KithGroupEntry) entry = NULL;

  if (person == NULL || kith_group_replica_get_state (person->replica)->admin == NULL)
    return;

  head = kith_sim_get_head_op (person);
  entry = kith_sim_forge_entry (person, 1, NULL, head, kith_sim_get_now (self->sim), "forked");
  inject_entry (person, pick (self), entry);
}

/* Two different ones that go on from the same place, to two people. */
static void
fork_log_later (Schedule *self)
{
  static const char *const texts[] = { "one way", "the other way" };
  KithSimPerson *person = pick_hostile (self);

  for (guint i = 0; person != NULL && i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (KithGroupEntry) entry = forge_next (self, person, FALSE, texts[i]);

      if (entry != NULL)
        inject_entry (person, pick (self), entry);
    }
}

/* Who was kicked, maybe, writes as if that had not happened yet, to somebody who may not know. */
static void
backdate (Schedule *self)
{
  KithSimPerson *person = pick_hostile (self);
  KithSimPerson *other = pick (self);
  g_autoptr (KithGroupEntry) entry = NULL;

  if (person == NULL || other == person)
    return;

  entry = forge_next (self, person, TRUE, "backdated");
  kith_sim_connect (person, other);
  if (entry != NULL)
    inject_entry (person, other, entry);
}

static void
kick_hostile (Schedule *self)
{
  KithSimPerson *victim = pick_hostile (self);

  if (victim == NULL || !is_member (self->admin))
    return;
  kith_group_replica_kick (self->admin->replica, kith_sim_author (victim),
                           kith_sim_person_now (self->admin), NULL);
  kith_sim_drain (self->admin);
}

static void
send_garbage (Schedule *self)
{
  KithSimPerson *person = pick_hostile (self);
  guint8 data[64];
  g_autoptr (GBytes) body = NULL;

  for (gsize i = 0; i < sizeof data; i++)
    data[i] = (guint8) g_rand_int (self->rand);
  body = g_bytes_new (data, (gsize) g_rand_int_range (self->rand, 0, sizeof data));
  if (person != NULL)
    kith_sim_inject (person, pick (self), (guint8) g_rand_int_range (self->rand, 0x20, 0x2b), body);
}

static void
flood (Schedule *self)
{
  KithSimPerson *person = pick_hostile (self);

  for (guint i = 0; person != NULL && i < 70; i++)
    kith_sim_post (person, "flood");
}

/* Time passes while nobody comes or goes. */
static void
wait_long (Schedule *self, gint64 ms)
{
  kith_sim_set_overlay (self->sim, FALSE);
  kith_sim_run (self->sim, ms);
  kith_sim_set_overlay (self->sim, TRUE);
}

/* --- What happens to the admin --------------------------------------------------------------- */

/* Everybody is there, and hears what there is to hear. */
static void
gather (Schedule *self)
{
  heal (self);
  for (guint i = 0; i < self->people->len; i++)
    {
      KithSimPerson *person = self->people->pdata[i];

      person->lose_next_commit = FALSE;
      kith_sim_start (person, FALSE);
    }
  for (guint i = 0; i < self->people->len; i++)
    if (!is_member (self->people->pdata[i]))
      kith_sim_connect (self->admin, self->people->pdata[i]);
  kith_sim_run (self->sim, 2 * 60 * SECOND_MS);
}

static KithSimPerson *
find_honest (Schedule *self)
{
  for (guint i = 0; i < self->people->len; i++)
    {
      KithSimPerson *person = self->people->pdata[i];

      if (person != self->admin && !person->hostile && is_member (person))
        return person;
    }

  return NULL;
}

/* All who keep to the rules are for the same one. If they are enough, that one is admin. */
static void
succeed (Schedule *self)
{
  KithSimPerson *candidate = find_honest (self);

  for (guint i = 0; candidate != NULL && i < self->people->len; i++)
    {
      KithSimPerson *person = self->people->pdata[i];

      if (person == self->admin || person->hostile || !is_member (person))
        continue;
      kith_group_replica_endorse (person->replica, kith_sim_author (candidate),
                                  kith_sim_person_now (person), NULL);
      kith_sim_drain (person);
      kith_sim_run (self->sim, g_rand_int_range (self->rand, 1, 5000));
    }

  kith_sim_run (self->sim, 60 * SECOND_MS);
  if (candidate != NULL && kith_group_replica_is_admin (candidate->replica))
    self->n_successions++;
}

/* Without a word for half a month; comes back at the end, and is admin no more. */
static void
vanish (Schedule *self)
{
  KithSimPerson *heir = NULL;

  if (!is_member (self->admin))
    return;
  gather (self);
  heir = find_honest (self);
  kith_sim_stop (self->admin);
  wait_long (self, 15 * DAY_MS);
  succeed (self);
  if (heir != NULL && kith_group_replica_is_admin (heir->replica))
    self->admin = heir;
}

/* Tells some that somebody is out, and others another name. */
static void
contradict (Schedule *self)
{
  KithSimPerson *liar = self->admin;
  KithSimPerson *victim = pick (self);
  KithGroupOpBody cut = { .has_secret = TRUE };
  g_autoptr (KithGroupOp) head = NULL;
  KithSimPerson *heir;

  if (!is_member (liar))
    return;
  gather (self);
  heir = find_honest (self);
  if (heir == NULL)
    return;

  liar->hostile = TRUE;
  head = kith_sim_get_head_op (liar);
  memcpy (cut.cut.author, kith_sim_author (victim), sizeof cut.cut.author);
  part (self);
  for (guint i = 0; i < self->people->len; i++)
    {
      KithSimPerson *other = self->people->pdata[i];
      g_autoptr (KithGroupOp) op = NULL;
      g_autoptr (GBytes) body = NULL;

      op = other->side == 0 || victim == liar ? kith_sim_forge_name (liar, head, "Other")
                                              : kith_sim_forge_op (liar, KITH_GROUP_OP_KICK, head, &cut);
      body = kith_sim_pack_op (op);
      kith_sim_connect (liar, other);
      kith_sim_inject (liar, other, KITH_RECORD_GROUP_OPS, body);
    }
  kith_sim_run (self->sim, 10 * SECOND_MS);
  kith_sim_stop (liar);

  /* Who leads from now on may be one who does not know it yet: somebody honest is looked at. */
  self->admin = heir;
  kith_sim_run (self->sim, 30 * SECOND_MS);
  heal (self);
  kith_sim_run (self->sim, 60 * SECOND_MS);
  self->admin = liar;
  heir = find_honest (self);
  succeed (self);
  if (heir != NULL)
    self->admin = heir;
}

/* Somebody's clock is an hour off. */
static void
shift_clock (Schedule *self)
{
  KithSimPerson *person = pick (self);

  person->skew_ms = g_rand_boolean (self->rand) ? HOUR_MS : -HOUR_MS;
  self->settle_ms = 2 * HOUR_MS + HOUR_MS / 4;
}

/* --- A schedule ------------------------------------------------------------------------------ */

typedef void (*Act) (Schedule *self);

/* What is done more often stands more often. */
static const Act acts[] = { post, post, post, post, post, post, post, part, heal, heal, kick, leave,
                            join, join, restart, restart, rename_group, set_picture, lose_link, lose_link,
                            fork_log, fork_log_later, backdate, kick_hostile, send_garbage, flood };

/* One of them in the midst of some schedules. */
static const Act dramas[] = { NULL, NULL, vanish, contradict, shift_clock };

static void
begin (Schedule *self, guint32 seed)
{
  static const guint32 histories[] = { KITH_GROUP_HISTORY_ALL, 0, 1 };
  KithGroupPolicy policy = { histories[seed % 3], 14, 0 };
  guint n;

  self->sim = kith_sim_new (seed);
  self->rand = kith_sim_get_rand (self->sim);
  self->people = kith_sim_get_people (self->sim);
  self->barred = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  kith_sim_set_delay (self->sim, 1, g_rand_int_range (self->rand, 2, 3000));
  self->admin = kith_sim_add_person (self->sim);
  self->admin->skew_ms = g_rand_int_range (self->rand, -300, 300) * SECOND_MS;
  kith_sim_create (self->admin, &policy);

  n = (guint) g_rand_int_range (self->rand, 1, self->big ? 9 : 5);
  for (guint i = 0; i < n; i++)
    {
      KithSimPerson *person = kith_sim_add_person (self->sim);

      person->skew_ms = g_rand_int_range (self->rand, -300, 300) * SECOND_MS;
      person->hostile = i == 1 && g_rand_boolean (self->rand);
      kith_sim_add_by (self->admin, person);
      kith_sim_connect (self->admin, person);
    }
  kith_sim_set_overlay (self->sim, TRUE);
  kith_sim_run (self->sim, 20 * SECOND_MS);
}

/* Everybody is there, nothing is lost any more, and time passes. */
static void
calm_down (Schedule *self)
{
  gather (self);
  wait_long (self, self->settle_ms);
  kith_sim_run (self->sim, 3 * 60 * SECOND_MS);
  if (self->admin->hostile || !is_member (self->admin))
    self->admin = find_honest (self);
}

/* A newcomer has what was written since; what was under way then may be missing. */
static gint64
get_from_ms (const KithGroupState *state, const KithSimPerson *person)
{
  const KithGroupMember *member = kith_group_state_find_identity (state, person->identity);

  return member == NULL || member->history_from_ms == 0
             ? 0
             : (gint64) member->history_from_ms + HOUR_MS / 6;
}

/* Who has it gives it to all others; those who had it may be gone. */
static void
check_picture (KithSimPerson *admin, KithSimPerson *person, guint32 seed)
{
  const KithGroupState *state = kith_group_replica_get_state (admin->replica);
  guint8 hash[KITH_HASH_BYTES];

  if (admin->picture == NULL)
    return;
  kith_group_picture_hash (admin->picture, hash);
  if (memcmp (hash, state->picture, sizeof hash) == 0
      && (person->picture == NULL || !g_bytes_equal (person->picture, admin->picture)))
    g_error ("seed %u: person %u lacks the picture", seed, person->number);
}

static void
check_same (Schedule *self, guint32 seed)
{
  const KithGroupState *state;

  /* Nobody is left who keeps to the rules. */
  if (self->admin == NULL)
    return;

  state = kith_group_replica_get_state (self->admin->replica);
  for (guint i = 0; i < self->people->len; i++)
    {
      KithSimPerson *person = self->people->pdata[i];
      const KithGroupMember *member = kith_group_state_find_identity (state, person->identity);
      gint64 from_ms;
      g_autofree char *theirs = NULL;
      g_autofree char *ours = NULL;

      /* Who left waits for the admin to say so, in a frozen group for the next one. */
      if (person->hostile || member == NULL
          || kith_group_replica_get_standing (person->replica) == KITH_GROUP_STANDING_LEFT)
        continue;
      if (!is_member (person))
        g_error ("seed %u: person %u does not know of being a member", seed, person->number);

      from_ms = MAX (get_from_ms (state, person), get_from_ms (state, self->admin));
      theirs = kith_sim_describe (person, from_ms);
      ours = kith_sim_describe (self->admin, from_ms);
      if (strcmp (theirs, ours) != 0)
        {
          g_printerr ("admin: %s\nperson %u: %s\n", ours, person->number, theirs);
          g_error ("seed %u: person %u differs from the admin", seed, person->number);
        }
      check_picture (self->admin, person, seed);
    }
}

static void
check_barred (Schedule *self, guint32 seed)
{
  GHashTableIter iter;
  gpointer text;
  gpointer person;

  g_hash_table_iter_init (&iter, self->barred);
  while (g_hash_table_iter_next (&iter, &text, &person))
    if (kith_sim_shows (person, text))
      g_error ("seed %u: person %u sees \"%s\" after being removed", seed,
               ((KithSimPerson *) person)->number, (char *) text);
}

/* How often there was another admin. */
static guint
run_schedule (guint32 seed, gboolean big)
{
  Schedule self = { .big = big };
  Act drama = dramas[seed % G_N_ELEMENTS (dramas)];
  guint n = big ? LONG_STEPS : SHORT_STEPS;

  begin (&self, seed);
  for (guint i = 0; i < n; i++)
    {
      if (i == n / 2 && drama != NULL)
        drama (&self);
      acts[g_rand_int_range (self.rand, 0, G_N_ELEMENTS (acts))](&self);
      kith_sim_run (self.sim, g_rand_int_range (self.rand, 1, 20000));
    }
  calm_down (&self);
  check_same (&self, seed);
  check_barred (&self, seed);
  g_hash_table_unref (self.barred);
  kith_sim_free (self.sim);
  return self.n_successions;
}

static void
test_schedules (void)
{
  const char *one = g_getenv ("KITH_SEED");
  const char *from = g_getenv ("KITH_FIRST_SEED");
  guint32 first = from != NULL ? (guint32) g_ascii_strtoull (from, NULL, 10) : 1;
  gboolean big = g_getenv ("KITH_TEST_LONG") != NULL;
  guint n = big ? LONG_SCHEDULES : SHORT_SCHEDULES;
  guint n_successions = 0;

  if (one != NULL)
    {
      run_schedule ((guint32) g_ascii_strtoull (one, NULL, 10), big);
      return;
    }
  for (guint32 seed = first; seed < first + n; seed++)
    n_successions += run_schedule (seed, big);

  /* That which is to be tested does happen. */
  g_test_message ("%u schedules, %u successions", n, n_successions);
  g_assert_cmpuint (n_successions, >, n / 10);
}

/* --- The same again --------------------------------------------------------------------------- */

static guint32 fixed_state = 1;

static guint32
get_fixed_number (void)
{
  return fixed_state = fixed_state * 1664525 + 1013904223;
}

static void
fill_fixed (void *out, size_t len)
{
  for (size_t i = 0; i < len; i++)
    ((guint8 *) out)[i] = (guint8) (get_fixed_number () >> 24);
}

static const char *
get_fixed_name (void)
{
  return "fixed";
}

/* Tables are hashed with a key of the process: with another one, KITH_ORDER=n, things happen in
 * another order. */
static struct randombytes_implementation fixed = {
  .implementation_name = get_fixed_name,
  .random = get_fixed_number,
  .buf = fill_fixed,
};

int
main (int argc, char **argv)
{
  if (g_getenv ("KITH_ORDER") != NULL)
    fixed_state = (guint32) g_ascii_strtoull (g_getenv ("KITH_ORDER"), NULL, 10);
  randombytes_set_implementation (&fixed);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/group/schedules", test_schedules);
  return g_test_run ();
}
