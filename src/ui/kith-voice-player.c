/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-voice-player.h"

#include <glib/gi18n.h>
#include <gst/gst.h>

#include "base/kith-source.h"
#include "ui/kith-voice.h"

#define TICK_MS 100

/* Each element is named: what is in the bytes chooses none. scaletempo keeps the pitch at any speed. */
#define PIPELINE \
  "giostreamsrc name=source ! oggdemux ! opusdec ! audioconvert ! audioresample ! scaletempo ! " \
  "audioconvert ! audioresample ! %s"

struct _KithVoicePlayer
{
  GObject parent_instance;

  GstElement *pipeline; /* (owned) */
  guint watch_id;
  GSource *timer; /* (owned) (nullable) while it plays */
  gboolean is_playing;
  gboolean is_ready;  /* it can be asked to seek */
  gboolean is_moved;  /* the place or the speed is not the pipeline's yet */
  guint position_ms;
  double speed;
};

enum
{
  PROP_0,
  PROP_PLAYING,
  PROP_POSITION_MS,
  N_PROPS
};

enum
{
  SIGNAL_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithVoicePlayer, kith_voice_player, G_TYPE_OBJECT)

static void
set_position (KithVoicePlayer *self, guint position_ms)
{
  if (self->position_ms == position_ms)
    return;

  self->position_ms = position_ms;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION_MS]);
}

/* A speed is a seek as well; it starts where we are. */
static void
move (KithVoicePlayer *self)
{
  if (!self->is_ready)
    return;

  self->is_moved = FALSE;
  gst_element_seek (self->pipeline, self->speed, GST_FORMAT_TIME,
                    GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET,
                    (gint64) self->position_ms * GST_MSECOND, GST_SEEK_TYPE_END, 0);
}

static gboolean
tick_cb (gpointer user_data)
{
  KithVoicePlayer *self = user_data;
  gint64 position;

  if (gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position) && position >= 0)
    set_position (self, (guint) (position / GST_MSECOND));

  return G_SOURCE_CONTINUE;
}

static void
set_playing (KithVoicePlayer *self, gboolean playing)
{
  if (self->is_playing == playing)
    return;

  self->is_playing = playing;
  if (playing)
    kith_source_start (&self->timer, TICK_MS, tick_cb, self);
  else
    kith_source_clear (&self->timer);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYING]);
}

static void
fail (KithVoicePlayer *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  gboolean is_sound;

  gst_message_parse_error (message, &error, NULL);
  is_sound = error->domain == GST_RESOURCE_ERROR;
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  self->is_ready = FALSE;
  set_playing (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0,
                 is_sound ? _("This computer cannot play sound at the moment")
                          : _("This is no voice message that can be played"));
}

static gboolean
message_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  KithVoicePlayer *self = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      fail (self, message);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    {
      gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
      set_playing (self, FALSE);
      set_position (self, 0);
      self->is_moved = TRUE;
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ASYNC_DONE && !self->is_ready)
    {
      self->is_ready = TRUE;
      if (self->is_moved)
        move (self);
      if (self->is_playing)
        gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
    }

  return G_SOURCE_CONTINUE;
}

static void
kith_voice_player_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithVoicePlayer *self = KITH_VOICE_PLAYER (object);

  switch (prop_id)
    {
    case PROP_PLAYING:
      g_value_set_boolean (value, self->is_playing);
      break;
    case PROP_POSITION_MS:
      g_value_set_uint (value, self->position_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_voice_player_dispose (GObject *object)
{
  KithVoicePlayer *self = KITH_VOICE_PLAYER (object);

  kith_source_clear (&self->timer);
  g_clear_handle_id (&self->watch_id, g_source_remove);
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->pipeline, gst_object_unref);

  G_OBJECT_CLASS (kith_voice_player_parent_class)->dispose (object);
}

static void
kith_voice_player_class_init (KithVoicePlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kith_voice_player_get_property;
  object_class->dispose = kith_voice_player_dispose;

  properties[PROP_PLAYING] = g_param_spec_boolean (
      "playing", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_POSITION_MS] = g_param_spec_uint (
      "position-ms", NULL, NULL, 0, G_MAXUINT, 0,
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_FAILED] = g_signal_new ("failed", KITH_TYPE_VOICE_PLAYER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kith_voice_player_init (KithVoicePlayer *self)
{
  self->speed = 1;
}

/**
 * kith_voice_player_new:
 * @ogg: the voice message, of anybody
 * @sink: (nullable): where the sound goes, as GStreamer calls it; %NULL for the user's ears
 * @error: KITH_ERROR_FAILED when GStreamer or one of its parts is not there
 *
 * Returns: (transfer full) (nullable): a player that waits at the beginning
 */
KithVoicePlayer *
kith_voice_player_new (GBytes *ogg, const char *sink, GError **error)
{
  g_autofree char *description = g_strdup_printf (PIPELINE, sink != NULL ? sink : "autoaudiosink");
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstBus) bus = NULL;
  KithVoicePlayer *self;
  GstElement *pipeline = kith_voice_new_pipeline (description, error);

  if (pipeline == NULL)
    return NULL;

  self = g_object_new (KITH_TYPE_VOICE_PLAYER, NULL);
  self->pipeline = pipeline;
  stream = g_memory_input_stream_new_from_bytes (ogg);
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_object_set (source, "stream", stream, NULL);
  bus = gst_element_get_bus (pipeline);
  self->watch_id = gst_bus_add_watch (bus, message_cb, self);

  return self;
}

/**
 * kith_voice_player_play:
 * @self: a player
 *
 * Plays, or goes on.
 */
void
kith_voice_player_play (KithVoicePlayer *self)
{
  g_return_if_fail (KITH_IS_VOICE_PLAYER (self));

  if (self->is_playing)
    return;

  set_playing (self, TRUE);
  if (!self->is_ready)
    {
      gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
      return;
    }
  if (self->is_moved)
    move (self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

/**
 * kith_voice_player_pause:
 * @self: a player
 *
 * Stays where it is.
 */
void
kith_voice_player_pause (KithVoicePlayer *self)
{
  g_return_if_fail (KITH_IS_VOICE_PLAYER (self));

  if (self->is_ready)
    gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
  set_playing (self, FALSE);
}

/**
 * kith_voice_player_is_playing:
 * @self: a player
 *
 * Returns: whether it plays
 */
gboolean
kith_voice_player_is_playing (KithVoicePlayer *self)
{
  g_return_val_if_fail (KITH_IS_VOICE_PLAYER (self), FALSE);

  return self->is_playing;
}

/**
 * kith_voice_player_seek:
 * @self: a player
 * @position_ms: where to go on
 */
void
kith_voice_player_seek (KithVoicePlayer *self, guint position_ms)
{
  g_return_if_fail (KITH_IS_VOICE_PLAYER (self));

  set_position (self, position_ms);
  self->is_moved = TRUE;
  move (self);
}

/**
 * kith_voice_player_set_speed:
 * @self: a player
 * @speed: 1 is as it was spoken
 */
void
kith_voice_player_set_speed (KithVoicePlayer *self, double speed)
{
  g_return_if_fail (KITH_IS_VOICE_PLAYER (self) && speed > 0);

  if (self->is_playing)
    tick_cb (self);
  self->speed = speed;
  self->is_moved = TRUE;
  move (self);
}

/**
 * kith_voice_player_get_position_ms:
 * @self: a player
 *
 * Returns: where it is
 */
guint
kith_voice_player_get_position_ms (KithVoicePlayer *self)
{
  g_return_val_if_fail (KITH_IS_VOICE_PLAYER (self), 0);

  return self->position_ms;
}
