/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a folder that is received: its list, and where the bytes of the whole are in it. See
 * kith-file-sink.c. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-file-sink-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/kith-error.h"

#define FEW_FILES 64

static gboolean
makes_no_sense (GError **error)
{
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_PROTOCOL, "The list of the folder makes no sense");
  return FALSE;
}

/* --- Entries -------------------------------------------------------------------------------- */

/* Opens the folder in which a path ends, made when it is not there. */
static int
open_parent (KithFileSink *self, const char *path)
{
  int fd = fcntl (self->fd, F_DUPFD_CLOEXEC, 0);

  for (const char *slash; fd >= 0 && (slash = strchr (path, '/')) != NULL; path = slash + 1)
    {
      g_autofree char *name = g_strndup (path, (gsize) (slash - path));
      int below = kith_file_sink_open_folder (fd, name);
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
gboolean
kith_file_sink_is_small (KithFileSink *self)
{
  return self->list->n_files <= FEW_FILES;
}

gboolean
kith_file_sink_close_entry (KithFileSink *self, GError **error)
{
  gboolean is_safe = self->entry_fd < 0 || !kith_file_sink_is_small (self) || fsync (self->entry_fd) == 0
                     || kith_file_sink_fail (error);

  kith_file_sink_close_fd (&self->entry_fd);
  return is_safe;
}

static gboolean
open_entry (KithFileSink *self, guint i, GError **error)
{
  const KithFileEntry *entry = kith_file_list_get (self->list, i);
  int parent;
  int number;

  if (self->entry_fd >= 0 && self->entry == i)
    return TRUE;
  if (!kith_file_sink_close_entry (self, error))
    return FALSE;

  parent = open_parent (self, entry->path);
  if (parent < 0)
    return kith_file_sink_fail (error);

  self->entry = i;
  self->entry_fd = kith_file_sink_open_file (parent, name_of (entry->path));
  number = errno;
  close (parent);
  errno = number;
  return self->entry_fd >= 0 || kith_file_sink_fail (error);
}

static gboolean
make_folder (KithFileSink *self, const char *path, GError **error)
{
  int parent = open_parent (self, path);
  int fd = parent >= 0 ? kith_file_sink_open_folder (parent, name_of (path)) : -1;
  gboolean is_made = fd >= 0 || kith_file_sink_fail (error);

  kith_file_sink_close_fd (&parent);
  kith_file_sink_close_fd (&fd);
  return is_made;
}

/* Empty files and folders have no bytes that would bring them about. */
static gboolean
make_empty (KithFileSink *self, GError **error)
{
  for (guint i = 0; i < self->list->entries->len; i++)
    {
      const KithFileEntry *entry = kith_file_list_get (self->list, i);

      if (entry->size == 0
          && !(entry->folder ? make_folder (self, entry->path, error) : open_entry (self, i, error)))
        return FALSE;
    }

  return TRUE;
}

/* --- The list ------------------------------------------------------------------------------- */

void
kith_file_sink_forget_list (KithFileSink *self)
{
  kith_file_sink_close_fd (&self->entry_fd);
  g_clear_pointer (&self->list, kith_file_list_free);
}

gboolean
kith_file_sink_load_list (KithFileSink *self, GError **error)
{
  g_autofree guint8 *data = NULL;

  if (self->list != NULL)
    return TRUE;

  data = g_malloc (self->list_bytes);
  /* What cannot be read now may be read later. */
  if (kith_file_sink_read_at (self->list_fd, 0, data, self->list_bytes) < self->list_bytes)
    return errno != 0 ? kith_file_sink_fail (error) : makes_no_sense (error);

  self->list = kith_file_list_unpack (data, self->list_bytes, self->size);
  if (self->list == NULL)
    return makes_no_sense (error);
  if (make_empty (self, error))
    return TRUE;

  /* Whoever asks again finds the rest of them still to be made. */
  kith_file_sink_forget_list (self);
  return FALSE;
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

gboolean
kith_file_sink_find_place (KithFileSink *self, guint64 offset, gsize len, KithFilePlace *place, GError **error)
{
  const KithFileEntry *entry;
  guint i;

  if (self->list_bytes == 0)
    {
      *place = (KithFilePlace){ self->fd, offset, len };
      return TRUE;
    }
  if (offset < self->list_bytes)
    {
      *place = (KithFilePlace){ self->list_fd, offset, (gsize) MIN (len, self->list_bytes - offset) };
      return TRUE;
    }

  if (!kith_file_sink_load_list (self, error))
    return FALSE;
  i = find_entry (self->list, offset);
  if (i >= self->list->entries->len)
    return makes_no_sense (error);
  if (!open_entry (self, i, error))
    return FALSE;

  entry = kith_file_list_get (self->list, i);
  *place = (KithFilePlace){ self->entry_fd, offset - entry->offset,
                    (gsize) MIN (len, entry->offset + entry->size - offset) };
  return TRUE;
}
