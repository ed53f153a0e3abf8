/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where members of a group say they are (protocol 10.5).
 *
 * Each signs where it can be reached and tells those it is linked with, who pass it on: so whoever wants
 * to be linked with somebody they have never met finds them. Nobody can say it for somebody else; but
 * whoever signs may name a victim, so what comes this way is judged as what the DHT says, and dialled a
 * few times in an hour. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-directory.h"
#include "node/kith-group-links-private.h"
#include "node/kith-own-endpoints.h"

static guint64
now_s (KithNode *node)
{
  return (guint64) MAX (kith_env_realtime_s (node->env), 0);
}

static gboolean
is_fresh (KithNode *node, const KithGroupWhere *note)
{
  return note->time_s + KITH_LIMIT_GROUP_NOTE_AGE_S > now_s (node)
         && note->time_s <= now_s (node) + KITH_LIMIT_GROUP_NOTE_AHEAD_S;
}

/* --- Our own -------------------------------------------------------------------------------- */

/* Returns: (nullable) (transfer none): where we are, as it is told in this group; %NULL when that is
 * nobody's business */
static const KithGroupWhere *
get_own (KithNode *node, KithLinkGroup *group)
{
  KithEndpoints endpoints;
  guint64 before_s = group->where != NULL ? group->where->time_s : 0;

  kith_own_endpoints_list (node, &endpoints);
  if (endpoints.n == 0 || group->author_seed == NULL)
    return NULL;

  endpoints.n = MIN (endpoints.n, KITH_LIMIT_GROUP_NOTE_ENDPOINTS);
  if (group->where != NULL && before_s + KITH_LIMIT_GROUP_NOTE_RENEWAL_S > now_s (node)
      && endpoints.n == group->where->endpoints.n
      && memcmp (endpoints.items, group->where->endpoints.items, endpoints.n * sizeof endpoints.items[0]) == 0)
    return group->where;

  g_free (group->where);
  group->where = g_new0 (KithGroupWhere, 1);
  group->where->endpoints = endpoints;
  group->where->time_s = MAX (now_s (node), before_s + 1);
  kith_group_where_sign (group->where, group->gid, kith_secret_get_data (group->author_seed));
  return group->where;
}

/* --- Telling -------------------------------------------------------------------------------- */

static void
tell (KithLinkGroup *group, KithPeer *peer, const KithGroupWhere *const *notes, guint n)
{
  g_autoptr (GByteArray) body = kith_body_group_peers_pack (notes, n);

  kith_group_session_send (peer, group->gid, KITH_RECORD_GROUP_PEERS, body->data, body->len);
}

/* @except: (nullable): from whom we have it */
static void
tell_all (KithNode *node, KithLinkGroup *group, const KithPeer *except,
          const KithGroupWhere *const *notes, guint n)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, group->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = kith_node_lookup_peer (node, ((const KithLinkMember *) value)->identity);

      if (peer != NULL && peer != except
          && kith_group_links_is_linked (node, group->gid, peer->row->identity))
        tell (group, peer, notes, n);
    }
}

static gint
newest_first (gconstpointer a, gconstpointer b)
{
  const KithGroupWhere *left = *(KithGroupWhere *const *) a;
  const KithGroupWhere *right = *(KithGroupWhere *const *) b;

  return left->time_s == right->time_s ? 0 : left->time_s > right->time_s ? -1 : 1;
}

/**
 * kith_group_peers_linked: (skip)
 * @group: a group of ours
 * @peer: a member with whom we are linked from now on
 *
 * Tells them where we are, and others were.
 */
void
kith_group_peers_linked (KithLinkGroup *group, KithPeer *peer)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new ();
  const KithGroupWhere *own = get_own (peer->node, group);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, group->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithLinkMember *member = value;

      if (member->where != NULL && is_fresh (peer->node, member->where)
          && !kith_identity_equal (member->identity, peer->row->identity))
        g_ptr_array_add (notes, member->where);
    }

  g_ptr_array_sort (notes, newest_first);
  if (own != NULL)
    g_ptr_array_insert (notes, 0, (gpointer) own);
  if (notes->len > 0)
    tell (group, peer, (const KithGroupWhere *const *) notes->pdata, notes->len);
}

/**
 * kith_group_peers_moved: (skip)
 * @node: a node that can be reached elsewhere from now on
 */
void
kith_group_peers_moved (KithNode *node)
{
  GPtrArray *groups = node->group_links->groups;

  for (guint i = 0; i < groups->len; i++)
    {
      KithLinkGroup *group = g_ptr_array_index (groups, i);
      const KithGroupWhere *own = get_own (node, group);

      if (own != NULL)
        tell_all (node, group, NULL, &own, 1);
    }
}

/* --- Being told ----------------------------------------------------------------------------- */

static KithLinkMember *
find_by_author (const KithLinkGroup *group, const guint8 *author)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, group->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithLinkMember *member = value;

      if (member->has_author && memcmp (member->author, author, sizeof member->author) == 0)
        return member;
    }

  return NULL;
}

/* Newer than what we have, and not too many. */
static gboolean
is_news (KithNode *node, KithLinkMember *member, const KithGroupWhere *note)
{
  gint64 now_us = kith_env_monotonic_us (node->env);

  if (!is_fresh (node, note)
      || (member->where != NULL && note->time_s <= member->where->time_s))
    return FALSE;

  if (member->n_notes == 0
      || now_us - member->notes_us > KITH_LIMIT_GROUP_NOTES_OF_ONE_MS * (gint64) 1000)
    {
      member->notes_us = now_us;
      member->n_notes = 0;
    }

  return ++member->n_notes <= KITH_LIMIT_GROUP_NOTES_OF_ONE;
}

static void
look_there (KithNode *node, const KithLinkMember *member)
{
  KithPeer *peer = kith_node_lookup_peer (node, member->identity);
  KithEndpoints endpoints;

  if (peer == NULL || !kith_peer_is_dialable (peer))
    return;

  kith_directory_judge (node, member->where->endpoints.items, member->where->endpoints.n, &endpoints);
  if (kith_routes_tell (&peer->routes, &endpoints))
    kith_directory_news (peer);
}

/* Returns: %FALSE when somebody forged it. @member: (out) (nullable): whose news it is, if it is any */
static gboolean
take_note (KithNode *node, KithLinkGroup *group, GBytes *bytes, KithLinkMember **member)
{
  g_autofree KithGroupWhere *note = g_new0 (KithGroupWhere, 1);
  KithLinkMember *author;
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  *member = NULL;
  if (!kith_group_where_parse (note, data, len))
    return FALSE;

  author = find_by_author (group, note->author);
  if (author == NULL || !is_news (node, author, note))
    return TRUE;
  if (!kith_group_where_verify (note, group->gid))
    return FALSE;

  g_free (author->where);
  author->where = g_steal_pointer (&note);
  *member = author;
  return TRUE;
}

/**
 * kith_group_peers_receive: (skip)
 * @group: a group of ours
 * @peer: a member with whom we are linked
 * @body: (array length=len): the body of a GROUP_PEERS, behind the name of the group: untrusted
 * @len: its length in bytes
 *
 * Returns: %FALSE when it is malformed or forged
 */
gboolean
kith_group_peers_receive (KithLinkGroup *group, KithPeer *peer, const guint8 *body, gsize len)
{
  g_autoptr (GPtrArray) notes = kith_body_group_peers_unpack (body, len);
  g_autoptr (GPtrArray) news = g_ptr_array_new ();
  g_autoptr (GPtrArray) relayed = g_ptr_array_new ();

  if (notes == NULL)
    return FALSE;

  for (guint i = 0; i < notes->len; i++)
    {
      KithLinkMember *member;

      if (!take_note (peer->node, group, g_ptr_array_index (notes, i), &member))
        return FALSE;
      if (member != NULL && !g_ptr_array_find (news, member, NULL))
        g_ptr_array_add (news, member);
    }

  for (guint i = 0; i < news->len; i++)
    {
      KithLinkMember *member = g_ptr_array_index (news, i);

      g_ptr_array_add (relayed, member->where);
      look_there (peer->node, member);
    }

  if (relayed->len > 0)
    tell_all (peer->node, group, peer, (const KithGroupWhere *const *) relayed->pdata, relayed->len);
  return TRUE;
}
