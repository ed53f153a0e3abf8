/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "model/kith-conversation.h"

static const guint8 identity[KITH_IDENTITY_BYTES] = { 1 };

static KithContact *
contact_new (void)
{
  return kith_contact_new (identity, "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx");
}

static KithMessage *
message_new (guint number, KithContact *sender, guint64 hlc)
{
  guint8 id[KITH_MESSAGE_ID_BYTES] = { 0 };
  g_autofree char *text = g_strdup_printf ("%u", number);

  memcpy (id, &number, sizeof number);
  return kith_message_new (id, sender, hlc, (gint64) number, text);
}

static void
count_cb (gpointer count)
{
  (*(guint *) count)++;
}

static void
test_contact_names (void)
{
  g_autoptr (KithContact) contact = contact_new ();
  guint n = 0;

  g_signal_connect_swapped (contact, "notify::display-name", G_CALLBACK (count_cb), &n);
  g_assert_cmpstr (kith_contact_get_display_name (contact), ==, "abcdefghijklmn");
  kith_contact_set_address (contact, "192.0.2.1:5484");
  g_assert_cmpstr (kith_contact_get_display_name (contact), ==, "192.0.2.1:5484");
  kith_contact_set_name (contact, "Ann");
  g_assert_cmpstr (kith_contact_get_display_name (contact), ==, "Ann");
  kith_contact_set_alias (contact, "Annie");
  g_assert_cmpstr (kith_contact_get_display_name (contact), ==, "Annie");
  g_assert_cmpuint (n, ==, 4 - 1);
  kith_contact_set_name (contact, "Anna"); /* hidden by the alias */
  kith_contact_set_alias (contact, "Annie");
  g_assert_cmpuint (n, ==, 3);
  kith_contact_set_alias (contact, "");
  g_assert_null (kith_contact_get_alias (contact));
  g_assert_cmpstr (kith_contact_get_display_name (contact), ==, "Anna");
}

static void
test_message_states (void)
{
  g_autoptr (KithContact) contact = contact_new ();
  g_autoptr (KithMessage) ours = message_new (1, NULL, 1);
  g_autoptr (KithMessage) theirs = message_new (2, contact, 2);
  guint n = 0;

  g_assert_true (kith_message_is_outgoing (ours));
  g_assert_cmpint (kith_message_get_state (ours), ==, KITH_MESSAGE_QUEUED);
  g_assert_false (kith_message_is_outgoing (theirs));
  g_assert_cmpint (kith_message_get_state (theirs), ==, KITH_MESSAGE_RECEIVED);
  g_assert_cmpstr (kith_message_get_id (ours), ==, "01000000000000000000000000000000");

  g_signal_connect_swapped (ours, "notify::state", G_CALLBACK (count_cb), &n);
  kith_message_set_state (ours, KITH_MESSAGE_SENT, 10);
  kith_message_set_state (ours, KITH_MESSAGE_SENT, 11);
  kith_message_set_state (ours, KITH_MESSAGE_DELIVERED, 20);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (kith_message_get_state_time_ms (ours, KITH_MESSAGE_SENT), ==, 11);
  g_assert_cmpint (kith_message_get_state_time_ms (ours, KITH_MESSAGE_READ), ==, 0);
  kith_message_set_failed (ours, "why", 30);
  g_assert_cmpint (kith_message_get_state (ours), ==, KITH_MESSAGE_FAILED);
  g_assert_cmpstr (kith_message_get_reason (ours), ==, "why");
}

/* In whatever order they come, messages stand by (hlc, id), each once. */
static void
test_list_order (void)
{
  g_autoptr (KithMessageList) list = kith_message_list_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  guint n_changes = 0;
  guint n = 0;

  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count_cb), &n_changes);
  for (guint i = 0; i < 500; i++)
    {
      guint number = (guint) g_rand_int_range (rand, 0, 300);
      g_autoptr (KithMessage) message = message_new (number, NULL, number / 3);

      n += kith_message_list_insert (list, message) ? 1 : 0;
    }

  g_assert_cmpuint (kith_message_list_get_length (list), ==, n);
  g_assert_cmpuint (n_changes, ==, n);
  for (guint i = 1; i < n; i++)
    {
      KithMessage *a = kith_message_list_get (list, i - 1);
      KithMessage *b = kith_message_list_get (list, i);
      guint64 hlc_a = kith_message_get_hlc (a), hlc_b = kith_message_get_hlc (b);

      g_assert_true (hlc_a < hlc_b || (hlc_a == hlc_b && strcmp (kith_message_get_id (a), kith_message_get_id (b)) < 0));
    }
  g_assert_null (kith_message_list_get (list, n));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), n));
}

static void
test_list_pages (void)
{
  g_autoptr (KithMessageList) list = kith_message_list_new ();
  g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (KithMessage) newest = message_new (100, NULL, 100);
  guint n_changes = 0;

  kith_message_list_insert (list, newest);
  for (guint i = 0; i < 50; i++)
    g_ptr_array_add (page, message_new (i, NULL, i));
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count_cb), &n_changes);
  kith_message_list_prepend (list, page);
  kith_message_list_prepend (list, page);
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpuint (kith_message_list_get_length (list), ==, 51);
  g_assert_true (kith_message_list_get (list, 50) == newest);
  g_assert_true (kith_message_list_lookup (list, kith_message_get_id_bytes (newest)) == newest);
  g_assert_true (kith_message_list_remove (list, newest));
  g_assert_false (kith_message_list_remove (list, newest));
  g_assert_null (kith_message_list_lookup (list, kith_message_get_id_bytes (newest)));
}

static void
test_conversation (void)
{
  g_autoptr (KithContact) contact = contact_new ();
  g_autoptr (KithConversation) conversation = kith_conversation_new (contact);
  g_autoptr (KithMessage) one = message_new (1, contact, 1);
  g_autoptr (KithMessage) two = message_new (2, contact, 2);
  g_autoptr (KithMessage) late = message_new (3, contact, 0);
  g_autoptr (GPtrArray) seen = NULL;
  guint n_titles = 0;

  g_signal_connect_swapped (conversation, "notify::title", G_CALLBACK (count_cb), &n_titles);
  kith_contact_set_name (contact, "Ann");
  g_assert_cmpuint (n_titles, ==, 1);
  g_assert_cmpstr (kith_conversation_get_title (conversation), ==, "Ann");

  g_assert_true (kith_conversation_add (conversation, one, TRUE));
  g_assert_true (kith_conversation_add (conversation, two, TRUE));
  g_assert_false (kith_conversation_add (conversation, two, TRUE));
  g_assert_cmpuint (kith_conversation_get_unread (conversation), ==, 2);
  g_assert_true (kith_conversation_get_first_unread (conversation) == one);
  g_assert_true (kith_conversation_get_last_message (conversation) == two);
  g_assert_true (kith_conversation_add (conversation, late, FALSE));
  g_assert_true (kith_conversation_get_last_message (conversation) == two);
  g_assert_cmpint (kith_conversation_get_last_activity_ms (conversation), ==, 3);

  seen = kith_conversation_take_unread (conversation);
  g_assert_cmpuint (seen->len, ==, 2);
  g_assert_cmpuint (kith_conversation_get_unread (conversation), ==, 0);
  g_assert_nonnull (kith_conversation_get_first_unread (conversation));
  kith_conversation_clear_unread_line (conversation);
  g_assert_null (kith_conversation_get_first_unread (conversation));

  kith_conversation_set_draft (conversation, "half a");
  g_assert_cmpstr (kith_conversation_get_draft (conversation), ==, "half a");
  kith_conversation_set_draft (conversation, "");
  g_assert_null (kith_conversation_get_draft (conversation));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/contact-names", test_contact_names);
  g_test_add_func ("/model/message-states", test_message_states);
  g_test_add_func ("/model/list-order", test_list_order);
  g_test_add_func ("/model/list-pages", test_list_pages);
  g_test_add_func ("/model/conversation", test_conversation);
  return g_test_run ();
}
