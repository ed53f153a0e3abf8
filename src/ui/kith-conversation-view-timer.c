/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"

#include <glib/gi18n.h>

#include "base/kith-time.h"
#include "node/kith-node-messages.h"
#include "ui/kith-format.h"
#include "ui/kith-question.h"
#include "ui/kith-toast.h"

/* Messages that disappear (protocol 8): the question for how long they are kept after reading. */

#define OFF 0

static const guint32 choices_s[] = {
  OFF, 30, 5 * 60, KITH_HOUR_S, 8 * KITH_HOUR_S, KITH_DAY_S, 7 * KITH_DAY_S, 28 * KITH_DAY_S,
};

static void
set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConversationView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_set_conversation_finish (KITH_NODE (source), result, &error))
    kith_toast_say_error (GTK_WIDGET (self), error);
}

static void
chosen_cb (GtkCheckButton *button, GObject *dialog)
{
  if (gtk_check_button_get_active (button))
    g_object_set_data (dialog, "ttl-s", g_object_get_data (G_OBJECT (button), "ttl-s"));
}

static void
response_cb (GObject *dialog, const char *response, KithConversationView *self)
{
  KithConversation *conversation = g_object_get_data (dialog, "conversation");
  gpointer chosen = g_object_get_data (dialog, "ttl-s");
  guint32 ttl_s = GPOINTER_TO_UINT (chosen);

  /* What is open may be another one by now. */
  if (!g_str_equal (response, "set") || self->conversation != conversation
      || kith_conversation_get_ttl_s (conversation) == ttl_s)
    return;

  kith_node_set_conversation_ttl_async (self->node, conversation, ttl_s, NULL, set_cb,
                                        g_object_ref (self));
}

/* Returns: (transfer none): a button of the group of @first; @first is %NULL for the first one */
static GtkCheckButton *
append_choice (GtkBox *box, GtkCheckButton *first, GObject *dialog, guint32 ttl_s, gboolean active)
{
  /* Translators: a choice and a state: messages do not disappear; a network is not used */
  g_autofree char *span = ttl_s == OFF ? g_strdup (_("Off")) : kith_format_duration (ttl_s);
  GtkCheckButton *button = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (span));

  gtk_check_button_set_group (button, first);
  g_object_set_data (G_OBJECT (button), "ttl-s", GUINT_TO_POINTER (ttl_s));
  g_signal_connect_object (button, "toggled", G_CALLBACK (chosen_cb), dialog, 0);
  gtk_check_button_set_active (button, active);
  gtk_box_append (box, GTK_WIDGET (button));

  return button;
}

static GtkWidget *
make_choices (GObject *dialog, guint32 now_s)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 2));
  GtkCheckButton *first = NULL;
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (choices_s); i++)
    {
      GtkCheckButton *button
          = append_choice (box, first, dialog, choices_s[i], choices_s[i] == now_s);

      found = found || choices_s[i] == now_s;
      first = first != NULL ? first : button;
    }

  /* The other side may have chosen something else. */
  if (!found)
    append_choice (box, first, dialog, now_s, TRUE);

  gtk_widget_set_halign (GTK_WIDGET (box), GTK_ALIGN_CENTER);

  return GTK_WIDGET (box);
}

static const char *
get_promise (KithConversation *conversation)
{
  if (kith_conversation_get_group (conversation) != NULL)
    return _("The programs of all members delete what you write from now on, so long after it was read "
             "there. This takes programs that do it, and nothing keeps anybody from taking a picture of "
             "the screen. The others choose for themselves how long theirs stay.");

  return _("Both programs delete what either of you writes from now on, so long after it was read. "
           "This takes a program at the other end that does it, and nothing keeps anybody from taking "
           "a picture of the screen.");
}

static void
timer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  AdwMessageDialog *dialog;

  if (self->conversation == NULL)
    return;

  dialog = kith_question_new (widget, _("Disappearing Messages"), get_promise (self->conversation), "set",
                              /* Translators: a button: how long messages stay */
                              _("_Set"), ADW_RESPONSE_SUGGESTED);
  g_object_set_data_full (G_OBJECT (dialog), "conversation", g_object_ref (self->conversation),
                          g_object_unref);
  adw_message_dialog_set_extra_child (
      dialog, make_choices (G_OBJECT (dialog), kith_conversation_get_ttl_s (self->conversation)));
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Installs "conversation.timer". */
void
kith_conversation_view_install_timer (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "conversation.timer", NULL, timer_action);
}
