/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-reactions.h"

#include <glib/gi18n.h>

#include "ui/kith-format.h"

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
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "kithreactions");
}

static void
kith_reactions_init (KithReactions *self)
{
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))), 4);
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

static const char *
name_of (const KithReaction *reaction)
{
  return reaction->who != NULL ? kith_contact_get_display_name (reaction->who) : _("You");
}

/* Returns: (transfer full): the names of those who say @emoji. @n: (out): how many they are */
static char *
dup_names (GPtrArray *reactions, const char *emoji, guint *n)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new ();

  for (guint i = 0; i < reactions->len; i++)
    {
      const KithReaction *reaction = g_ptr_array_index (reactions, i);

      if (g_str_equal (reaction->emoji, emoji))
        g_ptr_array_add (people, (gpointer) name_of (reaction));
    }

  *n = people->len;
  g_ptr_array_add (people, NULL);

  return kith_format_list ((const char *const *) people->pdata);
}

/* As a screen reader says it. */
static char *
dup_label (const char *emoji, const char *names)
{
  /* Translators: a reaction (an emoji), and the names of those who gave it */
  return g_strdup_printf (_("%s from %s"), emoji, names);
}

static void
add_chip (KithReactions *self, KithMessage *message, const char *emoji)
{
  guint n;
  g_autofree char *names = dup_names (kith_message_get_reactions (message), emoji, &n);
  g_autofree char *text = n > 1 ? g_strdup_printf ("%s %u", emoji, n) : g_strdup (emoji);
  g_autofree char *label = dup_label (emoji, names);
  GtkWidget *button = gtk_button_new_with_label (text);

  gtk_widget_add_css_class (button, "reaction");
  gtk_widget_set_tooltip_text (button, names);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  set_action (button, message, emoji);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
}

/* Whether somebody before @i says the same. */
static gboolean
is_repeated (GPtrArray *reactions, guint i)
{
  const KithReaction *reaction = g_ptr_array_index (reactions, i);

  for (guint j = 0; j < i; j++)
    {
      const KithReaction *before = g_ptr_array_index (reactions, j);

      if (g_str_equal (before->emoji, reaction->emoji))
        return TRUE;
    }

  return FALSE;
}

/**
 * kith_reactions_set_message:
 * @self: a row of reactions
 * @message: whose to show, as they are now
 */
void
kith_reactions_set_message (KithReactions *self, KithMessage *message)
{
  GPtrArray *reactions;
  GtkWidget *child;

  g_return_if_fail (KITH_IS_REACTIONS (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  reactions = kith_message_get_reactions (message);
  gtk_widget_set_visible (GTK_WIDGET (self), reactions->len > 0 && !kith_message_is_deleted (message));
  for (guint i = 0; i < reactions->len; i++)
    {
      const KithReaction *reaction = g_ptr_array_index (reactions, i);

      if (!is_repeated (reactions, i))
        add_chip (self, message, reaction->emoji);
    }
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
  GPtrArray *reactions = kith_message_get_reactions (message);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  if (reactions->len == 0 || kith_message_is_deleted (message))
    return NULL;

  for (guint i = 0; i < reactions->len; i++)
    {
      const KithReaction *reaction = g_ptr_array_index (reactions, i);
      g_autofree char *names = NULL;
      guint n;

      if (is_repeated (reactions, i))
        continue;

      names = dup_names (reactions, reaction->emoji, &n);
      g_ptr_array_add (labels, dup_label (reaction->emoji, names));
    }
  g_ptr_array_add (labels, NULL);

  return kith_format_list ((const char *const *) labels->pdata);
}

static void
chosen_cb (GtkWidget *button)
{
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
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
