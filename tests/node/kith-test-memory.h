/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TEST_NEEDLE_BYTES 64

/* What the memory of this process is searched for. Kept so that it is not found in itself. */
typedef struct
{
  const char *what;
  gsize       len;
  guint8      masked[TEST_NEEDLE_BYTES];
  guint       n_found; /* by the last search */
} TestNeedle;

/* @bytes stay the caller's to wipe. */
void   test_needle_init   (TestNeedle   *self,
                           const char   *what,
                           const void   *bytes,
                           gsize         len);
/* Counts where each of them stands in what this process can read of its own memory and what is not a part of a
 * program as it lies on the disk: the heaps, the stacks of all threads, what is locked. */
void   test_memory_search (TestNeedle   *needles,
                           gsize         n);

G_END_DECLS
