/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two people keep of each other: numbers and receipts over a removal, windows over what is
 * stored while more arrives, and what somebody who is blocked leaves behind. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-acts.h"
#include "model/kith-conversation-filter.h"
#include "node/kith-node-invites.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"

static void
await_state (KithMessage *message, KithMessageState state)
{
  test_wait_for (kith_message_get_state (message) >= state);
}

static guint
count_shown (TestPerson *self, TestPerson *other)
{
  return kith_message_list_get_length (
    kith_conversation_get_messages (test_person_conversation (self, other)));
}

/* --- What nobody looks at --------------------------------------------------------------------- */

/* More than is kept in memory is read with the rest. */
static void
test_many_unread (void)
{
  const guint n = 3 * KITH_LIMIT_WINDOW_MESSAGES;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) committed = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreBatch *batch = kith_store_batch_new ();
  KithPeer *peer;

  test_befriend (ann, ben);
  peer = kith_node_lookup_peer (ann->node, kith_contact_get_identity (test_person_contact (ann, ben)));
  for (guint i = 1; i <= n; i++)
    {
      KithStoreMessage row = { .hlc = i, .time_ms = i, .state = KITH_MESSAGE_RECEIVED, .text = (char *) "hey" };
      g_autoptr (KithMessage) message = NULL;

      memcpy (row.identity, peer->row->identity, sizeof row.identity);
      memcpy (row.id, &i, sizeof i);
      kith_store_batch_add_message (batch, &row);
      message = kith_chat_make_message (peer->chat, &row);
      kith_conversation_add (peer->conversation, message, TRUE);
    }
  kith_store_commit_async (ann->store, batch, NULL, test_result_cb, &committed);
  g_assert_true (kith_store_commit_finish (ann->store, test_await (&committed), &error));
  g_assert_cmpuint (kith_conversation_get_unread (peer->conversation), ==, n);

  kith_node_mark_read (ann->node, peer->conversation);
  g_assert_cmpuint (kith_conversation_get_unread (peer->conversation), ==, 0);
  test_person_stop (ann);
  test_person_start (ann);
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ann, ben)), ==, 0);
}

/* --- Numbers -------------------------------------------------------------------------------- */

/* Ann has seen three messages of Ben. They remove each other, Ann keeps what was written; when they
 * come together again Ben counts from one, and Ann must not speak of numbers that she knows. */
static void
test_numbers_after_a_removal (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) unseen = NULL;
  g_autoptr (KithMessage) last = NULL;

  test_befriend (ann, ben);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (KithMessage) message = test_person_send (ben, ann, "seen");

      await_state (message, KITH_MESSAGE_DELIVERED);
      kith_node_mark_read (ann->node, test_person_conversation (ann, ben));
      await_state (message, KITH_MESSAGE_READ);
    }
  test_person_remove (ben, ann, FALSE);
  test_person_remove (ann, ben, TRUE);
  test_befriend (ben, ann);

  unseen = test_person_send (ben, ann, "not yet seen");
  await_state (unseen, KITH_MESSAGE_DELIVERED);
  test_person_stop (ann);
  test_person_start (ann);
  test_wait_for (test_person_is_online (ben, ann));
  last = test_person_send (ben, ann, "later");
  await_state (last, KITH_MESSAGE_DELIVERED);
  g_assert_cmpint (kith_message_get_state (unseen), ==, KITH_MESSAGE_DELIVERED);

  kith_node_mark_read (ann->node, test_person_conversation (ann, ben));
  await_state (unseen, KITH_MESSAGE_READ);
}

static void
set_note (TestPerson *self, TestPerson *other, const char *note)
{
  g_autoptr (GAsyncResult) noted = NULL;

  kith_node_set_note_async (self->node, test_person_contact (self, other), note, NULL,
                            test_result_cb, &noted);
  g_assert_true (kith_node_set_note_finish (self->node, test_await (&noted), NULL));
}

/* What was noted of somebody who was removed and kept is there again, also after a restart. */
static void
test_kept_contact_comes_back (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) before = NULL;
  g_autoptr (KithMessage) after = NULL;

  test_befriend (ann, ben);
  before = test_person_send (ann, ben, "before");
  await_state (before, KITH_MESSAGE_DELIVERED);
  set_note (ann, ben, "from the choir");
  test_person_remove (ben, ann, FALSE);
  test_person_remove (ann, ben, TRUE);
  test_befriend (ben, ann);
  test_person_stop (ann);
  test_person_start (ann);
  g_assert_cmpstr (kith_contact_get_note (test_person_contact (ann, ben)), ==, "from the choir");

  /* Ben counts what he reads from one; that says nothing of what came before. */
  test_wait_for (test_person_is_online (ann, ben));
  after = test_person_send (ann, ben, "after");
  await_state (after, KITH_MESSAGE_DELIVERED);
  kith_node_mark_read (ben->node, test_person_conversation (ben, ann));
  await_state (after, KITH_MESSAGE_READ);
  g_assert_cmpint (kith_message_get_state (before), ==, KITH_MESSAGE_DELIVERED);
}

/* Somebody is removed while a message is written to them. */
static void
remove_while_sending (TestPerson *self, TestPerson *other, gboolean keep, gboolean send_first)
{
  g_autoptr (GAsyncResult) removed = NULL;
  g_autoptr (GAsyncResult) sent = NULL;
  KithContact *contact = test_person_contact (self, other);
  KithConversation *conversation = test_person_conversation (self, other);

  if (send_first)
    kith_node_send_async (self->node, conversation, "late", NULL, test_result_cb, &sent);
  kith_node_remove_async (self->node, contact, keep, NULL, test_result_cb, &removed);
  if (!send_first)
    kith_node_send_async (self->node, conversation, "late", NULL, test_result_cb, &sent);
  g_assert_true (kith_node_remove_finish (self->node, test_await (&removed), NULL));
  test_await (&sent);
}

static void
test_removed_stay_away (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  remove_while_sending (ann, ben, FALSE, FALSE);
  test_person_stop (ann);
  test_person_start (ann);
  g_assert_null (test_person_contact (ann, ben));
}

/* It is not sent some day, when they come together again. */
static void
test_kept_and_nothing_waits (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithMessage *late;

  test_befriend (ann, ben);
  {
    g_autoptr (KithMessage) before = test_person_send (ann, ben, "before");

    await_state (before, KITH_MESSAGE_DELIVERED);
  }
  remove_while_sending (ann, ben, TRUE, TRUE);
  test_person_stop (ann);
  test_person_start (ann);
  late = kith_conversation_get_last_message (test_person_conversation (ann, ben));
  g_assert_cmpstr (kith_message_get_text (late), ==, "late");
  g_assert_cmpint (kith_message_get_state (late), ==, KITH_MESSAGE_FAILED);
}

/* --- Windows -------------------------------------------------------------------------------- */

static KithMessage *
jump_to_newest_while_sending (TestPerson *self, TestPerson *to, const char *text)
{
  g_autoptr (GAsyncResult) jumped = NULL;
  g_autoptr (GAsyncResult) sent = NULL;
  g_autoptr (GError) error = NULL;
  KithConversation *conversation = test_person_conversation (self, to);
  g_autoptr (KithMessage) message = NULL;

  kith_node_jump_to_newest_async (self->node, conversation, NULL, test_result_cb, &jumped);
  kith_node_send_async (self->node, conversation, text, NULL, test_result_cb, &sent);
  message = kith_node_send_finish (self->node, test_await (&sent), &error);
  g_assert_no_error (error);
  return kith_node_jump_finish (self->node, test_await (&jumped), NULL);
}

/* What is committed while the window moves has its place in it. */
static void
test_jump_misses_nothing (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) first = NULL;
  g_autoptr (KithMessage) newest = NULL;

  test_befriend (ann, ben);
  first = test_person_send (ann, ben, "first");
  newest = jump_to_newest_while_sending (ann, ben, "meanwhile");
  g_assert_cmpuint (test_person_count_text (ann, ben, "meanwhile"), ==, 1);
  g_assert_cmpuint (count_shown (ann, ben), ==, 2);
  g_assert_false (kith_message_list_get_has_newer (
    kith_conversation_get_messages (test_person_conversation (ann, ben))));
}

/* What is cleared while the window moves does not come back. */
static void
test_jump_brings_nothing_back (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) first = NULL;
  g_autoptr (GAsyncResult) jumped = NULL;
  g_autoptr (GAsyncResult) cleared = NULL;
  g_autoptr (KithMessage) newest = NULL;

  test_befriend (ann, ben);
  first = test_person_send (ann, ben, "first");
  kith_node_jump_to_newest_async (ann->node, test_person_conversation (ann, ben), NULL,
                                  test_result_cb, &jumped);
  kith_node_clear_history_async (ann->node, test_person_conversation (ann, ben), NULL,
                                 test_result_cb, &cleared);
  g_assert_true (kith_node_clear_history_finish (ann->node, test_await (&cleared), NULL));
  newest = kith_node_jump_finish (ann->node, test_await (&jumped), NULL);
  g_assert_cmpuint (count_shown (ann, ben), ==, 0);
}

static void
load (TestPerson *self, TestPerson *other, gboolean is_older)
{
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GError) error = NULL;
  KithConversation *conversation = test_person_conversation (self, other);

  if (is_older)
    kith_node_load_older_async (self->node, conversation, NULL, test_result_cb, &loaded);
  else
    kith_node_load_newer_async (self->node, conversation, NULL, test_result_cb, &loaded);
  kith_node_load_finish (self->node, test_await (&loaded), &error);
  g_assert_no_error (error);
}

/* Returns: the number in the text of the message at @position */
static guint
number_at (KithMessageList *list, guint position)
{
  return (guint) g_ascii_strtoull (kith_message_get_text (kith_message_list_get (list, position)), NULL,
                                   10);
}

static void
assert_window (KithMessageList *list, guint first, guint last)
{
  g_assert_cmpuint (kith_message_list_get_length (list), ==, last - first + 1);
  for (guint i = first; i <= last; i++)
    g_assert_cmpuint (number_at (list, i - first), ==, i);
}

/* Page after page, while messages arrive: no gap, nothing twice, and both ends know what they are. */
static void
test_window (void)
{
  const guint page = KITH_LIMIT_PAGE_MESSAGES;
  const guint n = 3 * page;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) jumped = NULL;
  g_autoptr (KithMessage) arrived = NULL;
  KithMessageList *list;

  test_befriend (ann, ben);
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      G_GNUC_UNUSED g_autoptr (KithMessage) message = test_person_send (ann, ben, text);
    }
  test_person_stop (ann);
  test_person_start (ann);

  list = kith_conversation_get_messages (test_person_conversation (ann, ben));
  assert_window (list, n, n);
  load (ann, ben, TRUE);
  assert_window (list, n - page, n);
  g_assert_true (kith_message_list_get_has_older (list));
  load (ann, ben, TRUE);
  load (ann, ben, TRUE);
  assert_window (list, 1, n);
  g_assert_false (kith_message_list_get_has_older (list));
  g_assert_false (kith_message_list_get_has_newer (list));

  /* From the beginning on, and one more is written that is far behind the window. */
  kith_node_jump_to_time_async (ann->node, test_person_conversation (ann, ben), 1, NULL,
                                test_result_cb, &jumped);
  arrived = kith_node_jump_finish (ann->node, test_await (&jumped), NULL);
  g_assert_cmpstr (kith_message_get_text (arrived), ==, "1");
  assert_window (list, 1, page);
  g_assert_true (kith_message_list_get_has_newer (list));
  {
    g_autofree char *text = g_strdup_printf ("%u", n + 1);
    G_GNUC_UNUSED g_autoptr (KithMessage) message = test_person_send (ann, ben, text);
  }
  assert_window (list, 1, page);
  load (ann, ben, FALSE);
  load (ann, ben, FALSE);
  assert_window (list, 1, n);
  load (ann, ben, FALSE);
  assert_window (list, 1, n + 1);
  g_assert_false (kith_message_list_get_has_newer (list));
}

/* --- Floods ---------------------------------------------------------------------------------- */

static void
count_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *counts = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message = kith_node_send_finish (KITH_NODE (source), result, &error);

  if (message == NULL)
    g_assert_error (error, KITH_ERROR, KITH_ERROR_BUSY);
  counts[message != NULL ? 0 : 1]++;
}

/* Whoever writes faster than the disk is told so, and what was taken is there. */
static void
test_flood (void)
{
  const guint too_many = 10;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  guint counts[2] = { 0, 0 };

  test_befriend (ann, ben);
  for (guint i = 0; i < KITH_LIMIT_STORE_QUEUE + too_many; i++)
    kith_node_send_async (ann->node, test_person_conversation (ann, ben), "text", NULL, count_sent_cb,
                          counts);
  test_wait_for (counts[0] + counts[1] == KITH_LIMIT_STORE_QUEUE + too_many);
  g_assert_cmpuint (counts[0], ==, KITH_LIMIT_STORE_QUEUE);
  g_assert_cmpuint (counts[1], ==, too_many);
}

/* --- Blocked -------------------------------------------------------------------------------- */

static void
set_blocked (TestPerson *self, KithContact *contact, gboolean blocked)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_node_set_blocked_async (self->node, contact, blocked, NULL, test_result_cb, &result);
  g_assert_true (kith_node_set_blocked_finish (self->node, test_await (&result), NULL));
}

/* What somebody had on the way when they were blocked is not stored; they get it over later. */
static void
test_blocked_leave_nothing (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) message = NULL;

  test_befriend (ann, ben);
  message = test_person_send (ben, ann, "on the way");
  set_blocked (ann, test_person_contact (ann, ben), TRUE);
  test_wait_for (!test_person_is_online (ben, ann));
  g_assert_cmpuint (test_person_count_text (ann, ben, "on the way"), ==, 0);
  g_assert_cmpint (kith_message_get_state (message), ==, KITH_MESSAGE_QUEUED);
}

/* They may knock as often as they like: nothing stays open for them, and they are told nothing. */
static void
test_blocked_take_no_room (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  guint16 port = kith_node_get_listen_port (ann->node);

  test_befriend (ann, ben);
  set_blocked (ann, test_person_contact (ann, ben), TRUE);
  test_wait_for (!test_person_is_online (ben, ann));
  test_person_remove (ben, ann, FALSE);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GAsyncResult) connected = NULL;
      g_autoptr (GError) error = NULL;

      kith_node_connect_async (ben->node, "127.0.0.1", port, "let me in", NULL, test_result_cb,
                               &connected);
      g_assert_false (
        kith_node_connect_finish (ben->node, test_await (&connected), NULL, NULL, &error));
      g_assert_nonnull (error);
      g_assert_false (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT));
    }
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ann->node)), ==, 0);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 0);
}

/* (transfer none): the only one, who is blocked and with whom there is no conversation */
static KithContact *
only_blocked (TestPerson *self)
{
  g_autoptr (KithContact) contact = g_list_model_get_item (kith_node_get_contacts (self->node), 0);

  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_contacts (self->node)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_conversations (self->node)), ==, 0);
  g_assert_true (kith_contact_get_blocked (contact));
  g_assert_cmpint (kith_contact_get_relation (contact), ==, KITH_RELATION_REMOVED);
  g_assert_cmpstr (kith_contact_get_display_name (contact), ==, "Ben");
  return contact;
}

/* All that is kept of somebody who was blocked and then removed is that they are blocked. */
static void
test_removed_stay_blocked (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) message = NULL;

  test_befriend (ann, ben);
  message = test_person_send (ann, ben, "something");
  set_blocked (ann, test_person_contact (ann, ben), TRUE);
  test_wait_for (!test_person_is_online (ben, ann));
  test_person_remove (ann, ben, FALSE);
  only_blocked (ann);
  test_person_crash (ann);
  test_person_start (ann);
  only_blocked (ann);

  test_person_remove (ben, ann, FALSE);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) connected = NULL;
      g_autoptr (GError) error = NULL;

      kith_node_connect_async (ben->node, "127.0.0.1", kith_node_get_listen_port (ann->node), "let me in", NULL,
                               test_result_cb, &connected);
      g_assert_false (kith_node_connect_finish (ben->node, test_await (&connected), NULL, NULL, &error));
      g_assert_false (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT));
    }
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ann->node)), ==, 0);

  set_blocked (ann, only_blocked (ann), FALSE);
  test_wait_for (g_list_model_get_n_items (kith_node_get_contacts (ann->node)) == 0);
  test_person_stop (ann);
  test_person_start (ann);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_contacts (ann->node)), ==, 0);
}

/* Whoever adds them lets them in by that; also at the moment in which what was left of the block goes. */
static void
test_blocked_are_added (void)
{
  for (guint is_unblocked = 0; is_unblocked < 2; is_unblocked++)
    {
      g_autoptr (TestPerson) ann = test_person_new ("Ann");
      g_autoptr (TestPerson) ben = test_person_new ("Ben");
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) joined = NULL, noted = NULL;
      g_autofree char *id = g_strdup (kith_profile_get_id (kith_node_get_profile (ben->node)));

      test_befriend (ann, ben);
      set_blocked (ann, test_person_contact (ann, ben), TRUE);
      test_person_remove (ann, ben, FALSE);
      test_person_stop (ben);
      if (is_unblocked)
        set_blocked (ann, only_blocked (ann), FALSE);
      kith_node_join_async (ann->node, id, "May I?", cancellable, test_result_cb, &joined);

      KithContact *contact = kith_node_find_contact (ann->node, id, NULL);

      kith_node_set_note_async (ann->node, contact, "again", NULL, test_result_cb, &noted);
      g_assert_true (kith_node_set_note_finish (ann->node, test_await (&noted), NULL));
      g_cancellable_cancel (cancellable);
      test_await (&joined);
      g_clear_object (&joined);
      g_clear_object (&noted);
      test_person_stop (ann);
      test_person_start (ann);
      contact = kith_node_find_contact (ann->node, id, NULL);
      g_assert_nonnull (contact);
      g_assert_false (kith_contact_get_blocked (contact));
      g_assert_cmpint (kith_contact_get_relation (contact), ==, KITH_RELATION_REQUESTED);
      g_assert_cmpstr (kith_contact_get_note (contact), ==, "again");
      test_person_start (ben);
    }
}

/* What was kept is among the former contacts, also after a start, until it is deleted; the block stays. */
static void
test_kept_of_blocked (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) message = NULL;

  test_befriend (ann, ben);
  message = test_person_send (ann, ben, "something");
  set_blocked (ann, test_person_contact (ann, ben), TRUE);
  test_person_remove (ann, ben, TRUE);
  for (guint i = 0; i < 2; i++)
    {
      KithConversation *conversation = test_person_conversation (ann, ben);

      g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_conversations (ann->node)), ==, 1);
      g_assert_true (kith_conversation_passes (conversation, KITH_FILTER_REMOVED, 0));
      g_assert_false (kith_conversation_passes (conversation, KITH_FILTER_ALL, 0));
      test_person_crash (ann);
      test_person_start (ann);
    }

  test_person_remove (ann, ben, FALSE);
  only_blocked (ann);
}

/* --- Drafts --------------------------------------------------------------------------------- */

static void
type (TestPerson *self, TestPerson *other, const char *text)
{
  kith_conversation_set_draft (test_person_conversation (self, other), text);
  kith_node_save_draft (self->node, test_person_conversation (self, other));
}

/* As the composer does it, but it ends with the commit. */
static void
send_what_was_typed (TestPerson *self, TestPerson *other, const char *text)
{
  g_autoptr (GAsyncResult) sent = NULL;
  g_autoptr (KithMessage) message = NULL;

  kith_node_reply_async (self->node, test_person_conversation (self, other), text, NULL, -1, NULL, test_result_cb,
                         &sent);
  message = kith_node_send_finish (self->node, test_await (&sent), NULL);
  g_assert_nonnull (message);
}

static void
assert_draft_after_crash (TestPerson *self, TestPerson *other, const char *expected)
{
  test_person_crash (self);
  test_person_start (self);
  g_assert_cmpstr (kith_conversation_get_draft (test_person_conversation (self, other)), ==, expected);
}

/* Whenever it ends: what was sent is no draft, be it that the store had less of it or all; another text is. */
static void
test_sent_draft_is_gone (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  type (ann, ben, "Hello");
  kith_node_flush_drafts (ann->node);
  send_what_was_typed (ann, ben, "Hello");
  assert_draft_after_crash (ann, ben, NULL);

  type (ann, ben, "Hel");
  kith_node_flush_drafts (ann->node);
  type (ann, ben, "Hello again, cafe\u0301\n");
  send_what_was_typed (ann, ben, "Hello again, cafe\u0301");
  assert_draft_after_crash (ann, ben, NULL);

  type (ann, ben, "Once more");
  send_what_was_typed (ann, ben, "Once more");
  type (ann, ben, "Once more, and typed behind it");
  kith_node_flush_drafts (ann->node);
  assert_draft_after_crash (ann, ben, "Once more, and typed behind it");

  send_what_was_typed (ann, ben, "another text");
  assert_draft_after_crash (ann, ben, "Once more, and typed behind it");
  g_assert_cmpuint (test_person_count_text (ann, ben, "Once more"), <=, 1);
}

static void
test_long_drafts (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autofree char *long_text = g_strnfill (70 * 1024, 'x');
  g_autofree char *endless = g_strnfill (2 * KITH_LIMIT_KEPT_DRAFT_BYTES, 'y');
  const char *kept;

  test_befriend (ann, ben);
  type (ann, ben, "short");
  kith_node_flush_drafts (ann->node);
  type (ann, ben, long_text);
  kith_node_flush_drafts (ann->node);
  test_person_crash (ann);
  test_person_start (ann);
  kept = kith_conversation_get_draft (test_person_conversation (ann, ben));
  g_assert_cmpuint (strlen (kept), ==, strlen (long_text)); /* which is not for a log */

  type (ann, ben, endless);
  kith_node_flush_drafts (ann->node);
  test_person_crash (ann);
  test_person_start (ann);
  kept = kith_conversation_get_draft (test_person_conversation (ann, ben));
  g_assert_cmpuint (strlen (kept), ==, KITH_LIMIT_KEPT_DRAFT_BYTES);
  g_assert_true (g_str_has_suffix (kept, "y…"));
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/many-unread", test_many_unread);
  g_test_add_func ("/history/numbers-after-a-removal", test_numbers_after_a_removal);
  g_test_add_func ("/history/kept-contact-comes-back", test_kept_contact_comes_back);
  g_test_add_func ("/history/removed-stay-away", test_removed_stay_away);
  g_test_add_func ("/history/kept-and-nothing-waits", test_kept_and_nothing_waits);
  g_test_add_func ("/history/jump-misses-nothing", test_jump_misses_nothing);
  g_test_add_func ("/history/jump-brings-nothing-back", test_jump_brings_nothing_back);
  g_test_add_func ("/history/window", test_window);
  g_test_add_func ("/history/flood", test_flood);
  g_test_add_func ("/history/blocked-leave-nothing", test_blocked_leave_nothing);
  g_test_add_func ("/history/blocked-take-no-room", test_blocked_take_no_room);
  g_test_add_func ("/history/removed-stay-blocked", test_removed_stay_blocked);
  g_test_add_func ("/history/blocked-are-added", test_blocked_are_added);
  g_test_add_func ("/history/kept-of-blocked", test_kept_of_blocked);
  g_test_add_func ("/history/sent-draft-is-gone", test_sent_draft_is_gone);
  g_test_add_func ("/history/long-drafts", test_long_drafts);
  return g_test_run ();
}
