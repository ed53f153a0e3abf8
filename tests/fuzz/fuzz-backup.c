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

#include <gio/gio.h>
#include <sodium.h>

#include "base/kith-limits.h"
#include "kith-fuzz-backup.h"
#include "kith-fuzz.h"
#include "kith-test-database.h"
#include "store/kith-attempts.h"
#include "store/kith-backup-file.h"
#include "store/kith-key-wrap.h"
#include "store/kith-store-private.h"

enum
{
  IMPORT = 1,
  ATTEMPTS,
  FLIP,
};

#define PLAIN_BYTES 3000

/* --- What is behind the head ---------------------------------------------------------------- */

/* One that opens cheaply, made once. */
static GBytes *
get_head (void)
{
  static GBytes *head;
  g_autoptr (GBytes) backup = NULL;

  if (head == NULL)
    {
      backup = kith_fuzz_backup_seal ("", 0);
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
  g_autoptr (KithBackupReader) reader = kith_backup_reader_new (stream, kith_fuzz_backup_get_passphrase (), NULL);
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
    backup = kith_fuzz_backup_seal (plain, sizeof plain);

  g_byte_array_append (file, g_bytes_get_data (backup, NULL), (guint) g_bytes_get_size (backup));
  at = KITH_KEY_WRAP_BYTES
       + ((gsize) data[0] << 8 | data[1]) % (g_bytes_get_size (backup) - KITH_KEY_WRAP_BYTES);
  file->data[at] ^= (guint8) (1u << (data[2] % 8));
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&file));
  kith_fuzz_check (read_backup (bytes) == 0);
}

/* --- What is in it -------------------------------------------------------------------------- */

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
import (const guint8 *data, gsize size)
{
  static const guint8 bytes[32] = { 6 };
  g_autoptr (KithSecret) key = kith_secret_new_from (bytes, sizeof bytes);
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "db", NULL);
  KithTestDisk *disk = kith_fuzz_backup_begin_disk (path, key, data, size);

  if (kith_fuzz_backup_import (path, key, data, size))
    open_imported (path, key);
  kith_fuzz_backup_end_disk (disk);
}

/* --- What stands beside a vault ------------------------------------------------------------- */

static void
try_attempts (const guint8 *data, gsize size)
{
  static const gint64 times_s[] = { 0, 1767225600, G_MAXINT64 };
  int fd;
  g_autofree char *path = kith_fuzz_put_file (data, size, &fd);

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
