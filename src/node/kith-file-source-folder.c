/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files of a folder are sent, and in which order. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-file-source-private.h"

#include <errno.h>
#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "proto/kith-file-list.h"
#include "store/kith-store-errors.h"

typedef struct
{
  KithFileSource *source;
  KithFileList   *list;
  GCancellable   *cancellable;
} Walk;

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* (transfer full) (nullable): always in the same order */
static GPtrArray *
list_names (const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GDir *dir;
  const char *name;

  errno = 0;
  dir = g_dir_open (path, 0, NULL);
  if (dir == NULL)
    {
      kith_store_set_errno_error (error, errno != 0 ? errno : EIO);
      return NULL;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_dir_close (dir);
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static gboolean
is_too_much (const Walk *walk, guint depth, GError **error)
{
  if (g_cancellable_is_cancelled (walk->cancellable))
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_CANCELLED, "The user gave it up");
  else if (walk->list->entries->len >= KITH_LIMIT_FOLDER_FILES || depth > KITH_LIMIT_FOLDER_DEPTH)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "There is too much in the folder");
  else
    return FALSE;

  return TRUE;
}

static gboolean walk_folder (Walk *walk, const char *path, const char *inside, guint depth,
                             GError **error);

/* Links and what is neither a file nor a folder stay here. */
static gboolean
walk_entry (Walk *walk, const char *path, const char *inside, guint depth, GError **error)
{
  struct stat info;

  if (is_too_much (walk, depth, error))
    return FALSE;
  if (lstat (path, &info) != 0)
    {
      kith_store_set_errno_error (error, errno);
      return FALSE;
    }

  if (S_ISDIR (info.st_mode))
    return walk_folder (walk, path, inside, depth, error);
  if (S_ISREG (info.st_mode))
    {
      kith_file_source_add_part (walk->source, path, &info);
      kith_file_list_add (walk->list, inside, (guint64) info.st_size, FALSE);
    }
  return TRUE;
}

static gboolean
walk_folder (Walk *walk, const char *path, const char *inside, guint depth, GError **error)
{
  g_autoptr (GPtrArray) names = list_names (path, error);

  if (names == NULL)
    return FALSE;
  if (names->len == 0 && *inside != '\0')
    kith_file_list_add (walk->list, inside, 0, TRUE);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *shown = g_filename_display_name (name);
      g_autofree char *below = g_build_filename (path, name, NULL);
      g_autofree char *below_inside =
        *inside != '\0' ? g_strconcat (inside, "/", shown, NULL) : g_strdup (shown);

      if (!walk_entry (walk, below, below_inside, depth + 1, error))
        return FALSE;
    }

  return TRUE;
}

/* What nobody could receive is not offered. */
static gboolean
is_takeable (KithFileSource *self, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (self->head, &len);
  g_autoptr (KithFileList) list = kith_file_list_unpack (data, len, self->size);

  if (list == NULL)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID,
                         "A name in the folder has a backslash in it, or many names are the same");
  return list != NULL;
}

/* (skip) finds out what is in the folder */
gboolean
kith_file_source_open_folder (KithFileSource *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (KithFileList) list = kith_file_list_new ();
  Walk walk = { self, list, cancellable };
  guint n = 0;

  if (!walk_folder (&walk, self->path, "", 0, error))
    return FALSE;

  self->folder = TRUE;
  if (list->entries->len == 0)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "There is nothing in the folder");
      return FALSE;
    }

  self->head = kith_file_list_pack (list);
  self->size = kith_file_list_place (list, g_bytes_get_size (self->head));
  for (guint i = 0; i < list->entries->len; i++)
    if (!kith_file_list_get (list, i)->folder)
      g_array_index (self->parts, KithFilePart, n++).offset = kith_file_list_get (list, i)->offset;

  if (g_bytes_get_size (self->head) > KITH_LIMIT_FOLDER_LIST_BYTES)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "There is too much in the folder");
      return FALSE;
    }

  return is_takeable (self, error);
}
