/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of files, and which of theirs is fetched when. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-transfers.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "node/kith-node-files.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"

enum
{
  SIGNAL_ADDED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * kith_transfers_install_signals: (skip)
 * @type: the type of nodes
 */
void
kith_transfers_install_signals (GType type)
{
  signals[SIGNAL_ADDED] = g_signal_new ("transfer-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, KITH_TYPE_TRANSFER);
  signals[SIGNAL_CHANGED] = g_signal_new ("transfer-changed", type,
                                          G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, KITH_TYPE_TRANSFER, G_TYPE_STRING);
}

void
kith_transfers_emit_added (KithTransfers *self, KithTransfer *model)
{
  g_signal_emit (self->node, signals[SIGNAL_ADDED], 0, model);
}

void
kith_transfers_emit_changed (KithTransfers *self, KithTransfer *model, const char *change)
{
  g_signal_emit (self->node, signals[SIGNAL_CHANGED], g_quark_from_string (change), model, change);
}

/* --- The table ------------------------------------------------------------------------------ */

/**
 * kith_transfers_new: (skip)
 * @node: (transfer none): whose files
 *
 * Returns: (transfer full): a table without any
 */
KithTransfers *
kith_transfers_new (KithNode *node)
{
  KithTransfers *self = g_new0 (KithTransfers, 1);

  self->node = node;
  self->list = g_list_store_new (KITH_TYPE_TRANSFER);
  self->parcels = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_parcel_unref);
  return self;
}

/**
 * kith_transfers_store: (skip)
 * @self: a table
 */
void
kith_transfers_store (KithTransfers *self)
{
  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (kith_transfer_get_state (parcel->model) == KITH_TRANSFER_RUNNING)
        kith_parcel_store (parcel);
    }
}

/**
 * kith_transfers_stop: (skip)
 * @self: a table
 */
void
kith_transfers_stop (KithTransfers *self)
{
  if (self->stopped)
    return;

  self->stopped = TRUE;
  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      g_cancellable_cancel (parcel->cancellable);
      parcel->owner = NULL;
    }
}

/**
 * kith_transfers_free: (skip)
 * @self: (transfer full): a table
 */
void
kith_transfers_free (KithTransfers *self)
{
  kith_transfers_stop (self);
  g_ptr_array_unref (self->parcels);
  g_object_unref (self->list);
  g_free (self->folder);
  g_free (self);
}

KithParcel *
kith_transfers_lookup (KithTransfers *self, KithPeer *peer, const guint8 *id)
{
  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->peer == peer && memcmp (parcel->row->id, id, sizeof parcel->row->id) == 0)
        return parcel;
    }

  return NULL;
}

KithParcel *
kith_transfers_parcel_of (KithTransfers *self, KithTransfer *model)
{
  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->model == model)
        return parcel;
    }

  return NULL;
}

KithParcel *
kith_transfers_by_request (KithTransfers *self, KithPeer *peer, guint32 request)
{
  for (guint i = 0; i < self->parcels->len && request != 0; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->request == request && parcel->peer == peer)
        return parcel;
    }

  return NULL;
}

/**
 * kith_transfers_may_serve: (skip)
 * @peer: who asks
 * @root: for what
 *
 * The one place that decides who gets what: those to whom it was offered, as long as it is.
 *
 * Returns: (transfer none) (nullable): what to serve it from
 */
KithParcel *
kith_transfers_may_serve (KithPeer *peer, const guint8 *root)
{
  KithTransfers *self = peer->node->transfers;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);
      KithTransferState state = kith_transfer_get_state (parcel->model);

      if (parcel->peer == peer && !kith_parcel_is_incoming (parcel) && parcel->stored
          && state != KITH_TRANSFER_CANCELLED && state != KITH_TRANSFER_FAILED
          && memcmp (parcel->row->file->root, root, KITH_HASH_BYTES) == 0)
        return parcel;
    }

  return NULL;
}

void
kith_transfers_add (KithTransfers *self, KithParcel *parcel)
{
  g_ptr_array_add (self->parcels, kith_parcel_ref (parcel));
  g_list_store_append (self->list, parcel->model);
}

/* Its message is gone, or never came to be: nothing of it is left but what was received. */
void
kith_transfers_drop (KithTransfers *self, KithParcel *parcel)
{
  G_GNUC_UNUSED g_autoptr (KithParcel) keep = kith_parcel_ref (parcel);

  g_cancellable_cancel (parcel->cancellable);
  if (!kith_transfer_is_over (parcel->model))
    {
      if (parcel->stored)
        kith_parcel_say (parcel, KITH_FILE_CANCELLED);
      kith_transfer_set_state (parcel->model, KITH_TRANSFER_CANCELLED);
    }
  kith_parcel_stop_serving (parcel);
  kith_parcel_stop_fetching (parcel);
  if (!parcel->working && kith_transfer_get_state (parcel->model) != KITH_TRANSFER_DONE)
    kith_parcel_remove_partial (parcel);

  parcel->owner = NULL;
  kith_list_store_drop (self->list, parcel->model);
  g_ptr_array_remove (self->parcels, parcel);
  kith_transfers_emit_changed (self, keep->model, "removed");
}

/* --- Whose turn it is ----------------------------------------------------------------------- */

static gsize
leaves_bytes (KithParcel *parcel)
{
  return (gsize) kith_file_n_leaves (parcel->row->file->size) * KITH_HASH_BYTES;
}

/* Of those that stand still leaves are only kept while nobody else needs the room. */
static void
make_room (KithTransfers *self)
{
  gsize kept = 0;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->leaves != NULL)
        kept += leaves_bytes (parcel);
    }

  for (guint i = 0; i < self->parcels->len && kept > KITH_LIMIT_FILE_LEAVES_BYTES; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->leaves == NULL || parcel->working
          || kith_transfer_get_state (parcel->model) == KITH_TRANSFER_RUNNING)
        continue;
      kept -= leaves_bytes (parcel);
      kith_parcel_forget_leaves (parcel);
    }
}

static gboolean
is_ready (KithParcel *parcel)
{
  return kith_parcel_is_incoming (parcel) && !parcel->working
         && kith_transfer_get_state (parcel->model) == KITH_TRANSFER_WAITING
         && !kith_transfer_get_paused_by_them (parcel->model) && kith_peer_is_online (parcel->peer);
}

void
kith_transfers_schedule (KithTransfers *self)
{
  guint n_running = 0;
  gsize running_bytes = 0;

  if (self->stopped)
    return;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (!kith_parcel_is_incoming (parcel)
          || kith_transfer_get_state (parcel->model) != KITH_TRANSFER_RUNNING)
        continue;
      n_running++;
      running_bytes += leaves_bytes (parcel);
    }

  for (guint i = 0; i < self->parcels->len && n_running < KITH_LIMIT_FILES_RECEIVED; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (!is_ready (parcel)
          || (n_running > 0
              && running_bytes + leaves_bytes (parcel) > KITH_LIMIT_FILE_LEAVES_BYTES))
        continue;
      n_running++;
      running_bytes += leaves_bytes (parcel);
      kith_parcel_fetch (parcel);
    }

  make_room (self);
}

/* --- Messages with files -------------------------------------------------------------------- */

/**
 * kith_transfer_to_body: (skip)
 * @row: a file of ours
 *
 * Returns: (transfer full): its offer
 */
KithBodyFile *
kith_transfer_to_body (const KithStoreTransfer *row)
{
  KithBodyFile *body = g_new0 (KithBodyFile, 1);

  memcpy (body->root, row->root, sizeof body->root);
  body->size = row->size;
  body->name = g_strdup (row->name);
  body->list_bytes = row->list_bytes;
  body->media_type = g_strdup (row->media_type);
  body->width = row->width;
  body->height = row->height;
  body->duration_ms = row->duration_ms;
  memcpy (body->waveform, row->waveform, sizeof body->waveform);
  body->n_waveform = row->n_waveform;
  return body;
}

/**
 * kith_transfer_from_body: (skip)
 * @body: an offer of theirs
 *
 * Returns: (transfer full): the file as it is stored
 */
KithStoreTransfer *
kith_transfer_from_body (const KithBodyFile *body)
{
  KithStoreTransfer *row = g_new0 (KithStoreTransfer, 1);

  memcpy (row->root, body->root, sizeof row->root);
  row->size = body->size;
  row->name = g_strdup (body->name);
  row->list_bytes = body->list_bytes;
  row->media_type = g_strdup (body->media_type);
  row->width = body->width;
  row->height = body->height;
  row->duration_ms = body->duration_ms;
  memcpy (row->waveform, body->waveform, sizeof row->waveform);
  row->n_waveform = body->n_waveform;
  row->state = KITH_TRANSFER_OFFERED;
  row->live = TRUE;
  row->told = TRUE; /* there is nothing to tell yet */
  return row;
}

static KithError
code_of_name (const char *name)
{
  for (guint code = 0; code <= KITH_ERROR_LAST; code++)
    if (g_strcmp0 (kith_error_get_name ((KithError) code), name) == 0)
      return (KithError) code;

  return KITH_ERROR_FAILED;
}

/* What was running when it was stored waits now. */
static KithTransferState
state_of (const KithStoreTransfer *file)
{
  if (file->state == KITH_TRANSFER_RUNNING || file->state == KITH_TRANSFER_PREPARING
      || file->state > KITH_TRANSFER_DECLINED)
    return KITH_TRANSFER_WAITING;

  return (KithTransferState) file->state;
}

static KithParcel *
add_stored (KithTransfers *self, KithPeer *peer, const KithStoreMessage *row)
{
  const KithStoreTransfer *file = row->file;
  KithMedia media = { file->media_type, file->width, file->height, file->duration_ms, { 0 },
                      file->n_waveform };
  g_autoptr (KithTransfer) model = NULL;
  g_autoptr (KithParcel) parcel = NULL;

  memcpy (media.waveform, file->waveform, sizeof media.waveform);
  model = kith_transfer_new (row->id, peer->conversation, row->outgoing, file->name, file->size, &media);
  kith_transfer_set_message_id (model, TRUE);
  kith_transfer_set_folder (model, file->list_bytes > 0, file->n_files);
  kith_transfer_set_done (model, file->done_bytes);
  kith_transfer_set_state (model, state_of (file));
  if (row->outgoing || file->state == KITH_TRANSFER_DONE)
    kith_transfer_set_path (model, file->path);
  if (file->error != NULL)
    {
      KithError code = code_of_name (file->error);
      g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, (gint) code, file->error);
      g_autofree char *words = kith_explain_file (error, row->outgoing);

      kith_transfer_set_error (model, words);
    }

  parcel = kith_parcel_new (self, peer, row, model);
  parcel->stored = TRUE;
  parcel->restored = file->path != NULL;
  kith_transfers_add (self, parcel);
  return parcel;
}

KithTransfer *
kith_transfers_present (KithPeer *peer, const KithStoreMessage *row)
{
  KithTransfers *self = peer->node->transfers;
  KithParcel *parcel = kith_transfers_lookup (self, peer, row->id);

  if (parcel == NULL)
    parcel = add_stored (self, peer, row);

  return parcel->model;
}

static gboolean
is_accepted_by_itself (KithPeer *peer, const KithStoreTransfer *file)
{
  return peer->row->verified != KITH_VERIFIED_NOT && peer->node->transfers->folder != NULL
         && file->size <= kith_node_get_files_auto_bytes (peer->node);
}

void
kith_transfers_offered (KithPeer *peer, const KithStoreMessage *row)
{
  KithTransfers *self = peer->node->transfers;
  KithParcel *parcel = kith_transfers_lookup (self, peer, row->id);

  if (parcel == NULL)
    return;

  kith_transfers_emit_added (self, parcel->model);
  if (is_accepted_by_itself (peer, row->file))
    kith_node_accept_file (peer->node, parcel->model, NULL, NULL); /* else by hand, as any other */
}

void
kith_transfers_message_gone (KithPeer *peer, const guint8 *id)
{
  KithParcel *parcel = kith_transfers_lookup (peer->node->transfers, peer, id);

  if (parcel != NULL)
    kith_transfers_drop (peer->node->transfers, parcel);
}

static void
still_there_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithParcel) parcel = user_data;
  g_autoptr (GError) error = NULL;
  G_GNUC_UNUSED g_autoptr (KithStoreMessage) row =
    kith_store_find_message_finish (KITH_STORE (source), result, &error);

  if (parcel->owner != NULL && g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND))
    kith_transfers_drop (parcel->owner, parcel);
}

void
kith_transfers_check_expired (KithTransfers *self)
{
  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->stored && parcel->row->ttl_s > 0)
        kith_store_find_message_async (self->node->store, parcel->row->id, NULL, still_there_cb,
                                       kith_parcel_ref (parcel));
    }
}

/**
 * kith_transfers_peer_removed: (skip)
 * @peer: a peer whose history is kept
 *
 * Its files are given up; those that were received stay.
 */
void
kith_transfers_peer_removed (KithPeer *peer)
{
  KithTransfers *self = peer->node->transfers;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->peer != peer || kith_transfer_is_over (parcel->model))
        continue;
      g_cancellable_cancel (parcel->cancellable);
      parcel->row->file->told = TRUE;
      if (!parcel->working)
        kith_parcel_remove_partial (parcel);
      kith_parcel_set_state (parcel, KITH_TRANSFER_CANCELLED);
    }
}

void
kith_transfers_peer_dropped (KithPeer *peer)
{
  KithTransfers *self = peer->node->transfers;

  for (guint i = self->parcels->len; i > 0; i--)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i - 1);

      if (parcel->peer == peer)
        kith_transfers_drop (self, parcel);
    }
}

/* --- For the faces -------------------------------------------------------------------------- */

GListModel *
kith_node_get_transfers (KithNode *self)
{
  return G_LIST_MODEL (self->transfers->list);
}

KithTransfer *
kith_node_find_transfer (KithNode *self, const char *id, GError **error)
{
  KithTransfer *found = NULL;

  for (guint i = 0; i < self->transfers->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->transfers->parcels, i);

      if (*id == '\0' || !g_str_has_prefix (kith_transfer_get_id (parcel->model), id))
        continue;
      if (found != NULL)
        {
          g_set_error_literal (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS, "Several begin like that");
          return NULL;
        }
      found = parcel->model;
    }

  if (found == NULL)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such file");
  return found;
}
