/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-preferences-pages.h"

#include "ui/dialogs/kith-preferences-search.h"
#include "ui/kith-focus.h"
#include "ui/kith-list-focus.h"

struct _KithPreferencesPages
{
  AdwBin parent_instance;

  AdwLeaflet *leaflet;
  GtkWidget *list_page;
  GtkWidget *content_page;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkStack *list_stack;
  GtkListBox *list_box;
  GtkListBox *found_box;
  GtkStack *stack;
  AdwWindowTitle *title;
  GtkWidget *search_button; /* bound, or they would stay when the template goes */
  GtkWidget *back_button;

  GListStore *found; /* (owned) (element-type AdwPreferencesRow) */
  guint search_id;
};

static GtkBuildableIface *parent_buildable;

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KithPreferencesPages, kith_preferences_pages, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

/* --- Rows of the list ----------------------------------------------------------------------- */

static AdwPreferencesPage *
get_page (GtkListBoxRow *row)
{
  return row != NULL ? g_object_get_data (G_OBJECT (row), "page") : NULL;
}

static GtkWidget *
make_row (AdwPreferencesPage *page, const char *title)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), adw_preferences_page_get_icon_name (page));
  g_object_set_data (G_OBJECT (row), "page", page);

  return row;
}

static void
add_page (KithPreferencesPages *self, AdwPreferencesPage *page)
{
  gtk_stack_add_named (self->stack, GTK_WIDGET (page), adw_preferences_page_get_name (page));
  gtk_list_box_append (self->list_box, make_row (page, adw_preferences_page_get_title (page)));
  if (gtk_list_box_get_selected_row (self->list_box) == NULL)
    gtk_list_box_select_row (self->list_box, gtk_list_box_get_row_at_index (self->list_box, 0));
}

/* --- Going to a page ------------------------------------------------------------------------ */

static void
row_selected_cb (KithPreferencesPages *self, GtkListBoxRow *row)
{
  AdwPreferencesPage *page = get_page (row);

  if (page == NULL)
    return;

  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (page));
  adw_window_title_set_title (self->title, adw_preferences_page_get_title (page));
}

static void
select_page (KithPreferencesPages *self, AdwPreferencesPage *page)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list_box, i)) != NULL; i++)
    if (get_page (row) == page)
      gtk_list_box_select_row (self->list_box, row);
}

/* Brings it before the user, and the keyboard to what stands first in it. */
static void
row_activated_cb (KithPreferencesPages *self, GtkListBoxRow *row)
{
  adw_leaflet_set_visible_child (self->leaflet, self->content_page);
  gtk_widget_child_focus (GTK_WIDGET (get_page (row)), GTK_DIR_TAB_FORWARD);
}

static void
back_cb (KithPreferencesPages *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->list_page);
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_selected_row (self->list_box)));
}

/* In the list the arrows choose, and a page is shown at once: Tab leaves it, or it would show them all in turn. */
static gboolean
tab_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  KithPreferencesPages *self = KITH_PREFERENCES_PAGES (widget);

  if (!kith_focus_is_in (GTK_WIDGET (self->list_box)))
    return FALSE;
  if (g_variant_get_boolean (arguments))
    return !adw_leaflet_get_folded (self->leaflet) && gtk_widget_child_focus (self->content_page, GTK_DIR_TAB_FORWARD);
  if (gtk_search_bar_get_search_mode (self->search_bar))
    return gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));

  return gtk_widget_grab_focus (self->search_button);
}

static void
bind_tab (GtkWidgetClass *widget_class, guint key)
{
  gtk_widget_class_add_binding (widget_class, key, 0, tab_cb, "b", TRUE);
  gtk_widget_class_add_binding (widget_class, key, GDK_SHIFT_MASK, tab_cb, "b", FALSE);
}

/* --- Searching ------------------------------------------------------------------------------ */

static GtkWidget *
make_found_row (gpointer item, gpointer user_data)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (gtk_widget_get_ancestor (item, ADW_TYPE_PREFERENCES_PAGE));
  GtkWidget *row = make_row (page, adw_preferences_row_get_title (item));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), adw_preferences_page_get_title (page));
  g_object_set_data_full (G_OBJECT (row), "found", g_object_ref (item), g_object_unref);

  return row;
}

static void changed_cb (KithPreferencesPages *self);

static void
search (KithPreferencesPages *self)
{
  const char *text = gtk_editable_get_text (self->search_entry);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GtkListBoxRow *row;

  for (int i = 0; *text != '\0' && (row = gtk_list_box_get_row_at_index (self->list_box, i)) != NULL; i++)
    {
      kith_preferences_search_follow (get_page (row), G_CALLBACK (changed_cb), self);
      kith_preferences_search_find (get_page (row), text, found);
    }

  g_list_store_splice (self->found, 0, g_list_model_get_n_items (G_LIST_MODEL (self->found)), found->pdata, found->len);
}

static gboolean
search_cb (gpointer user_data)
{
  KithPreferencesPages *self = user_data;

  self->search_id = 0;
  search (self);

  return G_SOURCE_REMOVE;
}

/* What can be found may be more, less or called otherwise; much of it changes at once. */
static void
changed_cb (KithPreferencesPages *self)
{
  /* The rows go with the pages. */
  if (self->found == NULL || self->search_id != 0)
    return;

  if (*gtk_editable_get_text (self->search_entry) != '\0')
    self->search_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, search_cb, self, NULL);
}

static void
search_changed_cb (KithPreferencesPages *self)
{
  gboolean is_searched = *gtk_editable_get_text (self->search_entry) != '\0';

  search (self);
  gtk_stack_set_visible_child_name (self->list_stack, is_searched ? "found" : "pages");
}

static void
found_activated_cb (KithPreferencesPages *self, GtkListBoxRow *row)
{
  g_autoptr (GtkWidget) found = g_object_ref (g_object_get_data (G_OBJECT (row), "found"));

  select_page (self, get_page (row));
  adw_leaflet_set_visible_child (self->leaflet, self->content_page);
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  kith_preferences_search_show (found);
}

static void
search_activated_cb (KithPreferencesPages *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->found_box, 0);

  if (row != NULL)
    found_activated_cb (self, row);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithPreferencesPages *self = KITH_PREFERENCES_PAGES (widget);

  adw_leaflet_set_visible_child (self->leaflet, self->list_page);
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* --- Life ----------------------------------------------------------------------------------- */

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (ADW_IS_PREFERENCES_PAGE (child))
    add_page (KITH_PREFERENCES_PAGES (buildable), ADW_PREFERENCES_PAGE (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = add_child;
}

static void
kith_preferences_pages_dispose (GObject *object)
{
  KithPreferencesPages *self = KITH_PREFERENCES_PAGES (object);

  g_clear_handle_id (&self->search_id, g_source_remove);
  if (self->found_box != NULL)
    kith_list_focus_bind_model (self->found_box, NULL, NULL, NULL);
  g_clear_object (&self->found);
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_PREFERENCES_PAGES);

  G_OBJECT_CLASS (kith_preferences_pages_parent_class)->dispose (object);
}

static void
kith_preferences_pages_class_init (KithPreferencesPagesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_preferences_pages_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-preferences-pages.ui");
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, leaflet);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, list_page);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, content_page);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, search_bar);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, list_stack);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, found_box);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, stack);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, title);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, search_button);
  gtk_widget_class_bind_template_child (widget_class, KithPreferencesPages, back_button);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, found_activated_cb);

  bind_tab (widget_class, GDK_KEY_Tab);
  bind_tab (widget_class, GDK_KEY_KP_Tab);
  gtk_widget_class_install_action (widget_class, "pages.search", NULL, search_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "pages.search", NULL);
}

static void
kith_preferences_pages_init (KithPreferencesPages *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  self->found = g_list_store_new (ADW_TYPE_PREFERENCES_ROW);
  kith_list_focus_bind_model (self->found_box, G_LIST_MODEL (self->found), make_found_row, self);
}

/**
 * kith_preferences_pages_show:
 * @self: pages
 * @name: that of one of them
 *
 * Brings it before the user.
 */
void
kith_preferences_pages_show (KithPreferencesPages *self, const char *name)
{
  GtkWidget *page;

  g_return_if_fail (KITH_IS_PREFERENCES_PAGES (self));

  page = gtk_stack_get_child_by_name (self->stack, name);
  g_return_if_fail (page != NULL);

  select_page (self, ADW_PREFERENCES_PAGE (page));
  adw_leaflet_set_visible_child (self->leaflet, self->content_page);
}
