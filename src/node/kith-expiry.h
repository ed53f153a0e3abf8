/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* Messages that disappear: one timer for the next that is due. Main thread. */

/* Goes on with the clock that was stored. Once, before all others; the settings are there. */
void kith_expiry_start  (KithNode *self);

/* Something is due at @expires_ms, in ms since 1970, or a little after. */
void kith_expiry_expect (KithNode *self, gint64 expires_ms);

/* Deletes what is due now. The clock may have jumped. */
void kith_expiry_check  (KithNode *self);

/* Nothing is deleted any more: the node closes. */
void kith_expiry_stop   (KithNode *self);

G_END_DECLS
