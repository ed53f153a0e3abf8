/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: where they are put, and whether they are wanted. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-files.h"

#include <errno.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "node/kith-restored-files.h"
#include "node/kith-settings.h"
#include "node/kith-transfers-private.h"
#include "store/kith-store-errors.h"

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
    return kith_error_refuse (error, KITH_ERROR_INVALID, "Files cannot be put there");
  if (path != NULL && !g_file_test (path, G_FILE_TEST_IS_DIR))
    return kith_error_refuse (error, KITH_ERROR_NOT_FOUND, "That is no folder");

  kith_node_set_setting (self, KITH_SETTING_FILES_FOLDER, path != NULL ? path : "");
  kith_restored_files_look (self);
  return TRUE;
}

void
kith_node_set_files_folder (KithNode *self, const char *path)
{
  g_free (self->transfers->folder);
  self->transfers->folder = g_strdup (path);
  kith_restored_files_look (self);
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
      kith_error_refuse (error, KITH_ERROR_INVALID, "There is no folder for it: say where to save it");
      return NULL;
    }
  if (target != NULL && g_lstat (target, &info) == 0)
    {
      kith_error_refuse (error, KITH_ERROR_EXISTS, "There is something of that name");
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
      kith_error_refuse (error, KITH_ERROR_NOT_FOUND, "That is no folder");
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

/* It had come before a restore, and was not found again. */
static gboolean
is_lost (KithParcel *parcel)
{
  return kith_transfer_get_state (parcel->model) == KITH_TRANSFER_DONE && !kith_parcel_has_place (parcel);
}

static gboolean
can_accept (KithParcel *parcel, GError **error)
{
  const KithStoreTransfer *file = parcel->row->file;
  KithTransferState state = kith_transfer_get_state (parcel->model);

  if (!kith_parcel_is_incoming (parcel) || !may_fetch (parcel)
      || (state != KITH_TRANSFER_OFFERED && state != KITH_TRANSFER_FAILED
          && state != KITH_TRANSFER_DECLINED && state != KITH_TRANSFER_CANCELLED && !is_lost (parcel)))
    return kith_error_refuse (error, KITH_ERROR_INVALID, "This cannot be accepted");
  if (kith_parcel_is_withdrawn (parcel))
    return kith_error_refuse (error, KITH_ERROR_INVALID, "They took it back");
  if (file->size > KITH_LIMIT_FILE_BYTES || file->list_bytes > KITH_LIMIT_FOLDER_LIST_BYTES)
    return kith_error_refuse (error, KITH_ERROR_TOO_BIG, "This is too large");
  if (parcel->working)
    return kith_error_refuse (error, KITH_ERROR_BUSY, "It is being put away: try again");

  return TRUE;
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
  file->path = kith_parcel_new_partial (self->env, folder);
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
  KithParcel *parcel = kith_transfers_find (self->transfers, transfer, error);
  g_autofree char *full = target != NULL ? g_canonicalize_filename (target, NULL) : NULL;
  g_autofree char *folder = NULL;
  KithStoreTransfer *file;

  if (parcel == NULL || !can_accept (parcel, error))
    return FALSE;

  folder = folder_for (self, full, error);
  if (folder == NULL || !kith_file_sink_has_room (folder, parcel->row->file->size, error))
    return FALSE;

  file = parcel->row->file;
  if (is_lost (parcel))
    kith_transfer_set_done (parcel->model, 0);
  choose_partial (self, parcel, folder);
  g_free (file->target);
  file->target = g_steal_pointer (&full);
  begin (parcel);
  return TRUE;
}

gboolean
kith_node_decline_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  KithParcel *parcel = kith_transfers_find (self->transfers, transfer, error);

  if (parcel == NULL)
    return FALSE;
  if (!kith_parcel_is_incoming (parcel)
      || kith_transfer_get_state (transfer) != KITH_TRANSFER_OFFERED)
    return kith_error_refuse (error, KITH_ERROR_INVALID, "This cannot be declined");

  parcel->row->file->told = parcel->shared; /* there it is nobody's business */
  kith_parcel_set_state (parcel, KITH_TRANSFER_DECLINED);
  kith_parcel_say (parcel, KITH_FILE_DECLINED);
  return TRUE;
}

/* --- Pausing and giving up ------------------------------------------------------------------ */

gboolean
kith_node_pause_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  KithParcel *parcel = kith_transfers_find (self->transfers, transfer, error);
  KithTransferState state = kith_transfer_get_state (transfer);
  gboolean can_pause;

  if (parcel == NULL)
    return FALSE;

  can_pause = state == KITH_TRANSFER_WAITING || state == KITH_TRANSFER_RUNNING
              || (state == KITH_TRANSFER_OFFERED && !kith_parcel_is_incoming (parcel));
  if (!can_pause)
    return kith_error_refuse (error, KITH_ERROR_INVALID, "This cannot be paused");

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
  KithParcel *parcel = kith_transfers_find (self->transfers, transfer, error);
  KithTransferState state = kith_transfer_get_state (transfer);

  if (parcel == NULL)
    return FALSE;
  if (state == KITH_TRANSFER_FAILED && kith_parcel_is_incoming (parcel))
    return kith_node_accept_file (self, transfer, parcel->row->file->target, error);
  if (!parcel->stored || (state != KITH_TRANSFER_PAUSED && state != KITH_TRANSFER_FAILED))
    return kith_error_refuse (error, KITH_ERROR_INVALID, "This cannot be resumed");
  if (!kith_parcel_is_incoming (parcel) && !kith_parcel_has_place (parcel))
    return kith_error_refuse (error, KITH_ERROR_NOT_FOUND, "It is not known where it is");

  begin (parcel);
  return TRUE;
}

gboolean
kith_node_cancel_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  KithParcel *parcel = kith_transfers_find (self->transfers, transfer, error);
  KithTransferState state = kith_transfer_get_state (transfer);

  if (parcel == NULL)
    return FALSE;
  if (state == KITH_TRANSFER_DONE || state == KITH_TRANSFER_CANCELLED
      || state == KITH_TRANSFER_DECLINED)
    return kith_error_refuse (error, KITH_ERROR_INVALID, "This is over already");

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
