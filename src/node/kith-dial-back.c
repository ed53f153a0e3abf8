/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 7.7. Nobody gets more out of us than by naming addresses as their own: what we dial is
 * judged as always, one request in half a minute is served, and each dial expects that very contact
 * and ends with the handshake. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-dial-back.h"

#include "base/kith-error.h"
#include "base/kith-source.h"
#include "net/kith-dialer.h"
#include "node/kith-own-addresses.h"
#include "node/kith-own-endpoints.h"

struct _KithDialBack
{
  KithNode     *node;    /* (unowned) */
  GTask        *asking;  /* (owned) (nullable): our own question */
  guint64       token;   /* of it */
  GSource      *timer;   /* (owned) (nullable) */
  GPtrArray    *helpers; /* (owned) KithPeer that were asked */
  GCancellable *serving; /* (owned): of all that we dial for others */
};

/* A contact's question that we are working on. */
typedef struct
{
  KithPeer        *peer;    /* (owned) */
  KithBodyDialBack body;
  guint            n_left;  /* dials */
} Service;

typedef struct
{
  Service *service; /* (unowned): it goes with its last dial */
  guint    number;
} Dial;

/* --- For others ----------------------------------------------------------------------------- */

static KithDialResult
result_of (gboolean reached, const GError *error)
{
  if (reached)
    return KITH_DIAL_REACHED;
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_REFUSED))
    return KITH_DIAL_REFUSED;
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_TIMEOUT))
    return KITH_DIAL_TIMEOUT;
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_UNREACHABLE)
      || g_error_matches (error, KITH_ERROR, KITH_ERROR_BLOCKED_BY_PROXY))
    return KITH_DIAL_UNREACHABLE;

  return KITH_DIAL_SOMEBODY_ELSE;
}

static void
finish_service (Service *service)
{
  KithPeer *peer = service->peer;
  KithEndpoint remote;

  if (!peer->removed && !peer->node->closing && kith_peer_is_online (peer))
    {
      if (kith_session_get_remote (peer->session, &remote))
        service->body.seen = remote;
      kith_session_send_bytes (peer->session, KITH_RECORD_DIAL_BACK_RESULT,
                               kith_body_dial_back_result_pack (&service->body));
    }

  kith_peer_unref (peer);
  g_free (service);
}

static void
dialled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Dial *dial = user_data;
  Service *service = dial->service;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = kith_dialer_dial_finish (result, &error);

  service->body.tries[dial->number].result = result_of (session != NULL, error);
  if (session != NULL)
    kith_session_abort (session);
  if (--service->n_left == 0)
    finish_service (service);
}

/* Who comes from this machine or from our network may name what is there; from anywhere else nobody
 * learns from us which ports are open in it. */
static gboolean
may_dial (KithPeer *peer, const KithEndpoint *endpoint)
{
  KithEndpoint remote;

  if (!kith_endpoint_is_dialable (endpoint) || !kith_session_get_remote (peer->session, &remote))
    return FALSE;
  if (kith_endpoint_is_loopback (endpoint))
    return kith_endpoint_is_loopback (&remote);
  if (kith_own_addresses_is_on_link (endpoint))
    return kith_endpoint_is_loopback (&remote) || kith_own_addresses_is_on_link (&remote);

  return !kith_endpoint_is_private (endpoint);
}

static void
serve (Service *service)
{
  KithPeer *peer = service->peer;
  g_auto (KithEntry) entry = { .kind = KITH_ENTRY_OPEN };

  if (peer->row->pair_root != NULL)
    kith_entry_init_contact (&entry, peer->row->pair_root,
                             kith_local_get_identity (peer->node->local), peer->row->identity);

  service->n_left = 1;
  for (guint i = 0; i < service->body.n_tries; i++)
    {
      const KithEndpoint *endpoint = &service->body.tries[i].endpoint;
      Dial *dial;

      if (!may_dial (peer, endpoint))
        continue;

      dial = g_new (Dial, 1);
      *dial = (Dial){ service, i };
      service->n_left++;
      kith_dialer_dial_async (peer->node->local, endpoint, 1, peer->row->identity,
                              &entry, peer->node->dial_back->serving, dialled_cb, dial);
    }

  if (--service->n_left == 0)
    finish_service (service);
}

/**
 * kith_dial_back_receive: (skip)
 * @peer: a contact who is online
 * @body: (array length=len): DIAL_BACK; untrusted
 * @len: its length in bytes
 *
 * Dials them, unless we did so just now; then nothing is answered.
 *
 * Returns: whether the record is in order
 */
gboolean
kith_dial_back_receive (KithPeer *peer, const guint8 *body, gsize len)
{
  gint64 now_us = kith_env_monotonic_us (peer->node->env);
  KithBodyDialBack parsed;
  Service *service;

  if (!kith_body_dial_back_unpack (&parsed, body, len))
    return FALSE;

  if (peer->dial_back_us != 0
      && now_us - peer->dial_back_us < KITH_LIMIT_DIAL_BACK_PAUSE_MS * (gint64) 1000)
    return TRUE;

  peer->dial_back_us = now_us;
  service = g_new0 (Service, 1);
  service->peer = kith_peer_ref (peer);
  service->body = parsed;
  serve (service);
  return TRUE;
}

/* --- For ourselves -------------------------------------------------------------------------- */

/* (transfer full) (nullable) */
static GTask *
take_question (KithDialBack *self)
{
  kith_source_clear (&self->timer);
  g_ptr_array_set_size (self->helpers, 0);
  return g_steal_pointer (&self->asking);
}

static gboolean
timeout_cb (gpointer user_data)
{
  g_autoptr (GTask) task = take_question (user_data);

  g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_TIMEOUT, "No contact has answered");
  return G_SOURCE_REMOVE;
}

/**
 * kith_dial_back_receive_result: (skip)
 * @peer: a contact who is online
 * @body: (array length=len): DIAL_BACK_RESULT; untrusted
 * @len: its length in bytes
 *
 * Returns: whether the record is in order
 */
gboolean
kith_dial_back_receive_result (KithPeer *peer, const guint8 *body, gsize len)
{
  KithDialBack *self = peer->node->dial_back;
  g_autoptr (GTask) task = NULL;
  KithBodyDialBack parsed;
  KithDialBackAnswer *answer;

  if (!kith_body_dial_back_result_unpack (&parsed, body, len))
    return FALSE;

  if (self->asking == NULL || parsed.token != self->token
      || !g_ptr_array_find (self->helpers, peer, NULL))
    return TRUE;

  if (parsed.seen.family == 4)
    kith_own_endpoints_seen (peer->node, &parsed.seen);
  task = take_question (self);
  answer = g_new0 (KithDialBackAnswer, 1);
  answer->helper = g_object_ref (peer->contact);
  answer->result = parsed;
  g_task_return_pointer (task, answer, (GDestroyNotify) kith_dial_back_answer_free);
  return TRUE;
}

/* Whoever is in another network knows more; whoever is in ours, or here, is better than nobody. */
static KithPeer *
choose_helper (KithNode *node)
{
  KithPeer *best = NULL;
  guint best_rank = 0;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;
      KithEndpoint remote;
      guint rank;

      if (!kith_peer_is_online (peer) || !kith_session_get_remote (peer->session, &remote))
        continue;

      rank = kith_endpoint_is_loopback (&remote) ? 1 : kith_endpoint_is_private (&remote) ? 2 : 3;
      if (rank > best_rank)
        best = peer;
      best_rank = MAX (rank, best_rank);
    }

  return best;
}

/**
 * kith_dial_back_ask_async: (skip)
 * @self: the dial-back of a node
 * @cancellable: (nullable): to give up
 * @callback: called with the answer
 * @user_data: given to it
 *
 * Asks a contact who is online to dial us. A question that is still open is given up.
 */
void
kith_dial_back_ask_async (KithDialBack *self, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GTask) former = take_question (self);
  KithPeer *helper = choose_helper (self->node);
  KithBodyDialBack body = { .n_tries = 0 };
  KithEndpoints own;

  g_task_set_source_tag (task, kith_dial_back_ask_async);
  if (former != NULL)
    g_task_return_new_error (former, KITH_ERROR, KITH_ERROR_CANCELLED, "Asked anew");

  kith_own_endpoints_list (self->node, &own);
  if (helper == NULL || own.n == 0)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "Nobody can be asked");
      return;
    }

  kith_env_random_bytes (self->node->env, (guint8 *) &self->token, sizeof self->token);
  body.token = self->token;
  for (guint i = 0; i < own.n; i++)
    body.tries[body.n_tries++] = (KithDialTry){ own.items[i], KITH_DIAL_NOT_TRIED };

  self->asking = g_steal_pointer (&task);
  g_ptr_array_add (self->helpers, kith_peer_ref (helper));
  kith_source_start (&self->timer, KITH_LIMIT_DIAL_BACK_MS, timeout_cb, self);
  kith_session_send_bytes (helper->session, KITH_RECORD_DIAL_BACK, kith_body_dial_back_pack (&body));
}

/**
 * kith_dial_back_ask_finish: (skip)
 * @result: the result
 * @error: return location for a #GError
 *
 * Errors: %KITH_ERROR_NOT_FOUND (nobody is online, or we do not listen), %KITH_ERROR_TIMEOUT,
 * %KITH_ERROR_CANCELLED.
 *
 * Returns: (transfer full): who tried, and how it went
 */
KithDialBackAnswer *
kith_dial_back_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kith_dial_back_answer_free: (skip)
 * @self: (transfer full) (nullable): an answer
 */
void
kith_dial_back_answer_free (KithDialBackAnswer *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->helper);
  g_free (self);
}

/* --- Life ----------------------------------------------------------------------------------- */

/**
 * kith_dial_back_new: (skip)
 * @node: the node
 *
 * Returns: (transfer full): nothing asked yet
 */
KithDialBack *
kith_dial_back_new (KithNode *node)
{
  KithDialBack *self = g_new0 (KithDialBack, 1);

  self->node = node;
  self->helpers = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_peer_unref);
  self->serving = g_cancellable_new ();
  return self;
}

/**
 * kith_dial_back_stop: (skip)
 * @self: the dial-back of a node that is closing
 *
 * Nobody waits for an answer any more. What is dialled for others is given up, with the keys to them.
 */
void
kith_dial_back_stop (KithDialBack *self)
{
  g_autoptr (GTask) task = take_question (self);

  g_cancellable_cancel (self->serving);
  if (task != NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_CLOSED, "Kith is closing");
}

/**
 * kith_dial_back_free: (skip)
 * @self: (transfer full): a dial-back
 */
void
kith_dial_back_free (KithDialBack *self)
{
  kith_dial_back_stop (self);
  g_ptr_array_unref (self->helpers);
  g_object_unref (self->serving);
  g_free (self);
}
