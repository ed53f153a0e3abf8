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
 * over), "ended" (words for people, or NULL when kith_voice_recorder_end() was called; nothing more is recorded, what
 * there is can be finished), "silent" (words for people: nothing has been heard since it began). */

KithVoiceRecorder *kith_voice_recorder_new           (const char          *source,
                                                      GError             **error);
void               kith_voice_recorder_start         (KithVoiceRecorder   *self);
void               kith_voice_recorder_end           (KithVoiceRecorder   *self);
void               kith_voice_recorder_cancel        (KithVoiceRecorder   *self);
guint              kith_voice_recorder_get_length_ms (KithVoiceRecorder   *self);
guint              kith_voice_recorder_get_waveform  (KithVoiceRecorder   *self,
                                                      guint8               waveform[KITH_WAVEFORM_BYTES]);
void               kith_voice_recorder_stop_async    (KithVoiceRecorder   *self,
                                                      GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
GBytes            *kith_voice_recorder_stop_finish   (KithVoiceRecorder   *self,
                                                      GAsyncResult        *result,
                                                      KithMedia           *media,
                                                      GError             **error);

G_END_DECLS
