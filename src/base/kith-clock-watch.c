/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-clock-watch.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/timerfd.h>
#endif

typedef struct
{
  GSource source;
  int     fd;
} ClockWatch;

#ifdef __linux__

/* Far away: it never fires for its time. What the kernel cancels is the wait for that. */
static gboolean
arm (int fd)
{
  struct itimerspec never = { .it_value.tv_sec = sizeof (time_t) > 4 ? (time_t) 1 << 40 : G_MAXINT32 };

  return timerfd_settime (fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  ClockWatch *self = (ClockWatch *) source;
  guint64 expirations;

  if (read (self->fd, &expirations, sizeof expirations) >= 0 || errno != ECANCELED)
    return G_SOURCE_CONTINUE;
  if (!arm (self->fd))
    return G_SOURCE_REMOVE;

  return callback (user_data);
}

static void
finalize (GSource *source)
{
  close (((ClockWatch *) source)->fd);
}

/* Without a check of its own a source is ready when its descriptor is. */
static GSourceFuncs funcs = { NULL, NULL, dispatch, finalize, NULL, NULL };

GSource *
kith_clock_watch_new (GSourceFunc callback, gpointer user_data)
{
  int fd = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  GSource *source;

  if (fd < 0 || !arm (fd))
    {
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  source = g_source_new (&funcs, sizeof (ClockWatch));
  ((ClockWatch *) source)->fd = fd;
  g_source_add_unix_fd (source, fd, G_IO_IN);
  g_source_set_callback (source, callback, user_data, NULL);
  g_source_set_static_name (source, "kith-clock-watch");
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

#else

GSource *
kith_clock_watch_new (GSourceFunc callback, gpointer user_data)
{
  return NULL;
}

#endif
