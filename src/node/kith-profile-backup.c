/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile into a file, out of a file, and away. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "node/kith-node-private.h"
#include "node/kith-profile-folder-private.h"
#include "store/kith-backup.h"
#include "store/kith-store-errors.h"
#include "store/kith-vault.h"

#define NEW_VAULT KITH_PROFILE_VAULT KITH_PROFILE_NEW_SUFFIX

/* --- Progress ------------------------------------------------------------------------------- */

/* Handed from the thread that works to the main context that asked; the newest counts. */
typedef struct
{
  KithProgressFunc func;
  gpointer         user_data;
  GMainContext    *context;  /* (owned) */
  GMutex           lock;
  double           fraction;
  gboolean         is_pending;
  gboolean         is_over;  /* main context only */
} Progress;

static void
progress_clear (gpointer data)
{
  Progress *self = data;

  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
}

static void
progress_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, progress_clear);
}

static Progress *
progress_new (KithProgressFunc func, gpointer user_data)
{
  Progress *self = g_atomic_rc_box_new0 (Progress);

  self->func = func;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->lock);
  return self;
}

static gboolean
progress_cb (gpointer user_data)
{
  Progress *self = user_data;
  double fraction;

  g_mutex_lock (&self->lock);
  fraction = self->fraction;
  self->is_pending = FALSE;
  g_mutex_unlock (&self->lock);

  if (self->func != NULL && !self->is_over)
    self->func (fraction, self->user_data);
  return G_SOURCE_REMOVE;
}

static void
progress_report (double fraction, gpointer user_data)
{
  Progress *self = user_data;
  g_autoptr (GSource) source = NULL;
  gboolean is_pending;

  g_mutex_lock (&self->lock);
  self->fraction = CLAMP (fraction, 0, 1);
  is_pending = self->is_pending;
  self->is_pending = TRUE;
  g_mutex_unlock (&self->lock);
  if (is_pending)
    return;

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, progress_cb, g_atomic_rc_box_acquire (self), progress_unref);
  g_source_attach (source, self->context);
}

/* --- Export --------------------------------------------------------------------------------- */

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Progress *progress = g_task_get_task_data (task);
  GError *error = NULL;

  progress->is_over = TRUE;
  if (kith_store_export_finish (KITH_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kith_profile_folder_export_async (KithProfileFolder *self, GFile *file, const char *passphrase,
                                  KithProgressFunc progress, gpointer progress_data,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gboolean is_fine;
  g_autoptr (KithSecret) secret = kith_profile_folder_take_passphrase (passphrase, &is_fine, task);
  Progress *reports;

  g_task_set_source_tag (task, kith_profile_folder_export_async);
  g_task_set_check_cancellable (task, FALSE);
  if (!is_fine)
    return;

  if (self->state != KITH_PROFILE_UNLOCKED)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_LOCKED, "The profile is locked");
      return;
    }
  if (secret == NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "A backup needs a passphrase");
      return;
    }

  reports = progress_new (progress, progress_data);
  g_task_set_task_data (task, reports, progress_unref);
  kith_store_export_async (self->store, file, secret, progress_report, reports, cancellable,
                           exported_cb, g_steal_pointer (&task));
}

gboolean
kith_profile_folder_export_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Restore -------------------------------------------------------------------------------- */

typedef struct
{
  GFile      *file;              /* (owned) */
  char       *vault;             /* (owned) */
  char       *database;          /* (owned) */
  KithSecret *backup_passphrase; /* (owned) (nullable) */
  KithSecret *passphrase;        /* (owned) (nullable) */
  Progress   *progress;          /* (owned) */
} Restore;

static void
restore_free (Restore *restore)
{
  g_clear_object (&restore->file);
  g_free (restore->vault);
  g_free (restore->database);
  g_clear_pointer (&restore->backup_passphrase, kith_secret_unref);
  g_clear_pointer (&restore->passphrase, kith_secret_unref);
  g_clear_pointer (&restore->progress, progress_unref);
  g_free (restore);
}

/* The profile exists from the moment its vault has its name, which is the last thing that is done. */
static KithStore *
restore_now (Restore *restore, GCancellable *cancellable, GError **error)
{
  g_autofree char *vault = g_strconcat (restore->vault, KITH_PROFILE_NEW_SUFFIX, NULL);
  g_autoptr (KithSecret) master = NULL;
  g_autoptr (KithSecret) key = NULL;

  g_unlink (vault);
  kith_profile_folder_put_aside (restore->database);
  master = kith_vault_create (vault, restore->passphrase, error);
  if (master == NULL)
    return NULL;

  key = kith_vault_derive (master, KITH_PROFILE_DATABASE_LABEL);
  if (kith_backup_import (restore->file, restore->backup_passphrase, restore->database, key,
                          progress_report, restore->progress, cancellable, error))
    {
      if (kith_vault_rename (vault, restore->vault, error))
        return kith_store_open (restore->database, key, error);

      g_unlink (restore->database);
    }

  kith_vault_destroy (vault, NULL);
  return NULL;
}

static void
restore_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  KithStore *store = restore_now (task_data, cancellable, &error);

  if (store != NULL)
    g_task_return_pointer (task, store, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithProfileFolder *self = KITH_PROFILE_FOLDER (source);
  Restore *restore = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  KithStore *store = g_task_propagate_pointer (G_TASK (result), &error);

  restore->progress->is_over = TRUE;
  if (store != NULL)
    {
      kith_profile_folder_take_store (self, store, g_steal_pointer (&task));
      return;
    }

  kith_profile_folder_look (self, NULL);
  g_task_return_error (task, error);
}

static void
start_restore (KithProfileFolder *self, Restore *restore, GCancellable *cancellable, GTask *task)
{
  g_autoptr (GTask) work = g_task_new (self, cancellable, restored_cb, g_object_ref (task));

  restore->vault = kith_profile_folder_dup_file (self, KITH_PROFILE_VAULT);
  restore->database = kith_profile_folder_dup_file (self, KITH_PROFILE_DATABASE);
  g_task_set_check_cancellable (work, FALSE);
  g_task_set_task_data (work, restore, (GDestroyNotify) restore_free);
  g_task_run_in_thread (work, restore_thread);
}

void
kith_profile_folder_restore_async (KithProfileFolder *self, GFile *file,
                                   const char *backup_passphrase, const char *passphrase,
                                   KithProgressFunc progress, gpointer progress_data,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Restore *restore = g_new0 (Restore, 1);
  gboolean is_fine;

  g_task_set_source_tag (task, kith_profile_folder_restore_async);
  g_task_set_check_cancellable (task, FALSE);
  restore->file = g_object_ref (file);
  restore->progress = progress_new (progress, progress_data);
  restore->backup_passphrase = kith_profile_folder_take_passphrase (backup_passphrase, &is_fine, task);
  if (is_fine)
    restore->passphrase = kith_profile_folder_take_passphrase (passphrase, &is_fine, task);

  if (is_fine && kith_profile_folder_begin (self, KITH_PROFILE_NEW, task))
    start_restore (self, restore, cancellable, task);
  else
    restore_free (restore);
}

gboolean
kith_profile_folder_restore_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Erase ---------------------------------------------------------------------------------- */

/* A file, or what was left of writing it: its name, a dot and six letters. */
static gboolean
is_file (const char *name, const char *file)
{
  gsize len = strlen (file);

  return g_str_has_prefix (name, file)
         && (name[len] == '\0' || (name[len] == '.' && strlen (name + len) == strlen (".XXXXXX")));
}

static gboolean
is_vault (const char *name)
{
  return is_file (name, KITH_PROFILE_VAULT) || g_str_equal (name, NEW_VAULT);
}

/* Only what is ours: the folder may be one that the user has other things in. */
static gboolean
is_ours (const char *name)
{
  return g_str_has_prefix (name, KITH_PROFILE_DATABASE) || is_vault (name)
         || is_file (name, KITH_PROFILE_ATTEMPTS);
}

static gboolean
remove_files (const char *folder, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &local);
  const char *name;

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

      if (is_vault (name) && !kith_vault_destroy (path, error))
        return FALSE;
      if (is_ours (name) && g_unlink (path) != 0 && errno != ENOENT)
        {
          kith_store_set_errno_error (error, errno);
          return FALSE;
        }
    }

  return TRUE;
}

/* First the key: from then on nothing that may be left can be read. */
static void
erase_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *folder = task_data;
  g_autofree char *vault = g_build_filename (folder, KITH_PROFILE_VAULT, NULL);
  GError *error = NULL;

  if (kith_vault_destroy (vault, &error) && remove_files (folder, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  kith_profile_folder_look (KITH_PROFILE_FOLDER (source), NULL);
  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* That the store could not be closed in order does not matter any more. */
static void
locked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithProfileFolder *self = KITH_PROFILE_FOLDER (source);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GTask) work = NULL;
  KithProfileState expected =
    self->state == KITH_PROFILE_NEW ? KITH_PROFILE_NEW : KITH_PROFILE_LOCKED;

  /* Somebody may have been quicker. */
  kith_profile_folder_lock_finish (self, result, NULL);
  if (self->is_changing)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_BUSY, "Something else is under way");
      return;
    }
  if (!kith_profile_folder_begin (self, expected, task))
    return;

  work = g_task_new (self, NULL, erased_cb, g_object_ref (task));
  g_task_set_task_data (work, g_strdup (self->path), g_free);
  g_task_run_in_thread (work, erase_thread);
}

void
kith_profile_folder_erase_async (KithProfileFolder *self, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kith_profile_folder_erase_async);
  /* A passphrase that is being changed would write the vault once more. */
  if (self->state == KITH_PROFILE_BUSY || self->is_changing)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_BUSY, "Something else is under way");
      return;
    }

  kith_profile_folder_lock_async (self, locked_cb, g_steal_pointer (&task));
}

gboolean
kith_profile_folder_erase_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
