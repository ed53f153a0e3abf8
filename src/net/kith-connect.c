/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TCP connection to one endpoint, directly or through a proxy. With a proxy nothing else is
 * tried: what goes around it would tell who is asking. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-connect.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-timer.h"
#include "net/kith-connection.h"
#include "net/kith-poller.h"

typedef struct
{
  GSocket      *socket;       /* (owned) (nullable): directly */
  KithWatch    *watch;        /* (owned) (nullable): its connecting */
  KithTimer    *timeout;      /* (owned) (nullable) */
  GCancellable *inner;        /* (owned): of the proxy's connecting */
  gulong        cancelled;
  gboolean      proxy_answers;
  gboolean      done;
} Connect;

static void
connect_free (Connect *connect)
{
  g_clear_pointer (&connect->watch, kith_watch_free);
  kith_timer_clear (&connect->timeout);
  g_clear_object (&connect->socket);
  g_object_unref (connect->inner);
  g_free (connect);
}

/* --- The outcome ---------------------------------------------------------------------------- */

static void
end (GTask *task)
{
  Connect *connect = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  connect->done = TRUE;
  g_clear_pointer (&connect->watch, kith_watch_free);
  kith_timer_clear (&connect->timeout);
  if (connect->cancelled != 0)
    g_signal_handler_disconnect (cancellable, connect->cancelled);
  connect->cancelled = 0;
}

/* Takes the reference that the connect holds on its task. */
static void
fail (GTask *task, GError *error)
{
  Connect *connect = g_task_get_task_data (task);

  end (task);
  if (connect->socket != NULL)
    g_socket_close (connect->socket, NULL);
  g_task_return_error (task, error);
  g_cancellable_cancel (connect->inner);
  g_object_unref (task);
}

static void
succeed (GTask *task, GSocket *socket)
{
  end (task);
  g_task_return_pointer (task, g_object_ref (socket), g_object_unref);
  g_object_unref (task);
}

static GError *
explain (const GError *cause)
{
  KithError code = KITH_ERROR_UNREACHABLE;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    code = KITH_ERROR_REFUSED;
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    code = KITH_ERROR_TIMEOUT;

  return g_error_new_literal (KITH_ERROR, (gint) code, cause->message);
}

static gboolean
timeout_cb (gpointer user_data)
{
  GTask *task = user_data;

  fail (task, g_error_new_literal (KITH_ERROR, KITH_ERROR_TIMEOUT, "No answer to the connection"));
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_idle_cb (gpointer user_data)
{
  GTask *task = user_data;
  const Connect *connect = g_task_get_task_data (task);

  if (!connect->done)
    fail (task, g_error_new_literal (KITH_ERROR, KITH_ERROR_CANCELLED, "It was cancelled"));
  return G_SOURCE_REMOVE;
}

/* Not from here: whoever cancels may hold what the callback would free. */
static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, cancelled_idle_cb, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

/* --- Directly ------------------------------------------------------------------------------- */

static void
connected_cb (GIOCondition ready, gpointer user_data)
{
  GTask *task = user_data;
  const Connect *connect = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (ready == G_IO_ERR)
    fail (task, g_error_new_literal (KITH_ERROR, KITH_ERROR_UNREACHABLE, "The system cannot watch the socket"));
  else if (g_socket_check_connect_result (connect->socket, &error))
    succeed (task, connect->socket);
  else
    fail (task, explain (error));
}

/* An error is reported from the main loop: a task does not call back from within. */
static void
connect_directly (GTask *task, const KithEndpoint *endpoint)
{
  Connect *connect = g_task_get_task_data (task);
  g_autoptr (GSocketAddress) address = kith_endpoint_to_socket_address (endpoint);
  g_autoptr (GError) error = NULL;

  connect->socket = g_socket_new (endpoint->family == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6,
                                  G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  if (connect->socket == NULL)
    {
      fail (task, explain (error));
      return;
    }

  g_socket_set_blocking (connect->socket, FALSE);
  if (!g_socket_connect (connect->socket, address, NULL, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PENDING))
    {
      fail (task, explain (error));
      return;
    }

  connect->watch = kith_watch_new (g_socket_get_fd (connect->socket), connected_cb, task);
  kith_watch_want (connect->watch, G_IO_OUT);
}

/* --- Through a proxy ------------------------------------------------------------------------ */

static void
event_cb (GSocketClient *client, GSocketClientEvent event, GSocketConnectable *connectable,
          GIOStream *stream, gpointer user_data)
{
  Connect *connect = g_task_get_task_data (user_data);

  if (event == G_SOCKET_CLIENT_PROXY_NEGOTIATING)
    connect->proxy_answers = TRUE;
}

/* What a proxy that answers says of the other side counts; anything else is about the proxy. */
static GError *
explain_proxy (const Connect *connect, const GError *cause)
{
  gboolean of_proxy = !connect->proxy_answers
                      || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED)
                      || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED)
                      || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH)
                      || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED);

  if (of_proxy)
    return g_error_new_literal (KITH_ERROR, KITH_ERROR_BLOCKED_BY_PROXY, cause->message);

  return explain (cause);
}

static void
proxied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Connect *connect = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  g_signal_handlers_disconnect_by_func (source, event_cb, task);
  if (connect->done && connection != NULL)
    g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  else if (!connect->done && connection == NULL)
    fail (task, explain_proxy (connect, error));
  else if (!connect->done)
    {
      GSocket *socket = g_socket_connection_get_socket (connection);

      g_socket_set_blocking (socket, FALSE);
      succeed (task, socket);
    }
}

static void
connect_through (GTask *task, const KithEndpoint *endpoint, GProxyResolver *proxy)
{
  const Connect *connect = g_task_get_task_data (task);
  g_autoptr (GSocketAddress) address = kith_endpoint_to_socket_address (endpoint);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  g_socket_client_set_proxy_resolver (client, proxy);
  g_signal_connect (client, "event", G_CALLBACK (event_cb), task);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), connect->inner, proxied_cb,
                                 g_object_ref (task));
}

/* --- Public --------------------------------------------------------------------------------- */

/**
 * kith_connect_async:
 * @endpoint: where to
 * @proxy: (nullable): what everything goes through; %NULL = directly
 * @cancellable: (nullable): to give up
 * @callback: called when it is decided, never from within this call
 * @user_data: given to it
 *
 * Connects within %KITH_LIMIT_CONNECT_MS. Main thread.
 */
void
kith_connect_async (const KithEndpoint *endpoint, GProxyResolver *proxy, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Connect *connect = g_new0 (Connect, 1);

  g_task_set_source_tag (task, kith_connect_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, connect, (GDestroyNotify) connect_free);
  connect->inner = g_cancellable_new ();

  if (g_cancellable_is_cancelled (cancellable))
    {
      cancelled_cb (cancellable, task);
      return;
    }

  if (cancellable != NULL)
    connect->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);

  kith_timer_start (&connect->timeout, KITH_LIMIT_CONNECT_MS, timeout_cb, task);

  if (proxy != NULL)
    connect_through (task, endpoint, proxy);
  else
    connect_directly (task, endpoint);
}

/**
 * kith_connect_finish:
 * @result: the result
 * @error: return location for a #GError
 *
 * Errors: %KITH_ERROR_REFUSED, %KITH_ERROR_TIMEOUT, %KITH_ERROR_UNREACHABLE,
 * %KITH_ERROR_BLOCKED_BY_PROXY, %KITH_ERROR_CANCELLED.
 *
 * Returns: (transfer full): a connected socket that does not block
 */
GSocket *
kith_connect_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
