/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-file-card.h"

#include "ui/kith-file-acts.h"
#include "ui/kith-file-words.h"

/* A file in a conversation: what it is, where it stands, and what can be done with it. */

struct _KithFileCard
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkImage *image;
  GtkWidget *name_box;
  GtkLabel *stem_label;
  GtkLabel *extension_label;
  GtkLabel *state_label;
  GtkLabel *note_label;
  GtkProgressBar *progress_bar;
  GtkWidget *buttons;
  GtkWidget *accept_button;
  GtkWidget *decline_button;
  GtkWidget *open_button;
  GtkWidget *show_button;
  GtkWidget *save_button;
  GtkWidget *pause_button;
  GtkWidget *resume_button;
  GtkWidget *cancel_button;

  KithTransfer *transfer; /* (owned) (nullable) */
  GSignalGroup *signals;  /* (owned) on transfer */
};

G_DEFINE_FINAL_TYPE (KithFileCard, kith_file_card, GTK_TYPE_WIDGET)

/* While it is on its way, it is about that; all else is in the menu. Where it shall go is asked in the
 * menu as well, unless that is what is left: the card has to fit a telephone. */
static KithFileActs
choose_buttons (KithTransfer *transfer)
{
  const KithFileActs way = KITH_FILE_ACCEPT | KITH_FILE_DECLINE | KITH_FILE_PAUSE | KITH_FILE_RESUME
                           | KITH_FILE_CANCEL;
  KithFileActs acts = kith_file_find_acts (transfer);

  return (acts & way) != 0 ? acts & way : acts;
}

static void
update_buttons (KithFileCard *self)
{
  const struct
  {
    KithFileActs act;
    GtkWidget *button;
  } buttons[] = {
    { KITH_FILE_ACCEPT, self->accept_button }, { KITH_FILE_DECLINE, self->decline_button },
    { KITH_FILE_OPEN, self->open_button },     { KITH_FILE_SHOW, self->show_button },
    { KITH_FILE_SAVE, self->save_button },     { KITH_FILE_PAUSE, self->pause_button },
    { KITH_FILE_RESUME, self->resume_button }, { KITH_FILE_CANCEL, self->cancel_button },
  };
  KithFileActs acts = choose_buttons (self->transfer);

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      gtk_widget_set_visible (buttons[i].button, (acts & buttons[i].act) != 0);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (buttons[i].button), "s",
                                        kith_transfer_get_id (self->transfer));
    }
  gtk_widget_set_visible (self->buttons, acts != 0);
}

static void
update_progress (KithFileCard *self)
{
  g_autofree char *state = kith_file_dup_state (self->transfer);
  KithTransferState now = kith_transfer_get_state (self->transfer);
  gboolean has_progress = now == KITH_TRANSFER_RUNNING || now == KITH_TRANSFER_PAUSED
                          || now == KITH_TRANSFER_WAITING || now == KITH_TRANSFER_PREPARING;

  gtk_label_set_text (self->state_label, state);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), has_progress);
  if (has_progress)
    gtk_progress_bar_set_fraction (self->progress_bar, kith_transfer_get_fraction (self->transfer));
}

static void
update (KithFileCard *self)
{
  const char *name = kith_transfer_get_name (self->transfer);
  g_autofree char *stem = NULL;
  g_autofree char *extension = NULL;
  g_autoptr (GIcon) icon = kith_file_new_icon (name, kith_transfer_is_folder (self->transfer));

  kith_file_split_name (name, &stem, &extension);
  gtk_label_set_text (self->stem_label, stem);
  gtk_label_set_text (self->extension_label, extension);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->box), name);
  gtk_image_set_from_gicon (self->image, icon);
  update_buttons (self);
  update_progress (self);
}

static void
kith_file_card_dispose (GObject *object)
{
  KithFileCard *self = KITH_FILE_CARD (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->transfer);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_FILE_CARD);

  G_OBJECT_CLASS (kith_file_card_parent_class)->dispose (object);
}

static void
kith_file_card_class_init (KithFileCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_file_card_dispose;

  gtk_widget_class_set_css_name (widget_class, "kithfile");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-file-card.ui");
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, box);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, image);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, name_box);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, stem_label);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, extension_label);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, state_label);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, note_label);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, buttons);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, accept_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, decline_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, open_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, show_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, save_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, pause_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, resume_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, cancel_button);
}

/* What kind a file is stands at the right end of its name in any language, and the name where others begin. */
static void
place_name (KithFileCard *self)
{
  gboolean is_right_to_left = gtk_widget_get_direction (self->name_box) == GTK_TEXT_DIR_RTL;

  gtk_widget_set_direction (self->name_box, GTK_TEXT_DIR_LTR);
  gtk_widget_set_halign (self->name_box, is_right_to_left ? GTK_ALIGN_END : GTK_ALIGN_START);
}

static void
kith_file_card_init (KithFileCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  place_name (self);

  self->signals = g_signal_group_new (KITH_TYPE_TRANSFER);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::path", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::paused-by-them", G_CALLBACK (update_progress), self);
  g_signal_group_connect_swapped (self->signals, "notify::size", G_CALLBACK (update_progress), self);
  g_signal_group_connect_swapped (self->signals, "notify::error", G_CALLBACK (update_progress), self);
  g_signal_group_connect_swapped (self->signals, "notify::done-bytes", G_CALLBACK (update_progress), self);
}

/**
 * kith_file_card_set_transfer:
 * @self: a card
 * @transfer: (nullable): the file to show
 *
 * Shows @transfer and follows it. Its buttons activate "conversation.file-*" with its id.
 */
void
kith_file_card_set_transfer (KithFileCard *self, KithTransfer *transfer)
{
  g_return_if_fail (KITH_IS_FILE_CARD (self));

  if (!g_set_object (&self->transfer, transfer))
    return;

  g_signal_group_set_target (self->signals, transfer);
  kith_file_card_set_note (self, NULL);
  if (transfer != NULL)
    update (self);
}

/**
 * kith_file_card_set_note:
 * @self: a card
 * @note: (nullable): what else is to be said of it
 */
void
kith_file_card_set_note (KithFileCard *self, const char *note)
{
  g_return_if_fail (KITH_IS_FILE_CARD (self));

  gtk_label_set_text (self->note_label, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
}
