/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People on the same network (protocol 7.6): contacts, who are recognised by a tag that nobody else
 * can read, and strangers who present themselves. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-source.h"
#include "base/kith-text.h"
#include "node/kith-directory.h"
#include "node/kith-name-search.h"
#include "node/kith-networking.h"
#include "proto/kith-identity.h"
#include "proto/kith-pair.h"

#define SWEEP_MS 15000

/* Somebody in the list. */
typedef struct
{
  KithNearby  *item;     /* (owned) */
  KithEndpoint endpoint;
  gint64       heard_us; /* monotonic */
} Heard;

static void
heard_free (gpointer data)
{
  Heard *heard = data;

  g_object_unref (heard->item);
  g_free (heard);
}

/* --- The list ------------------------------------------------------------------------------- */

/* Contacts come first. */
static void
add_item (KithNetworking *self, KithNearby *item)
{
  GListModel *list = G_LIST_MODEL (self->nearby);
  guint position = 0;

  while (kith_nearby_get_contact (item) == NULL && position < g_list_model_get_n_items (list))
    position++;
  g_list_store_insert (self->nearby, position, item);
}

static guint
count_strangers (KithNetworking *self)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->heard);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (kith_nearby_get_contact (((Heard *) value)->item) == NULL)
      n++;

  return n;
}

/* (transfer none) (nullable): who it is, whom we may not have heard before */
static Heard *
note (KithNetworking *self, const guint8 *identity, KithContact *contact, const KithEndpoint *from)
{
  Heard *heard = g_hash_table_lookup (self->heard, identity);
  g_autofree char *address = kith_endpoint_dup_text (from);

  /* A stranger has become a contact, or the other way round. */
  if (heard != NULL && kith_nearby_get_contact (heard->item) != contact)
    {
      kith_list_store_drop (self->nearby, heard->item);
      g_hash_table_remove (self->heard, identity);
      heard = NULL;
    }

  if (heard == NULL && contact == NULL && count_strangers (self) >= KITH_LIMIT_NEARBY)
    return NULL;

  if (heard == NULL)
    {
      g_autofree char *id = kith_id_string_encode (identity);

      heard = g_new0 (Heard, 1);
      heard->item = kith_nearby_new (identity, id, contact);
      g_hash_table_insert (self->heard, (gpointer) kith_nearby_get_identity (heard->item), heard);
      add_item (self, heard->item);
    }

  heard->endpoint = *from;
  heard->heard_us = kith_env_monotonic_us (self->node->env);
  kith_nearby_set_address (heard->item, address);
  return heard;
}

static gboolean
sweep_cb (gpointer user_data)
{
  KithNetworking *self = user_data;
  gint64 now_us = kith_env_monotonic_us (self->node->env);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->heard);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Heard *heard = value;

      if (now_us - heard->heard_us < KITH_LIMIT_LAN_SILENT_MS * (gint64) 1000)
        continue;
      kith_list_store_drop (self->nearby, heard->item);
      g_hash_table_iter_remove (&iter);
    }

  return G_SOURCE_CONTINUE;
}

/* --- Beacons -------------------------------------------------------------------------------- */

/* (transfer none) (nullable): a contact who can be recognised */
static KithPeer *
peer_at (KithNode *node, guint position)
{
  g_autoptr (KithContact) contact =
    g_list_model_get_item (G_LIST_MODEL (node->contacts), position);
  KithPeer *peer = contact != NULL
                     ? kith_node_known_peer (node, kith_contact_get_identity (contact)) : NULL;

  return peer != NULL && peer->row->pair_root != NULL && !peer->row->blocked ? peer : NULL;
}

static guint
list_tags (const guint8 *nonce, guint8 (*tags)[KITH_BEACON_TAG_BYTES], guint first, guint max,
           gpointer user_data)
{
  const KithNetworking *self = user_data;
  KithNode *node = self->node;
  const guint8 *ours = kith_local_get_identity (node->local);
  guint n_contacts = g_list_model_get_n_items (G_LIST_MODEL (node->contacts));
  guint n = 0;

  for (guint i = 0; i < n_contacts && n < max; i++)
    {
      KithPeer *peer = peer_at (node, i);

      if (peer == NULL)
        continue;
      if (first > 0)
        {
          first--;
          continue;
        }
      kith_beacon_get_tag (kith_secret_get_data (peer->row->pair_root), nonce,
                           kith_pair_dir (ours, peer->row->identity), tags[n++]);
    }

  return n;
}

static gboolean
is_from (KithNode *node, KithPeer *peer, const KithBeacon *beacon)
{
  const guint8 *theirs = peer->row->identity;
  guint8 direction = kith_pair_dir (theirs, kith_local_get_identity (node->local));
  KithSecret *roots[] = { peer->row->pair_root, peer->row->old_pair_root };
  guint8 tag[KITH_BEACON_TAG_BYTES];

  for (guint i = 0; i < G_N_ELEMENTS (roots); i++)
    {
      if (roots[i] == NULL)
        continue;
      kith_beacon_get_tag (kith_secret_get_data (roots[i]), beacon->nonce, direction, tag);
      if (kith_beacon_has_tag (beacon, tag))
        return TRUE;
    }

  return FALSE;
}

static void
heard_contact (KithNetworking *self, KithPeer *peer, const KithEndpoint *from)
{
  Heard *heard = note (self, peer->row->identity, peer->contact, from);

  kith_nearby_set_name (heard->item, kith_contact_get_display_name (peer->contact));
  if (kith_routes_hear_lan (&peer->routes, from, heard->heard_us))
    kith_directory_news (peer);
}

static gboolean
find_contact (KithNetworking *self, const KithBeacon *beacon, const KithEndpoint *from)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->node->contacts));

  for (guint i = 0; i < n; i++)
    {
      KithPeer *peer = peer_at (self->node, i);

      if (peer == NULL || !is_from (self->node, peer, beacon))
        continue;
      heard_contact (self, peer, from);
      return TRUE;
    }

  return FALSE;
}

/* Anybody can claim to be anybody: a claim is shown for strangers, and helps to reach those whom we
 * have asked; a contact is recognised by the tag alone. */
static void
heard_stranger (KithNetworking *self, const KithBeacon *beacon, const KithEndpoint *from)
{
  KithPeer *peer = kith_node_known_peer (self->node, beacon->identity);
  g_autofree char *name = kith_text_sanitize_name (beacon->name);
  Heard *heard;

  if (memcmp (beacon->identity, kith_local_get_identity (self->node->local), KITH_IDENTITY_BYTES)
        == 0
      || (peer != NULL && (peer->row->blocked || kith_peer_is_mutual (peer))))
    return;

  heard = note (self, beacon->identity, peer != NULL ? peer->contact : NULL, from);
  if (heard == NULL)
    return;

  kith_nearby_set_name (heard->item, name);
  if (peer != NULL && kith_routes_hear_lan (&peer->routes, from, heard->heard_us))
    kith_directory_news (peer);
}

static void
heard (const KithBeacon *beacon, const KithEndpoint *from, gpointer user_data)
{
  KithNetworking *self = user_data;

  if (beacon->port == 0 || !kith_endpoint_is_dialable (from))
    return;

  if (!find_contact (self, beacon, from) && beacon->presents)
    heard_stranger (self, beacon, from);
}

static const KithLanDelegate delegate = { list_tags, heard };

/* --- Start and stop ------------------------------------------------------------------------- */

/**
 * kith_nearby_refresh_name: (skip)
 * @self: the networking, while it looks for people nearby
 *
 * Presents us under the name we have now, or not at all, as the user wants.
 */
void
kith_nearby_refresh_name (KithNetworking *self)
{
  KithNode *node = self->node;

  if (self->config->lan_present)
    kith_lan_present (self->lan, kith_local_get_identity (node->local),
                      kith_profile_get_name (node->profile));
  else
    kith_lan_present (self->lan, NULL, NULL);
}

/**
 * kith_nearby_start: (skip)
 * @self: the networking
 *
 * Begins to look for people on the same network, or goes on as the user wants it now.
 */
void
kith_nearby_start (KithNetworking *self)
{
  g_autoptr (GError) error = NULL;

  if (self->lan == NULL)
    {
      self->heard = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, NULL, heard_free);
      self->lan = kith_lan_new (self->node->env, &delegate, self);
      kith_lan_set_port (self->lan, kith_node_get_listen_port (self->node));
      kith_nearby_refresh_name (self);
      if (!kith_lan_start (self->lan, 0, &error))
        {
          kith_nearby_stop (self);
          return;
        }

      kith_source_start (&self->sweep, SWEEP_MS, sweep_cb, self);
      return;
    }

  kith_nearby_refresh_name (self);
}

/**
 * kith_nearby_stop: (skip)
 * @self: the networking
 */
void
kith_nearby_stop (KithNetworking *self)
{
  kith_source_clear (&self->sweep);
  g_clear_pointer (&self->lan, kith_lan_free);
  g_list_store_remove_all (self->nearby);
  g_clear_pointer (&self->heard, g_hash_table_unref);
}

/* --- Asking somebody nearby ----------------------------------------------------------------- */

KithNearby *
kith_node_find_nearby (KithNode *node, const char *who, GError **error)
{
  GListModel *list = G_LIST_MODEL (node->networking->nearby);
  KithNameSearch search;

  kith_name_search_init (&search, who);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (KithNearby) nearby = g_list_model_get_item (list, i);
      const char *id = kith_nearby_get_id (nearby);
      const char *name = kith_nearby_get_name (nearby);

      if (kith_name_search_is (&search, id) || kith_name_search_is (&search, name))
        kith_name_search_add (&search, nearby, name, id);
    }

  return kith_name_search_end (&search, KITH_NAMED_NEARBY, error);
}

void
kith_node_connect_nearby_async (KithNode *node, KithNearby *nearby, const char *request_text,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  KithNetworking *self = node->networking;
  const guint8 *identity = kith_nearby_get_identity (nearby);
  const Heard *found = self->heard != NULL ? g_hash_table_lookup (self->heard, identity) : NULL;

  kith_node_connect_to (node, found != NULL ? &found->endpoint : NULL, found != NULL ? 1 : 0,
                        identity, NULL, request_text, cancellable, callback, user_data);
}
