/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sidebar.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ui/kith-conversation-row.h"
#include "ui/kith-list-heading.h"
#include "ui/kith-me-button.h"

struct _KithSidebar
{
  AdwBin parent_instance;

  GtkToggleButton *search_button;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkStack *stack;
  GtkListBox *list_box;
  KithMeButton *me_button;

  gboolean folded;
  KithNode *node;             /* (owned) (nullable) */
  GtkCustomFilter *filter;    /* (owned by items) (nullable) */
  GtkFilterListModel *items;  /* (owned) (nullable) requests, then conversations */
  GObject *selected;          /* (owned) (nullable) what is open beside the list */
};

enum
{
  PROP_0,
  PROP_FOLDED,
  N_PROPS
};

enum
{
  SIGNAL_OPENED,
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

static gboolean
matches_cb (gpointer item, gpointer user_data)
{
  KithSidebar *self = user_data;
  const char *needle = gtk_editable_get_text (self->search_entry);
  const char *name = KITH_IS_CONVERSATION (item) ? kith_conversation_get_title (item)
                                                 : kith_request_get_name (item);
  g_autofree char *folded_needle = NULL;
  g_autofree char *folded_name = NULL;

  if (*needle == '\0')
    return TRUE;

  folded_needle = g_utf8_casefold (needle, -1);
  folded_name = g_utf8_casefold (name, -1);

  return strstr (folded_name, folded_needle) != NULL
         || g_str_match_string (needle, name, TRUE);
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

  if (self->selected != NULL && !self->folded)
    row = find_row (self, self->selected);

  gtk_list_box_select_row (self->list_box, row);
}

static void
update_stack (KithSidebar *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->items)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    gtk_stack_set_visible_child_name (self->stack, is_searching (self) ? "no-results" : "empty");
}

static void
items_changed_cb (KithSidebar *self)
{
  update_stack (self);
  restore_selection (self);
}

static void
search_changed_cb (KithSidebar *self)
{
  if (self->filter != NULL)
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
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
    return;

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
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_sidebar_dispose (GObject *object)
{
  KithSidebar *self = KITH_SIDEBAR (object);

  if (self->list_box != NULL)
    gtk_list_box_bind_model (self->list_box, NULL, NULL, NULL, NULL);
  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (self->filter, NULL, NULL, NULL);
  self->filter = NULL;
  g_clear_object (&self->items);
  g_clear_object (&self->selected);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_SIDEBAR);

  G_OBJECT_CLASS (kith_sidebar_parent_class)->dispose (object);
}

static void
kith_sidebar_class_init (KithSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kith_sidebar_get_property;
  object_class->set_property = kith_sidebar_set_property;
  object_class->dispose = kith_sidebar_dispose;

  properties[PROP_FOLDED] = g_param_spec_boolean (
      "folded", NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_OPENED] = g_signal_new ("opened", KITH_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);

  g_type_ensure (KITH_TYPE_ME_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, search_button);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithSidebar, me_button);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
}

static void
kith_sidebar_init (KithSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  gtk_list_box_set_header_func (self->list_box, header_cb, self, NULL);
}

/**
 * kith_sidebar_set_node:
 * @self: a sidebar
 * @node: whose conversations to list; once
 */
void
kith_sidebar_set_node (KithSidebar *self, KithNode *node)
{
  GListStore *models = g_list_store_new (G_TYPE_LIST_MODEL);
  GtkFlattenListModel *all;

  g_return_if_fail (KITH_IS_SIDEBAR (self));
  g_return_if_fail (self->node == NULL);

  self->node = g_object_ref (node);
  g_list_store_append (models, kith_node_get_requests (node));
  g_list_store_append (models, kith_node_get_conversations (node));

  all = gtk_flatten_list_model_new (G_LIST_MODEL (models));
  self->filter = gtk_custom_filter_new (matches_cb, self, NULL);
  self->items = gtk_filter_list_model_new (G_LIST_MODEL (all), GTK_FILTER (self->filter));

  gtk_list_box_bind_model (self->list_box, G_LIST_MODEL (self->items), create_row_cb, NULL, NULL);
  /* After the list box, which was first to connect. */
  g_signal_connect_object (self->items, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (kith_node_get_requests (node), "items-changed",
                           G_CALLBACK (requests_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  kith_me_button_set_node (self->me_button, node);
  update_stack (self);
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
