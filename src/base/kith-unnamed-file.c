/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-unnamed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-sync.h"

#define TRIES 100
#define NAME_BYTES 128 /* of the file's own name, so that there is room for more behind it */
#define COPY_BYTES 65536

/* (transfer full): the way to a file without a name */
static char *
dup_way (int fd)
{
  return g_strdup_printf ("/proc/self/fd/%d", fd);
}

int
kith_unnamed_file_open (const char *path)
{
#ifdef O_TMPFILE
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  g_autofree char *way = dup_way (fd);

  if (fd < 0 || g_access (way, F_OK) == 0)
    return fd;

  close (fd);
#endif
  return -1;
}

static gboolean
link_as (int fd, const char *path)
{
  g_autofree char *way = dup_way (fd);

  return linkat (AT_FDCWD, way, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

static gboolean
write_all (int fd, const guint8 *bytes, gsize len)
{
  while (len > 0)
    {
      gssize n = write (fd, bytes, len);

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        {
          bytes += n;
          len -= (gsize) n;
        }
    }

  return TRUE;
}

static gboolean
copy_to (int fd, int to)
{
  guint8 buffer[COPY_BYTES];
  off_t at = 0;
  gssize n;

  while ((n = pread (fd, buffer, sizeof buffer, at)) > 0)
    {
      if (!write_all (to, buffer, (gsize) n))
        return FALSE;
      at += n;
    }

  return n == 0 && fsync (to) == 0;
}

/* Not every file system that has files without a name gives them one. */
static gboolean
copy_as (int fd, const char *path)
{
  int to = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  gboolean is_done;
  int saved;

  if (to < 0)
    return FALSE;

  is_done = copy_to (fd, to);
  saved = errno;
  close (to);
  if (!is_done)
    g_unlink (path);
  errno = saved;
  return is_done;
}

/* (transfer full): a name beside @path, with room for it whatever that one is called */
static char *
dup_interim (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *interim = g_strdup_printf ("%s.%08x", strlen (name) <= NAME_BYTES ? name : "kith",
                                              g_random_int ());

  return g_build_filename (folder, interim, NULL);
}

static gboolean
move (const char *interim, const char *path)
{
  int saved;

  if (g_rename (interim, path) == 0)
    return TRUE;

  saved = errno;
  g_unlink (interim);
  errno = saved;
  return FALSE;
}

/* A name is given to what has none, or to a copy, and only then it can take the place of another. */
static gboolean
replace (int fd, const char *path)
{
  gboolean (*make) (int, const char *) = link_as;

  for (guint i = 0; i < TRIES; i++)
    {
      g_autofree char *interim = dup_interim (path);

      if (make (fd, interim))
        return move (interim, path);
      if (errno == EEXIST)
        continue;
      if (make == copy_as)
        return FALSE;

      make = copy_as;
    }

  return FALSE;
}

gboolean
kith_unnamed_file_name (int fd, const char *path, GError **error)
{
  GIOErrorEnum code;
  int saved;

  if (fsync (fd) == 0 && (link_as (fd, path) || replace (fd, path)))
    {
      /* It is there: what the disk says of the folder changes nothing about that. */
      if (!kith_sync_folder_of (path))
        g_info ("The folder of a file could not be synced");
      return TRUE;
    }

  saved = errno;
  code = g_io_error_from_errno (saved);
  g_set_error (error, G_IO_ERROR, (gint) code, "Writing the file: %s", g_strerror (saved));
  return FALSE;
}
