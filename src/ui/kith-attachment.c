/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-attachment.h"

#include "base/kith-limits.h"
#include "ui/kith-file-acts.h"
#include "ui/kith-file-card.h"
#include "ui/kith-file-words.h"
#include "ui/kith-picture-area.h"
#include "ui/kith-picture-loader.h"
#include "ui/kith-sentence.h"
#include "ui/kith-voice-card.h"
#include "ui/kith-window.h"

/* What is in the bubble of a message that is a file: a card; or a picture, with the card on it until it
 * has arrived, or the card alone if it cannot be shown; or a voice message, with the card below it until
 * it has arrived. */

struct _KithAttachment
{
  GtkWidget parent_instance;

  GtkWidget *overlay;       /* (owned by the widget tree) of the picture and, on it, the card */
  GtkWidget *picture_button;
  KithPictureArea *area;
  KithVoiceCard *voice;
  KithFileCard *card;

  KithTransfer *transfer;    /* (owned) (nullable) */
  GSignalGroup *signals;     /* (owned) on transfer */
  GCancellable *cancellable; /* (owned) (nullable) while a picture is loaded */
  gboolean is_refused;       /* the picture is not shown */
};

G_DEFINE_FINAL_TYPE (KithAttachment, kith_attachment, GTK_TYPE_WIDGET)

static void
stop_loading (KithAttachment *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* --- The picture ---------------------------------------------------------------------------- */

static void
update_card (KithAttachment *self)
{
  KithTransferState state = kith_transfer_get_state (self->transfer);
  gboolean is_over = state == KITH_TRANSFER_DONE && kith_file_is_here (self->transfer);
  gboolean is_shown = kith_file_is_picture (self->transfer) || kith_file_is_voice (self->transfer);

  gtk_widget_set_visible (GTK_WIDGET (self->card), !is_shown || !is_over || self->is_refused);
}

typedef struct
{
  KithAttachment *self;    /* (owned) */
  KithTransfer *transfer;  /* (owned) */
  gboolean is_for_playing;
} Loading;

static void
loading_free (Loading *loading)
{
  g_object_unref (loading->self);
  g_object_unref (loading->transfer);
  g_free (loading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loading, loading_free)

/* The card stands on the picture, or by itself. */
static void
place_card (KithAttachment *self, gboolean on_picture)
{
  GtkWidget *card = GTK_WIDGET (self->card);
  GtkWidget *parent = on_picture ? self->overlay : GTK_WIDGET (self);

  if (gtk_widget_get_parent (card) == parent)
    return;

  g_object_ref (card);
  if (on_picture)
    {
      gtk_widget_unparent (card);
      gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), card);
      gtk_widget_set_valign (card, GTK_ALIGN_END);
      gtk_widget_add_css_class (card, "on-picture");
    }
  else
    {
      gtk_overlay_remove_overlay (GTK_OVERLAY (self->overlay), card);
      gtk_widget_set_parent (card, GTK_WIDGET (self));
      gtk_widget_set_valign (card, GTK_ALIGN_FILL);
      gtk_widget_remove_css_class (card, "on-picture");
    }
  g_object_unref (card);
}

/* Without a picture it looks like any other file. */
static void
refuse (KithAttachment *self, const char *words)
{
  gboolean has_picture = kith_picture_area_has_picture (self->area);

  self->is_refused = TRUE;
  place_card (self, has_picture);
  gtk_widget_set_visible (self->overlay, has_picture);
  kith_file_card_set_note (self->card, words);
  update_card (self);
}

/* What was refused before may have been fetched again. */
static void
show_picture (KithAttachment *self, KithPicture *picture)
{
  self->is_refused = FALSE;
  place_card (self, TRUE);
  gtk_widget_set_visible (self->overlay, TRUE);
  kith_file_card_set_note (self->card, NULL);
  kith_picture_area_set_picture (self->area, picture);
  update_card (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Loading) loading = user_data;
  KithAttachment *self = loading->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithPicture) picture = kith_picture_loader_load_finish (KITH_PICTURE_LOADER (source),
                                                                     result, &error);

  /* The row shows something else by now. */
  if (self->transfer != loading->transfer)
    return;
  if (self->cancellable == g_task_get_cancellable (G_TASK (result)))
    g_clear_object (&self->cancellable);

  if (picture != NULL)
    {
      show_picture (self, picture);
      if (loading->is_for_playing)
        kith_picture_area_set_playing (self->area, TRUE);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      refuse (self, error->message);
    }
}

/* As many pixels as the screen has for it. */
static void
load (KithAttachment *self, gboolean is_for_playing)
{
  KithPictureLoader *loader = kith_picture_loader_get_default ();
  KithPictureSource source = { .node = kith_window_find_node (GTK_WIDGET (self)),
                               .transfer = self->transfer };
  guint side = KITH_PICTURE_AREA_PIXELS * (guint) gtk_widget_get_scale_factor (GTK_WIDGET (self));
  guint frames = is_for_playing ? KITH_LIMIT_SHOWN_PICTURE_FRAMES : 1;
  KithPicture *kept = kith_picture_loader_look_up (loader, &source, side, frames);
  Loading *loading;

  if (kept != NULL)
    {
      show_picture (self, kept);
      kith_picture_area_set_playing (self->area, is_for_playing);
      return;
    }
  if (source.node == NULL)
    return;

  stop_loading (self);
  self->cancellable = g_cancellable_new ();
  loading = g_new0 (Loading, 1);
  loading->self = g_object_ref (self);
  loading->transfer = g_object_ref (self->transfer);
  loading->is_for_playing = is_for_playing;
  kith_picture_loader_load_async (loader, &source, side, frames, self->cancellable, loaded_cb,
                                  loading);
}

static void
picture_clicked_cb (KithAttachment *self)
{
  if (!kith_file_is_here (self->transfer) || self->is_refused)
    return;

  if (kith_picture_area_get_playing (self->area))
    kith_picture_area_set_playing (self->area, FALSE);
  else if (kith_picture_area_is_animated (self->area))
    load (self, TRUE);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "conversation.file-view", "s",
                                kith_transfer_get_id (self->transfer));
}

/* A row is given its message before it stands in the window. */
static void
kith_attachment_root (GtkWidget *widget)
{
  KithAttachment *self = KITH_ATTACHMENT (widget);

  GTK_WIDGET_CLASS (kith_attachment_parent_class)->root (widget);

  if (self->transfer != NULL && kith_file_is_picture (self->transfer)
      && kith_file_is_here (self->transfer))
    load (self, FALSE);
}

/* --- What it is ----------------------------------------------------------------------------- */

static void
update (KithAttachment *self)
{
  g_autofree char *summary = kith_file_dup_summary (self->transfer);
  g_autofree char *label = kith_sentence_dup_spoken (summary);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  update_card (self);
  if (kith_file_is_picture (self->transfer) && kith_file_is_here (self->transfer)
      && self->cancellable == NULL)
    load (self, FALSE);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_attachment_dispose (GObject *object)
{
  KithAttachment *self = KITH_ATTACHMENT (object);
  GtkWidget *child;

  stop_loading (self);
  g_clear_object (&self->signals);
  g_clear_object (&self->transfer);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (kith_attachment_parent_class)->dispose (object);
}

static void
kith_attachment_class_init (KithAttachmentClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_attachment_dispose;

  widget_class->root = kith_attachment_root;
  gtk_widget_class_set_css_name (widget_class, "kithattachment");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
kith_attachment_init (KithAttachment *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);

  self->area = KITH_PICTURE_AREA (kith_picture_area_new ());
  self->picture_button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->picture_button), GTK_WIDGET (self->area));
  gtk_widget_add_css_class (self->picture_button, "picture");
  g_signal_connect_object (self->picture_button, "clicked", G_CALLBACK (picture_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  self->overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), self->picture_button);
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));

  self->voice = KITH_VOICE_CARD (kith_voice_card_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->voice), GTK_WIDGET (self));

  self->card = g_object_new (KITH_TYPE_FILE_CARD, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->card), GTK_WIDGET (self));

  self->signals = g_signal_group_new (KITH_TYPE_TRANSFER);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::path", G_CALLBACK (update), self);
}

/**
 * kith_attachment_new:
 *
 * Returns: (transfer floating): a new one
 */
GtkWidget *
kith_attachment_new (void)
{
  return g_object_new (KITH_TYPE_ATTACHMENT, NULL);
}

/**
 * kith_attachment_set_transfer:
 * @self: an attachment
 * @transfer: (nullable): the file to show
 */
void
kith_attachment_set_transfer (KithAttachment *self, KithTransfer *transfer)
{
  gboolean is_picture;

  g_return_if_fail (KITH_IS_ATTACHMENT (self));

  if (!g_set_object (&self->transfer, transfer))
    return;

  stop_loading (self);
  self->is_refused = FALSE;
  kith_picture_area_set_playing (self->area, FALSE);
  kith_picture_area_set_picture (self->area, NULL);
  g_signal_group_set_target (self->signals, transfer);
  kith_file_card_set_transfer (self->card, transfer);
  is_picture = transfer != NULL && kith_file_is_picture (transfer);
  kith_voice_card_set_transfer (self->voice,
                                transfer != NULL && kith_file_is_voice (transfer) ? transfer : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->voice), transfer != NULL && kith_file_is_voice (transfer));
  gtk_widget_set_visible (self->overlay, is_picture);
  place_card (self, is_picture);
  if (transfer == NULL)
    return;

  if (is_picture)
    kith_picture_area_reserve (self->area, kith_transfer_get_media (transfer)->width,
                               kith_transfer_get_media (transfer)->height);
  update (self);
}

/**
 * kith_attachment_activate:
 * @self: an attachment that shows a file
 *
 * Plays a voice message, or pauses it; shows a picture; takes, opens or goes on with another file.
 *
 * Returns: whether there was something to be done
 */
gboolean
kith_attachment_activate (KithAttachment *self)
{
  const char *action;

  g_return_val_if_fail (KITH_IS_ATTACHMENT (self) && self->transfer != NULL, FALSE);

  if (kith_file_is_here (self->transfer) && kith_file_is_voice (self->transfer))
    {
      kith_voice_card_toggle (self->voice);
      return TRUE;
    }
  if (kith_file_is_here (self->transfer) && kith_file_is_picture (self->transfer) && !self->is_refused)
    {
      picture_clicked_cb (self);
      return TRUE;
    }

  action = kith_file_find_main_action (self->transfer);

  return action != NULL
         && gtk_widget_activate_action (GTK_WIDGET (self), action, "s",
                                        kith_transfer_get_id (self->transfer));
}
