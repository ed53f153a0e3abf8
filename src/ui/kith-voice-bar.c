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
  GtkWidget *send_button;

  gboolean is_sending;
  gboolean is_listening; /* to the microphone */
  KithVoiceRecorder *recorder; /* (owned) (nullable) while it records */
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
  if (is_listening)
    n_listening++;
  else
    n_listening--;
}

static void
drop_recorder (KithVoiceBar *self)
{
  g_autoptr (KithVoiceRecorder) recorder = g_steal_pointer (&self->recorder);

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
level_cb (KithVoiceBar *self, double level)
{
  g_autofree char *time = kith_voice_dup_time (kith_voice_recorder_get_length_ms (self->recorder));

  gtk_label_set_text (self->time_label, time);
  kith_waveform_add_value (self->waveform, (guint8) (level * 255));
}

static void
failed_cb (KithVoiceBar *self, const char *words)
{
  g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
  end (self);
}

/* The user decides whether it is sent: the microphone is not listened to any longer. */
static void
full_cb (KithVoiceBar *self)
{
  set_listening (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_SAID], 0, _("A voice message cannot be longer than this"));
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithVoiceBar *self)
{
  if (keyval != GDK_KEY_Escape)
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
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-voice-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, KithVoiceBar, box);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceBar, time_label);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceBar, waveform);
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

  gtk_label_set_text (self->time_label, "0:00");
  kith_waveform_set_values (self->waveform, NULL, 0);
  gtk_widget_set_sensitive (self->send_button, TRUE);
  g_signal_connect_object (self->recorder, "level", G_CALLBACK (level_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recorder, "full", G_CALLBACK (full_cb), self, G_CONNECT_SWAPPED);
  set_listening (self, TRUE);
  kith_voice_recorder_start (self->recorder);
  if (self->recorder == NULL) /* it has failed */
    return;

  kith_voice_bar_focus (self);
  /* Translators: said when a voice message is being recorded from now on */
  kith_announce (GTK_WIDGET (self), _("Recording"));
}

/**
 * kith_voice_bar_focus:
 * @self: a bar that records
 *
 * Gives the focus to the button that sends what is recorded.
 */
void
kith_voice_bar_focus (KithVoiceBar *self)
{
  g_return_if_fail (KITH_IS_VOICE_BAR (self));

  gtk_widget_grab_focus (self->send_button);
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
 * Returns: whether it records
 */
gboolean
kith_voice_bar_is_recording (KithVoiceBar *self)
{
  g_return_val_if_fail (KITH_IS_VOICE_BAR (self), FALSE);

  return self->recorder != NULL;
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
