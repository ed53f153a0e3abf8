/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include "ui/dialogs/kith-jump-dialog.h"
#include "ui/kith-composer.h"
#include "ui/kith-focus.h"
#include "ui/kith-jump-menu.h"
#include "ui/kith-jump-search.h"

/* How the keyboard gets about: to somewhere by its name, and from one part of the window to the next. */

#define N_REGIONS_MAX (1 + 3 + KITH_CONVERSATION_VIEW_N_REGIONS + 1) /* a bar, the list, what is open, a toast */

/* --- Going somewhere ------------------------------------------------------------------------ */

/* @detailed: with its target */
static void
do_action (KithWindow *self, const char *detailed)
{
  gboolean is_of_list = g_str_has_prefix (detailed, "sidebar.");
  gboolean is_of_conversation = g_str_has_prefix (detailed, "conversation.");
  GtkWidget *widget = is_of_list           ? GTK_WIDGET (self->sidebar)
                      : is_of_conversation ? GTK_WIDGET (self->conversation_view)
                                           : GTK_WIDGET (self);
  g_autoptr (GVariant) target = NULL;
  g_autofree char *name = NULL;

  if (g_action_parse_detailed_name (detailed, &name, &target, NULL))
    gtk_widget_activate_action_variant (widget, name, target);
  /* Who changes the list wants to see it. */
  if (is_of_list)
    kith_window_back (self);
}

static void
jump_chosen_cb (KithWindow *self, KithJumpItem *item)
{
  GObject *target = kith_jump_item_get_target (item);

  /* It may be gone by now, and is looked for again. */
  if (KITH_IS_CONVERSATION (target))
    kith_window_open_id (self, kith_conversation_get_key_text (KITH_CONVERSATION (target)));
  else if (KITH_IS_REQUEST (target))
    kith_window_open_id (self, kith_request_get_id (KITH_REQUEST (target)));
  else
    do_action (self, kith_jump_item_get_action (item));
}

static gboolean
is_of_window (const char *action, gpointer user_data)
{
  return !kith_jump_search_knows (action);
}

static gboolean
is_enabled (const char *action, gpointer user_data)
{
  return kith_conversation_view_is_enabled (user_data, action);
}

/* Returns: (transfer full) (element-type KithJumpItem): what can be done with what is open, and what the menus of the
 * window have beside what is known there */
static GPtrArray *
collect_actions (KithWindow *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  GMenuModel *menu = kith_conversation_view_get_menu (self->conversation_view);
  GMenuModel *menus[KITH_SIDEBAR_N_MENUS];
  guint n = kith_sidebar_get_menus (self->sidebar, menus);

  for (guint i = 0; i < n; i++)
    kith_jump_menu_collect (menus[i], is_of_window, NULL, items);
  if (menu != NULL && gtk_stack_get_visible_child (self->content_stack) == GTK_WIDGET (self->conversation_view))
    kith_jump_menu_collect (menu, is_enabled, self->conversation_view, items);

  return items;
}

static void
jump_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  g_autoptr (GPtrArray) actions = NULL;
  GtkWidget *dialog;

  if (!kith_window_has_profile (self))
    return;

  actions = collect_actions (self);
  dialog = kith_jump_dialog_new (GTK_WINDOW (self), self->node, self->folder,
                                 kith_sidebar_get_selected (self->sidebar), actions);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (jump_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- A toast -------------------------------------------------------------------------------- */

/* To close it is of no use: it goes by itself. */
static gboolean
has_button (GtkWidget *widget)
{
  const char *label = GTK_IS_BUTTON (widget) ? gtk_button_get_label (GTK_BUTTON (widget)) : NULL;

  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (label != NULL && *label != '\0')
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_button (child))
      return TRUE;

  return FALSE;
}

/* (nullable): the newest one, while there is something to be done with it. libadwaita shows it only to those who look
 * for it. */
static GtkWidget *
find_toast (KithWindow *self)
{
  for (GtkWidget *child = gtk_widget_get_last_child (GTK_WIDGET (self->toast_overlay)); child != NULL;
       child = gtk_widget_get_prev_sibling (child))
    if (g_str_equal (gtk_widget_get_css_name (child), "toast"))
      return has_button (child) ? child : NULL;

  return NULL;
}

/* (nullable): what that widget shows: the newest with a button comes before all others. */
static AdwToast *
find_shown (KithWindow *self)
{
  for (guint i = self->toasts->len; i > 0; i--)
    if (adw_toast_get_button_label (g_ptr_array_index (self->toasts, i - 1)) != NULL)
      return g_ptr_array_index (self->toasts, i - 1);

  return NULL;
}

/* It is soon gone: one gets there at once, from wherever one is. */
static gboolean
focus_new_toast (KithWindow *self)
{
  GtkWidget *toast = find_toast (self);

  if (toast == NULL || toast == self->visited_toast)
    return FALSE;

  g_set_weak_pointer (&self->visited_toast, toast);
  g_set_weak_pointer (&self->visited, find_shown (self));
  g_set_weak_pointer (&self->before_toast, kith_focus_get (GTK_WIDGET (self)));

  return gtk_widget_child_focus (toast, GTK_DIR_TAB_FORWARD);
}

/* @toast goes: who was there is back where they came from. */
void
kith_window_leave_toast (KithWindow *self, AdwToast *toast)
{
  if (toast == self->visited && self->visited_toast != NULL && kith_focus_is_in (self->visited_toast)
      && self->before_toast != NULL && gtk_widget_get_mapped (self->before_toast))
    gtk_widget_grab_focus (self->before_toast);
}

/* --- Parts of the window -------------------------------------------------------------------- */

/* Those that are in view, in the order in which they stand. */
static guint
collect_regions (KithWindow *self, GtkWidget *regions[N_REGIONS_MAX])
{
  GtkWidget *toast = find_toast (self);
  GtkWidget *content;
  guint n = 0;

  if (self->node == NULL)
    return 0;

  content = gtk_stack_get_visible_child (self->content_stack);
  if (kith_notice_bar_is_shown (self->disk_bar))
    regions[n++] = GTK_WIDGET (self->disk_bar);
  if (gtk_widget_get_mapped (GTK_WIDGET (self->sidebar)))
    n += kith_sidebar_get_regions (self->sidebar, regions + n);
  if (gtk_widget_get_mapped (content) && content == GTK_WIDGET (self->conversation_view))
    n += kith_conversation_view_get_regions (self->conversation_view, regions + n);
  else if (gtk_widget_get_mapped (content))
    regions[n++] = content;
  if (toast != NULL)
    regions[n++] = toast;

  return n;
}

static gboolean
has_rows (KithSidebar *sidebar)
{
  return kith_sidebar_get_selected (sidebar) != NULL
         || kith_sidebar_get_neighbour (sidebar, 1) != NULL;
}

static gboolean
focus_region (KithWindow *self, GtkWidget *region)
{
  /* Its header and its button are parts of their own. */
  if (region == GTK_WIDGET (self->sidebar) && !has_rows (self->sidebar))
    return FALSE;

  if (region == GTK_WIDGET (self->sidebar))
    kith_sidebar_focus_list (self->sidebar);
  else if (KITH_IS_COMPOSER (region))
    kith_composer_focus (KITH_COMPOSER (region));
  else
    return gtk_widget_child_focus (region, GTK_DIR_TAB_FORWARD);

  return TRUE;
}

/* To the next one that takes the focus. */
static void
step_region (KithWindow *self, int step)
{
  GtkWidget *regions[N_REGIONS_MAX];
  int n = focus_new_toast (self) ? 0 : (int) collect_regions (self, regions);
  int at = step > 0 ? -1 : n;

  for (int i = 0; i < n; i++)
    if (kith_focus_is_in (regions[i])
        && (at < 0 || at == n || gtk_widget_is_ancestor (regions[i], regions[at])))
      at = i;

  for (int i = 0; i < n; i++)
    {
      at = (at + step + n) % n;
      if (focus_region (self, regions[at]))
        break;
    }
  gtk_window_set_focus_visible (GTK_WINDOW (self), TRUE);
}

static void
next_region_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step_region (KITH_WINDOW (widget), 1);
}

static void
previous_region_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step_region (KITH_WINDOW (widget), -1);
}

/* Installs those "win.*" that lead somewhere. */
void
kith_window_install_moving_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.jump", NULL, jump_action);
  gtk_widget_class_install_action (widget_class, "win.next-region", NULL, next_region_action);
  gtk_widget_class_install_action (widget_class, "win.previous-region", NULL, previous_region_action);
}
