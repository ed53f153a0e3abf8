/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-message.h"

G_BEGIN_DECLS

#define KITH_TYPE_REACTIONS (kith_reactions_get_type ())
G_DECLARE_FINAL_TYPE (KithReactions, kith_reactions, KITH, REACTIONS, GtkWidget)

/* What people say to a message, below it: one button for each emoji, with how many say it. A click says
 * the same, or takes it back. */

void       kith_reactions_set_message (KithReactions *self,
                                       KithMessage   *message);
char      *kith_reactions_dup_words   (KithMessage   *message);
GtkWidget *kith_reactions_new_choice  (KithMessage   *message,
                                       GCallback      more_cb,
                                       gpointer       user_data);

G_END_DECLS
