/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-network.h"

#include "model/kith-property.h"

struct _KithNetwork
{
  GObject          parent_instance;
  KithDhtStatus    dht;
  guint            nodes;
  KithLanStatus    lan;
  KithRouterStatus router;
  KithRouterMethod method;
  KithPinholeStatus pinhole;
  char             *external; /* (owned) (nullable) */
  char             *proxy; /* (owned) (nullable) */
  gint64           clock_correction_s;
  gboolean         online;
};

G_DEFINE_FINAL_TYPE (KithNetwork, kith_network, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_DHT,
  PROP_NODES,
  PROP_LAN,
  PROP_ROUTER,
  PROP_METHOD,
  PROP_PINHOLE,
  PROP_EXTERNAL,
  PROP_PROXY,
  PROP_CLOCK_CORRECTION,
  PROP_ONLINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kith_network_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithNetwork *self = KITH_NETWORK (object);

  switch (prop_id)
    {
    case PROP_DHT:
      g_value_set_uint (value, self->dht);
      break;
    case PROP_NODES:
      g_value_set_uint (value, self->nodes);
      break;
    case PROP_LAN:
      g_value_set_uint (value, self->lan);
      break;
    case PROP_ROUTER:
      g_value_set_uint (value, self->router);
      break;
    case PROP_METHOD:
      g_value_set_uint (value, self->method);
      break;
    case PROP_PINHOLE:
      g_value_set_uint (value, self->pinhole);
      break;
    case PROP_EXTERNAL:
      g_value_set_string (value, self->external);
      break;
    case PROP_PROXY:
      g_value_set_string (value, self->proxy);
      break;
    case PROP_CLOCK_CORRECTION:
      g_value_set_int64 (value, self->clock_correction_s);
      break;
    case PROP_ONLINE:
      g_value_set_boolean (value, self->online);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_network_finalize (GObject *object)
{
  KithNetwork *self = KITH_NETWORK (object);

  g_free (self->external);
  g_free (self->proxy);

  G_OBJECT_CLASS (kith_network_parent_class)->finalize (object);
}

static void
kith_network_class_init (KithNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_network_get_property;
  object_class->finalize = kith_network_finalize;

  properties[PROP_DHT] = g_param_spec_uint ("dht", NULL, NULL, 0, KITH_DHT_STATUS_FAILED, 0, flags);
  properties[PROP_NODES] = g_param_spec_uint ("nodes", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LAN] = g_param_spec_uint ("lan", NULL, NULL, 0, KITH_LAN_STATUS_FAILED, 0, flags);
  properties[PROP_ROUTER] =
    g_param_spec_uint ("router", NULL, NULL, 0, KITH_ROUTER_STATUS_DOUBLE_NAT, 0, flags);
  properties[PROP_METHOD] =
    g_param_spec_uint ("method", NULL, NULL, 0, KITH_ROUTER_METHOD_PCP, 0, flags);
  properties[PROP_PINHOLE] =
    g_param_spec_uint ("pinhole", NULL, NULL, 0, KITH_PINHOLE_STATUS_REFUSED, 0, flags);
  properties[PROP_EXTERNAL] = g_param_spec_string ("external", NULL, NULL, NULL, flags);
  properties[PROP_PROXY] = g_param_spec_string ("proxy", NULL, NULL, NULL, flags);
  properties[PROP_CLOCK_CORRECTION] =
    g_param_spec_int64 ("clock-correction", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_network_init (KithNetwork *self)
{
}

/**
 * kith_network_new:
 *
 * Returns: (transfer full): with everything off
 */
KithNetwork *
kith_network_new (void)
{
  return g_object_new (KITH_TYPE_NETWORK, NULL);
}

/**
 * kith_network_get_dht:
 * @self: a network
 *
 * Returns: how the DHT is doing
 */
KithDhtStatus
kith_network_get_dht (KithNetwork *self)
{
  return self->dht;
}

/**
 * kith_network_set_dht:
 * @self: a network
 * @dht: how the DHT is doing
 */
void
kith_network_set_dht (KithNetwork *self, KithDhtStatus dht)
{
  if (self->dht == dht)
    return;

  self->dht = dht;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DHT]);
}

/**
 * kith_network_get_nodes:
 * @self: a network
 *
 * Returns: how many nodes of the DHT are known; 0 = not counted yet
 */
guint
kith_network_get_nodes (KithNetwork *self)
{
  return self->nodes;
}

/**
 * kith_network_set_nodes:
 * @self: a network
 * @nodes: how many nodes of the DHT are known; 0 = not counted yet
 */
void
kith_network_set_nodes (KithNetwork *self, guint nodes)
{
  if (self->nodes == nodes)
    return;

  self->nodes = nodes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NODES]);
}

/**
 * kith_network_get_lan:
 * @self: a network
 *
 * Returns: how the discovery on the same network is doing
 */
KithLanStatus
kith_network_get_lan (KithNetwork *self)
{
  return self->lan;
}

/**
 * kith_network_set_lan:
 * @self: a network
 * @lan: how the discovery on the same network is doing
 */
void
kith_network_set_lan (KithNetwork *self, KithLanStatus lan)
{
  if (self->lan == lan)
    return;

  self->lan = lan;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAN]);
}

/**
 * kith_network_get_router:
 * @self: a network
 *
 * Returns: what the router does for us
 */
KithRouterStatus
kith_network_get_router (KithNetwork *self)
{
  return self->router;
}

/**
 * kith_network_set_router:
 * @self: a network
 * @router: what the router does for us
 */
void
kith_network_set_router (KithNetwork *self, KithRouterStatus router)
{
  if (self->router == router)
    return;

  self->router = router;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROUTER]);
}

/**
 * kith_network_get_method:
 * @self: a network
 *
 * Returns: how the router was asked that maps our port
 */
KithRouterMethod
kith_network_get_method (KithNetwork *self)
{
  return self->method;
}

/**
 * kith_network_set_method:
 * @self: a network
 * @method: how the router was asked that maps our port
 */
void
kith_network_set_method (KithNetwork *self, KithRouterMethod method)
{
  if (self->method == method)
    return;

  self->method = method;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_METHOD]);
}

/**
 * kith_network_get_pinhole:
 * @self: a network
 *
 * Returns: whether the router lets friends in by IPv6
 */
KithPinholeStatus
kith_network_get_pinhole (KithNetwork *self)
{
  return self->pinhole;
}

/**
 * kith_network_set_pinhole:
 * @self: a network
 * @status: whether the router lets friends in by IPv6
 */
void
kith_network_set_pinhole (KithNetwork *self, KithPinholeStatus status)
{
  if (self->pinhole == status)
    return;

  self->pinhole = status;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PINHOLE]);
}

/**
 * kith_network_get_external:
 * @self: a network
 *
 * Returns: (transfer none) (nullable): the address and port that the router gave us
 */
const char *
kith_network_get_external (KithNetwork *self)
{
  return self->external;
}

/**
 * kith_network_set_external:
 * @self: a network
 * @external: (nullable): the address and port that the router gave us
 */
void
kith_network_set_external (KithNetwork *self, const char *external)
{
  kith_property_set_text (self, &self->external, external, properties[PROP_EXTERNAL]);
}

/**
 * kith_network_get_proxy:
 * @self: a network
 *
 * Returns: (transfer none) (nullable): the proxy that everything goes through
 */
const char *
kith_network_get_proxy (KithNetwork *self)
{
  return self->proxy;
}

/**
 * kith_network_set_proxy:
 * @self: a network
 * @proxy: (nullable): the proxy that everything goes through
 */
void
kith_network_set_proxy (KithNetwork *self, const char *proxy)
{
  kith_property_set_text (self, &self->proxy, proxy, properties[PROP_PROXY]);
}

/**
 * kith_network_get_clock_correction:
 * @self: a network
 *
 * Returns: what contacts say has to be added to the clock of this machine, in s; 0 when it is right or
 *   nothing is known
 */
gint64
kith_network_get_clock_correction (KithNetwork *self)
{
  return self->clock_correction_s;
}

/**
 * kith_network_set_clock_correction:
 * @self: a network
 * @correction_s: what has to be added to the clock of this machine
 */
void
kith_network_set_clock_correction (KithNetwork *self, gint64 correction_s)
{
  if (self->clock_correction_s == correction_s)
    return;

  self->clock_correction_s = correction_s;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLOCK_CORRECTION]);
}

/**
 * kith_network_get_online:
 * @self: a network
 *
 * Returns: whether this machine has a network
 */
gboolean
kith_network_get_online (KithNetwork *self)
{
  return self->online;
}

/**
 * kith_network_set_online:
 * @self: a network
 * @online: whether this machine has a network
 */
void
kith_network_set_online (KithNetwork *self, gboolean online)
{
  kith_property_set_flag (self, &self->online, online, properties[PROP_ONLINE]);
}
