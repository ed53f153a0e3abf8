/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenDHT, held so that it can neither block the main loop nor flood it.
 *
 * Three kinds of threads meet here. The owner's thread begins and cancels operations, which the
 * library only queues. A thread of the host's own makes the calls that wait for the library's lock:
 * running, asking for addresses, shutting down, deleting. The library's thread calls back while it
 * holds that lock, so callbacks copy, queue and return.
 *
 * What the library was given stays in @held until it says that it is done with it or is deleted: it
 * forgets to say so for operations that are under way at its end. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-dht-host.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <opendht/opendht_c.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/kith-limits.h"
#include "net/kith-connection.h"
#include "net/kith-dht-state.h"

#define STATE_POLL_US (10 * G_TIME_SPAN_MILLISECOND)

typedef enum
{
  COMMAND_LOOK = 1,
  COMMAND_END,
} Command;

typedef enum
{
  EVENT_STARTED,
  EVENT_PONGED,
  EVENT_VALUE,
  EVENT_DONE,
  EVENT_ADDRESSES,
  EVENT_ENDED,
} EventKind;

/* One operation as the library sees it. */
typedef struct
{
  gatomicrefcount ref_count;
  KithDhtHost    *host;   /* (unowned): outlives its tickets */
  guint           handle; /* 0 for a ping */
  dht_infohash    location;
  dht_value      *value;      /* (owned) (nullable): of a put */
  dht_op_token   *token;      /* (owned) (nullable): of a listen */
  gboolean        is_settled; /* done was called: a put has its id now */
  gboolean        is_cancelled;
  guint           n_waiting; /* values in the queue; under the lock */
} Ticket;

typedef struct
{
  EventKind     kind;
  gboolean      ok;
  Ticket       *ticket;    /* (owned) (nullable) */
  GBytes       *value;     /* (owned) (nullable) */
  KithEndpoint *endpoints; /* (owned) (nullable) */
  guint         n_endpoints;
  guint         number; /* a port, or how many nodes are good */
} Event;

struct _KithDhtHost
{
  gatomicrefcount          ref_count;
  GMainContext            *context;   /* (owned) */
  const KithDhtHostEvents *events;    /* (unowned) (nullable) when disconnected */
  gpointer                 user_data; /* (unowned) */
  guint16                  port;
  guint32                  network;
  gboolean                 save;       /* set before COMMAND_END */
  gboolean                 is_running; /* in the owner's thread: operations may be begun */
  GHashTable              *tickets;    /* (owned): handle -> Ticket, in the owner's thread */
  GAsyncQueue             *commands;   /* (owned) Command */

  dht_runner *runner;   /* (owned): deleted by the host's thread */
  gint        state_fd; /* -1 for none */

  GMutex      lock;
  GCond       shut_cond;
  gboolean    is_shut;   /* under the lock, as all that follows */
  gboolean    is_ending; /* nothing but EVENT_ENDED is queued any more */
  gboolean    has_source;
  GQueue      queue; /* (owned) Event */
  GHashTable *held;  /* (owned): Tickets that the library has, each with a ref */
};

/* --- Tickets and events --------------------------------------------------------------------- */

static Ticket *
ticket_ref (Ticket *ticket)
{
  g_atomic_ref_count_inc (&ticket->ref_count);
  return ticket;
}

static void
ticket_unref (Ticket *ticket)
{
  if (!g_atomic_ref_count_dec (&ticket->ref_count))
    return;

  g_clear_pointer (&ticket->value, dht_value_unref);
  g_clear_pointer (&ticket->token, dht_op_token_delete);
  g_free (ticket);
}

/* Returns: (transfer none): a ticket that the library may have from now on */
static Ticket *
ticket_new (KithDhtHost *self, guint handle, const guint8 *location)
{
  Ticket *ticket = g_new0 (Ticket, 1);

  g_atomic_ref_count_init (&ticket->ref_count);
  ticket->host = self;
  ticket->handle = handle;
  if (location != NULL)
    memcpy (ticket->location.d, location, sizeof ticket->location.d);
  if (handle != 0)
    g_hash_table_insert (self->tickets, GUINT_TO_POINTER (handle), ticket_ref (ticket));

  g_mutex_lock (&self->lock);
  g_hash_table_add (self->held, ticket);
  g_mutex_unlock (&self->lock);
  return ticket;
}

/* The library is done with it. */
static void
ticket_release (Ticket *ticket)
{
  KithDhtHost *self = ticket->host;

  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->held, ticket);
  g_mutex_unlock (&self->lock);
}

static void
event_free (Event *event)
{
  g_clear_pointer (&event->ticket, ticket_unref);
  g_clear_pointer (&event->value, g_bytes_unref);
  g_free (event->endpoints);
  g_free (event);
}

static gboolean dispatch_cb (gpointer user_data);

/* Queues an event for the owner; any thread, with the lock held. */
static void
post_locked (KithDhtHost *self, Event *event)
{
  g_autoptr (GSource) source = NULL;

  g_queue_push_tail (&self->queue, event);
  if (self->has_source)
    return;

  self->has_source = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (source, dispatch_cb, kith_dht_host_ref (self),
                         (GDestroyNotify) kith_dht_host_unref);
  g_source_attach (source, self->context);
}

static void
post (KithDhtHost *self, Event *event)
{
  gboolean drop;

  g_mutex_lock (&self->lock);
  drop = self->is_ending && event->kind != EVENT_ENDED;
  if (!drop)
    post_locked (self, event);
  g_mutex_unlock (&self->lock);

  if (drop)
    event_free (event);
}

/* --- Called by the library, which holds its lock -------------------------------------------- */

static gboolean
take_value (Ticket *ticket, const dht_value *value)
{
  KithDhtHost *self = ticket->host;
  dht_data_view view = dht_value_get_data (value);
  Event *event;

  if (view.size > KITH_LIMIT_DHT_VALUE_BYTES)
    return TRUE;

  g_mutex_lock (&self->lock);
  if (!self->is_ending && ticket->n_waiting < KITH_LIMIT_DHT_WAITING_VALUES)
    {
      ticket->n_waiting++;
      event = g_new0 (Event, 1);
      event->kind = EVENT_VALUE;
      event->ticket = ticket_ref (ticket);
      event->value = g_bytes_new (view.data, view.size);
      post_locked (self, event);
    }
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static bool
get_value_cb (const dht_value *value, void *user_data)
{
  return take_value (user_data, value);
}

static bool
listen_value_cb (const dht_value *value, bool expired, void *user_data)
{
  return expired || take_value (user_data, value);
}

static void
listen_gone_cb (void *user_data)
{
  ticket_release (user_data);
}

static void
done_cb (bool ok, void *user_data)
{
  Ticket *ticket = user_data;
  Event *event = g_new0 (Event, 1);

  event->kind = ticket->handle == 0 ? EVENT_PONGED : EVENT_DONE;
  event->ok = ok;
  event->ticket = ticket_ref (ticket);
  post (ticket->host, event);
  ticket_release (ticket);
}

static void
shut_cb (void *user_data)
{
  KithDhtHost *self = user_data;

  g_mutex_lock (&self->lock);
  self->is_shut = TRUE;
  g_cond_signal (&self->shut_cond);
  g_mutex_unlock (&self->lock);
}

/* --- The host's own thread ------------------------------------------------------------------ */

/* The library can give its state to a file only, and tells the nodes it knows nowhere else. This
 * file is in memory. */
static void
open_state (KithDhtHost *self, dht_runner_config *config, char *path, gsize path_size)
{
  self->state_fd = memfd_create ("kith-dht", MFD_CLOEXEC);
  if (self->state_fd < 0)
    return;

  g_snprintf (path, (gulong) path_size, "/proc/self/fd/%d", self->state_fd);
  config->dht_config.node_config.persist_path = path;
}

static void
run (KithDhtHost *self)
{
  Event *event = g_new0 (Event, 1);
  dht_runner_config config;
  char path[64];

  dht_runner_config_default (&config);
  config.dht_config.node_config.network = self->network;
  open_state (self, &config, path, sizeof path);

  event->kind = EVENT_STARTED;
  if (dht_runner_run_config (self->runner, self->port, &config) == 0)
    {
      event->number = dht_runner_get_bound_port (self->runner, AF_INET);
      if (event->number == 0)
        event->number = dht_runner_get_bound_port (self->runner, AF_INET6);
    }
  post (self, event);
}

static gboolean
read_address (const struct sockaddr *address, KithEndpoint *out)
{
  const guint8 *bytes = (const guint8 *)address;
  gboolean ok = FALSE;

  if (address->sa_family == AF_INET)
    ok = kith_endpoint_set_bytes (out, bytes + G_STRUCT_OFFSET (struct sockaddr_in, sin_addr), 4,
                                  1);
  else if (address->sa_family == AF_INET6)
    ok = kith_endpoint_set_bytes (out, bytes + G_STRUCT_OFFSET (struct sockaddr_in6, sin6_addr), 16,
                                  1);

  out->port = 0;
  return ok;
}

static void
look (KithDhtHost *self)
{
  struct sockaddr **addresses = dht_runner_get_public_address (self->runner);
  Event *event = g_new0 (Event, 1);

  event->kind = EVENT_ADDRESSES;
  event->endpoints = g_new0 (KithEndpoint, KITH_LIMIT_DHT_PUBLIC_ADDRESSES);
  for (guint i = 0; addresses != NULL && addresses[i] != NULL; i++)
    {
      if (event->n_endpoints < KITH_LIMIT_DHT_PUBLIC_ADDRESSES
          && read_address (addresses[i], &event->endpoints[event->n_endpoints]))
        event->n_endpoints++;
      free (addresses[i]);
    }
  free (addresses);
  post (self, event);
}

static gboolean
has_state (KithDhtHost *self)
{
  struct stat info;

  return self->state_fd >= 0 && fstat (self->state_fd, &info) == 0 && info.st_size > 0;
}

/* Waits for the state to be written, which is all we want of a shutdown; the library goes on to
 * wait for whatever is under way. */
static void
shut_down (KithDhtHost *self)
{
  gint64 deadline_us = g_get_monotonic_time () + KITH_LIMIT_DHT_STOP_MS * G_TIME_SPAN_MILLISECOND;

  dht_runner_shutdown (self->runner, shut_cb, self);
  g_mutex_lock (&self->lock);
  while (!self->is_shut && !has_state (self) && g_get_monotonic_time () < deadline_us)
    g_cond_wait_until (&self->shut_cond, &self->lock, g_get_monotonic_time () + STATE_POLL_US);
  g_mutex_unlock (&self->lock);
}

static void
read_state (KithDhtHost *self, Event *event)
{
  g_autofree guint8 *data = g_malloc (KITH_LIMIT_DHT_STATE_BYTES);
  gssize len = pread (self->state_fd, data, KITH_LIMIT_DHT_STATE_BYTES, 0);

  if (len <= 0)
    return;

  event->ok = TRUE;
  event->endpoints = g_new0 (KithEndpoint, KITH_LIMIT_DHT_SAVED_NODES);
  event->number = kith_dht_state_read (data, (gsize) len, event->endpoints,
                                       KITH_LIMIT_DHT_SAVED_NODES, &event->n_endpoints);
}

static void
finish (KithDhtHost *self)
{
  Event *event = g_new0 (Event, 1);

  event->kind = EVENT_ENDED;
  if (self->save)
    shut_down (self);
  dht_runner_delete (self->runner);
  self->runner = NULL;

  if (self->state_fd >= 0)
    {
      read_state (self, event);
      close (self->state_fd);
    }

  g_mutex_lock (&self->lock);
  g_hash_table_remove_all (self->held);
  g_mutex_unlock (&self->lock);
  post (self, event);
}

static gpointer
host_thread (gpointer data)
{
  KithDhtHost *self = data;

  run (self);
  while (g_async_queue_pop (self->commands) != GINT_TO_POINTER (COMMAND_END))
    look (self);
  finish (self);

  kith_dht_host_unref (self);
  return NULL;
}

/* --- Delivery in the owner's thread --------------------------------------------------------- */

static void
cancel_put (Ticket *ticket)
{
  KithDhtHost *self = ticket->host;

  if (self->is_running)
    dht_runner_cancel_put (self->runner, &ticket->location, dht_value_get_id (ticket->value));
}

static void
deliver_done (KithDhtHost *self, Ticket *ticket, gboolean ok)
{
  ticket->is_settled = TRUE;
  if (ticket->is_cancelled)
    {
      if (ticket->value != NULL)
        cancel_put (ticket);
      return;
    }

  if (ticket->value == NULL)
    g_hash_table_remove (self->tickets, GUINT_TO_POINTER (ticket->handle));
  if (self->events != NULL)
    self->events->done (ticket->handle, ok, self->user_data);
}

static void
deliver_value (KithDhtHost *self, const Event *event)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (event->value, &len);

  if (self->events != NULL && !event->ticket->is_cancelled)
    self->events->value (event->ticket->handle, data, len, self->user_data);
}

static void
deliver (KithDhtHost *self, const Event *event)
{
  if (event->kind == EVENT_DONE)
    {
      deliver_done (self, event->ticket, event->ok);
      return;
    }
  if (self->events == NULL)
    return;

  switch (event->kind)
    {
    case EVENT_STARTED:
      self->is_running = event->number != 0;
      self->events->started ((guint16) event->number, self->user_data);
      break;
    case EVENT_PONGED:
      self->events->ponged (event->ok, self->user_data);
      break;
    case EVENT_VALUE:
      deliver_value (self, event);
      break;
    case EVENT_ADDRESSES:
      self->events->addresses (event->endpoints, event->n_endpoints, self->user_data);
      break;
    case EVENT_ENDED:
      self->events->ended (event->ok, event->number, event->endpoints, event->n_endpoints,
                           self->user_data);
      break;
    case EVENT_DONE:
    default:
      g_assert_not_reached ();
    }
}

static Event *
take_event (KithDhtHost *self)
{
  Event *event;

  g_mutex_lock (&self->lock);
  event = g_queue_pop_head (&self->queue);
  if (event == NULL)
    self->has_source = FALSE;
  else if (event->kind == EVENT_VALUE)
    event->ticket->n_waiting--;
  g_mutex_unlock (&self->lock);
  return event;
}

static gboolean
dispatch_cb (gpointer user_data)
{
  KithDhtHost *self = user_data;

  for (guint i = 0; i < KITH_LIMIT_DHT_EVENTS_PER_TURN; i++)
    {
      Event *event = take_event (self);

      if (event == NULL)
        return G_SOURCE_REMOVE;
      deliver (self, event);
      event_free (event);
    }

  return G_SOURCE_CONTINUE;
}

/* --- Public: life --------------------------------------------------------------------------- */

/**
 * kith_dht_host_new:
 * @port: the UDP port; 0 for any
 * @network: the network's number; 0 for the public one
 * @events: (transfer none): what to call; static
 * @user_data: given to each
 *
 * Begins a life, under a random node id. It has to be ended with kith_dht_host_end().
 *
 * Returns: (transfer full): a host
 */
KithDhtHost *
kith_dht_host_new (guint16 port, guint32 network, const KithDhtHostEvents *events,
                   gpointer user_data)
{
  KithDhtHost *self = g_new0 (KithDhtHost, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_main_context_ref_thread_default ();
  self->events = events;
  self->user_data = user_data;
  self->port = port;
  self->network = network;
  self->state_fd = -1;
  self->tickets = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) ticket_unref);
  self->held = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) ticket_unref, NULL);
  self->commands = g_async_queue_new ();
  g_queue_init (&self->queue);
  g_mutex_init (&self->lock);
  g_cond_init (&self->shut_cond);
  self->runner = dht_runner_new ();
  g_thread_unref (g_thread_new ("kith-dht", host_thread, kith_dht_host_ref (self)));
  return self;
}

/**
 * kith_dht_host_ref:
 * @self: a host
 *
 * Returns: (transfer full): @self
 */
KithDhtHost *
kith_dht_host_ref (KithDhtHost *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_dht_host_unref:
 * @self: (transfer full): a host
 *
 * Any thread.
 */
void
kith_dht_host_unref (KithDhtHost *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_queue_clear_full (&self->queue, (GDestroyNotify) event_free);
  g_hash_table_unref (self->tickets);
  g_hash_table_unref (self->held);
  g_async_queue_unref (self->commands);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->shut_cond);
  g_free (self);
}

/**
 * kith_dht_host_end:
 * @self: a host
 * @save: whether to find out which nodes are good, which can take %KITH_LIMIT_DHT_STOP_MS
 *
 * Ends it, once. Of the events only @ended comes any more.
 */
void
kith_dht_host_end (KithDhtHost *self, gboolean save)
{
  GQueue dropped = G_QUEUE_INIT;

  g_mutex_lock (&self->lock);
  self->is_ending = TRUE;
  dropped = self->queue;
  g_queue_init (&self->queue);
  g_mutex_unlock (&self->lock);

  g_queue_clear_full (&dropped, (GDestroyNotify) event_free);
  g_hash_table_remove_all (self->tickets);
  self->save = save && self->is_running;
  self->is_running = FALSE;
  g_async_queue_push (self->commands, GINT_TO_POINTER (COMMAND_END));
}

/**
 * kith_dht_host_disconnect:
 * @self: a host
 *
 * The owner goes: no events come any more.
 */
void
kith_dht_host_disconnect (KithDhtHost *self)
{
  self->events = NULL;
  self->user_data = NULL;
}

/* --- Public: operations --------------------------------------------------------------------- */

/**
 * kith_dht_host_ping:
 * @self: a host
 * @endpoint: (transfer none): the UDP address of a node
 *
 * Makes a node known to us and us to it, when it answers.
 */
void
kith_dht_host_ping (KithDhtHost *self, const KithEndpoint *endpoint)
{
  g_autoptr (GSocketAddress) address = kith_endpoint_to_socket_address (endpoint);
  struct sockaddr_storage storage;
  Ticket *ticket;

  if (!self->is_running || !g_socket_address_to_native (address, &storage, sizeof storage, NULL))
    return;

  ticket = ticket_new (self, 0, NULL);
  dht_runner_ping (self->runner, (struct sockaddr *) &storage,
                   (socklen_t) g_socket_address_get_native_size (address), done_cb, ticket);
}

/**
 * kith_dht_host_look:
 * @self: a host
 *
 * Asks the library at which addresses other nodes see us.
 */
void
kith_dht_host_look (KithDhtHost *self)
{
  if (self->is_running)
    g_async_queue_push (self->commands, GINT_TO_POINTER (COMMAND_LOOK));
}

/**
 * kith_dht_host_put:
 * @self: a host
 * @handle: the caller's name for it; not 0
 * @location: (array fixed-size=20): where
 * @value: (transfer none): what; kept until the host's end
 */
void
kith_dht_host_put (KithDhtHost *self, guint handle, const guint8 *location, KithDhtHostValue *value)
{
  Ticket *ticket;

  if (!self->is_running)
    return;

  ticket = ticket_new (self, handle, location);
  ticket->value = dht_value_ref (value);
  dht_runner_put (self->runner, &ticket->location, value, done_cb, ticket, true);
}

/**
 * kith_dht_host_listen:
 * @self: a host
 * @handle: the caller's name for it; not 0
 * @location: (array fixed-size=20): where
 */
void
kith_dht_host_listen (KithDhtHost *self, guint handle, const guint8 *location)
{
  Ticket *ticket;

  if (!self->is_running)
    return;

  ticket = ticket_new (self, handle, location);
  ticket->token = dht_runner_listen (self->runner, &ticket->location, listen_value_cb,
                                     listen_gone_cb, ticket);
}

/**
 * kith_dht_host_get:
 * @self: a host
 * @handle: the caller's name for it; not 0
 * @location: (array fixed-size=20): where
 */
void
kith_dht_host_get (KithDhtHost *self, guint handle, const guint8 *location)
{
  Ticket *ticket;

  if (!self->is_running)
    return;

  ticket = ticket_new (self, handle, location);
  dht_runner_get (self->runner, &ticket->location, get_value_cb, done_cb, ticket);
}

/**
 * kith_dht_host_cancel:
 * @self: a host
 * @handle: of a put, listen or get; one that is not known does no harm
 *
 * A put gets its id, which it takes to cancel it, in the library's thread: one that is cancelled
 * before it is settled is kept until then.
 */
void
kith_dht_host_cancel (KithDhtHost *self, guint handle)
{
  Ticket *ticket = g_hash_table_lookup (self->tickets, GUINT_TO_POINTER (handle));

  if (ticket == NULL)
    return;

  ticket->is_cancelled = TRUE;
  if (ticket->value != NULL && ticket->is_settled)
    cancel_put (ticket);
  else if (ticket->token != NULL && self->is_running)
    dht_runner_cancel_listen (self->runner, &ticket->location, ticket->token);
  g_hash_table_remove (self->tickets, GUINT_TO_POINTER (handle));
}

/**
 * kith_dht_host_value_new:
 * @bytes: (transfer none): what to put
 *
 * Returns: (transfer full): a value to put
 */
KithDhtHostValue *
kith_dht_host_value_new (GBytes *bytes)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  return dht_value_new (data, len);
}

/**
 * kith_dht_host_value_free:
 * @value: (transfer full): a value
 */
void
kith_dht_host_value_free (KithDhtHostValue *value)
{
  dht_value_unref (value);
}
