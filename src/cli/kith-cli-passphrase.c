/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-limits.h"
#include "base/kith-secret.h"

/* Byte by byte: nothing behind the line is taken, and nothing stays in a buffer. */
static char *
read_line (gint fd)
{
  char *line = g_malloc0 (KITH_LIMIT_PASSPHRASE_BYTES + 2);
  gsize len = 0;

  while (len <= KITH_LIMIT_PASSPHRASE_BYTES)
    {
      gssize n = read (fd, line + len, 1);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0 || line[len] == '\n')
        break;
      len++;
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

/**
 * kith_cli_passphrase_ask:
 * @prompt: what to say
 *
 * Returns: (transfer full) (nullable): what was typed
 */
char *
kith_cli_passphrase_ask (const char *prompt)
{
  gint fd = g_open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY, 0);
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
  line = read_line (fd);
  tcsetattr (fd, TCSAFLUSH, &before);
  close (fd);
  return line;
}

/**
 * kith_cli_passphrase_choose:
 * @prompt: what to say
 * @passphrase: (out) (transfer full) (nullable): what was typed
 *
 * Asks for a new passphrase twice: what is under one that was mistyped cannot be opened again.
 *
 * Returns: whether it was the same twice
 */
gboolean
kith_cli_passphrase_choose (const char *prompt, char **passphrase)
{
  char *second = NULL;
  gboolean is_same;

  *passphrase = kith_cli_passphrase_ask (prompt);
  if (*passphrase == NULL || **passphrase == '\0')
    return *passphrase != NULL;

  second = kith_cli_passphrase_ask ("The same again: ");
  is_same = g_strcmp0 (*passphrase, second) == 0;
  kith_cli_passphrase_free (second);
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
