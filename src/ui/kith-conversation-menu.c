/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-menu.h"

#include <glib/gi18n.h>

#include "base/kith-time.h"
#include "ui/kith-focus.h"
#include "ui/kith-format.h"
#include "ui/kith-sidebar-row.h"

#define KEY_FOCUS "kith-focus-before"
#define UNMUTE 0
#define FOR_GOOD (-1)

static void
append (GMenu *menu, const char *label, const char *action, const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

static void
append_mute (GMenu *menu, const char *label, const char *id, int time_s)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "win.mute-conversation", "(si)", id, time_s);
  g_menu_append_item (menu, item);
}

static void
append_section (GMenu *menu, GMenu *section)
{
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

/**
 * kith_conversation_menu_fill:
 * @menu: a menu
 * @conversation: what to offer it for
 *
 * Puts into it how @conversation can be treated, and nothing else. The actions are those of the window.
 */
void
kith_conversation_menu_fill (GMenu *menu, KithConversation *conversation)
{
  const char *id = kith_conversation_get_key_text (conversation);
  gboolean unread = kith_conversation_get_unread (conversation) > 0
                    || kith_conversation_get_marked_unread (conversation);
  g_autoptr (GMenu) marks = g_menu_new ();
  g_autoptr (GMenu) mutes = g_menu_new ();
  g_autoptr (GMenu) places = g_menu_new ();

  g_menu_remove_all (menu);
  /* Translators: menu of a conversation: no longer at the top of the list */
  append (marks, kith_conversation_get_pinned (conversation) ? _("Un_pin")
                                                             /* Translators: at the top of the list */
                                                             : _("_Pin"),
          "win.pin-conversation", id);
  append (marks, unread ? _("Mark as _Read") : _("Mark as Un_read"), "win.mark-conversation", id);
  append_section (menu, marks);

  if (kith_conversation_is_muted (conversation, kith_format_now_ms ()))
    {
      /* Translators: menu of a conversation: its messages are notified of again */
      append_mute (mutes, _("Un_mute"), id, UNMUTE);
    }
  else
    {
      append_mute (mutes, _("Mute for 1 _Hour"), id, KITH_HOUR_S);
      append_mute (mutes, _("Mute for _8 Hours"), id, 8 * KITH_HOUR_S);
      append_mute (mutes, _("_Mute until I Turn It On"), id, FOR_GOOD);
    }
  append_section (menu, mutes);

  /* Translators: menu of a conversation: back to the list */
  append (places, kith_conversation_get_archived (conversation) ? _("Un_archive")
                                                                /* Translators: away from the list */
                                                                : _("_Archive"),
          "win.archive-conversation", id);
  append_section (menu, places);
}

/* --- Showing it ----------------------------------------------------------------------------- */

/* The focus goes back to where it was when the menu goes; GTK 4.8 would leave it nowhere. */
static void
closed_cb (GtkPopover *popover)
{
  GtkWidget *before = g_object_get_data (G_OBJECT (popover), KEY_FOCUS);

  if (before != NULL && gtk_widget_get_mapped (before))
    gtk_widget_grab_focus (before);
  g_object_set_data (G_OBJECT (popover), KEY_FOCUS, NULL);
}

static void
keep_focus (GtkPopover *popover)
{
  GtkWidget *focus = kith_focus_get (GTK_WIDGET (popover));

  if (focus != NULL)
    g_object_set_data_full (G_OBJECT (popover), KEY_FOCUS, g_object_ref (focus), g_object_unref);
}

/* There is nothing but an answer to be given to a request. @x and @y: in @list */
static gboolean
show (GtkPopover *popover, GtkWidget *list, GtkWidget *row, double x, double y)
{
  GObject *item = row != NULL ? kith_sidebar_row_get_item (KITH_SIDEBAR_ROW (row)) : NULL;
  g_autoptr (GMenu) model = NULL;
  GdkRectangle at = { 0, 0, 1, 1 };

  if (!KITH_IS_CONVERSATION (item)
      || !gtk_widget_translate_coordinates (list, gtk_widget_get_parent (GTK_WIDGET (popover)), x, y,
                                            &x, &y))
    return FALSE;

  at.x = (int) x;
  at.y = (int) y;
  model = g_menu_new ();
  kith_conversation_menu_fill (model, KITH_CONVERSATION (item));
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (popover), G_MENU_MODEL (model));
  gtk_popover_set_pointing_to (popover, &at);
  keep_focus (popover);
  gtk_popover_popup (popover);

  return TRUE;
}

static void
show_at (GtkGesture *gesture, double x, double y, GtkPopover *popover)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *there = gtk_widget_pick (list, x, y, GTK_PICK_DEFAULT);
  GtkWidget *row = there != NULL ? gtk_widget_get_ancestor (there, KITH_TYPE_SIDEBAR_ROW) : NULL;

  if (show (popover, list, row, x, y))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkPopover *popover)
{
  show_at (GTK_GESTURE (gesture), x, y, popover);
}

static void
long_pressed_cb (GtkGestureLongPress *gesture, double x, double y, GtkPopover *popover)
{
  show_at (GTK_GESTURE (gesture), x, y, popover);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, GtkPopover *popover)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  GtkWidget *list_item = gtk_widget_get_focus_child (list);
  GtkWidget *row = list_item != NULL ? gtk_widget_get_first_child (list_item) : NULL;
  double x, y;

  if ((keyval != GDK_KEY_Menu && (keyval != GDK_KEY_F10 || (modifiers & GDK_SHIFT_MASK) == 0))
      || !KITH_IS_SIDEBAR_ROW (row)
      || !gtk_widget_translate_coordinates (row, list, gtk_widget_get_width (row) / 2.0,
                                            gtk_widget_get_height (row) / 2.0, &x, &y))
    return GDK_EVENT_PROPAGATE;

  return show (popover, list, row, x, y) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

/**
 * kith_conversation_menu_attach:
 * @list: a list view of rows of the type #KithSidebarRow
 * @parent: what is around it, and stays when a row goes elsewhere and gets a new widget there
 *
 * Gives each conversation a menu: with the right button, a long press, or the keyboard. Its actions
 * are those of the window.
 *
 * Returns: (transfer none): the menu; to be unparented when @parent goes
 */
GtkWidget *
kith_conversation_menu_attach (GtkWidget *list, GtkWidget *parent)
{
  GtkWidget *popover = gtk_popover_menu_new_from_model (NULL);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();
  GtkEventController *key = gtk_event_controller_key_new ();

  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Conversation menu"), -1);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_widget_set_parent (popover, parent);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), popover, 0);
  g_signal_connect_object (long_press, "pressed", G_CALLBACK (long_pressed_cb), popover, 0);
  g_signal_connect_object (key, "key-pressed", G_CALLBACK (key_pressed_cb), popover, 0);
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (long_press));
  gtk_widget_add_controller (list, key);

  return popover;
}
