/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-bounded-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"

typedef struct
{
  char *path; /* (owned) */
  gsize max_bytes;
} Wish;

static void
wish_free (Wish *wish)
{
  g_free (wish->path);
  g_free (wish);
}

static GError *
error_from_errno (int number)
{
  GFileError code = g_file_error_from_errno (number);

  return g_error_new_literal (G_FILE_ERROR, (int) code,
                              g_strerror (number));
}

/* A pipe or a device is no file that anybody sent, and could be read for ever. */
static int
open_regular (const char *path, gsize max_bytes, gsize *size, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status;

  if (fd < 0 || fstat (fd, &status) != 0)
    {
      g_propagate_error (error, error_from_errno (errno));
    }
  else if (!S_ISREG (status.st_mode))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "Not a file");
    }
  else if ((guint64) status.st_size > max_bytes)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "The file is too big");
    }
  else
    {
      *size = (gsize) status.st_size;
      return fd;
    }

  if (fd >= 0)
    g_close (fd, NULL);

  return -1;
}

/* What grows meanwhile is cut, what shrinks is shorter. Closes @fd. */
static GBytes *
read_open (int fd, gsize size, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (MAX (size, 1));
  gsize len = 0;
  gboolean is_good = TRUE;

  while (len < size && is_good)
    {
      gssize got = read (fd, buffer + len, size - len);

      if (got == 0)
        break;
      if (got > 0)
        len += (gsize) got;
      else if (errno != EINTR)
        is_good = FALSE;
    }

  if (!is_good)
    g_propagate_error (error, error_from_errno (errno));
  g_close (fd, NULL);

  return is_good ? g_bytes_new_take (g_steal_pointer (&buffer), len) : NULL;
}

/**
 * kith_bounded_file_read:
 * @path: a file
 * @max_bytes: how big it may be
 * @error: as kith_bounded_file_read_finish()
 *
 * As kith_bounded_file_read_async(), for worker threads.
 *
 * Returns: (transfer full): what is in it, or %NULL
 */
GBytes *
kith_bounded_file_read (const char *path, gsize max_bytes, GError **error)
{
  gsize size = 0;
  int fd = open_regular (path, max_bytes, &size, error);

  return fd >= 0 ? read_open (fd, size, error) : NULL;
}

/**
 * kith_bounded_file_read_head:
 * @path: a file
 * @max_bytes: how much to read of it
 * @error: as kith_bounded_file_read_finish()
 *
 * As kith_bounded_file_read(), of a file of any size.
 *
 * Returns: (transfer full): what it begins with, or %NULL
 */
GBytes *
kith_bounded_file_read_head (const char *path, gsize max_bytes, GError **error)
{
  gsize size = 0;
  int fd = open_regular (path, G_MAXSIZE, &size, error);

  return fd >= 0 ? read_open (fd, MIN (size, max_bytes), error) : NULL;
}

static void
read_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Wish *wish = task_data;
  GError *error = NULL;
  GBytes *file = kith_bounded_file_read (wish->path, wish->max_bytes, &error);

  if (file != NULL)
    g_task_return_pointer (task, file, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/**
 * kith_bounded_file_read_async:
 * @path: a file
 * @max_bytes: how big it may be
 * @cancellable: (nullable): cancels it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads a whole file, if it is a regular one and not too big, on a worker thread.
 */
void
kith_bounded_file_read_async (const char *path, gsize max_bytes, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->path = g_strdup (path);
  wish->max_bytes = max_bytes;
  g_task_set_source_tag (task, kith_bounded_file_read_async);
  g_task_set_task_data (task, wish, (GDestroyNotify) wish_free);
  g_task_run_in_thread (task, read_thread);
}

/**
 * kith_bounded_file_read_finish:
 * @result: what the callback got
 * @error: KITH_ERROR_TOO_BIG, KITH_ERROR_INVALID (not a regular file), or those of G_FILE_ERROR
 *
 * Returns: (transfer full): what is in it, or %NULL
 */
GBytes *
kith_bounded_file_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
