/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-errors.h"

#include <errno.h>

#include <gio/gio.h>

#include "base/kith-error.h"

static KithError
code_for_errno (int code)
{
  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
      return KITH_ERROR_DISK_FULL;
    case EACCES:
    case EPERM:
      return KITH_ERROR_PERMISSION;
    case ENOENT:
    case ENOTDIR:
      return KITH_ERROR_NOT_FOUND;
    case EEXIST:
      return KITH_ERROR_EXISTS;
    default:
      return KITH_ERROR_DISK;
    }
}

static KithError
code_for_file_error (gint code)
{
  static const struct
  {
    GFileError theirs;
    KithError  ours;
  } same[] = {
    { G_FILE_ERROR_NOSPC, KITH_ERROR_DISK_FULL },  { G_FILE_ERROR_ACCES, KITH_ERROR_PERMISSION },
    { G_FILE_ERROR_PERM, KITH_ERROR_PERMISSION },  { G_FILE_ERROR_NOENT, KITH_ERROR_NOT_FOUND },
    { G_FILE_ERROR_NOTDIR, KITH_ERROR_NOT_FOUND }, { G_FILE_ERROR_EXIST, KITH_ERROR_EXISTS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    if ((gint) same[i].theirs == code)
      return same[i].ours;

  return KITH_ERROR_DISK;
}

/**
 * kith_store_set_errno_error:
 * @error: return location for a #GError: %KITH_ERROR_DISK_FULL, %KITH_ERROR_PERMISSION, %KITH_ERROR_NOT_FOUND,
 *   %KITH_ERROR_EXISTS, or %KITH_ERROR_DISK for all that has no code of its own
 * @code: an errno
 */
void
kith_store_set_errno_error (GError **error, int code)
{
  KithError ours = code_for_errno (code);

  g_set_error (error, KITH_ERROR, (gint) ours, "The disk says: %s", g_strerror (code));
}

/**
 * kith_store_set_file_error:
 * @error: return location for a #GError: of %G_FILE_ERROR as of kith_store_set_errno_error(), of others as
 *   kith_error_code_from_gerror() says, and %KITH_ERROR_DISK for all that has no code of its own
 * @theirs: an error of G_FILE_ERROR or G_IO_ERROR
 */
void
kith_store_set_file_error (GError **error, const GError *theirs)
{
  KithError ours = theirs->domain == G_FILE_ERROR ? code_for_file_error (theirs->code)
                                                  : kith_error_code_from_gerror (theirs);

  g_set_error_literal (error, KITH_ERROR, (gint) (ours == KITH_ERROR_FAILED ? KITH_ERROR_DISK : ours),
                       theirs->message);
}
