/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is gone from a group is gone with all that belonged to it; and whom one has blocked is not heard. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "kith-test-acts.h"
#include "kith-test-trio.h"
#include "node/kith-group-host-private.h"
#include "store/kith-store-group-read.h"

/* How many entries of @author @person still has the content of. */
static guint
count_contents (TestPerson *person, TestPerson *author)
{
  KithGroupHost *host = kith_node_lookup_group (person->node, kith_group_get_id_bytes (trio_group (person)));
  const guint8 *key = kith_group_host_get_author (host, kith_node_get_own_identity (author->node));
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  guint n = 0;

  kith_store_load_group_entries_async (person->store, host->row->gid, key, 1, 100, test_result_cb, &result);
  done = test_await (&result);
  rows = kith_store_load_group_entries_finish (person->store, done, NULL);
  for (guint i = 0; i < rows->len; i++)
    n += ((KithStoreGroupEntry *) g_ptr_array_index (rows, i))->content != NULL;

  return n;
}

/* The newest words of a message that was deleted here come later than that. */
static void
test_edit_of_deleted (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (KithMessage) marker = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  message = trio_post (ann, "secret one");
  test_wait_for (trio_copy (ben, message) != NULL && trio_copy (cat, message) != NULL);
  g_assert_cmpuint (count_contents (ben, ann), ==, 1);
  test_person_delete (ben, trio_copy (ben, message), KITH_DELETE_HERE);
  g_assert_cmpuint (count_contents (ben, ann), ==, 0);

  test_person_edit (ann, message, "secret two");
  test_wait_for (trio_count (cat, "secret two") == 1);
  marker = trio_post (ann, "marker");
  test_wait_for (trio_copy (ben, marker) != NULL);
  g_assert_cmpuint (count_contents (ben, ann), ==, 1); /* the marker */
  g_assert_cmpuint (count_contents (cat, ann), ==, 3);
}

/* Nothing that they say by editing or by a smiley is shown either; what they take back goes. */
static void
test_blocked (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) old = NULL;
  g_autoptr (KithMessage) other = NULL;
  g_autoptr (KithMessage) own = NULL;
  GAsyncResult *result = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  old = trio_post (cat, "hello");
  other = trio_post (cat, "other");
  own = trio_post (ben, "mine");
  test_wait_for (trio_copy (ben, old) != NULL && trio_copy (ben, other) != NULL && trio_copy (cat, own) != NULL);
  kith_node_set_blocked_async (ben->node, test_person_contact (ben, cat), TRUE, NULL, test_result_cb, &result);
  test_finish_well (ben, &result, kith_node_set_blocked_finish);

  test_person_edit (cat, old, "I still talk to you");
  kith_node_react_async (cat->node, NULL, kith_message_get_id (own), "👎", NULL, test_result_cb, &result);
  test_finish_well (cat, &result, kith_node_react_finish);
  test_person_delete (cat, other, KITH_DELETE_FOR_BOTH);
  test_wait_for (kith_message_is_deleted (trio_copy (ben, other)));
  g_assert_cmpstr (kith_message_get_text (trio_copy (ben, old)), ==, "hello");
  g_assert_cmpuint (kith_message_get_reactions (trio_copy (ben, own))->len, ==, 0);
}

/* A mention that was taken back before it was read leaves no mark. */
static void
test_mention_taken_back (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) message = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  message = trio_post (ben, "@Cat, look");
  test_wait_for (kith_group_get_unread_mentions (trio_group (cat)) == 1);
  test_person_delete (ben, message, KITH_DELETE_FOR_BOTH);
  test_wait_for (kith_conversation_get_unread (trio_chat (cat)) == 0);
  g_assert_cmpuint (kith_group_get_unread_mentions (trio_group (cat)), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/group-secrecy/edit-of-deleted", test_edit_of_deleted);
  g_test_add_func ("/group-secrecy/blocked", test_blocked);
  g_test_add_func ("/group-secrecy/mention-taken-back", test_mention_taken_back);
  return g_test_run ();
}
