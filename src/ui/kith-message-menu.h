/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/kith-message.h"

G_BEGIN_DECLS

/* Where the usual reactions stand in the menu, for gtk_popover_menu_add_child(). */
#define KITH_MESSAGE_MENU_REACTIONS "reactions"

gboolean    kith_message_can_edit (KithMessage       *message);
GMenuModel *kith_message_menu_new (KithMessage       *message,
                                   const char *const *links);

G_END_DECLS
