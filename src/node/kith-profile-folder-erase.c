/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a profile: first its key, from when on nothing that may be left of it can be read; then its files; then
 * what others sent, which anybody can read. What cannot be deleted stops nothing else, and is tried again the
 * next time. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <errno.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "node/kith-autostart.h"
#include "node/kith-node-files.h"
#include "node/kith-node-private.h"
#include "node/kith-own-files.h"
#include "node/kith-parcel.h"
#include "node/kith-profile-folder-private.h"
#include "node/kith-received-file.h"
#include "store/kith-store-errors.h"
#include "store/kith-store-received.h"
#include "store/kith-vault.h"

/* A kill between the key and the files must not leave a profile that seems to have lost its vault. With the name of one
 * that was never finished, what was the key tells the next start to delete the rest: see kith_profile_folder_tidy(). */
#define MARK KITH_PROFILE_NEW_VAULT

typedef struct
{
  char         *folder;        /* (owned) */
  gboolean      with_received;
  KithPartials *partials;      /* (owned) (nullable): begun in this run */
  GPtrArray    *received;      /* (owned) (element-type KithStoreReceived): to be deleted, then what is left of them */
  gboolean      is_key_gone;
  char         *left_in;       /* (owned) (nullable): where the first of them is left */
  GError       *error;         /* (owned) (nullable): the first one */
} Erase;

static void
erase_free (Erase *erase)
{
  g_free (erase->folder);
  g_clear_pointer (&erase->partials, kith_partials_unref);
  g_clear_pointer (&erase->received, g_ptr_array_unref);
  g_free (erase->left_in);
  g_clear_error (&erase->error);
  g_free (erase);
}

/* @error: (transfer full) */
static void
note_error (Erase *erase, GError *error)
{
  if (erase->error == NULL)
    erase->error = error;
  else
    g_error_free (error);
}

/* --- On worker threads ---------------------------------------------------------------------- */

/* Returns: whether it is gone, or not to go */
static gboolean
remove_own (Erase *erase, const char *name)
{
  g_autofree char *path = g_build_filename (erase->folder, name, NULL);
  gboolean is_wiped;
  GError *error = NULL;

  if (kith_own_files_is_vault (name))
    kith_vault_destroy (path, &is_wiped, &error);
  else if (kith_own_files_is_ours (name) && !kith_own_files_is_aside (name) && g_unlink (path) != 0 && errno != ENOENT)
    kith_store_set_errno_error (&error, errno);
  if (error == NULL)
    return TRUE;

  note_error (erase, error);
  return FALSE;
}

/* The mark goes last, and stays as long as anything else does. */
static void
remove_files (Erase *erase)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (erase->folder, 0, &error);
  gboolean is_done = TRUE;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!g_str_equal (name, MARK))
      is_done &= remove_own (erase, name);
  if (dir != NULL && is_done)
    remove_own (erase, MARK);

  if (dir == NULL && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      GError *why = NULL;

      kith_store_set_file_error (&why, error);
      note_error (erase, why);
    }
}

/* Those of a profile that is carried about lie in it, and can be told also when it is locked. */
static void
find_partials (Erase *erase)
{
  g_autofree char *files = g_build_filename (erase->folder, KITH_PROFILE_FILES, NULL);
  g_autoptr (GDir) dir = g_dir_open (files, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (kith_parcel_is_partial (name))
      {
        KithStoreReceived *row = g_new0 (KithStoreReceived, 1);

        row->path = g_build_filename (files, name, NULL);
        g_ptr_array_add (erase->received, row);
      }
}

/* What is left of them stays in the list. */
static void
remove_received (Erase *erase)
{
  for (guint i = 0; i < erase->received->len;)
    {
      const KithStoreReceived *row = g_ptr_array_index (erase->received, i);
      GError *error = NULL;

      if (kith_received_file_delete (row, &error))
        {
          g_ptr_array_remove_index (erase->received, i);
          continue;
        }

      if (erase->left_in == NULL)
        erase->left_in = g_path_get_dirname (row->path);
      note_error (erase, error);
      i++;
    }
}

/* What was the key gets the name of the mark. Returns: %FALSE when it could not be, or not all of it */
static gboolean
become_mark (const char *vault, const char *mark)
{
  gboolean exists, is_wiped;

  /* Not the first try. */
  if (kith_vault_look (vault, &exists, NULL) && !exists)
    return kith_vault_wipe (mark, NULL);

  return kith_vault_wipe (vault, NULL) && kith_vault_destroy (mark, &is_wiped, NULL)
         && kith_vault_rename (vault, mark, NULL);
}

static void
key_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Erase *erase = g_task_get_task_data (task_data);
  g_autofree char *vault = g_build_filename (erase->folder, KITH_PROFILE_VAULT, NULL);
  g_autofree char *mark = g_build_filename (erase->folder, MARK, NULL);
  GError *error = NULL;

  erase->is_key_gone = become_mark (vault, mark);
  if (!erase->is_key_gone && !kith_vault_destroy (vault, &erase->is_key_gone, &error))
    note_error (erase, error);
  g_task_return_boolean (task, TRUE);
}

/* It has the path of the profile, and would begin it anew when the user logs in. */
static void
remove_autostart (Erase *erase)
{
  g_autofree char *id = kith_profile_folder_dup_application_id (erase->folder);
  GError *error = NULL;

  if (!kith_autostart_remove (id, &error))
    note_error (erase, error);
}

static void
remove_rest (Erase *erase)
{
  remove_files (erase);
  find_partials (erase);
  remove_received (erase);
  remove_autostart (erase);
}

static void
files_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Erase *erase = g_task_get_task_data (task_data);

  remove_rest (erase);
  g_task_return_boolean (task, TRUE);
}

gboolean
kith_profile_folder_go_on_erasing (const char *path)
{
  gboolean is_done;
  Erase erase = { .folder = (char *) path,
                  .received = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_received_free) };

  remove_rest (&erase);
  if (erase.error != NULL)
    g_info ("What was erased is not all gone: %s", erase.error->message);
  is_done = erase.error == NULL;
  g_ptr_array_unref (erase.received);
  g_free (erase.left_in);
  g_clear_error (&erase.error);
  return is_done;
}

/* --- On the main loop ----------------------------------------------------------------------- */

/* @task: (transfer full): its data is where the errors are */
static void
end_erase (KithProfileFolder *self, GTask *owned_task)
{
  g_autoptr (GTask) task = owned_task;
  Erase *erase = g_task_get_task_data (task);
  g_autoptr (GError) error = g_steal_pointer (&erase->error);

  g_free (self->left_in);
  self->left_in = g_steal_pointer (&erase->left_in);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  self->left = g_steal_pointer (&erase->received);
  kith_profile_folder_end_erasing (self, error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* The folder is ours, whoever made it: there was a profile in it. */
static void
take_result (KithProfileFolder *self, const Erase *erase)
{
  self->is_key_gone = erase->is_key_gone;
  if (erase->is_key_gone)
    {
      self->is_made = self->is_made || self->had_vault;
      self->had_vault = FALSE;
    }
  kith_profile_folder_look (self, NULL);
}

static void
files_gone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithProfileFolder *self = KITH_PROFILE_FOLDER (source);
  GTask *task = user_data;

  take_result (self, g_task_get_task_data (task));
  end_erase (self, task);
}

/* @task: (transfer full), also of @callback */
static void
run (GTask *task, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) work = g_task_new (g_task_get_source_object (task), NULL, callback, task);

  g_task_set_task_data (work, task, NULL); /* which the callback holds on to */
  g_task_run_in_thread (work, func);
}

static void
add_partials (Erase *erase)
{
  g_autoptr (GPtrArray) paths = kith_partials_take (erase->partials);

  for (guint i = 0; i < paths->len; i++)
    {
      KithStoreReceived *row = g_new0 (KithStoreReceived, 1);
      GStatBuf about;

      /* It may just have become complete, with another name. */
      row->path = g_strdup (g_ptr_array_index (paths, i));
      row->size = g_lstat (row->path, &about) == 0 ? (guint64) about.st_size : 0;
      g_ptr_array_add (erase->received, row);
    }
}

/* No worker thread has any of them now. */
static void
partials_rest_cb (gpointer user_data)
{
  GTask *task = user_data;

  add_partials (g_task_get_task_data (task));
  run (task, files_thread, files_gone_cb);
}

static void
key_gone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithProfileFolder *self = KITH_PROFILE_FOLDER (source);
  GTask *task = user_data;
  Erase *erase = g_task_get_task_data (task);

  if (erase->error != NULL && !erase->is_key_gone)
    {
      take_result (self, erase);
      end_erase (self, task);
    }
  else if (erase->partials != NULL)
    kith_partials_await (erase->partials, 0, partials_rest_cb, task); /* the key is gone */
  else
    run (task, files_thread, files_gone_cb);
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
  GTask *task = user_data;
  Erase *erase = g_task_get_task_data (task);
  GError *error = NULL;

  /* Somebody may have been quicker. */
  kith_profile_folder_lock_finish (self, result, NULL);
  if (!begin_erase (self, &error))
    {
      g_clear_error (&erase->error);
      note_error (erase, error);
      end_erase (self, task);
    }
  else if (kith_profile_folder_begin (self, self->state, task))
    run (task, key_thread, key_gone_cb);
}

/* What is half there is never wanted afterwards, and nobody sees it: it is hidden. */
static gboolean
is_to_go (const Erase *erase, const KithStoreReceived *row)
{
  return kith_parcel_is_partial (row->path)
         || (erase->with_received && row->state == KITH_TRANSFER_DONE && !row->is_folder);
}

/* Only while it is open one knows where they are. The key goes also when that cannot be read. */
static void
places_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  KithProfileFolder *self = g_task_get_source_object (task);
  Erase *erase = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = kith_store_load_places_finish (KITH_STORE (source), result, &error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      KithStoreReceived *row = g_ptr_array_index (rows, i);

      if (is_to_go (erase, row))
        g_ptr_array_add (erase->received, g_steal_pointer (&g_ptr_array_index (rows, i)));
    }

  if (error != NULL && erase->with_received && self->node != NULL)
    {
      erase->left_in = kith_node_dup_files_folder (self->node);
      note_error (erase, g_steal_pointer (&error));
    }
  g_clear_error (&error);
  if (self->node != NULL)
    erase->partials = kith_partials_ref (kith_transfers_leave_nothing (self->node->transfers, TRUE));
  kith_profile_folder_lock_async (self, locked_cb, task);
}

void
kith_profile_folder_erase_async (KithProfileFolder *self, gboolean with_received,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Erase *erase;

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

  /* What was to go with an erasing that failed is asked for anew. */
  if (self->node != NULL)
    g_clear_pointer (&self->left, g_ptr_array_unref);
  self->is_erasing = TRUE;
  self->is_key_gone = FALSE;
  erase = g_new0 (Erase, 1);
  erase->folder = g_strdup (self->path);
  erase->with_received = with_received;
  erase->received = self->left != NULL
                      ? g_steal_pointer (&self->left)
                      : g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_received_free);
  g_task_set_task_data (task, erase, (GDestroyNotify) erase_free);
  if (self->node != NULL)
    kith_store_load_places_async (self->store, places_cb, g_steal_pointer (&task));
  else
    kith_profile_folder_lock_async (self, locked_cb, g_steal_pointer (&task));
}

const char *
kith_profile_folder_get_left_in (KithProfileFolder *self)
{
  return self->left_in;
}

gboolean
kith_profile_folder_erase_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
