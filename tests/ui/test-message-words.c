/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a screen reader says for messages. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "ui/kith-message-words.h"

/* 2024-03-04 12:00 UTC. The tests run in UTC. */
#define NOON_MS (G_GINT64_CONSTANT (1709553600) * 1000)

typedef struct
{
  KithContact *ben; /* (owned) */
} Fixture;

static KithMessage *
make (KithContact *sender, guint8 number, const char *text)
{
  guint8 id[KITH_MESSAGE_ID_BYTES] = { number };

  return kith_message_new (id, sender, number, NOON_MS, text);
}

static void
expect_row (KithMessage *message, const char *expected)
{
  g_autofree char *words = kith_message_words_dup_row (message);

  g_assert_cmpstr (words, ==, expected);
}

static void
expect_news (KithMessage *message, const char *expected)
{
  g_autofree char *words = kith_message_words_dup_news (message);

  g_assert_cmpstr (words, ==, expected);
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  static const guint8 identity[KITH_IDENTITY_BYTES] = { 3 };

  fixture->ben = kith_contact_new (identity, "ben");
  kith_contact_set_name (fixture->ben, "Ben");
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_clear_object (&fixture->ben);
}

static void
test_states (Fixture *fixture, gconstpointer user_data)
{
  static const struct
  {
    KithMessageState state;
    const char *words;
  } cases[] = {
    { KITH_MESSAGE_QUEUED, "You, 12:00, Hello, Waiting to be sent" },
    { KITH_MESSAGE_SENT, "You, 12:00, Hello, Sent" },
    { KITH_MESSAGE_DELIVERED, "You, 12:00, Hello, Delivered" },
    { KITH_MESSAGE_READ, "You, 12:00, Hello, Read" },
  };
  g_autoptr (KithMessage) failed = make (NULL, 9, "Hello");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KithMessage) message = make (NULL, 1, "Hello");

      kith_message_set_state (message, cases[i].state, NOON_MS);
      expect_row (message, cases[i].words);
    }

  kith_message_set_failed (failed, "too-old", "It was too old", NOON_MS);
  expect_row (failed, "You, 12:00, Hello, Not sent: It was too old");
}

static void
test_received (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (KithMessage) message = make (fixture->ben, 1, "Hello *Ann*\nand all");

  expect_row (message, "Ben, 12:00, Hello Ann\nand all");
  expect_news (message, "Ben: Hello Ann and all");

  kith_message_set_mention (message, TRUE);
  expect_row (message, "Ben, mentions you, 12:00, Hello Ann\nand all");
  expect_news (message, "Ben mentions you: Hello Ann and all");

  kith_message_set_text (message, "Changed", NOON_MS + 1);
  kith_message_set_mention (message, FALSE);
  expect_row (message, "Ben, edited 12:00, Changed");
}

static void
test_belongings (Fixture *fixture, gconstpointer user_data)
{
  static const guint8 answered[KITH_MESSAGE_ID_BYTES] = { 7 };
  g_autoptr (KithMessage) message = make (fixture->ben, 1, "Yes");

  kith_message_set_reply_to (message, answered);
  expect_row (message, "Ben, 12:00, Yes. Answers a message that is not on this computer");
  kith_message_set_quote (message, KITH_QUOTE_FOUND, NULL, "Shall *we*\ngo?");
  expect_row (message, "Ben, 12:00, Yes. Answers You: Shall we go?");
  kith_message_set_quote (message, KITH_QUOTE_DELETED, NULL, NULL);
  expect_row (message, "Ben, 12:00, Yes. Answers a message that was deleted");

  kith_message_set_reaction (message, fixture->ben, "👍");
  kith_message_set_reaction (message, NULL, "👍");
  expect_row (message, "Ben, 12:00, Yes. Answers a message that was deleted. 👍 from You, Ben");

  kith_message_set_deleted (message);
  expect_row (message, "Ben, 12:00, This message was deleted");
}

static void
test_acts (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (KithMessage) own = make (NULL, 1, "Shall *we*\ngo?");
  g_autoptr (KithMessage) theirs = make (fixture->ben, 2, "Hello\n*all*");
  g_autofree char *reaction = kith_message_words_dup_reaction (own, fixture->ben, "👍");
  g_autofree char *edit = kith_message_words_dup_edit (theirs, fixture->ben);

  g_assert_cmpstr (reaction, ==, "Ben reacted with 👍 to: Shall we go?");
  g_assert_cmpstr (edit, ==, "Ben edited: Hello all");
}

/* What is announced is short, whatever was sent. */
static void
test_long (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *text = g_strnfill (16000, 'x');
  g_autoptr (KithMessage) message = make (fixture->ben, 1, text);
  g_autofree char *words = kith_message_words_dup_news (message);

  g_assert_true (g_str_has_prefix (words, "Ben: xxx"));
  g_assert_cmpuint (strlen (words), <, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());

  g_test_add ("/message-words/states", Fixture, NULL, set_up, test_states, tear_down);
  g_test_add ("/message-words/received", Fixture, NULL, set_up, test_received, tear_down);
  g_test_add ("/message-words/belongings", Fixture, NULL, set_up, test_belongings, tear_down);
  g_test_add ("/message-words/acts", Fixture, NULL, set_up, test_acts, tear_down);
  g_test_add ("/message-words/long", Fixture, NULL, set_up, test_long, tear_down);

  return g_test_run ();
}
