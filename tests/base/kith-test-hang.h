/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A disk that hangs: who writes into a file of a folder, with a name or without, or waits for it to be on the disk,
 * waits until it is over. */
typedef enum
{
  KITH_TEST_HANG_NONE,
  KITH_TEST_HANG_WRITE,
  KITH_TEST_HANG_SYNC,
} KithTestHang;

/* @folder: (nullable): none for KITH_TEST_HANG_NONE, which lets all go on */
void  kith_test_hang       (KithTestHang what,
                            const char  *folder);
/* That wait. The main loop wakes up when it changes. */
guint kith_test_count_hung (void);

G_END_DECLS
