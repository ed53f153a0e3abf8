/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"
#include "ui/kith-sentence.h"

#include <glib/gi18n.h>

#include "node/kith-node-verify.h"

/* Somebody asks to compare words: that stands here until it is answered, or its time is over. */

static KithContact *
get_contact (KithConversationView *self)
{
  return kith_conversation_get_contact (self->conversation);
}

/* Shows whether the one whose conversation it is asks at the moment. */
void
kith_conversation_view_update_words (KithConversationView *self)
{
  KithComparison *comparison = NULL;
  g_autofree char *words = NULL;

  /* Words are compared by two. */
  if (self->conversation != NULL && get_contact (self) != NULL)
    comparison = kith_node_get_words (self->node, get_contact (self));
  if (comparison == NULL || kith_comparison_get_state (comparison) != KITH_COMPARISON_ASKED)
    {
      kith_notice_bar_hide (self->words_bar);
      return;
    }

  /* Translators: the name of a person */
  words = kith_sentence_make (_("%s would like to compare words with you, to make sure that nobody is "
                                "in between. Call each other, or meet."),
                              kith_contact_get_display_name (get_contact (self)));
  /* Translators: a button: a request, an invitation or a file */
  kith_notice_bar_show (self->words_bar, words, _("Accept"), "conversation.accept-words");
  kith_notice_bar_offer_refusal (self->words_bar, _("Not Now"), "conversation.refuse-words");
}

/* What has ended just now needs no answer. */
static void
answer (KithConversationView *self, gboolean yes)
{
  if (self->conversation != NULL)
    kith_node_answer_words (self->node, get_contact (self), yes, NULL);
  kith_conversation_view_update_words (self);
}

static void
accept_words_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  answer (self, TRUE);
  if (self->conversation != NULL)
    gtk_widget_activate_action (widget, "win.verify", "s", kith_contact_get_id (get_contact (self)));
}

static void
refuse_words_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  answer (self, FALSE);
  kith_conversation_view_focus_composer (self);
}

/* Installs those "conversation.*" that answer it. */
void
kith_conversation_view_install_words (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "conversation.accept-words", NULL,
                                   accept_words_action);
  gtk_widget_class_install_action (widget_class, "conversation.refuse-words", NULL,
                                   refuse_words_action);
}
