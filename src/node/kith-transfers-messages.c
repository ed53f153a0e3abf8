/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages with files: what is offered in one comes into the table, and goes with it. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-transfers.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "node/kith-node-files.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"
#include "proto/kith-file-name.h"

/* --- On the wire ---------------------------------------------------------------------------- */

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
 * @chat: where it was offered
 * @body: an offer of theirs
 *
 * What is offered beyond a limit is known again after a start only where its message is shown.
 *
 * Returns: (transfer full): the file as it is stored
 */
KithStoreTransfer *
kith_transfer_from_body (const KithChat *chat, const KithBodyFile *body)
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
  row->live = chat->n_files < KITH_LIMIT_FILES_OFFERED;
  row->told = TRUE; /* there is nothing to tell yet */
  return row;
}

/* --- Into the table ------------------------------------------------------------------------- */

static KithError
code_of_name (const char *name)
{
  for (guint code = 0; code <= KITH_ERROR_LAST; code++)
    if (g_strcmp0 (kith_error_get_name ((KithError) code), name) == 0)
      return (KithError) code;

  return KITH_ERROR_FAILED;
}

/* A backup has them too. */
G_STATIC_ASSERT (KITH_STORE_TRANSFER_OFFERED == (int) KITH_TRANSFER_OFFERED);
G_STATIC_ASSERT (KITH_STORE_TRANSFER_DONE == (int) KITH_TRANSFER_DONE);
G_STATIC_ASSERT (KITH_STORE_TRANSFER_FAILED == (int) KITH_TRANSFER_FAILED);
G_STATIC_ASSERT (KITH_STORE_TRANSFER_CANCELLED == (int) KITH_TRANSFER_CANCELLED);
G_STATIC_ASSERT (KITH_STORE_TRANSFER_DECLINED == (int) KITH_TRANSFER_DECLINED);

/* What was running when it was stored waits now. */
static KithTransferState
state_of (const KithStoreTransfer *file)
{
  if (file->state == KITH_TRANSFER_RUNNING || file->state == KITH_TRANSFER_PREPARING
      || file->state > KITH_TRANSFER_DECLINED)
    return KITH_TRANSFER_WAITING;

  return (KithTransferState) file->state;
}

/* (transfer full): as it was made safe when it came; in a backup it may have been anything. */
static char *
dup_safe_name (const KithStoreTransfer *file)
{
  char *name = kith_file_name_sanitize (file->name);

  return name != NULL ? name : g_strdup (KITH_FILE_NAMELESS);
}

static KithParcel *
add_stored (KithTransfers *self, KithChat *chat, const KithStoreMessage *row)
{
  const KithStoreTransfer *file = row->file;
  KithMedia media = { file->media_type, file->width, file->height, file->duration_ms, { 0 },
                      file->n_waveform };
  g_autofree char *name = dup_safe_name (file);
  g_autoptr (KithTransfer) model = NULL;
  g_autoptr (KithParcel) parcel = NULL;

  memcpy (media.waveform, file->waveform, sizeof media.waveform);
  model = kith_transfer_new (row->id, chat->conversation, row->outgoing, name, file->size, &media);
  kith_transfer_set_sender (model, kith_chat_get_sender (chat, row->outgoing,
                                                         row->has_author ? row->author : NULL));
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

  parcel = kith_parcel_new (self, chat, row, model);
  g_free (parcel->row->file->name);
  parcel->row->file->name = g_steal_pointer (&name);
  parcel->stored = TRUE;
  parcel->restored = file->path != NULL;
  kith_transfers_add (self, parcel);
  return parcel;
}

KithTransfer *
kith_transfers_present (KithChat *chat, const KithStoreMessage *row)
{
  KithTransfers *self = chat->node->transfers;
  KithParcel *parcel = kith_transfers_lookup (self, chat, row->id, row->outgoing);

  if (parcel == NULL)
    {
      kith_transfers_trim (chat);
      parcel = add_stored (self, chat, row);
    }

  return parcel->model;
}

typedef struct
{
  KithNode *node; /* (owned) */
  void    (*done) (const GError *error, gpointer user_data);
  gpointer  user_data;
} LookUp;

/* Which of several is meant nobody can say: those who choose their ids have chosen so. */
static gboolean
is_not_there (const GError *error)
{
  return g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND)
         || g_error_matches (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree LookUp *look_up = user_data;
  g_autoptr (KithNode) node = look_up->node;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithStoreMessage) row =
    kith_store_find_message_finish (KITH_STORE (source), result, &error);
  KithChat *chat = row != NULL && !node->closing ? kith_node_lookup_chat (node, row->identity) : NULL;

  if (chat != NULL && row->file != NULL && row->deletion == KITH_STORE_KEPT)
    kith_transfers_present (chat, row);
  if (is_not_there (error))
    g_clear_error (&error);
  look_up->done (error, look_up->user_data);
}

void
kith_transfers_look_up (KithTransfers *self, const guint8 *identity, const guint8 *id,
                        void (*done) (const GError *error, gpointer user_data), gpointer user_data)
{
  LookUp *look_up = g_new0 (LookUp, 1);

  look_up->node = g_object_ref (self->node);
  look_up->done = done;
  look_up->user_data = user_data;
  kith_store_find_message_async (self->node->store, identity, id, NULL, found_cb, look_up);
}

/* --- Offers of theirs ----------------------------------------------------------------------- */

/* What one contact may put on our disk in a day without our user. */
static gboolean
is_within_quota (KithPeer *sender, guint64 size)
{
  guint64 most = MAX (KITH_LIMIT_FILE_AUTO_DAY_BYTES, 4 * kith_node_get_files_auto_bytes (sender->node));
  gint64 now_us = kith_env_monotonic_us (sender->node->env);

  if (kith_quota_is_over (&sender->autos, now_us, KITH_LIMIT_FILE_AUTO_DAY_MS))
    sender->auto_bytes = 0;
  if (size > most - MIN (most, sender->auto_bytes)
      || !kith_quota_take (&sender->autos, now_us, KITH_LIMIT_FILE_AUTO_DAY_FILES, KITH_LIMIT_FILE_AUTO_DAY_MS))
    return FALSE;

  sender->auto_bytes += size;
  return TRUE;
}

static gboolean
is_accepted_by_itself (KithChat *chat, const KithStoreMessage *row)
{
  KithPeer *sender = kith_node_lookup_peer (chat->node, row->has_author ? row->author : row->identity);
  const KithStoreTransfer *file = row->file;

  return sender != NULL && sender->row->verified != KITH_VERIFIED_NOT
         && chat->node->transfers->folder != NULL && file->list_bytes == 0
         && file->size <= kith_node_get_files_auto_bytes (chat->node)
         && is_within_quota (sender, file->size);
}

void
kith_transfers_offered (KithChat *chat, const KithStoreMessage *row)
{
  KithTransfers *self = chat->node->transfers;
  KithParcel *parcel = kith_transfers_lookup (self, chat, row->id, FALSE);

  if (parcel == NULL)
    return;

  kith_transfers_emit_added (self, parcel->model);
  if (is_accepted_by_itself (chat, row))
    kith_node_accept_file (chat->node, parcel->model, NULL, NULL); /* else by hand, as any other */
}

/* --- Out of the table ----------------------------------------------------------------------- */

void
kith_transfers_drop_message (KithChat *chat, const guint8 *id, gboolean outgoing)
{
  KithTransfers *self = chat->node->transfers;
  KithParcel *parcel = kith_transfers_lookup (self, chat, id, outgoing);

  if (parcel != NULL)
    kith_transfers_drop (self, parcel);
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
        kith_store_find_message_async (self->node->store, parcel->row->identity, parcel->row->id, NULL,
                                       still_there_cb, kith_parcel_ref (parcel));
    }
}
