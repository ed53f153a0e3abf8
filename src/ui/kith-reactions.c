/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-reactions.h"

#include <glib/gi18n.h>

#include "ui/kith-format.h"
#include "ui/kith-sentence.h"
#include "ui/kith-wrap-layout.h"

/* In a group anybody can say what they like: the rest is behind a button. */
#define MAX_CHIPS 8
#define MAX_LISTED 200
#define MAX_NAMES 20
#define SPACING 4
#define LIST_WIDTH 280
#define LIST_HEIGHT 240

struct _KithReactions
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (KithReactions, kith_reactions, GTK_TYPE_WIDGET)

/* What is said most; anything else is in the picker. */
static const char *const usual[] = { "👍", "❤️", "😂", "😮", "😢", "🙏" };

static void
kith_reactions_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (kith_reactions_parent_class)->dispose (object);
}

static void
kith_reactions_class_init (KithReactionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_reactions_dispose;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "kithreactions");
}

static void
kith_reactions_init (KithReactions *self)
{
  gtk_widget_set_layout_manager (GTK_WIDGET (self), kith_wrap_layout_new (SPACING));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* Says @emoji to @message, or takes it back when it is what we say now. */
static void
set_action (GtkWidget *button, KithMessage *message, const char *emoji)
{
  gboolean is_own = g_strcmp0 (kith_message_get_own_reaction (message), emoji) == 0;

  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)", kith_message_get_id (message),
                                    is_own ? "" : emoji);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "conversation.react");
  if (is_own)
    gtk_widget_add_css_class (button, "own");
}

static void
chosen_cb (GtkWidget *button)
{
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

/* --- What was said -------------------------------------------------------------------------- */

typedef struct
{
  const char *emoji; /* (unowned) the message's */
  GPtrArray *names;  /* (owned) (element-type utf8), the first MAX_NAMES */
  guint n_people;
} Said;

static void
said_free (gpointer data)
{
  Said *said = data;

  g_ptr_array_unref (said->names);
  g_free (said);
}

static const char *
name_of (const KithReaction *reaction)
{
  return reaction->who != NULL ? kith_contact_get_display_name (reaction->who) : _("You");
}

/* Returns: (transfer full) (element-type Said): each emoji once, in the order in which they came */
static GPtrArray *
count (KithMessage *message)
{
  GPtrArray *reactions = kith_message_get_reactions (message);
  GPtrArray *all = g_ptr_array_new_with_free_func (said_free);
  g_autoptr (GHashTable) by_emoji = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < reactions->len; i++)
    {
      const KithReaction *reaction = g_ptr_array_index (reactions, i);
      Said *said = g_hash_table_lookup (by_emoji, reaction->emoji);

      if (said == NULL)
        {
          said = g_new0 (Said, 1);
          said->emoji = reaction->emoji;
          said->names = g_ptr_array_new_with_free_func (g_free);
          g_ptr_array_add (all, said);
          g_hash_table_insert (by_emoji, (gpointer) said->emoji, said);
        }
      if (said->n_people++ < MAX_NAMES)
        g_ptr_array_add (said->names, kith_sentence_isolate (name_of (reaction)));
    }

  return all;
}

/* Returns: (transfer full): who said it; takes the names */
static char *
dup_names (Said *said)
{
  if (said->n_people > said->names->len)
    {
      guint n = said->n_people - said->names->len;

      g_ptr_array_add (said->names, g_strdup_printf (
          /* Translators: the end of a list of names: "Ann, Ben, 5 others" */
          g_dngettext (GETTEXT_PACKAGE, "%u other", "%u others", n), n));
    }
  g_ptr_array_add (said->names, NULL);

  return kith_format_list ((const char *const *) said->names->pdata);
}

/* As a screen reader says it. */
static char *
dup_label (const char *emoji, const char *names)
{
  g_autofree char *spoken = kith_sentence_dup_spoken (names);

  /* Translators: a reaction (an emoji), and the names of those who gave it */
  return g_strdup_printf (_("%s from %s"), emoji, spoken);
}

static char *
dup_more (guint n)
{
  /* Translators: of emojis; said of a message */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more reaction", "%u more reactions", n), n);
}

/* --- Showing it ----------------------------------------------------------------------------- */

static GtkWidget *
make_chip (KithMessage *message, Said *said)
{
  guint n = said->n_people;
  g_autofree char *text = n > 1 ? g_strdup_printf ("%s %u", said->emoji, n) : g_strdup (said->emoji);
  g_autofree char *names = dup_names (said);
  g_autofree char *label = dup_label (said->emoji, names);
  GtkWidget *button = gtk_button_new_with_label (text);

  gtk_widget_add_css_class (button, "reaction");
  gtk_widget_set_tooltip_text (button, names);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  set_action (button, message, said->emoji);
  g_signal_connect (button, "clicked", G_CALLBACK (chosen_cb), NULL);

  return button;
}

static void
add_chips (KithReactions *self, KithMessage *message, GPtrArray *all, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    gtk_widget_set_parent (make_chip (message, g_ptr_array_index (all, i)), GTK_WIDGET (self));
}

/* Those that do not stand below the message, when the user wants to see them. */
static void
make_list_cb (GtkMenuButton *button, gpointer user_data)
{
  KithMessage *message = user_data;
  g_autoptr (GPtrArray) all = count (message);
  KithReactions *list = g_object_new (KITH_TYPE_REACTIONS, "visible", TRUE, NULL);
  GtkWidget *window = gtk_scrolled_window_new ();
  GtkWidget *popover = gtk_popover_new ();

  add_chips (list, message, all, MIN (MAX_CHIPS, all->len), MIN (all->len, MAX_CHIPS + MAX_LISTED));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (window), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_width (GTK_SCROLLED_WINDOW (window), LIST_WIDTH);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (window), LIST_HEIGHT);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (window), TRUE);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (window), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (window), GTK_WIDGET (list));
  gtk_popover_set_child (GTK_POPOVER (popover), window);
  gtk_menu_button_set_popover (button, popover);
}

static void
add_more (KithReactions *self, KithMessage *message, guint n)
{
  GtkWidget *button = gtk_menu_button_new ();
  /* Translators: so many more reactions than there is room for */
  g_autofree char *text = g_strdup_printf (_("+%u"), n);
  g_autofree char *label = dup_more (n);

  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), text);
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (button), FALSE);
  gtk_widget_add_css_class (button, "reaction");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), make_list_cb,
                                         g_object_ref (message), g_object_unref);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
}

/**
 * kith_reactions_set_message:
 * @self: a row of reactions
 * @message: whose to show, as they are now
 */
void
kith_reactions_set_message (KithReactions *self, KithMessage *message)
{
  g_autoptr (GPtrArray) all = NULL;
  GtkWidget *child;

  g_return_if_fail (KITH_IS_REACTIONS (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  all = count (message);
  gtk_widget_set_visible (GTK_WIDGET (self), all->len > 0 && !kith_message_is_deleted (message));
  add_chips (self, message, all, 0, MIN (all->len, MAX_CHIPS));
  if (all->len > MAX_CHIPS)
    add_more (self, message, all->len - MAX_CHIPS);
}

/**
 * kith_reactions_dup_words:
 * @message: a message
 *
 * Returns: (transfer full) (nullable): what people say to it, as a screen reader says it
 */
char *
kith_reactions_dup_words (KithMessage *message)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) labels = NULL;

  if (kith_message_get_reactions (message)->len == 0 || kith_message_is_deleted (message))
    return NULL;

  all = count (message);
  labels = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < MIN (all->len, MAX_CHIPS); i++)
    {
      Said *said = g_ptr_array_index (all, i);
      g_autofree char *names = dup_names (said);

      g_ptr_array_add (labels, dup_label (said->emoji, names));
    }
  if (all->len > MAX_CHIPS)
    g_ptr_array_add (labels, dup_more (all->len - MAX_CHIPS));
  g_ptr_array_add (labels, NULL);

  return kith_format_list ((const char *const *) labels->pdata);
}

/**
 * kith_reactions_new_choice:
 * @message: what to react to
 * @more_cb: what to call when another emoji is wanted, as a handler of #GtkButton::clicked, swapped
 * @user_data: for @more_cb
 *
 * Returns: (transfer floating): the usual emoji to choose from, for the menu of a message
 */
GtkWidget *
kith_reactions_new_choice (KithMessage *message, GCallback more_cb, gpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *more = gtk_button_new_from_icon_name ("view-more-horizontal-symbolic");

  gtk_widget_add_css_class (box, "reaction-choice");
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (usual[i]);
      /* Translators: an emoji */
      g_autofree char *label = g_strdup_printf (_("React with %s"), usual[i]);

      gtk_widget_add_css_class (button, "flat");
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
      set_action (button, message, usual[i]);
      g_signal_connect (button, "clicked", G_CALLBACK (chosen_cb), NULL);
      gtk_box_append (GTK_BOX (box), button);
    }

  gtk_widget_add_css_class (more, "flat");
  gtk_widget_set_tooltip_text (more, _("Other Reaction"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (more), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Other reaction"), -1);
  g_signal_connect_object (more, "clicked", more_cb, user_data, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), more);

  return box;
}
