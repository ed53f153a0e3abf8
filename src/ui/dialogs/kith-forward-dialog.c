/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-forward-dialog.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "model/kith-names.h"
#include "node/kith-node-messages.h"
#include "ui/kith-announce.h"
#include "ui/kith-keys.h"
#include "ui/kith-list-clicks.h"
#include "ui/kith-markup.h"
#include "ui/kith-person-row.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

struct _KithForwardDialog
{
  AdwWindow parent_instance;

  GtkEditable *search_entry;
  GtkLabel *text_label;
  GtkStack *stack;
  GtkListView *list_view;
  AdwToastOverlay *toasts;

  KithNode *node;                /* (owned) */
  KithConversation *conversation; /* (owned): where the message is ... */
  char *id;                      /* (owned): ... which it is */
  GtkFilterListModel *possible;  /* (owned by selection): who can be written to */
  GtkCustomFilter *name_filter;  /* (owned by selection) */
  GtkSingleSelection *selection; /* (owned): of those who match what was entered */
  gboolean is_sending;
};

G_DEFINE_FINAL_TYPE (KithForwardDialog, kith_forward_dialog, ADW_TYPE_WINDOW)

typedef struct
{
  KithForwardDialog *dialog; /* (owned) */
  GtkWidget *parent;         /* (owned) */
  char *name;                /* (owned): of whom it goes to */
} Sending;

/* It may have been deleted, or have disappeared, while the dialog was open. */
static void
say_error (KithForwardDialog *self, GtkWidget *parent, const GError *error)
{
  gboolean is_open = gtk_widget_get_realized (GTK_WIDGET (self));

  if (is_open && g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND))
    kith_toast_show (self->toasts, _("That message is not there anymore"));
  else if (is_open)
    kith_toast_show_error (self->toasts, error);
  else
    kith_toast_say_error (parent, error);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Sending *sending = user_data;
  g_autoptr (KithForwardDialog) self = sending->dialog;
  g_autoptr (GtkWidget) parent = sending->parent;
  g_autofree char *name = sending->name;
  g_autofree char *words = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message = kith_node_send_finish (KITH_NODE (source), result, &error);

  self->is_sending = FALSE;
  if (message == NULL)
    {
      say_error (self, parent, error);
      return;
    }

  /* Translators: a message was sent on to that person */
  words = kith_sentence_make (_("Forwarded to %s"), name);
  kith_toast_say (parent, words);
  if (gtk_widget_get_realized (GTK_WIDGET (self)))
    gtk_window_close (GTK_WINDOW (self));
}

static void
activate_cb (KithForwardDialog *self, guint position)
{
  g_autoptr (KithContact) contact = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  Sending *sending;

  if (self->is_sending || contact == NULL)
    return;

  self->is_sending = TRUE;
  sending = g_new0 (Sending, 1);
  sending->dialog = g_object_ref (self);
  sending->parent = g_object_ref (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))));
  sending->name = g_strdup (kith_contact_get_display_name (contact));
  kith_node_forward_async (self->node, self->conversation, self->id,
                           kith_node_get_conversation (self->node, contact), NULL, sent_cb, sending);
}

/* --- Rows ----------------------------------------------------------------------------------- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithForwardDialog *self)
{
  GtkWidget *row = kith_person_row_new ();

  kith_list_item_take_clicks (list_item, row);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithForwardDialog *self)
{
  kith_person_row_set_person (KITH_PERSON_ROW (gtk_list_item_get_child (list_item)),
                              gtk_list_item_get_item (list_item), NULL, NULL);
}

/* --- Who is looked for ---------------------------------------------------------------------- */

static gboolean
can_be_written_to_cb (gpointer item, gpointer user_data)
{
  return kith_contact_get_relation (item) == KITH_RELATION_MUTUAL && !kith_contact_get_blocked (item);
}

static gboolean
has_name_cb (gpointer item, gpointer user_data)
{
  KithForwardDialog *self = user_data;

  return kith_names_match (kith_contact_get_display_name (item), gtk_editable_get_text (self->search_entry));
}

static void
people_changed_cb (KithForwardDialog *self)
{
  gboolean was_found = !g_str_equal (gtk_stack_get_visible_child_name (self->stack), "nothing-found");
  const char *page = "list";

  if (g_list_model_get_n_items (G_LIST_MODEL (self->possible)) == 0)
    page = "empty";
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0)
    page = "nothing-found";

  gtk_stack_set_visible_child_name (self->stack, page);
  if (was_found && g_str_equal (page, "nothing-found"))
    kith_announce (GTK_WIDGET (self), _("Nothing Found"));
}

/* At once and not when the user pauses: Enter may follow, and goes to whoever is marked. Nobody is as long as
 * nothing was entered. */
static void
search_changed_cb (KithForwardDialog *self)
{
  gboolean is_searched = *gtk_editable_get_text (self->search_entry) != '\0';

  if (self->node == NULL)
    return;

  gtk_filter_changed (GTK_FILTER (self->name_filter), GTK_FILTER_CHANGE_DIFFERENT);
  gtk_single_selection_set_selected (self->selection, is_searched ? 0 : GTK_INVALID_LIST_POSITION);
  people_changed_cb (self);
}

static void
search_activated_cb (KithForwardDialog *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (*gtk_editable_get_text (self->search_entry) != '\0' && position != GTK_INVALID_LIST_POSITION)
    activate_cb (self, position);
}

static void
kith_forward_dialog_dispose (GObject *object)
{
  KithForwardDialog *self = KITH_FORWARD_DIALOG (object);

  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);
  if (self->name_filter != NULL)
    gtk_custom_filter_set_filter_func (self->name_filter, NULL, NULL, NULL);
  self->name_filter = NULL;
  g_clear_object (&self->selection);
  g_clear_object (&self->node);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->id, g_free);
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
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithForwardDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithForwardDialog, text_label);
  gtk_widget_class_bind_template_child (widget_class, KithForwardDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithForwardDialog, list_view);
  gtk_widget_class_bind_template_child (widget_class, KithForwardDialog, toasts);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
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
 * @conversation: where the message is
 * @message: what to send: as it is when that is chosen to whom it goes
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_forward_dialog_new (GtkWindow *parent, KithNode *node, KithConversation *conversation, KithMessage *message)
{
  KithForwardDialog *self = g_object_new (KITH_TYPE_FORWARD_DIALOG, "transient-for", parent, NULL);
  g_autofree char *line = kith_markup_dup_line (kith_message_get_text (message));
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (kith_contact_compare_names, NULL, NULL));
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (can_be_written_to_cb, NULL, NULL));
  GtkSortListModel *sorted = gtk_sort_list_model_new (g_object_ref (kith_node_get_contacts (node)), sorter);
  GtkFilterListModel *named;

  self->node = g_object_ref (node);
  self->conversation = g_object_ref (conversation);
  self->id = g_strdup (kith_message_get_id (message));
  gtk_label_set_text (self->text_label, line);
  self->possible = gtk_filter_list_model_new (G_LIST_MODEL (sorted), filter);
  self->name_filter = gtk_custom_filter_new (has_name_cb, self, NULL);
  named = gtk_filter_list_model_new (G_LIST_MODEL (self->possible), GTK_FILTER (self->name_filter));
  self->selection = g_object_new (GTK_TYPE_SINGLE_SELECTION, "autoselect", FALSE, "can-unselect", TRUE,
                                  "model", named, NULL);
  g_object_unref (named);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (people_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->possible, "items-changed", G_CALLBACK (people_changed_cb), self,
                           G_CONNECT_SWAPPED);
  people_changed_cb (self);

  return GTK_WIDGET (self);
}
