/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile into a file, and out of one. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-source.h"
#include "node/kith-node-private.h"
#include "node/kith-own-files.h"
#include "node/kith-profile-folder-private.h"
#include "store/kith-backup.h"
#include "store/kith-vault.h"

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

typedef struct
{
  Progress     *progress; /* (owned) */
  GCancellable *ours;     /* (owned) */
  GCancellable *theirs;   /* (owned) (nullable): of who asked for it */
  gulong        theirs_id;
  gboolean      is_incomplete;
} Export;

static void
export_free (Export *export)
{
  g_clear_pointer (&export->progress, progress_unref);
  g_clear_object (&export->ours);
  g_clear_object (&export->theirs);
  g_free (export);
}

static void
cancelled_cb (GCancellable *theirs, GCancellable *ours)
{
  g_cancellable_cancel (ours);
}

/* @error: (transfer full) (nullable): why there is none */
static void
end_export (KithProfileFolder *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->exporting);
  Export *export = g_task_get_task_data (task);

  kith_source_clear (&self->patience);
  export->progress->is_over = TRUE;
  g_cancellable_disconnect (export->theirs, export->theirs_id);
  self->was_export_stopped = self->locking != NULL && error != NULL;
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  kith_profile_folder_go_on_locking (self);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithProfileFolder *self = g_task_get_source_object (task);
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_done = kith_store_export_finish (KITH_STORE (source), result, &export->is_incomplete, &error);

  /* It may end by finding the store closed: that is not why. */
  if (!is_done && g_cancellable_is_cancelled (export->ours))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The backup was given up");
    }
  if (task == self->exporting)
    {
      end_export (self, error);
      return;
    }

  /* It was left to a disk that hung, perhaps while it got its name. */
  if (is_done && (gpointer) task == self->left_export)
    self->was_export_stopped = FALSE;
  g_clear_error (&error);
}

/* To be gone soon. */
void
kith_profile_folder_cancel_export (KithProfileFolder *self)
{
  Export *export = g_task_get_task_data (self->exporting);

  g_cancellable_cancel (export->ours);
}

/* Whoever asked for the backup, which was cancelled, hears that there is none; its file goes when the disk answers. */
void
kith_profile_folder_leave_export (KithProfileFolder *self)
{
  self->left_export = self->exporting;
  end_export (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The backup takes too long to give up"));
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
  Export *export;

  g_task_set_source_tag (task, kith_profile_folder_export_async);
  g_task_set_check_cancellable (task, FALSE);
  if (!is_fine)
    return;

  if (self->state != KITH_PROFILE_UNLOCKED)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_LOCKED, "The profile is locked");
      return;
    }
  if (kith_own_files_has (self->path, file))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_EXISTS, "That is a file of the profile itself");
      return;
    }
  if (self->exporting != NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_BUSY, "A backup is being written already");
      return;
    }
  if (secret == NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "A backup needs a passphrase");
      return;
    }

  /* Locking ends it as well. */
  self->exporting = g_object_ref (task);
  export = g_new0 (Export, 1);
  export->ours = g_cancellable_new ();
  export->progress = progress_new (progress, progress_data);
  export->theirs = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  export->theirs_id = cancellable != NULL
                        ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                                 g_object_ref (export->ours), g_object_unref)
                        : 0;
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  kith_store_export_async (self->store, file, secret, progress_report, export->progress,
                           export->ours, exported_cb, g_steal_pointer (&task));
}

gboolean
kith_profile_folder_export_finish (KithProfileFolder *self, GAsyncResult *result, gboolean *is_incomplete,
                                   GError **error)
{
  Export *export = g_task_get_task_data (G_TASK (result));

  if (is_incomplete != NULL)
    *is_incomplete = export != NULL && export->is_incomplete; /* none when it was refused at once */
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Restore -------------------------------------------------------------------------------- */

typedef struct
{
  GFile      *file;              /* (owned) */
  char       *vault;             /* (owned) */
  char       *new_vault;         /* (owned): its name until all is there */
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
  g_free (restore->new_vault);
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
  gboolean is_wiped;
  g_autoptr (KithSecret) master = NULL;
  g_autoptr (KithSecret) key = NULL;

  if (!kith_profile_folder_make_room (restore->vault, restore->new_vault, restore->database, error))
    return NULL;

  master = kith_vault_create (restore->new_vault, restore->passphrase, error);
  if (master == NULL)
    return NULL;

  key = kith_vault_derive (master, KITH_PROFILE_DATABASE_LABEL);
  if (kith_backup_import (restore->file, restore->backup_passphrase, restore->database, key,
                          progress_report, restore->progress, cancellable, error))
    {
      if (kith_vault_rename (restore->new_vault, restore->vault, error))
        return kith_store_open (restore->database, key, error);

      g_unlink (restore->database);
    }

  kith_vault_destroy (restore->new_vault, &is_wiped, NULL);
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
  restore->new_vault = kith_profile_folder_dup_file (self, KITH_PROFILE_NEW_VAULT);
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
