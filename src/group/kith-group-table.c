/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include "group/kith-group-table.h"

#include <string.h>

#include "base/kith-table-hash.h"
#include "proto/kith-group-keys.h"

G_STATIC_ASSERT (KITH_GROUP_KEY_BYTES == KITH_GROUP_ID_BYTES);
G_STATIC_ASSERT (KITH_GROUP_KEY_BYTES == KITH_IDENTITY_KEY_BYTES);

static guint
hash_id (gconstpointer id)
{
  return kith_table_hash (id, KITH_GROUP_ID_BYTES);
}

static gboolean
equal_ids (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, KITH_GROUP_ID_BYTES) == 0;
}

/**
 * kith_group_table_new:
 * @free_value: (nullable): frees a value
 *
 * Returns: (transfer full): a table by author key, identity key or id. It does not own its keys: they stand in
 *   the values
 */
GHashTable *
kith_group_table_new (GDestroyNotify free_value)
{
  return g_hash_table_new_full (hash_id, equal_ids, NULL, free_value);
}
