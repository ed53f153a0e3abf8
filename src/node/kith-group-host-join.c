/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking to be let in, letting in, and a new key after a restore. Protocol 10.2, 10.8. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-task.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-invites.h"
#include "node/kith-group-links.h"
#include "node/kith-node-private.h"
#include "proto/kith-group-body.h"
#include "proto/kith-identity.h"

KithSecret *
kith_group_new_seed (KithNode *node)
{
  guint8 seed[KITH_IDENTITY_SEED_BYTES];
  KithSecret *secret;

  kith_env_random_bytes (node->env, seed, sizeof seed);
  secret = kith_secret_new_from (seed, sizeof seed);
  kith_secret_wipe (seed, sizeof seed);
  return secret;
}

/* --- Asking to be let in -------------------------------------------------------------------- */

/* (transfer full) (nullable) */
static GBytes *
seal_request (KithGroupHost *self, KithSecret *author_seed, const char *text)
{
  g_auto (KithGroupInvitation) invitation = { .name = NULL };
  g_autofree char *invited = NULL;
  g_autoptr (GBytes) link_proof = NULL;
  guint8 proof[KITH_INVITE_PROOF_BYTES];
  KithNode *node = self->node;
  KithGroupJoin join = { .time_ms = (guint64) kith_node_now_ms (node),
                         .name = (char *) kith_profile_get_name (node->profile),
                         .text = (char *) text };
  gsize len = 0;

  memcpy (join.gid, self->row->gid, sizeof join.gid);
  memcpy (join.identity, kith_node_get_own_identity (node), sizeof join.identity);
  kith_identity_get_public (kith_secret_get_data (author_seed), join.author);
  if (self->row->invitation != NULL)
    {
      const char *data = g_bytes_get_data (self->row->invitation, &len);

      invited = g_strndup (data, len);
    }
  if (invited != NULL && kith_group_invitation_decode (&invitation, invited))
    {
      join.has_token = invitation.has_token;
      memcpy (join.token, invitation.token, sizeof join.token);
    }
  if (self->replica != NULL && self->row->restored)
    {
      join.has_token = FALSE;
      join.has_replaces = TRUE;
      memcpy (join.replaces, kith_group_replica_get_author (self->replica), sizeof join.replaces);
      kith_group_renew_sign (join.gid, join.author, kith_secret_get_data (self->row->author_seed),
                             join.renewal);
    }

  if (kith_group_invite_prove (node, join.gid, join.author, proof))
    link_proof = join.link_proof = g_bytes_new (proof, sizeof proof);
  return kith_group_join_seal (&join, kith_secret_get_data (author_seed),
                               kith_secret_get_data (node->profile_row->identity_seed));
}

static void
send_request (KithGroupHost *self, const guint8 *identity)
{
  gsize len;
  const guint8 *data;

  if (self->row->request == NULL || self->row->membership != KITH_MEMBERSHIP_ASKING)
    return;

  data = g_bytes_get_data (self->row->request, &len);
  kith_group_links_send (self->node, self->row->gid, identity, KITH_RECORD_GROUP_JOIN, data, len);
}

void
kith_group_host_reachable (KithGroupHost *self, const guint8 *identity)
{
  send_request (self, identity);
}

/* Whoever invited us brings us in, or the admin if we know him. */
void
kith_group_host_seek (KithGroupHost *self)
{
  const guint8 *own = kith_node_get_own_identity (self->node);

  if (self->row->restored)
    kith_group_host_ask_for_key (self);
  kith_group_host_show_link (self);
  if (self->row->membership != KITH_MEMBERSHIP_ASKING || self->row->invitation == NULL)
    return; /* whoever has made a link is looked for with that */

  if (self->row->has_inviter)
    kith_group_links_put_member (self->node, self->row->gid, self->row->inviter, NULL);
  if (self->row->has_admin && !kith_identity_equal (self->row->admin, own)
      && !(self->row->has_inviter && kith_identity_equal (self->row->admin, self->row->inviter)))
    kith_group_links_put_member (self->node, self->row->gid, self->row->admin, NULL);
}

typedef struct
{
  KithGroup      *model;  /* (owned) */
  KithStoreGroup *before; /* (owned) (nullable): as it becomes again if it cannot be stored; %NULL = it was none */
} Joining;

static void
joining_free (Joining *joining)
{
  g_object_unref (joining->model);
  kith_store_group_free (joining->before);
  g_free (joining);
}

/* What asking replaces, by a link or an invitation. Of the rest something may have changed meanwhile.
 * @from: what is in it is taken */
static void
restore_row (KithStoreGroup *row, KithStoreGroup *from)
{
  row->membership = from->membership;
  row->has_inviter = from->has_inviter;
  memcpy (row->inviter, from->inviter, sizeof row->inviter);
  row->has_admin = from->has_admin;
  memcpy (row->admin, from->admin, sizeof row->admin);
  g_clear_pointer (&row->author_seed, kith_secret_unref);
  row->author_seed = g_steal_pointer (&from->author_seed);
  g_clear_pointer (&row->invitation, g_bytes_unref);
  row->invitation = g_steal_pointer (&from->invitation);
  g_clear_pointer (&row->request, g_bytes_unref);
  row->request = g_steal_pointer (&from->request);
}

static void
take_back (KithGroupHost *self, KithStoreGroup *before)
{
  g_autoptr (KithStoreBatch) batch = NULL;

  if (self->replica != NULL || self->row->membership != KITH_MEMBERSHIP_ASKING || self->node->closing)
    return;

  kith_group_invite_leave (self->node, self->row->gid);
  kith_group_links_drop_group (self->node, self->row->gid);
  if (before == NULL)
    {
      kith_groups_remove (self);
      return;
    }

  restore_row (self->row, before);
  kith_group_set_state (self->model, (KithMembership) self->row->membership);
  kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_STATE);

  /* What was stored in between had it. If that cannot be put right either, nothing is worse. */
  batch = kith_store_batch_new ();
  kith_group_host_put_row (self, batch);
  kith_store_commit_async (self->node->store, g_steal_pointer (&batch), NULL, NULL, NULL);
}

/* (nullable): while it is the same one still */
static KithGroupHost *
find_joining (KithNode *node, const Joining *joining)
{
  KithGroupHost *self = kith_node_lookup_group (node, kith_group_get_id_bytes (joining->model));

  return self != NULL && self->model == joining->model ? self : NULL;
}

static void
joining_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *node = g_task_get_source_object (task);
  Joining *joining = g_task_get_task_data (task);
  KithGroup *model = joining->model;
  KithGroupHost *self = find_joining (node, joining);
  KithGroupReplica *replica;
  KithGroupSelf me;
  GError *error = NULL;

  if (self != NULL)
    self->joining = FALSE;
  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      if (self != NULL)
        take_back (self, joining->before);
      g_task_return_error (task, error);
      return;
    }

  if (self != NULL && self->replica == NULL && !node->closing)
    {
      me = kith_group_host_get_me (self);
      replica = kith_group_replica_join (&me, self->row->gid);
      kith_group_host_adopt (self, replica);
      kith_node_emit_group_changed (node, model, KITH_GROUP_CHANGE_STATE);
    }
  g_task_return_boolean (task, TRUE);
}

void
kith_group_host_join (KithGroupHost *self, KithStoreGroup *before, const char *text, GTask *task)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  Joining *joining = g_new0 (Joining, 1);

  joining->model = g_object_ref (self->model);
  joining->before = before;
  self->joining = TRUE;
  g_clear_pointer (&self->row->request, g_bytes_unref);
  if (self->row->author_seed == NULL)
    self->row->author_seed = kith_group_new_seed (self->node);
  self->row->request = seal_request (self, self->row->author_seed, text);
  self->row->membership = KITH_MEMBERSHIP_ASKING;
  kith_group_set_state (self->model, KITH_MEMBERSHIP_ASKING);
  kith_group_host_put_row (self, batch);
  g_task_set_task_data (task, joining, (GDestroyNotify) joining_free);
  kith_store_commit_async (self->node->store, batch, NULL, joining_committed_cb, task);
}

void
kith_group_host_answer (KithGroupHost *self, gboolean accept, const char *text, GTask *task)
{
  if (self->row->membership != KITH_MEMBERSHIP_INVITED)
    kith_task_take_and_refuse (task, KITH_ERROR_INVALID, "We were not invited");
  else if (accept)
    kith_group_host_join (self, kith_store_group_copy (self->row), text, task);
  else
    kith_group_host_delete (self, task);
}

void
kith_group_host_let_in (KithGroupHost *self)
{
  kith_group_links_joined (self->node, self->row->gid);
  if (self->row->request == NULL && self->row->invitation == NULL)
    return;

  g_clear_pointer (&self->row->request, g_bytes_unref);
  g_clear_pointer (&self->row->invitation, g_bytes_unref);
  kith_group_host_commit_row (self);
}

/* --- Those who ask us ----------------------------------------------------------------------- */

/* Of those whom we asked to bring us in. */
static gboolean
take_answer (KithGroupHost *self, const guint8 *identity, const guint8 *body, gsize len)
{
  gboolean from_inviter =
    self->row->has_inviter && kith_identity_equal (self->row->inviter, identity);
  gboolean from_admin = self->row->has_admin && kith_identity_equal (self->row->admin, identity);
  KithGroupAnswer answer;

  if (!kith_group_answer_unpack (&answer, body, len))
    return FALSE;
  if (self->row->membership != KITH_MEMBERSHIP_ASKING || !(from_inviter || from_admin)
      || answer != KITH_GROUP_ANSWER_DENIED)
    return TRUE;

  kith_group_host_drop_replica (self);
  kith_group_invite_leave (self->node, self->row->gid);
  g_clear_pointer (&self->row->request, g_bytes_unref);
  kith_group_host_set_membership (self, KITH_MEMBERSHIP_REFUSED);
  return TRUE;
}

/* Whether they had the link. Those of others only they can tell, and whoever brought it has. */
static gboolean
came_with_link (KithGroupHost *self, const KithGroupJoin *join, KithContact *bringer)
{
  gsize len;
  const guint8 *proof =
    join->link_proof != NULL ? g_bytes_get_data (join->link_proof, &len) : NULL;

  if (proof == NULL || len != KITH_INVITE_PROOF_BYTES)
    return FALSE;

  return bringer != NULL
         || kith_group_invite_check (self->node, join->gid, join->author, proof) != NULL;
}

gboolean
kith_group_host_outside (KithGroupHost *self, const guint8 *identity, gpointer link, guint8 type,
                         const guint8 *body, gsize len)
{
  g_auto (KithGroupJoin) join = { .name = NULL };
  g_autoptr (GBytes) request = NULL;

  if (type == KITH_RECORD_GROUP_ANSWER)
    return take_answer (self, identity, body, len);
  if (type != KITH_RECORD_GROUP_JOIN)
    return FALSE;
  if (!kith_group_join_open (&join, body, len))
    return FALSE;
  /* For oneself only; those of others come over links. */
  if (memcmp (join.gid, self->row->gid, sizeof join.gid) != 0
      || !kith_identity_equal (join.identity, identity))
    return FALSE;
  if (link != NULL && !came_with_link (self, &join, NULL))
    return FALSE;
  if (!self->ready || !kith_group_is_member (self->model))
    return TRUE;

  if (join.name != NULL)
    kith_group_links_hint_name (self->node, identity, join.name);
  request = g_bytes_new (body, len);
  if (g_hash_table_size (self->brought) >= KITH_LIMIT_GROUP_BROUGHT)
    g_hash_table_remove_all (self->brought);
  g_hash_table_replace (self->brought, g_memdup2 (join.author, sizeof join.author),
                        g_memdup2 (identity, KITH_IDENTITY_BYTES));
  kith_group_replica_bring_request (self->replica, request, kith_group_host_now_ms (self), NULL);
  kith_group_host_turn (self);
  return TRUE;
}

static const guint8 *
get_tokens (KithGroupHost *self, gsize *len)
{
  *len = 0;
  return self->row->tokens != NULL ? g_bytes_get_data (self->row->tokens, len) : NULL;
}

/* Whether @join brings one of ours. */
static gboolean
has_token (KithGroupHost *self, const KithGroupJoin *join)
{
  gsize len;
  const guint8 *tokens = get_tokens (self, &len);

  for (gsize at = 0; join->has_token && at + KITH_GROUP_OWN_TOKEN_BYTES <= len; at += KITH_GROUP_OWN_TOKEN_BYTES)
    if (kith_secret_equal_memory (tokens + at, join->token, sizeof join->token)
        && memcmp (tokens + at + sizeof join->token, join->identity, sizeof join->identity) == 0)
      return TRUE;

  return FALSE;
}

/**
 * kith_group_host_drop_tokens: (skip)
 * @self: a group
 * @identity: somebody who is in, or out
 *
 * No invitation of before lets them in again. Main thread.
 */
void
kith_group_host_drop_tokens (KithGroupHost *self, const guint8 *identity)
{
  gsize len;
  const guint8 *tokens = get_tokens (self, &len);
  g_autoptr (GByteArray) left = g_byte_array_new ();

  for (gsize at = 0; at + KITH_GROUP_OWN_TOKEN_BYTES <= len; at += KITH_GROUP_OWN_TOKEN_BYTES)
    if (memcmp (tokens + at + KITH_GROUP_TOKEN_BYTES, identity, KITH_IDENTITY_BYTES) != 0)
      g_byte_array_append (left, tokens + at, KITH_GROUP_OWN_TOKEN_BYTES);
  if (left->len == len)
    return;

  g_clear_pointer (&self->row->tokens, g_bytes_unref);
  self->row->tokens = g_byte_array_free_to_bytes (g_steal_pointer (&left));
  kith_group_host_commit_row (self);
}

/* Those who are in it already, with the key that they had. */
static gboolean
is_renewal (KithGroupHost *self, const KithGroupJoin *join)
{
  const KithGroupMember *member =
    join->has_replaces
      ? kith_group_state_find (kith_group_replica_get_state (self->replica), join->replaces)
      : NULL;

  return member != NULL && member->removed == KITH_GROUP_REMOVED_NOT
         && kith_identity_equal (member->identity, join->identity);
}

static gboolean
let_in (KithGroupHost *self, GBytes *request)
{
  g_autoptr (GError) error = NULL;
  gboolean done =
    kith_group_replica_add_member (self->replica, request, kith_group_host_now_ms (self), &error);

  if (!done)
    g_debug ("A request could not be granted: %s", error->message);
  kith_group_host_turn (self);
  return done;
}

/* Whom we have invited ourselves; the token is good until they are in. */
static gboolean
let_in_with_token (KithGroupHost *self, const KithGroupJoin *join, GBytes *request)
{
  if (!has_token (self, join) || !let_in (self, request))
    return FALSE;

  kith_group_host_drop_tokens (self, join->identity);
  return TRUE;
}

/* (transfer none) (nullable): the other member who says that they brought it */
static KithContact *
get_bringer (KithGroupHost *self, const KithGroupJoin *join)
{
  const guint8 *identity =
    join->has_bringer ? kith_group_host_get_identity (self, join->bringer) : NULL;

  return identity != NULL ? kith_node_get_somebody (self->node, identity) : NULL;
}

static void
show_request (KithGroupHost *self, const KithGroupJoin *join, GBytes *bytes)
{
  KithContact *bringer = get_bringer (self, join);
  KithPeer *peer = kith_node_known_peer (self->node, join->identity);
  g_autofree char *id = kith_id_string_encode (join->identity);
  g_autoptr (KithJoinRequest) request = kith_join_request_new (
    join->identity, id, peer != NULL ? peer->contact : NULL,
    join->name != NULL ? join->name : id, join->text, (gint64) MIN (join->time_ms, G_MAXINT64), bringer,
    came_with_link (self, join, bringer));

  g_hash_table_replace (self->requests, g_memdup2 (join->identity, sizeof join->identity),
                        g_bytes_ref (bytes));
  if (kith_group_find_request (self->model, join->identity) != NULL)
    return;

  kith_group_add_request (self->model, request);
  kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_REQUESTS);
  kith_node_emit_group_request (self->node, self->model, request);
}

/* Whom we invited ourselves is let in at once, and so is a new key of a member. */
void
kith_group_host_take_request (KithGroupHost *self, const KithGroupEffect *effect)
{
  g_auto (KithGroupJoin) join = { .name = NULL };
  gsize len;
  const guint8 *data = g_bytes_get_data (effect->bytes, &len);
  KithPeer *peer;
  gboolean is_blocked;

  if (!self->ready || !kith_group_join_open (&join, data, len))
    return;

  peer = kith_node_lookup_peer (self->node, join.identity);
  is_blocked = peer != NULL && peer->row->blocked;
  if (join.name != NULL)
    kith_group_links_hint_name (self->node, join.identity, join.name);
  if (is_renewal (self, &join))
    let_in (self, effect->bytes);
  else if (!is_blocked && !let_in_with_token (self, &join, effect->bytes) && self->ready)
    show_request (self, &join, effect->bytes);
}

static gboolean
is_request_of (KithGroupHost *self, const guint8 *identity, const guint8 *author)
{
  g_auto (KithGroupJoin) join = { .name = NULL };
  GBytes *request = g_hash_table_lookup (self->requests, identity);
  gsize len;
  const guint8 *data = request != NULL ? g_bytes_get_data (request, &len) : NULL;

  return data != NULL && kith_group_join_open (&join, data, len)
         && memcmp (join.author, author, sizeof join.author) == 0;
}

/* Who asked through us hears it from us. */
static void
tell_denied (KithGroupHost *self, const guint8 *identity)
{
  g_autoptr (GBytes) denied = kith_group_answer_pack (KITH_GROUP_ANSWER_DENIED);

  kith_group_links_send (self->node, self->row->gid, identity, KITH_RECORD_GROUP_ANSWER,
                         g_bytes_get_data (denied, NULL), g_bytes_get_size (denied));
  kith_group_links_turn_away (self->node, self->row->gid, identity);
}

void
kith_group_host_settle_request (KithGroupHost *self, const KithGroupEffect *effect)
{
  GListModel *requests = kith_group_get_requests (self->model);
  const guint8 *asker = g_hash_table_lookup (self->brought, effect->author);
  guint n = g_list_model_get_n_items (requests);

  for (guint i = n; i > 0; i--)
    {
      g_autoptr (KithJoinRequest) request = g_list_model_get_item (requests, i - 1);
      const guint8 *identity = kith_join_request_get_identity (request);

      if (!is_request_of (self, identity, effect->author))
        continue;
      kith_group_remove_request (self->model, request);
      g_hash_table_remove (self->requests, identity);
    }

  if (g_list_model_get_n_items (requests) != n)
    kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_REQUESTS);
  if (asker != NULL && effect->n == KITH_GROUP_VERDICT_DENIED)
    tell_denied (self, asker);
  g_hash_table_remove (self->brought, effect->author);
}

/* --- A new key after a restore -------------------------------------------------------------- */

void
kith_group_host_ask_for_key (KithGroupHost *self)
{
  g_autoptr (GBytes) request = NULL;

  if (!kith_group_replica_needs_key (self->replica))
    {
      if (self->row->restored)
        {
          self->row->restored = FALSE;
          g_clear_pointer (&self->row->next_seed, kith_secret_unref);
          kith_group_host_commit_row (self);
        }
      kith_group_host_post_pending (self);
      return;
    }

  self->row->restored = TRUE;
  if (self->row->next_seed == NULL)
    self->row->next_seed = kith_group_new_seed (self->node);
  kith_group_host_commit_row (self);
  request = seal_request (self, self->row->next_seed, NULL);
  kith_group_replica_ask_new_key (self->replica, self->row->next_seed, request,
                                  kith_group_host_now_ms (self), NULL);
  kith_group_host_turn (self);
}

/* The admin has seen it: we go on with that. What says so is committed together with it. */
void
kith_group_turn_take_key (KithGroupTurn *turn, const guint8 *author)
{
  KithGroupHost *self = turn->host;
  guint8 ours[KITH_GROUP_KEY_BYTES];

  if (self->row->next_seed == NULL)
    return;

  kith_identity_get_public (kith_secret_get_data (self->row->next_seed), ours);
  if (memcmp (ours, author, sizeof ours) != 0)
    return;

  g_clear_pointer (&self->row->author_seed, kith_secret_unref);
  self->row->author_seed = g_steal_pointer (&self->row->next_seed);
  self->row->restored = FALSE;
  kith_group_host_put_row (self, turn->batch);
  kith_group_links_put_group (self->node, self->row->gid, self->row->author_seed);
}
