/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-unfinished.h"

#include "base/kith-secret.h"
#include "ui/kith-message-menu.h"

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
