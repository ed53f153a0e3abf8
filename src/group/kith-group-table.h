/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GHashTable *kith_group_table_new (GDestroyNotify free_value);

G_END_DECLS
