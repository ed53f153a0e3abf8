/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of files. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-transfers.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-group-links.h"
#include "node/kith-node-files.h"
#include "node/kith-node-private.h"
#include "node/kith-restored-files.h"
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

/**
 * kith_transfers_emit_added: (skip)
 * @self: the table
 * @model: a file that was offered just now
 *
 * Emits KithNode::transfer-added. Main thread.
 */
void
kith_transfers_emit_added (KithTransfers *self, KithTransfer *model)
{
  g_signal_emit (self->node, signals[SIGNAL_ADDED], 0, model);
}

/**
 * kith_transfers_emit_changed: (skip)
 * @self: the table
 * @model: a file
 * @change: what of it has changed: the name of a property
 *
 * Emits KithNode::transfer-changed. Main thread.
 */
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
  kith_transfers_make_indexes (self);
  self->running = g_ptr_array_new ();
  self->partials = kith_partials_new ();
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

KithPartials *
kith_transfers_leave_nothing (KithTransfers *self, gboolean hold)
{
  self->leaves_nothing = TRUE;
  if (hold)
    kith_partials_hold (self->partials);
  return self->partials;
}

guint
kith_transfers_get_wait_ms (KithTransfers *self)
{
  gboolean is_last = self->leaves_nothing && !kith_partials_is_held (self->partials);

  return is_last ? KITH_LIMIT_PARTIALS_GONE_MS : KITH_LIMIT_PARTIALS_WAIT_MS;
}

/* Whoever holds them waits for them, after what has to go first. The key waits for them as well, but no disk may keep
 * it from being forgotten. */
void
kith_transfers_await_partials (KithTransfers *self, void (*done) (gpointer user_data), gpointer user_data)
{
  if (kith_partials_is_held (self->partials))
    done (user_data);
  else
    kith_partials_await (self->partials, kith_transfers_get_wait_ms (self), done, user_data);
}

/* Its worker thread, if it has one, ends as if it was given up. */
static void
drop_half (KithParcel *parcel)
{
  if (!kith_parcel_is_incoming (parcel) || kith_transfer_get_state (parcel->model) == KITH_TRANSFER_DONE)
    return;

  parcel->dropped = TRUE;
  kith_parcel_give_up_partial (parcel);
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
  kith_source_clear (&self->tick);
  kith_restored_files_stop (self);
  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      g_cancellable_cancel (parcel->cancellable);
      parcel->owner = NULL;
      if (self->leaves_nothing)
        drop_half (parcel);
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
  g_hash_table_unref (self->by_key);
  g_hash_table_unref (self->by_model);
  g_hash_table_unref (self->by_root);
  g_ptr_array_unref (self->running);
  g_ptr_array_unref (self->parcels);
  kith_partials_unref (self->partials);
  g_object_unref (self->list);
  g_free (self->folder);
  g_free (self);
}

/**
 * kith_transfers_find: (skip)
 * @self: the table
 * @model: a file that the user wants something of
 * @error: return location for a #GError
 *
 * Errors: %KITH_ERROR_NOT_FOUND when its message is gone, or the node has stopped.
 *
 * Returns: (transfer none) (nullable): the parcel
 */
KithParcel *
kith_transfers_find (KithTransfers *self, KithTransfer *model, GError **error)
{
  KithParcel *parcel = self->stopped ? NULL : kith_transfers_parcel_of (self, model);

  if (parcel == NULL)
    kith_error_refuse (error, KITH_ERROR_NOT_FOUND, "There is no such file any more");
  return parcel;
}

/**
 * kith_transfers_by_request: (skip)
 * @self: the table
 * @peer: who answers
 * @request: what the answer repeats; untrusted
 *
 * Returns: (transfer none) (nullable): the parcel of theirs that asked so and still waits
 */
KithParcel *
kith_transfers_by_request (KithTransfers *self, KithPeer *peer, guint32 request)
{
  for (guint i = 0; i < self->running->len && request != 0; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->running, i);

      if (parcel->request == request && parcel->peer == peer)
        return parcel;
    }

  return NULL;
}

void
kith_transfers_note_state (KithTransfers *self, KithParcel *parcel)
{
  gboolean runs = kith_parcel_is_incoming (parcel)
                  && kith_transfer_get_state (parcel->model) == KITH_TRANSFER_RUNNING;

  g_ptr_array_remove (self->running, parcel);
  if (runs)
    g_ptr_array_add (self->running, parcel);
}

/* Whoever declined it or gave it up may change their mind; what we gave up ourselves is gone. */
static gboolean
is_offered_to (KithParcel *parcel, KithPeer *peer)
{
  return parcel->peer == peer && kith_peer_is_online (peer) && !kith_parcel_is_incoming (parcel)
         && kith_transfer_get_state (parcel->model) != KITH_TRANSFER_FAILED
         && !kith_parcel_is_withdrawn (parcel) && kith_parcel_has_place (parcel);
}

/**
 * kith_transfers_may_serve: (skip)
 * @peer: who asks
 * @get: for what
 *
 * The one place that decides who gets what: those to whom it was offered, as long as it is. In a group
 * these are its members, as far as we are linked with them, who know the message that offers it.
 *
 * Returns: (transfer none) (nullable): what to serve it from
 */
KithParcel *
kith_transfers_may_serve (KithPeer *peer, const KithBodyFileGet *get)
{
  GPtrArray *parcels = kith_transfers_of_root (peer->node->transfers, get->root);

  for (guint i = 0; parcels != NULL && i < parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (parcels, i);

      if (!parcel->stored
          || (get->has_offer && memcmp (parcel->row->id, get->offer.bytes, sizeof get->offer.bytes) != 0))
        continue;
      if (!parcel->shared && is_offered_to (parcel, peer))
        return parcel;
      if (parcel->shared && get->has_offer && kith_group_files_has (parcel)
          && kith_group_links_is_linked (peer->node, parcel->chat->key, peer->row->identity))
        return parcel;
    }

  return NULL;
}

void
kith_transfers_add (KithTransfers *self, KithParcel *parcel)
{
  g_ptr_array_add (self->parcels, kith_parcel_ref (parcel));
  parcel->chat->n_files++;
  kith_transfers_index (self, parcel);
  kith_transfers_note_state (self, parcel);
  g_list_store_append (self->list, parcel->model);
}

/**
 * kith_transfers_take_out: (skip)
 * @self: the table
 * @parcel: a parcel in it, at rest
 *
 * Only the table forgets it. Whoever else holds on to it finds no owner.
 */
void
kith_transfers_take_out (KithTransfers *self, KithParcel *parcel)
{
  G_GNUC_UNUSED g_autoptr (KithParcel) keep = kith_parcel_ref (parcel);

  parcel->owner = NULL;
  kith_transfers_unindex (self, parcel);
  parcel->chat->n_files--;
  g_ptr_array_remove (self->running, parcel);
  kith_list_store_drop (self->list, parcel->model);
  g_ptr_array_remove (self->parcels, parcel);
}

/* Its message is gone, or never came to be: nothing of it is left but what was received. */
void
kith_transfers_drop (KithTransfers *self, KithParcel *parcel)
{
  G_GNUC_UNUSED g_autoptr (KithParcel) keep = kith_parcel_ref (parcel);
  gboolean was_over = kith_transfer_is_over (parcel->model);

  g_cancellable_cancel (parcel->cancellable);
  if (!was_over)
    {
      if (parcel->stored)
        kith_parcel_say (parcel, KITH_FILE_CANCELLED);
      kith_transfer_set_state (parcel->model, KITH_TRANSFER_CANCELLED);
    }
  kith_parcel_stop_serving (parcel);
  kith_parcel_stop_fetching (parcel);
  if (kith_transfer_get_state (parcel->model) != KITH_TRANSFER_DONE)
    kith_parcel_give_up_partial (parcel);

  parcel->dropped = TRUE;
  kith_transfers_take_out (self, parcel);
  if (!was_over)
    kith_transfers_emit_changed (self, keep->model, "state");
  kith_transfers_emit_changed (self, keep->model, "removed");
}

/* --- Conversations -------------------------------------------------------------------------- */

/**
 * kith_transfers_chat_left: (skip)
 * @chat: a conversation whose history is kept
 *
 * Its files are given up; those that were received stay.
 */
void
kith_transfers_chat_left (KithChat *chat)
{
  KithTransfers *self = chat->node->transfers;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->chat != chat || kith_transfer_is_over (parcel->model))
        continue;
      g_cancellable_cancel (parcel->cancellable);
      parcel->row->file->told = TRUE;
      kith_parcel_give_up_partial (parcel);
      kith_parcel_set_state (parcel, KITH_TRANSFER_CANCELLED);
    }
}

void
kith_transfers_chat_dropped (KithChat *chat)
{
  KithTransfers *self = chat->node->transfers;

  for (guint i = self->parcels->len; i > 0; i--)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i - 1);

      if (parcel->chat == chat)
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
kith_node_get_transfer (KithNode *self, KithConversation *conversation, const char *id)
{
  for (guint i = 0; i < self->transfers->parcels->len; i++)
    {
      KithTransfer *transfer = ((KithParcel *) g_ptr_array_index (self->transfers->parcels, i))->model;

      if (kith_transfer_get_conversation (transfer) == conversation
          && g_str_equal (kith_transfer_get_id (transfer), id))
        return transfer;
    }

  return NULL;
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
