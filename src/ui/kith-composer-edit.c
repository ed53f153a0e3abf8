/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-composer-private.h"

#include <glib/gi18n.h>

#include "base/kith-secret.h"
#include "node/kith-explain.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"
#include "ui/kith-message-menu.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

/* What answers another message, or takes the place of one. */

/* What stands here now comes back after that. */
static void
edit (KithComposer *self, KithMessage *message, const char *text)
{
  kith_secret_free_text (self->kept);
  self->kept = kith_composer_dup_text (self);
  kith_composer_mode_set_edited (self->mode, message);
  kith_composer_set_text (self, text);
  kith_composer_update (self);
}

/* Goes back to a message of its own, and to what stood here before. */
void
kith_composer_leave_mode (KithComposer *self)
{
  gboolean was_edited = kith_composer_mode_get_edited (self->mode) != NULL;

  kith_composer_mode_clear (self->mode);
  if (!was_edited)
    return;

  kith_composer_set_text (self, self->kept);
  g_clear_pointer (&self->kept, kith_secret_free_text);
  kith_composer_update (self);
}

/* The user goes elsewhere: what is not saved yet waits here for them. */
void
kith_composer_keep_edit (KithComposer *self)
{
  KithMessage *message = kith_composer_mode_get_edited (self->mode);
  g_autoptr (KithSecretText) text = g_strstrip (kith_composer_dup_text (self));

  if (message != NULL && *text != '\0' && !g_str_equal (text, kith_message_get_text (message)))
    kith_unfinished_keep (self->unfinished, self->conversation, message, text);
}

typedef struct
{
  KithComposer *self;             /* (owned) */
  KithConversation *conversation; /* (owned) */
  char *text;                     /* (owned) what stood there then */
} ResumeData;

static void
resume_data_free (ResumeData *data)
{
  g_clear_object (&data->self);
  g_clear_object (&data->conversation);
  kith_secret_free_text (data->text);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ResumeData, resume_data_free)

/* The one in the list changes with what others do. Returns: (transfer none) */
static KithMessage *
find_shown (KithComposer *self, KithMessage *message)
{
  GListModel *messages = G_LIST_MODEL (kith_conversation_get_messages (self->conversation));

  for (guint i = g_list_model_get_n_items (messages); i > 0; i--)
    {
      g_autoptr (KithMessage) shown = g_list_model_get_item (messages, i - 1);

      if (g_str_equal (kith_message_get_id (shown), kith_message_get_id (message)))
        return shown; /* the conversation holds it */
    }

  return message;
}

/* Whether the user has not begun anything since: that would go where the edit goes. */
static gboolean
is_untouched (KithComposer *self, ResumeData *data)
{
  g_autoptr (KithSecretText) text = kith_composer_dup_text (self);

  return kith_composer_mode_get_edited (self->mode) == NULL && g_str_equal (text, data->text)
         && !g_hash_table_contains (self->sending, self->conversation);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ResumeData) data = user_data;
  KithComposer *self = data->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message = kith_node_fetch_message_finish (KITH_NODE (source), result, NULL, &error);
  g_autofree char *id = NULL;
  g_autoptr (KithSecretText) text = NULL;

  /* Where the user is not, or writes or sends something else meanwhile, it waits on. */
  if (self->node != KITH_NODE (source) || self->conversation != data->conversation || message == NULL
      || !is_untouched (self, data))
    return;

  text = kith_unfinished_dup_stored (self->node, self->conversation, &id);
  if (text == NULL || !g_str_equal (id, kith_message_get_id (message)))
    return;

  kith_unfinished_forget_stored (self->node, kith_conversation_get_key_text (self->conversation), NULL);
  /* It may have been saved while the profile was locked. */
  if (kith_message_can_edit (message) && !g_str_equal (text, kith_message_get_text (message)))
    edit (self, find_shown (self, message), text);
}

/* What was left before the profile was locked. The message may not be loaded yet. */
static void
resume_stored (KithComposer *self)
{
  g_autofree char *id = NULL;
  g_autoptr (KithSecretText) text = kith_unfinished_dup_stored (self->node, self->conversation, &id);
  ResumeData *data;

  if (text == NULL)
    return;

  data = g_new0 (ResumeData, 1);
  data->self = g_object_ref (self);
  data->conversation = g_object_ref (self->conversation);
  data->text = kith_composer_dup_text (self);
  kith_node_fetch_message_async (self->node, self->conversation, id, NULL, fetched_cb, data);
}

void
kith_composer_resume_edit (KithComposer *self)
{
  g_autoptr (KithSecretText) text = NULL;
  g_autoptr (KithMessage) message
      = kith_unfinished_take (self->unfinished, self->conversation, &text);

  if (message != NULL)
    edit (self, message, text);
  else
    resume_stored (self);
}

/* What has disappeared is neither quoted nor changed, and its words do not stay here. Without an @id all of
 * the conversation has. */
void
kith_composer_gone_cb (KithComposer *self, KithConversation *conversation, const char *event, const char *id)
{
  KithMessage *message = kith_composer_mode_get_edited (self->mode);

  kith_unfinished_forget (self->unfinished, conversation, id, NULL);
  if (message == NULL)
    message = kith_composer_mode_get_answered (self->mode);
  if (message != NULL && conversation == self->conversation
      && (id == NULL || g_str_equal (id, kith_message_get_id (message))))
    kith_composer_leave_mode (self);
}

typedef struct
{
  KithComposer *self;             /* (owned) */
  KithConversation *conversation; /* (owned) */
  KithMessage *message;           /* (owned) */
  char *text;                     /* (owned) what it is to say */
} EditData;

static void
edit_data_free (EditData *data)
{
  g_clear_object (&data->self);
  g_clear_object (&data->conversation);
  g_clear_object (&data->message);
  kith_secret_free_text (data->text);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EditData, edit_data_free)

static void
tell_unsaved (KithComposer *self, EditData *data, const GError *error)
{
  g_autofree char *words = NULL;

  if (self->conversation == data->conversation)
    words = kith_explain_error (error);
  else /* Translators: the name of a person or a group */
    words = kith_sentence_make (_("What you changed in “%s” was not saved. It is still there."),
                                kith_conversation_get_title (data->conversation));
  kith_toast_say (GTK_WIDGET (self), words);
}

/* The new words stay where they are until they are committed, and for good when they cannot be. */
static void
edited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EditData) data = user_data;
  g_autoptr (GError) error = NULL;
  KithComposer *self = data->self;
  gboolean again = kith_composer_end_sending (self, data->conversation);
  gboolean is_edited = kith_node_edit_message_finish (KITH_NODE (source), result, &error);
  g_autoptr (KithSecretText) text = NULL;

  /* Locked, or the window has gone. */
  if (self->node == NULL || self->sending == NULL)
    return;

  if (!is_edited)
    {
      tell_unsaved (self, data, error);
      return;
    }

  kith_unfinished_forget (self->unfinished, data->conversation, kith_message_get_id (data->message),
                          data->text);
  if (kith_composer_mode_get_edited (self->mode) != data->message)
    return;

  text = g_strstrip (kith_composer_dup_text (self));
  if (g_str_equal (text, data->text))
    kith_composer_leave_mode (self);
  else if (again)
    kith_composer_send (self);
}

void
kith_composer_send_edit (KithComposer *self)
{
  KithMessage *message = kith_composer_mode_get_edited (self->mode);
  g_autoptr (KithSecretText) text = g_strstrip (kith_composer_dup_text (self));
  EditData *data;

  if (g_str_equal (text, kith_message_get_text (message)))
    {
      kith_composer_leave_mode (self);
      return;
    }

  data = g_new0 (EditData, 1);
  data->self = g_object_ref (self);
  data->conversation = g_object_ref (self->conversation);
  data->message = g_object_ref (message);
  data->text = g_steal_pointer (&text);
  kith_composer_begin_sending (self, self->conversation);
  kith_node_edit_message_async (self->node, self->conversation, kith_message_get_id (message), data->text,
                                NULL, edited_cb, data);
}

/* The newest of ours that can be changed, among what is loaded. */
static KithMessage *
find_last_own (KithComposer *self)
{
  GListModel *messages = G_LIST_MODEL (kith_conversation_get_messages (self->conversation));

  for (guint i = g_list_model_get_n_items (messages); i > 0; i--)
    {
      g_autoptr (KithMessage) message = g_list_model_get_item (messages, i - 1);

      if (kith_message_can_edit (message))
        return message;
    }

  return NULL;
}

gboolean
kith_composer_edit_last (KithComposer *self)
{
  KithMessage *message = NULL;

  if (self->conversation != NULL && gtk_text_buffer_get_char_count (kith_composer_get_buffer (self)) == 0)
    message = find_last_own (self);
  if (message == NULL)
    return GDK_EVENT_PROPAGATE;

  kith_composer_edit (self, message);

  return GDK_EVENT_STOP;
}

gboolean
kith_composer_cancel_mode (KithComposer *self)
{
  if (!gtk_widget_get_visible (GTK_WIDGET (self->mode)))
    return GDK_EVENT_PROPAGATE;

  kith_composer_leave_mode (self);

  return GDK_EVENT_STOP;
}

/**
 * kith_composer_answer:
 * @self: a composer
 * @message: a message of its conversation
 *
 * What is sent next answers @message, unless the user takes that back.
 */
void
kith_composer_answer (KithComposer *self, KithMessage *message)
{
  g_return_if_fail (KITH_IS_COMPOSER (self));

  kith_composer_leave_mode (self);
  kith_composer_mode_set_answered (self->mode, message);
  kith_composer_focus (self);
}

/**
 * kith_composer_edit:
 * @self: a composer
 * @message: a message of ours in its conversation
 *
 * Puts the text of @message into it, to be changed. What stands there now comes back after that.
 */
void
kith_composer_edit (KithComposer *self, KithMessage *message)
{
  g_return_if_fail (KITH_IS_COMPOSER (self));

  kith_composer_leave_mode (self);
  edit (self, message, kith_message_get_text (message));
  kith_composer_focus (self);
}
