/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-picture-reply.h"
#include "node/kith-small-picture.h"
#include "picture/kith-picture-job.h"
#include "picture/kith-picture-sandbox.h"

#include "picture-files.h"

/* The program that decodes pictures, and what it cannot do. */

static gboolean
collect_cb (const guint8 *bytes, gsize len, gpointer user_data)
{
  picture_put (user_data, bytes, len);

  return TRUE;
}

static GByteArray *
decode (GBytes *file)
{
  GByteArray *answer = g_byte_array_new ();
  gsize len;
  const guint8 *data = g_bytes_get_data (file, &len);

  kith_picture_job_run (data, len, 1000, 200, collect_cb, answer);

  return answer;
}

static guint8 *
run (GBytes *file, const char *side, const char *frames, gsize *len)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                              g_getenv ("KITH_PICTURE"), side, frames, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (process, file, NULL, &answer, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));

  return g_bytes_unref_to_data (g_steal_pointer (&answer), len);
}

static void
test_process (void)
{
  for (guint i = 0; i < N_PICTURE_FILES; i++)
    {
      g_autoptr (GBytes) file = picture_load (picture_files[i].name);
      g_autoptr (GByteArray) here = decode (file);
      gsize len;
      g_autofree guint8 *there = run (file, "1000", "200", &len);

      g_assert_cmpmem (there, len, here->data, here->len);
    }
}

static void
test_process_bombs (void)
{
  GByteArray *bombs[] = { picture_make_png (50000, 50000), picture_make_gif (10000), picture_make_text ("<svg/>"), picture_make_big () };
  static const KithPictureVerdict verdicts[]
      = { KITH_PICTURE_TOO_BIG, KITH_PICTURE_TOO_LONG, KITH_PICTURE_NOT_KNOWN, KITH_PICTURE_TOO_BIG };

  /* It does not read to the end of what is too much. */
  signal (SIGPIPE, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (bombs); i++)
    {
      g_autoptr (GBytes) file = g_byte_array_free_to_bytes (bombs[i]);
      KithPictureReply reply;
      gsize len;
      g_autofree guint8 *answer = run (file, "320", "1", &len);

      g_assert_cmpuint (len, ==, KITH_PICTURE_REPLY_BYTES);
      g_assert_true (kith_picture_reply_parse (&reply, answer));
      g_assert_cmpint (reply.verdict, ==, verdicts[i]);
    }
}

/* Through the same walls. */
static void
test_process_small (void)
{
  g_autoptr (GBytes) file = picture_load ("progressive.jpg");
  g_autoptr (GBytes) text = g_bytes_new_static ("<svg/>", 6);
  g_autofree guint8 *answer = NULL;
  g_autofree guint8 *refusal = NULL;
  KithPictureReply reply;
  gsize len;

  answer = run (file, "small", NULL, &len);
  g_assert_cmpuint (len, >, KITH_PICTURE_REPLY_BYTES);
  g_assert_true (kith_picture_reply_parse (&reply, answer));
  g_assert_cmpint (reply.verdict, ==, KITH_PICTURE_FINE);
  g_assert_cmpint (kith_picture_find_format (answer + KITH_PICTURE_REPLY_BYTES,
                                             len - KITH_PICTURE_REPLY_BYTES),
                   ==, KITH_PICTURE_JPEG);

  refusal = run (text, "small", NULL, &len);
  g_assert_cmpuint (len, ==, KITH_PICTURE_REPLY_BYTES);
  g_assert_true (kith_picture_reply_parse (&reply, refusal));
  g_assert_cmpint (reply.verdict, ==, KITH_PICTURE_NOT_KNOWN);
}

/* What a decoder that was led astray would try. */
typedef enum
{
  ASTRAY_NOT,
  ASTRAY_FILE,
  ASTRAY_NETWORK,
  ASTRAY_PROCESS,
  ASTRAY_PROGRAM,
  ASTRAY_ERRORS,
} Astray;

static int
go_astray (Astray way)
{
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      if (!kith_picture_sandbox_enter ())
        _exit (2);
      switch (way)
        {
        case ASTRAY_NOT:
          g_free (g_malloc0 (1024 * 1024));
          break;
        case ASTRAY_FILE:
          open ("/etc/passwd", O_RDONLY);
          break;
        case ASTRAY_NETWORK:
          socket (AF_INET, SOCK_STREAM, 0);
          break;
        case ASTRAY_PROCESS:
          fork ();
          break;
        case ASTRAY_PROGRAM:
          execl ("/bin/true", "true", NULL);
          break;
        case ASTRAY_ERRORS:
          if (write (STDERR_FILENO, "x", 1) < 0)
            _exit (3);
          break;
        }
      _exit (0);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);

  return status;
}

static void
test_sandbox (void)
{
  int status = go_astray (ASTRAY_NOT);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  for (Astray way = ASTRAY_FILE; way <= ASTRAY_ERRORS; way++)
    {
      status = go_astray (way);
      g_assert_true (WIFSIGNALED (status));
      g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
    }
}

/* --- The small one ---------------------------------------------------------------------------- */

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Waits until the process has said who it is. */
static pid_t
wait_for_pid (const char *path)
{
  gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autofree char *text = NULL;

  while (!g_file_get_contents (path, &text, NULL, NULL) || strchr (text, '\n') == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      g_clear_pointer (&text, g_free);
      g_main_context_iteration (NULL, TRUE);
    }

  return (pid_t) g_ascii_strtoll (text, NULL, 10);
}

/* In the place of the program stands one that would never answer. */
static void
test_small_cancelled (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kith-test-XXXXXX", &error);
  g_autofree char *script = g_build_filename (folder, "program", NULL);
  g_autofree char *pid_path = g_build_filename (folder, "pid", NULL);
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\necho $$ > %s\nexec /bin/sleep 600\n", pid_path);
  g_autofree char *picture = g_test_build_filename (G_TEST_DIST, "picture", "data", "two.png", NULL);
  g_autofree char *before = g_strdup (g_getenv ("KITH_PICTURE"));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  guint wake_id = g_timeout_add (10, wake_cb, NULL);
  gint64 deadline_us;
  pid_t pid;

  g_assert_no_error (error);
  g_file_set_contents (script, text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (script, 0700), ==, 0);

  g_setenv ("KITH_PICTURE", script, TRUE);
  kith_small_picture_make_async (picture, cancellable, made_cb, &result);
  pid = wait_for_pid (pid_path);
  g_setenv ("KITH_PICTURE", before, TRUE);
  g_assert_null (result);

  g_cancellable_cancel (cancellable);
  deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  while (result == NULL || kill (pid, 0) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_null (kith_small_picture_make_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_source_remove (wake_id);
  g_unlink (script);
  g_unlink (pid_path);
  g_rmdir (folder);
}

static void
assert_no_small (const char *path, KithError code, const char *words)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_small_picture_make_async (path, NULL, made_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (kith_small_picture_make_finish (result, &error));
  g_assert_error (error, KITH_ERROR, (gint) code);
  g_assert_cmpstr (error->message, ==, words);
}

static void
test_small_words (void)
{
  g_autofree char *text = g_test_build_filename (G_TEST_DIST, "picture", "meson.build", NULL);

  assert_no_small (text, KITH_ERROR_INVALID, "This is no picture of a kind that is shown here");
  assert_no_small ("/", KITH_ERROR_INVALID, "This is no picture of a kind that is shown here");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* To look for leaks at its end a process needs more of the system than this one has. */
  g_setenv ("ASAN_OPTIONS", "detect_leaks=0", TRUE);

  g_test_add_func ("/picture-process/all", test_process);
  g_test_add_func ("/picture-process/bombs", test_process_bombs);
  g_test_add_func ("/picture-process/small", test_process_small);
  g_test_add_func ("/picture-process/sandbox", test_sandbox);

  g_test_add_func ("/picture-small/cancelled", test_small_cancelled);
  g_test_add_func ("/picture-small/words", test_small_words);
  return g_test_run ();
}
