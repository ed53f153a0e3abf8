/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Twelve or twenty-four hours, as the desktop shows them. */

void kith_clock_setting_follow (GDBusConnection *bus);

G_END_DECLS
