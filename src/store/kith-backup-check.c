/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "base/kith-error.h"
#include "store/kith-backup-file.h"
#include "store/kith-backup.h"

/* A look at the progress costs more than a chunk. */
#define CHUNKS_PER_REPORT 64

typedef struct
{
  KithBackupProgressFunc progress; /* (nullable) */
  gpointer               progress_data;
  GCancellable          *cancellable; /* (nullable) */
  guint64                size;        /* of the file */
} Check;

static void
report (const Check *check, KithBackupReader *reader)
{
  guint64 n_read = kith_backup_reader_get_n_read (reader);

  if (check->progress != NULL && check->size > 0)
    check->progress ((double) n_read / (double) check->size, check->progress_data);
}

static gboolean
read_everything (const Check *check, KithBackupReader *reader, GError **error)
{
  for (guint i = 1; !kith_backup_reader_is_at_end (reader); i++)
    {
      if (g_cancellable_set_error_if_cancelled (check->cancellable, error)
          || !kith_backup_reader_skip (reader, error))
        return FALSE;
      if (i % CHUNKS_PER_REPORT == 0)
        report (check, reader);
    }

  return !g_cancellable_set_error_if_cancelled (check->cancellable, error);
}

/* It was us who wrote it: a passphrase that does not fit, or damage, makes it no backup. DAMAGED is what the profile
 * is, when it cannot be read. */
static void
say_no_backup (GError **error)
{
  if (error == NULL || g_error_matches (*error, KITH_ERROR, KITH_ERROR_DISK)
      || g_error_matches (*error, KITH_ERROR, KITH_ERROR_FAILED)
      || g_error_matches (*error, KITH_ERROR, KITH_ERROR_NO_MEMORY)
      || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_error (error);
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_A_BACKUP, "The backup cannot be read");
}

gboolean
kith_backup_check (GFile *file, KithSecret *passphrase, KithBackupProgressFunc progress,
                   gpointer progress_data, GCancellable *cancellable, GError **error)
{
  Check check = { .progress = progress, .progress_data = progress_data, .cancellable = cancellable };
  g_autoptr (GFileInputStream) stream = kith_backup_open (file, &check.size, error);
  g_autoptr (KithBackupReader) reader = NULL;

  if (stream != NULL)
    reader = kith_backup_reader_new (G_INPUT_STREAM (stream), passphrase, error);
  if (reader != NULL && read_everything (&check, reader, error))
    {
      if (progress != NULL)
        progress (1, progress_data);
      return TRUE;
    }

  say_no_backup (error);
  return FALSE;
}
