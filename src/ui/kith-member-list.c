/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-member-list.h"

#include <glib/gi18n.h>

#include "model/kith-names.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-member-row.h"

/* So many are seen at a glance, and so many more each time the user wants more: what is in a list box
 * is all made at once. */
#define FEW 8
#define MORE 50

struct _KithMemberList
{
  AdwBin parent_instance;

  GtkEditable *search_entry;
  GtkListBox *list_box;
  GtkButton *more_button;

  guint n_rows;             /* at most so many */
  KithNode *node;           /* (owned) (nullable) */
  KithGroup *group;         /* (owned) (nullable) */
  GtkCustomFilter *filter;  /* (owned by found) */
  GtkFilterListModel *found; /* (owned) (nullable) whose name fits */
  GtkSliceListModel *shown; /* (owned) (nullable) the first of these */
};

G_DEFINE_FINAL_TYPE (KithMemberList, kith_member_list, ADW_TYPE_BIN)

static gboolean
is_searching (KithMemberList *self)
{
  return *gtk_editable_get_text (self->search_entry) != '\0';
}

static gboolean
has_name_cb (gpointer item, gpointer user_data)
{
  KithMemberList *self = user_data;

  return kith_names_match (kith_member_get_name (item), gtk_editable_get_text (self->search_entry));
}

static void
update (KithMemberList *self)
{
  guint n_members = kith_group_get_n_members (self->group);
  guint n_found = g_list_model_get_n_items (G_LIST_MODEL (self->found));
  guint n_hidden = n_found - MIN (n_found, self->n_rows);
  g_autofree char *words = NULL;

  if (n_hidden <= MORE && !is_searching (self))
    /* Translators: how many people are in a group */
    words = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Show All %u Member",
                                          "Show All %u Members", n_members), n_members);
  else
    /* Translators: how many more people a list shows */
    words = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Show %u More", "Show %u More",
                                          MIN (n_hidden, MORE)),
                             MIN (n_hidden, MORE));

  gtk_slice_list_model_set_size (self->shown, self->n_rows);
  gtk_button_set_label (self->more_button, words);
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), n_hidden > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->search_entry), n_members > FEW);
}

static void
search_changed_cb (KithMemberList *self)
{
  if (self->filter == NULL)
    return;

  self->n_rows = is_searching (self) ? MORE : FEW;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
}

/* Escape in the entry; in one that is empty it closes what is around us. */
static void
stop_search_cb (KithMemberList *self)
{
  if (is_searching (self))
    gtk_editable_set_text (self->search_entry, "");
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "window.close", NULL);
}

static void
more_clicked_cb (KithMemberList *self)
{
  self->n_rows += MORE;
  update (self);
  /* The button may have gone from under the focus. */
  if (!gtk_widget_get_visible (GTK_WIDGET (self->more_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  KithMemberList *self = user_data;

  return kith_member_row_new (item, self->node, self->group);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_member_list_dispose (GObject *object)
{
  KithMemberList *self = KITH_MEMBER_LIST (object);

  kith_member_list_clear (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_MEMBER_LIST);

  G_OBJECT_CLASS (kith_member_list_parent_class)->dispose (object);
}

static void
kith_member_list_class_init (KithMemberListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_member_list_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-member-list.ui");
  gtk_widget_class_bind_template_child (widget_class, KithMemberList, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithMemberList, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithMemberList, more_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_clicked_cb);
}

static void
kith_member_list_init (KithMemberList *self)
{
  self->n_rows = FEW;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_member_list_set_group:
 * @self: a list without a group
 * @node: who acts on them
 * @group: whose members to show
 */
void
kith_member_list_set_group (KithMemberList *self, KithNode *node, KithGroup *group)
{
  GListModel *members = kith_group_get_members (group);

  g_return_if_fail (KITH_IS_MEMBER_LIST (self));
  g_return_if_fail (self->group == NULL);

  self->node = g_object_ref (node);
  self->group = g_object_ref (group);
  self->filter = gtk_custom_filter_new (has_name_cb, self, NULL);
  self->found = gtk_filter_list_model_new (g_object_ref (members), GTK_FILTER (self->filter));
  self->shown = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->found)), 0, FEW);
  kith_list_focus_bind_model (self->list_box, G_LIST_MODEL (self->shown), create_row_cb, self);
  g_signal_connect_object (members, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
kith_member_list_clear (KithMemberList *self)
{
  g_return_if_fail (KITH_IS_MEMBER_LIST (self));

  if (self->group == NULL)
    return;

  g_signal_handlers_disconnect_by_data (kith_group_get_members (self->group), self);
  gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  kith_list_focus_bind_model (self->list_box, NULL, NULL, NULL);
  self->filter = NULL;
  g_clear_object (&self->shown);
  g_clear_object (&self->found);
  g_clear_object (&self->group);
  g_clear_object (&self->node);
}
