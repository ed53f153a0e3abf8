/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void test_net_step (gint64      deadline_us,
                    const char *what,
                    int         line);

/* Turns the main loop until @condition holds, or fails the test after the deadline. @what: the same in words */
#define test_net_wait(condition, what, deadline_s)                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 test_deadline_us = g_get_monotonic_time () + (deadline_s) * G_USEC_PER_SEC;             \
    while (!(condition))                                                                           \
      test_net_step (test_deadline_us, what, __LINE__);                                            \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
