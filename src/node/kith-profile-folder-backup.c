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
  KithStore    *rescued;  /* (owned) (nullable): of what is written, where the profile is not open */
  GFile        *file;     /* (owned) */
  KithSecret   *passphrase; /* (owned) (nullable): of the backup, until it begins */
  Progress     *progress; /* (owned) */
  GCancellable *ours;     /* (owned) */
  GCancellable *theirs;   /* (owned) (nullable): of who asked for it */
  gulong        theirs_id;
  gboolean      is_incomplete;
} Export;

static void
export_free (Export *export)
{
  g_clear_object (&export->rescued);
  g_clear_object (&export->file);
  g_clear_pointer (&export->passphrase, kith_secret_unref);
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

/* @error: (transfer full) (nullable): why there is none */
static void
finish_export (GTask *task, gboolean is_done, GError *error)
{
  KithProfileFolder *self = g_task_get_source_object (task);
  Export *export = g_task_get_task_data (task);

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

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_done = kith_store_export_finish (KITH_STORE (source), result, &export->is_incomplete, &error);

  finish_export (task, is_done, error);
}

static void
write_export (KithStore *store, GTask *task)
{
  Export *export = g_task_get_task_data (task);
  g_autoptr (KithSecret) passphrase = g_steal_pointer (&export->passphrase);

  kith_store_export_async (store, export->file, passphrase, progress_report, export->progress, export->ours,
                           exported_cb, g_object_ref (task));
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

/* Locking ends it, whatever it is a backup of. @secret: (transfer full) (nullable): its passphrase.
 * Returns: %FALSE after the task was answered */
static gboolean
begin_export (KithProfileFolder *self, GFile *file, KithSecret *secret, KithProgressFunc progress, gpointer progress_data,
              GTask *task)
{
  g_autoptr (KithSecret) passphrase = secret;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Export *export;

  if (kith_own_files_has (self->path, file))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_EXISTS, "That is a file of the profile itself");
      return FALSE;
    }
  if (self->exporting != NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_BUSY, "A backup is being written already");
      return FALSE;
    }
  if (passphrase == NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "A backup needs a passphrase");
      return FALSE;
    }

  self->exporting = g_object_ref (task);
  export = g_new0 (Export, 1);
  export->file = g_object_ref (file);
  export->passphrase = g_steal_pointer (&passphrase);
  export->ours = g_cancellable_new ();
  export->progress = progress_new (progress, progress_data);
  export->theirs = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  export->theirs_id = cancellable != NULL
                        ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                                 g_object_ref (export->ours), g_object_unref)
                        : 0;
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  return TRUE;
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

  g_task_set_source_tag (task, kith_profile_folder_export_async);
  g_task_set_check_cancellable (task, FALSE);
  if (!is_fine)
    return;

  if (self->state != KITH_PROFILE_UNLOCKED)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_LOCKED, "The profile is locked");
  else if (begin_export (self, file, g_steal_pointer (&secret), progress, progress_data, task))
    write_export (self->store, task);
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

/* --- Of a profile that cannot be opened ----------------------------------------------------- */

typedef struct
{
  char         *vault;      /* (owned) */
  char         *database;   /* (owned) */
  KithAttempts *attempts;   /* (owned) */
  KithSecret   *passphrase; /* (owned) (nullable): of the profile */
} Rescue;

static void
rescue_free (Rescue *rescue)
{
  g_free (rescue->vault);
  g_free (rescue->database);
  kith_attempts_unref (rescue->attempts);
  g_clear_pointer (&rescue->passphrase, kith_secret_unref);
  g_free (rescue);
}

static void
rescue_thread (GTask *work, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Rescue *rescue = task_data;
  GError *error = NULL;
  g_autoptr (KithSecret) master = kith_vault_unlock (rescue->vault, rescue->passphrase, &error);
  g_autoptr (KithSecret) key = NULL;
  KithStore *store;

  g_clear_pointer (&rescue->passphrase, kith_secret_unref); /* the task may live on for a while */
  if (master == NULL)
    {
      g_task_return_error (work, kith_profile_folder_count_wrong (rescue->attempts, error));
      return;
    }

  kith_attempts_clear (rescue->attempts);
  key = kith_vault_derive (master, KITH_PROFILE_DATABASE_LABEL);
  store = kith_store_open_to_rescue (rescue->database, key, &error);
  if (store != NULL)
    g_task_return_pointer (work, store, g_object_unref);
  else
    g_task_return_error (work, error);
}

static void
rescue_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;

  export->rescued = g_task_propagate_pointer (G_TASK (result), &error);
  if (export->rescued != NULL && !g_cancellable_set_error_if_cancelled (export->ours, &error))
    write_export (export->rescued, task);
  else
    finish_export (task, FALSE, error);
}

static void
start_rescue (KithProfileFolder *self, KithSecret *passphrase, GTask *task)
{
  g_autoptr (GTask) work = g_task_new (self, NULL, rescue_opened_cb, g_object_ref (task));
  Rescue *rescue = g_new0 (Rescue, 1);

  rescue->vault = kith_profile_folder_dup_file (self, KITH_PROFILE_VAULT);
  rescue->database = kith_profile_folder_dup_file (self, KITH_PROFILE_DATABASE);
  rescue->attempts = kith_attempts_ref (self->attempts);
  rescue->passphrase = passphrase != NULL ? kith_secret_ref (passphrase) : NULL;
  g_task_set_task_data (work, rescue, (GDestroyNotify) rescue_free);
  g_task_run_in_thread (work, rescue_thread);
}

void
kith_profile_folder_rescue_async (KithProfileFolder *self, const char *passphrase, GFile *file,
                                  const char *backup_passphrase, KithProgressFunc progress, gpointer progress_data,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  guint pause_s = kith_profile_folder_get_pause_s (self);
  gboolean is_fine;
  g_autoptr (KithSecret) secret = kith_profile_folder_take_passphrase (passphrase, &is_fine, task);
  g_autoptr (KithSecret) backup_secret = NULL;

  g_task_set_source_tag (task, kith_profile_folder_rescue_async);
  g_task_set_check_cancellable (task, FALSE);
  if (is_fine)
    backup_secret = kith_profile_folder_take_passphrase (backup_passphrase, &is_fine, task);
  if (!is_fine)
    return;

  if (pause_s > 0)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_PAUSED, "The next try is possible in %u s", pause_s);
  else if (self->state != KITH_PROFILE_LOCKED || self->is_changing || self->is_erasing)
    g_task_return_error (task, kith_profile_folder_new_busy_error ());
  else if (begin_export (self, file, g_steal_pointer (&backup_secret), progress, progress_data, task))
    start_rescue (self, secret, task);
}

gboolean
kith_profile_folder_rescue_finish (KithProfileFolder *self, GAsyncResult *result, gboolean *is_incomplete,
                                   GError **error)
{
  return kith_profile_folder_export_finish (self, result, is_incomplete, error);
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
