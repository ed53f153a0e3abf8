/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-received-file.h"

#include <errno.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "node/kith-file-sink.h"
#include "node/kith-parcel.h"
#include "store/kith-store-errors.h"

/**
 * kith_received_file_is_there: (skip)
 * @row: a file that has come
 *
 * A link, a folder or another length: somebody has put something else there.
 *
 * Returns: whether it still is where it was put
 */
gboolean
kith_received_file_is_there (const KithStoreReceived *row)
{
  GStatBuf about;

  return g_lstat (row->path, &about) == 0 && S_ISREG (about.st_mode)
         && (guint64) about.st_size == row->size;
}

/* That may be a folder, with much in it. */
static gboolean
delete_partial (const char *path, GError **error)
{
  GStatBuf about;

  kith_file_sink_remove (path);
  if (g_lstat (path, &about) != 0 && (errno == ENOENT || errno == ENOTDIR))
    return TRUE;

  /* Once more, to hear why. */
  if (g_unlink (path) == 0)
    return TRUE;

  kith_store_set_errno_error (error, errno);
  return FALSE;
}

/**
 * kith_received_file_delete: (skip)
 * @row: a file that has come, or what has come of one
 * @error: return location for a #GError: those of kith_store_set_errno_error()
 *
 * Deletes it, if it still is that.
 *
 * Returns: whether nothing of it is left
 */
gboolean
kith_received_file_delete (const KithStoreReceived *row, GError **error)
{
  if (kith_parcel_is_partial (row->path))
    return delete_partial (row->path, error);
  if (!kith_received_file_is_there (row) || g_unlink (row->path) == 0 || errno == ENOENT)
    return TRUE;

  kith_store_set_errno_error (error, errno);
  return FALSE;
}
