/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* What others see of us beside our messages, and we of them. Main thread. Protocol 8.1. */

/* The user is writing to @conversation, or has emptied the line. To be called at every change: it is
 * told at most every three seconds, only to somebody who is online, unless that is turned off
 * (KITH_SETTING_TYPING) or we appear offline. Nothing is stored. */
void     kith_node_set_typing        (KithNode         *self,
                                      KithConversation *conversation,
                                      gboolean          typing);

/* Turns read receipts or the telling of who writes on or off, for both directions. */
gboolean kith_node_get_read_receipts (KithNode *self);
void     kith_node_set_read_receipts (KithNode *self,
                                      gboolean  enabled);
gboolean kith_node_get_tells_typing  (KithNode *self);
void     kith_node_set_tells_typing  (KithNode *self,
                                      gboolean  enabled);

/* Asks the programs of all contacts to show us as absent, now and after every start, or takes that
 * back. Messages go both ways all the same. Needs a profile; its property "hidden" follows. */
void     kith_node_set_hidden        (KithNode *self,
                                      gboolean  hidden);

G_END_DECLS
