/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-fake-dht.h"

#include <string.h>

#include "base/kith-limits.h"

typedef enum
{
  OPERATION_PUT,
  OPERATION_LISTEN,
  OPERATION_GET,
} OperationKind;

typedef struct
{
  KithFakeDht     *dht; /* (unowned) */
  guint            handle;
  OperationKind    kind;
  guint8           location[KITH_DHT_LOCATION_BYTES];
  GBytes          *bytes; /* (owned) (nullable): of a put */
  KithDhtValueFunc func;
  KithDhtDoneFunc  done;
  gpointer         user_data;
  guint            n_waiting;
  GSource         *timeout;  /* (owned) (nullable): of a get */
} Operation;

typedef struct
{
  guint8       location[KITH_DHT_LOCATION_BYTES];
  GBytes      *bytes;  /* (owned) */
  KithFakeDht *putter; /* (unowned) (nullable): who refreshes it */
  guint        put;
  gboolean     is_injected;
} Value;

/* On its way to an operation. */
typedef struct
{
  GWeakRef dht;
  guint    handle;
  GBytes  *bytes; /* (owned) (nullable): NULL for done */
} Delivery;

struct _KithFakeDht
{
  GObject         parent_instance;
  KithFakeDhtNet *net; /* (unowned) */
  GHashTable     *operations; /* (owned): handle -> Operation */
  guint           last_handle;
};

enum
{
  PROP_STATE = 1,
  PROP_NODES,
};

static void kith_fake_dht_iface_init (KithDhtInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KithFakeDht, kith_fake_dht, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (KITH_TYPE_DHT, kith_fake_dht_iface_init))

/* --- Delivering ----------------------------------------------------------------------------- */

static Operation *
lookup (KithFakeDht *self, guint handle)
{
  return g_hash_table_lookup (self->operations, GUINT_TO_POINTER (handle));
}

static void
operation_free (gpointer data)
{
  Operation *operation = data;

  if (operation->timeout != NULL)
    g_source_destroy (operation->timeout);
  g_clear_pointer (&operation->timeout, g_source_unref);
  g_clear_pointer (&operation->bytes, g_bytes_unref);
  g_free (operation);
}

static void
end_get (Operation *operation)
{
  KithDhtDoneFunc done = operation->done;
  gpointer user_data = operation->user_data;

  g_hash_table_remove (operation->dht->operations, GUINT_TO_POINTER (operation->handle));
  if (done != NULL)
    done (user_data);
}

static gboolean
deliver_cb (gpointer user_data)
{
  Delivery *delivery = user_data;
  g_autoptr (KithFakeDht) self = g_weak_ref_get (&delivery->dht);
  Operation *operation = self != NULL ? lookup (self, delivery->handle) : NULL;
  const guint8 *data;
  gsize len;

  if (operation == NULL)
    return G_SOURCE_REMOVE;

  if (delivery->bytes == NULL)
    {
      end_get (operation);
      return G_SOURCE_REMOVE;
    }

  operation->n_waiting--;
  data = g_bytes_get_data (delivery->bytes, &len);
  if (operation->func != NULL)
    operation->func (data, len, operation->user_data);
  return G_SOURCE_REMOVE;
}

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_weak_ref_clear (&delivery->dht);
  g_clear_pointer (&delivery->bytes, g_bytes_unref);
  g_free (delivery);
}

/* @bytes: (nullable): NULL for done */
static void
deliver (Operation *operation, GBytes *bytes)
{
  g_autoptr (GSource) source = NULL;
  Delivery *delivery;

  if (bytes != NULL
      && (g_bytes_get_size (bytes) > KITH_LIMIT_DHT_VALUE_BYTES
          || operation->n_waiting == KITH_LIMIT_DHT_WAITING_VALUES))
    return;

  delivery = g_new0 (Delivery, 1);
  g_weak_ref_init (&delivery->dht, operation->dht);
  delivery->handle = operation->handle;
  if (bytes != NULL)
    {
      operation->n_waiting++;
      delivery->bytes = g_bytes_ref (bytes);
      operation->dht->net->n_bytes += g_bytes_get_size (bytes);
    }

  source = g_idle_source_new ();
  g_source_set_callback (source, deliver_cb, delivery, delivery_free);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
deliver_all (Operation *operation)
{
  GPtrArray *values = operation->dht->net->values;

  for (guint i = 0; i < values->len; i++)
    {
      Value *value = g_ptr_array_index (values, i);

      if (memcmp (value->location, operation->location, sizeof value->location) == 0)
        deliver (operation, value->bytes);
    }
}

/* --- The net -------------------------------------------------------------------------------- */

static void
value_free (gpointer data)
{
  Value *value = data;

  g_bytes_unref (value->bytes);
  g_free (value);
}

static void
tell_listeners (KithFakeDhtNet *net, const Value *value)
{
  for (guint i = 0; i < net->members->len; i++)
    {
      KithFakeDht *member = g_ptr_array_index (net->members, i);
      GHashTableIter iter;
      Operation *operation;

      g_hash_table_iter_init (&iter, member->operations);
      while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &operation))
        if ((operation->kind == OPERATION_LISTEN
             || (operation->kind == OPERATION_GET && net->gets_last))
            && memcmp (operation->location, value->location, sizeof value->location) == 0)
          deliver (operation, value->bytes);
    }
}

static Value *
store (KithFakeDhtNet *net, const guint8 *location, GBytes *bytes)
{
  Value *value = g_new0 (Value, 1);

  memcpy (value->location, location, sizeof value->location);
  value->bytes = g_bytes_ref (bytes);
  g_ptr_array_add (net->values, value);
  tell_listeners (net, value);
  return value;
}

static Value *
find_put (KithFakeDht *self, guint put)
{
  for (guint i = 0; i < self->net->values->len; i++)
    {
      Value *value = g_ptr_array_index (self->net->values, i);

      if (value->putter == self && value->put == put)
        return value;
    }

  return NULL;
}

/**
 * kith_fake_dht_net_new:
 *
 * Returns: (transfer full): a net without members
 */
KithFakeDhtNet *
kith_fake_dht_net_new (void)
{
  KithFakeDhtNet *self = g_new0 (KithFakeDhtNet, 1);

  self->members = g_ptr_array_new ();
  self->values = g_ptr_array_new_with_free_func (value_free);
  return self;
}

/**
 * kith_fake_dht_net_free:
 * @self: (transfer full): a net without members
 */
void
kith_fake_dht_net_free (KithFakeDhtNet *self)
{
  g_assert_cmpuint (self->members->len, ==, 0);
  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->values);
  g_free (self);
}

/**
 * kith_fake_dht_net_inject:
 * @self: a net
 * @location: (array fixed-size=20): where
 * @value: (transfer none): anything of any size, as a stranger would put it
 */
void
kith_fake_dht_net_inject (KithFakeDhtNet *self, const guint8 *location, GBytes *value)
{
  store (self, location, value)->is_injected = TRUE;
}

static gboolean
is_refreshed (const Value *value)
{
  return value->is_injected || value->putter != NULL;
}

/**
 * kith_fake_dht_net_expire:
 * @self: a net
 *
 * Ten minutes pass: what nobody refreshes goes.
 */
void
kith_fake_dht_net_expire (KithFakeDhtNet *self)
{
  for (guint i = self->values->len; i > 0; i--)
    if (!is_refreshed (g_ptr_array_index (self->values, i - 1)))
      g_ptr_array_remove_index (self->values, i - 1);
}

/**
 * kith_fake_dht_net_forget:
 * @self: a net
 *
 * All that strangers have put is gone.
 */
void
kith_fake_dht_net_forget (KithFakeDhtNet *self)
{
  for (guint i = self->values->len; i > 0; i--)
    if (((Value *) g_ptr_array_index (self->values, i - 1))->is_injected)
      g_ptr_array_remove_index (self->values, i - 1);
}

/**
 * kith_fake_dht_net_count_value:
 * @self: a net
 * @location: (array fixed-size=20): where
 * @data: (array length=len): what
 * @len: its length in bytes
 *
 * Returns: how many of this value are there
 */
guint
kith_fake_dht_net_count_value (KithFakeDhtNet *self, const guint8 *location, const guint8 *data, gsize len)
{
  g_autoptr (GBytes) wanted = g_bytes_new (data, len);
  guint n = 0;

  for (guint i = 0; i < self->values->len; i++)
    {
      Value *value = g_ptr_array_index (self->values, i);

      n += memcmp (value->location, location, sizeof value->location) == 0
           && g_bytes_equal (value->bytes, wanted);
    }
  return n;
}

/* --- Operations ----------------------------------------------------------------------------- */

static void
begin (Operation *operation)
{
  KithFakeDht *self = operation->dht;

  if (operation->kind == OPERATION_PUT)
    {
      Value *value = store (self->net, operation->location, operation->bytes);

      self->net->n_bytes += g_bytes_get_size (operation->bytes);
      value->putter = self;
      value->put = operation->handle;
      return;
    }

  deliver_all (operation);
  if (operation->kind == OPERATION_GET && !self->net->gets_last)
    deliver (operation, NULL);
}

static gboolean
timeout_cb (gpointer user_data)
{
  end_get (user_data);
  return G_SOURCE_REMOVE;
}

static Operation *
add (KithDht *dht, OperationKind kind, const guint8 *location)
{
  KithFakeDht *self = KITH_FAKE_DHT (dht);
  Operation *operation = g_new0 (Operation, 1);

  operation->dht = self;
  operation->handle = ++self->last_handle;
  operation->kind = kind;
  memcpy (operation->location, location, sizeof operation->location);
  g_hash_table_insert (self->operations, GUINT_TO_POINTER (operation->handle), operation);
  return operation;
}

static guint
put (KithDht *dht, const guint8 *location, GBytes *bytes)
{
  Operation *operation = add (dht, OPERATION_PUT, location);

  operation->dht->net->n_puts++;
  operation->bytes = g_bytes_ref (bytes);
  begin (operation);
  return operation->handle;
}

static guint
listen_to (KithDht *dht, const guint8 *location, KithDhtValueFunc func, gpointer user_data)
{
  Operation *operation = add (dht, OPERATION_LISTEN, location);

  operation->dht->net->n_listens++;
  operation->func = func;
  operation->user_data = user_data;
  begin (operation);
  return operation->handle;
}

static guint
get (KithDht *dht, const guint8 *location, KithDhtValueFunc func, KithDhtDoneFunc done,
     gpointer user_data)
{
  Operation *operation = add (dht, OPERATION_GET, location);

  operation->dht->net->n_gets++;
  operation->func = func;
  operation->done = done;
  operation->user_data = user_data;
  operation->timeout = g_timeout_source_new (KITH_LIMIT_DHT_GET_MS);
  g_source_set_callback (operation->timeout, timeout_cb, operation, NULL);
  g_source_attach (operation->timeout, g_main_context_get_thread_default ());
  begin (operation);
  return operation->handle;
}

static void
cancel (KithDht *dht, guint handle)
{
  KithFakeDht *self = KITH_FAKE_DHT (dht);
  Value *value = find_put (self, handle);

  if (value != NULL)
    value->putter = NULL;
  g_hash_table_remove (self->operations, GUINT_TO_POINTER (handle));
}

static guint
get_public_addresses (KithDht *dht, KithEndpoint *out, guint n)
{
  return 0;
}

static void
kith_fake_dht_iface_init (KithDhtInterface *iface)
{
  iface->put = put;
  iface->cancel_put = cancel;
  iface->listen = listen_to;
  iface->cancel_listen = cancel;
  iface->get = get;
  iface->cancel_get = cancel;
  iface->get_public_addresses = get_public_addresses;
}

/* --- The object ----------------------------------------------------------------------------- */

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KithFakeDht *self = KITH_FAKE_DHT (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, KITH_DHT_CONNECTED);
      break;
    case PROP_NODES:
      g_value_set_uint (value, self->net->members->len - 1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
finalize (GObject *object)
{
  KithFakeDht *self = KITH_FAKE_DHT (object);

  for (guint i = 0; i < self->net->values->len; i++)
    {
      Value *value = g_ptr_array_index (self->net->values, i);

      if (value->putter == self)
        value->putter = NULL;
    }
  g_ptr_array_remove (self->net->members, self);
  g_hash_table_unref (self->operations);
  G_OBJECT_CLASS (kith_fake_dht_parent_class)->finalize (object);
}

static void
kith_fake_dht_class_init (KithFakeDhtClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = get_property;
  object_class->finalize = finalize;
  g_object_class_override_property (object_class, PROP_STATE, "state");
  g_object_class_override_property (object_class, PROP_NODES, "nodes");
}

static void
kith_fake_dht_init (KithFakeDht *self)
{
  self->operations = g_hash_table_new_full (NULL, NULL, NULL, operation_free);
}

/**
 * kith_fake_dht_new:
 * @net: (transfer none): has to outlive it
 *
 * Returns: (transfer full): a connected member
 */
KithFakeDht *
kith_fake_dht_new (KithFakeDhtNet *net)
{
  KithFakeDht *self = g_object_new (KITH_TYPE_FAKE_DHT, NULL);

  self->net = net;
  g_ptr_array_add (net->members, self);
  return self;
}

/**
 * kith_fake_dht_net_count:
 * @self: a net
 * @location: (array fixed-size=20): where
 * @putter: who keeps them
 *
 * Returns: how many values @putter keeps there
 */
guint
kith_fake_dht_net_count (KithFakeDhtNet *self, const guint8 *location, KithDht *putter)
{
  guint n = 0;

  for (guint i = 0; i < self->values->len; i++)
    {
      const Value *value = g_ptr_array_index (self->values, i);

      n += value->putter == KITH_FAKE_DHT (putter)
           && memcmp (value->location, location, sizeof value->location) == 0;
    }

  return n;
}

static guint
count_listens (KithDht *dht, const guint8 *location)
{
  GHashTableIter iter;
  Operation     *operation;
  guint          n = 0;

  g_hash_table_iter_init (&iter, KITH_FAKE_DHT (dht)->operations);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &operation))
    n += operation->kind == OPERATION_LISTEN
         && (location == NULL
             || memcmp (operation->location, location, sizeof operation->location) == 0);

  return n;
}

/**
 * kith_fake_dht_count_listens:
 * @self: a member
 *
 * Returns: how many places it listens to just now
 */
guint
kith_fake_dht_count_listens (KithDht *self)
{
  return count_listens (self, NULL);
}

/**
 * kith_fake_dht_is_listening:
 * @self: a member
 * @location: (array fixed-size=20): where
 *
 * Returns: whether it listens there
 */
gboolean
kith_fake_dht_is_listening (KithDht *self, const guint8 *location)
{
  return count_listens (self, location) > 0;
}
