/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-notification-name.h"

#include <string.h>

#include "base/kith-env.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"

#define KEY_BYTES 32

typedef struct
{
  char *own_id;     /* (owned) */
  char *id;         /* (owned) */
  char *message_id; /* (owned) */
} Meaning;

static GHashTable *meanings; /* (owned) (nullable) names to what they stand for */

static void
meaning_free (gpointer data)
{
  Meaning *meaning = data;

  g_free (meaning->own_id);
  g_free (meaning->id);
  g_free (meaning->message_id);
  g_free (meaning);
}

/* The first time it is made. */
static const char *
get_key (KithNode *node)
{
  const char *key = kith_node_get_setting (node, KITH_SETTING_NOTIFY_KEY);
  guint8 bytes[KEY_BYTES];
  g_autoptr (GString) text = NULL;

  if (key != NULL)
    return key;

  text = g_string_new (NULL);
  kith_env_random_bytes (kith_env_get_default (), bytes, sizeof bytes);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  kith_node_set_setting (node, KITH_SETTING_NOTIFY_KEY, text->str);

  return kith_node_get_setting (node, KITH_SETTING_NOTIFY_KEY);
}

/**
 * kith_notification_name_dup:
 * @node: of whose profile it is
 * @what: what it tells of
 *
 * Returns: (transfer full): the name, the same each time
 */
char *
kith_notification_name_dup (KithNode *node, const char *what)
{
  const char *key;

  g_return_val_if_fail (KITH_IS_NODE (node) && what != NULL, NULL);

  key = get_key (node);
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) key, strlen (key), what, -1);
}

/**
 * kith_notification_name_remember:
 * @name: of a notification that is shown
 * @own_id: the ID of the user for whom it is meant
 * @id: what it opens: of a contact, a request or a group, or ""
 * @message_id: of a message there, or ""
 *
 * What was remembered of that name before is forgotten.
 */
void
kith_notification_name_remember (const char *name, const char *own_id, const char *id,
                                 const char *message_id)
{
  Meaning *meaning;

  g_return_if_fail (name != NULL && own_id != NULL && id != NULL && message_id != NULL);

  if (meanings == NULL)
    meanings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, meaning_free);

  meaning = g_new0 (Meaning, 1);
  meaning->own_id = g_strdup (own_id);
  meaning->id = g_strdup (id);
  meaning->message_id = g_strdup (message_id);
  g_hash_table_replace (meanings, g_strdup (name), meaning);
}

static gboolean
is_of (gpointer name, gpointer data, gpointer own_id)
{
  const Meaning *meaning = data;

  return g_str_equal (meaning->own_id, own_id);
}

/**
 * kith_notification_name_forget:
 * @own_id: the ID of a user whose profile is closed or locked
 */
void
kith_notification_name_forget (const char *own_id)
{
  g_return_if_fail (own_id != NULL);

  if (meanings != NULL)
    g_hash_table_foreach_remove (meanings, is_of, (gpointer) own_id);
}

/**
 * kith_notification_name_get_owner:
 * @name: of a notification
 *
 * Returns: (transfer none) (nullable): the ID of the user for whom it is meant; %NULL when this process has not shown it
 */
const char *
kith_notification_name_get_owner (const char *name)
{
  const Meaning *meaning;

  g_return_val_if_fail (name != NULL, NULL);

  meaning = meanings != NULL ? g_hash_table_lookup (meanings, name) : NULL;
  return meaning != NULL ? meaning->own_id : NULL;
}

/* Of what a process that is gone has shown only conversations are found: the rest is in view. */
static char *
dup_conversation (KithNode *node, const char *name)
{
  GListModel *conversations = kith_node_get_conversations (node);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);
      const char *id = kith_conversation_get_key_text (conversation);
      g_autofree char *of_conversation = kith_notification_name_dup (node, id);

      if (g_str_equal (of_conversation, name))
        return g_strdup (id);
    }

  return NULL;
}

/**
 * kith_notification_name_find:
 * @name: of a notification; anybody on the bus may have said it
 * @node: of a profile that is open
 * @id: (out) (transfer full): what it opens: of a contact, a request or a group, or ""
 * @message_id: (out) (transfer full): of a message there, or ""
 *
 * Returns: %FALSE when it means nothing in this profile, or not any more
 */
gboolean
kith_notification_name_find (const char *name, KithNode *node, char **id, char **message_id)
{
  const Meaning *meaning;
  KithProfile *profile;

  g_return_val_if_fail (name != NULL && KITH_IS_NODE (node), FALSE);

  profile = kith_node_get_profile (node);
  meaning = meanings != NULL ? g_hash_table_lookup (meanings, name) : NULL;
  if (meaning != NULL
      && (profile == NULL || !g_str_equal (meaning->own_id, kith_profile_get_id (profile))))
    return FALSE;

  *id = meaning != NULL ? g_strdup (meaning->id) : dup_conversation (node, name);
  if (*id == NULL)
    return FALSE;

  *message_id = g_strdup (meaning != NULL ? meaning->message_id : "");
  return TRUE;
}
