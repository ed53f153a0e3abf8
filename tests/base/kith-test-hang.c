/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the place of those of the C library: what a program has itself goes before them, for the libraries as well. */
#define G_LOG_DOMAIN "kith-test"

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "config.h"

#include "kith-test-hang.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PUBLIC __attribute__ ((visibility ("default")))

static gint hanging; /* KithTestHang */
static GMutex lock;
static GCond goes_on;
static char *prefix; /* (owned) (nullable) */
static gint n_hung;

void
kith_test_hang (KithTestHang what, const char *folder)
{
  g_mutex_lock (&lock);
  g_free (prefix);
  prefix = folder != NULL ? g_strconcat (folder, "/", NULL) : NULL;
  g_atomic_int_set (&hanging, (gint) what);
  g_cond_broadcast (&goes_on);
  g_mutex_unlock (&lock);
}

guint
kith_test_count_hung (void)
{
  return (guint) g_atomic_int_get (&n_hung);
}

/* The main loop is woken up by writing, too: that is none of ours, and comes from within here. */
static gboolean
find_path (int fd, char path[PATH_MAX])
{
  char link[64];
  gssize len;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  len = readlink (link, path, PATH_MAX - 1);
  path[MAX (len, 0)] = '\0';
  return path[0] == '/';
}

static void
wait_if_hung (KithTestHang what, int fd)
{
  char path[PATH_MAX];

  if (g_atomic_int_get (&hanging) != (gint) what || !find_path (fd, path))
    return;

  g_mutex_lock (&lock);
  while (g_atomic_int_get (&hanging) == (gint) what && g_str_has_prefix (path, prefix))
    {
      g_atomic_int_inc (&n_hung);
      g_main_context_wakeup (NULL); /* somebody may wait for that */
      g_cond_wait (&goes_on, &lock);
      g_atomic_int_add (&n_hung, -1);
    }
  g_mutex_unlock (&lock);
}

PUBLIC gssize kith_test_write (int fd, const void *data, gsize n) __asm__ ("write");
PUBLIC int kith_test_fsync (int fd) __asm__ ("fsync");

gssize
kith_test_write (int fd, const void *data, gsize n)
{
  wait_if_hung (KITH_TEST_HANG_WRITE, fd);
  return syscall (SYS_write, fd, data, n);
}

int
kith_test_fsync (int fd)
{
  wait_if_hung (KITH_TEST_HANG_SYNC, fd);
  return (int) syscall (SYS_fsync, fd);
}
