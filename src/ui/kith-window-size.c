/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-computer-settings.h"

/* How large the window is: until a profile is open as it was the last time on this computer, then as it was with this
 * profile, which may have been carried to another screen. */

#define MIN_WIDTH 360
#define MIN_HEIGHT 360
#define RESTORE_TICKS 30 /* frames */

typedef struct
{
  int   width, height; /* px */
  guint n_ticks;
} Size;

static gboolean
is_sound (int width, int height)
{
  return width >= MIN_WIDTH && height >= MIN_HEIGHT;
}

/* What the display says of the size that a window came up with would undo a new one that is set meanwhile. */
static gboolean
keep_size_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Size *size = user_data;
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (widget), &width, &height);
  if (width != size->width || height != size->height)
    gtk_window_set_default_size (GTK_WINDOW (widget), size->width, size->height);

  return ++size->n_ticks < RESTORE_TICKS ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* As large as it was with the profile that was opened. Later on the window is where the user has it. */
void
kith_window_restore_size (KithWindow *self)
{
  const Size size = { .width = kith_node_get_setting_int (self->node, KITH_SETTING_WINDOW_WIDTH),
                      .height = kith_node_get_setting_int (self->node, KITH_SETTING_WINDOW_HEIGHT) };
  gboolean is_known = is_sound (size.width, size.height);

  if (self->has_restored_size)
    return;

  self->has_restored_size = TRUE;
  if (is_known)
    {
      gtk_window_set_default_size (GTK_WINDOW (self), size.width, size.height);
      gtk_widget_add_tick_callback (GTK_WIDGET (self), keep_size_cb, g_memdup2 (&size, sizeof size), g_free);
    }
  if (kith_node_get_setting_int (self->node, KITH_SETTING_WINDOW_MAXIMIZED) != 0)
    gtk_window_maximize (GTK_WINDOW (self));
  else if (is_known && self->began_maximized)
    gtk_window_unmaximize (GTK_WINDOW (self));
}

/**
 * kith_window_begin_size:
 * @self: a window that is not yet shown
 *
 * As large as the last one on this computer.
 */
void
kith_window_begin_size (KithWindow *self)
{
  int width, height;

  g_return_if_fail (KITH_IS_WINDOW (self));

  kith_computer_settings_get_window (&width, &height, &self->began_maximized);
  if (is_sound (width, height))
    gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (self->began_maximized)
    gtk_window_maximize (GTK_WINDOW (self));
}

/* On the computer, and in the vault when there is one. Of what is in memory nothing is kept. */
void
kith_window_save_state (KithWindow *self)
{
  gboolean has_vault = self->node != NULL && kith_node_get_profile (self->node) != NULL;
  gboolean is_maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  int width = 0, height = 0;

  if (self->folder == NULL)
    return;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (has_vault)
    kith_node_set_setting_int (self->node, KITH_SETTING_WINDOW_MAXIMIZED, is_maximized);
  if (!is_sound (width, height))
    return;

  kith_computer_settings_keep_window (width, height, is_maximized);
  if (!has_vault)
    return;

  kith_node_set_setting_int (self->node, KITH_SETTING_WINDOW_WIDTH, width);
  kith_node_set_setting_int (self->node, KITH_SETTING_WINDOW_HEIGHT, height);
}
