/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a backup has of groups and broadcasts: all of it, however much that is, a slice at a time; also when it changes
 * meanwhile, and from the versions before. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-refuse.h"
#include "kith-test-store.h"
#include "store/kith-backup-rows.h"
#include "store/kith-backup.h"
#include "store/kith-database.h"
#include "store/kith-key-wrap.h"
#include "store/kith-store-broadcast.h"
#include "store/kith-store-group.h"

#define KIB 1024
#define MIB (1024 * 1024)
#define PEOPLE 20

/* How much there is of it. */
typedef struct
{
  guint n_groups;
  guint state_bytes; /* of each */
  guint n_rows;      /* operations, entries, edits and reactions each */
  guint n_broadcasts;
  guint text_bytes;  /* of each */
  guint n_gone;      /* groups that go meanwhile, the last ones */
} Amount;

static const Amount much = { 10, MIB, 8000, 200, 4 * KIB, 0 };
static const Amount some = { 3, 100, 4500, 40, 50, 1 };
static const Amount big = { 6, MIB, 18, 1, 50, 6 };

/* Some of it, written by version 8, which had these tables in front of the messages. */
#define OLD_BACKUP "backup-8"
static const Amount old = { 2, 50, 10, 2, 20, 0 };

static const char *const tables[] = {
  "chat_group", "group_op", "group_entry", "group_content", "group_edit", "group_reaction", "broadcast",
  "broadcast_recipient",
};

typedef struct
{
  char       *folder;     /* (owned) */
  char       *path;       /* (owned): of the database */
  char       *restored;   /* (owned): of the other */
  GFile      *file;       /* (owned) */
  KithSecret *key;        /* (owned) */
  KithSecret *passphrase; /* (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "kith.db", NULL);
  self->restored = g_build_filename (self->folder, "restored.db", NULL);
  self->file = g_file_new_build_filename (self->folder, "backup", NULL);
  self->key = kith_test_secret (1);
  self->passphrase = kith_test_secret ('x');
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_test_refuse_unnamed (FALSE);
  kith_secret_unref (self->passphrase);
  kith_secret_unref (self->key);
  g_object_unref (self->file);
  g_free (self->restored);
  g_free (self->path);
  kith_test_folder_free (self->folder);
}

static KithDatabase *
open_database (Fixture *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  KithDatabase *database = kith_database_open (path, self->key, &error);

  g_assert_no_error (error);
  return database;
}

/* --- What there is --------------------------------------------------------------------------- */

static void G_GNUC_PRINTF (2, 3)
run (KithDatabase *database, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  kith_database_exec (database, sql, &error);
  g_assert_no_error (error);
}

#define NUMBERS "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u) "

static void
fill_groups (KithDatabase *database, const Amount *amount)
{
  const guint n = amount->n_rows;
  const guint n_groups = amount->n_groups;

  run (database, "INSERT INTO chat_group (gid, membership, created_ms, name, topic, topic_hlc, tokens, state,"
                 " mentions_only, restored) " NUMBERS "SELECT randomblob (32), 2, 0, 'Ace', '', 0, zeroblob (0),"
                 " randomblob (%u), 0, 0 FROM n", n_groups, amount->state_bytes);
  run (database, "INSERT INTO conversation (identity) SELECT gid FROM chat_group");
  run (database, "INSERT INTO group_op (chat_group, id, op, received_ms) " NUMBERS
                 "SELECT 1 + i %% %u, randomblob (32), randomblob (1000), i FROM n", n, n_groups);
  run (database, "INSERT INTO group_entry (chat_group, author, seq, header, redacted) " NUMBERS
                 "SELECT 1 + i %% %u, zeroblob (32), i, randomblob (186), 0 FROM n", n, n_groups);
  run (database, "INSERT INTO group_content SELECT number, randomblob (64), randomblob (16), randomblob (100)"
                 " FROM group_entry");
  run (database, "INSERT INTO group_edit (chat_group, target, author, seq) " NUMBERS
                 "SELECT 1 + i %% %u, randomblob (16), zeroblob (32), i FROM n", n, n_groups);
  run (database, "INSERT INTO group_reaction (identity, message, author, emoji, hlc) " NUMBERS
                 "SELECT (SELECT gid FROM chat_group WHERE number = 1 + i %% %u), randomblob (16),"
                 " randomblob (32), '👍', i FROM n", n, n_groups);
}

static void
fill_broadcasts (KithDatabase *database, const Amount *amount)
{
  run (database, "INSERT INTO contact (identity, relation, verified, blocked, favourite, added_ms, last_seen_ms,"
                 " pair_root_ms, next_seq, received_device, received_seq, read_seq, endpoints) " NUMBERS
                 "SELECT randomblob (32), 1, 0, 0, 0, 0, 0, 0, 1, zeroblob (8), 0, 0, zeroblob (0) FROM n", PEOPLE);
  run (database, "INSERT INTO conversation (identity) SELECT identity FROM contact");
  run (database, "INSERT INTO broadcast " NUMBERS "SELECT randomblob (16), i, hex (randomblob (%u)) FROM n",
       amount->n_broadcasts, amount->text_bytes / 2);
  run (database, "INSERT INTO broadcast_recipient SELECT b.id, c.identity, randomblob (16) FROM broadcast b, contact c");
  run (database, "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state, sent_ms, delivered_ms,"
                 " read_ms, text, broadcast) SELECT c.id, r.message, 1, 1, 1, 1, 3, 1, 1, 1, 'text', 1"
                 " FROM broadcast_recipient r JOIN conversation c ON c.identity = r.identity");
}

static void
make (Fixture *self, const Amount *amount)
{
  KithDatabase *database = open_database (self, self->path);

  run (database, "BEGIN");
  run (database, "INSERT INTO profile VALUES (1, 'Me', randomblob (32), randomblob (32), zeroblob (159))");
  fill_groups (database, amount);
  fill_broadcasts (database, amount);
  run (database, "COMMIT");
  g_assert_true (kith_database_close (database, NULL));
}

/* --- What came of it ------------------------------------------------------------------------- */

static gint64
count (KithDatabase *database, const char *sql)
{
  return kith_database_get_int (database, sql, -1);
}

static guint
count_rows (KithDatabase *database, const char *table)
{
  g_autofree char *sql = g_strconcat ("SELECT count (*) FROM ", table, NULL);

  return (guint) kith_test_get_int (kith_database_get_handle (database), sql);
}

/* (transfer full): of all its rows */
static char *
dup_digest (KithDatabase *database, const char *table)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *sql = g_strconcat ("SELECT * FROM ", table, " ORDER BY 1, 2", NULL);
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (kith_database_get_handle (database), sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count (statement); i++)
      {
        const guint8 *bytes = sqlite3_column_blob (statement, i);

        g_checksum_update (checksum, bytes != NULL ? bytes : (const guint8 *) "", sqlite3_column_bytes (statement, i));
        g_checksum_update (checksum, (const guint8 *) "|", 1);
      }
  sqlite3_finalize (statement);
  return g_strdup (g_checksum_get_string (checksum));
}

static void
export (Fixture *self, KithStore *store, KithBackupProgressFunc progress, gpointer user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (store, self->file, self->passphrase, progress, user_data, NULL, kith_test_result_cb,
                           &result);
  kith_store_export_finish (store, kith_test_await (&result), NULL, &error);
  g_assert_no_error (error);
}

static void
export_all (Fixture *self, KithBackupProgressFunc progress, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KithStore) store = kith_store_open (self->path, self->key, &error);

  g_assert_no_error (error);
  export (self, store, progress, user_data);
  kith_test_close (store);
}

/* (transfer full) */
static KithDatabase *
restore (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  kith_backup_import (self->file, self->passphrase, self->restored, self->key, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return open_database (self, self->restored);
}

/* --- All of it ------------------------------------------------------------------------------- */

static void
test_everything (Fixture *self, gconstpointer data)
{
  KithDatabase *before;
  KithDatabase *after;

  make (self, data);
  export_all (self, NULL, NULL);
  after = restore (self);
  before = open_database (self, self->path);
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *expected = dup_digest (before, tables[i]);
      g_autofree char *found = dup_digest (after, tables[i]);

      g_assert_cmpuint (count_rows (after, tables[i]), >, 0);
      g_assert_cmpstr (found, ==, expected);
    }
  g_assert_true (kith_database_close (before, NULL));
  g_assert_true (kith_database_close (after, NULL));
}

typedef struct
{
  const char *folder;
  goffset     size;   /* of what is written */
  goffset     biggest; /* of what was written at once */
} Growth;

/* (nullable): the file that is being written, which has a name here */
static char *
find_part (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".part"))
      return g_build_filename (folder, name, NULL);

  return NULL;
}

/* On a worker thread, after each slice. */
static void
grown_cb (double fraction, gpointer user_data)
{
  Growth *growth = user_data;
  g_autofree char *path = find_part (growth->folder);
  g_autoptr (GFile) part = path != NULL ? g_file_new_for_path (path) : NULL;
  g_autoptr (GFileInfo) info = NULL;

  if (part == NULL)
    return;
  info = g_file_query_info (part, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, NULL);
  growth->biggest = MAX (growth->biggest, g_file_info_get_size (info) - growth->size);
  growth->size = g_file_info_get_size (info);
}

/* A slice is sealed in memory, while the store has nothing else to do: neither knows how much there is in all. */
static void
test_slices (Fixture *self, gconstpointer data)
{
  Growth growth = { .folder = self->folder };

  kith_test_refuse_unnamed (TRUE);
  make (self, &much);
  export_all (self, grown_cb, &growth);
  g_assert_cmpint (growth.size, >, 12 * MIB);
  g_assert_cmpint (growth.biggest, <, KITH_BACKUP_SLICE_BYTES + 2 * MIB);
}

/* --- While it changes ------------------------------------------------------------------------ */

typedef struct
{
  KithStore      *store;
  KithStoreBatch *batch;
  gboolean        is_begun;
  GAsyncResult   *committed; /* (owned) (nullable) */
} Meanwhile;

/* On a worker thread, after the first slice: the next one comes behind this. */
static void
meanwhile_cb (double fraction, gpointer user_data)
{
  Meanwhile *self = user_data;

  if (!self->is_begun)
    kith_store_commit_async (self->store, kith_store_batch_ref (self->batch), NULL, kith_test_result_cb,
                             &self->committed);
  self->is_begun = TRUE;
}

static KithStoreGroupAct *
group_act (KithStoreBatch *batch, KithStoreGroupActKind what, const guint8 gid[KITH_STORE_GROUP_ID_BYTES])
{
  KithStoreGroupAct *act = kith_store_group_act_new (what, gid);

  kith_store_batch_group (batch, act);
  return act;
}

/* One that comes meanwhile, with something of everything. */
static void
add_group (KithStoreBatch *batch, guint8 who)
{
  KithStoreMessage message = kith_test_message (who, 1, FALSE, "new");
  guint8 gid[KITH_STORE_GROUP_ID_BYTES];
  KithStoreGroupAct *act;

  kith_test_identity (who, gid);
  act = group_act (batch, KITH_STORE_GROUP_PUT, gid);
  act->group = g_new0 (KithStoreGroup, 1);
  memcpy (act->group->gid, gid, sizeof gid);
  act->group->name = g_strdup ("New");
  act->group->topic = g_strdup ("");
  act = group_act (batch, KITH_STORE_GROUP_ADD_OP, gid);
  act->bytes = g_bytes_new ("op", 2);
  act = group_act (batch, KITH_STORE_GROUP_ADD_EDIT, gid);
  act->seq = 1;
  act = group_act (batch, KITH_STORE_GROUP_REACT, gid);
  act->text = g_strdup ("❓");
  act->hlc = 1;
  kith_store_batch_add_message (batch, &message);
}

static void
add_broadcast (KithStoreBatch *batch, guint8 who)
{
  g_autoptr (KithStoreBroadcast) row = kith_store_broadcast_new ();
  KithStoreMessage message = kith_test_message (who, 2, TRUE, "new");
  KithStoreRecipient recipient = { 0 };

  message.broadcast = TRUE;
  kith_store_batch_add_message (batch, &message);
  row->id[0] = 1;
  row->time_ms = 1; /* the clock was set back */
  row->text = g_strdup ("new");
  kith_test_identity (who, recipient.identity);
  memcpy (recipient.message, message.id, sizeof recipient.message);
  g_array_append_val (row->recipients, recipient);
  kith_store_batch_put_broadcast (batch, row);
}

/* What goes with the last groups has numbers that others get. */
static void
change (Fixture *self, KithStoreBatch *batch, const Amount *amount)
{
  KithDatabase *database = open_database (self, self->path);
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (kith_database_get_handle (database),
                                       "SELECT gid FROM chat_group ORDER BY number DESC", -1, &statement, NULL),
                   ==, SQLITE_OK);
  for (guint i = 0; i < amount->n_gone; i++)
    {
      guint8 gid[KITH_STORE_GROUP_ID_BYTES];

      g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
      g_assert_true (kith_column_bytes (statement, 0, gid, sizeof gid));
      group_act (batch, KITH_STORE_GROUP_DELETE, gid);
    }
  sqlite3_finalize (statement);
  g_assert_true (kith_database_close (database, NULL));

  add_group (batch, 100);
  add_broadcast (batch, 101);
}

static KithDatabase *
export_meanwhile_and_restore (Fixture *self, const Amount *amount)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KithStore) store = NULL;
  Meanwhile meanwhile = { .batch = batch };

  change (self, batch, amount);
  store = kith_store_open (self->path, self->key, &error);
  g_assert_no_error (error);
  meanwhile.store = store;
  export (self, store, meanwhile_cb, &meanwhile);
  g_assert_true (kith_store_commit_finish (store, kith_test_await (&meanwhile.committed), NULL));
  g_clear_object (&meanwhile.committed);
  kith_test_close (store);
  return restore (self);
}

/* Nothing is left of who went, there is nothing of who is not in it, and no text of a broadcast without its messages,
 * which would stay when those disappear. */
static void
assert_fits (KithDatabase *database, const Amount *amount)
{
  g_assert_cmpint (count (database, "SELECT count (*) FROM chat_group WHERE name = 'New'"), ==, 0);
  g_assert_cmpint (count (database, "SELECT count (*) FROM pragma_foreign_key_check"), ==, 0);
  g_assert_cmpint (count (database, "SELECT count (*) FROM group_op WHERE op = CAST ('op' AS BLOB)"), ==, 0);
  g_assert_cmpint (count (database, "SELECT count (*) FROM group_edit WHERE target = zeroblob (16)"), ==, 0);
  g_assert_cmpint (count (database, "SELECT count (*) FROM group_reaction WHERE emoji <> '👍'"), ==, 0);
  g_assert_cmpint (count (database, "SELECT count (*) FROM group_reaction"
                                    " WHERE identity NOT IN (SELECT gid FROM chat_group)"), ==, 0);
  g_assert_cmpuint (count_rows (database, "broadcast"), >=, amount->n_broadcasts);
  g_assert_cmpuint (count_rows (database, "broadcast_recipient"), >=, PEOPLE * amount->n_broadcasts);
  g_assert_cmpint (count (database, "SELECT count (*) FROM broadcast_recipient"
                                    " WHERE message NOT IN (SELECT id FROM message)"), ==, 0);
}

static void
test_meanwhile (Fixture *self, gconstpointer data)
{
  const Amount *amount = data;
  const guint n_kept = amount->n_rows / amount->n_groups * (amount->n_groups - amount->n_gone);
  KithDatabase *database;

  make (self, amount);
  database = export_meanwhile_and_restore (self, amount);
  assert_fits (database, amount);
  g_assert_cmpuint (count_rows (database, "chat_group"), >, 0);
  for (gsize i = 1; i < G_N_ELEMENTS (tables) - 2; i++)
    g_assert_cmpuint (count_rows (database, tables[i]), >=, n_kept);
  g_assert_true (kith_database_close (database, NULL));
}

/* --- From before ----------------------------------------------------------------------------- */

static void
test_old (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "store", "data", OLD_BACKUP, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  KithDatabase *database;

  g_set_object (&self->file, file);
  database = restore (self);
  assert_fits (database, &old);
  g_assert_cmpuint (count_rows (database, "chat_group"), ==, old.n_groups);
  /* Its reactions are "!", which nobody can react with: that is left out. */
  for (gsize i = 1; i < G_N_ELEMENTS (tables) - 2; i++)
    g_assert_cmpuint (count_rows (database, tables[i]), ==, g_str_equal (tables[i], "group_reaction") ? 0 : old.n_rows);
  g_assert_cmpuint (count_rows (database, "contact"), ==, PEOPLE);
  g_assert_cmpuint (count_rows (database, "message"), ==, PEOPLE * old.n_broadcasts);
  g_assert_true (kith_database_close (database, NULL));
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, func) g_test_add ("/backup-tables/" name, Fixture, data, set_up, func, tear_down)
  ADD ("everything", &some, test_everything);
  ADD ("everything/big", &big, test_everything);
  ADD ("slices", NULL, test_slices);
  ADD ("meanwhile", &some, test_meanwhile);
  ADD ("meanwhile/big", &big, test_meanwhile);
  ADD ("old", NULL, test_old);
  return g_test_run ();
}
