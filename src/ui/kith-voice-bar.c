/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-voice-bar.h"

#include <glib/gi18n.h>

#include "ui/kith-announce.h"
#include "ui/kith-voice-recorder.h"
#include "ui/kith-voice.h"
#include "ui/kith-waveform.h"

struct _KithVoiceBar
{
  GtkWidget parent_instance;

  GtkWidget *box; /* bound, or it would stay when the template goes */
  GtkLabel *time_label;
  KithWaveform *waveform;
  GtkWidget *cancel_button;
  GtkWidget *record_image;
  GtkWidget *send_button;

  gboolean is_sending;
  gboolean is_listening; /* to the microphone */
  gboolean is_kept;      /* it was taken away, and is back */
  KithVoiceRecorder *recorder; /* (owned) (nullable) while it records, and until that is sent or not */
};

enum
{
  SIGNAL_RECORDED,
  SIGNAL_ENDED,
  SIGNAL_SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithVoiceBar, kith_voice_bar, GTK_TYPE_WIDGET)

/* In all windows. */
static guint n_listening;

static void
set_listening (KithVoiceBar *self, gboolean is_listening)
{
  if (self->is_listening == is_listening)
    return;

  self->is_listening = is_listening;
  gtk_widget_set_visible (self->record_image, is_listening);
  if (is_listening)
    n_listening++;
  else
    n_listening--;
}

static void
drop_recorder (KithVoiceBar *self)
{
  g_autoptr (KithVoiceRecorder) recorder = g_steal_pointer (&self->recorder);

  if (recorder != NULL)
    set_listening (self, FALSE);
  if (recorder == NULL)
    return;

  g_signal_handlers_disconnect_by_data (recorder, self);
  kith_voice_recorder_cancel (recorder);
}

static void
end (KithVoiceBar *self)
{
  drop_recorder (self);
  self->is_sending = FALSE;
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithVoiceBar) self = user_data;
  KithVoiceRecorder *recorder = KITH_VOICE_RECORDER (source);
  g_auto (KithMedia) media = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) ogg = kith_voice_recorder_stop_finish (recorder, result, &media, &error);

  /* Cancelled meanwhile. */
  if (self->recorder != recorder)
    return;

  if (ogg != NULL)
    g_signal_emit (self, signals[SIGNAL_RECORDED], 0, ogg, &media);
  else
    g_signal_emit (self, signals[SIGNAL_SAID], 0, error->message);
  end (self);
}

static void
send_clicked_cb (KithVoiceBar *self)
{
  if (self->recorder == NULL || !gtk_widget_get_sensitive (self->send_button))
    return;

  gtk_widget_set_sensitive (self->send_button, FALSE);
  self->is_sending = TRUE;
  kith_voice_recorder_stop_async (self->recorder, stopped_cb, g_object_ref (self));
}

static void
show_time (KithVoiceBar *self)
{
  g_autofree char *time = kith_voice_dup_time (kith_voice_recorder_get_length_ms (self->recorder));

  gtk_label_set_text (self->time_label, time);
}

static void
level_cb (KithVoiceBar *self, double level)
{
  show_time (self);
  kith_waveform_add_value (self->waveform, (guint8) (level * 255));
}

static void
failed_cb (KithVoiceBar *self, const char *words)
{
  g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
  end (self);
}

static void
said_cb (KithVoiceBar *self, const char *words)
{
  g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
}

/* The user decides whether it is sent: the microphone is not listened to any longer. @words: (nullable) */
static void
ended_cb (KithVoiceBar *self, const char *words)
{
  set_listening (self, FALSE);
  if (words != NULL)
    said_cb (self, words);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithVoiceBar *self)
{
  /* What waited for the user is not lost by a key that leads out of so much. */
  if (keyval != GDK_KEY_Escape || self->is_kept)
    return GDK_EVENT_PROPAGATE;

  kith_voice_bar_cancel (self);

  return GDK_EVENT_STOP;
}

static void
kith_voice_bar_dispose (GObject *object)
{
  KithVoiceBar *self = KITH_VOICE_BAR (object);

  drop_recorder (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_VOICE_BAR);

  G_OBJECT_CLASS (kith_voice_bar_parent_class)->dispose (object);
}

static void
kith_voice_bar_class_init (KithVoiceBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_voice_bar_dispose;

  signals[SIGNAL_RECORDED] = g_signal_new ("recorded", KITH_TYPE_VOICE_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_POINTER);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", KITH_TYPE_VOICE_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SAID] = g_signal_new ("said", KITH_TYPE_VOICE_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (KITH_TYPE_WAVEFORM);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-voice-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, KithVoiceBar, box);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceBar, time_label);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceBar, waveform);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceBar, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceBar, record_image);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceBar, send_button);
  gtk_widget_class_bind_template_callback (widget_class, kith_voice_bar_cancel);
  gtk_widget_class_bind_template_callback (widget_class, send_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
kith_voice_bar_init (KithVoiceBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Takes over self->recorder. */
static void
follow (KithVoiceBar *self, gboolean is_kept)
{
  /* It does what the escape key no longer does. */
  gtk_widget_set_tooltip_text (self->cancel_button,
                               is_kept ? _("Do not send the voice message") : _("Do Not Send (Escape)"));
  self->is_kept = is_kept;
  gtk_widget_set_focusable (GTK_WIDGET (self), is_kept);
  gtk_widget_set_sensitive (self->send_button, TRUE);
  show_time (self);
  g_signal_connect_object (self->recorder, "level", G_CALLBACK (level_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "silent", G_CALLBACK (said_cb), self, G_CONNECT_SWAPPED);
}

/**
 * kith_voice_bar_start:
 * @self: a bar that does not record
 *
 * Begins to record. When that does not work it says so, and ends.
 */
void
kith_voice_bar_start (KithVoiceBar *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (KITH_IS_VOICE_BAR (self) && self->recorder == NULL);

  /* For tests: something else than a microphone. */
  self->recorder = kith_voice_recorder_new (g_getenv ("KITH_VOICE_SOURCE"), &error);
  if (self->recorder == NULL)
    {
      g_signal_emit (self, signals[SIGNAL_SAID], 0, error->message);
      end (self);
      return;
    }

  kith_waveform_set_values (self->waveform, NULL, 0);
  gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL); /* of what waited here */
  follow (self, FALSE);
  set_listening (self, TRUE);
  kith_voice_recorder_start (self->recorder);
  if (self->recorder == NULL) /* it has failed */
    return;

  kith_voice_bar_focus (self);
  /* Translators: said when a voice message is being recorded from now on */
  kith_announce (GTK_WIDGET (self), _("Recording"));
}

/**
 * kith_voice_bar_take:
 * @self: a bar
 *
 * Ends it. What was recorded is taken away, for kith_voice_bar_put_back().
 *
 * Returns: (transfer full) (nullable): it; %NULL when nothing was recorded yet, or it is being sent
 */
KithVoiceRecorder *
kith_voice_bar_take (KithVoiceBar *self)
{
  KithVoiceRecorder *recorder;

  g_return_val_if_fail (KITH_IS_VOICE_BAR (self), NULL);

  if (self->recorder == NULL || self->is_sending || kith_voice_recorder_get_length_ms (self->recorder) == 0)
    return NULL;

  set_listening (self, FALSE);
  recorder = g_steal_pointer (&self->recorder);
  g_signal_handlers_disconnect_by_data (recorder, self);
  kith_voice_recorder_end (recorder);
  end (self);

  return recorder;
}

/**
 * kith_voice_bar_put_back:
 * @self: a bar that does not record
 * @recorder: (transfer full): what kith_voice_bar_take() gave
 * @words: what it is, for a screen reader
 *
 * What was recorded waits here again, to be sent or not.
 */
void
kith_voice_bar_put_back (KithVoiceBar *self, KithVoiceRecorder *recorder, const char *words)
{
  guint8 waveform[KITH_WAVEFORM_BYTES];
  guint n_values;

  g_return_if_fail (KITH_IS_VOICE_BAR (self) && self->recorder == NULL);
  g_return_if_fail (KITH_IS_VOICE_RECORDER (recorder));

  self->recorder = recorder;
  n_values = kith_voice_recorder_get_waveform (recorder, waveform);
  kith_waveform_set_values (self->waveform, waveform, n_values);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  follow (self, TRUE);
}

/**
 * kith_voice_bar_focus:
 * @self: a bar that records
 *
 * Gives the focus to the button that sends what is recorded; or to the bar itself, when it was recorded before: who comes to
 * write there must not send it with the first space.
 */
void
kith_voice_bar_focus (KithVoiceBar *self)
{
  g_return_if_fail (KITH_IS_VOICE_BAR (self));

  gtk_widget_grab_focus (self->is_kept ? GTK_WIDGET (self) : self->send_button);
}

/**
 * kith_voice_bar_cancel:
 * @self: a bar
 *
 * Ends it, and forgets what was recorded.
 */
void
kith_voice_bar_cancel (KithVoiceBar *self)
{
  g_return_if_fail (KITH_IS_VOICE_BAR (self));

  if (self->recorder != NULL)
    end (self);
}

/**
 * kith_voice_bar_is_recording:
 * @self: a bar
 *
 * Returns: whether it records, or has recorded what is not sent yet
 */
gboolean
kith_voice_bar_is_recording (KithVoiceBar *self)
{
  g_return_val_if_fail (KITH_IS_VOICE_BAR (self), FALSE);

  return self->recorder != NULL;
}

/**
 * kith_voice_bar_is_listening:
 * @self: a bar
 *
 * Returns: whether what is said now is recorded
 */
gboolean
kith_voice_bar_is_listening (KithVoiceBar *self)
{
  g_return_val_if_fail (KITH_IS_VOICE_BAR (self), FALSE);

  return self->is_listening;
}

/**
 * kith_voice_bar_is_any_listening:
 *
 * Returns: whether something is recorded, in whatever window: who speaks does not touch the keyboard meanwhile
 */
gboolean
kith_voice_bar_is_any_listening (void)
{
  return n_listening > 0;
}

/**
 * kith_voice_bar_is_sending:
 * @self: a bar
 *
 * Returns: whether the user has sent what was recorded, and the rest of it is being written
 */
gboolean
kith_voice_bar_is_sending (KithVoiceBar *self)
{
  g_return_val_if_fail (KITH_IS_VOICE_BAR (self), FALSE);

  return self->recorder != NULL && self->is_sending;
}
