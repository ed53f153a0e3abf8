/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which profiles there are. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "model/kith-names.h"
#include "node/kith-profile-folder-private.h"
#include "store/kith-vault.h"

#define LABEL_BYTES 64

void
kith_profile_entry_free (KithProfileEntry *self)
{
  g_free (self->label);
  g_free (self->path);
  g_free (self);
}

char *
kith_profile_folder_dup_real (const char *path)
{
  g_autofree char *canonical = g_canonicalize_filename (path, NULL);
  g_autofree char *parent = g_path_get_dirname (canonical);
  g_autofree char *name = g_path_get_basename (canonical);
  g_autofree char *real_parent = NULL;
  char *real = realpath (canonical, NULL);
  char *copy;

  /* What is not there, or cannot be looked at, has no links to follow. */
  if (real == NULL && strcmp (parent, canonical) == 0)
    return g_steal_pointer (&canonical);
  if (real == NULL)
    {
      real_parent = kith_profile_folder_dup_real (parent);
      return g_build_filename (real_parent, name, NULL);
    }

  copy = g_strdup (real);
  free (real);
  return copy;
}

char *
kith_profile_folder_dup_root (void)
{
  g_autofree char *root = g_build_filename (g_get_user_data_dir (), "kith", NULL);

  return kith_profile_folder_dup_real (root);
}

char *
kith_profile_folder_dup_application_id (const char *path)
{
  g_autofree char *usual = kith_profile_folder_dup_default ();
  g_autofree char *hash = NULL;

  if (g_str_equal (path, usual))
    return g_strdup (KITH_APPLICATION_ID);

  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  return g_strdup_printf (KITH_APPLICATION_ID ".P%.16s", hash);
}

char *
kith_profile_folder_dup_default (void)
{
  g_autofree char *usual = g_build_filename (g_get_user_data_dir (), "kith", "default", NULL);

  return kith_profile_folder_dup_real (usual);
}

static gboolean
is_label (const char *label)
{
  return *label != '\0' && *label != '.' && strlen (label) <= LABEL_BYTES
         && g_utf8_validate (label, -1, NULL) && strpbrk (label, "/\\:*?\"<>|\n\r\t") == NULL;
}

char *
kith_profile_folder_dup_path_for (const char *label, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (label));
  g_autofree char *root = kith_profile_folder_dup_root ();
  g_autofree char *path = NULL;

  if (!is_label (trimmed))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "That cannot be a folder's name");
      return NULL;
    }

  path = g_build_filename (root, trimmed, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_EXISTS, "There is a profile of that name");
      return NULL;
    }

  return g_steal_pointer (&path);
}

static gint64
modified_ms (const char *folder)
{
  g_autofree char *database = g_build_filename (folder, KITH_PROFILE_DATABASE, NULL);
  GStatBuf info;

  return g_stat (database, &info) == 0 ? (gint64) info.st_mtime * 1000 : 0;
}

KithProfileEntry *
kith_profile_entry_read (const char *path)
{
  g_autofree char *label = g_path_get_basename (path);
  g_autofree char *vault = g_build_filename (path, KITH_PROFILE_VAULT, NULL);
  gboolean has_passphrase = TRUE; /* also when it cannot be told */
  KithProfileEntry *entry;

  if (!g_utf8_validate (label, -1, NULL)
      || (!g_file_test (vault, G_FILE_TEST_IS_REGULAR) && !kith_profile_folder_lacks_vault (path)))
    return NULL;

  kith_vault_peek (vault, &has_passphrase, NULL);
  entry = g_new0 (KithProfileEntry, 1);
  entry->label = g_steal_pointer (&label);
  entry->has_passphrase = has_passphrase;
  entry->used_ms = modified_ms (path);
  entry->path = kith_profile_folder_dup_real (path);
  return entry;
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  return kith_names_compare ((*(KithProfileEntry *const *) a)->label, (*(KithProfileEntry *const *) b)->label);
}

/* Nobody would open it to go on: it is in no list. One that a process has open is left to that. */
static void
end_erased (const char *path)
{
  g_autofree char *lock_path = g_build_filename (path, KITH_PROFILE_LOCK, NULL);
  KithProfileLock *lock = kith_profile_folder_is_erased (path) ? kith_profile_lock_take (lock_path, NULL) : NULL;

  if (lock == NULL)
    return;

  if (kith_profile_folder_is_erased (path) && kith_profile_folder_go_on_erasing (path))
    {
      g_unlink (lock_path);
      g_rmdir (path);
    }
  kith_profile_lock_release (lock);
}

GPtrArray *
kith_profile_folder_list (void)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_profile_entry_free);
  g_autofree char *root = kith_profile_folder_dup_root ();
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  const char *label;

  while (dir != NULL && (label = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (root, label, NULL);
      KithProfileEntry *entry = kith_profile_entry_read (path);

      if (entry != NULL)
        g_ptr_array_add (entries, entry);
      else
        end_erased (path);
    }

  g_ptr_array_sort (entries, compare_entries);
  return entries;
}
