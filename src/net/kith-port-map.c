/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps a port mapped on the router: which way of asking is used, and when it is asked again. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-port-map-private.h"

#include "base/kith-env.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "net/kith-pcp.h"

#define N_METHODS (KITH_PORT_MAP_METHOD_PCP + 1)

static const char *const words[N_METHODS] = { "", "UPnP", "NAT-PMP", "PCP" };

struct _KithPortMap
{
  GObject           parent_instance;
  KithPortMapTimes  times;
  guint16           local_port;         /* 0 while stopped */
  KithMapper       *mappers[N_METHODS]; /* (owned) (nullable) by method */
  char             *details[N_METHODS]; /* (owned) (nullable): what they answered last */
  KithMapper       *winner;             /* (unowned) (nullable): the one that mapped */
  KithPortMapState  failure;            /* the most telling one of this search */
  GSource          *timer;              /* (owned) (nullable) */
  GSource          *head_start;         /* (owned) (nullable): NAT-PMP is not asked yet */
  GSource          *forgotten;          /* (owned) (nullable): all is asked for again */
  KithPinholes     *pinholes;           /* (owned) */

  KithPortMapState  state;
  KithPortMapMethod method;
  char             *detail;             /* (owned) */
  KithEndpoint      external;           /* family 0 for none */
  KithPortMapState  pinhole;
  guint8            nonce[KITH_PCP_NONCE_BYTES];
};

G_DEFINE_FINAL_TYPE (KithPortMap, kith_port_map, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_METHOD,
  PROP_DETAIL,
  PROP_PINHOLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void begin_search (KithPortMap *self);

static void
set_source (KithPortMap *self, GSource **source, guint ms, GSourceFunc func)
{
  kith_source_start (source, ms, func, self);
  g_source_set_static_name (*source, "kith-port-map");
}

static void
set_timer (KithPortMap *self, guint ms, GSourceFunc func)
{
  set_source (self, &self->timer, ms, func);
}

/* --- Addresses ------------------------------------------------------------------------------ */

static gboolean
is_in (const KithEndpoint *endpoint, guint8 a, guint8 b, guint bits_of_b)
{
  guint8 mask = (guint8) (0xff << (8 - bits_of_b));

  return endpoint->address[0] == a && (endpoint->address[1] & mask) == (b & mask);
}

/**
 * kith_port_map_is_reachable:
 * @external: the router's end of a mapping, as it says; untrusted
 *
 * Whether the address may be one of the internet, and not that of another router's network: no
 * private one, none of a provider's NAT (100.64.0.0/10), and none that is nobody's.
 *
 * Returns: whether it may be reached from outside
 */
gboolean
kith_port_map_is_reachable (const KithEndpoint *external)
{
  return external->family == 4 && external->address[0] != 0 && external->address[0] < 224
         && kith_endpoint_is_global (external) && !is_in (external, 100, 64, 2)
         && !is_in (external, 169, 254, 8);
}

/* --- What is to be seen --------------------------------------------------------------------- */

static char *
join_details (KithPortMap *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < N_METHODS; i++)
    if (self->details[i] != NULL && (self->winner == NULL || self->winner->method == i))
      g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", self->details[i]);

  return g_string_free (text, FALSE);
}

static void
set_state (KithPortMap *self, KithPortMapState state)
{
  KithPortMapMethod method = self->winner != NULL ? self->winner->method
                                                  : KITH_PORT_MAP_METHOD_NONE;
  g_autofree char *detail = join_details (self);

  g_object_freeze_notify (G_OBJECT (self));

  if (self->method != method)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_METHOD]);
  self->method = method;

  if (g_strcmp0 (self->detail, detail) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
  g_free (self->detail);
  self->detail = g_steal_pointer (&detail);

  if (self->state != state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  self->state = state;

  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_detail (KithPortMap *self, KithMapper *mapper, const char *detail)
{
  g_free (self->details[mapper->method]);
  self->details[mapper->method] = g_strdup (detail);
}

static void
show_pinhole (gpointer user_data)
{
  KithPortMap *self = user_data;
  KithPortMapState pinhole = kith_pinholes_get_state (self->pinholes);

  if (self->pinhole == pinhole)
    return;

  self->pinhole = pinhole;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PINHOLE]);
}

/* --- Mappers -------------------------------------------------------------------------------- */

static void
drop_mappers (KithPortMap *self)
{
  kith_source_clear (&self->head_start);
  for (guint i = 0; i < N_METHODS; i++)
    g_clear_pointer (&self->mappers[i], kith_mapper_free);
  self->winner = NULL;
  self->external = (KithEndpoint){ 0 };
}

/* Returns: (transfer full) (nullable): the one that holds a mapping; the others are gone */
static KithMapper *
take_winner (KithPortMap *self)
{
  KithMapper *winner = self->winner;

  if (winner != NULL)
    self->mappers[winner->method] = NULL;
  drop_mappers (self);
  return winner;
}

/* --- Searching and renewing ----------------------------------------------------------------- */

static gboolean
not_renewed_cb (gpointer user_data)
{
  begin_search (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
renew_cb (gpointer user_data)
{
  KithPortMap *self = user_data;

  set_timer (self, self->times.search_ms, not_renewed_cb);
  self->winner->class->request (self->winner);
  return G_SOURCE_REMOVE;
}

/* Nothing is lost by asking for what is still there. */
static gboolean
forgotten_cb (gpointer user_data)
{
  KithPortMap *self = user_data;

  kith_source_clear (&self->forgotten);
  kith_pinholes_renew (self->pinholes);
  if (self->winner != NULL)
    renew_cb (self);
  return G_SOURCE_REMOVE;
}

/* Not at once: a router that says so with each answer would keep us busy. */
static void
forget (gpointer user_data)
{
  KithPortMap *self = user_data;

  if (self->forgotten == NULL)
    set_source (self, &self->forgotten, KITH_LIMIT_PCP_RENEW_MIN_MS, forgotten_cb);
}

static void
reset (KithMapper *mapper, gpointer user_data)
{
  forget (user_data);
}

/* The first that maps wins. The others are not asked to take back what they may have done: most
 * routers have one table for all ways, in which that is the same mapping. */
static void
mapped (KithMapper *mapper, const KithEndpoint *external, gpointer user_data)
{
  KithPortMap *self = user_data;
  gboolean moved = !kith_endpoint_equal (&self->external, external);
  g_autofree char *detail = g_strdup_printf ("%s: mapped", words[mapper->method]);

  kith_source_clear (&self->head_start);
  for (guint i = 0; i < N_METHODS; i++)
    if (self->mappers[i] != mapper)
      g_clear_pointer (&self->mappers[i], kith_mapper_free);

  self->winner = mapper;
  self->external = *external;
  set_detail (self, mapper, detail);
  set_timer (self, self->times.again_ms, renew_cb);

  /* Another address or port is news, even if the state is the same. */
  g_object_freeze_notify (G_OBJECT (self));
  if (moved)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  set_state (self, kith_port_map_is_reachable (external) ? KITH_PORT_MAP_MAPPED
                                                         : KITH_PORT_MAP_DOUBLE_NAT);
  g_object_thaw_notify (G_OBJECT (self));
}

/* The same router, asked in the older way. */
static gboolean
head_start_cb (gpointer user_data)
{
  KithPortMap *self = user_data;
  KithMapper *nat_pmp = self->mappers[KITH_PORT_MAP_METHOD_NAT_PMP];

  kith_source_clear (&self->head_start);
  if (nat_pmp != NULL)
    nat_pmp->class->request (nat_pmp);
  return G_SOURCE_REMOVE;
}

static void
failed (KithMapper *mapper, KithPortMapState state, const char *detail, gpointer user_data)
{
  KithPortMap *self = user_data;

  set_detail (self, mapper, detail);
  if (self->winner == mapper)
    {
      begin_search (self);
      return;
    }

  self->failure = MAX (self->failure, state);
  if (mapper->method == KITH_PORT_MAP_METHOD_PCP && self->head_start != NULL)
    head_start_cb (self);
}

static const KithMapperEvents events = { mapped, failed, NULL, reset };

static gboolean again_cb (gpointer user_data);

/* Routers have had their time. The mappers stay: a router that comes later announces itself. */
static gboolean
conclude_cb (gpointer user_data)
{
  KithPortMap *self = user_data;

  for (guint i = 0; i < N_METHODS; i++)
    if (self->mappers[i] != NULL && self->details[i] == NULL)
      {
        g_autofree char *detail = g_strdup_printf ("%s: no answer", words[i]);

        set_detail (self, self->mappers[i], detail);
      }

  set_timer (self, self->times.again_ms, again_cb);
  set_state (self, self->failure);
  return G_SOURCE_REMOVE;
}

static void
ask_all (KithPortMap *self)
{
  self->failure = KITH_PORT_MAP_NO_ROUTER;
  set_timer (self, self->times.search_ms, conclude_cb);
  set_source (self, &self->head_start, KITH_LIMIT_PCP_HEAD_START_MS, head_start_cb);
  for (guint i = 0; i < N_METHODS; i++)
    if (self->mappers[i] != NULL && i != KITH_PORT_MAP_METHOD_NAT_PMP)
      self->mappers[i]->class->request (self->mappers[i]);
}

static gboolean
again_cb (gpointer user_data)
{
  ask_all (user_data);
  return G_SOURCE_REMOVE;
}

static void
add_mapper (KithPortMap *self, KithMapper *mapper)
{
  mapper->local_port = self->local_port;
  mapper->lease_s = self->times.lease_s;
  mapper->events = &events;
  mapper->user_data = self;
  self->mappers[mapper->method] = mapper;
}

static void
begin_search (KithPortMap *self)
{
  drop_mappers (self);
  add_mapper (self, kith_port_map_upnp_new ());
  add_mapper (self, kith_port_map_nat_pmp_new ());
  add_mapper (self, kith_port_map_pcp_new (self->nonce, NULL));
  ask_all (self);
  set_state (self, KITH_PORT_MAP_SEARCHING);
}

/* --- Life ----------------------------------------------------------------------------------- */

static void
clear_details (KithPortMap *self)
{
  for (guint i = 0; i < N_METHODS; i++)
    g_clear_pointer (&self->details[i], g_free);
}

/**
 * kith_port_map_start:
 * @self: a port map
 * @local_port: the TCP port to keep mapped; not 0
 *
 * Looks for routers and maps the port. A mapping of another port is removed. The outcome is in
 * the property "state".
 */
void
kith_port_map_start (KithPortMap *self, guint16 local_port)
{
  KithMapper *former;

  g_return_if_fail (local_port != 0);
  if (self->local_port == local_port)
    return;

  former = take_winner (self);
  if (former != NULL)
    kith_mapper_remove (former, self->times.remove_ms, NULL);
  clear_details (self);
  self->local_port = local_port;
  begin_search (self);
}

/**
 * kith_port_map_set_addresses:
 * @self: a port map that was started
 * @addresses: (array length=n): our own, with the port that listens there
 * @n: how many
 *
 * Asks the router to let in to those that are global IPv6 addresses, which needs no mapping. The
 * outcome is in the property "pinhole".
 */
void
kith_port_map_set_addresses (KithPortMap *self, const KithEndpoint *addresses, guint n)
{
  if (self->local_port != 0)
    kith_pinholes_set (self->pinholes, addresses, n);
}

/**
 * kith_port_map_stop_async:
 * @self: a port map
 * @cancellable: (nullable): not used
 * @callback: called when the router has forgotten the mapping, or does not answer in time
 * @user_data: given to it
 *
 * The state is %KITH_PORT_MAP_OFF at once.
 */
void
kith_port_map_stop_async (KithPortMap *self, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  KithMapper *former = take_winner (self);

  g_task_set_source_tag (task, kith_port_map_stop_async);
  g_task_set_check_cancellable (task, FALSE);
  kith_mapper_removals_begin (task);
  kith_pinholes_stop (self->pinholes, task);
  kith_source_clear (&self->timer);
  kith_source_clear (&self->forgotten);
  clear_details (self);
  self->local_port = 0;
  set_state (self, KITH_PORT_MAP_OFF);

  show_pinhole (self);
  if (former != NULL)
    kith_mapper_remove (former, self->times.remove_ms, task);
  kith_mapper_removals_end (task);
}

/**
 * kith_port_map_stop_finish:
 * @self: a port map
 * @result: what the callback was given
 * @error: never set
 *
 * Returns: %TRUE
 */
gboolean
kith_port_map_stop_finish (KithPortMap *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * kith_port_map_network_changed:
 * @self: a port map
 *
 * There may be another router now: begins anew. What the former one maps ends with its lease.
 */
void
kith_port_map_network_changed (KithPortMap *self)
{
  if (self->local_port == 0)
    return;

  clear_details (self);
  begin_search (self);
  kith_pinholes_begin_anew (self->pinholes);
  show_pinhole (self);
}

/**
 * kith_port_map_get_times:
 * @self: a port map
 *
 * For tests alone.
 *
 * Returns: (transfer none): the times, which tests may shorten before it starts
 */
KithPortMapTimes *
kith_port_map_get_times (KithPortMap *self)
{
  return &self->times;
}

/**
 * kith_port_map_get_state:
 * @self: a port map
 *
 * Returns: how it stands
 */
KithPortMapState
kith_port_map_get_state (KithPortMap *self)
{
  return self->state;
}

/**
 * kith_port_map_get_method:
 * @self: a port map
 *
 * Returns: how the router was asked that mapped
 */
KithPortMapMethod
kith_port_map_get_method (KithPortMap *self)
{
  return self->method;
}

/**
 * kith_port_map_get_detail:
 * @self: a port map
 *
 * Returns: (transfer none): what the routers answered, in technical words of ours; maybe empty
 */
const char *
kith_port_map_get_detail (KithPortMap *self)
{
  return self->detail;
}

/**
 * kith_port_map_get_external:
 * @self: a port map
 * @out: (out): where we are reached from outside, as the router says
 *
 * Returns: %FALSE when the state is not %KITH_PORT_MAP_MAPPED
 */
gboolean
kith_port_map_get_external (KithPortMap *self, KithEndpoint *out)
{
  *out = self->external;
  return self->state == KITH_PORT_MAP_MAPPED;
}

/**
 * kith_port_map_get_pinhole:
 * @self: a port map
 *
 * Returns: %KITH_PORT_MAP_MAPPED when the router lets in to a global IPv6 address of ours, and
 *   %KITH_PORT_MAP_OFF when there is none; never %KITH_PORT_MAP_DOUBLE_NAT
 */
KithPortMapState
kith_port_map_get_pinhole (KithPortMap *self)
{
  return self->pinhole;
}

/**
 * kith_port_map_get_pinhole_detail:
 * @self: a port map
 *
 * Returns: (transfer none): what the router answered, in technical words of ours; maybe empty
 */
const char *
kith_port_map_get_pinhole_detail (KithPortMap *self)
{
  return kith_pinholes_get_detail (self->pinholes);
}

static void
kith_port_map_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithPortMap *self = KITH_PORT_MAP (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_METHOD:
      g_value_set_uint (value, self->method);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_PINHOLE:
      g_value_set_uint (value, self->pinhole);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_port_map_finalize (GObject *object)
{
  KithPortMap *self = KITH_PORT_MAP (object);

  drop_mappers (self);
  kith_pinholes_free (self->pinholes);
  kith_source_clear (&self->timer);
  kith_source_clear (&self->forgotten);
  clear_details (self);
  g_free (self->detail);

  G_OBJECT_CLASS (kith_port_map_parent_class)->finalize (object);
}

static void
kith_port_map_class_init (KithPortMapClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_port_map_get_property;
  object_class->finalize = kith_port_map_finalize;

  properties[PROP_STATE] =
    g_param_spec_uint ("state", NULL, NULL, 0, KITH_PORT_MAP_DOUBLE_NAT, 0, flags);
  properties[PROP_METHOD] =
    g_param_spec_uint ("method", NULL, NULL, 0, KITH_PORT_MAP_METHOD_PCP, 0, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, "", flags);
  properties[PROP_PINHOLE] =
    g_param_spec_uint ("pinhole", NULL, NULL, 0, KITH_PORT_MAP_DOUBLE_NAT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_port_map_init (KithPortMap *self)
{
  static const KithPinholesEvents pinholes_events = { show_pinhole, forget };

  self->detail = g_strdup ("");
  self->times = (KithPortMapTimes){
    .search_ms = KITH_LIMIT_PORT_MAP_SEARCH_MS,
    .again_ms = KITH_LIMIT_PORT_MAP_AGAIN_MS,
    .remove_ms = KITH_LIMIT_PORT_MAP_REMOVE_MS,
    .lease_s = KITH_LIMIT_PORT_MAP_LEASE_S,
  };
  kith_env_random_bytes (kith_env_get_default (), self->nonce, sizeof self->nonce);
  self->pinholes = kith_pinholes_new (&self->times, self->nonce, &pinholes_events, self);
}

/**
 * kith_port_map_new:
 *
 * Keeps one TCP port mapped on the router of the home, by PCP, NAT-PMP or UPnP-IGD,
 * and the way to our IPv6 addresses open. Main thread.
 *
 * Returns: (transfer full): a port map that is off
 */
KithPortMap *
kith_port_map_new (void)
{
  return g_object_new (KITH_TYPE_PORT_MAP, NULL);
}
