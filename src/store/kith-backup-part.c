/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup-part.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gfiledescriptorbased.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <sodium.h>

#include "base/kith-sync.h"
#include "base/kith-unnamed-file.h"
#include "store/kith-backup-file.h"
#include "store/kith-store-errors.h"

#define TRIES 100
#define NAME_BYTES 200 /* of the file's own name, so that there is room for more behind it */
#define MARK_LETTERS "abcdefghijklmnopqrstuvwxyz234567"
#define MARK_BYTES 6
#define SUFFIX ".part"
#define PIECE_BYTES 65536 /* between two looks at whether it is still wanted */
#define HAND_ON_BYTES (4 * 1024 * 1024)

struct _KithBackupPart
{
  GFile         *file;    /* (owned): what it will be */
  GFile         *part;    /* (owned): how to get at it until then */
  GOutputStream *stream;  /* (owned) */
  gsize          n_waiting; /* bytes, written and perhaps not yet on the disk */
  int            fd;      /* of the file without a name; else -1 */
  int            lock_fd; /* of the one with a name; else -1 */
  gboolean       is_done;
};

/* --- Those that a killed program left ------------------------------------------------------- */

/* (transfer full): how the names of all parts of @name begin */
static char *
dup_prefix (const char *name)
{
  return g_strdup_printf ("%s.", strlen (name) <= NAME_BYTES ? name : "backup");
}

static gboolean
is_part_name (const char *name, const char *prefix)
{
  const char *mark = name + strlen (prefix);

  return g_str_has_prefix (name, prefix) && strspn (mark, MARK_LETTERS) == MARK_BYTES
         && g_str_equal (mark + MARK_BYTES, SUFFIX);
}

/* The beginning of a backup, or a file into which nothing was written yet; and ours. */
static gboolean
is_of_ours (int fd)
{
  char magic[sizeof KITH_BACKUP_MAGIC - 1];
  struct stat info;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode) || info.st_uid != geteuid ())
    return FALSE;

  return info.st_size == 0
         || (pread (fd, magic, sizeof magic, 0) == (gssize) sizeof magic
             && memcmp (magic, KITH_BACKUP_MAGIC, sizeof magic) == 0);
}

/* Whoever still writes one holds its lock. */
static void
remove_if_stale (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);

  if (fd < 0)
    return;

  if (is_of_ours (fd) && flock (fd, LOCK_EX | LOCK_NB) == 0 && g_unlink (path) != 0)
    g_info ("What is left of an earlier backup could not be removed");
  close (fd);
}

static void
remove_stale (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *own = g_path_get_basename (path);
  g_autofree char *prefix = dup_prefix (own);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_part_name (name, prefix))
      {
        g_autofree char *part = g_build_filename (folder, name, NULL);

        remove_if_stale (part);
      }
}

/* --- With a name ---------------------------------------------------------------------------- */

/* Returns: (transfer full): a name that nobody has by chance */
static char *
dup_part_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *prefix = dup_prefix (name);
  char mark[MARK_BYTES + 1] = "";

  for (guint i = 0; i < MARK_BYTES; i++)
    mark[i] = MARK_LETTERS[randombytes_uniform (sizeof MARK_LETTERS - 1)];
  return g_strconcat (prefix, mark, SUFFIX, NULL);
}

/* As long as that stays open nobody takes it for one that was left. Who removes what was left may have come between
 * its name and its lock: that one has the lock now, or had it, and the name is gone.
 * Returns: %FALSE when it is, or will be */
static gboolean
lock (KithBackupPart *self)
{
  struct stat info;

  if (!G_IS_FILE_DESCRIPTOR_BASED (self->stream))
    return TRUE;

  self->lock_fd = fcntl (g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (self->stream)), F_DUPFD_CLOEXEC, 0);
  if (self->lock_fd >= 0 && flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno == EWOULDBLOCK)
        return FALSE;
      g_info ("The file of a backup could not be locked");
    }

  return self->lock_fd < 0 || fstat (self->lock_fd, &info) != 0 || info.st_nlink > 0;
}

static void
give_up_named (KithBackupPart *self)
{
  g_output_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
  g_file_delete (self->part, NULL, NULL);
  close (self->lock_fd);
  self->lock_fd = -1;
}

/* One that is there already is somebody's, whatever it is called: it is neither opened nor replaced. */
static gboolean
create_named (KithBackupPart *self, GFile *parent, GError **error)
{
  for (guint i = 0;; i++)
    {
      g_autofree char *name = dup_part_name (self->file);
      g_autoptr (GError) local = NULL;

      g_clear_object (&self->part);
      self->part = g_file_get_child (parent, name);
      self->stream = (GOutputStream *) g_file_create (self->part, G_FILE_CREATE_PRIVATE, NULL, &local);
      if (self->stream != NULL && lock (self))
        return TRUE;

      if (self->stream != NULL)
        {
          give_up_named (self);
          g_set_error_literal (&local, G_IO_ERROR, G_IO_ERROR_EXISTS, "Somebody else has the file of the backup");
        }
      if (i + 1 == TRIES || !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
}

/* --- Without one ---------------------------------------------------------------------------- */

static gboolean
create_unnamed (KithBackupPart *self)
{
  g_autofree char *path = g_file_get_path (self->file);
  g_autofree char *way = NULL;

  if (path == NULL)
    return FALSE;

  remove_stale (path);
  self->fd = kith_unnamed_file_open (path);
  if (self->fd < 0)
    return FALSE;

  way = g_strdup_printf ("/proc/self/fd/%d", self->fd);
  self->part = g_file_new_for_path (way);
  self->stream = g_unix_output_stream_new (self->fd, FALSE);
  return TRUE;
}

/* --- Its life ------------------------------------------------------------------------------- */

KithBackupPart *
kith_backup_part_new (GFile *file, GError **error)
{
  g_autoptr (KithBackupPart) self = g_new0 (KithBackupPart, 1);
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autoptr (GError) local = NULL;

  self->file = g_object_ref (file);
  self->fd = self->lock_fd = -1;
  if (parent == NULL || g_file_query_file_type (file, 0, NULL) == G_FILE_TYPE_DIRECTORY)
    g_set_error_literal (&local, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "This is a folder");
  else if (create_unnamed (self) || create_named (self, parent, &local))
    return g_steal_pointer (&self);

  kith_store_set_file_error (error, local);
  return NULL;
}

void
kith_backup_part_free (KithBackupPart *self)
{
  if (self->stream != NULL && !g_output_stream_is_closed (self->stream))
    g_output_stream_close (self->stream, NULL, NULL);
  if (self->stream != NULL && self->fd < 0 && !self->is_done)
    g_file_delete (self->part, NULL, NULL);
  if (self->fd >= 0)
    close (self->fd);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_clear_object (&self->stream);
  g_clear_object (&self->part);
  g_clear_object (&self->file);
  g_free (self);
}

GOutputStream *
kith_backup_part_get_stream (KithBackupPart *self)
{
  return self->stream;
}

GFile *
kith_backup_part_get_file (KithBackupPart *self)
{
  return self->part;
}

/* What waits in memory for a slow disk would have to be waited for at the end, and without any sign of progress. What
 * went wrong the system tells once. */
static gboolean
hand_on (KithBackupPart *self, gsize n_written, GError **error)
{
  self->n_waiting += n_written;
  if (self->n_waiting < HAND_ON_BYTES || !G_IS_FILE_DESCRIPTOR_BASED (self->stream))
    return TRUE;

  self->n_waiting = 0;
  if (fdatasync (g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (self->stream))) == 0)
    return TRUE;

  kith_store_set_errno_error (error, errno);
  return FALSE;
}

gboolean
kith_backup_part_write (KithBackupPart *self, const void *data, gsize len, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  const guint8 *bytes = data;
  gsize n_all = len;

  while (len > 0)
    {
      gsize n = MIN (len, PIECE_BYTES);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!g_output_stream_write_all (self->stream, bytes, n, NULL, NULL, &local))
        {
          kith_store_set_file_error (error, local);
          return FALSE;
        }
      bytes += n;
      len -= n;
    }

  return hand_on (self, n_all, error) && !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Who hears that the backup is done may switch the computer off, or pull the stick. */
static gboolean
sync_stream (GOutputStream *stream, GError **error)
{
  int fd;

  if (!G_IS_FILE_DESCRIPTOR_BASED (stream))
    return TRUE;

  fd = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (stream));
  if (fsync (fd) != 0)
    {
      kith_store_set_errno_error (error, errno);
      return FALSE;
    }

  /* What is read next comes from the disk, and not from memory. */
  if (posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
    g_debug ("The backup stays in memory");
  return TRUE;
}

gboolean
kith_backup_part_close (KithBackupPart *self, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (!sync_stream (self->stream, error))
    return FALSE;
  if (g_output_stream_close (self->stream, NULL, &local))
    return TRUE;

  kith_store_set_file_error (error, local);
  return FALSE;
}

/* An older file of that name is there until then. */
static gboolean
move (KithBackupPart *self, GError **error)
{
  g_autofree char *path = g_file_get_path (self->file);

  if (self->fd >= 0)
    return kith_unnamed_file_name (self->fd, path, error);
  if (!g_file_move (self->part, self->file, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
    return FALSE;

  /* It is there: what the disk says of the folder changes nothing about that. */
  if (path != NULL && !kith_sync_folder_of (path))
    g_info ("The folder of the backup could not be synced");
  return TRUE;
}

gboolean
kith_backup_part_name (KithBackupPart *self, GError **error)
{
  g_autoptr (GError) local = NULL;

  self->is_done = move (self, &local);
  if (!self->is_done)
    kith_store_set_file_error (error, local);
  return self->is_done;
}
