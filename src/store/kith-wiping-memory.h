/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The memory of SQLite: keys and texts stand in its pages. */
void kith_wiping_memory_install (void);

G_END_DECLS
