/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the place of those of the C library: what a program has itself goes before them, for the libraries as well. */
#define G_LOG_DOMAIN "kith-test"

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "config.h"

#include "kith-test-calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static GRecMutex mutex;
static struct
{
  char            *folder; /* (owned) (nullable): all of them are about; under the mutex */
  KithTestCallFunc func;
  gpointer         user_data;
  gint64           room;
} state = { .room = -1 };
static gint is_armed; /* atomic: something of that is to be done */
static gint skips_syncs;
static gint refuses_renames;

static int open_seen (const char *path, int flags, unsigned int mode);

static void
arm (const char *folder)
{
  kith_test_open_through (open_seen);
  g_free (state.folder);
  state.folder = g_strdup (folder);
  g_atomic_int_set (&is_armed, state.func != NULL || state.room >= 0);
}

void
kith_test_calls_watch (const char *folder, KithTestCallFunc func, gpointer user_data)
{
  g_rec_mutex_lock (&mutex);
  state.func = func;
  state.user_data = user_data;
  arm (folder);
  g_rec_mutex_unlock (&mutex);
}

void
kith_test_calls_set_room (const char *folder, gint64 room)
{
  g_rec_mutex_lock (&mutex);
  state.room = room;
  arm (folder);
  g_rec_mutex_unlock (&mutex);
}

void
kith_test_calls_refuse_renames (int code)
{
  g_atomic_int_set (&refuses_renames, code);
}

void
kith_test_calls_skip_syncs (gboolean is_skipped)
{
  g_atomic_int_set (&skips_syncs, is_skipped);
}

/* --- What they are about --------------------------------------------------------------------- */

static gboolean
is_in_folder (const char *path)
{
  return state.folder != NULL && g_str_has_prefix (path, state.folder);
}

static gboolean
is_fd_in_folder (int fd)
{
  char way[64];
  char path[PATH_MAX] = "";

  g_snprintf (way, sizeof way, "/proc/self/fd/%d", fd);
  return readlink (way, path, sizeof path - 1) > 0 && is_in_folder (path);
}

/* Returns: whether the lock is held, until end() */
static gboolean
begin (void)
{
  if (!g_atomic_int_get (&is_armed))
    return FALSE;

  g_rec_mutex_lock (&mutex);
  return TRUE;
}

/* Keeps errno. */
static void
end (gboolean is_held, gboolean is_done, KithTestCall call, int fd, const char *path)
{
  int saved = errno;

  if (!is_held)
    return;

  if (is_done && state.func != NULL && (fd >= 0 ? is_fd_in_folder (fd) : is_in_folder (path)))
    state.func (call, fd, state.user_data);
  g_rec_mutex_unlock (&mutex);
  errno = saved;
}

/* Returns: how many of @n bytes there is room for at @offset, which is then taken */
static gsize
take_room (int fd, gsize n, gint64 offset)
{
  struct stat info;
  gint64 growth;

  if (state.room < 0 || n == 0 || fstat (fd, &info) != 0 || !S_ISREG (info.st_mode) || !is_fd_in_folder (fd))
    return n;

  growth = CLAMP (offset + (gint64) n - (gint64) info.st_size, 0, (gint64) n);
  if (growth > state.room)
    {
      n -= (gsize) (growth - state.room);
      growth = state.room;
    }
  state.room -= growth;
  return n;
}

/* --- Writing --------------------------------------------------------------------------------- */

/* In C, some of them may be either of two already. */
KITH_TEST_PUBLIC gssize kith_test_write (int fd, const void *data, gsize n) __asm__ ("write");
KITH_TEST_PUBLIC gssize kith_test_pwrite (int fd, const void *data, gsize n, off_t offset) __asm__ ("pwrite");
KITH_TEST_PUBLIC gssize kith_test_pwrite64 (int fd, const void *data, gsize n, gint64 offset) __asm__ ("pwrite64");
KITH_TEST_PUBLIC gssize kith_test_writev (int fd, const struct iovec *parts, int n_parts) __asm__ ("writev");
KITH_TEST_PUBLIC int kith_test_ftruncate (int fd, off_t size) __asm__ ("ftruncate");
KITH_TEST_PUBLIC int kith_test_ftruncate64 (int fd, gint64 size) __asm__ ("ftruncate64");
KITH_TEST_PUBLIC int kith_test_fallocate (int fd, int mode, off_t offset, off_t n) __asm__ ("fallocate");
KITH_TEST_PUBLIC int kith_test_fallocate64 (int fd, int mode, gint64 offset, gint64 n) __asm__ ("fallocate64");
KITH_TEST_PUBLIC int kith_test_fsync (int fd) __asm__ ("fsync");
KITH_TEST_PUBLIC int kith_test_fdatasync (int fd) __asm__ ("fdatasync");
KITH_TEST_PUBLIC int kith_test_rename (const char *from, const char *to) __asm__ ("rename");
KITH_TEST_PUBLIC int kith_test_renameat (int from_folder, const char *from, int to_folder,
                                         const char *to) __asm__ ("renameat");
KITH_TEST_PUBLIC int kith_test_renameat2 (int from_folder, const char *from, int to_folder, const char *to,
                                          unsigned int flags) __asm__ ("renameat2");
KITH_TEST_PUBLIC int kith_test_unlink (const char *path) __asm__ ("unlink");
KITH_TEST_PUBLIC gssize kith_test_splice (int from, void *from_offset, int to, void *to_offset, gsize n,
                                          unsigned int flags) __asm__ ("splice");
KITH_TEST_PUBLIC gssize kith_test_copy_file_range (int from, void *from_offset, int to, void *to_offset, gsize n,
                                                   unsigned int flags) __asm__ ("copy_file_range");
KITH_TEST_PUBLIC int kith_test_ioctl (int fd, unsigned long request, ...) __asm__ ("ioctl");

#define NEXT(name, type)                       \
  static type next;                            \
                                               \
  if (next == NULL)                            \
    *(void **) (&next) = dlsym (RTLD_NEXT, name)

typedef gssize (*WriteFunc) (int fd, const void *data, gsize n);
typedef gssize (*PwriteFunc) (int fd, const void *data, gsize n, off_t offset);
typedef int (*TruncateFunc) (int fd, off_t size);
typedef int (*FdFunc) (int fd);
typedef int (*PathFunc) (const char *path);
typedef int (*RenameFunc) (const char *from, const char *to);
typedef int (*RenameAtFunc) (int from_folder, const char *from, int to_folder, const char *to, unsigned int flags);
typedef int (*IoctlFunc) (int fd, unsigned long request, void *argument);

static gssize
no_room (void)
{
  errno = ENOSPC;
  return -1;
}

gssize
kith_test_write (int fd, const void *data, gsize n)
{
  NEXT ("write", WriteFunc);
  gboolean is_held = begin ();
  gsize fits = is_held ? take_room (fd, n, lseek (fd, 0, SEEK_CUR)) : n;
  gssize done = fits == 0 && n > 0 ? no_room () : next (fd, data, fits);

  end (is_held, done > 0, KITH_TEST_CALL_CHANGE, fd, NULL);
  return done;
}

gssize
kith_test_pwrite (int fd, const void *data, gsize n, off_t offset)
{
  NEXT ("pwrite", PwriteFunc);
  gboolean is_held = begin ();
  gsize fits = is_held ? take_room (fd, n, offset) : n;
  gssize done = fits == 0 && n > 0 ? no_room () : next (fd, data, fits, offset);

  end (is_held, done > 0, KITH_TEST_CALL_CHANGE, fd, NULL);
  return done;
}

gssize
kith_test_pwrite64 (int fd, const void *data, gsize n, gint64 offset)
{
  return kith_test_pwrite (fd, data, n, (off_t) offset);
}

/* The first part of it: whoever calls goes on with the rest. */
gssize
kith_test_writev (int fd, const struct iovec *parts, int n_parts)
{
  for (int i = 0; i < n_parts; i++)
    if (parts[i].iov_len > 0)
      return kith_test_write (fd, parts[i].iov_base, parts[i].iov_len);

  return 0;
}

int
kith_test_ftruncate (int fd, off_t size)
{
  NEXT ("ftruncate", TruncateFunc);
  gboolean is_held = begin ();
  int rc = next (fd, size);

  end (is_held, rc == 0, KITH_TEST_CALL_CHANGE, fd, NULL);
  return rc;
}

int
kith_test_ftruncate64 (int fd, gint64 size)
{
  return kith_test_ftruncate (fd, (off_t) size);
}

/* Nothing is promised: whoever asks for room has to do without, and learns of a full disk when it writes. */
int
kith_test_fallocate (int fd, int mode, off_t offset, off_t n)
{
  errno = EOPNOTSUPP;
  return -1;
}

int
kith_test_fallocate64 (int fd, int mode, gint64 offset, gint64 n)
{
  return kith_test_fallocate (fd, mode, (off_t) offset, (off_t) n);
}

/* --- Waiting for the disk --------------------------------------------------------------------- */

static int
sync_fd (FdFunc next, int fd)
{
  gboolean is_held = begin ();
  int rc = g_atomic_int_get (&skips_syncs) ? 0 : next (fd);

  end (is_held, rc == 0, KITH_TEST_CALL_SYNC, fd, NULL);
  return rc;
}

int
kith_test_fsync (int fd)
{
  NEXT ("fsync", FdFunc);
  return sync_fd (next, fd);
}

int
kith_test_fdatasync (int fd)
{
  NEXT ("fdatasync", FdFunc);
  return sync_fd (next, fd);
}

/* --- Names ------------------------------------------------------------------------------------ */

static int
open_seen (const char *path, int flags, unsigned int mode)
{
  gboolean is_held = (flags & (O_CREAT | O_TRUNC)) != 0 && begin ();
  int fd = kith_test_open_plainly (path, flags, mode);

  end (is_held, fd >= 0, KITH_TEST_CALL_CHANGE, -1, path);
  return fd;
}

static gboolean
is_rename_refused (void)
{
  int code = g_atomic_int_get (&refuses_renames);

  if (code != 0)
    errno = code;
  return code != 0;
}

int
kith_test_rename (const char *from, const char *to)
{
  NEXT ("rename", RenameFunc);
  gboolean is_held = begin ();
  int rc = is_rename_refused () ? -1 : next (from, to);

  end (is_held, rc == 0, KITH_TEST_CALL_CHANGE, -1, to);
  return rc;
}

int
kith_test_renameat (int from_folder, const char *from, int to_folder, const char *to)
{
  return kith_test_renameat2 (from_folder, from, to_folder, to, 0);
}

int
kith_test_renameat2 (int from_folder, const char *from, int to_folder, const char *to, unsigned int flags)
{
  NEXT ("renameat2", RenameAtFunc);
  gboolean is_held = begin ();
  int rc = is_rename_refused () ? -1 : next (from_folder, from, to_folder, to, flags);

  end (is_held, rc == 0, KITH_TEST_CALL_CHANGE, -1, to);
  return rc;
}

int
kith_test_unlink (const char *path)
{
  NEXT ("unlink", PathFunc);
  gboolean is_held = begin ();
  int rc = next (path);

  end (is_held, rc == 0, KITH_TEST_CALL_CHANGE, -1, path);
  return rc;
}

/* --- Ways around writing: there are none ------------------------------------------------------ */

gssize
kith_test_splice (int from, void *from_offset, int to, void *to_offset, gsize n, unsigned int flags)
{
  errno = EINVAL;
  return -1;
}

gssize
kith_test_copy_file_range (int from, void *from_offset, int to, void *to_offset, gsize n, unsigned int flags)
{
  errno = EINVAL;
  return -1;
}

#define CLONE 0x40049409ul /* of one file into another */

int
kith_test_ioctl (int fd, unsigned long request, ...)
{
  NEXT ("ioctl", IoctlFunc);
  va_list arguments;
  void *argument;

  va_start (arguments, request);
  argument = va_arg (arguments, void *);
  va_end (arguments);
  if (request != CLONE)
    return next (fd, request, argument);

  errno = EOPNOTSUPP;
  return -1;
}
