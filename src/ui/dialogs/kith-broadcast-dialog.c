/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-broadcast-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "node/kith-node-broadcast.h"

struct _KithBroadcastDialog
{
  AdwWindow parent_instance;

  GtkEditable *search_entry;
  GtkListView *list_view;
  GtkLabel *count_label;
  GtkTextView *text_view;
  GtkLabel *error_label;
  GtkWidget *send_button;

  KithNode *node;               /* (owned) */
  GHashTable *chosen;           /* (owned) (element-type KithContact) */
  GPtrArray *bound;             /* (owned) (element-type GtkListItem): that are shown */
  GtkCustomFilter *may_filter;  /* (owned by people): who can get it */
  GtkFilterListModel *people;   /* (owned) all of these */
  GtkCustomFilter *name_filter; /* (owned by the list view) */
  gboolean sending;
};

enum
{
  SIGNAL_SENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithBroadcastDialog, kith_broadcast_dialog, ADW_TYPE_WINDOW)

/* --- Who is chosen -------------------------------------------------------------------------- */

static gboolean
may_get_it_cb (gpointer item, gpointer user_data)
{
  KithContact *contact = item;

  return kith_contact_get_relation (contact) == KITH_RELATION_MUTUAL
         && !kith_contact_get_blocked (contact);
}

static gboolean
has_name_cb (gpointer item, gpointer user_data)
{
  KithBroadcastDialog *self = user_data;
  const char *needle = gtk_editable_get_text (self->search_entry);

  return *needle == '\0' || g_str_match_string (needle, kith_contact_get_display_name (item), TRUE);
}

/* Who was chosen and can still get it. (transfer full) (element-type KithContact) */
static GPtrArray *
collect_chosen (KithBroadcastDialog *self)
{
  GPtrArray *chosen = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->people));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (G_LIST_MODEL (self->people), i);

      if (g_hash_table_contains (self->chosen, contact))
        g_ptr_array_add (chosen, g_steal_pointer (&contact));
    }

  return chosen;
}

static char *
dup_text (KithBroadcastDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static void
update (KithBroadcastDialog *self)
{
  g_autoptr (GPtrArray) chosen = collect_chosen (self);
  g_autofree char *text = dup_text (self);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->people));
  gboolean too_many = chosen->len > KITH_LIMIT_BROADCAST_RECIPIENTS;
  g_autofree char *count = NULL;

  /* Translators: how many people are chosen, and how many there are */
  count = g_strdup_printf (_("%u of %u chosen"), chosen->len, n);
  gtk_label_set_text (self->count_label, count);
  gtk_widget_set_sensitive (self->send_button, chosen->len > 0 && !too_many && *text != '\0'
                                                   && strlen (text) <= KITH_LIMIT_MESSAGE_TEXT_BYTES
                                                   && !self->sending);
}

/* --- The list ------------------------------------------------------------------------------- */

static void
toggled_cb (GtkCheckButton *button, GtkListItem *list_item)
{
  KithBroadcastDialog *self = KITH_BROADCAST_DIALOG (gtk_widget_get_root (GTK_WIDGET (button)));
  KithContact *contact = gtk_list_item_get_item (list_item);

  if (contact == NULL)
    return;

  if (gtk_check_button_get_active (button))
    g_hash_table_add (self->chosen, g_object_ref (contact));
  else
    g_hash_table_remove (self->chosen, contact);
  update (self);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithBroadcastDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *presence = gtk_label_new (NULL);

  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_add_css_class (presence, "dim-label");
  gtk_widget_add_css_class (presence, "caption");
  gtk_box_append (GTK_BOX (box), button);
  gtk_box_append (GTK_BOX (box), presence);
  g_signal_connect (button, "toggled", G_CALLBACK (toggled_cb), list_item);
  gtk_list_item_set_child (list_item, box);
  gtk_list_item_set_activatable (list_item, FALSE);
  gtk_list_item_set_selectable (list_item, FALSE);
}

static void
show_row (KithBroadcastDialog *self, GtkListItem *list_item)
{
  KithContact *contact = gtk_list_item_get_item (list_item);
  GtkWidget *button = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *presence = gtk_widget_get_next_sibling (button);
  gboolean online = kith_contact_get_presence (contact) == KITH_PRESENCE_ONLINE;

  g_signal_handlers_block_by_func (button, toggled_cb, list_item);
  gtk_check_button_set_label (GTK_CHECK_BUTTON (button), kith_contact_get_display_name (contact));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button),
                               g_hash_table_contains (self->chosen, contact));
  g_signal_handlers_unblock_by_func (button, toggled_cb, list_item);
  gtk_label_set_text (GTK_LABEL (presence), online ? _("Online") : "");
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithBroadcastDialog *self)
{
  g_ptr_array_add (self->bound, list_item);
  show_row (self, list_item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithBroadcastDialog *self)
{
  if (self->bound != NULL)
    g_ptr_array_remove_fast (self->bound, list_item);
}

static void
refresh_list (KithBroadcastDialog *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    show_row (self, g_ptr_array_index (self->bound, i));
  update (self);
}

static void
choose (KithBroadcastDialog *self, gboolean (*is_wanted) (KithContact *contact))
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->people));

  g_hash_table_remove_all (self->chosen);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (G_LIST_MODEL (self->people), i);

      if (is_wanted (contact))
        g_hash_table_add (self->chosen, g_steal_pointer (&contact));
    }
  refresh_list (self);
}

static gboolean
is_online (KithContact *contact)
{
  return kith_contact_get_presence (contact) == KITH_PRESENCE_ONLINE;
}

static gboolean
is_anybody (KithContact *contact)
{
  return TRUE;
}

static gboolean
is_nobody (KithContact *contact)
{
  return FALSE;
}

static void
all_cb (KithBroadcastDialog *self)
{
  choose (self, is_anybody);
}

static void
none_cb (KithBroadcastDialog *self)
{
  choose (self, is_nobody);
}

static void
online_cb (KithBroadcastDialog *self)
{
  choose (self, is_online);
}

static void
search_changed_cb (KithBroadcastDialog *self)
{
  gtk_filter_changed (GTK_FILTER (self->name_filter), GTK_FILTER_CHANGE_DIFFERENT);
}

/* Escape in the entry. */
static void
stop_search_cb (KithBroadcastDialog *self)
{
  if (*gtk_editable_get_text (self->search_entry) != '\0')
    gtk_editable_set_text (self->search_entry, "");
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
contact_changed_cb (KithBroadcastDialog *self, KithContact *contact, const char *change)
{
  if (g_str_equal (change, "typing"))
    return;

  gtk_filter_changed (GTK_FILTER (self->may_filter), GTK_FILTER_CHANGE_DIFFERENT);
  refresh_list (self);
}

/* --- Sending -------------------------------------------------------------------------------- */

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithBroadcastDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithBroadcast) broadcast
      = kith_node_broadcast_finish (KITH_NODE (source), result, &error);
  g_autofree char *words = NULL;

  self->sending = FALSE;
  if (self->node == NULL)
    return;

  if (broadcast != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_SENT], 0, kith_broadcast_get_n_recipients (broadcast));
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  words = kith_explain_error (error);
  gtk_label_set_text (self->error_label, words);
  gtk_widget_show (GTK_WIDGET (self->error_label));
  update (self);
}

static void
send_cb (KithBroadcastDialog *self)
{
  g_autoptr (GPtrArray) chosen = collect_chosen (self);
  g_autofree char *text = dup_text (self);

  self->sending = TRUE;
  gtk_widget_hide (GTK_WIDGET (self->error_label));
  update (self);
  kith_node_broadcast_async (self->node, chosen, text, NULL, sent_cb, g_object_ref (self));
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_broadcast_dialog_dispose (GObject *object)
{
  KithBroadcastDialog *self = KITH_BROADCAST_DIALOG (object);

  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);
  if (self->people != NULL)
    g_signal_handlers_disconnect_by_data (self->people, self);
  if (self->text_view != NULL)
    g_signal_handlers_disconnect_by_data (gtk_text_view_get_buffer (self->text_view), self);
  g_clear_object (&self->people);
  g_clear_pointer (&self->chosen, g_hash_table_unref);
  g_clear_pointer (&self->bound, g_ptr_array_unref);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_BROADCAST_DIALOG);

  G_OBJECT_CLASS (kith_broadcast_dialog_parent_class)->dispose (object);
}

static void
kith_broadcast_dialog_class_init (KithBroadcastDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_broadcast_dialog_dispose;

  signals[SIGNAL_SENT] = g_signal_new ("sent", KITH_TYPE_BROADCAST_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-broadcast-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, list_view);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, count_label);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, KithBroadcastDialog, send_button);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_cb);
  gtk_widget_class_bind_template_callback (widget_class, none_cb);
  gtk_widget_class_bind_template_callback (widget_class, online_cb);
  gtk_widget_class_bind_template_callback (widget_class, send_cb);
}

static void
kith_broadcast_dialog_init (KithBroadcastDialog *self)
{
  self->bound = g_ptr_array_new ();
  self->chosen = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return g_utf8_collate (kith_contact_get_display_name ((KithContact *) a),
                         kith_contact_get_display_name ((KithContact *) b));
}

/**
 * kith_broadcast_dialog_new:
 * @parent: the window it belongs to
 * @node: whose contacts
 * @text: what to begin with; with a text, those who are online are chosen
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_broadcast_dialog_new (GtkWindow *parent, KithNode *node, const char *text)
{
  KithBroadcastDialog *self
      = g_object_new (KITH_TYPE_BROADCAST_DIALOG, "transient-for", parent, NULL);
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_cb, NULL, NULL));
  GtkSortListModel    *sorted
      = gtk_sort_list_model_new (g_object_ref (kith_node_get_contacts (node)), sorter);
  GtkFilterListModel *named;

  self->node = g_object_ref (node);
  self->may_filter = gtk_custom_filter_new (may_get_it_cb, NULL, NULL);
  self->people = gtk_filter_list_model_new (G_LIST_MODEL (sorted), GTK_FILTER (self->may_filter));
  self->name_filter = gtk_custom_filter_new (has_name_cb, self, NULL);
  named = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->people)),
                                     GTK_FILTER (self->name_filter));
  gtk_list_view_set_model (self->list_view,
                           GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (named))));

  g_signal_connect_object (self->people, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "contact-changed", G_CALLBACK (contact_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_text_view_get_buffer (self->text_view), "changed",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
  if (*text != '\0')
    online_cb (self);
  else
    update (self);

  return GTK_WIDGET (self);
}
