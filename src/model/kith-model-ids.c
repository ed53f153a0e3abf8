/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-model-ids.h"

#include <string.h>

#include "base/kith-table-hash.h"

/**
 * kith_identity_hash:
 * @identity: an identity key, %KITH_IDENTITY_BYTES bytes. Whoever makes keys chooses some of their bits
 *
 * Returns: a hash that is the same only within this process
 */
guint
kith_identity_hash (gconstpointer identity)
{
  return kith_table_hash (identity, KITH_IDENTITY_BYTES);
}

/**
 * kith_identity_equal:
 * @a: an identity key
 * @b: another one
 *
 * Returns: whether they are the same
 */
gboolean
kith_identity_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, KITH_IDENTITY_BYTES) == 0;
}

/**
 * kith_message_id_hash:
 * @id: the id of a message, %KITH_MESSAGE_ID_BYTES bytes, which its sender chose
 *
 * Returns: a hash that is the same only within this process
 */
guint
kith_message_id_hash (gconstpointer id)
{
  return kith_table_hash (id, KITH_MESSAGE_ID_BYTES);
}

/**
 * kith_message_id_equal:
 * @a: the id of a message
 * @b: another one
 *
 * Returns: whether they are the same
 */
gboolean
kith_message_id_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, KITH_MESSAGE_ID_BYTES) == 0;
}
