/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where nothing is written yet, GTK lets the keyboard say on which side a text begins: in an Arabic window with
 * Latin keys the cursor blinked on the left, and the words about what to write stood on the right. */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-text-side.h"

static gboolean
is_keyboard_rtl (GtkTextView *view)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (view)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;

  return keyboard != NULL && gdk_device_get_direction (keyboard) == PANGO_DIRECTION_RTL;
}

/* To the right of a text is where it ends: on the left where it begins on the right. */
static void
update (GtkTextView *view)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (view)) == GTK_TEXT_DIR_RTL;
  gboolean is_empty = gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (view)) == 0;

  gtk_text_view_set_justification (view, is_empty && is_keyboard_rtl (view) != is_rtl ? GTK_JUSTIFY_RIGHT
                                                                                     : GTK_JUSTIFY_LEFT);
}

/**
 * kith_text_side_follow:
 * @view: a text view with its buffer
 *
 * While it is empty, its cursor stands where lines of the window begin. What is written has its own direction.
 * Main thread.
 */
void
kith_text_side_follow (GtkTextView *view)
{
  GdkSeat *seat;

  g_return_if_fail (GTK_IS_TEXT_VIEW (view));

  seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (view)));
  if (seat != NULL && gdk_seat_get_keyboard (seat) != NULL)
    g_signal_connect_object (gdk_seat_get_keyboard (seat), "notify::direction", G_CALLBACK (update), view,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_text_view_get_buffer (view), "changed", G_CALLBACK (update), view, G_CONNECT_SWAPPED);
  g_signal_connect (view, "direction-changed", G_CALLBACK (update), NULL);
  update (view);
}
