/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-picture"

#include "config.h"

#include "picture/kith-picture-sandbox.h"

#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/kith-limits.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef HAS_ADDRESS_SANITIZER
#define HAS_ADDRESS_SANITIZER 0
#endif

static gboolean
limit (int resource, rlim_t value)
{
  struct rlimit both = { value, value };

  return setrlimit ((__rlimit_resource_t) resource, &both) == 0;
}

static gboolean
set_limits (void)
{
  /* The sanitizer reserves terabytes of addresses. */
  if (!HAS_ADDRESS_SANITIZER && !limit (RLIMIT_AS, KITH_LIMIT_PICTURE_PROCESS_BYTES))
    return FALSE;

  return limit (RLIMIT_CPU, KITH_LIMIT_PICTURE_PROCESS_CPU_S) && limit (RLIMIT_NOFILE, 0)
         && limit (RLIMIT_FSIZE, 0) && limit (RLIMIT_NPROC, 0) && limit (RLIMIT_CORE, 0);
}

/* What is left of the system: memory, what was given as input and output, and an end. Everything else
 * ends the process. */
static gboolean
add_rules (scmp_filter_ctx filter)
{
  static const int calls[] = {
    SCMP_SYS (brk), SCMP_SYS (exit), SCMP_SYS (exit_group), SCMP_SYS (futex),
    SCMP_SYS (getrandom), SCMP_SYS (madvise), SCMP_SYS (mremap), SCMP_SYS (munmap),
    SCMP_SYS (restart_syscall), SCMP_SYS (rt_sigreturn),
#if HAS_ADDRESS_SANITIZER
    SCMP_SYS (clock_gettime), SCMP_SYS (getpid), SCMP_SYS (gettid), SCMP_SYS (sched_yield),
    SCMP_SYS (sigaltstack),
#endif
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
      return FALSE;

  /* Memory that can be run is not to be had. */
  return seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 2,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, 4 /* PROT_EXEC */, 0),
                           SCMP_A4 (SCMP_CMP_MASKED_EQ, 0xffffffff, 0xffffffff)) == 0
         && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1,
                              SCMP_A2 (SCMP_CMP_MASKED_EQ, 4, 0)) == 0
         && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (read), 1,
                              SCMP_A0 (SCMP_CMP_EQ, STDIN_FILENO)) == 0
         && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (write), 1,
                              SCMP_A0 (SCMP_CMP_EQ, STDOUT_FILENO)) == 0;
}

/**
 * kith_picture_sandbox_enter:
 *
 * Gives up, for good, everything that decoding a picture does not need. To be called before the first
 * byte of it is read.
 *
 * Returns: whether it worked; if not, nothing must be decoded
 */
gboolean
kith_picture_sandbox_enter (void)
{
  scmp_filter_ctx filter;
  gboolean is_entered;

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return FALSE;

  filter = seccomp_init (SCMP_ACT_KILL_PROCESS);
  if (filter == NULL)
    return FALSE;

  is_entered = add_rules (filter) && set_limits () && seccomp_load (filter) == 0;
  seccomp_release (filter);

  return is_entered;
}
