/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an entry of a group costs at the least, in us of CPU for each of @n. */

/* libsodium checks a signature of what is as long as an entry. */
double kith_bench_check_signatures (guint n);
/* Plain SQLite, in memory, writes an entry and the message that it is, so many in a transaction. */
double kith_bench_write_entries    (guint n,
                                    guint batch);

G_END_DECLS
