/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/kith-timeline.h"

#define MINUTE_MS (60 * G_GINT64_CONSTANT (1000))
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* 2024-03-04 12:00 UTC, a Monday. The tests run in UTC. */
#define NOON_MS (G_GINT64_CONSTANT (1709553600) * 1000)

typedef struct
{
  KithContact *ann;
  KithConversation *conversation;
  KithTimeline *timeline;
  GPtrArray *mirror; /* what somebody knows who only listens to items-changed */
  guint n_signals;
  guint8 next_id;
} Fixture;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_signals++;
  if (removed > 0)
    g_ptr_array_remove_range (fixture->mirror, position, removed);
  for (guint i = position; i < position + added; i++)
    g_ptr_array_insert (fixture->mirror, (int) i, g_list_model_get_item (model, i));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const guint8 identity[KITH_IDENTITY_BYTES] = { 1 };

  fixture->ann = kith_contact_new (identity, "ann");
  fixture->conversation = kith_conversation_new (fixture->ann);
  fixture->timeline = kith_timeline_new (fixture->conversation);
  fixture->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (fixture->timeline, "items-changed", G_CALLBACK (items_changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->mirror);
  g_assert_finalize_object (fixture->timeline);
  g_assert_finalize_object (fixture->conversation);
  g_assert_finalize_object (fixture->ann);
}

static KithMessage *
new_message (Fixture *fixture, KithContact *sender, gint64 time_ms)
{
  guint8 id[KITH_MESSAGE_ID_BYTES] = { 0 };

  id[0] = ++fixture->next_id;

  return kith_message_new (id, sender, (guint64) time_ms << 16, time_ms, "text");
}

static KithMessage *
add (Fixture *fixture, KithContact *sender, gint64 time_ms, gboolean unread)
{
  g_autoptr (KithMessage) message = new_message (fixture, sender, time_ms);

  g_assert_true (kith_conversation_add (fixture->conversation, message, unread));

  return message;
}

/* D = day, U = unread line, ( opens a group, ) closes one, m = a message inside. */
static char *
describe (GListModel *model)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (KithTimelineItem) item = g_list_model_get_item (model, i);

      switch (kith_timeline_item_get_kind (item))
        {
        case KITH_TIMELINE_DAY:
          g_string_append_c (text, 'D');
          break;
        case KITH_TIMELINE_UNREAD:
          g_string_append_c (text, 'U');
          break;
        case KITH_TIMELINE_MESSAGE:
          if (kith_timeline_item_starts_group (item))
            g_string_append_c (text, '(');
          g_string_append_c (text, 'm');
          if (kith_timeline_item_ends_group (item))
            g_string_append_c (text, ')');
          break;
        }
    }

  return g_string_free (text, FALSE);
}

static void
assert_rows (Fixture *fixture, const char *expected)
{
  g_autofree char *rows = describe (G_LIST_MODEL (fixture->timeline));
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (fixture->timeline));

  g_assert_cmpstr (rows, ==, expected);
  g_assert_cmpuint (fixture->mirror->len, ==, n_rows);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (KithTimelineItem) item
          = g_list_model_get_item (G_LIST_MODEL (fixture->timeline), i);

      g_assert_true (item == g_ptr_array_index (fixture->mirror, i));
    }
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  guint position;

  assert_rows (fixture, "");
  g_assert_false (kith_timeline_get_unread_position (fixture->timeline, &position));
}

static void
test_groups (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gint64 apart_ms;
    gboolean same_sender;
    const char *rows;
  } cases[] = {
    { 0, TRUE, "D(mm)" },
    { KITH_TIMELINE_GROUP_MS - 1, TRUE, "D(mm)" },
    { KITH_TIMELINE_GROUP_MS, TRUE, "D(m)(m)" },
    { KITH_TIMELINE_GROUP_MS + 1, TRUE, "D(m)(m)" },
    { 0, FALSE, "D(m)(m)" },
    { DAY_MS, TRUE, "D(m)D(m)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture one = { 0 };

      g_test_message ("case %u", i);
      set_up (&one, NULL);
      add (&one, one.ann, NOON_MS, FALSE);
      add (&one, cases[i].same_sender ? one.ann : NULL, NOON_MS + cases[i].apart_ms, FALSE);
      assert_rows (&one, cases[i].rows);
      tear_down (&one, NULL);
    }
}

static void
test_midnight_parts_a_group (Fixture *fixture, gconstpointer data)
{
  add (fixture, NULL, NOON_MS + 12 * HOUR_MS - 1, FALSE);
  add (fixture, NULL, NOON_MS + 12 * HOUR_MS, FALSE);

  assert_rows (fixture, "D(m)D(m)");
}

static void
test_append_touches_only_the_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) before = NULL;

  for (guint i = 0; i < 10; i++)
    add (fixture, fixture->ann, NOON_MS + i, FALSE);

  before = g_ptr_array_copy (fixture->mirror, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  g_ptr_array_set_free_func (before, g_object_unref);
  fixture->n_signals = 0;
  add (fixture, fixture->ann, NOON_MS + 10, FALSE);

  assert_rows (fixture, "D(mmmmmmmmmmm)");
  g_assert_cmpuint (fixture->n_signals, ==, 1);
  for (guint i = 0; i < before->len; i++)
    g_assert_true (g_ptr_array_index (before, i) == g_ptr_array_index (fixture->mirror, i));
}

static void
test_prepend_keeps_the_rest (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) older = g_ptr_array_new_with_free_func (g_object_unref);
  gpointer last;

  add (fixture, fixture->ann, NOON_MS, FALSE);
  add (fixture, fixture->ann, NOON_MS + 1, FALSE);
  last = g_ptr_array_index (fixture->mirror, 2);

  g_ptr_array_add (older, new_message (fixture, NULL, NOON_MS - DAY_MS));
  g_ptr_array_add (older, new_message (fixture, fixture->ann, NOON_MS - 1));
  fixture->n_signals = 0;
  kith_message_list_prepend (kith_conversation_get_messages (fixture->conversation), older);

  assert_rows (fixture, "D(m)D(mmm)");
  g_assert_cmpuint (fixture->n_signals, ==, 1);
  g_assert_true (g_ptr_array_index (fixture->mirror, 5) == last);
}

static void
test_insert_between (Fixture *fixture, gconstpointer data)
{
  add (fixture, fixture->ann, NOON_MS, FALSE);
  add (fixture, fixture->ann, NOON_MS + 2, FALSE);
  add (fixture, NULL, NOON_MS + 1, FALSE);

  assert_rows (fixture, "D(m)(m)(m)");
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  KithMessageList *messages = kith_conversation_get_messages (fixture->conversation);
  KithMessage *other;

  add (fixture, fixture->ann, NOON_MS, FALSE);
  other = add (fixture, NULL, NOON_MS + 1, FALSE);
  add (fixture, fixture->ann, NOON_MS + 2, FALSE);
  add (fixture, fixture->ann, NOON_MS + DAY_MS, FALSE);
  assert_rows (fixture, "D(m)(m)(m)D(m)");

  kith_message_list_remove (messages, other);
  assert_rows (fixture, "D(mm)D(m)");

  kith_message_list_remove (messages, kith_message_list_get (messages, 2));
  assert_rows (fixture, "D(mm)");

  kith_message_list_remove (messages, kith_message_list_get (messages, 0));
  assert_rows (fixture, "D(m)");

  kith_message_list_remove (messages, kith_message_list_get (messages, 0));
  assert_rows (fixture, "");
}

static void
test_unread_line (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) taken = NULL;
  guint position = 0;

  add (fixture, fixture->ann, NOON_MS, FALSE);
  add (fixture, fixture->ann, NOON_MS + 1, TRUE);
  add (fixture, fixture->ann, NOON_MS + 2, TRUE);
  assert_rows (fixture, "D(m)U(mm)");
  g_assert_true (kith_timeline_get_unread_position (fixture->timeline, &position));
  g_assert_cmpuint (position, ==, 2);

  /* Reading leaves the line; the face takes it away. */
  taken = kith_conversation_take_unread (fixture->conversation, NULL);
  assert_rows (fixture, "D(m)U(mm)");
  kith_conversation_clear_unread_line (fixture->conversation);
  assert_rows (fixture, "D(mmm)");
  g_assert_false (kith_timeline_get_unread_position (fixture->timeline, &position));

  add (fixture, fixture->ann, NOON_MS + DAY_MS, TRUE);
  assert_rows (fixture, "D(mmm)DU(m)");
}

static void
test_day_changed (Fixture *fixture, gconstpointer data)
{
  guint n_notified = 0;

  add (fixture, fixture->ann, NOON_MS, FALSE);
  g_signal_connect_swapped (g_ptr_array_index (fixture->mirror, 0), "notify::message",
                            G_CALLBACK (g_atomic_int_inc), &n_notified);
  kith_timeline_day_changed (fixture->timeline);

  g_assert_cmpuint (n_notified, ==, 1);
}

/* Whatever happens in whatever order: the rows are those of a timeline made from scratch. */
static void
test_random_changes (Fixture *fixture, gconstpointer data)
{
  KithMessageList *messages = kith_conversation_get_messages (fixture->conversation);
  g_autoptr (GRand) random = g_rand_new_with_seed (42);

  for (guint i = 0; i < 200; i++)
    {
      guint n_messages = kith_message_list_get_length (messages);
      gint64 time_ms = NOON_MS + g_rand_int_range (random, 0, 3 * 24 * 60) * MINUTE_MS;
      g_autoptr (KithTimeline) fresh = NULL;
      g_autofree char *expected = NULL;

      switch (g_rand_int_range (random, 0, 6))
        {
        case 0:
          if (n_messages > 0)
            kith_message_list_remove (
                messages, kith_message_list_get (
                              messages, (guint) g_rand_int_range (random, 0, (gint32) n_messages)));
          break;
        case 1:
          g_array_unref (kith_conversation_take_unread (fixture->conversation, NULL));
          kith_conversation_clear_unread_line (fixture->conversation);
          break;
        case 2:
          add (fixture, NULL, time_ms, FALSE);
          break;
        default:
          add (fixture, fixture->ann, time_ms, g_rand_boolean (random));
        }

      fresh = kith_timeline_new (fixture->conversation);
      expected = describe (G_LIST_MODEL (fresh));
      assert_rows (fixture, expected);
    }

  g_array_unref (kith_conversation_take_unread (fixture->conversation, NULL));
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/timeline/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("empty", test_empty);
  ADD ("groups", test_groups);
  ADD ("midnight-parts-a-group", test_midnight_parts_a_group);
  ADD ("append-touches-only-the-end", test_append_touches_only_the_end);
  ADD ("prepend-keeps-the-rest", test_prepend_keeps_the_rest);
  ADD ("insert-between", test_insert_between);
  ADD ("remove", test_remove);
  ADD ("unread-line", test_unread_line);
  ADD ("day-changed", test_day_changed);
  ADD ("random-changes", test_random_changes);
#undef ADD

  return g_test_run ();
}
