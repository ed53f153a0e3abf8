/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-conversation.h"

G_BEGIN_DECLS

GtkWidget *kith_conversation_menu_attach (GtkWidget        *list,
                                          GtkWidget        *parent);
void       kith_conversation_menu_fill   (GMenu            *menu,
                                          KithConversation *conversation);

G_END_DECLS
