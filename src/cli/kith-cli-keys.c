/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop hears that keys were typed, and reads them. A Ctrl+C in between takes them away again: who waited for them
 * then would hold up the loop, and the loop is where the Ctrl+C is heard. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-keys.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define REST_OF_KEY_MS 1000

/**
 * kith_cli_keys_open:
 *
 * The terminal that the program was started from. Whoever has it open besides, such as the shell, waits in their
 * reads as before.
 *
 * Returns: a descriptor to close, for reading and writing, whose reads do not wait; -1 when there is no terminal
 */
int
kith_cli_keys_open (void)
{
  return g_open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
}

/**
 * kith_cli_keys_await:
 * @fd: of kith_cli_keys_open()
 *
 * For the rest of a key that sends several bytes: they come together.
 *
 * Returns: the next byte; 0, which stands for no key, when it does not come; -1 at the end
 */
int
kith_cli_keys_await (int fd)
{
  struct pollfd ready = { fd, POLLIN, 0 };
  guint8 byte;
  gssize n;

  if (poll (&ready, 1, REST_OF_KEY_MS) <= 0)
    return 0;

  n = read (fd, &byte, 1);
  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return 0;
  return n == 1 ? byte : -1;
}
