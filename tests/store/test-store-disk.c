/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disk that fails for a while: full, gone, or refusing to read. Nothing that was committed is lost,
 * callers hear why, and all goes on when the disk is back. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <sodium.h>
#include <sqlite3.h>

#include "base/kith-error.h"
#include "kith-test-database.h"
#include "kith-test-store.h"

/* --- A VFS that fails on request ------------------------------------------------------------ */

static struct
{
  sqlite3_vfs        vfs;
  sqlite3_vfs       *base;
  sqlite3_io_methods methods;
  gint               fails_writing; /* atomic: 0, or the errno */
  gint               fails_reading;
  gint               fails_syncing;
} disk;

typedef struct
{
  sqlite3_file file;
} DiskFile;

static sqlite3_file *
below (sqlite3_file *file)
{
  return (sqlite3_file *) (gpointer) ((DiskFile *) file + 1);
}

static int
fail (gint *flag, int code, int full_code)
{
  int reason = g_atomic_int_get (flag);

  if (reason == 0)
    return SQLITE_OK;

  errno = reason;
  return reason == ENOSPC ? full_code : code;
}

static int
disk_read (sqlite3_file *file, void *buffer, int n, sqlite3_int64 offset)
{
  int rc = fail (&disk.fails_reading, SQLITE_IOERR_READ, SQLITE_IOERR_READ);

  return rc != SQLITE_OK ? rc : below (file)->pMethods->xRead (below (file), buffer, n, offset);
}

static int
disk_write (sqlite3_file *file, const void *buffer, int n, sqlite3_int64 offset)
{
  int rc = fail (&disk.fails_writing, SQLITE_IOERR_WRITE, SQLITE_FULL);

  return rc != SQLITE_OK ? rc : below (file)->pMethods->xWrite (below (file), buffer, n, offset);
}

static int
disk_sync (sqlite3_file *file, int flags)
{
  int rc = fail (&disk.fails_syncing, SQLITE_IOERR_FSYNC, SQLITE_FULL);

  return rc != SQLITE_OK ? rc : below (file)->pMethods->xSync (below (file), flags);
}

static int
disk_close (sqlite3_file *file)
{
  return below (file)->pMethods->xClose (below (file));
}

static int
disk_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  return below (file)->pMethods->xTruncate (below (file), size);
}

static int
disk_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return below (file)->pMethods->xFileSize (below (file), size);
}

static int
disk_lock (sqlite3_file *file, int level)
{
  return below (file)->pMethods->xLock (below (file), level);
}

static int
disk_unlock (sqlite3_file *file, int level)
{
  return below (file)->pMethods->xUnlock (below (file), level);
}

static int
disk_check_lock (sqlite3_file *file, int *result)
{
  return below (file)->pMethods->xCheckReservedLock (below (file), result);
}

static int
disk_control (sqlite3_file *file, int op, void *argument)
{
  return below (file)->pMethods->xFileControl (below (file), op, argument);
}

static int
disk_sector_size (sqlite3_file *file)
{
  return below (file)->pMethods->xSectorSize (below (file));
}

static int
disk_characteristics (sqlite3_file *file)
{
  return below (file)->pMethods->xDeviceCharacteristics (below (file));
}

static int
disk_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  int rc = disk.base->xOpen (disk.base, name, below (file), flags, out_flags);

  file->pMethods = rc == SQLITE_OK ? &disk.methods : NULL;
  return rc;
}

/* In the place of the system's, which everything below the encryption uses. */
static void
install_disk (void)
{
  disk.base = sqlite3_vfs_find (NULL);
  disk.methods = (sqlite3_io_methods){
    1,         disk_close,  disk_read,       disk_write,   disk_truncate,    disk_sync,           disk_size,
    disk_lock, disk_unlock, disk_check_lock, disk_control, disk_sector_size, disk_characteristics,
  };
  disk.vfs = *disk.base;
  disk.vfs.zName = "failing-disk";
  disk.vfs.pNext = NULL;
  disk.vfs.szOsFile = (int) sizeof (DiskFile) + disk.base->szOsFile;
  disk.vfs.xOpen = disk_open;
  sqlite3_vfs_register (&disk.vfs, 1);
}

static void
mend (void)
{
  g_atomic_int_set (&disk.fails_writing, 0);
  g_atomic_int_set (&disk.fails_reading, 0);
  g_atomic_int_set (&disk.fails_syncing, 0);
}

/* --- Tests ---------------------------------------------------------------------------------- */

typedef struct
{
  char       *folder;
  char       *path;
  KithSecret *key;
  KithStore  *store;
  guint       n; /* messages that were acknowledged */
} Fixture;

static const guint8 ann[KITH_STORE_IDENTITY_BYTES] = { 1 };

static void
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = kith_store_open (fixture->path, fixture->key, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const guint8 bytes[32] = { 3 };

  fixture->folder = g_dir_make_tmp ("kith-disk-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "kith.db", NULL);
  fixture->key = kith_secret_new_from (bytes, sizeof bytes);
  open_store (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mend ();
  kith_test_close (fixture->store);
  g_clear_object (&fixture->store);
  g_clear_pointer (&fixture->key, kith_secret_unref);
  g_free (fixture->path);
  kith_test_folder_free (fixture->folder);
}

/* Returns: whether it was acknowledged */
static gboolean
say (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreMessage row = { .hlc = fixture->n + 1, .text = (char *) "hello" };
  gboolean is_done;

  randombytes_buf (row.id, sizeof row.id);
  memcpy (row.identity, ann, sizeof row.identity);
  kith_store_batch_add_message (batch, &row);
  kith_store_commit_async (fixture->store, batch, NULL, kith_test_result_cb, &result);
  is_done = kith_store_commit_finish (fixture->store, kith_test_await (&result), error);
  fixture->n += is_done;
  return is_done;
}

static guint
count (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  KithStoreCursor cursor = { .hlc = G_MAXUINT64 };

  memcpy (cursor.identity, ann, sizeof ann);
  kith_store_load_messages_async (fixture->store, &cursor, KITH_STORE_BEFORE, 10000, NULL,
                                  kith_test_result_cb, &result);
  rows = kith_store_load_messages_finish (fixture->store, kith_test_await (&result), error);
  return rows != NULL ? rows->len : G_MAXUINT;
}

typedef struct
{
  gint     *flag;
  gint      reason;
  KithError expected;
} Failure;

/* The disk fails in the middle and comes back, with the same store and with a new one. */
static void
test_failure (Fixture *fixture, gconstpointer data)
{
  const Failure *failure = data;

  for (guint round = 0; round < 5; round++)
    {
      for (guint i = 0; i < 20; i++)
        g_assert_true (say (fixture, NULL));

      g_atomic_int_set (failure->flag, failure->reason);
      for (guint i = 0; i < 3; i++)
        {
          g_autoptr (GError) error = NULL;

          g_assert_false (say (fixture, &error));
          g_assert_error (error, KITH_ERROR, (gint) failure->expected);
        }

      mend ();
      g_assert_true (say (fixture, NULL));
      g_assert_cmpuint (count (fixture, NULL), ==, fixture->n);
    }

  kith_test_close (fixture->store);
  g_clear_object (&fixture->store);
  open_store (fixture);
  g_assert_cmpuint (count (fixture, NULL), ==, fixture->n);
}

/* Never to come back: closing says so, and a new start has all that was acknowledged. */
static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 20; i++)
    g_assert_true (say (fixture, NULL));

  g_atomic_int_set (&disk.fails_writing, EIO);
  g_atomic_int_set (&disk.fails_reading, EIO);
  g_atomic_int_set (&disk.fails_syncing, EIO);
  g_assert_false (say (fixture, NULL));
  kith_store_close_async (fixture->store, kith_test_result_cb, &closed);
  g_assert_false (kith_store_close_finish (fixture->store, kith_test_await (&closed), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DISK);
  g_clear_object (&closed);
  g_clear_object (&fixture->store);

  mend ();
  open_store (fixture);
  g_assert_cmpuint (count (fixture, NULL), ==, fixture->n);
}

/* Asked for a page that is not in the cache. */
static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 200; i++)
    g_assert_true (say (fixture, NULL));
  kith_test_close (fixture->store);
  g_clear_object (&fixture->store);
  open_store (fixture);

  g_atomic_int_set (&disk.fails_reading, EIO);
  g_assert_cmpuint (count (fixture, &error), ==, G_MAXUINT);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DISK);
  mend ();
  g_assert_cmpuint (count (fixture, NULL), ==, fixture->n);
}

/* What cannot be read because the disk is gone is not damaged, though something else is: a backup does without what is,
 * and must not do without the rest. */
static void
test_gone_after_damage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GByteArray) damaged = g_byte_array_new ();

  for (guint i = 0; i < 200; i++)
    g_assert_true (say (fixture, NULL));
  kith_test_close (fixture->store);
  g_clear_object (&fixture->store);
  bytes = kith_test_read_file (fixture->path);
  g_byte_array_append (damaged, bytes->data, bytes->len);
  for (gsize i = bytes->len / KITH_PAGE_BYTES - 3; i < bytes->len / KITH_PAGE_BYTES; i++)
    damaged->data[i * KITH_PAGE_BYTES + 100] ^= 1;
  kith_test_write_file (fixture->path, damaged);
  open_store (fixture);

  g_assert_cmpuint (count (fixture, &error), ==, G_MAXUINT);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  g_clear_error (&error);
  g_atomic_int_set (&disk.fails_reading, EIO);
  g_assert_cmpuint (count (fixture, &error), ==, G_MAXUINT);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DISK);

  kith_store_close_async (fixture->store, kith_test_result_cb, &closed);
  kith_store_close_finish (fixture->store, kith_test_await (&closed), NULL);
  g_clear_object (&fixture->store);
  mend ();
  kith_test_write_file (fixture->path, bytes);
  open_store (fixture);
}

int
main (int argc, char *argv[])
{
  static const Failure full = { &disk.fails_writing, ENOSPC, KITH_ERROR_DISK_FULL };
  static const Failure quota = { &disk.fails_writing, EDQUOT, KITH_ERROR_DISK_FULL };
  static const Failure unplugged = { &disk.fails_writing, EIO, KITH_ERROR_DISK };
  static const Failure unsynced = { &disk.fails_syncing, EIO, KITH_ERROR_DISK };

  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  install_disk ();
  g_test_add ("/disk/full", Fixture, &full, set_up, test_failure, tear_down);
  g_test_add ("/disk/quota", Fixture, &quota, set_up, test_failure, tear_down);
  g_test_add ("/disk/unplugged", Fixture, &unplugged, set_up, test_failure, tear_down);
  g_test_add ("/disk/unsynced", Fixture, &unsynced, set_up, test_failure, tear_down);
  g_test_add ("/disk/gone", Fixture, NULL, set_up, test_gone, tear_down);
  g_test_add ("/disk/unreadable", Fixture, NULL, set_up, test_unreadable, tear_down);
  g_test_add ("/disk/gone-after-damage", Fixture, NULL, set_up, test_gone_after_damage, tear_down);
  return g_test_run ();
}
