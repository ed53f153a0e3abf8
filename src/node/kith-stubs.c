/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Placeholders until the real ones are merged: this file goes away then. */
#define G_LOG_DOMAIN "kith-node"
#include "config.h"
#include "base/kith-error.h"
#include "node/kith-node-history.h"
#include "node/kith-profile-folder.h"

struct _KithProfileFolder { GObject parent_instance; };
G_DEFINE_FINAL_TYPE (KithProfileFolder, kith_profile_folder, G_TYPE_OBJECT)
static void kith_profile_folder_class_init (KithProfileFolderClass *klass) {}
static void kith_profile_folder_init (KithProfileFolder *self) {}

void
kith_profile_entry_free (KithProfileEntry *self)
{

}

char              *
kith_profile_folder_dup_root (void)
{
  return NULL;
}

char              *
kith_profile_folder_dup_default (void)
{
  return NULL;
}

char              *
kith_profile_folder_dup_path_for (const char *label, GError **error)
{
  return NULL;
}

GPtrArray         *
kith_profile_folder_list (void)
{
  return g_ptr_array_new ();
}

KithProfileFolder *
kith_profile_folder_open (const char *path, GError **error)
{
  g_set_error (error, KITH_ERROR, KITH_ERROR_PROFILE_IN_USE, "kith-cli (process 1) has it open");
  return NULL;
}

const char        *
kith_profile_folder_get_path (KithProfileFolder *self)
{
  return NULL;
}

KithProfileState
kith_profile_folder_get_state (KithProfileFolder *self)
{
  return 0;
}

KithNode          *
kith_profile_folder_get_node (KithProfileFolder *self)
{
  return NULL;
}

gboolean
kith_profile_folder_get_has_passphrase (KithProfileFolder *self)
{
  return 0;
}

guint
kith_profile_folder_get_pause_s (KithProfileFolder *self)
{
  return 0;
}

void
kith_profile_folder_create_async (KithProfileFolder *self, const char *passphrase, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_profile_folder_create_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_profile_folder_unlock_async (KithProfileFolder *self, const char *passphrase, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_profile_folder_unlock_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_profile_folder_lock_async (KithProfileFolder *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_profile_folder_lock_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_profile_folder_change_passphrase_async (KithProfileFolder *self, const char *current, const char *passphrase, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_profile_folder_change_passphrase_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_profile_folder_erase_async (KithProfileFolder *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_profile_folder_erase_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_profile_folder_export_async (KithProfileFolder *self, GFile *file, const char *passphrase, KithProgressFunc progress, gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_profile_folder_export_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_profile_folder_restore_async (KithProfileFolder *self, GFile *file, const char *backup_passphrase, const char *passphrase, KithProgressFunc progress, gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_profile_folder_restore_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
void
kith_node_write_transcript_async (KithNode *self, KithConversation *conversation, GFile *file, KithTranscriptFormat format, KithProgressFunc progress, gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}
gboolean
kith_node_write_transcript_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
