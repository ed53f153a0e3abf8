/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-name-completion.h"

#include <string.h>

#include <glib/gi18n.h>

#include "model/kith-names.h"
#include "node/kith-command-line.h"
#include "ui/kith-announce.h"

#define MAX_NAMES 8

struct _KithNameCompletion
{
  GObject parent_instance;

  GtkTextView *text_view; /* (unowned) */
  GtkWidget *popover;     /* (owned by its parent) */
  GtkListBox *list_box;   /* (owned by the popover) */
  KithNode *node;         /* (owned) (nullable) */
  KithGroup *group;       /* (owned) (nullable) whose members are offered */
  int start;              /* where the @ stands, in characters */
  int cursor;             /* where it was when something was offered */
  gboolean inserting;     /* the text is being changed by us */
};

G_DEFINE_FINAL_TYPE (KithNameCompletion, kith_name_completion, G_TYPE_OBJECT)

/* --- What is being typed -------------------------------------------------------------------- */

/* What stands before the cursor. (transfer full) */
static char *
dup_before_cursor (KithNameCompletion *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, cursor;

  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  return gtk_text_buffer_get_text (buffer, &start, &cursor, FALSE);
}

/* The beginning of a name that is being typed behind an "@". */
typedef struct
{
  char    *prefix; /* (owned) (nullable) case-folded; %NULL when none is being typed */
  int      start;  /* where the @ stands, in characters */
  gboolean member; /* it is one of the group */
} Typed;

/* Behind these come people who are not in the group, or in none yet. */
static const char *const invitations[] = {
  "/group new ", "/group-new ", "/group invite ", "/group-invite ", "/invite ",
};

static gboolean
is_invitation (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (invitations); i++)
    if (g_str_has_prefix (text, invitations[i]))
      return TRUE;

  return FALSE;
}

/* A text that begins with a name goes to that person alone. A name in quotes may have blanks in it. */
static void
find_addressee (const char *text, Typed *typed)
{
  gboolean quoted = text[0] == '@' && text[1] == '"';
  const char *prefix = quoted ? text + 2 : text + 1;

  if (text[0] != '@' || prefix[0] == '@' || strpbrk (prefix, quoted ? "\"\n" : " \t\n") != NULL)
    return;

  typed->prefix = g_utf8_casefold (prefix, -1);
}

/* A name can stand anywhere. What ends with a blank is a name that is complete, and so is what stands
 * in quotes. */
static void
find_mentioned (const char *text, Typed *typed)
{
  const char *at = strrchr (text, '@');
  const char *before = at != NULL ? g_utf8_find_prev_char (text, at) : NULL;
  gboolean quoted = at != NULL && at[1] == '"';

  if (at == NULL || (before != NULL && g_unichar_isalnum (g_utf8_get_char (before)))
      || strpbrk (at, "\t\n") != NULL || g_str_has_suffix (at, " ")
      || (quoted && strchr (at + 2, '"') != NULL))
    return;

  typed->prefix = g_utf8_casefold (quoted ? at + 2 : at + 1, -1);
  typed->start = (int) g_utf8_pointer_to_offset (text, at);
}

/* --- Who is meant --------------------------------------------------------------------------- */

static gboolean
can_be_written_to (KithContact *contact)
{
  KithRelation relation = kith_contact_get_relation (contact);

  return !kith_contact_get_blocked (contact)
         && (relation == KITH_RELATION_MUTUAL || relation == KITH_RELATION_REQUESTED);
}

/* Whether the name, or one of its words, begins with it. */
static gboolean
has_word (const char *name, const char *prefix)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  const char *word = folded;

  while (word != NULL)
    {
      if (g_str_has_prefix (word, prefix))
        return TRUE;
      word = strchr (word, ' ');
      if (word != NULL)
        word++;
    }

  return FALSE;
}

/* Somebody to be offered. */
typedef struct
{
  char *name;           /* (owned) */
  KithContact *contact; /* (owned) (nullable): none in a group */
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_free (choice->name);
  g_clear_object (&choice->contact);
  g_free (choice);
}

static void
add_choice (GPtrArray *choices, const char *name, KithContact *contact)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->name = g_strdup (name);
  g_set_object (&choice->contact, contact);
  g_ptr_array_add (choices, choice);
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  return kith_names_compare ((*(Choice *const *) a)->name, (*(Choice *const *) b)->name);
}

/* Two may go by the same name: then it is the ID that says who is meant. */
static const char *
unmistakable_name (KithNameCompletion *self, KithContact *contact)
{
  const char *name = kith_contact_get_display_name (contact);

  return kith_node_find_contact (self->node, name, NULL) == contact ? name
                                                                    : kith_contact_get_id (contact);
}

/* Returns: (transfer full): what is written for them. What everybody reads is written as it is said. */
static char *
dup_mention (KithNameCompletion *self, const Choice *choice)
{
  g_autofree char *quoted = NULL;

  if (choice->contact == NULL)
    return g_strdup_printf ("@%s ", choice->name);

  quoted = kith_line_quote_word (unmistakable_name (self, choice->contact));
  return g_strdup_printf ("@%s ", quoted);
}

static void
add_people (KithNameCompletion *self, const char *prefix, GPtrArray *choices)
{
  GListModel *contacts = kith_node_get_contacts (self->node);

  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (contacts, i);
      const char *name = kith_contact_get_display_name (contact);

      if (can_be_written_to (contact) && has_word (name, prefix))
        add_choice (choices, name, contact);
    }
}

static void
add_members (KithNameCompletion *self, const char *prefix, GPtrArray *choices)
{
  GListModel *members = kith_group_get_members (self->group);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (KithMember) member = g_list_model_get_item (members, i);
      const char *name = kith_member_get_name (member);

      if (!kith_member_is_self (member) && has_word (name, prefix))
        add_choice (choices, name, NULL);
    }
}

/* (transfer full) (element-type Choice) */
static GPtrArray *
find_choices (KithNameCompletion *self, const Typed *typed)
{
  GPtrArray *choices = g_ptr_array_new_with_free_func (choice_free);

  if (typed->member)
    add_members (self, typed->prefix, choices);
  else
    add_people (self, typed->prefix, choices);

  g_ptr_array_sort (choices, compare_cb);
  if (choices->len > MAX_NAMES)
    g_ptr_array_set_size (choices, MAX_NAMES);
  return choices;
}

/* --- The list ------------------------------------------------------------------------------- */

static GtkWidget *
create_row (KithNameCompletion *self, const Choice *choice)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (choice->name);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 32);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, choice->name,
                                  -1);
  g_object_set_data_full (G_OBJECT (row), "mention", dup_mention (self, choice), g_free);
  /* The cursor stays in the text. */
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static void
hide (KithNameCompletion *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
show (KithNameCompletion *self)
{
  GtkWidget *parent = gtk_widget_get_parent (self->popover);
  graphene_point_t origin = GRAPHENE_POINT_INIT (0, 0);
  graphene_point_t place;
  GdkRectangle rectangle = { .width = 1, .height = 1 };

  if (gtk_widget_compute_point (GTK_WIDGET (self->text_view), parent, &origin, &place))
    {
      rectangle.x = (int) place.x + gtk_text_view_get_left_margin (self->text_view);
      rectangle.y = (int) place.y;
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &rectangle);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

/* What is offered just now, for screen readers. */
static void
name_list (KithNameCompletion *self, const char *words)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list_box), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  -1);
}

/* The cursor stays in the text, and with it the focus: says who is chosen. @what: (nullable): what is offered */
static void
announce_choice (KithNameCompletion *self, GtkListBoxRow *row, const char *what)
{
  const char *name = gtk_label_get_text (GTK_LABEL (gtk_list_box_row_get_child (row)));
  /* Translators: "Members to mention", the first of them */
  g_autofree char *words = what != NULL ? g_strdup_printf (C_("completion", "%s: %s"), what, name) : g_strdup (name);

  kith_announce (GTK_WIDGET (self->text_view), words);
}

/* Returns: what is offered, in words */
static const char *
find_typed (KithNameCompletion *self, const char *text, Typed *typed)
{
  if (self->node != NULL && is_invitation (text))
    {
      find_mentioned (text, typed);
      return _("People to invite");
    }

  if (self->group != NULL)
    {
      find_mentioned (text, typed);
      typed->member = TRUE;
      return _("Members to mention");
    }

  if (self->node != NULL)
    find_addressee (text, typed);

  return _("People to write to in private");
}

static void
update (KithNameCompletion *self)
{
  g_autofree char *text = NULL;
  g_autofree char *prefix = NULL;
  g_autoptr (GPtrArray) choices = NULL;
  GtkListBoxRow *row;
  Typed typed = { 0 };
  const char *what;

  if (self->inserting)
    return;

  text = dup_before_cursor (self);
  self->cursor = (int) g_utf8_strlen (text, -1);
  what = find_typed (self, text, &typed);
  name_list (self, what);
  prefix = typed.prefix;
  self->start = typed.start;
  choices = prefix != NULL ? find_choices (self, &typed) : NULL;
  if (choices == NULL || choices->len == 0)
    {
      hide (self);
      return;
    }

  while ((row = gtk_list_box_get_row_at_index (self->list_box, 0)) != NULL)
    gtk_list_box_remove (self->list_box, GTK_WIDGET (row));
  for (guint i = 0; i < choices->len; i++)
    gtk_list_box_append (self->list_box, create_row (self, g_ptr_array_index (choices, i)));
  row = gtk_list_box_get_row_at_index (self->list_box, 0);
  gtk_list_box_select_row (self->list_box, row);
  announce_choice (self, row, gtk_widget_get_visible (self->popover) ? NULL : what);
  show (self);
}

/* What is offered is for where it was typed. */
static void
cursor_moved_cb (KithNameCompletion *self, GParamSpec *pspec, GtkTextBuffer *buffer)
{
  int cursor;

  g_object_get (buffer, "cursor-position", &cursor, NULL);
  if (!self->inserting && cursor != self->cursor)
    hide (self);
}

static void
accept (KithNameCompletion *self, GtkListBoxRow *row)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  g_autofree char *mention = g_strdup (g_object_get_data (G_OBJECT (row), "mention"));
  GtkTextIter start, cursor;

  hide (self);
  self->inserting = TRUE;
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_iter_at_offset (buffer, &start, self->start);
  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  gtk_text_buffer_delete (buffer, &start, &cursor);
  gtk_text_buffer_insert (buffer, &start, mention, -1);
  gtk_text_buffer_end_user_action (buffer);
  self->inserting = FALSE;
}

static void
row_activated_cb (KithNameCompletion *self, GtkListBoxRow *row)
{
  accept (self, row);
}

static void
step (KithNameCompletion *self, int change)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list_box);
  int index = row != NULL ? gtk_list_box_row_get_index (row) : -1;

  row = gtk_list_box_get_row_at_index (self->list_box, index + change);
  if (row == NULL)
    return;

  gtk_list_box_select_row (self->list_box, row);
  announce_choice (self, row, NULL);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_name_completion_dispose (GObject *object)
{
  KithNameCompletion *self = KITH_NAME_COMPLETION (object);

  if (self->text_view != NULL)
    g_signal_handlers_disconnect_by_data (gtk_text_view_get_buffer (self->text_view), self);
  self->text_view = NULL;
  if (self->list_box != NULL)
    g_signal_handlers_disconnect_by_data (self->list_box, self);
  self->list_box = NULL;
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_object (&self->group);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (kith_name_completion_parent_class)->dispose (object);
}

static void
kith_name_completion_class_init (KithNameCompletionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_name_completion_dispose;
}

static void
kith_name_completion_init (KithNameCompletion *self)
{
}

KithNameCompletion *
kith_name_completion_new (GtkWidget *parent, GtkTextView *text_view)
{
  KithNameCompletion *self = g_object_new (KITH_TYPE_NAME_COMPLETION, NULL);

  self->text_view = text_view;
  self->list_box = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_widget_set_focusable (GTK_WIDGET (self->list_box), FALSE);
  g_signal_connect_swapped (self->list_box, "row-activated", G_CALLBACK (row_activated_cb), self);

  self->popover = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_TOP);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_popover_set_child (GTK_POPOVER (self->popover), GTK_WIDGET (self->list_box));
  gtk_widget_set_parent (self->popover, parent);
  g_signal_connect_swapped (gtk_text_view_get_buffer (text_view), "changed", G_CALLBACK (update),
                            self);
  g_signal_connect_swapped (gtk_text_view_get_buffer (text_view), "notify::cursor-position",
                            G_CALLBACK (cursor_moved_cb), self);

  return self;
}

void
kith_name_completion_set_node (KithNameCompletion *self, KithNode *node, KithGroup *group)
{
  g_return_if_fail (KITH_IS_NAME_COMPLETION (self));

  g_set_object (&self->node, node);
  g_set_object (&self->group, group);
  hide (self);
}

gboolean
kith_name_completion_take_key (KithNameCompletion *self, guint keyval)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (KITH_IS_NAME_COMPLETION (self), FALSE);

  if (!gtk_widget_get_visible (self->popover))
    return FALSE;

  switch (keyval)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      step (self, -1);
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      step (self, 1);
      return TRUE;
    case GDK_KEY_Escape:
      hide (self);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
    case GDK_KEY_Tab:
      row = gtk_list_box_get_selected_row (self->list_box);
      if (row != NULL)
        accept (self, row);
      return row != NULL;
    default:
      return FALSE;
    }
}
