/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2: who wants to be in the group. Any member hands requests on, and keeps them until
 * the admin has been there. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "group/kith-group-replica-private.h"
#include "proto/kith-group-content.h"
#include "proto/kith-record.h"

/* While somebody is no member, none of those that they brought is forgotten. */
#define NEVER_MS G_MAXUINT

/* (skip) */
void
kith_group_request_free (KithGroupRequest *request)
{
  g_bytes_unref (request->bytes);
  kith_group_join_clear (&request->join);
  g_free (request);
}

/* --- Keeping --------------------------------------------------------------------------------- */

static gboolean
is_denied (KithGroupReplica *self, const guint8 *author)
{
  g_autoptr (GBytes) key = g_bytes_new_static (author, KITH_GROUP_KEY_BYTES);

  return g_hash_table_contains (self->denied, key);
}

/* Whether there is anything to decide about it. */
static gboolean
is_open (KithGroupReplica *self, const KithGroupJoin *join)
{
  const KithGroupState *state = self->chain->state;
  const KithGroupMember *member = kith_group_state_find_identity (state, join->identity);

  if (memcmp (join->gid, self->chain->gid, sizeof join->gid) != 0
      || kith_group_state_find (state, join->author) != NULL || is_denied (self, join->author))
    return FALSE;

  return member == NULL
         || (join->has_replaces
             && memcmp (member->author, join->replaces, sizeof member->author) == 0);
}

static void
tell_verdict (KithGroupReplica *self, const KithGroupRequest *request, KithGroupVerdict verdict)
{
  KithGroupEffect *effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_REQUEST_SETTLED);

  memcpy (effect->author, request->join.author, sizeof effect->author);
  effect->n = verdict;
}

/* One of each identity: the newest. Whether there is none that is newer. */
static gboolean
replace_older (KithGroupReplica *self, const KithGroupJoin *join)
{
  for (guint i = 0; i < self->requests->len; i++)
    {
      const KithGroupRequest *other = self->requests->pdata[i];

      if (memcmp (other->join.identity, join->identity, sizeof join->identity) != 0)
        continue;
      if (other->join.time_ms >= join->time_ms)
        return FALSE;
      g_ptr_array_remove_index (self->requests, i);
      return TRUE;
    }

  return TRUE;
}

static gboolean
is_brought_alike (const KithGroupJoin *a, const KithGroupJoin *b)
{
  return !a->has_replaces && !b->has_replaces && a->has_bringer == b->has_bringer
         && memcmp (a->bringer, b->bringer, sizeof a->bringer) == 0;
}

static guint
count_brought_alike (KithGroupReplica *self, const KithGroupJoin *join)
{
  guint n = 0;

  for (guint i = 0; i < self->requests->len; i++)
    n += is_brought_alike (&((KithGroupRequest *) self->requests->pdata[i])->join, join) ? 1 : 0;

  return n;
}

/* When there are too many, the oldest goes of who brought most: nobody can fill the list with people
 * of his own. Members who ask for another key are few, and do not count. */
static void
drop_one_of_many (KithGroupReplica *self)
{
  guint n_strangers = 0;
  guint most = 0;
  guint at = 0;

  for (guint i = 0; i < self->requests->len; i++)
    {
      const KithGroupJoin *join = &((KithGroupRequest *) self->requests->pdata[i])->join;
      guint n = count_brought_alike (self, join);

      n_strangers += join->has_replaces ? 0 : 1;
      if (n > most)
        {
          most = n;
          at = i;
        }
    }
  if (n_strangers <= KITH_LIMIT_GROUP_REQUESTS)
    return;

  if (!self->restoring)
    tell_verdict (self, self->requests->pdata[at], KITH_GROUP_VERDICT_EXPIRED);
  g_ptr_array_remove_index (self->requests, at);
}

/* (skip) keeps a request, and hands it on; whether it is new */
gboolean
kith_group_replica_keep_request (KithGroupReplica *self, GBytes *bytes, gint64 received_ms)
{
  KithGroupRequest *request = g_new0 (KithGroupRequest, 1);
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  request->bytes = g_bytes_ref (bytes);
  request->received_ms = received_ms;
  if (!kith_group_join_open (&request->join, data, len) || !is_open (self, &request->join)
      || !replace_older (self, &request->join))
    {
      kith_group_request_free (request);
      return FALSE;
    }

  g_ptr_array_add (self->requests, request);
  drop_one_of_many (self);
  self->state_dirty = TRUE;
  return TRUE;
}

static gboolean
settle_request (KithGroupReplica *self, const KithGroupRequest *request)
{
  if (!is_open (self, &request->join))
    tell_verdict (self, request,
                  is_denied (self, request->join.author) ? KITH_GROUP_VERDICT_DENIED
                                                         : KITH_GROUP_VERDICT_ADDED);
  else if (self->now_ms - request->received_ms > KITH_LIMIT_GROUP_REQUEST_MS)
    tell_verdict (self, request, KITH_GROUP_VERDICT_EXPIRED);
  else
    return FALSE;

  return TRUE;
}

static void
tell_admin (KithGroupReplica *self, KithGroupRequest *request)
{
  KithGroupEffect *effect;

  if (request->told || request->join.has_replaces || self->restoring
      || !kith_group_replica_is_admin (self) || self->away_ms != 0)
    return;

  request->told = TRUE;
  effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_REQUEST);
  memcpy (effect->author, request->join.author, sizeof effect->author);
  effect->bytes = g_bytes_ref (request->bytes);
}

/* (skip) forgets the requests that are settled, and tells the host, if we are admin, of others */
void
kith_group_replica_settle_requests (KithGroupReplica *self)
{
  for (guint i = 0; i < self->requests->len;)
    {
      KithGroupRequest *request = self->requests->pdata[i];

      if (settle_request (self, request))
        {
          g_ptr_array_remove_index (self->requests, i);
          self->state_dirty = TRUE;
          continue;
        }
      tell_admin (self, request);
      i++;
    }
}

/* --- Handing on ------------------------------------------------------------------------------ */

/* Whether it is new. */
static gboolean
take_request (KithGroupReplica *self, GBytes *bytes, guint from_link)
{
  if (!kith_group_replica_keep_request (self, bytes, self->now_ms))
    return FALSE;

  kith_group_replica_broadcast (self, KITH_RECORD_GROUP_JOIN, bytes, from_link);
  kith_group_replica_settle_requests (self);
  kith_group_replica_do_duties (self);
  return TRUE;
}

/* Several bring the same one. */
static gboolean
is_known (KithGroupReplica *self, const KithGroupJoin *join)
{
  for (guint i = 0; i < self->requests->len; i++)
    {
      const KithGroupJoin *other = &((KithGroupRequest *) self->requests->pdata[i])->join;

      if (memcmp (other->identity, join->identity, sizeof join->identity) == 0)
        return other->time_ms >= join->time_ms;
    }

  return FALSE;
}

/* A few; members more, and more with time, as they hand on what others brought. */
static gboolean
may_bring (KithGroupReplica *self, KithGroupLink *link)
{
  guint most = link->active ? KITH_LIMIT_GROUP_REQUESTS : KITH_LIMIT_GROUP_REQUESTS_PER_LINK;

  return kith_bucket_take (&link->requests, self->now_ms * 1000, most,
                           link->active ? KITH_LIMIT_GROUP_REQUEST_REFILL_MS : NEVER_MS);
}

/* (skip) */
gboolean
kith_group_replica_receive_join (KithGroupReplica *self, KithGroupLink *link, const guint8 *body,
                                 gsize len)
{
  g_auto (KithGroupJoin) join = { .time_ms = 0 };
  g_autoptr (GBytes) bytes = NULL;

  if (self->standing != KITH_GROUP_STANDING_MEMBER)
    return TRUE;
  if (!kith_group_join_open (&join, body, len))
    return FALSE;

  /* Who is no member, as far as we know, speaks for himself only; and nobody brings more than a
   * few. */
  if (!link->active && memcmp (join.identity, link->identity, sizeof join.identity) != 0)
    return TRUE;
  if (!is_open (self, &join) || is_known (self, &join) || !may_bring (self, link))
    return TRUE;

  bytes = g_bytes_new (body, len);
  take_request (self, bytes, link->id);
  return TRUE;
}

/* (skip) tells a peer who waits */
void
kith_group_replica_send_requests (KithGroupReplica *self, KithGroupLink *link)
{
  for (guint i = 0; i < self->requests->len; i++)
    kith_group_replica_send (self, link, KITH_RECORD_GROUP_JOIN,
                             g_bytes_ref (((KithGroupRequest *) self->requests->pdata[i])->bytes));
}

/**
 * kith_group_replica_bring_request:
 * @self: a replica
 * @request: a sealed join request (proto/kith-group-join.h): that of somebody who came to us, or
 *   while we are asking, our own
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_REFUSED: it is none for this group, or is decided already
 *
 * Keeps a request, and hands it to all members we are linked with, until the admin has decided. As a
 * member we say that it was us who brought it.
 * The host has checked that who came with a link may use it.
 *
 * Returns: whether it is kept
 */
gboolean
kith_group_replica_bring_request (KithGroupReplica *self, GBytes *request, gint64 now_ms,
                                  GError **error)
{
  g_autoptr (GBytes) brought = NULL;
  gboolean taken;

  kith_group_replica_begin (self, now_ms);
  brought = self->standing == KITH_GROUP_STANDING_MEMBER
              ? kith_group_join_bring (request, kith_secret_get_data (self->seed))
              : g_bytes_ref (request);
  taken = take_request (self, brought, 0);
  if (self->standing == KITH_GROUP_STANDING_ASKING && taken)
    {
      GHashTableIter iter;
      gpointer link;

      g_hash_table_iter_init (&iter, self->links);
      while (g_hash_table_iter_next (&iter, NULL, &link))
        kith_group_replica_send (self, link, KITH_RECORD_GROUP_JOIN, g_bytes_ref (request));
    }
  kith_group_replica_end (self);
  if (!taken)
    g_set_error (error, kith_error_quark (), KITH_ERROR_REFUSED, "There is nothing to decide about");
  return taken;
}

/* --- Denied ---------------------------------------------------------------------------------- */

static void
deny (KithGroupReplica *self, const guint8 *author)
{
  if (g_hash_table_size (self->denied) >= KITH_LIMIT_GROUP_DENIED)
    g_hash_table_remove_all (self->denied);
  g_hash_table_add (self->denied, g_bytes_new (author, KITH_GROUP_KEY_BYTES));
  self->state_dirty = TRUE;
  kith_group_replica_settle_requests (self);
}

/* (skip) the admin lets somebody not in */
void
kith_group_replica_handle_deny (KithGroupReplica *self, const KithGroupEntry *entry)
{
  KithGroupControl control;

  if (entry->content != NULL
      && memcmp (entry->author, self->chain->state->admin->author, sizeof entry->author) == 0
      && kith_group_control_unpack (&control, KITH_GROUP_ENTRY_DENY,
                                    g_bytes_get_data (entry->content, NULL),
                                    g_bytes_get_size (entry->content)))
    deny (self, control.author);
}
