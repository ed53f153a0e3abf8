/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: what the faces ask for. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-files.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "node/kith-settings.h"

/**
 * kith_outgoing_file_new_for_path:
 * @path: (type filename): a file or a folder
 *
 * Returns: (transfer full): it, to be sent
 */
KithOutgoingFile *
kith_outgoing_file_new_for_path (const char *path)
{
  KithOutgoingFile *self = g_new0 (KithOutgoingFile, 1);

  self->path = g_strdup (path);
  return self;
}

/**
 * kith_outgoing_file_new_for_bytes:
 * @bytes: (transfer none): what it is
 * @name: what it is called
 * @media_type: (nullable): what sort it is of
 *
 * Returns: (transfer full): it, to be sent
 */
KithOutgoingFile *
kith_outgoing_file_new_for_bytes (GBytes *bytes, const char *name, const char *media_type)
{
  KithOutgoingFile *self = g_new0 (KithOutgoingFile, 1);

  self->bytes = g_bytes_ref (bytes);
  self->name = g_strdup (name);
  self->media.type = g_strdup (media_type);
  return self;
}

/**
 * kith_outgoing_file_free:
 * @self: (transfer full) (nullable): something to be sent
 */
void
kith_outgoing_file_free (KithOutgoingFile *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);
  kith_media_clear (&self->media);
  g_free (self);
}

/* Not ready yet: each of the following says so until it is. */
static gboolean
not_yet (GError **error)
{
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_FAILED, "Files cannot be sent yet");
  return FALSE;
}

static void
answer_not_yet (KithNode *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  not_yet (&error);
  g_task_return_error (task, error);
}

void
kith_node_send_files_async (KithNode *self, KithConversation *conversation, GPtrArray *files,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  answer_not_yet (self, cancellable, callback, user_data);
}

GPtrArray *
kith_node_send_files_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
kith_node_accept_file (KithNode *self, KithTransfer *transfer, const char *target, GError **error)
{
  return not_yet (error);
}

gboolean
kith_node_decline_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  return not_yet (error);
}

gboolean
kith_node_pause_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  return not_yet (error);
}

gboolean
kith_node_resume_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  return not_yet (error);
}

gboolean
kith_node_cancel_file (KithNode *self, KithTransfer *transfer, GError **error)
{
  return not_yet (error);
}

char *
kith_node_dup_files_folder (KithNode *self)
{
  return NULL;
}

void
kith_node_set_files_folder (KithNode *self, const char *path)
{
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
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64) MIN (bytes, KITH_LIMIT_FILE_BYTES));

  kith_node_set_setting (self, KITH_SETTING_FILES_AUTO, text);
}

void
kith_node_read_file_async (KithNode *self, KithTransfer *transfer, gsize max_bytes,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  answer_not_yet (self, cancellable, callback, user_data);
}

GBytes *
kith_node_read_file_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_node_save_file_async (KithNode *self, KithTransfer *transfer, const char *target,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  answer_not_yet (self, cancellable, callback, user_data);
}

gboolean
kith_node_save_file_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
