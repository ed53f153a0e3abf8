/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The DHT of a node: starting and stopping it, and what the faces see of it. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "net/kith-dht-runner.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-networking.h"
#include "node/kith-node-clock.h"
#include "node/kith-node-history.h"
#include "node/kith-own-endpoints.h"
#include "node/kith-settings.h"

gboolean
kith_networking_is_proxied (KithNetworking *self)
{
  return self->config->proxy != NULL;
}

gboolean
kith_networking_is_dht_running (KithNetworking *self)
{
  return self->meetings != NULL;
}

void
kith_networking_show_dht (KithNetworking *self)
{
  KithDhtStatus status = kith_networking_is_proxied (self) ? KITH_DHT_STATUS_PROXY : KITH_DHT_STATUS_OFF;

  if (kith_networking_is_dht_running (self))
    switch (kith_dht_get_state (self->dht))
      {
      case KITH_DHT_OFF:
        status = KITH_DHT_STATUS_FAILED;
        break;
      case KITH_DHT_CONNECTING:
        status = KITH_DHT_STATUS_CONNECTING;
        break;
      case KITH_DHT_CONNECTED:
        status = KITH_DHT_STATUS_CONNECTED;
        break;
      }

  kith_network_set_dht (self->model, status);
  kith_network_set_nodes (self->model,
                          kith_networking_is_dht_running (self) ? kith_dht_get_nodes (self->dht) : 0);
}

static void
dht_changed_cb (GObject *dht, GParamSpec *pspec, gpointer user_data)
{
  kith_networking_show_dht (user_data);
}

/* Others say with which address they see us: a hint, and where it is wrong a dial that fails. */
static void
public_addresses_cb (KithDht *dht, gpointer user_data)
{
  KithNetworking *self = user_data;
  KithEndpoint addresses[KITH_SEEN_ADDRESSES];
  guint n = kith_dht_get_public_addresses (dht, addresses, G_N_ELEMENTS (addresses));

  for (guint i = n; i > 0; i--)
    if (addresses[i - 1].family == 4)
      kith_own_endpoints_seen (self->node, &addresses[i - 1]);
}

static void
saved_cb (KithDhtRunner *runner, GBytes *saved, gpointer user_data)
{
  KithNode *node = user_data;
  gsize len;
  const guint8 *data = g_bytes_get_data (saved, &len);
  g_autofree char *text = g_base64_encode (data, len);

  if (strlen (text) <= KITH_LIMIT_SETTING_BYTES)
    kith_node_set_setting (node, KITH_SETTING_DHT_NODES, text);
}

static GBytes *
dup_saved (KithNetworking *self)
{
  const char *text = kith_node_get_setting (self->node, KITH_SETTING_DHT_NODES);
  guint8 *data;
  gsize len;

  if (text == NULL)
    return NULL;

  data = g_base64_decode (text, &len);
  return g_bytes_new_take (data, len);
}

static void
start_runner (KithNetworking *self)
{
  g_autoptr (GBytes) saved = dup_saved (self);
  KithDhtConfig config = { .network = self->config->dht_network,
                           .bootstrap = (const char *const *) self->config->bootstrap,
                           .saved = saved };
  g_autoptr (GError) error = NULL;

  /* It also comes while the DHT is being stopped, when this is gone. */
  g_signal_connect_object (self->dht, "saved", G_CALLBACK (saved_cb), self->node, 0);
  if (!kith_dht_runner_start (KITH_DHT_RUNNER (self->dht), &config, &error))
    kith_node_emit_warning (self->node, error);
}

void
kith_networking_start_dht (KithNetworking *self)
{
  if (!self->dht_is_given)
    self->dht = KITH_DHT (kith_dht_runner_new ());

  g_signal_connect (self->dht, "notify", G_CALLBACK (dht_changed_cb), self);
  g_signal_connect (self->dht, "public-addresses-changed", G_CALLBACK (public_addresses_cb), self);
  self->meetings = kith_meetings_new (kith_clock_check_get_env (self->node->clock_check), self->dht);
  if (!self->dht_is_given)
    start_runner (self);
  kith_rendezvous_update_all (self->node);
  kith_invites_update_meetings (self->node);
  kith_joins_update_meetings (self->node);
  kith_followed_links_update (self->node);
}

/* Without meetings to be in, everybody leaves theirs. */
static void
drop_meetings (KithNetworking *self)
{
  G_GNUC_UNUSED g_autoptr (KithMeetings) meetings = g_steal_pointer (&self->meetings);

  kith_rendezvous_update_all (self->node);
  kith_invites_update_meetings (self->node);
  kith_joins_update_meetings (self->node);
  kith_followed_links_update (self->node);
}

/**
 * kith_networking_part_stopped: (skip)
 * @self: the networking
 *
 * One of the parts that are being stopped has come to its end.
 */
void
kith_networking_part_stopped (KithNetworking *self)
{
  self->n_stopping--;
  kith_node_session_gone (self->node);
}

static void
dht_stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithNode) node = user_data;

  kith_dht_runner_stop_finish (KITH_DHT_RUNNER (source), result, NULL);
  if (node->networking != NULL)
    kith_networking_part_stopped (node->networking);
}

void
kith_networking_stop_dht (KithNetworking *self)
{
  if (self->dht == NULL)
    return;

  drop_meetings (self);
  g_signal_handlers_disconnect_by_func (self->dht, dht_changed_cb, self);
  g_signal_handlers_disconnect_by_func (self->dht, public_addresses_cb, self);
  if (self->dht_is_given)
    return;

  self->n_stopping++;
  kith_dht_runner_stop_async (KITH_DHT_RUNNER (self->dht), NULL, dht_stopped_cb,
                              g_object_ref (self->node));
  g_clear_object (&self->dht);
}
