/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups that are said to have the key of a person, and people who are said to have the id of a group: neither a link,
 * an invitation nor the chain of a group proves such a thing. And who was let in once, and is not wanted any more. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "group/kith-group-replica-private.h"
#include "kith-test-acts.h"
#include "kith-test-trio.h"
#include "node/kith-group-host-private.h"
#include "node/kith-messenger-private.h"
#include "node/kith-node-invites.h"
#include "proto/kith-group-invitation.h"
#include "proto/kith-identity.h"
#include "proto/kith-invite.h"

static guint
count_groups (TestPerson *person)
{
  return g_list_model_get_n_items (G_LIST_MODEL (person->node->groups));
}

/* --- A group with the key of a person ------------------------------------------------------- */

static void
invite_to (TestPerson *from, TestPerson *to, const guint8 *gid)
{
  KithGroupInvitation invitation = { .name = (char *) "Party", .n_members = 3 };
  KithPeer *peer = kith_node_lookup_peer (from->node, kith_node_get_own_identity (to->node));
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  memcpy (invitation.gid, gid, sizeof invitation.gid);
  kith_messenger_invite (peer, kith_group_invitation_encode (&invitation),
                         g_task_new (from->node, NULL, test_result_cb, &result));
  done = test_await (&result);
}

/* What Ann has with Ben would have gone with the group, and so would what she wrote to herself. */
static void
test_invited_to_a_person (void)
{
  g_autoptr (TestPerson) ann = NULL;
  g_autoptr (TestPerson) ben = NULL;
  g_autoptr (TestPerson) mal = NULL;
  g_autoptr (KithMessage) precious = NULL;
  g_autoptr (KithMessage) marker = NULL;

  trio_begin ();
  ann = trio_person_new ("Ann");
  ben = trio_person_new ("Ben");
  mal = trio_person_new ("Mal");
  test_befriend (ann, ben);
  test_befriend (ann, mal);
  precious = test_person_send (ben, ann, "precious");
  test_wait_for (test_person_count_text (ann, ben, "precious") == 1);
  invite_to (mal, ann, kith_node_get_own_identity (ben->node));
  invite_to (mal, ann, kith_node_get_own_identity (ann->node));
  marker = test_person_send (mal, ann, "marker");
  test_wait_for (test_person_count_text (ann, mal, "marker") == 1);
  g_assert_cmpuint (count_groups (ann), ==, 0);

  test_person_stop (ann);
  test_person_start (ann);
  g_assert_cmpuint (count_groups (ann), ==, 0);
  g_assert_cmpstr (kith_message_get_text (kith_conversation_get_last_message (test_person_conversation (ann, ben))),
                   ==, "precious");
}

static char *
make_link (TestPerson *from, const guint8 *gid)
{
  KithInvite link = { .is_group = TRUE, .expiry_s = (kith_node_now_ms (from->node) / 1000 / 60 + 60) * 60 };
  guint8 key[KITH_KEY_BYTES];

  memcpy (link.identity, kith_node_get_own_identity (from->node), sizeof link.identity);
  memcpy (link.group, gid, sizeof link.group);
  randombytes_buf (link.secret, sizeof link.secret);
  randombytes_buf (key, sizeof key);
  kith_invite_get_reply_key (key, link.reply_key);
  return kith_invite_encode (&link);
}

static void
test_linked_to_a_person (void)
{
  g_autoptr (TestPerson) ann = NULL;
  g_autoptr (TestPerson) ben = NULL;
  g_autoptr (TestPerson) mal = NULL;
  g_autofree char *link = NULL;
  GAsyncResult *result = NULL;

  trio_begin ();
  ann = trio_person_new ("Ann");
  ben = trio_person_new ("Ben");
  mal = trio_person_new ("Mal");
  test_befriend (ann, ben);
  link = make_link (mal, kith_node_get_own_identity (ben->node));
  kith_node_join_group_async (ann->node, link, NULL, NULL, test_result_cb, &result);
  {
    g_autoptr (GAsyncResult) done = test_await (&result);
    g_autoptr (GError) error = NULL;

    g_assert_null (kith_node_join_group_finish (ann->node, done, &error));
    g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  }
  g_assert_cmpuint (count_groups (ann), ==, 0);
}

/* --- A person with the id of a group -------------------------------------------------------- */

static void
let_in (KithGroupHost *host, const guint8 *identity)
{
  KithGroupOpBody body = { .name = (char *) "Nobody" };
  g_autoptr (GError) error = NULL;

  randombytes_buf (body.author, sizeof body.author);
  memcpy (body.identity, identity, sizeof body.identity);
  kith_group_replica_begin (host->replica, kith_group_host_now_ms (host));
  g_assert_true (kith_group_replica_write_op (host->replica, KITH_GROUP_OP_ADD, &body, &error));
  kith_group_replica_end (host->replica);
  kith_group_host_turn (host);
}

static KithGroup *
create (TestPerson *admin, const char *name, TestPerson *guest)
{
  KithContact *guests[2] = { test_person_contact (admin, guest), NULL };
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  kith_node_create_group_async (admin->node, name, guests, NULL, test_result_cb, &result);
  done = test_await (&result);
  return kith_node_create_group_finish (admin->node, done, NULL, NULL);
}

static KithGroup *
find (TestPerson *person, KithGroup *group)
{
  KithGroupHost *host = kith_node_lookup_group (person->node, kith_group_get_id_bytes (group));

  return host != NULL ? host->model : NULL;
}

static void
join (TestPerson *person, KithGroup *group)
{
  GAsyncResult *result = NULL;

  test_wait_for (find (person, group) != NULL);
  kith_node_accept_group_invitation_async (person->node, find (person, group), NULL, NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_group_finish);
  test_wait_for (kith_group_get_state (find (person, group)) == KITH_MEMBERSHIP_MEMBER);
}

static guint
count_posts (TestPerson *person, KithGroup *group)
{
  return kith_message_list_get_length (
    kith_conversation_get_messages (kith_node_get_group_conversation (person->node, find (person, group))));
}

/* The admin of a group names somebody in it by the id of another one: what is said to that goes there all the same,
 * whichever of the two one was in first. */
static void
test_member_named_as_a_group (gconstpointer was_there)
{
  g_autoptr (TestPerson) ann = NULL;
  g_autoptr (TestPerson) ben = NULL;
  g_autoptr (TestPerson) mal = NULL;
  g_autoptr (KithGroup) one = NULL;
  g_autoptr (KithGroup) two = NULL;
  g_autoptr (KithMessage) post = NULL;
  KithGroupHost *host;
  guint n;

  trio_begin ();
  ann = trio_person_new ("Ann");
  ben = trio_person_new ("Ben");
  mal = trio_person_new ("Mal");
  test_befriend (ann, ben);
  test_befriend (ben, mal);
  two = create (mal, "Two", ben);
  join (ben, two);
  one = create (ann, "One", ben);
  test_wait_for (find (ben, one) != NULL);
  if (!GPOINTER_TO_INT (was_there))
    {
      GAsyncResult *result = NULL;

      kith_node_decline_group_invitation_async (ben->node, find (ben, one), NULL, test_result_cb, &result);
      test_finish_well (ben, &result, kith_node_group_finish);
      test_wait_for (find (ben, one) == NULL);
    }

  host = kith_node_lookup_group (mal->node, kith_group_get_id_bytes (two));
  let_in (host, kith_group_get_id_bytes (one));
  test_wait_for (kith_group_get_n_members (find (ben, two)) == 3);
  if (!GPOINTER_TO_INT (was_there))
    invite_to (ann, ben, kith_group_get_id_bytes (one));
  test_wait_for (find (ben, one) != NULL);
  if (GPOINTER_TO_INT (was_there))
    join (ben, one);
  g_assert_null (kith_node_lookup_peer (ben->node, kith_group_get_id_bytes (one)));

  test_person_stop (ben);
  test_person_start (ben);
  g_assert_nonnull (find (ben, one));
  g_assert_null (kith_node_lookup_peer (ben->node, kith_group_get_id_bytes (one)));
  test_wait_for (kith_group_get_n_members (find (ben, two)) == 3);
  g_assert_null (kith_node_lookup_peer (ben->node, kith_group_get_id_bytes (one)));
  if (!GPOINTER_TO_INT (was_there))
    return;

  test_person_meet (ben, ann);
  n = count_posts (ann, one);
  post = test_person_send_in (ben, kith_node_get_group_conversation (ben->node, find (ben, one)), "to all");
  test_wait_for (count_posts (ann, one) == n + 1);
}

static void
test_id_of_a_group (void)
{
  g_autoptr (TestPerson) ann = NULL;
  g_autoptr (TestPerson) ben = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autofree char *id = NULL;
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  trio_begin ();
  ann = trio_person_new ("Ann");
  ben = trio_person_new ("Ben");
  test_befriend (ann, ben);
  group = create (ann, "One", ben);
  id = kith_id_string_encode (kith_group_get_id_bytes (group));
  kith_node_join_async (ann->node, id, "hello", NULL, test_result_cb, &result);
  done = test_await (&result);
  g_assert_false (kith_node_join_finish (ann->node, done, NULL, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  g_assert_null (kith_node_lookup_peer (ann->node, kith_group_get_id_bytes (group)));
}

/* --- Who was invited twice ------------------------------------------------------------------ */

static void
invite (TestPerson *admin, TestPerson *whom)
{
  KithContact *guests[2] = { test_person_contact (admin, whom), NULL };
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;

  kith_node_invite_to_group_async (admin->node, trio_group (admin), guests, NULL, test_result_cb, &result);
  done = test_await (&result);
  g_assert_true (kith_node_invite_to_group_finish (admin->node, done, NULL, NULL));
}

static gsize
count_tokens (TestPerson *admin)
{
  KithGroupHost *host = kith_node_lookup_group (admin->node, kith_group_get_id_bytes (trio_group (admin)));

  return host->row->tokens != NULL ? g_bytes_get_size (host->row->tokens) / KITH_GROUP_OWN_TOKEN_BYTES : 0;
}

/* Neither lets them in again when they are in, or were kicked. */
static void
test_invited_twice (void)
{
  g_autoptr (TestPerson) ann = NULL;
  g_autoptr (TestPerson) ben = NULL;
  GAsyncResult *result = NULL;

  trio_begin ();
  ann = trio_person_new ("Ann");
  ben = trio_person_new ("Ben");
  test_befriend (ann, ben);
  trio_create (ann, NULL, 0);
  invite (ann, ben);
  invite (ann, ben);
  g_assert_cmpuint (count_tokens (ann), ==, 2);
  trio_join (ben);
  test_wait_for (kith_group_get_n_members (trio_group (ann)) == 2);
  test_wait_for (count_tokens (ann) == 0);

  kith_node_kick_async (ann->node, trio_group (ann), trio_member (ann, ben), NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (trio_state (ben) == KITH_MEMBERSHIP_KICKED);
  g_assert_cmpuint (count_tokens (ann), ==, 0);
}

/* An invitation of before does not let in whom one has blocked since. */
static void
test_invited_and_blocked (void)
{
  g_autoptr (TestPerson) ann = NULL;
  g_autoptr (TestPerson) ben = NULL;
  g_autoptr (TestPerson) cat = NULL;
  GAsyncResult *result = NULL;
  KithGroupHost *host;

  trio_begin ();
  ann = trio_person_new ("Ann");
  ben = trio_person_new ("Ben");
  cat = trio_person_new ("Cat");
  test_befriend (ann, ben);
  test_befriend (ann, cat);
  test_befriend (ben, cat);
  trio_create (ann, NULL, 0);
  invite (ann, cat);
  trio_join (cat);
  invite (ann, ben);
  test_wait_for (trio_group (ben) != NULL);
  host = kith_node_lookup_group (ben->node, kith_group_get_id_bytes (trio_group (ben)));
  kith_node_set_blocked_async (ann->node, test_person_contact (ann, ben), TRUE, NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_set_blocked_finish);
  test_wait_for (!test_person_is_online (ben, ann));

  memcpy (host->row->inviter, kith_node_get_own_identity (cat->node), sizeof host->row->inviter);
  kith_node_accept_group_invitation_async (ben->node, trio_group (ben), NULL, NULL, test_result_cb, &result);
  test_finish_well (ben, &result, kith_node_group_finish);
  trio_rest (3000);
  g_assert_cmpuint (kith_group_get_n_members (trio_group (ann)), ==, 2);
  g_assert_cmpint (trio_state (ben), ==, KITH_MEMBERSHIP_ASKING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/group-impostors/invited-to-a-person", test_invited_to_a_person);
  g_test_add_func ("/group-impostors/linked-to-a-person", test_linked_to_a_person);
  g_test_add_data_func ("/group-impostors/member-named-as-a-group", GINT_TO_POINTER (TRUE), test_member_named_as_a_group);
  g_test_add_data_func ("/group-impostors/group-named-as-a-member", GINT_TO_POINTER (FALSE), test_member_named_as_a_group);
  g_test_add_func ("/group-impostors/id-of-a-group", test_id_of_a_group);
  g_test_add_func ("/group-impostors/invited-twice", test_invited_twice);
  g_test_add_func ("/group-impostors/invited-and-blocked", test_invited_and_blocked);
  return g_test_run ();
}
