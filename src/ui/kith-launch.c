/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-launch.h"

#include <string.h>

#include "ui/kith-desktop-name.h"
#include "ui/kith-traceless.h"

#define REPLACED " (deleted)" /* what the kernel says of a program when a newer one stands in its place */

/**
 * kith_launch_dup_program:
 *
 * Returns: (transfer full) (nullable): where this program stands, also after it was upgraded
 */
char *
kith_launch_dup_program (void)
{
  char *program = g_file_read_link ("/proc/self/exe", NULL);

  if (program != NULL && g_str_has_suffix (program, REPLACED)
      && !g_file_test (program, G_FILE_TEST_EXISTS))
    program[strlen (program) - strlen (REPLACED)] = '\0';

  return program;
}

/**
 * kith_launch_profile:
 * @path: the folder of a profile
 * @restore: whether to offer at once to restore it from a backup
 * @error: return location
 *
 * Returns: whether a process for it was started
 */
gboolean
kith_launch_profile (const char *path, gboolean restore, GError **error)
{
  g_autofree char *self = kith_launch_dup_program ();
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  kith_desktop_name_keep_from (launcher);
  kith_traceless_keep_from (launcher);
  process = g_subprocess_launcher_spawn (launcher, error, self != NULL ? self : "kith", "--profile", path,
                                         restore ? "--restore" : NULL, NULL);

  return process != NULL;
}
