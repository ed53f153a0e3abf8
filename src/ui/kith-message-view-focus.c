/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-message-view-private.h"
#include "ui/kith-focus.h"

/* Where the keyboard comes to in the messages. What a screen reader reads is the list item around a row. */

/* What has come into view has its place after a layout. */
#define SETTLED_FRAMES 2

/* Returns: (transfer none) (nullable): the lowest list item that is in view, wholly if there is one */
static GtkWidget *
find_last_in_view (KithMessageView *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self->list_view));
  GtkWidget *whole = NULL, *part = NULL;
  float whole_y = 0, part_y = 0;

  for (GtkWidget *item = gtk_widget_get_first_child (GTK_WIDGET (self->list_view)); item != NULL;
       item = gtk_widget_get_next_sibling (item))
    {
      graphene_rect_t area;
      float bottom;

      if (!gtk_widget_get_mapped (item)
          || !gtk_widget_compute_bounds (item, GTK_WIDGET (self->list_view), &area))
        continue;

      bottom = area.origin.y + area.size.height;
      if (bottom > whole_y && bottom <= (float) height)
        {
          whole = item;
          whole_y = bottom;
        }
      if (bottom > part_y && area.origin.y < (float) height)
        {
          part = item;
          part_y = bottom;
        }
    }

  return whole != NULL ? whole : part;
}

/* Through what is in a message, and out of the list: from one message to another lead the arrows. Returns:
 * whether the focus is still in the view */
gboolean
kith_message_view_leave (KithMessageView *self, GtkDirectionType direction)
{
  GtkWidget *item = gtk_widget_get_focus_child (GTK_WIDGET (self->list_view));

  if (gtk_widget_child_focus (item, direction))
    return TRUE;

  return direction == GTK_DIR_TAB_FORWARD
         && gtk_widget_child_focus (GTK_WIDGET (self->end_revealer), direction);
}

/* Who comes with the keyboard comes to what stands last before them: the list alone would go to the top
 * of all that is loaded. Returns: whether that is all there is to do */
gboolean
kith_message_view_take_focus (KithMessageView *self, GtkDirectionType direction)
{
  gboolean tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;
  GtkWidget *item = NULL;

  if (tab && gtk_widget_get_focus_child (GTK_WIDGET (self)) == NULL)
    item = find_last_in_view (self);

  return tab && item != NULL && gtk_widget_grab_focus (item);
}

/* Before something is waited for after which the focus is to come here. */
void
kith_message_view_note_focus (KithMessageView *self)
{
  g_set_weak_pointer (&self->focus_before, kith_focus_get (GTK_WIDGET (self)));
  self->is_written_since = FALSE;
}

/**
 * kith_message_view_note_writing:
 * @self: a view
 *
 * The user writes a message: what they type next is not for one that is just coming into view.
 */
void
kith_message_view_note_writing (KithMessageView *self)
{
  g_return_if_fail (KITH_IS_MESSAGE_VIEW (self));

  self->is_written_since = TRUE;
}

/* Returns: %FALSE when the user has gone to an entry meanwhile, and may be typing there, or types where messages are
 * written. Elsewhere the focus may have come by itself, from what is not shown any more. */
gboolean
kith_message_view_may_take_focus (KithMessageView *self)
{
  GtkWidget *focus = kith_focus_get (GTK_WIDGET (self));

  if (focus == NULL || !gtk_widget_get_mapped (focus))
    return TRUE;
  if (GTK_IS_TEXT_VIEW (focus))
    return !self->is_written_since;

  return !GTK_IS_TEXT (focus) || focus == self->focus_before;
}

static gboolean
focus_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  KithMessageView *self = KITH_MESSAGE_VIEW (widget);
  GtkWidget *item;

  if (self->is_opening || self->is_auto_scrolling || self->jump != NULL)
    self->focus_frames = 0;
  if (self->focus_frames++ < SETTLED_FRAMES)
    return G_SOURCE_CONTINUE;

  self->focus_tick_id = 0;
  item = find_last_in_view (self);
  if (item != NULL && kith_message_view_may_take_focus (self))
    gtk_widget_grab_focus (item);

  return G_SOURCE_REMOVE;
}

/* Forgets that the focus was to come here. */
void
kith_message_view_stop_focusing (KithMessageView *self)
{
  if (self->focus_tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->focus_tick_id);
  self->focus_tick_id = 0;
}

/**
 * kith_message_view_focus_last:
 * @self: a view
 *
 * Gives the focus to the lowest message in view, as soon as it is where it was about to go, unless the user goes elsewhere
 * before.
 *
 * Returns: whether there are any
 */
gboolean
kith_message_view_focus_last (KithMessageView *self)
{
  g_return_val_if_fail (KITH_IS_MESSAGE_VIEW (self), FALSE);

  if (self->timeline == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->timeline)) == 0)
    return FALSE;

  kith_message_view_note_focus (self);
  self->focus_frames = 0;
  if (self->focus_tick_id == 0)
    self->focus_tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), focus_cb, NULL, NULL);

  return TRUE;
}
