/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the place of open() of the C library: what a program has itself goes before that, for the libraries as well. */
#define G_LOG_DOMAIN "kith-test"

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "config.h"

#include "kith-test-open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

static gint refuses_unnamed;
static KithTestOpenFunc way = kith_test_open_plainly; /* atomic */

void
kith_test_refuse_unnamed (gboolean is_refused)
{
  g_atomic_int_set (&refuses_unnamed, is_refused);
}

void
kith_test_open_through (KithTestOpenFunc func)
{
  g_atomic_pointer_set (&way, func);
}

int
kith_test_open_plainly (const char *path, int flags, unsigned int mode)
{
  if ((flags & O_TMPFILE) == O_TMPFILE && g_atomic_int_get (&refuses_unnamed))
    {
      errno = EOPNOTSUPP;
      return -1;
    }

  return (int) syscall (SYS_openat, AT_FDCWD, path, flags, mode);
}

/* In C, open() may be either of the two already. */
KITH_TEST_PUBLIC int kith_test_open (const char *path, int flags, ...) __asm__ ("open");
KITH_TEST_PUBLIC int kith_test_open64 (const char *path, int flags, ...) __asm__ ("open64");

/* Who makes no file says nothing of its permissions. */
#define OPEN(name)                                                             \
  int                                                                          \
  name (const char *path, int flags, ...)                                      \
  {                                                                            \
    KithTestOpenFunc func = (KithTestOpenFunc) g_atomic_pointer_get (&way);    \
    unsigned int mode = 0;                                                     \
    va_list arguments;                                                         \
                                                                               \
    va_start (arguments, flags);                                               \
    if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE)            \
      mode = va_arg (arguments, unsigned int);                                 \
    va_end (arguments);                                                        \
    return func (path, flags, mode);                                           \
  }

OPEN (kith_test_open)
OPEN (kith_test_open64)
