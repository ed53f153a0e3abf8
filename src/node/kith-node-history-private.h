/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-history.h"
#include "node/kith-node-private.h"

G_BEGIN_DECLS

/* What kith-node-history.c and kith-node-fetch.c share. */

/* A place in the conversation. @id: (nullable): before all messages of that time */
KithStoreCursor kith_history_cursor_at     (KithChat         *chat,
                                            guint64           hlc,
                                            const guint8     *id);
/* (transfer full) (element-type KithMessage). Objects that are in the window stay the same.
 * @first_unread: (out) (optional) (transfer none) */
GPtrArray      *kith_history_make_messages (KithChat         *chat,
                                            GPtrArray        *rows,
                                            KithMessage     **first_unread);
void            kith_history_refill         (KithChat         *chat);
void            kith_node_stop_transcripts  (KithNode        *self);
void            kith_node_await_transcripts (KithNode        *self,
                                             guint            timeout_ms,
                                             void           (*done) (gpointer user_data),
                                             gpointer         user_data);

G_END_DECLS
