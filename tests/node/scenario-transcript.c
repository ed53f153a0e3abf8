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
#include "kith-test-folder.h"
#include "kith-test-refuse.h"
#include "node/kith-node-history.h"

#define PAGE 500 /* so many messages at a time */

/* Ann and Ben, who are contacts, and where she puts what they have written. */
typedef struct
{
  TestPerson *ann;    /* (owned) */
  TestPerson *ben;    /* (owned) */
  char       *folder; /* (owned): empty before and after */
  char       *path;   /* (owned) */
  GFile      *file;   /* (owned): of that path */
} Fixture;

static void
set_up_with (Fixture *self, const char *name)
{
  self->ann = test_person_new ("Ann");
  self->ben = test_person_new (name);
  self->folder = g_dir_make_tmp ("kith-history-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "talk.txt", NULL);
  self->file = g_file_new_for_path (self->path);
  test_befriend (self->ann, self->ben);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  set_up_with (self, "Ben");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  test_person_free (self->ann);
  test_person_free (self->ben);
  g_object_unref (self->file);
  g_free (self->path);
  g_free (self->folder);
}

static void
send_many (Fixture *self, guint n)
{
  for (guint i = 0; i < n; i++)
    g_object_unref (test_person_send (self->ann, self->ben, "text"));
}

static void
begin (Fixture *self, KithProgressFunc progress, gpointer progress_data, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer user_data)
{
  kith_node_write_transcript_async (self->ann->node, test_person_conversation (self->ann, self->ben), self->file,
                                    KITH_TRANSCRIPT_TEXT, progress, progress_data, cancellable, callback, user_data);
}

static gboolean
finish_whole (KithNode *node, GAsyncResult *result, GError **error)
{
  gboolean is_incomplete;
  gboolean is_done = kith_node_write_transcript_finish (node, result, &is_incomplete, error);

  g_assert_false (is_incomplete);
  return is_done;
}

static void
write_well (Fixture *self, KithProgressFunc progress, gpointer progress_data)
{
  GAsyncResult *written = NULL;

  begin (self, progress, progress_data, NULL, test_result_cb, &written);
  test_finish_well (self->ann, &written, finish_whole);
}

/* (transfer full): what stood in the file, which is removed */
static char *
write_transcript (Fixture *self, KithTranscriptFormat format)
{
  GAsyncResult *written = NULL;
  char *text = NULL;

  kith_node_write_transcript_async (self->ann->node, test_person_conversation (self->ann, self->ben), self->file,
                                    format, NULL, NULL, NULL, test_result_cb, &written);
  test_finish_well (self->ann, &written, finish_whole);
  g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
  g_assert_cmpint (g_unlink (self->path), ==, 0);
  return text;
}

static void
assert_has_text (Fixture *self)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "Ann: text\n"));
}

/* --- What is in it -------------------------------------------------------------------------- */

/* From Ben, as the message with this number; what it says is there already. */
static void
add_row (Fixture *self, KithStoreBatch *batch, KithStoreMessage *row, guint number)
{
  KithContact *ben = test_person_contact (self->ann, self->ben);

  memcpy (row->identity, kith_contact_get_identity (ben), sizeof row->identity);
  row->id[0] = (guint8) number;
  row->hlc = number;
  row->time_ms = number;
  row->seq = 10 * number;
  row->state = KITH_MESSAGE_RECEIVED;
  kith_store_batch_add_message (batch, row);
}

/* @batch: (transfer full) */
static void
commit (Fixture *self, KithStoreBatch *batch)
{
  g_autoptr (GAsyncResult) committed = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_commit_async (self->ann->store, batch, NULL, test_result_cb, &committed);
  kith_store_commit_finish (self->ann->store, test_await (&committed), &error);
  g_assert_no_error (error);
}

/* What is missing, was deleted or is no text has words of its own, and a setting none. */
static void
test_transcript_of_what_is_not_there (Fixture *self, gconstpointer data)
{
  static const struct
  {
    KithStoreKind kind;
    guint         n_missing;
    const char   *text;
  } rows[] = {
    { KITH_STORE_KIND_TEXT, 0, "first" },
    { KITH_STORE_KIND_TEXT, 0, "taken back" },
    { KITH_STORE_KIND_MISSING, 3, "" },
    { KITH_STORE_KIND_TIMER, 0, "" },
    { KITH_STORE_KIND_TEXT, 0, "last" },
  };
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreChange change = { .deletion = KITH_STORE_DELETED };

  memcpy (change.identity, kith_contact_get_identity (test_person_contact (self->ann, self->ben)),
          sizeof change.identity);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      KithStoreMessage row = { .kind = rows[i].kind, .n_missing = rows[i].n_missing, .text = (char *) rows[i].text };

      add_row (self, batch, &row, i + 1);
      if (g_str_equal (rows[i].text, "taken back"))
        memcpy (change.id, row.id, sizeof change.id);
    }
  kith_store_batch_delete_message (batch, &change);
  commit (self, batch);

  text = write_transcript (self, KITH_TRANSCRIPT_TEXT);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "  Ben: first\n"));
  g_assert_nonnull (strstr (text, "  Ben: This message was deleted\n"));
  g_assert_nonnull (strstr (text, "  3 messages are missing\n"));
  g_assert_nonnull (strstr (text, "  Ben: last\n"));
  g_assert_null (strstr (text, "Ben: \n"));
  html = write_transcript (self, KITH_TRANSCRIPT_HTML);
  g_assert_nonnull (strstr (html, "<em>This message was deleted</em>"));
  g_assert_nonnull (strstr (html, "<em>3 messages are missing</em>"));
  g_assert_null (strstr (html, "<p dir=\"auto\"></p>"));
}

#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"
#define RLO "\xe2\x80\xae"
#define ALEF "\xd7\x90"

static void
set_up_right_to_left (Fixture *self, gconstpointer data)
{
  set_up_with (self, ALEF);
}

/* Nobody can write what looks like a message of somebody else there, or what does something to a terminal. */
static void
test_transcript_cannot_be_forged (Fixture *self, gconstpointer data)
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
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;
  KithStoreBatch *batch = kith_store_batch_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      KithStoreTransfer offered = { .size = 1, .name = (char *) rows[i].text, .state = 1 };
      KithStoreMessage row = { .text = (char *) rows[i].text };

      if (rows[i].is_file)
        {
          row.text = (char *) "";
          row.file = &offered;
        }
      add_row (self, batch, &row, i + 1);
    }
  commit (self, batch);

  text = write_transcript (self, KITH_TRANSCRIPT_TEXT);
  html = write_transcript (self, KITH_TRANSCRIPT_HTML);
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
}

/* --- What is there before it is whole ------------------------------------------------------- */

static void
cancel_cb (double fraction, gpointer user_data)
{
  g_cancellable_cancel (user_data);
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
  look->n_most = MAX (look->n_most, test_count_files (look->folder));
  look->n_parts = MAX (look->n_parts, count_parts (look->folder));
}

static gboolean
has_unnamed (Fixture *self)
{
  int probe = kith_unnamed_file_open (self->path);

  if (probe >= 0)
    close (probe);
  else
    g_test_skip ("The file system has no files without a name");
  return probe >= 0;
}

/* While it is written there is nothing that a killed program would leave behind; then it takes the place of
 * what was there, with nothing beside it. */
static void
test_transcript_has_no_name_before_its_end (Fixture *self, gconstpointer data)
{
  if (!has_unnamed (self))
    return;

  send_many (self, PAGE + 1);
  for (guint i = 0; i < 2; i++)
    {
      Look look = { .folder = self->folder };

      write_well (self, look_cb, &look);
      g_assert_cmpuint (look.n_calls, >, 1);
      g_assert_cmpuint (look.n_most, ==, i); /* what was there before */
      g_assert_cmpuint (test_count_files (self->folder), ==, 1);
      assert_has_text (self);
    }
  g_assert_cmpint (g_unlink (self->path), ==, 0);
}

/* Where every file has a name it has one that nobody takes for a transcript; what a killed program left is removed. */
static void
test_transcript_has_another_name (Fixture *self, gconstpointer data)
{
  g_autofree char *stale = g_build_filename (self->folder, "kith-abcdefghijkl" KITH_PART_FILE_SUFFIX, NULL);
  g_autofree char *other = g_build_filename (self->folder, "kith-abc" KITH_PART_FILE_SUFFIX, NULL);
  Look look = { .folder = self->folder };

  send_many (self, PAGE + 1);
  g_assert_true (g_file_set_contents (stale, "a piece of a conversation", -1, NULL));
  g_assert_true (g_file_set_contents (other, "somebody else's", -1, NULL));

  kith_test_refuse_unnamed (TRUE);
  write_well (self, look_cb, &look);
  kith_test_refuse_unnamed (FALSE);
  g_assert_cmpuint (look.n_calls, >, 1);
  g_assert_cmpuint (look.n_most, ==, 2);
  g_assert_cmpuint (look.n_parts, ==, 2); /* also that which only looks like one of ours */
  assert_has_text (self);
  g_assert_cmpint (g_unlink (self->path), ==, 0);
  g_assert_cmpint (g_unlink (other), ==, 0);
}

/* Given up, it leaves the file that was there, and none where none was.
 * @data: whether there are no files without a name */
static void
test_transcript_is_given_up (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  kith_test_refuse_unnamed (data != NULL);
  send_many (self, 2 * PAGE + 1);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) written = NULL;
      g_autoptr (GError) error = NULL;

      begin (self, cancel_cb, cancellable, cancellable, test_result_cb, &written);
      g_assert_false (kith_node_write_transcript_finish (self->ann->node, test_await (&written), NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      if (i == 0)
        {
          g_assert_false (g_file_query_exists (self->file, NULL));
          g_assert_true (g_file_set_contents (self->path, "older", -1, NULL));
        }
    }
  kith_test_refuse_unnamed (FALSE);
  g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "older");
  g_assert_cmpint (g_unlink (self->path), ==, 0);
}

static void
not_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_false (kith_node_write_transcript_finish (KITH_NODE (source), result, NULL, user_data));
}

/* Who closes the profile waits for the end of it, and nothing of it is left by then. */
static void
test_transcript_ends_with_the_node (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  send_many (self, 1);
  begin (self, NULL, NULL, NULL, not_written_cb, &error);
  test_person_stop (self->ann);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_LOCKED);
  g_assert_cmpuint (test_count_files (self->folder), ==, 0);
}

/* Nor does a disk that hangs keep it from being closed; what it does once it answers is undone behind that. */
static void
test_transcript_on_a_hung_disk (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n_links = kith_test_count_links ();

  if (!has_unnamed (self))
    return;

  send_many (self, 1);
  kith_test_hold_links (TRUE);
  begin (self, NULL, NULL, NULL, not_written_cb, &error);
  test_wait_for (kith_test_count_held () > 0);
  test_person_stop (self->ann);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_LOCKED);
  g_assert_cmpuint (kith_test_count_held (), >, 0);

  kith_test_hold_links (FALSE);
  test_wait_for (kith_test_count_links () > n_links && !g_file_query_exists (self->file, NULL));
}

#define ADD(path, data, set_up, func) g_test_add ("/transcript/" path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  ADD ("of-what-is-not-there", NULL, set_up, test_transcript_of_what_is_not_there);
  ADD ("cannot-be-forged", NULL, set_up_right_to_left, test_transcript_cannot_be_forged);
  ADD ("has-no-name-before-its-end", NULL, set_up, test_transcript_has_no_name_before_its_end);
  ADD ("has-another-name", NULL, set_up, test_transcript_has_another_name);
  ADD ("is-given-up", NULL, set_up, test_transcript_is_given_up);
  ADD ("named-is-given-up", GUINT_TO_POINTER (1), set_up, test_transcript_is_given_up);
  ADD ("ends-with-the-node", NULL, set_up, test_transcript_ends_with_the_node);
  ADD ("on-a-hung-disk", NULL, set_up, test_transcript_on_a_hung_disk);
  return g_test_run ();
}
