/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-store.h"

#include <string.h>

#include "store/kith-store-private.h"

void
kith_test_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static gboolean
deadline_cb (gpointer user_data)
{
  g_error ("Waited in vain");
  return G_SOURCE_REMOVE;
}

GAsyncResult *
kith_test_await (GAsyncResult **result)
{
  guint deadline = g_timeout_add_seconds (TEST_DEADLINE_S, deadline_cb, NULL);

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
  return *result;
}

void
kith_test_identity (guint8 who, guint8 out[KITH_STORE_IDENTITY_BYTES])
{
  memset (out, 0, KITH_STORE_IDENTITY_BYTES);
  out[0] = who;
}

KithStoreMessage
kith_test_message (guint8 who, guint number, gboolean outgoing, const char *text)
{
  KithStoreMessage row = { .outgoing = outgoing, .seq = number, .hlc = number, .time_ms = number };

  memcpy (row.id, &number, sizeof number);
  kith_test_identity (who, row.identity);
  row.text = (char *) text;
  return row;
}

KithSecret *
kith_test_secret (guint8 byte)
{
  guint8 bytes[32];

  memset (bytes, byte, sizeof bytes);
  return kith_secret_new_from (bytes, sizeof bytes);
}

gboolean
kith_test_commit (KithStore *store, KithStoreBatch *batch, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_store_commit_async (store, kith_store_batch_ref (batch), NULL, kith_test_result_cb, &result);
  return kith_store_commit_finish (store, kith_test_await (&result), error);
}

void
kith_test_must_commit (KithStore *store, KithStoreBatch *batch)
{
  g_autoptr (GError) error = NULL;

  kith_test_commit (store, batch, &error);
  g_assert_no_error (error);
}

void
kith_test_put_profile (KithStore *store, const char *name)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithSecret) secret = kith_test_secret (7);
  KithStoreProfile row = { .name = (char *) name, .identity_seed = secret, .device_key = secret };

  kith_store_batch_put_profile (batch, &row);
  kith_test_must_commit (store, batch);
}

void
kith_test_add (KithStore *store, guint8 who, guint from, guint to, gboolean outgoing)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  for (guint i = from; i <= to; i++)
    {
      g_autofree char *text = g_strdup_printf ("text %u", i);
      KithStoreMessage row = kith_test_message (who, i, outgoing, text);

      kith_store_batch_add_message (batch, &row);
    }
  kith_test_must_commit (store, batch);
}

void
kith_test_clear (KithStore *store, guint8 who)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  guint8 identity[KITH_STORE_IDENTITY_BYTES];

  kith_test_identity (who, identity);
  kith_store_batch_clear_messages (batch, identity);
  kith_test_must_commit (store, batch);
}

void
kith_test_close (KithStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_close_async (store, kith_test_result_cb, &result);
  kith_store_close_finish (store, kith_test_await (&result), &error);
  g_assert_no_error (error);
}

KithStoreSnapshot *
kith_test_load (KithStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreSnapshot *snapshot;

  kith_store_load_async (store, NULL, kith_test_result_cb, &result);
  snapshot = kith_store_load_finish (store, kith_test_await (&result), &error);
  g_assert_no_error (error);
  return snapshot;
}

static gboolean
index_job (KithDatabase *database, GTask *task)
{
  while (kith_store_index_some (database, 0, NULL))
    ;
  g_task_return_boolean (task, TRUE);
  return FALSE;
}

void
kith_test_index (KithStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_store_push (store, g_task_new (store, NULL, kith_test_result_cb, &result), index_job);
  g_task_propagate_boolean (G_TASK (kith_test_await (&result)), NULL);
}

GPtrArray *
kith_test_search (KithStore *store, const char *text, guint8 who, const KithStoreMessage *before, guint limit)
{
  kith_test_index (store);
  return kith_test_find (store, text, who, before_id, limit);
}

GPtrArray *
kith_test_find (KithStore *store, const char *text, guint8 who, const guint8 *before_id, guint limit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint8 identity[KITH_STORE_IDENTITY_BYTES];
  KithStoreCursor cursor = { .hlc = 0 };
  GPtrArray *hits;

  kith_test_identity (who, identity);
  if (before != NULL)
    {
      memcpy (cursor.identity, before->identity, sizeof cursor.identity);
      memcpy (cursor.id, before->id, sizeof cursor.id);
    }
  kith_store_search_async (store, text, who != 0 ? identity : NULL, before != NULL ? &cursor : NULL, limit, NULL,
                           kith_test_result_cb, &result);
  hits = kith_store_search_finish (store, kith_test_await (&result), &error);
  g_assert_no_error (error);
  return hits;
}
