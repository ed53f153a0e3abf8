/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The course of things in the network: what is started and stopped when the user wants something
 * else, when the machine changes its network, and when it wakes up. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-source.h"
#include "net/kith-dht-runner.h"
#include "node/kith-directory.h"
#include "node/kith-expiry.h"
#include "node/kith-group-links-private.h"
#include "node/kith-networking.h"
#include "node/kith-node-clock.h"
#include "node/kith-node-sessions.h"
#include "node/kith-own-endpoints.h"

/* --- The same network ----------------------------------------------------------------------- */

static void
show_lan (KithNetworking *self)
{
  KithLanStatus status = kith_networking_is_proxied (self) ? KITH_LAN_STATUS_PROXY : KITH_LAN_STATUS_OFF;

  if (self->online && !self->stopping && self->config->lan && !kith_networking_is_proxied (self))
    status = self->lan == NULL || kith_lan_get_n_links (self->lan) == 0 ? KITH_LAN_STATUS_FAILED
             : self->config->lan_present ? KITH_LAN_STATUS_PRESENTED : KITH_LAN_STATUS_ON;

  kith_network_set_lan (self->model, status);
}

/* --- Changes -------------------------------------------------------------------------------- */

static void
tell_endpoints (KithNetworking *self, const KithEndpoints *endpoints, guint16 dht_port)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      if (kith_peer_is_here (peer) && !kith_session_is_pending (peer->session))
        kith_session_send_bytes (peer->session, KITH_RECORD_ENDPOINTS,
                                 kith_body_endpoints_pack (endpoints, dht_port));
    }

  kith_group_whereabouts_moved (self->node);
}

static gboolean
settled_cb (gpointer user_data)
{
  KithNetworking *self = user_data;
  guint16 dht_port = kith_networking_get_dht_port (self);
  KithEndpoints own;

  kith_source_clear (&self->settle);
  show_lan (self);
  kith_router_update_addresses (self);
  kith_own_endpoints_list (self->node, &own);
  if (self->meetings != NULL)
    kith_meetings_set_endpoints (self->meetings, own.items, own.n);
  if (own.n == self->told.n && dht_port == self->told_dht_port
      && memcmp (own.items, self->told.items, own.n * sizeof own.items[0]) == 0)
    return G_SOURCE_REMOVE;

  self->told = own;
  self->told_dht_port = dht_port;
  tell_endpoints (self, &own, dht_port);
  return G_SOURCE_REMOVE;
}

/**
 * kith_networking_endpoints_changed: (skip)
 * @self: the networking
 *
 * Where we can be reached may have changed: tells those who are connected and those who look for us,
 * once things have settled.
 */
void
kith_networking_endpoints_changed (KithNetworking *self)
{
  if (!self->online || self->stopping || self->settle != NULL)
    return;

  kith_source_start (&self->settle, KITH_LIMIT_ENDPOINTS_SETTLE_MS, settled_cb, self);
}

/* Brings everything in step with what the user wants, and with what is there. */
static void
apply (KithNetworking *self)
{
  gboolean free_to_go = self->online && !self->stopping && !kith_networking_is_proxied (self);
  gboolean dht = free_to_go && (self->config->dht || self->dht_is_given);

  kith_network_set_proxy (self->model, self->config->proxy);
  if (dht && !kith_networking_is_dht_running (self))
    kith_networking_start_dht (self);
  else if (!dht && kith_networking_is_dht_running (self))
    kith_networking_stop_dht (self);

  if (free_to_go && self->config->lan)
    kith_nearby_start (self);
  else
    kith_nearby_stop (self);

  kith_router_update (self);
  kith_networking_show_dht (self);
  show_lan (self);
  kith_networking_endpoints_changed (self);
}

static void
apply_proxy (KithNetworking *self)
{
  g_autoptr (GProxyResolver) resolver = NULL;

  if (self->node->local == NULL)
    return;

  if (kith_networking_is_proxied (self))
    resolver = g_simple_proxy_resolver_new (self->config->proxy, NULL);
  kith_local_set_proxy (self->node->local, resolver);
}

/* Sessions and dials that began under another proxy, or none, are not what the user wants any more. */
static void
close_sessions (KithNetworking *self)
{
  kith_directory_start_all (self->node);
  if (self->node->sessions != NULL)
    kith_session_table_close_all (self->node->sessions, KITH_BYE_SHUTDOWN);
}

/* So are dials that are under way: each is begun anew, on the way that is right now. */
static void
give_up_dials (KithNetworking *self)
{
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, self->node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    kith_directory_forget (peer);
}

static void
take_config (KithNetworking *self, const KithNetworkConfig *config)
{
  gboolean other_proxy = g_strcmp0 (config->proxy, self->config->proxy) != 0;
  gboolean other_dht = config->dht_network != self->config->dht_network
                       || !g_strv_equal ((const char *const *) config->bootstrap,
                                         (const char *const *) self->config->bootstrap);
  KithNetworkConfig *copy = kith_network_config_copy (config);

  kith_network_config_free (self->config);
  self->config = copy;
  if (other_dht && kith_networking_is_dht_running (self))
    kith_networking_stop_dht (self);
  if (other_proxy)
    {
      apply_proxy (self);
      close_sessions (self);
      give_up_dials (self);
      kith_node_listen_again (self->node);
    }
  apply (self);
  if (other_proxy && self->node->local != NULL)
    kith_directory_start_all (self->node);
}

/* --- Sessions after a change ---------------------------------------------------------------- */

static gboolean
probed_cb (gpointer user_data)
{
  KithNetworking *self = user_data;

  kith_source_clear (&self->probe);
  kith_node_drop_silent (self->node, KITH_LIMIT_NETWORK_PROBE_MS);
  return G_SOURCE_REMOVE;
}

/* Connections of the former network do not end by themselves: whoever does not answer is dialled
 * anew. */
static void
probe_sessions (KithNetworking *self)
{
  if (self->node->sessions == NULL)
    return;

  kith_session_table_probe_all (self->node->sessions);
  kith_source_start (&self->probe, KITH_LIMIT_NETWORK_PROBE_MS + 500, probed_cb, self);
}

/* --- The machine ---------------------------------------------------------------------------- */

void
kith_node_network_changed (KithNode *node)
{
  KithNetworking *self = node->networking;

  if (!self->online || self->stopping)
    return;

  self->n_seen = 0;
  if (self->dht != NULL && !self->dht_is_given)
    kith_dht_runner_network_changed (KITH_DHT_RUNNER (self->dht));
  if (self->port_map != NULL)
    kith_port_map_network_changed (self->port_map);
  if (self->lan != NULL)
    kith_lan_announce (self->lan, TRUE);
  if (self->meetings != NULL)
    kith_meetings_look_again (self->meetings);
  if (self->lan == NULL && self->config->lan && !kith_networking_is_proxied (self))
    kith_nearby_start (self);
  show_lan (self);
  probe_sessions (self);
  kith_directory_start_all (node);
  kith_networking_endpoints_changed (self);
}

static gboolean
changed_cb (gpointer user_data)
{
  KithNetworking *self = user_data;

  kith_source_clear (&self->change);
  kith_node_network_changed (self->node);
  return G_SOURCE_REMOVE;
}

/* Changes come several at a time: an interface, its addresses, the routes. */
static void
await_change (KithNetworking *self)
{
  kith_source_start (&self->change, KITH_LIMIT_NETWORK_SETTLE_MS, changed_cb, self);
}

static void
monitor_cb (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  KithNetworking *self = user_data;

  kith_network_set_online (self->model, available);
  if (available)
    await_change (self);
}

static gint64
get_clock_us (KithNetworking *self)
{
  return kith_env_realtime_ms (self->node->env) * 1000 - kith_env_monotonic_us (self->node->env);
}

/**
 * kith_networking_check_clock: (skip)
 * @self: the networking
 *
 * The clock may have been set, or the machine has slept: the monotonic clock stands still then.
 */
void
kith_networking_check_clock (KithNetworking *self)
{
  gint64 clock_us = get_clock_us (self);

  if (self->clock == NULL)
    return;

  if (ABS (clock_us - self->clock_us) > KITH_LIMIT_CLOCK_CHECK_MS * (gint64) 1000)
    {
      await_change (self);
      kith_expiry_check (self->node);
    }
  self->clock_us = clock_us;
  kith_node_clock_update (self->node);
}

static gboolean
clock_cb (gpointer user_data)
{
  kith_networking_check_clock (user_data);
  return G_SOURCE_CONTINUE;
}

static void
watch_machine (KithNetworking *self)
{
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect (self->monitor, "network-changed", G_CALLBACK (monitor_cb), self);
  kith_network_set_online (self->model, g_network_monitor_get_network_available (self->monitor));

  self->clock_us = get_clock_us (self);
  kith_source_start (&self->clock, KITH_LIMIT_CLOCK_CHECK_MS, clock_cb, self);
}

/* --- Life ----------------------------------------------------------------------------------- */

/**
 * kith_networking_new: (skip)
 * @node: the node
 *
 * Returns: (transfer full): networking that does nothing until kith_node_go_online()
 */
KithNetworking *
kith_networking_new (KithNode *node)
{
  KithNetworking *self = g_new0 (KithNetworking, 1);

  self->node = node;
  self->config = kith_network_config_new ();
  self->model = kith_network_new ();
  self->nearby = g_list_store_new (KITH_TYPE_NEARBY);
  return self;
}

/**
 * kith_networking_free: (skip)
 * @self: (transfer full): the networking
 *
 * Drops everything without a word.
 */
void
kith_networking_free (KithNetworking *self)
{
  kith_networking_stop (self);
  if (self->dht != NULL)
    g_signal_handlers_disconnect_by_data (self->dht, self);
  g_clear_object (&self->dht);
  kith_network_config_free (self->config);
  g_object_unref (self->model);
  g_object_unref (self->nearby);
  g_free (self);
}

/**
 * kith_networking_use_dht: (skip)
 * @self: the networking
 * @dht: (transfer none): the DHT to use instead of the real one
 *
 * For scenarios, before kith_node_go_online().
 *
 * For tests alone.
 */
void
kith_networking_use_dht (KithNetworking *self, KithDht *dht)
{
  self->dht = g_object_ref (dht);
  self->dht_is_given = TRUE;
}

/**
 * kith_networking_profile_ready: (skip)
 * @self: the networking of a node that has its settings and its keys
 *
 * Before the first dial: that one, too, goes through the proxy.
 */
void
kith_networking_profile_ready (KithNetworking *self)
{
  if (!self->overridden)
    kith_network_config_load (self->config, self->node);
  kith_network_set_proxy (self->model, self->config->proxy);
  apply_proxy (self);
}

/**
 * kith_networking_listening_changed: (skip)
 * @self: the networking
 *
 * The listener has come, gone or moved.
 */
void
kith_networking_listening_changed (KithNetworking *self)
{
  if (!self->online || self->stopping)
    return;

  if (self->lan != NULL)
    kith_lan_set_port (self->lan, kith_node_get_listen_port (self->node));
  kith_router_update (self);
  kith_networking_endpoints_changed (self);
}

/**
 * kith_networking_name_changed: (skip)
 * @self: the networking
 *
 * Our name is another.
 */
void
kith_networking_name_changed (KithNetworking *self)
{
  if (self->lan != NULL)
    kith_nearby_refresh_name (self);
}

/**
 * kith_networking_get_dht_port: (skip)
 * @self: the networking
 *
 * Returns: the UDP port of our node of the DHT; 0 = none
 */
guint16
kith_networking_get_dht_port (KithNetworking *self)
{
  return kith_networking_is_dht_running (self) && !self->dht_is_given
           ? kith_dht_runner_get_port (KITH_DHT_RUNNER (self->dht)) : 0;
}

/**
 * kith_networking_learn_dht_node: (skip)
 * @self: the networking
 * @remote: from where a contact's session comes
 * @dht_port: the port that it says its node of the DHT has; 0 = none
 *
 * A contact's node is a way into the DHT as good as any.
 */
void
kith_networking_learn_dht_node (KithNetworking *self, const KithEndpoint *remote, guint16 dht_port)
{
  KithEndpoint node = *remote;

  node.port = dht_port;
  if (dht_port != 0 && kith_networking_is_dht_running (self) && !self->dht_is_given
      && kith_endpoint_is_dialable (&node))
    kith_dht_runner_add_node (KITH_DHT_RUNNER (self->dht), &node);
}

/**
 * kith_networking_stop: (skip)
 * @self: the networking
 *
 * Stops it all. kith_node_session_gone() is called when kith_networking_is_stopped() may be true.
 */
void
kith_networking_stop (KithNetworking *self)
{
  if (self->stopping)
    return;

  self->stopping = TRUE;
  kith_source_clear (&self->settle);
  kith_source_clear (&self->clock);
  kith_source_clear (&self->probe);
  kith_source_clear (&self->change);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  apply (self);
}

/**
 * kith_networking_is_stopped: (skip)
 * @self: the networking
 *
 * Returns: whether every part of it has come to its end
 */
gboolean
kith_networking_is_stopped (KithNetworking *self)
{
  return self->stopping && self->n_stopping == 0;
}

/* --- For the faces -------------------------------------------------------------------------- */

const KithNetworkConfig *
kith_node_get_network_config (KithNode *node)
{
  return node->networking->config;
}

gboolean
kith_node_set_network_config (KithNode *node, const KithNetworkConfig *config, GError **error)
{
  if (!kith_network_config_check (config, error))
    return FALSE;

  kith_network_config_store (config, node->networking->config, node);
  kith_node_write_settings_again (node);
  take_config (node->networking, config);
  return TRUE;
}

gboolean
kith_node_override_network_config (KithNode *node, const KithNetworkConfig *config, GError **error)
{
  if (!kith_network_config_check (config, error))
    return FALSE;

  node->networking->overridden = TRUE;
  take_config (node->networking, config);
  return TRUE;
}

void
kith_node_go_online (KithNode *node)
{
  KithNetworking *self = node->networking;

  if (self->online || node->closing || node->local == NULL)
    return;

  self->online = TRUE;
  watch_machine (self);
  apply (self);
}

KithNetwork *
kith_node_get_network (KithNode *node)
{
  return node->networking->model;
}

GListModel *
kith_node_get_nearby (KithNode *node)
{
  return G_LIST_MODEL (node->networking->nearby);
}

void
kith_node_refresh_nearby (KithNode *node)
{
  if (node->networking->lan != NULL)
    kith_lan_announce (node->networking->lan, TRUE);
}
