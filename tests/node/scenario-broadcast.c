/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One text to several people. Protocol 8. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-error.h"
#include "kith-test-people.h"
#include "node/kith-node-broadcast.h"
#include "node/kith-node-history.h"
#include "node/kith-node-presence.h"

static KithBroadcast *
broadcast (TestPerson *self, GPtrArray *contacts, const char *text, GError **error)
{
  g_autoptr (GAsyncResult) sent = NULL;

  kith_node_broadcast_async (self->node, contacts, text, NULL, test_result_cb, &sent);
  return kith_node_broadcast_finish (self->node, test_await (&sent), error);
}

static GPtrArray *
load_all (TestPerson *self)
{
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *all;

  kith_node_load_broadcasts_async (self->node, NULL, test_result_cb, &loaded);
  all = kith_node_load_broadcasts_finish (self->node, test_await (&loaded), &error);
  g_assert_no_error (error);
  return all;
}

static KithBroadcast *
load (TestPerson *self, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) loaded = NULL;

  kith_node_load_broadcast_async (self->node, id, NULL, test_result_cb, &loaded);
  return kith_node_load_broadcast_finish (self->node, test_await (&loaded), error);
}

static guint
count_delivered (TestPerson *self, const char *id)
{
  g_autoptr (KithBroadcast) found = load (self, id, NULL);

  return kith_broadcast_get_n_delivered (found);
}

static KithMessage *
newest (TestPerson *self, TestPerson *other)
{
  KithMessageList *list = kith_conversation_get_messages (test_person_conversation (self, other));

  return kith_message_list_get (list, kith_message_list_get_length (list) - 1);
}

static GPtrArray *
contacts_of (TestPerson *self, TestPerson *a, TestPerson *b)
{
  GPtrArray *contacts = g_ptr_array_new ();

  g_ptr_array_add (contacts, test_person_contact (self, a));
  if (b != NULL)
    g_ptr_array_add (contacts, test_person_contact (self, b));
  return contacts;
}

static void
test_to_all_online (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) cid = test_person_new ("Cid");
  g_autoptr (TestPerson) dan = test_person_new ("Dan");
  g_autoptr (GError) error = NULL;

  test_befriend (ann, ben);
  test_befriend (ann, cid);
  test_befriend (dan, ann);

  g_autofree char *dan_id = g_strdup (kith_profile_get_id (kith_node_get_profile (dan->node)));
  KithContact *dan_contact = kith_node_find_contact (ann->node, dan_id, NULL);

  test_person_stop (dan);
  test_wait_for (kith_contact_get_presence (dan_contact) != KITH_PRESENCE_ONLINE);

  g_autoptr (KithBroadcast) sent = broadcast (ann, NULL, "Hello all", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (kith_broadcast_get_n_recipients (sent), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (kith_broadcast_get_recipients (sent)), ==, 2);
  test_wait_for (test_person_count_text (ben, ann, "Hello all") == 1);
  test_wait_for (test_person_count_text (cid, ann, "Hello all") == 1);
  g_assert_true (kith_message_get_broadcast (newest (ben, ann)));
  g_assert_true (kith_message_get_broadcast (newest (ann, ben)));
  g_assert_cmpstr (kith_message_get_id (newest (ann, ben)), !=,
                   kith_message_get_id (newest (ann, cid)));

  g_object_unref (test_person_send (ben, ann, "Hello Ann"));
  test_wait_for (test_person_count_text (ann, ben, "Hello Ann") == 1);
  g_assert_false (kith_message_get_broadcast (newest (ann, ben)));
  g_assert_cmpuint (test_person_count_text (cid, ann, "Hello Ann"), ==, 0);
}

static void
test_state_and_restart (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) cid = test_person_new ("Cid");
  g_autoptr (GPtrArray) contacts = NULL;
  g_autofree char *id = NULL;

  test_befriend (ann, ben);
  test_befriend (ann, cid);
  contacts = contacts_of (ann, ben, cid);
  g_ptr_array_add (contacts, test_person_contact (ann, ben)); /* twice is once */

  g_autoptr (KithBroadcast) sent = broadcast (ann, contacts, "To two", NULL);

  id = g_strdup (kith_broadcast_get_id (sent));
  g_assert_cmpuint (kith_broadcast_get_n_recipients (sent), ==, 2);
  test_wait_for (count_delivered (ann, id) == 2);
  test_wait_for (test_person_count_text (ben, ann, "To two") == 1);
  kith_node_mark_read (ben->node, test_person_conversation (ben, ann));
  test_wait_for (kith_message_get_state (newest (ann, ben)) == KITH_MESSAGE_READ);

  test_person_stop (ann);
  test_person_start_quietly (ann);

  g_autoptr (GPtrArray) all = load_all (ann);

  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpstr (kith_broadcast_get_id (all->pdata[0]), ==, id);
  g_assert_cmpstr (kith_broadcast_get_text (all->pdata[0]), ==, "To two");
  g_assert_cmpuint (kith_broadcast_get_n_recipients (all->pdata[0]), ==, 2);
  g_assert_cmpuint (kith_broadcast_get_n_delivered (all->pdata[0]), ==, 2);
  g_assert_cmpuint (kith_broadcast_get_n_read (all->pdata[0]), ==, 1);
}

/* One who cannot get it: nobody does, and no number is used up. */
static void
test_all_or_nothing (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) cid = test_person_new ("Cid");
  g_autoptr (GAsyncResult) blocked = NULL;
  g_autoptr (GPtrArray) contacts = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  test_befriend (ann, ben);
  test_befriend (ann, cid);
  contacts = contacts_of (ann, ben, cid);
  kith_node_set_blocked_async (ann->node, test_person_contact (ann, cid), TRUE, NULL,
                               test_result_cb, &blocked);
  g_assert_true (kith_node_set_blocked_finish (ann->node, test_await (&blocked), NULL));

  g_assert_null (broadcast (ann, contacts, "Not to all", &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT);
  g_clear_error (&error);
  g_assert_null (broadcast (ann, contacts, " ", &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  g_clear_error (&error);
  g_ptr_array_set_size (contacts, 0);
  g_assert_null (broadcast (ann, contacts, "To nobody", &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);

  all = load_all (ann);
  g_assert_cmpuint (all->len, ==, 0);

  g_autoptr (KithMessage) next = test_person_send (ann, ben, "Next");

  test_wait_for (kith_message_get_state (next) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (test_person_count_text (ben, ann, "Not to all"), ==, 0);
}

static void
test_nobody_online (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (GError) error = NULL;

  g_assert_null (broadcast (ann, NULL, "Anybody?", &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
}

/* Who appears offline is not among those who are online, and does not get what is for these. */
static void
test_hidden_people (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GPtrArray) contacts = NULL;
  g_autoptr (GError) error = NULL;

  test_befriend (ann, ben);
  kith_node_set_hidden (ben->node, TRUE);
  test_wait_for (!test_person_is_online (ann, ben));
  g_assert_null (broadcast (ann, NULL, "Anybody?", &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);

  contacts = contacts_of (ann, ben, NULL);
  g_object_unref (broadcast (ann, contacts, "Ben", NULL));
  test_wait_for (test_person_count_text (ben, ann, "Ben") == 1);
}

static void
clear (TestPerson *person, TestPerson *other)
{
  g_autoptr (GAsyncResult) cleared = NULL;

  kith_node_clear_history_async (person->node, test_person_conversation (person, other), NULL,
                                 test_result_cb, &cleared);
  g_assert_true (kith_node_clear_history_finish (person->node, test_await (&cleared), NULL));
}

static gboolean
is_kept (TestPerson *person, KithBroadcast *sent, TestPerson *other)
{
  GListModel *recipients = kith_broadcast_get_recipients (sent);

  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr (KithRecipient) recipient = g_list_model_get_item (recipients, i);

      if (kith_recipient_get_contact (recipient) == test_person_contact (person, other))
        return kith_recipient_get_kept (recipient);
    }

  g_assert_not_reached ();
}

static void
test_delete (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) cem = test_person_new ("Cem");
  g_autoptr (GAsyncResult) deleted = NULL;
  g_autoptr (GError) error = NULL;

  test_befriend (ann, ben);
  test_befriend (ann, cem);

  g_autoptr (KithBroadcast) sent = broadcast (ann, NULL, "Hello", NULL);
  g_autoptr (KithBroadcast) other = broadcast (ann, NULL, "Hello again", NULL);
  const char *id = kith_broadcast_get_id (sent);

  test_wait_for (count_delivered (ann, id) == 2);
  test_wait_for (count_delivered (ann, kith_broadcast_get_id (other)) == 2);

  /* One message is gone: to whom it went stays known, how far it came does not. */
  clear (ann, ben);

  g_autoptr (KithBroadcast) left = load (ann, id, NULL);

  g_assert_cmpuint (kith_broadcast_get_n_recipients (left), ==, 2);
  g_assert_cmpuint (kith_broadcast_get_n_delivered (left), ==, 1);
  g_assert_false (is_kept (ann, left, ben));
  g_assert_true (is_kept (ann, left, cem));

  kith_node_delete_broadcast_async (ann->node, sent, NULL, test_result_cb, &deleted);
  g_assert_true (kith_node_delete_broadcast_finish (ann->node, test_await (&deleted), NULL));
  g_assert_null (load (ann, id, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (load (ann, "no id", &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* The last message takes the text along. */
  clear (ann, cem);
  g_assert_null (load (ann, kith_broadcast_get_id (other), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
}

/* --- Many ----------------------------------------------------------------------------------- */

#define MANY 500

static void
add_many (TestPerson *self)
{
  for (guint i = 0; i < MANY; i++)
    {
      KithStoreContact row = { .relation = KITH_RELATION_MUTUAL, .next_seq = 1, .added_ms = 1 };
      g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

      randombytes_buf (row.identity, sizeof row.identity);
      kith_store_batch_put_contact (batch, &row);
      kith_node_add_peer (self->node, &row);
      kith_node_commit (self->node, batch);
    }
}

static void
test_many (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (GPtrArray) contacts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GAsyncResult) sent = NULL;
  g_autoptr (KithBroadcast) done = NULL;
  g_autoptr (GTimer) timer = g_timer_new ();
  double call_s;
  double longest_s = 0;

  add_many (ann);
  for (guint i = 0; i < MANY; i++)
    g_ptr_array_add (contacts, g_list_model_get_item (kith_node_get_contacts (ann->node), i));

  g_timer_start (timer);
  kith_node_broadcast_async (ann->node, contacts, "To many", NULL, test_result_cb, &sent);
  call_s = g_timer_elapsed (timer, NULL);
  while (sent == NULL)
    {
      g_timer_start (timer);
      g_main_context_iteration (NULL, FALSE);
      longest_s = MAX (longest_s, g_timer_elapsed (timer, NULL));
    }

  done = kith_node_broadcast_finish (ann->node, sent, NULL);
  g_assert_cmpuint (kith_broadcast_get_n_recipients (done), ==, MANY);
  g_assert_cmpuint (ann->n_message_signals, ==, MANY);
  g_test_message ("%d recipients: %.1f ms in the call, %.1f ms in the longest turn of the loop",
                  MANY, call_s * 1000, longest_s * 1000);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/broadcast/to-all-online", test_to_all_online);
  g_test_add_func ("/broadcast/state-and-restart", test_state_and_restart);
  g_test_add_func ("/broadcast/all-or-nothing", test_all_or_nothing);
  g_test_add_func ("/broadcast/nobody-online", test_nobody_online);
  g_test_add_func ("/broadcast/hidden-people", test_hidden_people);
  g_test_add_func ("/broadcast/delete", test_delete);
  g_test_add_func ("/broadcast/many", test_many);
  return g_test_run ();
}
