/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Appearing offline, and read receipts that are turned off. Protocol 8.1. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "kith-test-acts.h"

#include "node/kith-node-presence.h"

/* --- Appearing offline ---------------------------------------------------------------------- */

static gboolean
has_session_with (TestPerson *self, TestPerson *other)
{
  KithContact *contact = test_person_contact (self, other);
  KithPeer *peer = kith_node_lookup_peer (self->node, kith_contact_get_identity (contact));

  return kith_peer_is_online (peer);
}

static void
test_hide_and_return (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  kith_node_set_hidden (ann->node, TRUE);
  test_wait_for (!test_person_is_online (ben, ann));
  g_assert_true (test_person_is_online (ann, ben));
  g_assert_cmpint (kith_contact_get_presence (test_person_contact (ben, ann)), ==,
                   KITH_PRESENCE_OFFLINE);
  g_assert_true (has_session_with (ben, ann));

  kith_node_set_hidden (ann->node, FALSE);
  test_wait_for (test_person_is_online (ben, ann));
}

/* Messages go both ways, and nothing of that counts as having been seen. */
static void
test_messages_while_hidden (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithContact *contact;
  gint64 seen_ms;

  test_befriend (ann, ben);
  contact = test_person_contact (ben, ann);
  kith_node_set_hidden (ann->node, TRUE);
  test_wait_for (!test_person_is_online (ben, ann));
  seen_ms = kith_contact_get_last_seen_ms (contact);

  g_autoptr (KithMessage) there = test_person_send (ben, ann, "Are you there?");
  g_autoptr (KithMessage) back = test_person_send (ann, ben, "No");

  test_wait_for (kith_message_get_state (there) == KITH_MESSAGE_DELIVERED);
  test_wait_for (kith_message_get_state (back) == KITH_MESSAGE_DELIVERED);
  test_person_crash (ann);
  test_wait_for (kith_node_get_n_sessions (ben->node) == 0);
  g_assert_cmpint (kith_contact_get_last_seen_ms (contact), ==, seen_ms);
  g_assert_false (kith_contact_get_presence (contact) == KITH_PRESENCE_ONLINE);
}

static void
count_cb (KithNode *node, KithContact *contact, const char *change, guint *count)
{
  *count += kith_contact_get_presence (contact) == KITH_PRESENCE_ONLINE ? 1 : 0;
}

/* After a restart, too, and not even for a moment: neither whoever dials nor whoever is dialled. */
static void
test_hidden_over_restart (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) cid = test_person_new ("Cid");
  guint n_seen = 0;

  test_befriend (ann, ben);
  test_befriend (cid, ann);
  kith_node_set_hidden (ann->node, TRUE);
  test_wait_for (!test_person_is_online (ben, ann) && !test_person_is_online (cid, ann));
  test_person_stop (ann);
  test_wait_for (kith_node_get_n_sessions (ben->node) == 0
                 && kith_node_get_n_sessions (cid->node) == 0);
  g_signal_connect (ben->node, "contact-changed::presence", G_CALLBACK (count_cb), &n_seen);
  g_signal_connect (cid->node, "contact-changed::presence", G_CALLBACK (count_cb), &n_seen);

  test_person_start (ann);
  g_assert_true (kith_profile_get_hidden (kith_node_get_profile (ann->node)));
  kith_node_reconnect (ann->node, test_person_contact (ann, ben));
  kith_node_reconnect (ann->node, test_person_contact (ann, cid));
  test_wait_for (test_person_is_online (ann, ben) && has_session_with (ben, ann));
  test_wait_for (test_person_is_online (ann, cid) && has_session_with (cid, ann));

  g_autoptr (KithMessage) ping = test_person_send (ann, ben, "To Ben");
  g_autoptr (KithMessage) pong = test_person_send (ann, cid, "To Cid");

  test_wait_for (kith_message_get_state (ping) == KITH_MESSAGE_DELIVERED);
  test_wait_for (kith_message_get_state (pong) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (n_seen, ==, 0);
  g_signal_handlers_disconnect_by_data (ben->node, &n_seen);
  g_signal_handlers_disconnect_by_data (cid->node, &n_seen);
}

/* Somebody who becomes a contact while we are hidden. */
static void
test_new_contact_while_hidden (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (KithRequest) request = NULL;

  kith_node_set_hidden (ann->node, TRUE);
  kith_node_set_hidden (ben->node, TRUE);
  kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (ben->node), NULL,
                           NULL, test_result_cb, &connected);
  g_assert_true (kith_node_connect_finish (ann->node, test_await (&connected), NULL, NULL, NULL));
  request = test_person_await_request (ben);
  test_person_accept (ben, request);
  test_wait_for (has_session_with (ann, ben) && has_session_with (ben, ann));

  g_autoptr (KithMessage) ping = test_person_send (ann, ben, "From Ann");
  g_autoptr (KithMessage) pong = test_person_send (ben, ann, "From Ben");

  test_wait_for (kith_message_get_state (ping) == KITH_MESSAGE_DELIVERED);
  test_wait_for (kith_message_get_state (pong) == KITH_MESSAGE_DELIVERED);
  g_assert_false (test_person_is_online (ann, ben));
  g_assert_false (test_person_is_online (ben, ann));
}

/* --- Last seen ------------------------------------------------------------------------------ */

/* That somebody went is kept, not only that they came. */
static void
test_last_seen_is_kept (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  gint64 seen_ms;

  test_befriend (ann, ben);
  test_person_stop (ann);
  test_wait_for (kith_node_get_n_sessions (ben->node) == 0);
  test_person_start_quietly (ann);
  seen_ms = kith_contact_get_last_seen_ms (test_person_contact (ben, ann));
  test_person_stop (ben);
  test_person_start_quietly (ben);
  g_assert_cmpint (kith_contact_get_last_seen_ms (test_person_contact (ben, ann)), ==, seen_ms);
}

/* --- Read receipts -------------------------------------------------------------------------- */

static void
read_all (TestPerson *self, TestPerson *from)
{
  kith_node_mark_read (self->node, test_person_conversation (self, from));
}

/* What Ben has sent before is there when this message of his is. */
static void
synchronise (TestPerson *from, TestPerson *to)
{
  guint n = to->n_message_signals;

  g_object_unref (test_person_send (from, to, "Here"));
  test_wait_for (to->n_message_signals > n);
}

static void
test_no_receipt_is_sent (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  kith_node_set_read_receipts (ben->node, FALSE);

  g_autoptr (KithMessage) hello = test_person_send (ann, ben, "Hello");

  test_wait_for (test_person_count_text (ben, ann, "Hello") == 1);
  read_all (ben, ann);
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 0);
  synchronise (ben, ann);
  g_assert_cmpint (kith_message_get_state (hello), ==, KITH_MESSAGE_DELIVERED);

  /* Nor with the numbers of the next session. */
  test_person_stop (ben);
  test_person_start (ben);
  kith_node_reconnect (ben->node, test_person_contact (ben, ann));
  test_wait_for (test_person_is_online (ben, ann) && test_person_is_online (ann, ben));
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 0);
  synchronise (ben, ann);
  g_assert_cmpint (kith_message_get_state (hello), ==, KITH_MESSAGE_DELIVERED);
}

static void
test_no_receipt_is_shown (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  kith_node_set_read_receipts (ann->node, FALSE);

  g_autoptr (KithMessage) hello = test_person_send (ann, ben, "Hello");

  test_wait_for (test_person_count_text (ben, ann, "Hello") == 1);
  read_all (ben, ann);
  synchronise (ben, ann);
  g_assert_cmpint (kith_message_get_state (hello), ==, KITH_MESSAGE_DELIVERED);
  g_assert_cmpint (kith_message_get_state_time_ms (hello, KITH_MESSAGE_READ), ==, 0);

  /* Turned on again, both tell from then on. */
  kith_node_set_read_receipts (ann->node, TRUE);

  g_autoptr (KithMessage) again = test_person_send (ann, ben, "Again");

  test_wait_for (test_person_count_text (ben, ann, "Again") == 1);
  read_all (ben, ann);
  test_wait_for (kith_message_get_state (again) == KITH_MESSAGE_READ);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/presence/hide-and-return", test_hide_and_return);
  g_test_add_func ("/presence/messages-while-hidden", test_messages_while_hidden);
  g_test_add_func ("/presence/hidden-over-restart", test_hidden_over_restart);
  g_test_add_func ("/presence/new-contact-while-hidden", test_new_contact_while_hidden);
  g_test_add_func ("/presence/last-seen-is-kept", test_last_seen_is_kept);
  g_test_add_func ("/presence/no-receipt-is-sent", test_no_receipt_is_sent);
  g_test_add_func ("/presence/no-receipt-is-shown", test_no_receipt_is_shown);
  return g_test_run ();
}
