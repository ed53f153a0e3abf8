/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.5: another admin, agreed upon when the old one is gone. Handing over: -handover.c */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-time.h"
#include "group/kith-group-replica-private.h"
#include "proto/kith-record.h"

static const guint8 *
get_admin (KithGroupReplica *self)
{
  return self->chain->state->admin->author;
}

/* --- An admin who is gone -------------------------------------------------------------------- */

/* The last entry of the admin whose time has come; our own are there whatever our clock says now. */
static gint64
get_last_entry_ms (KithGroupReplica *self)
{
  const KithGroupLog *log = kith_group_replica_get_log (self, get_admin (self));
  const KithGroupLogItem *item;
  guint64 due;

  if (log == NULL)
    return 0;

  due = kith_group_replica_is_admin (self)
            ? kith_group_log_last (log)
            : kith_group_log_find_hlc (log, kith_hlc_from_ms (self->now_ms) + 1) - 1;
  item = kith_group_log_get (log, MIN (due, kith_group_log_counted (log)));
  return item != NULL ? (gint64) (item->hlc >> KITH_HLC_COUNTER_BITS) : 0;
}

/* The last sign of the admin, by what they signed; where their clock is ahead, by when it came. */
static gint64
get_last_sign_ms (KithGroupReplica *self)
{
  gint64 last_ms = get_last_entry_ms (self);

  for (guint i = self->chain->accepted->len; i > 0; i--)
    {
      const KithGroupNode *node = self->chain->accepted->pdata[i - 1];
      const KithGroupOp *op = node->op;

      /* A new admin has signed nothing, at first, but was there when becoming it. */
      if (memcmp (op->signer, get_admin (self), sizeof op->signer) == 0
          || op->type == KITH_GROUP_OP_TRANSFER || op->type == KITH_GROUP_OP_REKEY)
        return MAX (last_ms, MIN ((gint64) op->time_ms, node->applied_ms));
    }

  return last_ms;
}

static gint64
get_vanished_ms (KithGroupReplica *self)
{
  return MIN (get_last_sign_ms (self), self->now_ms)
         + self->chain->state->policy.vanish_days * KITH_DAY_MS;
}

/* (skip) an admin who was gone for so long that others may have agreed on another does nothing by
 * himself before they said how far they are. They may never come back: then that ends by itself */
void
kith_group_replica_doubt_admin (KithGroupReplica *self)
{
  if (kith_group_replica_get_doubt_due (self) <= self->now_ms)
    self->away_ms = 0;
  else if (self->away_ms == 0 && kith_group_replica_is_admin (self)
           && self->chain->state->n_members > 1 && get_vanished_ms (self) <= self->now_ms)
    {
      g_hash_table_remove_all (self->asked);
      self->away_ms = self->now_ms;
    }
}

/* (skip) when that ends, if nobody says anything */
gint64
kith_group_replica_get_doubt_due (KithGroupReplica *self)
{
  return self->away_ms != 0 && g_hash_table_size (self->links) > 0
             ? self->away_ms + KITH_LIMIT_GROUP_AWAY_MS
             : G_MAXINT64;
}

/**
 * kith_group_replica_can_endorse:
 * @self: a replica
 * @now_ms: unix time
 *
 * Returns: whether members may agree on another admin: the group is frozen, or its admin has given
 *   no sign for as long as the rules say
 */
gboolean
kith_group_replica_can_endorse (KithGroupReplica *self, gint64 now_ms)
{
  if (self->standing != KITH_GROUP_STANDING_MEMBER || kith_group_replica_is_admin (self)
      || self->needs_key)
    return FALSE;

  self->now_ms = MAX (self->now_ms, now_ms);
  return self->chain->frozen || get_vanished_ms (self) <= now_ms;
}

/* Whose voice counts: a member at the head, as it was before a fork removed anybody. */
static gboolean
is_voter (KithGroupReplica *self, const KithGroupMember *member)
{
  const KithGroupState *state = self->chain->state;

  return member != NULL && member != state->admin
         && (member->removed_height == KITH_GROUP_NEVER
             || (self->chain->frozen && member->removed_height == state->height + 1));
}

static guint
count_needed (KithGroupReplica *self)
{
  guint n = 0;

  for (guint i = 0; i < self->chain->state->members->len; i++)
    n += is_voter (self, self->chain->state->members->pdata[i]) ? 1 : 0;

  return n / 2 + 1;
}

/* How many members are for @candidate. @needed: (out) (nullable): how many it takes */
static guint
count_endorsements (KithGroupReplica *self, const guint8 candidate[KITH_GROUP_KEY_BYTES], guint *needed)
{
  guint n = 0;
  GHashTableIter iter;
  gpointer voice;

  g_hash_table_iter_init (&iter, self->voices);
  while (g_hash_table_iter_next (&iter, NULL, &voice))
    if (memcmp (((KithGroupEndorsement *) voice)->candidate, candidate, KITH_GROUP_KEY_BYTES) == 0)
      n++;

  if (needed != NULL)
    *needed = count_needed (self);
  return n;
}

/**
 * kith_group_replica_can_claim:
 * @self: a replica
 *
 * Returns: whether enough members are for us as admin
 */
gboolean
kith_group_replica_can_claim (KithGroupReplica *self)
{
  guint needed;

  return self->standing == KITH_GROUP_STANDING_MEMBER && !kith_group_replica_is_admin (self)
         && !self->needs_key
         && count_endorsements (self, self->author, &needed) >= needed;
}

/* Members whom the contradicting operations removed stay removed. */
static GArray *
take_over_removals (KithGroupReplica *self)
{
  GArray *removals = g_array_new (FALSE, TRUE, sizeof (KithGroupCut));
  const KithGroupState *state = self->chain->state;

  for (guint i = 0; self->chain->frozen && i < state->members->len; i++)
    {
      const KithGroupMember *member = state->members->pdata[i];
      KithGroupCut cut = { .seq = member->cut_seq };

      if (member->removed_height != state->height + 1
          || memcmp (member->author, self->author, sizeof self->author) == 0)
        continue;
      memcpy (cut.author, member->author, sizeof cut.author);
      memcpy (cut.entry_id, member->cut_id, sizeof cut.entry_id);
      g_array_append_val (removals, cut);
    }

  return removals;
}

static gboolean
write_claim (KithGroupReplica *self, GError **error)
{
  KithGroupOpBody body = { 0 };
  guint needed = count_needed (self);
  GHashTableIter iter;
  gpointer value;
  gboolean ok;

  body.has_proof = kith_group_chain_get_proof (self->chain, body.proof);
  body.removals = take_over_removals (self);
  body.voices = g_array_new (FALSE, FALSE, sizeof (KithGroupVoice));
  g_hash_table_iter_init (&iter, self->voices);
  while (g_hash_table_iter_next (&iter, NULL, &value) && body.voices->len < needed)
    {
      const KithGroupEndorsement *endorsement = value;
      KithGroupVoice voice;

      if (memcmp (endorsement->candidate, self->author, sizeof self->author) != 0)
        continue;
      memcpy (voice.author, endorsement->author, sizeof voice.author);
      memcpy (voice.signature, endorsement->signature, sizeof voice.signature);
      g_array_append_val (body.voices, voice);
    }

  ok = kith_group_replica_write_removal (self, KITH_GROUP_OP_CLAIM, &body, error);
  kith_group_op_body_clear (&body);
  return ok;
}

/**
 * kith_group_replica_claim:
 * @self: a replica
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_INVALID: not enough members agree; %KITH_ERROR_REFUSED: not from here
 *
 * Becomes admin with the voices of others. Happens by itself for who is for himself.
 *
 * Returns: whether we are
 */
gboolean
kith_group_replica_claim (KithGroupReplica *self, gint64 now_ms, GError **error)
{
  gboolean ok;

  if (!kith_group_replica_can_claim (self))
    return kith_error_refuse (error, KITH_ERROR_INVALID, "Not enough members agree");

  kith_group_replica_begin (self, now_ms);
  ok = write_claim (self, error);
  kith_group_replica_end (self);
  return ok;
}

static void
add_voice (KithGroupReplica *self, const KithGroupEndorsement *endorsement, guint from_link)
{
  KithGroupEndorsement *kept = g_memdup2 (endorsement, sizeof *endorsement);
  g_autoptr (GBytes) body = kith_group_endorse_pack (endorsement);
  KithGroupEffect *effect;

  g_hash_table_replace (self->voices, kept->author, kept);
  self->state_dirty = TRUE;
  effect = kith_group_replica_event (self, KITH_GROUP_EVENT_ENDORSED, kept->candidate, kept->author);
  effect->number = count_endorsements (self, kept->candidate, NULL);
  kith_group_replica_broadcast (self, KITH_RECORD_GROUP_ENDORSE, body, from_link);

  if (g_hash_table_contains (self->voices, self->author) && kith_group_replica_can_claim (self)
      && memcmp (self->voice.candidate, self->author, sizeof self->author) == 0)
    write_claim (self, NULL);
}

/**
 * kith_group_replica_endorse:
 * @self: a replica
 * @candidate: a member, maybe ourselves
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_INVALID: the admin is not gone, it was said already, or they are no
 *   member
 *
 * Says, once for each state of the group, who should be admin. After a tap of a human only.
 *
 * Returns: whether it is said
 */
gboolean
kith_group_replica_endorse (KithGroupReplica *self, const guint8 candidate[KITH_GROUP_KEY_BYTES],
                            gint64 now_ms, GError **error)
{
  const KithGroupOp *head;
  KithGroupEndorsement *voice = &self->voice;

  if (!kith_group_replica_can_endorse (self, now_ms))
    return kith_error_refuse (error, KITH_ERROR_INVALID, "The admin is not gone");

  head = kith_group_chain_get_head (self->chain)->op;
  if (self->endorsed && voice->height == head->height + 1
      && memcmp (voice->prev, head->id, sizeof head->id) == 0)
    return kith_error_refuse (error, KITH_ERROR_INVALID, "Said already");
  if (!is_voter (self, kith_group_state_find (self->chain->state, candidate))
      || !is_voter (self, kith_group_state_find (self->chain->state, self->author)))
    return kith_error_refuse (error, KITH_ERROR_INVALID, "Not a member");

  kith_group_replica_begin (self, now_ms);
  self->endorsed = TRUE;
  voice->height = head->height + 1;
  memcpy (voice->prev, head->id, sizeof voice->prev);
  memcpy (voice->candidate, candidate, sizeof voice->candidate);
  memcpy (voice->author, self->author, sizeof voice->author);
  kith_group_endorse_sign (self->chain->gid, voice->height, voice->prev, voice->candidate,
                           kith_secret_get_data (self->seed), voice->signature);
  add_voice (self, voice, 0);
  kith_group_replica_end (self);
  return TRUE;
}

static gboolean
is_about_head (KithGroupReplica *self, const KithGroupEndorsement *endorsement)
{
  const KithGroupOp *head = kith_group_chain_get_head (self->chain)->op;

  return endorsement->height == head->height + 1
         && memcmp (endorsement->prev, head->id, sizeof head->id) == 0;
}

/* (skip) */
gboolean
kith_group_replica_receive_endorse (KithGroupReplica *self, KithGroupLink *link, const guint8 *body,
                                    gsize len)
{
  KithGroupEndorsement voice;

  if (!kith_group_endorse_unpack (&voice, body, len))
    return FALSE;

  if (!is_about_head (self, &voice) || g_hash_table_contains (self->voices, voice.author)
      || !is_voter (self, kith_group_state_find (self->chain->state, voice.author))
      || !is_voter (self, kith_group_state_find (self->chain->state, voice.candidate)))
    return TRUE;
  if (!kith_group_endorse_verify (self->chain->gid, voice.height, voice.prev, voice.candidate, voice.author,
                                  voice.signature))
    return kith_group_link_may_forge (self, link);

  add_voice (self, &voice, link->id);
  return TRUE;
}

/* (skip) tells a peer who is for whom */
void
kith_group_replica_send_voices (KithGroupReplica *self, KithGroupLink *link)
{
  GHashTableIter iter;
  gpointer voice;

  g_hash_table_iter_init (&iter, self->voices);
  while (g_hash_table_iter_next (&iter, NULL, &voice))
    kith_group_replica_send (self, link, KITH_RECORD_GROUP_ENDORSE, kith_group_endorse_pack (voice));
}

/* (skip) the chain went on: what was about another head is over */
void
kith_group_replica_prune_voices (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer voice;

  self->admin_ms = self->now_ms;
  g_hash_table_iter_init (&iter, self->voices);
  while (g_hash_table_iter_next (&iter, NULL, &voice))
    if (!is_about_head (self, voice))
      g_hash_table_iter_remove (&iter);
}

/* --- By time --------------------------------------------------------------------------------- */

/* An admin who writes nothing for a week says so. */
static void
beat (KithGroupReplica *self)
{
  if (!kith_group_replica_is_admin (self) || self->needs_key || self->left)
    return;

  if (self->now_ms - get_last_sign_ms (self) >= KITH_LIMIT_GROUP_HEARTBEAT_MS)
    kith_group_replica_write_entry (self, KITH_GROUP_ENTRY_HEARTBEAT, NULL, 0, NULL, NULL);
  self->admin_ms = MAX (get_last_sign_ms (self) + KITH_LIMIT_GROUP_HEARTBEAT_MS, self->now_ms + 1);
}

/* When to look again: once the admin may be gone, every hour, as they may be back. */
static gint64
get_check_ms (KithGroupReplica *self)
{
  gint64 vanished_ms = get_vanished_ms (self);

  return vanished_ms > self->now_ms ? vanished_ms : self->now_ms + KITH_HOUR_MS;
}

/* (skip) by time: whether the admin is gone; as admin, that we are not */
void
kith_group_replica_check_admin (KithGroupReplica *self)
{
  gboolean can;

  if (self->admin_ms > self->now_ms)
    return;

  self->admin_ms = G_MAXINT64;
  if (self->standing != KITH_GROUP_STANDING_MEMBER || self->chain->state->admin == NULL)
    return;

  beat (self);
  can = kith_group_replica_can_endorse (self, self->now_ms);
  if (!kith_group_replica_is_admin (self))
    self->admin_ms = get_check_ms (self);
  if (can != self->could_endorse)
    kith_group_replica_event (self, KITH_GROUP_EVENT_CAN_ENDORSE, get_admin (self), NULL)->number
        = can ? 1 : 0;
  self->could_endorse = can;
}
