/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user says to those who ask: yes, or no. Protocol 6.3. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "node/kith-directory.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-profile.h"
#include "node/kith-node-requests.h"
#include "node/kith-peer-session.h"

/* @row: (out): borrows from @request, and from what is kept of somebody who was removed */
static void
contact_from_request (KithNode *self, const KithStoreRequest *request, KithStoreContact *row)
{
  const KithPeer *kept = kith_node_lookup_peer (self, request->identity);

  *row = (KithStoreContact){ .next_seq = 1 };
  if (kept != NULL)
    *row = *kept->row;

  row->relation = KITH_RELATION_MUTUAL;
  row->received_seq = row->heard_seq = row->read_seq = 0;
  memset (row->received_device, 0, sizeof row->received_device);
  memcpy (row->identity, request->identity, sizeof row->identity);
  memcpy (row->endpoints, request->endpoints, sizeof row->endpoints);
  row->n_endpoints = request->n_endpoints;
  if (*request->name != '\0')
    row->name = request->name;
  row->added_ms = kith_node_now_ms (self);
}

static KithStoreBatch *
accept_batch (KithNode *self, const KithStoreRequest *request)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreContact row;

  contact_from_request (self, request, &row);
  kith_store_batch_put_contact (batch, &row);
  kith_store_batch_delete_request (batch, request->identity);
  return batch;
}

/* The contact is committed: shows it, and tells the one who waits, or dials the one who has left. */
static KithPeer *
accepted (KithNode *self, KithAsking *asking)
{
  g_auto (KithBodyOpen) accept = { 0 };
  g_autoptr (KithSession) session = NULL;
  KithStoreContact row;
  KithPeer *peer;

  contact_from_request (self, asking->row, &row);
  peer = kith_node_add_peer (self, &row);
  session = kith_asking_take_out (self, asking);
  kith_node_emit_contact_changed (self, peer->contact, KITH_CONTACT_CHANGE_ADDED);

  if (session == NULL || !kith_session_is_open (session))
    {
      kith_directory_try_now (peer);
      return peer;
    }

  kith_node_describe (self, &accept);
  kith_session_send_bytes (session, KITH_RECORD_ACCEPT, kith_body_accept_pack (&accept));
  kith_session_lift_pending (session);
  kith_node_attach (self, peer, session);
  return peer;
}

/**
 * kith_node_accept_now: (skip)
 * @self: a node
 * @asking: somebody who asks, and whom we have just dialled ourselves
 *
 * Returns: (transfer none): the new contact
 */
KithPeer *
kith_node_accept_now (KithNode *self, KithAsking *asking)
{
  g_autoptr (KithStoreBatch) batch = accept_batch (self, asking->row);

  kith_node_commit (self, batch);
  return accepted (self, asking);
}

static void
accept_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  const guint8 *identity = g_task_get_task_data (task);
  KithAsking *asking = kith_asking_lookup (self, identity);
  KithPeer *peer = kith_node_known_peer (self, identity);
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (peer == NULL && asking != NULL)
    peer = accepted (self, asking);

  if (peer != NULL)
    g_task_return_pointer (task, g_object_ref (peer->contact), g_object_unref);
  else
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "The request is gone");
}

/* Returns: (nullable): who asks, or %NULL after the task was answered */
static KithAsking *
asking_for_task (KithNode *self, KithRequest *request, GTask *task)
{
  KithAsking *asking = kith_asking_lookup (self, kith_request_get_identity (request));

  if (asking == NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "The request is gone");
  else
    g_task_set_task_data (task, g_memdup2 (asking->row->identity, KITH_IDENTITY_BYTES), g_free);

  return asking;
}

void
kith_node_accept_async (KithNode *self, KithRequest *request, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithAsking *asking = asking_for_task (self, request, task);

  g_task_set_source_tag (task, kith_node_accept_async);
  if (asking != NULL)
    kith_store_commit_async (self->store, accept_batch (self, asking->row), NULL,
                             accept_committed_cb, g_steal_pointer (&task));
}

KithContact *
kith_node_accept_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
decline_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  KithAsking *asking = kith_asking_lookup (self, g_task_get_task_data (task));
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  kith_node_decline_invites (self, g_task_get_task_data (task), NULL);
  if (asking != NULL)
    {
      g_autoptr (KithSession) session = kith_asking_take_out (self, asking);

      if (session != NULL)
        kith_session_close (session, KITH_BYE_NOT_CONTACT);
    }

  g_task_return_boolean (task, TRUE);
}

void
kith_node_decline_async (KithNode *self, KithRequest *request, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithAsking *asking = asking_for_task (self, request, task);
  g_autoptr (KithStoreBatch) batch = NULL;

  g_task_set_source_tag (task, kith_node_decline_async);
  if (asking == NULL)
    return;

  batch = kith_store_batch_new ();
  kith_store_batch_delete_request (batch, asking->row->identity);
  kith_node_decline_invites (self, asking->row->identity, batch);
  kith_store_commit_async (self->store, g_steal_pointer (&batch), NULL, decline_committed_cb,
                           g_steal_pointer (&task));
}

gboolean
kith_node_decline_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
