/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-file-choice.h"

#include <sys/stat.h>

#include "base/kith-bounded-file.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-picture-clean.h"

#define MAGIC_BYTES 64 /* in which a picture says of which kind it is */

struct _KithFileChoice
{
  GObject parent_instance;

  char *path;    /* (owned) (nullable) */
  GBytes *bytes; /* (owned) (nullable) */
  char *name;    /* (owned) for people */

  guint64 size;
  gboolean is_folder;
  KithPictureHeader header; /* of a picture */
  gboolean can_clean;
};

G_DEFINE_FINAL_TYPE (KithFileChoice, kith_file_choice, G_TYPE_OBJECT)

static void
kith_file_choice_finalize (GObject *object)
{
  KithFileChoice *self = KITH_FILE_CHOICE (object);

  g_free (self->path);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);

  G_OBJECT_CLASS (kith_file_choice_parent_class)->finalize (object);
}

static void
kith_file_choice_class_init (KithFileChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_file_choice_finalize;
}

static void
kith_file_choice_init (KithFileChoice *self)
{
}

/**
 * kith_file_choice_new_for_path:
 * @path: (type filename): a file or folder
 *
 * Returns: (transfer full): a choice
 */
KithFileChoice *
kith_file_choice_new_for_path (const char *path)
{
  KithFileChoice *self = g_object_new (KITH_TYPE_FILE_CHOICE, NULL);

  self->path = g_strdup (path);
  self->name = g_filename_display_basename (path);

  return self;
}

/**
 * kith_file_choice_new_for_bytes:
 * @bytes: what a file would have in it
 * @name: what it is called
 *
 * Returns: (transfer full): a choice
 */
KithFileChoice *
kith_file_choice_new_for_bytes (GBytes *bytes, const char *name)
{
  KithFileChoice *self = g_object_new (KITH_TYPE_FILE_CHOICE, NULL);

  self->bytes = g_bytes_ref (bytes);
  self->name = g_strdup (name);

  return self;
}

/**
 * kith_file_choice_get_name:
 * @self: a choice
 *
 * Returns: what it is called, for people
 */
const char *
kith_file_choice_get_name (KithFileChoice *self)
{
  g_return_val_if_fail (KITH_IS_FILE_CHOICE (self), NULL);

  return self->name;
}

/**
 * kith_file_choice_get_path:
 * @self: a choice
 *
 * Returns: (nullable) (type filename): where it is
 */
const char *
kith_file_choice_get_path (KithFileChoice *self)
{
  g_return_val_if_fail (KITH_IS_FILE_CHOICE (self), NULL);

  return self->path;
}

/**
 * kith_file_choice_get_bytes:
 * @self: a choice
 *
 * Returns: (transfer none) (nullable): what is in it, when it is nowhere
 */
GBytes *
kith_file_choice_get_bytes (KithFileChoice *self)
{
  g_return_val_if_fail (KITH_IS_FILE_CHOICE (self), NULL);

  return self->bytes;
}

/**
 * kith_file_choice_is_folder:
 * @self: a choice
 *
 * Returns: whether it is a folder
 */
gboolean
kith_file_choice_is_folder (KithFileChoice *self)
{
  g_return_val_if_fail (KITH_IS_FILE_CHOICE (self), FALSE);

  return self->is_folder;
}

/**
 * kith_file_choice_get_size:
 * @self: a choice
 *
 * Returns: its size in bytes; 0 of a folder
 */
guint64
kith_file_choice_get_size (KithFileChoice *self)
{
  g_return_val_if_fail (KITH_IS_FILE_CHOICE (self), 0);

  return self->size;
}

/**
 * kith_file_choice_is_picture:
 * @self: a choice
 *
 * Returns: whether it is a picture of a kind that could have metadata removed
 */
gboolean
kith_file_choice_is_picture (KithFileChoice *self)
{
  g_return_val_if_fail (KITH_IS_FILE_CHOICE (self), FALSE);

  return self->header.format != KITH_PICTURE_OTHER;
}

/**
 * kith_file_choice_can_clean:
 * @self: a choice
 *
 * Returns: whether metadata can be removed from it
 */
gboolean
kith_file_choice_can_clean (KithFileChoice *self)
{
  g_return_val_if_fail (KITH_IS_FILE_CHOICE (self), FALSE);

  return self->can_clean;
}

/**
 * kith_file_choice_may_tell_place:
 * @self: a choice
 *
 * Returns: whether it is a picture or a film of a kind that Kith does not know, and that often says where
 *   it was taken
 */
gboolean
kith_file_choice_may_tell_place (KithFileChoice *self)
{
  g_autofree char *type = NULL;
  g_autofree char *media = NULL;

  g_return_val_if_fail (KITH_IS_FILE_CHOICE (self), FALSE);

  if (self->is_folder || kith_file_choice_is_picture (self))
    return FALSE;

  type = g_content_type_guess (kith_file_choice_get_name (self), NULL, 0, NULL);
  media = g_content_type_get_mime_type (type);
  return media != NULL && !g_str_has_prefix (media, "image/svg")
         && (g_str_has_prefix (media, "image/") || g_str_has_prefix (media, "video/"));
}

/* --- Looking -------------------------------------------------------------------------------- */

/* What the picture becomes. Any thread. Returns: (transfer full) (nullable) */
static GBytes *
clean (KithFileChoice *self, GBytes *file)
{
  g_autoptr (GBytes) cleaned = kith_picture_clean (file, NULL);

  /* The clean one exists nowhere but in the vault. */
  if (cleaned == NULL || g_bytes_get_size (cleaned) > KITH_LIMIT_FILE_KEPT_BYTES)
    return NULL;

  return g_steal_pointer (&cleaned);
}

static void
take_header (KithFileChoice *self, GBytes *file)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (file, &len);

  kith_picture_header_read (&self->header, data, len);
}

/* A film, or an archive, is not read for this. Returns: (transfer full) (nullable): all of a picture */
static GBytes *
read_picture (const char *path)
{
  g_autoptr (GBytes) head = kith_bounded_file_read_head (path, MAGIC_BYTES, NULL);
  gsize len = 0;
  const guint8 *data = head != NULL ? g_bytes_get_data (head, &len) : NULL;

  if (data == NULL || kith_picture_find_format (data, len) == KITH_PICTURE_OTHER)
    return NULL;

  return kith_bounded_file_read (path, KITH_LIMIT_CLEAN_PICTURE_BYTES, NULL);
}

/* In a worker thread; nobody else has a hand on @self until it is done. */
static void
look_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  KithFileChoice *self = source_object;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) cleaned = NULL;
  struct stat status;

  if (self->bytes != NULL)
    {
      file = g_bytes_ref (self->bytes);
      self->size = g_bytes_get_size (file);
    }
  else if (stat (self->path, &status) != 0)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "No such file");
      return;
    }
  else
    {
      self->is_folder = S_ISDIR (status.st_mode);
      self->size = self->is_folder ? 0 : (guint64) status.st_size;
      if (!self->is_folder)
        file = read_picture (self->path);
    }

  if (file != NULL)
    take_header (self, file);
  if (kith_file_choice_is_picture (self))
    cleaned = clean (self, file);
  self->can_clean = cleaned != NULL;
  g_task_return_boolean (task, TRUE);
}

/**
 * kith_file_choice_look_async:
 * @self: a choice
 * @cancellable: (nullable): cancels it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Finds out what it is.
 */
void
kith_file_choice_look_async (KithFileChoice *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (KITH_IS_FILE_CHOICE (self));

  g_task_set_source_tag (task, kith_file_choice_look_async);
  g_task_run_in_thread (task, look_thread);
}

/**
 * kith_file_choice_look_finish:
 * @self: a choice
 * @result: what the callback got
 * @error: KITH_ERROR_NOT_FOUND
 *
 * Returns: whether it is there
 */
gboolean
kith_file_choice_look_finish (KithFileChoice *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Making --------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *choices; /* (owned) of KithFileChoice */
  gboolean clean;
} Making;

static void
making_free (Making *making)
{
  g_ptr_array_unref (making->choices);
  g_free (making);
}

static KithOutgoingFile *
make_one (KithFileChoice *self, gboolean is_clean)
{
  const char *type = kith_picture_format_get_type (self->header.format);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) cleaned = NULL;
  KithOutgoingFile *outgoing;

  if (is_clean && self->can_clean)
    {
      file = self->bytes != NULL ? g_bytes_ref (self->bytes)
                                 : kith_bounded_file_read (self->path, KITH_LIMIT_CLEAN_PICTURE_BYTES, NULL);
      cleaned = file != NULL ? clean (self, file) : NULL;
    }

  if (cleaned != NULL)
    outgoing = kith_outgoing_file_new_for_bytes (cleaned, self->name, type);
  else if (is_clean && self->can_clean)
    /* It was promised, and it is another file by now. */
    return NULL;
  else if (self->bytes != NULL)
    outgoing = kith_outgoing_file_new_for_bytes (self->bytes, self->name, type);
  else
    outgoing = kith_outgoing_file_new_for_path (self->path);

  if (type != NULL)
    {
      g_free (outgoing->media.type);
      outgoing->media.type = g_strdup (type);
      kith_picture_header_get_size (&self->header, &outgoing->media.width, &outgoing->media.height);
    }

  return outgoing;
}

static void
make_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Making *making = task_data;
  g_autoptr (GPtrArray) files
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);

  for (guint i = 0; i < making->choices->len; i++)
    {
      KithOutgoingFile *file = make_one (g_ptr_array_index (making->choices, i), making->clean);

      if (file == NULL)
        {
          g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_DAMAGED, "The picture has changed");
          return;
        }
      g_ptr_array_add (files, file);
    }

  g_task_return_pointer (task, g_steal_pointer (&files), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * kith_file_choices_make_async:
 * @choices: (element-type KithFileChoice): that were looked at; not changed
 * @clean_them: whether metadata is removed from those pictures where it can be
 * @cancellable: (nullable): cancels it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes them into what a node sends.
 */
void
kith_file_choices_make_async (GPtrArray *choices, gboolean clean_them, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Making *making = g_new0 (Making, 1);

  making->choices = g_ptr_array_ref (choices);
  making->clean = clean_them;
  g_task_set_source_tag (task, kith_file_choices_make_async);
  g_task_set_task_data (task, making, (GDestroyNotify) making_free);
  g_task_run_in_thread (task, make_thread);
}

/**
 * kith_file_choices_make_finish:
 * @result: what the callback got
 * @error: KITH_ERROR_DAMAGED when a picture is not what it was any more
 *
 * Returns: (transfer full) (element-type KithOutgoingFile): one for each, or %NULL
 */
GPtrArray *
kith_file_choices_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
