/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-forward-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "ui/kith-avatar.h"
#include "ui/kith-markup.h"
#include "ui/kith-state.h"

struct _KithForwardDialog
{
  AdwWindow parent_instance;

  GtkEditable *search_entry;
  GtkLabel *text_label;
  GtkStack *stack;
  GtkListBox *list_box;

  KithNode *node;             /* (owned) */
  char *text;                 /* (owned) */
  GtkCustomFilter *filter;    /* (owned by people) */
  GtkFilterListModel *people; /* (owned) */
  gboolean is_sending;
};

G_DEFINE_FINAL_TYPE (KithForwardDialog, kith_forward_dialog, ADW_TYPE_WINDOW)

static void
toast (KithForwardDialog *self, const char *words)
{
  gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))),
                              "win.toast", "s", words);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithForwardDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  self->is_sending = FALSE;
  if (kith_node_send_finish (KITH_NODE (source), result, &error) == NULL)
    words = kith_explain_error (error);

  if (self->node == NULL)
    return;

  toast (self, words != NULL ? words : _("Forwarded"));
  if (words == NULL)
    gtk_window_close (GTK_WINDOW (self));
}

static void
row_activated_cb (KithForwardDialog *self, GtkListBoxRow *row)
{
  KithContact *contact = g_object_get_data (G_OBJECT (row), "contact");

  if (self->is_sending)
    return;

  self->is_sending = TRUE;
  kith_node_send_async (self->node, kith_node_get_conversation (self->node, contact), self->text, NULL,
                        sent_cb, g_object_ref (self));
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  KithContact *contact = item;
  const char *name = kith_contact_get_display_name (contact);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *avatar = g_object_new (KITH_TYPE_AVATAR, "size", 32, NULL);
  g_autofree char *presence = kith_state_dup_presence (contact);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), presence);
  kith_avatar_set_contact (KITH_AVATAR (avatar), contact);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "contact", g_object_ref (contact), g_object_unref);

  return row;
}

/* Who can be written to, and matches what was entered. */
static gboolean
is_wanted_cb (gpointer item, gpointer user_data)
{
  KithForwardDialog *self = user_data;
  KithContact *contact = item;
  const char *needle = gtk_editable_get_text (self->search_entry);

  return kith_contact_get_relation (contact) == KITH_RELATION_MUTUAL
         && !kith_contact_get_blocked (contact)
         && (*needle == '\0'
             || g_str_match_string (needle, kith_contact_get_display_name (contact), TRUE));
}

static void
people_changed_cb (KithForwardDialog *self)
{
  gboolean none = g_list_model_get_n_items (G_LIST_MODEL (self->people)) == 0;

  gtk_stack_set_visible_child_name (self->stack, none ? "empty" : "list");
}

static void
search_changed_cb (KithForwardDialog *self)
{
  if (self->filter != NULL)
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
search_activated_cb (KithForwardDialog *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list_box, 0);

  if (row != NULL)
    row_activated_cb (self, row);
}

static void
kith_forward_dialog_dispose (GObject *object)
{
  KithForwardDialog *self = KITH_FORWARD_DIALOG (object);

  if (self->list_box != NULL)
    gtk_list_box_bind_model (self->list_box, NULL, NULL, NULL, NULL);
  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  self->filter = NULL;
  g_clear_object (&self->people);
  g_clear_object (&self->node);
  g_clear_pointer (&self->text, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_FORWARD_DIALOG);

  G_OBJECT_CLASS (kith_forward_dialog_parent_class)->dispose (object);
}

static void
kith_forward_dialog_class_init (KithForwardDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_forward_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-forward-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KithForwardDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithForwardDialog, text_label);
  gtk_widget_class_bind_template_child (widget_class, KithForwardDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithForwardDialog, list_box);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
kith_forward_dialog_init (KithForwardDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_forward_dialog_new:
 * @parent: the window it belongs to
 * @node: who sends
 * @text: what to send
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_forward_dialog_new (GtkWindow *parent, KithNode *node, const char *text)
{
  KithForwardDialog *self = g_object_new (KITH_TYPE_FORWARD_DIALOG, "transient-for", parent, NULL);
  g_autofree char *line = kith_markup_dup_line (text);

  self->node = g_object_ref (node);
  self->text = g_strdup (text);
  gtk_label_set_text (self->text_label, line);
  self->filter = gtk_custom_filter_new (is_wanted_cb, self, NULL);
  self->people = gtk_filter_list_model_new (g_object_ref (kith_node_get_contacts (node)),
                                            GTK_FILTER (self->filter));
  gtk_list_box_bind_model (self->list_box, G_LIST_MODEL (self->people), create_row_cb, NULL, NULL);
  g_signal_connect_object (self->people, "items-changed", G_CALLBACK (people_changed_cb), self,
                           G_CONNECT_SWAPPED);
  people_changed_cb (self);

  return GTK_WIDGET (self);
}
