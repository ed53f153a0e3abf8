/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/kith-transfer.h"

G_BEGIN_DECLS

#define KITH_TYPE_VOICE_RECORDER (kith_voice_recorder_get_type ())
G_DECLARE_FINAL_TYPE (KithVoiceRecorder, kith_voice_recorder, KITH, VOICE_RECORDER, GObject)

/* Records one voice message into memory: Opus in Ogg. Main thread.
 *
 * Signals: "level" (how loud it is now, 0 to 1, ten times a second), "failed" (words for people; it is
 * over), "full" (no more than KITH_LIMIT_VOICE_S is recorded; what there is can be finished). */

KithVoiceRecorder *kith_voice_recorder_new           (const char          *source,
                                                      GError             **error);
void               kith_voice_recorder_start         (KithVoiceRecorder   *self);
void               kith_voice_recorder_cancel        (KithVoiceRecorder   *self);
guint              kith_voice_recorder_get_length_ms (KithVoiceRecorder   *self);
void               kith_voice_recorder_stop_async    (KithVoiceRecorder   *self,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
GBytes            *kith_voice_recorder_stop_finish   (KithVoiceRecorder   *self,
                                                      GAsyncResult        *result,
                                                      KithMedia           *media,
                                                      GError             **error);

G_END_DECLS
