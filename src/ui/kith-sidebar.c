/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sidebar.h"

#include <glib/gi18n.h>

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-conversation-menu.h"
#include "ui/kith-conversation-row.h"
#include "ui/kith-hit-list.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-list-heading.h"
#include "ui/kith-me-button.h"
#include "ui/kith-sidebar-items.h"

struct _KithSidebar
{
  AdwBin parent_instance;

  GtkToggleButton *search_button;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkStack *stack;
  GtkListBox *list_box;
  KithMeButton *me_button;
  GtkScrolledWindow *scrolled_window;
  GtkWidget *hits_heading;
  KithHitList *hit_list;
  GtkWidget *filter_button;
  GtkWidget *memory_label;
  GtkWidget *row_menu; /* (owned by the widget tree) */

  gboolean folded;
  char *sort;        /* (owned) "activity" or "name" */
  char *filter_name; /* (owned) "all", one of filters, "archived" or "removed" */
  KithNode *node;          /* (owned) (nullable) */
  KithSidebarItems *items; /* (owned) (nullable) */
  GObject *selected;       /* (owned) (nullable) what is open beside the list */
  guint selected_index;    /* where that was listed last */
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

static GObject *
row_item (GtkListBoxRow *row)
{
  KithConversationRow *self = KITH_CONVERSATION_ROW (row);
  KithConversation *conversation = kith_conversation_row_get_conversation (self);

  return conversation != NULL ? G_OBJECT (conversation)
                              : G_OBJECT (kith_conversation_row_get_request (self));
}

static GtkListBoxRow *
find_row (KithSidebar *self, GObject *item)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list_box, i)) != NULL; i++)
    if (row_item (row) == item)
      return row;

  return NULL;
}

/* A conversation that moves up in the list gets a new row. */
static void
restore_selection (KithSidebar *self)
{
  GtkListBoxRow *row = NULL;

  if (self->selected != NULL)
    row = find_row (self, self->selected);
  if (row != NULL)
    self->selected_index = (guint) gtk_list_box_row_get_index (row);

  gtk_list_box_select_row (self->list_box, self->folded ? NULL : row);
}

static guint
count_items (KithSidebar *self)
{
  return self->items != NULL ? g_list_model_get_n_items (kith_sidebar_items_get_model (self->items)) : 0;
}

static void
update_stack (KithSidebar *self)
{
  gboolean none = count_items (self) == 0;
  gboolean has_hits = kith_hit_list_get_n_hits (self->hit_list) > 0
                      || kith_hit_list_is_searching (self->hit_list);
  gboolean all = g_str_equal (self->filter_name, "all");
  const char *page = "list";

  gtk_widget_set_visible (self->hits_heading, is_searching (self) && has_hits);
  gtk_widget_set_visible (GTK_WIDGET (self->hit_list), is_searching (self) && (has_hits || !none));
  if (none && is_searching (self))
    page = has_hits ? "list" : "no-results";
  else if (none && all && self->items != NULL && kith_sidebar_items_has_archived (self->items))
    page = "all-archived";
  else if (none)
    page = all ? "empty" : "filtered";

  gtk_widget_set_visible (GTK_WIDGET (self->list_box), !none);
  gtk_stack_set_visible_child_name (self->stack, page);
}

static void
items_changed_cb (KithSidebar *self)
{
  update_stack (self);
  restore_selection (self);
}

/* The entry has waited until the user paused. */
static void
search_changed_cb (KithSidebar *self)
{
  if (self->node == NULL)
    return;

  kith_sidebar_items_set_search (self->items, gtk_editable_get_text (self->search_entry));
  kith_hit_list_search (self->hit_list, self->node, NULL,
                        gtk_editable_get_text (self->search_entry));
  update_stack (self);
}

static void
hit_opened_cb (KithSidebar *self, KithSearchHit *hit)
{
  g_signal_emit (self, signals[SIGNAL_HIT_OPENED], 0, hit);
}

/* Down from the entry to the people, and on to the messages. */
static gboolean
entry_key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
              GdkModifierType modifiers, KithSidebar *self)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->list_box, 0);

  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;

  if (first != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (first));
  else
    kith_hit_list_focus_first (self->hit_list);

  return GDK_EVENT_STOP;
}

static gboolean
keynav_failed_cb (KithSidebar *self, GtkDirectionType direction)
{
  if (!is_searching (self) || (direction != GTK_DIR_UP && direction != GTK_DIR_DOWN))
    return FALSE;

  if (direction == GTK_DIR_UP)
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  else
    kith_hit_list_focus_first (self->hit_list);

  return TRUE;
}

static void
left_top_cb (KithSidebar *self)
{
  guint n_people = count_items (self);
  GtkListBoxRow *last = gtk_list_box_get_row_at_index (self->list_box, (int) n_people - 1);

  if (last != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (last));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
edge_reached_cb (KithSidebar *self, GtkPositionType edge)
{
  if (edge == GTK_POS_BOTTOM)
    kith_hit_list_load_more (self->hit_list);
}

static void
open_item (KithSidebar *self, GObject *item)
{
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, item);
}

static void
search_activated_cb (KithSidebar *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list_box, 0);

  if (row == NULL)
    {
      kith_hit_list_open_first (self->hit_list);
      return;
    }

  open_item (self, row_item (row));
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
}

static void
row_activated_cb (KithSidebar *self, GtkListBoxRow *row)
{
  open_item (self, row_item (row));
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  return kith_conversation_row_new (item);
}

/* --- Headings ------------------------------------------------------------------------------- */

static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  KithSidebar *self = user_data;
  gboolean request = KITH_IS_REQUEST (row_item (row));
  gboolean request_before = before != NULL && KITH_IS_REQUEST (row_item (before));
  GtkWidget *heading = NULL;

  if (request && before == NULL)
    heading = kith_list_heading_new (_("Requests"),
                                     g_list_model_get_n_items (kith_node_get_requests (self->node)));
  else if (!request && request_before)
    heading = kith_list_heading_new (_("Conversations"), 0);

  gtk_list_box_row_set_header (row, heading);
}

static void
requests_changed_cb (KithSidebar *self)
{
  gtk_list_box_invalidate_headers (self->list_box);
}

/* --- Order and choice ----------------------------------------------------------------------- */

/* Those that a next start has as well. The others are for a look. */
static const char *const filters[] = { "favourites", "unread", "online", "lasthour" };

static void
apply_choices (KithSidebar *self)
{
  if (self->items != NULL)
    {
      kith_sidebar_items_set_sort (self->items, self->sort);
      kith_sidebar_items_set_filter (self->items, self->filter_name);
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
      restore_selection (self);
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
  if (self->list_box != NULL)
    kith_list_focus_bind_model (self->list_box, NULL, NULL, NULL);
  if (self->node != NULL)
    g_signal_handlers_disconnect_by_data (kith_node_get_requests (self->node), self);
  if (self->items != NULL)
    g_signal_handlers_disconnect_by_data (kith_sidebar_items_get_model (self->items), self);
  g_clear_object (&self->items);
  g_clear_object (&self->selected);
  g_clear_object (&self->node);
}

static void
kith_sidebar_dispose (GObject *object)
{
  KithSidebar *self = KITH_SIDEBAR (object);

  drop_node (self);
  g_clear_pointer (&self->row_menu, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_SIDEBAR);

  G_OBJECT_CLASS (kith_sidebar_parent_class)->dispose (object);
}

static void
kith_sidebar_finalize (GObject *object)
{
  KithSidebar *self = KITH_SIDEBAR (object);

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

  g_type_ensure (KITH_TYPE_HIT_LIST);
  g_type_ensure (KITH_TYPE_ME_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, search_button);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, me_button);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, hits_heading);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, hit_list);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, filter_button);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, memory_label);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, hit_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, keynav_failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, left_top_cb);
  gtk_widget_class_bind_template_callback (widget_class, edge_reached_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_stack);
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
  gtk_list_box_set_header_func (self->list_box, header_cb, self, NULL);
  self->row_menu = kith_conversation_menu_attach (self->list_box, GTK_WIDGET (self));
}

static void
list_items (KithSidebar *self)
{
  GListModel *requests = kith_node_get_requests (self->node);
  GListModel *model;

  self->items = kith_sidebar_items_new (self->node);
  model = kith_sidebar_items_get_model (self->items);
  kith_list_focus_bind_model (self->list_box, model, create_row_cb, NULL);
  /* After the list box, which was first to connect. */
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (requests, "items-changed", G_CALLBACK (requests_changed_cb), self,
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
  kith_hit_list_clear (self->hit_list);
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
  restore_selection (self);
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
  GtkListBoxRow *row;

  g_return_val_if_fail (KITH_IS_SIDEBAR (self), NULL);

  row = self->selected != NULL ? find_row (self, self->selected) : NULL;
  if (row != NULL)
    row = gtk_list_box_get_row_at_index (self->list_box, gtk_list_box_row_get_index (row) + step);
  else
    row = gtk_list_box_get_row_at_index (self->list_box, 0);

  return row != NULL ? row_item (row) : NULL;
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

  kith_list_focus_row (self->list_box, self->selected_index);
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
