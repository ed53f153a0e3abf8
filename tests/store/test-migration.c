/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Databases and backups of older versions, with rows of those, become ones of this version; and what
 * this version keeps survives a backup. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "base/kith-init.h"
#include "kith-test-index.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-backup-file.h"
#include "store/kith-backup.h"
#include "store/kith-database.h"
#include "store/kith-key-wrap.h"

#define ANN "x'0100000000000000000000000000000000000000000000000000000000000000'"
#define BEN "x'0200000000000000000000000000000000000000000000000000000000000000'"
#define KEY "x'0707070707070707070707070707070707070707070707070707070707070707'"

/* As the first version wrote them: a verified contact, one who has asked nothing yet, and of messages one
 * of each sort that there was. */
static const char rows_1[] =
  "INSERT INTO profile VALUES (1, 'Me', " KEY ", " KEY ", zeroblob (159));"
  "INSERT INTO setting VALUES ('colour', 'green');"
  "INSERT INTO contact (identity, relation, name, alias, note, verified, blocked, favourite, added_ms,"
  " last_seen_ms, pair_root, pair_root_ms, old_pair_root, next_seq, received_device, received_seq,"
  " read_seq, endpoints) VALUES (" ANN ", 1, 'Ann', NULL, 'a note', 1, 0, 1, 1000, 2000, " KEY
  ", 1500, NULL, 4, x'0102030405060708', 2, 1, zeroblob (0));"
  "INSERT INTO contact (identity, relation, name, alias, note, verified, blocked, favourite, added_ms,"
  " last_seen_ms, pair_root, pair_root_ms, old_pair_root, next_seq, received_device, received_seq,"
  " read_seq, endpoints) VALUES (" BEN ", 1, 'Ben', 'Benny', NULL, 0, 0, 0, 1000, 0, NULL, 0, NULL, 1,"
  " zeroblob (8), 0, 0, zeroblob (0));"
  "INSERT INTO device VALUES (" ANN ", x'0102030405060708', 3, " KEY ");"
  "INSERT INTO conversation (id, identity, draft) VALUES (1, " ANN ", 'half a');"
  "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state, sent_ms, delivered_ms,"
  " read_ms, reason, text) VALUES"
  " (1, x'00000000000000000000000000000001', 1, 1, 10, 10, 4, 11, 12, 13, NULL, 'read by Ann'),"
  " (1, x'00000000000000000000000000000002', 0, 1, 20, 20, 0, 0, 0, 21, NULL, 'seen by me'),"
  " (1, x'00000000000000000000000000000003', 0, 2, 30, 30, 0, 0, 0, 0, NULL, 'unread forest'),"
  " (1, x'00000000000000000000000000000004', 1, 2, 40, 40, 5, 0, 0, 0, 'You removed this contact', 'failed'),"
  " (1, x'00000000000000000000000000000005', 1, 3, 50, 50, 1, 0, 0, 0, NULL, 'waits');"
  /* Two of them are in the index, and the mark says so. */
  "INSERT INTO message_text (rowid, text) SELECT number, text FROM message WHERE number <= 2;"
  "UPDATE search_mark SET number = 2;";

static const char rows_2[] =
  "INSERT INTO invite VALUES (zeroblob (8), 1, 'KITH:I/X', " KEY ", 'for Cem', 1, 2, 0, NULL, 0);"
  "UPDATE contact SET found_seq = 77 WHERE identity = " ANN ";";

static char *
make_old (const char *folder, guint version)
{
  char *path = g_build_filename (folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;
  KithDatabase *database = kith_database_open_full (path, key, NULL, version, &error);

  g_assert_no_error (error);
  g_assert_cmpint (kith_database_get_int (database, "PRAGMA user_version", 0), ==, version);
  kith_database_exec (database, rows_1, &error);
  g_assert_no_error (error);
  if (version >= 2)
    kith_database_exec (database, rows_2, &error);
  g_assert_no_error (error);
  g_assert_true (kith_database_close (database, NULL));
  return path;
}

static KithStore *
open_store (const char *path)
{
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;
  KithStore *store = kith_store_open (path, key, &error);

  g_assert_no_error (error);
  return store;
}

static GPtrArray *
load_page (KithStore *store, guint8 who)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreCursor cursor = { .hlc = G_MAXUINT64 };
  GPtrArray *rows;

  kith_test_identity (who, cursor.identity);
  kith_store_load_messages_async (store, &cursor, KITH_STORE_BEFORE, 100, NULL, kith_test_result_cb,
                                  &result);
  rows = kith_store_load_messages_finish (store, kith_test_await (&result), &error);
  g_assert_no_error (error);
  return rows;
}

static void
check_contacts (KithStoreSnapshot *snapshot, guint version)
{
  const KithStoreContact *ann = g_ptr_array_index (snapshot->contacts, 0);
  const KithStoreContact *ben = g_ptr_array_index (snapshot->contacts, 1);

  g_assert_cmpuint (snapshot->contacts->len, ==, 2);
  g_assert_cmpstr (snapshot->profile->name, ==, "Me");
  g_assert_cmpstr (g_hash_table_lookup (snapshot->settings, "colour"), ==, "green");
  g_assert_cmpstr (ann->name, ==, "Ann");
  g_assert_cmpstr (ann->note, ==, "a note");
  g_assert_cmpuint (ann->verified, ==, 1); /* by the number: there was nothing else */
  g_assert_cmpuint (ann->sas_failures, ==, 0);
  g_assert_true (ann->favourite);
  g_assert_nonnull (ann->pair_root);
  g_assert_cmpuint (ann->found_seq, ==, version >= 2 ? 77 : 0);
  g_assert_cmpstr (ben->alias, ==, "Benny");
  g_assert_cmpuint (ben->verified, ==, 0);
  g_assert_cmpuint (snapshot->invites->len, ==, version >= 2 ? 1 : 0);
}

static void
check_messages (KithStore *store, KithStoreSnapshot *snapshot)
{
  const KithStoreConversation *conversation = g_ptr_array_index (snapshot->conversations, 0);
  g_autoptr (GPtrArray) rows = load_page (store, 1);
  g_autoptr (GPtrArray) indexed = kith_test_search (store, "read", 0, NULL, 10);
  g_autoptr (GPtrArray) late = kith_test_search (store, "forest", 0, NULL, 10);

  g_assert_cmpuint (snapshot->conversations->len, ==, 1);
  g_assert_cmpstr (conversation->draft, ==, "half a");
  g_assert_cmpuint (conversation->n_unread, ==, 1);
  g_assert_cmpuint (conversation->options.ttl_s, ==, 0);
  g_assert_false (conversation->options.pinned);
  g_assert_cmpuint (snapshot->outbox->len, ==, 1);
  g_assert_cmpstr (((KithStoreMessage *) snapshot->outbox->pdata[0])->text, ==, "waits");
  g_assert_cmpint (snapshot->next_expiry_ms, ==, 0);
  g_assert_cmpuint (rows->len, ==, 5);
  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (rows, i);

      g_assert_cmpint (row->kind, ==, KITH_STORE_KIND_TEXT);
      g_assert_cmpint (row->deletion, ==, KITH_STORE_KEPT);
      g_assert_false (row->broadcast);
      g_assert_cmpint (row->edited_ms, ==, 0);
      g_assert_null (row->my_reaction);
    }
  g_assert_cmpstr (((KithStoreMessage *) rows->pdata[3])->reason, ==, "You removed this contact");
  g_assert_cmpuint (indexed->len, ==, 1);
  g_assert_cmpuint (late->len, ==, 1);
}

/* What is new works with what is old. */
static void
check_changes (KithStore *store)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreChange edit = { .outgoing = TRUE, .hlc = 100, .time_ms = 100, .text = (char *) "edited" };
  KithStoreChange reaction = { .outgoing = TRUE, .hlc = 101, .text = (char *) "👍" };
  KithStoreChange deletion = { .hlc = 102, .time_ms = 102, .deletion = KITH_STORE_DELETED };
  guint ops[3];

  kith_test_identity (1, edit.identity);
  kith_test_identity (1, reaction.identity);
  kith_test_identity (1, deletion.identity);
  edit.id[15] = 1;
  reaction.id[15] = 2;
  deletion.id[15] = 3;
  ops[0] = kith_store_batch_edit_message (batch, &edit);
  ops[1] = kith_store_batch_react (batch, &reaction);
  ops[2] = kith_store_batch_delete_message (batch, &deletion);
  kith_test_must_commit (store, batch);
  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    g_assert_true (kith_store_batch_was_new (batch, ops[i]));
  g_assert_true (kith_store_batch_was_unread (batch, ops[2]));

  g_autoptr (GPtrArray) gone = kith_test_search (store, "forest", 0, NULL, 10);
  g_autoptr (GPtrArray) found = kith_test_search (store, "edited", 0, NULL, 10);

  g_assert_cmpuint (gone->len, ==, 0);
  g_assert_cmpuint (found->len, ==, 1);
}

static void
check_index (const char *path)
{
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;
  g_autofree char *fault = NULL;
  KithDatabase *database = kith_database_open (path, key, &error);

  g_assert_no_error (error);
  fault = kith_test_compare_index (database);
  g_assert_cmpstr (fault, ==, NULL);
  g_assert_cmpint (kith_database_get_int (database, "SELECT count (*) FROM pragma_foreign_key_check", -1),
                   ==, 0);
  g_assert_true (kith_database_close (database, NULL));
}

static void
test_old_database (gconstpointer data)
{
  guint version = GPOINTER_TO_UINT (data);
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = make_old (folder, version);
  g_autofree char *copy = g_strdup_printf ("%s.before-version-%u", path, version + 1);
  g_autoptr (KithStore) store = open_store (path);
  g_autoptr (KithStoreSnapshot) snapshot = kith_test_load (store);

  /* Until something is deleted that it has. */
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  check_contacts (snapshot, version);
  check_messages (store, snapshot);
  check_changes (store);
  kith_test_close (store);
  check_index (path);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
}

/* --- Backups -------------------------------------------------------------------------------- */

static void
export (KithStore *store, GFile *file, KithSecret *passphrase)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (store, file, passphrase, NULL, NULL, NULL, kith_test_result_cb, &result);
  kith_store_export_finish (store, kith_test_await (&result), NULL, &error);
  g_assert_no_error (error);
}

/* The backup is the copy: one more would only take room, and be left behind by whoever cancels. */
static void
check_no_copy (const char *folder)
{
  g_autoptr (GDir) names = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (names)) != NULL)
    g_assert_false (g_str_has_prefix (name, "restored.db.before-version-"));
}

static KithStore *
restore (const char *folder, GFile *file, KithSecret *passphrase)
{
  g_autofree char *path = g_build_filename (folder, "restored.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;

  kith_backup_import (file, passphrase, path, key, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  check_no_copy (folder);
  return open_store (path);
}

static KithStoreMessage
make_act (KithStoreKind kind, guint number, guint target, const char *text)
{
  KithStoreMessage row = kith_test_message (1, number, TRUE, text);

  row.kind = kind;
  row.has_reply_to = TRUE;
  memcpy (row.reply_to, &target, sizeof target);
  return row;
}

/* Of everything that a conversation may have, one. */
static void
fill (KithStore *store)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreContact contact = { .relation = 1, .name = (char *) "Ann", .next_seq = 9, .received_seq = 5 };
  KithStoreOptions options = { 3600, 6, G_MAXINT64, TRUE, FALSE, TRUE };
  KithStoreMessage delivered = kith_test_message (1, 1, TRUE, "delivered");
  KithStoreMessage reply = kith_test_message (1, 2, FALSE, "an answer");
  KithStoreMessage missing = kith_test_message (1, 3, FALSE, "");
  KithStoreMessage unknown = kith_test_message (1, 4, FALSE, "");
  KithStoreMessage waiting = kith_test_message (1, 5, TRUE, "waits");
  KithStoreMessage edit = make_act (KITH_STORE_KIND_EDIT, 6, 1, "delivered and edited");
  KithStoreMessage act = make_act (KITH_STORE_KIND_REACTION, 7, 2, "👍");
  KithStoreChange mine = { .outgoing = TRUE, .hlc = 7, .text = (char *) "👍" };
  KithStoreChange theirs = { .hlc = 8, .text = (char *) "❓" };

  kith_test_identity (1, contact.identity);
  kith_test_identity (1, mine.identity);
  kith_test_identity (1, theirs.identity);
  mine.id[0] = 2;
  theirs.id[0] = 1;
  delivered.sent_ms = delivered.delivered_ms = 1;
  delivered.state = 3;
  reply.has_reply_to = TRUE;
  reply.reply_to[0] = 1;
  missing.kind = unknown.kind = KITH_STORE_KIND_MISSING;
  missing.n_missing = 3;
  missing.read_ms = unknown.read_ms = 1;
  unknown.reason = (char *) "unknown";
  waiting.ttl_s = 3600;

  kith_store_batch_put_contact (batch, &contact);
  kith_store_batch_add_message (batch, &delivered);
  kith_store_batch_add_message (batch, &reply);
  kith_store_batch_add_message (batch, &missing);
  kith_store_batch_add_message (batch, &unknown);
  kith_store_batch_add_message (batch, &waiting);
  kith_store_batch_add_act (batch, &edit);
  kith_store_batch_add_act (batch, &act);
  kith_store_batch_react (batch, &mine);
  kith_store_batch_react (batch, &theirs);
  kith_store_batch_put_options (batch, contact.identity, &options);
  kith_test_must_commit (store, batch);
}

static void
check_outbox (GPtrArray *outbox)
{
  static const struct
  {
    KithStoreKind kind;
    const char   *text;
  } expected[] = { { KITH_STORE_KIND_TEXT, "waits" },
                   { KITH_STORE_KIND_EDIT, "delivered and edited" },
                   { KITH_STORE_KIND_REACTION, "👍" } };

  g_assert_cmpuint (outbox->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < outbox->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (outbox, i);

      g_assert_cmpint (row->kind, ==, expected[i].kind);
      g_assert_cmpstr (row->text, ==, expected[i].text);
      g_assert_cmpuint (row->seq, ==, i + 1); /* a new installation counts anew */
    }
  g_assert_cmpuint (((KithStoreMessage *) outbox->pdata[0])->ttl_s, ==, 3600);
  g_assert_cmpuint (((KithStoreMessage *) outbox->pdata[1])->reply_to[0], ==, 1);
}

static void
check_restored (KithStore *store)
{
  g_autoptr (KithStoreSnapshot) snapshot = kith_test_load (store);
  const KithStoreConversation *conversation = g_ptr_array_index (snapshot->conversations, 0);
  const KithStoreContact *contact = g_ptr_array_index (snapshot->contacts, 0);
  g_autoptr (GPtrArray) rows = load_page (store, 1);

  check_outbox (snapshot->outbox);
  g_assert_cmpuint (contact->next_seq, ==, 4);
  g_assert_cmpuint (contact->received_seq, ==, 0);
  g_assert_cmpuint (conversation->options.ttl_s, ==, 3600);
  g_assert_cmpuint (conversation->options.ttl_hlc, ==, 6);
  g_assert_cmpint (conversation->options.muted_until_ms, ==, G_MAXINT64);
  g_assert_true (conversation->options.pinned);
  g_assert_false (conversation->options.archived);
  g_assert_true (conversation->options.marked_unread);
  g_assert_cmpuint (conversation->n_unread, ==, 1);
  g_assert_cmpuint (rows->len, ==, 5);
  g_assert_cmpstr (((KithStoreMessage *) rows->pdata[0])->their_reaction, ==, "❓");
  g_assert_cmpuint (((KithStoreMessage *) rows->pdata[0])->seq, ==, 0);
  g_assert_cmpstr (((KithStoreMessage *) rows->pdata[1])->my_reaction, ==, "👍");
  g_assert_cmpint (((KithStoreMessage *) rows->pdata[1])->quote, ==, KITH_STORE_QUOTE_FOUND);
  g_assert_cmpstr (((KithStoreMessage *) rows->pdata[2])->reason, ==, "gone");
  g_assert_cmpuint (((KithStoreMessage *) rows->pdata[2])->n_missing, ==, 3);
  g_assert_cmpstr (((KithStoreMessage *) rows->pdata[3])->reason, ==, "unknown");
}

static void
test_backup_of_everything (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *backup = g_build_filename (folder, "backup", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (KithSecret) passphrase = kith_test_secret ('x');
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStore) restored = NULL;

  kith_test_put_profile (store, "Me");
  fill (store);
  export (store, file, passphrase);
  restored = restore (folder, file, passphrase);
  check_restored (restored);
  kith_test_close (restored);
}

/* --- Backups of older versions -------------------------------------------------------------- */

static void
put (KithBackupWriter *writer, gconstpointer data, gsize len)
{
  g_assert_true (kith_backup_writer_write (writer, data, len, NULL));
}

static void
put_u32 (KithBackupWriter *writer, guint32 value)
{
  value = GUINT32_TO_BE (value);
  put (writer, &value, sizeof value);
}

static void
put_name (KithBackupWriter *writer, const char *name)
{
  guint8 len = (guint8) strlen (name);

  put (writer, &len, 1);
  put (writer, name, len);
}

static void
put_value (KithBackupWriter *writer, sqlite3_stmt *statement, int column)
{
  guint8 type = (guint8) sqlite3_column_type (statement, column);
  gint64 number = GINT64_TO_BE (sqlite3_column_int64 (statement, column));
  const void *bytes = sqlite3_column_blob (statement, column);
  guint32 len = (guint32) sqlite3_column_bytes (statement, column);

  put (writer, &type, 1);
  if (type == SQLITE_INTEGER)
    put (writer, &number, sizeof number);
  else if (type != SQLITE_NULL)
    {
      put_u32 (writer, len);
      put (writer, len > 0 ? bytes : "", len);
    }
}

/* As store/kith-backup.h describes it. */
static void
put_table (KithBackupWriter *writer, sqlite3 *db, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", table);
  sqlite3_stmt *statement;
  guint16 count;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  count = GUINT16_TO_BE ((guint16) sqlite3_column_count (statement));
  put (writer, "T", 1);
  put_name (writer, table);
  put (writer, &count, sizeof count);
  for (int i = 0; i < sqlite3_column_count (statement); i++)
    put_name (writer, sqlite3_column_name (statement, i));
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      put (writer, "R", 1);
      for (int i = 0; i < sqlite3_column_count (statement); i++)
        put_value (writer, statement, i);
    }
  sqlite3_finalize (statement);
}

static void
write_backup (KithDatabase *database, guint version, GFile *file, KithSecret *passphrase)
{
  static const char *const tables[] = { "profile", "setting",      "contact", "device",
                                        "request", "conversation", "message", "invite" };
  g_autoptr (GFileOutputStream) stream = g_file_create (file, G_FILE_CREATE_PRIVATE, NULL, NULL);
  g_autoptr (KithBackupWriter) writer = NULL;

  g_assert_nonnull (stream);
  writer = kith_backup_writer_new (passphrase, NULL);
  g_assert_true (kith_backup_writer_begin (writer, G_OUTPUT_STREAM (stream), NULL));
  put_u32 (writer, version);
  for (guint i = 0; i < G_N_ELEMENTS (tables) - (version < 2 ? 1 : 0); i++)
    put_table (writer, kith_database_get_handle (database), tables[i]);
  put (writer, "E", 1);
  g_assert_true (kith_backup_writer_finish (writer, NULL));
  g_assert_true (g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, NULL));
}

static void
test_old_backup (gconstpointer data)
{
  guint version = GPOINTER_TO_UINT (data);
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = make_old (folder, version);
  g_autofree char *backup = g_build_filename (folder, "backup", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (KithSecret) passphrase = kith_test_secret ('x');
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (KithStore) restored = NULL;
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  KithDatabase *database = kith_database_open_full (path, key, NULL, version, &error);

  g_assert_no_error (error);
  write_backup (database, version, file, passphrase);
  g_assert_true (kith_database_close (database, NULL));
  restored = restore (folder, file, passphrase);
  snapshot = kith_test_load (restored);
  check_contacts (snapshot, version);
  check_messages (restored, snapshot);
  kith_test_close (restored);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  for (guint version = 1; version < kith_database_get_latest_version (); version++)
    {
      g_autofree char *database = g_strdup_printf ("/migration/database-of-version-%u", version);
      g_autofree char *backup = g_strdup_printf ("/migration/backup-of-version-%u", version);

      g_test_add_data_func (database, GUINT_TO_POINTER (version), test_old_database);
      g_test_add_data_func (backup, GUINT_TO_POINTER (version), test_old_backup);
    }
  g_test_add_func ("/migration/backup-of-everything", test_backup_of_everything);
  return g_test_run ();
}
