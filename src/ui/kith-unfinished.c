/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-unfinished.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-secret.h"
#include "node/kith-node-history.h"
#include "ui/kith-message-menu.h"
#include "ui/kith-typed.h"

#define TYPED_EDIT "edit" /* as kith_typed_keep() knows them: and the conversation */
#define AFTER_ID '\n'     /* between the message and what it is to say */

struct _KithUnfinished
{
  GHashTable *edits; /* (owned) of conversations (owned), to an Edit each (owned) */
};

typedef struct
{
  KithMessage *message; /* (owned) */
  char *text;           /* (owned) */
} Edit;

static void
edit_free (gpointer data)
{
  Edit *edit = data;

  g_object_unref (edit->message);
  kith_secret_free_text (edit->text);
  g_free (edit);
}

/**
 * kith_unfinished_new:
 *
 * Returns: (transfer full): with nothing in it
 */
KithUnfinished *
kith_unfinished_new (void)
{
  KithUnfinished *self = g_new0 (KithUnfinished, 1);

  self->edits = g_hash_table_new_full (NULL, NULL, g_object_unref, edit_free);

  return self;
}

void
kith_unfinished_free (KithUnfinished *self)
{
  g_hash_table_unref (self->edits);
  g_free (self);
}

/**
 * kith_unfinished_clear:
 * @self: what was left
 *
 * Forgets all of it.
 */
void
kith_unfinished_clear (KithUnfinished *self)
{
  g_hash_table_remove_all (self->edits);
}

/**
 * kith_unfinished_keep:
 * @self: what was left
 * @conversation: where @message stands
 * @message: what is edited
 * @text: what it is to say
 */
void
kith_unfinished_keep (KithUnfinished *self, KithConversation *conversation, KithMessage *message,
                      const char *text)
{
  Edit *edit = g_new0 (Edit, 1);

  edit->message = g_object_ref (message);
  edit->text = g_strdup (text);
  g_hash_table_replace (self->edits, g_object_ref (conversation), edit);
}

/**
 * kith_unfinished_take:
 * @self: what was left
 * @conversation: where the user is again
 * @text: (out) (transfer full): what was written
 *
 * Returns: (transfer full) (nullable): the message that was edited; NULL when there is none that can be
 */
KithMessage *
kith_unfinished_take (KithUnfinished *self, KithConversation *conversation, char **text)
{
  Edit *edit = g_hash_table_lookup (self->edits, conversation);
  KithMessage *message = NULL;

  *text = NULL;
  if (edit != NULL && kith_message_can_edit (edit->message))
    {
      message = g_object_ref (edit->message);
      *text = g_strdup (edit->text);
    }
  g_hash_table_remove (self->edits, conversation);

  return message;
}

/**
 * kith_unfinished_forget:
 * @self: what was left
 * @conversation: where it was
 * @message_id: (nullable): the message that was edited; NULL is any
 * @text: (nullable): what was written; NULL is anything
 *
 * What was written has been saved, or there is nothing more to be edited.
 */
void
kith_unfinished_forget (KithUnfinished *self, KithConversation *conversation, const char *message_id,
                        const char *text)
{
  Edit *edit = g_hash_table_lookup (self->edits, conversation);

  if (edit != NULL
      && (message_id == NULL || g_str_equal (message_id, kith_message_get_id (edit->message)))
      && (text == NULL || g_str_equal (text, edit->text)))
    g_hash_table_remove (self->edits, conversation);
}

/* --- While the profile is locked ------------------------------------------------------------ */

static char *
dup_name (const char *conversation_id)
{
  return g_strconcat (TYPED_EDIT "-", conversation_id, NULL);
}

/* Not of somebody who has been removed meanwhile. */
static gboolean
is_there (KithNode *node, KithConversation *conversation)
{
  GListModel *conversations = kith_node_get_conversations (node);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) other = g_list_model_get_item (conversations, i);

      if (other == conversation)
        return TRUE;
    }

  return FALSE;
}

/**
 * kith_unfinished_store:
 * @self: what was left
 * @node: in whose conversations
 *
 * Keeps all of it in the profile, which is about to be locked.
 */
void
kith_unfinished_store (KithUnfinished *self, KithNode *node)
{
  GHashTableIter iter;
  gpointer conversation, edit;

  g_return_if_fail (KITH_IS_NODE (node));

  g_hash_table_iter_init (&iter, self->edits);
  while (g_hash_table_iter_next (&iter, &conversation, &edit))
    {
      g_autofree char *name = dup_name (kith_conversation_get_key_text (conversation));
      const char *id = kith_message_get_id (((Edit *) edit)->message);
      g_autoptr (KithSecretText) both = g_strdup_printf ("%s%c%s", id, AFTER_ID, ((Edit *) edit)->text);

      if (is_there (node, conversation))
        kith_typed_keep (node, name, both);
    }
}

/**
 * kith_unfinished_dup_stored:
 * @node: whose conversation it is
 * @conversation: where the user is again
 * @message_id: (out) (transfer full): the message that was edited
 *
 * Returns: (transfer full) (nullable): what was written, and stays stored; %NULL when nothing was
 */
char *
kith_unfinished_dup_stored (KithNode *node, KithConversation *conversation, char **message_id)
{
  g_autofree char *name = dup_name (kith_conversation_get_key_text (conversation));
  g_autoptr (KithSecretText) both = kith_typed_dup (node, name);
  const char *end = both != NULL ? strchr (both, AFTER_ID) : NULL;

  *message_id = NULL;
  if (end == NULL)
    return NULL;

  *message_id = g_strndup (both, (gsize) (end - both));

  return g_strdup (end + 1);
}

/**
 * kith_unfinished_forget_stored:
 * @node: whose conversation it is
 * @conversation_id: kith_conversation_get_key_text() of it
 * @message_id: (nullable): the message that was edited; %NULL is any
 *
 * The user has it back, or there is nothing more to be edited.
 */
void
kith_unfinished_forget_stored (KithNode *node, const char *conversation_id, const char *message_id)
{
  g_autofree char *name = dup_name (conversation_id);
  g_autoptr (KithSecretText) both = kith_typed_dup (node, name);
  gsize id_len = message_id != NULL ? strlen (message_id) : 0;

  if (both == NULL)
    return;

  if (message_id == NULL || (strncmp (both, message_id, id_len) == 0 && both[id_len] == AFTER_ID))
    kith_typed_forget (node, name);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *conversation_id = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message = kith_node_fetch_message_finish (KITH_NODE (source), result, NULL, &error);

  if (message != NULL ? !kith_message_can_edit (message)
                      : g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND))
    kith_unfinished_forget_stored (KITH_NODE (source), conversation_id, NULL);
}

/**
 * kith_unfinished_check_stored:
 * @node: one that was just opened
 *
 * Forgets what was written in the place of messages that are gone, as they may be without anybody who looks.
 */
void
kith_unfinished_check_stored (KithNode *node)
{
  GListModel *conversations = kith_node_get_conversations (node);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);
      g_autofree char *id = NULL;
      g_autoptr (KithSecretText) text = kith_unfinished_dup_stored (node, conversation, &id);

      if (text != NULL)
        kith_node_fetch_message_async (node, conversation, id, NULL, looked_up_cb,
                                       g_strdup (kith_conversation_get_key_text (conversation)));
    }
}
