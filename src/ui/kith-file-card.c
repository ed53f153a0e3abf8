/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-file-card.h"

#include "ui/kith-file-words.h"

/* A file in a conversation: what it is, where it stands, and what can be done with it. */

typedef enum
{
  BUTTON_ACCEPT,
  BUTTON_ACCEPT_AS,
  BUTTON_DECLINE,
  BUTTON_OPEN,
  BUTTON_SHOW,
  BUTTON_SAVE,
  BUTTON_PAUSE,
  BUTTON_RESUME,
  BUTTON_CANCEL,
  N_BUTTONS
} Button;

struct _KithFileCard
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkImage *image;
  GtkLabel *stem_label;
  GtkLabel *extension_label;
  GtkLabel *state_label;
  GtkLabel *note_label;
  GtkProgressBar *progress_bar;
  GtkWidget *buttons;
  GtkWidget *accept_button;
  GtkWidget *accept_as_button;
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

static guint
bit (Button button)
{
  return 1u << button;
}

/* What can be done with one that is on this computer. */
static guint
here_buttons (KithTransfer *transfer)
{
  if (!kith_file_is_here (transfer))
    return 0;

  /* One of ours that is kept in the vault has no path. */
  if (kith_transfer_get_path (transfer) == NULL)
    return kith_transfer_is_folder (transfer) ? 0 : bit (BUTTON_SAVE);

  return bit (BUTTON_OPEN) | bit (BUTTON_SHOW) | bit (BUTTON_SAVE);
}

static guint
find_buttons (KithTransfer *transfer)
{
  gboolean outgoing = kith_transfer_is_outgoing (transfer);

  switch (kith_transfer_get_state (transfer))
    {
    case KITH_TRANSFER_PREPARING:
      return bit (BUTTON_CANCEL);
    case KITH_TRANSFER_OFFERED:
      return outgoing ? bit (BUTTON_CANCEL)
                      : bit (BUTTON_ACCEPT) | bit (BUTTON_ACCEPT_AS) | bit (BUTTON_DECLINE);
    case KITH_TRANSFER_WAITING:
    case KITH_TRANSFER_RUNNING:
      return bit (BUTTON_PAUSE) | bit (BUTTON_CANCEL);
    case KITH_TRANSFER_PAUSED:
      return bit (BUTTON_RESUME) | bit (BUTTON_CANCEL);
    case KITH_TRANSFER_FAILED:
      /* One that never came to be a message can only go. */
      return kith_transfer_get_message_id (transfer) == NULL
                 ? bit (BUTTON_CANCEL)
                 : bit (BUTTON_RESUME) | (outgoing ? 0 : bit (BUTTON_ACCEPT_AS)) | bit (BUTTON_CANCEL);
    case KITH_TRANSFER_DECLINED:
      return outgoing ? here_buttons (transfer) : bit (BUTTON_ACCEPT) | bit (BUTTON_ACCEPT_AS);
    case KITH_TRANSFER_CANCELLED:
    case KITH_TRANSFER_DONE:
      return here_buttons (transfer);
    }

  return 0;
}

static void
update_buttons (KithFileCard *self)
{
  GtkWidget *buttons[N_BUTTONS] = {
    [BUTTON_ACCEPT] = self->accept_button,   [BUTTON_ACCEPT_AS] = self->accept_as_button,
    [BUTTON_DECLINE] = self->decline_button, [BUTTON_OPEN] = self->open_button,
    [BUTTON_SHOW] = self->show_button,       [BUTTON_SAVE] = self->save_button,
    [BUTTON_PAUSE] = self->pause_button,     [BUTTON_RESUME] = self->resume_button,
    [BUTTON_CANCEL] = self->cancel_button,
  };
  guint shown = find_buttons (self->transfer);

  for (guint i = 0; i < N_BUTTONS; i++)
    {
      gtk_widget_set_visible (buttons[i], (shown & bit (i)) != 0);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (buttons[i]), "s",
                                        kith_transfer_get_id (self->transfer));
    }
  gtk_widget_set_visible (self->buttons, shown != 0);
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
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, stem_label);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, extension_label);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, state_label);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, note_label);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, buttons);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, accept_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, accept_as_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, decline_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, open_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, show_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, save_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, pause_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, resume_button);
  gtk_widget_class_bind_template_child (widget_class, KithFileCard, cancel_button);
}

static void
kith_file_card_init (KithFileCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

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
