/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "ui/dialogs/kith-broadcast-dialog.h"
#include "ui/dialogs/kith-broadcasts-dialog.h"

/* One text to several people, each in private. */

static void
sent_cb (KithWindow *self, guint n_people)
{
  g_autofree char *words = g_strdup_printf (
      /* Translators: how many people a message went to */
      g_dngettext (GETTEXT_PACKAGE, "Sent to %u person", "Sent to %u people", n_people), n_people);

  kith_window_toast (self, words);
}

static void
message_several_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  GtkWidget *dialog;

  if (!kith_window_has_profile (self))
    return;

  dialog = kith_broadcast_dialog_new (GTK_WINDOW (self), kith_window_get_node (self),
                                      g_variant_get_string (parameter, NULL));
  g_signal_connect_object (dialog, "sent", G_CALLBACK (sent_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
broadcasts_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (kith_window_has_profile (self))
    gtk_window_present (GTK_WINDOW (kith_broadcasts_dialog_new (GTK_WINDOW (self),
                                                                kith_window_get_node (self))));
}

/* Installs more of "win.*" on the class of the window. */
void
kith_window_install_broadcast_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.message-several", "s",
                                   message_several_action);
  gtk_widget_class_install_action (widget_class, "win.broadcasts", NULL, broadcasts_action);
}
