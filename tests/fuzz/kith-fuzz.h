/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <glib.h>
#include <sodium.h>

/* A parser, given anything. What it takes has to survive being written and read again. Each is built
 * with a main of ours, which replays what is in the corpus and changes it at random (kith-fuzz-main.c),
 * and with -Dfuzzers=true and clang as a libFuzzer. */
int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int LLVMFuzzerInitialize   (int           *argc,
                            char        ***argv);

/* (nullable): of a target that changes its inputs itself, here and in libFuzzer: @data of @size bytes, with room for
 * @max_size. Returns: how many there are then */
size_t LLVMFuzzerCustomMutator (uint8_t     *data,
                                size_t       size,
                                size_t       max_size,
                                unsigned int seed) __attribute__ ((weak));
/* (nullable): libFuzzer's own, where there is one. */
size_t LLVMFuzzerMutate        (uint8_t     *data,
                                size_t       size,
                                size_t       max_size) __attribute__ ((weak));

/* In every build, also where assertions of GLib say nothing. */
#define kith_fuzz_check(condition)                                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!(condition))                                                                              \
      g_error ("%s:%d: %s does not hold", __FILE__, __LINE__, #condition);                         \
  }                                                                                                \
  G_STMT_END
