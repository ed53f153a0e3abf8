/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the profile, and opening it with its passphrase. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-profile-folder-private.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/kith-error.h"
#include "store/kith-store-errors.h"
#include "store/kith-vault.h"

typedef struct
{
  char         *vault;      /* (owned) */
  KithAttempts *attempts;   /* (owned) */
  char         *new_vault;  /* (owned): its name until all is there */
  char         *database;   /* (owned) */
  KithSecret   *passphrase; /* (owned) (nullable) */
  gboolean      is_new;
} Unlock;

static void
unlock_free (Unlock *unlock)
{
  g_free (unlock->vault);
  kith_attempts_unref (unlock->attempts);
  g_free (unlock->new_vault);
  g_free (unlock->database);
  g_clear_pointer (&unlock->passphrase, kith_secret_unref);
  g_free (unlock);
}

static KithSecret *
make_vault (Unlock *unlock, GError **error)
{
  if (!kith_profile_folder_make_room (unlock->vault, unlock->new_vault, unlock->database, error))
    return NULL;

  return kith_vault_create (unlock->new_vault, unlock->passphrase, error);
}

/* The profile exists from the moment its vault has its name: then the database is there, too. */
static gboolean
name_vault (Unlock *unlock, GError **error)
{
  return kith_vault_rename (unlock->new_vault, unlock->vault, error);
}

/* A file that is not beside its vault any more is another matter than a disk that is away. */
static gboolean
is_database_there (Unlock *unlock, GError **error)
{
  struct stat there;

  if (lstat (unlock->database, &there) == 0)
    return TRUE;

  if (errno == ENOENT)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The database of this profile is gone");
  else
    kith_store_set_errno_error (error, errno);
  return FALSE;
}

static gboolean
prepare_cb (gpointer user_data)
{
  kith_profile_folder_prepare (user_data);
  return G_SOURCE_REMOVE;
}

/* It comes before the answer of the thread. */
static void
preparing_cb (gpointer folder)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, prepare_cb, g_object_ref (folder), g_object_unref);
}

static void
unlock_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Unlock *unlock = task_data;
  GError *error = NULL;
  g_autoptr (KithSecret) master = unlock->is_new
                                    ? make_vault (unlock, &error)
                                    : kith_vault_unlock (unlock->vault, unlock->passphrase, &error);
  g_autoptr (KithSecret) key = NULL;
  g_autoptr (KithStore) store = NULL;

  g_clear_pointer (&unlock->passphrase, kith_secret_unref); /* the task may live on for a while */
  if (master != NULL && (unlock->is_new || is_database_there (unlock, &error)))
    {
      key = kith_vault_derive (master, KITH_PROFILE_DATABASE_LABEL);
      store = kith_store_open_told (unlock->database, key, preparing_cb, source, &error);
    }

  if (store == NULL || (unlock->is_new && !name_vault (unlock, &error)))
    {
      g_clear_object (&store);
      if (unlock->is_new)
        kith_profile_folder_tidy (unlock->vault, unlock->new_vault, unlock->database);
      g_task_return_error (task, kith_profile_folder_count_wrong (unlock->attempts, error));
      return;
    }

  kith_attempts_clear (unlock->attempts);
  g_task_return_pointer (task, g_steal_pointer (&store), g_object_unref);
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithProfileFolder *self = KITH_PROFILE_FOLDER (source);
  GError *error = NULL;
  KithStore *store = g_task_propagate_pointer (G_TASK (result), &error);

  if (store == NULL)
    {
      kith_profile_folder_look (self, NULL);
      g_task_return_error (task, error);
      return;
    }

  kith_profile_folder_take_store (self, store, g_steal_pointer (&task));
}

static void
start_unlock (KithProfileFolder *self, KithSecret *passphrase, gboolean is_new, GTask *task)
{
  g_autoptr (GTask) work = g_task_new (self, NULL, unlocked_cb, g_object_ref (task));
  Unlock *unlock = g_new0 (Unlock, 1);

  unlock->vault = kith_profile_folder_dup_file (self, KITH_PROFILE_VAULT);
  unlock->attempts = kith_attempts_ref (self->attempts);
  unlock->new_vault = kith_profile_folder_dup_file (self, KITH_PROFILE_NEW_VAULT);
  unlock->database = kith_profile_folder_dup_file (self, KITH_PROFILE_DATABASE);
  unlock->passphrase = passphrase;
  unlock->is_new = is_new;
  g_task_set_task_data (work, unlock, (GDestroyNotify) unlock_free);
  g_task_run_in_thread (work, unlock_thread);
}

void
kith_profile_folder_create_async (KithProfileFolder *self, const char *passphrase,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gboolean is_fine;
  g_autoptr (KithSecret) secret = kith_profile_folder_take_passphrase (passphrase, &is_fine, task);

  g_task_set_source_tag (task, kith_profile_folder_create_async);
  if (is_fine && kith_profile_folder_begin (self, KITH_PROFILE_NEW, task))
    start_unlock (self, g_steal_pointer (&secret), TRUE, task);
}

gboolean
kith_profile_folder_create_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_profile_folder_unlock_async (KithProfileFolder *self, const char *passphrase,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  guint pause_s = kith_profile_folder_get_pause_s (self);
  gboolean is_fine;
  g_autoptr (KithSecret) secret = kith_profile_folder_take_passphrase (passphrase, &is_fine, task);

  g_task_set_source_tag (task, kith_profile_folder_unlock_async);
  if (!is_fine)
    return;

  if (pause_s > 0)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_PAUSED,
                             "The next try is possible in %u s", pause_s);
  else if (self->exporting != NULL && self->state == KITH_PROFILE_LOCKED) /* it is rescued */
    g_task_return_error (task, kith_profile_folder_new_busy_error ());
  else if (kith_profile_folder_begin (self, KITH_PROFILE_LOCKED, task))
    start_unlock (self, g_steal_pointer (&secret), FALSE, task);
}

gboolean
kith_profile_folder_unlock_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
