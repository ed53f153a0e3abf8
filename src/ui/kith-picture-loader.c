/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-picture-loader.h"

#include <glib/gi18n.h>

#include "base/kith-bounded-file.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-node-files.h"
#include "ui/kith-picture-process.h"

typedef struct
{
  char *key;            /* (owned) */
  KithPicture *picture; /* (owned) */
  GList link;           /* in @recent */
} Kept;

struct _KithPictureLoader
{
  GObject parent_instance;

  GQueue waiting;     /* of GTask (owned), the newest first */
  guint n_running;
  GHashTable *kept;   /* (owned) key -> Kept (owned) */
  GQueue recent;      /* of Kept, the one that was wanted last first */
  gsize kept_bytes;
  gsize cache_bytes;
  guint n_forgotten;  /* how often all was let go of */
};

typedef struct
{
  KithPictureSource source;
  guint max_side;
  guint max_frames;
  guint n_forgotten;  /* of the loader, then */
} Wish;

G_DEFINE_FINAL_TYPE (KithPictureLoader, kith_picture_loader, G_TYPE_OBJECT)

static void run_next (KithPictureLoader *self);

static void
wish_free (Wish *wish)
{
  g_clear_object (&wish->source.node);
  g_clear_object (&wish->source.transfer);
  g_clear_pointer (&wish->source.bytes, g_bytes_unref);
  g_free (wish->source.path);
  g_free (wish);
}

/* Returns: (transfer full) (nullable): what a picture is kept under */
static char *
dup_key (const KithPictureSource *source, guint max_side, guint max_frames)
{
  if (source->bytes != NULL)
    return NULL;

  /* No id begins with a slash. */
  return g_strdup_printf ("%u %u %s", max_side, max_frames,
                          source->transfer != NULL ? kith_transfer_get_id (source->transfer)
                                                   : source->path);
}

/* --- What is kept --------------------------------------------------------------------------- */

static void
kept_free (Kept *kept)
{
  g_object_unref (kept->picture);
  g_free (kept->key);
  g_free (kept);
}

static void
forget (KithPictureLoader *self, Kept *kept)
{
  self->kept_bytes -= kith_picture_get_bytes (kept->picture);
  g_queue_unlink (&self->recent, &kept->link);
  g_hash_table_remove (self->kept, kept->key);
}

static void
keep (KithPictureLoader *self, const Wish *wish, KithPicture *picture)
{
  gsize bytes = kith_picture_get_bytes (picture);
  g_autofree char *key = dup_key (&wish->source, wish->max_side, wish->max_frames);
  Kept *kept = key != NULL ? g_hash_table_lookup (self->kept, key) : NULL;

  if (kept != NULL)
    forget (self, kept);
  /* One that would drive out all others is not kept: the viewer has it as long as it needs it. */
  if (key == NULL || bytes > self->cache_bytes / 2 || wish->n_forgotten != self->n_forgotten)
    return;

  while (self->kept_bytes + bytes > self->cache_bytes)
    forget (self, self->recent.tail->data);

  kept = g_new0 (Kept, 1);
  kept->key = g_steal_pointer (&key);
  kept->picture = g_object_ref (picture);
  kept->link.data = kept;
  g_hash_table_insert (self->kept, kept->key, kept);
  g_queue_push_head_link (&self->recent, &kept->link);
  self->kept_bytes += bytes;
}

/* --- Loading -------------------------------------------------------------------------------- */

static void
decoded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (KithPictureLoader) self = g_object_ref (g_task_get_source_object (task));
  GError *error = NULL;
  g_autoptr (KithPicture) picture = kith_picture_process_run_finish (result, &error);

  self->n_running--;
  if (picture != NULL)
    {
      keep (self, g_task_get_task_data (task), picture);
      g_task_return_pointer (task, g_steal_pointer (&picture), g_object_unref);
    }
  else
    {
      g_task_return_error (task, error);
    }

  run_next (self);
}

/* Ends a wish whose file could not be read. */
static void
fail (GTask *task, GError *error)
{
  KithPictureLoader *self = g_task_get_source_object (task);

  self->n_running--;
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_TOO_BIG))
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_TOO_BIG,
                             _("This picture is too big to be shown here"));
  else if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
           || g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND))
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND,
                             _("The file is not there anymore"));
  else
    g_task_return_error (task, g_error_copy (error));
  run_next (self);
}

static void
decode (GTask *task, GBytes *file)
{
  Wish *wish = g_task_get_task_data (task);

  kith_picture_process_run_async (file, wish->max_side, wish->max_frames,
                                  g_task_get_cancellable (task), decoded_cb, g_object_ref (task));
}

static void
path_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = kith_bounded_file_read_finish (result, &error);

  if (file != NULL)
    decode (task, file);
  else
    fail (task, error);
}

static void
transfer_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = kith_node_read_file_finish (KITH_NODE (source), result, &error);

  if (file != NULL)
    decode (task, file);
  else
    fail (task, error);
}

static void
start (GTask *task)
{
  Wish *wish = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (wish->source.bytes != NULL)
    decode (task, wish->source.bytes);
  else if (wish->source.transfer != NULL)
    kith_node_read_file_async (wish->source.node, wish->source.transfer,
                               KITH_LIMIT_SHOWN_PICTURE_BYTES, cancellable, transfer_read_cb,
                               g_object_ref (task));
  else
    kith_bounded_file_read_async (wish->source.path, KITH_LIMIT_SHOWN_PICTURE_BYTES, cancellable,
                                  path_read_cb, g_object_ref (task));
}

static void
run_next (KithPictureLoader *self)
{
  while (self->n_running < KITH_LIMIT_PICTURE_PROCESSES && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);

      if (g_task_return_error_if_cancelled (task))
        continue;

      self->n_running++;
      start (task);
    }
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_picture_loader_finalize (GObject *object)
{
  KithPictureLoader *self = KITH_PICTURE_LOADER (object);

  kith_picture_loader_forget (self);
  g_hash_table_unref (self->kept);
  /* Each task that waits holds a reference to us: none is left. */

  G_OBJECT_CLASS (kith_picture_loader_parent_class)->finalize (object);
}

static void
kith_picture_loader_class_init (KithPictureLoaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_picture_loader_finalize;
}

static void
kith_picture_loader_init (KithPictureLoader *self)
{
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) kept_free);
}

/**
 * kith_picture_loader_new:
 * @cache_bytes: how much memory may be taken by pictures that are kept
 *
 * Returns: (transfer full): a loader
 */
KithPictureLoader *
kith_picture_loader_new (gsize cache_bytes)
{
  KithPictureLoader *self = g_object_new (KITH_TYPE_PICTURE_LOADER, NULL);

  self->cache_bytes = cache_bytes;

  return self;
}

/**
 * kith_picture_loader_get_default:
 *
 * Returns: (transfer none): the loader of this program
 */
KithPictureLoader *
kith_picture_loader_get_default (void)
{
  static KithPictureLoader *loader;

  if (loader == NULL)
    loader = kith_picture_loader_new (KITH_LIMIT_PICTURE_CACHE_BYTES);

  return loader;
}

/**
 * kith_picture_loader_look_up:
 * @self: a loader
 * @source: where it comes from
 * @max_side: as for kith_picture_loader_load_async()
 * @max_frames: likewise
 *
 * Returns: (transfer none) (nullable): the picture, if it is kept
 */
KithPicture *
kith_picture_loader_look_up (KithPictureLoader *self, const KithPictureSource *source,
                             guint max_side, guint max_frames)
{
  g_autofree char *key = dup_key (source, max_side, max_frames);
  Kept *kept = key != NULL ? g_hash_table_lookup (self->kept, key) : NULL;

  g_return_val_if_fail (KITH_IS_PICTURE_LOADER (self), NULL);

  if (kept == NULL)
    return NULL;

  g_queue_unlink (&self->recent, &kept->link);
  g_queue_push_head_link (&self->recent, &kept->link);

  return kept->picture;
}

/**
 * kith_picture_loader_load_async:
 * @self: a loader
 * @source: where it comes from; of paths only regular files are read
 * @max_side: neither side of what comes out is longer, in pixels
 * @max_frames: how many frames are wanted of an animation
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads and decodes a picture.
 */
void
kith_picture_loader_load_async (KithPictureLoader *self, const KithPictureSource *source,
                                guint max_side, guint max_frames, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Wish *wish;

  g_return_if_fail (KITH_IS_PICTURE_LOADER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  wish = g_new0 (Wish, 1);
  g_set_object (&wish->source.node, source->node);
  g_set_object (&wish->source.transfer, source->transfer);
  wish->source.path = g_strdup (source->path);
  wish->source.bytes = source->bytes != NULL ? g_bytes_ref (source->bytes) : NULL;
  wish->max_side = max_side;
  wish->max_frames = max_frames;
  wish->n_forgotten = self->n_forgotten;
  g_task_set_source_tag (task, kith_picture_loader_load_async);
  g_task_set_task_data (task, wish, (GDestroyNotify) wish_free);

  g_queue_push_head (&self->waiting, task);
  if (g_queue_get_length (&self->waiting) > KITH_LIMIT_PICTURES_WAITING)
    {
      g_autoptr (GTask) dropped = g_queue_pop_tail (&self->waiting);

      g_task_return_new_error (dropped, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Others are wanted more");
    }
  run_next (self);
}

/**
 * kith_picture_loader_load_finish:
 * @self: a loader
 * @result: what the callback got
 * @error: as kith_picture_process_run_finish(), KITH_ERROR_NOT_FOUND, or those of files
 *
 * Returns: (transfer full): the picture, or %NULL
 */
KithPicture *
kith_picture_loader_load_finish (KithPictureLoader *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kith_picture_loader_forget:
 * @self: a loader
 *
 * Lets go of all that is kept, as when a profile is locked. What is still being decoded is not kept.
 */
void
kith_picture_loader_forget (KithPictureLoader *self)
{
  g_return_if_fail (KITH_IS_PICTURE_LOADER (self));

  self->n_forgotten++;
  while (!g_queue_is_empty (&self->recent))
    forget (self, self->recent.tail->data);
}
