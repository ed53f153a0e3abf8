/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own one-time invites: what the faces do with them, and using them up. Protocol 6.2, 7.3.
 *
 * The first identity that proves to have the link uses it up; the same one may come again. Anybody
 * else with the link is turned away like somebody unknown, and the user is told. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-requests.h"

/* --- What the faces do --------------------------------------------------------------------- */

static KithOwnInvite *
find_invite (KithNode *self, KithInvitation *invitation)
{
  for (guint i = 0; i < self->invites->len; i++)
    {
      KithOwnInvite *invite = g_ptr_array_index (self->invites, i);

      if (invite->invitation == invitation)
        return invite;
    }

  return NULL;
}

void
kith_node_create_invite_async (KithNode *self, gint64 lifetime_s, const char *note,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_node_create_invite_async);
  kith_own_invite_create (self, lifetime_s, note, NULL, task);
}

KithInvitation *
kith_node_create_invite_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* From this moment it lets nobody in; that it stays so over a restart is what is waited for. */
void
kith_node_revoke_invite_async (KithNode *self, KithInvitation *invitation,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithOwnInvite *invite = find_invite (self, invitation);

  g_task_set_source_tag (task, kith_node_revoke_invite_async);
  if (invite == NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such invite");
      return;
    }

  if (kith_own_invite_has_state (invite, KITH_INVITATION_LIVE))
    {
      invite->row->state = KITH_INVITATION_REVOKED;
      kith_own_invite_commit (invite);
      if (invite->has_group)
        kith_group_invites_revoked (invite);
    }
  else
    kith_own_invite_forget (invite);

  kith_node_answer_when_written (self, g_steal_pointer (&task));
}

gboolean
kith_node_revoke_invite_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

GListModel *
kith_node_get_invitations (KithNode *self)
{
  return G_LIST_MODEL (self->invitations);
}

KithInvitation *
kith_node_find_invitation (KithNode *self, const char *text)
{
  g_auto (KithInvite) parsed = { 0 };
  gboolean is_link = kith_invite_parse (&parsed, text) || kith_invite_parse_group (&parsed, text);

  for (guint i = 0; i < self->invites->len; i++)
    {
      const KithOwnInvite *invite = g_ptr_array_index (self->invites, i);
      guint8 root[KITH_INVITE_ROOT_BYTES];

      if (g_ascii_strcasecmp (kith_invitation_get_id (invite->invitation), text) == 0)
        return invite->invitation;
      if (!is_link || parsed.is_group != invite->has_group)
        continue;

      if (parsed.is_group)
        kith_invite_get_group_root (parsed.secret, parsed.group, root);
      else
        kith_invite_get_root (parsed.secret, root);
      if (kith_secret_equal_memory (root, invite->root, sizeof root))
        return invite->invitation;
    }

  return NULL;
}

/* --- Being used ----------------------------------------------------------------------------- */

static void
tell_used (KithOwnInvite *invite, const guint8 *identity)
{
  const KithAsking *asking = g_hash_table_lookup (invite->node->asking, identity);

  if (asking != NULL)
    kith_node_emit_invitation_used (invite->node, invite->invitation, asking->request);
}

/* Returns: whether @identity may use it: it is the first, or has used it already */
static gboolean
use (KithOwnInvite *invite, const guint8 *identity)
{
  gboolean same = invite->row->has_peer
                  && memcmp (invite->row->peer, identity, KITH_IDENTITY_BYTES) == 0;

  /* Once it has expired it is as one that never was, also for who used it. */
  if (invite->row->expires_ms <= kith_node_now_ms (invite->node))
    return FALSE;
  if (kith_own_invite_has_state (invite, KITH_INVITATION_USED) && same)
    return TRUE;

  if (kith_own_invite_has_state (invite, KITH_INVITATION_USED))
    {
      invite->row->misused = TRUE;
      kith_own_invite_commit (invite);
      kith_node_emit_invitation_misused (invite->node, invite->invitation);
      return FALSE;
    }

  if (!kith_own_invite_has_state (invite, KITH_INVITATION_LIVE))
    return FALSE;

  invite->row->state = KITH_INVITATION_USED;
  invite->row->has_peer = TRUE;
  memcpy (invite->row->peer, identity, sizeof invite->row->peer);
  kith_own_invite_commit (invite);
  return TRUE;
}

/**
 * kith_node_take_invited: (skip)
 * @self: a node
 * @session: a session on which somebody shows an invite
 * @open: what they say
 *
 * Returns: whether it is one of ours, proven, and theirs to use; if they are not a contact yet, their
 *   request is taken
 */
gboolean
kith_node_take_invited (KithNode *self, KithSession *session, const KithBodyOpen *open)
{
  const guint8 *identity = kith_session_get_identity (session);
  KithOwnInvite *invite = kith_own_invite_find (self, open->invite_id);
  gboolean was_used;

  /* Whoever has the link to a group may ask for that and for nothing else. */
  if (invite == NULL || invite->has_group || !kith_invite_is_proven (invite->root, session, open))
    return FALSE;

  was_used = kith_own_invite_has_state (invite, KITH_INVITATION_USED);
  if (!use (invite, identity))
    return FALSE;
  if (kith_node_known_peer (self, identity) != NULL)
    return TRUE;

  kith_node_take_request (self, session, open);
  if (!was_used)
    tell_used (invite, identity);
  return TRUE;
}

static gboolean
is_used_by (const KithOwnInvite *invite, const guint8 *identity)
{
  return kith_own_invite_has_state (invite, KITH_INVITATION_USED) && invite->row->has_peer
         && memcmp (invite->row->peer, identity, KITH_IDENTITY_BYTES) == 0;
}

/**
 * kith_node_has_used_invite: (skip)
 * @self: a node
 * @identity: who asks
 *
 * Returns: whether they have come with an invite of ours
 */
gboolean
kith_node_has_used_invite (KithNode *self, const guint8 *identity)
{
  for (guint i = 0; i < self->invites->len; i++)
    if (is_used_by (g_ptr_array_index (self->invites, i), identity))
      return TRUE;

  return FALSE;
}

/**
 * kith_node_decline_invites: (skip)
 * @self: a node
 * @identity: whose request the user declines
 * @batch: (nullable): what stores that, to be committed with it; %NULL: it is stored
 *
 * What they used to ask with is of no use any more.
 */
void
kith_node_decline_invites (KithNode *self, const guint8 *identity, KithStoreBatch *batch)
{
  for (guint i = 0; i < self->invites->len; i++)
    {
      KithOwnInvite *invite = g_ptr_array_index (self->invites, i);
      g_autoptr (KithStoreInvite) row = NULL;

      if (!is_used_by (invite, identity))
        continue;

      row = kith_store_invite_copy (invite->row);
      row->state = KITH_INVITATION_REVOKED;
      if (batch != NULL)
        {
          kith_store_batch_put_invite (batch, row);
          continue;
        }
      invite->row->state = KITH_INVITATION_REVOKED;
      kith_own_invite_show (invite);
      kith_own_invite_update_meeting (invite);
    }
}

/* --- Coming to whoever uses it (7.3) -------------------------------------------------------- */

/**
 * kith_node_invite_fill_open: (skip)
 * @self: a node
 * @session: a session that we dialled
 * @open: (inout): what we say on it: that we come for an invite, if we do
 */
void
kith_node_invite_fill_open (KithNode *self, KithSession *session, KithBodyOpen *open)
{
  GBytes *id = g_hash_table_lookup (self->inviting, session);
  const KithOwnInvite *invite = id != NULL ? kith_own_invite_find (self, g_bytes_get_data (id, NULL)) : NULL;

  if (invite != NULL && invite->has_group)
    kith_group_invites_fill_open (invite, session, open);
  else if (invite != NULL)
    kith_invite_prove (invite->root, session, open);
}

/**
 * kith_node_invite_answered: (skip)
 * @self: a node
 * @session: a session that we dialled
 * @answer: what came back
 *
 * Returns: whether we had come for an invite, and their request is taken
 */
gboolean
kith_node_invite_answered (KithNode *self, KithSession *session, const KithBodyOpen *answer)
{
  GBytes *id = g_hash_table_lookup (self->inviting, session);
  KithOwnInvite *invite = id != NULL ? kith_own_invite_find (self, g_bytes_get_data (id, NULL)) : NULL;
  const guint8 *identity = kith_session_get_identity (session);
  gboolean was_used;

  if (invite == NULL || !answer->pending)
    return FALSE;

  was_used = kith_own_invite_has_state (invite, KITH_INVITATION_USED);
  if (!use (invite, identity))
    return FALSE;

  kith_node_take_request (self, session, answer);
  if (!was_used)
    tell_used (invite, identity);
  return TRUE;
}
