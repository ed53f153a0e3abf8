/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-table-hash.h"

#include <sodium.h>

static const guint8 *
table_key (void)
{
  static guint8 key[crypto_shorthash_KEYBYTES];
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      if (sodium_init () < 0)
        g_error ("The system has no randomness");
      randombytes_buf (key, sizeof key);
      g_once_init_leave (&ready, 1);
    }

  return key;
}

/**
 * kith_table_hash:
 * @bytes: a key of a hash table
 * @len: its length in bytes
 *
 * Hashes what a peer chose, such as a message id, for a #GHashTable. SipHash with a key of this
 * process: nobody can choose ids that all fall into one place and so make the table slow. Any
 * thread.
 *
 * Returns: a hash that is the same only within this process
 */
guint
kith_table_hash (gconstpointer bytes, gsize len)
{
  guint8 hash[crypto_shorthash_BYTES];

  crypto_shorthash (hash, bytes, len, table_key ());
  return (guint) hash[0] | (guint) hash[1] << 8 | (guint) hash[2] << 16 | (guint) hash[3] << 24;
}
