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

#include "net/kith-dht-host-private.h"

#include <stdlib.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include "base/kith-limits.h"
#include "net/kith-dht-state.h"

#define STATE_POLL_US (10 * G_TIME_SPAN_MILLISECOND)

/* --- Events ----------------------------------------------------------------------------------- */

static void
event_free (KithDhtEvent *event)
{
  g_clear_pointer (&event->ticket, kith_dht_ticket_unref);
  g_clear_pointer (&event->value, g_bytes_unref);
  g_free (event->endpoints);
  g_free (event);
}

static gboolean dispatch_cb (gpointer user_data);

static KithDhtHost *
host_ref (KithDhtHost *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/* Queues an event for the owner; any thread, with the lock held. */
void
kith_dht_host_post_locked (KithDhtHost *self, KithDhtEvent *event)
{
  g_autoptr (GSource) source = NULL;

  g_queue_push_tail (&self->queue, event);
  if (self->has_source)
    return;

  self->has_source = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (source, dispatch_cb, host_ref (self),
                         (GDestroyNotify) kith_dht_host_unref);
  g_source_attach (source, self->context);
}

void
kith_dht_host_post (KithDhtHost *self, KithDhtEvent *event)
{
  gboolean drop;

  g_mutex_lock (&self->lock);
  drop = self->is_ending && event->kind != EVENT_ENDED;
  if (!drop)
    kith_dht_host_post_locked (self, event);
  g_mutex_unlock (&self->lock);

  if (drop)
    event_free (event);
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
  KithDhtEvent *event = g_new0 (KithDhtEvent, 1);
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
  kith_dht_host_post (self, event);
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
  KithDhtEvent *event = g_new0 (KithDhtEvent, 1);

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
  kith_dht_host_post (self, event);
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
read_state (KithDhtHost *self, KithDhtEvent *event)
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
  KithDhtEvent *event = g_new0 (KithDhtEvent, 1);

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
  kith_dht_host_post (self, event);
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
deliver_done (KithDhtHost *self, KithDhtTicket *ticket, gboolean ok)
{
  ticket->is_settled = TRUE;
  if (ticket->is_cancelled)
    {
      if (ticket->value != NULL)
        kith_dht_ticket_cancel_put (ticket);
      return;
    }

  if (ticket->value == NULL)
    g_hash_table_remove (self->tickets, GUINT_TO_POINTER (ticket->handle));
  if (self->events != NULL)
    self->events->done (ticket->handle, ok, self->user_data);
}

static void
deliver_value (KithDhtHost *self, const KithDhtEvent *event)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (event->value, &len);

  if (self->events != NULL && !event->ticket->is_cancelled)
    self->events->value (event->ticket->handle, data, len, self->user_data);
}

static void
deliver (KithDhtHost *self, const KithDhtEvent *event)
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

static KithDhtEvent *
take_event (KithDhtHost *self)
{
  KithDhtEvent *event;

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
      KithDhtEvent *event = take_event (self);

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
  self->tickets = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) kith_dht_ticket_unref);
  self->held = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) kith_dht_ticket_unref, NULL);
  self->commands = g_async_queue_new ();
  g_queue_init (&self->queue);
  g_mutex_init (&self->lock);
  g_cond_init (&self->shut_cond);
  self->runner = dht_runner_new ();
  g_thread_unref (g_thread_new ("kith-dht", host_thread, host_ref (self)));
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
