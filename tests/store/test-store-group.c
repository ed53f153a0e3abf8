/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups in the store: what waits, who is still mentioned, what is there though it is empty. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "kith-test-store.h"
#include "store/kith-store-group-read.h"

#define RELATION 4
#define GROUP 100

static void
put_group (KithStore *store)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreGroupAct *act;
  guint8 gid[KITH_STORE_GROUP_ID_BYTES];

  kith_test_identity (GROUP, gid);
  act = kith_store_group_act_new (KITH_STORE_GROUP_PUT, gid);
  act->group = g_new0 (KithStoreGroup, 1);
  memcpy (act->group->gid, gid, sizeof gid);
  act->group->name = g_strdup ("Ace");
  act->group->topic = g_strdup ("");
  kith_store_batch_group (batch, act);
  kith_test_must_commit (store, batch);
}

static void
put_contact (KithStore *store, guint8 who, gboolean blocked)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreContact row = { .relation = RELATION, .next_seq = 1, .blocked = blocked };

  kith_test_identity (who, row.identity);
  kith_store_batch_put_contact (batch, &row);
  kith_test_must_commit (store, batch);
}

/* In the group. @author: 0 = ours that waits. */
static void
add_message (KithStore *store, guint number, guint8 author, const char *event)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (GROUP, number, author == 0, "text");

  row.has_author = author != 0;
  kith_test_identity (author, row.author);
  row.event = (char *) event;
  row.has_event_who = event != NULL;
  kith_test_identity (author, row.event_who);
  kith_store_batch_add_message (batch, &row);
  kith_test_must_commit (store, batch);
}

static void
react (KithStore *store, guint8 who)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  guint8 gid[KITH_STORE_GROUP_ID_BYTES];
  KithStoreGroupAct *act;

  kith_test_identity (GROUP, gid);
  act = kith_store_group_act_new (KITH_STORE_GROUP_REACT, gid);
  kith_test_identity (who, act->author);
  act->text = g_strdup ("👍");
  act->hlc = 1;
  kith_store_batch_group (batch, act);
  kith_test_must_commit (store, batch);
}

static gboolean
is_stranger (KithStore *store, guint8 who)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) strangers = NULL;
  guint8 identity[KITH_STORE_IDENTITY_BYTES];

  kith_test_identity (who, identity);
  kith_store_load_strangers_async (store, RELATION, kith_test_result_cb, &result);
  strangers = kith_store_load_strangers_finish (store, kith_test_await (&result), NULL);
  g_assert_nonnull (strangers);
  for (guint i = 0; i < strangers->len; i++)
    if (memcmp (g_ptr_array_index (strangers, i), identity, sizeof identity) == 0)
      return TRUE;

  return FALSE;
}

static void
test_strangers (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  guint8 gid[KITH_STORE_GROUP_ID_BYTES];

  put_group (store);
  for (guint8 who = 1; who <= 5; who++)
    put_contact (store, who, who == 4);
  add_message (store, 1, 1, NULL);
  add_message (store, 2, 2, "joined");
  react (store, 3);
  for (guint8 who = 1; who <= 5; who++)
    g_assert_cmpint (is_stranger (store, who), ==, who == 5);

  kith_test_identity (GROUP, gid);
  kith_store_batch_group (batch, kith_store_group_act_new (KITH_STORE_GROUP_DELETE, gid));
  kith_test_must_commit (store, batch);
  for (guint8 who = 1; who <= 5; who++)
    g_assert_cmpint (is_stranger (store, who), ==, who != 4);
}

static void
test_pending (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  guint8 gid[KITH_STORE_GROUP_ID_BYTES];

  put_group (store);
  add_message (store, 1, 1, NULL);
  add_message (store, 2, 0, NULL);
  kith_test_identity (GROUP, gid);
  kith_store_load_group_pending_async (store, gid, kith_test_result_cb, &result);
  rows = kith_store_load_group_pending_finish (store, kith_test_await (&result), NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_true (((KithStoreMessage *) g_ptr_array_index (rows, 0))->outgoing);
}

/* A leave has a content of no length: it is there all the same, and nobody is asked for it. */
static void
test_empty_content (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) headers = NULL;
  guint8 gid[KITH_STORE_GROUP_ID_BYTES];

  put_group (store);
  kith_test_identity (GROUP, gid);
  for (guint i = 0; i < 2; i++)
    {
      KithStoreGroupAct *act = kith_store_group_act_new (KITH_STORE_GROUP_PUT_ENTRY, gid);

      act->entry = g_new0 (KithStoreGroupEntry, 1);
      act->entry->seq = i + 1;
      act->entry->content = i == 0 ? g_bytes_new (NULL, 0) : NULL;
      kith_store_batch_group (batch, act);
    }
  kith_test_must_commit (store, batch);

  kith_store_load_group_headers_async (store, gid, NULL, 10, kith_test_result_cb, &result);
  headers = kith_store_load_group_headers_finish (store, kith_test_await (&result), NULL);
  g_assert_cmpuint (headers->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const KithStoreGroupEntry *row = g_ptr_array_index (headers, i);

      g_assert_cmpint (row->has_content, ==, i == 0);
      g_assert_false (row->redacted);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add_func ("/store/group/strangers", test_strangers);
  g_test_add_func ("/store/group/pending", test_pending);
  g_test_add_func ("/store/group/empty-content", test_empty_content);
  return g_test_run ();
}
