/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups, and what stands beside a vault. The first byte says what is done with the rest:
 *
 *   1   it is sealed, in real chunks, and imported: whoever knows the passphrase may have written it
 *   2   it is the file of the tries that failed
 *   3   a place and a bit of a backup that is in order, to be flipped
 *   else with that byte it is the head of a vault, of a backup, or chunks behind a real head
 *
 * Argon2id runs only for heads of ours: one that is taken could ask for 2 GiB. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include <gio/gio.h>
#include <sodium.h>

#include "base/kith-limits.h"
#include "kith-fuzz.h"
#include "kith-test-database.h"
#include "kith-test-disk.h"
#include "store/kith-attempts.h"
#include "store/kith-backup-file.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"
#include "store/kith-store-private.h"

enum
{
  IMPORT = 1,
  ATTEMPTS,
  FLIP,
};

#define PLAIN_BYTES 3000
#define VERSIONS 32 /* of the schema */

static KithSecret *passphrase; /* (owned), as long as the program runs */

static GBytes *
write_backup (const guint8 *data, gsize size)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (KithBackupWriter) writer = kith_backup_writer_new (passphrase, NULL);

  kith_fuzz_check (writer != NULL && kith_backup_writer_begin (writer, stream, NULL)
                   && kith_backup_writer_write (writer, data, size, NULL)
                   && kith_backup_writer_finish (writer, NULL));
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

/* Returns: (transfer full): the name of a file in memory that has @data; @fd is to be closed */
static char *
put_file (gconstpointer data, gsize size, int *fd)
{
  *fd = memfd_create ("kith-fuzz", MFD_CLOEXEC);
  kith_fuzz_check (*fd >= 0 && write (*fd, data, size) == (gssize) size);
  return g_strdup_printf ("/proc/self/fd/%d", *fd);
}

/* --- What is behind the head ---------------------------------------------------------------- */

/* One that opens cheaply, made once. */
static GBytes *
get_head (void)
{
  static GBytes *head;
  g_autoptr (GBytes) backup = NULL;

  if (head == NULL)
    {
      backup = write_backup ((const guint8 *) "", 0);
      head = g_bytes_new_from_bytes (backup, 0, KITH_KEY_WRAP_BYTES
                                     + crypto_secretstream_xchacha20poly1305_HEADERBYTES);
    }
  return head;
}

/* Returns: how much of it was authentic */
static gsize
read_backup (GBytes *bytes)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (KithBackupReader) reader = kith_backup_reader_new (stream, passphrase, NULL);
  gsize n = 0;
  guint8 byte;

  while (reader != NULL && kith_backup_reader_read (reader, &byte, 1, NULL))
    n++;
  return n;
}

static void
read_stream (const guint8 *data, gsize size)
{
  GBytes *head = get_head ();
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  g_byte_array_append (file, g_bytes_get_data (head, NULL), (guint) g_bytes_get_size (head));
  g_byte_array_append (file, data, (guint) size);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&file));
  kith_fuzz_check (read_backup (bytes) == 0);
}

/* In the head as well, but for what Argon2id is asked to spend: that is for the others. */
static void
flip (const guint8 *data, gsize size)
{
  static GBytes *backup;
  static const guint8 plain[PLAIN_BYTES] = { 1 };
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  gsize at;

  if (size < 3)
    return;
  if (backup == NULL)
    backup = write_backup (plain, sizeof plain);

  g_byte_array_append (file, g_bytes_get_data (backup, NULL), (guint) g_bytes_get_size (backup));
  at = KITH_KEY_WRAP_BYTES
       + ((gsize) data[0] << 8 | data[1]) % (g_bytes_get_size (backup) - KITH_KEY_WRAP_BYTES);
  file->data[at] ^= (guint8) (1u << (data[2] % 8));
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&file));
  kith_fuzz_check (read_backup (bytes) == 0);
}

/* --- What is in it -------------------------------------------------------------------------- */

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

/* A disk in memory, and on it what an import would make first of all, which takes longer than the rest. */
static KithTestDisk *
disk_new (guint version, KithSecret *key)
{
  GByteArray *database = get_database (version, key);
  KithTestDisk *disk = kith_test_disk_new ();

  if (database != NULL)
    kith_test_file_write (&disk->files[KITH_TEST_DISK_DB], 0, database->data, database->len);
  return disk;
}

/* What was imported is opened as at each start. */
static void
open_imported (const char *path, KithSecret *key)
{
  KithDatabase *database = kith_database_open (path, key, NULL);
  KithStoreSnapshot *snapshot;

  kith_fuzz_check (database != NULL);
  snapshot = kith_store_read_snapshot (database, NULL);
  if (snapshot != NULL)
    kith_store_snapshot_free (snapshot);
  kith_fuzz_check (kith_database_close (database, NULL));
}

static void
import_into (const char *path, KithSecret *key, const guint8 *data, gsize size)
{
  g_autoptr (GBytes) backup = write_backup (data, size);
  g_autoptr (GError) error = NULL;
  int fd;
  g_autofree char *name = put_file (g_bytes_get_data (backup, NULL), g_bytes_get_size (backup), &fd);
  g_autoptr (GFile) file = g_file_new_for_path (name);

  if (kith_backup_import (file, passphrase, path, key, NULL, NULL, NULL, &error))
    open_imported (path, key);
  else
    kith_fuzz_check (error != NULL);
  close (fd);
}

static void
import (const guint8 *data, gsize size)
{
  static const guint8 bytes[32] = { 6 };
  g_autoptr (KithSecret) key = kith_secret_new_from (bytes, sizeof bytes);
  guint version = size >= 4 && data[0] == 0 && data[1] == 0 && data[2] == 0 ? data[3] : 0;
  g_autoptr (KithTestDisk) disk = disk_new (version, key);
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "db", NULL);
  sqlite3_vfs *before = sqlite3_vfs_find (NULL);

  if (disk->files[KITH_TEST_DISK_DB] != NULL)
    kith_fuzz_check (g_file_set_contents (path, "", 0, NULL));
  sqlite3_vfs_register (sqlite3_vfs_find (kith_test_disk_get_name (disk)), 1);
  import_into (path, key, data, size);
  sqlite3_vfs_register (before, 1);
}

/* --- What stands beside a vault ------------------------------------------------------------- */

static void
try_attempts (const guint8 *data, gsize size)
{
  static const gint64 times_s[] = { 0, 1767225600, G_MAXINT64 };
  int fd;
  g_autofree char *path = put_file (data, size, &fd);

  for (guint i = 0; i < G_N_ELEMENTS (times_s); i++)
    {
      g_autoptr (KithAttempts) attempts = kith_attempts_new (path);
      KithAttemptsTime now = { .unix_s = times_s[i], .running_s = 1000 };

      kith_fuzz_check (kith_attempts_get_tries_left (attempts, &now) <= KITH_LIMIT_WRONG_PASSPHRASES);
      kith_fuzz_check (kith_attempts_get_pause_s (attempts, &now) <= KITH_LIMIT_PASSPHRASE_PAUSE_S);
    }
  close (fd);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gboolean has_passphrase;
  guint8 what = size > 0 ? data[0] : 0;

  if (passphrase == NULL)
    {
      kith_key_wrap_make_it_cheap ();
      passphrase = kith_passphrase_new ("fuzz", NULL);
    }

  if (what == IMPORT)
    import (data + 1, size - 1);
  else if (what == ATTEMPTS)
    try_attempts (data + 1, size - 1);
  else if (what == FLIP)
    flip (data + 1, size - 1);
  else
    {
      kith_key_wrap_peek (data, size, "KITHVLT", &has_passphrase, NULL);
      kith_key_wrap_peek (data, size, "KITHBAK", &has_passphrase, NULL);
      read_stream (data, size);
    }
  return 0;
}
