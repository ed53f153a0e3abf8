/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-preferences-search.h"

#include <string.h>

#define KEY_FOLLOWED "kith-preferences-search-followed"
#define SETTLES_US G_USEC_PER_SEC /* longer than anything takes to open */

/* --- Finding -------------------------------------------------------------------------------- */

static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);

  return g_utf8_casefold (normal != NULL ? normal : text, -1);
}

static gboolean
has_words (AdwPreferencesRow *row, const char *folded)
{
  g_autofree char *title = fold (adw_preferences_row_get_title (row));

  return strstr (title, folded) != NULL;
}

/* The part of an expander that stands there when it is closed is a row with the same title. */
static gboolean
is_header (GtkWidget *row)
{
  return gtk_widget_has_css_class (row, "header") && gtk_widget_get_ancestor (row, ADW_TYPE_EXPANDER_ROW) != NULL;
}

static void
find (GtkWidget *widget, const char *folded, GPtrArray *found)
{
  if (!gtk_widget_get_visible (widget))
    return;

  if (ADW_IS_PREFERENCES_ROW (widget) && !is_header (widget) && has_words (ADW_PREFERENCES_ROW (widget), folded))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find (child, folded, found);
}

/**
 * kith_preferences_search_find:
 * @page: where to look
 * @text: what was typed
 * @found: (element-type AdwPreferencesRow): gets the rows whose title has it and that the user can get to see there,
 *   be it in something that is closed now
 */
void
kith_preferences_search_find (AdwPreferencesPage *page, const char *text, GPtrArray *found)
{
  g_autofree char *folded = fold (text);

  g_return_if_fail (ADW_IS_PREFERENCES_PAGE (page));

  find (GTK_WIDGET (page), folded, found);
}

/* --- Following ------------------------------------------------------------------------------ */

/* Only a list gets and loses rows. What tells of that is held by nobody else. */
static void
follow_list (GtkWidget *list, GCallback changed, gpointer object)
{
  GListModel *children = gtk_widget_observe_children (list);

  g_object_set_data_full (G_OBJECT (list), KEY_FOLLOWED, children, g_object_unref);
  g_signal_connect_object (children, "items-changed", changed, object, G_CONNECT_SWAPPED);
}

static void
follow (GtkWidget *widget, GCallback changed, gpointer object)
{
  if (g_object_get_data (G_OBJECT (widget), KEY_FOLLOWED) == NULL)
    {
      g_object_set_data (G_OBJECT (widget), KEY_FOLLOWED, GINT_TO_POINTER (TRUE));
      g_signal_connect_object (widget, "notify::visible", changed, object, G_CONNECT_SWAPPED);
      if (ADW_IS_PREFERENCES_ROW (widget))
        g_signal_connect_object (widget, "notify::title", changed, object, G_CONNECT_SWAPPED);
      if (GTK_IS_LIST_BOX (widget))
        follow_list (widget, changed, object);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    follow (child, changed, object);
}

/**
 * kith_preferences_search_follow:
 * @page: where is searched
 * @changed: called with @object when something else may be found there
 * @object: a #GObject, until it goes
 *
 * What has come since is followed when this is called again.
 */
void
kith_preferences_search_follow (AdwPreferencesPage *page, GCallback changed, gpointer object)
{
  g_return_if_fail (ADW_IS_PREFERENCES_PAGE (page));
  g_return_if_fail (G_IS_OBJECT (object));

  follow (GTK_WIDGET (page), changed, object);
}

/* --- The way there -------------------------------------------------------------------------- */

/* Whether it stands where it will stay. */
static gboolean
is_settled (GtkWidget *row)
{
  for (GtkWidget *widget = row; widget != NULL; widget = gtk_widget_get_parent (widget))
    if (GTK_IS_REVEALER (widget) && gtk_revealer_get_reveal_child (GTK_REVEALER (widget))
        && !gtk_revealer_get_child_revealed (GTK_REVEALER (widget)))
      return FALSE;

  return gtk_widget_get_mapped (row);
}

static void
scroll_to (GtkWidget *row)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (row, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment;
  graphene_rect_t area;
  double top;

  if (scrolled == NULL || !gtk_widget_compute_bounds (row, scrolled, &area))
    return;

  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  top = gtk_adjustment_get_value (adjustment) + (double) area.origin.y;
  gtk_adjustment_clamp_page (adjustment, top, top + (double) area.size.height);
}

typedef struct
{
  gint64 end_us;
  gboolean is_settled;
} Way;

/* What opens moves all below it; its size is known in the frame after that. */
static gboolean
tick_cb (GtkWidget *row, GdkFrameClock *clock, gpointer user_data)
{
  Way *way = user_data;
  gboolean was_settled = way->is_settled;

  way->is_settled = is_settled (row);
  if (!(was_settled && way->is_settled) && gdk_frame_clock_get_frame_time (clock) < way->end_us)
    return G_SOURCE_CONTINUE;

  scroll_to (row);

  return G_SOURCE_REMOVE;
}

static void
focus (GtkWidget *row)
{
  /* An expander has it in its head, an entry in its text. */
  if (!ADW_IS_EXPANDER_ROW (row) && gtk_widget_grab_focus (row))
    return;

  if (!gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD))
    gtk_widget_child_focus (gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_PAGE), GTK_DIR_TAB_FORWARD);
}

/**
 * kith_preferences_search_show:
 * @row: one that was found, on the page that is shown
 *
 * Opens what is closed around it, gives it the focus, and scrolls to it.
 */
void
kith_preferences_search_show (GtkWidget *row)
{
  Way *way;

  g_return_if_fail (ADW_IS_PREFERENCES_ROW (row));

  /* Gone meanwhile. */
  if (gtk_widget_get_root (row) == NULL)
    return;

  for (GtkWidget *widget = gtk_widget_get_parent (row); widget != NULL; widget = gtk_widget_get_parent (widget))
    if (ADW_IS_EXPANDER_ROW (widget))
      adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), TRUE);

  focus (row);
  way = g_new0 (Way, 1);
  way->end_us = g_get_monotonic_time () + SETTLES_US;
  gtk_widget_add_tick_callback (row, tick_cb, way, g_free);
}
