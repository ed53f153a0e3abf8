/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-simulator-private.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "proto/kith-group-content.h"
#include "proto/kith-record.h"

#define OVERLAY_MS 1000

/* --- Small things ---------------------------------------------------------------------------- */

static char *
make_key (const guint8 *author, guint64 seq)
{
  g_autofree char *hex = kith_hex_encode (author, 32);

  return g_strdup_printf ("%s %020" G_GUINT64_FORMAT, hex, seq);
}

static void
stored_free (gpointer data)
{
  kith_group_entry_unref (((KithSimStored *) data)->entry);
  g_free (data);
}

static void
packet_free (gpointer data)
{
  g_bytes_unref (((KithSimPacket *) data)->body);
  g_free (data);
}

static gint
compare_packets (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const KithSimPacket *left = a;
  const KithSimPacket *right = b;

  if (left->due_ms != right->due_ms)
    return left->due_ms < right->due_ms ? -1 : 1;

  return left->order < right->order ? -1 : left->order > right->order;
}

static void
fill_random (gpointer data, guint8 *out, gsize len)
{
  KithSim *self = data;

  for (gsize i = 0; i < len; i++)
    out[i] = (guint8) g_rand_int (self->rand);
}

/* --- The simulator --------------------------------------------------------------------------- */

KithSim *
kith_sim_new (guint32 seed)
{
  KithSim *self = g_new0 (KithSim, 1);

  self->rand = g_rand_new_with_seed (seed);
  self->now_ms = 1767225600000;
  self->people = g_ptr_array_new ();
  self->links = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->packets = g_sequence_new (packet_free);
  self->min_delay_ms = 10;
  self->max_delay_ms = 100;
  return self;
}

static void
person_free (KithSimPerson *person)
{
  g_clear_pointer (&person->replica, kith_group_replica_free);
  g_clear_pointer (&person->author_seed, kith_secret_unref);
  g_clear_pointer (&person->next_seed, kith_secret_unref);
  g_ptr_array_unref (person->ops);
  g_array_unref (person->op_times);
  g_hash_table_unref (person->entries);
  g_hash_table_unref (person->shown);
  g_hash_table_unref (person->events);
  g_hash_table_unref (person->numbers);
  g_ptr_array_unref (person->requests);
  g_clear_pointer (&person->state, g_bytes_unref);
  g_clear_pointer (&person->picture, g_bytes_unref);
  g_free (person);
}

void
kith_sim_free (KithSim *self)
{
  g_ptr_array_foreach (self->people, (GFunc) person_free, NULL);
  g_ptr_array_unref (self->people);
  g_hash_table_unref (self->links);
  g_sequence_free (self->packets);
  g_rand_free (self->rand);
  g_free (self);
}

GRand *
kith_sim_get_rand (KithSim *self)
{
  return self->rand;
}

gint64
kith_sim_get_now (KithSim *self)
{
  return self->now_ms;
}

GPtrArray *
kith_sim_get_people (KithSim *self)
{
  return self->people;
}

const guint8 *
kith_sim_get_gid (KithSim *self)
{
  return self->gid;
}

void
kith_sim_set_delay (KithSim *self, guint min_ms, guint max_ms)
{
  self->min_delay_ms = min_ms;
  self->max_delay_ms = max_ms;
}

/* Whether links come up by themselves, where somebody's overlay wants them. */
void
kith_sim_set_overlay (KithSim *self, gboolean on)
{
  self->overlay = on;
  self->overlay_ms = self->now_ms;
}

gint64
kith_sim_person_now (KithSimPerson *person)
{
  return person->sim->now_ms + person->skew_ms;
}

/* --- People ---------------------------------------------------------------------------------- */

KithGroupSelf
kith_sim_get_self (KithSimPerson *person)
{
  return (KithGroupSelf){ person->identity, person->author_seed, fill_random, person->sim };
}

KithSimPerson *
kith_sim_add_person (KithSim *self)
{
  KithSimPerson *person = g_new0 (KithSimPerson, 1);
  guint8 seed[32];

  person->sim = self;
  person->number = self->people->len;
  person->due_ms = G_MAXINT64;
  fill_random (self, person->identity_seed, sizeof person->identity_seed);
  kith_identity_get_public (person->identity_seed, person->identity);
  fill_random (self, seed, sizeof seed);
  person->author_seed = kith_secret_new_from (seed, sizeof seed);
  person->ops = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  person->op_times = g_array_new (FALSE, FALSE, sizeof (gint64));
  person->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stored_free);
  person->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) kith_group_entry_unref);
  person->events = g_hash_table_new (NULL, NULL);
  person->numbers = g_hash_table_new (NULL, NULL);
  person->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  person->auto_approve = TRUE;
  g_ptr_array_add (self->people, person);
  return person;
}

void
kith_sim_create (KithSimPerson *admin, const KithGroupPolicy *policy)
{
  KithGroupSelf me = kith_sim_get_self (admin);

  admin->replica = kith_group_replica_create (&me, "Group", policy, kith_sim_person_now (admin));
  g_assert_nonnull (admin->replica);
  memcpy (admin->sim->gid, kith_group_replica_get_gid (admin->replica), 32);
  kith_sim_drain (admin);
}

const guint8 *
kith_sim_author (KithSimPerson *person)
{
  static guint8 keys[8][32];
  static guint next;
  guint8 *key = keys[next++ % G_N_ELEMENTS (keys)];

  kith_identity_get_public (kith_secret_get_data (person->author_seed), key);
  return key;
}

/* (transfer full) */
GBytes *
kith_sim_make_request (KithSimPerson *person, const guint8 *replaces, KithSecret *seed)
{
  KithGroupJoin join = { .time_ms = (guint64) kith_sim_person_now (person), .name = (char *) "Name" };

  memcpy (join.gid, person->sim->gid, sizeof join.gid);
  memcpy (join.identity, person->identity, sizeof join.identity);
  kith_identity_get_public (kith_secret_get_data (seed), join.author);
  if (replaces != NULL)
    {
      join.has_replaces = TRUE;
      memcpy (join.replaces, replaces, sizeof join.replaces);
      kith_group_renew_sign (join.gid, join.author, kith_secret_get_data (person->author_seed),
                             join.renewal);
    }
  return kith_group_join_seal (&join, kith_secret_get_data (seed), person->identity_seed);
}

/* Wants in: whoever is linked is asked. */
void
kith_sim_ask (KithSimPerson *person)
{
  KithGroupSelf me = kith_sim_get_self (person);
  g_autoptr (GBytes) request = kith_sim_make_request (person, NULL, person->author_seed);

  if (person->replica == NULL)
    person->replica = kith_group_replica_join (&me, person->sim->gid);
  kith_group_replica_bring_request (person->replica, request, kith_sim_person_now (person), NULL);
  kith_sim_drain (person);
}

/* The admin has the request in hand. */
void
kith_sim_add_by (KithSimPerson *admin, KithSimPerson *person)
{
  KithGroupSelf me = kith_sim_get_self (person);
  g_autoptr (GBytes) request = kith_sim_make_request (person, NULL, person->author_seed);
  g_autoptr (GError) error = NULL;

  if (person->replica == NULL)
    person->replica = kith_group_replica_join (&me, person->sim->gid);
  kith_group_replica_add_member (admin->replica, request, kith_sim_person_now (admin), &error);
  g_assert_no_error (error);
  kith_sim_drain (admin);
  kith_sim_drain (person);
}

/* --- Carrying out effects -------------------------------------------------------------------- */

static void
commit_entry (KithSimPerson *person, const KithGroupEffect *effect)
{
  KithSimStored *stored = g_new0 (KithSimStored, 1);

  stored->entry = kith_group_entry_ref (effect->entry);
  stored->redacted = effect->redacted;
  g_hash_table_replace (person->entries, make_key (effect->author, effect->seq), stored);
}

/* As a message that is deleted, or whose time is over, takes the content of its entry with it. */
void
kith_sim_erase (KithSimPerson *person, const guint8 *author, guint64 seq)
{
  g_autofree char *key = make_key (author, seq);
  KithSimStored *stored = g_hash_table_lookup (person->entries, key);
  KithGroupEntry *hollow;

  g_assert_nonnull (stored);
  hollow = kith_group_entry_parse (stored->entry->header, sizeof stored->entry->header,
                                   stored->entry->signature, sizeof stored->entry->signature);
  kith_group_entry_unref (stored->entry);
  stored->entry = hollow;
  stored->redacted = TRUE;
}

static void
forget_from (GHashTable *table, const guint8 *author, guint64 seq)
{
  g_autofree char *from = make_key (author, seq);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (strncmp (key, from, 64) == 0 && strcmp (key, from) >= 0)
      g_hash_table_iter_remove (&iter);
}

static void
commit (KithSimPerson *person, const KithGroupEffect *effect)
{
  switch ((guint) effect->type)
    {
    case KITH_GROUP_EFFECT_STORE_OP:
      g_ptr_array_add (person->ops, g_bytes_ref (effect->bytes));
      g_array_append_val (person->op_times, effect->time_ms);
      break;
    case KITH_GROUP_EFFECT_STORE_ENTRY:
      commit_entry (person, effect);
      break;
    case KITH_GROUP_EFFECT_STORE_STATE:
      g_clear_pointer (&person->state, g_bytes_unref);
      person->state = g_bytes_ref (effect->bytes);
      break;
    case KITH_GROUP_EFFECT_PICTURE:
      g_clear_pointer (&person->picture, g_bytes_unref);
      person->picture = effect->bytes != NULL ? g_bytes_ref (effect->bytes) : NULL;
      break;
    case KITH_GROUP_EFFECT_FORGET_ENTRIES:
      forget_from (person->entries, effect->author, effect->seq);
      break;
    default:
      break;
    }
}

static void
send_packet (KithSim *self, KithSimLink *link, KithSimPerson *to, guint8 record, GBytes *body)
{
  guint end = link->ends[1] == to;
  KithSimPacket *packet = g_new0 (KithSimPacket, 1);
  guint delay = self->min_delay_ms;

  if (self->max_delay_ms > self->min_delay_ms)
    delay = (guint) g_rand_int_range (self->rand, (gint) self->min_delay_ms, (gint) self->max_delay_ms);
  packet->due_ms = MAX (link->last_ms[end], self->now_ms + delay);
  link->last_ms[end] = packet->due_ms;
  packet->order = ++self->order;
  packet->link = link->id;
  packet->to = to;
  packet->record = record;
  packet->body = g_bytes_ref (body);
  g_sequence_insert_sorted (self->packets, packet, compare_packets, NULL);
}

static void
send_effect (KithSimPerson *person, const KithGroupEffect *effect)
{
  KithSimLink *link = g_hash_table_lookup (person->sim->links, GUINT_TO_POINTER (effect->link));
  gsize len = g_bytes_get_size (effect->bytes);

  g_assert_cmpuint (len, <=, kith_record_max_bytes (effect->record) - KITH_GROUP_BLIND_BYTES);
  if (link == NULL)
    return;

  person->sent_bytes += len + KITH_GROUP_BLIND_BYTES;
  if (effect->record >= KITH_RECORD_GROUP_VECTOR && effect->record <= KITH_RECORD_GROUP_ENTRIES)
    person->sync_bytes += len + KITH_GROUP_BLIND_BYTES;
  send_packet (person->sim, link, link->ends[link->ends[0] == person], effect->record, effect->bytes);
}

static void
load_effect (KithSimPerson *person, const KithGroupEffect *effect)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();

  for (guint i = 0; i < effect->n; i++)
    {
      g_autofree char *key = make_key (effect->author, effect->seq + i);
      KithSimStored *stored = g_hash_table_lookup (person->entries, key);

      g_assert_nonnull (stored);
      g_ptr_array_add (entries, stored->entry);
    }

  kith_group_replica_loaded (person->replica, effect->token, entries, kith_sim_person_now (person));
}

static void
show (KithSimPerson *person, KithGroupEntry *entry)
{
  if (entry->kind == KITH_GROUP_ENTRY_MESSAGE)
    g_hash_table_replace (person->shown, make_key (entry->author, entry->seq),
                          kith_group_entry_ref (entry));
}

static void
show_stored (KithSimPerson *person, const KithGroupEffect *effect)
{
  for (guint64 seq = effect->seq; seq <= effect->to_seq; seq++)
    {
      g_autofree char *key = make_key (effect->author, seq);
      KithSimStored *stored = g_hash_table_lookup (person->entries, key);

      g_assert_nonnull (stored);
      show (person, stored->entry);
    }
}

static void
count_event (KithSimPerson *person, const KithGroupEffect *effect)
{
  gpointer event = GUINT_TO_POINTER (effect->event);
  gpointer before = g_hash_table_lookup (person->events, event);
  guint n = GPOINTER_TO_UINT (before);

  g_hash_table_replace (person->events, event, GUINT_TO_POINTER (n + 1));
  g_hash_table_replace (person->numbers, event, GUINT_TO_POINTER ((guint) effect->number));
  if (effect->event == KITH_GROUP_EVENT_NEW_KEY && person->next_seed != NULL)
    {
      guint8 key[32];

      kith_identity_get_public (kith_secret_get_data (person->next_seed), key);
      if (memcmp (key, effect->by, sizeof key) == 0)
        {
          kith_secret_unref (person->author_seed);
          person->author_seed = g_steal_pointer (&person->next_seed);
        }
    }
}

static void
settle_request (KithSimPerson *person, const KithGroupEffect *effect)
{
  for (guint i = 0; i < person->requests->len; i++)
    {
      g_auto (KithGroupJoin) join = { .time_ms = 0 };
      gsize len;
      const guint8 *data = g_bytes_get_data (person->requests->pdata[i], &len);

      g_assert_true (kith_group_join_open (&join, data, len));
      if (memcmp (join.author, effect->author, sizeof join.author) == 0)
        g_ptr_array_remove_index (person->requests, i--);
    }
}

static void
carry_out (KithSimPerson *person, const KithGroupEffect *effect)
{
  switch ((guint) effect->type)
    {
    case KITH_GROUP_EFFECT_SEND:
      send_effect (person, effect);
      break;
    case KITH_GROUP_EFFECT_LOAD:
      load_effect (person, effect);
      break;
    case KITH_GROUP_EFFECT_MESSAGE:
      show (person, effect->entry);
      break;
    case KITH_GROUP_EFFECT_SHOW:
      show_stored (person, effect);
      break;
    case KITH_GROUP_EFFECT_HIDE:
      forget_from (person->shown, effect->author, effect->seq);
      break;
    case KITH_GROUP_EFFECT_EVENT:
      count_event (person, effect);
      break;
    case KITH_GROUP_EFFECT_REQUEST:
      g_ptr_array_add (person->requests, g_bytes_ref (effect->bytes));
      break;
    case KITH_GROUP_EFFECT_REQUEST_SETTLED:
      settle_request (person, effect);
      break;
    case KITH_GROUP_EFFECT_ADMIN_OFFERED:
      person->offered = TRUE;
      break;
    case KITH_GROUP_EFFECT_DROP_LINK:
      person->dropped_links++;
      break;
    default:
      break;
    }
}

static void
approve (KithSimPerson *person)
{
  while (person->auto_approve && person->requests->len > 0)
    {
      g_autoptr (GBytes) request = g_ptr_array_steal_index (person->requests, 0);

      kith_group_replica_add_member (person->replica, request, kith_sim_person_now (person), NULL);
    }
}

/* Takes the effects of one call as a host does: first everything is committed. */
void
kith_sim_drain (KithSimPerson *person)
{
  while (person->replica != NULL)
    {
      g_autoptr (GPtrArray) batch
          = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_effect_free);
      KithGroupEffect *effect;

      while ((effect = kith_group_replica_take_effect (person->replica)) != NULL)
        g_ptr_array_add (batch, effect);
      if (batch->len == 0)
        break;
      if (person->lose_next_commit)
        {
          person->lose_next_commit = FALSE;
          kith_sim_stop (person);
          return;
        }
      for (guint i = 0; i < batch->len; i++)
        commit (person, batch->pdata[i]);
      for (guint i = 0; i < batch->len && person->replica != NULL; i++)
        carry_out (person, batch->pdata[i]);
      if (person->replica != NULL)
        approve (person);
    }

  if (person->replica != NULL)
    {
      gint64 due = kith_group_replica_get_due (person->replica);

      person->due_ms = due == G_MAXINT64 ? due : due - person->skew_ms;
    }
  else
    person->due_ms = G_MAXINT64;
}

/* --- Links ----------------------------------------------------------------------------------- */

static KithSimLink *
find_link (KithSimPerson *a, KithSimPerson *b)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, a->sim->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithSimLink *link = value;

      if ((link->ends[0] == a && link->ends[1] == b) || (link->ends[0] == b && link->ends[1] == a))
        return link;
    }

  return NULL;
}

gboolean
kith_sim_is_connected (KithSimPerson *a, KithSimPerson *b)
{
  return find_link (a, b) != NULL;
}

guint
kith_sim_connect (KithSimPerson *a, KithSimPerson *b)
{
  KithSimLink *link = find_link (a, b);
  guint id;

  if (link != NULL || a->replica == NULL || b->replica == NULL || a == b)
    return link != NULL ? link->id : 0;

  link = g_new0 (KithSimLink, 1);
  link->id = id = ++a->sim->next_link;
  link->ends[0] = a;
  link->ends[1] = b;
  g_hash_table_insert (a->sim->links, GUINT_TO_POINTER (link->id), link);
  kith_group_replica_link_up (a->replica, id, b->identity, kith_sim_person_now (a));
  kith_group_replica_link_up (b->replica, id, a->identity, kith_sim_person_now (b));
  kith_sim_drain (a);
  kith_sim_drain (b); /* either may have cut the link */
  return id;
}

static void
cut (KithSim *self, guint id)
{
  KithSimLink *link = g_hash_table_lookup (self->links, GUINT_TO_POINTER (id));
  KithSimPerson *ends[2];

  if (link == NULL)
    return;

  memcpy (ends, link->ends, sizeof ends);
  g_hash_table_remove (self->links, GUINT_TO_POINTER (id));
  for (guint i = 0; i < 2; i++)
    if (ends[i]->replica != NULL)
      {
        kith_group_replica_link_down (ends[i]->replica, id, kith_sim_person_now (ends[i]));
        kith_sim_drain (ends[i]);
      }
}

void
kith_sim_disconnect (KithSimPerson *a, KithSimPerson *b)
{
  KithSimLink *link = find_link (a, b);

  if (link != NULL)
    cut (a->sim, link->id);
}

void
kith_sim_disconnect_all (KithSimPerson *person)
{
  for (guint i = 0; i < person->sim->people->len; i++)
    kith_sim_disconnect (person, person->sim->people->pdata[i]);
}

void
kith_sim_connect_all (KithSim *self)
{
  for (guint i = 0; i < self->people->len; i++)
    for (guint j = 0; j < i; j++)
      kith_sim_connect (self->people->pdata[i], self->people->pdata[j]);
}

/* A record that no replica made. */
void
kith_sim_inject (KithSimPerson *from, KithSimPerson *to, guint8 record, GBytes *body)
{
  KithSimLink *link = find_link (from, to);

  if (link != NULL)
    send_packet (from->sim, link, to, record, body);
}

static KithSimPerson *
find_identity (KithSim *self, const guint8 *identity)
{
  for (guint i = 0; i < self->people->len; i++)
    if (memcmp (((KithSimPerson *) self->people->pdata[i])->identity, identity, 32) == 0)
      return self->people->pdata[i];

  return NULL;
}

static void
connect_wanted (KithSimPerson *person)
{
  g_autoptr (GPtrArray) wanted = kith_group_replica_get_wanted (person->replica);
  g_autoptr (GPtrArray) others = g_ptr_array_new ();

  for (guint i = 0; i < wanted->len; i++)
    g_ptr_array_add (others, find_identity (person->sim,
                                            ((KithGroupMember *) wanted->pdata[i])->identity));
  for (guint i = 0; i < others->len; i++)
    {
      KithSimPerson *other = others->pdata[i];

      if (other != NULL && other->side == person->side && other->replica != NULL
          && person->replica != NULL)
        kith_sim_connect (person, other);
    }
}

static void
run_overlay (KithSim *self)
{
  self->overlay_ms = self->now_ms + OVERLAY_MS;
  for (guint i = 0; i < self->people->len; i++)
    {
      KithSimPerson *person = self->people->pdata[i];

      if (person->replica != NULL)
        connect_wanted (person);
    }
}

/* --- Time ------------------------------------------------------------------------------------ */

gboolean
kith_sim_post (KithSimPerson *person, const char *text)
{
  KithGroupContent content = { .kind = KITH_GROUP_CONTENT_TEXT, .text = (char *) text };
  g_autoptr (GBytes) packed = kith_group_content_pack (&content);
  guint8 id[32];
  gboolean ok;

  if (person->replica == NULL)
    return FALSE;

  ok = kith_group_replica_post (person->replica, g_bytes_get_data (packed, NULL),
                                g_bytes_get_size (packed), kith_sim_person_now (person), id, NULL);
  kith_sim_drain (person);
  return ok;
}

static void
deliver (KithSim *self, KithSimPacket *packet)
{
  KithSimPerson *to = packet->to;
  KithSimLink *link = g_hash_table_lookup (self->links, GUINT_TO_POINTER (packet->link));
  KithSimPerson *from;
  gsize len;
  const guint8 *data = g_bytes_get_data (packet->body, &len);

  if (link == NULL || to->replica == NULL)
    return;

  from = link->ends[link->ends[0] == to];
  to->received_bytes += len;
  if (!kith_group_replica_receive (to->replica, packet->link, packet->record, data, len,
                                   kith_sim_person_now (to)))
    {
      /* Only who does not keep to the rules is hung up on. */
      if (!from->hostile)
        g_error ("Person %u found record %02x of %u bad", to->number, packet->record, from->number);
      g_assert_true (from->hostile);
      kith_sim_drain (to);
      cut (self, packet->link);
      return;
    }

  kith_sim_drain (to);
  if (from->replica != NULL && g_hash_table_contains (self->links, GUINT_TO_POINTER (packet->link)))
    {
      kith_group_replica_link_writable (from->replica, packet->link, kith_sim_person_now (from));
      kith_sim_drain (from);
    }
}

static KithSimPerson *
find_due (KithSim *self)
{
  KithSimPerson *next = NULL;

  for (guint i = 0; i < self->people->len; i++)
    {
      KithSimPerson *person = self->people->pdata[i];

      if (person->due_ms != G_MAXINT64 && (next == NULL || person->due_ms < next->due_ms))
        next = person;
    }

  return next;
}

static void
tick (KithSimPerson *person)
{
  gint64 due = kith_group_replica_tick (person->replica, kith_sim_person_now (person));

  /* It may not ask for the same moment again and again. */
  kith_sim_drain (person);
  if (due != G_MAXINT64 && person->due_ms <= person->sim->now_ms)
    person->due_ms = person->sim->now_ms + 1;
}

/* One thing that happens until @end_ms; whether there was one. */
static gboolean
step (KithSim *self, gint64 end_ms)
{
  KithSimPerson *person = find_due (self);
  GSequenceIter *iter = g_sequence_get_begin_iter (self->packets);
  KithSimPacket *packet = g_sequence_iter_is_end (iter) ? NULL : g_sequence_get (iter);
  gint64 due_person = person != NULL ? person->due_ms : G_MAXINT64;
  gint64 due_packet = packet != NULL ? packet->due_ms : G_MAXINT64;
  gint64 due_overlay = self->overlay ? self->overlay_ms : G_MAXINT64;

  if (MIN (due_person, MIN (due_packet, due_overlay)) > end_ms)
    return FALSE;

  self->now_ms = MAX (self->now_ms, MIN (due_person, MIN (due_packet, due_overlay)));
  if (due_overlay <= due_person && due_overlay <= due_packet)
    run_overlay (self);
  else if (due_packet <= due_person)
    {
      KithSimPacket copy = *packet;

      g_bytes_ref (copy.body);
      g_sequence_remove (iter);
      deliver (self, &copy);
      g_bytes_unref (copy.body);
    }
  else
    tick (person);

  return TRUE;
}

void
kith_sim_run (KithSim *self, gint64 ms)
{
  gint64 end_ms = self->now_ms + ms;

  while (step (self, end_ms))
    ;
  self->now_ms = end_ms;
}
