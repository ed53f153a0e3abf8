/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the faces see of edits, deletion and reactions, once they are committed. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-chat.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "node/kith-node-history-private.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers.h"

static KithMessage *
lookup (KithChat *chat, const guint8 *id)
{
  return kith_message_list_lookup (kith_conversation_get_messages (chat->conversation), id);
}

/* Only who wrote a message edits it and takes it back: the store has seen to that, and what is shown never
 * goes further than what is stored. */
static KithMessage *
written_by (KithMessage *message, KithContact *who)
{
  return message != NULL && kith_message_is_outgoing (message) == (who == NULL) ? message : NULL;
}

/* The newest message is kept also while the window is elsewhere; then it is an object of its own. */
static KithMessage *
last_with_id (KithChat *chat, const guint8 *id)
{
  KithMessage *last = kith_conversation_get_last_message (chat->conversation);

  if (last == NULL || memcmp (kith_message_get_id_bytes (last), id, KITH_MESSAGE_ID_BYTES) != 0)
    return NULL;

  return last;
}

static void
emit (KithChat *chat, KithMessageEvent event, const guint8 *id, KithContact *who, const char *text)
{
  g_autofree char *hex = kith_hex_encode (id, KITH_MESSAGE_ID_BYTES);

  kith_node_emit_message_event (chat->node, chat->conversation, event, hex, who, text);
}

/* --- Quotes --------------------------------------------------------------------------------- */

static char *
dup_beginning (const char *text)
{
  return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), KITH_LIMIT_QUOTE_CHARS));
}

static void
quote_message (KithMessage *message, KithMessage *quoted)
{
  g_autoptr (KithSecretText) text = dup_beginning (kith_message_get_text (quoted));

  if (kith_message_is_deleted (quoted))
    kith_message_set_quote (message, KITH_QUOTE_DELETED, NULL, NULL);
  else
    kith_message_set_quote (message, KITH_QUOTE_FOUND, kith_message_get_sender (quoted), text);
}

typedef struct
{
  KithChat    *chat;    /* (owned) */
  KithMessage *message; /* (owned) */
} Quoting;

static void
quote_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Quoting *quoting = user_data;
  g_autoptr (KithStoreMessage) row =
    kith_store_find_message_finish (KITH_STORE (source), result, NULL);
  g_autoptr (KithMessage) quoted = NULL;

  if (row != NULL && !kith_message_is_deleted (quoting->message))
    {
      quoted = kith_chat_make_message (quoting->chat, row);
      quote_message (quoting->message, quoted);
    }

  kith_chat_unref (quoting->chat);
  g_object_unref (quoting->message);
  g_free (quoting);
}

static void
load_quote (KithChat *chat, KithMessage *message, const guint8 *id)
{
  Quoting *quoting = g_new0 (Quoting, 1);

  quoting->chat = kith_chat_ref (chat);
  quoting->message = g_object_ref (message);
  kith_store_find_message_async (chat->node->store, chat->key, id, NULL, quote_loaded_cb, quoting);
}

void
kith_chat_show_quote (KithChat *chat, KithMessage *message, const KithStoreMessage *row)
{
  KithMessage *quoted = lookup (chat, row->reply_to);

  kith_message_set_reply_to (message, row->reply_to);
  kith_message_set_quote (message, KITH_QUOTE_UNKNOWN, NULL, NULL);
  if (quoted != NULL)
    quote_message (message, quoted);
  else if (row->quote == KITH_STORE_QUOTE_FOUND)
    kith_message_set_quote (message, KITH_QUOTE_FOUND, kith_chat_get_sender (chat, row->quote_outgoing, row->quote_author),
                            row->quote_text);
  else if (row->quote == KITH_STORE_QUOTE_DELETED)
    kith_message_set_quote (message, KITH_QUOTE_DELETED, NULL, NULL);
  else if (row->quote == KITH_STORE_QUOTE_NOT_LOADED)
    load_quote (chat, message, row->reply_to);
}

/* A message has changed, or is gone when @quoted is NULL: so do its quotes. */
static void
update_quotes (KithChat *chat, const guint8 *id, KithMessage *quoted)
{
  KithMessageList *list = kith_conversation_get_messages (chat->conversation);
  g_autofree char *hex = kith_hex_encode (id, KITH_MESSAGE_ID_BYTES);

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    {
      KithMessage *message = kith_message_list_get (list, i);

      if (g_strcmp0 (kith_message_get_reply_to (message), hex) != 0)
        continue;
      if (quoted != NULL)
        quote_message (message, quoted);
      else
        kith_message_set_quote (message, KITH_QUOTE_DELETED, NULL, NULL);
    }
}

/* --- Changes -------------------------------------------------------------------------------- */

static void
show_text (KithChat *chat, const guint8 *id, KithContact *who, const char *text, gint64 edited_ms)
{
  KithMessage *message = written_by (lookup (chat, id), who);
  KithMessage *last = written_by (last_with_id (chat, id), who);

  if (message != NULL)
    kith_message_set_text (message, text, edited_ms);
  if (last != NULL && last != message)
    kith_message_set_text (last, text, edited_ms);
  if (message == NULL)
    return;

  update_quotes (chat, id, message);
  kith_conversation_note_edit (chat->conversation);
}

static void
show_deleted (KithChat *chat, const guint8 *id, KithContact *who)
{
  KithMessage *message = written_by (lookup (chat, id), who);
  KithMessage *last = written_by (last_with_id (chat, id), who);

  kith_transfers_drop_message (chat, id, who == NULL);
  if (message != NULL)
    kith_message_set_deleted (message);
  if (last != NULL)
    kith_message_set_deleted (last);
  update_quotes (chat, id, NULL);
}

static void
show_reaction (KithChat *chat, const guint8 *id, KithContact *who, const char *emoji)
{
  KithMessage *message = lookup (chat, id);
  KithMessage *last = last_with_id (chat, id);

  if (message != NULL)
    kith_message_set_reaction (message, who, emoji);
  if (last != NULL && last != message)
    kith_message_set_reaction (last, who, emoji);
}

void
kith_chat_show_act (KithChat *chat, KithStoreKind kind, const guint8 *target, const char *text,
                         gint64 time_ms, KithContact *who)
{
  switch (kind)
    {
    case KITH_STORE_KIND_EDIT:
      show_text (chat, target, who, text, time_ms);
      emit (chat, KITH_MESSAGE_EVENT_EDITED, target, who, text);
      break;
    case KITH_STORE_KIND_DELETE:
      show_deleted (chat, target, who);
      emit (chat, KITH_MESSAGE_EVENT_DELETED, target, who, NULL);
      break;
    case KITH_STORE_KIND_REACTION:
      show_reaction (chat, target, who, text);
      emit (chat, KITH_MESSAGE_EVENT_REACTION, target, who, text);
      break;
    case KITH_STORE_KIND_TEXT:
    case KITH_STORE_KIND_TIMER:
    case KITH_STORE_KIND_MISSING:
    case KITH_STORE_KIND_GROUP_INVITE:
    case KITH_STORE_KIND_EVENT:
      break;
    }
}

/* --- What is gone --------------------------------------------------------------------------- */

static void
last_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithChat) chat = user_data;
  g_autoptr (GPtrArray) rows = kith_store_load_messages_finish (KITH_STORE (source), result, NULL);
  g_autoptr (KithMessage) last = NULL;

  /* Something may have come meanwhile. */
  if (rows == NULL || chat->removed || kith_conversation_get_last_message (chat->conversation) != NULL)
    return;

  if (rows->len > 0)
    {
      const KithStoreMessage *row = g_ptr_array_index (rows, 0);
      KithMessage *shown = lookup (chat, row->id);

      last = shown != NULL ? g_object_ref (shown) : kith_chat_make_message (chat, row);
    }
  kith_conversation_replace_last (chat->conversation, last);
}

static void
find_last (KithChat *chat)
{
  KithStoreCursor cursor = { .hlc = G_MAXUINT64 };

  memcpy (cursor.identity, chat->key, sizeof cursor.identity);
  kith_conversation_replace_last (chat->conversation, NULL);
  kith_store_load_messages_async (chat->node->store, &cursor, KITH_STORE_LAST, 1, NULL,
                                  last_loaded_cb, kith_chat_ref (chat));
}

void
kith_chat_show_gone (KithChat *chat, const guint8 *id)
{
  KithMessage *message = lookup (chat, id);
  gboolean was_last = last_with_id (chat, id) != NULL;

  kith_transfers_drop_message (chat, id, FALSE);
  kith_transfers_drop_message (chat, id, TRUE);
  kith_conversation_forget_unread (chat->conversation, id, FALSE);
  if (message != NULL)
    kith_message_list_remove (kith_conversation_get_messages (chat->conversation), message);
  kith_history_refill (chat);
  if (was_last)
    find_last (chat);
  update_quotes (chat, id, NULL);
  emit (chat, KITH_MESSAGE_EVENT_GONE, id, NULL, NULL);
}

/**
 * kith_chat_show_options: (skip)
 * @chat: a conversation
 *
 * Brings the conversation in step with how it is treated. Main thread.
 */
void
kith_chat_show_options (KithChat *chat)
{
  const KithConversationOptions options = { chat->options.ttl_s, chat->options.muted_until_ms,
                                            chat->options.pinned, chat->options.archived,
                                            chat->options.marked_unread };

  kith_conversation_set_options (chat->conversation, &options);
}
