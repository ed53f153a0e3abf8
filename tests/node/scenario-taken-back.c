/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cannot be stored: changes of contacts and conversations are taken back, settings count until the end. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-acts.h"

#include <sodium.h>

#include "node/kith-group-host-private.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"
#include "node/kith-node-presence.h"
#include "node/kith-settings.h"
#include "store/kith-database.h"

#define MANY_SETTINGS 20000

/* From now on nothing can be stored. Returns: (transfer full): for mend() */
static KithStore *
break_store (TestPerson *person)
{
  KithStore *store = person->node->store;

  person->node->store = kith_store_new_closed ();
  return store;
}

/* What is stored next comes back after what has just failed, as it does in one store. */
static void
keep_busy (KithStore *store)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  for (guint i = 0; i < MANY_SETTINGS; i++)
    {
      g_autofree char *key = g_strdup_printf ("test-%u", i);

      kith_store_batch_put_setting (batch, key, "x");
    }
  kith_store_commit_async (store, g_steal_pointer (&batch), NULL, NULL, NULL);
}

/* @store: (transfer full) */
static void
mend (TestPerson *person, KithStore *store)
{
  g_clear_object (&person->node->store);
  person->node->store = store;
}

/* The same, when all that the broken one was handed has come back: that holds the node, and its end waits for what is
 * with its own store only. */
static void
settle_and_mend (TestPerson *person, KithStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_store_commit_async (person->node->store, kith_store_batch_new (), NULL, test_result_cb, &result);
  test_await (&result);
  mend (person, store);
}

static KithPeer *
peer_of (TestPerson *person, TestPerson *other)
{
  return kith_node_lookup_peer (person->node,
                                kith_contact_get_identity (test_person_contact (person, other)));
}

/* The whole row goes to the store with it. */
static void
store_row (TestPerson *person, TestPerson *other, const char *note)
{
  GAsyncResult *result = NULL;

  kith_node_set_note_async (person->node, test_person_contact (person, other), note, NULL, test_result_cb,
                            &result);
  test_finish_well (person, &result, kith_node_set_note_finish);
}

static void
restart (TestPerson *person)
{
  test_person_stop (person);
  test_person_start (person);
}

/* --- Contacts ------------------------------------------------------------------------------- */

static void
set_blocked (TestPerson *person, KithContact *contact, gboolean blocked)
{
  GAsyncResult *result = NULL;

  kith_node_set_blocked_async (person->node, contact, blocked, NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_set_blocked_finish);
}

static void
test_unblock (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  g_autoptr (KithContact) contact = g_object_ref (test_person_contact (ann, ben));
  GAsyncResult *result = NULL;

  set_blocked (ann, contact, TRUE);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 0);

  KithStore *store = break_store (ann);

  kith_node_set_blocked_async (ann->node, contact, FALSE, NULL, test_result_cb, &result);
  test_finish_badly (ann, &result, kith_node_set_blocked_finish, KITH_ERROR_CLOSED);
  settle_and_mend (ann, store);
  g_assert_true (kith_contact_get_blocked (contact));
  g_assert_true (peer_of (ann, ben)->row->blocked);
  g_assert_false (kith_peer_is_dialable (peer_of (ann, ben)));
  g_assert_null (peer_of (ann, ben)->dial);

  store_row (ann, ben, "Still blocked");
  restart (ann);
  g_assert_true (kith_contact_get_blocked (test_person_contact (ann, ben)));
}

/* They were cut off at once, and stay so although that could not be stored: it counts for the run, and goes to the disk
 * with the next setting, or the next change of the row. */
static void
test_block (gconstpointer with_setting)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  g_autoptr (KithContact) contact = g_object_ref (test_person_contact (ann, ben));
  KithStore *store = break_store (ann);
  GAsyncResult *result = NULL;

  kith_node_set_blocked_async (ann->node, contact, TRUE, NULL, test_result_cb, &result);
  test_finish_badly (ann, &result, kith_node_set_blocked_finish, KITH_ERROR_CLOSED);
  settle_and_mend (ann, store);
  g_assert_true (kith_contact_get_blocked (contact));
  g_assert_true (peer_of (ann, ben)->row->blocked);
  g_assert_false (kith_peer_is_dialable (peer_of (ann, ben)));
  g_assert_null (peer_of (ann, ben)->dial);

  if (with_setting != NULL)
    kith_node_set_setting (ann->node, "window-width", "700");
  else
    store_row (ann, ben, "Blocked");
  test_wait_for (!peer_of (ann, ben)->has_unstored_block);
  restart (ann);
  g_assert_true (kith_contact_get_blocked (test_person_contact (ann, ben)));
}

static void
test_fields (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  KithContact *contact = test_person_contact (ann, ben);
  KithStore *store = break_store (ann);
  GAsyncResult *results[4] = { NULL };

  kith_node_set_alias_async (ann->node, contact, "Benno", NULL, test_result_cb, &results[0]);
  kith_node_set_verified_async (ann->node, contact, KITH_VERIFIED_NUMBER, NULL, test_result_cb, &results[1]);
  kith_node_set_favourite_async (ann->node, contact, TRUE, NULL, test_result_cb, &results[2]);
  kith_node_set_note_async (ann->node, contact, "A note", NULL, test_result_cb, &results[3]);
  test_finish_badly (ann, &results[0], kith_node_set_alias_finish, KITH_ERROR_CLOSED);
  test_finish_badly (ann, &results[1], kith_node_set_verified_finish, KITH_ERROR_CLOSED);
  test_finish_badly (ann, &results[2], kith_node_set_favourite_finish, KITH_ERROR_CLOSED);
  test_finish_badly (ann, &results[3], kith_node_set_note_finish, KITH_ERROR_CLOSED);
  settle_and_mend (ann, store);
  g_assert_null (peer_of (ann, ben)->row->note);

  store_row (ann, ben, "Another");
  restart (ann);
  contact = test_person_contact (ann, ben);
  g_assert_null (kith_contact_get_alias (contact));
  g_assert_cmpint (kith_contact_get_verified (contact), ==, KITH_VERIFIED_NOT);
  g_assert_false (kith_contact_get_favourite (contact));
  g_assert_cmpstr (kith_contact_get_note (contact), ==, "Another");
}

/* Several names in a row: the last one that was stored counts, whichever of the others failed. */
static void
test_in_flight (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  KithContact *contact = test_person_contact (ann, ben);
  GAsyncResult *first = NULL, *second = NULL;
  KithStore *store = break_store (ann);

  /* Both fail. */
  kith_node_set_alias_async (ann->node, contact, "Benno", NULL, test_result_cb, &first);
  kith_node_set_alias_async (ann->node, contact, "Benny", NULL, test_result_cb, &second);
  test_finish_badly (ann, &first, kith_node_set_alias_finish, KITH_ERROR_CLOSED);
  test_finish_badly (ann, &second, kith_node_set_alias_finish, KITH_ERROR_CLOSED);
  g_assert_null (peer_of (ann, ben)->row->alias);

  /* The same value twice: the second is stored. */
  keep_busy (store);
  kith_node_set_alias_async (ann->node, contact, "Benno", NULL, test_result_cb, &first);
  mend (ann, store);
  kith_node_set_alias_async (ann->node, contact, "Benno", NULL, test_result_cb, &second);
  test_finish_badly (ann, &first, kith_node_set_alias_finish, KITH_ERROR_CLOSED);
  test_finish_well (ann, &second, kith_node_set_alias_finish);
  g_assert_cmpstr (peer_of (ann, ben)->row->alias, ==, "Benno");
  g_assert_cmpstr (kith_contact_get_alias (contact), ==, "Benno");

  /* Another field is stored meanwhile, with the whole row: also that is put right. */
  store = break_store (ann);
  keep_busy (store);
  kith_node_set_alias_async (ann->node, contact, "Benny", NULL, test_result_cb, &first);
  mend (ann, store);
  kith_node_set_favourite_async (ann->node, contact, TRUE, NULL, test_result_cb, &second);
  test_finish_badly (ann, &first, kith_node_set_alias_finish, KITH_ERROR_CLOSED);
  test_finish_well (ann, &second, kith_node_set_favourite_finish);
  g_assert_cmpstr (kith_contact_get_alias (contact), ==, "Benno");
  restart (ann);
  contact = test_person_contact (ann, ben);
  g_assert_cmpstr (kith_contact_get_alias (contact), ==, "Benno");
  g_assert_true (kith_contact_get_favourite (contact));
}

/* --- Conversations -------------------------------------------------------------------------- */

static void
test_treatment (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  KithConversation *conversation = test_person_conversation (ann, ben);
  const KithStoreOptions *options = &peer_of (ann, ben)->chat->options;
  KithStore *store = break_store (ann);
  GAsyncResult *results[5] = { NULL };

  kith_node_set_conversation_pinned_async (ann->node, conversation, TRUE, NULL, test_result_cb, &results[0]);
  kith_node_set_conversation_archived_async (ann->node, conversation, TRUE, NULL, test_result_cb, &results[1]);
  kith_node_set_conversation_muted_async (ann->node, conversation, G_MAXINT64, NULL, test_result_cb,
                                          &results[2]);
  kith_node_set_conversation_marked_unread_async (ann->node, conversation, TRUE, NULL, test_result_cb,
                                                  &results[3]);
  kith_node_set_conversation_ttl_async (ann->node, conversation, 60, NULL, test_result_cb, &results[4]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    test_finish_badly (ann, &results[i], kith_node_set_conversation_finish, KITH_ERROR_CLOSED);
  settle_and_mend (ann, store);

  g_assert_false (options->pinned || options->archived || options->marked_unread);
  g_assert_cmpint (options->muted_until_ms, ==, 0);
  g_assert_cmpuint (options->ttl_s, ==, 0);
  g_assert_cmpuint (options->ttl_hlc, ==, 0);
  g_assert_cmpuint (kith_conversation_get_ttl_s (conversation), ==, 0);

  /* The whole of it goes to the store. */
  kith_node_set_conversation_pinned_async (ann->node, conversation, TRUE, NULL, test_result_cb, &results[0]);
  test_finish_well (ann, &results[0], kith_node_set_conversation_finish);
  restart (ann);
  conversation = test_person_conversation (ann, ben);
  g_assert_true (kith_conversation_get_pinned (conversation));
  g_assert_false (kith_conversation_get_archived (conversation));
  g_assert_cmpuint (kith_conversation_get_ttl_s (conversation), ==, 0);
}

/* --- Groups --------------------------------------------------------------------------------- */

static void
close_store (TestPerson *person)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  test_person_stop (person);
  kith_store_close_async (person->store, test_result_cb, &result);
  kith_store_close_finish (person->store, test_await (&result), &error);
  g_assert_no_error (error);
  g_clear_object (&person->store);
}

static void
open_store (TestPerson *person, const char *path, KithSecret *key)
{
  g_autoptr (GError) error = NULL;

  person->store = kith_store_open (path, key, &error);
  g_assert_no_error (error);
  test_person_start (person);
}

/* From now on what is done in groups cannot be stored, and all else can. */
static void
refuse_operations (const char *path, KithSecret *key)
{
  g_autoptr (GError) error = NULL;
  KithDatabase *database = kith_database_open (path, key, &error);

  g_assert_no_error (error);
  g_assert_true (kith_database_exec (database,
                                     "CREATE TRIGGER refuse BEFORE INSERT ON group_op"
                                     " BEGIN SELECT RAISE (FAIL, 'refused'); END", &error));
  g_assert_true (kith_database_close (database, &error));
}

/* Of a group that they are in. (transfer full) */
static char *
make_link (TestPerson *person, KithGroup *group)
{
  GAsyncResult *result = NULL;

  kith_node_make_group_link_async (person->node, group, 0, NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_group_finish);
  return g_strdup (kith_group_get_link (group));
}

static void
assert_not_joined (TestPerson *person, GAsyncResult **result, KithError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kith_node_join_group_finish (person->node, test_await (result), &error));
  g_assert_error (error, KITH_ERROR, (gint) code);
  g_clear_object (result);
}

/* With a link: what was not there before is not there then, and what was is as it was. */
static void
test_join (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) dan = test_person_new ("Dan");
  KithContact *const nobody[] = { NULL };
  GAsyncResult *results[2] = { NULL };
  g_autoptr (GPtrArray) absent = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autofree char *link = NULL;
  KithGroupHost *host;
  KithStore *store;

  kith_node_create_group_async (ann->node, "Choir", nobody, NULL, test_result_cb, &results[0]);
  group = kith_node_create_group_finish (ann->node, test_await (&results[0]), &absent, NULL);
  g_assert_nonnull (group);
  g_clear_object (&results[0]);
  link = make_link (ann, group);

  store = break_store (dan);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    kith_node_join_group_async (dan->node, link, NULL, NULL, test_result_cb, &results[i]);
  assert_not_joined (dan, &results[1], KITH_ERROR_EXISTS);
  assert_not_joined (dan, &results[0], KITH_ERROR_CLOSED);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_groups (dan->node)), ==, 0);
  g_assert_null (kith_node_lookup_group (dan->node, kith_group_get_id_bytes (group)));
  settle_and_mend (dan, store);

  /* One that we know of: another has invited us. */
  host = kith_group_host_new_unknown (dan->node, kith_group_get_id_bytes (group));
  host->row->membership = KITH_MEMBERSHIP_INVITED;
  host->row->has_admin = TRUE;
  host->row->invitation = g_bytes_new_static ("i", 1);
  kith_groups_add (dan->node, host);
  kith_group_set_state (host->model, KITH_MEMBERSHIP_INVITED);
  store = break_store (dan);
  kith_node_join_group_async (dan->node, link, NULL, NULL, test_result_cb, &results[0]);
  assert_not_joined (dan, &results[0], KITH_ERROR_CLOSED);
  settle_and_mend (dan, store);
  g_assert_true (kith_node_lookup_group (dan->node, kith_group_get_id_bytes (group)) == host);
  g_assert_cmpuint (host->row->membership, ==, KITH_MEMBERSHIP_INVITED);
  g_assert_cmpint (kith_group_get_state (host->model), ==, KITH_MEMBERSHIP_INVITED);
  g_assert_true (host->row->has_admin && !host->row->has_inviter);
  g_assert_nonnull (host->row->invitation);
  g_assert_null (host->row->author_seed);
  g_assert_null (host->row->request);
}

/* Nothing that can be stored behind it makes it stored. */
static void
test_group (void)
{
  guint8 bytes[32] = { 1 };
  g_autoptr (KithSecret) key = kith_secret_new_from (bytes, sizeof bytes);
  g_autofree char *folder = g_dir_make_tmp ("kith-back-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autoptr (TestPerson) ann = test_person_new_on ("Ann", kith_store_open (path, key, NULL), NULL);
  KithContact *const nobody[] = { NULL };
  g_autoptr (GAsyncResult) created = NULL;
  g_autoptr (GAsyncResult) renamed = NULL;
  g_autoptr (GPtrArray) absent = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_create_group_async (ann->node, "Choir", nobody, NULL, test_result_cb, &created);
  group = kith_node_create_group_finish (ann->node, test_await (&created), &absent, &error);
  g_assert_no_error (error);
  g_clear_object (&group);
  g_clear_object (&created);

  close_store (ann);
  refuse_operations (path, key);
  open_store (ann, path, key);
  group = g_list_model_get_item (kith_node_get_groups (ann->node), 0);
  test_wait_for (kith_node_lookup_group (ann->node, kith_group_get_id_bytes (group))->ready);

  kith_node_rename_group_async (ann->node, group, "Quire", NULL, test_result_cb, &renamed);
  g_assert_false (kith_node_group_finish (ann->node, test_await (&renamed), &error));
  g_assert_false (g_error_matches (error, KITH_ERROR, KITH_ERROR_BUSY));
  g_clear_object (&group);
  g_clear_object (&renamed);
  close_store (ann);
  test_remove_folder (folder);
}

/* --- Settings ------------------------------------------------------------------------------- */

static void
warning_cb (KithNode *node, const GError *error, guint *n_warnings)
{
  (*n_warnings)++;
}

static void
await_writes (TestPerson *person)
{
  GAsyncResult *result = NULL;

  kith_node_await_writes_async (person->node, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_await_writes_finish);
}

static void
test_settings (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  guint n_warnings = 0;
  KithStore *store;

  g_signal_connect (ann->node, "warning", G_CALLBACK (warning_cb), &n_warnings);
  store = break_store (ann);
  kith_node_set_read_receipts (ann->node, FALSE);
  kith_node_set_hidden (ann->node, TRUE);
  test_wait_for (n_warnings == 2);
  settle_and_mend (ann, store);
  g_assert_false (kith_node_get_read_receipts (ann->node));
  g_assert_true (kith_profile_get_hidden (kith_node_get_profile (ann->node)));

  /* What was not stored is not there the next time ... */
  restart (ann);
  g_assert_true (kith_node_get_read_receipts (ann->node));

  /* ... unless one asks for it again, or for something else. */
  n_warnings = 0;
  g_signal_connect (ann->node, "warning", G_CALLBACK (warning_cb), &n_warnings);
  store = break_store (ann);
  kith_node_set_hidden (ann->node, TRUE);
  kith_node_set_read_receipts (ann->node, FALSE);
  test_wait_for (n_warnings == 2);
  settle_and_mend (ann, store);
  kith_node_set_hidden (ann->node, TRUE);
  await_writes (ann);
  restart (ann);
  g_assert_true (kith_profile_get_hidden (kith_node_get_profile (ann->node)));
  g_assert_false (kith_node_get_read_receipts (ann->node));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/taken-back/unblock", test_unblock);
  g_test_add_func ("/taken-back/join", test_join);
  g_test_add_data_func ("/taken-back/block", NULL, test_block);
  g_test_add_data_func ("/taken-back/block-and-setting", "", test_block);
  g_test_add_func ("/taken-back/fields", test_fields);
  g_test_add_func ("/taken-back/in-flight", test_in_flight);
  g_test_add_func ("/taken-back/treatment", test_treatment);
  g_test_add_func ("/taken-back/group", test_group);
  g_test_add_func ("/taken-back/settings", test_settings);

  return g_test_run ();
}
