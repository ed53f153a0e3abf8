/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-transfer.h"

G_BEGIN_DECLS

#define KITH_TYPE_VOICE_BAR (kith_voice_bar_get_type ())
G_DECLARE_FINAL_TYPE (KithVoiceBar, kith_voice_bar, KITH, VOICE_BAR, GtkWidget)

/* Stands in the composer's place while a voice message is recorded. Signals: "recorded" (GBytes,
 * KithMedia), "ended" (it is over, whether something was recorded or not), "said" (words for people). */

void     kith_voice_bar_start        (KithVoiceBar *self);
void     kith_voice_bar_focus        (KithVoiceBar *self);
void     kith_voice_bar_cancel       (KithVoiceBar *self);
gboolean kith_voice_bar_is_any_listening (void);
gboolean kith_voice_bar_is_recording (KithVoiceBar *self);
gboolean kith_voice_bar_is_sending   (KithVoiceBar *self);

G_END_DECLS
