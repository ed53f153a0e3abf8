/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-quote.h"

#include <glib/gi18n.h>

#include "ui/kith-markup.h"
#include "ui/kith-message-words.h"

#define MAX_CHARS 42

struct _KithQuote
{
  GtkButton parent_instance;

  GtkLabel *name_label; /* (owned by the widget tree) */
  GtkLabel *text_label; /* (owned by the widget tree) */
};

G_DEFINE_FINAL_TYPE (KithQuote, kith_quote, GTK_TYPE_BUTTON)

static GtkLabel *
add_label (GtkBox *box, const char *css_class)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (label, MAX_CHARS);
  gtk_label_set_xalign (label, 0);
  gtk_widget_add_css_class (GTK_WIDGET (label), css_class);
  gtk_box_append (box, GTK_WIDGET (label));

  return label;
}

static void
kith_quote_class_init (KithQuoteClass *klass)
{
}

static void
kith_quote_init (KithQuote *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));

  self->name_label = add_label (box, "caption-heading");
  self->text_label = add_label (box, "caption");
  gtk_button_set_child (GTK_BUTTON (self), GTK_WIDGET (box));
  gtk_widget_add_css_class (GTK_WIDGET (self), "answered");
}

/* As a screen reader says it. */
static char *
dup_label (const char *name, const char *line)
{
  /* Translators: who wrote the message that is answered, its beginning */
  return *name != '\0' ? g_strdup_printf (_("Answers %s: %s"), name, line) : g_strdup (line);
}

static void
set (KithQuote *self, const char *name, const char *line)
{
  g_autofree char *label = dup_label (name, line);

  gtk_label_set_text (self->name_label, name);
  gtk_widget_set_visible (GTK_WIDGET (self->name_label), *name != '\0');
  gtk_label_set_text (self->text_label, line);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static const char *
name_of (KithContact *contact)
{
  return contact != NULL ? kith_contact_get_display_name (contact) : _("You");
}

/* What @message answers, as far as that is here: who wrote it, if that is known, and what. Returns: whether it
 * answers another at all */
static gboolean
find_answered (KithMessage *message, const char **name, const char **text)
{
  if (kith_message_get_reply_to (message) == NULL || kith_message_is_deleted (message))
    return FALSE;

  *name = "";
  switch (kith_message_get_quote (message))
    {
    case KITH_QUOTE_FOUND:
      *name = name_of (kith_message_get_reply_sender (message));
      *text = kith_message_get_reply_text (message);
      if (*text == NULL)
        *text = "";
      break;
    case KITH_QUOTE_DELETED:
      *text = _("Answers a message that was deleted");
      break;
    case KITH_QUOTE_NONE:
    case KITH_QUOTE_UNKNOWN:
      *text = _("Answers a message that is not on this computer");
      break;
    }

  return TRUE;
}

/**
 * kith_quote_set_answer:
 * @self: a quote
 * @message: a message
 *
 * Shows what @message answers, as far as that is here; nothing when it answers no other.
 */
void
kith_quote_set_answer (KithQuote *self, KithMessage *message)
{
  GtkActionable *button = GTK_ACTIONABLE (self);
  const char *name, *text;
  g_autofree char *line = NULL;
  gboolean answers;

  g_return_if_fail (KITH_IS_QUOTE (self));

  answers = find_answered (message, &name, &text);
  gtk_widget_set_visible (GTK_WIDGET (self), answers);
  if (!answers)
    return;

  line = kith_markup_dup_line (text);
  set (self, name, line);
  if (kith_message_get_quote (message) != KITH_QUOTE_FOUND)
    {
      gtk_actionable_set_action_name (button, NULL);
      return;
    }

  gtk_actionable_set_action_target (button, "s", kith_message_get_reply_to (message));
  gtk_actionable_set_action_name (button, "conversation.jump-to-message");
}

/**
 * kith_quote_dup_words:
 * @message: a message
 *
 * Returns: (transfer full) (nullable): what it answers, as a screen reader says it
 */
char *
kith_quote_dup_words (KithMessage *message)
{
  const char *name, *text;
  g_autofree char *line = NULL;

  if (!find_answered (message, &name, &text))
    return NULL;

  line = kith_markup_dup_line (text);
  return dup_label (name, line);
}

/**
 * kith_quote_set_message:
 * @self: a quote
 * @message: a message that is about to be answered
 */
void
kith_quote_set_message (KithQuote *self, KithMessage *message)
{
  g_autofree char *line = NULL;

  g_return_if_fail (KITH_IS_QUOTE (self));

  line = kith_message_words_dup_line (message);
  set (self, name_of (kith_message_get_sender (message)), line);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s", kith_message_get_id (message));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "conversation.jump-to-message");
}
