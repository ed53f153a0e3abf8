/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Using somebody's invite, or asking somebody by their ID. Protocol 6.2, 6.3, 7.3.
 *
 * Whom we ask is a contact from the start, a requested one: what finds contacts finds them. With the
 * link we have two things more: a proof that goes with the request, and a place in the DHT to meet
 * at, until both have a pair root or the invite expires. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-source.h"
#include "base/kith-text.h"
#include "node/kith-directory.h"
#include "node/kith-group-invites.h"
#include "node/kith-impostor.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-requests.h"
#include "node/kith-peer-session.h"

#define ID_LIFETIME_S (30 * 24 * 3600)

typedef struct
{
  KithJoinOutcome outcome;
  KithContact    *contact; /* (owned) (nullable) */
} Outcome;

static void
outcome_free (gpointer data)
{
  Outcome *outcome = data;

  g_clear_object (&outcome->contact);
  g_free (outcome);
}

KithJoin *
kith_join_lookup (KithNode *self, const guint8 *identity)
{
  return g_hash_table_lookup (self->joins, identity);
}

/* --- The one who waits ---------------------------------------------------------------------- */

GTask *
kith_join_take_task (KithJoin *join)
{
  GTask *task = g_steal_pointer (&join->task);

  kith_source_clear (&join->timer);
  if (join->cancelled != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), join->cancelled);
  join->cancelled = 0;
  return task;
}

void
kith_join_answer (KithJoin *join, KithPeer *peer, KithJoinOutcome outcome)
{
  g_autoptr (GTask) task = NULL;
  Outcome *data;

  join->decided = TRUE;
  join->outcome = outcome;
  if (!join->stored)
    return;

  task = kith_join_take_task (join);

  if (task == NULL)
    return;

  data = g_task_get_task_data (task);
  data->outcome = outcome;
  data->contact = g_object_ref (peer->contact);
  g_task_return_boolean (task, TRUE);
}

static gboolean
timer_cb (gpointer user_data)
{
  KithJoin *join = user_data;
  KithPeer *peer = kith_node_known_peer (join->node, join->row->peer);

  if (peer != NULL)
    kith_join_answer (join, peer, KITH_JOIN_WAITING);
  return G_SOURCE_REMOVE;
}

static void
give_up (KithJoin *join)
{
  g_autoptr (GTask) task = kith_join_take_task (join);

  if (task != NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_CLOSED, "It was given up");
}

/**
 * kith_node_end_joins: (skip)
 * @self: a node that is closing
 *
 * Answers those who wait: each of them holds on to the node. What is stored goes on at the next start.
 */
void
kith_node_end_joins (KithNode *self)
{
  GHashTableIter iter;
  gpointer join;

  g_hash_table_iter_init (&iter, self->joins);
  while (g_hash_table_iter_next (&iter, NULL, &join))
    give_up (join);
}

/* --- Rows ----------------------------------------------------------------------------------- */

/**
 * kith_join_free: (skip)
 * @self: (transfer full): a join
 */
void
kith_join_free (KithJoin *self)
{
  give_up (self);
  g_clear_pointer (&self->meeting, kith_meeting_remove);
  kith_secret_wipe (self->root, sizeof self->root);
  kith_store_invite_free (self->row);
  g_free (self);
}

void
kith_join_forget (KithJoin *join)
{
  KithNode *self = join->node;
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  kith_store_batch_delete_invite (batch, join->row->id);
  kith_node_commit (self, batch);
  g_hash_table_remove (self->joins, join->row->peer);
}

/* @join: (transfer full): in the place of another one to the same person */
static void
take_in (KithNode *self, KithJoin *join)
{
  KithJoin *former = kith_join_lookup (self, join->row->peer);

  if (former != NULL && memcmp (former->row->id, join->row->id, sizeof join->row->id) != 0)
    kith_join_forget (former);
  g_hash_table_replace (self->joins, join->row->peer, join);
}

/* What is stored may come out of a backup from anywhere. Returns: (transfer full) (nullable) */
static KithJoin *
new_join (KithNode *self, const KithStoreInvite *row)
{
  g_auto (KithInvite) parsed = { 0 };
  gboolean has_invite = *row->link != '\0';
  KithJoin *join;

  if (!row->has_peer
      || (has_invite && (!kith_invite_parse (&parsed, row->link)
                         || memcmp (parsed.identity, row->peer, sizeof row->peer) != 0)))
    return NULL;

  join = g_new0 (KithJoin, 1);
  join->node = self;
  join->row = kith_store_invite_copy (row);
  join->has_invite = has_invite;
  if (has_invite)
    {
      kith_invite_get_root (parsed.secret, join->root);
      memcpy (join->reply_key, parsed.reply_key, sizeof join->reply_key);
    }

  return join;
}

/**
 * kith_node_restore_join: (skip)
 * @self: a node that has its contacts
 * @row: a stored invite of somebody else
 *
 * Returns: whether it is still being used
 */
gboolean
kith_node_restore_join (KithNode *self, const KithStoreInvite *row)
{
  KithJoin *join;

  if (row->expires_ms <= kith_node_now_ms (self) || kith_node_known_peer (self, row->peer) == NULL)
    return FALSE;

  join = new_join (self, row);
  if (join == NULL)
    return FALSE;

  take_in (self, join);
  return TRUE;
}

static gboolean
is_over (const KithJoin *join)
{
  return join->row->expires_ms <= kith_node_now_ms (join->node);
}

/**
 * kith_node_expire_joins: (skip)
 * @self: a node
 *
 * Forgets the invites of others that are over. Whom we asked stays a requested contact.
 */
void
kith_node_expire_joins (KithNode *self)
{
  g_autoptr (GPtrArray) over = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->joins);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (is_over (value))
      g_ptr_array_add (over, g_memdup2 (((const KithJoin *) value)->row->peer, KITH_IDENTITY_BYTES));

  /* The faces hear of each, and may ask anew. */
  for (guint i = 0; i < over->len; i++)
    {
      const guint8 *identity = g_ptr_array_index (over, i);
      KithJoin *join = kith_join_lookup (self, identity);
      KithPeer *peer = kith_node_known_peer (self, identity);

      if (join != NULL && peer != NULL)
        kith_join_answer (join, peer, KITH_JOIN_WAITING);
      join = kith_join_lookup (self, identity);
      if (join != NULL && is_over (join))
        kith_join_forget (join);
    }
}

/* --- Looking at a link ---------------------------------------------------------------------- */

/* (transfer full): without what surrounds it when it is copied: blanks, line ends, quotes */
static char *
tidy (const char *text)
{
  const char *found;
  char *copy;

  if (text == NULL || strlen (text) > KITH_LIMIT_LINK_BYTES)
    return g_strdup ("");

  copy = g_strstrip (g_strdup (text));
  found = g_str_has_prefix (copy, "<") || g_str_has_prefix (copy, "\"") ? copy + 1 : copy;
  memmove (copy, found, strlen (found) + 1);
  if (g_str_has_suffix (copy, ">") || g_str_has_suffix (copy, "\""))
    copy[strlen (copy) - 1] = '\0';
  return copy;
}

static gboolean
is_own (KithNode *self, const guint8 *identity)
{
  return self->local != NULL
         && memcmp (identity, kith_local_get_identity (self->local), KITH_IDENTITY_BYTES) == 0;
}

gboolean
kith_node_parse_group_link (KithNode *self, const char *text, KithInvite *link)
{
  g_autofree char *clean = tidy (text);

  return kith_invite_parse_group (link, clean);
}

KithLinkKind
kith_node_inspect_link (KithNode *self, const char *text, char **id, gint64 *expires_ms)
{
  g_autofree char *link = tidy (text);
  g_auto (KithInvite) invite = { 0 };
  guint8 identity[KITH_IDENTITY_BYTES];
  gboolean is_invite = kith_invite_parse (&invite, link) || kith_invite_parse_group (&invite, link);

  if (id != NULL)
    *id = NULL;
  if (expires_ms != NULL)
    *expires_ms = is_invite ? invite.expiry_s * 1000 : 0;

  if (is_invite)
    memcpy (identity, invite.identity, sizeof identity);
  else if (!kith_id_string_parse (link, identity))
    return KITH_LINK_NONE;

  if (id != NULL)
    *id = kith_id_string_encode (identity);
  if (is_own (self, identity))
    return KITH_LINK_OWN;
  if (!is_invite)
    return KITH_LINK_ID;

  if (!kith_invite_is_valid_at (&invite, kith_node_now_ms (self) / 1000))
    return KITH_LINK_EXPIRED;

  return invite.is_group ? KITH_LINK_GROUP : KITH_LINK_INVITE;
}

/* --- Joining -------------------------------------------------------------------------------- */

/* (transfer none) (nullable): the join that waits with @task */
static KithJoin *
find_by_task (KithNode *self, GTask *task)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->joins);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((KithJoin *) value)->task == task)
      return value;

  return NULL;
}

static gboolean
cancelled_idle_cb (gpointer user_data)
{
  KithNode *self = g_task_get_source_object (user_data);
  KithJoin *join = find_by_task (self, user_data);
  g_autoptr (GTask) task = NULL;
  KithPeer *peer;

  if (join == NULL)
    return G_SOURCE_REMOVE;

  task = kith_join_take_task (join);
  peer = kith_node_known_peer (self, join->row->peer);
  if (peer != NULL && !kith_peer_is_mutual (peer))
    kith_node_remove_async (self, peer->contact, TRUE, NULL, NULL, NULL);
  else
    kith_join_forget (join);
  g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_CANCELLED, "It was cancelled");
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, cancelled_idle_cb, g_object_ref (user_data), g_object_unref);
}

static void
await_outcome (KithJoin *join, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  join->task = g_object_ref (task);
  kith_source_start (&join->timer, KITH_LIMIT_JOIN_MS, timer_cb, join);
  if (cancellable != NULL)
    join->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);
}

/* (transfer full): what is stored of it */
static KithStoreInvite *
make_row (KithNode *self, const char *link, const KithInvite *invite, const guint8 *identity,
          const char *text)
{
  KithStoreInvite *row = g_new0 (KithStoreInvite, 1);
  guint8 root[KITH_INVITE_ROOT_BYTES];

  row->created_ms = kith_node_now_ms (self);
  row->note = kith_text_sanitize_request (text != NULL ? text : "");
  row->has_peer = TRUE;
  memcpy (row->peer, identity, sizeof row->peer);
  row->link = g_strdup (invite != NULL ? link : "");
  if (invite != NULL)
    {
      kith_invite_get_root (invite->secret, root);
      kith_invite_get_id (root, row->id);
      row->expires_ms = invite->expiry_s * 1000;
      kith_secret_wipe (root, sizeof root);
    }
  else
    {
      memcpy (row->id, identity, sizeof row->id);
      row->expires_ms = row->created_ms + ID_LIFETIME_S * (gint64) 1000;
    }

  return row;
}

/* Puts the endpoints of the link before those that are known. */
static void
take_endpoints (KithNode *self, KithPeer *peer, const KithInvite *invite)
{
  KithEndpoints merged;

  kith_directory_judge (self, invite->endpoints, invite->n_endpoints, &merged);
  for (guint i = 0; i < peer->row->n_endpoints; i++)
    kith_endpoints_add (&merged, &peer->row->endpoints[i]);
  memcpy (peer->row->endpoints, merged.items, sizeof peer->row->endpoints);
  peer->row->n_endpoints = merged.n;
  kith_peer_update_address (peer);
}

/* (transfer none): a requested contact. What is known of somebody who was removed stays. */
static KithPeer *
add_requested (KithNode *self, const guint8 *identity)
{
  KithStoreContact row = { .relation = KITH_RELATION_REQUESTED, .next_seq = 1 };
  const KithPeer *kept = kith_node_lookup_peer (self, identity);
  KithPeer *peer = kith_node_known_peer (self, identity);

  if (peer == NULL)
    {
      if (kept != NULL)
        row = *kept->row;
      row.relation = KITH_RELATION_REQUESTED;
      memcpy (row.identity, identity, sizeof row.identity);
      row.added_ms = kith_node_now_ms (self);
      peer = kith_node_add_peer (self, &row);
      kith_node_emit_contact_changed (self, peer->contact, KITH_CONTACT_CHANGE_REQUESTED);
    }
  else if (!kith_peer_is_mutual (peer))
    kith_peer_set_relation (peer, KITH_RELATION_REQUESTED);

  return peer;
}

/* Somebody who has asked us is accepted by that. Returns: (transfer none) (nullable) */
static KithPeer *
accept_asking (KithNode *self, const guint8 *identity)
{
  KithAsking *asking = g_hash_table_lookup (self->asking, identity);

  return asking != NULL ? kith_node_accept_now (self, asking) : NULL;
}

/* The join may have ended meanwhile, and its task with it. */
static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithJoin *join = find_by_task (g_task_get_source_object (task), task);
  GError *error = NULL;
  gboolean ok = kith_store_commit_finish (KITH_STORE (source), result, &error);
  KithPeer *peer;

  if (join == NULL)
    {
      g_clear_error (&error);
      return;
    }

  if (!ok)
    {
      g_autoptr (GTask) taken = kith_join_take_task (join);

      g_task_return_error (taken, error);
      return;
    }

  join->stored = TRUE;
  peer = kith_node_known_peer (join->node, join->row->peer);
  if (peer == NULL)
    return;

  if (join->decided)
    kith_join_answer (join, peer, (KithJoinOutcome) join->outcome);
  kith_node_join_settled (peer);
}

static void
begin (KithNode *self, KithJoin *join, const KithInvite *invite, GTask *task)
{
  KithPeer *peer = accept_asking (self, join->row->peer);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  if (peer == NULL)
    peer = add_requested (self, join->row->peer);
  if (invite != NULL)
    take_endpoints (self, peer, invite);
  kith_node_end_group_session (peer);

  take_in (self, join);
  await_outcome (join, task);
  kith_store_batch_put_contact (batch, peer->row);
  kith_store_batch_put_invite (batch, join->row);
  kith_store_commit_async (self->store, g_steal_pointer (&batch), NULL, stored_cb,
                           g_object_ref (task));

  if (kith_peer_is_online (peer))
    kith_join_answer (join, peer, KITH_JOIN_ONLINE);
  else if (peer->session != NULL)
    kith_join_answer (join, peer, KITH_JOIN_REQUESTED);
  else
    {
      kith_join_update_meeting (join);
      kith_directory_try_now (peer);
      /* With nothing but an ID there is nothing to wait for. */
      if (peer->dial == NULL && join->meeting == NULL)
        kith_join_answer (join, peer, KITH_JOIN_WAITING);
    }
}

/* Whoever enters the ID of somebody whose invite is being used goes on using it. */
static gboolean
take_known_invite (KithNode *self, const guint8 *identity, char **link, KithInvite *invite)
{
  const KithJoin *join = kith_join_lookup (self, identity);

  if (join == NULL || !join->has_invite || join->row->expires_ms <= kith_node_now_ms (self)
      || !kith_invite_parse (invite, join->row->link))
    return FALSE;

  g_free (*link);
  *link = g_strdup (join->row->link);
  return TRUE;
}

void
kith_node_join_async (KithNode *self, const char *text, const char *request_text,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *link = tidy (text);
  g_auto (KithInvite) invite = { 0 };
  KithLinkKind kind = kith_node_inspect_link (self, link, NULL, NULL);
  guint8 identity[KITH_IDENTITY_BYTES];

  g_task_set_source_tag (task, kith_node_join_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_new0 (Outcome, 1), outcome_free);

  if (self->local == NULL || self->closing)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
  else if (kind == KITH_LINK_NONE || kind == KITH_LINK_GROUP)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "That is not a link of Kith");
  else if (kind == KITH_LINK_OWN)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_SELF, "That is our own");
  else if (kind == KITH_LINK_EXPIRED)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_EXPIRED, "The invite has expired");
  else if (g_cancellable_is_cancelled (cancellable))
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_CANCELLED, "It was cancelled");
  else
    {
      gboolean is_invite = kith_invite_parse (&invite, link);
      g_autoptr (KithStoreInvite) row = NULL;

      if (is_invite)
        memcpy (identity, invite.identity, sizeof identity);
      else if (kith_id_string_parse (link, identity))
        is_invite = take_known_invite (self, identity, &link, &invite);
      else
        {
          g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "That is not a link of Kith");
          return;
        }
      if (kith_impostor_is_one (self, identity))
        {
          g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "That names a group, and nobody");
          return;
        }

      row = make_row (self, link, is_invite ? &invite : NULL, identity, request_text);
      begin (self, new_join (self, row), is_invite ? &invite : NULL, task);
    }
}

gboolean
kith_node_join_finish (KithNode *self, GAsyncResult *result, KithJoinOutcome *outcome,
                       KithContact **contact, GError **error)
{
  const Outcome *data = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  if (outcome != NULL)
    *outcome = data->outcome;
  if (contact != NULL)
    *contact = g_object_ref (data->contact);
  return TRUE;
}
