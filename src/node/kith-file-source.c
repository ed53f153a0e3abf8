/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-file-source-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "store/kith-store-errors.h"

#define HASH_BYTES (1024 * 1024)

static void
part_clear (gpointer data)
{
  g_free (((KithFilePart *) data)->path);
}

static KithFileSource *
source_new (void)
{
  KithFileSource *self = g_new0 (KithFileSource, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->parts = g_array_new (FALSE, TRUE, sizeof (KithFilePart));
  g_array_set_clear_func (self->parts, part_clear);
  self->fd = -1;
  return self;
}

/**
 * kith_file_source_new_for_path: (skip)
 * @path: (type filename): a file or a folder
 *
 * Returns: (transfer full): it, to be opened
 */
KithFileSource *
kith_file_source_new_for_path (const char *path)
{
  KithFileSource *self = source_new ();

  self->path = g_strdup (path);
  return self;
}

/**
 * kith_file_source_new_for_bytes: (skip)
 * @bytes: (transfer none): all that is to be sent
 *
 * Returns: (transfer full): it, to be opened
 */
KithFileSource *
kith_file_source_new_for_bytes (GBytes *bytes)
{
  KithFileSource *self = source_new ();

  self->head = g_bytes_ref (bytes);
  return self;
}

/**
 * kith_file_source_ref: (skip)
 * @self: a source
 *
 * Returns: (transfer full): @self
 */
KithFileSource *
kith_file_source_ref (KithFileSource *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
close_part (KithFileSource *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/**
 * kith_file_source_unref: (skip)
 * @self: (transfer full): a source
 */
void
kith_file_source_unref (KithFileSource *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  close_part (self);
  g_array_unref (self->parts);
  g_clear_pointer (&self->head, g_bytes_unref);
  g_free (self->path);
  g_free (self);
}

/* --- Files ---------------------------------------------------------------------------------- */

static gboolean
has_changed (GError **error)
{
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The file has changed");
  return FALSE;
}

static gint64
mtime_of (const struct stat *info)
{
  return (gint64) info->st_mtim.tv_sec * G_USEC_PER_SEC + info->st_mtim.tv_nsec / 1000;
}

/* Never waits for the other end of a pipe. */
static int
open_file (const char *path, int flags, struct stat *info, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);

  if (fd < 0 || fstat (fd, info) != 0)
    {
      kith_store_set_errno_error (error, errno);
      if (fd >= 0)
        close (fd);
      return -1;
    }

  return fd;
}

/* (skip) @path is a file of the whole; where in it, is said later */
void
kith_file_source_add_part (KithFileSource *self, const char *path, const struct stat *info)
{
  const KithFilePart part = { g_strdup (path), 0, (guint64) info->st_size, mtime_of (info) };

  g_array_append_val (self->parts, part);
  self->n_files++;
  self->mtime_us = MAX (self->mtime_us, part.mtime_us);
}

/* --- Opening -------------------------------------------------------------------------------- */

static gboolean
open_path (KithFileSource *self, GCancellable *cancellable, GError **error)
{
  struct stat info;
  int fd = open_file (self->path, 0, &info, error);

  if (fd < 0)
    return FALSE;

  close (fd);
  if (S_ISDIR (info.st_mode))
    return kith_file_source_open_folder (self, cancellable, error);
  if (!S_ISREG (info.st_mode))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "Neither a file nor a folder");
      return FALSE;
    }

  kith_file_source_add_part (self, self->path, &info);
  self->size = (guint64) info.st_size;
  return TRUE;
}

/**
 * kith_file_source_open: (skip)
 * @self: a source
 * @cancellable: (nullable): ends it early
 * @error: return location for a #GError: %KITH_ERROR_INVALID (neither a file nor a folder, or one with nothing in it that
 *   can go), %KITH_ERROR_TOO_BIG, %KITH_ERROR_CANCELLED, or those of kith_store_set_errno_error()
 *
 * Finds out what there is to be sent. From now on it must not change. Worker thread.
 *
 * Returns: whether it can be sent
 */
gboolean
kith_file_source_open (KithFileSource *self, GCancellable *cancellable, GError **error)
{
  if (self->path == NULL)
    self->size = g_bytes_get_size (self->head);
  else if (!open_path (self, cancellable, error))
    return FALSE;

  if (self->size <= KITH_LIMIT_FILE_BYTES)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "The file is too large");
  return FALSE;
}

/* --- Reading -------------------------------------------------------------------------------- */

/* The first part that ends behind @offset. */
static guint
find_part (KithFileSource *self, guint64 offset)
{
  guint low = 0;
  guint high = self->parts->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const KithFilePart *part = &g_array_index (self->parts, KithFilePart, middle);

      if (part->offset + part->size > offset)
        high = middle;
      else
        low = middle + 1;
    }

  return low;
}

static gboolean
is_unchanged (const KithFilePart *part, const struct stat *info)
{
  return S_ISREG (info->st_mode) && (guint64) info->st_size == part->size
         && mtime_of (info) == part->mtime_us;
}

static gboolean
open_part (KithFileSource *self, guint i, GError **error)
{
  const KithFilePart *part = &g_array_index (self->parts, KithFilePart, i);
  struct stat info;

  if (self->fd >= 0 && self->fd_part == i)
    return (fstat (self->fd, &info) == 0 && is_unchanged (part, &info)) || has_changed (error);

  close_part (self);
  self->fd = open_file (part->path, self->folder ? O_NOFOLLOW : 0, &info, error);
  if (self->fd < 0)
    return FALSE;

  self->fd_part = i;
  return is_unchanged (part, &info) || has_changed (error);
}

static gboolean
read_fully (int fd, guint64 offset, guint8 *buffer, gsize len, GError **error)
{
  while (len > 0)
    {
      ssize_t n = pread (fd, buffer, len, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          kith_store_set_errno_error (error, errno);
          return FALSE;
        }
      if (n == 0)
        return has_changed (error);

      buffer += n;
      offset += (guint64) n;
      len -= (gsize) n;
    }

  return TRUE;
}

/**
 * kith_file_source_read: (skip)
 * @self: an open source
 * @offset: from where
 * @buffer: (out caller-allocates) (array length=len): what is there
 * @len: how many bytes; no more than there are behind @offset
 * @error: return location for a #GError: %KITH_ERROR_DAMAGED (it has changed since it was opened), or those of
 *   kith_store_set_errno_error()
 *
 * Worker thread.
 *
 * Returns: whether all of it could be read
 */
gboolean
kith_file_source_read (KithFileSource *self, guint64 offset, guint8 *buffer, gsize len, GError **error)
{
  gsize head_len = self->head != NULL ? g_bytes_get_size (self->head) : 0;

  if (offset < head_len)
    {
      gsize n = MIN (len, head_len - (gsize) offset);

      memcpy (buffer, (const guint8 *) g_bytes_get_data (self->head, NULL) + offset, n);
      buffer += n;
      offset += n;
      len -= n;
    }

  for (guint i = find_part (self, offset); len > 0; i++)
    {
      const KithFilePart *part;
      gsize n;

      if (i >= self->parts->len)
        return has_changed (error);

      part = &g_array_index (self->parts, KithFilePart, i);
      n = (gsize) MIN (len, part->offset + part->size - offset);
      if (n == 0)
        continue;
      if (!open_part (self, i, error)
          || !read_fully (self->fd, offset - part->offset, buffer, n, error))
        return FALSE;

      buffer += n;
      offset += n;
      len -= n;
    }

  return TRUE;
}

/**
 * kith_file_source_hash: (skip)
 * @self: an open source
 * @root: (out caller-allocates): what it is
 * @progress: (nullable): told now and then
 * @user_data: given to @progress
 * @cancellable: (nullable): ends it early
 * @error: return location for a #GError: those of kith_file_source_read(), %KITH_ERROR_CANCELLED
 *
 * Reads all of it. Worker thread.
 *
 * Returns: (transfer full) (nullable): its leaves, one behind the other
 */
GByteArray *
kith_file_source_hash (KithFileSource *self, guint8 root[KITH_HASH_BYTES],
                       KithFileProgressFunc progress, gpointer user_data, GCancellable *cancellable,
                       GError **error)
{
  guint32 n_leaves = kith_file_n_leaves (self->size);
  g_autoptr (GByteArray) leaves = g_byte_array_sized_new (n_leaves * KITH_HASH_BYTES);
  g_autofree guint8 *buffer = g_malloc (HASH_BYTES);
  KithFileTree tree;

  kith_file_tree_init (&tree);
  for (guint32 i = 0; i < n_leaves; i++)
    {
      guint64 at = (guint64) i * KITH_LIMIT_FILE_LEAF_BYTES;
      gsize in_buffer = (gsize) (at % HASH_BYTES);
      guint8 leaf[KITH_HASH_BYTES];

      if (in_buffer == 0)
        {
          if (g_cancellable_is_cancelled (cancellable))
            {
              g_set_error_literal (error, KITH_ERROR, KITH_ERROR_CANCELLED, "The user gave it up");
              return NULL;
            }
          if (!kith_file_source_read (self, at, buffer, (gsize) MIN (HASH_BYTES, self->size - at),
                                      error))
            return NULL;
          if (progress != NULL)
            progress (at, user_data);
        }

      kith_file_leaf (leaf, i, buffer + in_buffer, kith_file_leaf_len (self->size, i));
      kith_file_tree_add (&tree, leaf);
      g_byte_array_append (leaves, leaf, sizeof leaf);
    }

  kith_file_tree_root (&tree, self->size, root);
  return g_steal_pointer (&leaves);
}

/**
 * kith_file_source_rest: (skip)
 * @self: a source that is not read for a while
 *
 * Holds no file open. Worker thread.
 */
void
kith_file_source_rest (KithFileSource *self)
{
  close_part (self);
}

/* --- What it is ----------------------------------------------------------------------------- */

/**
 * kith_file_source_get_size: (skip)
 * @self: an open source
 *
 * Returns: how many bytes the whole has
 */
guint64
kith_file_source_get_size (KithFileSource *self)
{
  return self->size;
}

/**
 * kith_file_source_get_list_bytes: (skip)
 * @self: an open source
 *
 * Returns: how long the list at the beginning of a folder is; 0 when it is none
 */
guint32
kith_file_source_get_list_bytes (KithFileSource *self)
{
  return self->folder ? (guint32) g_bytes_get_size (self->head) : 0;
}

/**
 * kith_file_source_get_n_files: (skip)
 * @self: an open source
 *
 * Returns: how many files are in it
 */
guint
kith_file_source_get_n_files (KithFileSource *self)
{
  return self->n_files;
}

/**
 * kith_file_source_get_mtime_us: (skip)
 * @self: an open source
 *
 * Returns: when it was changed last, in us since 1970; 0 of bytes
 */
gint64
kith_file_source_get_mtime_us (KithFileSource *self)
{
  return self->mtime_us;
}
