/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-fuzz.h"

G_BEGIN_DECLS

/* Changes the rows of what a backup has in it (store/kith-backup.h), so that it stays one: a value becomes another, or
 * that of another row, a row goes or comes twice. @data: @size bytes with room for @max_size.
 * Returns: how many there are now; 0 when it is no backup, or when it would be too big */
gsize kith_fuzz_rows_change (guint8  *data,
                             gsize    size,
                             gsize    max_size,
                             guint32  seed);

G_END_DECLS
