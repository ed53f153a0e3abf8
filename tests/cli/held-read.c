/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Kith before its libraries: as long as the FIFO KITH_TEST_HELD_READ is there, a read of a terminal says so
 * to whoever reads from that, and begins when somebody opens the FIFO of the same name with ".go" behind it. */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
hold (const char *path)
{
  char *go = NULL;

  if (access (path, F_OK) != 0 || asprintf (&go, "%s.go", path) < 0)
    return;

  close (open (path, O_WRONLY | O_CLOEXEC));
  close (open (go, O_RDONLY | O_CLOEXEC));
  free (go);
}

__attribute__ ((visibility ("default"))) ssize_t
read (int fd, void *buffer, size_t len)
{
  static ssize_t (*next) (int, void *, size_t);
  const char *path = getenv ("KITH_TEST_HELD_READ");

  if (next == NULL)
    *(void **) &next = dlsym (RTLD_NEXT, "read");
  if (path != NULL && isatty (fd))
    hold (path);
  return next (fd, buffer, len);
}
