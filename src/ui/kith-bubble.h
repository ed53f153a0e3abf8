/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-group.h"
#include "model/kith-message.h"

G_BEGIN_DECLS

#define KITH_TYPE_BUBBLE (kith_bubble_get_type ())
G_DECLARE_FINAL_TYPE (KithBubble, kith_bubble, KITH, BUBBLE, GtkWidget)

/* The text of one message with its time and state. The time stands behind the last word when there
 * is room, else on a line of its own; a change of the state never moves anything. */

void        kith_bubble_set_message (KithBubble  *self,
                                     KithMessage *message,
                                     KithGroup   *group);
void        kith_bubble_set_sender  (KithBubble  *self,
                                     KithContact *sender);
const char *kith_bubble_get_link_at (KithBubble  *self,
                                     double       x,
                                     double       y);
gboolean    kith_bubble_activate    (KithBubble  *self);
GStrv       kith_bubble_dup_links   (KithBubble  *self);

G_END_DECLS
