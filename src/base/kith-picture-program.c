/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts the program that decodes pictures. */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-picture-program.h"

#include <signal.h>

#define PROGRAM "kith-picture"

/* In the build folder it stands beside the program; it may be named for a test. */
static char *
find_program (void)
{
  const char *named = g_getenv ("KITH_PICTURE");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, PROGRAM, NULL) : NULL;

  if (named != NULL)
    return g_strdup (named);
  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);

  return g_build_filename (KITH_LIBEXECDIR, PROGRAM, NULL);
}

/**
 * kith_picture_program_start:
 * @arguments: (array zero-terminated=1): what it is to do: picture/main.c
 * @error: return location for an error
 *
 * What is written to it may go nowhere, as it may end before it has read everything: SIGPIPE is ignored
 * from now on.
 *
 * Returns: (transfer full): the process, with pipes for input and output, or %NULL
 */
GSubprocess *
kith_picture_program_start (const char *const *arguments, GError **error)
{
  static gsize once;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
      | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *program = find_program ();
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  char *nothing[] = { NULL };

  if (g_once_init_enter (&once))
    {
      signal (SIGPIPE, SIG_IGN);
      g_once_init_leave (&once, 1);
    }

  g_ptr_array_add (argv, program);
  for (gsize i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);

  /* It learns nothing of us. */
  g_subprocess_launcher_set_environ (launcher, nothing);
  g_subprocess_launcher_set_cwd (launcher, "/");

  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, error);
}
