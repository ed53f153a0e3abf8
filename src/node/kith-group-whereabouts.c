/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where members of a group say they are (protocol 10.6).
 *
 * Each signs where it can be reached and tells those it is linked with, who pass it on: so whoever wants
 * to be linked with somebody they have never met finds them. Nobody can say it for somebody else; but
 * whoever signs may name a victim, so what comes this way is judged as what the DHT says, and dialled a
 * few times in an hour. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-source.h"
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

/* What finds no room is said again, the newest of everybody, when there is some. */
static void
tell (KithLinkGroup *group, KithPeer *peer, const KithGroupWhere *const *notes, guint n)
{
  g_autoptr (GByteArray) body = kith_body_group_peers_pack (notes, n);

  if (!kith_group_session_send (peer, group->gid, KITH_RECORD_GROUP_PEERS, body->data, body->len))
    kith_group_session_owe_notes (peer, group->gid);
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
 * kith_group_whereabouts_linked: (skip)
 * @group: a group of ours
 * @peer: a member with whom we are linked from now on
 *
 * Tells them where we are, and others were.
 */
void
kith_group_whereabouts_linked (KithLinkGroup *group, KithPeer *peer)
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
 * kith_group_whereabouts_moved: (skip)
 * @node: a node that can be reached elsewhere from now on
 */
void
kith_group_whereabouts_moved (KithNode *node)
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

static gboolean
renew_cb (gpointer user_data)
{
  KithNode *node = user_data;
  GPtrArray *groups = node->group_links->groups;

  kith_source_clear (&node->group_links->renewal);
  for (guint i = 0; i < groups->len; i++)
    {
      KithLinkGroup *group = g_ptr_array_index (groups, i);
      guint64 before_s = group->where != NULL ? group->where->time_s : 0;
      const KithGroupWhere *own = get_own (node, group);

      if (own != NULL && own->time_s != before_s)
        tell_all (node, group, NULL, &own, 1);
    }

  kith_group_whereabouts_await_renewal (node);
  return G_SOURCE_REMOVE;
}

/**
 * kith_group_whereabouts_await_renewal: (skip)
 * @node: a node that is in a group
 *
 * Says anew where we are before the others forget it, also when nothing changes. Looks now and then,
 * because machines sleep.
 */
void
kith_group_whereabouts_await_renewal (KithNode *node)
{
  if (node->group_links->renewal == NULL && !node->closing)
    kith_source_start (&node->group_links->renewal, KITH_LIMIT_GROUP_NOTE_CHECK_MS, renew_cb, node);
}

/* --- Being told ----------------------------------------------------------------------------- */

/* Newer than what we have, and not too many. */
static gboolean
is_news (KithNode *node, const KithLinkMember *member, const KithGroupWhere *note)
{
  return is_fresh (node, note) && (member->where == NULL || note->time_s > member->where->time_s)
         && kith_quota_has_room (&member->notes, kith_env_monotonic_us (node->env), KITH_LIMIT_GROUP_NOTES_OF_ONE,
                                 KITH_LIMIT_GROUP_NOTES_OF_ONE_MS);
}

/* Only what the member has signed is counted: nobody else can use up what is taken of them. */
static void
count_note (KithNode *node, KithLinkMember *member)
{
  kith_quota_count (&member->notes, kith_env_monotonic_us (node->env), KITH_LIMIT_GROUP_NOTES_OF_ONE_MS);
}

static void
look_there (KithPeer *peer, const KithLinkMember *member)
{
  KithEndpoints endpoints;

  if (peer->removed || member == NULL || member->where == NULL || !kith_peer_is_dialable (peer))
    return;

  kith_directory_judge (peer->node, member->where->endpoints.items, member->where->endpoints.n, &endpoints);
  if (kith_routes_tell (&peer->routes, &endpoints))
    kith_directory_news (peer);
}

static void
look_for_all (KithNode *node, const guint8 *gid, GPtrArray *peers)
{
  guint8 copy[KITH_GROUP_ID_BYTES];

  memcpy (copy, gid, sizeof copy);
  for (guint i = 0; i < peers->len; i++)
    {
      KithPeer *peer = g_ptr_array_index (peers, i);
      const KithLinkGroup *group = kith_group_links_find (node, copy);

      if (group != NULL)
        look_there (peer, kith_group_links_find_member (group, peer->row->identity));
    }
}

/**
 * kith_group_whereabouts_look_for: (skip)
 * @peer: a member of groups of ours
 *
 * Looks for them where they have said they are: from now on we want to be linked with them.
 */
void
kith_group_whereabouts_look_for (KithPeer *peer)
{
  KithGroupLinks *links = peer->node->group_links;

  for (guint i = 0; i < links->groups->len; i++)
    look_there (peer, kith_group_links_find_member (g_ptr_array_index (links->groups, i),
                                                    peer->row->identity));
}

/* Whoever brings a newcomer tells where they are before we have stored that they are one of us. */
static void
keep_early (KithLinkGroup *group, KithGroupWhere *note)
{
  if (group->early->len >= KITH_LIMIT_GROUP_EARLY_NOTES)
    g_ptr_array_remove_index (group->early, 0);
  g_ptr_array_add (group->early, note);
}

/* Returns: %FALSE when somebody forged it. @news: gets the note, if it is one */
static gboolean
check_note (KithNode *node, KithLinkGroup *group, GBytes *bytes, GPtrArray *news)
{
  g_autofree KithGroupWhere *note = g_new0 (KithGroupWhere, 1);
  const KithLinkMember *author;
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  if (!kith_group_where_parse (note, data, len))
    return FALSE;

  author = kith_group_links_find_author (group, note->author);
  if (author == NULL && is_fresh (node, note))
    keep_early (group, g_steal_pointer (&note));
  if (author == NULL || !is_news (node, author, note))
    return TRUE;
  if (!kith_group_where_verify (note, group->gid))
    return FALSE;

  g_ptr_array_add (news, g_steal_pointer (&note));
  return TRUE;
}

/* Nothing of a record counts that has something forged in it: what is good will come from others, and
 * is news then. Returns: (transfer full) (nullable): what is news */
static GPtrArray *
check_all (KithNode *node, KithLinkGroup *group, GPtrArray *notes)
{
  g_autoptr (GPtrArray) news = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < notes->len; i++)
    if (!check_note (node, group, g_ptr_array_index (notes, i), news))
      return NULL;

  return g_steal_pointer (&news);
}

static void
keep_note (KithNode *node, KithLinkMember *author, const KithGroupWhere *note)
{
  count_note (node, author);
  g_free (author->where);
  author->where = g_memdup2 (note, sizeof *note);
}

/* Returns: whose news it was; %NULL when another note of the same record is newer */
static KithLinkMember *
take_note (KithNode *node, KithLinkGroup *group, const KithGroupWhere *note)
{
  KithLinkMember *author = kith_group_links_find_author (group, note->author);

  if (author == NULL || !is_news (node, author, note))
    return NULL;

  keep_note (node, author, note);
  return author;
}

/**
 * kith_group_whereabouts_author_known: (skip)
 * @group: a group of ours
 * @peer: one of its members, of whom it is known now by which key they write
 *
 * Takes what was said of where they are before that was known.
 */
void
kith_group_whereabouts_author_known (KithLinkGroup *group, KithPeer *peer)
{
  KithLinkMember *member = kith_group_links_find_member (group, peer->row->identity);
  KithNode *node = peer->node;
  guint i = 0;

  if (member == NULL || !member->has_author)
    return;

  while (i < group->early->len)
    {
      const KithGroupWhere *early = g_ptr_array_index (group->early, i);
      g_autofree KithGroupWhere *note = NULL;
      const KithGroupWhere *told;

      if (memcmp (early->author, member->author, sizeof early->author) != 0)
        {
          i++;
          continue;
        }

      told = note = g_ptr_array_steal_index (group->early, i);
      if (is_news (node, member, note) && kith_group_where_verify (note, group->gid))
        {
          keep_note (node, member, note);
          tell_all (node, group, peer, &told, 1);
        }
    }

  look_there (peer, member);
}

/**
 * kith_group_whereabouts_receive: (skip)
 * @group: a group of ours
 * @peer: a member with whom we are linked
 * @body: (array length=len): the body of a GROUP_PEERS, behind the name of the group: untrusted
 * @len: its length in bytes
 *
 * Returns: %FALSE when it is malformed or forged
 */
gboolean
kith_group_whereabouts_receive (KithLinkGroup *group, KithPeer *peer, const guint8 *body, gsize len)
{
  KithNode *node = peer->node;
  g_autoptr (GPtrArray) notes = kith_body_group_peers_unpack (body, len);
  g_autoptr (GPtrArray) news = notes != NULL ? check_all (node, group, notes) : NULL;
  g_autoptr (GPtrArray) whose = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_peer_unref);
  g_autofree const KithGroupWhere **relayed = NULL;
  guint n_relayed = 0;

  if (news == NULL)
    return FALSE;

  relayed = g_new0 (const KithGroupWhere *, news->len + 1);
  for (guint i = 0; i < news->len; i++)
    {
      const KithLinkMember *member = take_note (node, group, g_ptr_array_index (news, i));
      KithPeer *of = member != NULL ? kith_node_lookup_peer (node, member->identity) : NULL;

      if (member != NULL)
        relayed[n_relayed++] = g_ptr_array_index (news, i);
      if (of != NULL)
        g_ptr_array_add (whose, kith_peer_ref (of));
    }

  if (n_relayed > 0)
    tell_all (node, group, peer, relayed, n_relayed);
  /* Last: the faces hear of a dial, and may do anything. */
  look_for_all (node, group->gid, whose);
  return TRUE;
}
