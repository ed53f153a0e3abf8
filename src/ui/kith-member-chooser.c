/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-member-chooser.h"

#include <glib/gi18n.h>

#include "model/kith-names.h"
#include "ui/kith-person-row.h"

#define HEIGHT_PX 280
/* From here on names are looked for. */
#define MANY 8

struct _KithMemberChooser
{
  AdwBin parent_instance;

  GtkEditable *search_entry;
  GtkListView *list_view;
  GtkCustomFilter *filter; /* (owned by the model) (nullable) */
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithMemberChooser, kith_member_chooser, ADW_TYPE_BIN)

static gboolean
is_candidate_cb (gpointer item, gpointer user_data)
{
  KithMemberChooser *self = user_data;

  return !kith_member_get_admin (item)
         && kith_names_match (kith_member_get_name (item), gtk_editable_get_text (self->search_entry));
}

static void
search_changed_cb (KithMemberChooser *self)
{
  if (self->filter != NULL)
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
activated_cb (KithMemberChooser *self, guint position)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list_view));
  g_autoptr (KithMember) member = g_list_model_get_item (model, position);

  if (member != NULL)
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, member);
}

/* --- Rows ----------------------------------------------------------------------------------- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, kith_person_row_new ());
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  kith_person_row_set_member (KITH_PERSON_ROW (gtk_list_item_get_child (list_item)),
                              gtk_list_item_get_item (list_item), NULL);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  kith_person_row_set_person (KITH_PERSON_ROW (gtk_list_item_get_child (list_item)), NULL, "", "");
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_member_chooser_dispose (GObject *object)
{
  KithMemberChooser *self = KITH_MEMBER_CHOOSER (object);

  /* Whoever still has the list must not be led back here. */
  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  self->filter = NULL;

  G_OBJECT_CLASS (kith_member_chooser_parent_class)->dispose (object);
}

static void
kith_member_chooser_class_init (KithMemberChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_member_chooser_dispose;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", KITH_TYPE_MEMBER_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, KITH_TYPE_MEMBER);
}

static GtkWidget *
make_scrolled (GtkWidget *list_view)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), HEIGHT_PX);
  gtk_scrolled_window_set_has_frame (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list_view);

  return scrolled;
}

static void
kith_member_chooser_init (KithMemberChooser *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  self->search_entry = GTK_EDITABLE (gtk_search_entry_new ());
  g_object_set (self->search_entry, "placeholder-text", _("Search members"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Search members"), -1);
  g_signal_connect_object (self->search_entry, "search-changed", G_CALLBACK (search_changed_cb), self,
                           G_CONNECT_SWAPPED);

  self->list_view = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  gtk_list_view_set_single_click_activate (self->list_view, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list_view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Members"), -1);
  g_signal_connect_object (self->list_view, "activate", G_CALLBACK (activated_cb), self,
                           G_CONNECT_SWAPPED);

  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->search_entry));
  gtk_box_append (GTK_BOX (box), make_scrolled (GTK_WIDGET (self->list_view)));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
kith_member_chooser_new (KithGroup *group)
{
  KithMemberChooser *self = g_object_new (KITH_TYPE_MEMBER_CHOOSER, NULL);
  GtkFilterListModel *candidates;

  self->filter = gtk_custom_filter_new (is_candidate_cb, self, NULL);
  candidates = gtk_filter_list_model_new (g_object_ref (kith_group_get_members (group)),
                                          GTK_FILTER (self->filter));
  gtk_widget_set_visible (GTK_WIDGET (self->search_entry),
                          g_list_model_get_n_items (G_LIST_MODEL (candidates)) > MANY);
  gtk_list_view_set_model (self->list_view,
                           GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (candidates))));

  return GTK_WIDGET (self);
}
