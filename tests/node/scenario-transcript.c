/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A conversation that is written out for reading: what is in it, and that nothing half is ever there. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-part-file.h"
#include "base/kith-unnamed-file.h"
#include "kith-test-acts.h"
#include "kith-test-refuse.h"
#include "node/kith-node-history.h"

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

/* Nor does a disk that hangs keep it from being closed; what it does once it answers is undone behind that. */
static void
test_transcript_on_a_hung_disk (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autofree char *folder = g_dir_make_tmp ("kith-history-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "talk.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  guint n_links = kith_test_count_links ();
  int probe = kith_unnamed_file_open (path);

  if (probe < 0)
    {
      g_assert_cmpint (g_rmdir (folder), ==, 0);
      g_test_skip ("There are no files without a name here");
      return;
    }

  close (probe);
  test_befriend (ann, ben);
  g_object_unref (test_person_send (ann, ben, "text"));
  kith_test_hold_links (TRUE);
  kith_node_write_transcript_async (ann->node, test_person_conversation (ann, ben), file, KITH_TRANSCRIPT_TEXT, NULL,
                                    NULL, NULL, not_written_cb, &error);
  test_wait_for (kith_test_count_held () > 0);
  test_person_stop (ann);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_LOCKED);
  g_assert_cmpuint (kith_test_count_held (), >, 0);

  kith_test_hold_links (FALSE);
  test_wait_for (kith_test_count_links () > n_links && !g_file_query_exists (file, NULL));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transcript/of-what-is-not-there", test_transcript_of_what_is_not_there);
  g_test_add_func ("/transcript/cannot-be-forged", test_transcript_cannot_be_forged);
  g_test_add_func ("/transcript/has-no-name-before-its-end", test_transcript_has_no_name_before_its_end);
  g_test_add_func ("/transcript/has-another-name", test_transcript_has_another_name);
  g_test_add_data_func ("/transcript/is-given-up", NULL, test_transcript_is_given_up);
  g_test_add_data_func ("/transcript/named-is-given-up", GUINT_TO_POINTER (1), test_transcript_is_given_up);
  g_test_add_func ("/transcript/ends-with-the-node", test_transcript_ends_with_the_node);
  g_test_add_func ("/transcript/on-a-hung-disk", test_transcript_on_a_hung_disk);
  return g_test_run ();
}
