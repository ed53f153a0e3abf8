/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A log that does not belong to its database, or is damaged, is neither used nor changed by Kith; but what comes to set it
 * right may overwrite it, and commits may be in it alone. One copy is kept beside it: DATABASE-wal.damaged, as encrypted
 * as it is. Any thread that may wait for the disk. */

/* Copies the log of @database, if there is one. Of one log the first copy stays, as it can only get worse; that of another
 * log takes its place. */
void kith_damaged_log_keep (const char *database);
/* The database is in order. After KITH_LIMIT_DAMAGED_LOG_S nobody will look for the copy any more, and it still has what
 * was deleted. */
void kith_damaged_log_drop (const char *database);

G_END_DECLS
