/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sending what stands in the composer: to whom it goes, and what is left of it when it was committed. */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-composer-private.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "base/kith-secret.h"
#include "node/kith-explain.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"
#include "ui/kith-composer-line.h"
#include "ui/kith-format.h"
#include "ui/kith-question.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

#define AS_THE_CONVERSATION (-1) /* for how long a message is kept */

/* What is committed may be of a conversation that is not open any more. */
void
kith_composer_begin_sending (KithComposer *self, KithConversation *conversation)
{
  g_hash_table_replace (self->sending, g_object_ref (conversation), NULL);
}

/* Returns: whether Enter came meanwhile, where the user still is */
gboolean
kith_composer_end_sending (KithComposer *self, KithConversation *conversation)
{
  gboolean again;

  if (self->sending == NULL) /* the window has gone */
    return FALSE;

  again = g_hash_table_lookup (self->sending, conversation) != NULL;
  g_hash_table_remove (self->sending, conversation);

  return again && self->conversation == conversation;
}

typedef struct
{
  KithComposer *self;             /* (owned) */
  KithNode *node;                 /* (owned) */
  KithConversation *conversation; /* (owned): whose composer it is */
  KithConversation *target;       /* (owned): where it goes */
  KithMessage *answered;          /* (owned) (nullable) */
  KithSecretText *text;           /* (owned) what stood in the composer */
} SendData;

static void
send_data_free (SendData *data)
{
  g_clear_object (&data->self);
  g_clear_object (&data->node);
  g_clear_object (&data->conversation);
  g_clear_object (&data->answered);
  g_clear_object (&data->target);
  kith_secret_free_text (data->text);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SendData, send_data_free)

/* Takes the committed text away, and leaves what was typed behind it meanwhile. */
static void
clear_committed (KithComposer *self, SendData *data)
{
  GtkTextBuffer *buffer = kith_composer_get_buffer (self);
  g_autoptr (KithSecretText) text = NULL;
  GtkTextIter start, end;

  if (self->conversation != data->conversation)
    {
      if (g_strcmp0 (kith_conversation_get_draft (data->conversation), data->text) == 0)
        {
          kith_conversation_set_draft (data->conversation, NULL);
          kith_node_save_draft (data->node, data->conversation);
        }
      return;
    }

  text = kith_composer_dup_text (self);
  if (!g_str_has_prefix (text, data->text))
    return;

  gtk_text_buffer_begin_irreversible_action (buffer);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, (int) g_utf8_strlen (data->text, -1));
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_end_irreversible_action (buffer);
}

static void
tell_where (KithComposer *self, KithConversation *target)
{
  /* Translators: the name of somebody */
  g_autofree char *words = kith_sentence_make (_("Sent to %s in private"), kith_conversation_get_title (target));

  kith_toast_say (GTK_WIDGET (self), words);
}

static void
send_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SendData) data = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message = kith_node_send_finish (KITH_NODE (source), result, &error);
  KithComposer *self = data->self;
  gboolean again = kith_composer_end_sending (self, data->conversation);

  if (message == NULL)
    {
      g_autofree char *words = kith_explain_error (error);
      KithError code = kith_error_code_from_gerror (error);
      gboolean is_disk = code == KITH_ERROR_DISK_FULL || code == KITH_ERROR_DISK;

      /* The text stays where it is; locking has put it away as a draft. */
      if (data->conversation == self->conversation)
        gtk_widget_activate_action (GTK_WIDGET (self), is_disk ? "win.warn" : "win.toast", "s",
                                    words);
      return;
    }

  clear_committed (self, data);
  if (data->answered != NULL && kith_composer_mode_get_answered (self->mode) == data->answered)
    kith_composer_leave_mode (self);
  if (data->target != data->conversation)
    tell_where (self, data->target);
  else if (self->conversation == data->conversation) /* the user may have gone on to another */
    g_signal_emit_by_name (self, "sent");

  if (again)
    kith_composer_send (self);
}

/* What stands in the composer is the text, or leads to it. */
static void
commit (KithComposer *self, KithConversation *target, const char *text)
{
  SendData *data = g_new0 (SendData, 1);
  KithMessage *answered = kith_composer_mode_get_answered (self->mode);

  /* A message is answered where it stands. */
  if (target == self->conversation)
    g_set_object (&data->answered, answered);
  data->self = g_object_ref (self);
  data->node = g_object_ref (self->node);
  data->conversation = g_object_ref (self->conversation);
  data->target = g_object_ref (target);
  data->text = kith_composer_dup_text (self);

  kith_composer_begin_sending (self, self->conversation);
  kith_node_reply_async (self->node, target, text,
                         data->answered != NULL ? kith_message_get_id (data->answered) : NULL,
                         AS_THE_CONVERSATION, NULL, send_cb, data);
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, KithComposer *self)
{
  KithConversation *conversation = g_object_get_data (G_OBJECT (dialog), "conversation");
  const char *text = g_object_get_data (G_OBJECT (dialog), "text");

  /* Only if all is as it was when the question came up. */
  if (g_str_equal (response, "send") && self->conversation == conversation
      && !g_hash_table_contains (self->sending, conversation))
    commit (self, conversation, text);
  kith_composer_focus (self);
}

static void
ask (KithComposer *self, KithToDo *to_do)
{
  g_autofree char *title = kith_format_mnemonic (kith_conversation_get_title (to_do->conversation));
  /* Translators: the name of somebody */
  g_autofree char *label = kith_sentence_make (_("_Send to %s as It Is"), title);
  AdwMessageDialog *dialog = kith_question_new (GTK_WIDGET (self), to_do->heading, to_do->body, "send",
                                                label, ADW_RESPONSE_DEFAULT);

  g_object_set_data_full (G_OBJECT (dialog), "conversation", g_object_ref (to_do->conversation), g_object_unref);
  g_object_set_data_full (G_OBJECT (dialog), "text", g_steal_pointer (&to_do->text),
                          (GDestroyNotify) kith_secret_free_text);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What could not be done is brought back with Undo. */
static void
act (KithComposer *self, const KithToDo *to_do)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (kith_composer_get_buffer (self), &start, &end);
  gtk_text_buffer_begin_user_action (kith_composer_get_buffer (self));
  gtk_text_buffer_delete (kith_composer_get_buffer (self), &start, &end);
  gtk_text_buffer_end_user_action (kith_composer_get_buffer (self));

  if (to_do->people != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), to_do->action, "(s^as)", to_do->argument, to_do->people);
  else if (to_do->second != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), to_do->action, "(ss)", to_do->argument, to_do->second);
  else if (to_do->argument != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), to_do->action, "s", to_do->argument);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), to_do->action, NULL);
}

void
kith_composer_send (KithComposer *self)
{
  g_autoptr (KithSecretText) text = NULL;
  g_auto (KithToDo) to_do = { 0 };

  if (self->conversation == NULL || !gtk_widget_get_sensitive (self->send_button))
    return;

  if (g_hash_table_contains (self->sending, self->conversation))
    {
      g_hash_table_replace (self->sending, g_object_ref (self->conversation), GINT_TO_POINTER (TRUE));
      return;
    }

  if (kith_composer_mode_get_edited (self->mode) != NULL)
    {
      kith_composer_send_edit (self);
      return;
    }

  text = g_strstrip (kith_composer_dup_text (self));
  kith_to_do_find (&to_do, self->node, self->conversation, text);
  switch (to_do.kind)
    {
    case KITH_TO_DO_SEND:
      commit (self, to_do.conversation, to_do.text);
      break;
    case KITH_TO_DO_ACT:
      act (self, &to_do);
      break;
    case KITH_TO_DO_ASK:
      ask (self, &to_do);
      break;
    case KITH_TO_DO_SAY:
      kith_toast_say (GTK_WIDGET (self), to_do.body);
      break;
    }
}
