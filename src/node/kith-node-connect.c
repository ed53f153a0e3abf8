/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connecting to a friend by address: dial, see who answers, ask, and tell how it went. Protocol
 * 4.1a.
 *
 * While we ask somebody who is not a contact yet, its identity is *wanted*: should it come to us
 * on a session of its own in the meantime, both have asked each other and are contacts. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-secret.h"
#include "base/kith-text.h"
#include "net/kith-dialer.h"
#include "node/kith-directory.h"
#include "node/kith-node-private.h"
#include "node/kith-node-requests.h"
#include "node/kith-node-sessions.h"
#include "node/kith-reach-private.h"
#include "proto/kith-join-passphrase.h"

typedef struct
{
  char              *text;    /* (owned): of the request */
  char              *passphrase; /* (owned) (nullable): theirs */
  KithConnectOutcome outcome;
  KithContact       *contact; /* (owned) (nullable) */
} Connect;

static void
connect_free (Connect *connect)
{
  kith_secret_free_text (connect->text);
  kith_secret_free_text (connect->passphrase);
  g_clear_object (&connect->contact);
  g_free (connect);
}

static KithPeer *
peer_of (KithNode *self, KithSession *session)
{
  return kith_node_known_peer (self, kith_session_get_identity (session));
}

static void
succeed (GTask *task, KithPeer *peer)
{
  Connect *connect = g_task_get_task_data (task);

  connect->contact = g_object_ref (peer->contact);
  connect->outcome = kith_peer_is_mutual (peer) ? KITH_CONNECT_ONLINE : KITH_CONNECT_REQUESTED;
  if (connect->passphrase != NULL && peer->row->pair_root == NULL)
    kith_peer_keep_passphrase (peer, connect->passphrase);
  if (!g_task_get_completed (task))
    g_task_return_boolean (task, TRUE);
}

/* --- Wanted identities ---------------------------------------------------------------------- */

/**
 * kith_node_take_wanted: (skip)
 * @self: a node
 * @session: a session with somebody
 *
 * Returns: whether we were asking just that one
 */
gboolean
kith_node_take_wanted (KithNode *self, KithSession *session)
{
  return g_hash_table_remove (self->wanted, kith_session_get_identity (session));
}

/**
 * kith_node_add_wanted: (skip)
 * @self: a node
 * @session: a session with somebody whom we wanted
 *
 * Returns: (transfer none): the new contact, requested
 */
KithPeer *
kith_node_add_wanted (KithNode *self, KithSession *session)
{
  KithStoreContact row = { .relation = KITH_RELATION_REQUESTED, .next_seq = 1 };
  KithPeer *peer;

  memcpy (row.identity, kith_session_get_identity (session), sizeof row.identity);
  row.added_ms = kith_node_now_ms (self);
  peer = kith_node_add_peer (self, &row);
  kith_node_emit_contact_changed (self, peer->contact, KITH_CONTACT_CHANGE_REQUESTED);
  return peer;
}

/* --- The course of a connect ---------------------------------------------------------------- */

/**
 * kith_node_connect_started: (skip)
 * @self: a node
 * @session: the session that was dialled for it
 * @connect: the task
 *
 * Returns: (transfer full): the text of the request
 */
char *
kith_node_connect_started (KithNode *self, KithSession *session, GTask *connect)
{
  Connect *data = g_task_get_task_data (connect);

  g_hash_table_insert (self->connects, session, g_object_ref (connect));
  if (peer_of (self, session) == NULL)
    g_hash_table_add (self->wanted, g_memdup2 (kith_session_get_identity (session),
                                               KITH_IDENTITY_BYTES));
  return g_strdup (data->text);
}

/**
 * kith_node_connect_opened: (skip)
 * @self: a node
 * @session: a session on which OPEN_OK came
 * @peer: (nullable): whom it is with
 *
 * The outcome is known.
 */
void
kith_node_connect_opened (KithNode *self, KithSession *session, KithPeer *peer)
{
  gpointer task;

  if (peer == NULL || !g_hash_table_steal_extended (self->connects, session, NULL, &task))
    return;

  succeed (task, peer);
  g_object_unref (task);
}

/**
 * kith_node_connect_closed: (skip)
 * @self: a node
 * @session: a session that has ended
 * @error: why
 *
 * If a connect still waits on it, that is its outcome; unless another session to the same person
 * has won.
 */
void
kith_node_connect_closed (KithNode *self, KithSession *session, const GError *error)
{
  KithPeer *peer = peer_of (self, session);
  gpointer task;

  if (!g_hash_table_steal_extended (self->connects, session, NULL, &task))
    return;

  g_hash_table_remove (self->wanted, kith_session_get_identity (session));
  if (peer != NULL && peer->session != NULL && peer->session != session)
    succeed (task, peer);
  else if (!g_task_get_completed (task))
    g_task_return_error (task, g_error_copy (error));
  g_object_unref (task);
}

/**
 * kith_node_connect_end_all: (skip)
 * @self: a node that is closing; its sessions were dropped without a word
 *
 * Answers the connects that still wait.
 */
void
kith_node_connect_end_all (KithNode *self)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer task;

  /* Whoever hears of it may connect anew. */
  g_hash_table_iter_init (&iter, self->connects);
  while (g_hash_table_iter_next (&iter, NULL, &task))
    g_ptr_array_add (tasks, g_object_ref (task));
  g_hash_table_remove_all (self->connects);

  for (guint i = 0; i < tasks->len; i++)
    if (!g_task_get_completed (g_ptr_array_index (tasks, i)))
      g_task_return_new_error (g_ptr_array_index (tasks, i), KITH_ERROR, KITH_ERROR_CLOSED,
                               "Kith is closing");
}

static void
dialled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (KithSession) session = kith_dialer_dial_finish (result, &error);
  KithAsking *asking;
  KithPeer *peer;

  if (session == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->closing)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_CLOSED, "Kith is closing");
      return;
    }

  /* Connecting to somebody who has asked us is accepting. */
  asking = g_hash_table_lookup (self->asking, kith_session_get_identity (session));
  if (asking != NULL)
    kith_node_accept_now (self, asking);

  peer = peer_of (self, session);
  if (peer != NULL && kith_peer_is_online (peer))
    {
      succeed (task, peer);
      return;
    }

  kith_node_open_session (self, session, task);
}

static gboolean
take_passphrase (KithEntry *entry, const char *text)
{
  g_autoptr (KithSecret) passphrase = kith_join_passphrase_new (text, NULL);

  if (passphrase != NULL)
    kith_entry_init_passphrase (entry, passphrase);
  return passphrase != NULL;
}

/**
 * kith_node_connect_to: (skip)
 * @self: a node
 * @endpoints: (array length=n) (nullable): where to dial
 * @n: how many; none is an error for the callback
 * @expected: (nullable): who has to answer
 * @passphrase: (nullable): what they ask strangers for
 * @request_text: (nullable): what to say if they do not know us
 * @cancellable: (nullable): to give up
 * @callback: called when the outcome is known
 * @user_data: given to it
 *
 * What is behind kith_node_connect_async(); finished with kith_node_connect_finish().
 */
void
kith_node_connect_to (KithNode *self, const KithEndpoint *endpoints, guint n,
                      const guint8 *expected, const char *passphrase, const char *request_text,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_auto (KithEntry) entry = { .kind = KITH_ENTRY_OPEN };
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Connect *connect = g_new0 (Connect, 1);

  g_task_set_source_tag (task, kith_node_connect_to);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, connect, (GDestroyNotify) connect_free);
  connect->text = kith_text_sanitize_request (request_text != NULL ? request_text : "");
  connect->passphrase = g_strdup (passphrase);

  if (self->local == NULL || self->closing)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
  else if (n == 0)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "There is no address to dial");
  else if (passphrase != NULL && !take_passphrase (&entry, passphrase))
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_WRONG_PASSPHRASE,
                             "Nobody can have that passphrase");
  else
    kith_dialer_dial_async (self->local, endpoints, n, expected, &entry, cancellable, dialled_cb,
                            g_steal_pointer (&task));
}

void
kith_node_connect_async (KithNode *self, const char *address, guint16 port,
                         const char *request_text, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  kith_node_connect_with_passphrase_async (self, address, port, NULL, request_text, cancellable,
                                           callback, user_data);
}

void
kith_node_connect_with_passphrase_async (KithNode *self, const char *address, guint16 port,
                                         const char *passphrase, const char *request_text,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  KithEndpoint endpoint;
  gboolean is_one = kith_endpoint_parse (&endpoint, address, port);

  kith_node_connect_to (self, &endpoint, is_one ? 1 : 0, NULL, passphrase, request_text, cancellable,
                        callback, user_data);
}

gboolean
kith_node_connect_finish (KithNode *self, GAsyncResult *result, KithConnectOutcome *outcome,
                          KithContact **contact, GError **error)
{
  const Connect *connect = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  if (outcome != NULL)
    *outcome = connect->outcome;
  if (contact != NULL)
    *contact = connect->contact != NULL ? g_object_ref (connect->contact) : NULL;
  return TRUE;
}

void
kith_node_reconnect (KithNode *self, KithContact *contact)
{
  KithPeer *peer = kith_node_lookup_peer (self, kith_contact_get_identity (contact));

  if (peer != NULL)
    kith_directory_try_now (peer);
}
