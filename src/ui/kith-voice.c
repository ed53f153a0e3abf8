/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-voice.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"

/**
 * kith_voice_new_pipeline:
 * @description: elements, as gst-launch takes them; of ours, with nothing of anybody else in it
 * @error: KITH_ERROR_FAILED, with words for people
 *
 * Starts GStreamer when it is first needed.
 *
 * Returns: (transfer full) (nullable): a pipeline
 */
GstElement *
kith_voice_new_pipeline (const char *description, GError **error)
{
  g_autoptr (GError) complaint = NULL;
  g_autoptr (GstElement) pipeline = NULL;

  if (gst_init_check (NULL, NULL, &complaint))
    pipeline = gst_parse_launch_full (description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &complaint);
  if (pipeline != NULL)
    return g_object_ref_sink (g_steal_pointer (&pipeline));

  g_message ("%s", complaint->message);
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_FAILED,
                       _("A part of GStreamer that voice messages need is not installed"));

  return NULL;
}

/**
 * kith_voice_make_waveform:
 * @levels: (array length=n_levels): loudness, 0 to 1, at equal distances
 * @n_levels: how many
 * @waveform: (out caller-allocates): the same in few values; loud is 255 in each message
 *
 * Returns: how many values there are
 */
guint
kith_voice_make_waveform (const float *levels, guint n_levels, guint8 waveform[KITH_WAVEFORM_BYTES])
{
  guint n = MIN (n_levels, KITH_WAVEFORM_BYTES);
  float loudest = 0;

  for (guint i = 0; i < n_levels; i++)
    loudest = MAX (loudest, levels[i]);

  for (guint i = 0; i < n; i++)
    {
      guint first = i * n_levels / n, end = (i + 1) * n_levels / n;
      float most = 0;

      for (guint j = first; j < end; j++)
        most = MAX (most, levels[j]);
      waveform[i] = loudest > 0 ? (guint8) (most / loudest * 255) : 0;
    }

  return n;
}

/**
 * kith_voice_dup_time:
 * @time_ms: a time span
 *
 * Returns: (transfer full): as "1:05"
 */
char *
kith_voice_dup_time (guint time_ms)
{
  guint seconds = time_ms / 1000;

  return g_strdup_printf ("%u:%02u", seconds / 60, seconds % 60);
}
