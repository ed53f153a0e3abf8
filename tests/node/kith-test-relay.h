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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRelay, test_relay_free)

G_END_DECLS
