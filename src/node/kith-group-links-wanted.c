/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With whom we want to be linked, and sessions that nobody wants any more. Protocol 10.4. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-source.h"
#include "node/kith-directory.h"
#include "node/kith-group-links-private.h"

/* (skip) who is wanted no more is left alone; the sweep ends the session that nobody needs. */
void
kith_group_links_leave_alone (KithPeer *peer)
{
  if (!kith_peer_is_dialable (peer))
    kith_directory_forget (peer);
  kith_node_peer_changed (peer);
}

static gboolean
is_among (const guint8 *identity, const guint8 (*identities)[KITH_IDENTITY_BYTES], guint n)
{
  for (guint i = 0; i < n; i++)
    if (kith_identity_equal (identity, identities[i]))
      return TRUE;

  return FALSE;
}

static void
look_for (KithPeer *peer)
{
  kith_node_peer_changed (peer);
  kith_group_whereabouts_look_for (peer);
  if (peer->session == NULL && peer->dial == NULL && peer->dial_timer == NULL)
    kith_directory_try_now (peer);
}

/* Returns: whether that is new */
static gboolean
set_wanted (KithLinkMember *member, gboolean wanted)
{
  gboolean changed = member->wanted != wanted;

  member->wanted = wanted;
  return changed;
}

static void
follow_wish (KithPeer *peer)
{
  if (peer->removed)
    return;

  if (kith_co_member_is_wanted (peer->node, peer->row->identity))
    look_for (peer);
  else
    kith_group_links_leave_alone (peer);
}

static void sweep (KithNode *node);

void
kith_group_links_want (KithNode *node, const guint8 *gid,
                       const guint8 (*identities)[KITH_IDENTITY_BYTES], guint n)
{
  KithLinkGroup *group = kith_group_links_find (node, gid);
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_peer_unref);
  GHashTableIter iter;
  gpointer value;

  if (group == NULL)
    return;

  g_hash_table_iter_init (&iter, group->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithLinkMember *member = value;
      KithPeer *peer = kith_node_lookup_peer (node, member->identity);

      if (set_wanted (member, is_among (member->identity, identities, n)) && peer != NULL)
        g_ptr_array_add (changed, kith_peer_ref (peer));
    }

  /* The faces hear of a dial, and may do anything. */
  for (guint i = 0; i < changed->len; i++)
    follow_wish (g_ptr_array_index (changed, i));

  sweep (node);
}

/* --- Sessions that nobody wants ------------------------------------------------------------- */

/* We visit them with a link of ours, and they wait for the admin's answer. */
static gboolean
is_visit (KithPeer *peer)
{
  return kith_group_session_get_link (peer) != NULL
         && !kith_co_member_is_one (peer->node, peer->row->identity);
}

/* Whoever dialled ends it; the other one dials if it is wanted there. */
static gboolean
is_pointless (KithPeer *peer)
{
  return peer->session != NULL && peer->group_only && kith_session_is_dialer (peer->session)
         && !kith_co_member_is_wanted (peer->node, peer->row->identity)
         && !is_visit (peer);
}

static gboolean
sweep_cb (gpointer user_data)
{
  KithNode *node = user_data;
  gboolean again = FALSE;
  GHashTableIter iter;
  gpointer value;

  kith_source_clear (&node->group_links->sweep);
  g_hash_table_iter_init (&iter, node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      if (!is_pointless (peer))
        continue;
      if (kith_session_get_age_ms (peer->session) >= KITH_LIMIT_GROUP_UNWANTED_MS)
        kith_session_close (peer->session, KITH_BYE_SHUTDOWN);
      else
        again = TRUE;
    }

  if (again)
    sweep (node);
  return G_SOURCE_REMOVE;
}

/* Looks, some time from now, for sessions with co-members that we have no use for any more. */
static void
sweep (KithNode *node)
{
  KithGroupLinks *self = node->group_links;

  if (self->sweep == NULL && !node->closing)
    kith_source_start (&self->sweep, KITH_LIMIT_GROUP_UNWANTED_MS, sweep_cb, node);
}
