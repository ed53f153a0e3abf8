/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean    kith_date_order_is_day_first (const char *format);
const char *kith_date_order_choose       (const char *english,
                                          const char *day_first);

G_END_DECLS
