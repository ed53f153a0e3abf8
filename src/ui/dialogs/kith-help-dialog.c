/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-help-dialog.h"

#include <glib/gi18n.h>

#include "ui/kith-decoration.h"
#include "ui/kith-help.h"
#include "ui/kith-keys.h"
#include "ui/kith-window.h"

/* Before a window narrower than this it begins as narrow. */
#define NARROW_WIDTH 600
#define NARROW_WIDTH_REQUEST 360
#define NARROW_HEIGHT 600

struct _KithHelpDialog
{
  AdwWindow parent_instance;

  AdwLeaflet *leaflet;
  GtkWidget *list_page;
  GtkWidget *text_page;
  GtkListBox *list_box;
  GtkScrolledWindow *scrolled_window;
  GtkBox *parts_box;
  GtkWidget *back_button; /* bound, or it would stay when the template goes */

  const KithHelpPage *page; /* (nullable) what is shown */
};

G_DEFINE_FINAL_TYPE (KithHelpDialog, kith_help_dialog, ADW_TYPE_WINDOW)

/* Where somebody who asks for help is likely to need it. */
static const struct
{
  const char *window;
  const char *page_id;
} places[] = {
  { "KithAddressDialog", "unreachable" }, { "KithBackupDialog", "backup" },
  { "KithConnectDialog", "reach" },       { "KithDoctorDialog", "unreachable" },
  { "KithEraseDialog", "erase" },         { "KithGroupDialog", "groups" },
  { "KithGroupPeopleDialog", "groups" },  { "KithInviteDialog", "reach" },
  { "KithJoinDialog", "reach" },          { "KithRestoreDialog", "backup" },
  { "KithRescueDialog", "damaged" },      { "KithVerifyDialog", "verify" },
};

static void show_page (KithHelpDialog *self, const KithHelpPage *page);

/* The main window behind a dialog. */
static GtkWindow *
find_main_window (GtkWindow *window)
{
  while (window != NULL && !KITH_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);

  return window;
}

/* --- Parts ---------------------------------------------------------------------------------- */

static GtkWidget *
make_label (const char *words, GtkAccessibleRole role)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", role, "label", words, NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);

  return label;
}

static GtkWidget *
make_heading (const char *words)
{
  GtkWidget *label = make_label (words, GTK_ACCESSIBLE_ROLE_HEADING);

  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LEVEL, 2, -1);
  gtk_widget_add_css_class (label, "title-4");
  gtk_widget_set_margin_top (label, 12);

  return label;
}

/* @mark: (nullable): what stands before the words; a bullet without it, which is not read out */
static GtkWidget *
make_item (const char *mark, const char *words)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *mark_label
      = g_object_new (GTK_TYPE_LABEL, "accessible-role",
                      mark != NULL ? GTK_ACCESSIBLE_ROLE_LABEL : GTK_ACCESSIBLE_ROLE_PRESENTATION,
                      "label", mark != NULL ? mark : "•", NULL);

  gtk_label_set_width_chars (GTK_LABEL (mark_label), 2);
  gtk_widget_set_valign (mark_label, GTK_ALIGN_START);
  gtk_widget_add_css_class (mark_label, "dim-label");
  gtk_box_append (GTK_BOX (box), mark_label);
  gtk_box_append (GTK_BOX (box), make_label (words, GTK_ACCESSIBLE_ROLE_LABEL));

  return box;
}

static GtkWidget *
make_step (guint number, const char *words)
{
  g_autofree char *mark = g_strdup_printf ("%u.", number);

  return make_item (mark, words);
}

/* Out of the way of what it opens. */
static void
do_cb (KithHelpDialog *self, GtkButton *button)
{
  GtkWindow *window = find_main_window (gtk_window_get_transient_for (GTK_WINDOW (self)));
  const char *action = g_object_get_data (G_OBJECT (button), "action");

  if (window == NULL)
    return;

  g_object_ref (window);
  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action (GTK_WIDGET (window), action, NULL);
  g_object_unref (window);
}

/* Most is for who is there; what is for a profile that is locked, nobody needs otherwise. */
static gboolean
is_of_use (KithHelpDialog *self, const KithHelpPart *part)
{
  GtkWindow *window = find_main_window (gtk_window_get_transient_for (GTK_WINDOW (self)));
  KithNode *node = window != NULL ? kith_window_get_node (KITH_WINDOW (window)) : NULL;

  if (g_str_equal (part->target, "win.erase-profile"))
    return window != NULL && kith_window_is_locked (KITH_WINDOW (window));

  return node != NULL && kith_node_get_profile (node) != NULL;
}

/* Returns: (nullable): a button, if there is somebody who could use it */
static GtkWidget *
make_button (KithHelpDialog *self, const KithHelpPart *part)
{
  GtkWidget *button;

  if (!is_of_use (self, part))
    return NULL;

  button = gtk_button_new_with_label (_(part->words));
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (button, 6);
  gtk_widget_set_margin_bottom (button, 6);
  g_object_set_data (G_OBJECT (button), "action", (gpointer) part->target);
  g_signal_connect_object (button, "clicked", G_CALLBACK (do_cb), self, G_CONNECT_SWAPPED);

  return button;
}

static void
see_cb (KithHelpDialog *self, AdwActionRow *row)
{
  show_page (self, g_object_get_data (G_OBJECT (row), "page"));
}

static GtkWidget *
make_row (const KithHelpPage *page)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(page->title));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), page->icon_name);
  g_object_set_data (G_OBJECT (row), "page", (gpointer) page);

  return row;
}

/* Links that follow each other stand in one list. */
static void
add_link (KithHelpDialog *self, const KithHelpPart *part)
{
  const KithHelpPage *page = kith_help_find_page (part->target);
  GtkWidget *list = gtk_widget_get_last_child (GTK_WIDGET (self->parts_box));
  GtkWidget *row;

  g_return_if_fail (page != NULL);

  if (!GTK_IS_LIST_BOX (list))
    {
      list = gtk_list_box_new ();
      gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
      gtk_widget_add_css_class (list, "boxed-list");
      gtk_widget_set_margin_top (list, 12);
      gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _("See also"), -1);
      gtk_box_append (self->parts_box, list);
    }

  row = make_row (page);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             kith_decoration_new ("go-next-symbolic"));
  g_signal_connect_object (row, "activated", G_CALLBACK (see_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

static void
add_part (KithHelpDialog *self, const KithHelpPage *page, gsize number)
{
  const KithHelpPart *part = &page->parts[number];
  GtkWidget *widget = NULL;

  switch (part->kind)
    {
    case KITH_HELP_HEADING:
      widget = make_heading (_(part->words));
      break;
    case KITH_HELP_TEXT:
      widget = make_label (_(part->words), GTK_ACCESSIBLE_ROLE_LABEL);
      break;
    case KITH_HELP_POINT:
      widget = make_item (NULL, _(part->words));
      break;
    case KITH_HELP_STEP:
      widget = make_step (kith_help_get_step (page, number), _(part->words));
      break;
    case KITH_HELP_DO:
      widget = make_button (self, part);
      break;
    case KITH_HELP_SEE:
      add_link (self, part);
      break;
    }

  if (widget != NULL)
    gtk_box_append (self->parts_box, widget);
}

/* --- Pages ---------------------------------------------------------------------------------- */

/* It takes the focus when the page comes, so that a screen reader begins with it. */
static GtkWidget *
make_title (const char *words)
{
  GtkWidget *frame = g_object_new (ADW_TYPE_BIN, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING,
                                   "focusable", TRUE, NULL);
  GtkWidget *label = make_label (words, GTK_ACCESSIBLE_ROLE_PRESENTATION);

  gtk_widget_add_css_class (label, "title-1");
  adw_bin_set_child (ADW_BIN (frame), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (frame), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  GTK_ACCESSIBLE_PROPERTY_LEVEL, 1, -1);

  return frame;
}

static void
fill (KithHelpDialog *self, const KithHelpPage *page)
{
  GtkWidget *child;

  self->page = page;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->parts_box))) != NULL)
    gtk_box_remove (self->parts_box, child);

  gtk_box_append (self->parts_box, make_title (_(page->title)));
  for (gsize i = 0; i < page->n_parts; i++)
    add_part (self, page, i);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled_window), 0);
}

static GtkListBoxRow *
find_row (KithHelpDialog *self, const KithHelpPage *page)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list_box, i)) != NULL; i++)
    if (g_object_get_data (G_OBJECT (row), "page") == page)
      return row;

  return NULL;
}

/* Brings the page before the user, wherever they are. */
static void
show_page (KithHelpDialog *self, const KithHelpPage *page)
{
  gtk_list_box_select_row (self->list_box, find_row (self, page));
  adw_leaflet_set_visible_child (self->leaflet, self->text_page);
  gtk_widget_grab_focus (gtk_widget_get_first_child (GTK_WIDGET (self->parts_box)));
}

static void
row_selected_cb (KithHelpDialog *self, GtkListBoxRow *row)
{
  const KithHelpPage *page = row != NULL ? g_object_get_data (G_OBJECT (row), "page") : NULL;

  if (page != NULL && page != self->page)
    fill (self, page);
}

static void
row_activated_cb (KithHelpDialog *self, GtkListBoxRow *row)
{
  show_page (self, g_object_get_data (G_OBJECT (row), "page"));
}

static void
show_list (KithHelpDialog *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->list_page);
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_selected_row (self->list_box)));
}

static void
back_cb (KithHelpDialog *self)
{
  show_list (self);
}

/* --- Life ----------------------------------------------------------------------------------- */

static void
kith_help_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KITH_TYPE_HELP_DIALOG);

  G_OBJECT_CLASS (kith_help_dialog_parent_class)->dispose (object);
}

static void
kith_help_dialog_class_init (KithHelpDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_help_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-help-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithHelpDialog, leaflet);
  gtk_widget_class_bind_template_child (widget_class, KithHelpDialog, list_page);
  gtk_widget_class_bind_template_child (widget_class, KithHelpDialog, text_page);
  gtk_widget_class_bind_template_child (widget_class, KithHelpDialog, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithHelpDialog, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, KithHelpDialog, parts_box);
  gtk_widget_class_bind_template_child (widget_class, KithHelpDialog, back_button);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
}

static void
kith_help_dialog_init (KithHelpDialog *self)
{
  gsize n_pages;
  const KithHelpPage *pages = kith_help_get_pages (&n_pages);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < n_pages; i++)
    gtk_list_box_append (self->list_box, make_row (&pages[i]));
}

/* --- Showing it ----------------------------------------------------------------------------- */

static const char *
find_place (GtkWindow *window)
{
  const char *name = G_OBJECT_TYPE_NAME (window);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (places[i].window, name) == 0)
      return places[i].page_id;

  return NULL;
}

/* Returns: (transfer none) (nullable): the help, if it is open anywhere */
static GtkWindow *
find_open (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (KITH_IS_HELP_DIALOG (window))
        return window;
    }

  return NULL;
}

/* Before the window that asks, so one that hangs on another window has to go. */
static KithHelpDialog *
ensure (GtkWindow *parent)
{
  GtkWindow *main_window = find_main_window (parent);
  GtkWindow *found = find_open ();
  GtkWindow *self;

  if (found != NULL && (found == parent || gtk_window_get_transient_for (found) == parent))
    return KITH_HELP_DIALOG (found);
  if (found != NULL)
    gtk_window_destroy (found);

  /* Over a dialog that keeps all others out it has to do the same. */
  self = g_object_new (KITH_TYPE_HELP_DIALOG, "transient-for", parent, "modal",
                       gtk_window_get_modal (parent), NULL);
  if (main_window != NULL && gtk_widget_get_width (GTK_WIDGET (main_window)) < NARROW_WIDTH)
    gtk_window_set_default_size (self, NARROW_WIDTH_REQUEST, NARROW_HEIGHT);

  return KITH_HELP_DIALOG (self);
}

/**
 * kith_help_dialog_show:
 * @parent: the window in use
 * @page_id: (nullable): of a page; NULL or "" for the one that fits that window
 *
 * Opens the help before it.
 */
void
kith_help_dialog_show (GtkWindow *parent, const char *page_id)
{
  const KithHelpPage *page = kith_help_find_page (page_id);
  KithHelpDialog *self;
  gsize n_pages;

  g_return_if_fail (GTK_IS_WINDOW (parent));

  if (page == NULL)
    page = kith_help_find_page (find_place (parent));

  self = ensure (parent);
  gtk_window_present (GTK_WINDOW (self));

  if (page != NULL)
    {
      show_page (self, page);
      return;
    }

  if (self->page == NULL)
    gtk_list_box_select_row (self->list_box, find_row (self, kith_help_get_pages (&n_pages)));
  show_list (self);
}
