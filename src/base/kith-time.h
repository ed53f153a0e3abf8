/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#define KITH_HOUR_S 3600
#define KITH_DAY_S (24 * KITH_HOUR_S)
#define KITH_HOUR_MS (KITH_HOUR_S * (gint64) 1000)
#define KITH_DAY_MS (KITH_DAY_S * (gint64) 1000)
