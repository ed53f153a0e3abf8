/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-part-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "base/kith-sync.h"

#define TRIES 100
#define MARK_LETTERS "abcdefghijklmnopqrstuvwxyz234567"
#define MARK_BYTES 12

/* --- Those that a killed program left ------------------------------------------------------- */

static gboolean
is_part_name (const char *name)
{
  const char *mark = name + strlen (KITH_PART_FILE_PREFIX);

  return g_str_has_prefix (name, KITH_PART_FILE_PREFIX) && strspn (mark, MARK_LETTERS) == MARK_BYTES
         && g_str_equal (mark + MARK_BYTES, KITH_PART_FILE_SUFFIX);
}

/* Whoever still writes one holds its lock. */
static void
remove_if_stale (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  struct stat info;

  if (fd < 0)
    return;

  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && info.st_uid == geteuid ()
      && flock (fd, LOCK_EX | LOCK_NB) == 0 && g_unlink (path) != 0)
    g_info ("What a killed program left could not be removed");
  close (fd);
}

static void
remove_stale (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_part_name (name))
      {
        g_autofree char *part = g_build_filename (folder, name, NULL);

        remove_if_stale (part);
      }
}

/* --- One that is written -------------------------------------------------------------------- */

/* (transfer full): a name that nobody has by chance */
static char *
dup_part (const char *folder)
{
  char mark[MARK_BYTES + 1] = "";
  g_autofree char *name = NULL;

  for (guint i = 0; i < MARK_BYTES; i++)
    mark[i] = MARK_LETTERS[randombytes_uniform (sizeof MARK_LETTERS - 1)];
  name = g_strconcat (KITH_PART_FILE_PREFIX, mark, KITH_PART_FILE_SUFFIX, NULL);
  return g_build_filename (folder, name, NULL);
}

/* Before it was locked somebody may have taken it for one that was left. */
static gboolean
is_locked (int fd)
{
  struct stat info;

  if (flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return FALSE;

  return fstat (fd, &info) == 0 && info.st_nlink > 0;
}

int
kith_part_file_open (const char *path, char **part)
{
  g_autofree char *folder = g_path_get_dirname (path);

  remove_stale (folder);
  for (guint i = 0; i < TRIES; i++)
    {
      g_autofree char *tried = dup_part (folder);
      int fd = g_open (tried, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

      if (fd >= 0 && is_locked (fd))
        {
          *part = g_steal_pointer (&tried);
          return fd;
        }
      if (fd >= 0)
        close (fd);
      else if (errno != EEXIST)
        break;
    }

  return -1;
}

gboolean
kith_part_file_name (int fd, const char *part, const char *path, GError **error)
{
  GIOErrorEnum code;
  int saved;

  if (fsync (fd) == 0 && g_rename (part, path) == 0)
    {
      /* It is there: what the disk says of the folder changes nothing about that. */
      if (!kith_sync_folder_of (path))
        g_info ("The folder of a file could not be synced");
      return TRUE;
    }

  saved = errno;
  g_unlink (part);
  code = g_io_error_from_errno (saved);
  g_set_error (error, G_IO_ERROR, (gint) code, "Writing the file: %s", g_strerror (saved));
  return FALSE;
}
