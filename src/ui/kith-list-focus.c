/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-list-focus.h"
#include "ui/kith-focus.h"

#define KEY_LIST "kith-list-focus"
#define KEY_ITEM "kith-list-focus-item"
#define KEY_NAME "kith-list-focus-name"

/* The models of GTK tell of a move in one change or in two. What lost its row in the first is looked for
 * in the second, which comes before anything else happens. */

typedef struct
{
  GtkListBox *list_box; /* (unowned) owns us */
  GListModel *model;    /* (owned) */
  GtkListBoxCreateWidgetFunc create;
  gpointer user_data;
  GObject *item;        /* (owned) (nullable) whose row has, or had, the focus */
  guint index;          /* where that was */
  guint forget_id;
} Keeper;

static void
forget (Keeper *self)
{
  g_clear_handle_id (&self->forget_id, g_source_remove);
  g_clear_object (&self->item);
}

static gboolean
forget_cb (gpointer user_data)
{
  Keeper *self = user_data;

  self->forget_id = 0;
  forget (self);

  return G_SOURCE_REMOVE;
}

static gboolean
find_item (Keeper *self, guint from, guint to, guint *index)
{
  for (guint i = from; i < to; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (self->model, i);

      if (item == self->item)
        {
          *index = i;
          return TRUE;
        }
    }

  return FALSE;
}

/* The rows are those from before the change. */
static void
before_change_cb (Keeper *self, guint position, guint removed, guint added)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->list_box));
  guint index;

  if (!GTK_IS_LIST_BOX_ROW (row) || self->forget_id != 0)
    return;

  index = (guint) gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));
  if (index < position || index >= position + removed)
    return;

  g_set_object (&self->item, g_object_get_data (G_OBJECT (row), KEY_ITEM));
  self->index = index;
  self->forget_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, forget_cb, self, NULL);
}

static void focus_row (GtkListBox *list_box, guint index);

/* The rows are those of now. */
static void
after_change_cb (Keeper *self, guint position, guint removed, guint added)
{
  guint index = self->index;

  if (self->item == NULL)
    return;

  /* What is still there, or has come back, is in what was added. */
  if (removed == 0 && !find_item (self, position, position + added, &index))
    return;
  if (removed > 0)
    find_item (self, position, position + added, &index);

  focus_row (self->list_box, index);
}

static GtkWidget *
create_cb (gpointer item, gpointer user_data)
{
  Keeper *self = user_data;
  GtkWidget *row = self->create (item, self->user_data);

  g_object_set_data_full (G_OBJECT (row), KEY_ITEM, g_object_ref (item), g_object_unref);

  return row;
}

static void
keeper_free (Keeper *self)
{
  forget (self);
  g_signal_handlers_disconnect_by_data (self->model, self);
  g_object_unref (self->model);
  g_free (self);
}

/**
 * kith_list_focus_bind_model:
 * @list_box: a list box
 * @model: (nullable): what to list; %NULL ends it
 * @create: (nullable): makes a #GtkListBoxRow of an item
 * @user_data: for @create
 *
 * As gtk_list_box_bind_model(), but the keyboard keeps its place when the list changes.
 */
void
kith_list_focus_bind_model (GtkListBox *list_box, GListModel *model,
                            GtkListBoxCreateWidgetFunc create, gpointer user_data)
{
  Keeper *self;

  gtk_list_box_bind_model (list_box, NULL, NULL, NULL, NULL);
  g_object_set_data (G_OBJECT (list_box), KEY_LIST, NULL);
  if (model == NULL)
    return;

  self = g_new0 (Keeper, 1);
  self->list_box = list_box;
  self->model = g_object_ref (model);
  self->create = create;
  self->user_data = user_data;
  g_object_set_data_full (G_OBJECT (list_box), KEY_LIST, self, (GDestroyNotify) keeper_free);

  /* One of us hears of a change before the list box does, the other after it. */
  g_signal_connect_swapped (model, "items-changed", G_CALLBACK (before_change_cb), self);
  gtk_list_box_bind_model (list_box, model, create_cb, self, NULL);
  g_signal_connect_swapped (model, "items-changed", G_CALLBACK (after_change_cb), self);
}

/* Gives the focus to the row at @index, or the last one. An empty list leaves that to whatever stands first
 * around it. */
static void
focus_row (GtkListBox *list_box, guint index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list_box, (int) index);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (list_box));

  for (; row == NULL && index > 0; index--)
    row = gtk_list_box_get_row_at_index (list_box, (int) index - 1);

  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
  else if (root != NULL)
    gtk_widget_child_focus (GTK_WIDGET (root), GTK_DIR_TAB_FORWARD);
}

/**
 * kith_list_focus_hold:
 * @widget: something in a row of a list
 *
 * To be called before it takes nothing more: the focus, if it is in there, goes to the row, and not away.
 */
void
kith_list_focus_hold (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW);

  if (row != NULL && kith_focus_is_in (widget))
    gtk_widget_grab_focus (row);
}

/* --- Rows that are made anew ----------------------------------------------------------------- */

/**
 * kith_list_focus_set_name:
 * @row: a row of a list box without a model
 * @name: of what it is about; the same as long as it is about that
 */
void
kith_list_focus_set_name (GtkWidget *row, const char *name)
{
  g_return_if_fail (GTK_IS_LIST_BOX_ROW (row));

  g_object_set_data_full (G_OBJECT (row), KEY_NAME, g_strdup (name), g_free);
}

/**
 * kith_list_focus_empty:
 * @list_box: a list box without a model
 *
 * Removes all rows, to be made anew.
 *
 * Returns: (transfer full) (nullable): the name of the one with the focus, for kith_list_focus_return()
 */
char *
kith_list_focus_empty (GtkListBox *list_box)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (list_box));
  char *name = focus != NULL && kith_focus_is_in (focus) ? g_strdup (g_object_get_data (G_OBJECT (focus), KEY_NAME)) : NULL;
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list_box, 0)) != NULL)
    gtk_list_box_remove (list_box, GTK_WIDGET (row));

  return name;
}

/**
 * kith_list_focus_return:
 * @list_box: a list box without a model
 * @name: (nullable): of a row
 *
 * The focus goes to that row, or to the first one when it is not there anymore. Without a name it stays where it is.
 */
void
kith_list_focus_return (GtkListBox *list_box, const char *name)
{
  GtkListBoxRow *row;

  if (name == NULL)
    return;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list_box, i)) != NULL; i++)
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), KEY_NAME), name) == 0)
      {
        gtk_widget_grab_focus (GTK_WIDGET (row));
        return;
      }

  focus_row (list_box, 0);
}
