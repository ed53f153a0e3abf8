/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What others ask of our files. They ask for some pieces at a time and get no others: so it is the
 * receiver who decides how much is on its way. Protocol 11.
 *
 * Of each peer one worker thread at a time reads ahead, and only a little; the session takes pieces
 * when nothing else is to be sent. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-serving-private.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"
#include "store/kith-store-transfer.h"

/* Read at once, and as many again may wait for the session. */
#define PIECES_AT_ONCE 16
#define LEAVES_AT_ONCE 2048

static void
ask_free (KithFileAsk *ask)
{
  kith_parcel_unref (ask->parcel);
  g_free (ask);
}

static void
ready_free (KithFileReady *ready)
{
  kith_parcel_unref (ready->parcel);
  g_clear_pointer (&ready->body, g_byte_array_unref);
  g_free (ready);
}

/**
 * kith_serving_free: (skip)
 * @self: (transfer full): what somebody asked for
 */
void
kith_serving_free (KithServing *self)
{
  g_queue_clear_full (&self->asks, (GDestroyNotify) ask_free);
  g_queue_clear_full (&self->ready, (GDestroyNotify) ready_free);
  g_free (self);
}

KithServing *
kith_serving_of (KithPeer *peer)
{
  if (peer->serving == NULL)
    peer->serving = g_new0 (KithServing, 1);

  return peer->serving;
}

void
kith_serving_forget (KithServing *self, KithParcel *parcel)
{
  GList *next;

  self->serial++;
  for (GList *link = self->asks.head; link != NULL; link = next)
    {
      KithFileAsk *ask = link->data;

      next = link->next;
      if (parcel != NULL && ask->parcel != parcel)
        continue;
      if (ask->what == KITH_FILE_CHUNKS)
        self->n_asked -= ask->count;
      ask_free (ask);
      g_queue_delete_link (&self->asks, link);
    }

  for (GList *link = self->ready.head; link != NULL; link = next)
    {
      next = link->next;
      if (parcel != NULL && ((KithFileReady *) link->data)->parcel != parcel)
        continue;
      ready_free (link->data);
      g_queue_delete_link (&self->ready, link);
    }
}

/**
 * kith_parcel_stop_serving_to: (skip)
 * @self: a parcel that we have
 * @peer: somebody
 *
 * What they asked of it and were not sent is not sent any more.
 */
void
kith_parcel_stop_serving_to (KithParcel *self, KithPeer *peer)
{
  if (peer->serving != NULL)
    kith_serving_forget (peer->serving, self);
}

typedef void (*ServingFunc) (KithParcel *parcel, KithPeer *peer);

/* Calls @func for everybody who may have asked for @parcel: in a group that may be any member. */
static void
for_each_asker (KithParcel *parcel, ServingFunc func)
{
  g_autoptr (KithParcel) keep = kith_parcel_ref (parcel);
  g_autoptr (GPtrArray) peers = NULL;
  GHashTableIter iter;
  gpointer value;

  if (!parcel->shared)
    {
      func (keep, parcel->peer);
      return;
    }
  if (parcel->owner == NULL)
    return;

  peers = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_peer_unref);
  g_hash_table_iter_init (&iter, parcel->owner->node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((KithPeer *) value)->serving != NULL)
      g_ptr_array_add (peers, kith_peer_ref (value));

  for (guint i = 0; i < peers->len; i++)
    func (keep, g_ptr_array_index (peers, i));
}

/**
 * kith_parcel_stop_serving: (skip)
 * @self: a parcel that we have
 *
 * What was asked of it and not sent is not sent any more.
 */
void
kith_parcel_stop_serving (KithParcel *self)
{
  for_each_asker (self, kith_parcel_stop_serving_to);
}

/**
 * kith_serving_may_look: (skip)
 * @peer: somebody who asks for files
 *
 * Returns: whether one more message may be looked up for them
 */
gboolean
kith_serving_may_look (KithPeer *peer)
{
  return kith_serving_of (peer)->n_looks < KITH_LIMIT_GROUP_FILES_LOOKUPS;
}

/**
 * kith_serving_count_looks: (skip)
 * @peer: somebody who asks for files
 * @change: 1 when a message begins to be looked up for them, -1 afterwards
 */
void
kith_serving_count_looks (KithPeer *peer, gint change)
{
  KithServing *self = kith_serving_of (peer);

  self->n_looks = (guint) ((gint) self->n_looks + change);
}

/**
 * kith_serving_clear: (skip)
 * @peer: a peer whose session is gone
 */
void
kith_serving_clear (KithPeer *peer)
{
  if (peer->serving != NULL)
    kith_serving_forget (peer->serving, NULL);
}

/* --- Reading -------------------------------------------------------------------------------- */

typedef struct
{
  KithFileSource *source;      /* (owned) */
  gboolean        open;        /* it has to be opened, and to be what was offered */
  gboolean        hash;        /* the leaves are wanted */
  guint8          root[KITH_HASH_BYTES];
  guint64         size;
  guint32         list_bytes;
  gint64          mtime_us;
  gboolean        received;    /* when it was written, nobody has noted: its leaves tell */
  guint32         request, from, count;
  guint           serial;
  GPtrArray      *bodies;      /* (owned): of FILE_CHUNK */
  GByteArray     *leaves;      /* (owned) (nullable) */
} Reading;

static void
reading_free (Reading *reading)
{
  kith_file_source_unref (reading->source);
  g_ptr_array_unref (reading->bodies);
  g_clear_pointer (&reading->leaves, g_byte_array_unref);
  g_free (reading);
}

static gboolean
has_changed (GError **error)
{
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The file is not what was offered");
  return FALSE;
}

static gboolean
open_source (Reading *reading, GCancellable *cancellable, GError **error)
{
  if (!kith_file_source_open (reading->source, cancellable, error))
    return FALSE;

  /* One that was only touched is the same, which its hash tells; and nobody is sent what was put in the place of one
   * that had come, whether they ask for the leaves or not. */
  reading->hash |=
    reading->received || kith_file_source_get_mtime_us (reading->source) != reading->mtime_us;
  return (kith_file_source_get_size (reading->source) == reading->size
          && kith_file_source_get_list_bytes (reading->source) == reading->list_bytes)
         || has_changed (error);
}

static gboolean
hash_source (Reading *reading, GCancellable *cancellable, GError **error)
{
  guint8 root[KITH_HASH_BYTES];

  reading->leaves =
    kith_file_source_hash (reading->source, root, NULL, NULL, cancellable, error);
  return reading->leaves != NULL
         && (memcmp (root, reading->root, sizeof root) == 0 || has_changed (error));
}

static gboolean
read_piece (Reading *reading, guint32 i, GError **error)
{
  gsize len = kith_file_leaf_len (reading->size, i);
  g_autoptr (GByteArray) body = kith_body_file_part_new (reading->request, i, len);

  if (!kith_file_source_read (reading->source, (guint64) i * KITH_LIMIT_FILE_LEAF_BYTES,
                              body->data + KITH_FILE_PART_HEAD_BYTES, len, error))
    return FALSE;

  g_ptr_array_add (reading->bodies, g_steal_pointer (&body));
  return TRUE;
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  GError *error = NULL;
  gboolean is_fine = (!reading->open || open_source (reading, cancellable, &error))
                     && (!reading->hash || hash_source (reading, cancellable, &error));

  for (guint32 i = 0; is_fine && i < reading->count; i++)
    is_fine = read_piece (reading, reading->from + i, &error);
  kith_file_source_rest (reading->source);

  if (is_fine)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
say (KithPeer *peer, const KithStoreMessage *row, KithFileStatus status)
{
  KithBodyFileState body = { .status = status, .has_offer = TRUE };

  memcpy (body.root, row->file->root, sizeof body.root);
  memcpy (body.offer.bytes, row->id, sizeof body.offer.bytes);
  kith_session_send_bytes (peer->session, KITH_RECORD_FILE_STATE, kith_body_file_state_pack (&body));
}

static void
refuse_further (KithParcel *parcel, KithPeer *peer)
{
  gboolean asked = FALSE;

  for (GList *link = peer->serving->asks.head; link != NULL; link = link->next)
    asked |= ((KithFileAsk *) link->data)->parcel == parcel;

  if (asked && kith_peer_takes_files (peer))
    say (peer, parcel->row, KITH_FILE_CHANGED);
  kith_parcel_stop_serving_to (parcel, peer);
}

/* What cannot be read is not offered any more; whoever wants it is told. One that we got in a group
 * is still what we got: it has only ceased to be there for others. */
static void
give_up (KithParcel *parcel, const GError *error)
{
  gboolean cancelled = kith_error_code_from_gerror (error) == KITH_ERROR_CANCELLED;

  g_clear_pointer (&parcel->source, kith_file_source_unref);
  parcel->source_open = FALSE;
  parcel->unusable = parcel->shared && !cancelled;
  if (!cancelled)
    for_each_asker (parcel, refuse_further);
  kith_parcel_stop_serving (parcel);
  if (!cancelled && !kith_parcel_is_incoming (parcel))
    kith_parcel_fail (parcel, error);
}

static void
take_pieces (KithServing *serving, Reading *reading, KithParcel *parcel)
{
  KithFileAsk *ask = g_queue_peek_head (&serving->asks);

  for (guint i = 0; i < reading->bodies->len; i++)
    {
      KithFileReady *ready = g_new0 (KithFileReady, 1);

      ready->parcel = kith_parcel_ref (parcel);
      ready->type = KITH_RECORD_FILE_CHUNK;
      ready->done_bytes = ((guint64) reading->from + i + 1) * KITH_LIMIT_FILE_LEAF_BYTES;
      ready->body = g_byte_array_ref (g_ptr_array_index (reading->bodies, i));
      g_queue_push_tail (&serving->ready, ready);
    }

  serving->n_asked -= reading->count;
  ask->from += reading->count;
  ask->count -= reading->count;
  if (ask->count == 0 && reading->count > 0)
    ask_free (g_queue_pop_head (&serving->asks));
}

static gboolean
is_served (KithParcel *parcel)
{
  return parcel->shared ? kith_group_files_has (parcel)
                        : kith_transfer_get_state (parcel->model) < KITH_TRANSFER_DONE;
}

static void
pump_asker (KithParcel *parcel, KithPeer *peer)
{
  kith_serving_pump (peer);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithParcel) parcel = user_data;
  g_autoptr (KithPeer) peer = g_steal_pointer (&parcel->reader);
  Reading *reading = g_task_get_task_data (G_TASK (result));
  KithServing *serving = kith_serving_of (peer);
  g_autoptr (GError) error = NULL;
  gboolean is_fine = g_task_propagate_boolean (G_TASK (result), &error);

  parcel->working = FALSE;
  serving->reading = FALSE;
  if (parcel->owner == NULL)
    {
      kith_serving_pump (peer); /* others wait behind it */
      return;
    }

  if (is_fine)
    {
      parcel->source_open = TRUE;
      if (parcel->source != NULL && !reading->received)
        parcel->row->file->mtime_us = kith_file_source_get_mtime_us (parcel->source);
      /* Who has not asked for them takes no room with them. */
      if (reading->leaves != NULL && parcel->leaves == NULL && reading->count == 0)
        parcel->leaves = g_steal_pointer (&reading->leaves);
      if (reading->serial == serving->serial)
        take_pieces (serving, reading, parcel);
    }
  else if (is_served (parcel))
    give_up (parcel, error);

  kith_serving_pump (peer);
  for_each_asker (parcel, pump_asker); /* others may have waited for the worker thread */
}

static void
start_reading (KithPeer *peer, KithFileAsk *ask)
{
  KithServing *serving = peer->serving;
  KithParcel *parcel = ask->parcel;
  const KithStoreTransfer *file = parcel->row->file;
  Reading *reading = g_new0 (Reading, 1);

  reading->source = kith_file_source_ref (parcel->source);
  reading->open = !parcel->source_open;
  reading->hash = ask->what == KITH_FILE_LEAVES;
  memcpy (reading->root, file->root, sizeof reading->root);
  reading->size = file->size;
  reading->list_bytes = file->list_bytes;
  reading->mtime_us = file->mtime_us;
  reading->received = kith_parcel_is_incoming (parcel);
  reading->request = ask->request;
  reading->from = ask->from;
  reading->count = ask->what == KITH_FILE_CHUNKS ? MIN (ask->count, PIECES_AT_ONCE) : 0;
  reading->serial = serving->serial;
  reading->bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  serving->reading = TRUE;
  parcel->reader = kith_peer_ref (peer);
  kith_parcel_run (parcel, read_thread, reading, (GDestroyNotify) reading_free, read_cb);
}

/* --- What exists nowhere but in the store --------------------------------------------------- */

typedef struct
{
  KithParcel *parcel; /* (owned) */
  KithPeer   *peer;   /* (owned): for whom */
} Loading;

static void
content_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  g_autoptr (KithParcel) parcel = loading->parcel;
  g_autoptr (KithPeer) peer = loading->peer;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = kith_store_load_content_finish (KITH_STORE (source), result, &error);

  kith_serving_of (peer)->reading = FALSE;
  if (content == NULL && parcel->owner != NULL)
    give_up (parcel, error);
  else if (content != NULL && parcel->source == NULL)
    parcel->source = kith_file_source_new_for_bytes (content);
  kith_serving_pump (peer);
}

/* Returns: whether there is a source by now */
static gboolean
find_source (KithPeer *peer, KithParcel *parcel)
{
  const KithStoreTransfer *file = parcel->row->file;
  Loading *loading;

  if (parcel->source == NULL && !file->kept && file->path != NULL)
    parcel->source = kith_file_source_new_for_path (file->path);
  if (parcel->source != NULL)
    return TRUE;

  peer->serving->reading = TRUE;
  loading = g_new0 (Loading, 1);
  loading->parcel = kith_parcel_ref (parcel);
  loading->peer = kith_peer_ref (peer);
  kith_store_load_content_async (parcel->owner->node->store, parcel->row, NULL, content_cb, loading);
  return FALSE;
}

/* --- Serving -------------------------------------------------------------------------------- */

/* Leaves are sent from memory; they stay there as long as there is room, so that nobody can have a large file
 * read again and again. */
static void
take_leaves (KithServing *serving, KithFileAsk *ask)
{
  KithParcel *parcel = ask->parcel;
  guint32 n = MIN (ask->count, LEAVES_AT_ONCE);
  gsize len = (gsize) n * KITH_HASH_BYTES;
  KithFileReady *ready = g_new0 (KithFileReady, 1);

  ready->parcel = kith_parcel_ref (parcel);
  ready->type = KITH_RECORD_FILE_LEAVES;
  ready->body = kith_body_file_part_new (ask->request, ask->from, len);
  memcpy (ready->body->data + KITH_FILE_PART_HEAD_BYTES,
          parcel->leaves->data + (gsize) ask->from * KITH_HASH_BYTES, len);
  g_queue_push_tail (&serving->ready, ready);

  ask->from += n;
  ask->count -= n;
  if (ask->count > 0)
    return;

  ask_free (g_queue_pop_head (&serving->asks));
  kith_transfers_make_room (parcel->owner);
}

static void
rest_if_done (KithServing *serving, KithParcel *parcel)
{
  if (g_queue_is_empty (&serving->ready) && g_queue_is_empty (&serving->asks))
    kith_parcel_rest (parcel);
}

static void
send_ready (KithPeer *peer)
{
  KithServing *serving = peer->serving;

  while (!g_queue_is_empty (&serving->ready) && kith_peer_takes_files (peer)
         && kith_session_has_bulk_room (peer->session))
    {
      KithFileReady *ready = g_queue_pop_head (&serving->ready);

      kith_session_send_bytes (peer->session, ready->type, g_steal_pointer (&ready->body));
      if (ready->type == KITH_RECORD_FILE_CHUNK && !ready->parcel->shared)
        kith_parcel_progress (ready->parcel, ready->done_bytes);
      rest_if_done (serving, ready->parcel);
      ready_free (ready);
    }
}

/**
 * kith_serving_pump: (skip)
 * @peer: a peer
 *
 * Gives the session as many pieces as it has room for, and reads some more.
 */
void
kith_serving_pump (KithPeer *peer)
{
  KithServing *serving = peer->serving;

  if (serving == NULL || peer->node->transfers == NULL || peer->node->transfers->stopped)
    return;

  send_ready (peer);
  while (!serving->reading && serving->ready.length < PIECES_AT_ONCE
         && !g_queue_is_empty (&serving->asks))
    {
      KithFileAsk *ask = g_queue_peek_head (&serving->asks);

      if (ask->parcel->working)
        return; /* of an older session: it comes back here */
      if (ask->what == KITH_FILE_LEAVES && ask->parcel->leaves != NULL)
        {
          take_leaves (serving, ask);
          send_ready (peer);
        }
      else if (find_source (peer, ask->parcel))
        start_reading (peer, ask);
    }
}
