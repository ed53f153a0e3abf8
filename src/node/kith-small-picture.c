/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-small-picture.h"

#include "base/kith-bounded-file.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-picture-program.h"
#include "base/kith-picture-reply.h"
#include "node/kith-picture-words.h"

/* The answer is not believed: it is measured, and that it is a JPEG is looked at. Nobody decodes it here. */
#define ANSWER_BYTES (KITH_PICTURE_REPLY_BYTES + KITH_LIMIT_GROUP_PICTURE_BYTES)

typedef struct
{
  KithPictureProgram program;
  guint8             answer[ANSWER_BYTES];
} Run;

static void
run_free (gpointer data)
{
  Run *self = data;

  kith_picture_program_clear (&self->program);
  g_free (self);
}

/**
 * kith_small_picture_check:
 * @picture: bytes
 *
 * Returns: whether they say that they are a JPEG as small as a group's picture has to be
 */
gboolean
kith_small_picture_check (GBytes *picture)
{
  KithPictureHeader header;
  gsize len;
  const guint8 *data = g_bytes_get_data (picture, &len);

  return len > 0 && len <= KITH_LIMIT_GROUP_PICTURE_BYTES
         && kith_picture_header_read (&header, data, len) == KITH_PICTURE_FINE
         && header.format == KITH_PICTURE_JPEG && header.width <= KITH_LIMIT_GROUP_PICTURE_PIXELS
         && header.height <= KITH_LIMIT_GROUP_PICTURE_PIXELS;
}

/* --- The answer ------------------------------------------------------------------------------ */

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *self = g_task_get_task_data (task);
  KithPictureReply reply;
  g_autoptr (GBytes) picture = NULL;
  gsize len = 0;

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &len, NULL);
  kith_picture_program_end (&self->program);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (len < KITH_PICTURE_REPLY_BYTES || !kith_picture_reply_parse (&reply, self->answer))
    reply.verdict = KITH_PICTURE_NOT_DECODED;
  if (reply.verdict != KITH_PICTURE_FINE)
    {
      g_task_return_error (task, kith_picture_words_new_error (reply.verdict));
      return;
    }

  picture = g_bytes_new (self->answer + KITH_PICTURE_REPLY_BYTES, len - KITH_PICTURE_REPLY_BYTES);
  if (kith_small_picture_check (picture))
    g_task_return_pointer (task, g_steal_pointer (&picture), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, kith_picture_words_new_error (KITH_PICTURE_NOT_DECODED));
}

/* --- Starting -------------------------------------------------------------------------------- */

/* @error: (transfer full): why it was not read */
static void
return_unread (GTask *task, GError *error)
{
  KithPictureVerdict verdict = KITH_PICTURE_FINE;

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_TOO_BIG))
    verdict = KITH_PICTURE_TOO_BIG;
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_INVALID))
    verdict = KITH_PICTURE_NOT_KNOWN;

  if (verdict != KITH_PICTURE_FINE)
    {
      g_error_free (error);
      error = kith_picture_words_new_error (verdict);
    }
  g_task_return_error (task, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  static const char *const arguments[] = { "small", NULL };
  g_autoptr (GTask) task = user_data;
  Run *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) file = kith_bounded_file_read_finish (result, &error);

  if (file == NULL)
    return_unread (task, error);
  else if (!kith_picture_program_start (&self->program, arguments, file, G_PRIORITY_DEFAULT,
                                        g_task_get_cancellable (task), &error))
    {
      g_warning ("%s", error->message);
      g_clear_error (&error);
      g_task_return_error (task, kith_picture_words_new_error (KITH_PICTURE_NOT_DECODED));
    }
  else
    kith_picture_program_read (&self->program, self->answer, sizeof self->answer, G_PRIORITY_DEFAULT,
                               answered_cb, g_object_ref (task));
}

/**
 * kith_small_picture_make_async:
 * @path: (type filename): a picture
 * @cancellable: (nullable): ends the process
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes a small one of the middle of a picture: a JPEG with nothing else in it.
 */
void
kith_small_picture_make_async (const char *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Run *self = g_new0 (Run, 1);

  kith_picture_program_init (&self->program);
  g_task_set_source_tag (task, kith_small_picture_make_async);
  g_task_set_task_data (task, self, run_free);
  kith_bounded_file_read_async (path, KITH_LIMIT_SHOWN_PICTURE_BYTES, cancellable, read_cb, task);
}

/**
 * kith_small_picture_make_finish:
 * @result: what the callback got
 * @error: return location for an error: KITH_ERROR_INVALID, KITH_ERROR_TOO_BIG, KITH_ERROR_DAMAGED,
 *   KITH_ERROR_FAILED, all with words for people; those of files, or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): the picture, for kith_node_set_group_picture_async(), or %NULL
 */
GBytes *
kith_small_picture_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
