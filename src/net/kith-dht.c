/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-dht.h"

#include "base/kith-limits.h"

G_DEFINE_INTERFACE (KithDht, kith_dht, G_TYPE_OBJECT)

GType
kith_dht_state_get_type (void)
{
  static const GEnumValue values[] = {
    { KITH_DHT_OFF, "KITH_DHT_OFF", "off" },
    { KITH_DHT_CONNECTING, "KITH_DHT_CONNECTING", "connecting" },
    { KITH_DHT_CONNECTED, "KITH_DHT_CONNECTED", "connected" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("KithDhtState", values));

  return type;
}

static void
kith_dht_default_init (KithDhtInterface *iface)
{
  /**
   * KithDht:state:
   *
   * How it stands with the network.
   */
  g_object_interface_install_property (
      iface, g_param_spec_enum ("state", NULL, NULL, KITH_TYPE_DHT_STATE, KITH_DHT_OFF,
                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * KithDht:nodes:
   *
   * How many nodes are known to answer: at least that many, as far as one can tell.
   */
  g_object_interface_install_property (
      iface, g_param_spec_uint ("nodes", NULL, NULL, 0, G_MAXUINT, 0,
                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * KithDht::public-addresses-changed:
   * @self: a DHT
   *
   * Other nodes see us at other addresses than before.
   */
  g_signal_new ("public-addresses-changed", KITH_TYPE_DHT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

/**
 * kith_dht_put:
 * @self: a DHT
 * @location: (array fixed-size=20): where
 * @value: (transfer none): what, at most %KITH_LIMIT_DHT_VALUE_BYTES
 *
 * Keeps a value under a location, refreshed until it is cancelled. It does not replace an earlier
 * one: put the new one, then cancel the old one (protocol 7).
 *
 * Returns: a handle, or 0 when @value is too big
 */
guint
kith_dht_put (KithDht *self, const guint8 *location, GBytes *value)
{
  if (g_bytes_get_size (value) > KITH_LIMIT_DHT_VALUE_BYTES)
    return 0;

  return KITH_DHT_GET_IFACE (self)->put (self, location, value);
}

/**
 * kith_dht_cancel_put:
 * @self: a DHT
 * @put: a handle; 0 is none
 *
 * Stops refreshing a value. Who has it already may keep it for ten minutes more.
 */
void
kith_dht_cancel_put (KithDht *self, guint put)
{
  if (put != 0)
    KITH_DHT_GET_IFACE (self)->cancel_put (self, put);
}

/**
 * kith_dht_listen:
 * @self: a DHT
 * @location: (array fixed-size=20): where
 * @value: called for each value that is there or comes
 * @user_data: given to it
 *
 * Costs traffic as long as it lasts: for a few locations, not for all.
 *
 * Returns: a handle
 */
guint
kith_dht_listen (KithDht *self, const guint8 *location, KithDhtValueFunc value, gpointer user_data)
{
  return KITH_DHT_GET_IFACE (self)->listen (self, location, value, user_data);
}

/**
 * kith_dht_cancel_listen:
 * @self: a DHT
 * @listen: a handle; 0 is none
 */
void
kith_dht_cancel_listen (KithDht *self, guint listen)
{
  if (listen != 0)
    KITH_DHT_GET_IFACE (self)->cancel_listen (self, listen);
}

/**
 * kith_dht_get:
 * @self: a DHT
 * @location: (array fixed-size=20): where
 * @value: called for each value that is found
 * @done: (nullable): called once, after the last value; the handle is not valid any more
 * @user_data: given to both
 *
 * Returns: a handle
 */
guint
kith_dht_get (KithDht *self, const guint8 *location, KithDhtValueFunc value, KithDhtDoneFunc done,
              gpointer user_data)
{
  return KITH_DHT_GET_IFACE (self)->get (self, location, value, done, user_data);
}

/**
 * kith_dht_cancel_get:
 * @self: a DHT
 * @get: a handle; 0 is none, and one that is done already does no harm
 */
void
kith_dht_cancel_get (KithDht *self, guint get)
{
  if (get != 0)
    KITH_DHT_GET_IFACE (self)->cancel_get (self, get);
}

/**
 * kith_dht_get_state:
 * @self: a DHT
 *
 * Returns: how it stands with the network
 */
KithDhtState
kith_dht_get_state (KithDht *self)
{
  KithDhtState state;

  g_object_get (self, "state", &state, NULL);
  return state;
}

/**
 * kith_dht_get_nodes:
 * @self: a DHT
 *
 * Returns: how many nodes are known to answer
 */
guint
kith_dht_get_nodes (KithDht *self)
{
  guint nodes;

  g_object_get (self, "nodes", &nodes, NULL);
  return nodes;
}

/**
 * kith_dht_get_public_addresses:
 * @self: a DHT
 * @out: (out caller-allocates) (array length=n): our addresses as other nodes report them, those
 *   that most report first; the port is 0
 * @n: how many fit
 *
 * A hint and nothing more: anybody may have reported them. Never blocks.
 *
 * Returns: how many were copied
 */
guint
kith_dht_get_public_addresses (KithDht *self, KithEndpoint *out, guint n)
{
  return KITH_DHT_GET_IFACE (self)->get_public_addresses (self, out, n);
}
