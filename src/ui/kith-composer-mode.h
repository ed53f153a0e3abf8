/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-message.h"

G_BEGIN_DECLS

#define KITH_TYPE_COMPOSER_MODE (kith_composer_mode_get_type ())
G_DECLARE_FINAL_TYPE (KithComposerMode, kith_composer_mode, KITH, COMPOSER_MODE, GtkWidget)

/* Stands above the text while it answers a message, or replaces one; else it is not seen.
 *
 * Signals: "cancelled" (): the user does not want that any more */

void         kith_composer_mode_set_answered (KithComposerMode *self,
                                              KithMessage      *message);
void         kith_composer_mode_set_edited   (KithComposerMode *self,
                                              KithMessage      *message);
void         kith_composer_mode_clear        (KithComposerMode *self);
KithMessage *kith_composer_mode_get_answered (KithComposerMode *self);
KithMessage *kith_composer_mode_get_edited   (KithComposerMode *self);

G_END_DECLS
