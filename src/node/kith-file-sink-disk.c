/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is received, on the disk: files and folders that nobody else has made, links never followed. See
 * kith-file-sink.c. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-file-sink-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/kith-limits.h"
#include "store/kith-store-errors.h"

/* Returns: %FALSE, and what errno says as the error */
gboolean
kith_file_sink_fail (GError **error)
{
  kith_store_set_errno_error (error, errno);
  return FALSE;
}

void
kith_file_sink_close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/* --- Removing ------------------------------------------------------------------------------- */

void
kith_file_sink_remove_at (int folder_fd, const char *name)
{
  int fd = openat (folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;

  if (dir == NULL)
    {
      kith_file_sink_close_fd (&fd);
      unlinkat (folder_fd, name, 0);
      return;
    }

  while ((entry = readdir (dir)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      kith_file_sink_remove_at (fd, entry->d_name);
  closedir (dir);
  unlinkat (folder_fd, name, AT_REMOVEDIR);
}

/**
 * kith_file_sink_remove: (skip)
 * @partial: (type filename): what was received so far of something that is not wanted any more
 *
 * Worker thread.
 */
void
kith_file_sink_remove (const char *partial)
{
  kith_file_sink_remove_at (AT_FDCWD, partial);
}

/* --- Opening -------------------------------------------------------------------------------- */

/* What is there under that name is only taken for ours when it cannot be anything else. */
static gboolean
is_ours (int fd, mode_t type)
{
  struct stat info;

  return fstat (fd, &info) == 0 && (info.st_mode & S_IFMT) == type && info.st_uid == geteuid ()
         && (type == S_IFDIR || info.st_nlink == 1);
}

/* A file in a folder, made when it is not there. */
int
kith_file_sink_open_file (int folder_fd, const char *name)
{
  int fd = openat (folder_fd, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0 && errno == ENOENT)
    return openat (folder_fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd >= 0 && !is_ours (fd, S_IFREG))
    {
      close (fd);
      errno = EEXIST;
      return -1;
    }

  return fd;
}

/* A folder in a folder, made when it is not there. */
int
kith_file_sink_open_folder (int folder_fd, const char *name)
{
  int fd;

  if (mkdirat (folder_fd, name, 0700) != 0 && errno != EEXIST)
    return -1;

  fd = openat (folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0 && !is_ours (fd, S_IFDIR))
    {
      close (fd);
      errno = EEXIST;
      return -1;
    }

  return fd;
}

/* --- Reading and writing -------------------------------------------------------------------- */

gboolean
kith_file_sink_write_at (int fd, guint64 offset, const guint8 *data, gsize len, GError **error)
{
  while (len > 0)
    {
      ssize_t n = pwrite (fd, data, len, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return kith_file_sink_fail (error);

      data += n;
      offset += (guint64) n;
      len -= (gsize) n;
    }

  return TRUE;
}

/* Returns: how many bytes were read; errno is 0 when there are no more */
gsize
kith_file_sink_read_at (int fd, guint64 offset, guint8 *buffer, gsize len)
{
  gsize done = 0;

  errno = 0; /* stays so at the end of the file */
  while (done < len)
    {
      ssize_t n = pread (fd, buffer + done, len - done, (off_t) (offset + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += (gsize) n;
    }

  return done;
}

/**
 * kith_file_sink_has_room: (skip)
 * @folder: (type filename): a folder
 * @bytes: how many are still to come
 * @error: return location for a #GError: %KITH_ERROR_DISK_FULL, or why the disk does not say: those of
 *   kith_store_set_errno_error()
 *
 * Returns: whether there is room for them and some more
 */
gboolean
kith_file_sink_has_room (const char *folder, guint64 bytes, GError **error)
{
  struct statvfs info;

  if (statvfs (folder, &info) != 0)
    return kith_file_sink_fail (error);
  if ((guint64) info.f_bavail * info.f_frsize >= bytes + KITH_LIMIT_FILE_RESERVE_BYTES)
    return TRUE;

  errno = ENOSPC;
  return kith_file_sink_fail (error);
}
