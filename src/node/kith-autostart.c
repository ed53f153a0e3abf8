/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-autostart.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#define FOLDER_MODE 0700

static char *
dup_path (const char *application_id)
{
  g_autofree char *name = g_strconcat (application_id, ".desktop", NULL);

  return g_build_filename (g_get_user_config_dir (), "autostart", name, NULL);
}

/* An argument of Exec, which is quoted as a shell does it, but for a percent sign. */
static void
append_argument (GString *exec, const char *argument)
{
  g_string_append_c (exec, '"');
  for (const char *p = argument; *p != '\0'; p++)
    {
      if (strchr ("\"`$\\", *p) != NULL)
        g_string_append_c (exec, '\\');
      if (*p == '%')
        g_string_append_c (exec, '%');
      g_string_append_c (exec, *p);
    }
  g_string_append_c (exec, '"');
}

/**
 * kith_autostart_dup_exec:
 * @program: the name or the path of the program
 * @profile_path: the folder of a profile
 *
 * Returns: (transfer full): the command line that opens this profile without a window, in the words
 *   of the Desktop Entry Specification
 */
char *
kith_autostart_dup_exec (const char *program, const char *profile_path)
{
  GString *exec = g_string_new (NULL);

  append_argument (exec, program);
  g_string_append (exec, " --background --profile ");
  append_argument (exec, profile_path);

  return g_string_free (exec, FALSE);
}

/**
 * kith_autostart_is_on:
 * @application_id: whose
 *
 * Returns: whether the desktop has been told to start it
 */
gboolean
kith_autostart_is_on (const char *application_id)
{
  g_autofree char *path = dup_path (application_id);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
take_errno (int number, GError **error)
{
  const GIOErrorEnum code = g_io_error_from_errno (number);

  g_set_error_literal (error, G_IO_ERROR, (int) code, g_strerror (number));

  return FALSE;
}

static gboolean
write_entry (const char *path, const char *program, const char *profile_path, GError **error)
{
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  g_autofree char *exec = kith_autostart_dup_exec (program, profile_path);
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, FOLDER_MODE) != 0)
    return take_errno (errno, error);

  g_key_file_set_string (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_TYPE, "Application");
  g_key_file_set_string (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_NAME, "Kith");
  g_key_file_set_string (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_ICON,
                         KITH_APPLICATION_ID);
  g_key_file_set_string (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, exec);
  g_key_file_set_boolean (entry, G_KEY_FILE_DESKTOP_GROUP, "X-GNOME-UsesNotifications", TRUE);

  return g_key_file_save_to_file (entry, path, error);
}

/**
 * kith_autostart_add:
 * @application_id: the name that this profile has on the bus
 * @program: the name or the path of the program
 * @profile_path: the folder of the profile
 * @error: return location, of the domain G_IO_ERROR or G_FILE_ERROR
 *
 * Returns: whether the desktop starts it from now on
 */
gboolean
kith_autostart_add (const char *application_id, const char *program, const char *profile_path, GError **error)
{
  g_autofree char *path = dup_path (application_id);

  g_return_val_if_fail (program != NULL && profile_path != NULL, FALSE);

  return write_entry (path, program, profile_path, error);
}

/**
 * kith_autostart_remove:
 * @application_id: the name that the profile has on the bus
 * @error: return location, of the domain G_IO_ERROR
 *
 * Returns: whether the desktop does not start it any more, if it did
 */
gboolean
kith_autostart_remove (const char *application_id, GError **error)
{
  g_autofree char *path = dup_path (application_id);
  GStatBuf about;
  int number;

  if (g_unlink (path) == 0)
    return TRUE;

  /* Where nothing can be deleted there need not be anything. */
  number = errno;
  return g_lstat (path, &about) != 0 || take_errno (number, error);
}
