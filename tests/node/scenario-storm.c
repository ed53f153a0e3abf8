/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two people write to each other over a wire that cuts, truncates, stops and flips bits, while either of
 * them ends or crashes and begins anew. All arrives once and in order, and what counts as delivered is
 * there. KITH_TEST_LONG=1: 10,000 messages. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-people.h"
#include "kith-test-relay.h"

#include <sodium.h>
#include <string.h>

#define HURRY_MS 2000

typedef struct
{
  TestPerson *people[2];
  TestRelay  *relay;
  guint       n_written; /* by each */
} Storm;

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithMessage) message = kith_node_send_finish (KITH_NODE (source), result, NULL);
  guint *n_left = user_data;

  g_assert_nonnull (message);
  (*n_left)--;
}

/* Returns when all of them are in the outbox of either. */
static void
write_some (Storm *storm, guint n)
{
  guint n_left = 2 * n;

  for (guint i = storm->n_written; i < storm->n_written + n; i++)
    for (guint who = 0; who < 2; who++)
      {
        TestPerson *person = storm->people[who];
        g_autoptr (KithConversation) conversation =
          g_list_model_get_item (kith_node_get_conversations (person->node), 0);
        g_autofree char *text = g_strdup_printf ("%s %u", person->name, i);

        kith_node_send_async (person->node, conversation, text, NULL, sent_cb, &n_left);
      }

  storm->n_written += n;
  test_wait_for (n_left == 0);
}

static gboolean
are_online (Storm *storm)
{
  return test_person_is_online (storm->people[0], storm->people[1])
         && test_person_is_online (storm->people[1], storm->people[0]);
}

/* A handshake may be harmed too: then it is tried again. */
static void
meet (Storm *storm)
{
  gint64 end_us = g_get_monotonic_time () + TEST_DEADLINE_S * G_USEC_PER_SEC;

  while (!are_online (storm))
    {
      g_autoptr (GAsyncResult) result = NULL;

      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      kith_node_connect_async (storm->people[0]->node, "127.0.0.1", test_relay_get_port (storm->relay),
                               NULL, NULL, test_result_cb, &result);
      if (kith_node_connect_finish (storm->people[0]->node, test_await (&result), NULL, NULL, NULL))
        g_main_context_iteration (NULL, FALSE);
    }
}

/* What a harm makes wait in vain is given up soon, and coming again and again is no flood. */
static void
hurry (TestPerson *person)
{
  KithTimeouts *timeouts = kith_local_get_timeouts (person->node->local);

  timeouts->first_message_ms = timeouts->handshake_ms = timeouts->open_ms = HURRY_MS;
  timeouts->frame_complete_ms = HURRY_MS;
  timeouts->silent_close_ms = 10;
  timeouts->handshakes_per_minute = 100000;
}

static void
begin_anew (Storm *storm, guint who)
{
  TestPerson *person = storm->people[who];

  if (g_test_rand_bit ())
    test_person_crash (person);
  else
    test_person_stop (person);
  test_person_start (person);
  hurry (person);
  test_relay_set_target (storm->relay, kith_node_get_listen_port (storm->people[1]->node));
}

static gboolean
all_delivered (TestPerson *person)
{
  KithPeer *peer;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, person->node->peers);
  g_assert_true (g_hash_table_iter_next (&iter, NULL, (gpointer *) &peer));
  return peer->queued.rows.length == 0 && peer->sent.rows.length == 0;
}

/* (transfer full): all that @person has of the only conversation */
static GPtrArray *
read_all (TestPerson *person, TestPerson *other)
{
  g_autoptr (GAsyncResult) loaded = NULL;
  KithStoreCursor end = { .hlc = G_MAXUINT64 };

  memcpy (end.identity, kith_contact_get_identity (test_person_contact (person, other)),
          sizeof end.identity);
  kith_store_load_messages_async (person->store, &end, KITH_STORE_BEFORE, 100000, NULL, test_result_cb,
                                  &loaded);
  return kith_store_load_messages_finish (person->store, test_await (&loaded), NULL);
}

/* What @person wrote is delivered, and with @other once and in order; nothing is missing. */
static void
check (TestPerson *person, TestPerson *other, guint n)
{
  g_autoptr (GPtrArray) written = read_all (person, other);
  g_autoptr (GPtrArray) arrived = read_all (other, person);
  guint n_delivered = 0;
  guint next = 0;

  for (guint i = 0; i < written->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (written, i);

      if (row->outgoing && row->delivered_ms != 0)
        n_delivered++;
    }

  for (guint i = 0; i < arrived->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (arrived, i);
      g_autofree char *expected = g_strdup_printf ("%s %u", person->name, next);

      g_assert_cmpint (row->kind, ==, KITH_STORE_KIND_TEXT);
      if (row->outgoing)
        continue;
      g_assert_cmpstr (row->text, ==, expected);
      next++;
    }

  g_assert_cmpuint (n_delivered, ==, n);
  g_assert_cmpuint (next, ==, n);
}

static void
befriend (Storm *storm)
{
  test_befriend (storm->people[0], storm->people[1]);
  kith_node_unlisten (storm->people[0]->node);
  begin_anew (storm, 1);
  meet (storm);
}

static void
test_storm (void)
{
  gboolean is_long = g_strcmp0 (g_getenv ("KITH_TEST_LONG"), "1") == 0;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestRelay) relay = test_relay_new (kith_node_get_listen_port (ben->node));
  Storm storm = { { ann, ben }, relay, 0 };
  guint n_steps = is_long ? 50 : 10;
  guint n_each = is_long ? 100 : 25;

  hurry (ann);
  hurry (ben);
  befriend (&storm);
  for (guint step = 0; step < n_steps; step++)
    {
      gint harm = g_test_rand_int_range (TEST_HARM_FLIP, TEST_HARM_FREEZE + 1);

      test_relay_harm (relay, (TestHarm) harm, (guint) g_test_rand_int_range (0, 6000));
      write_some (&storm, n_each);
      if (step % 3 == 2)
        begin_anew (&storm, (guint) g_test_rand_int_range (0, 2));
      meet (&storm);
    }

  test_relay_harm (relay, TEST_HARM_NONE, 0);
  meet (&storm);
  test_wait_for (all_delivered (ann) && all_delivered (ben));
  g_test_message ("%u times", test_relay_get_n_harmed (relay));
  g_assert_cmpuint (test_relay_get_n_harmed (relay), >, n_steps / 3);
  check (ann, ben, storm.n_written);
  check (ben, ann, storm.n_written);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/storm/messages", test_storm);
  return g_test_run ();
}
