/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-message-view-private.h"

#include <glib/gi18n.h>

#include "ui/kith-day.h"
#include "ui/kith-focus.h"
#include "ui/kith-keys.h"
#include "ui/kith-message-factory.h"
#include "ui/kith-message-row.h"

/* How scrolling works. A GtkListView knows the heights of the rows near the view and estimates the
 * others, so its adjustment changes by itself at any time. "is_sticky" says that the user is at the
 * end and wants to stay there. Whenever the adjustment changes while sticky, one idle scrolls to
 * the last row ("is_auto_scrolling"), and a few frames later, when the heights are true, it is
 * checked that the end has been reached. Only a movement that was not ours changes "is_sticky".
 * Setting the value of the adjustment from its own notification would leave old rows drawn. */

#define AT_END_PX 4
#define MAX_SETTLE_FRAMES 8

G_DEFINE_FINAL_TYPE (KithMessageView, kith_message_view, ADW_TYPE_BIN)

GtkAdjustment *
kith_message_view_get_adjustment (KithMessageView *self)
{
  return gtk_scrolled_window_get_vadjustment (self->scrolled_window);
}

/* The messages that are loaded. */
KithMessageList *
kith_message_view_get_list (KithMessageView *self)
{
  return kith_conversation_get_messages (kith_timeline_get_conversation (self->timeline));
}

/* Whether the view ends with the newest message. */
gboolean
kith_message_view_is_at_end (KithMessageView *self)
{
  GtkAdjustment *adjustment = kith_message_view_get_adjustment (self);
  double below = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment)
                 - gtk_adjustment_get_value (adjustment);

  if (self->timeline != NULL && kith_message_list_get_has_newer (kith_message_view_get_list (self)))
    return FALSE;

  return below <= AT_END_PX;
}

/* What stands beside the button is in its name. */
static void
show_new (KithMessageView *self, guint n_new)
{
  g_autofree char *count = g_strdup_printf ("%u", n_new);
  g_autofree char *name = NULL;

  if (n_new == self->n_new)
    return;

  self->n_new = n_new;
  gtk_widget_set_visible (GTK_WIDGET (self->new_label), n_new > 0);
  gtk_label_set_text (self->new_label, count);
  if (n_new == 0)
    name = g_strdup (_("Go to the newest message"));
  else
    name = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         /* Translators: a button; how many messages have come */
                                         "Go to the newest message, %u new message",
                                         "Go to the newest message, %u new messages", n_new),
                            n_new);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->end_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update_end_button (KithMessageView *self)
{
  KithConversation *conversation
      = self->timeline != NULL ? kith_timeline_get_conversation (self->timeline) : NULL;

  gtk_revealer_set_reveal_child (self->end_revealer, !self->is_sticky);
  gtk_widget_set_can_target (GTK_WIDGET (self->end_revealer), !self->is_sticky);
  show_new (self, conversation != NULL ? kith_conversation_get_unread (conversation) : 0);
}

/* Whether the user has the end of the conversation in front of them. */
static gboolean
is_end_seen (KithMessageView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return self->timeline != NULL && !self->is_opening && self->is_sticky
         && gtk_widget_get_mapped (GTK_WIDGET (self)) && gtk_window_is_active (GTK_WINDOW (root));
}

static void
mark_read_if_seen (KithMessageView *self)
{
  KithConversation *conversation;

  if (!is_end_seen (self))
    return;

  conversation = kith_timeline_get_conversation (self->timeline);
  if (kith_conversation_get_unread (conversation) > 0)
    kith_node_mark_read (self->node, conversation);
}

static gboolean
seen_idle_cb (gpointer user_data)
{
  KithMessageView *self = user_data;

  self->seen_idle_id = 0;
  if (!is_end_seen (self))
    return G_SOURCE_REMOVE;

  mark_read_if_seen (self);
  kith_conversation_clear_unread_line (kith_timeline_get_conversation (self->timeline));

  return G_SOURCE_REMOVE;
}

/* What arrives before the user's eyes was never new to them: no unread line for it. Before the
 * next frame, but not from inside of the node. */
static void
unread_changed_cb (KithMessageView *self)
{
  KithConversation *conversation = kith_timeline_get_conversation (self->timeline);

  update_end_button (self);

  if (kith_conversation_get_unread (conversation) == 1 && is_end_seen (self)
      && self->seen_idle_id == 0)
    self->seen_idle_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, seen_idle_cb, self, NULL);
}

/* Whether to stay at the end. */
void
kith_message_view_set_sticky (KithMessageView *self, gboolean sticky)
{
  self->is_sticky = sticky;

  update_end_button (self);
  mark_read_if_seen (self);
}

/* The line has done its work when the user turns away from what they have read; the next one
 * belongs above what comes meanwhile. */
static void
window_active_changed_cb (KithMessageView *self, GParamSpec *pspec, GtkWindow *window)
{
  KithConversation *conversation;

  if (self->timeline == NULL)
    return;

  conversation = kith_timeline_get_conversation (self->timeline);
  if (gtk_window_is_active (window))
    mark_read_if_seen (self);
  else if (kith_conversation_get_unread (conversation) == 0)
    kith_conversation_clear_unread_line (conversation);
}

/* --- Scrolling ------------------------------------------------------------------------------ */

void
kith_message_view_scroll_to_row (KithMessageView *self, guint position)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
}

/* What the user is to see first is in view. */
void
kith_message_view_opened (KithMessageView *self)
{
  self->is_opening = FALSE;
  mark_read_if_seen (self);
}

/* The newest message is in view: shows the unread line, when there is one. */
static void
finish_opening (KithMessageView *self)
{
  guint position;

  /* Does nothing when the line is in view already. */
  if (kith_timeline_get_unread_position (self->timeline, &position))
    kith_message_view_scroll_to_row (self, position);

  kith_message_view_opened (self);
}

static gboolean
settle_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  KithMessageView *self = KITH_MESSAGE_VIEW (widget);
  guint n_rows = self->timeline != NULL
                     ? g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) : 0;

  self->settle_frames++;

  if (n_rows > 0 && !kith_message_view_is_at_end (self) && self->settle_frames < MAX_SETTLE_FRAMES)
    {
      kith_message_view_scroll_to_row (self, n_rows - 1);
      return G_SOURCE_CONTINUE;
    }

  /* One more frame: the rows that came into view last may still change the heights. */
  if (self->settle_frames < 2)
    return G_SOURCE_CONTINUE;

  self->settle_tick_id = 0;
  self->is_auto_scrolling = FALSE;
  kith_message_view_set_sticky (self, kith_message_view_is_at_end (self));
  if (self->is_opening && self->timeline != NULL)
    finish_opening (self);
  kith_message_view_load_more (self);

  return G_SOURCE_REMOVE;
}

static gboolean
scroll_idle_cb (gpointer user_data)
{
  KithMessageView *self = user_data;
  guint n_rows = self->timeline != NULL
                     ? g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) : 0;

  self->scroll_idle_id = 0;
  self->settle_frames = 0;

  if (n_rows > 0)
    kith_message_view_scroll_to_row (self, n_rows - 1);
  if (self->settle_tick_id == 0)
    self->settle_tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), settle_cb, NULL, NULL);

  return G_SOURCE_REMOVE;
}

void
kith_message_view_queue_end (KithMessageView *self)
{
  self->is_auto_scrolling = TRUE;
  if (self->scroll_idle_id == 0)
    self->scroll_idle_id = g_idle_add (scroll_idle_cb, self);
}

static void
size_changed_cb (KithMessageView *self)
{
  if (self->is_sticky && self->timeline != NULL && !kith_message_view_is_at_end (self))
    kith_message_view_queue_end (self);
  kith_message_view_load_more (self);
}

static void
value_changed_cb (KithMessageView *self)
{
  if (self->is_auto_scrolling)
    return;

  kith_message_view_set_sticky (self, kith_message_view_is_at_end (self));
  kith_message_view_load_more (self);
}

/* The list view has not heard of it yet. */
static void
rows_changed_cb (KithMessageView *self, guint position, guint removed, guint added)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->timeline));

  gtk_widget_set_visible (GTK_WIDGET (self->empty_page), n_rows == 0);

  if (self->is_sticky)
    kith_message_view_queue_end (self);
  else
    kith_message_view_keep_place (self);
  update_end_button (self);
}

static void
newer_changed_cb (KithMessageView *self)
{
  if (!self->is_auto_scrolling)
    kith_message_view_set_sticky (self, self->is_sticky && kith_message_view_is_at_end (self));
}

/* --- Keys ----------------------------------------------------------------------------------- */

/* The list item has the focus, and the row inside it the actions; or something in the row has it. */
static GtkWidget *
get_focus_row (KithMessageView *self)
{
  GtkWidget *focus = kith_focus_get (GTK_WIDGET (self));
  GtkWidget *row = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  if (focus == NULL || KITH_IS_MESSAGE_ROW (row))
    return row;

  return gtk_widget_get_ancestor (focus, KITH_TYPE_MESSAGE_ROW);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithMessageView *self)
{
  GtkWidget *row = get_focus_row (self);

  if (keyval == GDK_KEY_Escape)
    return gtk_widget_activate_action (GTK_WIDGET (self), "conversation.write", NULL);
  if (row == NULL)
    return GDK_EVENT_PROPAGATE;

  if (kith_keys_is_copy (controller))
    gtk_widget_activate_action (row, "message.copy", NULL);
  else if (keyval == GDK_KEY_Menu || (keyval == GDK_KEY_F10 && (modifiers & GDK_SHIFT_MASK) != 0))
    gtk_widget_activate_action (row, "message.menu", NULL);
  else if (keyval == GDK_KEY_Delete || keyval == GDK_KEY_KP_Delete)
    gtk_widget_activate_action (row, "message.delete", NULL);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

/* Before the list item, which takes it for itself. */
static gboolean
enter_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
                  KithMessageView *self)
{
  GtkWidget *row = get_focus_row (self);

  if ((keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_ISO_Enter) || row == NULL
      || !gtk_widget_is_focus (gtk_widget_get_parent (row)))
    return GDK_EVENT_PROPAGATE;

  gtk_widget_activate_action (row, "message.activate", NULL);

  return GDK_EVENT_STOP;
}

static gboolean
kith_message_view_focus (GtkWidget *widget, GtkDirectionType direction)
{
  KithMessageView *self = KITH_MESSAGE_VIEW (widget);
  gboolean tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (tab && gtk_widget_get_focus_child (GTK_WIDGET (self->list_view)) != NULL)
    return kith_message_view_leave (self, direction);
  if (kith_message_view_take_focus (self, direction))
    return TRUE;

  return GTK_WIDGET_CLASS (kith_message_view_parent_class)->focus (widget, direction);
}

/* The button goes. */
static void
end_clicked_cb (KithMessageView *self)
{
  gboolean had_focus = gtk_widget_has_focus (self->end_button);

  kith_message_view_scroll_to_end (self);
  if (had_focus)
    kith_message_view_focus_last (self);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
day_changed_cb (KithMessageView *self)
{
  if (self->timeline != NULL)
    kith_timeline_day_changed (self->timeline);
}

static void
kith_message_view_root (GtkWidget *widget)
{
  KithMessageView *self = KITH_MESSAGE_VIEW (widget);

  GTK_WIDGET_CLASS (kith_message_view_parent_class)->root (widget);
  self->window_active_id
      = g_signal_connect_swapped (gtk_widget_get_root (widget), "notify::is-active",
                                  G_CALLBACK (window_active_changed_cb), self);
}

static void
kith_message_view_unroot (GtkWidget *widget)
{
  KithMessageView *self = KITH_MESSAGE_VIEW (widget);

  g_clear_signal_handler (&self->window_active_id, gtk_widget_get_root (widget));
  GTK_WIDGET_CLASS (kith_message_view_parent_class)->unroot (widget);
}

static void
kith_message_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kith_message_view_parent_class)->map (widget);
  mark_read_if_seen (KITH_MESSAGE_VIEW (widget));
}

static void
kith_message_view_dispose (GObject *object)
{
  KithMessageView *self = KITH_MESSAGE_VIEW (object);

  g_clear_handle_id (&self->scroll_idle_id, g_source_remove);
  g_clear_handle_id (&self->seen_idle_id, g_source_remove);
  g_clear_object (&self->timeline_signals);
  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->list_signals);
  kith_message_view_stop_jumping (self);
  kith_message_view_stop_focusing (self);
  g_clear_weak_pointer (&self->focus_before);
  g_clear_object (&self->timeline);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_MESSAGE_VIEW);

  G_OBJECT_CLASS (kith_message_view_parent_class)->dispose (object);
}

static void
kith_message_view_class_init (KithMessageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_message_view_dispose;

  widget_class->focus = kith_message_view_focus;
  widget_class->root = kith_message_view_root;
  widget_class->unroot = kith_message_view_unroot;
  widget_class->map = kith_message_view_map;

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-message-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KithMessageView, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, KithMessageView, list_view);
  gtk_widget_class_bind_template_child (widget_class, KithMessageView, selection);
  gtk_widget_class_bind_template_child (widget_class, KithMessageView, empty_page);
  gtk_widget_class_bind_template_child (widget_class, KithMessageView, end_revealer);
  gtk_widget_class_bind_template_child (widget_class, KithMessageView, end_button);
  gtk_widget_class_bind_template_child (widget_class, KithMessageView, new_label);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, enter_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, end_clicked_cb);
}

static void
kith_message_view_init (KithMessageView *self)
{
  g_autoptr (GtkListItemFactory) factory = NULL;
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->is_sticky = TRUE;
  factory = kith_message_factory_new (self);
  gtk_list_view_set_factory (self->list_view, factory);

  self->timeline_signals = g_signal_group_new (KITH_TYPE_TIMELINE);
  g_signal_group_connect_swapped (self->timeline_signals, "items-changed",
                                  G_CALLBACK (rows_changed_cb), self);
  self->conversation_signals = g_signal_group_new (KITH_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::unread",
                                  G_CALLBACK (unread_changed_cb), self);

  self->list_signals = g_signal_group_new (KITH_TYPE_MESSAGE_LIST);
  g_signal_group_connect_swapped (self->list_signals, "notify::has-newer",
                                  G_CALLBACK (newer_changed_cb), self);

  adjustment = kith_message_view_get_adjustment (self);
  g_signal_connect_object (adjustment, "notify::upper", G_CALLBACK (size_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "notify::page-size", G_CALLBACK (size_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (kith_day_get_default (), "changed", G_CALLBACK (day_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * kith_message_view_set_conversation:
 * @self: a view
 * @node: (nullable): whom to tell what was read
 * @conversation: (nullable): what to show, from the unread line or else from the end
 */
void
kith_message_view_set_conversation (KithMessageView *self, KithNode *node,
                                    KithConversation *conversation)
{
  g_return_if_fail (KITH_IS_MESSAGE_VIEW (self));

  g_set_object (&self->node, node);
  if (self->timeline != NULL && kith_timeline_get_conversation (self->timeline) == conversation)
    return;

  kith_message_view_stop_jumping (self);
  kith_message_view_stop_focusing (self);
  g_clear_object (&self->timeline);
  self->is_opening = conversation != NULL;
  self->is_sticky = TRUE;
  self->has_load_failed = FALSE;

  if (conversation != NULL)
    self->timeline = kith_timeline_new (conversation);

  g_signal_group_set_target (self->timeline_signals, self->timeline);
  g_signal_group_set_target (self->conversation_signals, conversation);
  g_signal_group_set_target (self->list_signals, conversation != NULL
                                                     ? kith_conversation_get_messages (conversation)
                                                     : NULL);
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (self->timeline));

  if (self->timeline != NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->empty_page),
                              g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) == 0);
      if (!kith_message_view_jump_to_start (self))
        kith_message_view_queue_end (self);
    }
  update_end_button (self);
}

/**
 * kith_message_view_set_can_write:
 * @self: a view
 * @can_write: whether there is a composer below
 *
 * Says the right thing when there are no messages.
 */
void
kith_message_view_set_can_write (KithMessageView *self, gboolean can_write)
{
  g_return_if_fail (KITH_IS_MESSAGE_VIEW (self));

  adw_status_page_set_description (
      self->empty_page, can_write ? _("What you write here goes straight to your friend, encrypted. "
                                      "No server is in between.")
                                  : NULL);
}

/**
 * kith_message_view_get_group:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): whose messages it shows, if they are those of a group
 */
KithGroup *
kith_message_view_get_group (KithMessageView *self)
{
  g_return_val_if_fail (KITH_IS_MESSAGE_VIEW (self), NULL);

  return self->timeline != NULL
             ? kith_conversation_get_group (kith_timeline_get_conversation (self->timeline)) : NULL;
}

/**
 * kith_message_view_scroll_to_end:
 * @self: a view
 *
 * Goes to the newest message and stays at the end.
 */
void
kith_message_view_scroll_to_end (KithMessageView *self)
{
  g_return_if_fail (KITH_IS_MESSAGE_VIEW (self));

  if (self->timeline != NULL && kith_message_list_get_has_newer (kith_message_view_get_list (self)))
    {
      kith_message_view_jump_to_newest (self);
      return;
    }

  kith_message_view_stop_jumping (self);
  kith_message_view_set_sticky (self, TRUE);
  kith_message_view_queue_end (self);
}
