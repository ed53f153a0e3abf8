/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-file-sink.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "proto/kith-file-list.h"
#include "proto/kith-file-name.h"
#include "store/kith-store-errors.h"

#define CHECK_BYTES (1024 * 1024)
#define NAMES_TRIED 1000
#define FEW_FILES 64

/* The list of a folder while it is incomplete. No name of the folder begins with a dot. */
#define LIST_NAME ".list"

struct _KithFileSink
{
  gatomicrefcount ref_count;
  char           *folder;     /* (owned): where it will be */
  char           *partial;    /* (owned): its name there until it is complete */
  guint64         size;
  guint32         list_bytes; /* 0 = it is a file */
  int             folder_fd;  /* -1 = not open */
  int             fd;         /* of the partial file or folder; -1 = not open */
  int             list_fd;    /* of the list in it; -1 = none */
  KithFileList   *list;       /* (owned) (nullable): when all of it is there */
  int             entry_fd;   /* of the entry that was used last; -1 = none */
  guint           entry;
};

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
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
close_all (KithFileSink *self)
{
  close_fd (&self->entry_fd);
  close_fd (&self->list_fd);
  close_fd (&self->fd);
  close_fd (&self->folder_fd);
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

static gboolean
fail (GError **error)
{
  kith_store_set_errno_error (error, errno);
  return FALSE;
}

static gboolean
makes_no_sense (GError **error)
{
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_PROTOCOL, "The list of the folder makes no sense");
  return FALSE;
}

/* --- Removing ------------------------------------------------------------------------------- */

static void
remove_below (int folder_fd, const char *name)
{
  int fd = openat (folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;

  if (dir == NULL)
    {
      close_fd (&fd);
      unlinkat (folder_fd, name, 0);
      return;
    }

  while ((entry = readdir (dir)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      remove_below (fd, entry->d_name);
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
  remove_below (AT_FDCWD, partial);
}

/* A list that makes no sense never will: what came with it is of no use, and would lie there for good. */
static void
discard_senseless (KithFileSink *self, const GError *cause)
{
  if (self->folder_fd < 0 || !g_error_matches (cause, KITH_ERROR, KITH_ERROR_PROTOCOL))
    return;

  g_clear_pointer (&self->list, kith_file_list_free);
  remove_below (self->folder_fd, self->partial);
  close_all (self);
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
static int
open_ours (int folder_fd, const char *name)
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

static int
open_our_folder (int folder_fd, const char *name)
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

/**
 * kith_file_sink_open: (skip)
 * @self: a sink
 * @error: return location for a #GError
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
    return fail (error);

  self->fd = self->list_bytes == 0 ? open_ours (self->folder_fd, self->partial)
                                   : open_our_folder (self->folder_fd, self->partial);
  if (self->fd < 0)
    return fail (error);
  if (self->list_bytes == 0)
    return TRUE;

  self->list_fd = open_ours (self->fd, LIST_NAME);
  return self->list_fd >= 0 || fail (error);
}

/* --- The parts of a folder ------------------------------------------------------------------ */

/* Opens, and with @make makes, the folder in which a path ends. */
static int
open_parent (KithFileSink *self, const char *path, gboolean make)
{
  int fd = fcntl (self->fd, F_DUPFD_CLOEXEC, 0);

  for (const char *slash; fd >= 0 && (slash = strchr (path, '/')) != NULL; path = slash + 1)
    {
      g_autofree char *name = g_strndup (path, (gsize) (slash - path));
      int below = make ? open_our_folder (fd, name)
                       : openat (fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      int number = errno;

      close (fd);
      fd = below;
      errno = number;
    }

  return fd;
}

static const char *
name_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? slash + 1 : path;
}

/* A few files are synced each by itself; of thousands, all together at the end. */
static gboolean
are_few (KithFileSink *self)
{
  return self->list->n_files <= FEW_FILES;
}

static void
close_entry (KithFileSink *self)
{
  if (self->entry_fd >= 0 && are_few (self))
    fsync (self->entry_fd);
  close_fd (&self->entry_fd);
}

static gboolean
open_entry (KithFileSink *self, guint i, GError **error)
{
  const KithFileEntry *entry = kith_file_list_get (self->list, i);
  int parent;
  int number;

  if (self->entry_fd >= 0 && self->entry == i)
    return TRUE;

  close_entry (self);
  parent = open_parent (self, entry->path, TRUE);
  if (parent < 0)
    return fail (error);

  self->entry = i;
  self->entry_fd = open_ours (parent, name_of (entry->path));
  number = errno;
  close (parent);
  errno = number;
  return self->entry_fd >= 0 || fail (error);
}

/* Empty files and folders have no bytes that would bring them about. */
static gboolean
make_empty (KithFileSink *self, GError **error)
{
  for (guint i = 0; i < self->list->entries->len; i++)
    {
      const KithFileEntry *entry = kith_file_list_get (self->list, i);
      int parent;
      int fd;

      if (entry->size > 0)
        continue;
      if (!entry->folder)
        {
          if (!open_entry (self, i, error))
            return FALSE;
          continue;
        }

      parent = open_parent (self, entry->path, TRUE);
      fd = parent >= 0 ? open_our_folder (parent, name_of (entry->path)) : -1;
      if (fd < 0)
        fail (error);
      close_fd (&parent);
      if (fd < 0)
        return FALSE;
      close (fd);
    }

  return TRUE;
}

/* --- Reading and writing -------------------------------------------------------------------- */

static gboolean
write_fully (int fd, guint64 offset, const guint8 *data, gsize len, GError **error)
{
  while (len > 0)
    {
      ssize_t n = pwrite (fd, data, len, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error);

      data += n;
      offset += (guint64) n;
      len -= (gsize) n;
    }

  return TRUE;
}

static gsize
read_some (int fd, guint64 offset, guint8 *buffer, gsize len)
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

static gboolean
load_list (KithFileSink *self, GError **error)
{
  g_autofree guint8 *data = g_malloc (self->list_bytes);

  if (self->list != NULL)
    return TRUE;
  /* What cannot be read now may be read later. */
  if (read_some (self->list_fd, 0, data, self->list_bytes) < self->list_bytes)
    return errno != 0 ? fail (error) : makes_no_sense (error);

  self->list = kith_file_list_unpack (data, self->list_bytes, self->size);
  return self->list != NULL ? make_empty (self, error) : makes_no_sense (error);
}

static guint
find_entry (KithFileList *list, guint64 offset)
{
  guint low = 0;
  guint high = list->entries->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const KithFileEntry *entry = kith_file_list_get (list, middle);

      if (entry->offset + entry->size > offset)
        high = middle;
      else
        low = middle + 1;
    }

  return low;
}

/* Where bytes of the whole are: a file, where in it, and how many of them. */
typedef struct
{
  int     fd;
  guint64 offset;
  gsize   len;
} Place;

static gboolean
find_place (KithFileSink *self, guint64 offset, gsize len, Place *place, GError **error)
{
  const KithFileEntry *entry;
  guint i;

  if (self->list_bytes == 0)
    {
      *place = (Place){ self->fd, offset, len };
      return TRUE;
    }
  if (offset < self->list_bytes)
    {
      *place = (Place){ self->list_fd, offset, (gsize) MIN (len, self->list_bytes - offset) };
      return TRUE;
    }

  if (!load_list (self, error))
    return FALSE;
  i = find_entry (self->list, offset);
  if (i >= self->list->entries->len)
    return makes_no_sense (error);
  if (!open_entry (self, i, error))
    return FALSE;

  entry = kith_file_list_get (self->list, i);
  *place = (Place){ self->entry_fd, offset - entry->offset,
                    (gsize) MIN (len, entry->offset + entry->size - offset) };
  return TRUE;
}

static gboolean
write_all (KithFileSink *self, guint64 offset, const guint8 *data, gsize len, GError **error)
{
  if (offset < self->list_bytes)
    {
      close_fd (&self->entry_fd);
      g_clear_pointer (&self->list, kith_file_list_free); /* it was another one */
    }

  while (len > 0)
    {
      Place place;

      if (!find_place (self, offset, len, &place, error)
          || !write_fully (place.fd, place.offset, data, place.len, error))
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
 * @error: return location for a #GError
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
      Place place;

      if (!find_place (self, offset, len, &place, NULL)
          || read_some (place.fd, place.offset, buffer, place.len) < place.len)
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
 * @error: return location for a #GError
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

/* A file system that cannot rename without replacing gets an empty place first, which only we have made
 * and which is then replaced. */
static gboolean
rename_over_own (KithFileSink *self, const char *name)
{
  int fd;

  if (self->list_bytes > 0)
    return mkdirat (self->folder_fd, name, 0700) == 0
           && renameat (self->folder_fd, self->partial, self->folder_fd, name) == 0;

  fd = openat (self->folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;

  close (fd);
  return renameat (self->folder_fd, self->partial, self->folder_fd, name) == 0;
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
    return (ftruncate (self->fd, (off_t) self->size) == 0 && fsync (self->fd) == 0) || fail (error);

  /* Nothing else needs the list. */
  if (!load_list (self, error))
    return FALSE;
  close_entry (self);
  if (unlinkat (self->fd, LIST_NAME, 0) != 0 && errno != ENOENT)
    return fail (error);
  return are_few (self) || syncfs (self->fd) == 0 || fail (error);
}

/**
 * kith_file_sink_finish: (skip)
 * @self: an open sink with all of its bytes
 * @name: (type filename): what it shall be called
 * @error: return location for a #GError
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
          fail (error);
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
 * @error: return location for a #GError
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
    return fail (error);

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

/**
 * kith_file_sink_has_room: (skip)
 * @folder: (type filename): a folder
 * @bytes: how many are still to come
 * @error: return location for a #GError
 *
 * Returns: whether there is room for them and some more
 */
gboolean
kith_file_sink_has_room (const char *folder, guint64 bytes, GError **error)
{
  struct statvfs info;

  if (statvfs (folder, &info) != 0)
    return fail (error);
  if ((guint64) info.f_bavail * info.f_frsize >= bytes + KITH_LIMIT_FILE_RESERVE_BYTES)
    return TRUE;

  errno = ENOSPC;
  return fail (error);
}
