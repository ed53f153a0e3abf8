/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-init.h"

#include <signal.h>

#include <sodium.h>
#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#define HEAP_STEP_BYTES (2 * 1024 * 1024)

/* glibc gives the end of the heap back to the system as soon as 128 KiB of it are free, and takes it again for the next
 * piece of a file: each page of it is then made anew, which takes as long as encrypting it. Once it has seen a
 * larger block come and go it waits for twice as much. Setting M_TRIM_THRESHOLD instead would keep it from learning. */
static void
keep_heap (void)
{
  void *volatile block = g_malloc (HEAP_STEP_BYTES);

  g_free (block);
}

/**
 * kith_init:
 *
 * The first call of every program: prepares libsodium and keeps keys out of core dumps and out of
 * reach of other programs of the same user (protocol 13).
 *
 * Returns: %FALSE when the system has no randomness; nothing must go on then
 */
gboolean
kith_init (void)
{
  const struct rlimit no_core = { 0, 0 };

  setrlimit (RLIMIT_CORE, &no_core);
#ifdef __linux__
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  signal (SIGPIPE, SIG_IGN);
  /* A file that must not grow any more is an error of write() and not the end. */
  signal (SIGXFSZ, SIG_IGN);

  keep_heap ();
  return sodium_init () >= 0;
}
