/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings and drafts: small things that are kept in the vault as well. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "store/kith-generation.h"

#define DRAFTS_AFTER_MS 1000

/* --- Settings ------------------------------------------------------------------------------- */

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
kith_node_get_setting_int (KithNode *self, const char *key, int fallback)
{
  const char *text = kith_node_get_setting (self, key);
  gint64 value;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, G_MININT, G_MAXINT, &value, NULL))
    return fallback;

  return (int) value;
}

void
kith_node_set_setting (KithNode *self, const char *key, const char *value)
{
  g_autoptr (KithStoreBatch) batch = NULL;

  g_return_if_fail (value == NULL || strlen (value) <= KITH_LIMIT_SETTING_BYTES);

  if (g_strcmp0 (kith_node_get_setting (self, key), value) == 0)
    return;

  if (value != NULL)
    g_hash_table_replace (self->settings, g_strdup (key), g_strdup (value));
  else
    g_hash_table_remove (self->settings, key);

  batch = kith_store_batch_new ();
  kith_store_batch_put_setting (batch, key, value);
  kith_node_commit (self, batch);
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
      const char *draft = kith_conversation_get_draft (chat->conversation);

      if (!chat->removed && (draft == NULL || strlen (draft) <= KITH_LIMIT_DRAFT_BYTES))
        kith_store_batch_put_draft (batch, chat->key, draft);
    }

  g_hash_table_remove_all (self->drafts);
  kith_node_commit (self, batch);
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
