/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coming into a group, over real sockets: through a member, with a link, anew from a backup. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-acts.h"
#include "kith-test-trio.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-messages.h"
#include "store/kith-backup.h"
#include "store/kith-store-group-read.h"

/* --- Getting in ----------------------------------------------------------------------------- */

static void
invite (TestPerson *person, TestPerson *guest)
{
  KithContact *guests[] = { test_person_contact (person, guest), NULL };
  g_autoptr (GAsyncResult) invited = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_invite_to_group_async (person->node, trio_group (person), guests, NULL, test_result_cb,
                                   &invited);
  kith_node_invite_to_group_finish (person->node, test_await (&invited), NULL, &error);
  g_assert_no_error (error);
}

static guint
count_requests (TestPerson *admin)
{
  return g_list_model_get_n_items (kith_group_get_requests (trio_group (admin)));
}

/* (transfer full) */
static KithJoinRequest *
await_request (TestPerson *admin)
{
  test_wait_for (count_requests (admin) == 1);
  return g_list_model_get_item (kith_group_get_requests (trio_group (admin)), 0);
}

static void
approve (TestPerson *admin, KithJoinRequest *request)
{
  GAsyncResult *result = NULL;

  kith_node_approve_async (admin->node, trio_group (admin), request, NULL, test_result_cb, &result);
  test_finish_well (admin, &result, kith_node_group_finish);
}

static KithGroupHost *
host_of (TestPerson *person)
{
  return kith_node_lookup_group (person->node, kith_group_get_id_bytes (trio_group (person)));
}

/* Of @other, as a member of the group, the links of @person know. */
static const KithLinkMember *
find_link_member (TestPerson *person, TestPerson *other)
{
  KithLinkGroup *group =
    kith_group_links_find (person->node, kith_group_get_id_bytes (trio_group (person)));

  return kith_group_links_find_member (group, kith_node_get_own_identity (other->node));
}

/* An ordinary member invites: the admin decides; and somebody says no, and is not in it. */
static void
test_requests (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (TestPerson) dan = NULL;
  g_autoptr (TestPerson) eve = NULL;
  TestPerson *ann, *ben;
  g_autoptr (KithJoinRequest) request = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  dan = trio_person_new ("dan");
  eve = trio_person_new ("eve");
  test_befriend (ben, dan);
  test_befriend (ben, eve);
  invite (ben, dan);
  invite (ben, eve);

  trio_answer (dan, TRUE);
  request = await_request (ann);
  g_assert_cmpstr (kith_join_request_get_name (request), ==, "dan");
  g_assert_true (kith_join_request_get_brought_by (request) == test_person_contact (ann, ben));
  g_assert_false (kith_join_request_get_by_link (request));
  g_assert_cmpint (trio_state (dan), ==, KITH_MEMBERSHIP_ASKING);
  approve (ann, request);
  test_wait_for (trio_state (dan) == KITH_MEMBERSHIP_MEMBER);
  test_wait_for (kith_group_get_n_members (trio_group (dan)) == 4);
  g_assert_cmpuint (count_requests (ann), ==, 0);

  trio_answer (eve, FALSE);
  g_assert_null (trio_group (eve));
}

static void
test_denied (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (TestPerson) dan = NULL;
  TestPerson *ann, *ben;
  GAsyncResult *result = NULL;
  g_autoptr (KithJoinRequest) request = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  dan = trio_person_new ("dan");
  test_befriend (ben, dan);
  invite (ben, dan);
  trio_answer (dan, TRUE);
  request = await_request (ann);
  kith_node_deny_async (ann->node, trio_group (ann), request, NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (trio_state (dan) == KITH_MEMBERSHIP_REFUSED);
  g_assert_cmpuint (count_requests (ann), ==, 0);
  g_assert_cmpuint (kith_group_get_n_members (trio_group (ann)), ==, 3);
}

/* Two invite to the same group: it is there once, and can be declined, and joined later. */
static void
test_invited_twice (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (TestPerson) dan = NULL;
  TestPerson *ann, *ben;
  KithContact *by_ben;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  dan = trio_person_new ("dan");
  test_befriend (ann, dan);
  test_befriend (ben, dan);
  by_ben = test_person_contact (dan, ben);
  invite (ann, dan);
  test_wait_for (trio_group (dan) != NULL);
  invite (ben, dan);
  test_wait_for (kith_group_get_inviter (trio_group (dan)) == by_ben);
  g_assert_cmpuint (g_hash_table_size (dan->node->group_hosts), ==, 1);
  trio_answer (dan, FALSE);
  g_assert_cmpuint (g_hash_table_size (dan->node->group_hosts), ==, 0);

  invite (ann, dan);
  trio_join (dan);
  test_wait_for (kith_group_get_n_members (trio_group (ben)) == 4);
}

static void
set_rules (TestPerson *admin, guint max_members)
{
  const KithGroupRules rules = { 7, 14, max_members };
  GAsyncResult *result = NULL;

  kith_node_set_group_policy_async (admin->node, trio_group (admin), &rules, NULL, test_result_cb,
                                    &result);
  test_finish_well (admin, &result, kith_node_group_finish);
}

/* The group got full while Dan made up his mind: he is not forgotten, and let in when there is room. */
static void
test_no_room (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (TestPerson) dan = NULL;
  TestPerson *ann;
  g_autoptr (KithJoinRequest) request = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  dan = trio_person_new ("dan");
  test_befriend (ann, dan);
  invite (ann, dan);
  set_rules (ann, 3);
  trio_answer (dan, TRUE);
  request = await_request (ann);
  g_assert_nonnull (host_of (ann)->row->tokens);
  g_assert_cmpuint (g_bytes_get_size (host_of (ann)->row->tokens), ==, KITH_GROUP_OWN_TOKEN_BYTES);
  set_rules (ann, 4);
  approve (ann, request);
  test_wait_for (trio_state (dan) == KITH_MEMBERSHIP_MEMBER);
}

/* Ben is not in the group any more when Dan, whom he invited, says yes: he is none for Dan's links. */
static void
test_inviter_gone (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (TestPerson) dan = NULL;
  TestPerson *ann, *ben;
  GAsyncResult *result = NULL;
  g_autoptr (KithJoinRequest) request = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  dan = trio_person_new ("dan");
  test_befriend (ben, dan);
  test_befriend (ann, dan);
  invite (ben, dan);
  test_wait_for (trio_group (dan) != NULL);
  kith_node_kick_async (ann->node, trio_group (ann), trio_member (ann, ben), NULL, test_result_cb,
                        &result);
  test_finish_well (ann, &result, kith_node_group_finish);

  trio_answer (dan, TRUE);
  g_assert_nonnull (find_link_member (dan, ben));
  request = await_request (ann);
  g_assert_null (kith_join_request_get_brought_by (request));
  approve (ann, request);
  test_wait_for (trio_state (dan) == KITH_MEMBERSHIP_MEMBER);
  test_wait_for (find_link_member (dan, ben) == NULL);
  g_assert_true (find_link_member (dan, ann)->has_author);
}

/* With a link somebody comes whom nobody knew: the admin decides. And when they have deleted the group,
 * they know nobody of it any more. */
static void
test_link (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (TestPerson) dan = NULL;
  TestPerson *ann, *cat;
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) asked = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autoptr (KithJoinRequest) request = NULL;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  cat = trio.people[2];
  dan = trio_person_new ("dan");
  kith_node_make_group_link_async (ann->node, trio_group (ann), 0, NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  g_assert_nonnull (kith_group_get_link (trio_group (ann)));

  kith_node_join_group_async (dan->node, kith_group_get_link (trio_group (ann)), "It is me", NULL,
                              test_result_cb, &asked);
  group = kith_node_join_group_finish (dan->node, test_await (&asked), &error);
  g_assert_no_error (error);
  g_clear_object (&asked); /* it holds the node */
  g_assert_cmpint (kith_group_get_state (group), ==, KITH_MEMBERSHIP_ASKING);

  request = await_request (ann);
  g_assert_true (kith_join_request_get_by_link (request));
  g_assert_null (kith_join_request_get_brought_by (request));
  g_assert_cmpstr (kith_join_request_get_text (request), ==, "It is me");
  approve (ann, request);
  test_wait_for (kith_group_get_state (group) == KITH_MEMBERSHIP_MEMBER);
  g_assert_cmpstr (kith_group_get_name (group), ==, "Ace");

  message = trio_post (dan, "Here I am");
  test_wait_for (trio_copy (cat, message) != NULL && trio_copy (ann, message) != NULL);
  g_assert_cmpstr (kith_contact_get_display_name (
                     kith_message_get_sender (trio_copy (ann, message))),
                   ==, "dan");
  g_assert_null (kith_node_find_contact (ann->node, "dan", NULL));

  g_assert_nonnull (kith_node_lookup_peer (dan->node, kith_node_get_own_identity (cat->node)));
  kith_node_leave_group_async (dan->node, group, NULL, test_result_cb, &result);
  test_finish_well (dan, &result, kith_node_group_finish);
  test_wait_for (kith_group_get_n_members (trio_group (ann)) == 3);
  kith_node_delete_group_async (dan->node, group, NULL, test_result_cb, &result);
  test_finish_well (dan, &result, kith_node_group_finish);
  test_wait_for (g_hash_table_size (dan->node->peers) == 0);
  test_person_stop (dan);
  test_person_start (dan);
  g_assert_cmpuint (g_hash_table_size (dan->node->peers), ==, 0);
}

/* --- Restored from a backup ----------------------------------------------------------------- */

static KithSecret *
secret_of (const char *text)
{
  guint8 bytes[32] = { 0 };

  memcpy (bytes, text, strlen (text));
  return kith_secret_new_from (bytes, sizeof bytes);
}

/* (transfer full): a store made from a backup of that of @person, who has stopped */
static KithStore *
back_up_and_restore (TestPerson *person, const char *folder)
{
  g_autofree char *backup = g_build_filename (folder, "backup", NULL);
  g_autofree char *path = g_build_filename (folder, "database", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (KithSecret) passphrase = secret_of ("correct horse battery staple");
  g_autoptr (KithSecret) key = secret_of ("key");
  g_autoptr (GAsyncResult) exported = NULL;
  g_autoptr (GError) error = NULL;
  KithStore *store;

  kith_store_export_async (person->store, file, passphrase, NULL, NULL, NULL, test_result_cb,
                           &exported);
  kith_store_export_finish (person->store, test_await (&exported), NULL, &error);
  g_assert_no_error (error);
  kith_backup_import (file, passphrase, path, key, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  store = kith_store_open (path, key, &error);
  g_assert_no_error (error);
  return store;
}

static void
delete_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* How many messages are stored with the numbers of their entries. */
static guint
count_written (TestPerson *person)
{
  KithGroupHost *host = host_of (person);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  kith_store_load_group_written_async (person->store, host->gid,
                                       kith_group_replica_get_author (host->replica), 1, 10,
                                       test_result_cb, &result);
  rows = kith_store_load_group_written_finish (person->store, test_await (&result), NULL);
  return rows != NULL ? rows->len : 0;
}

/* Its log must not go on where the backup ends: the admin gives a new key first, and what was written
 * until then waits. */
static void
test_restored (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autofree char *folder = g_dir_make_tmp ("kith-groups-XXXXXX", NULL);
  g_autoptr (KithMessage) before = NULL;
  g_autoptr (KithMessage) after = NULL;
  g_autoptr (KithMessage) early = NULL;
  g_autoptr (KithMessage) unwanted = NULL;
  g_autoptr (KithMessage) cancelled = NULL;
  g_autoptr (KithMessage) changed = NULL;
  GAsyncResult *result = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  before = trio_post (trio.people[2], "before");
  test_wait_for (trio_copy (ann, before) != NULL && trio_copy (ben, before) != NULL);
  trio_pass (KITH_LIMIT_GROUP_STATUS_MS / 1000); /* it has arrived */

  test_person_stop (ann);
  test_person_stop (trio.people[2]);
  cat = trio_person_new_on ("cat", back_up_and_restore (trio.people[2], folder));
  test_person_free (trio.people[2]);
  trio.people[2] = cat;
  test_wait_for (kith_group_get_n_members (trio_group (cat)) == 3);
  g_assert_true (kith_group_get_needs_key (trio_group (cat)));
  g_assert_cmpuint (count_written (cat), ==, 1);
  early = trio_post (cat, "early");
  unwanted = trio_post (cat, "unwanted");
  cancelled = trio_post (cat, "cancelled");
  g_assert_cmpint (kith_message_get_state (early), ==, KITH_MESSAGE_QUEUED);
  changed = trio_post (cat, "wrong");
  kith_node_edit_message_async (cat->node, NULL, kith_message_get_id (changed), "right", NULL, test_result_cb,
                                &result);
  test_finish_well (cat, &result, kith_node_edit_message_finish);
  g_assert_cmpstr (kith_message_get_text (changed), ==, "right");
  g_assert_cmpint (kith_message_get_edited_ms (changed), ==, 0);
  kith_node_delete_message_async (cat->node, NULL, kith_message_get_id (unwanted), KITH_DELETE_FOR_BOTH, NULL,
                                  test_result_cb, &result);
  test_finish_well (cat, &result, kith_node_delete_message_finish);
  kith_node_cancel_message_async (cat->node, NULL, kith_message_get_id (cancelled), NULL, test_result_cb,
                                  &result);
  test_finish_well (cat, &result, kith_node_cancel_message_finish);
  kith_node_react_async (cat->node, NULL, kith_message_get_id (early), "👍", NULL, test_result_cb, &result);
  test_finish_badly (cat, &result, kith_node_react_finish, KITH_ERROR_BUSY);
  test_person_crash (cat);
  test_person_start (cat);
  test_wait_for (kith_group_get_n_members (trio_group (cat)) == 3);
  g_assert_true (kith_group_get_needs_key (trio_group (cat)));

  test_person_start (ann);
  test_person_meet (ann, cat);
  test_wait_for (!kith_group_get_needs_key (trio_group (cat)));
  test_wait_for (trio_count (ann, "early") == 1 && trio_count (ann, "right") == 1);
  g_assert_cmpuint (trio_count (ann, "wrong"), ==, 0);
  after = trio_post (cat, "after");
  test_wait_for (trio_copy (ann, after) != NULL);
  g_assert_true (kith_message_get_sender (trio_copy (ann, after))
                 == test_person_contact (ann, cat));
  trio_load_all (cat);
  g_assert_cmpuint (trio_count (cat, "before"), ==, 1);
  g_assert_cmpuint (trio_count (cat, "early"), ==, 1);
  g_assert_cmpuint (trio_count (cat, "unwanted"), ==, 0);
  g_assert_cmpuint (trio_count (ann, "unwanted") + trio_count (ann, "cancelled"), ==, 0);
  g_assert_true (trio_agree (trio.people, 2, 3));
  delete_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/group-entry/requests", test_requests);
  g_test_add_func ("/group-entry/denied", test_denied);
  g_test_add_func ("/group-entry/invited-twice", test_invited_twice);
  g_test_add_func ("/group-entry/no-room", test_no_room);
  g_test_add_func ("/group-entry/inviter-gone", test_inviter_gone);
  g_test_add_func ("/group-entry/link", test_link);
  g_test_add_func ("/group-entry/restored", test_restored);
  return g_test_run ();
}
