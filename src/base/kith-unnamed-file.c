/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-unnamed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-sync.h"

#define TRIES 100

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
  int fd = g_open (folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
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

/* A name is given to what has none, and only then it can take the place of another. */
static gboolean
replace (int fd, const char *path)
{
  for (guint i = 0; i < TRIES; i++)
    {
      g_autofree char *beside = g_strdup_printf ("%s.%08x", path, g_random_int ());
      int saved;

      if (link_as (fd, beside))
        {
          if (g_rename (beside, path) == 0)
            return TRUE;

          saved = errno;
          g_unlink (beside);
          errno = saved;
          return FALSE;
        }
      if (errno != EEXIST)
        return FALSE;
    }

  return FALSE;
}

gboolean
kith_unnamed_file_name (int fd, const char *path, GError **error)
{
  GIOErrorEnum code;
  int saved;

  if (fsync (fd) == 0 && (link_as (fd, path) || (errno == EEXIST && replace (fd, path)))
      && kith_sync_folder_of (path))
    return TRUE;

  saved = errno;
  code = g_io_error_from_errno (saved);
  g_set_error (error, G_IO_ERROR, (gint) code, "Writing the file: %s", g_strerror (saved));
  return FALSE;
}
