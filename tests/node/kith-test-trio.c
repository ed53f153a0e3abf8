/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-trio.h"

#include "kith-test-time.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-history.h"

#define S G_GINT64_CONSTANT (1000000)
#define STEP_MS 20
#define STEP_S 5 /* that pass at once: sessions are asked whether they live more seldom */

static KithFakeEnv clock_env;
static gint64      seen_us;

/* --- The clock ------------------------------------------------------------------------------ */

/* It goes by itself, as fast as that on the wall. */
static void
keep_time (void)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 passed_us = now_us - seen_us;

  seen_us = now_us;
  test_time_pass (passed_us);
}

/* At the begin of a test that makes no trio. */
void
trio_begin (void)
{
  kith_fake_env_init (&clock_env, 1, g_get_real_time () / G_USEC_PER_SEC);
  test_time_use (&clock_env);
  seen_us = g_get_monotonic_time ();
  test_wait_hook = keep_time;
}

/* (transfer full): somebody in the time of the trio */
TestPerson *
trio_person_new (const char *name)
{
  return test_person_new_in (name, &clock_env.env);
}

/* (transfer full): the same with a store that is there. @store: (transfer full) */
TestPerson *
trio_person_new_on (const char *name, KithStore *store)
{
  return test_person_new_on (name, store, &clock_env.env);
}

/* What is sent in each step arrives in it. */
void
trio_pass (guint seconds)
{
  for (guint i = 0; i < seconds; i += STEP_S)
    {
      test_time_pass (MIN (STEP_S, seconds - i) * S);
      seen_us = g_get_monotonic_time ();
      trio_rest (STEP_MS);
    }
}

/* What is under way goes on, at its usual pace. */
void
trio_rest (guint ms)
{
  gint64 end_us = g_get_monotonic_time () + ms * (gint64) 1000;

  while (g_get_monotonic_time () < end_us)
    {
      g_main_context_iteration (NULL, FALSE);
      keep_time ();
    }
}

/* While nobody is there. */
void
trio_skip_days (guint days)
{
  kith_fake_env_advance (&clock_env, days * 24 * 3600 * S);
}

/* (transfer none) (nullable): the only one that they have */
KithGroup *
trio_group (TestPerson *person)
{
  GListModel *groups = kith_node_get_groups (person->node);
  g_autoptr (KithGroup) group = g_list_model_get_item (groups, 0);

  g_assert_cmpuint (g_list_model_get_n_items (groups), <=, 1);
  return group; /* the list holds it */
}

KithConversation *
trio_chat (TestPerson *person)
{
  return kith_node_get_group_conversation (person->node, trio_group (person));
}

KithMembership
trio_state (TestPerson *person)
{
  return kith_group_get_state (trio_group (person));
}

KithMember *
trio_member (TestPerson *person, TestPerson *who)
{
  return kith_group_find_member (trio_group (person), kith_node_get_own_identity (who->node));
}

void
trio_create (TestPerson *person, TestPerson *const *guests, guint n)
{
  g_autofree KithContact **contacts = g_new0 (KithContact *, n + 1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    contacts[i] = test_person_contact (person, guests[i]);
  kith_node_create_group_async (person->node, "Ace", contacts, NULL, test_result_cb, &result);
  group = kith_node_create_group_finish (person->node, test_await (&result), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (group == trio_group (person));
  g_assert_true (kith_group_is_admin (group));
}

void
trio_answer (TestPerson *person, gboolean join)
{
  GAsyncResult *result = NULL;

  test_wait_for (trio_group (person) != NULL
                 && trio_state (person) == KITH_MEMBERSHIP_INVITED);
  if (join)
    kith_node_accept_group_invitation_async (person->node, trio_group (person), NULL, NULL, test_result_cb,
                                             &result);
  else
    kith_node_decline_group_invitation_async (person->node, trio_group (person), NULL, test_result_cb,
                                              &result);
  test_finish_well (person, &result, kith_node_group_finish);
}

void
trio_join (TestPerson *person)
{
  trio_answer (person, TRUE);
  test_wait_for (trio_state (person) == KITH_MEMBERSHIP_MEMBER);
}

gboolean
trio_agree (TestPerson *const *people, guint n, guint n_members)
{
  for (guint i = 0; i < n; i++)
    if (trio_group (people[i]) == NULL
        || kith_group_get_n_members (trio_group (people[i])) != n_members
        || trio_state (people[i]) != KITH_MEMBERSHIP_MEMBER)
      return FALSE;

  return TRUE;
}

/* (transfer full) */
KithMessage *
trio_post (TestPerson *person, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithMessage *message;

  kith_node_send_async (person->node, trio_chat (person), text, NULL, test_result_cb, &result);
  message = kith_node_send_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_true (kith_message_is_outgoing (message));
  return message;
}

/* (transfer none) (nullable) */
KithMessage *
trio_copy (TestPerson *person, KithMessage *message)
{
  return kith_message_list_lookup (kith_conversation_get_messages (trio_chat (person)),
                                   kith_message_get_id_bytes (message));
}

guint
trio_count (TestPerson *person, const char *text)
{
  KithMessageList *list = kith_conversation_get_messages (trio_chat (person));
  guint n = 0;

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    n += g_str_equal (kith_message_get_text (kith_message_list_get (list, i)), text);

  return n;
}

gboolean
trio_has_event (TestPerson *person, const char *event, TestPerson *who)
{
  KithMessageList *list = kith_conversation_get_messages (trio_chat (person));
  KithContact *contact = who != person ? test_person_contact (person, who) : NULL;

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    {
      KithMessage *message = kith_message_list_get (list, i);

      if (kith_message_get_kind (message) == KITH_MESSAGE_EVENT
          && g_strcmp0 (kith_message_get_event (message), event) == 0
          && kith_message_get_event_who (message) == contact)
        return TRUE;
    }

  return FALSE;
}

/* The window of a conversation holds only the newest message after a start. */
void
trio_load_all (TestPerson *person)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_load_older_async (person->node, trio_chat (person), NULL, test_result_cb, &result);
  kith_node_load_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
}

static void
make (Trio *trio, gboolean apart)
{
  static const char *const names[] = { "ann", "ben", "cat" };

  trio_begin ();
  for (guint i = 0; i < 3; i++)
    trio->people[i] = test_person_new_in (names[i], &clock_env.env);
  test_befriend (trio->people[0], trio->people[1]);
  test_befriend (trio->people[0], trio->people[2]);
  if (!apart)
    test_befriend (trio->people[1], trio->people[2]);
  trio_create (trio->people[0], trio->people + 1, 2);
  trio_join (trio->people[1]);
  trio_join (trio->people[2]);
  test_wait_for (trio_agree (trio->people, 3, 3));
}

void
trio_new (Trio *trio)
{
  make (trio, FALSE);
}

void
trio_start (Trio *trio, TestPerson **ann, TestPerson **ben, TestPerson **cat)
{
  trio_new (trio);
  *ann = trio->people[0];
  *ben = trio->people[1];
  *cat = trio->people[2];
}

/* Ben and Cat are no contacts. */
void
trio_new_apart (Trio *trio)
{
  make (trio, TRUE);
}

/* Until @person has, of what @author wrote, the entry with the number @seq. */
void
trio_await_newest (TestPerson *person, TestPerson *author, guint64 seq)
{
  KithGroupHost *host =
    kith_node_lookup_group (person->node, kith_group_get_id_bytes (trio_group (person)));
  const guint8 *identity = kith_contact_get_identity (kith_node_find_contact (person->node, author->name, NULL));

  test_wait_for (host->ready && kith_group_host_get_author (host, identity) != NULL
                 && kith_group_replica_get_newest_seq (host->replica,
                                                       kith_group_host_get_author (host, identity))
                      >= seq);
}

void
trio_clear (Trio *trio)
{
  for (guint i = 0; i < 3; i++)
    g_clear_pointer (&trio->people[i], test_person_free);
}
