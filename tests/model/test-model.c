/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-time.h"
#include "model/kith-conversation.h"
#include "model/kith-names.h"
#include "model/kith-profile.h"
#include "model/kith-request.h"

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
test_names_order (void)
{
  static const char *const names[] = { "ann", "Ann", "ben", "Carl" };
  g_autoptr (KithContact) ann = contact_new ();
  g_autoptr (KithContact) ben = contact_new ();

  /* Whatever the language, capital letters come between the others. */
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint j = 0; j < G_N_ELEMENTS (names); j++)
      {
        int order = kith_names_compare (names[i], names[j]); /* only its sign means something */

        if (g_ascii_strcasecmp (names[i], names[j]) != 0)
          g_assert_cmpint ((order > 0) - (order < 0), ==, i < j ? -1 : 1);
      }
  g_assert_cmpint (kith_names_compare ("Ann", "Ann"), ==, 0);
  g_assert_cmpint (kith_names_compare ("ann", "Ann"), !=, 0);

  kith_contact_set_name (ann, "zoe");
  kith_contact_set_alias (ann, "ann"); /* what they are shown as counts */
  kith_contact_set_name (ben, "Ben");
  g_assert_cmpint (kith_contact_compare_names (ann, ben, NULL), <, 0);
  g_assert_cmpint (kith_contact_compare_names (ben, ann, NULL), >, 0);
  g_assert_cmpint (kith_contact_compare_names (ann, ann, NULL), ==, 0);
}

static void
test_names_match (void)
{
  g_assert_true (kith_names_match ("Zoë Müller", ""));
  g_assert_true (kith_names_match ("Zoë Müller", "zo"));
  g_assert_true (kith_names_match ("Zoë Müller", "zoe"));
  g_assert_true (kith_names_match ("Zoë Müller", "mul"));
  g_assert_true (kith_names_match ("Zoë Müller", "mul zo"));
  g_assert_true (kith_names_match ("Zoë Müller", "ÜLL")); /* in the middle, as it is written */
  g_assert_true (kith_names_match ("小明", "明"));
  g_assert_false (kith_names_match ("Zoë Müller", "zoo"));
  g_assert_false (kith_names_match ("", "a"));
}

static void
test_contact_last_hour (void)
{
  g_autoptr (KithContact) contact = contact_new ();
  const gint64 now_ms = 10 * KITH_HOUR_MS;

  g_assert_false (kith_contact_is_of_last_hour (contact, now_ms)); /* never seen */
  kith_contact_set_last_seen_ms (contact, now_ms - KITH_HOUR_MS);
  g_assert_true (kith_contact_is_of_last_hour (contact, now_ms));
  g_assert_false (kith_contact_is_of_last_hour (contact, now_ms + 1));
  kith_contact_set_presence (contact, KITH_PRESENCE_ONLINE);
  g_assert_true (kith_contact_is_of_last_hour (contact, now_ms + 1));
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
  kith_message_set_failed (ours, "code", "why", 30);
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

/* A peer chooses the ids of what it sends: they must not be able to make the table slow. The time
 * is not measured: the number of steps of a quadratic table would show as a time-out. */
static void
test_list_chosen_ids (void)
{
  g_autoptr (KithMessageList) list = kith_message_list_new ();

  for (guint i = 0; i < 100000; i++)
    {
      guint8 id[KITH_MESSAGE_ID_BYTES] = { 7, 7, 7, 7 };
      g_autoptr (KithMessage) message = NULL;

      memcpy (id + 4, &i, sizeof i);
      message = kith_message_new (id, NULL, i, 1, "");
      g_assert_true (kith_message_list_insert (list, message));
      g_assert_true (kith_message_list_lookup (list, id) == message);
    }
}

typedef struct
{
  GPtrArray *mirror;
  guint      n_changes;
} Watcher;

static void
mirror_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  Watcher *watcher = user_data;

  watcher->n_changes++;
  if (removed > 0)
    g_ptr_array_remove_range (watcher->mirror, position, removed);
  for (guint i = position; i < position + added; i++)
    g_ptr_array_insert (watcher->mirror, (gint) i, g_list_model_get_item (model, i));
}

/* Whoever only listens to items-changed knows the list at any time. */
static void
test_list_changes (void)
{
  g_autoptr (KithMessageList) list = kith_message_list_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);
  Watcher watcher = { g_ptr_array_new_with_free_func (g_object_unref), 0 };

  g_signal_connect (list, "items-changed", G_CALLBACK (mirror_cb), &watcher);
  for (guint i = 0; i < 400; i++)
    {
      guint number = 1000 + (guint) g_rand_int_range (rand, 0, 200);
      g_autoptr (KithMessage) message = message_new (number, NULL, number / 4);

      if (!kith_message_list_insert (list, message))
        g_assert_true (kith_message_list_remove (list, kith_message_list_lookup (list, kith_message_get_id_bytes (message))));
    }
  for (guint i = 0; i < 50; i++)
    g_ptr_array_add (page, message_new (i, NULL, i));
  kith_message_list_prepend (list, page);
  g_assert_cmpuint (watcher.n_changes, ==, 401);

  g_assert_cmpuint (watcher.mirror->len, ==, kith_message_list_get_length (list));
  for (guint i = 0; i < watcher.mirror->len; i++)
    g_assert_true (g_ptr_array_index (watcher.mirror, i) == kith_message_list_get (list, i));
  g_ptr_array_unref (watcher.mirror);
}

/* Two messages with one id are one message: the other is not there to be removed. */
static void
test_list_remove_stranger (void)
{
  g_autoptr (KithMessageList) list = kith_message_list_new ();
  g_autoptr (KithMessage) one = message_new (1, NULL, 1);
  g_autoptr (KithMessage) other = message_new (1, NULL, 9);

  g_assert_true (kith_message_list_insert (list, one));
  g_assert_false (kith_message_list_insert (list, other));
  g_assert_false (kith_message_list_remove (list, other));
  g_assert_cmpuint (kith_message_list_get_length (list), ==, 1);
}

static void
test_message_times (void)
{
  g_autoptr (KithMessage) message = message_new (1, NULL, 1);
  gint64 sent_ms, delivered_ms, read_ms;
  guint n = 0;

  g_signal_connect_swapped (message, "notify::delivered-time", G_CALLBACK (count_cb), &n);
  kith_message_set_state (message, KITH_MESSAGE_SENT, 10);
  kith_message_set_state (message, KITH_MESSAGE_DELIVERED, 20);
  kith_message_set_state (message, KITH_MESSAGE_DELIVERED, 20);
  g_object_get (message, "sent-time", &sent_ms, "delivered-time", &delivered_ms, "read-time", &read_ms,
                NULL);
  g_assert_cmpint (sent_ms, ==, 10);
  g_assert_cmpint (delivered_ms, ==, 20);
  g_assert_cmpint (read_ms, ==, 0);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_request (void)
{
  g_autoptr (KithRequest) request = kith_request_new (identity, "id", 5);
  guint n = 0;

  g_signal_connect_swapped (request, "notify", G_CALLBACK (count_cb), &n);
  g_assert_cmpstr (kith_request_get_name (request), ==, "");
  g_assert_cmpstr (kith_request_get_text (request), ==, "");
  g_assert_cmpint (kith_request_get_time_ms (request), ==, 5);
  kith_request_set_name (request, "Ann");
  kith_request_set_name (request, "Ann");
  kith_request_set_text (request, "It is me");
  kith_request_set_online (request, TRUE);
  kith_request_set_online (request, 2);
  kith_request_set_name_taken (request, TRUE);
  kith_request_set_address (request, NULL);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpstr (kith_request_get_name (request), ==, "Ann");
  kith_request_set_name (request, NULL);
  g_assert_cmpstr (kith_request_get_name (request), ==, "");
}

static void
test_profile (void)
{
  g_autoptr (KithProfile) profile = kith_profile_new ("id", "Ann");
  guint n = 0;

  g_signal_connect_swapped (profile, "notify::name", G_CALLBACK (count_cb), &n);
  kith_profile_set_name (profile, "Ann");
  kith_profile_set_name (profile, "Anna");
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (kith_profile_get_name (profile), ==, "Anna");
}

/* Somebody else may hold the conversation longer than the contact, and the other way round. */
static void
test_conversation_lives (void)
{
  KithContact *contact = contact_new ();
  KithConversation *conversation = kith_conversation_new (contact);
  g_autoptr (KithMessage) message = message_new (1, contact, 1);

  kith_conversation_add (conversation, message, TRUE);
  g_assert_finalize_object (conversation);
  kith_contact_set_alias (contact, "after it");
  g_clear_object (&message);
  g_assert_finalize_object (contact);
}

static void
test_conversation (void)
{
  g_autoptr (KithContact) contact = contact_new ();
  g_autoptr (KithConversation) conversation = kith_conversation_new (contact);
  g_autoptr (KithMessage) one = message_new (1, contact, 1);
  g_autoptr (KithMessage) two = message_new (2, contact, 2);
  g_autoptr (KithMessage) late = message_new (3, contact, 0);
  g_autoptr (GArray) seen = NULL;
  gboolean is_all = FALSE;
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

  seen = kith_conversation_take_unread (conversation, &is_all);
  g_assert_true (is_all);
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

static KithMessage *
long_message_new (guint number, KithContact *sender)
{
  g_autoptr (KithMessage) message = message_new (number, sender, number);
  g_autofree char *text = g_strnfill (KITH_LIMIT_MESSAGE_TEXT_BYTES, 'x');

  kith_message_set_text (message, text, 0);
  return g_steal_pointer (&message);
}

static guint
number_at (KithMessageList *list, guint position)
{
  return (guint) kith_message_get_hlc (kith_message_list_get (list, position));
}

/* The same with long messages: they are not kept by their number alone. What was left out is loaded like any other. */
static void
test_long_messages (void)
{
  const guint n = 2000;
  g_autoptr (KithContact) contact = contact_new ();
  g_autoptr (KithConversation) conversation = kith_conversation_new (contact);
  KithMessageList *list = kith_conversation_get_messages (conversation);
  guint first;

  for (guint i = 1; i <= n; i++)
    {
      g_autoptr (KithMessage) message = long_message_new (1000 + i, contact);

      g_assert_true (kith_conversation_add (conversation, message, FALSE));
      g_assert_cmpuint (kith_message_list_count_bytes (list), <=, 2 * KITH_LIMIT_WINDOW_BYTES);
    }
  g_assert_cmpuint (number_at (list, kith_message_list_get_length (list) - 1), ==, 1000 + n);
  g_assert_true (kith_message_list_get_has_older (list));

  /* Whoever goes back sees each page, and what was beside it. */
  first = number_at (list, 0);
  for (guint page = 0; page < 10; page++)
    {
      g_autoptr (GPtrArray) older = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = KITH_LIMIT_PAGE_MESSAGES; i > 0; i--)
        g_ptr_array_add (older, long_message_new (first - i, contact));
      kith_conversation_take_page (conversation, KITH_PAGE_OLDER, older, TRUE, NULL);
      g_assert_cmpuint (kith_message_list_count_bytes (list), <=, 2 * KITH_LIMIT_WINDOW_BYTES);
      g_assert_cmpuint (number_at (list, 0), ==, first - KITH_LIMIT_PAGE_MESSAGES);
      g_assert_cmpuint (number_at (list, KITH_LIMIT_PAGE_MESSAGES + 20), ==, first + 20);
      first -= KITH_LIMIT_PAGE_MESSAGES;
    }
  g_assert_true (kith_message_list_get_has_newer (list));
}

/* Nor are those that were short when they came. */
static void
test_messages_that_grow (void)
{
  const guint n = 2000;
  g_autoptr (KithContact) contact = contact_new ();
  g_autoptr (KithConversation) conversation = kith_conversation_new (contact);
  KithMessageList *list = kith_conversation_get_messages (conversation);
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *text = g_strnfill (KITH_LIMIT_MESSAGE_TEXT_BYTES, 'x');

  for (guint i = 1; i <= n; i++)
    {
      KithMessage *message = message_new (i, contact, i);

      g_ptr_array_add (messages, message);
      kith_conversation_add (conversation, message, FALSE);
    }
  g_assert_cmpuint (kith_message_list_get_length (list), ==, n);

  for (guint i = n; i > 0; i--)
    {
      kith_message_set_text (g_ptr_array_index (messages, i - 1), text, 5);
      kith_conversation_note_edit (conversation);
      g_assert_cmpuint (kith_message_list_count_bytes (list), <=, 2 * KITH_LIMIT_WINDOW_BYTES);
    }
  g_assert_cmpuint (number_at (list, kith_message_list_get_length (list) - 1), ==, n);
  g_assert_true (kith_message_list_get_has_older (list));
}

static void
test_reactions (void)
{
  g_autoptr (KithContact) contact = contact_new ();
  g_autoptr (KithMessage) message = message_new (1, contact, 1);
  g_autoptr (GPtrArray) none = NULL;
  guint n = 0;

  g_object_get (message, "reactions", &none, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  g_signal_connect_swapped (message, "notify::reactions", G_CALLBACK (count_cb), &n);
  kith_message_set_reaction (message, contact, NULL);
  kith_message_set_reaction (message, contact, "a");
  kith_message_set_reaction (message, NULL, "b");
  g_assert_cmpuint (kith_message_get_reactions (message)->len, ==, 2);
  g_assert_cmpstr (kith_message_get_own_reaction (message), ==, "b");
  kith_message_set_reaction (message, NULL, "");
  g_assert_null (kith_message_get_own_reaction (message));
  kith_message_set_reaction (message, contact, NULL);
  g_assert_cmpuint (kith_message_get_reactions (message)->len, ==, 0);
  kith_message_set_reaction (message, contact, "a");
  kith_message_set_deleted (message);
  g_assert_cmpuint (kith_message_get_reactions (message)->len, ==, 0);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (n, ==, 6);
}

/* Somebody writes and writes while nobody looks: what is counted is not all kept. */
static void
test_many_unread (void)
{
  const guint n = 5 * KITH_LIMIT_WINDOW_MESSAGES;
  g_autoptr (KithContact) contact = contact_new ();
  g_autoptr (KithConversation) conversation = kith_conversation_new (contact);
  g_autoptr (GArray) seen = NULL;
  g_autoptr (GArray) none = NULL;
  guint8 last[KITH_MESSAGE_ID_BYTES];
  gpointer early = NULL;
  gboolean is_all = TRUE;

  for (guint i = 1; i <= n; i++)
    {
      g_autoptr (KithMessage) message = message_new (i, contact, i);

      if (i == 2)
        g_set_weak_pointer (&early, message);
      memcpy (last, kith_message_get_id_bytes (message), sizeof last);
      g_assert_true (kith_conversation_add (conversation, message, TRUE));
    }

  g_assert_null (early);
  g_assert_cmpuint (kith_conversation_get_unread (conversation), ==, n);
  seen = kith_conversation_take_unread (conversation, &is_all);
  g_assert_false (is_all);
  g_assert_cmpuint (seen->len, <=, 2 * KITH_LIMIT_WINDOW_MESSAGES);
  g_assert_cmpmem (g_array_index (seen, KithUnread, seen->len - 1).id, sizeof last, last, sizeof last);
  none = kith_conversation_take_unread (conversation, &is_all);
  g_assert_true (is_all);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/contact-names", test_contact_names);
  g_test_add_func ("/model/names-order", test_names_order);
  g_test_add_func ("/model/names-match", test_names_match);
  g_test_add_func ("/model/contact-last-hour", test_contact_last_hour);
  g_test_add_func ("/model/message-states", test_message_states);
  g_test_add_func ("/model/list-order", test_list_order);
  g_test_add_func ("/model/list-pages", test_list_pages);
  g_test_add_func ("/model/list-chosen-ids", test_list_chosen_ids);
  g_test_add_func ("/model/list-changes", test_list_changes);
  g_test_add_func ("/model/list-remove-stranger", test_list_remove_stranger);
  g_test_add_func ("/model/message-times", test_message_times);
  g_test_add_func ("/model/request", test_request);
  g_test_add_func ("/model/profile", test_profile);
  g_test_add_func ("/model/conversation", test_conversation);
  g_test_add_func ("/model/many-unread", test_many_unread);
  g_test_add_func ("/model/long-messages", test_long_messages);
  g_test_add_func ("/model/messages-that-grow", test_messages_that_grow);
  g_test_add_func ("/model/reactions", test_reactions);
  g_test_add_func ("/model/conversation-lives", test_conversation_lives);
  return g_test_run ();
}
