/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Kith before its libraries: a disk that hangs. Who waits until a file of the folder KITH_TEST_HUNG_DISK is
 * on it waits as long as there is a file of that name with .hung behind it, and makes one with .waits, which says so. */
#define _GNU_SOURCE 1

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOOK_US 5000

static int
is_there (int fd, const char *folder)
{
  char link[64];
  char path[PATH_MAX];
  ssize_t len;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  len = readlink (link, path, sizeof path - 1);
  path[len > 0 ? len : 0] = '\0';
  return strncmp (path, folder, strlen (folder)) == 0 && path[strlen (folder)] == '/';
}

__attribute__ ((visibility ("default"))) int
fsync (int fd)
{
  const char *folder = getenv ("KITH_TEST_HUNG_DISK");
  char hung[PATH_MAX];
  char waits[PATH_MAX];

  if (folder != NULL && is_there (fd, folder))
    {
      snprintf (hung, sizeof hung, "%s.hung", folder);
      snprintf (waits, sizeof waits, "%s.waits", folder);
      close (open (waits, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
      while (access (hung, F_OK) == 0)
        usleep (LOOK_US);
    }

  return (int) syscall (SYS_fsync, fd);
}
