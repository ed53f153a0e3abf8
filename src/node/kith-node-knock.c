/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may knock. Protocol 3.2. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-knock.h"

#include "base/kith-limits.h"
#include "node/kith-clock-check.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-reach-private.h"
#include "proto/kith-preamble.h"

/* --- Whose a knock is ----------------------------------------------------------------------- */

static gboolean
matches_at (const KithEnv *env, const guint8 *knock_key, guint8 dir, const guint8 *tag,
            const guint8 *ephemeral)
{
  guint64 unit = (guint64) MAX (kith_env_realtime_s (env), 0) / KITH_LIMIT_KNOCK_UNIT_S;
  gboolean matches = FALSE;

  for (guint64 i = unit - 1; i <= unit + 1; i++)
    matches |= kith_knock_matches (knock_key, dir, i, ephemeral, tag);

  return matches;
}

/**
 * kith_node_knock_key_matches: (skip)
 * @self: a node
 * @knock_key: (array fixed-size=32): of kith_knock_key()
 * @dir: as in kith_knock_tag()
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 *
 * A correction may be wrong too: it lets more contacts in, and locks nobody out.
 *
 * Returns: whether it is the knock of somebody who has the key, by our clock or the corrected one
 */
gboolean
kith_node_knock_key_matches (KithNode *self, const guint8 *knock_key, guint8 dir, const guint8 *tag,
                             const guint8 *ephemeral)
{
  gboolean matches = matches_at (self->env, knock_key, dir, tag, ephemeral);

  if (!matches && kith_clock_check_get_correction_s (self->clock_check) != 0)
    matches = matches_at (kith_clock_check_get_env (self->clock_check), knock_key, dir, tag, ephemeral);

  return matches;
}

/**
 * kith_node_knock_matches: (skip)
 * @self: a node
 * @root: (array fixed-size=32): the root of a pair, or of an invite
 * @dir: as in kith_knock_tag()
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 *
 * Returns: whether it is the knock of somebody who has the root, by our clock or the corrected one
 */
gboolean
kith_node_knock_matches (KithNode *self, const guint8 *root, guint8 dir, const guint8 *tag,
                         const guint8 *ephemeral)
{
  guint8 knock_key[KITH_KEY_BYTES];
  gboolean matches;

  kith_knock_key (root, knock_key);
  matches = kith_node_knock_key_matches (self, knock_key, dir, tag, ephemeral);
  kith_secret_wipe (knock_key, sizeof knock_key);
  return matches;
}

/* --- Being knocked at ----------------------------------------------------------------------- */

/* Makes room for one tag: of those that were kept long enough, or else of the oldest. */
static void
forget_knocks (KithNode *self, gint64 now_s)
{
  gconstpointer oldest = NULL;
  gint64 oldest_s = G_MAXINT64;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->knocks);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gint64 seen_s = *(const gint64 *) value;

      if (now_s - seen_s > KITH_LIMIT_KNOCK_MEMORY_S)
        g_hash_table_iter_remove (&iter);
      else if (seen_s < oldest_s)
        {
          oldest = key;
          oldest_s = seen_s;
        }
    }

  if (g_hash_table_size (self->knocks) >= KITH_LIMIT_KNOCK_TAGS)
    g_hash_table_remove (self->knocks, oldest);
}

/* A tag that was seen is kept for 40 min, in which its time would let it be used again. */
static gboolean
is_replay (KithNode *self, const guint8 *tag)
{
  gint64 now_s = kith_env_realtime_s (self->env);

  if (g_hash_table_contains (self->knocks, tag))
    return TRUE;

  if (g_hash_table_size (self->knocks) >= KITH_LIMIT_KNOCK_TAGS)
    forget_knocks (self, now_s);
  g_hash_table_insert (self->knocks, g_memdup2 (tag, KITH_KNOCK_TAG_BYTES),
                       g_memdup2 (&now_s, sizeof now_s));
  return FALSE;
}

static gboolean
root_matches (KithNode *self, KithPeer *peer, KithSecret *root, const guint8 *tag,
              const guint8 *ephemeral)
{
  guint8 dir = kith_pair_dir (peer->row->identity, kith_local_get_identity (self->local));

  return root != NULL
         && kith_node_knock_matches (self, kith_secret_get_data (root), dir, tag, ephemeral);
}

/**
 * kith_node_match_knock: (skip)
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 * @user_data: a node
 *
 * Returns: whether somebody knocks who may: a contact, a member of a group of ours, who has an invite or a
 *   link, or gave us one; and whether that knock was not heard before
 */
gboolean
kith_node_match_knock (const guint8 *tag, const guint8 *ephemeral, gpointer user_data)
{
  KithNode *self = user_data;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      /* To somebody who is blocked nobody is here. */
      if (peer->row->blocked)
        continue;
      if (root_matches (self, peer, peer->row->pair_root, tag, ephemeral)
          || root_matches (self, peer, peer->row->old_pair_root, tag, ephemeral))
        return !is_replay (self, tag);
    }

  return (kith_co_member_match_knock (self, tag, ephemeral)
          || kith_node_match_invite (self, tag, ephemeral)
          || kith_followed_links_match_knock (self, tag, ephemeral))
         && !is_replay (self, tag);
}
