/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of files on a session: FILE_STATE, and what becomes of them when sessions come and go.
 *
 * How a file ended is said again on each session until the other side has heard it; everything
 * else is only of the present session. Protocol 11. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-messenger-private.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"

/* --- What they say -------------------------------------------------------------------------- */

static void
fail_with (KithParcel *parcel, KithError code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, (gint) code, message);

  kith_parcel_fail (parcel, error);
}

/* It is over for them, and so it is here; what was received of it is not needed any more. */
static void
take_end (KithParcel *parcel, KithTransferState state)
{
  if (kith_transfer_get_state (parcel->model) == KITH_TRANSFER_DONE || kith_parcel_is_withdrawn (parcel))
    return;

  kith_parcel_stop_serving (parcel);
  kith_parcel_stop_fetching (parcel);
  if (state == KITH_TRANSFER_DONE)
    kith_transfer_set_done (parcel->model, parcel->row->file->size);
  parcel->row->file->told = TRUE;
  kith_parcel_clear_error (parcel);
  if (state == KITH_TRANSFER_CANCELLED && kith_parcel_is_incoming (parcel))
    kith_parcel_set_withdrawn (parcel);
  kith_parcel_set_state (parcel, state);
  kith_parcel_rest (parcel);
  if (kith_parcel_is_incoming (parcel))
    kith_parcel_give_up_partial (parcel);
}

/* They cannot send it: perhaps later. */
static void
take_failure (KithParcel *parcel, KithError code)
{
  KithTransferState state = kith_transfer_get_state (parcel->model);

  if (!kith_parcel_is_incoming (parcel)
      || (state != KITH_TRANSFER_WAITING && state != KITH_TRANSFER_RUNNING))
    return;

  kith_parcel_stop_fetching (parcel);
  fail_with (parcel, code, "They say so");
}

/* Whoever pauses is not sent anything any more, and asks for nothing. */
static void
take_pause (KithParcel *parcel)
{
  kith_source_clear (&parcel->resume);
  if (kith_transfer_is_over (parcel->model) || kith_transfer_get_paused_by_them (parcel->model))
    return;

  kith_transfer_set_paused_by_them (parcel->model, TRUE);
  kith_parcel_stop_serving (parcel);
  kith_parcel_stop_fetching (parcel);
  if (kith_transfer_get_state (parcel->model) == KITH_TRANSFER_RUNNING)
    kith_parcel_set_state (parcel, KITH_TRANSFER_WAITING);
  else
    kith_transfers_emit_changed (parcel->owner, parcel->model, "state");
}

static void take_ready (KithParcel *parcel);

static gboolean
resume_cb (gpointer user_data)
{
  g_autoptr (KithParcel) parcel = kith_parcel_ref (user_data);

  kith_source_clear (&parcel->resume);
  if (parcel->owner != NULL && parcel->peer != NULL)
    {
      take_ready (parcel);
      kith_transfers_schedule (parcel->owner);
    }
  return G_SOURCE_REMOVE;
}

/* Each time it is stored how the file stands: who goes to and fro waits before going on. */
static void
take_ready (KithParcel *parcel)
{
  gint64 now_us = kith_env_monotonic_us (parcel->owner->node->env);
  KithBucket *resumes = &parcel->peer->resumes;

  if (kith_transfer_is_over (parcel->model) || !kith_transfer_get_paused_by_them (parcel->model)
      || parcel->resume != NULL)
    return;

  if (!kith_bucket_take (resumes, now_us, KITH_LIMIT_FILE_RESUMES_BURST,
                         KITH_LIMIT_FILE_RESUMES_REFILL_MS))
    {
      kith_source_start (&parcel->resume,
                         kith_bucket_get_wait_ms (resumes, now_us, KITH_LIMIT_FILE_RESUMES_BURST,
                                                  KITH_LIMIT_FILE_RESUMES_REFILL_MS),
                         resume_cb, parcel);
      return;
    }

  kith_transfer_set_paused_by_them (parcel->model, FALSE);
  kith_transfers_emit_changed (parcel->owner, parcel->model, "state");
}

static void
take_heard (KithParcel *parcel)
{
  if (parcel->row->file->told || !kith_transfer_is_over (parcel->model))
    return;

  parcel->row->file->told = TRUE;
  kith_parcel_store (parcel);
}

static gboolean
has_to_be_heard (KithFileStatus status)
{
  return status == KITH_FILE_DONE || status == KITH_FILE_DECLINED || status == KITH_FILE_CANCELLED;
}

static void
take_status (KithParcel *parcel, KithFileStatus status)
{
  gboolean incoming = kith_parcel_is_incoming (parcel);

  switch (status)
    {
    case KITH_FILE_GONE:
      take_failure (parcel, KITH_ERROR_NOT_FOUND);
      break;
    case KITH_FILE_CHANGED:
      take_failure (parcel, KITH_ERROR_DAMAGED);
      break;
    case KITH_FILE_PAUSED:
      take_pause (parcel);
      break;
    case KITH_FILE_READY:
      take_ready (parcel);
      break;
    case KITH_FILE_DONE:
      if (!incoming)
        take_end (parcel, KITH_TRANSFER_DONE);
      break;
    case KITH_FILE_DECLINED:
      if (!incoming)
        take_end (parcel, KITH_TRANSFER_DECLINED);
      break;
    case KITH_FILE_CANCELLED:
      take_end (parcel, KITH_TRANSFER_CANCELLED);
      break;
    case KITH_FILE_HEARD:
      take_heard (parcel);
      break;
    case KITH_FILE_STATUS_UNKNOWN:
      break;
    }
}

/* HEARD, which they wait for. */
typedef struct
{
  KithPeer         *peer;    /* (owned) */
  KithSession      *session; /* (owned) */
  KithBodyFileState state;
} Hearing;

static Hearing *
hearing_new (KithPeer *peer, const KithBodyFileState *state)
{
  Hearing *hearing = g_new0 (Hearing, 1);

  hearing->peer = kith_peer_ref (peer);
  hearing->session = kith_session_ref (peer->session);
  hearing->state = *state;
  return hearing;
}

static void
hearing_free (Hearing *hearing)
{
  kith_peer_unref (hearing->peer);
  kith_session_unref (hearing->session);
  g_free (hearing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hearing, hearing_free)

static void
heard_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Hearing) hearing = user_data;

  if (hearing->peer->removed)
    return;

  kith_messenger_count_committing (hearing->peer, -1);
  if (kith_store_commit_finish (KITH_STORE (source), result, NULL)
      && hearing->peer->session == hearing->session)
    kith_session_send_bytes (hearing->session, KITH_RECORD_FILE_STATE,
                             kith_body_file_state_pack (&hearing->state));
}

/* Not before it is on the disk: they do not say it again after that. What changes nothing waits for what is
 * on its way there, if anything is. @batch: (transfer full): what it changes */
static void
answer_heard (KithPeer *peer, const KithBodyFileState *state, KithStoreBatch *batch)
{
  Hearing *hearing;
  KithBodyFileState heard = *state;

  heard.status = KITH_FILE_HEARD;
  if (kith_store_batch_get_length (batch) == 0 && peer->n_committing == 0)
    {
      kith_store_batch_unref (batch);
      kith_session_send_bytes (peer->session, KITH_RECORD_FILE_STATE, kith_body_file_state_pack (&heard));
      return;
    }

  hearing = hearing_new (peer, &heard);
  kith_messenger_count_committing (peer, 1);
  kith_store_commit_async (peer->node->store, batch, NULL, heard_cb, hearing);
}

static gboolean
is_about (const KithBodyFileState *state, KithParcel *parcel)
{
  return !state->has_offer || memcmp (parcel->row->id, state->offer.bytes, sizeof state->offer.bytes) == 0;
}

/* In a group they say this of what they send, or of what they get. Returns: whether another may be asked now */
static gboolean
take_shared (KithParcel *parcel, KithPeer *peer, KithFileStatus status)
{
  if (status == KITH_FILE_PAUSED)
    kith_parcel_stop_serving_to (parcel, peer);

  return (status == KITH_FILE_GONE || status == KITH_FILE_CHANGED) && kith_group_files_give_back (parcel, peer);
}

/* What has changed goes into @batch, if it has to last. Returns: whether another may have its turn now */
static gboolean
take_own (KithParcel *parcel, KithFileStatus status, KithStoreBatch *batch)
{
  KithTransferState state = kith_transfer_get_state (parcel->model);
  gboolean paused = kith_transfer_get_paused_by_them (parcel->model);
  gboolean told = parcel->row->file->told;
  gboolean has_changed;

  take_status (parcel, status);
  has_changed = kith_transfer_get_state (parcel->model) != state;
  if (has_changed || parcel->row->file->told != told)
    kith_parcel_put (parcel, batch);

  return has_changed || kith_transfer_get_paused_by_them (parcel->model) != paused;
}

/* What was skipped and has to be heard they say again with the next session. */
static gboolean
may_say (KithPeer *peer)
{
  return kith_bucket_take (&peer->file_states, kith_env_monotonic_us (peer->node->env),
                           KITH_LIMIT_FILE_STATES_BURST, KITH_LIMIT_FILE_STATES_REFILL_MS);
}

/* Returns: whether there is a file of theirs or for them that it is about */
static gboolean
take_state (KithPeer *peer, const KithBodyFileState *state, KithStoreBatch *batch)
{
  KithTransfers *self = peer->node->transfers;
  g_autoptr (GPtrArray) parcels = kith_transfers_dup_of_root (self, state->root);
  gboolean found = FALSE;
  gboolean frees = FALSE;

  for (guint i = parcels->len; i > 0; i--)
    {
      KithParcel *parcel = g_ptr_array_index (parcels, i - 1);

      if (!parcel->stored || parcel->owner == NULL || !is_about (state, parcel))
        continue;
      if (parcel->shared)
        frees |= take_shared (parcel, peer, state->status);
      else if (parcel->peer == peer && kith_peer_is_online (peer))
        {
          found = TRUE;
          frees |= take_own (parcel, state->status, batch);
        }
    }

  if (frees)
    kith_transfers_schedule (self);
  return found;
}

static void
looked_cb (const GError *error, gpointer user_data)
{
  g_autoptr (Hearing) hearing = user_data;
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithPeer *peer = hearing->peer;

  if (peer->removed)
    return;

  kith_messenger_count_committing (peer, -1);
  if (error != NULL || peer->session != hearing->session || peer->node->transfers->stopped)
    return; /* they say it again */

  take_state (peer, &hearing->state, batch);
  answer_heard (peer, &hearing->state, g_steal_pointer (&batch));
}

/* What was left to the store has to end there, too. */
static void
look_up (KithPeer *peer, const KithBodyFileState *state)
{
  Hearing *hearing = hearing_new (peer, state);

  kith_messenger_count_committing (peer, 1);
  kith_transfers_look_up (peer->node->transfers, peer->row->identity, state->offer.bytes, looked_cb, hearing);
}

static gboolean
receive_state (KithPeer *peer, const guint8 *body, gsize len)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithBodyFileState state;
  gboolean found;

  if (!kith_body_file_state_unpack (&state, body, len))
    return FALSE;
  if (!may_say (peer))
    return TRUE;

  found = take_state (peer, &state, batch);
  if (has_to_be_heard (state.status) && state.has_offer && !found)
    look_up (peer, &state);
  else if (has_to_be_heard (state.status))
    answer_heard (peer, &state, g_steal_pointer (&batch));
  return TRUE;
}

/**
 * kith_transfers_receive: (skip)
 * @peer: who sends it
 * @type: of a record about files
 * @body: (array length=len): its body; untrusted
 * @len: its length in bytes
 *
 * Main thread.
 *
 * Returns: %FALSE when it is malformed and the session has to be closed
 */
gboolean
kith_transfers_receive (KithPeer *peer, KithRecordType type, const guint8 *body, gsize len)
{
  if (type == KITH_RECORD_FILE_CHUNK)
    return kith_parcel_receive_chunk (peer, body, len);
  if (type == KITH_RECORD_FILE_GET)
    return kith_parcel_receive_get (peer, body, len);
  if (type == KITH_RECORD_FILE_LEAVES)
    return kith_parcel_receive_leaves (peer, body, len);

  return receive_state (peer, body, len);
}

/* --- Sessions come and go ------------------------------------------------------------------- */

static void
say_again (KithParcel *parcel)
{
  KithTransferState state = kith_transfer_get_state (parcel->model);

  if (state == KITH_TRANSFER_PAUSED)
    kith_parcel_say (parcel, KITH_FILE_PAUSED);
  if (parcel->row->file->told)
    return;

  if (state == KITH_TRANSFER_DONE)
    kith_parcel_say (parcel, KITH_FILE_DONE);
  else if (state == KITH_TRANSFER_DECLINED)
    kith_parcel_say (parcel, KITH_FILE_DECLINED);
  else if (state == KITH_TRANSFER_CANCELLED)
    kith_parcel_say (parcel, KITH_FILE_CANCELLED);
}

/**
 * kith_transfers_session_opened: (skip)
 * @peer: a peer with whom chat can flow
 */
void
kith_transfers_session_opened (KithPeer *peer)
{
  KithTransfers *self = peer->node->transfers;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->peer != peer || parcel->shared)
        continue;
      kith_transfer_set_paused_by_them (parcel->model, FALSE);
      say_again (parcel);
    }
  kith_transfers_schedule (self);
}

/**
 * kith_transfers_session_lost: (skip)
 * @peer: a peer whose session is going
 */
void
kith_transfers_session_lost (KithPeer *peer)
{
  KithTransfers *self = peer->node->transfers;

  if (self == NULL || self->stopped)
    return;

  kith_serving_clear (peer);
  self->leaving = peer;
  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->shared)
        kith_group_files_give_back (parcel, peer);
      else if (parcel->peer == peer)
        {
          kith_parcel_stop_fetching (parcel);
          if (kith_transfer_get_state (parcel->model) == KITH_TRANSFER_RUNNING)
            kith_parcel_set_state (parcel, KITH_TRANSFER_WAITING);
        }
    }
  kith_transfers_schedule (self);
  self->leaving = NULL;
}

/**
 * kith_transfers_pump: (skip)
 * @peer: a peer whose session has room again
 */
void
kith_transfers_pump (KithPeer *peer)
{
  KithTransfers *self = peer->node->transfers;

  kith_serving_pump (peer);
  for (guint i = 0; i < self->running->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->running, i);

      if (parcel->peer == peer && kith_peer_takes_files (peer))
        kith_parcel_fetch_on (parcel);
    }
}
