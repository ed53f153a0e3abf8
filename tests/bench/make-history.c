/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-history FOLDER MESSAGES [CONTACTS]: fills a profile without a passphrase, through the store as
 * the node would, to look at and to measure what a long history does. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "base/kith-init.h"
#include "store/kith-store.h"
#include "store/kith-vault.h"
#include "kith-bench-text.h"

#define BATCH 500

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
commit (KithStore *store, KithStoreBatch *batch)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_commit_async (store, batch, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!kith_store_commit_finish (store, result, &error))
    g_error ("%s", error->message);
}

static void
make_identity (guint i, guint8 identity[KITH_STORE_IDENTITY_BYTES])
{
  guint8 seed[crypto_sign_SEEDBYTES] = { 1, (guint8) i, (guint8) (i >> 8) };
  guint8 secret[crypto_sign_SECRETKEYBYTES];

  crypto_sign_seed_keypair (identity, secret, seed);
}

static void
add_contacts (KithStore *store, guint n)
{
  KithStoreBatch *batch = kith_store_batch_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Friend %u", i + 1);
      KithStoreContact row = { .relation = 1, .name = name, .added_ms = 1700000000000, .next_seq = 1 };

      make_identity (i, row.identity);
      kith_store_batch_put_contact (batch, &row);
    }

  commit (store, batch);
}

static void
add_messages (KithStore *store, guint64 n, guint n_contacts)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  KithStoreBatch *batch = kith_store_batch_new ();
  gint64 start_ms = 1700000000000;

  for (guint64 i = 0; i < n; i++)
    {
      KithStoreMessage row = { .outgoing = i % 3 == 0, .seq = i + 1, .time_ms = start_ms + (gint64) i * 60000 };

      make_identity ((guint) (i * 7919 % n_contacts), row.identity);
      randombytes_buf (row.id, sizeof row.id);
      row.hlc = (guint64) row.time_ms << 16;
      row.state = row.outgoing ? 4 : 0;
      row.sent_ms = row.delivered_ms = row.outgoing ? row.time_ms : 0;
      row.read_ms = row.time_ms;
      row.text = kith_bench_message (rand);
      kith_store_batch_add_message (batch, &row);
      g_free (row.text);
      if (kith_store_batch_get_length (batch) < BATCH && i + 1 < n)
        continue;
      commit (store, batch);
      batch = kith_store_batch_new ();
    }

  kith_store_batch_unref (batch);
}

/* A search makes the index complete. */
static void
finish (KithStore *store)
{
  g_autoptr (GAsyncResult) searched = NULL;
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GPtrArray) hits = NULL;

  kith_store_search_async (store, "kith", NULL, NULL, 1, NULL, result_cb, &searched);
  while (searched == NULL)
    g_main_context_iteration (NULL, TRUE);
  hits = kith_store_search_finish (store, searched, NULL);
  kith_store_close_async (store, result_cb, &closed);
  while (closed == NULL)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autofree char *vault = NULL;
  g_autofree char *path = NULL;
  g_autoptr (KithSecret) master = NULL;
  g_autoptr (KithSecret) key = NULL;
  g_autoptr (KithStore) store = NULL;
  guint n_contacts = argc > 3 ? (guint) strtoul (argv[3], NULL, 10) : 20;

  if (argc < 3 || n_contacts == 0 || !kith_init ())
    return 2;

  vault = g_build_filename (argv[1], "vault", NULL);
  path = g_build_filename (argv[1], "kith.db", NULL);
  master = kith_vault_unlock (vault, NULL, &error);
  if (master != NULL)
    {
      key = kith_vault_derive (master, "kith1 database");
      store = kith_store_open (path, key, &error);
    }
  if (store == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }

  add_contacts (store, n_contacts);
  add_messages (store, strtoull (argv[2], NULL, 10), n_contacts);
  finish (store);
  return 0;
}
