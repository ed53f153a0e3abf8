/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-jump-dialog.h"

#include <glib/gi18n.h>

#include "model/kith-conversation.h"
#include "model/kith-request.h"
#include "ui/kith-avatar.h"
#include "ui/kith-jump-search.h"
#include "ui/kith-keys.h"
#include "ui/kith-list-clicks.h"
#include "ui/kith-list-heading.h"
#include "ui/kith-row-name.h"
#include "ui/kith-sentence.h"

#define PAGE_ROWS 6

#define TITLE_LINES 2 /* what the window does has longer names in other languages */

struct _KithJumpDialog
{
  AdwWindow parent_instance;

  GtkEditable *entry;
  GtkStack *stack;
  GtkListView *list_view;

  KithNode *node;                /* (owned) (nullable) */
  KithProfileFolder *folder;     /* (owned) (nullable) */
  GObject *open;                 /* (owned) (nullable) */
  GPtrArray *actions;            /* (owned) (nullable) (element-type KithJumpItem) what menus have */
  GListStore *items;             /* (owned) (element-type KithJumpItem) */
  GtkSingleSelection *selection; /* (owned) */
  char *searched;                /* (owned) (nullable): what the list follows */
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithJumpDialog, kith_jump_dialog, ADW_TYPE_WINDOW)

/* --- The list ------------------------------------------------------------------------------- */

static const char *
get_heading (KithJumpKind kind)
{
  switch (kind)
    {
    case KITH_JUMP_PERSON:
      /* Translators: a heading */
      return _("People");
    case KITH_JUMP_GROUP:
      /* Translators: a heading */
      return _("Groups");
    case KITH_JUMP_ACTION:
    default:
      /* Translators: a heading: what one can have the program do */
      return _("Actions");
    }
}

/* Returns: (nullable): what stands above it, if it is the first of its kind */
static const char *
find_heading (KithJumpDialog *self, guint position)
{
  GListModel *items = G_LIST_MODEL (self->items);
  g_autoptr (KithJumpItem) item = g_list_model_get_item (items, position);
  g_autoptr (KithJumpItem) before = position > 0 ? g_list_model_get_item (items, position - 1) : NULL;

  if (before != NULL && kith_jump_item_get_kind (before) == kith_jump_item_get_kind (item))
    return NULL;

  return get_heading (kith_jump_item_get_kind (item));
}

/* Returns: (transfer full): the row without what stands above it */
static char *
dup_own_words (KithJumpItem *item)
{
  g_autofree char *subtitle = kith_jump_item_dup_subtitle (item);

  if (*subtitle == '\0')
    return g_strdup (kith_jump_item_get_title (item));

  /* Translators: name, presence */
  return g_strdup_printf (_("%s, %s"), kith_jump_item_get_title (item), subtitle);
}

/* Returns: (transfer full): all of it for a screen reader, which stays in the entry */
static char *
dup_words (KithJumpDialog *self, guint position)
{
  g_autoptr (KithJumpItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);
  const char *heading = find_heading (self, position);
  g_autofree char *words = dup_own_words (item);

  /* Translators: a heading, what stands below it */
  return heading != NULL ? g_strdup_printf (_("%s, %s"), heading, words) : g_steal_pointer (&words);
}

/* The focus is in the entry: a screen reader tells of what changes there. */
static void
tell_selected (KithJumpDialog *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);
  g_autofree char *words = position != GTK_INVALID_LIST_POSITION ? dup_words (self, position)
                                                                 : g_strdup (_("Nothing Found"));
  g_autofree char *spoken = kith_sentence_dup_spoken (words);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  spoken, -1);
}

static void
select_row (KithJumpDialog *self, guint position)
{
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
}

static void
search_changed_cb (KithJumpDialog *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  g_autoptr (GPtrArray) found = NULL;

  if (self->node == NULL || g_strcmp0 (text, self->searched) == 0)
    return;

  g_free (self->searched);
  self->searched = g_strdup (text);
  found = kith_jump_search_find (self->node, self->folder, self->open, self->actions, text);
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       found->pdata, found->len);
  gtk_stack_set_visible_child_name (self->stack, found->len > 0 ? "list" : "empty");
  if (found->len > 0)
    select_row (self, 0);
}

static void
choose (KithJumpDialog *self, guint position)
{
  G_GNUC_UNUSED g_autoptr (KithJumpDialog) kept = g_object_ref (self);
  g_autoptr (KithJumpItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  if (item == NULL)
    return;

  /* What comes next may be a dialog as well. */
  gtk_window_close (GTK_WINDOW (self));
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, item);
}

static void
entry_activated_cb (KithJumpDialog *self)
{
  /* The list follows the entry a moment later; what the arrows have marked since stays marked. */
  search_changed_cb (self);
  choose (self, gtk_single_selection_get_selected (self->selection));
}

/* --- The keyboard --------------------------------------------------------------------------- */

/* Around the ends, but for whole pages. */
static void
move (KithJumpDialog *self, int step)
{
  int n = (int) g_list_model_get_n_items (G_LIST_MODEL (self->items));
  int position = (int) gtk_single_selection_get_selected (self->selection) + step;

  if (n == 0)
    return;

  if (step == 1 || step == -1)
    position = (position + n) % n;

  select_row (self, (guint) CLAMP (position, 0, n - 1));
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType modifiers, KithJumpDialog *self)
{
  switch (keyval)
    {
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      move (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      move (self, -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      move (self, PAGE_ROWS);
      return GDK_EVENT_STOP;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      move (self, -PAGE_ROWS);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* --- Rows ----------------------------------------------------------------------------------- */

static GtkWidget *
label_new (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class != NULL)
    {
      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, css_class);
    }

  return label;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithJumpDialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *avatar = g_object_new (KITH_TYPE_AVATAR, "size", 32, NULL);
  GtkWidget *names = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = label_new (NULL);

  gtk_widget_set_size_request (icon, 32, -1);
  gtk_widget_set_hexpand (names, TRUE);
  gtk_widget_set_valign (names, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (row, "content");
  gtk_widget_add_css_class (row, "jump-row");
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (title), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (title), TITLE_LINES);
  gtk_box_append (GTK_BOX (names), title);
  gtk_box_append (GTK_BOX (names), label_new ("caption"));
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), avatar);
  gtk_box_append (GTK_BOX (row), names);
  gtk_box_append (GTK_BOX (row), gtk_label_new (NULL));
  gtk_widget_add_css_class (gtk_widget_get_last_child (row), "dim-label");
  gtk_widget_add_css_class (gtk_widget_get_last_child (row), "caption");
  kith_list_item_take_clicks (list_item, row);
  gtk_box_append (GTK_BOX (box), row);
  gtk_list_item_set_child (list_item, box);
}

/* The heading stands in the row of what is first below it: a list view of GTK 4.8 has no place for it.
 * @words: (nullable): none for another row */
static void
show_heading (GtkWidget *box, const char *words)
{
  GtkWidget *row = gtk_widget_get_last_child (box);

  while (gtk_widget_get_first_child (box) != row)
    gtk_box_remove (GTK_BOX (box), gtk_widget_get_first_child (box));
  if (words != NULL)
    gtk_box_prepend (GTK_BOX (box), kith_list_heading_new (words, 0));
}

static void
show_avatar (KithAvatar *avatar, GObject *target)
{
  if (KITH_IS_REQUEST (target))
    {
      kith_avatar_set_contact (avatar, NULL);
      kith_avatar_set_name (avatar, kith_request_get_name (KITH_REQUEST (target)));
    }
  else if (kith_conversation_get_group (KITH_CONVERSATION (target)) != NULL)
    kith_avatar_set_group (avatar, kith_conversation_get_group (KITH_CONVERSATION (target)));
  else
    kith_avatar_set_contact (avatar, kith_conversation_get_contact (KITH_CONVERSATION (target)));
}

/* Returns: (transfer full): the keys that do the same, as the user reads them; empty without any */
static char *
dup_keys (KithJumpDialog *self, const char *action)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  GtkApplication *application = parent != NULL ? gtk_window_get_application (parent) : NULL;
  g_auto (GStrv) accels = NULL;
  GdkModifierType modifiers;
  guint keyval;

  if (application == NULL || action == NULL)
    return g_strdup ("");

  accels = gtk_application_get_accels_for_action (application, action);
  if (accels[0] == NULL || !gtk_accelerator_parse (accels[0], &keyval, &modifiers))
    return g_strdup ("");

  return gtk_accelerator_get_label (keyval, modifiers);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithJumpDialog *self)
{
  KithJumpItem *item = gtk_list_item_get_item (list_item);
  GObject *target = kith_jump_item_get_target (item);
  guint position = gtk_list_item_get_position (list_item);
  GtkWidget *box = gtk_list_item_get_child (list_item);
  GtkWidget *row = gtk_widget_get_last_child (box);
  GtkWidget *icon = gtk_widget_get_first_child (row);
  GtkWidget *avatar = gtk_widget_get_next_sibling (icon);
  GtkWidget *title = gtk_widget_get_first_child (gtk_widget_get_next_sibling (avatar));
  GtkWidget *subtitle = gtk_widget_get_next_sibling (title);
  g_autofree char *keys = dup_keys (self, kith_jump_item_get_action (item));
  g_autofree char *words = kith_jump_item_dup_subtitle (item);
  g_autofree char *name = dup_words (self, position);

  show_heading (box, find_heading (self, position));
  gtk_widget_set_visible (icon, target == NULL);
  gtk_widget_set_visible (avatar, target != NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), kith_jump_item_get_icon_name (item));
  if (target != NULL)
    show_avatar (KITH_AVATAR (avatar), target);
  gtk_label_set_text (GTK_LABEL (title), kith_jump_item_get_title (item));
  gtk_label_set_text (GTK_LABEL (subtitle), words);
  gtk_widget_set_visible (subtitle, *words != '\0');
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_last_child (row)), keys);
  kith_row_name_set (box, name);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_jump_dialog_dispose (GObject *object)
{
  KithJumpDialog *self = KITH_JUMP_DIALOG (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->items);
  g_clear_object (&self->open);
  g_clear_pointer (&self->actions, g_ptr_array_unref);
  g_clear_object (&self->folder);
  g_clear_object (&self->node);
  g_clear_pointer (&self->searched, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_JUMP_DIALOG);

  G_OBJECT_CLASS (kith_jump_dialog_parent_class)->dispose (object);
}

static void
kith_jump_dialog_class_init (KithJumpDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_jump_dialog_dispose;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", KITH_TYPE_JUMP_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, KITH_TYPE_JUMP_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-jump-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithJumpDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, KithJumpDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithJumpDialog, list_view);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
}

static void
kith_jump_dialog_init (KithJumpDialog *self)
{
  self->items = g_list_store_new (KITH_TYPE_JUMP_ITEM);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (tell_selected), self,
                           G_CONNECT_SWAPPED);
}

/**
 * kith_jump_dialog_new:
 * @parent: the window it belongs to
 * @node: whose window it is
 * @folder: (nullable): its profile; none when everything is in memory
 * @open: (nullable): what is open now; it is not among those of late
 * @actions: (element-type KithJumpItem): what can be done beside what each window can
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_jump_dialog_new (GtkWindow *parent, KithNode *node, KithProfileFolder *folder, GObject *open,
                      GPtrArray *actions)
{
  KithJumpDialog *self = g_object_new (KITH_TYPE_JUMP_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  g_set_object (&self->folder, folder);
  g_set_object (&self->open, open);
  self->actions = g_ptr_array_ref (actions);
  search_changed_cb (self);

  return GTK_WIDGET (self);
}
