/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sentence.h"
#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "node/kith-node-invites.h"
#include "node/kith-node-network.h"
#include "ui/dialogs/kith-doctor-dialog.h"
#include "ui/dialogs/kith-invite-dialog.h"
#include "ui/dialogs/kith-join-dialog.h"
#include "ui/dialogs/kith-nearby-dialog.h"
#include "ui/kith-keys.h"

/* How friends find each other: invites, links from anywhere. */

static gboolean
is_useful (KithLinkKind kind)
{
  return kind != KITH_LINK_NONE && kind != KITH_LINK_OWN;
}

/* --- Joining -------------------------------------------------------------------------------- */

static void
joined_cb (KithWindow *self, KithContact *contact, KithJoinOutcome outcome)
{
  const char *name = kith_contact_get_display_name (contact);
  g_autofree char *words = NULL;

  switch (outcome)
    {
    case KITH_JOIN_ONLINE:
      words = kith_sentence_make (_("Connected to %s"), name);
      break;
    case KITH_JOIN_REQUESTED:
      words = kith_sentence_make (_("Your request has reached %s"), name);
      break;
    case KITH_JOIN_WAITING:
      /* The dialog says so, and stays. */
      break;
    }

  if (words != NULL)
    kith_window_toast (self, words);
  kith_window_open_id (self, kith_contact_get_id (contact));
}

static void
group_joined_cb (KithWindow *self, KithGroup *group)
{
  kith_window_open_id (self, kith_group_get_id (group));
}

static void
asked_cb (KithWindow *self, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (self), action, NULL);
}

static void
join_dialog_gone_cb (KithWindow *self)
{
  g_clear_weak_pointer (&self->join_dialog);
}

static void
show_join_dialog (KithWindow *self, const char *link)
{
  GtkWidget *dialog = self->join_dialog;

  if (!kith_window_has_profile (self))
    return;

  /* Whoever pastes or opens twice wants it once. */
  if (dialog != NULL)
    {
      if (link != NULL)
        kith_join_dialog_set_link (KITH_JOIN_DIALOG (dialog), link);
      gtk_window_present (GTK_WINDOW (dialog));
      return;
    }

  dialog = kith_join_dialog_new (GTK_WINDOW (self), self->node);
  g_set_weak_pointer (&self->join_dialog, dialog);
  g_signal_connect_object (dialog, "destroy", G_CALLBACK (join_dialog_gone_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "joined", G_CALLBACK (joined_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "group-joined", G_CALLBACK (group_joined_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "asked", G_CALLBACK (asked_cb), self, G_CONNECT_SWAPPED);
  if (link != NULL)
    kith_join_dialog_set_link (KITH_JOIN_DIALOG (dialog), link);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_friend_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_join_dialog (KITH_WINDOW (widget), NULL);
}

static void
join_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_join_dialog (KITH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/**
 * kith_window_open_link:
 * @self: a window
 * @link: what was opened with Kith
 *
 * Shows whose link it is, as soon as there is a profile to join with. Nothing is done with it before
 * the user agrees.
 */
void
kith_window_open_link (KithWindow *self, const char *link)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  g_free (self->pending_link);
  self->pending_link = g_strdup (link);
  kith_window_take_link (self);
}

/* Shows a link that had to wait for the profile. */
void
kith_window_take_link (KithWindow *self)
{
  g_autofree char *link = NULL;

  if (!kith_window_has_profile (self))
    return;

  link = g_steal_pointer (&self->pending_link);
  if (link != NULL)
    show_join_dialog (self, link);
}

/* --- Pasting -------------------------------------------------------------------------------- */

/* Where text is written the link goes there, and using it is offered. Elsewhere it can only be
 * meant to be used. */
static void
offer_link (KithWindow *self, const char *link)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if ((GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus))
      && kith_node_inspect_link (self->node, link, NULL, NULL) == KITH_LINK_GROUP)
    kith_window_toast_with_button (self, _("You have pasted a link to a group"),
                                   /* Translators: a button: a group */
                                   _("Join…"), "win.join", link);
  else if (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus))
    kith_window_toast_with_button (self, _("You have pasted a link of a friend"),
                                   _("Add Friend…"), "win.join", link);
  else
    show_join_dialog (self, link);
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  if (text != NULL && !self->is_closing && kith_window_has_profile (self)
      && is_useful (kith_node_inspect_link (self->node, text, NULL, NULL)))
    offer_link (self, text);
}

/* The clipboard is read when the user pastes, and not before. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithWindow *self)
{
  if (kith_keys_is_paste (controller) && kith_window_has_profile (self))
    gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, pasted_cb,
                                   g_object_ref (self));

  return GDK_EVENT_PROPAGATE;
}

/* Watches for what is pasted anywhere in the window. */
void
kith_window_watch_paste (KithWindow *self)
{
  GtkEventController *controller = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* --- Inviting ------------------------------------------------------------------------------- */

static void
invite_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (kith_window_has_profile (self))
    gtk_window_present (GTK_WINDOW (kith_invite_dialog_new (GTK_WINDOW (self), self->node)));
}

/* --- Nearby --------------------------------------------------------------------------------- */

static void
nearby_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  GtkWidget *dialog;

  if (!kith_window_has_profile (self))
    return;

  dialog = kith_nearby_dialog_new (GTK_WINDOW (self), self->node);
  g_signal_connect_object (dialog, "connected", G_CALLBACK (kith_window_connected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "opened", G_CALLBACK (kith_window_open_id), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Offers to look who is nearby as long as that is on. */
void
kith_window_update_nearby (KithWindow *self)
{
  KithLanStatus lan = kith_network_get_lan (kith_node_get_network (self->node));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.nearby",
                                 lan != KITH_LAN_STATUS_OFF && lan != KITH_LAN_STATUS_PROXY);
}

/* --- The doctor ----------------------------------------------------------------------------- */

static void
connection_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (kith_window_has_profile (self))
    gtk_window_present (GTK_WINDOW (kith_doctor_dialog_new (GTK_WINDOW (self), self->node, NULL)));
}

static void
diagnose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithContact *contact = NULL;

  if (kith_window_has_profile (self))
    contact = kith_node_find_contact (self->node, g_variant_get_string (parameter, NULL), NULL);
  if (contact != NULL)
    gtk_window_present (GTK_WINDOW (kith_doctor_dialog_new (GTK_WINDOW (self), self->node,
                                                            contact)));
}

/* Installs those "win.*" by which friends find each other. */
void
kith_window_install_friend_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.invite", NULL, invite_action);
  gtk_widget_class_install_action (widget_class, "win.add-friend", NULL, add_friend_action);
  gtk_widget_class_install_action (widget_class, "win.join", "s", join_action);
  gtk_widget_class_install_action (widget_class, "win.nearby", NULL, nearby_action);
  gtk_widget_class_install_action (widget_class, "win.connection", NULL, connection_action);
  gtk_widget_class_install_action (widget_class, "win.diagnose", "s", diagnose_action);
}
