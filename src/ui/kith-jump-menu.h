/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What menus offer, as somewhere to go. */

typedef gboolean (*KithJumpMenuFilter) (const char *action,
                                        gpointer    user_data);

void kith_jump_menu_collect (GMenuModel        *menu,
                             KithJumpMenuFilter filter,
                             gpointer           user_data,
                             GPtrArray         *items);

G_END_DECLS
