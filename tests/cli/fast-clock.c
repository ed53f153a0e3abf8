/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded into Kith before its libraries: the clock that goes on while the computer sleeps, by which Kith knows for how
 * long nobody was there, runs sixty times as fast. A minute away is a second of the test. */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <sys/timerfd.h>
#include <time.h>

#define FASTER 60
#define NS_PER_S 1000000000LL

static long long
to_ns (const struct timespec *time)
{
  return time->tv_sec * NS_PER_S + time->tv_nsec;
}

static void
from_ns (struct timespec *time, long long ns)
{
  time->tv_sec = ns / NS_PER_S;
  time->tv_nsec = ns % NS_PER_S;
}

__attribute__ ((visibility ("default"))) int
clock_gettime (clockid_t clock, struct timespec *now)
{
  int (*next) (clockid_t, struct timespec *);
  int result;

  *(void **) &next = dlsym (RTLD_NEXT, "clock_gettime");
  result = next (clock, now);
  if (result == 0 && clock == CLOCK_BOOTTIME)
    from_ns (now, to_ns (now) * FASTER);
  return result;
}

__attribute__ ((visibility ("default"))) int
timerfd_settime (int fd, int flags, const struct itimerspec *when, struct itimerspec *before)
{
  int (*next) (int, int, const struct itimerspec *, struct itimerspec *);
  struct itimerspec sooner = *when;

  /* Those of a time of day are others. Zero stops it, and only zero may become that. */
  if ((flags & TFD_TIMER_ABSTIME) == 0 && to_ns (&when->it_value) != 0)
    from_ns (&sooner.it_value, to_ns (&when->it_value) / FASTER + 1);

  *(void **) &next = dlsym (RTLD_NEXT, "timerfd_settime");
  return next (fd, flags, &sooner, before);
}
