/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-session.h"

G_BEGIN_DECLS

gboolean kith_node_receive_record (KithSession    *session,
                                   KithRecordType  type,
                                   const guint8   *body,
                                   gsize           len,
                                   gpointer        node);

G_END_DECLS
