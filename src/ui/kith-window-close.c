/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include "ui/kith-question.h"

#include <glib/gi18n.h>

/* The end of a window and of its node: with a question when something would be lost, and in order. Whether
 * closing the window is the end of it says kith-window-background.c. */

static void
shutdown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_shutdown_finish (KITH_NODE (source), result, &error))
    g_warning ("The node did not shut down in order: %s", error->message);

  gtk_window_destroy (GTK_WINDOW (self));
}

static void
locked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_profile_folder_lock_finish (KITH_PROFILE_FOLDER (source), result, &error))
    g_warning ("The profile was not closed in order: %s", error->message);

  gtk_window_destroy (GTK_WINDOW (self));
}

static void
response_cb (KithWindow *self, const char *response)
{
  if (g_str_equal (response, "quit"))
    kith_window_shut_down (self);
}

static void
confirm_close (KithWindow *self)
{
  AdwMessageDialog *dialog = kith_question_new (
      GTK_WIDGET (self), _("Close Kith and Forget Everything?"),
      _("Nothing is kept this time. When you close Kith, your identity, your contacts and all "
        "messages are gone, and messages that still wait are not sent."),
      "quit", _("_Close"), ADW_RESPONSE_DESTRUCTIVE);

  /* Translators: a button: do not close */
  adw_message_dialog_set_response_label (dialog, "cancel", _("_Stay"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What is kept needs no question. */
static void
close_or_ask (KithWindow *self)
{
  gboolean is_kept = self->folder != NULL || self->node == NULL || self->is_demo;

  if (is_kept || g_list_model_get_n_items (kith_node_get_contacts (self->node)) == 0)
    kith_window_shut_down (self);
  else
    confirm_close (self);
}

static void
quit (KithWindow *self)
{
  kith_window_tell_waiting (self);
  close_or_ask (self);
}

/* Implements GtkWindowClass.close_request. */
gboolean
kith_window_close_request (GtkWindow *window)
{
  KithWindow *self = KITH_WINDOW (window);

  if (!self->is_closing && !kith_window_go_to_background (self))
    kith_window_quit (self);

  return TRUE;
}

/**
 * kith_window_quit:
 * @self: a window
 *
 * Ends its node and then the window, also when closing it only hides it; with a question when something
 * would be lost.
 */
void
kith_window_quit (KithWindow *self)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  if (self->is_closing)
    return;

  if (!kith_window_ask_about_backup (self, _("Quit and Stop the Backup?"), _("_Quit"), quit))
    quit (self);
}

/**
 * kith_window_set_demo:
 * @self: a window
 *
 * Says that nothing in it is worth a question before it is closed.
 */
void
kith_window_set_demo (KithWindow *self)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  self->is_demo = TRUE;
}

/**
 * kith_window_is_closing:
 * @self: a window
 *
 * Returns: whether it ends, and is of no use any more
 */
gboolean
kith_window_is_closing (KithWindow *self)
{
  g_return_val_if_fail (KITH_IS_WINDOW (self), FALSE);

  return self->is_closing;
}

/**
 * kith_window_shut_down:
 * @self: a window
 *
 * Locks the profile, or ends the node (two seconds at most), and then the window.
 */
void
kith_window_shut_down (KithWindow *self)
{
  g_autoptr (KithNode) node = NULL;

  g_return_if_fail (KITH_IS_WINDOW (self));

  if (self->is_closing)
    return;

  self->is_closing = TRUE;
  kith_window_save_state (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);

  /* Nothing of it stays, on the desktop neither. */
  g_set_object (&node, self->node);
  kith_window_set_node (self, NULL);
  kith_window_close_dialogs (GTK_WINDOW (self));

  if (self->folder != NULL)
    kith_profile_folder_end_async (self->folder, locked_cb, g_object_ref (self));
  else if (node != NULL)
    kith_node_shutdown_async (node, shutdown_cb, g_object_ref (self));
  else
    gtk_window_destroy (GTK_WINDOW (self));
}
