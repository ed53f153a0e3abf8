/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-people.h"

#include "kith-test-acts.h"
#include "store/kith-store.h"

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

#define WAKE_MS 10 /* with a hook */

void (*test_wait_hook) (void);

/* Waits in real time, also where g_timeout_source_new() follows another clock. */
void
test_wait_step (gint64 deadline_us, const char *what, const char *file, int line)
{
  gint64 left_us = deadline_us - g_get_monotonic_time ();
  guint wait_ms = (guint) (MAX (left_us, 0) / 1000 + 1);
  guint wake;

  if (left_us <= 0)
    {
      g_autofree char *text = g_strdup_printf ("%s:%d: waited in vain for %s", file, line, what);

      g_error ("%s", text);
    }

  wake = g_timeout_add (test_wait_hook != NULL ? MIN (wait_ms, WAKE_MS) : wait_ms, wake_cb, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
  if (test_wait_hook != NULL)
    test_wait_hook ();
}

void
test_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  g_set_object (slot, result);
}

GAsyncResult *
test_await (GAsyncResult **slot)
{
  test_wait_for (*slot != NULL);
  return *slot;
}

static void
message_added_cb (KithNode *node, KithConversation *conversation, KithMessage *message,
                  gpointer user_data)
{
  TestPerson *self = user_data;

  self->n_message_signals++;
}

/* Opens the node on the person's store without listening or waiting for anything else. */
void
test_person_start_quietly (TestPerson *self)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (self->node);
  self->node = kith_node_new (self->store, self->env != NULL ? self->env : kith_env_get_default ());
  g_signal_connect (self->node, "message-added", G_CALLBACK (message_added_cb), self);

  kith_node_open_async (self->node, NULL, test_result_cb, &opened);
  kith_node_open_finish (self->node, test_await (&opened), &error);
  g_assert_no_error (error);

  if (kith_node_get_profile (self->node) == NULL)
    {
      g_autoptr (GAsyncResult) created = NULL;

      kith_node_create_profile_async (self->node, self->name, NULL, test_result_cb, &created);
      kith_node_create_profile_finish (self->node, test_await (&created), &error);
      g_assert_no_error (error);
    }
}

void
test_person_start (TestPerson *self)
{
  g_autoptr (GError) error = NULL;

  test_person_start_quietly (self);
  kith_node_listen (self->node, "127.0.0.1", 0, FALSE, &error);
  g_assert_no_error (error);
}

TestPerson *
test_person_new (const char *name)
{
  return test_person_new_in (name, NULL);
}

static TestPerson *
person_new (const char *name, KithStore *store, const KithEnv *env)
{
  TestPerson *self = g_new0 (TestPerson, 1);

  self->env = env;
  self->name = g_strdup (name);
  self->store = store;
  test_person_start (self);
  return self;
}

/* @env: (nullable): has to outlive the person */
TestPerson *
test_person_new_in (const char *name, const KithEnv *env)
{
  return person_new (name, kith_store_new_in_memory (), env);
}

/* @store: (transfer full). @env: (nullable): as above */
TestPerson *
test_person_new_on (const char *name, KithStore *store, const KithEnv *env)
{
  return person_new (name, store, env);
}

/* An orderly end: BYE to everybody. The store stays, as a disk would. */
void
test_person_stop (TestPerson *self)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  if (self->node == NULL)
    return;

  kith_node_shutdown_async (self->node, test_result_cb, &done);
  kith_node_shutdown_finish (self->node, test_await (&done), &error);
  g_assert_no_error (error);
  g_clear_object (&done);
  g_signal_handlers_disconnect_by_data (self->node, self);
  g_assert_finalize_object (g_steal_pointer (&self->node));
}

/* As kill -9 does: sockets close without BYE, nothing else is done. */
void
test_person_crash (TestPerson *self)
{
  g_signal_handlers_disconnect_by_data (self->node, self);
  kith_node_abandon (self->node);
  g_clear_object (&self->node);
}

void
test_person_free (TestPerson *self)
{
  test_person_stop (self);
  g_clear_object (&self->store);
  g_free (self->name);
  g_free (self);
}

KithContact *
test_person_contact (TestPerson *self, TestPerson *other)
{
  const char *id = kith_profile_get_id (kith_node_get_profile (other->node));

  return kith_node_find_contact (self->node, id, NULL);
}

KithConversation *
test_person_conversation (TestPerson *self, TestPerson *other)
{
  KithContact *contact = test_person_contact (self, other);

  return contact != NULL ? kith_node_get_conversation (self->node, contact) : NULL;
}

gboolean
test_person_is_online (TestPerson *self, TestPerson *other)
{
  KithContact *contact = test_person_contact (self, other);

  return contact != NULL && kith_contact_get_presence (contact) == KITH_PRESENCE_ONLINE
         && kith_contact_get_relation (contact) == KITH_RELATION_MUTUAL;
}

/* (transfer full) */
KithMessage *
test_person_send (TestPerson *self, TestPerson *to, const char *text)
{
  return test_person_send_in (self, test_person_conversation (self, to), text);
}

guint
test_person_count_text (TestPerson *self, TestPerson *other, const char *text)
{
  KithConversation *conversation = test_person_conversation (self, other);
  guint count = 0;

  if (conversation == NULL)
    return 0;

  KithMessageList *list = kith_conversation_get_messages (conversation);

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    count += g_str_equal (kith_message_get_text (kith_message_list_get (list, i)), text) ? 1 : 0;

  return count;
}

/* --- Groups --------------------------------------------------------------------------------- */

void
test_finish_well (TestPerson *person, GAsyncResult **slot, TestFinishFunc finish)
{
  g_autoptr (GAsyncResult) result = test_await (slot);
  g_autoptr (GError) error = NULL;

  *slot = NULL;
  finish (person->node, result, &error);
  g_assert_no_error (error);
}

void
test_finish_badly (TestPerson *person, GAsyncResult **slot, TestFinishFunc finish, KithError code)
{
  g_autoptr (GAsyncResult) result = test_await (slot);
  g_autoptr (GError) error = NULL;

  *slot = NULL;
  g_assert_false (finish (person->node, result, &error));
  g_assert_error (error, KITH_ERROR, (gint) code);
}

/* @a asks, @b accepts, both end online as each other's contacts. */
void
test_befriend (TestPerson *a, TestPerson *b)
{
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (KithRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  KithConnectOutcome outcome;

  kith_node_connect_async (a->node, "127.0.0.1", kith_node_get_listen_port (b->node), "hello",
                           NULL, test_result_cb, &connected);
  kith_node_connect_finish (a->node, test_await (&connected), &outcome, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, KITH_CONNECT_REQUESTED);

  request = test_person_await_request (b);
  g_assert_nonnull (test_person_accept (b, request));
  test_wait_for (test_person_is_online (a, b) && test_person_is_online (b, a));
}

void
test_person_set_ttl (TestPerson *person, TestPerson *other, guint32 ttl_s)
{
  GAsyncResult *result = NULL;

  kith_node_set_conversation_ttl_async (person->node, test_person_conversation (person, other),
                                        ttl_s, NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_set_conversation_finish);
}
