/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile on disk:
 *
 *   vault      the master key under the passphrase (store/kith-vault.h); vault.writing the next one, until it has
 *              that name
 *   kith.db    the database, and beside it kith.db-wal while it is open, and kith.db-generation;
 *              kith.db.without-vault one whose vault was lost
 *   attempts   wrong passphrases in a row
 *   lock       held by the process that has the profile open
 *
 * NEW or LOCKED -> BUSY -> UNLOCKED -> BUSY -> LOCKED or NEW; every call that changes the state is
 * refused while another is under way. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-profile-folder-private.h"

#include <errno.h>

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-node-files.h"
#include "node/kith-node-private.h"
#include "store/kith-store-errors.h"
#include "store/kith-vault.h"

G_DEFINE_FINAL_TYPE (KithProfileFolder, kith_profile_folder, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_NODE,
  PROP_HAS_PASSPHRASE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_ERASED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- State ---------------------------------------------------------------------------------- */

char *
kith_profile_folder_dup_file (KithProfileFolder *self, const char *name)
{
  return g_build_filename (self->path, name, NULL);
}

static void
notify (KithProfileFolder *self, guint prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
set_state (KithProfileFolder *self, KithProfileState state)
{
  if (self->state == state)
    return;

  self->state = state;
  notify (self, PROP_STATE);
}

void
kith_profile_folder_set_has_passphrase (KithProfileFolder *self, gboolean has_passphrase)
{
  if (self->has_passphrase == has_passphrase)
    return;

  self->has_passphrase = has_passphrase;
  notify (self, PROP_HAS_PASSPHRASE);
}

static gboolean
peek (KithProfileFolder *self, GError **error)
{
  g_autofree char *vault = kith_profile_folder_dup_file (self, KITH_PROFILE_VAULT);
  gboolean has_passphrase = FALSE;

  if (!kith_vault_peek (vault, &has_passphrase, error))
    return FALSE;

  kith_profile_folder_set_has_passphrase (self, has_passphrase);
  return TRUE;
}

/* Whether the folder is the one that was opened: what is at its path may be another one by now, or none. */
gboolean
kith_profile_folder_is_there (KithProfileFolder *self, GError **error)
{
  g_autofree char *lock = kith_profile_folder_dup_file (self, KITH_PROFILE_LOCK);

  if (self->lock != NULL && kith_profile_lock_is_at (self->lock, lock))
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DISK, "The folder of this profile is gone");
  return FALSE;
}

/* Where one was, there is one that is not seen now. @exists: (out): whether there is one; else there is none, for sure.
 * Returns: %FALSE when nobody can say */
static gboolean
find_vault (KithProfileFolder *self, gboolean *exists, GError **error)
{
  g_autofree char *vault = kith_profile_folder_dup_file (self, KITH_PROFILE_VAULT);

  if (!kith_vault_look (vault, exists, error))
    return FALSE;

  if (!self->had_vault || *exists)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DISK, "The vault of this profile is gone");
  return FALSE;
}

/* What is on the disk says whether it is new, and whether there is a passphrase. */
gboolean
kith_profile_folder_look (KithProfileFolder *self, GError **error)
{
  GError *local = NULL;
  gboolean exists = FALSE;
  gboolean is_known = kith_profile_folder_is_there (self, &local) && find_vault (self, &exists, &local);

  self->had_vault = self->had_vault || exists;
  if (is_known && !exists)
    {
      kith_profile_folder_set_has_passphrase (self, FALSE);
      set_state (self, KITH_PROFILE_NEW);
      return TRUE;
    }

  if (is_known && peek (self, &local))
    {
      set_state (self, KITH_PROFILE_LOCKED);
      return TRUE;
    }

  /* What cannot be read now may be readable at the next try. */
  if (self->state == KITH_PROFILE_BUSY)
    set_state (self, self->had_vault ? KITH_PROFILE_LOCKED : KITH_PROFILE_NEW);
  g_propagate_error (error, local);
  return FALSE;
}

/* Returns: (transfer full): what to say to whoever came second */
GError *
kith_profile_folder_new_busy_error (void)
{
  return g_error_new_literal (KITH_ERROR, KITH_ERROR_BUSY, "Something else is under way");
}

/* Returns: %FALSE after the task was answered */
gboolean
kith_profile_folder_begin (KithProfileFolder *self, KithProfileState expected, GTask *task)
{
  if (self->state == expected)
    {
      set_state (self, KITH_PROFILE_BUSY);
      return TRUE;
    }

  if (self->state == KITH_PROFILE_BUSY)
    g_task_return_error (task, kith_profile_folder_new_busy_error ());
  else if (expected == KITH_PROFILE_NEW)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_EXISTS, "There is a profile already");
  else if (expected == KITH_PROFILE_LOCKED && self->state == KITH_PROFILE_NEW)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
  else
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_LOCKED, "The profile is %s",
                             self->state == KITH_PROFILE_UNLOCKED ? "open already" : "locked");
  return FALSE;
}

/* --- Unlocked ------------------------------------------------------------------------------- */

static void
node_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithProfileFolder *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!kith_node_open_finish (KITH_NODE (source), result, &error))
    {
      g_clear_object (&self->store);
      kith_profile_folder_look (self, NULL);
      g_task_return_error (task, error);
      return;
    }

  self->node = g_object_ref (KITH_NODE (source));
  self->had_vault = TRUE;
  set_state (self, KITH_PROFILE_UNLOCKED);
  notify (self, PROP_NODE);
  g_task_return_boolean (task, TRUE);
}

/* What the user gets from others is theirs, and lies where they look for it; but a profile that is
 * carried about has everything with it. */
static void
set_files_folder (KithProfileFolder *self, KithNode *node)
{
  g_autofree char *root = kith_profile_folder_dup_root ();
  g_autofree char *parent = g_path_get_dirname (self->path);
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);
  g_autofree char *folder = NULL;

  if (strcmp (root, parent) == 0 && downloads != NULL)
    folder = g_build_filename (downloads, "Kith", NULL);
  else
    folder = g_build_filename (self->path, KITH_PROFILE_FILES, NULL);
  kith_node_set_files_folder (node, folder);
}

/* @store: (transfer full); @task: (transfer full) */
void
kith_profile_folder_take_store (KithProfileFolder *self, KithStore *store, GTask *task)
{
  g_autoptr (KithNode) node = kith_node_new (store, kith_env_get_default ());

  node->own_folder = g_strdup (self->path);
  set_files_folder (self, node);
  peek (self, NULL);
  self->store = store;
  kith_node_open_async (node, NULL, node_opened_cb, task);
}

/* --- Creating and unlocking ----------------------------------------------------------------- */

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

  if (master != NULL && (unlock->is_new || is_database_there (unlock, &error)))
    {
      key = kith_vault_derive (master, KITH_PROFILE_DATABASE_LABEL);
      store = kith_store_open (unlock->database, key, &error);
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
  else if (kith_profile_folder_begin (self, KITH_PROFILE_LOCKED, task))
    start_unlock (self, g_steal_pointer (&secret), FALSE, task);
}

gboolean
kith_profile_folder_unlock_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Locking -------------------------------------------------------------------------------- */

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithProfileFolder) self = user_data;

  kith_store_close_finish (KITH_STORE (source), result, &self->lock_error);
  g_clear_object (&self->store);
  g_clear_object (&self->node);
  self->is_closing = FALSE;
  self->was_open = TRUE;
  kith_profile_folder_go_on_locking (self);
}

static void
shut_down_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithProfileFolder *self = user_data;

  kith_node_shutdown_finish (KITH_NODE (source), result, NULL);
  kith_store_close_async (self->store, closed_cb, self);
}

/* Whoever hears that it is locked may let the computer sleep: by then the sessions, the store and its keys are gone,
 * and the key that a change of the passphrase has at hand; and what was written of a backup, or it had its time. */
void
kith_profile_folder_go_on_locking (KithProfileFolder *self)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  if (self->locking == NULL || self->is_closing || self->exporting != NULL || self->is_changing)
    return;

  task = g_steal_pointer (&self->locking);
  error = g_steal_pointer (&self->lock_error);
  kith_source_clear (&self->patience);
  /* It is locked in any case; but whoever wants to unlock it again has to hear that it is away. */
  kith_profile_folder_look (self, self->was_open && error == NULL ? &error : NULL);
  if (self->was_open)
    notify (self, PROP_NODE);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* A disk that hangs may never answer: what it has of a backup goes behind that, and needs nothing of ours. */
static gboolean
waited_too_long_cb (gpointer user_data)
{
  g_info ("A backup takes too long to give up");
  kith_profile_folder_leave_export (user_data);
  return G_SOURCE_REMOVE;
}

/* The backup ends beside the node: neither has to wait for the other. */
static void
begin_locking (KithProfileFolder *self)
{
  self->was_export_stopped = FALSE;
  self->left_export = NULL;
  self->was_open = FALSE;
  if (self->exporting != NULL)
    {
      kith_source_start (&self->patience, KITH_LIMIT_BACKUP_WAIT_MS, waited_too_long_cb, self);
      kith_profile_folder_cancel_export (self);
    }
  if (self->node != NULL)
    {
      self->is_closing = TRUE;
      kith_node_shutdown_async (self->node, shut_down_cb, g_object_ref (self));
    }
  kith_profile_folder_go_on_locking (self);
}

void
kith_profile_folder_lock_async (KithProfileFolder *self, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kith_profile_folder_lock_async);
  if (self->state == KITH_PROFILE_NEW || (self->state == KITH_PROFILE_LOCKED && !self->is_changing))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (!kith_profile_folder_begin (self, self->state == KITH_PROFILE_LOCKED ? KITH_PROFILE_LOCKED
                                                                           : KITH_PROFILE_UNLOCKED, task))
    return;

  self->locking = g_steal_pointer (&task);
  begin_locking (self);
}

gboolean
kith_profile_folder_lock_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Erasing -------------------------------------------------------------------------------- */

/* It ended, in whatever way; see kith-profile-erase.c. */
void
kith_profile_folder_end_erasing (KithProfileFolder *self, const GError *error)
{
  self->is_erasing = FALSE;
  if (error == NULL)
    kith_attempts_clear (self->attempts);
  g_signal_emit (self, signals[SIGNAL_ERASED], 0, error);
}

gboolean
kith_profile_folder_is_erasing (KithProfileFolder *self)
{
  return self->is_erasing;
}

gboolean
kith_profile_folder_is_key_gone (KithProfileFolder *self)
{
  return self->is_key_gone;
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_profile_folder_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithProfileFolder *self = KITH_PROFILE_FOLDER (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_NODE:
      g_value_set_object (value, self->node);
      break;
    case PROP_HAS_PASSPHRASE:
      g_value_set_boolean (value, self->has_passphrase);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

void
kith_profile_folder_release (KithProfileFolder *self)
{
  g_autofree char *lock = kith_profile_folder_dup_file (self, KITH_PROFILE_LOCK);
  g_autofree char *vault = kith_profile_folder_dup_file (self, KITH_PROFILE_VAULT);
  g_autofree char *new_vault = kith_profile_folder_dup_file (self, KITH_PROFILE_NEW_VAULT);
  g_autofree char *database = kith_profile_folder_dup_file (self, KITH_PROFILE_DATABASE);

  if (self->lock == NULL)
    return;

  /* What came into its place meanwhile is not ours. */
  if (self->state == KITH_PROFILE_NEW && kith_profile_folder_is_there (self, NULL))
    {
      kith_profile_folder_tidy (vault, new_vault, database);
      g_unlink (lock);
      if (self->is_made)
        g_rmdir (self->path);
    }
  g_clear_pointer (&self->lock, kith_profile_lock_release);
}

static void
kith_profile_folder_finalize (GObject *object)
{
  KithProfileFolder *self = KITH_PROFILE_FOLDER (object);

  g_clear_object (&self->node);
  g_clear_object (&self->store);
  kith_source_clear (&self->patience);
  g_clear_error (&self->lock_error);
  kith_profile_folder_release (self);
  g_clear_pointer (&self->attempts, kith_attempts_unref);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_free (self->left_in);
  g_free (self->path);

  G_OBJECT_CLASS (kith_profile_folder_parent_class)->finalize (object);
}

static void
kith_profile_folder_class_init (KithProfileFolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_profile_folder_get_property;
  object_class->finalize = kith_profile_folder_finalize;

  properties[PROP_STATE] =
    g_param_spec_uint ("state", NULL, NULL, 0, KITH_PROFILE_UNLOCKED, 0, flags);
  properties[PROP_NODE] = g_param_spec_object ("node", NULL, NULL, KITH_TYPE_NODE, flags);
  properties[PROP_HAS_PASSPHRASE] =
    g_param_spec_boolean ("has-passphrase", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_ERASED] = g_signal_new ("erased", KITH_TYPE_PROFILE_FOLDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
kith_profile_folder_init (KithProfileFolder *self)
{
}

KithProfileFolder *
kith_profile_folder_open (const char *path, GError **error)
{
  g_autoptr (KithProfileFolder) self = g_object_new (KITH_TYPE_PROFILE_FOLDER, NULL);
  g_autofree char *attempts = NULL;
  g_autofree char *lock = NULL;
  g_autofree char *vault = NULL;

  self->path = kith_profile_folder_dup_real (path);
  attempts = kith_profile_folder_dup_file (self, KITH_PROFILE_ATTEMPTS);
  self->attempts = kith_attempts_new (attempts);
  lock = kith_profile_folder_dup_file (self, KITH_PROFILE_LOCK);
  self->is_made = !g_file_test (self->path, G_FILE_TEST_EXISTS);
  if (g_mkdir_with_parents (self->path, 0700) != 0)
    {
      kith_store_set_errno_error (error, errno);
      return NULL;
    }

  self->lock = kith_profile_lock_take (lock, error);
  if (self->lock == NULL)
    return NULL;

  vault = kith_profile_folder_dup_file (self, KITH_PROFILE_VAULT);
  kith_vault_settle (vault);
  if (!kith_profile_folder_look (self, error)
      || (self->state == KITH_PROFILE_NEW && !kith_profile_folder_is_room (self, error)))
    return NULL;

  return g_steal_pointer (&self);
}

const char *
kith_profile_folder_get_path (KithProfileFolder *self)
{
  return self->path;
}

KithProfileState
kith_profile_folder_get_state (KithProfileFolder *self)
{
  return self->state;
}

KithNode *
kith_profile_folder_get_node (KithProfileFolder *self)
{
  return self->node;
}

gboolean
kith_profile_folder_get_is_exporting (KithProfileFolder *self)
{
  return self->exporting != NULL;
}

gboolean
kith_profile_folder_get_was_export_stopped (KithProfileFolder *self)
{
  return self->was_export_stopped;
}

gboolean
kith_profile_folder_get_has_passphrase (KithProfileFolder *self)
{
  return self->has_passphrase;
}

gboolean
kith_profile_folder_is_present (KithProfileFolder *self, GError **error)
{
  gboolean exists;

  return !self->had_vault || find_vault (self, &exists, error);
}
