/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What others ask of our files: who may have what, and how much of it at a time. Protocol 11. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-serving-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"

static void
say_of_root (KithPeer *peer, const guint8 *root, KithFileStatus status)
{
  KithBodyFileState body = { .status = status };

  memcpy (body.root, root, sizeof body.root);
  kith_session_send_bytes (peer->session, KITH_RECORD_FILE_STATE, kith_body_file_state_pack (&body));
}

/* Who begins anew does not want any more what was asked for before. */
static void
drop_older (KithServing *serving, KithParcel *parcel, guint32 request)
{
  const KithFileAsk *last = g_queue_peek_tail (&serving->asks);

  for (GList *link = serving->asks.head; link != NULL; link = link->next)
    if (((KithFileAsk *) link->data)->parcel == parcel)
      last = link->data;

  if (last != NULL && last->parcel == parcel && last->request != request)
    kith_serving_forget (serving, parcel);
}

static gboolean
add_ask (KithPeer *peer, KithParcel *parcel, const KithBodyFileGet *get)
{
  KithServing *serving = kith_serving_of (peer);
  guint32 n_leaves = kith_file_n_leaves (parcel->row->file->size);
  KithFileAsk *ask;

  if (get->from >= n_leaves || get->count > n_leaves - get->from)
    return FALSE;

  drop_older (serving, parcel, get->request);
  if (serving->asks.length >= KITH_LIMIT_FILE_ASKS
      || (get->what == KITH_FILE_CHUNKS
          && get->count > KITH_LIMIT_FILE_ASKED_PIECES - serving->n_asked))
    return FALSE;

  ask = g_new0 (KithFileAsk, 1);
  ask->parcel = kith_parcel_ref (parcel);
  ask->request = get->request;
  ask->what = get->what;
  ask->from = get->from;
  ask->count = get->count;
  if (get->what == KITH_FILE_CHUNKS)
    serving->n_asked += get->count;
  g_queue_push_tail (&serving->asks, ask);
  return TRUE;
}

static gboolean
serve (KithPeer *peer, const KithBodyFileGet *get, KithParcel *parcel)
{
  if (kith_transfer_get_state (parcel->model) == KITH_TRANSFER_PAUSED)
    {
      say_of_root (peer, get->root, KITH_FILE_PAUSED);
      return TRUE;
    }
  if (!add_ask (peer, parcel, get))
    return FALSE;

  if (!parcel->shared)
    {
      kith_transfer_set_paused_by_them (parcel->model, FALSE);
      kith_parcel_set_state (parcel, KITH_TRANSFER_RUNNING);
    }
  kith_serving_pump (peer);
  return TRUE;
}

/* What was settled long ago, or belongs to a group, is not at hand. */
typedef struct
{
  KithPeer       *peer;    /* (owned) */
  KithSession    *session; /* (owned): on which it was asked */
  KithBodyFileGet get;
} Look;

static void
looked_cb (const GError *error, gpointer user_data)
{
  g_autofree Look *look = user_data;
  g_autoptr (KithPeer) peer = look->peer;
  g_autoptr (KithSession) session = look->session;
  KithParcel *parcel;

  kith_serving_count_looks (peer, -1);
  if (peer->session != session || !kith_peer_takes_files (peer))
    return;

  parcel = kith_transfers_may_serve (peer, &look->get);
  if (parcel == NULL)
    say_of_root (peer, look->get.root, KITH_FILE_GONE);
  else if (!serve (peer, &look->get, parcel))
    kith_session_close (session, KITH_BYE_PROTOCOL);
}

static void
look (KithPeer *peer, const KithBodyFileGet *get)
{
  Look *self = g_new0 (Look, 1);

  self->peer = kith_peer_ref (peer);
  self->session = kith_session_ref (peer->session);
  self->get = *get;
  kith_serving_count_looks (peer, 1);
  kith_transfers_look_up (peer->node->transfers, NULL, get->offer.bytes, looked_cb, self);
}

/**
 * kith_parcel_receive_get: (skip)
 * @peer: who asks
 * @body: (array length=len): the body of a FILE_GET; untrusted
 * @len: its length in bytes
 *
 * Main thread.
 *
 * Returns: %FALSE when it is malformed or asks for what cannot be, and the session has to be closed
 */
gboolean
kith_parcel_receive_get (KithPeer *peer, const guint8 *body, gsize len)
{
  KithBodyFileGet get;
  KithParcel *parcel;

  if (!kith_body_file_get_unpack (&get, body, len))
    return FALSE;

  parcel = kith_transfers_may_serve (peer, &get);
  if (parcel != NULL)
    return serve (peer, &get, parcel);

  if (get.has_offer && kith_serving_may_look (peer))
    look (peer, &get);
  else
    say_of_root (peer, get.root, KITH_FILE_GONE);
  return TRUE;
}
