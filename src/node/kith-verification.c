/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 2.1: two people who are online compare words. Who starts is A:
 *
 *   A  WAITING  --SAS_REPLY, and our SAS_REVEAL is sent--> WORDS
 *   B  ASKED    --our user agrees, SAS_REPLY is sent--> PREPARING --SAS_REVEAL--> WORDS
 *
 *   WORDS       --our user says they are the same--> CONFIRMED, or SAME when they have said so
 *   CONFIRMED   --they say so--> SAME: the contact is verified
 *   WORDS, CONFIRMED --one of us says they are different, or a number is not what was committed to-->
 *                DIFFERENT
 *   any         --one of us gives up, time is over, the session ends--> ENDED
 *
 * An attempt has a number. What comes of another one is late and is skipped; what does not fit the
 * state of this one breaks the protocol. When both have started at once, the start of the session's
 * dialer counts and the other's is agreement.
 */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-verification.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-node-private.h"

struct _KithVerification
{
  KithPeer       *peer;       /* (unowned): it has us */
  KithComparison *comparison; /* (owned) */
  guint64         attempt;
  gboolean        is_a;
  guint8          key[KITH_KEY_BYTES];
  guint8          hash[KITH_HASH_BYTES];
  guint8          mine[KITH_SAS_BYTES];
  guint8          commitment[KITH_SAS_BYTES]; /* theirs, when they are A */
  gboolean        they_agree;  /* that the words are the same */
  GSource        *timer;       /* (owned) (nullable) */
};

/* --- Life ----------------------------------------------------------------------------------- */

/**
 * kith_verification_free: (skip)
 * @self: (transfer full): a verification
 *
 * Wipes it. Nobody is told.
 */
void
kith_verification_free (KithVerification *self)
{
  kith_source_clear (&self->timer);
  g_object_unref (self->comparison);
  kith_secret_wipe (self, sizeof *self);
  g_free (self);
}

static KithVerification *
verification_new (KithPeer *peer, guint64 attempt, gboolean is_a)
{
  KithVerification *self = g_new0 (KithVerification, 1);

  self->peer = peer;
  self->attempt = attempt;
  self->is_a = is_a;
  self->comparison = kith_comparison_new (peer->contact, is_a ? KITH_COMPARISON_WAITING
                                                              : KITH_COMPARISON_ASKED);
  memcpy (self->key, kith_session_get_sas_key (peer->session), sizeof self->key);
  memcpy (self->hash, kith_session_get_first_hash (peer->session), sizeof self->hash);
  kith_env_random_bytes (peer->node->env, self->mine, sizeof self->mine);
  peer->verification = self;
  return self;
}

/* Says how it ended, as the last that is done with @self. */
static void
finish (KithVerification *self, KithComparisonState state)
{
  KithNode *node = self->peer->node;
  g_autoptr (KithComparison) comparison = g_object_ref (self->comparison);

  self->peer->verification = NULL;
  kith_verification_free (self);
  kith_comparison_set_state (comparison, state);
  kith_node_emit_words_changed (node, comparison);
}

/* Whoever hears of it may answer at once: nothing is done with @self after this. */
static void
advance (KithVerification *self, KithComparisonState state)
{
  g_autoptr (KithComparison) comparison = g_object_ref (self->comparison);

  kith_comparison_set_state (comparison, state);
  kith_node_emit_words_changed (self->peer->node, comparison);
}

static KithComparisonState
state_of (KithVerification *self)
{
  return kith_comparison_get_state (self->comparison);
}

/* --- Records -------------------------------------------------------------------------------- */

static gboolean
send_record (KithPeer *peer, KithRecordType type, const KithBodySas *body)
{
  return peer->session != NULL
         && kith_session_send_bytes (peer->session, type, kith_body_sas_pack (body));
}

static void
send_outcome (KithPeer *peer, guint64 attempt, KithSasOutcome outcome)
{
  const KithBodySas body = { .attempt = attempt, .outcome = outcome };

  send_record (peer, KITH_RECORD_SAS_REVEAL, &body);
}

static gboolean
send_mine (KithVerification *self, KithRecordType type)
{
  KithBodySas body = { .attempt = self->attempt };
  gboolean sent;

  if (type == KITH_RECORD_SAS_COMMIT)
    kith_sas_commit (self->mine, self->hash, body.value);
  else
    memcpy (body.value, self->mine, sizeof body.value);

  sent = send_record (self->peer, type, &body);
  kith_secret_wipe (&body, sizeof body);
  return sent;
}

/**
 * kith_verification_give_up: (skip)
 * @self: (transfer full): a verification
 *
 * Ends it and tells the peer.
 */
void
kith_verification_give_up (KithVerification *self)
{
  send_outcome (self->peer, self->attempt, KITH_SAS_GIVEN_UP);
  finish (self, KITH_COMPARISON_ENDED);
}

static gboolean
timeout_cb (gpointer user_data)
{
  kith_verification_give_up (user_data);
  return G_SOURCE_REMOVE;
}

static void
set_timer (KithVerification *self, guint ms)
{
  kith_source_start (&self->timer, ms, timeout_cb, self);
  g_source_set_static_name (self->timer, "kith-verification");
}

static const KithTimeouts *
timeouts_of (KithVerification *self)
{
  return kith_local_get_timeouts (self->peer->node->local);
}

/* --- How often it may go wrong -------------------------------------------------------------- */

static gboolean
is_same_day (KithPeer *peer)
{
  return kith_node_now_ms (peer->node) - peer->row->sas_failed_ms < KITH_LIMIT_SAS_FAILURES_MS;
}

static gboolean
is_locked (KithPeer *peer)
{
  return peer->row->sas_failures >= KITH_LIMIT_SAS_FAILURES && is_same_day (peer);
}

/* Nobody is to be pestered. */
static gboolean
asks_too_often (KithPeer *peer)
{
  return !kith_quota_take (&peer->words_asked, kith_env_monotonic_us (peer->node->env), KITH_LIMIT_SAS_ASKS,
                           KITH_LIMIT_SAS_ASKS_MS);
}

/* From when numbers are exchanged an attempt counts as failed until both have agreed: otherwise
 * somebody in the middle could break off, or wait for a crash, and try again for ever. */
static void
count_attempt (KithPeer *peer)
{
  if (peer->row->sas_failures == 0 || !is_same_day (peer))
    {
      peer->row->sas_failures = 0;
      peer->row->sas_failed_ms = kith_node_now_ms (peer->node);
    }

  peer->row->sas_failures++;
  kith_peer_commit (peer);
}

/* --- The words ------------------------------------------------------------------------------ */

/* @theirs: the peer's random bytes */
static void
show_words (KithVerification *self, const guint8 theirs[KITH_SAS_BYTES])
{
  const guint8 *me = kith_local_get_identity (self->peer->node->local);
  const guint8 *them = self->peer->row->identity;
  const KithSasSides sides = { .identity_a = self->is_a ? me : them,
                               .random_a = self->is_a ? self->mine : theirs,
                               .identity_b = self->is_a ? them : me,
                               .random_b = self->is_a ? theirs : self->mine };

  kith_comparison_take_words (self->comparison, kith_sas_words (self->key, &sides));
  kith_secret_wipe (self->key, sizeof self->key);
  kith_secret_wipe (self->mine, sizeof self->mine);
  set_timer (self, timeouts_of (self)->sas_compare_ms);
  advance (self, KITH_COMPARISON_WORDS);
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!kith_node_set_verified_finish (KITH_NODE (source), result, &error))
    kith_node_write_failed (KITH_NODE (source), error);
}

static void
both_agree (KithVerification *self)
{
  KithPeer *peer = self->peer;

  peer->row->sas_failures = 0;
  kith_node_set_verified_async (peer->node, peer->contact, KITH_VERIFIED_WORDS, NULL, verified_cb,
                                NULL);
  finish (self, KITH_COMPARISON_SAME);
}

/* B shows its number, and A is bound to its own already. */
static void
reply (KithVerification *self)
{
  count_attempt (self->peer);
  if (!send_mine (self, KITH_RECORD_SAS_REPLY))
    {
      finish (self, KITH_COMPARISON_ENDED);
      return;
    }

  set_timer (self, timeouts_of (self)->sas_answer_ms);
  advance (self, KITH_COMPARISON_PREPARING);
}

/* --- Receiving ------------------------------------------------------------------------------ */

static gboolean
receive_commit (KithPeer *peer, const KithBodySas *body)
{
  KithVerification *self = peer->verification;
  gboolean crossed = self != NULL && state_of (self) == KITH_COMPARISON_WAITING;
  g_autoptr (KithComparison) comparison = NULL;

  if (self != NULL && !crossed)
    return FALSE;
  if (crossed && kith_session_is_dialer (peer->session))
    return TRUE;

  if (self == NULL && (is_locked (peer) || asks_too_often (peer)))
    {
      send_outcome (peer, body->attempt, KITH_SAS_GIVEN_UP);
      return TRUE;
    }

  if (crossed)
    {
      /* The face goes on with the comparison that it has. */
      comparison = g_object_ref (self->comparison);
      g_clear_pointer (&peer->verification, kith_verification_free);
    }

  self = verification_new (peer, body->attempt, FALSE);
  memcpy (self->commitment, body->value, sizeof self->commitment);
  if (crossed)
    {
      g_set_object (&self->comparison, comparison);
      reply (self);
      return TRUE;
    }

  set_timer (self, timeouts_of (self)->sas_answer_ms);
  advance (self, KITH_COMPARISON_ASKED);
  return TRUE;
}

static gboolean
receive_reply (KithVerification *self, const KithBodySas *body)
{
  if (!self->is_a || state_of (self) != KITH_COMPARISON_WAITING)
    return FALSE;

  count_attempt (self->peer);
  if (send_mine (self, KITH_RECORD_SAS_REVEAL))
    show_words (self, body->value);
  else
    finish (self, KITH_COMPARISON_ENDED);

  return TRUE;
}

static gboolean
receive_reveal (KithVerification *self, const KithBodySas *body)
{
  if (self->is_a || state_of (self) != KITH_COMPARISON_PREPARING)
    return FALSE;

  if (!kith_sas_check (self->commitment, body->value, self->hash))
    {
      finish (self, KITH_COMPARISON_DIFFERENT);
      return FALSE;
    }

  show_words (self, body->value);
  return TRUE;
}

static gboolean
receive_outcome (KithVerification *self, KithSasOutcome outcome)
{
  KithComparisonState state = state_of (self);
  gboolean has_words = state == KITH_COMPARISON_WORDS || state == KITH_COMPARISON_CONFIRMED;

  if (outcome == KITH_SAS_GIVEN_UP)
    {
      finish (self, KITH_COMPARISON_ENDED);
      return TRUE;
    }
  if (!has_words || self->they_agree)
    return FALSE;

  if (outcome == KITH_SAS_DIFFERENT)
    finish (self, KITH_COMPARISON_DIFFERENT);
  else if (state == KITH_COMPARISON_CONFIRMED)
    both_agree (self);
  else
    self->they_agree = TRUE;

  return TRUE;
}

/**
 * kith_verification_receive: (skip)
 * @peer: a contact who is online
 * @type: SAS_COMMIT, SAS_REPLY or SAS_REVEAL
 * @body: (array length=len): its body; untrusted
 * @len: its length in bytes
 *
 * Returns: whether the record is in order
 */
gboolean
kith_verification_receive (KithPeer *peer, KithRecordType type, const guint8 *body, gsize len)
{
  KithVerification *self = peer->verification;
  KithBodySas parsed;

  if (!kith_body_sas_unpack (&parsed, body, len)
      || (parsed.outcome != KITH_SAS_NONE && type != KITH_RECORD_SAS_REVEAL))
    return FALSE;

  if (type == KITH_RECORD_SAS_COMMIT)
    return receive_commit (peer, &parsed);
  if (self == NULL || self->attempt != parsed.attempt)
    return TRUE;

  if (type == KITH_RECORD_SAS_REPLY)
    return receive_reply (self, &parsed);
  if (parsed.outcome != KITH_SAS_NONE)
    return receive_outcome (self, parsed.outcome);
  return receive_reveal (self, &parsed);
}

/**
 * kith_verification_session_lost: (skip)
 * @peer: a peer whose session is going
 *
 * Words belong to one session.
 */
void
kith_verification_session_lost (KithPeer *peer)
{
  if (peer->verification != NULL)
    finish (peer->verification, KITH_COMPARISON_ENDED);
}

/* --- Our user ------------------------------------------------------------------------------- */

/**
 * kith_verification_get_comparison: (skip)
 * @self: a verification
 *
 * Returns: (transfer none): what the faces see of it
 */
KithComparison *
kith_verification_get_comparison (KithVerification *self)
{
  return self->comparison;
}

/**
 * kith_verification_get_attempt: (skip)
 * @self: a verification
 *
 * For tests alone.
 *
 * Returns: the number that its records have
 */
guint64
kith_verification_get_attempt (KithVerification *self)
{
  return self->attempt;
}

/**
 * kith_verification_start: (skip)
 * @peer: a peer
 * @error: return location for a #GError
 *
 * Asks them to compare words, or agrees when they have asked. What is under way goes on.
 * Errors: %KITH_ERROR_UNREACHABLE, %KITH_ERROR_PAUSED.
 *
 * Returns: (transfer full) (nullable): what the faces see of it
 */
KithComparison *
kith_verification_start (KithPeer *peer, GError **error)
{
  KithVerification *self = peer->verification;
  KithComparison *comparison;

  if (self != NULL)
    {
      comparison = g_object_ref (self->comparison);
      if (state_of (self) == KITH_COMPARISON_ASKED)
        reply (self);
      return comparison;
    }

  if (is_locked (peer))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_PAUSED, "It went wrong too often today");
      return NULL;
    }

  /* Whoever wants to seem absent is not told apart from those who are. */
  if (kith_peer_is_online (peer)
      && kith_contact_get_presence (peer->contact) == KITH_PRESENCE_ONLINE)
    {
      guint64 attempt;

      kith_env_random_bytes (peer->node->env, (guint8 *) &attempt, sizeof attempt);
      self = verification_new (peer, attempt, TRUE);
      comparison = g_object_ref (self->comparison);
      if (send_mine (self, KITH_RECORD_SAS_COMMIT))
        {
          set_timer (self, timeouts_of (self)->sas_answer_ms);
          advance (self, KITH_COMPARISON_WAITING);
          return comparison;
        }
      g_clear_pointer (&peer->verification, kith_verification_free);
      g_object_unref (comparison);
    }

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_UNREACHABLE, "They are not online");
  return NULL;
}

/**
 * kith_verification_answer: (skip)
 * @self: a verification
 * @yes: whether our user wants to compare, or, when there are words, whether they are the same
 *
 * Returns: %FALSE when nothing is asked
 */
gboolean
kith_verification_answer (KithVerification *self, gboolean yes)
{
  KithComparisonState state = state_of (self);

  if (state != KITH_COMPARISON_ASKED && state != KITH_COMPARISON_WORDS)
    return FALSE;

  if (state == KITH_COMPARISON_ASKED)
    {
      if (yes)
        reply (self);
      else
        kith_verification_give_up (self);
      return TRUE;
    }

  send_outcome (self->peer, self->attempt, yes ? KITH_SAS_SAME : KITH_SAS_DIFFERENT);
  if (!yes)
    finish (self, KITH_COMPARISON_DIFFERENT);
  else if (self->they_agree)
    both_agree (self);
  else
    advance (self, KITH_COMPARISON_CONFIRMED);
  return TRUE;
}
