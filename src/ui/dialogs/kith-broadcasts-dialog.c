/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-broadcasts-dialog.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "node/kith-node-broadcast.h"
#include "ui/kith-announce.h"
#include "ui/kith-decoration.h"
#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-markup.h"
#include "ui/kith-person-row.h"
#include "ui/kith-state.h"

/* Receipts that come together are shown once. */
#define RELOAD_MS 200

struct _KithBroadcastsDialog
{
  AdwWindow parent_instance;

  GtkStack *stack;
  GtkWidget *back_button;
  GtkWidget *delete_button;
  GtkListBox *list_box;
  GtkLabel *text_label;
  GtkLabel *progress_label;
  GtkListView *recipients_view;
  GtkLabel *error_label;

  KithNode *node;            /* (owned) */
  GCancellable *cancellable; /* (owned) */
  KithBroadcast *shown;      /* (owned) (nullable): whose recipients are shown */
  char *left;                /* (owned) (nullable): the id of the one that was shown before all are again */
  guint reload_id;
};

G_DEFINE_FINAL_TYPE (KithBroadcastsDialog, kith_broadcasts_dialog, ADW_TYPE_WINDOW)

static char *
dup_progress (KithBroadcast *broadcast)
{
  return g_strdup_printf (
      /* Translators: to how many a message was delivered, of how many, how many have read it */
      _("Delivered to %u of %u, read by %u"), kith_broadcast_get_n_delivered (broadcast),
      kith_broadcast_get_n_recipients (broadcast), kith_broadcast_get_n_read (broadcast));
}

/* Returns: whether it is over */
static gboolean
show_error (KithBroadcastsDialog *self, const GError *error)
{
  g_autofree char *words = NULL;

  if (self->node == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  if (error == NULL)
    return FALSE;

  words = kith_explain_error (error);
  gtk_label_set_text (self->error_label, words);
  gtk_stack_set_visible_child_name (self->stack, "error");
  kith_announce (GTK_WIDGET (self), words);
  return TRUE;
}

static void
show_page (KithBroadcastsDialog *self, const char *page)
{
  gboolean is_one = g_str_equal (page, "recipients");

  gtk_widget_set_visible (self->back_button, is_one);
  gtk_widget_set_visible (self->delete_button, is_one);
  gtk_stack_set_visible_child_name (self->stack, page);
}

/* --- One of them ---------------------------------------------------------------------------- */

static gboolean
is_same (KithRecipient *one, KithRecipient *other)
{
  return kith_recipient_get_contact (one) == kith_recipient_get_contact (other)
         && kith_recipient_get_state (one) == kith_recipient_get_state (other)
         && kith_recipient_get_kept (one) == kith_recipient_get_kept (other);
}

/* What says the same stays, with the place of the keyboard in it. */
static void
show_recipients (KithBroadcastsDialog *self, GListModel *recipients)
{
  GListModel *before = G_LIST_MODEL (gtk_list_view_get_model (self->recipients_view));
  guint n = g_list_model_get_n_items (recipients);
  gboolean is_new = before == NULL || g_list_model_get_n_items (before) != n;

  for (guint i = 0; i < n && !is_new; i++)
    {
      g_autoptr (KithRecipient) one = g_list_model_get_item (before, i);
      g_autoptr (KithRecipient) other = g_list_model_get_item (recipients, i);

      is_new = !is_same (one, other);
    }

  if (is_new)
    gtk_list_view_set_model (self->recipients_view,
                             GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (recipients))));
}

static void
one_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithBroadcastsDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithBroadcast) broadcast
      = kith_node_load_broadcast_finish (KITH_NODE (source), result, &error);
  g_autofree char *progress = NULL;
  GListModel *recipients;

  if (show_error (self, error) || self->shown == NULL
      || !g_str_equal (kith_broadcast_get_id (broadcast), kith_broadcast_get_id (self->shown)))
    return;

  progress = dup_progress (broadcast);
  recipients = kith_broadcast_get_recipients (broadcast);
  gtk_label_set_text (self->text_label, kith_broadcast_get_text (broadcast));
  gtk_label_set_text (self->progress_label, progress);
  show_recipients (self, recipients);
  show_page (self, "recipients");
}

static void
load_one (KithBroadcastsDialog *self)
{
  kith_node_load_broadcast_async (self->node, kith_broadcast_get_id (self->shown),
                                  self->cancellable, one_loaded_cb, g_object_ref (self));
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithBroadcastsDialog *self)
{
  gtk_list_item_set_child (list_item, kith_person_row_new ());
  gtk_list_item_set_activatable (list_item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithBroadcastsDialog *self)
{
  KithRecipient *recipient = gtk_list_item_get_item (list_item);
  KithContact *contact = kith_recipient_get_contact (recipient);

  kith_person_row_set_person (KITH_PERSON_ROW (gtk_list_item_get_child (list_item)), contact,
                              contact == NULL ? _("Somebody you have removed") : NULL,
                              kith_recipient_get_kept (recipient)
                                  ? kith_state_get_words (kith_recipient_get_state (recipient))
                                  : _("Message deleted here"));
}

/* --- All of them ---------------------------------------------------------------------------- */

static GtkWidget *
create_row (KithBroadcast *broadcast)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = kith_markup_dup_line (kith_broadcast_get_text (broadcast));
  g_autofree char *time = kith_format_full_time (kith_broadcast_get_time_ms (broadcast));
  g_autofree char *progress = dup_progress (broadcast);
  g_autofree char *subtitle = g_strdup_printf ("%s\n%s", time, progress);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             kith_decoration_new ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  kith_list_focus_set_name (row, kith_broadcast_get_id (broadcast));
  g_object_set_data_full (G_OBJECT (row), "broadcast", g_object_ref (broadcast), g_object_unref);
  return row;
}

static void
all_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithBroadcastsDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = kith_node_load_broadcasts_finish (KITH_NODE (source), result, &error);
  g_autofree char *focus = NULL;

  if (show_error (self, error) || self->shown != NULL)
    return;

  focus = kith_list_focus_empty (self->list_box);
  for (guint i = 0; i < all->len; i++)
    gtk_list_box_append (self->list_box, create_row (g_ptr_array_index (all, i)));
  show_page (self, all->len > 0 ? "list" : "empty");
  kith_list_focus_return (self->list_box, self->left != NULL ? self->left : focus);
  g_clear_pointer (&self->left, g_free);
}

static void
load (KithBroadcastsDialog *self)
{
  if (self->shown != NULL)
    load_one (self);
  else
    kith_node_load_broadcasts_async (self->node, self->cancellable, all_loaded_cb,
                                     g_object_ref (self));
}

static void
row_activated_cb (KithBroadcastsDialog *self, GtkListBoxRow *row)
{
  g_set_object (&self->shown, g_object_get_data (G_OBJECT (row), "broadcast"));
  load (self);
}

static void
back_cb (KithBroadcastsDialog *self)
{
  g_free (self->left);
  self->left = g_strdup (self->shown != NULL ? kith_broadcast_get_id (self->shown) : NULL);
  g_clear_object (&self->shown);
  load (self);
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithBroadcastsDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  kith_node_delete_broadcast_finish (KITH_NODE (source), result, &error);
  if (!show_error (self, error))
    back_cb (self);
}

static void
delete_cb (KithBroadcastsDialog *self)
{
  if (self->shown != NULL)
    kith_node_delete_broadcast_async (self->node, self->shown, self->cancellable, deleted_cb,
                                      g_object_ref (self));
}

static gboolean
reload_cb (gpointer user_data)
{
  KithBroadcastsDialog *self = user_data;

  self->reload_id = 0;
  load (self);
  return G_SOURCE_REMOVE;
}

static void
message_changed_cb (KithBroadcastsDialog *self, KithConversation *conversation,
                    KithMessage *message)
{
  if (kith_message_get_broadcast (message) && self->reload_id == 0)
    self->reload_id = g_timeout_add (RELOAD_MS, reload_cb, self);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_broadcasts_dialog_dispose (GObject *object)
{
  KithBroadcastsDialog *self = KITH_BROADCASTS_DIALOG (object);

  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->shown);
  g_clear_pointer (&self->left, g_free);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_BROADCASTS_DIALOG);

  G_OBJECT_CLASS (kith_broadcasts_dialog_parent_class)->dispose (object);
}

static void
kith_broadcasts_dialog_class_init (KithBroadcastsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_broadcasts_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-broadcasts-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastsDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastsDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastsDialog, delete_button);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastsDialog, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastsDialog, text_label);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastsDialog, progress_label);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastsDialog, recipients_view);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastsDialog, error_label);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
}

static void
kith_broadcasts_dialog_init (KithBroadcastsDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_broadcasts_dialog_new:
 * @parent: the window it belongs to
 * @node: who has sent
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_broadcasts_dialog_new (GtkWindow *parent, KithNode *node)
{
  KithBroadcastsDialog *self
      = g_object_new (KITH_TYPE_BROADCASTS_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  g_signal_connect_object (node, "message-changed", G_CALLBACK (message_changed_cb), self,
                           G_CONNECT_SWAPPED);
  load (self);

  return GTK_WIDGET (self);
}
