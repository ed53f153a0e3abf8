/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the place of those of the C library: what a program has itself goes before them, for the libraries as well. */
#define G_LOG_DOMAIN "kith-test"

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "config.h"

#include "kith-test-refuse.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static gint refuses_links;
static GMutex links_lock;
static GCond links_go_on;
static gboolean holds_links;
static gint n_held;
static gint n_links;

void
kith_test_refuse_links (gboolean is_refused)
{
  g_atomic_int_set (&refuses_links, is_refused);
}

void
kith_test_hold_links (gboolean is_held)
{
  g_mutex_lock (&links_lock);
  holds_links = is_held;
  g_cond_broadcast (&links_go_on);
  g_mutex_unlock (&links_lock);
}

guint
kith_test_count_held (void)
{
  return (guint) g_atomic_int_get (&n_held);
}

guint
kith_test_count_links (void)
{
  return (guint) g_atomic_int_get (&n_links);
}

static void
wait_if_held (void)
{
  g_mutex_lock (&links_lock);
  g_atomic_int_inc (&n_held);
  g_main_context_wakeup (NULL); /* somebody may wait for that */
  while (holds_links)
    g_cond_wait (&links_go_on, &links_lock);
  g_atomic_int_add (&n_held, -1);
  g_mutex_unlock (&links_lock);
}

KITH_TEST_PUBLIC int kith_test_linkat (int from_folder, const char *from, int to_folder, const char *to,
                                       int flags) __asm__ ("linkat");

int
kith_test_linkat (int from_folder, const char *from, int to_folder, const char *to, int flags)
{
  int result;

  if (g_atomic_int_get (&refuses_links))
    {
      errno = EPERM;
      return -1;
    }

  wait_if_held ();
  result = (int) syscall (SYS_linkat, from_folder, from, to_folder, to, flags);
  if (result == 0)
    g_atomic_int_inc (&n_links);
  return result;
}
