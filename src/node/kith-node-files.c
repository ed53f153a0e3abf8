/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: what the faces ask for, but for sending. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "node/kith-settings.h"
#include "node/kith-transfers-private.h"
#include "store/kith-store-errors.h"
#include "store/kith-store-transfer.h"

#define PARTIAL_RANDOM_BYTES 12

static KithParcel *
find (KithNode *self, KithTransfer *transfer, GError **error)
{
  KithParcel *parcel =
    self->transfers->stopped ? NULL : kith_transfers_parcel_of (self->transfers, transfer);

  if (parcel == NULL)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such file any more");
  return parcel;
}

static gboolean
refuse (GError **error, KithError code, const char *message)
{
  g_set_error_literal (error, KITH_ERROR, (gint) code, message);
  return FALSE;
}

/* --- Where files are put -------------------------------------------------------------------- */

char *
kith_node_dup_files_folder (KithNode *self)
{
  const char *chosen = kith_node_get_setting (self, KITH_SETTING_FILES_FOLDER);

  return g_strdup (kith_node_has_chosen_folder (self) ? chosen : self->transfers->folder);
}

gboolean
kith_node_has_chosen_folder (KithNode *self)
{
  const char *chosen = kith_node_get_setting (self, KITH_SETTING_FILES_FOLDER);

  return self->transfers->folder != NULL && chosen != NULL && g_path_is_absolute (chosen);
}

gboolean
kith_node_choose_files_folder (KithNode *self, const char *path, GError **error)
{
  if (self->transfers->folder == NULL
      || (path != NULL && (!g_path_is_absolute (path) || !g_utf8_validate (path, -1, NULL))))
    return refuse (error, KITH_ERROR_INVALID, "Files cannot be put there");
  if (path != NULL && !g_file_test (path, G_FILE_TEST_IS_DIR))
    return refuse (error, KITH_ERROR_NOT_FOUND, "That is no folder");

  kith_node_set_setting (self, KITH_SETTING_FILES_FOLDER, path != NULL ? path : "");
  return TRUE;
}

void
kith_node_set_files_folder (KithNode *self, const char *path)
{
  g_free (self->transfers->folder);
  self->transfers->folder = g_strdup (path);
}

guint64
kith_node_get_files_auto_bytes (KithNode *self)
{
  const char *text = kith_node_get_setting (self, KITH_SETTING_FILES_AUTO);
  guint64 bytes;

  if (text == NULL
      || !g_ascii_string_to_unsigned (text, 10, 0, KITH_LIMIT_FILE_BYTES, &bytes, NULL))
    return KITH_LIMIT_FILE_AUTO_DEFAULT_BYTES;

  return bytes;
}

void
kith_node_set_files_auto_bytes (KithNode *self, guint64 bytes)
{
  g_autofree char *text =
    g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64) MIN (bytes, KITH_LIMIT_FILE_BYTES));

  kith_node_set_setting (self, KITH_SETTING_FILES_AUTO, text);
}

/* (transfer full) (nullable): the folder it goes to, which exists by then */
static char *
folder_for (KithNode *self, const char *target, GError **error)
{
  g_autofree char *folder = target != NULL ? g_path_get_dirname (target)
                                           : kith_node_dup_files_folder (self);
  GStatBuf info;

  if (folder == NULL)
    {
      refuse (error, KITH_ERROR_INVALID, "There is no folder for it: say where to save it");
      return NULL;
    }
  if (target != NULL && g_lstat (target, &info) == 0)
    {
      refuse (error, KITH_ERROR_EXISTS, "There is something of that name");
      return NULL;
    }
  if ((target == NULL && g_mkdir_with_parents (folder, 0700) != 0)
      || g_stat (folder, &info) != 0)
    {
      kith_store_set_errno_error (error, errno);
      return NULL;
    }
  if (!S_ISDIR (info.st_mode))
    {
      refuse (error, KITH_ERROR_NOT_FOUND, "That is no folder");
      return NULL;
    }

  return g_steal_pointer (&folder);
}

/* --- Accepting and declining ---------------------------------------------------------------- */

/* Whoever has left a group gets nothing of it any more. */
static gboolean
may_fetch (KithParcel *parcel)
{
  KithGroup *group = kith_conversation_get_group (parcel->chat->conversation);

  return !parcel->chat->removed && (group == NULL || kith_group_is_member (group));
}

static gboolean
can_accept (KithParcel *parcel, GError **error)
{
  const KithStoreTransfer *file = parcel->row->file;
  KithTransferState state = kith_transfer_get_state (parcel->model);

  if (!kith_parcel_is_incoming (parcel) || !may_fetch (parcel)
      || (state != KITH_TRANSFER_OFFERED && state != KITH_TRANSFER_FAILED
          && state != KITH_TRANSFER_DECLINED && state != KITH_TRANSFER_CANCELLED))
    return refuse (error, KITH_ERROR_INVALID, "This cannot be accepted");
  if (kith_parcel_is_withdrawn (parcel))
    return refuse (error, KITH_ERROR_INVALID, "They took it back");
  if (file->size > KITH_LIMIT_FILE_BYTES || file->list_bytes > KITH_LIMIT_FOLDER_LIST_BYTES)
    return refuse (error, KITH_ERROR_TOO_BIG, "This is too large");
  if (parcel->working)
    return refuse (error, KITH_ERROR_BUSY, "It is being put away: try again");

  return TRUE;
}

/* Hidden until it is complete, and not to be guessed. */
static char *
new_partial (const KithEnv *env, const char *folder)
{
  guint8 bytes[PARTIAL_RANDOM_BYTES];
  g_autofree char *hex = NULL;
  g_autofree char *name = NULL;

  kith_env_random_bytes (env, bytes, sizeof bytes);
  hex = kith_hex_encode (bytes, sizeof bytes);
  name = g_strconcat (KITH_PARTIAL_PREFIX, hex, KITH_PARTIAL_SUFFIX, NULL);
  return g_build_filename (folder, name, NULL);
}

/* What was received before is of use only in the same folder. */
static void
choose_partial (KithNode *self, KithParcel *parcel, const char *folder)
{
  KithStoreTransfer *file = parcel->row->file;
  g_autofree char *before = file->path != NULL ? g_path_get_dirname (file->path) : NULL;

  if (g_strcmp0 (before, folder) == 0 && kith_parcel_is_partial (file->path))
    return;

  kith_parcel_remove_partial (parcel);
  kith_parcel_forget_leaves (parcel);
  file->path = new_partial (self->env, folder);
}

/* One of ours in a group waits for nobody; of what nobody has asked for it is not known that it is wanted. */
static KithTransferState
begun_state (KithParcel *parcel)
{
  if (kith_parcel_is_incoming (parcel))
    return KITH_TRANSFER_WAITING;
  if (parcel->shared)
    return KITH_TRANSFER_DONE;

  return kith_transfer_get_done_bytes (parcel->model) > 0 ? KITH_TRANSFER_WAITING : KITH_TRANSFER_OFFERED;
}

/* It may be tried anew after it had been given up. */
static void
begin (KithParcel *parcel)
{
  if (g_cancellable_is_cancelled (parcel->cancellable))
    {
      g_object_unref (parcel->cancellable);
      parcel->cancellable = g_cancellable_new ();
    }

  parcel->row->file->told = TRUE;
  parcel->unusable = FALSE;
  kith_parcel_clear_error (parcel);
  kith_transfer_set_paused_by_them (parcel->model, FALSE);
  kith_parcel_say (parcel, KITH_FILE_READY);
  kith_parcel_set_state (parcel, begun_state (parcel));
  if (parcel->shared && kith_parcel_is_incoming (parcel))
    kith_group_files_seek (parcel);
  else if (parcel->shared)
    kith_group_files_tell (parcel);
  kith_transfers_schedule (parcel->owner);
}

gboolean
kith_node_accept_file (KithNode *self, KithTransfer *transfer, const char *target, GError **error)
{
  KithParcel *parcel = find (self, transfer, error);
  g_autofree char *full = target != NULL ? g_canonicalize_filename (target, NULL) : NULL;
  g_autofree char *folder = NULL;
  KithStoreTransfer *file;

  if (parcel == NULL || !can_accept (parcel, error))
    return FALSE;

  folder = folder_for (self, full, error);
  if (folder == NULL || !kith_file_sink_has_room (folder, parcel->row->file->size, error))
    return FALSE;

  file = parcel->row->file;
  choose_partial (self, parcel, folder);
  g_free (file->target);
  file->target = g_steal_pointer (&full);
  begin (parcel);
  return TRUE;
}

gboolean
kith_node_decline_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  KithParcel *parcel = find (self, transfer, error);

  if (parcel == NULL)
    return FALSE;
  if (!kith_parcel_is_incoming (parcel)
      || kith_transfer_get_state (transfer) != KITH_TRANSFER_OFFERED)
    return refuse (error, KITH_ERROR_INVALID, "This cannot be declined");

  parcel->row->file->told = parcel->shared; /* there it is nobody's business */
  kith_parcel_set_state (parcel, KITH_TRANSFER_DECLINED);
  kith_parcel_say (parcel, KITH_FILE_DECLINED);
  return TRUE;
}

/* --- Pausing and giving up ------------------------------------------------------------------ */

gboolean
kith_node_pause_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  KithParcel *parcel = find (self, transfer, error);
  KithTransferState state = kith_transfer_get_state (transfer);
  gboolean can_pause;

  if (parcel == NULL)
    return FALSE;

  can_pause = state == KITH_TRANSFER_WAITING || state == KITH_TRANSFER_RUNNING
              || (state == KITH_TRANSFER_OFFERED && !kith_parcel_is_incoming (parcel));
  if (!can_pause)
    return refuse (error, KITH_ERROR_INVALID, "This cannot be paused");

  kith_parcel_stop_serving (parcel);
  kith_parcel_stop_fetching (parcel);
  kith_parcel_set_state (parcel, KITH_TRANSFER_PAUSED);
  kith_parcel_say (parcel, KITH_FILE_PAUSED);
  kith_transfers_schedule (self->transfers);
  return TRUE;
}

gboolean
kith_node_resume_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  KithParcel *parcel = find (self, transfer, error);
  KithTransferState state = kith_transfer_get_state (transfer);

  if (parcel == NULL)
    return FALSE;
  if (state == KITH_TRANSFER_FAILED && kith_parcel_is_incoming (parcel))
    return kith_node_accept_file (self, transfer, parcel->row->file->target, error);
  if (!parcel->stored || (state != KITH_TRANSFER_PAUSED && state != KITH_TRANSFER_FAILED))
    return refuse (error, KITH_ERROR_INVALID, "This cannot be resumed");

  begin (parcel);
  return TRUE;
}

gboolean
kith_node_cancel_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  KithParcel *parcel = find (self, transfer, error);
  KithTransferState state = kith_transfer_get_state (transfer);

  if (parcel == NULL)
    return FALSE;
  if (state == KITH_TRANSFER_DONE || state == KITH_TRANSFER_CANCELLED
      || state == KITH_TRANSFER_DECLINED)
    return refuse (error, KITH_ERROR_INVALID, "This is over already");

  g_cancellable_cancel (parcel->cancellable);
  if (!parcel->stored && state == KITH_TRANSFER_FAILED)
    kith_transfers_drop (self->transfers, parcel);
  if (!parcel->stored)
    return TRUE; /* whoever prepares it notices */

  kith_parcel_stop_serving (parcel);
  kith_parcel_stop_fetching (parcel);
  kith_parcel_clear_error (parcel);
  if (!kith_parcel_is_incoming (parcel))
    kith_parcel_set_withdrawn (parcel);
  parcel->row->file->told = parcel->shared;
  kith_parcel_give_up_partial (parcel);
  kith_parcel_set_state (parcel, KITH_TRANSFER_CANCELLED);
  kith_parcel_say (parcel, KITH_FILE_CANCELLED);
  kith_transfers_schedule (self->transfers);
  return TRUE;
}

/* --- Reading and copying -------------------------------------------------------------------- */

typedef struct
{
  KithFileSource *source;  /* (owned) */
  guint8          root[KITH_HASH_BYTES];
  gsize           max_bytes;
  char           *target;  /* (owned) (nullable): where to write a copy */
  gboolean        replace; /* what is there */
} Copy;

static void
copy_free (Copy *copy)
{
  g_clear_pointer (&copy->source, kith_file_source_unref);
  g_free (copy->target);
  g_free (copy);
}

/* (transfer full) (nullable) */
static GBytes *
read_all (Copy *copy, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  guint8 root[KITH_HASH_BYTES];
  g_autoptr (GByteArray) leaves = NULL;
  guint64 size = kith_file_source_get_size (copy->source);

  if (kith_file_source_get_list_bytes (copy->source) > 0)
    {
      refuse (error, KITH_ERROR_INVALID, "It is a folder");
      return NULL;
    }
  if (size > copy->max_bytes)
    {
      refuse (error, KITH_ERROR_TOO_BIG, "It is larger than that");
      return NULL;
    }

  leaves = kith_file_source_hash (copy->source, root, NULL, NULL, cancellable, error);
  if (leaves == NULL)
    return NULL;
  if (memcmp (root, copy->root, sizeof root) != 0)
    {
      refuse (error, KITH_ERROR_DAMAGED, "It is not what was sent any more");
      return NULL;
    }

  bytes = g_byte_array_sized_new ((guint) size);
  g_byte_array_set_size (bytes, (guint) size);
  if (!kith_file_source_read (copy->source, 0, bytes->data, (gsize) size, error))
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Copy *copy = data;
  GError *error = NULL;
  GBytes *bytes = NULL;

  if (kith_file_source_open (copy->source, cancellable, &error))
    bytes = read_all (copy, cancellable, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/* All of it into a sink, as if it came from somebody. */
static gboolean
write_copy (Copy *copy, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (copy->target);
  g_autofree char *name = g_path_get_basename (copy->target);
  g_autofree char *partial = new_partial (kith_env_get_default (), folder);
  guint64 size = kith_file_source_get_size (copy->source);
  g_autofree guint8 *buffer = g_malloc (KITH_LIMIT_FILE_LEAF_BYTES);
  gboolean is_folder = kith_file_source_get_list_bytes (copy->source) > 0;
  g_autoptr (KithFileSink) sink =
    kith_file_sink_new (partial, size, kith_file_source_get_list_bytes (copy->source));
  gboolean is_fine = kith_file_sink_has_room (folder, size, error) && kith_file_sink_open (sink, error);

  for (guint64 at = 0; is_fine && at < size; at += KITH_LIMIT_FILE_LEAF_BYTES)
    {
      gsize len = (gsize) MIN (size - at, KITH_LIMIT_FILE_LEAF_BYTES);

      if (g_cancellable_is_cancelled (cancellable))
        is_fine = refuse (error, KITH_ERROR_CANCELLED, "The user gave it up");
      else
        is_fine = kith_file_source_read (copy->source, at, buffer, len, error)
                  && kith_file_sink_write (sink, at, buffer, len, error);
    }

  if (is_fine && copy->replace && !is_folder)
    is_fine = kith_file_sink_replace (sink, name, error);
  else if (is_fine)
    {
      g_autofree char *path = kith_file_sink_finish (sink, name, error);

      is_fine = path != NULL;
    }
  if (!is_fine)
    kith_file_sink_remove (partial);
  return is_fine;
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Copy *copy = data;
  GError *error = NULL;

  if (kith_file_source_open (copy->source, cancellable, &error)
      && write_copy (copy, cancellable, &error))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, error);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (bytes != NULL)
    g_task_return_pointer (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_boolean (task, TRUE);
}

/* The node is none of a worker thread's business. @copy: (transfer full); @task: (transfer full) */
static void
run_copy (Copy *copy, GTask *task)
{
  g_autoptr (GTask) work = g_task_new (NULL, g_task_get_cancellable (task), copied_cb, task);

  g_task_set_task_data (work, copy, (GDestroyNotify) copy_free);
  g_task_run_in_thread (work, copy->target != NULL ? save_thread : read_thread);
}

typedef struct
{
  Copy  *copy; /* (owned) */
  GTask *task; /* (owned) */
} Waiting;

static void
content_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Waiting *waiting = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) content = kith_store_load_content_finish (KITH_STORE (source), result, &error);

  if (content == NULL)
    {
      g_task_return_error (waiting->task, error);
      g_object_unref (waiting->task);
      copy_free (waiting->copy);
      return;
    }

  waiting->copy->source = kith_file_source_new_for_bytes (content);
  run_copy (waiting->copy, waiting->task);
}

static gboolean
can_copy (KithParcel *parcel, GError **error)
{
  if (kith_parcel_is_incoming (parcel)
      && kith_transfer_get_state (parcel->model) != KITH_TRANSFER_DONE)
    return refuse (error, KITH_ERROR_INVALID, "It has not arrived yet");
  if (!parcel->stored)
    return refuse (error, KITH_ERROR_INVALID, "It is not ready yet");

  return TRUE;
}

/* @copy: (transfer full); @owned_task: (transfer full) */
static void
start_copy (KithNode *self, KithTransfer *transfer, Copy *copy, GTask *owned_task)
{
  g_autoptr (GTask) task = owned_task;
  GError *error = NULL;
  KithParcel *parcel = find (self, transfer, &error);

  if (parcel == NULL || !can_copy (parcel, &error))
    {
      g_task_return_error (task, error);
      copy_free (copy);
      return;
    }

  memcpy (copy->root, parcel->row->file->root, sizeof copy->root);
  if (parcel->row->file->kept)
    {
      Waiting *waiting = g_new0 (Waiting, 1);

      waiting->copy = copy;
      waiting->task = g_steal_pointer (&task);
      kith_store_load_content_async (self->store, parcel->row, NULL, content_cb, waiting);
      return;
    }

  copy->source = kith_file_source_new_for_path (parcel->row->file->path);
  run_copy (copy, g_steal_pointer (&task));
}

void
kith_node_read_file_async (KithNode *self, KithTransfer *transfer, gsize max_bytes,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Copy *copy = g_new0 (Copy, 1);

  g_task_set_source_tag (task, kith_node_read_file_async);
  copy->max_bytes = max_bytes;
  start_copy (self, transfer, copy, task);
}

GBytes *
kith_node_read_file_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
may_replace (const GStatBuf *info, KithTransfer *transfer)
{
  return S_ISREG (info->st_mode) && !kith_transfer_is_folder (transfer);
}

void
kith_node_save_file_async (KithNode *self, KithTransfer *transfer, const char *target,
                           gboolean replace, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Copy *copy = g_new0 (Copy, 1);
  GStatBuf info;

  g_task_set_source_tag (task, kith_node_save_file_async);
  copy->target = g_canonicalize_filename (target, NULL);
  copy->replace = replace;
  if (g_lstat (copy->target, &info) == 0 && !(replace && may_replace (&info, transfer)))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_EXISTS, "There is something of that name");
      g_object_unref (task);
      copy_free (copy);
      return;
    }

  start_copy (self, transfer, copy, task);
}

gboolean
kith_node_save_file_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
