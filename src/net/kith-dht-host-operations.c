/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations of a host: what is asked of the library, and what it answers. See kith-dht-host.c. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-dht-host-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "net/kith-connection.h"

/* --- Tickets -------------------------------------------------------------------------------- */

static KithDhtTicket *
ticket_ref (KithDhtTicket *ticket)
{
  g_atomic_ref_count_inc (&ticket->ref_count);
  return ticket;
}

void
kith_dht_ticket_unref (KithDhtTicket *ticket)
{
  if (!g_atomic_ref_count_dec (&ticket->ref_count))
    return;

  g_clear_pointer (&ticket->value, dht_value_unref);
  g_clear_pointer (&ticket->token, dht_op_token_delete);
  g_free (ticket);
}

/* Returns: (transfer none): a ticket that the library may have from now on */
static KithDhtTicket *
ticket_new (KithDhtHost *self, guint handle, const guint8 *location)
{
  KithDhtTicket *ticket = g_new0 (KithDhtTicket, 1);

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
ticket_release (KithDhtTicket *ticket)
{
  KithDhtHost *self = ticket->host;

  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->held, ticket);
  g_mutex_unlock (&self->lock);
}

/* --- Called by the library, which holds its lock -------------------------------------------- */

static gboolean
take_value (KithDhtTicket *ticket, const dht_value *value)
{
  KithDhtHost *self = ticket->host;
  dht_data_view view = dht_value_get_data (value);
  KithDhtEvent *event;

  if (view.size > KITH_LIMIT_DHT_VALUE_BYTES)
    return TRUE;

  g_mutex_lock (&self->lock);
  if (!self->is_ending && ticket->n_waiting < KITH_LIMIT_DHT_WAITING_VALUES)
    {
      ticket->n_waiting++;
      event = g_new0 (KithDhtEvent, 1);
      event->kind = EVENT_VALUE;
      event->ticket = ticket_ref (ticket);
      event->value = g_bytes_new (view.data, view.size);
      kith_dht_host_post_locked (self, event);
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
  KithDhtTicket *ticket = user_data;
  KithDhtEvent *event = g_new0 (KithDhtEvent, 1);

  event->kind = ticket->handle == 0 ? EVENT_PONGED : EVENT_DONE;
  event->ok = ok;
  event->ticket = ticket_ref (ticket);
  kith_dht_host_post (ticket->host, event);
  ticket_release (ticket);
}

/* --- Public: operations --------------------------------------------------------------------- */

void
kith_dht_ticket_cancel_put (KithDhtTicket *ticket)
{
  KithDhtHost *self = ticket->host;

  if (self->is_running)
    dht_runner_cancel_put (self->runner, &ticket->location, dht_value_get_id (ticket->value));
}

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
  KithDhtTicket *ticket;

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
  KithDhtTicket *ticket;

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
  KithDhtTicket *ticket;

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
  KithDhtTicket *ticket;

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
  KithDhtTicket *ticket = g_hash_table_lookup (self->tickets, GUINT_TO_POINTER (handle));

  if (ticket == NULL)
    return;

  ticket->is_cancelled = TRUE;
  if (ticket->value != NULL && ticket->is_settled)
    kith_dht_ticket_cancel_put (ticket);
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
