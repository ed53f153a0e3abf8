/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people say of themselves: name, addresses, whether they want to be seen. Protocol 4.1, 7.5, 8.1.
 *
 * Each change costs us a write and a look at everybody we know, so it has a pace: what comes faster is
 * kept, the last of each kind, until its time has come. Nothing is lost by that but what was replaced. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-learn.h"

#include "base/kith-bucket.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-directory.h"
#include "node/kith-networking.h"
#include "node/kith-node-presence-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-requests.h"

struct _KithNews
{
  KithNode     *node;    /* (unowned) */
  KithSession  *session; /* (owned) */
  gboolean      has_name, has_endpoints, has_hidden;
  char         *name;    /* (owned) (nullable) */
  KithEndpoints endpoints;
  guint16       dht_port;
  gboolean      hidden;
  KithBucket    looks;
  GSource      *wait;    /* (owned) (nullable): until we look again */
};

/**
 * kith_news_free: (skip)
 * @self: (transfer full): the news of a session that is over
 */
void
kith_news_free (KithNews *self)
{
  kith_source_clear (&self->wait);
  kith_session_unref (self->session);
  g_free (self->name);
  g_free (self);
}

/* --- What follows from it ------------------------------------------------------------------- */

/* Returns: whether that is another one */
static gboolean
set_name (KithPeer *peer, const char *name)
{
  if (name == NULL || g_strcmp0 (peer->row->name, name) == 0)
    return FALSE;

  g_free (peer->row->name);
  peer->row->name = g_strdup (name);
  kith_contact_set_name (peer->contact, name);
  kith_node_emit_contact_changed (peer->node, peer->contact, KITH_CONTACT_CHANGE_NAME);
  return TRUE;
}

/* Returns: whether any of it is new */
static gboolean
set_endpoints (KithPeer *peer, KithSession *session, const KithEndpoints *endpoints, guint16 dht_port)
{
  KithEndpoint remote;

  if (kith_session_get_remote (session, &remote))
    kith_networking_learn_dht_node (peer->node->networking, &remote, dht_port);
  return kith_directory_learn (peer, session, endpoints);
}

/**
 * kith_node_learn: (skip)
 * @peer: a peer
 * @session: its session
 * @body: what they say of themselves
 *
 * Stores it, with whatever else has changed of them.
 */
void
kith_node_learn (KithPeer *peer, KithSession *session, const KithBodyOpen *body)
{
  set_name (peer, body->name);
  kith_presence_set_peer_hidden (peer, body->hidden);
  set_endpoints (peer, session, &body->endpoints, body->dht_port);
  kith_peer_commit (peer);
}

/* --- Their pace, and ours ------------------------------------------------------------------- */

static KithNews *
ensure (KithNode *node, KithSession *session)
{
  KithNews *self = g_hash_table_lookup (node->news, session);

  if (self != NULL)
    return self;

  self = g_new0 (KithNews, 1);
  self->node = node;
  self->session = kith_session_ref (session);
  g_hash_table_insert (node->news, session, self);
  return self;
}

static void
tell_peer (KithNews *self, KithPeer *peer)
{
  gboolean changed = self->has_name && set_name (peer, self->name);

  if (self->has_endpoints)
    changed |= set_endpoints (peer, self->session, &self->endpoints, self->dht_port);
  if (self->has_hidden)
    kith_presence_set_peer_hidden (peer, self->hidden);
  if (changed)
    kith_peer_commit (peer);
}

static void
look (KithNews *self)
{
  G_GNUC_UNUSED g_autoptr (KithSession) keep = kith_session_ref (self->session);
  KithPeer *peer = kith_node_lookup_peer (self->node, kith_session_get_identity (self->session));
  g_autofree KithNews *news = g_memdup2 (self, sizeof *self);
  g_autofree char *name = g_steal_pointer (&self->name);

  /* The faces hear of it, and may end the session. */
  self->has_name = self->has_endpoints = self->has_hidden = FALSE;
  if (news->has_name)
    kith_node_rename_request (news->node, news->session, name);
  if (peer != NULL && peer->session == news->session)
    {
      G_GNUC_UNUSED g_autoptr (KithPeer) keep_peer = kith_peer_ref (peer);

      tell_peer (news, peer);
    }
}

static gboolean
may_look (KithNews *self)
{
  return kith_bucket_take (&self->looks, kith_env_monotonic_us (self->node->env),
                           KITH_LIMIT_NEWS_BURST, KITH_LIMIT_NEWS_REFILL_MS);
}

static gboolean
wait_cb (gpointer user_data)
{
  KithNews *self = user_data;

  kith_source_clear (&self->wait);
  if (may_look (self))
    look (self);
  return G_SOURCE_REMOVE;
}

static void
come_to_it (KithNews *self)
{
  if (self->wait != NULL)
    return;

  if (may_look (self))
    {
      look (self);
      return;
    }

  kith_source_start (&self->wait,
                     kith_bucket_get_wait_ms (&self->looks, kith_env_monotonic_us (self->node->env),
                                              KITH_LIMIT_NEWS_BURST, KITH_LIMIT_NEWS_REFILL_MS) + 1,
                     wait_cb, self);
}

/* --- What arrives --------------------------------------------------------------------------- */

/**
 * kith_news_take_profile: (skip)
 * @node: a node
 * @session: a session on which a PROFILE came
 * @body: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: %FALSE when it is malformed
 */
gboolean
kith_news_take_profile (KithNode *node, KithSession *session, const guint8 *body, gsize len)
{
  g_autofree char *name = NULL;
  KithNews *self;

  if (!kith_body_profile_unpack (&name, body, len))
    return FALSE;

  self = ensure (node, session);
  g_free (self->name);
  self->name = g_steal_pointer (&name);
  self->has_name = TRUE;
  come_to_it (self);
  return TRUE;
}

/**
 * kith_news_take_endpoints: (skip)
 * @node: a node
 * @session: a session on which ENDPOINTS came
 * @body: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: %FALSE when it is malformed
 */
gboolean
kith_news_take_endpoints (KithNode *node, KithSession *session, const guint8 *body, gsize len)
{
  KithEndpoints endpoints;
  guint16 dht_port;
  KithNews *self;

  if (!kith_body_endpoints_unpack (&endpoints, &dht_port, body, len))
    return FALSE;

  self = ensure (node, session);
  self->endpoints = endpoints;
  self->dht_port = dht_port;
  self->has_endpoints = TRUE;
  come_to_it (self);
  return TRUE;
}

/**
 * kith_news_take_presence: (skip)
 * @node: a node
 * @session: a session on which a PRESENCE came
 * @body: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: %FALSE when it is malformed
 */
gboolean
kith_news_take_presence (KithNode *node, KithSession *session, const guint8 *body, gsize len)
{
  gboolean hidden;
  KithNews *self;

  if (!kith_body_presence_unpack (&hidden, body, len))
    return FALSE;

  self = ensure (node, session);
  self->hidden = hidden;
  self->has_hidden = TRUE;
  come_to_it (self);
  return TRUE;
}
