/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A conversation written out for reading, a page at a time. Where the file system can, the file has no name
 * until all is in it: a program that is killed leaves no piece of a conversation behind. Elsewhere it has one of which
 * the next transcript in the same folder knows what it is, and removes it. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/kith-error.h"
#include "base/kith-part-file.h"
#include "base/kith-secret.h"
#include "base/kith-source.h"
#include "base/kith-unnamed-file.h"
#include "node/kith-node-history-private.h"
#include "node/kith-own-files.h"
#include "node/kith-transcript-page.h"
#include "store/kith-store-errors.h"

#define PAGE_MESSAGES 500

/* What whoever asked is told. */
enum
{
  WHOLE = 1,
  INCOMPLETE,
};

/* What takes too long when the profile is closed goes on without a node: then only what has to be removed is. */
typedef struct
{
  GTask               *asked;  /* (owned) (nullable): whoever asked for it, until they have their answer */
  GCancellable        *cancellable; /* (owned): when it is to be given up, by whomever */
  GCancellable        *theirs; /* (owned) (nullable): of whoever asked */
  gulong               theirs_id;
  KithNode            *node;   /* (owned) (nullable) */
  KithChat            *chat;   /* (owned): as long as @node */
  GFile               *file;   /* (owned) */
  KithTranscriptFormat format;
  KithProgressFunc     progress;
  gpointer             progress_data;
  gboolean             existed;
  int                  fd;     /* (owned): of a file without its name; -1 = it has it */
  char                *part;   /* (owned) (nullable): what that is called until then */
  GOutputStream       *stream; /* (owned) (nullable) */
  GString             *page;   /* (owned): what is being written */
  KithStoreCursor      cursor;
  guint64              first_hlc;
  guint64              last_hlc;
  gboolean             has_rows;
  gboolean             is_last;
  gboolean             is_incomplete; /* something could not be read */
  gboolean             is_behind_gap; /* and nothing was since then */
  GError              *error;  /* (owned) (nullable): why it is given up */
} Transcript;

/* Nobody waits any more. */
static void
tell_ended (KithNode *node)
{
  void (*ended) (gpointer user_data) = node->transcripts_ended;

  kith_source_clear (&node->transcripts_timer);
  node->transcripts_ended = NULL;
  if (ended != NULL)
    ended (node->transcripts_ended_data);
}

/* That of the node that is left by it is not written there any more. */
static void
leave_node (Transcript *self)
{
  g_autoptr (KithNode) node = g_steal_pointer (&self->node);

  if (node == NULL)
    return;

  g_clear_pointer (&self->chat, kith_chat_unref);
  self->progress = NULL;
  node->transcripts = g_list_remove (node->transcripts, self);
  if (node->transcripts == NULL)
    tell_ended (node);
}

/* When the last of it is gone. */
static void
transcript_free (Transcript *self)
{
  g_cancellable_disconnect (self->theirs, self->theirs_id);
  g_clear_object (&self->theirs);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->asked);
  g_clear_object (&self->file);
  g_clear_object (&self->stream);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->part);
  kith_secret_free_string (self->page);
  g_clear_error (&self->error);
  leave_node (self);
  g_free (self);
}

/**
 * kith_node_stop_transcripts: (skip)
 * @self: a node that is being closed
 *
 * Gives up those that are being written. Main thread.
 */
void
kith_node_stop_transcripts (KithNode *self)
{
  for (GList *link = self->transcripts; link != NULL; link = link->next)
    g_cancellable_cancel (((Transcript *) link->data)->cancellable);
}

/* What was begun is removed behind that, and whatever it needs is its own. */
static gboolean
waited_too_long_cb (gpointer user_data)
{
  g_autoptr (KithNode) self = g_object_ref (user_data);

  kith_source_clear (&self->transcripts_timer);
  g_info ("What is left of transcripts takes too long to remove: %u", g_list_length (self->transcripts));
  while (self->transcripts != NULL)
    {
      Transcript *transcript = self->transcripts->data;
      g_autoptr (GTask) asked = g_steal_pointer (&transcript->asked);

      if (asked != NULL)
        g_task_return_new_error (asked, KITH_ERROR, KITH_ERROR_LOCKED, "The profile was closed");
      leave_node (transcript);
    }
  return G_SOURCE_REMOVE;
}

/**
 * kith_node_await_transcripts: (skip)
 * @self: a node that is being closed
 * @timeout_ms: how long it may take at most
 * @done: called once: when nothing of a transcript is being written any more, also at once; or after @timeout_ms
 * @user_data: for @done
 *
 * Those that were being written are given up. A disk that hangs may never answer. Main thread.
 */
void
kith_node_await_transcripts (KithNode *self, guint timeout_ms, void (*done) (gpointer user_data), gpointer user_data)
{
  if (self->transcripts == NULL)
    {
      done (user_data);
      return;
    }

  self->transcripts_ended = done;
  self->transcripts_ended_data = user_data;
  kith_source_start (&self->transcripts_timer, timeout_ms, waited_too_long_cb, self);
}

/* --- The course ----------------------------------------------------------------------------- */

static void load_page (Transcript *self, GTask *task);

/* Returns: %FALSE when whoever asked for it does not want it any more, or the profile is being closed */
static gboolean
is_wanted (Transcript *self, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->theirs, error))
    return FALSE;
  if (self->node != NULL && !self->node->closing)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_LOCKED, "The profile was closed");
  return FALSE;
}

/* That it was cancelled is said in the words of GIO.
 * @error: (transfer full) */
static void
return_error (GTask *task, GError *error)
{
  GError *ours = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }

  kith_store_set_file_error (&ours, error);
  g_error_free (error);
  g_task_return_error (task, ours);
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Transcript *self = g_task_get_task_data (task);

  g_file_delete_finish (G_FILE (source), result, NULL);
  return_error (task, g_steal_pointer (&self->error));
}

static void
given_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Transcript *self = g_task_get_task_data (task);

  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
  if (self->existed)
    return_error (task, g_steal_pointer (&self->error));
  else
    g_file_delete_async (self->file, G_PRIORITY_DEFAULT, NULL, deleted_cb, g_object_ref (task));
}

static void
remove_thread (GTask *work, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Transcript *self = g_task_get_task_data (task_data);

  if (g_unlink (self->part) != 0)
    g_info ("What was written of a transcript could not be removed");
  g_task_return_boolean (work, TRUE);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Transcript *self = g_task_get_task_data (task);

  return_error (task, g_steal_pointer (&self->error));
}

/* Closed as cancelled, a stream of g_file_replace() leaves an older file as it was.
 * @error: (transfer full) */
static void
give_up (Transcript *self, GError *error, GTask *task)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  /* Nothing has to be removed. */
  if (self->fd >= 0 ? self->part == NULL : self->stream == NULL)
    {
      return_error (task, error);
      return;
    }

  self->error = error;
  if (self->fd >= 0)
    {
      g_autoptr (GTask) work = g_task_new (NULL, NULL, removed_cb, g_object_ref (task));

      g_task_set_task_data (work, task, NULL); /* which the callback holds on to */
      g_task_run_in_thread (work, remove_thread);
      return;
    }

  g_cancellable_cancel (cancelled);
  g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, cancelled, given_up_cb,
                               g_object_ref (task));
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    return_error (task, error);
}

/* The profile was closed meanwhile, and it may be long ago: what was not there before is not to be there now. */
static gboolean
is_too_late (Transcript *self, GCancellable *cancellable)
{
  return !self->existed && g_cancellable_is_cancelled (cancellable);
}

static void
name_thread (GTask *work, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Transcript *self = g_task_get_task_data (task_data);
  const char *path = g_file_peek_path (self->file);
  GError *error = NULL;

  if (!(self->part != NULL ? kith_part_file_name (self->fd, self->part, path, &error)
                           : kith_unnamed_file_name (self->fd, path, &error)))
    g_task_return_error (work, error);
  else if (is_too_late (self, self->cancellable) && g_unlink (path) == 0)
    g_task_return_new_error (work, G_IO_ERROR, G_IO_ERROR_CANCELLED, "It was given up");
  else
    g_task_return_boolean (work, TRUE);
}

static void
named_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    return_error (task, error);
}

static void
finish (Transcript *self, GTask *task)
{
  g_autoptr (GTask) work = NULL;

  if (self->fd < 0)
    {
      g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, closed_cb, g_object_ref (task));
      return;
    }

  work = g_task_new (NULL, NULL, named_cb, g_object_ref (task));
  g_task_set_task_data (work, task, NULL); /* which the callback holds on to */
  g_task_run_in_thread (work, name_thread);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Transcript *self = g_task_get_task_data (task);
  double span = (double) self->last_hlc - (double) self->first_hlc;
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error)
      || !is_wanted (self, &error))
    {
      give_up (self, error, task);
      return;
    }

  g_string_truncate (self->page, 0);
  if (self->progress != NULL && span > 0)
    self->progress (CLAMP (((double) self->cursor.hlc - (double) self->first_hlc) / span, 0, 1), self->progress_data);
  if (self->is_last)
    finish (self, task);
  else
    load_page (self, task);
}

static void
note_place (Transcript *self, GPtrArray *rows)
{
  const KithStoreMessage *row;

  if (rows->len == 0)
    return;

  row = g_ptr_array_index (rows, 0);
  if (!self->has_rows)
    self->first_hlc = row->hlc;
  row = g_ptr_array_index (rows, rows->len - 1);
  self->last_hlc = MAX (self->last_hlc, row->hlc);
  self->has_rows = TRUE;
}

/* @has_gap: whether something behind @rows could not be read */
static void
append_page (Transcript *self, GPtrArray *rows, gboolean has_gap)
{
  kith_transcript_append_rows (self->page, self->chat, self->format, rows);
  if (has_gap && (rows->len > 0 || !self->is_behind_gap))
    kith_transcript_append_gap (self->page, self->format);
  self->is_behind_gap = has_gap;
  if (self->is_last)
    kith_transcript_append_end (self->page, self->format);
}

/* Returns: %FALSE when there is nothing to write: of what is there nothing can be read */
static gboolean
has_something (Transcript *self, GError **error)
{
  if (!self->is_last || self->has_rows || !self->is_incomplete)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "Nothing of the conversation can be read");
  return FALSE;
}

static void
page_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Transcript *self = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean has_more, has_gap;
  g_autoptr (GPtrArray) rows = kith_store_load_readable_finish (KITH_STORE (source), result, &self->cursor, &has_more,
                                                                &has_gap, &error);

  /* What it says of the store says less. */
  if (self->node == NULL || self->node->closing)
    g_clear_error (&error);
  if (error != NULL || !is_wanted (self, &error))
    {
      give_up (self, error, task);
      return;
    }

  note_place (self, rows);
  self->is_last = !has_more;
  self->is_incomplete = self->is_incomplete || has_gap;
  if (!has_something (self, &error))
    {
      give_up (self, error, task);
      return;
    }

  append_page (self, rows, has_gap);
  g_output_stream_write_all_async (self->stream, self->page->str, self->page->len,
                                   G_PRIORITY_DEFAULT, g_task_get_cancellable (task), written_cb,
                                   g_object_ref (task));
}

static void
load_page (Transcript *self, GTask *task)
{
  kith_store_load_readable_async (self->chat->node->store, &self->cursor, PAGE_MESSAGES,
                                  g_task_get_cancellable (task), page_loaded_cb, g_object_ref (task));
}

static void
begin (Transcript *self, GTask *task)
{
  GError *error = NULL;

  if (!is_wanted (self, &error))
    {
      give_up (self, error, task);
      return;
    }

  kith_transcript_append_head (self->page, self->chat, self->format);
  load_page (self, task);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Transcript *self = g_task_get_task_data (task);
  GError *error = NULL;
  GFileOutputStream *stream = g_file_replace_finish (G_FILE (source), result, &error);

  if (stream == NULL)
    {
      give_up (self, error, task);
      return;
    }

  self->stream = G_OUTPUT_STREAM (stream);
  begin (self, task);
}

/* Where files are no local ones, or the folder may not be written: as GIO does it. */
static void
create (Transcript *self, GTask *task)
{
  g_file_replace_async (self->file, NULL, FALSE,
                        G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                        G_PRIORITY_DEFAULT, g_task_get_cancellable (task), created_cb,
                        g_object_ref (task));
}

static void
open_thread (GTask *work, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Transcript *self = g_task_get_task_data (task_data);
  const char *path = g_file_peek_path (self->file);
  int fd = kith_unnamed_file_open (path);

  g_task_return_int (work, fd >= 0 ? fd : kith_part_file_open (path, &self->part));
}

static void
unnamed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Transcript *self = g_task_get_task_data (task);

  self->fd = (int) g_task_propagate_int (G_TASK (result), NULL);
  if (self->fd < 0)
    {
      create (self, task);
      return;
    }

  self->stream = g_unix_output_stream_new (self->fd, FALSE);
  begin (self, task);
}

/* Whether there is one already says what to do with the file when it is given up. */
static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Transcript *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);
  g_autoptr (GTask) work = NULL;
  GError *unwanted = NULL;

  if (!is_wanted (self, &unwanted))
    {
      give_up (self, unwanted, task);
      return;
    }

  self->existed = info != NULL || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  if (g_file_peek_path (self->file) == NULL
      || (info != NULL && g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY))
    {
      create (self, task);
      return;
    }

  work = g_task_new (NULL, NULL, unnamed_cb, g_object_ref (task));
  g_task_set_task_data (work, task, NULL); /* which the callback holds on to */
  g_task_run_in_thread (work, open_thread);
}

/* Whoever asked has an answer already if it took too long. */
static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Transcript *self = g_task_get_task_data (G_TASK (result));
  g_autoptr (GTask) asked = g_steal_pointer (&self->asked);
  GError *error = NULL;
  GError *unwanted = NULL;
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  if (asked == NULL)
    {
      g_clear_error (&error);
      return;
    }

  /* What it says of its own cancellable says less. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !is_wanted (self, &unwanted))
    {
      g_clear_error (&error);
      error = unwanted;
    }
  if (is_done)
    g_task_return_int (asked, self->is_incomplete ? INCOMPLETE : WHOLE);
  else
    g_task_return_error (asked, error);
}

static void
cancelled_cb (GCancellable *theirs, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* (transfer full): for @asked */
static Transcript *
transcript_new (KithNode *node, KithChat *chat, GFile *file, GTask *asked)
{
  KithMessage *last = kith_conversation_get_last_message (chat->conversation);
  GCancellable *theirs = g_task_get_cancellable (asked);
  Transcript *self = g_new0 (Transcript, 1);

  self->fd = -1;
  self->asked = g_object_ref (asked);
  self->cancellable = g_cancellable_new ();
  g_set_object (&self->theirs, theirs);
  if (theirs != NULL)
    self->theirs_id = g_cancellable_connect (theirs, G_CALLBACK (cancelled_cb), g_object_ref (self->cancellable),
                                             g_object_unref);
  self->node = g_object_ref (node);
  node->transcripts = g_list_prepend (node->transcripts, self);
  self->chat = kith_chat_ref (chat);
  self->file = g_object_ref (file);
  self->page = g_string_new (NULL);
  self->last_hlc = last != NULL ? kith_message_get_hlc (last) : 0;
  memcpy (self->cursor.identity, chat->key, sizeof self->cursor.identity);
  return self;
}

void
kith_node_write_transcript_async (KithNode *self, KithConversation *conversation, GFile *file,
                                  KithTranscriptFormat format, KithProgressFunc progress,
                                  gpointer progress_data, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  g_autoptr (GTask) work = NULL;
  Transcript *transcript;

  g_task_set_source_tag (task, kith_node_write_transcript_async);
  g_task_set_check_cancellable (task, FALSE);
  if (chat == NULL)
    return;
  if (self->own_folder != NULL && kith_own_files_has (self->own_folder, file))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_EXISTS, "That is a file of the profile itself");
      return;
    }

  transcript = transcript_new (self, chat, file, task);
  transcript->format = format;
  transcript->progress = progress;
  transcript->progress_data = progress_data;
  work = g_task_new (NULL, transcript->cancellable, ended_cb, NULL);
  g_task_set_source_tag (work, kith_node_write_transcript_async);
  g_task_set_check_cancellable (work, FALSE);
  g_task_set_task_data (work, transcript, (GDestroyNotify) transcript_free);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS,
                           G_PRIORITY_DEFAULT, transcript->cancellable, looked_cb, g_object_ref (work));
}

gboolean
kith_node_write_transcript_finish (KithNode *self, GAsyncResult *result, gboolean *is_incomplete, GError **error)
{
  gssize what = g_task_propagate_int (G_TASK (result), error);

  if (is_incomplete != NULL)
    *is_incomplete = what == INCOMPLETE;
  return what == WHOLE || what == INCOMPLETE;
}
