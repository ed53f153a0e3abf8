/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz.h"

/* libFuzzer calls it once, before all else. */
int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  return sodium_init () < 0 ? 1 : 0;
}
