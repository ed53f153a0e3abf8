/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-blocked-dialog.h"

#include <glib/gi18n.h>

#include "ui/kith-avatar.h"
#include "ui/kith-keys.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-toast.h"


struct _KithBlockedDialog
{
  AdwWindow parent_instance;

  GtkStack *stack;
  GtkListBox *list_box;

  KithNode *node;            /* (owned) */
  GtkCustomFilter *filter;   /* (owned by people) */
  GtkFilterListModel *people; /* (owned) */
};

G_DEFINE_FINAL_TYPE (KithBlockedDialog, kith_blocked_dialog, ADW_TYPE_WINDOW)

typedef struct
{
  KithBlockedDialog *dialog; /* (owned) it knows the window, also when it was closed */
  GtkWidget *button;         /* (owned) */
} Unblocking;

static void
unblocking_free (Unblocking *unblocking)
{
  g_object_unref (unblocking->button);
  g_object_unref (unblocking->dialog);
  g_free (unblocking);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Unblocking, unblocking_free)

/* The row goes when it was done, and can be tried again when it was not. */
static void
unblocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Unblocking) unblocking = user_data;
  g_autoptr (GError) error = NULL;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (unblocking->dialog));

  if (kith_node_set_blocked_finish (KITH_NODE (source), result, &error))
    return;

  gtk_widget_set_sensitive (unblocking->button, TRUE);
  if (parent != NULL)
    kith_toast_say_error (GTK_WIDGET (parent), error);
}

static void
unblock_clicked_cb (GtkWidget *button, KithBlockedDialog *self)
{
  KithContact *contact = g_object_get_data (G_OBJECT (button), "contact");
  Unblocking *unblocking = g_new0 (Unblocking, 1);

  unblocking->dialog = g_object_ref (self);
  unblocking->button = g_object_ref (button);
  kith_list_focus_hold (button);
  gtk_widget_set_sensitive (button, FALSE);
  kith_node_set_blocked_async (self->node, contact, FALSE, NULL, unblocked_cb, unblocking);
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  KithBlockedDialog *self = user_data;
  KithContact *contact = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *avatar = g_object_new (KITH_TYPE_AVATAR, "size", 32, NULL);
  /* Translators: a button: to hear of a person again */
  GtkWidget *button = gtk_button_new_with_label (_("Unblock"));
  g_autofree char *label
      /* Translators: the name of a person; said of a button */
      = g_strdup_printf (_("Unblock %s"), kith_contact_get_display_name (contact));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), kith_contact_get_display_name (contact));
  kith_avatar_set_name (KITH_AVATAR (avatar), kith_contact_get_display_name (contact));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "contact", g_object_ref (contact), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (unblock_clicked_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static gboolean
is_blocked_cb (gpointer item, gpointer user_data)
{
  return kith_contact_get_blocked (item);
}

static void
people_changed_cb (KithBlockedDialog *self)
{
  gboolean none = g_list_model_get_n_items (G_LIST_MODEL (self->people)) == 0;

  gtk_stack_set_visible_child_name (self->stack, none ? "empty" : "list");
}

static void
blocked_changed_cb (KithBlockedDialog *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
kith_blocked_dialog_dispose (GObject *object)
{
  KithBlockedDialog *self = KITH_BLOCKED_DIALOG (object);

  if (self->list_box != NULL)
    kith_list_focus_bind_model (self->list_box, NULL, NULL, NULL);
  g_clear_object (&self->people);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_BLOCKED_DIALOG);

  G_OBJECT_CLASS (kith_blocked_dialog_parent_class)->dispose (object);
}

static void
kith_blocked_dialog_class_init (KithBlockedDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_blocked_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-blocked-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithBlockedDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithBlockedDialog, list_box);
}

static void
kith_blocked_dialog_init (KithBlockedDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_blocked_dialog_new:
 * @parent: the window it belongs to
 * @node: whose contacts
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_blocked_dialog_new (GtkWindow *parent, KithNode *node)
{
  KithBlockedDialog *self = g_object_new (KITH_TYPE_BLOCKED_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  self->filter = gtk_custom_filter_new (is_blocked_cb, NULL, NULL);
  self->people = gtk_filter_list_model_new (g_object_ref (kith_node_get_contacts (node)),
                                            GTK_FILTER (self->filter));
  kith_list_focus_bind_model (self->list_box, G_LIST_MODEL (self->people), create_row_cb, self);
  g_signal_connect_object (self->people, "items-changed", G_CALLBACK (people_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "contact-changed::blocked", G_CALLBACK (blocked_changed_cb), self,
                           G_CONNECT_SWAPPED);
  people_changed_cb (self);

  return GTK_WIDGET (self);
}
