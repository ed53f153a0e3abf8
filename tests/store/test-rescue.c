/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database that cannot be opened any more: what can be read goes into a backup, and nothing of it is changed. With
 * KITH_TEST_LONG=1 each page is damaged in its turn, else some of them. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-damaged.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-backup-tables.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"
#include "store/kith-page-cipher.h"

#define MESSAGES KITH_TEST_DAMAGED_MESSAGES
#define PEOPLE KITH_TEST_DAMAGED_PEOPLE
#define PAGE_PEOPLE 30

static const KithTestDamage schema = { "'sqlite_schema'", "leaf", 2, 0 };
static const KithTestDamage schema_first = { "'sqlite_schema'", "leaf", 0, 0 };
static const KithTestDamage schema_many = { "'sqlite_schema'", "leaf", 0, 2 };
static const KithTestDamage schema_root = { "'sqlite_schema'", "internal", 0, 0 };
static const KithTestDamage index_pages
  = { "'message_order','message_id','message_unread','sqlite_autoindex_conversation_1','sqlite_autoindex_chat_group_1',"
      "'message_waiting','broadcast_order'", "leaf", 0, 1 };
static const KithTestDamage contacts = { "'contact'", "leaf", 0, 0 };
static const KithTestDamage conversations = { "'conversation'", "leaf", 0, 0 };
static const KithTestDamage settings = { "'setting'", "leaf", 0, 0 };
static const KithTestDamage groups = { "'chat_group'", "leaf", 0, 0 };
static const KithTestDamage profile = { "'profile'", "leaf", 0, 0 };
static const KithTestDamage messages = { "'message'", "leaf", 3, 5 };

/* --- Rescuing -------------------------------------------------------------------------------- */

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* As text, what is in the folder beside the backup. (transfer full) */
static char *
dup_state (KithTestDamaged *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      g_autoptr (GByteArray) bytes = NULL;
      g_autofree char *sum = NULL;

      if (g_str_equal (name, "backup"))
        continue;

      bytes = kith_test_read_file (path);
      sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
      g_ptr_array_add (lines, g_strconcat (name, " ", sum, NULL));
    }
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static gboolean
rescue (KithTestDamaged *self, gboolean *is_incomplete, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) closed = NULL;
  g_autofree char *before = dup_state (self);
  g_autofree char *after = NULL;
  g_autoptr (KithStore) store = kith_store_open_to_rescue (self->path, self->key, error);
  gboolean is_done = FALSE;

  if (store != NULL)
    {
      kith_store_export_async (store, self->file, self->passphrase, NULL, NULL, NULL, kith_test_result_cb, &result);
      is_done = kith_store_export_finish (store, kith_test_await (&result), is_incomplete, error);
      kith_store_close_async (store, kith_test_result_cb, &closed);
      g_assert_true (kith_store_close_finish (store, kith_test_await (&closed), NULL));
    }

  after = dup_state (self);
  g_assert_cmpstr (after, ==, before);
  return is_done;
}

/* (transfer full): what came of it */
static KithDatabase *
rescue_well (KithTestDamaged *self, gboolean expects_all)
{
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = FALSE;

  rescue (self, &is_incomplete, &error);
  g_assert_no_error (error);
  g_assert_cmpint (is_incomplete, ==, !expects_all);
  return kith_test_damaged_restore (self);
}

static void
assert_cannot_be_opened (KithTestDamaged *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kith_database_open (self->path, self->key, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  /* A log may have been kept by that. */
  g_clear_error (&error);
}

static void
assert_all (KithDatabase *database)
{
  g_assert_cmpint (kith_test_damaged_count (database, "profile"), ==, 1);
  g_assert_cmpint (kith_test_damaged_count (database, "setting WHERE key = '" KITH_BACKUP_RESCUED "'"), ==, 0);
  g_assert_cmpint (kith_test_damaged_count (database, "contact"), ==, PEOPLE);
  g_assert_cmpint (kith_test_damaged_count (database, "conversation"), ==, PEOPLE + 1);
  g_assert_cmpint (kith_test_damaged_count (database, "chat_group"), ==, 1);
  g_assert_cmpint (kith_test_damaged_count (database, "message"), ==, MESSAGES);
  g_assert_cmpint (kith_test_damaged_count (database, "group_entry"), ==, KITH_TEST_DAMAGED_ENTRIES);
  g_assert_cmpint (kith_test_damaged_count (database, "transfer_content"), ==, 3 * MESSAGES / 4);
}

/* --- Where ----------------------------------------------------------------------------------- */

static void
test_nothing (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database = rescue_well (self, TRUE);

  assert_all (database);
  g_assert_true (kith_database_close (database, NULL));
}

/* The first page is known by all the others: nothing is lost. */
static void
test_first_page (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database;

  kith_test_damaged_pages (self, data);
  assert_cannot_be_opened (self);
  database = rescue_well (self, TRUE);
  assert_all (database);
  g_assert_true (kith_database_close (database, NULL));
}

/* Nor by an index: rows are found without one, but for those that were sent to several. */
static void
test_index (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database;

  kith_test_damaged_pages (self, data);
  database = rescue_well (self, FALSE);
  assert_all (database);
  g_assert_true (kith_database_close (database, NULL));
}

/* Where the tables are is known from a new database. */
static void
test_schema (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database;

  kith_test_damaged_pages (self, data);
  assert_cannot_be_opened (self);
  database = rescue_well (self, TRUE);
  assert_all (database);
  g_assert_true (kith_database_close (database, NULL));
}

/* But not of one that is not like that: those tables are lost, with what belongs to them. */
static void
test_other_schema (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database = kith_test_damaged_open (self, self->path);

  g_assert_true (kith_database_exec (database, "CREATE TABLE other (a, b, c)", NULL));
  g_assert_true (kith_database_close (database, NULL));
  kith_test_damaged_pages (self, data);
  assert_cannot_be_opened (self);
  database = rescue_well (self, FALSE);
  g_assert_cmpint (kith_test_damaged_count (database, "profile"), ==, 1);
  g_assert_cmpint (kith_test_damaged_count (database, "contact"), ==, PEOPLE);
  g_assert_cmpint (kith_test_damaged_count (database, "message"), ==, MESSAGES);
  g_assert_true (kith_database_close (database, NULL));
}

/* People whose page is gone are there as somebody who was removed, with what they wrote. */
static void
test_contacts (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database;
  gint64 n_lost;

  kith_test_damaged_pages (self, data);
  database = rescue_well (self, FALSE);
  n_lost = kith_test_damaged_count (database, "contact WHERE relation = 3");
  g_assert_cmpint (n_lost, >, 0);
  g_assert_cmpint (n_lost, <=, PAGE_PEOPLE);
  assert_all (database);
  g_assert_true (kith_database_close (database, NULL));
}

/* Messages that belong to nobody are not restored; all else is. */
static void
test_conversations (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database;

  kith_test_damaged_pages (self, data);
  database = rescue_well (self, FALSE);
  g_assert_cmpint (kith_test_damaged_count (database, "contact"), ==, PEOPLE);
  g_assert_cmpint (kith_test_damaged_count (database, "message WHERE conversation NOT IN (SELECT id FROM conversation)"),
                   ==, 0);
  g_assert_cmpint (kith_test_damaged_count (database, "group_entry"), ==, KITH_TEST_DAMAGED_ENTRIES);
  g_assert_true (kith_database_close (database, NULL));
}

static void
test_settings (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database;

  kith_test_damaged_pages (self, data);
  database = rescue_well (self, FALSE);
  assert_all (database);
  g_assert_true (kith_database_close (database, NULL));
}

/* A group that is not known any more takes what belongs to it along, and nothing else. */
static void
test_groups (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database;

  kith_test_damaged_pages (self, data);
  database = rescue_well (self, FALSE);
  g_assert_cmpint (kith_test_damaged_count (database, "chat_group"), ==, 0);
  g_assert_cmpint (kith_test_damaged_count (database, "group_entry"), ==, 0);
  g_assert_cmpint (kith_test_damaged_count (database, "contact"), ==, PEOPLE);
  g_assert_cmpint (kith_test_damaged_count (database, "message"), ==, MESSAGES);
  g_assert_true (kith_database_close (database, NULL));
}

static void
test_messages (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database;

  kith_test_damaged_pages (self, data);
  database = rescue_well (self, FALSE);
  g_assert_cmpint (kith_test_damaged_count (database, "contact"), ==, PEOPLE);
  g_assert_cmpint (kith_test_damaged_count (database, "message"), >, MESSAGES / 2);
  g_assert_cmpint (kith_test_damaged_count (database, "message"), <, MESSAGES);
  g_assert_true (kith_database_close (database, NULL));
}

/* Nobody's backup is none. */
static void
test_profile (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  kith_test_damaged_pages (self, data);
  g_assert_false (rescue (self, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  g_assert_false (g_file_query_exists (self->file, NULL));
}

/* Half of the file is gone. */
static void
test_cut (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GByteArray) bytes = kith_test_read_file (self->path);
  KithDatabase *database;

  g_byte_array_set_size (bytes, bytes->len / 2 / KITH_PAGE_BYTES * KITH_PAGE_BYTES + 1000);
  kith_test_write_file (self->path, bytes);
  database = rescue_well (self, FALSE);
  g_assert_cmpint (kith_test_damaged_count (database, "contact"), ==, PEOPLE);
  g_assert_cmpint (kith_test_damaged_count (database, "message"), >, 0);
  g_assert_true (kith_database_close (database, NULL));
}

/* --- The log --------------------------------------------------------------------------------- */

/* What a killed program leaves: a log with what was written since. */
static void
leave_log (KithTestDamaged *self)
{
  KithDatabase *database = kith_test_damaged_open (self, self->path);
  g_autofree char *log = g_strconcat (self->path, "-wal", NULL);
  g_autoptr (GByteArray) file = NULL;
  g_autoptr (GByteArray) frames = NULL;

  for (guint i = 0; i < 20; i++)
    g_assert_true (kith_database_exec (database, "UPDATE contact SET note = 'noted'; INSERT INTO message (conversation, id,"
                                                 " outgoing, seq, hlc, time_ms, state, sent_ms, delivered_ms, read_ms, text)"
                                                 " VALUES (1, randomblob (16), 0, 1, 1, 1, 3, 1, 1, 1, 'late')", NULL));
  file = kith_test_read_file (self->path);
  frames = kith_test_read_file (log);
  g_assert_cmpuint (frames->len, >, 20 * KITH_FRAME_BYTES);
  g_assert_true (kith_database_close (database, NULL));
  kith_test_write_file (self->path, file);
  kith_test_write_file (log, frames);
}

static void
test_log (KithTestDamaged *self, gconstpointer data)
{
  KithDatabase *database;

  leave_log (self);
  database = rescue_well (self, TRUE);
  g_assert_cmpint (kith_test_damaged_count (database, "message WHERE text = 'late'"), ==, 20);
  g_assert_cmpint (kith_test_damaged_count (database, "contact WHERE note = 'noted'"), ==, PEOPLE);
  g_assert_true (kith_database_close (database, NULL));
}

/* As far as it goes. */
static void
test_damaged_log (KithTestDamaged *self, gconstpointer data)
{
  g_autofree char *log = g_strconcat (self->path, "-wal", NULL);
  g_autoptr (GByteArray) bytes = NULL;
  KithDatabase *database;
  gint64 n_late;

  leave_log (self);
  bytes = kith_test_read_file (log);
  bytes->data[bytes->len / 2] ^= 1;
  kith_test_write_file (log, bytes);
  assert_cannot_be_opened (self);
  database = rescue_well (self, FALSE);
  n_late = kith_test_damaged_count (database, "message WHERE text = 'late'");
  g_assert_cmpint (n_late, >, 0);
  g_assert_cmpint (n_late, <, 20);
  g_assert_cmpint (kith_test_damaged_count (database, "message"), ==, MESSAGES + n_late);
  g_assert_true (kith_database_close (database, NULL));
}

/* --- Other keys ------------------------------------------------------------------------------ */

static void
test_wrong_key (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  kith_secret_unref (self->key);
  self->key = kith_test_secret (2);
  g_assert_false (rescue (self, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_WRONG_VAULT);
}

/* There is nothing to be rescued, and nothing is made. */
static void
test_no_file (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unlink (self->path), ==, 0);
  g_assert_false (rescue (self, NULL, &error));
  g_assert_nonnull (error);
}

/* --- Everywhere ------------------------------------------------------------------------------ */

/* Returns: whether all tables went into something like a backup */
static gboolean
read_tables (KithTestDamaged *self, KithBackupWriter *writer, gboolean *is_incomplete)
{
  g_autoptr (GError) error = NULL;
  KithDatabase *database = kith_database_open_to_rescue (self->path, self->key, &error);
  g_autoptr (KithBackupTables) tables = kith_backup_tables_new ();
  gboolean is_fine = database != NULL;

  while (is_fine && !kith_backup_tables_is_done (tables))
    is_fine = kith_backup_tables_put_slice (tables, database, writer, NULL, &error);
  if (!is_fine)
    g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  *is_incomplete = kith_backup_tables_is_incomplete (tables);
  if (database != NULL)
    g_assert_true (kith_database_close (database, NULL));
  return is_fine;
}

/* Whatever page it is, only one is the end of it: that with the user's own identity. */
static void
test_each_page (KithTestDamaged *self, gconstpointer data)
{
  gboolean is_long = g_strcmp0 (g_getenv ("KITH_TEST_LONG"), "1") == 0;
  gsize every = is_long ? 1 : 7;
  g_autoptr (GByteArray) bytes = kith_test_read_file (self->path);
  g_autoptr (KithBackupWriter) writer = kith_backup_writer_new (self->passphrase, NULL);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  guint n_lost = 0;
  guint n_incomplete = 0;

  g_assert_true (kith_backup_writer_begin (writer, out, NULL));
  for (gsize at = 0; at < bytes->len; at += KITH_PAGE_BYTES * every * (at < 100 * KITH_PAGE_BYTES ? 1 : 23))
    {
      gboolean is_incomplete;

      bytes->data[at + 200] ^= 1;
      kith_test_write_file (self->path, bytes);
      bytes->data[at + 200] ^= 1;
      if (!read_tables (self, writer, &is_incomplete))
        n_lost++;
      n_incomplete += is_incomplete;
      g_seekable_seek (G_SEEKABLE (out), 0, G_SEEK_SET, NULL, NULL);
    }
  g_test_message ("%u lost, %u incomplete", n_lost, n_incomplete);
  g_assert_cmpuint (n_lost, <=, 1);
  g_assert_true (!is_long || n_lost == 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  kith_key_wrap_make_it_cheap ();

#define ADD(name, data, func) \
  g_test_add ("/rescue/" name, KithTestDamaged, data, kith_test_damaged_set_up, func, kith_test_damaged_tear_down)
  ADD ("nothing", NULL, test_nothing);
  ADD ("first-page", &schema_root, test_first_page);
  ADD ("schema/first", &schema_first, test_schema);
  ADD ("schema/one", &schema, test_schema);
  ADD ("schema/other", &schema, test_other_schema);
  ADD ("schema/many", &schema_many, test_schema);
  ADD ("index", &index_pages, test_index);
  ADD ("contacts", &contacts, test_contacts);
  ADD ("conversations", &conversations, test_conversations);
  ADD ("settings", &settings, test_settings);
  ADD ("groups", &groups, test_groups);
  ADD ("messages", &messages, test_messages);
  ADD ("profile", &profile, test_profile);
  ADD ("cut", NULL, test_cut);
  ADD ("log", NULL, test_log);
  ADD ("damaged-log", NULL, test_damaged_log);
  ADD ("wrong-key", NULL, test_wrong_key);
  ADD ("no-file", NULL, test_no_file);
  ADD ("each-page", NULL, test_each_page);
#undef ADD
  return g_test_run ();
}
