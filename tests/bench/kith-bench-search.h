/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "kith-bench-text.h"
#include "base/kith-secret.h"

G_BEGIN_DECLS

/* Searches @n times, in @texts (element-type utf8), as the window does: through the thread of the store at @path, with
 * what is not in the index yet. Notes in @samples_us how long each took. */
void kith_bench_search_store (const char    *path,
                              KithSecret    *key,
                              GPtrArray     *texts,
                              KithBenchQuery kind,
                              guint          n,
                              GArray        *samples_us);

G_END_DECLS
