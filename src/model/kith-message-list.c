/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sorted array and a table by id. Messages nearly always come at one of the two ends; one that
 * arrives late costs a move of what is behind it. */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-message-list.h"

#include <string.h>

#include "model/kith-model-ids.h"
#include "model/kith-property.h"

struct _KithMessageList
{
  GObject     parent_instance;
  GPtrArray  *messages; /* (owned) KithMessage, oldest first */
  GHashTable *by_id;    /* (unowned) id -> KithMessage */
  gsize       n_bytes;  /* that they take; what became of one since it came is not in it */
  gboolean    has_older;
  gboolean    has_newer;
};

enum
{
  PROP_0,
  PROP_HAS_OLDER,
  PROP_HAS_NEWER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
kith_message_list_get_item_type (GListModel *model)
{
  return KITH_TYPE_MESSAGE;
}

static guint
kith_message_list_get_n_items (GListModel *model)
{
  return KITH_MESSAGE_LIST (model)->messages->len;
}

static gpointer
kith_message_list_get_item (GListModel *model, guint position)
{
  KithMessage *message = kith_message_list_get (KITH_MESSAGE_LIST (model), position);

  return message != NULL ? g_object_ref (message) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = kith_message_list_get_item_type;
  iface->get_n_items = kith_message_list_get_n_items;
  iface->get_item = kith_message_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (KithMessageList, kith_message_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
kith_message_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithMessageList *self = KITH_MESSAGE_LIST (object);

  switch (prop_id)
    {
    case PROP_HAS_OLDER:
      g_value_set_boolean (value, self->has_older);
      break;
    case PROP_HAS_NEWER:
      g_value_set_boolean (value, self->has_newer);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_message_list_finalize (GObject *object)
{
  KithMessageList *self = KITH_MESSAGE_LIST (object);

  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->messages);

  G_OBJECT_CLASS (kith_message_list_parent_class)->finalize (object);
}

static void
kith_message_list_class_init (KithMessageListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_message_list_get_property;
  object_class->finalize = kith_message_list_finalize;

  properties[PROP_HAS_OLDER] = g_param_spec_boolean ("has-older", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_NEWER] = g_param_spec_boolean ("has-newer", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_message_list_init (KithMessageList *self)
{
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_id = g_hash_table_new (kith_message_id_hash, kith_message_id_equal);
}

/**
 * kith_message_list_new:
 *
 * Returns: (transfer full): an empty list
 */
KithMessageList *
kith_message_list_new (void)
{
  return g_object_new (KITH_TYPE_MESSAGE_LIST, NULL);
}

/* The order of protocol 8. */
static gint
compare (KithMessage *a, KithMessage *b)
{
  guint64 hlc_a = kith_message_get_hlc (a);
  guint64 hlc_b = kith_message_get_hlc (b);

  if (hlc_a != hlc_b)
    return hlc_a < hlc_b ? -1 : 1;

  return memcmp (kith_message_get_id_bytes (a), kith_message_get_id_bytes (b), KITH_MESSAGE_ID_BYTES);
}

static guint
place_for (KithMessageList *self, KithMessage *message)
{
  guint low = 0;
  guint high = self->messages->len;

  if (high == 0 || compare (g_ptr_array_index (self->messages, high - 1), message) < 0)
    return high;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare (g_ptr_array_index (self->messages, middle), message) < 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static void
remember (KithMessageList *self, KithMessage *message)
{
  self->n_bytes += kith_message_get_size_bytes (message);
  g_hash_table_insert (self->by_id, (gpointer) kith_message_get_id_bytes (message), message);
}

static void
forget (KithMessageList *self, KithMessage *message)
{
  self->n_bytes -= MIN (self->n_bytes, kith_message_get_size_bytes (message));
  g_hash_table_remove (self->by_id, kith_message_get_id_bytes (message));
}

/**
 * kith_message_list_insert:
 * @self: a list
 * @message: (transfer none): a message
 *
 * Puts a message into its place.
 *
 * Returns: %FALSE when a message with its id is there already
 */
gboolean
kith_message_list_insert (KithMessageList *self, KithMessage *message)
{
  guint position;

  if (kith_message_list_lookup (self, kith_message_get_id_bytes (message)) != NULL)
    return FALSE;

  position = place_for (self, message);
  g_ptr_array_insert (self->messages, (gint) position, g_object_ref (message));
  remember (self, message);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
  return TRUE;
}

/* (transfer full): the messages of @page that are not in the list */
static GPtrArray *
take_unknown (KithMessageList *self, GPtrArray *page)
{
  GPtrArray *unknown = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < page->len; i++)
    {
      KithMessage *message = g_ptr_array_index (page, i);

      if (kith_message_list_lookup (self, kith_message_get_id_bytes (message)) != NULL)
        continue;
      g_ptr_array_add (unknown, g_object_ref (message));
      remember (self, message);
    }

  return unknown;
}

/**
 * kith_message_list_prepend:
 * @self: a list
 * @older: (element-type KithMessage) (transfer none): messages in order, all older than the first
 *
 * Adds a page of older messages with one change of the model. What is there already is left out.
 */
void
kith_message_list_prepend (KithMessageList *self, GPtrArray *older)
{
  GPtrArray *page = take_unknown (self, older);
  guint n = page->len;

  /* What is there already moves once, however long the page. */
  g_ptr_array_extend_and_steal (page, g_steal_pointer (&self->messages));
  self->messages = page;
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n);
}

/**
 * kith_message_list_append:
 * @self: a list
 * @newer: (element-type KithMessage) (transfer none): messages in order, all newer than the last
 *
 * Adds a page of newer messages with one change of the model. What is there already is left out.
 */
void
kith_message_list_append (KithMessageList *self, GPtrArray *newer)
{
  guint before = self->messages->len;
  GPtrArray *page = take_unknown (self, newer);
  guint n = page->len;

  g_ptr_array_extend_and_steal (self->messages, page);
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, n);
}

/**
 * kith_message_list_replace:
 * @self: a list
 * @page: (element-type KithMessage) (transfer none): messages in order
 *
 * Moves the window elsewhere, with one change of the model.
 */
void
kith_message_list_replace (KithMessageList *self, GPtrArray *page)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->messages);

  g_hash_table_remove_all (self->by_id);
  self->n_bytes = 0;
  self->messages = take_unknown (self, page);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, old->len, self->messages->len);
}

/* Takes @n messages out of the window from @position on. */
static void
drop_range (KithMessageList *self, guint position, guint n)
{
  for (guint i = position; i < position + n; i++)
    forget (self, g_ptr_array_index (self->messages, i));

  g_ptr_array_remove_range (self->messages, position, n);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n, 0);
}

/**
 * kith_message_list_keep_last:
 * @self: a list
 * @n: how many messages stay
 *
 * Drops the oldest above @n from the window; the list has older ones then.
 */
void
kith_message_list_keep_last (KithMessageList *self, guint n)
{
  if (self->messages->len <= n)
    return;

  drop_range (self, 0, self->messages->len - n);
  kith_message_list_set_has_older (self, TRUE);
}

/**
 * kith_message_list_keep_first:
 * @self: a list
 * @n: how many messages stay
 *
 * Drops the newest above @n from the window; the list has newer ones then.
 */
void
kith_message_list_keep_first (KithMessageList *self, guint n)
{
  if (self->messages->len <= n)
    return;

  drop_range (self, n, self->messages->len - n);
  kith_message_list_set_has_newer (self, TRUE);
}

/**
 * kith_message_list_get_size_bytes:
 * @self: a list
 *
 * Returns: about how much memory its messages take, as they were when they came or were counted last
 */
gsize
kith_message_list_get_size_bytes (KithMessageList *self)
{
  return self->n_bytes;
}

/**
 * kith_message_list_count_bytes:
 * @self: a list, of which messages have changed
 *
 * Looks at each of them.
 *
 * Returns: about how much memory they take now
 */
gsize
kith_message_list_count_bytes (KithMessageList *self)
{
  self->n_bytes = 0;
  for (guint i = 0; i < self->messages->len; i++)
    self->n_bytes += kith_message_get_size_bytes (g_ptr_array_index (self->messages, i));
  return self->n_bytes;
}

/**
 * kith_message_list_count_within:
 * @self: a list
 * @newest: which end of it
 * @size_bytes: how much memory they may take
 *
 * Returns: how many messages at that end do not take more
 */
guint
kith_message_list_count_within (KithMessageList *self, gboolean newest, gsize size_bytes)
{
  guint n = 0;

  for (; n < self->messages->len; n++)
    {
      guint at = newest ? self->messages->len - 1 - n : n;
      gsize bytes = kith_message_get_size_bytes (g_ptr_array_index (self->messages, at));

      if (bytes > size_bytes)
        break;
      size_bytes -= bytes;
    }

  return n;
}

/**
 * kith_message_list_covers:
 * @self: a list
 * @message: a message that is stored
 *
 * Returns: whether @message has its place inside the window as far as it is known
 */
gboolean
kith_message_list_covers (KithMessageList *self, KithMessage *message)
{
  guint n = self->messages->len;

  if (self->has_older && (n == 0 || compare (message, g_ptr_array_index (self->messages, 0)) < 0))
    return FALSE;
  if (self->has_newer && (n == 0 || compare (message, g_ptr_array_index (self->messages, n - 1)) > 0))
    return FALSE;

  return TRUE;
}

/**
 * kith_message_list_get_has_older:
 * @self: a list
 *
 * Returns: whether there is more before the first message
 */
gboolean
kith_message_list_get_has_older (KithMessageList *self)
{
  return self->has_older;
}

/**
 * kith_message_list_set_has_older:
 * @self: a list
 * @has_older: whether there is more before the first message
 */
void
kith_message_list_set_has_older (KithMessageList *self, gboolean has_older)
{
  kith_property_set_flag (self, &self->has_older, has_older, properties[PROP_HAS_OLDER]);
}

/**
 * kith_message_list_get_has_newer:
 * @self: a list
 *
 * Returns: whether there is more after the last message
 */
gboolean
kith_message_list_get_has_newer (KithMessageList *self)
{
  return self->has_newer;
}

/**
 * kith_message_list_set_has_newer:
 * @self: a list
 * @has_newer: whether there is more after the last message
 */
void
kith_message_list_set_has_newer (KithMessageList *self, gboolean has_newer)
{
  kith_property_set_flag (self, &self->has_newer, has_newer, properties[PROP_HAS_NEWER]);
}

/**
 * kith_message_list_lookup:
 * @self: a list
 * @id: an id, 16 bytes
 *
 * Returns: (transfer none) (nullable): the message with that id
 */
KithMessage *
kith_message_list_lookup (KithMessageList *self, const guint8 id[KITH_MESSAGE_ID_BYTES])
{
  return g_hash_table_lookup (self->by_id, id);
}

/**
 * kith_message_list_get:
 * @self: a list
 * @position: a position
 *
 * Returns: (transfer none) (nullable): the message there
 */
KithMessage *
kith_message_list_get (KithMessageList *self, guint position)
{
  return position < self->messages->len ? g_ptr_array_index (self->messages, position) : NULL;
}

/**
 * kith_message_list_get_length:
 * @self: a list
 *
 * Returns: how many messages there are
 */
guint
kith_message_list_get_length (KithMessageList *self)
{
  return self->messages->len;
}

/**
 * kith_message_list_remove:
 * @self: a list
 * @message: a message
 *
 * Returns: whether it was there
 */
gboolean
kith_message_list_remove (KithMessageList *self, KithMessage *message)
{
  guint position;

  if (kith_message_list_lookup (self, kith_message_get_id_bytes (message)) != message)
    return FALSE;

  position = place_for (self, message);
  g_return_val_if_fail (kith_message_list_get (self, position) == message, FALSE);

  forget (self, message);
  g_ptr_array_remove_index (self->messages, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  return TRUE;
}
