/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KITH_TYPE_VOICE_PLAYER (kith_voice_player_get_type ())
G_DECLARE_FINAL_TYPE (KithVoicePlayer, kith_voice_player, KITH, VOICE_PLAYER, GObject)

/* Plays one voice message: Opus in Ogg, and nothing else. From memory, never from the disk. Main thread.
 *
 * Properties: "playing", "position-ms" (notified ten times a second while it plays). Signal: "failed"
 * (words for people). */

KithVoicePlayer *kith_voice_player_new             (GBytes          *ogg,
                                                    const char      *sink,
                                                    GError         **error);
void             kith_voice_player_play            (KithVoicePlayer *self);
void             kith_voice_player_pause           (KithVoicePlayer *self);
gboolean         kith_voice_player_is_playing      (KithVoicePlayer *self);
void             kith_voice_player_seek            (KithVoicePlayer *self,
                                                    guint            position_ms);
void             kith_voice_player_set_speed       (KithVoicePlayer *self,
                                                    double           speed);
guint            kith_voice_player_get_position_ms (KithVoicePlayer *self);

G_END_DECLS
