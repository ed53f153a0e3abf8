/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of the files are changed: what is read afterwards is an error or what was written, and
 * never anything else. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "kith-test-database.h"
#include "kith-test-disk.h"

#define MESSAGES 1500
#define TRANSACTIONS 12
#define FLIPS 200
#define LONG_FACTOR 20

/* A disk in memory with a database that was closed, or whose log is still there. */
static KithTestDisk *
disk_new (guint8 key, gboolean with_log)
{
  KithTestDisk *disk = kith_test_disk_new ();
  g_autoptr (KithTestDatabase) database =
    kith_test_database_new (NULL, "db", kith_test_disk_get_name (disk));

  database->key = key;
  kith_test_database_open (database);
  kith_test_create_schema (database->db);
  kith_test_add_messages (database->db, MESSAGES);
  if (!with_log)
    return disk;

  kith_test_exec (database->db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size=10; BEGIN;"
                                "UPDATE message SET time_ms = 0; ROLLBACK");
  for (guint i = 0; i < TRANSACTIONS; i++)
    kith_test_add_messages (database->db, 1 + i % 3);
  kith_test_database_abandon (database);
  return disk;
}

static void
flip_any_bit (GByteArray *bytes, GRand *rand)
{
  gint32 at = g_rand_int_range (rand, 0, (gint32) bytes->len);

  bytes->data[at] ^= (guint8) (1u << g_rand_int_range (rand, 0, 8));
}

/* Reads everything. Returns: whether there was an error */
static gboolean
is_noticed (KithTestDisk *disk, gint64 messages)
{
  g_autoptr (KithTestDatabase) database =
    kith_test_database_new (NULL, "db", kith_test_disk_get_name (disk));
  g_autofree char *wrong = NULL;
  g_autofree char *fault = NULL;
  gboolean is_noticed;

  if (kith_test_database_try_open (database) != SQLITE_OK)
    return TRUE;

  wrong = kith_test_find_wrong_message (database->db);
  g_assert_false (wrong != NULL && g_str_has_suffix (wrong, "is wrong"));
  fault = kith_test_find_fault (database->db, messages);
  is_noticed = kith_cipher_vfs_is_damaged (database->vfs);
  if (fault != NULL && !is_noticed)
    g_error ("Not noticed: %s", fault);
  kith_test_database_abandon (database);
  return is_noticed;
}

static guint
flip_often (KithTestDisk *disk, KithTestDiskFile file, gint64 messages)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  guint n = kith_test_is_long () ? FLIPS * LONG_FACTOR : FLIPS;
  guint n_noticed = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithTestDisk) spoilt = kith_test_disk_copy (disk);

      flip_any_bit (spoilt->files[file], rand);
      if (is_noticed (spoilt, messages))
        n_noticed++;
    }
  g_test_message ("%u of %u were errors", n_noticed, n);
  return n_noticed;
}

/* All pages are in use, and so is every bit. */
static void
test_flips_in_database (void)
{
  g_autoptr (KithTestDisk) disk = disk_new (1, FALSE);

  g_assert_cmpuint (flip_often (disk, KITH_TEST_DISK_DB, MESSAGES), >=, FLIPS);
}

/* The last transaction may be lost, as it is when the power goes, and no other. */
static void
test_flips_in_log (void)
{
  g_autoptr (KithTestDisk) disk = disk_new (1, TRUE);
  gint64 messages = MESSAGES + TRANSACTIONS * 2;

  g_assert_cmpuint (flip_often (disk, KITH_TEST_DISK_WAL, messages - 3), >, 0);
}

static void
copy_page (GByteArray *to, guint to_number, GByteArray *from, guint from_number)
{
  memcpy (to->data + (to_number - 1) * KITH_PAGE_BYTES,
          from->data + (from_number - 1) * KITH_PAGE_BYTES, KITH_PAGE_BYTES);
}

static void
test_pages_swapped (void)
{
  g_autoptr (KithTestDisk) disk = disk_new (1, FALSE);
  g_autoptr (KithTestDisk) spoilt = kith_test_disk_copy (disk);

  copy_page (spoilt->files[KITH_TEST_DISK_DB], 12, disk->files[KITH_TEST_DISK_DB], 13);
  copy_page (spoilt->files[KITH_TEST_DISK_DB], 13, disk->files[KITH_TEST_DISK_DB], 12);
  g_assert_true (is_noticed (spoilt, MESSAGES));
}

static void
test_page_zeroed (void)
{
  g_autoptr (KithTestDisk) disk = disk_new (1, FALSE);

  memset (disk->files[KITH_TEST_DISK_DB]->data + 12 * KITH_PAGE_BYTES, 0, KITH_PAGE_BYTES);
  g_assert_true (is_noticed (disk, MESSAGES));
}

/* The same page of a file with the same content, and another key. */
static void
test_page_of_another_file (void)
{
  g_autoptr (KithTestDisk) disk = disk_new (1, FALSE);
  g_autoptr (KithTestDisk) other = disk_new (2, FALSE);

  copy_page (disk->files[KITH_TEST_DISK_DB], 12, other->files[KITH_TEST_DISK_DB], 12);
  g_assert_true (is_noticed (disk, MESSAGES));
}

/* It looks like a log that the power took away, as it does when somebody deletes it: what stands in the
 * file itself is there, and nothing of the other. */
static void
test_log_of_another_file (void)
{
  g_autoptr (KithTestDisk) disk = disk_new (1, TRUE);
  g_autoptr (KithTestDisk) other = disk_new (2, TRUE);
  GByteArray *wal = disk->files[KITH_TEST_DISK_WAL];

  memcpy (wal->data, other->files[KITH_TEST_DISK_WAL]->data,
          MIN (wal->len / 2, other->files[KITH_TEST_DISK_WAL]->len));
  g_assert_false (is_noticed (disk, MESSAGES));
}

static void
test_file_cut_short (void)
{
  g_autoptr (KithTestDisk) disk = disk_new (1, FALSE);

  g_byte_array_set_size (disk->files[KITH_TEST_DISK_DB], 20 * KITH_PAGE_BYTES + 100);
  g_assert_true (is_noticed (disk, 0));
}

/* SQLite would count what is left of the page for a page. */
static void
test_last_page_cut (void)
{
  g_autoptr (KithTestDisk) disk = disk_new (1, FALSE);
  const guint cuts[] = { 1, KITH_PAGE_RESERVED_BYTES, KITH_PAGE_BYTES - 1 };

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autoptr (KithTestDisk) spoilt = kith_test_disk_copy (disk);
      GByteArray *file = spoilt->files[KITH_TEST_DISK_DB];

      g_byte_array_set_size (file, file->len - cuts[i]);
      g_assert_true (is_noticed (spoilt, MESSAGES));
    }
}

/* The log says how many pages there are, and has only some of them. */
static void
test_pages_cut_beside_log (void)
{
  g_autoptr (KithTestDisk) disk = disk_new (1, TRUE);
  GByteArray *file = disk->files[KITH_TEST_DISK_DB];

  g_byte_array_set_size (file, file->len / 2 / KITH_PAGE_BYTES * KITH_PAGE_BYTES);
  g_assert_true (is_noticed (disk, MESSAGES));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/tampering/flips/database", test_flips_in_database);
  g_test_add_func ("/tampering/flips/log", test_flips_in_log);
  g_test_add_func ("/tampering/pages-swapped", test_pages_swapped);
  g_test_add_func ("/tampering/page-zeroed", test_page_zeroed);
  g_test_add_func ("/tampering/page-of-another-file", test_page_of_another_file);
  g_test_add_func ("/tampering/log-of-another-file", test_log_of_another_file);
  g_test_add_func ("/tampering/file-cut-short", test_file_cut_short);
  g_test_add_func ("/tampering/last-page-cut", test_last_page_cut);
  g_test_add_func ("/tampering/pages-cut-beside-log", test_pages_cut_beside_log);

  return g_test_run ();
}
