/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Kith before its libraries: what the system does wrong, or slowly, as long as a file is there.
 *
 * KITH_TEST_NO_MEMORY   no database in memory can be opened
 * KITH_TEST_SLOW_DISK   no backup reaches the disk, with a name or without; one that waits makes it one byte long
 * KITH_TEST_SLOW_WRITE  no file for reading is written, with a name or without; as KITH_TEST_SLOW_DISK
 * KITH_TEST_SLOW_READ   no backup is read beyond three quarters of it
 * KITH_TEST_NO_READ     nor is any of it: its disk is failing
 * KITH_TEST_SLOW_SEND   what has ".slow" in its name is read a little at a time, with pauses
 * KITH_TEST_SLOW_ERASE  no file of the folder for received ones is deleted
 * KITH_TEST_NO_ERASE    nor can it be
 * KITH_TEST_NO_DISK     the disk of the profile is gone, with its files open
 * KITH_TEST_HUNG_DISK   it is there, and does not answer who waits until something is on it */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#define LOOK_US 20000
#define PAUSE_US 50000
#define A_LITTLE_BYTES 16384

static int
is_there (const char *variable)
{
  const char *path = getenv (variable);

  return path != NULL && access (path, F_OK) == 0;
}

/* Whether the path of an open file has that in it. */
static int
is_file (int fd, const char *part)
{
  char link[64];
  char path[PATH_MAX];
  ssize_t len;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  len = readlink (link, path, sizeof path - 1);
  if (len < 0)
    return 0;

  path[len] = '\0';
  return strstr (path, part) != NULL;
}

/* Returns: whether it has to wait on */
static int
says_to_wait (const char *variable)
{
  return is_there (variable) && truncate (getenv (variable), 1) == 0;
}

static int
is_gone (int fd)
{
  return is_there ("KITH_TEST_NO_DISK") && is_file (fd, "/kith.db");
}

static void
wait_for_answer (int fd)
{
  while (is_there ("KITH_TEST_HUNG_DISK") && is_file (fd, "/kith.db"))
    usleep (LOOK_US);
}

static int
fail (int number)
{
  errno = number;
  return -1;
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

  if (strstr (path, "/files/") != NULL && is_there ("KITH_TEST_NO_ERASE"))
    return fail (EACCES);

  *(void **) &next = dlsym (RTLD_NEXT, "unlink");
  return next (path);
}

__attribute__ ((visibility ("default"))) int
fsync (int fd)
{
  int (*next) (int);

  while ((is_file (fd, ".kith-backup") || is_file (fd, "/#")) && says_to_wait ("KITH_TEST_SLOW_DISK"))
    usleep (LOOK_US);
  wait_for_answer (fd);
  if (is_gone (fd))
    return fail (EIO);

  *(void **) &next = dlsym (RTLD_NEXT, "fsync");
  return next (fd);
}

__attribute__ ((visibility ("default"))) int
fdatasync (int fd)
{
  int (*next) (int);

  wait_for_answer (fd);
  if (is_gone (fd))
    return fail (EIO);

  *(void **) &next = dlsym (RTLD_NEXT, "fdatasync");
  return next (fd);
}

__attribute__ ((visibility ("default"))) int
ftruncate64 (int fd, off64_t size)
{
  int (*next) (int, off64_t);

  if (is_gone (fd))
    return fail (EIO);

  *(void **) &next = dlsym (RTLD_NEXT, "ftruncate64");
  return next (fd, size);
}

static int
is_near_end (int fd)
{
  struct stat info;

  return fstat (fd, &info) == 0 && lseek (fd, 0, SEEK_CUR) > info.st_size / 4 * 3;
}

__attribute__ ((visibility ("default"))) ssize_t
read (int fd, void *data, size_t n)
{
  ssize_t (*next) (int, void *, size_t);

  while (is_there ("KITH_TEST_SLOW_READ") && is_file (fd, ".kith-backup") && is_near_end (fd))
    usleep (LOOK_US);
  if (is_there ("KITH_TEST_NO_READ") && is_file (fd, ".kith-backup"))
    return fail (EIO);

  *(void **) &next = dlsym (RTLD_NEXT, "read");
  return next (fd, data, n);
}

__attribute__ ((visibility ("default"))) ssize_t
write (int fd, const void *data, size_t n)
{
  ssize_t (*next) (int, const void *, size_t);

  while ((is_file (fd, ".txt") || is_file (fd, "/#")) && says_to_wait ("KITH_TEST_SLOW_WRITE"))
    usleep (LOOK_US);
  if (is_gone (fd))
    return fail (EIO);

  *(void **) &next = dlsym (RTLD_NEXT, "write");
  return next (fd, data, n);
}

__attribute__ ((visibility ("default"))) ssize_t
pread64 (int fd, void *data, size_t n, off64_t at)
{
  ssize_t (*next) (int, void *, size_t, off64_t);

  if (is_there ("KITH_TEST_SLOW_SEND") && is_file (fd, ".slow"))
    {
      usleep (PAUSE_US);
      n = n < A_LITTLE_BYTES ? n : A_LITTLE_BYTES;
    }
  if (is_gone (fd))
    return fail (EIO);

  *(void **) &next = dlsym (RTLD_NEXT, "pread64");
  return next (fd, data, n, at);
}

__attribute__ ((visibility ("default"))) ssize_t
pwrite64 (int fd, const void *data, size_t n, off64_t at)
{
  ssize_t (*next) (int, const void *, size_t, off64_t);

  if (is_gone (fd))
    return fail (EIO);

  *(void **) &next = dlsym (RTLD_NEXT, "pwrite64");
  return next (fd, data, n, at);
}
