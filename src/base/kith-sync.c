/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-sync.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

static gboolean
sync_path (const char *path, int flags)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | flags, 0);
  gboolean is_done = fd >= 0 && fsync (fd) == 0;
  int saved = errno;

  if (fd >= 0)
    close (fd);
  errno = saved;
  return is_done;
}

/**
 * kith_sync_file:
 * @path: (type filename): a file
 *
 * Waits until what was written to it is on the disk. Blocks.
 *
 * Returns: whether it is; else errno says why
 */
gboolean
kith_sync_file (const char *path)
{
  return sync_path (path, 0);
}

/**
 * kith_sync_folder_of:
 * @path: (type filename): a file
 *
 * A new name of a file is on the disk when its folder is. Blocks. Some file systems, those of shared folders and of
 * memory among them, do not know how to write a folder alone: there is nothing to wait for then.
 *
 * Returns: whether it is; else errno says why
 */
gboolean
kith_sync_folder_of (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return sync_path (folder, O_DIRECTORY) || errno == EINVAL || errno == ENOTSUP;
}
