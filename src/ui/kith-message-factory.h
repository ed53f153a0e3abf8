/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Rows for a #KithTimeline. */

GtkListItemFactory *kith_message_factory_new (void);

G_END_DECLS
