/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may send what on a session, and which piece of the node it is for. Protocol 4, 4.1a, 4.1b. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-records.h"

#include "node/kith-dial-back.h"
#include "node/kith-group-links-private.h"
#include "node/kith-messenger.h"
#include "node/kith-node-learn.h"
#include "node/kith-node-presence-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-requests.h"
#include "node/kith-pairing.h"
#include "node/kith-peer-session.h"
#include "node/kith-transfers.h"
#include "node/kith-verification.h"

/* What the one at the other end of a session is to us; several at a time may be true. */
typedef enum
{
  ROLE_ASKER = 1 << 0,   /* their request waits for our user */
  ROLE_ASKED = 1 << 1,   /* ours waits for theirs */
  ROLE_JOINER = 1 << 2,  /* here for a group that they are not in as we know it, or not yet */
  ROLE_MEMBER = 1 << 3,  /* in a group with us */
  ROLE_CONTACT = 1 << 4, /* chat can flow */
} Role;

#define ROLE_ATTACHED (ROLE_ASKED | ROLE_JOINER | ROLE_MEMBER | ROLE_CONTACT)
#define ROLE_ANY (ROLE_ASKER | ROLE_ATTACHED)

/* A record that came. */
typedef struct
{
  KithNode      *node;
  KithSession   *session;
  KithPeer      *peer;  /* (nullable): of those who merely ask there is none */
  KithRecordType type;
  const guint8  *body;  /* untrusted */
  gsize          len;
} Arrival;

/* --- Handing over --------------------------------------------------------------------------- */

static gboolean
take_profile (const Arrival *arrival)
{
  return kith_news_take_profile (arrival->node, arrival->session, arrival->body, arrival->len);
}

static gboolean
take_endpoints (const Arrival *arrival)
{
  return kith_news_take_endpoints (arrival->node, arrival->session, arrival->body, arrival->len);
}

static gboolean
take_presence (const Arrival *arrival)
{
  return kith_news_take_presence (arrival->node, arrival->session, arrival->body, arrival->len);
}

/* Who is a contact already has been accepted before, or both have asked each other. */
static gboolean
take_accept (const Arrival *arrival)
{
  g_auto (KithBodyOpen) accept = { 0 };
  KithPeer *peer = arrival->peer;

  if (!kith_body_accept_unpack (&accept, arrival->body, arrival->len))
    return FALSE;
  if (kith_peer_is_mutual (peer) && peer->accepted)
    return TRUE;

  peer->accepted = TRUE;
  kith_node_learn (peer, arrival->session, &accept);
  kith_node_become_mutual (arrival->node, peer);
  kith_peer_commit (peer);
  return TRUE;
}

static gboolean
take_words (const Arrival *arrival)
{
  return kith_verification_receive (arrival->peer, arrival->type, arrival->body, arrival->len);
}

/* A link may have gone here before it has there: what comes of a member then is late and skipped. */
static gboolean
take_file (const Arrival *arrival)
{
  return !kith_peer_takes_files (arrival->peer)
         || kith_transfers_receive (arrival->peer, arrival->type, arrival->body, arrival->len);
}

static gboolean
take_group (const Arrival *arrival)
{
  return kith_group_session_receive (arrival->peer, arrival->type, arrival->body, arrival->len);
}

/* --- Who may -------------------------------------------------------------------------------- */

typedef struct
{
  KithRecordType first, last;
  guint          roles;     /* of whom it is taken; from all others it ends the session */
  gboolean     (*take_any) (const Arrival *arrival);
  gboolean     (*take)     (KithPeer *peer, const guint8 *body, gsize len); /* or this */
} Rule;

static const Rule rules[] = {
  { KITH_RECORD_MSG, KITH_RECORD_MSG, ROLE_CONTACT, NULL, kith_messenger_receive_msg },
  { KITH_RECORD_ACK, KITH_RECORD_ACK, ROLE_CONTACT, NULL, kith_messenger_receive_ack },
  { KITH_RECORD_RESEND, KITH_RECORD_RESEND, ROLE_CONTACT, NULL, kith_messenger_receive_resend },
  { KITH_RECORD_TYPING, KITH_RECORD_TYPING, ROLE_CONTACT, NULL, kith_presence_receive_typing },
  { KITH_RECORD_PRESENCE, KITH_RECORD_PRESENCE, ROLE_CONTACT, take_presence, NULL },
  { KITH_RECORD_SAS_COMMIT, KITH_RECORD_SAS_REVEAL, ROLE_CONTACT, take_words, NULL },
  { KITH_RECORD_FILE_GET, KITH_RECORD_FILE_STATE, ROLE_MEMBER | ROLE_CONTACT, take_file, NULL },
  { KITH_RECORD_PAIR, KITH_RECORD_PAIR, ROLE_CONTACT, NULL, kith_pairing_receive },
  { KITH_RECORD_DIAL_BACK, KITH_RECORD_DIAL_BACK, ROLE_CONTACT, NULL, kith_dial_back_receive },
  { KITH_RECORD_DIAL_BACK_RESULT, KITH_RECORD_DIAL_BACK_RESULT, ROLE_CONTACT, NULL,
    kith_dial_back_receive_result },
  { KITH_RECORD_ACCEPT, KITH_RECORD_ACCEPT, ROLE_ASKED | ROLE_CONTACT, take_accept, NULL },
  { KITH_RECORD_PROFILE, KITH_RECORD_PROFILE, ROLE_ANY, take_profile, NULL },
  { KITH_RECORD_ENDPOINTS, KITH_RECORD_ENDPOINTS, ROLE_JOINER | ROLE_MEMBER | ROLE_CONTACT,
    take_endpoints, NULL },
  { KITH_RECORD_GROUP_SHARED, KITH_RECORD_GROUP_SHARED, ROLE_ATTACHED, take_group, NULL },
  { KITH_RECORD_GROUP_JOIN, KITH_RECORD_GROUP_JOIN, ROLE_ATTACHED, take_group, NULL },
  { KITH_RECORD_GROUP_ANSWER, KITH_RECORD_GROUP_ANSWER, ROLE_ATTACHED, take_group, NULL },
  { KITH_RECORD_GROUP_FILES, KITH_RECORD_GROUP_FILES, ROLE_MEMBER | ROLE_CONTACT, take_group, NULL },
  { KITH_RECORD_GROUP_PICTURE, KITH_RECORD_GROUP_PICTURE, ROLE_MEMBER | ROLE_CONTACT, take_group, NULL },
  { KITH_RECORD_GROUP_HELLO, KITH_RECORD_GROUP_LAST, ROLE_MEMBER | ROLE_CONTACT, take_group, NULL },
};

static gboolean
is_role (const Arrival *arrival, Role role)
{
  KithPeer *peer = arrival->peer;

  if (role == ROLE_ASKER)
    return kith_node_is_request_session (arrival->node, arrival->session);
  if (peer == NULL || peer->session != arrival->session)
    return FALSE;

  switch (role)
    {
    case ROLE_ASKED:
      return peer->row->relation == KITH_RELATION_REQUESTED;
    case ROLE_JOINER:
      return peer->group_only;
    case ROLE_MEMBER:
      return kith_co_member_is_one (arrival->node, peer->row->identity);
    case ROLE_CONTACT:
      return kith_peer_is_online (peer);
    case ROLE_ASKER:
      break;
    }

  return FALSE;
}

/* From the one that is looked at most to the one that is least. */
static gboolean
may (const Arrival *arrival, guint roles)
{
  if (arrival->peer != NULL && (arrival->peer->removed || arrival->peer->row->blocked))
    return FALSE;

  for (guint role = ROLE_CONTACT; role >= ROLE_ASKER; role >>= 1)
    if ((roles & role) != 0 && is_role (arrival, (Role) role))
      return TRUE;

  return FALSE;
}

static const Rule *
find_rule (KithRecordType type)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (type >= rules[i].first && type <= rules[i].last)
      return &rules[i];

  return NULL;
}

/**
 * kith_node_receive_record: (skip)
 * @session: a session that is pending or open
 * @type: what came
 * @body: (array length=len): untrusted
 * @len: its length in bytes
 * @node: the node
 *
 * Returns: %FALSE when it is malformed, or not for them to send: the session is closed
 */
gboolean
kith_node_receive_record (KithSession *session, KithRecordType type, const guint8 *body, gsize len,
                          gpointer node)
{
  Arrival arrival = { node, session, NULL, type, body, len };
  const Rule *rule = find_rule (type);

  arrival.peer = kith_node_lookup_peer (arrival.node, kith_session_get_identity (session));
  if (rule == NULL || !may (&arrival, rule->roles))
    return FALSE;

  return rule->take_any != NULL ? rule->take_any (&arrival) : rule->take (arrival.peer, body, len);
}
