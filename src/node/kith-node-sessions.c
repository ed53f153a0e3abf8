/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens on sessions, handed to the right piece of the node. Protocol 4.1, 4.1a, 6.1, 8.1. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-sessions.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-dial-back.h"
#include "node/kith-directory.h"
#include "node/kith-failure.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-messenger.h"
#include "node/kith-networking.h"
#include "node/kith-node-clock.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-presence-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-profile.h"
#include "node/kith-node-requests.h"
#include "node/kith-transfers.h"
#include "node/kith-verification.h"

/* (nullable): the contact whose session that is */
static KithPeer *
contact_of (KithNode *self, KithSession *session)
{
  return kith_node_known_peer (self, kith_session_get_identity (session));
}

/* (nullable): likewise, or somebody with whom we are in a group */
static KithPeer *
peer_of (KithNode *self, KithSession *session)
{
  KithPeer *contact = contact_of (self, session);
  KithPeer *peer = kith_node_lookup_peer (self, kith_session_get_identity (session));

  return contact != NULL || peer == NULL || peer->session != session ? contact : peer;
}

/* --- Pair root (6.1) ------------------------------------------------------------------------ */

static void
send_pair (KithPeer *peer)
{
  if (peer->pair_sent)
    return;

  kith_env_random_bytes (peer->node->env, peer->pair_mine, sizeof peer->pair_mine);
  peer->pair_sent = kith_session_send_bytes (peer->session, KITH_RECORD_PAIR,
                                             kith_body_pair_pack (peer->pair_mine));
}

/* A root is agreed on when there is none, and anew when the dialer had to come without its knock. */
static void
pair_if_needed (KithPeer *peer)
{
  gboolean without_root = kith_session_is_dialer (peer->session)
                          && kith_session_get_entry (peer->session) != KITH_ENTRY_CONTACT;

  if (kith_peer_is_online (peer) && (peer->row->pair_root == NULL || without_root))
    send_pair (peer);
}

static gboolean
receive_pair (KithPeer *peer, const guint8 *body, gsize len)
{
  guint8 theirs[KITH_PAIR_BYTES];

  if (peer->paired || !kith_body_pair_unpack (theirs, body, len))
    return FALSE;

  send_pair (peer);
  if (!peer->pair_sent)
    return TRUE;

  peer->paired = TRUE;
  g_clear_pointer (&peer->row->old_pair_root, kith_secret_unref);
  peer->row->old_pair_root = g_steal_pointer (&peer->row->pair_root);
  peer->row->pair_root = kith_session_derive_pair_root (peer->session, peer->pair_mine, theirs);
  peer->row->pair_root_ms = kith_node_now_ms (peer->node);
  kith_secret_wipe (peer->pair_mine, sizeof peer->pair_mine);
  kith_secret_wipe (theirs, sizeof theirs);
  kith_peer_commit (peer);
  return TRUE;
}

/* --- A peer and its session ----------------------------------------------------------------- */

static void
remember_device (KithNode *self, KithSession *session)
{
  const KithCertificate *certificate = kith_session_get_certificate (session);
  KithStoreDevice row = { .seq = certificate->seq };
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  memcpy (row.identity, certificate->identity, sizeof row.identity);
  memcpy (row.device, certificate->device, sizeof row.device);
  memcpy (row.device_key, certificate->device_key, sizeof row.device_key);
  kith_node_remember_device (self, &row);
  kith_store_batch_put_device (batch, &row);
  kith_node_commit (self, batch);
}

/* Chat may flow from now on. */
static void
go_online (KithNode *self, KithPeer *peer)
{
  if (!kith_peer_is_online (peer))
    return;

  kith_peer_update_presence (peer);
  kith_presence_session_opened (peer);
  pair_if_needed (peer);
  kith_messenger_session_opened (peer);
  kith_transfers_session_opened (peer);
}

static void
attach (KithNode *self, KithPeer *peer, KithSession *session, gboolean group_only)
{
  kith_group_session_lost (peer);
  if (peer->session != NULL)
    {
      kith_verification_session_lost (peer);
      kith_messenger_session_lost (peer);
      kith_transfers_session_lost (peer);
    }
  /* One session for everybody of a group, however many devices they say they have. */
  if (peer->session != NULL && group_only)
    kith_session_close (peer->session, KITH_BYE_DUPLICATE);
  kith_presence_session_lost (peer);
  g_clear_pointer (&peer->session, kith_session_unref);
  peer->session = kith_session_ref (session);
  peer->group_only = group_only;
  peer->pair_sent = FALSE;
  peer->paired = FALSE;
  remember_device (self, session);
  kith_messenger_note_device (peer, kith_session_get_certificate (session)->device);
  kith_directory_reached (peer);
  kith_peer_update_presence (peer);
  kith_node_peer_changed (peer);
  go_online (self, peer);
  kith_group_session_opened (peer);
}

/**
 * kith_node_attach: (skip)
 * @self: a node
 * @peer: a peer
 * @session: (transfer none): its session from now on, open or pending
 */
void
kith_node_attach (KithNode *self, KithPeer *peer, KithSession *session)
{
  if (peer->session != session)
    attach (self, peer, session, FALSE);
  else if (peer->group_only)
    {
      /* It was there for a group, and they are a contact now. */
      peer->group_only = FALSE;
      kith_node_peer_changed (peer);
      go_online (self, peer);
    }
}

/**
 * kith_node_attach_member: (skip)
 * @self: a node
 * @peer: somebody with whom we are in a group, or who asks to be let in
 * @session: (transfer none): their session from now on, for groups and nothing else
 */
void
kith_node_attach_member (KithNode *self, KithPeer *peer, KithSession *session)
{
  if (peer->session != session)
    attach (self, peer, session, TRUE);
}

/**
 * kith_node_become_mutual: (skip)
 * @self: a node
 * @peer: a peer; the other side has accepted, or we have
 *
 * Both sides are contacts from now on. The caller commits.
 */
void
kith_node_become_mutual (KithNode *self, KithPeer *peer)
{
  if (kith_peer_is_mutual (peer))
    return;

  kith_peer_set_relation (peer, KITH_RELATION_MUTUAL);
  kith_node_clock_update (self);
  if (peer->session != NULL)
    {
      peer->group_only = FALSE;
      kith_session_lift_pending (peer->session);
      go_online (self, peer);
    }
}

static void
set_peer_name (KithPeer *peer, const char *name)
{
  if (name == NULL || g_strcmp0 (peer->row->name, name) == 0)
    return;

  g_free (peer->row->name);
  peer->row->name = g_strdup (name);
  kith_contact_set_name (peer->contact, name);
  kith_node_emit_contact_changed (peer->node, peer->contact, "name");
}

static void
learn_endpoints (KithPeer *peer, KithSession *session, const KithEndpoints *endpoints,
                 guint16 dht_port)
{
  KithEndpoint remote;

  kith_directory_learn (peer, session, endpoints);
  if (kith_session_get_remote (session, &remote))
    kith_networking_learn_dht_node (peer->node->networking, &remote, dht_port);
}

/**
 * kith_node_learn: (skip)
 * @peer: a peer
 * @session: its session
 * @body: what they say of themselves
 */
void
kith_node_learn (KithPeer *peer, KithSession *session, const KithBodyOpen *body)
{
  set_peer_name (peer, body->name);
  kith_presence_set_peer_hidden (peer, body->hidden);
  learn_endpoints (peer, session, &body->endpoints, body->dht_port);
  kith_peer_commit (peer);
}

/* --- We were dialled ------------------------------------------------------------------------ */

typedef struct
{
  KithNode    *node;    /* (unowned): a session that is admitted has its node */
  KithBodyOpen open;    /* (owned) */
} Admission;

static void
admission_free (Admission *admission)
{
  kith_body_open_clear (&admission->open);
  g_free (admission);
}

static gboolean
refuse_cb (gpointer user_data)
{
  kith_session_close (user_data, KITH_BYE_NOT_CONTACT);
  return G_SOURCE_REMOVE;
}

/**
 * kith_node_refuse: (skip)
 * @self: a node
 * @session: a session with somebody who has no business here
 *
 * Says BYE(not contact) after a constant time: unknown, blocked and over the limit look the same.
 */
void
kith_node_refuse (KithNode *self, KithSession *session)
{
  g_timeout_add_full (G_PRIORITY_DEFAULT, KITH_LIMIT_NOT_CONTACT_DELAY_MS, refuse_cb,
                      kith_session_ref (session), (GDestroyNotify) kith_session_unref);
}

static void
let_in (KithNode *self, KithPeer *peer, KithSession *session, const KithBodyOpen *open)
{
  g_auto (KithBodyOpen) answer = { .pending = FALSE };

  kith_node_describe (self, &answer);
  kith_session_accept_open (session, &answer);
  if (kith_peer_is_mutual (peer) && open->purpose != KITH_PURPOSE_CONTACT)
    kith_messenger_forget_numbers (peer); /* they had removed us, and count from one again */
  if (!kith_peer_is_mutual (peer))
    kith_peer_set_relation (peer, KITH_RELATION_MUTUAL);
  peer->not_wanted = FALSE;
  kith_node_learn (peer, session, open);
  kith_node_attach (self, peer, session);
  kith_node_join_opened (peer);
}

static gboolean
is_blocked (KithNode *self, KithSession *session)
{
  KithPeer *peer = kith_node_lookup_peer (self, kith_session_get_identity (session));

  return peer != NULL && peer->row->blocked;
}

/* As if nobody were here: an aborted session reports no end, so it is taken out of the table now. */
static void
drop_session (KithNode *self, KithSession *session)
{
  G_GNUC_UNUSED g_autoptr (KithSession) keep = kith_session_ref (session);

  kith_session_set_events (session, NULL, NULL);
  kith_session_table_remove (self->sessions, session);
  g_hash_table_remove (self->inviting, session);
  kith_session_abort (session);
  kith_node_session_gone (self);
}

static void
incoming_admitted (KithSession *session, gboolean admitted, gpointer user_data)
{
  Admission *admission = user_data;
  KithNode *self = admission->node;
  KithPeer *peer = contact_of (self, session);
  gboolean for_groups = admission->open.purpose == KITH_PURPOSE_GROUP;

  /* Somebody whom we have asked and who now comes has accepted; whether as a contact, or because
   * both have asked each other (4.1a). */
  if (admitted && peer == NULL && !for_groups && kith_node_take_wanted (self, session))
    peer = kith_node_add_wanted (self, session);

  if (admitted && is_blocked (self, session))
    drop_session (self, session);
  else if (admitted && for_groups)
    kith_group_session_take (self, session, &admission->open);
  else if (admitted && kith_node_join_take_issuer (self, session, &admission->open))
    return;
  else if (admitted && peer != NULL)
    {
      kith_node_take_invited (self, session, &admission->open);
      let_in (self, peer, session, &admission->open);
    }
  else if (admitted && kith_node_take_invited (self, session, &admission->open))
    return;
  else if (admitted && peer == NULL && admission->open.purpose == KITH_PURPOSE_REQUEST)
    kith_node_take_request (self, session, &admission->open);
  else if (admitted)
    kith_node_refuse (self, session);
}

static void
open_cb (KithSession *session, const KithBodyOpen *open, gpointer user_data)
{
  Admission *admission = g_new0 (Admission, 1);

  admission->node = user_data;
  admission->open = *open;
  admission->open.name = g_strdup (open->name);
  admission->open.text = g_strdup (open->text);
  kith_session_table_admit (admission->node->sessions, session, incoming_admitted, admission,
                            (GDestroyNotify) admission_free);
}

/* --- We dialled ----------------------------------------------------------------------------- */

static void
outgoing_admitted (KithSession *session, gboolean admitted, gpointer user_data)
{
  Admission *admission = user_data;
  KithNode *self = admission->node;
  const KithBodyOpen *answer = &admission->open;
  KithPeer *peer = contact_of (self, session);
  gboolean for_groups = kith_session_get_purpose (session) == KITH_PURPOSE_GROUP;

  if (admitted && peer == NULL && !for_groups && kith_node_take_wanted (self, session))
    peer = kith_node_add_wanted (self, session);

  if (admitted && is_blocked (self, session))
    kith_session_close (session, KITH_BYE_SHUTDOWN);
  else if (admitted && for_groups)
    kith_group_session_answered (self, session, answer);
  else if (admitted && peer == NULL && kith_node_invite_answered (self, session, answer))
    return;
  else if (admitted && peer == NULL)
    kith_session_close (session, KITH_BYE_NOT_CONTACT);
  else if (admitted)
    {
      if (answer->pending)
        kith_messenger_forget_numbers (peer);
      if (!answer->pending)
        kith_peer_set_relation (peer, KITH_RELATION_MUTUAL);
      else if (!kith_peer_is_mutual (peer))
        kith_peer_set_relation (peer, KITH_RELATION_REQUESTED);
      kith_node_learn (peer, session, answer);
      kith_node_attach (self, peer, session);
      kith_node_join_opened (peer);
    }

  kith_node_connect_opened (self, session, peer);
}

static void
opened_cb (KithSession *session, const KithBodyOpen *open_ok, gpointer user_data)
{
  Admission *admission = g_new0 (Admission, 1);

  admission->node = user_data;
  admission->open = *open_ok;
  admission->open.name = g_strdup (open_ok->name);
  admission->open.text = g_strdup (open_ok->text);
  kith_session_table_admit (admission->node->sessions, session, outgoing_admitted, admission,
                            (GDestroyNotify) admission_free);
}

/* --- Records -------------------------------------------------------------------------------- */

static gboolean
receive_profile (KithNode *self, KithSession *session, const guint8 *body, gsize len)
{
  KithPeer *peer = peer_of (self, session);
  g_autofree char *name = NULL;

  if (!kith_body_profile_unpack (&name, body, len))
    return FALSE;

  if (peer != NULL)
    {
      set_peer_name (peer, name);
      kith_peer_commit (peer);
    }

  kith_node_rename_request (self, session, name);
  return TRUE;
}

static gboolean
receive_accept (KithNode *self, KithPeer *peer, KithSession *session, const guint8 *body, gsize len)
{
  g_auto (KithBodyOpen) accept = { 0 };

  /* Whom we have not asked cannot accept. */
  if ((peer->row->relation != KITH_RELATION_REQUESTED && !kith_peer_is_mutual (peer))
      || !kith_body_accept_unpack (&accept, body, len))
    return FALSE;

  kith_node_learn (peer, session, &accept);
  kith_node_become_mutual (self, peer);
  kith_peer_commit (peer);
  return TRUE;
}

/* A contact says where it is from now on. */
static gboolean
receive_endpoints (KithPeer *peer, KithSession *session, const guint8 *body, gsize len)
{
  KithEndpoints endpoints;
  guint16 dht_port;

  if (!kith_body_endpoints_unpack (&endpoints, &dht_port, body, len))
    return FALSE;

  learn_endpoints (peer, session, &endpoints, dht_port);
  kith_peer_commit (peer);
  return TRUE;
}

/* A link may have gone here before it has there: what comes of a member then is late and skipped. */
static gboolean
receive_file_record (KithPeer *peer, KithRecordType type, const guint8 *body, gsize len)
{
  if (kith_peer_takes_files (peer))
    return kith_transfers_receive (peer, type, body, len);

  return kith_group_people_is_member (peer->node, peer->row->identity);
}

static gboolean
record_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len,
           gpointer user_data)
{
  KithNode *self = user_data;
  KithPeer *peer = peer_of (self, session);

  if (type == KITH_RECORD_PROFILE)
    return receive_profile (self, session, body, len);

  /* A session that was replaced may still bring what was on its way. Nothing else comes from
   * somebody who is no contact. */
  if (peer == NULL || peer->removed)
    return FALSE;
  if (type == KITH_RECORD_PRESENCE && kith_peer_is_mutual (peer))
    return kith_presence_receive_presence (peer, body, len);
  if (peer->session != session)
    return type == KITH_RECORD_ACK || type == KITH_RECORD_PAIR || type == KITH_RECORD_ENDPOINTS
           || type == KITH_RECORD_RESEND || type == KITH_RECORD_DIAL_BACK
           || type == KITH_RECORD_DIAL_BACK_RESULT || type == KITH_RECORD_TYPING
           || kith_verification_is_record (type) || kith_transfers_is_record (type)
           || kith_record_is_group ((guint8) type)
           || kith_messenger_receive_msg (peer, body, len);

  if (type == KITH_RECORD_ACCEPT)
    return receive_accept (self, peer, session, body, len);
  if (kith_record_is_group ((guint8) type))
    return kith_group_session_receive (peer, type, body, len);
  if (type == KITH_RECORD_ENDPOINTS && (kith_peer_is_mutual (peer) || peer->group_only))
    return receive_endpoints (peer, session, body, len);
  if (kith_transfers_is_record (type))
    return receive_file_record (peer, type, body, len);
  if (!kith_peer_is_mutual (peer) || peer->group_only)
    return FALSE;

  if (type == KITH_RECORD_PAIR)
    return receive_pair (peer, body, len);
  if (type == KITH_RECORD_MSG)
    return kith_messenger_receive_msg (peer, body, len);
  if (type == KITH_RECORD_RESEND)
    return kith_messenger_receive_resend (peer, body, len);
  if (type == KITH_RECORD_TYPING)
    return kith_presence_receive_typing (peer, body, len);
  if (type == KITH_RECORD_DIAL_BACK)
    return kith_dial_back_receive (peer, body, len);
  if (type == KITH_RECORD_DIAL_BACK_RESULT)
    return kith_dial_back_receive_result (peer, body, len);
  if (kith_verification_is_record (type))
    return kith_verification_receive (peer, type, body, len);
  return type == KITH_RECORD_ACK && kith_messenger_receive_ack (peer, body, len);
}

static void
drained_cb (KithSession *session, gpointer user_data)
{
  KithPeer *peer = peer_of (user_data, session);

  if (peer == NULL || peer->session != session)
    return;

  kith_messenger_pump (peer);
  kith_transfers_pump (peer);
  kith_group_session_drained (peer);
}

/* --- The end of a session ------------------------------------------------------------------- */

/* They answered, have proved that it is them, and do not want us. Somebody who has blocked us seems to be
 * absent instead. Who does not want us in a group, having been dialled for that, has said nothing of us
 * as a contact. */
static void
take_refusal (KithPeer *peer, KithSession *session, const GError *error)
{
  gboolean for_groups = kith_session_is_dialer (session)
                        && kith_session_get_purpose (session) == KITH_PURPOSE_GROUP;

  if (!g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT) || for_groups)
    return;

  peer->not_wanted = TRUE;
  if (peer->row->relation == KITH_RELATION_REQUESTED)
    {
      kith_peer_set_relation (peer, KITH_RELATION_DECLINED);
      kith_peer_commit (peer);
      kith_messenger_fail_waiting (peer, KITH_FAILURE_DECLINED);
    }
  else if (kith_peer_is_mutual (peer))
    kith_messenger_fail_waiting (peer, KITH_FAILURE_REFUSED);
}

static void
detach (KithNode *self, KithPeer *peer, const GError *error)
{
  gboolean was_seen = kith_contact_get_presence (peer->contact) == KITH_PRESENCE_ONLINE;
  g_autoptr (KithSession) session = kith_session_ref (peer->session);

  kith_group_session_lost (peer);
  kith_verification_session_lost (peer);
  kith_messenger_blame (peer, error);
  kith_messenger_session_lost (peer);
  kith_transfers_session_lost (peer);
  kith_presence_session_lost (peer);
  g_clear_pointer (&peer->session, kith_session_unref);
  peer->group_only = FALSE;
  take_refusal (peer, session, error);
  kith_peer_update_presence (peer);
  if (was_seen)
    kith_peer_commit (peer); /* until when */
  kith_node_peer_changed (peer);
  kith_node_join_failed (peer, error);
  kith_directory_session_lost (peer, error);
}

static void
closed_cb (KithSession *session, const GError *error, gpointer user_data)
{
  KithNode *self = user_data;
  G_GNUC_UNUSED g_autoptr (KithSession) keep = kith_session_ref (session);
  KithPeer *peer = kith_node_lookup_peer (self, kith_session_get_identity (session));

  kith_session_set_events (session, NULL, NULL);
  kith_session_table_remove (self->sessions, session);
  g_hash_table_remove (self->inviting, session);
  kith_node_connect_closed (self, session, error);
  kith_node_request_session_closed (self, session, error);

  if (peer != NULL)
    kith_routes_add_end (&peer->routes, error, kith_node_now_ms (self));
  if (peer != NULL && peer->session == session)
    detach (self, peer, error);
  else if (peer != NULL && peer->session == NULL && peer->dial == NULL)
    {
      /* It never came to be the peer's session: refused, or broken before OPEN_OK. */
      take_refusal (peer, session, error);
      kith_node_join_failed (peer, error);
      if (peer->dial_source == NULL)
        kith_directory_session_lost (peer, error);
    }

  kith_group_invites_session_closed (self, session);
  kith_node_session_gone (self);
}

/**
 * kith_node_end_group_session: (skip)
 * @peer: a peer of whom we want more than a group from now on
 *
 * Ends a session that is for groups and nothing else: the next one is for more.
 */
void
kith_node_end_group_session (KithPeer *peer)
{
  g_autoptr (GError) error = NULL;

  if (peer->session == NULL || !peer->group_only)
    return;

  error = g_error_new_literal (KITH_ERROR, KITH_ERROR_CLOSED, "Another session takes its place");
  kith_session_close (peer->session, KITH_BYE_SHUTDOWN);
  detach (peer->node, peer, error);
}

/**
 * kith_node_drop_silent: (skip)
 * @self: a node
 * @silent_ms: how long
 *
 * Gives up the sessions of contacts of whom nothing was heard for so long, although they were probed:
 * after a change of network the system would only notice after many minutes.
 */
void
kith_node_drop_silent (KithNode *self, gint64 silent_ms)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_PEER_CLOSED,
                                                  "No sign of life after a change of network");
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      if (peer->session == NULL || kith_session_get_silence_ms (peer->session) < silent_ms)
        continue;
      drop_session (self, peer->session);
      kith_routes_add_end (&peer->routes, error, kith_node_now_ms (self));
      detach (self, peer, error);
    }
}

/**
 * kith_node_forget_sessions: (skip)
 * @self: a node whose sessions were aborted, as a crash would
 *
 * For scenarios: brings the peers in step.
 */
void
kith_node_forget_sessions (KithNode *self)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_SHUTDOWN, "Aborted");
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((KithPeer *) value)->session != NULL)
      detach (self, value, error);
}

static const KithSessionEvents session_events = { open_cb, opened_cb, record_cb, drained_cb,
                                                  closed_cb };

/**
 * kith_node_take_session: (skip)
 * @session: (transfer none): a new session from the listener
 * @node: the node
 */
void
kith_node_take_session (KithSession *session, gpointer node)
{
  KithNode *self = node;

  if (kith_session_table_get_length (self->sessions) >= KITH_LIMIT_SESSIONS)
    {
      kith_session_close (session, KITH_BYE_BUSY);
      return;
    }

  kith_session_set_events (session, &session_events, self);
  kith_session_table_add (self->sessions, session);
}

/**
 * kith_node_open_session: (skip)
 * @self: a node
 * @session: (transfer none): a new session that we dialled
 * @connect: (nullable) (transfer none): the connect that waits for the outcome
 *
 * Says what we want on it: a contact's session, or to become one.
 */
void
kith_node_open_session (KithNode *self, KithSession *session, GTask *connect)
{
  KithPeer *contact = contact_of (self, session);
  KithPeer *peer = kith_node_lookup_peer (self, kith_session_get_identity (session));
  g_auto (KithBodyOpen) open = { .purpose = KITH_PURPOSE_REQUEST };

  kith_node_take_session (session, self);
  if (!kith_session_is_alive (session))
    return;

  if (contact != NULL && kith_peer_is_mutual (contact))
    open.purpose = KITH_PURPOSE_CONTACT;
  if (connect == NULL && peer != NULL && kith_group_people_dial_as_member (peer))
    kith_group_session_fill_open (self, session, &open);
  if (connect != NULL && peer != NULL)
    kith_node_end_group_session (peer);
  if (connect != NULL)
    open.text = kith_node_connect_started (self, session, connect);
  if (open.purpose == KITH_PURPOSE_GROUP)
    kith_group_follow_fill_open (self, session, &open);
  kith_node_join_fill_open (self, session, &open);
  kith_node_invite_fill_open (self, session, &open);

  kith_node_describe (self, &open);
  kith_session_open (session, &open);
}

/**
 * kith_node_broadcast_profile: (skip)
 * @self: a node
 *
 * Tells everybody who is online our new name.
 */
void
kith_node_broadcast_profile (KithNode *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      if (kith_peer_is_here (peer))
        kith_session_send_bytes (peer->session, KITH_RECORD_PROFILE,
                                 kith_body_profile_pack (kith_profile_get_name (self->profile)));
    }
}
