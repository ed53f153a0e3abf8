/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sidebar.h"

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-announce.h"
#include "ui/kith-hit-search.h"
#include "ui/kith-me-button.h"
#include "ui/kith-sidebar-items.h"
#include "ui/kith-sidebar-list.h"

struct _KithSidebar
{
  AdwBin parent_instance;

  GtkToggleButton *search_button;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkStack *stack;
  KithSidebarList *list;
  GtkLabel *hits_label;
  AdwStatusPage *failed_page;
  GtkWidget *header_bar;
  GtkMenuButton *add_button;
  GtkMenuButton *menu_button;
  KithMeButton *me_button;
  GtkWidget *filter_button;
  GtkWidget *memory_label;

  char *searched;            /* (owned) (nullable): what the lists follow */
  gboolean folded;
  char *sort;        /* (owned) "activity" or "name" */
  char *filter_name; /* (owned) "all", one of filters, "archived" or "removed" */
  KithNode *node;          /* (owned) (nullable) */
  KithSidebarItems *items; /* (owned) (nullable) */
  GListModel *listed;      /* (owned) (nullable) the items, then the hits */
  KithHitSearch *hits;     /* (owned) */
  GObject *selected;       /* (owned) (nullable) what is open beside the list */
};

enum
{
  PROP_0,
  PROP_FOLDED,
  PROP_SORT,
  PROP_FILTER,
  N_PROPS
};

enum
{
  SIGNAL_OPENED,
  SIGNAL_HIT_OPENED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithSidebar, kith_sidebar, ADW_TYPE_BIN)

static gboolean
is_searching (KithSidebar *self)
{
  return *gtk_editable_get_text (self->search_entry) != '\0';
}

static guint
count_items (KithSidebar *self)
{
  return self->items != NULL ? g_list_model_get_n_items (kith_sidebar_items_get_model (self->items)) : 0;
}

static void
show_selected (KithSidebar *self)
{
  kith_sidebar_list_set_open (self->list, self->selected, !self->folded);
}

/* What takes the place of an empty list while it is searched. */
static const char *
choose_search_page (KithSidebar *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->hits)) > 0 || kith_hit_search_is_running (self->hits))
    return "list";

  return kith_hit_search_has_failed (self->hits) ? "search-failed" : "no-results";
}

static void
update_stack (KithSidebar *self)
{
  gboolean none = count_items (self) == 0;
  gboolean all = g_str_equal (self->filter_name, "all");
  const char *words = kith_hit_search_get_words (self->hits);
  const char *page = "list";

  gtk_label_set_text (self->hits_label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hits_label), is_searching (self) && words != NULL);

  if (none && is_searching (self))
    page = choose_search_page (self);
  else if (none && all && self->items != NULL && kith_sidebar_items_has_archived (self->items))
    page = "all-archived";
  else if (none)
    page = all ? "empty" : "filtered";

  gtk_stack_set_visible_child_name (self->stack, page);
}

/* The entry has waited until the user paused, or Enter does not. */
static void
search_changed_cb (KithSidebar *self)
{
  const char *text = gtk_editable_get_text (self->search_entry);

  if (self->node == NULL || g_strcmp0 (text, self->searched) == 0)
    return;

  g_free (self->searched);
  self->searched = g_strdup (text);
  kith_sidebar_items_set_search (self->items, text);
  kith_hit_search_start (self->hits, self->node, NULL, text);
  kith_sidebar_list_scroll_to_top (self->list);
  update_stack (self);
}

static void
hits_changed_cb (KithSidebar *self)
{
  const char *words = kith_hit_search_get_words (self->hits);

  if (kith_hit_search_has_failed (self->hits))
    {
      g_autofree char *markup = g_markup_escape_text (words, -1);

      adw_status_page_set_description (self->failed_page, markup);
      kith_announce (GTK_WIDGET (self), words);
    }
  update_stack (self);
}

/* Down from the entry to the people, and on to the messages. */
static gboolean
entry_key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
              GdkModifierType modifiers, KithSidebar *self)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;

  kith_sidebar_list_focus_first (self->list);

  return GDK_EVENT_STOP;
}

static void
left_top_cb (KithSidebar *self)
{
  if (is_searching (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
end_reached_cb (KithSidebar *self)
{
  kith_hit_search_load_more (self->hits);
}

static void
activated_cb (KithSidebar *self, GObject *item)
{
  if (KITH_IS_SEARCH_HIT (item))
    g_signal_emit (self, signals[SIGNAL_HIT_OPENED], 0, item);
  else
    g_signal_emit (self, signals[SIGNAL_OPENED], 0, item);
}

static void
search_activated_cb (KithSidebar *self)
{
  g_autoptr (GObject) first = NULL;

  search_changed_cb (self);
  first = self->listed != NULL ? g_list_model_get_item (self->listed, 0) : NULL;
  if (first == NULL)
    return;

  activated_cb (self, first);
  if (!KITH_IS_SEARCH_HIT (first))
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);
}

/* --- Order and choice ----------------------------------------------------------------------- */

/* Those that a next start has as well. The others are for a look. */
static const char *const filters[] = { "favourites", "groups", "unread", "online", "lasthour" };

static void
apply_choices (KithSidebar *self)
{
  if (self->items != NULL)
    {
      kith_sidebar_items_set_sort (self->items, self->sort);
      kith_sidebar_items_set_filter (self->items, self->filter_name);
      kith_sidebar_list_scroll_to_top (self->list);
    }
  update_stack (self);

  if (g_str_equal (self->filter_name, "all"))
    gtk_widget_remove_css_class (self->filter_button, "accent");
  else
    gtk_widget_add_css_class (self->filter_button, "accent");
}

static void
set_choice (KithSidebar *self, char **choice, const char *value, const char *setting)
{
  if (g_str_equal (*choice, value))
    return;

  g_free (*choice);
  *choice = g_strdup (value);
  if (self->node != NULL && !g_str_equal (value, "archived") && !g_str_equal (value, "removed"))
    kith_node_set_setting (self->node, setting, value);
  apply_choices (self);
}

static void
restore_choices (KithSidebar *self)
{
  const char *sort = kith_node_get_setting (self->node, KITH_SETTING_CONTACT_SORT);
  const char *stored = kith_node_get_setting (self->node, KITH_SETTING_CONTACT_FILTER);
  const char *filter = "all";

  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    if (g_strcmp0 (stored, filters[i]) == 0)
      filter = filters[i];

  g_object_set (self, "sort", g_strcmp0 (sort, "name") == 0 ? "name" : "activity", NULL);
  g_object_set (self, "filter", filter, NULL);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_sidebar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithSidebar *self = KITH_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    case PROP_SORT:
      g_value_set_string (value, self->sort);
      break;
    case PROP_FILTER:
      g_value_set_string (value, self->filter_name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_sidebar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  KithSidebar *self = KITH_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      if (self->folded == g_value_get_boolean (value))
        return;
      self->folded = g_value_get_boolean (value);
      show_selected (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_SORT:
      set_choice (self, &self->sort, g_value_get_string (value), KITH_SETTING_CONTACT_SORT);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_FILTER:
      set_choice (self, &self->filter_name, g_value_get_string (value),
                  KITH_SETTING_CONTACT_FILTER);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* Lets go of the node and of all that came from it. */
static void
drop_node (KithSidebar *self)
{
  if (self->list != NULL)
    kith_sidebar_list_set_model (self->list, NULL);
  if (self->items != NULL)
    g_signal_handlers_disconnect_by_data (kith_sidebar_items_get_model (self->items), self);
  g_clear_object (&self->listed);
  g_clear_object (&self->items);
  g_clear_object (&self->selected);
  g_clear_object (&self->node);
}

static void
kith_sidebar_dispose (GObject *object)
{
  KithSidebar *self = KITH_SIDEBAR (object);

  drop_node (self);
  if (self->hits != NULL)
    g_signal_handlers_disconnect_by_data (self->hits, self);
  g_clear_object (&self->hits);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_SIDEBAR);

  G_OBJECT_CLASS (kith_sidebar_parent_class)->dispose (object);
}

static void
kith_sidebar_finalize (GObject *object)
{
  KithSidebar *self = KITH_SIDEBAR (object);

  g_free (self->searched);
  g_free (self->sort);
  g_free (self->filter_name);

  G_OBJECT_CLASS (kith_sidebar_parent_class)->finalize (object);
}

static void
kith_sidebar_class_init (KithSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kith_sidebar_get_property;
  object_class->set_property = kith_sidebar_set_property;
  object_class->dispose = kith_sidebar_dispose;
  object_class->finalize = kith_sidebar_finalize;

  properties[PROP_FOLDED] = g_param_spec_boolean (
      "folded", NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SORT] = g_param_spec_string (
      "sort", NULL, NULL, NULL,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FILTER] = g_param_spec_string (
      "filter", NULL, NULL, NULL,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_HIT_OPENED]
      = g_signal_new ("hit-opened", KITH_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, KITH_TYPE_SEARCH_HIT);
  signals[SIGNAL_OPENED] = g_signal_new ("opened", KITH_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);

  g_type_ensure (KITH_TYPE_SIDEBAR_LIST);
  g_type_ensure (KITH_TYPE_ME_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, header_bar);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, add_button);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, search_button);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, me_button);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, hits_label);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, failed_page);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, filter_button);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, memory_label);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, left_top_cb);
  gtk_widget_class_bind_template_callback (widget_class, end_reached_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);

  gtk_widget_class_install_property_action (widget_class, "sidebar.sort", "sort");
  gtk_widget_class_install_property_action (widget_class, "sidebar.filter", "filter");
}

static void
kith_sidebar_init (KithSidebar *self)
{
  self->sort = g_strdup ("activity");
  self->filter_name = g_strdup ("all");
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  self->hits = kith_hit_search_new ();
  g_signal_connect_object (self->hits, "changed", G_CALLBACK (hits_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
list_items (KithSidebar *self)
{
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);
  GListModel *model;

  self->items = kith_sidebar_items_new (self->node);
  model = kith_sidebar_items_get_model (self->items);
  g_list_store_append (parts, model);
  g_list_store_append (parts, self->hits);
  self->listed = G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (parts)));
  kith_sidebar_list_set_model (self->list, self->listed);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (update_stack), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  apply_choices (self);
}

/**
 * kith_sidebar_set_node:
 * @self: a sidebar
 * @node: (nullable): whose conversations to list
 */
void
kith_sidebar_set_node (KithSidebar *self, KithNode *node)
{
  g_return_if_fail (KITH_IS_SIDEBAR (self));

  drop_node (self);
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_editable_set_text (self->search_entry, "");
  kith_hit_search_clear (self->hits);
  g_clear_pointer (&self->searched, g_free);
  kith_me_button_set_node (self->me_button, node);

  g_set_object (&self->node, node);
  if (node != NULL)
    {
      restore_choices (self);
      list_items (self);
    }
  update_stack (self);
}

/**
 * kith_sidebar_set_in_memory:
 * @self: a sidebar
 * @in_memory: whether to say that nothing is kept
 */
void
kith_sidebar_set_in_memory (KithSidebar *self, gboolean in_memory)
{
  g_return_if_fail (KITH_IS_SIDEBAR (self));

  gtk_widget_set_visible (self->memory_label, in_memory);
}

/**
 * kith_sidebar_select:
 * @self: a sidebar
 * @item: (nullable): the #KithConversation or #KithRequest that is open
 *
 * Shows which one is open. Nothing is emitted.
 */
void
kith_sidebar_select (KithSidebar *self, GObject *item)
{
  g_return_if_fail (KITH_IS_SIDEBAR (self));

  g_set_object (&self->selected, item);
  if (self->items != NULL)
    kith_sidebar_items_set_open (self->items, item);
  show_selected (self);
}

/**
 * kith_sidebar_get_selected:
 * @self: a sidebar
 *
 * Returns: (transfer none) (nullable): what is open
 */
GObject *
kith_sidebar_get_selected (KithSidebar *self)
{
  g_return_val_if_fail (KITH_IS_SIDEBAR (self), NULL);

  return self->selected;
}

/**
 * kith_sidebar_get_neighbour:
 * @self: a sidebar
 * @step: 1 for the next one, -1 for the one before
 *
 * Returns: (transfer none) (nullable): the item beside the one that is open
 */
GObject *
kith_sidebar_get_neighbour (KithSidebar *self, int step)
{
  g_return_val_if_fail (KITH_IS_SIDEBAR (self), NULL);

  return self->items != NULL ? kith_sidebar_items_get_neighbour (self->items, self->selected, step)
                             : NULL;
}

/**
 * kith_sidebar_focus_list:
 * @self: a sidebar
 *
 * Gives the focus to what takes the place of the item that was open last.
 */
void
kith_sidebar_focus_list (KithSidebar *self)
{
  g_return_if_fail (KITH_IS_SIDEBAR (self));

  kith_sidebar_list_focus_place (self->list);
}

/**
 * kith_sidebar_search:
 * @self: a sidebar
 *
 * Shows the search entry and puts the cursor there.
 */
void
kith_sidebar_search (KithSidebar *self)
{
  g_return_if_fail (KITH_IS_SIDEBAR (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/**
 * kith_sidebar_get_regions:
 * @self: a sidebar
 * @regions: (out): room for three
 *
 * Returns: how many parts F6 goes to, in order: the header, the list, and the button at the bottom
 */
guint
kith_sidebar_get_regions (KithSidebar *self, GtkWidget **regions)
{
  g_return_val_if_fail (KITH_IS_SIDEBAR (self), 0);

  regions[0] = self->header_bar;
  regions[1] = GTK_WIDGET (self);
  regions[2] = GTK_WIDGET (self->me_button);

  return 3;
}

/**
 * kith_sidebar_get_menus:
 * @self: a sidebar
 * @menus: (out) (transfer none): room for #KITH_SIDEBAR_N_MENUS
 *
 * Returns: how many menus there are of what the window can do, and the list ("sidebar.*")
 */
guint
kith_sidebar_get_menus (KithSidebar *self, GMenuModel **menus)
{
  g_return_val_if_fail (KITH_IS_SIDEBAR (self), 0);

  menus[0] = gtk_menu_button_get_menu_model (self->add_button);
  menus[1] = gtk_menu_button_get_menu_model (self->menu_button);
  menus[2] = gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (self->filter_button));

  return KITH_SIDEBAR_N_MENUS;
}
