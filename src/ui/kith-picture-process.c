/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-picture-process.h"

#include "base/kith-bytes.h"
#include "base/kith-picture-program.h"
#include "base/kith-picture-reply.h"
#include "node/kith-picture-words.h"

/* The window's end of the process that decodes one picture. What comes back is not believed: it is
 * measured before a byte of memory is taken for it. */

#define DELAY_BYTES 4

typedef struct
{
  KithPictureProgram program;
  guint8 *buffer; /* (owned) (nullable) the frame that is being read */
  gsize size;     /* of it, with its delay */
  KithPictureHeader header;
  KithPictureReply reply;
  KithPicture *picture; /* (owned) (nullable) */
} Run;

static void
run_free (Run *self)
{
  kith_picture_program_clear (&self->program);
  g_clear_object (&self->picture);
  g_free (self->buffer);
  g_free (self);
}

static void
return_verdict (GTask *task, KithPictureVerdict verdict)
{
  g_task_return_error (task, kith_picture_words_new_error (verdict));
}

/* --- What comes back ------------------------------------------------------------------------ */

static void read_frame (GTask *task);

static void
finish (GTask *task)
{
  Run *self = g_task_get_task_data (task);

  kith_picture_program_end (&self->program);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->picture != NULL && kith_picture_get_n_frames (self->picture) > 0)
    g_task_return_pointer (task, g_steal_pointer (&self->picture), g_object_unref);
  else
    return_verdict (task, self->reply.verdict == KITH_PICTURE_FINE ? KITH_PICTURE_NOT_DECODED
                                                                   : self->reply.verdict);
}

static void
frame_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *self = g_task_get_task_data (task);
  g_autoptr (GBytes) pixels = NULL;
  g_autoptr (GdkTexture) frame = NULL;
  gsize len = 0;
  KithReader reader;

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &len, NULL);
  if (len < self->size)
    {
      finish (task);
      return;
    }

  kith_reader_init (&reader, self->buffer, DELAY_BYTES);
  pixels = g_bytes_new_with_free_func (self->buffer + DELAY_BYTES, len - DELAY_BYTES, g_free,
                                       self->buffer);
  self->buffer = NULL;
  frame = gdk_memory_texture_new ((int) self->reply.frame_width, (int) self->reply.frame_height,
                                  GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, pixels,
                                  (gsize) self->reply.frame_width * KITH_PICTURE_PIXEL_BYTES);
  kith_picture_add_frame (self->picture, frame, kith_reader_u32 (&reader));
  if (kith_picture_get_n_frames (self->picture) == self->reply.n_frames)
    finish (task);
  else
    read_frame (task);
}

static void
read_frame (GTask *task)
{
  Run *self = g_task_get_task_data (task);

  self->buffer = g_malloc (self->size);
  kith_picture_program_read (&self->program, self->buffer, self->size, g_task_get_priority (task),
                             frame_read_cb, g_object_ref (task));
}

static void
reply_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *self = g_task_get_task_data (task);
  gsize len = 0;

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &len, NULL);
  if (len < KITH_PICTURE_REPLY_BYTES || !kith_picture_reply_parse (&self->reply, self->buffer))
    self->reply.verdict = KITH_PICTURE_NOT_DECODED;
  g_clear_pointer (&self->buffer, g_free);
  if (self->reply.verdict != KITH_PICTURE_FINE)
    {
      finish (task);
      return;
    }

  self->picture = kith_picture_new (self->reply.width, self->reply.height,
                                    self->header.n_frames > 1);
  self->size = DELAY_BYTES + kith_picture_reply_frame_size (&self->reply);
  read_frame (task);
}

/* --- Starting ------------------------------------------------------------------------------- */

static void
start (GTask *task, GBytes *file, guint max_side, guint max_frames)
{
  Run *self = g_task_get_task_data (task);
  g_autofree char *side = g_strdup_printf ("%u", max_side);
  g_autofree char *frames = g_strdup_printf ("%u", max_frames);
  const char *const arguments[] = { side, frames, NULL };
  g_autoptr (GError) error = NULL;

  if (!kith_picture_program_start (&self->program, arguments, file, g_task_get_priority (task),
                                   g_task_get_cancellable (task), &error))
    {
      g_warning ("%s", error->message);
      return_verdict (task, KITH_PICTURE_NOT_DECODED);
      return;
    }

  self->buffer = g_malloc (KITH_PICTURE_REPLY_BYTES);
  kith_picture_program_read (&self->program, self->buffer, KITH_PICTURE_REPLY_BYTES,
                             g_task_get_priority (task), reply_read_cb, g_object_ref (task));
}

/**
 * kith_picture_process_run_async:
 * @file: a whole picture, of anybody
 * @max_side: neither side of what comes out is longer, in pixels
 * @max_frames: how many frames are wanted of an animation
 * @cancellable: (nullable): ends the process
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Decodes a picture in a process of its own. What its header already tells starts none.
 */
void
kith_picture_process_run_async (GBytes *file, guint max_side, guint max_frames,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Run *self = g_new0 (Run, 1);
  KithPictureVerdict verdict;
  gsize len;
  const guint8 *data = g_bytes_get_data (file, &len);

  kith_picture_program_init (&self->program);
  g_task_set_source_tag (task, kith_picture_process_run_async);
  g_task_set_task_data (task, self, (GDestroyNotify) run_free);
  if (g_task_return_error_if_cancelled (task))
    return;

  verdict = kith_picture_header_read (&self->header, data, len);
  if (verdict != KITH_PICTURE_FINE)
    return_verdict (task, verdict);
  else
    start (task, file, max_side, max_frames);
}

/**
 * kith_picture_process_run_finish:
 * @result: what the callback got
 * @error: KITH_ERROR_INVALID, KITH_ERROR_TOO_BIG, KITH_ERROR_DAMAGED, KITH_ERROR_FAILED, with words for
 *   people, or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): the picture, or %NULL
 */
KithPicture *
kith_picture_process_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
