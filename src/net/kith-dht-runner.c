/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of our DHT node: hosts that come and go.
 *
 * The library does not know that the network changed, and tells its nodes only at its end. So after a
 * change, and every few hours, a new host takes over from the old one, with all operations. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-dht-runner.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/kith-error.h"
#include "base/kith-source.h"
#include "net/kith-dht-runner-private.h"
#include "net/kith-dht-state.h"

enum
{
  PROP_STATE = 1,
  PROP_NODES,
};

static void kith_dht_runner_iface_init (KithDhtInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KithDhtRunner, kith_dht_runner, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (KITH_TYPE_DHT, kith_dht_runner_iface_init))

static guint saved_signal;

static void begin (KithDhtRunner *self);

/* --- Timers --------------------------------------------------------------------------------- */

static void
clear_timers (KithDhtRunner *self)
{
  kith_source_clear (&self->probe_source);
  kith_source_clear (&self->renewal_source);
  kith_source_clear (&self->retry_source);
  kith_source_clear (&self->pace_source);
  kith_dht_runner_found_way (self);
}

/* --- What is told --------------------------------------------------------------------------- */

/**
 * kith_dht_runner_set_state: (skip)
 * @self: a runner
 * @state: what it is from now on
 *
 * Whoever is told of it may let go of @self.
 */
void
kith_dht_runner_set_state (KithDhtRunner *self, KithDhtState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

/**
 * kith_dht_runner_set_nodes: (skip)
 * @self: a runner
 * @n_nodes: how many nodes are known to answer
 */
void
kith_dht_runner_set_nodes (KithDhtRunner *self, guint n_nodes)
{
  if (self->n_nodes == n_nodes)
    return;

  self->n_nodes = n_nodes;
  g_object_notify (G_OBJECT (self), "nodes");
}

static void
set_addresses (KithDhtRunner *self, const KithEndpoint *addresses, guint n)
{
  gboolean same = n == self->n_addresses;

  for (guint i = 0; same && i < n; i++)
    same = kith_endpoint_equal (&self->addresses[i], &addresses[i]);
  if (same)
    return;

  self->n_addresses = MIN (n, KITH_LIMIT_DHT_PUBLIC_ADDRESSES);
  for (guint i = 0; i < self->n_addresses; i++)
    self->addresses[i] = addresses[i];
  g_signal_emit_by_name (self, "public-addresses-changed");
}

/* --- Leaving a host ------------------------------------------------------------------------- */

/* Nothing of the host is used any more; its end comes with ended(). */
static void
leave (KithDhtRunner *self)
{
  gboolean save = self->is_heard && self->state == KITH_DHT_CONNECTED;

  clear_timers (self);
  self->is_heard = FALSE;
  self->probe = 0;
  self->n_ponged = 0;
  self->bound_port = 0;
  if (self->host == NULL)
    return;

  kith_dht_host_end (self->host, save);
  self->ending = g_steal_pointer (&self->host);
  kith_dht_runner_issue_anew (self);
}

static void
return_stops (KithDhtRunner *self)
{
  g_autoptr (GPtrArray) stops = g_steal_pointer (&self->stops);

  self->stops = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < stops->len; i++)
    g_task_return_boolean (g_ptr_array_index (stops, i), TRUE);
}

/**
 * kith_dht_runner_renew: (skip)
 * @self: a runner
 *
 * Another host takes over, and everything is begun anew.
 */
void
kith_dht_runner_renew (KithDhtRunner *self)
{
  self->is_renewed = TRUE;
  leave (self);
}

static gboolean
renewal_cb (gpointer user_data)
{
  kith_dht_runner_renew (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * kith_dht_runner_renew_later: (skip)
 * @self: a runner whose host was heard
 *
 * Does so when this host has become old: the first of them sooner than the others.
 */
void
kith_dht_runner_renew_later (KithDhtRunner *self)
{
  kith_source_start (&self->renewal_source,
                     self->is_renewed ? self->times.renewal_ms : self->times.first_renewal_ms,
                     renewal_cb, self);
}

/* --- Events of the host --------------------------------------------------------------------- */

/* Whoever is told of a change may let go of us: these hold a reference while they tell. */

static gboolean
retry_cb (gpointer user_data)
{
  g_autoptr (KithDhtRunner) self = g_object_ref (user_data);

  kith_source_clear (&self->retry_source);
  begin (self);
  return G_SOURCE_REMOVE;
}

static void
retry_later (KithDhtRunner *self)
{
  guint shift = MIN (self->n_failures, 10);

  self->n_failures++;
  kith_source_start (&self->retry_source,
                     MIN (self->times.backoff_max_ms, self->times.backoff_min_ms << shift), retry_cb,
                     self);
}

static void
started_cb (guint16 port, gpointer user_data)
{
  g_autoptr (KithDhtRunner) self = g_object_ref (user_data);

  if (port == 0)
    {
      g_message ("The UDP port cannot be bound");
      self->last_port = 0;
      leave (self);
      kith_dht_runner_lose (self);
      retry_later (self);
      return;
    }

  self->n_failures = 0;
  self->bound_port = self->last_port = port;
  kith_dht_runner_find_way (self);
}

static void
ponged_cb (gboolean ok, gpointer user_data)
{
  g_autoptr (KithDhtRunner) self = g_object_ref (user_data);

  if (!ok)
    {
      /* A quiet renewal that nobody answers is not quiet any more. */
      if (!self->is_heard)
        kith_dht_runner_lose (self);
      return;
    }

  self->n_ponged++;
  kith_dht_runner_set_nodes (self, MAX (self->n_nodes, self->n_ponged));
  kith_dht_runner_hear (self);
}

static void
value_cb (guint handle, const guint8 *data, gsize len, gpointer user_data)
{
  kith_dht_runner_take_value (user_data, handle, data, len);
}

static void
done_cb (guint handle, gboolean ok, gpointer user_data)
{
  g_autoptr (KithDhtRunner) self = g_object_ref (user_data);

  if (handle != self->probe)
    {
      kith_dht_runner_take_done (self, handle, ok);
      return;
    }

  self->probe = 0;
  if (ok)
    kith_dht_runner_hear (self);
  else if (self->state == KITH_DHT_CONNECTED)
    kith_dht_runner_lose (self);
}

static void
addresses_cb (const KithEndpoint *addresses, guint n, gpointer user_data)
{
  set_addresses (user_data, addresses, n);
}

static void
ended_cb (gboolean is_told, guint n_good, const KithEndpoint *nodes, guint n, gpointer user_data)
{
  g_autoptr (KithDhtRunner) self = g_object_ref (user_data);

  g_clear_pointer (&self->ending, kith_dht_host_unref);
  if (is_told && n > 0)
    {
      g_autoptr (GBytes) saved = kith_dht_state_save (nodes, n);

      kith_dht_runner_know (self, nodes, n);
      if (self->state == KITH_DHT_CONNECTED)
        kith_dht_runner_set_nodes (self, n_good);
      g_signal_emit (self, saved_signal, 0, saved);
    }
  else if (self->is_wanted)
    kith_dht_runner_lose (self);

  if (self->retry_source == NULL)
    begin (self);
  return_stops (self);
}

static const KithDhtHostEvents host_events
    = { started_cb, ponged_cb, value_cb, done_cb, addresses_cb, ended_cb };

/* --- Beginning ------------------------------------------------------------------------------ */

/* The library waits with select(), for which a descriptor of 1024 or more is out of bounds. It
 * opens a pipe and two sockets. */
static gboolean
check_descriptors (GError **error)
{
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  if (fd >= 0)
    close (fd);
  if (fd >= 0 && fd < KITH_LIMIT_DHT_DESCRIPTOR)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_BUSY,
                       "Too many files and connections are open to start the DHT");
  return FALSE;
}

/* Begins a host, if one is wanted and the one before has gone. */
static void
begin (KithDhtRunner *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->is_wanted || self->host != NULL || self->ending != NULL)
    return;

  if (check_descriptors (&error))
    {
      self->host = kith_dht_host_new (self->port != 0 ? self->port : self->last_port, self->network,
                                      &host_events, self);
      return;
    }

  g_message ("%s", error->message);
  kith_dht_runner_lose (self);
  retry_later (self);
}

/* The library reports every failure alike, and is content with IPv6 when IPv4 has no port. */
static gboolean
check_port (guint16 port, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GInetAddress) any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (any, port);
  g_autoptr (GError) cause = NULL;

  socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &cause);
  if (socket == NULL || g_socket_bind (socket, address, FALSE, &cause))
    return TRUE;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_set_error (error, KITH_ERROR, KITH_ERROR_PORT_IN_USE, "Another program has UDP port %u",
                 port);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, KITH_ERROR, KITH_ERROR_PERMISSION, "The system does not allow UDP port %u",
                 port);
  else
    return TRUE;

  return FALSE;
}

/* --- The object ----------------------------------------------------------------------------- */

static void
kith_dht_runner_iface_init (KithDhtInterface *iface)
{
  kith_dht_runner_operations_iface (iface);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KithDhtRunner *self = KITH_DHT_RUNNER (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (gint) self->state);
      break;
    case PROP_NODES:
      g_value_set_uint (value, self->n_nodes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
finalize (GObject *object)
{
  KithDhtRunner *self = KITH_DHT_RUNNER (object);

  clear_timers (self);
  if (self->host != NULL)
    {
      kith_dht_host_disconnect (self->host);
      kith_dht_host_end (self->host, FALSE);
    }
  if (self->ending != NULL)
    kith_dht_host_disconnect (self->ending);
  g_clear_pointer (&self->host, kith_dht_host_unref);
  g_clear_pointer (&self->ending, kith_dht_host_unref);
  kith_dht_runner_operations_clear (self);
  g_ptr_array_unref (self->stops);
  g_strfreev (self->bootstrap);
  G_OBJECT_CLASS (kith_dht_runner_parent_class)->finalize (object);
}

static void
kith_dht_runner_class_init (KithDhtRunnerClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = get_property;
  object_class->finalize = finalize;
  g_object_class_override_property (object_class, PROP_STATE, "state");
  g_object_class_override_property (object_class, PROP_NODES, "nodes");

  /**
   * KithDhtRunner::saved:
   * @self: a runner
   * @saved: addresses of nodes that are good, for the next start: no name of ours and no value is
   * in it
   *
   * Comes some minutes after the start, then every few hours, and when it stops.
   */
  saved_signal = g_signal_new ("saved", KITH_TYPE_DHT_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
}

static void
kith_dht_runner_init (KithDhtRunner *self)
{
  self->times = (KithDhtTimes){
    .get_ms = KITH_LIMIT_DHT_GET_MS,
    .round_ms = KITH_LIMIT_DHT_ROUND_MS,
    .backoff_min_ms = KITH_LIMIT_DHT_BACKOFF_MIN_MS,
    .backoff_max_ms = KITH_LIMIT_DHT_BACKOFF_MAX_MS,
    .probe_ms = KITH_LIMIT_DHT_PROBE_MS,
    .probe_soon_ms = KITH_LIMIT_DHT_PROBE_SOON_MS,
    .first_renewal_ms = KITH_LIMIT_DHT_FIRST_RENEWAL_S * 1000,
    .renewal_ms = KITH_LIMIT_DHT_RENEWAL_S * 1000,
  };
  self->stops = g_ptr_array_new_with_free_func (g_object_unref);
  kith_dht_runner_operations_init (self);
}

/**
 * kith_dht_runner_new:
 *
 * Returns: (transfer full): a runner, off
 */
KithDhtRunner *
kith_dht_runner_new (void)
{
  return g_object_new (KITH_TYPE_DHT_RUNNER, NULL);
}

/**
 * kith_dht_runner_start:
 * @self: a runner that is off
 * @config: (transfer none): how
 * @error: return location for a #GError
 *
 * Starts it. With nobody to ask it waits for kith_dht_runner_add_node(). When the port is taken by
 * somebody else in the very same moment, or there are too many descriptors later, it tries again by
 * itself.
 *
 * Errors: %KITH_ERROR_EXISTS when it is started, %KITH_ERROR_PORT_IN_USE, %KITH_ERROR_PERMISSION,
 * %KITH_ERROR_TOO_BIG for too many hosts, %KITH_ERROR_BUSY when too many descriptors are open.
 *
 * Returns: whether it starts
 */
gboolean
kith_dht_runner_start (KithDhtRunner *self, const KithDhtConfig *config, GError **error)
{
  KithEndpoint nodes[KITH_LIMIT_DHT_SAVED_NODES];
  guint n_hosts = 0;

  g_return_val_if_fail (KITH_IS_DHT_RUNNER (self), FALSE);

  while (config->bootstrap != NULL && config->bootstrap[n_hosts] != NULL)
    n_hosts++;
  if (self->is_wanted)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_EXISTS, "The DHT is started already");
      return FALSE;
    }
  if (n_hosts > KITH_LIMIT_DHT_BOOTSTRAP_HOSTS)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "Too many bootstrap hosts");
      return FALSE;
    }
  /* Our own last host may have the port still: begin() waits for it. */
  if (!check_descriptors (error)
      || (config->port != 0 && self->ending == NULL && !check_port (config->port, error)))
    return FALSE;

  self->port = config->port;
  self->last_port = 0;
  self->network = config->network;
  g_strfreev (self->bootstrap);
  self->bootstrap = g_strdupv ((char **) config->bootstrap);
  kith_dht_runner_know (self, nodes,
                        kith_dht_state_load (config->saved, nodes, G_N_ELEMENTS (nodes)));
  self->is_wanted = TRUE;
  self->is_renewed = FALSE;
  self->lost_us = 0;
  self->n_failures = 0;
  kith_dht_runner_set_state (self, KITH_DHT_CONNECTING);
  begin (self);
  return TRUE;
}

/**
 * kith_dht_runner_stop_async:
 * @self: a runner, in any state
 * @cancellable: (nullable): unused
 * @callback: (nullable): called when the port is free again, after a little more than
 *   %KITH_LIMIT_DHT_STOP_MS at most
 * @user_data: given to it
 *
 * Stops it. Operations stay for the next start. KithDhtRunner::saved comes before @callback.
 */
void
kith_dht_runner_stop_async (KithDhtRunner *self, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_dht_runner_stop_async);
  g_task_set_check_cancellable (task, FALSE);
  g_ptr_array_add (self->stops, task);

  self->is_wanted = FALSE;
  leave (self);
  kith_dht_runner_set_nodes (self, 0);
  set_addresses (self, NULL, 0);
  kith_dht_runner_set_state (self, KITH_DHT_OFF);
  if (self->ending == NULL)
    return_stops (self);
}

/**
 * kith_dht_runner_stop_finish:
 * @self: a runner
 * @result: the result
 * @error: never set
 *
 * Returns: %TRUE
 */
gboolean
kith_dht_runner_stop_finish (KithDhtRunner *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * kith_dht_runner_network_changed:
 * @self: a runner
 *
 * After suspend or a change of network: finds the way again, begins all operations anew and asks
 * again for our public addresses.
 */
void
kith_dht_runner_network_changed (KithDhtRunner *self)
{
  g_return_if_fail (KITH_IS_DHT_RUNNER (self));

  if (!self->is_wanted)
    return;

  set_addresses (self, NULL, 0);
  self->n_failures = 0;
  if (self->is_heard)
    {
      kith_dht_runner_renew (self);
      kith_dht_runner_lose (self);
    }
  else if (self->bound_port != 0)
    kith_dht_runner_find_way (self);
  else
    retry_cb (self);
}

/**
 * kith_dht_runner_get_port:
 * @self: a runner
 *
 * Returns: the UDP port, or 0 while there is none
 */
guint16
kith_dht_runner_get_port (KithDhtRunner *self)
{
  return self->bound_port;
}

/**
 * kith_dht_runner_get_times:
 * @self: a runner
 *
 * For tests alone.
 *
 * Returns: (transfer none): the times, which tests may shorten before they start it
 */
KithDhtTimes *
kith_dht_runner_get_times (KithDhtRunner *self)
{
  return &self->times;
}
