/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why a message of ours is not tried any more, as it is stored and as programs are told. Nothing fails
 * because time goes by: who is absent, or has blocked us and seems to be, may come back. */
#define KITH_FAILURE_REMOVED "removed"               /* we removed the contact */
#define KITH_FAILURE_REFUSED "refused"               /* they have removed us */
#define KITH_FAILURE_DECLINED "declined"             /* they do not want to be our contact */
#define KITH_FAILURE_TOO_BIG "too-big"               /* it does not fit into a record */
#define KITH_FAILURE_NOT_UNDERSTOOD "not-understood" /* they close the connection over it */
/* Of lines: why what is missing is not asked for any more. And what a line is that stands for something
 * unknown to this version. */
#define KITH_FAILURE_GONE "gone"
#define KITH_FAILURE_UNKNOWN "unknown"

const char *kith_failure_get_words (const char *code);

G_END_DECLS
