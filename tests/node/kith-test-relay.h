/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A wire that can be cut: forwards bytes between whoever dials it and a port of this machine. */

typedef struct _TestRelay TestRelay;

TestRelay *test_relay_new      (guint16    target_port);
void       test_relay_free     (TestRelay *self);
guint16    test_relay_get_port (TestRelay *self);
void       test_relay_freeze   (TestRelay *self,
                                gboolean   frozen);
void       test_relay_cut      (TestRelay *self);

/* What happens to the wire once so many more bytes have passed. */
typedef enum
{
  TEST_HARM_NONE,
  TEST_HARM_FLIP, /* one bit is another */
  TEST_HARM_CUT,  /* half of what comes passes, then both sides see an end */
  TEST_HARM_FREEZE,
} TestHarm;

void       test_relay_harm     (TestRelay *self,
                                TestHarm   harm,
                                guint      after_bytes);
guint      test_relay_get_n_harmed (TestRelay *self);
void       test_relay_set_target (TestRelay *self,
                                  guint16    target_port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRelay, test_relay_free)

G_END_DECLS
