/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-people-chooser.h"

#include <glib/gi18n.h>

#include "model/kith-names.h"
#include "ui/kith-announce.h"
#include "ui/kith-row-name.h"

struct _KithPeopleChooser
{
  AdwBin parent_instance;

  GtkEditable *search_entry;
  GtkListView *list_view;
  GtkLabel *count_label;
  GtkStack *stack;

  KithNode *node;               /* (owned) (nullable) */
  KithPeopleFilter filter;      /* (nullable) */
  gpointer filter_data;         /* (unowned) */
  GHashTable *chosen;           /* (owned) (element-type KithContact) */
  GPtrArray *bound;             /* (owned) (element-type GtkListItem): that are shown */
  GtkCustomFilter *may_filter;  /* (owned by people): who can be chosen */
  GtkFilterListModel *people;   /* (owned) (nullable) all of these */
  GtkCustomFilter *name_filter; /* (owned by the list view) */
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_STOPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithPeopleChooser, kith_people_chooser, ADW_TYPE_BIN)

/* --- Who is chosen -------------------------------------------------------------------------- */

static gboolean
may_be_chosen_cb (gpointer item, gpointer user_data)
{
  KithPeopleChooser *self = user_data;
  KithContact *contact = item;

  return kith_contact_get_relation (contact) == KITH_RELATION_MUTUAL
         && !kith_contact_get_blocked (contact)
         && (self->filter == NULL || self->filter (contact, self->filter_data));
}

static gboolean
has_name_cb (gpointer item, gpointer user_data)
{
  KithPeopleChooser *self = user_data;

  return kith_names_match (kith_contact_get_display_name (item), gtk_editable_get_text (self->search_entry));
}

static void
update (KithPeopleChooser *self)
{
  g_autoptr (GPtrArray) chosen = kith_people_chooser_dup_chosen (self);
  g_autofree char *count = g_strdup_printf (
      /* Translators: how many people are chosen, and how many there are */
      g_dngettext (GETTEXT_PACKAGE, "%u of %u chosen", "%u of %u chosen", chosen->len), chosen->len,
      kith_people_chooser_get_n_people (self));

  gtk_label_set_text (self->count_label, count);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* --- The list ------------------------------------------------------------------------------- */

static void
toggled_cb (GtkCheckButton *button, GtkListItem *list_item)
{
  KithPeopleChooser *self
      = KITH_PEOPLE_CHOOSER (gtk_widget_get_ancestor (GTK_WIDGET (button), KITH_TYPE_PEOPLE_CHOOSER));
  KithContact *contact = gtk_list_item_get_item (list_item);

  if (contact == NULL || self == NULL)
    return;

  if (gtk_check_button_get_active (button))
    g_hash_table_add (self->chosen, g_object_ref (contact));
  else
    g_hash_table_remove (self->chosen, contact);
  update (self);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithPeopleChooser *self)
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
show_row (KithPeopleChooser *self, GtkListItem *list_item)
{
  KithContact *contact = gtk_list_item_get_item (list_item);
  GtkWidget *button = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *presence = gtk_widget_get_next_sibling (button);
  gboolean online = kith_contact_get_presence (contact) == KITH_PRESENCE_ONLINE;
  g_autofree char *name = NULL;

  g_signal_handlers_block_by_func (button, toggled_cb, list_item);
  gtk_check_button_set_label (GTK_CHECK_BUTTON (button), kith_contact_get_display_name (contact));
  gtk_label_set_ellipsize (GTK_LABEL (gtk_widget_get_last_child (button)), PANGO_ELLIPSIZE_END);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (button),
                               g_hash_table_contains (self->chosen, contact));
  g_signal_handlers_unblock_by_func (button, toggled_cb, list_item);
  /* Translators: a person is; a button that chooses those who are */
  gtk_label_set_text (GTK_LABEL (presence), online ? _("Online") : "");
  /* Translators: name, presence */
  name = online ? g_strdup_printf (_("%s, %s"), kith_contact_get_display_name (contact), _("Online"))
                : g_strdup (kith_contact_get_display_name (contact));
  kith_row_name_set (gtk_list_item_get_child (list_item), name);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithPeopleChooser *self)
{
  g_ptr_array_add (self->bound, list_item);
  show_row (self, list_item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithPeopleChooser *self)
{
  if (self->bound != NULL)
    g_ptr_array_remove_fast (self->bound, list_item);
}

static void
refresh_list (KithPeopleChooser *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    show_row (self, g_ptr_array_index (self->bound, i));
  update (self);
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
choose (KithPeopleChooser *self, gboolean (*is_wanted) (KithContact *contact))
{
  guint n = kith_people_chooser_get_n_people (self);

  g_hash_table_remove_all (self->chosen);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (G_LIST_MODEL (self->people), i);

      if (is_wanted (contact))
        g_hash_table_add (self->chosen, g_steal_pointer (&contact));
    }
  refresh_list (self);
}

static void
all_cb (KithPeopleChooser *self)
{
  choose (self, is_anybody);
}

static void
none_cb (KithPeopleChooser *self)
{
  choose (self, is_nobody);
}

static void
show_page (KithPeopleChooser *self)
{
  GtkSelectionModel *found = gtk_list_view_get_model (self->list_view);
  gboolean was_none = g_str_equal (gtk_stack_get_visible_child_name (self->stack), "nothing-found");
  gboolean none = found != NULL && g_list_model_get_n_items (G_LIST_MODEL (found)) == 0
                  && *gtk_editable_get_text (self->search_entry) != '\0';

  gtk_stack_set_visible_child_name (self->stack, none ? "nothing-found" : "list");
  if (none && !was_none)
    kith_announce (GTK_WIDGET (self), _("Nothing Found"));
}

static void
search_changed_cb (KithPeopleChooser *self)
{
  if (self->name_filter == NULL)
    return;

  gtk_filter_changed (GTK_FILTER (self->name_filter), GTK_FILTER_CHANGE_DIFFERENT);
  show_page (self);
}

/* Escape in the entry. */
static void
stop_search_cb (KithPeopleChooser *self)
{
  if (*gtk_editable_get_text (self->search_entry) != '\0')
    gtk_editable_set_text (self->search_entry, "");
  else
    g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
}

static void
contact_changed_cb (KithPeopleChooser *self, KithContact *contact, const char *change)
{
  if (g_str_equal (change, "typing"))
    return;

  gtk_filter_changed (GTK_FILTER (self->may_filter), GTK_FILTER_CHANGE_DIFFERENT);
  refresh_list (self);
}

/* --- Object --------------------------------------------------------------------------------- */

static gboolean
kith_people_chooser_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (KITH_PEOPLE_CHOOSER (widget)->search_entry));
}

static void
kith_people_chooser_dispose (GObject *object)
{
  KithPeopleChooser *self = KITH_PEOPLE_CHOOSER (object);

  kith_people_chooser_clear (self);
  g_clear_pointer (&self->chosen, g_hash_table_unref);
  g_clear_pointer (&self->bound, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_PEOPLE_CHOOSER);

  G_OBJECT_CLASS (kith_people_chooser_parent_class)->dispose (object);
}

static void
kith_people_chooser_class_init (KithPeopleChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_people_chooser_dispose;
  widget_class->grab_focus = kith_people_chooser_grab_focus;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", KITH_TYPE_PEOPLE_CHOOSER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_STOPPED] = g_signal_new ("stopped", KITH_TYPE_PEOPLE_CHOOSER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/kith-people-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, KithPeopleChooser, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithPeopleChooser, list_view);
  gtk_widget_class_bind_template_child (widget_class, KithPeopleChooser, count_label);
  gtk_widget_class_bind_template_child (widget_class, KithPeopleChooser, stack);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_cb);
  gtk_widget_class_bind_template_callback (widget_class, none_cb);
  gtk_widget_class_bind_template_callback (widget_class, kith_people_chooser_choose_online);
}

static void
kith_people_chooser_init (KithPeopleChooser *self)
{
  self->bound = g_ptr_array_new ();
  self->chosen = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_people_chooser_set_node:
 * @self: a chooser without a node
 * @node: whose contacts to offer
 * @filter: (nullable): which of them
 * @user_data: for @filter
 */
void
kith_people_chooser_set_node (KithPeopleChooser *self, KithNode *node, KithPeopleFilter filter,
                              gpointer user_data)
{
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (kith_contact_compare_names, NULL, NULL));
  GtkSortListModel *sorted;
  GtkFilterListModel *named;
  g_autoptr (GtkNoSelection) selection = NULL;

  g_return_if_fail (KITH_IS_PEOPLE_CHOOSER (self));
  g_return_if_fail (self->node == NULL);

  self->node = g_object_ref (node);
  self->filter = filter;
  self->filter_data = user_data;
  sorted = gtk_sort_list_model_new (g_object_ref (kith_node_get_contacts (node)), sorter);
  self->may_filter = gtk_custom_filter_new (may_be_chosen_cb, self, NULL);
  self->people = gtk_filter_list_model_new (G_LIST_MODEL (sorted), GTK_FILTER (self->may_filter));
  self->name_filter = gtk_custom_filter_new (has_name_cb, self, NULL);
  named = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->people)),
                                     GTK_FILTER (self->name_filter));
  selection = gtk_no_selection_new (G_LIST_MODEL (named));
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
  g_signal_connect_object (selection, "items-changed", G_CALLBACK (show_page), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (self->people, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "contact-changed", G_CALLBACK (contact_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

void
kith_people_chooser_clear (KithPeopleChooser *self)
{
  g_return_if_fail (KITH_IS_PEOPLE_CHOOSER (self));

  if (self->node == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->node, self);
  g_signal_handlers_disconnect_by_data (self->people, self);
  /* Whoever still has the lists must not be led back here. */
  gtk_custom_filter_set_filter_func (self->may_filter, NULL, NULL, NULL);
  gtk_custom_filter_set_filter_func (self->name_filter, NULL, NULL, NULL);
  gtk_list_view_set_model (self->list_view, NULL);
  self->name_filter = NULL;
  self->may_filter = NULL;
  g_clear_object (&self->people);
  g_clear_object (&self->node);
}

GPtrArray *
kith_people_chooser_dup_chosen (KithPeopleChooser *self)
{
  GPtrArray *chosen = g_ptr_array_new_with_free_func (g_object_unref);
  guint n;

  g_return_val_if_fail (KITH_IS_PEOPLE_CHOOSER (self), chosen);

  n = kith_people_chooser_get_n_people (self);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (G_LIST_MODEL (self->people), i);

      if (g_hash_table_contains (self->chosen, contact))
        g_ptr_array_add (chosen, g_steal_pointer (&contact));
    }

  return chosen;
}

guint
kith_people_chooser_get_n_people (KithPeopleChooser *self)
{
  g_return_val_if_fail (KITH_IS_PEOPLE_CHOOSER (self), 0);

  return self->people != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->people)) : 0;
}

void
kith_people_chooser_choose_online (KithPeopleChooser *self)
{
  g_return_if_fail (KITH_IS_PEOPLE_CHOOSER (self));

  choose (self, is_online);
}
