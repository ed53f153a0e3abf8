/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <signal.h>
#include <stdlib.h>

#include "kith-fuzz.h"

static void
trapped (int number)
{
  abort ();
}

/* libFuzzer calls it once, before all else. */
int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  /* Where GLib breaks, libFuzzer writes down what did it only when it is aborted. */
  signal (SIGTRAP, trapped);
  /* As G_DEBUG=fatal-warnings in the tests. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  return sodium_init () < 0 ? 1 : 0;
}
