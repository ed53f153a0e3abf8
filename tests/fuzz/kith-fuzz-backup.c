/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz-backup.h"

#include <unistd.h>

#include <sys/mman.h>

#include "kith-fuzz.h"
#include "kith-test-database.h"
#include "store/kith-backup-file.h"
#include "store/kith-backup.h"
#include "store/kith-database.h"
#include "store/kith-key-wrap.h"

#define VERSIONS 32 /* of the schema */

static sqlite3_vfs *before; /* there was a disk of ours */

KithSecret *
kith_fuzz_backup_get_passphrase (void)
{
  static KithSecret *passphrase;

  if (passphrase == NULL)
    {
      kith_key_wrap_make_it_cheap ();
      passphrase = kith_passphrase_new ("fuzz", NULL);
    }
  return passphrase;
}

GBytes *
kith_fuzz_backup_seal (gconstpointer data, gsize size)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (KithBackupWriter) writer = kith_backup_writer_new (kith_fuzz_backup_get_passphrase (), NULL);

  kith_fuzz_check (writer != NULL && kith_backup_writer_begin (writer, stream, NULL)
                   && kith_backup_writer_write (writer, data, size, NULL)
                   && kith_backup_writer_finish (writer, NULL));
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

char *
kith_fuzz_put_file (gconstpointer data, gsize size, int *fd)
{
  *fd = memfd_create ("kith-fuzz", MFD_CLOEXEC);
  kith_fuzz_check (*fd >= 0 && write (*fd, data, size) == (gssize) size);
  return g_strdup_printf ("/proc/self/fd/%d", *fd);
}

/* --- The disk ------------------------------------------------------------------------------- */

/* An empty database of a version of the schema, each made once. (transfer none) (nullable) */
static GByteArray *
get_database (guint version, KithSecret *key)
{
  static GByteArray *databases[VERSIONS];
  g_autoptr (KithTestFolder) folder = NULL;
  g_autofree char *path = NULL;
  KithDatabase *database;

  if (version == 0 || version >= VERSIONS || version > kith_database_get_latest_version ())
    return NULL;

  if (databases[version] == NULL)
    {
      folder = kith_test_folder_new ();
      path = g_build_filename (folder, "db", NULL);
      database = kith_database_open_full (path, key, NULL, version, NULL);
      kith_fuzz_check (database != NULL && kith_database_close (database, NULL));
      databases[version] = kith_test_read_file (path);
    }
  return databases[version];
}

KithTestDisk *
kith_fuzz_backup_begin_disk (const char *path, KithSecret *key, const guint8 *data, gsize size)
{
  guint version = size >= 4 && data[0] == 0 && data[1] == 0 && data[2] == 0 ? data[3] : 0;
  GByteArray *database = get_database (version, key);
  KithTestDisk *disk = kith_test_disk_new ();

  if (database != NULL)
    {
      kith_test_file_write (&disk->files[KITH_TEST_DISK_DB], 0, database->data, database->len);
      kith_fuzz_check (g_file_set_contents (path, "", 0, NULL));
    }
  before = sqlite3_vfs_find (NULL);
  sqlite3_vfs_register (sqlite3_vfs_find (kith_test_disk_get_name (disk)), 1);
  return disk;
}

void
kith_fuzz_backup_end_disk (KithTestDisk *disk)
{
  sqlite3_vfs_register (before, 1);
  kith_test_disk_free (disk);
}

gboolean
kith_fuzz_backup_import (const char *path, KithSecret *key, const guint8 *data, gsize size)
{
  g_autoptr (GBytes) backup = kith_fuzz_backup_seal (data, size);
  g_autoptr (GError) error = NULL;
  int fd;
  g_autofree char *name = kith_fuzz_put_file (g_bytes_get_data (backup, NULL), g_bytes_get_size (backup), &fd);
  g_autoptr (GFile) file = g_file_new_for_path (name);
  gboolean is_taken = kith_backup_import (file, kith_fuzz_backup_get_passphrase (), path, key, NULL, NULL, NULL,
                                          &error);

  kith_fuzz_check (is_taken == (error == NULL));
  close (fd);
  return is_taken;
}
