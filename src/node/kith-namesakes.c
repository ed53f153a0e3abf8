/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names are what people see and anybody can take. Contacts and requests that share one with somebody
 * else are marked, unless the user has made sure of them. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-namesakes.h"

#include <string.h>

#include "base/kith-text.h"
#include "node/kith-node-private.h"

static gboolean
is_called (const char *folded, const char *name)
{
  g_autofree char *other = name != NULL ? kith_text_fold_name (name) : NULL;

  return other != NULL && strcmp (folded, other) == 0;
}

/**
 * kith_namesakes_has: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 * @name: (nullable): what they call themselves; untrusted
 *
 * Returns: whether somebody else whom we know, under that identity or with history only, is called
 *   the same or calls themselves so
 */
gboolean
kith_namesakes_has (KithNode *node, const guint8 *identity, const char *name)
{
  g_autofree char *folded = NULL;
  GHashTableIter iter;
  gpointer value;

  if (name == NULL || *name == '\0')
    return FALSE;

  folded = kith_text_fold_name (name);
  g_hash_table_iter_init (&iter, node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithPeer *peer = value;

      if (!kith_identity_equal (peer->row->identity, identity)
          && (is_called (folded, peer->row->alias) || is_called (folded, peer->row->name)))
        return TRUE;
    }

  return FALSE;
}

/* How many contacts are shown under each name. */
static GHashTable *
count_names (KithNode *node)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithPeer *peer = value;
      char *folded = kith_text_fold_name (kith_contact_get_display_name (peer->contact));
      gpointer before = g_hash_table_lookup (counts, folded);

      g_hash_table_replace (counts, folded, GUINT_TO_POINTER (GPOINTER_TO_UINT (before) + 1));
    }

  return counts;
}

static void
mark_contact (KithContact *contact, GHashTable *counts)
{
  g_autofree char *folded = kith_text_fold_name (kith_contact_get_display_name (contact));
  gpointer n = g_hash_table_lookup (counts, folded);

  kith_contact_set_name_taken (contact,
                               GPOINTER_TO_UINT (n) > 1
                                 && kith_contact_get_verified (contact) == KITH_VERIFIED_NOT
                                 && kith_contact_get_relation (contact) != KITH_RELATION_REMOVED);
}

/**
 * kith_namesakes_update: (skip)
 * @node: a node of which a contact came, went, or changed its name
 *
 * Marks all contacts and requests anew. Main thread.
 */
void
kith_namesakes_update (KithNode *node)
{
  g_autoptr (GHashTable) counts = count_names (node);
  guint n_requests = g_list_model_get_n_items (G_LIST_MODEL (node->requests));
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    mark_contact (((const KithPeer *) value)->contact, counts);

  for (guint i = 0; i < n_requests; i++)
    {
      g_autoptr (KithRequest) request = g_list_model_get_item (G_LIST_MODEL (node->requests), i);

      kith_request_set_name_taken (request,
                                   kith_namesakes_has (node, kith_request_get_identity (request),
                                                       kith_request_get_name (request)));
    }
}
