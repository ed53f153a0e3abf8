/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-voice-recorder.h"

#include <math.h>

#include <glib/gi18n.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "base/kith-source.h"
#include "ui/kith-voice.h"

#define SOURCE_NAME "microphone"
#define PIPELINE \
  "%s name=" SOURCE_NAME " ! audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=1 ! " \
  "level interval=100000000 ! opusenc audio-type=voice bitrate=24000 ! oggmux ! " \
  "appsink name=sink sync=false"
#define LEVELS_PER_S 10
#define QUIET_DB (-60.0)
/* Below what the noise of any room is: a microphone that is switched off. */
#define SILENT_DB (-100.0)
#define SILENT_LEVELS (KITH_LIMIT_VOICE_SILENT_MS * LEVELS_PER_S / 1000)

struct _KithVoiceRecorder
{
  GObject parent_instance;

  GstElement *pipeline; /* (owned) */
  guint watch_id;
  GArray *levels; /* (owned) of float, ten a second */
  GTask *stop;    /* (owned) (nullable) it holds us: whoever lets go cancels first */
  GSource *late;  /* (owned) (nullable) while the end of the sound is waited for */
  GSource *look;  /* (owned) (nullable) whether something has come, while it records */
  guint n_looked; /* levels at the last look */
  gboolean was_heard; /* something that is no silence */
  gboolean is_ending; /* nobody wants more of it */
  gboolean has_ended; /* what was recorded is there */
  gboolean is_over;

  GMutex lock;
  GByteArray *ogg; /* (owned) under lock: the sink's thread fills it */
};

enum
{
  SIGNAL_LEVEL,
  SIGNAL_FAILED,
  SIGNAL_ENDED,
  SIGNAL_SILENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithVoiceRecorder, kith_voice_recorder, G_TYPE_OBJECT)

/* In the sink's thread. */
static GstFlowReturn
sample_cb (GstAppSink *sink, gpointer user_data)
{
  KithVoiceRecorder *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  gboolean is_full;
  GstMapInfo map;

  if (buffer == NULL || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_FLOW_OK;

  g_mutex_lock (&self->lock);
  is_full = self->ogg->len + map.size > KITH_LIMIT_VOICE_BYTES;
  if (!is_full)
    g_byte_array_append (self->ogg, map.data, (guint) map.size);
  g_mutex_unlock (&self->lock);
  gst_buffer_unmap (buffer, &map);

  return is_full ? GST_FLOW_EOS : GST_FLOW_OK;
}

/* Ends the sink's thread, too. */
static void
stop_sound (KithVoiceRecorder *self)
{
  kith_source_clear (&self->late);
  kith_source_clear (&self->look);
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
}

static void
end (KithVoiceRecorder *self)
{
  self->is_over = TRUE;
  stop_sound (self);
}

static void
fail (KithVoiceRecorder *self, const char *words)
{
  if (self->is_over)
    return;

  end (self);
  if (self->stop != NULL)
    {
      g_autoptr (GTask) task = g_steal_pointer (&self->stop);

      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_FAILED, "%s", words);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, words);
}

/* Nobody listens any more, and what was recorded waits. @words: (nullable) */
static void
keep (KithVoiceRecorder *self, const char *words)
{
  if (self->has_ended || self->is_over)
    return;

  self->has_ended = TRUE;
  stop_sound (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, words);
}

static void
finish (KithVoiceRecorder *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->stop);
  GBytes *ogg;

  if (task == NULL)
    {
      keep (self, self->is_ending ? NULL : _("A voice message cannot be longer than this"));
      return;
    }

  end (self);
  g_mutex_lock (&self->lock);
  ogg = g_bytes_new (self->ogg->data, self->ogg->len);
  g_mutex_unlock (&self->lock);
  if (g_bytes_get_size (ogg) > 0)
    {
      g_task_return_pointer (task, ogg, (GDestroyNotify) g_bytes_unref);
      return;
    }

  g_bytes_unref (ogg);
  g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_FAILED, "%s", _("Nothing was recorded"));
}

/* A microphone that goes in the middle leaves what was said into it. */
static void
lose (KithVoiceRecorder *self)
{
  if (self->levels->len == 0)
    fail (self, _("There is no microphone that can be used"));
  else if (self->stop != NULL)
    finish (self);
  else
    keep (self, _("The microphone gives no sound"));
}

static void
take_level (KithVoiceRecorder *self, const GstStructure *structure)
{
  const GValue *value = gst_structure_get_value (structure, "rms");
  GValueArray *channels = value != NULL ? g_value_get_boxed (value) : NULL;
  double decibels;
  float level;

  if (channels == NULL || channels->n_values == 0)
    return;

  decibels = g_value_get_double (channels->values);
  self->was_heard |= decibels > SILENT_DB;
  level = isfinite (decibels) ? (float) CLAMP (1 - decibels / QUIET_DB, 0, 1) : 0;
  g_array_append_val (self->levels, level);
  g_signal_emit (self, signals[SIGNAL_LEVEL], 0, (double) level);
  if (self->levels->len == SILENT_LEVELS && !self->was_heard)
    g_signal_emit (self, signals[SIGNAL_SILENT], 0,
                   _("Nothing can be heard. Look whether the microphone is switched on."));
  if (self->levels->len == KITH_LIMIT_VOICE_S * LEVELS_PER_S)
    gst_element_send_event (self->pipeline, gst_event_new_eos ());
}

static gboolean
is_source (KithVoiceRecorder *self, GstObject *object)
{
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (self->pipeline), SOURCE_NAME);

  return object == GST_OBJECT (source) || gst_object_has_as_ancestor (object, GST_OBJECT (source));
}

static gboolean
message_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  KithVoiceRecorder *self = user_data;
  const GstStructure *structure = gst_message_get_structure (message);
  GstMessageType type = GST_MESSAGE_TYPE (message);

  /* Without a microphone GStreamer warns, and records silence; later it warns of a computer that was too busy for some
   * of the sound. */
  if (type == GST_MESSAGE_ERROR
      || (type == GST_MESSAGE_WARNING && self->levels->len == 0 && is_source (self, GST_MESSAGE_SRC (message))))
    lose (self);
  else if (type == GST_MESSAGE_EOS)
    finish (self);
  else if (type == GST_MESSAGE_ELEMENT && structure != NULL
           && gst_structure_has_name (structure, "level"))
    take_level (self, structure);

  return G_SOURCE_CONTINUE;
}

static void
kith_voice_recorder_dispose (GObject *object)
{
  KithVoiceRecorder *self = KITH_VOICE_RECORDER (object);

  g_clear_handle_id (&self->watch_id, g_source_remove);
  stop_sound (self);
  g_clear_pointer (&self->pipeline, gst_object_unref);

  G_OBJECT_CLASS (kith_voice_recorder_parent_class)->dispose (object);
}

static void
kith_voice_recorder_finalize (GObject *object)
{
  KithVoiceRecorder *self = KITH_VOICE_RECORDER (object);

  g_array_unref (self->levels);
  kith_secret_wipe (self->ogg->data, self->ogg->len);
  g_byte_array_unref (self->ogg);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (kith_voice_recorder_parent_class)->finalize (object);
}

static void
kith_voice_recorder_class_init (KithVoiceRecorderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kith_voice_recorder_dispose;
  object_class->finalize = kith_voice_recorder_finalize;

  signals[SIGNAL_LEVEL] = g_signal_new ("level", KITH_TYPE_VOICE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", KITH_TYPE_VOICE_RECORDER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", KITH_TYPE_VOICE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_SILENT] = g_signal_new ("silent", KITH_TYPE_VOICE_RECORDER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kith_voice_recorder_init (KithVoiceRecorder *self)
{
  self->levels = g_array_new (FALSE, FALSE, sizeof (float));
  self->ogg = g_byte_array_new ();
  g_mutex_init (&self->lock);
}

/**
 * kith_voice_recorder_new:
 * @source: (nullable): where the sound comes from, as GStreamer calls it; %NULL for the microphone
 * @error: KITH_ERROR_FAILED when GStreamer or one of its parts is not there
 *
 * Returns: (transfer full) (nullable): a recorder
 */
KithVoiceRecorder *
kith_voice_recorder_new (const char *source, GError **error)
{
  g_autofree char *description = g_strdup_printf (PIPELINE, source != NULL ? source : "autoaudiosrc");
  GstElement *pipeline = kith_voice_new_pipeline (description, error);
  GstAppSinkCallbacks callbacks = { .new_sample = sample_cb };
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstBus) bus = NULL;
  KithVoiceRecorder *self;

  if (pipeline == NULL)
    return NULL;

  self = g_object_new (KITH_TYPE_VOICE_RECORDER, NULL);
  self->pipeline = pipeline;
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  bus = gst_element_get_bus (pipeline);
  self->watch_id = gst_bus_add_watch (bus, message_cb, self);

  return self;
}

/* A microphone that gives nothing, or nothing more, does not say so. */
static gboolean
look_cb (gpointer user_data)
{
  KithVoiceRecorder *self = user_data;
  const char *words = _("The microphone gives no sound");

  if (self->levels->len > self->n_looked)
    {
      self->n_looked = self->levels->len;
      return G_SOURCE_CONTINUE;
    }

  kith_source_clear (&self->look);
  if (self->levels->len == 0)
    fail (self, words);
  else
    keep (self, words);

  return G_SOURCE_REMOVE;
}

/**
 * kith_voice_recorder_start:
 * @self: a recorder
 *
 * Begins. Letting go of it ends it, and nothing is left of what was said.
 */
void
kith_voice_recorder_start (KithVoiceRecorder *self)
{
  g_return_if_fail (KITH_IS_VOICE_RECORDER (self));

  kith_source_start (&self->look, KITH_LIMIT_VOICE_SILENT_MS, look_cb, self);
  /* What goes wrong is said on the bus. */
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

/**
 * kith_voice_recorder_get_length_ms:
 * @self: a recorder
 *
 * Returns: how long it has recorded
 */
guint
kith_voice_recorder_get_length_ms (KithVoiceRecorder *self)
{
  g_return_val_if_fail (KITH_IS_VOICE_RECORDER (self), 0);

  return self->levels->len * 1000 / LEVELS_PER_S;
}

/**
 * kith_voice_recorder_get_waveform:
 * @self: a recorder
 * @waveform: (out caller-allocates): how loud it was until now, in few values
 *
 * Returns: how many values there are
 */
guint
kith_voice_recorder_get_waveform (KithVoiceRecorder *self, guint8 waveform[KITH_WAVEFORM_BYTES])
{
  g_return_val_if_fail (KITH_IS_VOICE_RECORDER (self), 0);

  return kith_voice_make_waveform ((const float *) (gpointer) self->levels->data, self->levels->len, waveform);
}

/* A sound server that hangs does not say that it has ended. What has come until now is sent. */
static gboolean
late_cb (gpointer user_data)
{
  KithVoiceRecorder *self = user_data;
  gboolean is_empty;

  kith_source_clear (&self->late);
  g_mutex_lock (&self->lock);
  is_empty = self->ogg->len == 0;
  g_mutex_unlock (&self->lock);
  if (is_empty)
    fail (self, _("Nothing was recorded"));
  else
    finish (self);

  return G_SOURCE_REMOVE;
}

/* The last of it comes, and then the end. */
static void
let_end (KithVoiceRecorder *self)
{
  if (self->late != NULL)
    return;

  kith_source_clear (&self->look);
  kith_source_start (&self->late, KITH_LIMIT_VOICE_END_MS, late_cb, self);
  gst_element_send_event (self->pipeline, gst_event_new_eos ());
}

/**
 * kith_voice_recorder_end:
 * @self: a recorder that was started
 *
 * What is said from now on is not recorded. What was waits for kith_voice_recorder_stop_async(), or
 * kith_voice_recorder_cancel().
 */
void
kith_voice_recorder_end (KithVoiceRecorder *self)
{
  g_return_if_fail (KITH_IS_VOICE_RECORDER (self));

  if (self->is_over || self->has_ended)
    return;

  self->is_ending = TRUE;
  let_end (self);
}

/**
 * kith_voice_recorder_cancel:
 * @self: a recorder
 *
 * Ends it at once; the microphone is let go of. Whoever waits for what was recorded gets
 * KITH_ERROR_CANCELLED.
 */
void
kith_voice_recorder_cancel (KithVoiceRecorder *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KITH_IS_VOICE_RECORDER (self));

  end (self);
  task = g_steal_pointer (&self->stop);
  if (task != NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_CANCELLED, "Cancelled");
}

/**
 * kith_voice_recorder_stop_async:
 * @self: a recorder that was started, and not stopped yet
 * @callback: called with what was recorded
 * @user_data: for @callback
 */
void
kith_voice_recorder_stop_async (KithVoiceRecorder *self, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (KITH_IS_VOICE_RECORDER (self) && self->stop == NULL);

  self->stop = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->stop, kith_voice_recorder_stop_async);
  if (self->is_over || self->levels->len == 0)
    {
      g_autoptr (GTask) task = g_steal_pointer (&self->stop);

      end (self);
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_FAILED, "%s", _("Nothing was recorded"));
      return;
    }

  if (self->has_ended)
    {
      finish (self);
      return;
    }

  let_end (self);
}

/**
 * kith_voice_recorder_stop_finish:
 * @self: a recorder
 * @result: what the callback got
 * @media: (out): what is said of it besides
 * @error: KITH_ERROR_FAILED, with words for people, or KITH_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the voice message
 */
GBytes *
kith_voice_recorder_stop_finish (KithVoiceRecorder *self, GAsyncResult *result, KithMedia *media,
                                 GError **error)
{
  GBytes *ogg;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  ogg = g_task_propagate_pointer (G_TASK (result), error);
  if (ogg == NULL)
    return NULL;

  *media = (KithMedia){ .type = g_strdup ("audio/ogg"),
                        .duration_ms = kith_voice_recorder_get_length_ms (self) };
  media->n_waveform = kith_voice_recorder_get_waveform (self, media->waveform);

  return ogg;
}
