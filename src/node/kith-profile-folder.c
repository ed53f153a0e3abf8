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

#include <glib/gstdio.h>

#include "base/kith-error.h"
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
  PROP_IS_PREPARING,
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
set_preparing (KithProfileFolder *self, gboolean is_preparing)
{
  kith_source_clear (&self->preparing);
  if (self->is_preparing == is_preparing)
    return;

  self->is_preparing = is_preparing;
  notify (self, PROP_IS_PREPARING);
}

static gboolean
takes_long_cb (gpointer user_data)
{
  set_preparing (user_data, TRUE);
  return G_SOURCE_REMOVE;
}

/* What was kept is brought to this version of Kith: mostly that is done before anybody could read of it. */
void
kith_profile_folder_prepare (KithProfileFolder *self)
{
  if (self->state == KITH_PROFILE_BUSY && !self->is_preparing)
    kith_source_start (&self->preparing, KITH_LIMIT_PREPARING_MS, takes_long_cb, self);
}

static void
set_state (KithProfileFolder *self, KithProfileState state)
{
  if (self->state == state)
    return;

  self->state = state;
  set_preparing (self, FALSE);
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

/* --- Erasing -------------------------------------------------------------------------------- */

/* It ended, in whatever way; see kith-profile-folder-erase.c. */
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
    case PROP_IS_PREPARING:
      g_value_set_boolean (value, self->is_preparing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tidy (KithProfileFolder *self)
{
  g_autofree char *vault = kith_profile_folder_dup_file (self, KITH_PROFILE_VAULT);
  g_autofree char *new_vault = kith_profile_folder_dup_file (self, KITH_PROFILE_NEW_VAULT);
  g_autofree char *database = kith_profile_folder_dup_file (self, KITH_PROFILE_DATABASE);

  kith_profile_folder_tidy (vault, new_vault, database);
}

void
kith_profile_folder_release (KithProfileFolder *self)
{
  g_autofree char *lock = kith_profile_folder_dup_file (self, KITH_PROFILE_LOCK);

  if (self->lock == NULL)
    return;

  /* What came into its place meanwhile is not ours. */
  if (self->state == KITH_PROFILE_NEW && kith_profile_folder_is_there (self, NULL))
    {
      tidy (self);
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
  kith_source_clear (&self->preparing);
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
  properties[PROP_IS_PREPARING] = g_param_spec_boolean ("is-preparing", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_ERASED] = g_signal_new ("erased", KITH_TYPE_PROFILE_FOLDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1,
                                         G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
kith_profile_folder_init (KithProfileFolder *self)
{
}

/* What cannot be read as a vault counts as one where it is to be erased. Returns: whether there is something to go on with */
static gboolean
look_first (KithProfileFolder *self, gboolean is_to_erase, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (kith_profile_folder_look (self, &local))
    return self->state != KITH_PROFILE_NEW || kith_profile_folder_is_room (self, error);

  if (is_to_erase && g_error_matches (local, KITH_ERROR, KITH_ERROR_DAMAGED))
    {
      set_state (self, KITH_PROFILE_LOCKED);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static KithProfileFolder *
open_path (const char *path, gboolean is_to_erase, GError **error)
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
  self->has_aside = kith_profile_folder_find_aside (self->path);
  if (kith_profile_folder_is_erased (self->path))
    self->rest = kith_profile_folder_go_on_erasing (self->path) ? KITH_PROFILE_REST_GONE : KITH_PROFILE_REST_STAYS;
  if (!look_first (self, is_to_erase, error))
    return NULL;

  return g_steal_pointer (&self);
}

KithProfileFolder *
kith_profile_folder_open (const char *path, GError **error)
{
  return open_path (path, FALSE, error);
}

KithProfileFolder *
kith_profile_folder_open_to_erase (const char *path, GError **error)
{
  return open_path (path, TRUE, error);
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
kith_profile_folder_get_is_preparing (KithProfileFolder *self)
{
  return self->is_preparing;
}

gboolean
kith_profile_folder_get_has_passphrase (KithProfileFolder *self)
{
  return self->has_passphrase;
}

KithProfileRest
kith_profile_folder_get_rest (KithProfileFolder *self)
{
  return self->rest;
}

gboolean
kith_profile_folder_get_has_aside (KithProfileFolder *self)
{
  return self->has_aside;
}

gboolean
kith_profile_folder_is_present (KithProfileFolder *self, GError **error)
{
  gboolean exists;

  return !self->had_vault || find_vault (self, &exists, error);
}
