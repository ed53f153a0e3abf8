/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Before there are threads: from then on there is only a loopback, which nobody else uses.
 * Returns: %FALSE where the system does not let us */
gboolean kith_bench_enter_namespace (void);

G_END_DECLS
