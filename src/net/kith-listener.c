/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 3: accepting connections, and what nobody may do before we know who it is. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-listener.h"

#include <netinet/in.h>

#include "base/kith-error.h"
#include "base/kith-source.h"
#include "net/kith-admission.h"

#define NEXT_PORTS 32
#define BACKLOG 64
#define ACCEPTS_PER_TURN 16
#define RETRY_MS 1000

typedef struct
{
  KithListener *listener; /* (unowned) */
  KithChannel  *channel;  /* (owned) */
  KithEndpoint  remote;
} HalfOpen;

struct _KithListener
{
  KithLocal        *local;     /* (owned) */
  KithListenerFunc  func;
  gpointer          user_data;
  GSocket          *socket;    /* (owned) (nullable) */
  GSource          *source;    /* (owned) (nullable) */
  guint16           port;
  KithAdmission    *admission; /* (owned) */
  GQueue            half_open; /* (owned) HalfOpen, the oldest first */
};

static gboolean incoming_cb (GSocket *socket, GIOCondition condition, gpointer user_data);

/* --- Half-open connections ------------------------------------------------------------------ */

static void
half_open_free (HalfOpen *self)
{
  kith_channel_set_events (self->channel, NULL, NULL);
  kith_channel_unref (self->channel);
  g_free (self);
}

static void
half_open_remove (HalfOpen *self)
{
  g_queue_remove (&self->listener->half_open, self);
  kith_admission_leave (self->listener->admission, &self->remote);
}

static void
ready (gpointer user_data)
{
  HalfOpen *self = user_data;
  KithListener *listener = self->listener;
  g_autoptr (KithSession) session = NULL;

  half_open_remove (self);
  session = kith_session_new (self->channel);
  kith_channel_unref (self->channel);
  g_free (self);
  listener->func (session, listener->user_data);
}

static void
ended (const GError *error, gpointer user_data)
{
  HalfOpen *self = user_data;

  half_open_remove (self);
  half_open_free (self);
}

static const KithChannelEvents half_open_events = { ready, NULL, NULL, ended, NULL };

static void
evict_oldest_of (KithListener *self, guint64 prefix)
{
  for (GList *link = self->half_open.head; link != NULL; link = link->next)
    {
      HalfOpen *half_open = link->data;

      if (kith_admission_prefix (&half_open->remote) != prefix)
        continue;
      half_open_remove (half_open);
      half_open_free (half_open);
      return;
    }
}

/* --- Accepting ------------------------------------------------------------------------------ */

static gboolean
may_enter (KithListener *self, GSocket *socket, KithEndpoint *remote)
{
  g_autoptr (GSocketAddress) address = g_socket_get_remote_address (socket, NULL);
  guint64 evict;

  if (!kith_endpoint_from_socket_address (remote, address))
    return FALSE;

  switch (kith_admission_ask (self->admission, remote, &evict))
    {
    case KITH_ADMISSION_YES:
      return TRUE;
    case KITH_ADMISSION_EVICT:
      evict_oldest_of (self, evict);
      return TRUE;
    case KITH_ADMISSION_NO:
      break;
    }

  return FALSE;
}

static void
take_socket (KithListener *self, GSocket *socket)
{
  g_autoptr (KithConnection) connection = NULL;
  KithEndpoint remote;
  HalfOpen *half_open;

  if (!may_enter (self, socket, &remote))
    {
      g_socket_close (socket, NULL);
      return;
    }

  connection = kith_connection_new (socket, NULL);
  half_open = g_new0 (HalfOpen, 1);
  half_open->listener = self;
  half_open->remote = remote;
  half_open->channel = kith_channel_new_listener (self->local, connection);
  g_queue_push_tail (&self->half_open, half_open);
  kith_admission_enter (self->admission, &remote);
  kith_channel_set_events (half_open->channel, &half_open_events, half_open);
  kith_channel_start (half_open->channel);
}

static void
stop_watching (KithListener *self)
{
  kith_source_clear (&self->source);
}

static void
watch (KithListener *self)
{
  stop_watching (self);
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (incoming_cb), self, NULL);
  g_source_set_static_name (self->source, "kith-listener");
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static gboolean
retry_cb (gpointer user_data)
{
  watch (user_data);
  return G_SOURCE_REMOVE;
}

/* Out of file descriptors: the connection stays ready to be accepted, and asking again at once
 * would only burn the processor. */
static void
retry_later (KithListener *self)
{
  kith_source_start (&self->source, RETRY_MS, retry_cb, self);
}

static gboolean
incoming_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  KithListener *self = user_data;

  for (guint i = 0; i < ACCEPTS_PER_TURN; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) incoming = g_socket_accept (socket, NULL, &error);

      if (incoming == NULL)
        {
          if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)
              || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
            return G_SOURCE_CONTINUE;
          retry_later (self);
          return G_SOURCE_REMOVE;
        }

      take_socket (self, incoming);
    }

  return G_SOURCE_CONTINUE;
}

/* --- Binding -------------------------------------------------------------------------------- */

static void
set_bind_error (GError **error, const GError *cause)
{
  KithError code = KITH_ERROR_FAILED;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    code = KITH_ERROR_PORT_IN_USE;
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    code = KITH_ERROR_PERMISSION;
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_FAILED)
           || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)
           || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    code = KITH_ERROR_ADDRESS_UNAVAILABLE;

  g_set_error_literal (error, KITH_ERROR, (gint) code, cause->message);
}

static GSocket *
bind_one (GInetAddress *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new (address, port);
  GSocketFamily family = g_inet_address_get_family (address);
  g_autoptr (GSocket) socket = NULL;

  socket = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (family == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY,
                         g_inet_address_get_is_any (address) ? 0 : 1, NULL);

  if (!g_socket_bind (socket, where, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}

/* Every address is [::], which takes IPv4 along; without IPv6 in this system, 0.0.0.0. */
static GSocket *
bind_any (guint16 port, GError **error)
{
  g_autoptr (GInetAddress) any6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) any4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GError) error6 = NULL;
  GSocket *socket = bind_one (any6, port, &error6);

  if (socket != NULL)
    return socket;

  if (g_error_matches (error6, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)
      || g_error_matches (error6, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    {
      g_propagate_error (error, g_steal_pointer (&error6));
      return NULL;
    }

  return bind_one (any4, port, error);
}

static GSocket *
bind_socket (const char *address, guint16 port, GError **error)
{
  KithEndpoint endpoint;
  g_autoptr (GSocketAddress) where = NULL;

  if (address == NULL)
    return bind_any (port, error);

  /* The port plays no part in the parsing, and 0 is a fair one to listen on. */
  if (!kith_endpoint_parse (&endpoint, address, 1))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "That is not an IP address");
      return NULL;
    }

  where = kith_endpoint_to_socket_address (&endpoint);
  return bind_one (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (where)), port, error);
}

static guint16
port_of (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  return G_IS_INET_SOCKET_ADDRESS (address)
           ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address))
           : 0;
}

/**
 * kith_listener_start:
 * @self: a listener that has not started
 * @address: (nullable): the address to listen on, or %NULL for every one
 * @port: the port, 0 for any free one
 * @try_next: whether to take the next free port when @port is taken
 * @error: return location for a #GError
 *
 * Starts listening. Errors: %KITH_ERROR_INVALID, %KITH_ERROR_PORT_IN_USE,
 * %KITH_ERROR_ADDRESS_UNAVAILABLE, %KITH_ERROR_PERMISSION.
 *
 * Returns: whether it listens
 */
gboolean
kith_listener_start (KithListener *self, const char *address, guint16 port, gboolean try_next,
                     GError **error)
{
  g_autoptr (GError) cause = NULL;
  guint last = try_next && port != 0 ? MIN (port + NEXT_PORTS, G_MAXUINT16) : port;

  for (guint i = port; i <= last; i++)
    {
      g_clear_error (&cause);
      self->socket = bind_socket (address, (guint16) i, &cause);
      if (self->socket != NULL)
        break;
      if (cause->domain == KITH_ERROR
          || !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        break;
    }

  if (self->socket == NULL)
    {
      /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): one port at least was tried */
      if (cause->domain == KITH_ERROR)
        g_propagate_error (error, g_steal_pointer (&cause));
      else
        set_bind_error (error, cause);
      return FALSE;
    }

  self->port = port_of (self->socket);
  watch (self);
  return TRUE;
}

/**
 * kith_listener_get_port:
 * @self: a listener
 *
 * Returns: the port it listens on, 0 before it started
 */
guint16
kith_listener_get_port (KithListener *self)
{
  return self->port;
}

/**
 * kith_listener_get_half_open:
 * @self: a listener
 *
 * For tests alone.
 *
 * Returns: how many handshakes are under way
 */
guint
kith_listener_get_half_open (KithListener *self)
{
  return kith_admission_get_n (self->admission);
}

/**
 * kith_listener_new:
 * @local: who we are
 * @func: takes the sessions
 * @user_data: given to it
 *
 * Returns: (transfer full): a listener that does not listen yet
 */
KithListener *
kith_listener_new (KithLocal *local, KithListenerFunc func, gpointer user_data)
{
  KithListener *self = g_new0 (KithListener, 1);

  self->local = kith_local_ref (local);
  self->func = func;
  self->user_data = user_data;
  g_queue_init (&self->half_open);
  self->admission = kith_admission_new (kith_local_get_env (local),
                                        kith_local_get_timeouts (local)->handshakes_per_minute);
  return self;
}

/**
 * kith_listener_free:
 * @self: (transfer full): a listener
 *
 * Stops listening; handshakes that are under way are dropped, sessions go on.
 */
void
kith_listener_free (KithListener *self)
{
  stop_watching (self);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  g_queue_clear_full (&self->half_open, (GDestroyNotify) half_open_free);
  kith_admission_free (self->admission);
  kith_local_unref (self->local);
  g_free (self);
}
