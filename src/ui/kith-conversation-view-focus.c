/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"
#include "ui/kith-focus.h"

/* Where the keyboard goes in a conversation: to the text, or where nothing can be written, to the messages. */

#define COMMAND_MODIFIERS (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK)

/**
 * kith_conversation_view_focus_composer:
 * @self: a view
 *
 * Puts the cursor where the user can write at once. Where they cannot, the newest message in view gets the focus, or
 * what can be done about it.
 */
void
kith_conversation_view_focus_composer (KithConversationView *self)
{
  g_return_if_fail (KITH_IS_CONVERSATION_VIEW (self));

  if (gtk_widget_get_visible (self->composer_clamp))
    kith_composer_focus (self->composer);
  else if (!kith_message_view_focus_last (self->message_view)
           && !gtk_widget_child_focus (GTK_WIDGET (self->notice_bar), GTK_DIR_TAB_FORWARD))
    gtk_widget_grab_focus (self->title_button);
}

/* Returns: whether the focus may be moved: it is in no entry, in which the user may be typing */
gboolean
kith_conversation_view_is_focus_free (KithConversationView *self)
{
  GtkWidget *focus = kith_focus_get (GTK_WIDGET (self));

  return !GTK_IS_TEXT (focus) || !gtk_widget_get_mapped (focus);
}

/* Whether something can be written changes while the user is there: the text goes away with the cursor in it. */
void
kith_conversation_view_show_composer (KithConversationView *self, gboolean show)
{
  gboolean goes;

  if (!show)
    kith_composer_end_recording (self->composer);
  goes = !show && kith_focus_is_in (self->composer_clamp);
  gtk_widget_set_visible (self->composer_clamp, show);
  if (goes)
    kith_conversation_view_focus_composer (self);
}

/* To be asked before what the bar says may change. Returns: whether the user is at what it offers */
gboolean
kith_conversation_view_is_at_notice (KithConversationView *self)
{
  return kith_focus_is_in (GTK_WIDGET (self->notice_bar));
}

/* What was offered may be done, and go with its button or be offered no more. */
void
kith_conversation_view_leave_notice (KithConversationView *self, gboolean was_there)
{
  if (was_there
      && (!kith_notice_bar_is_shown (self->notice_bar) || !kith_conversation_view_is_at_notice (self)))
    kith_conversation_view_focus_composer (self);
}

/* What stands above the next letter: ´ of é. */
static gboolean
is_dead (guint keyval)
{
  return keyval >= GDK_KEY_dead_grave && keyval <= 0xfe8f;
}

/* Who types a letter among the messages wants to write. */
static gboolean
letter_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
           KithConversationView *self)
{
  GtkWidget *focus = kith_focus_get (GTK_WIDGET (self));

  /* Menus have letters of their own. */
  if ((modifiers & COMMAND_MODIFIERS) != 0
      || !(g_unichar_isgraph (gdk_keyval_to_unicode (keyval)) || is_dead (keyval))
      || focus == NULL || gtk_widget_get_native (focus) != gtk_widget_get_native (GTK_WIDGET (self))
      || !gtk_widget_get_visible (self->composer_clamp))
    return GDK_EVENT_PROPAGATE;

  return kith_composer_take_key (self->composer, controller);
}

/* For the template of the view. */
void
kith_conversation_view_bind_focus (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, letter_cb);
}

/**
 * kith_conversation_view_get_regions:
 * @self: a view
 * @regions: (out): room for #KITH_CONVERSATION_VIEW_N_REGIONS
 *
 * Returns: how many parts F6 goes to, in order: the header, the bars below it that are there, the messages, and
 * the composer, if anything can be written
 */
guint
kith_conversation_view_get_regions (KithConversationView *self, GtkWidget **regions)
{
  guint n = 0;

  g_return_val_if_fail (KITH_IS_CONVERSATION_VIEW (self), 0);

  regions[n++] = self->header_bar;
  if (kith_notice_bar_is_shown (self->words_bar))
    regions[n++] = GTK_WIDGET (self->words_bar);
  if (kith_notice_bar_is_shown (self->notice_bar))
    regions[n++] = GTK_WIDGET (self->notice_bar);
  if (gtk_search_bar_get_search_mode (self->search_bar))
    regions[n++] = GTK_WIDGET (self->search_bar);
  regions[n++] = GTK_WIDGET (self->message_view);
  if (gtk_widget_get_mapped (GTK_WIDGET (self->composer)))
    regions[n++] = GTK_WIDGET (self->composer);

  return n;
}
