/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How files are found in the table: by their messages, by what the faces have of them, and by their roots. Others choose
 * ids and roots: looking for one costs the same whatever they have offered. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-table-hash.h"
#include "node/kith-transfers-private.h"

static guint
hash_key (gconstpointer key)
{
  gsize len;
  const guint8 *data = g_bytes_get_data ((GBytes *) key, &len);

  return kith_table_hash (data, len);
}

static guint
hash_root (gconstpointer root)
{
  return kith_table_hash (root, KITH_HASH_BYTES);
}

static gboolean
equal_roots (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, KITH_HASH_BYTES) == 0;
}

/**
 * kith_transfers_make_indexes: (skip)
 * @self: a table that is being made
 */
void
kith_transfers_make_indexes (KithTransfers *self)
{
  self->by_key = g_hash_table_new_full (hash_key, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  self->by_model = g_hash_table_new (NULL, NULL);
  self->by_root = g_hash_table_new_full (hash_root, equal_roots, g_free, (GDestroyNotify) g_ptr_array_unref);
}

/* (transfer full): what is found by the id of a message, which each side chooses for itself */
static GBytes *
new_key (KithChat *chat, const guint8 *id, gboolean outgoing)
{
  guint8 key[KITH_STORE_MESSAGE_ID_BYTES + KITH_STORE_IDENTITY_BYTES + 1];

  memcpy (key, id, KITH_STORE_MESSAGE_ID_BYTES);
  memcpy (key + KITH_STORE_MESSAGE_ID_BYTES, chat->key, KITH_STORE_IDENTITY_BYTES);
  key[sizeof key - 1] = outgoing ? 1 : 0;
  return g_bytes_new (key, sizeof key);
}

/* --- Looking -------------------------------------------------------------------------------- */

/**
 * kith_transfers_lookup: (skip)
 * @self: the table
 * @chat: where it was offered
 * @id: of the message that offers it, %KITH_STORE_MESSAGE_ID_BYTES
 * @outgoing: whether it is ours
 *
 * Returns: (transfer none) (nullable): the parcel
 */
KithParcel *
kith_transfers_lookup (KithTransfers *self, KithChat *chat, const guint8 *id, gboolean outgoing)
{
  g_autoptr (GBytes) key = new_key (chat, id, outgoing);

  return g_hash_table_lookup (self->by_key, key);
}

/**
 * kith_transfers_parcel_of: (skip)
 * @self: the table
 * @model: a file, as the faces have it
 *
 * Returns: (transfer none) (nullable): the parcel; %NULL when its message is gone
 */
KithParcel *
kith_transfers_parcel_of (KithTransfers *self, KithTransfer *model)
{
  return g_hash_table_lookup (self->by_model, model);
}

/**
 * kith_transfers_of_root: (skip)
 * @self: the table
 * @root: of a file, %KITH_HASH_BYTES; untrusted
 *
 * Returns: (transfer none) (nullable) (element-type KithParcel): those with this root that were stored, until one of them
 *   comes or goes
 */
GPtrArray *
kith_transfers_of_root (KithTransfers *self, const guint8 *root)
{
  return g_hash_table_lookup (self->by_root, root);
}

/**
 * kith_transfers_dup_of_root: (skip)
 * @self: the table
 * @root: of a file, %KITH_HASH_BYTES; untrusted
 *
 * Returns: (transfer full) (element-type KithParcel): the same, to hold on to while things are done with them
 */
GPtrArray *
kith_transfers_dup_of_root (KithTransfers *self, const guint8 *root)
{
  GPtrArray *parcels = kith_transfers_of_root (self, root);
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_parcel_unref);

  for (guint i = 0; parcels != NULL && i < parcels->len; i++)
    g_ptr_array_add (copy, kith_parcel_ref (g_ptr_array_index (parcels, i)));
  return copy;
}

/* --- Keeping -------------------------------------------------------------------------------- */

/**
 * kith_transfers_index_root: (skip)
 * @self: the table
 * @parcel: a parcel whose root stays as it is from now on
 */
void
kith_transfers_index_root (KithTransfers *self, KithParcel *parcel)
{
  const guint8 *root = parcel->row->file->root;
  GPtrArray *parcels = kith_transfers_of_root (self, root);

  if (parcels == NULL)
    {
      parcels = g_ptr_array_new ();
      g_hash_table_insert (self->by_root, g_memdup2 (root, KITH_HASH_BYTES), parcels);
    }
  if (!parcel->rooted)
    g_ptr_array_add (parcels, parcel);
  parcel->rooted = TRUE;
}

static void
unindex_root (KithTransfers *self, KithParcel *parcel)
{
  GPtrArray *parcels = parcel->rooted ? kith_transfers_of_root (self, parcel->row->file->root) : NULL;

  if (parcels == NULL)
    return;

  parcel->rooted = FALSE;
  g_ptr_array_remove (parcels, parcel);
  if (parcels->len == 0)
    g_hash_table_remove (self->by_root, parcel->row->file->root);
}

static void
index_message (KithTransfers *self, KithParcel *parcel)
{
  g_hash_table_replace (self->by_key, new_key (parcel->chat, parcel->row->id, parcel->row->outgoing),
                        parcel);
}

static void
unindex_message (KithTransfers *self, KithParcel *parcel)
{
  g_autoptr (GBytes) key = new_key (parcel->chat, parcel->row->id, parcel->row->outgoing);

  g_hash_table_remove (self->by_key, key);
}

/**
 * kith_transfers_index: (skip)
 * @self: the table
 * @parcel: a parcel that has just come into it
 */
void
kith_transfers_index (KithTransfers *self, KithParcel *parcel)
{
  index_message (self, parcel);
  g_hash_table_replace (self->by_model, parcel->model, parcel);
  if (parcel->stored)
    kith_transfers_index_root (self, parcel);
}

/**
 * kith_transfers_unindex: (skip)
 * @self: the table
 * @parcel: a parcel that leaves it
 */
void
kith_transfers_unindex (KithTransfers *self, KithParcel *parcel)
{
  unindex_message (self, parcel);
  g_hash_table_remove (self->by_model, parcel->model);
  unindex_root (self, parcel);
}

/**
 * kith_transfers_rename: (skip)
 * @self: the table
 * @parcel: a parcel in it
 * @id: which its message has got, %KITH_STORE_MESSAGE_ID_BYTES
 */
void
kith_transfers_rename (KithTransfers *self, KithParcel *parcel, const guint8 *id)
{
  unindex_message (self, parcel);
  memcpy (parcel->row->id, id, sizeof parcel->row->id);
  index_message (self, parcel);
  kith_transfer_set_id (parcel->model, id);
}
