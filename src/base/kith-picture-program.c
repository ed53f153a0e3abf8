/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts the program that decodes pictures, and gives it one. */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-picture-program.h"

#include <signal.h>

#include "base/kith-limits.h"
#include "base/kith-source.h"

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

/* It learns nothing of us. What is written to it may go nowhere, as it may end before it has read
 * everything: SIGPIPE is ignored from now on. */
static GSubprocess *
spawn (const char *const *arguments, GError **error)
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

  g_subprocess_launcher_set_environ (launcher, nothing);
  g_subprocess_launcher_set_cwd (launcher, "/");

  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, error);
}

/**
 * kith_picture_program_init:
 * @self: (out caller-allocates): nothing that was started yet
 */
void
kith_picture_program_init (KithPictureProgram *self)
{
  *self = (KithPictureProgram){ .reading = g_cancellable_new () };
}

/**
 * kith_picture_program_clear:
 * @self: (inout): ends it, and takes all of it apart
 */
void
kith_picture_program_clear (KithPictureProgram *self)
{
  kith_picture_program_end (self);
  g_clear_object (&self->process);
  g_clear_object (&self->reading);
}

/* Not all of it need be read before it is judged. */
static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  /* Until here what is written belongs to it. */
  G_GNUC_UNUSED g_autoptr (GBytes) file = user_data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_output_stream_close_async (G_OUTPUT_STREAM (source), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

static gboolean
timeout_cb (gpointer user_data)
{
  KithPictureProgram *self = user_data;

  kith_picture_program_end (self);
  g_cancellable_cancel (self->reading);

  return G_SOURCE_REMOVE;
}

/* The handler may not be taken away from in here: who reads is told, and ends it. */
static void
unwanted_cb (GCancellable *wanted, KithPictureProgram *self)
{
  g_subprocess_force_exit (self->process);
  g_cancellable_cancel (self->reading);
}

/**
 * kith_picture_program_start:
 * @self: what was not started yet
 * @arguments: (array zero-terminated=1): what it is to do: picture/main.c
 * @file: the picture, which is written to it
 * @priority: of what is written
 * @wanted: (nullable): ends it, when nobody wants the picture any more
 * @error: return location for an error, of G_SPAWN_ERROR: it is not there, or cannot run
 *
 * It is ended after %KITH_LIMIT_PICTURE_PROCESS_MS. SIGPIPE is ignored from now on.
 *
 * Returns: whether it runs
 */
gboolean
kith_picture_program_start (KithPictureProgram *self, const char *const *arguments, GBytes *file,
                            int priority, GCancellable *wanted, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (file, &len);

  self->process = spawn (arguments, error);
  if (self->process == NULL)
    return FALSE;

  if (wanted != NULL)
    {
      self->wanted = g_object_ref (wanted);
      self->unwanted_id = g_cancellable_connect (wanted, G_CALLBACK (unwanted_cb), self, NULL);
    }
  kith_source_start (&self->timer, KITH_LIMIT_PICTURE_PROCESS_MS, timeout_cb, self);
  g_output_stream_write_all_async (g_subprocess_get_stdin_pipe (self->process), data, len, priority,
                                   self->reading, written_cb, g_bytes_ref (file));

  return TRUE;
}

/**
 * kith_picture_program_read:
 * @self: what was started
 * @buffer: (out caller-allocates): gets what it says; is there until @callback is called
 * @size: how much is awaited, in bytes
 * @priority: of reading
 * @callback: called when so much has come, or nothing more will: g_input_stream_read_all_finish()
 * @user_data: for @callback
 */
void
kith_picture_program_read (KithPictureProgram *self, guint8 *buffer, gsize size, int priority,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_input_stream_read_all_async (g_subprocess_get_stdout_pipe (self->process), buffer, size, priority,
                                 self->reading, callback, user_data);
}

/**
 * kith_picture_program_end:
 * @self: what need not go on: what is not written to it yet ends here as well
 */
void
kith_picture_program_end (KithPictureProgram *self)
{
  g_cancellable_disconnect (self->wanted, self->unwanted_id);
  self->unwanted_id = 0;
  g_clear_object (&self->wanted);
  kith_source_clear (&self->timer);
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
}
