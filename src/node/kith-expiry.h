/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* The clock as it was last looked at, and how far it was set ahead of late: what of it is not believed yet. */
typedef struct
{
  gint64 now_ms;         /* unix time; 0 before the first look */
  gint64 boot_ms;        /* the same by kith_env_boottime_us() */
  gint64 doubted_ms;
  gint64 believed_at_ms; /* by the boot time */
} KithExpiryClock;

/* Messages that disappear: one timer for the next that is due. Main thread. */

/* Something is due at @expires_ms, in ms since 1970, or a little after. */
void kith_expiry_expect (KithNode *self, gint64 expires_ms);

/* Deletes what is due now. The clock may have jumped. */
void kith_expiry_check  (KithNode *self);

/* Nothing is deleted any more: the node closes. */
void kith_expiry_stop   (KithNode *self);

G_END_DECLS
