/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_PREPARING_BAR (kith_preparing_bar_get_type ())
G_DECLARE_FINAL_TYPE (KithPreparingBar, kith_preparing_bar, KITH, PREPARING_BAR, GtkWidget)

void kith_preparing_bar_set_conversation (KithPreparingBar *self,
                                          KithNode         *node,
                                          KithConversation *conversation);

G_END_DECLS
