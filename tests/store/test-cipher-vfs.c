/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies between SQLite and the disk, on real files: one test for each way it could go wrong. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <math.h>
#include <string.h>

#include <sodium.h>

#include "kith-test-database.h"
#include "kith-test-disk.h"
#include "store/kith-wal-evidence.h"

#define MESSAGES 2000
#define TRANSACTIONS 5

/* A database that is open, with a log of some transactions; and a place for what a crash leaves. */
typedef struct
{
  char             *folder;
  KithTestDatabase *live;
  KithTestDatabase *image;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->folder = kith_test_folder_new ();
  self->live = kith_test_database_new (self->folder, "live.db", NULL);
  self->image = kith_test_database_new (self->folder, "image.db", NULL);
  kith_test_database_open (self->live);
  kith_test_create_schema (self->live->db);
  kith_test_add_messages (self->live->db, MESSAGES);
  kith_test_exec (self->live->db, "PRAGMA wal_checkpoint(TRUNCATE)");
  for (guint i = 0; i < TRANSACTIONS; i++)
    kith_test_add_messages (self->live->db, 1);
  kith_test_database_copy (self->live, self->image);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  kith_test_database_free (self->live);
  kith_test_database_free (self->image);
  kith_test_folder_free (self->folder);
}

static void
assert_sound (KithTestDatabase *database, gint64 messages)
{
  g_autofree char *fault = kith_test_find_fault (database->db, messages);

  g_assert_cmpstr (fault, ==, NULL);
  g_assert_cmpint (kith_test_count (database->db), ==, messages);
}

static void
flip (const char *path, gsize at)
{
  g_autoptr (GByteArray) bytes = kith_test_read_file (path);

  g_assert_cmpuint (at, <, bytes->len);
  bytes->data[at] ^= 4;
  kith_test_write_file (path, bytes);
}

static gsize
size_of (const char *path)
{
  g_autoptr (GByteArray) bytes = kith_test_read_file (path);

  return bytes == NULL ? 0 : bytes->len;
}

static gsize
frame_at (guint number)
{
  return KITH_WAL_HEADER_BYTES + number * (gsize) KITH_FRAME_BYTES;
}

/* The image is refused, and not a byte of it changes. */
static int
assert_refused (Fixture *self)
{
  g_autoptr (GByteArray) db = kith_test_read_file (self->image->path);
  g_autoptr (GByteArray) wal = kith_test_read_file (self->image->wal_path);
  g_autoptr (GByteArray) db_after = NULL;
  g_autoptr (GByteArray) wal_after = NULL;
  int rc = kith_test_database_try_open (self->image);

  g_assert_cmpint (rc, !=, SQLITE_OK);
  kith_test_database_close (self->image);
  db_after = kith_test_read_file (self->image->path);
  wal_after = kith_test_read_file (self->image->wal_path);
  g_assert_cmpmem (db->data, db->len, db_after->data, db_after->len);
  g_assert_cmpmem (wal->data, wal->len, wal_after->data, wal_after->len);
  return rc;
}

/* --- Keys ----------------------------------------------------------------------------------- */

static void
test_wrong_key_destroys_nothing (Fixture *self, gconstpointer unused)
{
  self->image->key = 9;
  g_assert_cmpint (assert_refused (self), ==, SQLITE_NOTADB);
  g_assert_true (kith_cipher_vfs_is_wrong_key (self->image->vfs));
  g_assert_false (kith_cipher_vfs_is_damaged (self->image->vfs));

  self->image->key = 1;
  kith_test_database_open (self->image);
  assert_sound (self->image, MESSAGES + TRANSACTIONS);
}

static void
test_without_the_layer (Fixture *self, gconstpointer unused)
{
  sqlite3 *db = NULL;

  kith_test_database_close (self->live);
  g_assert_cmpint (sqlite3_open (self->live->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (kith_test_try (db, "SELECT * FROM sqlite_master"), ==, SQLITE_NOTADB);
  sqlite3_close (db);
}

/* --- Recovery ------------------------------------------------------------------------------- */

static void
test_crash_image (Fixture *self, gconstpointer unused)
{
  kith_test_database_open (self->image);
  assert_sound (self->image, MESSAGES + TRANSACTIONS);
}

/* A checkpoint was cut: page 1 is torn in the database, and whole in the log. */
static void
test_torn_page_1_with_wal (Fixture *self, gconstpointer unused)
{
  kith_test_exec (self->live->db, "CREATE TABLE another (id)");
  kith_test_database_copy (self->live, self->image);
  flip (self->image->path, 3000);
  flip (self->image->path, 20);
  kith_test_database_open (self->image);
  assert_sound (self->image, MESSAGES + TRANSACTIONS);
}

static void
test_end_of_log (Fixture *self, gconstpointer unused)
{
  flip (self->image->wal_path, size_of (self->image->wal_path) - KITH_FRAME_BYTES + 100);
  kith_test_database_open (self->image);
  assert_sound (self->image, MESSAGES + TRANSACTIONS - 1);
  g_assert_false (kith_cipher_vfs_is_damaged (self->image->vfs));
}

/* There are synced commits behind it: they must not be lost in silence. */
static void
test_damaged_frame (Fixture *self, gconstpointer unused)
{
  static const gsize places[] = { 0, 5, 9, 17, 100, KITH_FRAME_BYTES - 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      kith_test_database_copy (self->live, self->image);
      flip (self->image->wal_path, frame_at (2) + places[i]);
      g_assert_cmpint (assert_refused (self), !=, SQLITE_NOTADB);
      g_assert_true (kith_cipher_vfs_is_damaged (self->image->vfs));
      g_assert_false (kith_cipher_vfs_is_wrong_key (self->image->vfs));
    }
}

/* Without its header the log is empty to SQLite. */
static void
test_damaged_log_header (Fixture *self, gconstpointer unused)
{
  for (gsize at = 0; at < KITH_WAL_HEADER_BYTES; at++)
    {
      kith_test_database_copy (self->live, self->image);
      flip (self->image->wal_path, at);
      assert_refused (self);
      g_assert_true (kith_cipher_vfs_is_damaged (self->image->vfs));
    }
}

/* Beside a database that is empty, SQLite deletes the log. */
static void
test_emptied_database_keeps_its_log (Fixture *self, gconstpointer unused)
{
  g_autoptr (GByteArray) empty = g_byte_array_new ();

  kith_test_write_file (self->image->path, empty);
  assert_refused (self);
  g_assert_true (kith_cipher_vfs_is_damaged (self->image->vfs));
}

/* --- What is written in pieces -------------------------------------------------------------- */

static void
change_more_than_fits (sqlite3 *db)
{
  kith_test_exec (db, "PRAGMA cache_size=10; PRAGMA wal_autocheckpoint=0; BEGIN;"
                      "UPDATE message SET time_ms = time_ms + 1;"
                      "UPDATE message SET conversation = (conversation + 1) % 20; SAVEPOINT a;"
                      "DELETE FROM message WHERE id % 3 = 0; ROLLBACK TO a;"
                      "UPDATE message SET conversation = id % 20; CREATE TABLE another (id);"
                      "COMMIT");
}

static void
test_spilled_transactions (Fixture *self, gconstpointer unused)
{
  const char *sum = "SELECT sum(time_ms) FROM message";
  gint64 before = kith_test_get_int (self->live->db, sum);

  change_more_than_fits (self->live->db);
  g_assert_cmpint (kith_test_get_int (self->live->db, sum), ==, before + MESSAGES + TRANSACTIONS);
  kith_test_exec (self->live->db, "BEGIN; UPDATE message SET time_ms = 0; ROLLBACK;"
                                  "UPDATE message SET time_ms = time_ms + 1 WHERE id = 1");
  kith_test_database_copy (self->live, self->image);
  kith_test_database_open (self->image);
  assert_sound (self->image, MESSAGES + TRANSACTIONS);
  g_assert_cmpint (kith_test_get_int (self->image->db, sum), ==,
                   before + MESSAGES + TRANSACTIONS + 1);
  assert_sound (self->live, MESSAGES + TRANSACTIONS);
}

/* What is read again of a transaction that is bigger than the cache grows as it does, and not as its square. */
static void
test_big_transaction (Fixture *self, gconstpointer unused)
{
  g_autoptr (KithTestDisk) disk = kith_test_disk_new ();
  KithTestDatabase *database = kith_test_database_new (self->folder, "big.db", kith_test_disk_get_name (disk));
  guint64 n_before;
  guint64 n_frames;

  kith_test_database_open (database);
  kith_test_exec (database->db, "PRAGMA cache_size=10; PRAGMA wal_autocheckpoint=0; CREATE TABLE page (number INTEGER"
                                " PRIMARY KEY, data); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                                " WHERE i < 1500) INSERT INTO page SELECT i, zeroblob (3500) FROM n;"
                                "PRAGMA wal_checkpoint (TRUNCATE)");
  n_before = disk->n_reads;
  kith_test_exec (database->db, "BEGIN; UPDATE page SET data = zeroblob (3501) WHERE number < 100;"
                                "UPDATE page SET data = zeroblob (3502) WHERE number < 100;"
                                "UPDATE page SET data = zeroblob (3503); COMMIT");
  n_frames = disk->files[KITH_TEST_DISK_WAL]->len / KITH_FRAME_BYTES;
  g_test_message ("%" G_GUINT64_FORMAT " reads, %" G_GUINT64_FORMAT " frames", disk->n_reads - n_before, n_frames);
  g_assert_cmpuint (n_frames, >=, 1500);
  g_assert_cmpuint (disk->n_reads - n_before, <, 20 * n_frames);
  g_assert_cmpint (kith_test_get_int (database->db, "SELECT sum (length (data)) FROM page"), ==, 1500 * 3503);
  kith_test_database_free (database);
}

static void
test_vacuum (Fixture *self, gconstpointer unused)
{
  kith_test_exec (self->live->db, "UPDATE message SET time_ms = time_ms + 1; VACUUM;"
                                  "CREATE INDEX by_text ON message (text); REINDEX");
  assert_sound (self->live, MESSAGES + TRANSACTIONS);
  kith_test_database_open (self->live);
  assert_sound (self->live, MESSAGES + TRANSACTIONS);
}

/* --- Nothing in clear ----------------------------------------------------------------------- */

static double
bits_per_byte (const GByteArray *bytes)
{
  guint counts[256] = { 0 };
  double bits = 0;

  for (guint i = 0; i < bytes->len; i++)
    counts[bytes->data[i]]++;
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    if (counts[i] > 0)
      bits -= counts[i] * log2 ((double) counts[i] / bytes->len);
  return bits / bytes->len;
}

static void
assert_nothing_in_clear (const char *path)
{
  static const char *const words[] = { "PLAINTEXT", "zebra", "message", "SQLite", "CREATE" };
  g_autoptr (GByteArray) bytes = kith_test_read_file (path);

  g_assert_cmpuint (bytes->len, >, 100000);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_null (memmem (bytes->data, bytes->len, words[i], strlen (words[i])));
  g_assert_cmpfloat (bits_per_byte (bytes), >, 7.98);
}

static void
test_nothing_in_clear (Fixture *self, gconstpointer unused)
{
  change_more_than_fits (self->live->db);
  assert_nothing_in_clear (self->live->path);
  assert_nothing_in_clear (self->live->wal_path);
}

/* They are over plaintext. */
static void
test_checksums_not_in_clear (Fixture *self, gconstpointer unused)
{
  g_autoptr (GByteArray) wal = kith_test_read_file (self->live->wal_path);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                       (GDestroyNotify) g_bytes_unref, NULL);
  KithPageCipher cipher;

  kith_test_database_init_cipher (self->live, &cipher);
  for (gsize at = frame_at (0); at + KITH_FRAME_BYTES <= wal->len; at += KITH_FRAME_BYTES)
    {
      guint8 frame[KITH_FRAME_BYTES];
      const guint8 *checksum = wal->data + at + 16;

      memcpy (frame, wal->data + at, sizeof frame);
      g_assert_true (kith_page_cipher_open_frame (&cipher, frame, at));
      g_assert_cmpint (memcmp (frame + 16, checksum, 8), !=, 0);
      g_assert_true (g_hash_table_add (seen, g_bytes_new (checksum, 8)));
    }
  g_assert_cmpuint (g_hash_table_size (seen), >, TRANSACTIONS);
  kith_page_cipher_clear (&cipher);
}

/* --- Only the database and its log ---------------------------------------------------------- */

static void
assert_no_other_file (Fixture *self)
{
  GDir *dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_has_suffix (name, ".db") || g_str_has_suffix (name, ".db-wal"));
  g_dir_close (dir);
}

static void
test_only_main_db_and_wal (Fixture *self, gconstpointer unused)
{
  static const char *const refused[] = {
    "PRAGMA journal_mode=DELETE", "PRAGMA journal_mode=TRUNCATE", "PRAGMA journal_mode=OFF",
    "PRAGMA journal_mode=PERSIST", "PRAGMA page_size=8192", "PRAGMA mmap_size=1000000",
    "CREATE TEMP TABLE much AS SELECT * FROM message, (SELECT 1 UNION SELECT 2 UNION SELECT 3)",
  };

  kith_test_exec (self->live->db, "PRAGMA temp_store=FILE; PRAGMA temp.cache_size=10");
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      if (kith_test_try (self->live->db, refused[i]) == SQLITE_OK)
        g_error ("Not refused: %s", refused[i]);
      assert_no_other_file (self);
    }
  kith_test_exec (self->live->db, "PRAGMA temp_store=MEMORY");
  kith_test_add_messages (self->live->db, 1);
  assert_sound (self->live, MESSAGES + TRANSACTIONS + 1);
}

static void
test_planted_journal (Fixture *self, gconstpointer unused)
{
  static const guint8 magic[] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, 0, 0, 0, 1 };
  g_autofree char *path = g_strconcat (self->image->path, "-journal", NULL);
  g_autoptr (GByteArray) journal = g_byte_array_new ();

  g_byte_array_append (journal, magic, sizeof magic);
  g_byte_array_set_size (journal, 8192);
  kith_test_write_file (path, journal);
  kith_test_database_open (self->image);
  assert_sound (self->image, MESSAGES + TRANSACTIONS);
}

/* --- After damage --------------------------------------------------------------------------- */

static void
test_writes_stop_after_damage (Fixture *self, gconstpointer unused)
{
  g_autoptr (GByteArray) before = NULL;
  g_autoptr (GByteArray) after = NULL;

  kith_test_database_close (self->live);
  for (gsize page = 5; page < 40; page++)
    flip (self->live->path, page * KITH_PAGE_BYTES + 7);
  kith_test_database_open (self->live);
  before = kith_test_read_file (self->live->path);

  g_assert_cmpint (kith_test_try (self->live->db, "SELECT sum(length(text)) FROM message"), !=,
                   SQLITE_OK);
  g_assert_true (kith_cipher_vfs_is_damaged (self->live->vfs));
  g_assert_cmpint (kith_test_try (self->live->db, "CREATE TABLE another (id)"), !=, SQLITE_OK);
  kith_test_database_close (self->live);
  after = kith_test_read_file (self->live->path);
  g_assert_cmpmem (before->data, before->len, after->data, after->len);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

/* Whatever a disk says that it can do: SQLite would write parts of pages, or leave out the log, on the
 * strength of it. Nor is it shown the bytes on the disk. */
static void
test_characteristics_are_masked (Fixture *self, gconstpointer unused)
{
  g_autoptr (KithTestDisk) disk = kith_test_disk_new ();
  KithTestDatabase *database = kith_test_database_new (self->folder, "all.db", kith_test_disk_get_name (disk));
  sqlite3_file *file = NULL;

  disk->characteristics = G_MAXINT;
  kith_test_database_open (database);
  g_assert_cmpint (sqlite3_file_control (database->db, "main", SQLITE_FCNTL_FILE_POINTER, &file), ==,
                   SQLITE_OK);
  g_assert_cmpint (file->pMethods->xDeviceCharacteristics (file), ==, SQLITE_IOCAP_POWERSAFE_OVERWRITE);
  g_assert_cmpint (file->pMethods->iVersion, ==, 1);
  g_assert_cmpint (file->pMethods->xFileControl (file, SQLITE_FCNTL_BEGIN_ATOMIC_WRITE, NULL), ==,
                   SQLITE_NOTFOUND);

  disk->characteristics = 0;
  g_assert_cmpint (file->pMethods->xDeviceCharacteristics (file), ==, 0);
  kith_test_database_free (database);
}

/* Blocks that are given back to the file system have nothing on them. */
static void
test_cut_log_is_overwritten (Fixture *self, gconstpointer unused)
{
  g_autoptr (KithTestDisk) disk = kith_test_disk_new ();
  KithTestDatabase *database = kith_test_database_new (self->folder, "cut.db", kith_test_disk_get_name (disk));
  g_autoptr (GByteArray) log = g_byte_array_new ();
  gsize n_cut = 0;

  kith_test_database_open (database);
  kith_test_create_schema (database->db);
  kith_test_add_messages (database->db, MESSAGES);
  kith_test_exec (database->db, "PRAGMA wal_checkpoint = TRUNCATE");
  kith_test_database_free (database);

  for (guint i = 0; i < disk->ops->len; i++)
    {
      const KithTestDiskOp *op = &g_array_index (disk->ops, KithTestDiskOp, i);

      if (op->file != KITH_TEST_DISK_WAL)
        continue;

      if (op->kind == KITH_TEST_DISK_OP_WRITE)
        kith_test_file_write (&log, op->offset, g_bytes_get_data (op->data, NULL), g_bytes_get_size (op->data));
      if (op->kind == KITH_TEST_DISK_OP_TRUNCATE || op->kind == KITH_TEST_DISK_OP_DELETE)
        {
          for (gsize at = MAX ((gsize) op->offset, KITH_WAL_HEADER_BYTES); at < log->len; at++)
            g_assert_cmpuint (log->data[at], ==, 0);
          n_cut += log->len - MIN ((gsize) op->offset, log->len);
          kith_test_file_resize (log, (gsize) op->offset);
        }
    }
  g_assert_cmpuint (n_cut, >, KITH_FRAME_BYTES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  add ("/cipher-vfs/wrong-key-destroys-nothing", test_wrong_key_destroys_nothing);
  add ("/cipher-vfs/without-the-layer", test_without_the_layer);
  add ("/cipher-vfs/crash-image", test_crash_image);
  add ("/cipher-vfs/torn-page-1-with-wal", test_torn_page_1_with_wal);
  add ("/cipher-vfs/recovery/end-of-log", test_end_of_log);
  add ("/cipher-vfs/recovery/damaged-frame", test_damaged_frame);
  add ("/cipher-vfs/recovery/damaged-header", test_damaged_log_header);
  add ("/cipher-vfs/recovery/emptied-database-keeps-its-log", test_emptied_database_keeps_its_log);
  add ("/cipher-vfs/spilled-transactions", test_spilled_transactions);
  add ("/cipher-vfs/big-transaction", test_big_transaction);
  add ("/cipher-vfs/vacuum", test_vacuum);
  add ("/cipher-vfs/nothing-in-clear", test_nothing_in_clear);
  add ("/cipher-vfs/checksums-not-in-clear", test_checksums_not_in_clear);
  add ("/cipher-vfs/only-main-db-and-wal", test_only_main_db_and_wal);
  add ("/cipher-vfs/planted-journal", test_planted_journal);
  add ("/cipher-vfs/writes-stop-after-damage", test_writes_stop_after_damage);
  add ("/cipher-vfs/cut-log-is-overwritten", test_cut_log_is_overwritten);
  add ("/cipher-vfs/characteristics-are-masked", test_characteristics_are_masked);

  return g_test_run ();
}
