/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Placeholders until the real ones are merged: this file goes away then. */
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
kith_node_load_older_async (KithNode *self, KithConversation *conversation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

void
kith_node_load_newer_async (KithNode *self, KithConversation *conversation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_node_load_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_jump_to_message_async (KithNode *self, KithConversation *conversation, KithMessage *message, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

void
kith_node_jump_to_time_async (KithNode *self, KithConversation *conversation, gint64 time_ms, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

void
kith_node_jump_to_unread_async (KithNode *self, KithConversation *conversation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

void
kith_node_jump_to_newest_async (KithNode *self, KithConversation *conversation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

KithMessage *
kith_node_jump_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_node_fetch_async (KithNode *self, KithConversation *conversation, const char *before_id, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

GPtrArray   *
kith_node_fetch_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_node_search_async (KithNode *self, const char *text, KithConversation *conversation, guint limit, KithSearchHit *after, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

GPtrArray   *
kith_node_search_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_node_fetch_message_async (KithNode *self, const char *id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

KithMessage *
kith_node_fetch_message_finish (KithNode *self, GAsyncResult *result, KithConversation **conversation, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_node_clear_history_async (KithNode *self, KithConversation *conversation, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_node_clear_history_finish (KithNode *self, GAsyncResult *result, GError **error)
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

const char  *
kith_node_get_setting (KithNode *self, const char *key)
{
  return NULL;
}

int
kith_node_get_setting_int (KithNode *self, const char *key, int fallback)
{
  return fallback;
}

void
kith_node_set_setting (KithNode *self, const char *key, const char *value)
{

}

void
kith_node_set_setting_int (KithNode *self, const char *key, int value)
{

}

void
kith_node_save_draft (KithNode *self, KithConversation *conversation)
{

}

void
kith_node_set_note_async (KithNode *self, KithContact *contact, const char *note, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_node_set_note_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_set_favourite_async (KithNode *self, KithContact *contact, gboolean favourite, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_node_set_favourite_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_set_blocked_async (KithNode *self, KithContact *contact, gboolean blocked, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_task_report_new_error (self, callback, user_data, NULL, KITH_ERROR, KITH_ERROR_FAILED, "Not yet");
}

gboolean
kith_node_set_blocked_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
