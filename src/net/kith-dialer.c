/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialling somebody at one or several endpoints: the first complete handshake wins.
 *
 * Endpoints are tried one after the other, each 250 ms after the last or as soon as that failed,
 * so that an address that swallows packets delays nobody. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-dialer.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-timer.h"
#include "net/kith-connect.h"

typedef struct
{
  KithLocal    *local;     /* (owned) */
  GProxyResolver *proxy;   /* (owned) (nullable): when it began */
  KithDialerTry tries[KITH_LIMIT_ENDPOINTS];
  guint         n_endpoints;
  guint         n_started;
  guint8        expected[KITH_IDENTITY_KEY_BYTES];
  gboolean      has_expected;
  KithEntry     entry;
  GPtrArray    *attempts;  /* (owned) Attempt */
  KithTimer    *stagger;   /* (owned) (nullable) */
  gulong        cancelled;
  GError       *error;     /* (owned) (nullable): the most telling one so far */
  gboolean      done;
} Dial;

typedef struct
{
  GTask        *task;        /* (unowned): it owns the dial, which owns the attempts. NULL = dropped */
  guint         number;      /* of its try */
  gboolean      connecting;  /* then connected_cb() is still to come, also after it was dropped */
  GCancellable *cancellable; /* (owned) */
  KithChannel  *channel;     /* (owned) (nullable): shaking hands */
} Attempt;

static void start_next (GTask *task);

static void
attempt_free (Attempt *attempt)
{
  attempt->task = NULL;
  if (attempt->connecting)
    {
      g_cancellable_cancel (attempt->cancellable);
      return;
    }

  if (attempt->channel != NULL)
    {
      kith_channel_set_events (attempt->channel, NULL, NULL);
      kith_channel_unref (attempt->channel);
    }
  g_object_unref (attempt->cancellable);
  g_free (attempt);
}

static void
dial_free (Dial *dial)
{
  kith_timer_clear (&dial->stagger);
  g_ptr_array_unref (dial->attempts);
  g_clear_error (&dial->error);
  kith_local_unref (dial->local);
  g_clear_object (&dial->proxy);
  kith_entry_clear (&dial->entry);
  g_free (dial);
}

/* --- The outcome ---------------------------------------------------------------------------- */

/* Of several failures, the one that tells the user most. */
static guint
telling (const GError *error)
{
  static const KithError order[] = { KITH_ERROR_WRONG_IDENTITY, KITH_ERROR_SELF, KITH_ERROR_NOT_KITH,
                                     KITH_ERROR_PROTOCOL, KITH_ERROR_NOT_ADMITTED, KITH_ERROR_PEER_CLOSED, KITH_ERROR_REFUSED,
                                     KITH_ERROR_BLOCKED_BY_PROXY, KITH_ERROR_TIMEOUT, KITH_ERROR_UNREACHABLE };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (g_error_matches (error, KITH_ERROR, (gint) order[i]))
      return i;

  return G_N_ELEMENTS (order);
}

/* Ends the dial once: drops what is under way and answers the task from the main loop. */
static void
end (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  dial->done = TRUE;
  kith_timer_clear (&dial->stagger);
  if (dial->cancelled != 0 && cancellable != NULL)
    g_signal_handler_disconnect (cancellable, dial->cancelled);
  dial->cancelled = 0;
  g_ptr_array_set_size (dial->attempts, 0);
}

/* Takes the reference that the dial in progress holds on its task. */
static void
succeed (GTask *task, KithSession *session)
{
  end (task);
  g_task_return_pointer (task, session, (GDestroyNotify) kith_session_unref);
  g_object_unref (task);
}

static void
fail (GTask *task, GError *error)
{
  end (task);
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
attempt_failed (Attempt *attempt, GError *error)
{
  GTask *task = attempt->task;
  Dial *dial = g_task_get_task_data (task);

  dial->tries[attempt->number].outcome = KITH_DIALER_FAILED;
  dial->tries[attempt->number].error = kith_error_code_from_gerror (error);
  if (dial->error == NULL || telling (error) < telling (dial->error))
    {
      g_clear_error (&dial->error);
      dial->error = g_steal_pointer (&error);
    }
  g_clear_error (&error);
  g_ptr_array_remove (dial->attempts, attempt);

  if (dial->n_started < dial->n_endpoints)
    start_next (task);
  else if (dial->attempts->len == 0)
    fail (task, g_steal_pointer (&dial->error));
}

/* --- Shaking hands -------------------------------------------------------------------------- */

static void
ready (gpointer user_data)
{
  Attempt *attempt = user_data;
  KithSession *session = kith_session_new (attempt->channel);
  Dial *dial = g_task_get_task_data (attempt->task);

  dial->tries[attempt->number].outcome = KITH_DIALER_REACHED;
  g_clear_pointer (&attempt->channel, kith_channel_unref);
  succeed (attempt->task, session);
}

static void
ended (const GError *error, gpointer user_data)
{
  attempt_failed (user_data, g_error_copy (error));
}

static const KithChannelEvents channel_events = { ready, NULL, NULL, ended, NULL };

static void
shake_hands (Attempt *attempt, GSocket *socket)
{
  Dial *dial = g_task_get_task_data (attempt->task);
  const KithEndpoint *remote = &dial->tries[attempt->number].endpoint;
  g_autoptr (KithConnection) connection = kith_connection_new (socket, remote);

  attempt->channel = kith_channel_new_dialer (dial->local, connection,
                                              dial->has_expected ? dial->expected : NULL,
                                              &dial->entry);
  kith_channel_set_events (attempt->channel, &channel_events, attempt);
  kith_channel_start (attempt->channel);
}

/* --- Connecting ----------------------------------------------------------------------------- */

/* Not a byte goes by the way of before. */
static gboolean
is_around_proxy (const Attempt *attempt)
{
  const Dial *dial = g_task_get_task_data (attempt->task);

  return dial->proxy != kith_local_get_proxy (dial->local);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Attempt *attempt = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = kith_connect_finish (result, &error);

  attempt->connecting = FALSE;
  if (attempt->task == NULL)
    {
      if (socket != NULL)
        g_socket_close (socket, NULL);
      attempt_free (attempt);
    }
  else if (socket != NULL && is_around_proxy (attempt))
    {
      g_socket_close (socket, NULL);
      attempt_failed (attempt, g_error_new_literal (KITH_ERROR, KITH_ERROR_CANCELLED,
                                                    "The proxy is another one now"));
    }
  else if (socket != NULL)
    shake_hands (attempt, socket);
  else
    attempt_failed (attempt, g_steal_pointer (&error));
}

static gboolean
stagger_cb (gpointer user_data)
{
  GTask *task = user_data;
  Dial *dial = g_task_get_task_data (task);

  kith_timer_clear (&dial->stagger);
  start_next (task);
  return G_SOURCE_REMOVE;
}

static void
start_next (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->task = task;
  attempt->number = dial->n_started++;
  attempt->connecting = TRUE;
  attempt->cancellable = g_cancellable_new ();

  kith_timer_clear (&dial->stagger);
  if (dial->n_started < dial->n_endpoints)
    kith_timer_start (&dial->stagger, KITH_LIMIT_DIAL_STAGGER_MS, stagger_cb, task);

  g_ptr_array_add (dial->attempts, attempt);
  kith_connect_async (&dial->tries[attempt->number].endpoint, kith_local_get_proxy (dial->local),
                      attempt->cancellable, connected_cb, attempt);
}

/* --- Public --------------------------------------------------------------------------------- */

static gboolean
cancelled_idle_cb (gpointer user_data)
{
  GTask *task = user_data;
  Dial *dial = g_task_get_task_data (task);

  if (!dial->done)
    fail (task, g_error_new_literal (KITH_ERROR, KITH_ERROR_CANCELLED, "The dial was cancelled"));
  return G_SOURCE_REMOVE;
}

/* Not from here: whoever cancels may hold what the callback would free. */
static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = user_data;
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, cancelled_idle_cb, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
  g_source_unref (source);
}

/**
 * kith_dialer_dial_async:
 * @local: who we are
 * @endpoints: (array length=n_endpoints): where to dial, the likeliest first
 * @n_endpoints: at most %KITH_LIMIT_ENDPOINTS, the rest is left out
 * @expected: (nullable): the identity key of the one we want; nobody else will do
 * @entry: (nullable): with what to ask to be let in; without it the dial is open
 * @cancellable: (nullable): to give up
 * @callback: called when it is decided, never from within this call
 * @user_data: given to it
 *
 * Connects and shakes hands. Main thread.
 */
void
kith_dialer_dial_async (KithLocal *local, const KithEndpoint *endpoints, guint n_endpoints,
                        const guint8 *expected, const KithEntry *entry, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Dial *dial = g_new0 (Dial, 1);

  g_task_set_source_tag (task, kith_dialer_dial_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, dial, (GDestroyNotify) dial_free);

  dial->local = kith_local_ref (local);
  g_set_object (&dial->proxy, kith_local_get_proxy (local));
  dial->n_endpoints = MIN (n_endpoints, KITH_LIMIT_ENDPOINTS);
  for (guint i = 0; i < dial->n_endpoints; i++)
    dial->tries[i].endpoint = endpoints[i];
  dial->attempts = g_ptr_array_new_with_free_func ((GDestroyNotify) attempt_free);
  if (expected != NULL)
    {
      memcpy (dial->expected, expected, sizeof dial->expected);
      dial->has_expected = TRUE;
    }
  kith_entry_init_copy (&dial->entry, entry);

  if (dial->n_endpoints == 0)
    {
      fail (task, g_error_new_literal (KITH_ERROR, KITH_ERROR_UNREACHABLE, "No address is known"));
      return;
    }

  if (g_cancellable_is_cancelled (cancellable))
    {
      cancelled_cb (cancellable, task);
      return;
    }

  if (cancellable != NULL)
    dial->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);

  start_next (task);
}

/**
 * kith_dialer_dial_finish:
 * @result: the result
 * @error: return location for a #GError
 *
 * Errors: %KITH_ERROR_REFUSED, %KITH_ERROR_TIMEOUT, %KITH_ERROR_UNREACHABLE, %KITH_ERROR_NOT_KITH,
 * %KITH_ERROR_PEER_CLOSED, %KITH_ERROR_WRONG_IDENTITY, %KITH_ERROR_SELF, %KITH_ERROR_PROTOCOL,
 * %KITH_ERROR_NOT_ADMITTED (with a passphrase), %KITH_ERROR_BLOCKED_BY_PROXY,
 * %KITH_ERROR_CANCELLED.
 *
 * A dial that was cancelled yields no session, also when it had one already; neither does one that
 * has not gone through the proxy of now.
 *
 * Returns: (transfer full): a session that is waiting for kith_session_open()
 */
KithSession *
kith_dialer_dial_finish (GAsyncResult *result, GError **error)
{
  GTask *task = G_TASK (result);
  const Dial *dial = g_task_get_task_data (task);
  g_autoptr (GError) cause = NULL;
  g_autoptr (KithSession) session = g_task_propagate_pointer (task, &cause);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_CANCELLED, "The dial was cancelled");
  else if (session != NULL && dial->proxy != kith_local_get_proxy (dial->local))
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_CANCELLED, "The proxy is another one now");
  else if (session == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    return g_steal_pointer (&session);

  return NULL;
}

/**
 * kith_dialer_dial_get_tries:
 * @result: the result
 * @n: (out): how many
 *
 * What came of each endpoint, in the order in which they were given.
 *
 * Returns: (transfer none) (array length=n): valid as long as @result
 */
const KithDialerTry *
kith_dialer_dial_get_tries (GAsyncResult *result, guint *n)
{
  const Dial *dial = g_task_get_task_data (G_TASK (result));

  *n = dial->n_endpoints;
  return dial->tries;
}
