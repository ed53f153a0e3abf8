/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of groups: everybody who has one serves it to the other members. Protocol 11.
 *
 * Who wants a file says so on each link of the group; who has it says that, at once or when it has got it.
 * It is then fetched from one of them at a time, as a file between two people is. Whoever goes, falls
 * silent, or sends what it is not, is left for the next; what was written already stays good, because every
 * piece is checked against the root. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-group-host.h"
#include "node/kith-group-links.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"
#include "proto/kith-group-body.h"

static gboolean
is_linked (KithParcel *parcel, KithPeer *peer)
{
  return kith_group_links_is_linked (parcel->chat->node, parcel->chat->key, peer->row->identity);
}

static gboolean
is_wanted (KithParcel *parcel)
{
  KithTransferState state = kith_transfer_get_state (parcel->model);

  return parcel->shared && parcel->stored && kith_parcel_is_incoming (parcel)
         && (state == KITH_TRANSFER_WAITING || state == KITH_TRANSFER_RUNNING);
}

/**
 * kith_group_files_has: (skip)
 * @parcel: a parcel of a group
 *
 * Returns: whether all of it is here, as far as we know, so that others can get it
 */
gboolean
kith_group_files_has (KithParcel *parcel)
{
  KithTransferState state = kith_transfer_get_state (parcel->model);

  return parcel->stored && !parcel->unusable && state == KITH_TRANSFER_DONE && kith_parcel_has_place (parcel);
}

/* --- Saying --------------------------------------------------------------------------------- */

static void
send_files (KithNode *node, const guint8 *gid, KithPeer *peer, const KithGroupFiles *files)
{
  g_autoptr (GBytes) body = kith_group_files_pack (files);
  gsize len;
  const guint8 *data = g_bytes_get_data (body, &len);

  kith_group_links_send (node, gid, peer->row->identity, KITH_RECORD_GROUP_FILES, data, len);
}

static void
say_here (KithParcel *parcel, KithPeer *peer)
{
  KithGroupFiles files = { .n_here = 1 };

  memcpy (files.here[0].bytes, parcel->row->id, sizeof files.here[0].bytes);
  send_files (parcel->chat->node, parcel->chat->key, peer, &files);
}

static void
say_wanted (KithParcel *parcel, KithPeer *peer)
{
  KithGroupFiles files = { .n_wanted = 1 };

  memcpy (files.wanted[0].bytes, parcel->row->id, sizeof files.wanted[0].bytes);
  send_files (parcel->chat->node, parcel->chat->key, peer, &files);
}

static void
say_to_all (KithParcel *parcel, void (*say) (KithParcel *parcel, KithPeer *peer))
{
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_peer_unref);
  GHashTableIter iter;
  gpointer value;

  /* A session may end while something is said. */
  g_hash_table_iter_init (&iter, parcel->chat->node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (is_linked (parcel, value))
      g_ptr_array_add (peers, kith_peer_ref (value));

  for (guint i = 0; i < peers->len; i++)
    say (parcel, g_ptr_array_index (peers, i));
}

/**
 * kith_group_files_tell: (skip)
 * @parcel: a parcel of a group that is here now
 *
 * Whoever is linked hears that it can be had of us.
 */
void
kith_group_files_tell (KithParcel *parcel)
{
  if (kith_group_files_has (parcel))
    say_to_all (parcel, say_here);
}

/* --- From whom ------------------------------------------------------------------------------ */

static GHashTable *
new_peers (void)
{
  return g_hash_table_new_full (NULL, NULL, (GDestroyNotify) kith_peer_unref, NULL);
}

/* Returns: whether they are a new one */
static gboolean
add_holder (KithParcel *parcel, KithPeer *peer)
{
  if (parcel->liars != NULL && g_hash_table_contains (parcel->liars, peer))
    return FALSE;
  if (parcel->holders == NULL)
    parcel->holders = new_peers ();
  return g_hash_table_add (parcel->holders, kith_peer_ref (peer));
}

static gboolean
is_author (KithParcel *parcel, KithPeer *peer)
{
  return kith_identity_equal (parcel->row->author, peer->row->identity);
}

/**
 * kith_group_files_choose: (skip)
 * @parcel: a parcel of a group that we want and that does not run
 *
 * Whoever offered it is asked first.
 *
 * Returns: whether there is somebody to fetch it from: the peer of @parcel from now on
 */
gboolean
kith_group_files_choose (KithParcel *parcel)
{
  KithPeer *best = NULL;
  GHashTableIter iter;
  gpointer value;

  if (parcel->holders == NULL)
    return FALSE;

  g_hash_table_iter_init (&iter, parcel->holders);
  while (g_hash_table_iter_next (&iter, &value, NULL))
    if (is_linked (parcel, value) && kith_peer_takes_files (value)
        && (best == NULL || is_author (parcel, value)))
      best = value;

  kith_parcel_set_peer (parcel, best);
  return best != NULL;
}

/* What was asked of @peer comes no more. Returns: whether anything was */
static gboolean
stop_fetching_from (KithParcel *parcel, KithPeer *peer)
{
  if (parcel->peer != peer)
    return FALSE;

  kith_parcel_stop_fetching (parcel);
  kith_parcel_set_peer (parcel, NULL);
  if (kith_transfer_get_state (parcel->model) == KITH_TRANSFER_RUNNING)
    kith_parcel_set_state (parcel, KITH_TRANSFER_WAITING);
  return TRUE;
}

/**
 * kith_group_files_give_back: (skip)
 * @parcel: a parcel of a group
 * @peer: somebody of whom it cannot be had any more
 *
 * The caller schedules what is fetched next.
 *
 * Returns: whether it was to be fetched of them
 */
gboolean
kith_group_files_give_back (KithParcel *parcel, KithPeer *peer)
{
  g_autoptr (KithPeer) keep = kith_peer_ref (peer);

  if (parcel->holders != NULL)
    g_hash_table_remove (parcel->holders, keep);
  return stop_fetching_from (parcel, keep);
}

/**
 * kith_group_files_blame: (skip)
 * @parcel: a parcel of a group, which runs
 *
 * Whoever sends it sends something else: it is not fetched from them again, as long as this program
 * runs or until the user begins anew.
 */
void
kith_group_files_blame (KithParcel *parcel)
{
  g_autoptr (KithPeer) peer = parcel->peer != NULL ? kith_peer_ref (parcel->peer) : NULL;

  if (peer != NULL)
    {
      if (parcel->liars == NULL)
        parcel->liars = new_peers ();
      g_hash_table_add (parcel->liars, kith_peer_ref (peer));
      kith_parcel_say (parcel, KITH_FILE_PAUSED);
      kith_group_files_give_back (parcel, peer);
    }
  kith_transfers_schedule (parcel->owner);
}

/* --- Seeking -------------------------------------------------------------------------------- */

gboolean
kith_group_files_ask_again (KithTransfers *self)
{
  gboolean wanted = FALSE;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (!is_wanted (parcel))
        continue;
      wanted = TRUE;
      if (parcel->peer == NULL)
        say_to_all (parcel, say_wanted);
    }

  return wanted;
}

/**
 * kith_group_files_seek: (skip)
 * @parcel: a parcel of a group that our user wants
 *
 * Asks everybody who is linked; in a big group the author becomes one of them.
 */
void
kith_group_files_seek (KithParcel *parcel)
{
  KithGroupHost *host = kith_node_lookup_group (parcel->chat->node, parcel->chat->key);

  g_clear_pointer (&parcel->liars, g_hash_table_unref);
  say_to_all (parcel, say_wanted);
  kith_transfers_start_tick (parcel->owner);
  if (host != NULL)
    kith_group_host_want_links (host);
}

GPtrArray *
kith_group_files_list_sought (KithNode *node, const guint8 *gid)
{
  KithTransfers *self = node->transfers;
  GPtrArray *sought = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->parcels->len && sought->len < KITH_LIMIT_GROUP_FILES_SOUGHT; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (is_wanted (parcel) && kith_identity_equal (parcel->chat->key, gid))
        g_ptr_array_add (sought, g_memdup2 (parcel->row->author, sizeof parcel->row->author));
    }

  return sought;
}

/* --- Links ---------------------------------------------------------------------------------- */

void
kith_group_files_linked (KithNode *node, const guint8 *gid, KithPeer *peer)
{
  KithTransfers *self = node->transfers;
  KithGroupFiles files = { .n_wanted = 0 };

  for (guint i = 0; i < self->parcels->len && files.n_wanted < KITH_LIMIT_GROUP_FILES_NAMED; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (!is_wanted (parcel) || !kith_identity_equal (parcel->chat->key, gid))
        continue;
      memcpy (files.wanted[files.n_wanted++].bytes, parcel->row->id, sizeof files.wanted[0].bytes);
      kith_transfers_start_tick (self);
    }

  if (files.n_wanted > 0)
    send_files (node, gid, peer, &files);
}

void
kith_group_files_unlinked (KithNode *node, const guint8 *gid, KithPeer *peer)
{
  KithTransfers *self = node->transfers;

  if (self == NULL || self->stopped)
    return;

  for (guint i = 0; i < self->parcels->len; i++)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (!parcel->shared || !kith_identity_equal (parcel->chat->key, gid))
        continue;
      kith_parcel_stop_serving_to (parcel, peer);
      kith_group_files_give_back (parcel, peer);
    }
  kith_transfers_schedule (self);
}

/* --- What others say ------------------------------------------------------------------------ */

typedef struct
{
  KithPeer     *peer; /* (owned) */
  guint8        gid[KITH_GROUP_ID_BYTES];
  KithMessageId id;
} Question;

static KithParcel *
lookup (KithTransfers *self, KithChat *chat, const guint8 *id)
{
  KithParcel *theirs = kith_transfers_lookup (self, chat, id, FALSE);

  return theirs != NULL ? theirs : kith_transfers_lookup (self, chat, id, TRUE);
}

static KithParcel *
find (KithNode *node, const guint8 *gid, const KithMessageId *id)
{
  KithChat *chat = kith_node_lookup_chat (node, gid);

  return chat != NULL ? lookup (node->transfers, chat, id->bytes) : NULL;
}

static void
answer (KithPeer *peer, KithParcel *parcel)
{
  if (parcel != NULL && parcel->shared && kith_group_files_has (parcel) && is_linked (parcel, peer))
    say_here (parcel, peer);
}

static void
looked_cb (const GError *error, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (KithPeer) peer = question->peer;

  kith_serving_count_looks (peer, -1);
  answer (peer, find (peer->node, question->gid, &question->id));
}

/* Most files of a group were settled long ago and are only in the store. */
static void
take_wanted (KithPeer *peer, const guint8 *gid, const KithMessageId *id)
{
  KithParcel *parcel = find (peer->node, gid, id);
  Question *question;

  if (parcel != NULL)
    {
      answer (peer, parcel);
      return;
    }
  if (!kith_serving_may_look (peer))
    return; /* they ask again */

  question = g_new0 (Question, 1);
  question->peer = kith_peer_ref (peer);
  memcpy (question->gid, gid, sizeof question->gid);
  question->id = *id;
  kith_serving_count_looks (peer, 1);
  kith_transfers_look_up (peer->node->transfers, gid, id->bytes, looked_cb, question);
}

gboolean
kith_group_files_receive (KithNode *node, const guint8 *gid, KithPeer *peer, const guint8 *body,
                          gsize len)
{
  KithGroupFiles files;
  gboolean has_new = FALSE;

  if (!kith_group_files_unpack (&files, body, len))
    return FALSE;

  for (guint i = 0; i < files.n_wanted; i++)
    take_wanted (peer, gid, &files.wanted[i]);

  for (guint i = 0; i < files.n_here; i++)
    {
      KithParcel *parcel = find (node, gid, &files.here[i]);

      if (parcel != NULL && is_wanted (parcel) && add_holder (parcel, peer))
        has_new = TRUE;
    }
  if (has_new)
    kith_transfers_schedule (node->transfers);
  return TRUE;
}
