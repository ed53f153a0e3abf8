/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passphrase of a profile: what may be one, how often a wrong one may be tried, and another one. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-profile-folder-private.h"

#include "base/kith-error.h"
#include "store/kith-key-wrap.h"
#include "store/kith-vault.h"

/* (transfer full) (nullable): a passphrase for a task that was not answered; @is_fine: (out) */
KithSecret *
kith_profile_folder_take_passphrase (const char *text, gboolean *is_fine, GTask *task)
{
  GError *error = NULL;
  KithSecret *passphrase = kith_passphrase_new (text, &error);

  *is_fine = error == NULL;
  if (error != NULL)
    g_task_return_error (task, error);
  return passphrase;
}

/* --- Wrong ones ------------------------------------------------------------------------------ */

/* Counts a wrong passphrase, where it was tried: that waits for the disk.
 * Returns: (transfer full): what to say, with the tries that are left */
GError *
kith_profile_folder_count_wrong (KithAttempts *attempts, GError *error)
{
  KithAttemptsTime now = kith_attempts_now ();
  guint n_left;

  if (!g_error_matches (error, KITH_ERROR, KITH_ERROR_WRONG_PASSPHRASE))
    return error;

  n_left = kith_attempts_add_wrong (attempts, &now);
  g_error_free (error);
  if (n_left > 0)
    return g_error_new (KITH_ERROR, KITH_ERROR_WRONG_PASSPHRASE,
                        "That is not the passphrase; %u more before a pause", n_left);

  return g_error_new (KITH_ERROR, KITH_ERROR_PAUSED, "The next try is possible in %u s",
                      kith_attempts_get_pause_s (attempts, &now));
}

guint
kith_profile_folder_get_tries_left (KithProfileFolder *self)
{
  KithAttemptsTime now = kith_attempts_now ();

  return kith_attempts_get_tries_left (self->attempts, &now);
}

guint
kith_profile_folder_get_pause_s (KithProfileFolder *self)
{
  KithAttemptsTime now = kith_attempts_now ();

  return kith_attempts_get_pause_s (self->attempts, &now);
}

/* --- Changing it ----------------------------------------------------------------------------- */

typedef struct
{
  char         *vault;      /* (owned) */
  KithAttempts *attempts;   /* (owned) */
  KithSecret   *current;    /* (owned) (nullable) */
  KithSecret   *passphrase; /* (owned) (nullable) */
} Change;

static void
change_free (Change *change)
{
  g_free (change->vault);
  g_clear_pointer (&change->attempts, kith_attempts_unref);
  g_clear_pointer (&change->current, kith_secret_unref);
  g_clear_pointer (&change->passphrase, kith_secret_unref);
  g_free (change);
}

static void
change_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Change *change = task_data;
  GError *error = NULL;

  if (!kith_vault_change (change->vault, change->current, change->passphrase, &error))
    {
      g_task_return_error (task, kith_profile_folder_count_wrong (change->attempts, error));
      return;
    }

  kith_attempts_clear (change->attempts);
  g_task_return_boolean (task, TRUE);
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithProfileFolder *self = KITH_PROFILE_FOLDER (source);
  Change *change = g_task_get_task_data (G_TASK (result));
  gboolean has_passphrase = change->passphrase != NULL;
  GError *error = NULL;

  self->is_changing = FALSE;
  g_clear_pointer (&change->current, kith_secret_unref);
  g_clear_pointer (&change->passphrase, kith_secret_unref);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      kith_profile_folder_set_has_passphrase (self, has_passphrase);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);

  kith_profile_folder_go_on_locking (self);
}

static void
start_change (KithProfileFolder *self, Change *change, GTask *task)
{
  g_autoptr (GTask) work = g_task_new (self, NULL, changed_cb, g_object_ref (task));

  self->is_changing = TRUE;
  change->vault = kith_profile_folder_dup_file (self, KITH_PROFILE_VAULT);
  change->attempts = kith_attempts_ref (self->attempts);
  g_task_set_task_data (work, change, (GDestroyNotify) change_free);
  g_task_run_in_thread (work, change_thread);
}

void
kith_profile_folder_change_passphrase_async (KithProfileFolder *self, const char *current,
                                             const char *passphrase, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  guint pause_s = kith_profile_folder_get_pause_s (self);
  Change *change = g_new0 (Change, 1);
  gboolean is_fine;

  g_task_set_source_tag (task, kith_profile_folder_change_passphrase_async);
  change->current = kith_profile_folder_take_passphrase (current, &is_fine, task);
  if (is_fine)
    change->passphrase = kith_profile_folder_take_passphrase (passphrase, &is_fine, task);

  if (is_fine && pause_s > 0)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_PAUSED,
                             "The next try is possible in %u s", pause_s);
  else if (is_fine && (self->state == KITH_PROFILE_BUSY || self->is_changing || self->is_erasing))
    g_task_return_error (task, kith_profile_folder_new_busy_error ());
  else if (is_fine && self->state == KITH_PROFILE_NEW)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
  else if (is_fine)
    {
      start_change (self, g_steal_pointer (&change), task);
      return;
    }

  change_free (change);
}

gboolean
kith_profile_folder_change_passphrase_finish (KithProfileFolder *self, GAsyncResult *result,
                                              GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
