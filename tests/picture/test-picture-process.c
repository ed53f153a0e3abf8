/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gio/gio.h>

#include "base/kith-picture-reply.h"
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

  return g_test_run ();
}
