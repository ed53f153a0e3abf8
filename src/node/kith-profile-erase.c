/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a profile. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <errno.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "node/kith-node-private.h"
#include "node/kith-node-storage.h"
#include "node/kith-own-files.h"
#include "node/kith-profile-folder-private.h"
#include "store/kith-store-errors.h"
#include "store/kith-vault.h"

static gboolean
remove_files (const char *folder, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &local);
  const char *name;
  gboolean is_wiped;

  if (dir == NULL)
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;

      kith_store_set_file_error (error, local);
      return FALSE;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (kith_own_files_is_vault (name) && !kith_vault_destroy (path, &is_wiped, error))
        return FALSE;
      if (kith_own_files_is_ours (name) && g_unlink (path) != 0 && errno != ENOENT)
        {
          kith_store_set_errno_error (error, errno);
          return FALSE;
        }
    }

  return TRUE;
}

typedef struct
{
  char    *folder;      /* (owned) */
  gboolean is_key_gone;
} Erase;

static void
erase_free (Erase *erase)
{
  g_free (erase->folder);
  g_free (erase);
}

/* First the key: from then on nothing that may be left can be read. */
static void
erase_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Erase *erase = task_data;
  g_autofree char *vault = g_build_filename (erase->folder, KITH_PROFILE_VAULT, NULL);
  GError *error = NULL;

  if (kith_vault_destroy (vault, &erase->is_key_gone, &error) && remove_files (erase->folder, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* @error: (transfer full) (nullable) */
static void
end_erase (KithProfileFolder *self, GTask *task, GError *error)
{
  kith_profile_folder_end_erasing (self, error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithProfileFolder *self = KITH_PROFILE_FOLDER (source);
  const Erase *erase = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  self->is_key_gone = erase->is_key_gone;
  if (erase->is_key_gone)
    self->had_vault = FALSE;
  kith_profile_folder_look (self, NULL);
  end_erase (self, task, error);
}

static void
start_erase (KithProfileFolder *self, GTask *task)
{
  g_autoptr (GTask) work = g_task_new (self, NULL, erased_cb, g_object_ref (task));
  Erase *erase = g_new0 (Erase, 1);

  erase->folder = g_strdup (self->path);
  g_task_set_task_data (work, erase, (GDestroyNotify) erase_free);
  g_task_run_in_thread (work, erase_thread);
}

/* That the store could not be closed in order does not matter any more; where nothing is, nothing was erased. */
static gboolean
begin_erase (KithProfileFolder *self, GError **error)
{
  if (self->is_changing || self->state == KITH_PROFILE_BUSY || self->state == KITH_PROFILE_UNLOCKED)
    {
      g_propagate_error (error, kith_profile_folder_new_busy_error ());
      return FALSE;
    }

  return kith_profile_folder_is_there (self, error);
}

static void
locked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithProfileFolder *self = KITH_PROFILE_FOLDER (source);
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  /* Somebody may have been quicker. */
  kith_profile_folder_lock_finish (self, result, NULL);
  if (!begin_erase (self, &error))
    end_erase (self, task, error);
  else if (kith_profile_folder_begin (self, self->state, task))
    start_erase (self, task);
}

static void
received_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithProfileFolder *self = g_task_get_source_object (task);
  KithStorageUse use;
  GError *error = NULL;

  if (kith_node_delete_received_finish (KITH_NODE (source), result, &use, &error))
    kith_profile_folder_lock_async (self, locked_cb, g_object_ref (task));
  else
    end_erase (self, task, error);
}

void
kith_profile_folder_erase_async (KithProfileFolder *self, gboolean with_received,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kith_profile_folder_erase_async);
  /* A passphrase that is being changed would write the vault once more. */
  if (self->state == KITH_PROFILE_BUSY || self->is_changing || self->is_erasing)
    {
      g_task_return_error (task, kith_profile_folder_new_busy_error ());
      return;
    }
  if (with_received && self->node == NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_LOCKED, "The profile is locked");
      return;
    }

  self->is_erasing = TRUE;
  self->is_key_gone = FALSE;
  if (with_received)
    kith_node_delete_received_async (self->node, G_MAXINT64, NULL, received_deleted_cb,
                                     g_steal_pointer (&task));
  else
    kith_profile_folder_lock_async (self, locked_cb, g_steal_pointer (&task));
}

gboolean
kith_profile_folder_erase_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
