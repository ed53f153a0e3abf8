/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is put, listened to and asked for. An operation belongs to the runner and not to its host:
 * it is begun when nodes answer, and begun anew with the next host. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "base/kith-source.h"
#include "net/kith-dht-runner-private.h"

#include <string.h>

typedef enum
{
  OPERATION_PUT,
  OPERATION_LISTEN,
  OPERATION_GET,
} OperationKind;

typedef struct
{
  KithDhtRunner    *runner; /* (unowned): it owns the operation */
  GList             link;   /* in the queue of those that wait */
  gboolean          is_waiting;
  guint             handle;
  OperationKind     kind;
  guint8            location[KITH_DHT_LOCATION_BYTES];
  KithDhtHostValue *value;     /* (owned) (nullable): of a put */
  KithDhtValueFunc  func;      /* (nullable): of listen and get */
  KithDhtDoneFunc   done;      /* (nullable): of a get */
  gpointer          user_data; /* (unowned) */
  GSource          *timeout;   /* (owned) (nullable): of a get */
} Operation;

static void
wait_for_turn (Operation *operation)
{
  if (operation->is_waiting)
    return;

  operation->is_waiting = TRUE;
  g_queue_push_tail_link (&operation->runner->waiting, &operation->link);
}

static void
take_turn (Operation *operation)
{
  if (operation->is_waiting)
    g_queue_unlink (&operation->runner->waiting, &operation->link);
  operation->is_waiting = FALSE;
}

static void
operation_free (gpointer data)
{
  Operation *operation = data;

  take_turn (operation);
  kith_source_clear (&operation->timeout);
  g_clear_pointer (&operation->value, kith_dht_host_value_free);
  g_free (operation);
}

static Operation *
lookup (KithDhtRunner *self, guint handle)
{
  return g_hash_table_lookup (self->operations, GUINT_TO_POINTER (handle));
}

/* --- Beginning ------------------------------------------------------------------------------ */

/**
 * kith_dht_runner_next_handle:
 * @self: a runner
 *
 * Returns: a handle that is not in use; never 0
 */
guint
kith_dht_runner_next_handle (KithDhtRunner *self)
{
  do
    self->last_handle++;
  while (self->last_handle == 0 || self->last_handle == self->probe
         || lookup (self, self->last_handle) != NULL);

  return self->last_handle;
}

static void
begin (KithDhtRunner *self, const Operation *operation)
{
  switch (operation->kind)
    {
    case OPERATION_PUT:
      kith_dht_host_put (self->host, operation->handle, operation->location, operation->value);
      break;
    case OPERATION_LISTEN:
      kith_dht_host_listen (self->host, operation->handle, operation->location);
      break;
    case OPERATION_GET:
      kith_dht_host_get (self->host, operation->handle, operation->location);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
pace_cb (gpointer user_data)
{
  KithDhtRunner *self = user_data;

  self->n_burst++;
  kith_dht_runner_issue (self);
  if (self->n_burst < KITH_LIMIT_DHT_BURST_OPERATIONS)
    return G_SOURCE_CONTINUE;

  g_clear_pointer (&self->pace_source, g_source_unref);
  return G_SOURCE_REMOVE;
}

/**
 * kith_dht_runner_issue:
 * @self: a runner
 *
 * Begins what waits, if nodes answer: some at once, the rest one by one, so that hundreds of values
 * are not sent, and later refreshed, in one breath.
 */
void
kith_dht_runner_issue (KithDhtRunner *self)
{
  if (!self->is_heard || self->state != KITH_DHT_CONNECTED)
    return;

  while (self->n_burst > 0 && !g_queue_is_empty (&self->waiting))
    {
      Operation *operation = g_queue_peek_head (&self->waiting);

      take_turn (operation);
      self->n_burst--;
      begin (self, operation);
    }

  if (self->pace_source == NULL && self->n_burst < KITH_LIMIT_DHT_BURST_OPERATIONS)
    kith_source_start (&self->pace_source, KITH_LIMIT_DHT_PACE_MS, pace_cb, self);
}

/**
 * kith_dht_runner_issue_anew:
 * @self: a runner whose host has gone
 *
 * Everything waits again.
 */
void
kith_dht_runner_issue_anew (KithDhtRunner *self)
{
  GHashTableIter iter;
  gpointer operation;

  g_hash_table_iter_init (&iter, self->operations);
  while (g_hash_table_iter_next (&iter, NULL, &operation))
    wait_for_turn (operation);
}

static Operation *
add (KithDhtRunner *self, OperationKind kind, const guint8 *location)
{
  Operation *operation = g_new0 (Operation, 1);

  operation->runner = self;
  operation->link.data = operation;
  operation->handle = kith_dht_runner_next_handle (self);
  operation->kind = kind;
  memcpy (operation->location, location, sizeof operation->location);
  g_hash_table_insert (self->operations, GUINT_TO_POINTER (operation->handle), operation);
  wait_for_turn (operation);
  return operation;
}

/* --- What comes back ------------------------------------------------------------------------ */

/**
 * kith_dht_runner_take_value:
 * @self: a runner
 * @handle: of a listen or get
 * @data: (array length=len): untrusted
 * @len: its length
 */
void
kith_dht_runner_take_value (KithDhtRunner *self, guint handle, const guint8 *data, gsize len)
{
  Operation *operation = lookup (self, handle);

  if (operation != NULL && operation->func != NULL)
    operation->func (data, len, operation->user_data);
}

/* The operation is gone before its owner hears of it: the handle is not valid any more. */
static void
end_get (KithDhtRunner *self, Operation *operation)
{
  KithDhtDoneFunc done = operation->done;
  gpointer user_data = operation->user_data;

  g_hash_table_remove (self->operations, GUINT_TO_POINTER (operation->handle));
  if (done != NULL)
    done (user_data);
}

/**
 * kith_dht_runner_take_done:
 * @self: a runner
 * @handle: of a put or get
 * @ok: whether a node took part
 */
void
kith_dht_runner_take_done (KithDhtRunner *self, guint handle, gboolean ok)
{
  Operation *operation = lookup (self, handle);

  if (!ok)
    kith_dht_runner_probe_soon (self);
  if (operation != NULL && operation->kind == OPERATION_GET)
    end_get (self, operation);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Operation *operation = user_data;
  KithDhtRunner *self = operation->runner;

  if (self->host != NULL)
    kith_dht_host_cancel (self->host, operation->handle);
  end_get (self, operation);
  return G_SOURCE_REMOVE;
}

/* --- The interface -------------------------------------------------------------------------- */

static guint
put (KithDht *dht, const guint8 *location, GBytes *value)
{
  KithDhtRunner *self = KITH_DHT_RUNNER (dht);
  Operation *operation = add (self, OPERATION_PUT, location);
  guint handle = operation->handle;

  operation->value = kith_dht_host_value_new (value);
  kith_dht_runner_issue (self);
  return handle;
}

static guint
listen_to (KithDht *dht, const guint8 *location, KithDhtValueFunc value, gpointer user_data)
{
  KithDhtRunner *self = KITH_DHT_RUNNER (dht);
  Operation *operation = add (self, OPERATION_LISTEN, location);
  guint handle = operation->handle;

  operation->func = value;
  operation->user_data = user_data;
  kith_dht_runner_issue (self);
  return handle;
}

static guint
get (KithDht *dht, const guint8 *location, KithDhtValueFunc value, KithDhtDoneFunc done,
     gpointer user_data)
{
  KithDhtRunner *self = KITH_DHT_RUNNER (dht);
  Operation *operation = add (self, OPERATION_GET, location);
  guint handle = operation->handle;

  operation->func = value;
  operation->done = done;
  operation->user_data = user_data;
  kith_source_start (&operation->timeout, self->times.get_ms, timeout_cb, operation);
  kith_dht_runner_issue (self);
  return handle;
}

static void
cancel (KithDht *dht, guint handle)
{
  KithDhtRunner *self = KITH_DHT_RUNNER (dht);

  if (self->host != NULL)
    kith_dht_host_cancel (self->host, handle);
  g_hash_table_remove (self->operations, GUINT_TO_POINTER (handle));
}

static guint
get_public_addresses (KithDht *dht, KithEndpoint *out, guint n)
{
  KithDhtRunner *self = KITH_DHT_RUNNER (dht);

  n = MIN (n, self->n_addresses);
  memcpy (out, self->addresses, n * sizeof *out);
  return n;
}

void
kith_dht_runner_operations_iface (KithDhtInterface *iface)
{
  iface->put = put;
  iface->cancel_put = cancel;
  iface->listen = listen_to;
  iface->cancel_listen = cancel;
  iface->get = get;
  iface->cancel_get = cancel;
  iface->get_public_addresses = get_public_addresses;
}

void
kith_dht_runner_operations_init (KithDhtRunner *self)
{
  self->operations = g_hash_table_new_full (NULL, NULL, NULL, operation_free);
  self->n_burst = KITH_LIMIT_DHT_BURST_OPERATIONS;
  g_queue_init (&self->waiting);
}

void
kith_dht_runner_operations_clear (KithDhtRunner *self)
{
  kith_source_clear (&self->pace_source);
  g_clear_pointer (&self->operations, g_hash_table_unref);
}
