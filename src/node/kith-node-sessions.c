/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions come and go: who is let in, what we say, how many there may be. Protocol 4.1, 4.1a, 4.2. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-sessions.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-directory.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-impostor.h"
#include "node/kith-messenger.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-learn.h"
#include "node/kith-node-private.h"
#include "node/kith-node-profile.h"
#include "node/kith-node-records.h"
#include "node/kith-node-requests.h"
#include "node/kith-peer-session.h"

/* (nullable): the contact whose session that is */
static KithPeer *
contact_of (KithNode *self, KithSession *session)
{
  return kith_node_known_peer (self, kith_session_get_identity (session));
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

/* Asks the table whether this one stays, or another one with the same person. */
static void
admit (KithNode *self, KithSession *session, const KithBodyOpen *open, KithAdmitFunc func)
{
  Admission *admission = g_new0 (Admission, 1);

  admission->node = self;
  admission->open = *open;
  admission->open.name = g_strdup (open->name);
  admission->open.text = g_strdup (open->text);
  kith_session_table_admit (self->sessions, session, func, admission,
                            (GDestroyNotify) admission_free);
}

typedef struct
{
  KithNode    *node;    /* (unowned): it owns this */
  KithSession *session; /* (owned) */
  KithTimer   *timer;   /* (owned) (nullable) */
} Refusal;

static void
refusal_free (Refusal *refusal)
{
  kith_timer_clear (&refusal->timer);
  kith_session_unref (refusal->session);
  g_free (refusal);
}

GHashTable *
kith_node_new_refusals (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) refusal_free);
}

static gboolean
refuse_cb (gpointer user_data)
{
  Refusal *refusal = user_data;
  g_autoptr (KithSession) session = kith_session_ref (refusal->session);

  g_hash_table_remove (refusal->node->refusals, session);
  kith_session_close (session, KITH_BYE_NOT_CONTACT);
  return G_SOURCE_REMOVE;
}

/**
 * kith_node_refuse: (skip)
 * @self: a node
 * @session: a session with somebody who has no business here
 *
 * Says BYE(not contact) after a constant time: unknown and over the limit look the same. Who is blocked
 * never gets here: to them the connection breaks. Nothing is said if the session ends before, or the node does.
 */
void
kith_node_refuse (KithNode *self, KithSession *session)
{
  Refusal *refusal = g_new0 (Refusal, 1);

  refusal->node = self;
  refusal->session = kith_session_ref (session);
  kith_timer_start (&refusal->timer, KITH_LIMIT_NOT_CONTACT_DELAY_MS, refuse_cb, refusal);
  g_hash_table_insert (self->refusals, session, refusal);
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
is_unwelcome (KithNode *self, KithSession *session)
{
  const guint8 *identity = kith_session_get_identity (session);
  KithPeer *peer = kith_node_lookup_peer (self, identity);

  return (peer != NULL && peer->row->blocked) || kith_impostor_is_one (self, identity);
}

static void
forget_session (KithNode *self, KithSession *session)
{
  kith_session_set_events (session, NULL, NULL);
  kith_session_table_remove (self->sessions, session);
  g_hash_table_remove (self->inviting, session);
  g_hash_table_remove (self->news, session);
  g_hash_table_remove (self->refusals, session);
}

/* As if nobody were here: an aborted session reports no end, so it is taken out of the table now. */
static void
drop_session (KithNode *self, KithSession *session)
{
  G_GNUC_UNUSED g_autoptr (KithSession) keep = kith_session_ref (session);

  forget_session (self, session);
  kith_session_abort (session);
  kith_node_session_gone (self);
}

/* Who asks already goes on asking, also when what they came with has expired since. */
static gboolean
may_request (KithNode *self, KithSession *session, const KithBodyOpen *open)
{
  return open->purpose == KITH_PURPOSE_REQUEST
         || (open->purpose == KITH_PURPOSE_INVITE
             && kith_node_has_request (self, kith_session_get_identity (session)));
}

static void
incoming_admitted (KithSession *session, gboolean admitted, gpointer user_data)
{
  Admission *admission = user_data;
  KithNode *self = admission->node;
  KithPeer *peer = contact_of (self, session);
  gboolean for_groups = admission->open.purpose == KITH_PURPOSE_GROUP;
  gboolean unwelcome = admitted && is_unwelcome (self, session);

  /* Somebody whom we have asked and who now comes has accepted; whether as a contact, or because
   * both have asked each other (4.1a). */
  if (admitted && !unwelcome && peer == NULL && !for_groups && kith_node_take_wanted (self, session))
    peer = kith_node_add_wanted (self, session);

  if (unwelcome)
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
  else if (admitted && peer == NULL && may_request (self, session, &admission->open))
    kith_node_take_request (self, session, &admission->open);
  else if (admitted)
    kith_node_refuse (self, session);
}

static void
open_cb (KithSession *session, const KithBodyOpen *open, gpointer user_data)
{
  admit (user_data, session, open, incoming_admitted);
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
  gboolean unwelcome = admitted && is_unwelcome (self, session);

  if (admitted && !unwelcome && peer == NULL && !for_groups && kith_node_take_wanted (self, session))
    peer = kith_node_add_wanted (self, session);

  if (unwelcome)
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
  admit (user_data, session, open_ok, outgoing_admitted);
}

static void
drained_cb (KithSession *session, gpointer user_data)
{
  KithPeer *peer = kith_node_lookup_peer (user_data, kith_session_get_identity (session));

  if (peer != NULL && peer->session == session)
    kith_peer_session_drained (peer);
}

/* --- The end of a session ------------------------------------------------------------------- */

/* Told once: contacts have one session with us, and say no more than that it is not with this device. */
static void
note_other_device (KithNode *self, const GError *error)
{
  if (!g_error_matches (error, KITH_ERROR, KITH_ERROR_OTHER_DEVICE) || self->told_other_device || self->closing)
    return;

  self->told_other_device = TRUE;
  kith_node_emit_warning (self, error);
}

/* A session that never came to be the peer's, or is not any more, and ends without a word has interrupted nothing:
 * of those that dial each other at once, one thinks better of it. */
static void
note_end (KithNode *self, KithPeer *peer, KithSession *session, const GError *error)
{
  if (peer->session == session || !g_error_matches (error, KITH_ERROR, KITH_ERROR_PEER_CLOSED))
    kith_routes_add_end (&peer->routes, error, kith_node_now_ms (self));
}

static void
over (KithNode *self, KithSession *session, const GError *error)
{
  G_GNUC_UNUSED g_autoptr (KithSession) keep = kith_session_ref (session);
  KithPeer *peer = kith_node_lookup_peer (self, kith_session_get_identity (session));

  forget_session (self, session);
  kith_node_connect_closed (self, session, error);
  kith_node_request_session_closed (self, session, error);

  if (peer != NULL)
    note_end (self, peer, session, error);
  if (peer != NULL && peer->session == session)
    {
      note_other_device (self, error);
      kith_peer_detach (peer, error);
    }
  else if (peer != NULL && peer->session == NULL && peer->dial == NULL)
    {
      /* It never came to be the peer's session: refused, or broken before OPEN_OK. */
      kith_peer_take_refusal (peer, session, error);
      kith_node_join_failed (peer, error);
      if (peer->dial_timer == NULL)
        kith_directory_session_lost (peer, error);
    }

  kith_group_invites_session_closed (self, session);
  kith_node_session_gone (self);
}

static void
closed_cb (KithSession *session, const GError *error, gpointer user_data)
{
  over (user_data, session, error);
}

/**
 * kith_node_drop_silent: (skip)
 * @self: a node
 * @silent_ms: how long
 *
 * Gives up the sessions in which nothing was heard for so long, although they were probed: after a
 * change of network the system would only notice after many minutes.
 */
void
kith_node_drop_silent (KithNode *self, gint64 silent_ms)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_PEER_CLOSED,
                                                  "No sign of life after a change of network");
  g_autoptr (GPtrArray) sessions = kith_session_table_list (self->sessions);

  /* Groups and faces hear of each, and may do anything. */
  for (guint i = 0; i < sessions->len; i++)
    {
      KithSession *session = g_ptr_array_index (sessions, i);

      if (!kith_session_is_alive (session) || kith_session_get_silence_ms (session) < silent_ms)
        continue;
      kith_session_abort (session);
      over (self, session, error);
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
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_peer_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (peers, kith_peer_ref (value));

  for (guint i = 0; i < peers->len; i++)
    if (((KithPeer *) g_ptr_array_index (peers, i))->session != NULL)
      kith_peer_detach (g_ptr_array_index (peers, i), error);
}

/* --- Too many ------------------------------------------------------------------------------- */

static void
turned_away_open_cb (KithSession *session, const KithBodyOpen *open, gpointer user_data)
{
}

static gboolean
turned_away_record_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len,
                       gpointer user_data)
{
  return TRUE;
}

static void
turned_away_drained_cb (KithSession *session, gpointer user_data)
{
}

static void
turned_away_closed_cb (KithSession *session, const GError *error, gpointer user_data)
{
  kith_session_table_remove (((KithNode *) user_data)->sessions, session);
  kith_node_session_gone (user_data);
}

/* For the time that BYE needs to leave. */
static const KithSessionEvents turned_away_events = { turned_away_open_cb, turned_away_open_cb,
                                                      turned_away_record_cb, turned_away_drained_cb,
                                                      turned_away_closed_cb };

static void
turn_away (KithNode *self, KithSession *session)
{
  if (kith_session_table_get_length (self->sessions) >= 2 * KITH_LIMIT_SESSIONS)
    return;

  kith_session_set_events (session, &turned_away_events, self);
  kith_session_table_add (self->sessions, session);
  kith_session_close (session, KITH_BYE_BUSY);
}

/* --- Beginning ------------------------------------------------------------------------------ */

static const KithSessionEvents session_events = { open_cb, opened_cb, kith_node_receive_record,
                                                  drained_cb, closed_cb };

static void
take_in (KithNode *self, KithSession *session)
{
  kith_session_set_events (session, &session_events, self);
  kith_session_table_add (self->sessions, session);
}

/**
 * kith_node_take_session: (skip)
 * @session: (transfer none): a new session from the listener
 * @node: the node
 */
void
kith_node_take_session (KithSession *session, gpointer node)
{
  KithNode *self = node;

  if (kith_session_table_get_length (self->sessions) < KITH_LIMIT_SESSIONS)
    take_in (self, session);
  else
    turn_away (self, session);
}

/**
 * kith_node_open_session: (skip)
 * @self: a node
 * @session: (transfer none): a new session that we dialled
 * @connect: (nullable) (transfer none): the connect that waits for the outcome
 *
 * Says what we want on it: a contact's session, or to become one.
 *
 * Returns: %FALSE when there are too many sessions already: nothing comes of it, and @connect is answered
 */
gboolean
kith_node_open_session (KithNode *self, KithSession *session, GTask *connect)
{
  KithPeer *contact = contact_of (self, session);
  KithPeer *peer = kith_node_lookup_peer (self, kith_session_get_identity (session));
  g_auto (KithBodyOpen) open = { .purpose = KITH_PURPOSE_REQUEST };

  if (kith_session_table_get_length (self->sessions) >= KITH_LIMIT_SESSIONS)
    {
      if (connect != NULL)
        g_task_return_new_error (connect, KITH_ERROR, KITH_ERROR_BUSY, "There are too many sessions");
      return FALSE;
    }

  take_in (self, session);
  if (contact != NULL && kith_peer_is_mutual (contact))
    open.purpose = KITH_PURPOSE_CONTACT;
  if (connect == NULL && peer != NULL && kith_co_member_is_dialled_as_one (peer))
    kith_group_session_fill_open (self, session, &open);
  if (connect != NULL && peer != NULL)
    kith_node_end_group_session (peer);
  if (connect != NULL)
    open.text = kith_node_connect_started (self, session, connect);
  if (open.purpose == KITH_PURPOSE_GROUP)
    kith_followed_links_fill_open (self, session, &open);
  kith_node_join_fill_open (self, session, &open);
  kith_node_invite_fill_open (self, session, &open);

  kith_node_describe (self, &open);
  kith_session_open (session, &open);
  return TRUE;
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
