/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-transfer.h"

G_BEGIN_DECLS

#define KITH_TYPE_VOICE_CARD (kith_voice_card_get_type ())
G_DECLARE_FINAL_TYPE (KithVoiceCard, kith_voice_card, KITH, VOICE_CARD, GtkWidget)

GtkWidget *kith_voice_card_new          (void);
void       kith_voice_card_set_transfer (KithVoiceCard *self,
                                         KithTransfer  *transfer);
void       kith_voice_card_toggle       (KithVoiceCard *self);

G_END_DECLS
