/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings and drafts: small things that are kept in the vault as well. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "base/kith-source.h"
#include "base/kith-text.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "node/kith-settings.h"
#include "store/kith-generation.h"

#define DRAFTS_AFTER_MS 1000
#define ELLIPSIS "…"

/* --- Settings ------------------------------------------------------------------------------- */

/* What counts where nothing is set, unless that is 0. */
static const struct
{
  const char *key;
  int value;
} defaults[] = {
  { KITH_SETTING_LOCK_ON_SUSPEND, 1 },
  { KITH_SETTING_TEXT_SIZE, 100 },
  { KITH_SETTING_NOTIFY, 1 },
  { KITH_SETTING_NOTIFY_TEXT, 1 },
  { KITH_SETTING_SPELLING, 1 },
  { KITH_SETTING_TYPING, 1 },
  { KITH_SETTING_READ_RECEIPTS, 1 },
  { KITH_SETTING_DHT, 1 },
  { KITH_SETTING_LAN, 1 },
  { KITH_SETTING_PORT_MAP, 1 },
};

static int
get_default (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (defaults); i++)
    if (g_str_equal (defaults[i].key, key))
      return defaults[i].value;

  return 0;
}

/**
 * kith_node_take_settings: (skip)
 * @self: a node
 * @settings: what was stored
 */
void
kith_node_take_settings (KithNode *self, GHashTable *settings)
{
  g_clear_pointer (&self->settings, g_hash_table_unref);
  self->settings = g_hash_table_ref (settings);
}

const char *
kith_node_get_setting (KithNode *self, const char *key)
{
  return g_hash_table_lookup (self->settings, key);
}

int
kith_node_get_setting_int (KithNode *self, const char *key)
{
  const char *text = kith_node_get_setting (self, key);
  gint64 value;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT, G_MAXINT, &value, NULL))
    return get_default (key);

  return (int) value;
}

/* What could not be stored counts until the end of the run, and the user is told: taken back, it would let in whom
 * they have just shut out, or go around the proxy they have just set, while the face still shows what they chose.
 * It is written again with the next setting. */
typedef struct
{
  KithNode  *node; /* (owned) */
  GPtrArray *keys; /* (owned) (element-type utf8) */
} Write;

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Write *write = user_data;
  KithNode *self = write->node;
  g_autoptr (GError) error = NULL;
  gboolean is_stored = kith_store_commit_finish (KITH_STORE (source), result, &error);

  for (guint i = 0; i < write->keys->len; i++)
    if (is_stored)
      g_hash_table_remove (self->unstored, g_ptr_array_index (write->keys, i));
    else
      g_hash_table_add (self->unstored, g_strdup (g_ptr_array_index (write->keys, i)));
  if (!is_stored)
    kith_node_write_failed (self, error);

  g_ptr_array_unref (write->keys);
  g_object_unref (write->node);
  g_free (write);
}

static void
add_to_write (Write *write, const char *key, KithStoreBatch *batch)
{
  kith_store_batch_put_setting (batch, key, kith_node_get_setting (write->node, key));
  g_ptr_array_add (write->keys, g_strdup (key));
}

/* @key: (nullable): one that was changed */
static void
write_settings (KithNode *self, const char *key)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  Write *write = g_new0 (Write, 1);
  GHashTableIter iter;
  gpointer other;

  write->node = g_object_ref (self);
  write->keys = g_ptr_array_new_with_free_func (g_free);
  if (key != NULL)
    add_to_write (write, key, batch);
  g_hash_table_iter_init (&iter, self->unstored);
  while (g_hash_table_iter_next (&iter, &other, NULL))
    if (g_strcmp0 (other, key) != 0)
      add_to_write (write, other, batch);
  kith_store_commit_async (self->store, g_steal_pointer (&batch), NULL, written_cb, write);
  kith_node_write_blocks_again (self);
}

void
kith_node_set_setting (KithNode *self, const char *key, const char *value)
{
  g_return_if_fail (value == NULL || strlen (value) <= KITH_LIMIT_SETTING_BYTES);

  if (g_strcmp0 (kith_node_get_setting (self, key), value) == 0
      && !g_hash_table_contains (self->unstored, key))
    return;

  if (value != NULL)
    g_hash_table_replace (self->settings, g_strdup (key), g_strdup (value));
  else
    g_hash_table_remove (self->settings, key);

  write_settings (self, key);
}

/**
 * kith_node_write_settings_again: (skip)
 * @self: a node
 *
 * Tries once more to store what is in force already and could not be stored. Main thread.
 */
void
kith_node_write_settings_again (KithNode *self)
{
  if (g_hash_table_size (self->unstored) > 0)
    write_settings (self, NULL);
  else
    kith_node_write_blocks_again (self);
}

void
kith_node_set_setting_int (KithNode *self, const char *key, int value)
{
  g_autofree char *text = g_strdup_printf ("%d", value);

  kith_node_set_setting (self, key, text);
}

gboolean
kith_node_is_older_copy (KithNode *self)
{
  return kith_node_get_setting (self, KITH_GENERATION_OLDER) != NULL;
}

void
kith_node_forget_older_copy (KithNode *self)
{
  kith_node_set_setting (self, KITH_GENERATION_OLDER, NULL);
}

/* --- Drafts --------------------------------------------------------------------------------- */

/* A text may be pasted that nobody can send, and is shortened only then. Of what is longer than anybody writes the
 * beginning is kept, and who comes back sees where it was cut. (transfer full) (nullable) */
static char *
dup_bounded (const char *draft)
{
  const gsize most = KITH_LIMIT_KEPT_DRAFT_BYTES - strlen (ELLIPSIS);
  g_autoptr (KithSecretText) begin = NULL;

  if (draft == NULL || strlen (draft) <= KITH_LIMIT_KEPT_DRAFT_BYTES)
    return g_strdup (draft);

  begin = g_strndup (draft, kith_text_fit (draft, strlen (draft), most));
  return g_strconcat (begin, ELLIPSIS, NULL);
}

/**
 * kith_node_flush_drafts: (skip)
 * @self: a node
 *
 * Stores the drafts that have changed.
 */
void
kith_node_flush_drafts (KithNode *self)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  GHashTableIter iter;
  gpointer value;

  kith_source_clear (&self->drafts_source);
  g_hash_table_iter_init (&iter, self->drafts);
  while (g_hash_table_iter_next (&iter, &value, NULL))
    {
      KithChat *chat = value;
      g_autoptr (KithSecretText) draft = dup_bounded (kith_conversation_get_draft (chat->conversation));

      if (!chat->removed)
        kith_store_batch_put_draft (batch, chat->key, draft);
    }

  g_hash_table_remove_all (self->drafts);
  kith_node_commit (self, batch);
}

static gboolean
is_draft (KithConversation *conversation, const char *text)
{
  const char *draft = kith_conversation_get_draft (conversation);
  g_autoptr (KithSecretText) bare = draft != NULL ? g_strstrip (g_strdup (draft)) : NULL;
  g_autoptr (KithSecretText) bare_text = g_strstrip (g_strdup (text));

  return g_strcmp0 (bare, bare_text) == 0;
}

/**
 * kith_node_send_draft: (skip)
 * @self: a node
 * @chat: where something is sent
 * @typed: as it was typed
 * @text: the text of the message
 *
 * If that is what stands in the composer, stores it now, as the message has it: what comes in the same transaction as
 * the message then finds the draft that went with it, and not what stood there a second ago. Main thread.
 */
void
kith_node_send_draft (KithNode *self, KithChat *chat, const char *typed, const char *text)
{
  g_autoptr (KithStoreBatch) batch = NULL;

  if (!is_draft (chat->conversation, typed))
    return;

  batch = kith_store_batch_new ();
  kith_store_batch_put_draft (batch, chat->key, text);
  g_hash_table_remove (self->drafts, chat);
  kith_node_commit (self, batch);
}

/**
 * kith_node_draft_sent:
 * @self: a node
 * @conversation: where a message was sent
 * @text: its text, as it was typed
 *
 * A message that says what its draft says takes it along; in the store it is so already. Main thread.
 */
void
kith_node_draft_sent (KithNode *self, KithConversation *conversation, const char *text)
{
  if (!is_draft (conversation, text))
    return;

  kith_conversation_set_draft (conversation, NULL);
  kith_node_save_draft (self, conversation);
}

/**
 * kith_node_drop_drafts: (skip)
 * @self: a node that goes away
 */
void
kith_node_drop_drafts (KithNode *self)
{
  kith_source_clear (&self->drafts_source);
  g_hash_table_remove_all (self->drafts);
}

static gboolean
drafts_cb (gpointer user_data)
{
  kith_node_flush_drafts (user_data);
  return G_SOURCE_REMOVE;
}

void
kith_node_save_draft (KithNode *self, KithConversation *conversation)
{
  KithChat *chat = kith_node_lookup_chat (self, kith_conversation_get_key (conversation));

  if (chat == NULL || self->closing)
    return;

  g_hash_table_add (self->drafts, kith_chat_ref (chat));
  if (self->drafts_source != NULL)
    return;

  kith_source_start (&self->drafts_source, DRAFTS_AFTER_MS, drafts_cb, self);
}
