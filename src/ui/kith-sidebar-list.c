/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sidebar-list.h"

#include <glib/gi18n.h>

#include "model/kith-request.h"
#include "model/kith-search-hit.h"
#include "ui/kith-conversation-menu.h"
#include "ui/kith-sidebar-row.h"

struct _KithSidebarList
{
  AdwBin parent_instance;

  GtkScrolledWindow *scrolled_window;
  GtkListView *list_view;
  GtkWidget *menu; /* (owned by the widget tree) */

  GListModel *model;             /* (owned) (nullable) */
  GtkSingleSelection *selection; /* (owned) (nullable) */
  GPtrArray *bound;              /* (owned) (element-type GtkListItem): that have a row */
  GObject *open;                 /* (owned) (nullable) */
  guint open_position;           /* where that was last */
  gboolean is_beside;            /* and stands out */

  GObject *focused;       /* (owned) (nullable) whose row has, or had, the focus */
  guint focused_position; /* where that was */
  guint forget_id;
  gboolean was_at_top;
};

enum
{
  SIGNAL_ACTIVATED,
  SIGNAL_LEFT_TOP,
  SIGNAL_END_REACHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithSidebarList, kith_sidebar_list, ADW_TYPE_BIN)

static guint
count_items (KithSidebarList *self)
{
  return self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
}

/* Returns: whether @item is among those from @from to before @to */
static gboolean
find_item (KithSidebarList *self, GObject *item, guint from, guint to, guint *position)
{
  for (guint i = from; i < to; i++)
    {
      g_autoptr (GObject) other = g_list_model_get_item (self->model, i);

      if (other == item)
        {
          *position = i;
          return TRUE;
        }
    }

  return FALSE;
}

/* Returns: (transfer none) (nullable): the list item of what the keyboard is at */
static GtkListItem *
get_focus_item (KithSidebarList *self)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->list_view));

  for (guint i = 0; row != NULL && i < self->bound->len; i++)
    {
      GtkListItem *list_item = g_ptr_array_index (self->bound, i);

      if (gtk_widget_get_parent (gtk_list_item_get_child (list_item)) == row)
        return list_item;
    }

  return NULL;
}

/* --- Headings ------------------------------------------------------------------------------- */

static guint
count_requests (KithSidebarList *self)
{
  guint n = 0;

  for (; n < count_items (self); n++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (self->model, n);

      if (!KITH_IS_REQUEST (item))
        break;
    }

  return n;
}

static void
update_heading (KithSidebarList *self, GtkListItem *list_item)
{
  KithSidebarRow *row = KITH_SIDEBAR_ROW (gtk_list_item_get_child (list_item));
  GObject *item = gtk_list_item_get_item (list_item);
  guint position = gtk_list_item_get_position (list_item);
  g_autoptr (GObject) before = position > 0 ? g_list_model_get_item (self->model, position - 1) : NULL;

  if (KITH_IS_REQUEST (item) && before == NULL)
    /* Translators: a heading: of people who would like to be contacts */
    kith_sidebar_row_set_heading (row, _("Requests"), count_requests (self));
  else if (KITH_IS_SEARCH_HIT (item) && !KITH_IS_SEARCH_HIT (before))
    kith_sidebar_row_set_heading (row, _("Messages"), 0);
  else if (KITH_IS_REQUEST (before) && !KITH_IS_REQUEST (item))
    kith_sidebar_row_set_heading (row, _("Conversations"), 0);
  else
    kith_sidebar_row_set_heading (row, NULL, 0);
}

/* --- Rows ----------------------------------------------------------------------------------- */

static void
selected_cb (GtkListItem *list_item)
{
  kith_sidebar_row_set_open (KITH_SIDEBAR_ROW (gtk_list_item_get_child (list_item)),
                             gtk_list_item_get_selected (list_item));
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithSidebarList *self)
{
  gtk_list_item_set_child (list_item, kith_sidebar_row_new ());
  g_signal_connect (list_item, "notify::selected", G_CALLBACK (selected_cb), NULL);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithSidebarList *self)
{
  g_ptr_array_add (self->bound, list_item);
  kith_sidebar_row_set_item (KITH_SIDEBAR_ROW (gtk_list_item_get_child (list_item)),
                             gtk_list_item_get_item (list_item));
  selected_cb (list_item);
  update_heading (self, list_item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithSidebarList *self)
{
  kith_sidebar_row_set_item (KITH_SIDEBAR_ROW (gtk_list_item_get_child (list_item)), NULL);
  if (self->bound != NULL)
    g_ptr_array_remove_fast (self->bound, list_item);
}

/* Returns: (transfer none) (nullable): the row there, when there is one now */
static GtkWidget *
find_row (KithSidebarList *self, guint position)
{
  for (guint i = 0; i < self->bound->len; i++)
    {
      GtkListItem *list_item = g_ptr_array_index (self->bound, i);

      if (gtk_list_item_get_position (list_item) == position)
        return gtk_widget_get_parent (gtk_list_item_get_child (list_item));
    }

  return NULL;
}

/* Does nothing where all of the row is in view. */
static void
scroll_to (KithSidebarList *self, guint position)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
}

static gboolean
focus_row (KithSidebarList *self, guint position)
{
  GtkWidget *row = find_row (self, position);

  /* Going there makes the row. */
  if (row == NULL)
    {
      scroll_to (self, position);
      row = find_row (self, position);
    }

  return row != NULL && gtk_widget_grab_focus (row);
}

/* The last one when there are not so many. An empty list leaves it to what stands first around it. */
static void
focus_near (KithSidebarList *self, guint position)
{
  guint n = count_items (self);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (n > 0)
    focus_row (self, MIN (position, n - 1));
  else if (root != NULL)
    gtk_widget_child_focus (GTK_WIDGET (root), GTK_DIR_TAB_FORWARD);
}

/* --- What is open --------------------------------------------------------------------------- */

static gboolean
find_open (KithSidebarList *self, guint *position)
{
  if (self->open == NULL)
    return FALSE;
  if (gtk_single_selection_get_selected_item (self->selection) != self->open)
    return find_item (self, self->open, 0, count_items (self), position);

  *position = gtk_single_selection_get_selected (self->selection);
  return TRUE;
}

/* Only what is open is selected: a pointer or an arrow key that passes changes nothing. */
static void
show_open (KithSidebarList *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  if (find_open (self, &position))
    self->open_position = position;
  gtk_single_selection_set_selected (self->selection, self->is_beside ? position
                                                                      : GTK_INVALID_LIST_POSITION);
}

/* --- Changes -------------------------------------------------------------------------------- */

/* The models of GTK tell of a move in one change or in two. What lost its row in the first is looked for
 * in the second, which comes before anything else happens. */

static void
forget_focus (KithSidebarList *self)
{
  g_clear_handle_id (&self->forget_id, g_source_remove);
  g_clear_object (&self->focused);
}

static gboolean
forget_cb (gpointer user_data)
{
  KithSidebarList *self = user_data;

  self->forget_id = 0;
  forget_focus (self);

  return G_SOURCE_REMOVE;
}

/* The rows are those from before the change. */
static void
before_change_cb (KithSidebarList *self, guint position, guint removed, guint added)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled_window);
  GtkListItem *list_item = get_focus_item (self);
  guint at;

  self->was_at_top = gtk_adjustment_get_value (adjustment) <= gtk_adjustment_get_lower (adjustment);
  if (list_item == NULL || self->forget_id != 0)
    return;

  at = gtk_list_item_get_position (list_item);
  if (at < position || at >= position + removed)
    return;

  g_set_object (&self->focused, gtk_list_item_get_item (list_item));
  self->focused_position = at;
  self->forget_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, forget_cb, self, NULL);
}

static void
restore_focus (KithSidebarList *self, guint position, guint removed, guint added)
{
  guint at = self->focused_position;

  if (self->focused == NULL)
    return;

  /* What is still there, or has come back, is in what was added. */
  if (find_item (self, self->focused, position, position + added, &at) || removed > 0)
    focus_near (self, at);
}

/* The rows are those of now. */
static void
after_change_cb (KithSidebarList *self, guint position, guint removed, guint added)
{
  show_open (self);
  for (guint i = 0; i < self->bound->len; i++)
    update_heading (self, g_ptr_array_index (self->bound, i));

  /* The list view would stay with the row that was first, and hide what comes above it. */
  if (self->was_at_top && position == 0 && count_items (self) > 0)
    scroll_to (self, 0);
  restore_focus (self, position, removed, added);
}

/* --- Keys and pointer ----------------------------------------------------------------------- */

static void
activate_cb (KithSidebarList *self, guint position)
{
  g_autoptr (GObject) item = g_list_model_get_item (self->model, position);

  if (item != NULL)
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, item);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithSidebarList *self)
{
  GtkListItem *list_item = get_focus_item (self);
  guint position = list_item != NULL ? gtk_list_item_get_position (list_item) : 0;

  if (list_item == NULL || (modifiers & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;

  if ((keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up) && position == 0)
    g_signal_emit (self, signals[SIGNAL_LEFT_TOP], 0);
  else if (keyval == GDK_KEY_space || keyval == GDK_KEY_KP_Space)
    activate_cb (self, position);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

static void
edge_reached_cb (KithSidebarList *self, GtkPositionType edge)
{
  if (edge == GTK_POS_BOTTOM)
    g_signal_emit (self, signals[SIGNAL_END_REACHED], 0);
}

/* From one row to another lead the arrows; Tab leads into the list, where something is open, and out. */
static gboolean
kith_sidebar_list_focus (GtkWidget *widget, GtkDirectionType direction)
{
  KithSidebarList *self = KITH_SIDEBAR_LIST (widget);
  gboolean tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;
  guint position;

  if (tab && gtk_widget_get_focus_child (GTK_WIDGET (self->list_view)) != NULL)
    return FALSE;
  if (tab && self->is_beside && self->open != NULL
      && find_item (self, self->open, 0, count_items (self), &position) && focus_row (self, position))
    return TRUE;

  return GTK_WIDGET_CLASS (kith_sidebar_list_parent_class)->focus (widget, direction);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
drop_model (KithSidebarList *self)
{
  forget_focus (self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
}

static void
kith_sidebar_list_dispose (GObject *object)
{
  KithSidebarList *self = KITH_SIDEBAR_LIST (object);

  drop_model (self);
  g_clear_object (&self->open);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  /* The bin and the template both hold the child: the bin first. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_SIDEBAR_LIST);

  G_OBJECT_CLASS (kith_sidebar_list_parent_class)->dispose (object);
}

static void
kith_sidebar_list_finalize (GObject *object)
{
  KithSidebarList *self = KITH_SIDEBAR_LIST (object);

  g_ptr_array_unref (self->bound);

  G_OBJECT_CLASS (kith_sidebar_list_parent_class)->finalize (object);
}

static void
kith_sidebar_list_class_init (KithSidebarListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_sidebar_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_sidebar_list_finalize;
  widget_class->focus = kith_sidebar_list_focus;

  signals[SIGNAL_ACTIVATED]
      = g_signal_new ("activated", KITH_TYPE_SIDEBAR_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_OBJECT);
  signals[SIGNAL_LEFT_TOP] = g_signal_new ("left-top", KITH_TYPE_SIDEBAR_LIST, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_END_REACHED] = g_signal_new ("end-reached", KITH_TYPE_SIDEBAR_LIST,
                                              G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-sidebar-list.ui");
  gtk_widget_class_bind_template_child (widget_class, KithSidebarList, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, KithSidebarList, list_view);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, edge_reached_cb);
}

static void
kith_sidebar_list_init (KithSidebarList *self)
{
  self->bound = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->menu = kith_conversation_menu_attach (GTK_WIDGET (self->list_view), GTK_WIDGET (self));
}

/**
 * kith_sidebar_list_set_model:
 * @self: a list
 * @model: (nullable): of #KithRequest, then #KithConversation, then #KithSearchHit
 */
void
kith_sidebar_list_set_model (KithSidebarList *self, GListModel *model)
{
  g_return_if_fail (KITH_IS_SIDEBAR_LIST (self));

  drop_model (self);
  if (model == NULL)
    return;

  /* One of us hears of a change before the list view does, the other after it. */
  self->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (before_change_cb), self,
                           G_CONNECT_SWAPPED);
  self->selection = g_object_new (GTK_TYPE_SINGLE_SELECTION, "autoselect", FALSE, "can-unselect", TRUE,
                                  "model", model, NULL);
  show_open (self);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (after_change_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (show_open), self,
                           G_CONNECT_SWAPPED);
}

/**
 * kith_sidebar_list_set_open:
 * @self: a list
 * @item: (nullable): what is open
 * @is_beside: whether that is seen beside the list, and stands out in it
 */
void
kith_sidebar_list_set_open (KithSidebarList *self, GObject *item, gboolean is_beside)
{
  gboolean is_other;
  guint position;

  g_return_if_fail (KITH_IS_SIDEBAR_LIST (self));

  is_other = g_set_object (&self->open, item);
  self->is_beside = is_beside;
  if (self->selection == NULL)
    return;

  show_open (self);
  if (is_other && find_open (self, &position))
    scroll_to (self, position);
}

void
kith_sidebar_list_scroll_to_top (KithSidebarList *self)
{
  g_return_if_fail (KITH_IS_SIDEBAR_LIST (self));

  if (count_items (self) > 0)
    scroll_to (self, 0);
}

/**
 * kith_sidebar_list_focus_first:
 * @self: a list
 *
 * Returns: whether there was one to go to
 */
gboolean
kith_sidebar_list_focus_first (KithSidebarList *self)
{
  g_return_val_if_fail (KITH_IS_SIDEBAR_LIST (self), FALSE);

  return count_items (self) > 0 && focus_row (self, 0);
}

/**
 * kith_sidebar_list_focus_place:
 * @self: a list
 *
 * Gives the focus to what takes the place of the item that was open last.
 */
void
kith_sidebar_list_focus_place (KithSidebarList *self)
{
  g_return_if_fail (KITH_IS_SIDEBAR_LIST (self));

  focus_near (self, self->open_position);
}
