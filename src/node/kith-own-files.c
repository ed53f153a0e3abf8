/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-own-files.h"

#include <string.h>
#include <sys/stat.h>

#include "base/kith-same-file.h"
#include "node/kith-profile-folder-private.h"
#include "store/kith-vault.h"

/* A file, or what was left of writing it: its name, a dot and six letters. */
static gboolean
is_file (const char *name, const char *file)
{
  gsize len = strlen (file);

  return g_str_has_prefix (name, file)
         && (name[len] == '\0' || (name[len] == '.' && strlen (name + len) == strlen (".XXXXXX")));
}

/**
 * kith_own_files_is_vault:
 * @name: of a file in the folder of a profile
 *
 * Returns: whether there is a wrapped key in it
 */
gboolean
kith_own_files_is_vault (const char *name)
{
  return is_file (name, KITH_PROFILE_VAULT) || is_file (name, KITH_PROFILE_NEW_VAULT)
         || g_str_equal (name, KITH_PROFILE_VAULT KITH_VAULT_WRITING);
}

/**
 * kith_own_files_is_ours:
 * @name: of a file in the folder of a profile
 *
 * The folder may be one that the user has other things in.
 *
 * Returns: whether it is part of the profile; not so the lock, which is nothing but one
 */
gboolean
kith_own_files_is_ours (const char *name)
{
  return g_str_has_prefix (name, KITH_PROFILE_DATABASE) || kith_own_files_is_vault (name)
         || is_file (name, KITH_PROFILE_ATTEMPTS);
}

/**
 * kith_own_files_is_aside:
 * @name: of a file in the folder of a profile
 *
 * Such a file is ours, but of another profile that was in this folder: it is not erased with this one.
 *
 * Returns: whether it belongs to a database that was put aside when its vault was lost
 */
gboolean
kith_own_files_is_aside (const char *name)
{
  return g_str_has_prefix (name, KITH_PROFILE_DATABASE KITH_PROFILE_WITHOUT_VAULT);
}

static gboolean
is_ours_or_lock (const char *name)
{
  return kith_own_files_is_ours (name) || g_str_equal (name, KITH_PROFILE_LOCK);
}

/* By whatever way one gets there. */
static gboolean
is_same (const char *a, const char *b)
{
  struct stat of_a, of_b;

  return stat (a, &of_a) == 0 && stat (b, &of_b) == 0 && kith_same_file (&of_a, &of_b);
}

/* One that is not there now may be tomorrow. */
static gboolean
has_name_of_ours (const char *folder, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *parent = g_path_get_dirname (path);

  return is_ours_or_lock (name) && (g_str_equal (parent, folder) || is_same (parent, folder));
}

static gboolean
is_one_of_ours (const char *folder, const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *own = g_build_filename (folder, name, NULL);

      if (is_ours_or_lock (name) && is_same (own, path))
        return TRUE;
    }

  return FALSE;
}

/**
 * kith_own_files_has:
 * @folder: the folder of a profile
 * @file: where something is to be written
 *
 * Nothing must be written over the profile: also not by a link, or through another way to its folder.
 *
 * Returns: whether that is a file of it, or would be
 */
gboolean
kith_own_files_has (const char *folder, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  return path != NULL && (has_name_of_ours (folder, path) || is_one_of_ours (folder, path));
}
