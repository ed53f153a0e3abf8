/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "model/kith-transfer.h"

G_BEGIN_DECLS

/* What recording and playing voice messages have in common. */

GstElement *kith_voice_new_pipeline  (const char   *description,
                                      GError      **error);
guint       kith_voice_make_waveform (const float  *levels,
                                      guint         n_levels,
                                      guint8        waveform[KITH_WAVEFORM_BYTES]);
char       *kith_voice_dup_time      (guint         time_ms);

G_END_DECLS
