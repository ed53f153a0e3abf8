/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies where a new profile is to be: what is left of one that was being made goes, and a database whose vault is
 * gone is put aside. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-profile-folder-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-sync.h"
#include "store/kith-store-errors.h"
#include "store/kith-vault.h"

/* Whether a vault may be made of that name; what there is, or may be, is never put aside for a new one. */
static gboolean
is_free (const char *vault, GError **error)
{
  gboolean exists = FALSE;

  if (!kith_vault_look (vault, &exists, error))
    return FALSE;

  if (exists)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_EXISTS, "There is a profile already");
  return !exists;
}

/* --- A database ----------------------------------------------------------------------------- */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* (transfer full) (nullable) (element-type filename): the names of a database and of all that belongs to it, but for
 * those that were put aside; the database comes first */
static GPtrArray *
list_database (const char *database, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (database);
  g_autofree char *name = g_path_get_basename (database);
  g_autofree char *aside = g_strconcat (name, KITH_PROFILE_WITHOUT_VAULT, NULL);
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &local);
  GPtrArray *names;
  const char *entry;

  if (dir == NULL)
    {
      kith_store_set_file_error (error, local);
      return NULL;
    }

  names = g_ptr_array_new_with_free_func (g_free);
  while ((entry = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (entry, name) && !g_str_has_prefix (entry, aside))
      g_ptr_array_add (names, g_strdup (entry));
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* Whether @entry is called @aside or belongs to what is: a number behind that is another one. */
static gboolean
is_of (const char *entry, const char *aside)
{
  const char *rest = entry + strlen (aside);

  return g_str_has_prefix (entry, aside)
         && (*rest == '\0' || *rest == '.' || (*rest == '-' && !g_ascii_isdigit (rest[1])));
}

static gboolean
is_taken (const char *folder, const char *aside)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *entry;

  while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL)
    if (is_of (entry, aside))
      return TRUE;

  return FALSE;
}

/* (transfer full): a name that nothing has, nor what belongs to it: a log must not come beside another database */
static char *
dup_free_name (const char *folder, const char *name)
{
  char *aside = g_strconcat (name, KITH_PROFILE_WITHOUT_VAULT, NULL);

  for (guint i = 2; is_taken (folder, aside); i++)
    {
      g_free (aside);
      aside = g_strdup_printf ("%s" KITH_PROFILE_WITHOUT_VAULT "-%u", name, i);
    }

  return aside;
}

static gboolean
rename_in (const char *folder, const char *from, const char *to)
{
  g_autofree char *old_path = g_build_filename (folder, from, NULL);
  g_autofree char *new_path = g_build_filename (folder, to, NULL);

  return g_rename (old_path, new_path) == 0;
}

/* A database whose vault is gone, with its logs and copies: nobody can read it, unless the vault is found again. What
 * is left when that ends halfway is put aside the next time, with another number. */
static gboolean
put_aside (const char *database, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (database);
  g_autofree char *name = g_path_get_basename (database);
  g_autofree char *aside = dup_free_name (folder, name);
  g_autoptr (GPtrArray) names = list_database (database, error);
  gboolean is_done = names != NULL;

  for (guint i = 0; is_done && i < names->len; i++)
    {
      const char *entry = g_ptr_array_index (names, i);
      g_autofree char *to = g_strconcat (aside, entry + strlen (name), NULL);

      is_done = rename_in (folder, entry, to);
      if (!is_done)
        kith_store_set_errno_error (error, errno);
    }

  /* Where the names came back with the power, it would be taken for an unfinished one. */
  if (is_done && names->len > 0 && !kith_sync_folder_of (database))
    {
      kith_store_set_errno_error (error, errno);
      return FALSE;
    }
  return is_done;
}

/* Returns: whether nothing of it is left */
static gboolean
remove_database (const char *database, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (database);
  g_autoptr (GPtrArray) names = list_database (database, error);
  int failure = 0;

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);

      if (g_unlink (path) != 0 && errno != ENOENT)
        failure = errno;
    }

  if (failure != 0)
    kith_store_set_errno_error (error, failure);
  return names != NULL && failure == 0;
}

/* --- Room ----------------------------------------------------------------------------------- */

/* A vault that never got its name is what is left of a profile that was being made, restored or erased when Kith was
 * killed: the database is its own, and neither is worth anything to anybody but who looks for secrets. Its key goes
 * first; its file stays until nothing else is left, which else would seem to be a profile that has lost its vault. */
static gboolean
remove_unfinished (const char *new_vault, const char *database, GError **error)
{
  struct stat there;
  gboolean is_wiped;

  if (lstat (new_vault, &there) != 0)
    return TRUE;

  return kith_vault_wipe (new_vault, error) && remove_database (database, error)
         && kith_vault_destroy (new_vault, &is_wiped, error);
}

/**
 * kith_profile_folder_make_room: (skip)
 * @vault: the name of a vault
 * @new_vault: its name until all that belongs to it is there
 * @database: the name of the database
 * @error: return location for a #GError
 *
 * Before a new profile is made, where there is none. Blocks; any thread.
 *
 * Returns: %FALSE when there is one, or what is in the way cannot be put aside
 */
gboolean
kith_profile_folder_make_room (const char *vault, const char *new_vault, const char *database, GError **error)
{
  return is_free (vault, error) && remove_unfinished (new_vault, database, error)
         && put_aside (database, error);
}

/**
 * kith_profile_folder_find_aside: (skip)
 * @path: a folder
 *
 * Blocks; any thread.
 *
 * Returns: whether a database was put aside there
 */
gboolean
kith_profile_folder_find_aside (const char *path)
{
  return is_taken (path, KITH_PROFILE_DATABASE KITH_PROFILE_WITHOUT_VAULT);
}

/**
 * kith_profile_folder_is_erased: (skip)
 * @path: a folder
 *
 * Then nobody can read what is left, and it is to go. Blocks; any thread.
 *
 * Returns: whether Kith was killed there between the key and the files
 */
gboolean
kith_profile_folder_is_erased (const char *path)
{
  g_autofree char *new_vault = g_build_filename (path, KITH_PROFILE_NEW_VAULT, NULL);
  g_autoptr (GError) error = NULL;
  gboolean has_passphrase;

  return !kith_vault_peek (new_vault, &has_passphrase, &error)
         && g_error_matches (error, KITH_ERROR, KITH_ERROR_DAMAGED);
}

/**
 * kith_profile_folder_lacks_vault: (skip)
 * @path: a folder
 *
 * One that was being made is no such case: its vault was there before its database, by the name it has until all is
 * there. Blocks; any thread.
 *
 * Returns: whether a database waits there for its vault
 */
gboolean
kith_profile_folder_lacks_vault (const char *path)
{
  g_autofree char *vault = g_build_filename (path, KITH_PROFILE_VAULT, NULL);
  g_autofree char *new_vault = g_build_filename (path, KITH_PROFILE_NEW_VAULT, NULL);
  g_autofree char *database = g_build_filename (path, KITH_PROFILE_DATABASE, NULL);
  struct stat there;

  return (lstat (database, &there) == 0 || (errno != ENOENT && errno != ENOTDIR)) && lstat (vault, &there) != 0
         && lstat (new_vault, &there) != 0;
}

/**
 * kith_profile_folder_is_room: (skip)
 * @self: a folder without a vault
 * @error: return location for a #GError: NO_VAULT
 *
 * Who loses the vault finds out, and not a new profile. Blocks; any thread.
 *
 * Returns: whether no database waits there for its vault
 */
gboolean
kith_profile_folder_is_room (KithProfileFolder *self, GError **error)
{
  return !kith_profile_folder_lacks_vault (kith_profile_folder_get_path (self))
         || kith_error_refuse (error, KITH_ERROR_NO_VAULT, "The vault of this profile is missing");
}

/**
 * kith_profile_folder_tidy: (skip)
 * @vault: the name of a vault
 * @new_vault: its name until all that belongs to it is there
 * @database: the name of the database
 *
 * Removes what is left of a profile that was being made, or erased. Blocks; any thread.
 */
void
kith_profile_folder_tidy (const char *vault, const char *new_vault, const char *database)
{
  /* A vault that cannot be looked at is one, and what is beside it is not unfinished. */
  if (is_free (vault, NULL))
    remove_unfinished (new_vault, database, NULL);
}

/* --- For the faces -------------------------------------------------------------------------- */

gboolean
kith_profile_folder_put_aside (const char *path, GError **error)
{
  g_autofree char *real = kith_profile_folder_dup_real (path);
  g_autofree char *lock_path = g_build_filename (real, KITH_PROFILE_LOCK, NULL);
  g_autofree char *vault = g_build_filename (real, KITH_PROFILE_VAULT, NULL);
  g_autofree char *new_vault = g_build_filename (real, KITH_PROFILE_NEW_VAULT, NULL);
  g_autofree char *database = g_build_filename (real, KITH_PROFILE_DATABASE, NULL);
  KithProfileLock *lock = kith_profile_lock_take (lock_path, error);
  gboolean is_done;

  if (lock == NULL)
    return FALSE;

  is_done = kith_profile_folder_make_room (vault, new_vault, database, error);
  kith_profile_lock_release (lock);
  return is_done;
}
