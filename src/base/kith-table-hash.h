/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint kith_table_hash (gconstpointer bytes,
                       gsize         len);

G_END_DECLS
