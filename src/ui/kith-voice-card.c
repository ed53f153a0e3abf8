/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-announce.h"
#include "ui/kith-voice-card.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "node/kith-node-files.h"
#include "ui/kith-file-words.h"
#include "ui/kith-voice-player.h"
#include "ui/kith-voice.h"
#include "ui/kith-waveform.h"
#include "ui/kith-window.h"

/* A voice message in a conversation: play, look and move about in it, faster and slower. */

struct _KithVoiceCard
{
  GtkWidget parent_instance;

  GtkWidget *box; /* bound, or it would stay when the template goes */
  GtkWidget *play_button;
  KithWaveform *waveform;
  GtkLabel *time_label;
  GtkWidget *speed_button;
  GtkLabel *error_label;

  KithTransfer *transfer;  /* (owned) (nullable) */
  GSignalGroup *signals;   /* (owned) on transfer */
  KithVoicePlayer *player; /* (owned) (nullable) made when it is first played */
  GCancellable *reading;   /* (owned) (nullable) while the file is read for it */
  guint speed;             /* in speeds */
  double wanted;           /* where to begin */
};

static const struct
{
  double factor;
  const char *label;
} speeds[] = { { 1, "1×" }, { 1.5, "1.5×" }, { 2, "2×" } };

/* One voice at a time. */
static KithVoiceCard *playing_card;

G_DEFINE_FINAL_TYPE (KithVoiceCard, kith_voice_card, GTK_TYPE_WIDGET)

static guint
get_length_ms (KithVoiceCard *self)
{
  return MAX (1, kith_transfer_get_media (self->transfer)->duration_ms);
}

static void
update (KithVoiceCard *self)
{
  gboolean is_playing = self->player != NULL && kith_voice_player_is_playing (self->player);
  guint length_ms = get_length_ms (self);
  guint position_ms = self->player != NULL ? kith_voice_player_get_position_ms (self->player)
                                           : (guint) (self->wanted * length_ms);
  g_autofree char *position = kith_voice_dup_time (position_ms);
  g_autofree char *length = kith_voice_dup_time (length_ms);
  /* Translators: "0:05 of 1:20" */
  g_autofree char *words = g_strdup_printf (_("%s of %s"), position, length);

  gtk_button_set_icon_name (GTK_BUTTON (self->play_button),
                            is_playing ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (self->play_button, is_playing ? _("Pause")
                                                             /* Translators: a button: a voice message */
                                                             : _("Play"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_playing ? _("Pause voice message") : _("Play voice message"), -1);
  gtk_widget_set_sensitive (self->play_button, kith_file_is_here (self->transfer));
  gtk_label_set_text (self->time_label, is_playing || position_ms > 0 ? words : length);
  kith_waveform_set_position (self->waveform, (double) position_ms / length_ms, words);
  gtk_widget_set_visible (self->speed_button, kith_file_is_here (self->transfer));
}

static void
say_error (KithVoiceCard *self, const char *words)
{
  kith_announce_label (self->error_label, words);
}

/* --- Playing -------------------------------------------------------------------------------- */

static void
stop (KithVoiceCard *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_clear_object (&self->player);
  if (playing_card == self)
    playing_card = NULL;
}

static void
failed_cb (KithVoiceCard *self, const char *words)
{
  say_error (self, words);
  stop (self);
  update (self);
}

static void
play (KithVoiceCard *self)
{
  if (playing_card != NULL && playing_card != self && playing_card->player != NULL)
    kith_voice_player_pause (playing_card->player);
  playing_card = self;
  kith_voice_player_play (self->player);
}

static void
begin (KithVoiceCard *self, GBytes *ogg)
{
  g_autoptr (GError) error = NULL;

  /* For tests: a computer without ears. */
  self->player = kith_voice_player_new (ogg, g_getenv ("KITH_VOICE_SINK"), &error);
  if (self->player == NULL)
    {
      say_error (self, error->message);
      return;
    }

  g_signal_connect_object (self->player, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->player, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  kith_voice_player_set_speed (self->player, speeds[self->speed].factor);
  kith_voice_player_seek (self->player, (guint) (self->wanted * get_length_ms (self)));
  play (self);
}

typedef struct
{
  KithVoiceCard *self;    /* (owned) */
  KithTransfer *transfer; /* (owned) */
} Reading;

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  KithVoiceCard *self = reading->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) ogg = kith_node_read_file_finish (KITH_NODE (source), result, &error);

  /* The row shows something else by now, or goes. */
  if (self->transfer == reading->transfer
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_object (&self->reading);
      if (ogg != NULL)
        {
          begin (self, ogg);
        }
      else
        {
          g_autofree char *words = kith_explain_error (error);

          say_error (self, words);
        }
    }

  g_object_unref (reading->self);
  g_object_unref (reading->transfer);
  g_free (reading);
}

static void
play_clicked_cb (KithVoiceCard *self)
{
  KithNode *node = kith_window_find_node (GTK_WIDGET (self));
  Reading *reading;

  say_error (self, NULL);
  if (self->player != NULL)
    {
      if (kith_voice_player_is_playing (self->player))
        kith_voice_player_pause (self->player);
      else
        play (self);
      return;
    }
  if (node == NULL || self->reading != NULL)
    return;

  self->reading = g_cancellable_new ();
  reading = g_new0 (Reading, 1);
  reading->self = g_object_ref (self);
  reading->transfer = g_object_ref (self->transfer);
  kith_node_read_file_async (node, self->transfer, KITH_LIMIT_VOICE_BYTES, self->reading, read_cb,
                             reading);
}

static void
moved_cb (KithVoiceCard *self, double position)
{
  self->wanted = position;
  if (self->player != NULL)
    kith_voice_player_seek (self->player, (guint) (position * get_length_ms (self)));
  update (self);
}

static void
set_speed (KithVoiceCard *self, guint speed)
{
  g_autofree char *label = NULL;

  self->speed = speed;
  /* Translators: how fast a voice message is played: "1.5×" */
  label = g_strdup_printf (_("Speed %s"), speeds[speed].label);
  gtk_button_set_label (GTK_BUTTON (self->speed_button), speeds[speed].label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->speed_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  if (self->player != NULL)
    kith_voice_player_set_speed (self->player, speeds[speed].factor);
}

static void
speed_clicked_cb (KithVoiceCard *self)
{
  set_speed (self, (self->speed + 1) % G_N_ELEMENTS (speeds));
}

/* --- Object --------------------------------------------------------------------------------- */

/* A conversation that is left falls silent. */
static void
kith_voice_card_unroot (GtkWidget *widget)
{
  stop (KITH_VOICE_CARD (widget));

  GTK_WIDGET_CLASS (kith_voice_card_parent_class)->unroot (widget);
}

static void
kith_voice_card_dispose (GObject *object)
{
  KithVoiceCard *self = KITH_VOICE_CARD (object);

  stop (self);
  g_clear_object (&self->signals);
  g_clear_object (&self->transfer);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_VOICE_CARD);

  G_OBJECT_CLASS (kith_voice_card_parent_class)->dispose (object);
}

static void
kith_voice_card_class_init (KithVoiceCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_voice_card_dispose;

  widget_class->unroot = kith_voice_card_unroot;
  g_type_ensure (KITH_TYPE_WAVEFORM);
  gtk_widget_class_set_css_name (widget_class, "kithvoice");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-voice-card.ui");
  gtk_widget_class_bind_template_child (widget_class, KithVoiceCard, box);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceCard, play_button);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceCard, waveform);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceCard, time_label);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceCard, speed_button);
  gtk_widget_class_bind_template_child (widget_class, KithVoiceCard, error_label);
  gtk_widget_class_bind_template_callback (widget_class, play_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, speed_clicked_cb);
}

static void
kith_voice_card_init (KithVoiceCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (KITH_TYPE_TRANSFER);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update), self);
}

/**
 * kith_voice_card_new:
 *
 * Returns: (transfer floating): a card
 */
GtkWidget *
kith_voice_card_new (void)
{
  return g_object_new (KITH_TYPE_VOICE_CARD, NULL);
}

/**
 * kith_voice_card_set_transfer:
 * @self: a card
 * @transfer: (nullable): the voice message to show; what was played falls silent
 */
void
kith_voice_card_set_transfer (KithVoiceCard *self, KithTransfer *transfer)
{
  const KithMedia *media;

  g_return_if_fail (KITH_IS_VOICE_CARD (self));

  if (!g_set_object (&self->transfer, transfer))
    return;

  stop (self);
  /* Rows are used again for other messages. */
  set_speed (self, 0);
  self->wanted = 0;
  say_error (self, NULL);
  g_signal_group_set_target (self->signals, transfer);
  if (transfer == NULL)
    return;

  media = kith_transfer_get_media (transfer);
  kith_waveform_set_values (self->waveform, media->waveform, media->n_waveform);
  update (self);
}

/**
 * kith_voice_card_toggle:
 * @self: a card that shows a voice message that is on this computer
 *
 * Plays it, or pauses.
 */
void
kith_voice_card_toggle (KithVoiceCard *self)
{
  g_return_if_fail (KITH_IS_VOICE_CARD (self));

  play_clicked_cb (self);
}
