/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/kith-message.h"

G_BEGIN_DECLS

GMenuModel *kith_message_menu_new (KithMessage       *message,
                                   const char *const *links);

G_END_DECLS
