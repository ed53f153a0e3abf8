/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-passphrase.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <glib-unix.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "cli/kith-cli-keys.h"

/* Byte by byte: nothing behind the line is taken, and nothing stays in a buffer. A last line without an end is
 * one; none at all is not the same as an empty one.
 * Returns: (transfer full) (nullable): %NULL when there is none, or it cannot be read */
static char *
read_line (gint fd)
{
  char *line = g_malloc0 (KITH_LIMIT_PASSPHRASE_BYTES + 2);
  gsize len = 0;
  gssize n = 0;

  while (len <= KITH_LIMIT_PASSPHRASE_BYTES)
    {
      n = read (fd, line + len, 1);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0 || line[len] == '\n')
        break;
      len++;
    }

  if (n < 0 || (n == 0 && len == 0))
    {
      kith_secret_wipe (line, KITH_LIMIT_PASSPHRASE_BYTES + 2);
      g_free (line);
      return NULL;
    }

  line[len] = '\0';
  if (len > 0 && line[len - 1] == '\r')
    line[len - 1] = '\0';
  return line;
}

/**
 * kith_cli_passphrase_free:
 * @passphrase: (transfer full) (nullable): a passphrase
 */
void
kith_cli_passphrase_free (char *passphrase)
{
  if (passphrase == NULL)
    return;

  kith_secret_wipe (passphrase, strlen (passphrase));
  g_free (passphrase);
}

/**
 * kith_cli_passphrase_can_ask:
 *
 * Returns: whether somebody is at a terminal
 */
gboolean
kith_cli_passphrase_can_ask (void)
{
  return isatty (STDIN_FILENO);
}

/* --- At the terminal ------------------------------------------------------------------------ */

typedef struct
{
  GMainLoop *loop; /* (owned) */
  char      *line; /* (owned) */
  gsize      len;
  gboolean   is_whole;
} Asking;

static gboolean
typed_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Asking *asking = user_data;
  gssize n = read (fd, asking->line + asking->len, 1);

  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return G_SOURCE_CONTINUE;

  /* Ctrl+D, or the terminal is gone: nothing was answered. */
  asking->is_whole = n > 0 && asking->line[asking->len] == '\n';
  if (n > 0 && !asking->is_whole && ++asking->len <= KITH_LIMIT_PASSPHRASE_BYTES)
    return G_SOURCE_CONTINUE;

  asking->line[asking->len] = '\0';
  g_main_loop_quit (asking->loop);
  return G_SOURCE_CONTINUE;
}

/* At once, in the call that cancels: whoever ends the program does not find it waiting here. */
static void
cancelled_cb (GCancellable *cancellable, Asking *asking)
{
  g_main_loop_quit (asking->loop);
}

/* Returns: (transfer full) (nullable): a line of the terminal */
static char *
await_line (int fd, GCancellable *cancellable)
{
  Asking asking = { .loop = g_main_loop_new (NULL, FALSE),
                    .line = g_malloc0 (KITH_LIMIT_PASSPHRASE_BYTES + 2) };
  guint source = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, typed_cb, &asking);
  gulong id = 0;

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), &asking, NULL);
  if (!g_cancellable_is_cancelled (cancellable))
    g_main_loop_run (asking.loop);
  if (id != 0)
    g_signal_handler_disconnect (cancellable, id);
  g_source_remove (source);
  g_main_loop_unref (asking.loop);

  if (!asking.is_whole || g_cancellable_is_cancelled (cancellable))
    {
      kith_secret_wipe (asking.line, KITH_LIMIT_PASSPHRASE_BYTES + 2);
      g_clear_pointer (&asking.line, g_free);
    }
  return asking.line;
}

/**
 * kith_cli_passphrase_ask:
 * @prompt: what to say
 * @cancellable: (nullable): cancelled when the program ends
 *
 * Runs the main loop until there is an answer.
 *
 * Returns: (transfer full) (nullable): what was typed; %NULL when nothing was answered
 */
char *
kith_cli_passphrase_ask (const char *prompt, GCancellable *cancellable)
{
  int fd = kith_cli_keys_open ();
  struct termios before;
  struct termios quiet;
  char *line;

  if (fd < 0)
    return NULL;

  if (tcgetattr (fd, &before) != 0)
    {
      close (fd);
      return NULL;
    }

  quiet = before;
  quiet.c_lflag &= ~(tcflag_t) ECHO;
  quiet.c_lflag |= ICANON | ISIG | ECHONL;
  quiet.c_iflag |= ICRNL;
  tcsetattr (fd, TCSAFLUSH, &quiet);
  if (write (fd, prompt, strlen (prompt)) < 0)
    g_info ("The terminal cannot be written to");
  line = await_line (fd, cancellable);
  if (line == NULL && write (fd, "\n", 1) < 0)
    g_info ("The terminal cannot be written to");
  tcsetattr (fd, TCSAFLUSH, &before);
  close (fd);
  return line;
}

/**
 * kith_cli_passphrase_choose:
 * @prompt: what to say
 * @cancellable: (nullable): cancelled when the program ends
 * @passphrase: (out) (transfer full) (nullable): what was typed
 * @error: return location for a #GError
 *
 * Asks for a new passphrase twice: what is under one that was mistyped cannot be opened again. Errors:
 * INVALID when it was not the same, CANCELLED when nothing was answered.
 *
 * Returns: whether it was the same twice
 */
gboolean
kith_cli_passphrase_choose (const char *prompt, GCancellable *cancellable, char **passphrase, GError **error)
{
  char *second = NULL;
  gboolean is_same;

  *passphrase = kith_cli_passphrase_ask (prompt, cancellable);
  if (*passphrase != NULL && **passphrase == '\0')
    return TRUE;

  if (*passphrase != NULL)
    second = kith_cli_passphrase_ask ("The same again: ", cancellable);
  is_same = second != NULL && g_str_equal (*passphrase, second);
  if (second == NULL)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_CANCELLED, "Nothing was answered");
  else if (!is_same)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "The two were not the same");
  kith_cli_passphrase_free (second);
  if (!is_same)
    kith_cli_passphrase_free (g_steal_pointer (passphrase));
  return is_same;
}

/**
 * kith_cli_passphrase_read:
 * @fd: a file descriptor
 *
 * Returns: (transfer full) (nullable): the next line of it
 */
char *
kith_cli_passphrase_read (gint fd)
{
  return fd >= 0 ? read_line (fd) : NULL;
}
