/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is gone from a group is gone with all that belonged to it; and whom one has blocked is not heard. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "kith-test-acts.h"
#include "kith-test-trio.h"
#include "group/kith-group-replica-private.h"
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

/* --- A crash between a message and what was said of it -------------------------------------- */

static KithGroupHost *
get_host (TestPerson *person)
{
  return kith_node_lookup_group (person->node, kith_group_get_id_bytes (trio_group (person)));
}

static const guint8 *
get_key (TestPerson *person, TestPerson *author)
{
  return kith_group_host_get_author (get_host (person), kith_node_get_own_identity (author->node));
}

/* (transfer full): the first entry of @author */
static KithGroupEntry *
load_first (TestPerson *person, TestPerson *author)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  KithStoreGroupEntry *row;
  KithGroupEntry *entry;
  gsize len;

  kith_store_load_group_entries_async (person->store, get_host (person)->row->gid, get_key (person, author), 1, 1,
                                       test_result_cb, &result);
  test_await (&result);
  rows = kith_store_load_group_entries_finish (person->store, result, NULL);
  row = g_ptr_array_index (rows, 0);
  entry = kith_group_entry_parse (row->header, sizeof row->header, row->signature, sizeof row->signature);
  kith_group_entry_set_content (entry, row->salt, sizeof row->salt, g_bytes_get_data (row->content, &len),
                                g_bytes_get_size (row->content));
  return entry;
}

/* As if the first entry of @author had not come to @person yet. */
static void
take_out_first (TestPerson *person, TestPerson *author)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GAsyncResult) result = NULL;
  KithStoreGroupAct *act = kith_store_group_act_new (KITH_STORE_GROUP_HIDE, get_host (person)->row->gid);

  memcpy (act->author, get_key (person, author), sizeof act->author);
  act->seq = 1;
  kith_store_batch_group (batch, act);
  kith_store_commit_async (person->store, kith_store_batch_ref (batch), NULL, test_result_cb, &result);
  g_assert_true (kith_store_commit_finish (person->store, test_await (&result), NULL));
}

/* @entry comes, and the program is killed as soon as it is on the disk. */
static void
take_and_crash (TestPerson *person, KithGroupEntry *entry)
{
  KithGroupHost *host = get_host (person);
  KithGroupEffect *effect = kith_group_replica_emit (host->replica, KITH_GROUP_EFFECT_MESSAGE);

  memcpy (effect->author, entry->author, sizeof effect->author);
  effect->seq = entry->seq;
  effect->entry = kith_group_entry_ref (entry);
  effect->n = 1;
  kith_group_host_take_effects (host);
  test_person_crash (person);
}

static guint
count_left (TestPerson *person)
{
  GHashTableIter iter;
  gpointer key;
  guint n = 0;

  g_hash_table_iter_init (&iter, person->node->settings);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    n += g_str_has_prefix (key, KITH_STORE_GROUP_ACTS_WAIT);
  return n;
}

/* What was edited or deleted before it came stays so: the program ends between the two commits. */
static void
check_acts_outlive (gboolean deletes)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (KithMessage) marker = NULL;
  g_autoptr (KithGroupEntry) entry = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  message = trio_post (ann, "before");
  test_wait_for (trio_copy (ben, message) != NULL);
  entry = load_first (ben, ann);
  take_out_first (ben, ann);
  if (deletes)
    test_person_delete (ann, message, KITH_DELETE_FOR_BOTH);
  else
    test_person_edit (ann, message, "after");
  marker = trio_post (ann, "marker");
  test_wait_for (trio_copy (ben, marker) != NULL);

  take_and_crash (ben, entry);
  test_person_start (ben);
  g_assert_cmpuint (count_left (ben), ==, 1);
  trio_load_all (ben);
  if (deletes)
    test_wait_for (trio_copy (ben, message) == NULL || kith_message_is_deleted (trio_copy (ben, message)));
  else
    test_wait_for (trio_count (ben, "after") == 1);

  test_person_stop (ben); /* and nothing is left to do */
  test_person_start (ben);
  g_assert_cmpuint (count_left (ben), ==, 0);
  trio_load_all (ben);
  g_assert_cmpuint (trio_count (ben, "before"), ==, 0);
  g_assert_cmpuint (trio_count (ben, "marker"), ==, 1);
}

static void
test_crash_before_edit (void)
{
  check_acts_outlive (FALSE);
}

static void
test_crash_before_deletion (void)
{
  check_acts_outlive (TRUE);
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
  g_test_add_func ("/group-secrecy/crash-before-edit", test_crash_before_edit);
  g_test_add_func ("/group-secrecy/crash-before-deletion", test_crash_before_deletion);
  return g_test_run ();
}
