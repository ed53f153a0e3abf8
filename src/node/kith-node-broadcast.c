/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One text to several people. Each gets a message of their own, and learns of nobody else; what is
 * kept beside these is who got which, so that it can be shown as one. Protocol 8. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-broadcast.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-text.h"
#include "node/kith-messenger.h"
#include "node/kith-node-private.h"
#include "store/kith-store-broadcast.h"

/* --- Whom it goes to ------------------------------------------------------------------------ */

static gboolean
can_get_it (KithPeer *peer)
{
  return peer != NULL && !peer->removed && !peer->row->blocked && kith_peer_is_mutual (peer);
}

/* (transfer full) (element-type KithPeer) */
static GPtrArray *
find_online (KithNode *self)
{
  GPtrArray *peers = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_peer_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      if (can_get_it (peer) && kith_contact_get_presence (peer->contact) == KITH_PRESENCE_ONLINE)
        g_ptr_array_add (peers, kith_peer_ref (peer));
    }

  return peers;
}

/* Each once. (transfer full) (nullable) (element-type KithPeer): %NULL when one cannot get it */
static GPtrArray *
find_given (KithNode *self, GPtrArray *contacts, GError **error)
{
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_peer_unref);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < contacts->len; i++)
    {
      KithContact *contact = g_ptr_array_index (contacts, i);
      KithPeer *peer = kith_node_lookup_peer (self, kith_contact_get_identity (contact));

      if (!can_get_it (peer))
        {
          g_set_error (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT,
                       "%s cannot get it. Nothing was sent.",
                       kith_contact_get_display_name (contact));
          return NULL;
        }
      if (g_hash_table_add (seen, peer))
        g_ptr_array_add (peers, kith_peer_ref (peer));
    }

  return g_steal_pointer (&peers);
}

static gboolean
check_peers (GPtrArray *peers, gboolean given, GError **error)
{
  if (peers->len == 0 && given)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "Nobody is chosen");
  else if (peers->len == 0)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_FOUND, "Nobody is online");
  else if (peers->len > KITH_LIMIT_BROADCAST_RECIPIENTS)
    g_set_error (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "It can go to %d people at most",
                 KITH_LIMIT_BROADCAST_RECIPIENTS);
  else
    return TRUE;

  return FALSE;
}

/* --- Sending -------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray          *peers; /* (owned) (element-type KithPeer) */
  GPtrArray          *rows;  /* (owned) (element-type KithStoreMessage), in the same order */
  KithStoreBroadcast *row;   /* (owned) */
} Broadcast;

static void
broadcast_free (Broadcast *self)
{
  g_clear_pointer (&self->peers, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  kith_store_broadcast_free (self->row);
  g_free (self);
}

static KithRecipient *
make_recipient (KithNode *self, const KithStoreRecipient *row)
{
  KithPeer *peer = kith_node_lookup_peer (self, row->identity);
  KithRecipient *recipient = kith_recipient_new (peer != NULL ? peer->contact : NULL, row->kept);
  KithMessage *loaded = NULL;

  if (row->sent_ms != 0)
    kith_recipient_set_state (recipient, KITH_MESSAGE_SENT, row->sent_ms);
  if (row->delivered_ms != 0)
    kith_recipient_set_state (recipient, KITH_MESSAGE_DELIVERED, row->delivered_ms);
  if (row->read_ms != 0)
    kith_recipient_set_state (recipient, KITH_MESSAGE_READ, row->read_ms);

  /* That it is on its way is not stored, but known here. */
  if (peer != NULL && row->kept && row->delivered_ms == 0)
    loaded = kith_message_list_lookup (kith_conversation_get_messages (peer->conversation),
                                       row->message);
  if (loaded != NULL)
    kith_recipient_set_state (
        recipient, kith_message_get_state (loaded),
        kith_message_get_state_time_ms (loaded, kith_message_get_state (loaded)));
  return recipient;
}

/* (transfer full) */
static KithBroadcast *
make_broadcast (KithNode *self, const KithStoreBroadcast *row)
{
  KithBroadcast *broadcast = kith_broadcast_new (row->id, row->time_ms, row->text);

  kith_broadcast_set_counts (broadcast, row->n_recipients, row->n_delivered, row->n_read);
  if (row->recipients->len > 0)
    kith_broadcast_set_counts (broadcast, 0, 0, 0);
  for (guint i = 0; i < row->recipients->len; i++)
    {
      g_autoptr (KithRecipient) recipient =
        make_recipient (self, &g_array_index (row->recipients, KithStoreRecipient, i));

      kith_broadcast_add_recipient (broadcast, recipient);
    }

  return broadcast;
}

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  Broadcast *broadcast = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean committed = kith_store_commit_finish (KITH_STORE (source), result, &error);

  for (guint i = 0; i < broadcast->peers->len; i++)
    {
      KithPeer *peer = g_ptr_array_index (broadcast->peers, i);
      KithStoreMessage *row = g_steal_pointer (&g_ptr_array_index (broadcast->rows, i));
      KithMessage *message = kith_messenger_settle (peer, row, committed);

      g_clear_object (&message);
    }

  if (committed)
    g_task_return_pointer (task, make_broadcast (self, broadcast->row), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
add_recipient (Broadcast *broadcast, KithPeer *peer, KithStoreBatch *batch)
{
  KithStoreMessage *row
      = kith_messenger_prepare (peer, g_strdup (broadcast->row->text), TRUE, batch);
  KithStoreRecipient recipient = { .kept = TRUE };

  memcpy (recipient.identity, row->identity, sizeof recipient.identity);
  memcpy (recipient.message, row->id, sizeof recipient.message);
  g_array_append_val (broadcast->row->recipients, recipient);
  g_ptr_array_add (broadcast->rows, row);
}

/* @peers: (transfer full). @text: (transfer full): validated */
static void
send_to (KithNode *self, GPtrArray *peers, char *text, GTask *task)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  Broadcast *broadcast = g_new0 (Broadcast, 1);

  broadcast->peers = peers;
  broadcast->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  broadcast->row = kith_store_broadcast_new ();
  kith_env_random_bytes (self->env, broadcast->row->id, sizeof broadcast->row->id);
  broadcast->row->time_ms = kith_node_now_ms (self);
  broadcast->row->text = text;
  for (guint i = 0; i < peers->len; i++)
    add_recipient (broadcast, g_ptr_array_index (peers, i), batch);
  kith_store_batch_put_broadcast (batch, broadcast->row);

  g_task_set_task_data (task, broadcast, (GDestroyNotify) broadcast_free);
  kith_store_commit_async (self->store, batch, NULL, committed_cb, task);
}

static gboolean
is_busy (GPtrArray *peers)
{
  for (guint i = 0; i < peers->len; i++)
    if (((KithPeer *) g_ptr_array_index (peers, i))->n_sending >= KITH_LIMIT_STORE_QUEUE)
      return TRUE;

  return FALSE;
}

void
kith_node_broadcast_async (KithNode *self, GPtrArray *contacts, const char *text,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  g_autofree char *clean = kith_text_validate_message (text, &error);
  g_autoptr (GPtrArray) peers = NULL;

  g_task_set_source_tag (task, kith_node_broadcast_async);
  if (clean != NULL)
    peers = contacts != NULL ? find_given (self, contacts, &error) : find_online (self);
  if (peers == NULL || !check_peers (peers, contacts != NULL, &error))
    g_task_return_error (task, error);
  else if (is_busy (peers))
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_BUSY, "The store is behind");
  else
    send_to (self, g_steal_pointer (&peers), g_steal_pointer (&clean), g_steal_pointer (&task));
}

KithBroadcast *
kith_node_broadcast_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- What was sent -------------------------------------------------------------------------- */

static void
list_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows
      = kith_store_load_broadcasts_finish (KITH_STORE (source), result, &error);
  GPtrArray *broadcasts;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  broadcasts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (broadcasts, make_broadcast (self, g_ptr_array_index (rows, i)));
  g_task_return_pointer (task, broadcasts, (GDestroyNotify) g_ptr_array_unref);
}

void
kith_node_load_broadcasts_async (KithNode *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_node_load_broadcasts_async);
  kith_store_load_broadcasts_async (self->store, KITH_LIMIT_BROADCASTS_SHOWN, cancellable,
                                    list_loaded_cb, task);
}

GPtrArray *
kith_node_load_broadcasts_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (KithStoreBroadcast) row =
    kith_store_load_broadcast_finish (KITH_STORE (source), result, &error);

  if (row != NULL)
    g_task_return_pointer (task, make_broadcast (self, row), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
kith_node_load_broadcast_async (KithNode *self, const char *id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  guint8 bytes[KITH_MESSAGE_ID_BYTES];

  g_task_set_source_tag (task, kith_node_load_broadcast_async);
  if (kith_hex_decode (id, bytes, sizeof bytes))
    kith_store_load_broadcast_async (self->store, bytes, cancellable, loaded_cb,
                                     g_steal_pointer (&task));
  else
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such broadcast");
}

KithBroadcast *
kith_node_load_broadcast_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_node_delete_broadcast_async (KithNode *self, KithBroadcast *broadcast,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  KithStoreBatch *batch = kith_store_batch_new ();
  guint8 id[KITH_MESSAGE_ID_BYTES];

  g_task_set_source_tag (task, kith_node_delete_broadcast_async);
  if (kith_hex_decode (kith_broadcast_get_id (broadcast), id, sizeof id))
    kith_store_batch_delete_broadcast (batch, id);
  kith_node_commit_for_task (self, batch, task);
}

gboolean
kith_node_delete_broadcast_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
