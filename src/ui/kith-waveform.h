/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KITH_TYPE_WAVEFORM (kith_waveform_get_type ())
G_DECLARE_FINAL_TYPE (KithWaveform, kith_waveform, KITH, WAVEFORM, GtkWidget)

/* How loud something is over time, and how much of it has been heard. Signal: "moved" (where to, 0 to 1:
 * by a click, by dragging or with the arrow keys). */

void kith_waveform_set_values   (KithWaveform *self,
                                 const guint8 *values,
                                 guint         n_values);
void kith_waveform_add_value    (KithWaveform *self,
                                 guint8        value);
void kith_waveform_set_position (KithWaveform *self,
                                 double        position,
                                 const char   *words);

G_END_DECLS
