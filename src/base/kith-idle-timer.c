/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-idle-timer.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <glib-unix.h>

struct _KithIdleTimer
{
  void   (*func) (gpointer user_data);
  gpointer user_data;
  gint64   limit_us; /* 0 = never */
  gint64   seen_us;  /* when somebody last was there */
  int      fd;       /* -1 = the system has no such timer */
  guint    source;
};

/* Of a clock that goes on while the computer sleeps: who comes back in the morning was away all night. */
static gint64
now_us (void)
{
  struct timespec now;

  if (clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    return g_get_monotonic_time ();

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
arm (KithIdleTimer *self)
{
  gint64 left_us = self->limit_us > 0 ? MAX (self->seen_us + self->limit_us - now_us (), 1) : 0;
  struct itimerspec when = { .it_value = { left_us / G_USEC_PER_SEC, left_us % G_USEC_PER_SEC * 1000 } };

  /* Zero stops it. */
  if (self->fd >= 0 && timerfd_settime (self->fd, 0, &when, NULL) != 0)
    g_warning ("Nothing will happen after a while: %s", g_strerror (errno));
}

static gboolean
over_cb (int fd, GIOCondition condition, gpointer user_data)
{
  KithIdleTimer *self = user_data;
  guint64 n_times;

  /* It was set anew meanwhile. */
  if (read (fd, &n_times, sizeof n_times) != (gssize) sizeof n_times)
    return G_SOURCE_CONTINUE;

  if (self->limit_us > 0 && now_us () - self->seen_us >= self->limit_us)
    self->func (self->user_data);
  else
    arm (self);
  return G_SOURCE_CONTINUE;
}

KithIdleTimer *
kith_idle_timer_new (void (*func) (gpointer user_data), gpointer user_data)
{
  KithIdleTimer *self = g_new0 (KithIdleTimer, 1);

  self->func = func;
  self->user_data = user_data;
  self->seen_us = now_us ();
  self->fd = timerfd_create (CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (self->fd >= 0)
    self->source = g_unix_fd_add (self->fd, G_IO_IN, over_cb, self);
  else
    g_warning ("Nothing will happen after a while: %s", g_strerror (errno));
  return self;
}

void
kith_idle_timer_free (KithIdleTimer *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

void
kith_idle_timer_set_ms (KithIdleTimer *self, gint64 ms)
{
  self->limit_us = ms * 1000;
  arm (self);
}

void
kith_idle_timer_touch (KithIdleTimer *self)
{
  self->seen_us = now_us ();
}

void
kith_idle_timer_restart (KithIdleTimer *self)
{
  kith_idle_timer_touch (self);
  arm (self);
}
