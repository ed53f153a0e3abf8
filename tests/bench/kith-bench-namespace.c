/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kith-bench-namespace.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

gboolean
kith_bench_enter_namespace (void)
{
  struct ifreq request = { .ifr_name = "lo" };
  int fd;
  gboolean ok;

  if (unshare (CLONE_NEWNET) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0)
    return FALSE;

  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ok = fd >= 0 && ioctl (fd, SIOCGIFFLAGS, &request) == 0;
  request.ifr_flags = (short) (request.ifr_flags | IFF_UP | IFF_RUNNING);
  ok = ok && ioctl (fd, SIOCSIFFLAGS, &request) == 0;
  if (fd >= 0)
    close (fd);
  return ok;
}
