/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-message-row.h"

#include <glib/gi18n.h>

#include "model/kith-transfer.h"
#include "ui/kith-announce.h"
#include "ui/kith-avatar.h"
#include "ui/kith-bubble.h"
#include "ui/kith-message-menu.h"
#include "ui/kith-message-words.h"
#include "ui/kith-person-colour.h"
#include "ui/kith-reactions.h"
#include "ui/kith-row-name.h"
#include "ui/kith-state.h"
#include "ui/kith-toolkit-names.h"

#define FLASH_MS 1500

struct _KithMessageRow
{
  GtkWidget parent_instance;

  KithAvatar *avatar;
  GtkWidget *column;
  KithBubble *bubble;
  KithReactions *reactions;
  GtkLabel *reason_label;
  GtkPopover *menu;  /* (owned by the widget tree) (nullable) made when first needed */
  GtkWidget *picker; /* (owned by the widget tree) (nullable) likewise */
  char *picked_for;  /* (owned) (nullable) the id of the message that the picker was opened for */

  KithTimelineItem *item;        /* (owned) (nullable) */
  gboolean is_in_group;          /* several people write here */
  GSignalGroup *item_signals;    /* (owned) */
  GSignalGroup *message_signals; /* (owned) */
  GSignalGroup *sender_signals;  /* (owned) on who wrote it */
  GSignalGroup *file_signals;    /* (owned) on its transfer */
  guint flash_id;
};

G_DEFINE_FINAL_TYPE (KithMessageRow, kith_message_row, GTK_TYPE_WIDGET)

static void
set_class (KithMessageRow *self, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (GTK_WIDGET (self), name);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), name);
}

/* Of several that follow each other, the first says who writes, where there are several people; the
 * last has the avatar where there are only two. */
static void
update_group (KithMessageRow *self)
{
  KithContact *sender = kith_message_get_sender (kith_timeline_item_get_message (self->item));
  gboolean starts = kith_timeline_item_starts_group (self->item);
  gboolean ends = kith_timeline_item_ends_group (self->item);

  set_class (self, "starts-group", starts);
  set_class (self, "ends-group", ends);
  gtk_widget_set_valign (GTK_WIDGET (self->avatar), self->is_in_group ? GTK_ALIGN_START : GTK_ALIGN_END);
  gtk_widget_set_opacity (GTK_WIDGET (self->avatar), (self->is_in_group ? starts : ends) ? 1 : 0);
  kith_bubble_set_sender (self->bubble, self->is_in_group && starts ? sender : NULL);
}

static void
update_state (KithMessageRow *self)
{
  KithMessage *message = kith_timeline_item_get_message (self->item);
  gboolean failed = kith_message_get_state (message) == KITH_MESSAGE_FAILED;
  g_autofree char *words = kith_state_dup_words (message);
  g_autofree char *label = kith_message_words_dup_row (message);

  gtk_widget_set_visible (GTK_WIDGET (self->reason_label), failed);
  gtk_label_set_text (self->reason_label, failed ? words : "");
  kith_row_name_set (GTK_WIDGET (self), label);
}

/* What goes wrong is not only seen. */
static void
state_changed_cb (KithMessageRow *self)
{
  KithMessage *message = kith_timeline_item_get_message (self->item);
  g_autofree char *words = NULL;

  update_state (self);
  if (kith_message_get_state (message) != KITH_MESSAGE_FAILED)
    return;

  words = kith_state_dup_words (message);
  kith_announce (GTK_WIDGET (self), words);
}

static void
update_reactions (KithMessageRow *self)
{
  kith_reactions_set_message (self->reactions, kith_timeline_item_get_message (self->item));
  update_state (self);
}

static void
update_side (KithMessageRow *self)
{
  KithMessage *message = kith_timeline_item_get_message (self->item);
  KithContact *sender = kith_message_get_sender (message);
  gboolean outgoing = kith_message_is_outgoing (message);

  set_class (self, "outgoing", outgoing);
  gtk_widget_set_halign (self->column, outgoing ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_halign (GTK_WIDGET (self->bubble), outgoing ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_halign (GTK_WIDGET (self->reactions), outgoing ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), !outgoing);
  kith_avatar_set_name (self->avatar, sender != NULL ? kith_contact_get_display_name (sender) : "");
  kith_person_colour_set (GTK_WIDGET (self->avatar),
                          sender != NULL ? kith_contact_get_identity (sender) : NULL);
}

static void
name_changed_cb (KithMessageRow *self)
{
  update_side (self);
  update_group (self);
  update_state (self);
}

static void
update_file (KithMessageRow *self)
{
  KithMessage *message = self->item != NULL ? kith_timeline_item_get_message (self->item) : NULL;

  g_signal_group_set_target (self->file_signals,
                             message != NULL ? kith_message_get_transfer (message) : NULL);
}

/* --- Menu ----------------------------------------------------------------------------------- */

/* The row may have got another message since the picker was opened. */
static void
picked_cb (KithMessageRow *self, const char *emoji)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "conversation.react", "(ss)", self->picked_for, emoji);
}

static void
more_cb (KithMessageRow *self)
{
  gtk_popover_popdown (self->menu);
  g_free (self->picked_for);
  self->picked_for = g_strdup (kith_message_get_id (kith_timeline_item_get_message (self->item)));
  if (self->picker == NULL)
    {
      self->picker = gtk_emoji_chooser_new ();
      gtk_widget_set_parent (self->picker, GTK_WIDGET (self->bubble));
      g_signal_connect_object (self->picker, "emoji-picked", G_CALLBACK (picked_cb), self,
                               G_CONNECT_SWAPPED);
    }
  gtk_popover_popup (GTK_POPOVER (self->picker));
}

/* The menu is made anew each time, and with it what stands in it. */
static void
add_reactions (KithMessageRow *self)
{
  KithMessage *message = kith_timeline_item_get_message (self->item);
  GtkWidget *choice = kith_reactions_new_choice (message, G_CALLBACK (more_cb), self);

  /* A message that is gone has no place for it. */
  g_object_ref_sink (choice);
  gtk_popover_menu_add_child (GTK_POPOVER_MENU (self->menu), choice, KITH_MESSAGE_MENU_REACTIONS);
  g_object_unref (choice);
}

static void
show_menu (KithMessageRow *self, double x, double y)
{
  g_auto (GStrv) links = kith_bubble_dup_links (self->bubble);
  g_autoptr (GMenuModel) model
      = kith_message_menu_new (kith_timeline_item_get_message (self->item),
                               (const char *const *) links);
  GdkRectangle at = { (int) x, (int) y, 1, 1 };

  if (self->menu == NULL)
    {
      self->menu = GTK_POPOVER (gtk_popover_menu_new_from_model (model));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _("Message menu"), -1);
      kith_toolkit_names_complete (GTK_WIDGET (self->menu));
      gtk_popover_set_has_arrow (self->menu, FALSE);
      gtk_widget_set_halign (GTK_WIDGET (self->menu), GTK_ALIGN_START);
      gtk_widget_set_parent (GTK_WIDGET (self->menu), GTK_WIDGET (self));
    }
  else
    {
      gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), model);
    }

  add_reactions (self);
  gtk_popover_set_pointing_to (self->menu, &at);
  gtk_popover_popup (self->menu);
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithMessageRow *self = KITH_MESSAGE_ROW (widget);
  double x = 0, y = 0;

  gtk_widget_translate_coordinates (GTK_WIDGET (self->bubble), widget, 8, 8, &x, &y);
  show_menu (self, x, y);
}

/* What Enter does: the one thing that suggests itself, else there is the menu. */
static void
activate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!kith_bubble_activate (KITH_MESSAGE_ROW (widget)->bubble))
    menu_action (widget, NULL, NULL);
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithMessage *message = kith_timeline_item_get_message (KITH_MESSAGE_ROW (widget)->item);

  gtk_widget_activate_action (widget, "conversation.delete", "s", kith_message_get_id (message));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithMessageRow *self = KITH_MESSAGE_ROW (widget);
  const char *text = kith_message_get_text (kith_timeline_item_get_message (self->item));

  /* One that was deleted has none, and leaves what was copied before. */
  if (text != NULL && *text != '\0')
    gtk_widget_activate_action (widget, "win.copy", "s", text);
}

static const char *
link_at (KithMessageRow *self, double x, double y)
{
  double bubble_x, bubble_y;

  if (!gtk_widget_translate_coordinates (GTK_WIDGET (self), GTK_WIDGET (self->bubble), x, y,
                                         &bubble_x, &bubble_y))
    return NULL;

  return kith_bubble_get_link_at (self->bubble, bubble_x, bubble_y);
}

static void
clicked_cb (GtkGestureClick *gesture, int n_press, double x, double y, KithMessageRow *self)
{
  const char *link = link_at (self, x, y);

  if (link != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-link", "s", link);
}

static void
menu_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, KithMessageRow *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (self, x, y);
}

static void
long_pressed_cb (GtkGestureLongPress *gesture, double x, double y, KithMessageRow *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (self, x, y);
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, KithMessageRow *self)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                   link_at (self, x, y) != NULL ? "pointer" : NULL);
}

static void
stop_flash (KithMessageRow *self)
{
  g_clear_handle_id (&self->flash_id, g_source_remove);
  set_class (self, "flash", FALSE);
}

static gboolean
flash_cb (gpointer user_data)
{
  KithMessageRow *self = user_data;

  self->flash_id = 0;
  stop_flash (self);

  return G_SOURCE_REMOVE;
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_message_row_dispose (GObject *object)
{
  KithMessageRow *self = KITH_MESSAGE_ROW (object);

  if (self->menu != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->menu)));
  g_clear_pointer (&self->picker, gtk_widget_unparent);
  g_clear_pointer (&self->picked_for, g_free);
  g_clear_handle_id (&self->flash_id, g_source_remove);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->message_signals);
  g_clear_object (&self->sender_signals);
  g_clear_object (&self->file_signals);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_MESSAGE_ROW);

  G_OBJECT_CLASS (kith_message_row_parent_class)->dispose (object);
}

static void
kith_message_row_class_init (KithMessageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kith_message_row_dispose;

  g_type_ensure (KITH_TYPE_AVATAR);
  g_type_ensure (KITH_TYPE_BUBBLE);
  g_type_ensure (KITH_TYPE_REACTIONS);
  gtk_widget_class_set_css_name (widget_class, "kithmessage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-message-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KithMessageRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, KithMessageRow, column);
  gtk_widget_class_bind_template_child (widget_class, KithMessageRow, bubble);
  gtk_widget_class_bind_template_child (widget_class, KithMessageRow, reactions);
  gtk_widget_class_bind_template_child (widget_class, KithMessageRow, reason_label);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, menu_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, long_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, motion_cb);

  gtk_widget_class_install_action (widget_class, "message.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "message.menu", NULL, menu_action);
  gtk_widget_class_install_action (widget_class, "message.activate", NULL, activate_action);
  gtk_widget_class_install_action (widget_class, "message.delete", NULL, delete_action);
}

static void
kith_message_row_init (KithMessageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->item_signals = g_signal_group_new (KITH_TYPE_TIMELINE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::starts-group",
                                  G_CALLBACK (update_group), self);
  g_signal_group_connect_swapped (self->item_signals, "notify::ends-group",
                                  G_CALLBACK (update_group), self);
  self->message_signals = g_signal_group_new (KITH_TYPE_MESSAGE);
  g_signal_group_connect_swapped (self->message_signals, "notify::state",
                                  G_CALLBACK (state_changed_cb), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::quote",
                                  G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::reply-text",
                                  G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::text",
                                  G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::edited-at",
                                  G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::late",
                                  G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::deleted",
                                  G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::deleted",
                                  G_CALLBACK (update_reactions), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::reactions",
                                  G_CALLBACK (update_reactions), self);
  self->sender_signals = g_signal_group_new (KITH_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->sender_signals, "notify::display-name",
                                  G_CALLBACK (name_changed_cb), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::transfer", G_CALLBACK (update_file),
                                  self);
  self->file_signals = g_signal_group_new (KITH_TYPE_TRANSFER);
  g_signal_group_connect_swapped (self->file_signals, "notify::state", G_CALLBACK (update_state), self);
}

/**
 * kith_message_row_set_item:
 * @self: a row
 * @item: (nullable): the row of a timeline to show, of the kind message
 * @group: (nullable): where it was written, when that was in a group
 */
void
kith_message_row_set_item (KithMessageRow *self, KithTimelineItem *item, KithGroup *group)
{
  KithMessage *message;

  g_return_if_fail (KITH_IS_MESSAGE_ROW (self));

  if (!g_set_object (&self->item, item))
    return;

  stop_flash (self);
  self->is_in_group = group != NULL;
  message = item != NULL ? kith_timeline_item_get_message (item) : NULL;
  g_signal_group_set_target (self->item_signals, item);
  g_signal_group_set_target (self->message_signals, message);
  g_signal_group_set_target (self->sender_signals,
                             message != NULL ? kith_message_get_sender (message) : NULL);
  kith_bubble_set_message (self->bubble, message, group);
  update_file (self);

  if (item != NULL)
    {
      update_side (self);
      update_group (self);
      update_reactions (self);
    }
}

/**
 * kith_message_row_get_message:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what it shows
 */
KithMessage *
kith_message_row_get_message (KithMessageRow *self)
{
  g_return_val_if_fail (KITH_IS_MESSAGE_ROW (self), NULL);

  return self->item != NULL ? kith_timeline_item_get_message (self->item) : NULL;
}

/**
 * kith_message_row_flash:
 * @self: a row
 *
 * Makes it stand out for a moment.
 */
void
kith_message_row_flash (KithMessageRow *self)
{
  g_return_if_fail (KITH_IS_MESSAGE_ROW (self));

  stop_flash (self);
  set_class (self, "flash", TRUE);
  self->flash_id = g_timeout_add (FLASH_MS, flash_cb, self);
}
