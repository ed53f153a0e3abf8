/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two people keep of each other: numbers and receipts over a removal, windows over what is
 * stored while more arrives, and what somebody who is blocked leaves behind. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "base/kith-part-file.h"
#include "base/kith-unnamed-file.h"
#include "kith-test-acts.h"
#include "kith-test-refuse.h"
#include "node/kith-node-history.h"

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

/* --- Transcripts ----------------------------------------------------------------------------- */

static char *
write_transcript (TestPerson *self, TestPerson *other, GFile *file, KithTranscriptFormat format)
{
  g_autoptr (GAsyncResult) written = NULL;
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  kith_node_write_transcript_async (self->node, test_person_conversation (self, other), file, format, NULL, NULL,
                                    NULL, test_result_cb, &written);
  kith_node_write_transcript_finish (self->node, test_await (&written), &error);
  g_assert_no_error (error);
  g_assert_true (g_file_load_contents (file, NULL, &text, NULL, NULL, &error));
  g_assert_cmpint (g_unlink (g_file_peek_path (file)), ==, 0);
  return text;
}

/* What is missing, was deleted or is no text has words of its own, and a setting none. */
static void
test_transcript_of_what_is_not_there (void)
{
  static const struct
  {
    KithStoreKind kind;
    guint         n_missing;
    const char   *reason;
    const char   *text;
  } rows[] = {
    { KITH_STORE_KIND_TEXT, 0, NULL, "first" },
    { KITH_STORE_KIND_TEXT, 0, NULL, "taken back" },
    { KITH_STORE_KIND_MISSING, 3, NULL, "" },
    { KITH_STORE_KIND_TIMER, 0, NULL, "" },
    { KITH_STORE_KIND_TEXT, 0, NULL, "last" },
  };
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autofree char *folder = g_dir_make_tmp ("kith-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "talk.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) committed = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreChange change = { .deletion = KITH_STORE_DELETED };
  KithPeer *peer;

  test_befriend (ann, ben);
  peer = kith_node_lookup_peer (ann->node, kith_contact_get_identity (test_person_contact (ann, ben)));
  memcpy (change.identity, peer->row->identity, sizeof change.identity);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      KithStoreMessage row = { .hlc = i + 1, .seq = 10 * (i + 1), .time_ms = i + 1,
                               .state = KITH_MESSAGE_RECEIVED, .kind = rows[i].kind,
                               .n_missing = rows[i].n_missing, .text = (char *) rows[i].text };

      memcpy (row.identity, peer->row->identity, sizeof row.identity);
      row.id[0] = (guint8) (i + 1);
      kith_store_batch_add_message (batch, &row);
      if (g_str_equal (rows[i].text, "taken back"))
        memcpy (change.id, row.id, sizeof change.id);
    }
  kith_store_batch_delete_message (batch, &change);
  kith_store_commit_async (ann->store, batch, NULL, test_result_cb, &committed);
  kith_store_commit_finish (ann->store, test_await (&committed), &error);
  g_assert_no_error (error);

  text = write_transcript (ann, ben, file, KITH_TRANSCRIPT_TEXT);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "  Ben: first\n"));
  g_assert_nonnull (strstr (text, "  Ben: This message was deleted\n"));
  g_assert_nonnull (strstr (text, "  3 messages are missing\n"));
  g_assert_nonnull (strstr (text, "  Ben: last\n"));
  g_assert_null (strstr (text, "Ben: \n"));
  html = write_transcript (ann, ben, file, KITH_TRANSCRIPT_HTML);
  g_assert_nonnull (strstr (html, "<em>This message was deleted</em>"));
  g_assert_nonnull (strstr (html, "<em>3 messages are missing</em>"));
  g_assert_null (strstr (html, "<p dir=\"auto\"></p>"));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"
#define RLO "\xe2\x80\xae"
#define ALEF "\xd7\x90"

/* Nobody can write what looks like a message of somebody else there, or what does something to a terminal. */
static void
test_transcript_cannot_be_forged (void)
{
  static const struct
  {
    const char *text;
    const char *safe; /* %s: a line break */
    gboolean    is_file;
  } rows[] = {
    { "1\nforged", "1%sforged" },
    { "2\rforged", "2%sforged" },
    { "3\r\nforged", "3%sforged" },
    { "4\vforged", "4%sforged" },
    { "5\fforged", "5%sforged" },
    { "6\xc2\x85" "forged", "6%sforged" },
    { "7\xe2\x80\xa8" "forged", "7%sforged" },
    { "8\xe2\x80\xa9" "forged", "8%sforged" },
    { "9\x1b[2J\a\x7f\xc2\x9b" "1m", "9\xe2\x90\x9b[2J\xe2\x90\x87\xef\xbf\xbd\xef\xbf\xbd" "1m" },
    { "10" RLO "x", FSI "10" RLO "x" PDI },
    { "11" PDI "x\n" FSI ALEF, "11x%s" FSI FSI ALEF PDI PDI },
    { "12" ALEF "\nx", FSI "12" ALEF PDI "%sx" },
    { "13\nforged.png", "13%sforged.png", TRUE },
    { "14" RLO "gnp.exe", FSI "14" RLO "gnp.exe" PDI, TRUE },
  };
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new (ALEF);
  g_autofree char *folder = g_dir_make_tmp ("kith-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "talk.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) committed = NULL;
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;
  KithStoreBatch *batch = kith_store_batch_new ();
  KithPeer *peer;

  test_befriend (ann, ben);
  peer = kith_node_lookup_peer (ann->node, kith_contact_get_identity (test_person_contact (ann, ben)));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      KithStoreTransfer offered = { .size = 1, .name = (char *) rows[i].text, .state = 1 };
      KithStoreMessage row = { .hlc = i + 1, .seq = 10 * (i + 1), .time_ms = i + 1,
                               .state = KITH_MESSAGE_RECEIVED, .text = (char *) rows[i].text };

      if (rows[i].is_file)
        {
          row.text = (char *) "";
          row.file = &offered;
        }
      memcpy (row.identity, peer->row->identity, sizeof row.identity);
      row.id[0] = (guint8) (i + 1);
      kith_store_batch_add_message (batch, &row);
    }
  kith_store_commit_async (ann->store, batch, NULL, test_result_cb, &committed);
  g_assert_true (kith_store_commit_finish (ann->store, test_await (&committed), NULL));

  text = write_transcript (ann, ben, file, KITH_TRANSCRIPT_TEXT);
  html = write_transcript (ann, ben, file, KITH_TRANSCRIPT_HTML);
  g_test_message ("%s", text);
  g_assert_true (g_str_has_prefix (text, "Conversation with " FSI ALEF PDI ", "));
  g_assert_nonnull (strstr (html, "<h1 dir=\"auto\">Conversation with " FSI ALEF PDI ", "));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GStrv) parts = g_strsplit (rows[i].safe, "%s", -1);
      g_autofree char *in_text = g_strjoinv ("\n    ", parts);
      g_autofree char *in_html = g_strjoinv ("\n", parts);
      g_autofree char *line = g_strdup_printf ("  " FSI ALEF PDI ": %s\n", in_text);
      g_autofree char *article = g_strdup_printf ("<p dir=\"auto\">%s</p></article>", in_html);

      g_assert_nonnull (strstr (text, line));
      g_assert_nonnull (strstr (html, article));
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
cancel_cb (double fraction, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

typedef struct
{
  const char *folder;
  guint       n_calls;
  guint       n_most;  /* files that were seen in it at once */
  guint       n_parts; /* of them, those that the next one would remove */
} Look;

static guint
count_parts (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, KITH_PART_FILE_SUFFIX);
  return n;
}

static void
look_cb (double fraction, gpointer user_data)
{
  Look *look = user_data;

  look->n_calls++;
  look->n_most = MAX (look->n_most, count_files (look->folder));
  look->n_parts = MAX (look->n_parts, count_parts (look->folder));
}

/* While it is written there is nothing that a killed program would leave behind; then it takes the place of
 * what was there, with nothing beside it. */
static void
test_transcript_has_no_name_before_its_end (void)
{
  const guint n = 501;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autofree char *folder = g_dir_make_tmp ("kith-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "talk.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  int probe = kith_unnamed_file_open (path);

  if (probe < 0)
    {
      g_test_skip ("The file system has no files without a name");
      g_rmdir (folder);
      return;
    }

  close (probe);
  test_befriend (ann, ben);
  for (guint i = 1; i <= n; i++)
    g_object_unref (test_person_send (ann, ben, "text"));

  for (guint i = 0; i < 2; i++)
    {
      Look look = { .folder = folder };
      g_autoptr (GAsyncResult) written = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      kith_node_write_transcript_async (ann->node, test_person_conversation (ann, ben), file,
                                        KITH_TRANSCRIPT_TEXT, look_cb, &look, NULL, test_result_cb, &written);
      kith_node_write_transcript_finish (ann->node, test_await (&written), &error);
      g_assert_no_error (error);
      g_assert_cmpuint (look.n_calls, >, 1);
      g_assert_cmpuint (look.n_most, ==, i); /* what was there before */
      g_assert_cmpuint (count_files (folder), ==, 1);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_nonnull (strstr (text, "Ann: text\n"));
    }
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Where every file has a name it has one that nobody takes for a transcript; what a killed program left is removed. */
static void
test_transcript_has_another_name (void)
{
  const guint n = 501;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autofree char *folder = g_dir_make_tmp ("kith-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "talk.txt", NULL);
  g_autofree char *stale = g_build_filename (folder, "kith-abcdefghijkl" KITH_PART_FILE_SUFFIX, NULL);
  g_autofree char *other = g_build_filename (folder, "kith-abc" KITH_PART_FILE_SUFFIX, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) written = NULL;
  g_autoptr (GError) error = NULL;
  Look look = { .folder = folder };

  test_befriend (ann, ben);
  for (guint i = 1; i <= n; i++)
    g_object_unref (test_person_send (ann, ben, "text"));
  g_assert_true (g_file_set_contents (stale, "a piece of a conversation", -1, NULL));
  g_assert_true (g_file_set_contents (other, "somebody else's", -1, NULL));

  kith_test_refuse_unnamed (TRUE);
  kith_node_write_transcript_async (ann->node, test_person_conversation (ann, ben), file, KITH_TRANSCRIPT_TEXT,
                                    look_cb, &look, NULL, test_result_cb, &written);
  kith_node_write_transcript_finish (ann->node, test_await (&written), &error);
  kith_test_refuse_unnamed (FALSE);
  g_assert_no_error (error);
  g_assert_cmpuint (look.n_calls, >, 1);
  g_assert_cmpuint (look.n_most, ==, 2);
  g_assert_cmpuint (look.n_parts, ==, 2); /* also that which only looks like one of ours */
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "Ann: text\n"));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_unlink (other), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Given up, it leaves the file that was there, and none where none was.
 * @data: whether there are no files without a name */
static void
test_transcript_is_given_up (gconstpointer data)
{
  const guint n = 2 * 500 + 1; /* so that it takes several pages */
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autofree char *folder = g_dir_make_tmp ("kith-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "talk.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *text = NULL;

  kith_test_refuse_unnamed (data != NULL);
  test_befriend (ann, ben);
  for (guint i = 1; i <= n; i++)
    {
      g_autoptr (GAsyncResult) sent = NULL;

      kith_node_send_async (ann->node, test_person_conversation (ann, ben), "text", NULL,
                            test_result_cb, &sent);
      test_await (&sent);
    }

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) written = NULL;
      g_autoptr (GError) error = NULL;

      kith_node_write_transcript_async (ann->node, test_person_conversation (ann, ben), file,
                                        KITH_TRANSCRIPT_TEXT, cancel_cb, cancellable, cancellable,
                                        test_result_cb, &written);
      g_assert_false (kith_node_write_transcript_finish (ann->node, test_await (&written), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      if (i == 0)
        {
          g_assert_false (g_file_query_exists (file, NULL));
          g_assert_true (g_file_set_contents (path, "older", -1, NULL));
        }
    }
  kith_test_refuse_unnamed (FALSE);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "older");
  g_assert_true (g_file_delete (file, NULL, NULL));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
not_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_false (kith_node_write_transcript_finish (KITH_NODE (source), result, user_data));
}

/* Who closes the profile waits for the end of it, and nothing of it is left by then. */
static void
test_transcript_ends_with_the_node (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autofree char *folder = g_dir_make_tmp ("kith-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "talk.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  test_befriend (ann, ben);
  g_object_unref (test_person_send (ann, ben, "text"));
  kith_node_write_transcript_async (ann->node, test_person_conversation (ann, ben), file, KITH_TRANSCRIPT_TEXT, NULL,
                                    NULL, NULL, not_written_cb, &error);
  test_person_stop (ann);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_LOCKED);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
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
block (TestPerson *self, TestPerson *other)
{
  g_autoptr (GAsyncResult) blocked = NULL;

  kith_node_set_blocked_async (self->node, test_person_contact (self, other), TRUE, NULL,
                               test_result_cb, &blocked);
  g_assert_true (kith_node_set_blocked_finish (self->node, test_await (&blocked), NULL));
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
  block (ann, ben);
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
  block (ann, ben);
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
  g_test_add_func ("/history/transcript-of-what-is-not-there", test_transcript_of_what_is_not_there);
  g_test_add_func ("/history/transcript-cannot-be-forged", test_transcript_cannot_be_forged);
  g_test_add_func ("/history/transcript-has-no-name-before-its-end", test_transcript_has_no_name_before_its_end);
  g_test_add_func ("/history/transcript-has-another-name", test_transcript_has_another_name);
  g_test_add_data_func ("/history/transcript-is-given-up", NULL, test_transcript_is_given_up);
  g_test_add_data_func ("/history/named-transcript-is-given-up", GUINT_TO_POINTER (1), test_transcript_is_given_up);
  g_test_add_func ("/history/transcript-ends-with-the-node", test_transcript_ends_with_the_node);
  g_test_add_func ("/history/flood", test_flood);
  g_test_add_func ("/history/blocked-leave-nothing", test_blocked_leave_nothing);
  g_test_add_func ("/history/blocked-take-no-room", test_blocked_take_no_room);
  return g_test_run ();
}
