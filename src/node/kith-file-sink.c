/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-file-sink-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "proto/kith-file-name.h"

#define CHECK_BYTES (1024 * 1024)
#define NAMES_TRIED 1000

/**
 * kith_file_sink_new: (skip)
 * @partial: (type filename): the path it has until it is complete
 * @size: how many bytes the whole has
 * @list_bytes: how long the list at the beginning of a folder is; 0 = it is a file
 *
 * Returns: (transfer full): it, to be opened
 */
KithFileSink *
kith_file_sink_new (const char *partial, guint64 size, guint32 list_bytes)
{
  KithFileSink *self = g_new0 (KithFileSink, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->folder = g_path_get_dirname (partial);
  self->partial = g_path_get_basename (partial);
  self->size = size;
  self->list_bytes = list_bytes;
  self->folder_fd = self->fd = self->list_fd = self->entry_fd = -1;
  return self;
}

/**
 * kith_file_sink_ref: (skip)
 * @self: a sink
 *
 * Returns: (transfer full): @self
 */
KithFileSink *
kith_file_sink_ref (KithFileSink *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
close_all (KithFileSink *self)
{
  kith_file_sink_close_fd (&self->entry_fd);
  kith_file_sink_close_fd (&self->list_fd);
  kith_file_sink_close_fd (&self->fd);
  kith_file_sink_close_fd (&self->folder_fd);
}

/**
 * kith_file_sink_unref: (skip)
 * @self: (transfer full): a sink
 *
 * What was written stays.
 */
void
kith_file_sink_unref (KithFileSink *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  close_all (self);
  kith_file_list_free (self->list);
  g_free (self->folder);
  g_free (self->partial);
  g_free (self);
}

/* A list that makes no sense never will: what came with it is of no use, and would lie there for good. */
static void
discard_senseless (KithFileSink *self, const GError *cause)
{
  if (self->folder_fd < 0 || !g_error_matches (cause, KITH_ERROR, KITH_ERROR_PROTOCOL))
    return;

  kith_file_sink_forget_list (self);
  kith_file_sink_remove_at (self->folder_fd, self->partial);
  close_all (self);
}

/* --- Opening -------------------------------------------------------------------------------- */

/**
 * kith_file_sink_open: (skip)
 * @self: a sink
 * @error: return location for a #GError: %KITH_ERROR_EXISTS (something that is not ours has the name), or those of
 *   kith_store_set_errno_error()
 *
 * Opens what was received so far, or makes a place for it. Worker thread.
 *
 * Returns: whether it can be written to
 */
gboolean
kith_file_sink_open (KithFileSink *self, GError **error)
{
  close_all (self);
  self->folder_fd = open (self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->folder_fd < 0)
    return kith_file_sink_fail (error);

  self->fd = self->list_bytes == 0 ? kith_file_sink_open_file (self->folder_fd, self->partial)
                                   : kith_file_sink_open_folder (self->folder_fd, self->partial);
  if (self->fd < 0)
    return kith_file_sink_fail (error);
  if (self->list_bytes == 0)
    return TRUE;

  self->list_fd = kith_file_sink_open_file (self->fd, KITH_FILE_SINK_LIST);
  return self->list_fd >= 0 || kith_file_sink_fail (error);
}

/* --- Reading and writing -------------------------------------------------------------------- */

static gboolean
write_all (KithFileSink *self, guint64 offset, const guint8 *data, gsize len, GError **error)
{
  if (offset < self->list_bytes)
    kith_file_sink_forget_list (self); /* it was another one */

  while (len > 0)
    {
      KithFilePlace place;

      if (!kith_file_sink_find_place (self, offset, len, &place, error)
          || !kith_file_sink_write_at (place.fd, place.offset, data, place.len, error))
        return FALSE;

      data += place.len;
      offset += place.len;
      len -= place.len;
    }

  return TRUE;
}

/**
 * kith_file_sink_write: (skip)
 * @self: an open sink
 * @offset: where they are in the whole: behind all that was written before, or once more
 * @data: (array length=len): bytes that were checked
 * @len: how many; no more than there are behind @offset
 * @error: return location for a #GError: %KITH_ERROR_PROTOCOL (the list of the folder makes no sense), or those of
 *   kith_store_set_errno_error()
 *
 * When the list of a folder makes no sense nothing is left of it: it would have to be opened anew. Worker thread.
 *
 * Returns: whether all of them were written
 */
gboolean
kith_file_sink_write (KithFileSink *self, guint64 offset, const guint8 *data, gsize len, GError **error)
{
  GError *cause = NULL;

  if (write_all (self, offset, data, len, &cause))
    return TRUE;

  discard_senseless (self, cause);
  g_propagate_error (error, cause);
  return FALSE;
}

/* What is there of some bytes. Returns: whether all of them are */
static gboolean
read_back (KithFileSink *self, guint64 offset, guint8 *buffer, gsize len)
{
  while (len > 0)
    {
      KithFilePlace place;

      if (!kith_file_sink_find_place (self, offset, len, &place, NULL)
          || kith_file_sink_read_at (place.fd, place.offset, buffer, place.len) < place.len)
        return FALSE;

      buffer += place.len;
      offset += place.len;
      len -= place.len;
    }

  return TRUE;
}

/**
 * kith_file_sink_check: (skip)
 * @self: an open sink
 * @leaves: what each piece has to be
 * @n_good: (out): how many pieces from the beginning are there and right
 * @progress: (nullable): told now and then
 * @user_data: given to @progress
 * @cancellable: (nullable): ends it early
 * @error: return location for a #GError: %KITH_ERROR_CANCELLED
 *
 * Whatever happened to the disk since, only what is right counts as received. Worker thread.
 *
 * Returns: %FALSE when it was cancelled
 */
gboolean
kith_file_sink_check (KithFileSink *self, const guint8 *leaves, guint32 *n_good,
                      KithFileProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                      GError **error)
{
  guint32 n_leaves = kith_file_n_leaves (self->size);
  g_autofree guint8 *buffer = g_malloc (KITH_LIMIT_FILE_LEAF_BYTES);

  for (*n_good = 0; *n_good < n_leaves; (*n_good)++)
    {
      guint64 at = (guint64) *n_good * KITH_LIMIT_FILE_LEAF_BYTES;
      gsize len = kith_file_leaf_len (self->size, *n_good);
      guint8 leaf[KITH_HASH_BYTES];

      if (at % CHECK_BYTES == 0)
        {
          if (g_cancellable_is_cancelled (cancellable))
            {
              g_set_error_literal (error, KITH_ERROR, KITH_ERROR_CANCELLED, "The user gave it up");
              return FALSE;
            }
          if (progress != NULL)
            progress (at, user_data);
        }

      if (len == 0 || !read_back (self, at, buffer, len))
        break;
      kith_file_leaf (leaf, *n_good, buffer, len);
      if (memcmp (leaf, leaves + (gsize) *n_good * KITH_HASH_BYTES, sizeof leaf) != 0)
        break;
    }

  return TRUE;
}

/* --- The end -------------------------------------------------------------------------------- */

/* An empty place, which only we have made. */
static gboolean
make_place (KithFileSink *self, const char *name)
{
  int fd;

  if (self->list_bytes > 0)
    return mkdirat (self->folder_fd, name, 0700) == 0;

  fd = openat (self->folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

/* What others have put something into meanwhile is theirs. Keeps errno. */
static void
remove_place (KithFileSink *self, const char *name)
{
  int saved = errno;
  struct stat info;

  if (self->list_bytes > 0)
    unlinkat (self->folder_fd, name, AT_REMOVEDIR);
  else if (fstatat (self->folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (info.st_mode)
           && info.st_size == 0)
    unlinkat (self->folder_fd, name, 0);
  errno = saved;
}

/* A file system that cannot rename without replacing gets an empty place first, which is then replaced. */
static gboolean
rename_over_own (KithFileSink *self, const char *name)
{
  if (!make_place (self, name))
    return FALSE;
  if (renameat (self->folder_fd, self->partial, self->folder_fd, name) == 0)
    return TRUE;

  remove_place (self, name);
  return FALSE;
}

static gboolean
rename_to (KithFileSink *self, const char *name)
{
  if (renameat2 (self->folder_fd, self->partial, self->folder_fd, name, RENAME_NOREPLACE) == 0)
    return TRUE;

  return (errno == EINVAL || errno == ENOSYS) && rename_over_own (self, name);
}

static gboolean
sync_all (KithFileSink *self, GError **error)
{
  if (self->list_bytes == 0)
    return (ftruncate (self->fd, (off_t) self->size) == 0 && fsync (self->fd) == 0) || kith_file_sink_fail (error);

  /* Nothing else needs the list. */
  if (!kith_file_sink_load_list (self, error) || !kith_file_sink_close_entry (self, error))
    return FALSE;
  if (unlinkat (self->fd, KITH_FILE_SINK_LIST, 0) != 0 && errno != ENOENT)
    return kith_file_sink_fail (error);
  return kith_file_sink_is_small (self) || syncfs (self->fd) == 0 || kith_file_sink_fail (error);
}

/**
 * kith_file_sink_finish: (skip)
 * @self: an open sink with all of its bytes
 * @name: (type filename): what it shall be called
 * @error: return location for a #GError: those of kith_file_sink_write(); %KITH_ERROR_EXISTS when all numbers that are
 *   tried are taken
 *
 * Gives it its name, with a number when there is something of that name. Worker thread.
 *
 * Returns: (transfer full) (nullable): its path
 */
char *
kith_file_sink_finish (KithFileSink *self, const char *name, GError **error)
{
  g_autofree char *tried = g_strdup (name);
  GError *cause = NULL;

  if (!sync_all (self, &cause))
    {
      discard_senseless (self, cause);
      g_propagate_error (error, cause);
      return NULL;
    }

  for (guint i = 2; !rename_to (self, tried); i++)
    {
      if (errno != EEXIST || i > NAMES_TRIED)
        {
          kith_file_sink_fail (error);
          return NULL;
        }
      g_free (tried);
      tried = kith_file_name_with_number (name, i);
    }

  fsync (self->folder_fd);
  close_all (self);
  return g_build_filename (self->folder, tried, NULL);
}

/**
 * kith_file_sink_replace: (skip)
 * @self: an open sink of a file with all of its bytes
 * @name: (type filename): what it shall be called
 * @error: return location for a #GError: those of kith_store_set_errno_error()
 *
 * Gives it its name, in place of a file that has it: the user has said so. Never of a folder. Worker
 * thread.
 *
 * Returns: whether it worked
 */
gboolean
kith_file_sink_replace (KithFileSink *self, const char *name, GError **error)
{
  if (!sync_all (self, error))
    return FALSE;
  if (renameat (self->folder_fd, self->partial, self->folder_fd, name) != 0)
    return kith_file_sink_fail (error);

  fsync (self->folder_fd);
  close_all (self);
  return TRUE;
}

/**
 * kith_file_sink_get_n_files: (skip)
 * @self: a sink
 *
 * Returns: how many files are in the folder; 0 while that is not known, and of a file
 */
guint
kith_file_sink_get_n_files (KithFileSink *self)
{
  return self->list != NULL ? self->list->n_files : 0;
}
