/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Kith before its libraries: what the system does wrong, or slowly, as long as a file is there.
 *
 * KITH_TEST_NO_MEMORY   no database in memory can be opened
 * KITH_TEST_SLOW_DISK   no backup reaches the disk
 * KITH_TEST_SLOW_ERASE  no file of the folder for received ones is deleted */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#define LOOK_US 20000

static int
is_there (const char *variable)
{
  const char *path = getenv (variable);

  return path != NULL && access (path, F_OK) == 0;
}

static int
is_backup (int fd)
{
  char link[64];
  char path[PATH_MAX];
  ssize_t len;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  len = readlink (link, path, sizeof path - 1);
  if (len < 0)
    return 0;

  path[len] = '\0';
  return strstr (path, ".kith-backup") != NULL;
}

__attribute__ ((visibility ("default"))) int
sqlite3_open_v2 (const char *name, sqlite3 **db, int flags, const char *vfs)
{
  int (*next) (const char *, sqlite3 **, int, const char *);

  if (strcmp (name, ":memory:") == 0 && is_there ("KITH_TEST_NO_MEMORY"))
    {
      *db = NULL;
      return SQLITE_NOMEM;
    }

  *(void **) &next = dlsym (RTLD_NEXT, "sqlite3_open_v2");
  return next (name, db, flags, vfs);
}

__attribute__ ((visibility ("default"))) int
unlink (const char *path)
{
  int (*next) (const char *);

  while (strstr (path, "/files/") != NULL && is_there ("KITH_TEST_SLOW_ERASE"))
    usleep (LOOK_US);

  *(void **) &next = dlsym (RTLD_NEXT, "unlink");
  return next (path);
}

__attribute__ ((visibility ("default"))) int
fsync (int fd)
{
  int (*next) (int);

  while (is_backup (fd) && is_there ("KITH_TEST_SLOW_DISK"))
    usleep (LOOK_US);

  *(void **) &next = dlsym (RTLD_NEXT, "fsync");
  return next (fd);
}
