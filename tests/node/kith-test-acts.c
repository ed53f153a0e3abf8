/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-acts.h"

#include "node/kith-node-invites.h"

/* --- Contacts ------------------------------------------------------------------------------- */

void
test_person_ask (TestPerson *self, TestPerson *other)
{
  const char *id = kith_profile_get_id (kith_node_get_profile (other->node));
  g_autoptr (GAsyncResult) asked = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_join_async (self->node, id, "May I?", NULL, test_result_cb, &asked);
  kith_node_join_finish (self->node, test_await (&asked), NULL, NULL, &error);
  g_assert_no_error (error);
}

KithRequest *
test_person_await_request (TestPerson *self)
{
  GListModel *requests = kith_node_get_requests (self->node);

  test_wait_for (g_list_model_get_n_items (requests) == 1);
  return g_list_model_get_item (requests, 0);
}

KithContact *
test_person_accept (TestPerson *self, KithRequest *request)
{
  g_autoptr (GAsyncResult) accepted = NULL;
  g_autoptr (KithContact) contact = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_accept_async (self->node, request, NULL, test_result_cb, &accepted);
  contact = kith_node_accept_finish (self->node, test_await (&accepted), &error);
  g_assert_no_error (error);
  return contact;
}

void
test_person_remove (TestPerson *self, TestPerson *other, gboolean keep_history)
{
  g_autoptr (GAsyncResult) removed = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_remove_async (self->node, test_person_contact (self, other), keep_history, NULL,
                          test_result_cb, &removed);
  kith_node_remove_finish (self->node, test_await (&removed), &error);
  g_assert_no_error (error);
}

void
test_person_connect (TestPerson *self, TestPerson *other, guint16 port)
{
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_connect_async (self->node, "127.0.0.1", port, NULL, NULL, test_result_cb, &connected);
  kith_node_connect_finish (self->node, test_await (&connected), NULL, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (test_person_is_online (self, other) && test_person_is_online (other, self));
}

void
test_person_meet (TestPerson *self, TestPerson *other)
{
  test_person_connect (self, other, kith_node_get_listen_port (other->node));
}

/* --- Messages ------------------------------------------------------------------------------- */

KithMessage *
test_person_send_in (TestPerson *self, KithConversation *conversation, const char *text)
{
  g_autoptr (GAsyncResult) sent = NULL;
  g_autoptr (GError) error = NULL;
  KithMessage *message;

  kith_node_send_async (self->node, conversation, text, NULL, test_result_cb, &sent);
  message = kith_node_send_finish (self->node, test_await (&sent), &error);
  g_assert_no_error (error);
  return message;
}

void
test_person_edit (TestPerson *self, KithMessage *message, const char *text)
{
  GAsyncResult *edited = NULL;

  kith_node_edit_message_async (self->node, NULL, kith_message_get_id (message), text, NULL,
                                test_result_cb, &edited);
  test_finish_well (self, &edited, kith_node_edit_message_finish);
}

void
test_person_delete (TestPerson *self, KithMessage *message, KithDeleteWhere where)
{
  GAsyncResult *deleted = NULL;

  kith_node_delete_message_async (self->node, NULL, kith_message_get_id (message), where, NULL,
                                  test_result_cb, &deleted);
  test_finish_well (self, &deleted, kith_node_delete_message_finish);
}
