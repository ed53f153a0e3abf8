/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store in memory. Batches are checked as a whole, then applied; answers come from the main loop
 * in the order of the calls, as those of a disk do. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-memory-store.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-table-hash.h"

#define NEWEST 50

struct _KithMemoryStore
{
  KithStore         parent_instance;
  KithStoreProfile *profile;  /* (owned) (nullable) */
  GHashTable       *contacts; /* (owned) identity -> KithStoreContact */
  GHashTable       *requests; /* (owned) identity -> KithStoreRequest */
  GPtrArray        *devices;  /* (owned) KithStoreDevice */
  GPtrArray        *messages; /* (owned) KithStoreMessage, in the order of their adding */
  GHashTable       *by_id;    /* (unowned) KithStoreMessage as its own key */
};

G_DEFINE_FINAL_TYPE (KithMemoryStore, kith_memory_store, KITH_TYPE_STORE)

static guint
identity_hash (gconstpointer identity)
{
  return kith_table_hash (identity, KITH_STORE_IDENTITY_BYTES);
}

static gboolean
identity_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, KITH_STORE_IDENTITY_BYTES) == 0;
}

static guint
message_hash (gconstpointer message)
{
  return kith_table_hash (((const KithStoreMessage *) message)->id, KITH_STORE_MESSAGE_ID_BYTES);
}

/* A message is known by conversation, direction and id. */
static gboolean
message_equal (gconstpointer a, gconstpointer b)
{
  const KithStoreMessage *left = a;
  const KithStoreMessage *right = b;

  return memcmp (left->id, right->id, sizeof left->id) == 0 && !left->outgoing == !right->outgoing
         && memcmp (left->identity, right->identity, sizeof left->identity) == 0;
}

/* --- Committing ----------------------------------------------------------------------------- */

static gboolean
is_possible (KithMemoryStore *self, const KithStoreOp *op)
{
  if (op->kind == KITH_STORE_OP_PUT_PROFILE)
    {
      const KithStoreProfile *profile = op->row;

      return profile->name != NULL && profile->identity_seed != NULL && profile->device_key != NULL;
    }

  if (op->kind == KITH_STORE_OP_ADD_MESSAGE)
    return ((const KithStoreMessage *) op->row)->text != NULL;

  return TRUE;
}

static void
put_device (KithMemoryStore *self, const KithStoreDevice *row)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      KithStoreDevice *device = g_ptr_array_index (self->devices, i);

      if (memcmp (device->identity, row->identity, sizeof row->identity) == 0
          && memcmp (device->device, row->device, sizeof row->device) == 0)
        {
          *device = *row;
          return;
        }
    }

  g_ptr_array_add (self->devices, kith_store_device_copy (row));
}

static void
delete_contact (KithMemoryStore *self, const guint8 *identity)
{
  g_hash_table_remove (self->contacts, identity);

  for (guint i = self->devices->len; i > 0; i--)
    if (identity_equal (((KithStoreDevice *) g_ptr_array_index (self->devices, i - 1))->identity,
                        identity))
      g_ptr_array_remove_index (self->devices, i - 1);

  for (guint i = self->messages->len; i > 0; i--)
    {
      KithStoreMessage *message = g_ptr_array_index (self->messages, i - 1);

      if (!identity_equal (message->identity, identity))
        continue;
      g_hash_table_remove (self->by_id, message);
      g_ptr_array_remove_index (self->messages, i - 1);
    }
}

static gboolean
add_message (KithMemoryStore *self, const KithStoreMessage *row)
{
  KithStoreMessage *copy;

  if (g_hash_table_contains (self->by_id, row))
    return FALSE;

  copy = kith_store_message_copy (row);
  g_ptr_array_add (self->messages, copy);
  g_hash_table_add (self->by_id, copy);
  return TRUE;
}

static void
update_message (KithMemoryStore *self, const KithStoreMessage *row)
{
  KithStoreMessage *message = g_hash_table_lookup (self->by_id, row);

  if (message == NULL)
    return;

  message->state = row->state;
  message->sent_ms = row->sent_ms;
  message->delivered_ms = row->delivered_ms;
  message->read_ms = row->read_ms;
  g_free (message->reason);
  message->reason = g_strdup (row->reason);
}

static void
apply (KithMemoryStore *self, KithStoreOp *op)
{
  switch (op->kind)
    {
    case KITH_STORE_OP_PUT_PROFILE:
      g_clear_pointer (&self->profile, kith_store_profile_free);
      self->profile = kith_store_profile_copy (op->row);
      break;
    case KITH_STORE_OP_PUT_CONTACT:
      {
        KithStoreContact *contact = kith_store_contact_copy (op->row);

        g_hash_table_replace (self->contacts, contact->identity, contact);
        break;
      }
    case KITH_STORE_OP_DELETE_CONTACT:
      delete_contact (self, op->row);
      break;
    case KITH_STORE_OP_PUT_DEVICE:
      put_device (self, op->row);
      break;
    case KITH_STORE_OP_PUT_REQUEST:
      {
        KithStoreRequest *request = kith_store_request_copy (op->row);

        g_hash_table_replace (self->requests, request->identity, request);
        break;
      }
    case KITH_STORE_OP_DELETE_REQUEST:
      g_hash_table_remove (self->requests, op->row);
      break;
    case KITH_STORE_OP_ADD_MESSAGE:
      op->was_new = add_message (self, op->row);
      break;
    case KITH_STORE_OP_UPDATE_MESSAGE:
      update_message (self, op->row);
      break;
    }
}

static gboolean
commit (KithMemoryStore *self, KithStoreBatch *batch, GError **error)
{
  guint n = kith_store_batch_get_length (batch);

  for (guint i = 0; i < n; i++)
    if (!is_possible (self, kith_store_batch_get (batch, i)))
      {
        g_set_error (error, KITH_ERROR, KITH_ERROR_INVALID, "Operation %u is not possible", i);
        return FALSE;
      }

  for (guint i = 0; i < n; i++)
    apply (self, kith_store_batch_get (batch, i));

  return TRUE;
}

static gboolean
commit_cb (gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;

  if (commit (g_task_get_source_object (task), g_task_get_task_data (task), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);

  return G_SOURCE_REMOVE;
}

/* Answers from the main loop, and after every call that came before. */
static void
run_later (GTask *task, GSourceFunc func)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_task_attach_source (task, source, func);
  g_source_unref (source);
  g_object_unref (task);
}

static void
kith_memory_store_commit_async (KithStore *store, KithStoreBatch *batch, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_memory_store_commit_async);
  g_task_set_task_data (task, batch, (GDestroyNotify) kith_store_batch_unref);
  run_later (task, commit_cb);
}

static gboolean
kith_memory_store_commit_finish (KithStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Reading -------------------------------------------------------------------------------- */

static gint
compare_messages (const KithStoreMessage *a, guint64 hlc, const guint8 *id)
{
  if (a->hlc != hlc)
    return a->hlc < hlc ? -1 : 1;

  return memcmp (a->id, id, sizeof a->id);
}

static gint
compare_message_pointers (gconstpointer a, gconstpointer b)
{
  const KithStoreMessage *right = *(KithStoreMessage *const *) b;

  return compare_messages (*(KithStoreMessage *const *) a, right->hlc, right->id);
}

static GPtrArray *
page (KithMemoryStore *self, const KithStoreCursor *before, guint limit)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);

  for (guint i = 0; i < self->messages->len; i++)
    {
      const KithStoreMessage *message = g_ptr_array_index (self->messages, i);

      if (identity_equal (message->identity, before->identity)
          && compare_messages (message, before->hlc, before->id) < 0)
        g_ptr_array_add (found, kith_store_message_copy (message));
    }

  g_ptr_array_sort (found, compare_message_pointers);
  if (found->len > limit)
    g_ptr_array_remove_range (found, 0, found->len - limit);

  return found;
}

static GPtrArray *
copy_values (GHashTable *table, gpointer (*copy) (gpointer), GDestroyNotify free_func)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (free_func);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (values, copy (value));

  return values;
}

static gpointer
copy_contact (gpointer row)
{
  return kith_store_contact_copy (row);
}

static gpointer
copy_request (gpointer row)
{
  return kith_store_request_copy (row);
}

static GPtrArray *
newest (KithMemoryStore *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  GHashTableIter iter;
  gpointer identity;

  g_hash_table_iter_init (&iter, self->contacts);
  while (g_hash_table_iter_next (&iter, &identity, NULL))
    {
      KithStoreCursor from_end = { .hlc = G_MAXUINT64 };

      memcpy (from_end.identity, identity, sizeof from_end.identity);
      g_ptr_array_extend_and_steal (all, page (self, &from_end, NEWEST));
    }

  return all;
}

/* Ours that have not arrived and did not fail. */
static GPtrArray *
outbox (KithMemoryStore *self)
{
  GPtrArray *waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);

  for (guint i = 0; i < self->messages->len; i++)
    {
      const KithStoreMessage *message = g_ptr_array_index (self->messages, i);

      if (message->outgoing && message->delivered_ms == 0 && message->reason == NULL)
        g_ptr_array_add (waiting, kith_store_message_copy (message));
    }

  return waiting;
}

static gboolean
load_cb (gpointer user_data)
{
  GTask *task = user_data;
  KithMemoryStore *self = g_task_get_source_object (task);
  KithStoreSnapshot *snapshot;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;

  snapshot = g_new0 (KithStoreSnapshot, 1);
  if (self->profile != NULL)
    snapshot->profile = kith_store_profile_copy (self->profile);
  snapshot->contacts =
    copy_values (self->contacts, copy_contact, (GDestroyNotify) kith_store_contact_free);
  snapshot->requests =
    copy_values (self->requests, copy_request, (GDestroyNotify) kith_store_request_free);
  snapshot->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_device_free);
  for (guint i = 0; i < self->devices->len; i++)
    g_ptr_array_add (snapshot->devices,
                     kith_store_device_copy (g_ptr_array_index (self->devices, i)));
  snapshot->messages = newest (self);
  snapshot->outbox = outbox (self);
  g_task_return_pointer (task, snapshot, (GDestroyNotify) kith_store_snapshot_free);
  return G_SOURCE_REMOVE;
}

static void
kith_memory_store_load_async (KithStore *store, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_memory_store_load_async);
  run_later (task, load_cb);
}

static KithStoreSnapshot *
kith_memory_store_load_finish (KithStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  KithStoreCursor before;
  guint           limit;
} Page;

static gboolean
page_cb (gpointer user_data)
{
  GTask *task = user_data;
  const Page *wanted = g_task_get_task_data (task);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task,
                           page (g_task_get_source_object (task), &wanted->before, wanted->limit),
                           (GDestroyNotify) g_ptr_array_unref);
  return G_SOURCE_REMOVE;
}

static void
kith_memory_store_load_messages_async (KithStore *store, const KithStoreCursor *before, guint limit,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Page wanted = { *before, limit };

  g_task_set_source_tag (task, kith_memory_store_load_messages_async);
  g_task_set_task_data (task, g_memdup2 (&wanted, sizeof wanted), g_free);
  run_later (task, page_cb);
}

static GPtrArray *
kith_memory_store_load_messages_finish (KithStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_memory_store_finalize (GObject *object)
{
  KithMemoryStore *self = KITH_MEMORY_STORE (object);

  kith_store_profile_free (self->profile);
  g_hash_table_unref (self->contacts);
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->devices);
  g_ptr_array_unref (self->messages);

  G_OBJECT_CLASS (kith_memory_store_parent_class)->finalize (object);
}

static void
kith_memory_store_class_init (KithMemoryStoreClass *klass)
{
  KithStoreClass *store_class = KITH_STORE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kith_memory_store_finalize;
  store_class->commit_async = kith_memory_store_commit_async;
  store_class->commit_finish = kith_memory_store_commit_finish;
  store_class->load_async = kith_memory_store_load_async;
  store_class->load_finish = kith_memory_store_load_finish;
  store_class->load_messages_async = kith_memory_store_load_messages_async;
  store_class->load_messages_finish = kith_memory_store_load_messages_finish;
}

static void
kith_memory_store_init (KithMemoryStore *self)
{
  self->contacts = g_hash_table_new_full (identity_hash, identity_equal, NULL,
                                          (GDestroyNotify) kith_store_contact_free);
  self->requests = g_hash_table_new_full (identity_hash, identity_equal, NULL,
                                          (GDestroyNotify) kith_store_request_free);
  self->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_device_free);
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  self->by_id = g_hash_table_new (message_hash, message_equal);
}

/**
 * kith_memory_store_new:
 *
 * Returns: (transfer full): an empty store
 */
KithStore *
kith_memory_store_new (void)
{
  return g_object_new (KITH_TYPE_MEMORY_STORE, NULL);
}
