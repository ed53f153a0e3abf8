/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An invite of ours, or a link to a group: made, stored, shown, expired. Protocol 6.2. Who uses it: kith-node-invites.c. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-source.h"
#include "base/kith-text.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-own-endpoints.h"
#include "proto/kith-identity.h"

/* --- Rows and models ------------------------------------------------------------------------ */

/**
 * kith_own_invite_free: (skip)
 * @self: (transfer full): an invite
 */
void
kith_own_invite_free (KithOwnInvite *self)
{
  kith_own_invite_leave (self);
  kith_secret_wipe (self->root, sizeof self->root);
  g_object_unref (self->invitation);
  kith_store_invite_free (self->row);
  g_free (self);
}

/**
 * kith_own_invite_has_state: (skip)
 * @invite: an invite
 * @state: a state
 *
 * Returns: whether it is in that; a live one may be over by the clock: kith_own_invite_is_live()
 */
gboolean
kith_own_invite_has_state (const KithOwnInvite *invite, KithInvitationState state)
{
  return invite->row->state == (guint) state;
}

/**
 * kith_own_invite_show: (skip)
 * @invite: an invite whose row has changed
 *
 * Brings the model in step with it.
 */
void
kith_own_invite_show (KithOwnInvite *invite)
{
  g_autofree char *used_by = NULL;
  gboolean live = kith_own_invite_has_state (invite, KITH_INVITATION_LIVE);

  if (invite->row->has_peer)
    used_by = kith_id_string_encode (invite->row->peer);
  kith_invitation_set_state (invite->invitation, (KithInvitationState) invite->row->state);
  kith_invitation_set_used_by (invite->invitation, used_by);
  kith_invitation_set_misused (invite->invitation, invite->row->misused);
  kith_invitation_set_link (invite->invitation, live ? invite->row->link : "");
}

/**
 * kith_own_invite_commit: (skip)
 * @invite: an invite whose row has changed
 *
 * Stores it, shows it, and is met there or no more.
 */
void
kith_own_invite_commit (KithOwnInvite *invite)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  kith_store_batch_put_invite (batch, invite->row);
  kith_node_commit (invite->node, batch);
  kith_own_invite_show (invite);
  kith_own_invite_update_meeting (invite);
}

/* The list of the faces that it is in. */
static GListStore *
list_of (KithOwnInvite *invite)
{
  return invite->has_group ? invite->node->group_links->invitations : invite->node->invitations;
}

static void
take_secret (KithOwnInvite *invite, const KithInvite *parsed)
{
  invite->has_group = parsed->is_group;
  if (parsed->is_group)
    {
      memcpy (invite->group, parsed->group, sizeof invite->group);
      kith_invite_get_group_root (parsed->secret, parsed->group, invite->root);
    }
  else
    kith_invite_get_root (parsed->secret, invite->root);
}

/* @row: (transfer full). (transfer none) (nullable): NULL when the row makes no sense */
static KithOwnInvite *
add (KithNode *self, KithStoreInvite *row)
{
  g_auto (KithInvite) parsed = { 0 };
  g_autofree char *id = NULL;
  KithOwnInvite *invite;

  if (!(kith_invite_parse (&parsed, row->link) || kith_invite_parse_group (&parsed, row->link))
      || row->state > KITH_INVITATION_REVOKED)
    {
      kith_store_invite_free (row);
      return NULL;
    }

  invite = g_new0 (KithOwnInvite, 1);
  id = kith_hex_encode (row->id, sizeof row->id);
  invite->node = self;
  invite->row = row;
  take_secret (invite, &parsed);
  invite->invitation =
    kith_invitation_new (id, row->link, row->note, row->created_ms, row->expires_ms);
  kith_own_invite_show (invite);
  g_ptr_array_add (self->invites, invite);
  g_list_store_insert (list_of (invite), 0, invite->invitation);
  return invite;
}

/**
 * kith_own_invite_forget: (skip)
 * @invite: (transfer full): an invite that is over
 */
void
kith_own_invite_forget (KithOwnInvite *invite)
{
  KithNode *self = invite->node;
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  kith_store_batch_delete_invite (batch, invite->row->id);
  kith_node_commit (self, batch);
  kith_list_store_drop (list_of (invite), invite->invitation);
  g_ptr_array_remove (self->invites, invite);
}

/**
 * kith_own_invite_find: (skip)
 * @self: a node
 * @id: the id of an invite of ours
 *
 * Returns: (transfer none) (nullable): it, as long as it is kept
 */
KithOwnInvite *
kith_own_invite_find (KithNode *self, const guint8 *id)
{
  for (guint i = 0; i < self->invites->len; i++)
    {
      KithOwnInvite *invite = g_ptr_array_index (self->invites, i);

      if (memcmp (invite->row->id, id, KITH_INVITE_ID_BYTES) == 0)
        return invite;
    }

  return NULL;
}

/**
 * kith_own_invite_is_live: (skip)
 * @self: an invite, or a link to a group
 *
 * Returns: whether somebody may use it now
 */
gboolean
kith_own_invite_is_live (const KithOwnInvite *self)
{
  return kith_own_invite_has_state (self, KITH_INVITATION_LIVE)
         && self->row->expires_ms > kith_node_now_ms (self->node);
}

/* --- Time ----------------------------------------------------------------------------------- */

static gboolean expire_cb (gpointer user_data);

/* When the next one expires; every hour, because clocks are set. */
static void
await_expiry (KithNode *self)
{
  gint64 now_ms = kith_node_now_ms (self);
  gint64 next_ms = now_ms + 3600 * 1000;

  kith_source_clear (&self->invites_source);
  for (guint i = 0; i < self->invites->len; i++)
    {
      const KithOwnInvite *invite = g_ptr_array_index (self->invites, i);

      if (kith_own_invite_has_state (invite, KITH_INVITATION_LIVE))
        next_ms = MIN (next_ms, invite->row->expires_ms);
    }

  kith_source_start (&self->invites_source, (guint) MAX (next_ms - now_ms, 0) + 1, expire_cb, self);
}

/* Of those that are over. */
static void
forget_oldest (KithNode *self)
{
  guint i = 0;

  while (self->invites->len > KITH_LIMIT_INVITES_KEPT && i < self->invites->len)
    {
      KithOwnInvite *invite = g_ptr_array_index (self->invites, i);

      if (kith_own_invite_has_state (invite, KITH_INVITATION_LIVE))
        i++;
      else
        kith_own_invite_forget (invite);
    }
}

static void
expire (KithNode *self)
{
  gint64 now_ms = kith_node_now_ms (self);

  for (guint i = self->invites->len; i > 0; i--)
    {
      KithOwnInvite *invite = g_ptr_array_index (self->invites, i - 1);
      gboolean over = invite->row->expires_ms <= now_ms;

      if (over && kith_own_invite_has_state (invite, KITH_INVITATION_LIVE))
        {
          invite->row->state = KITH_INVITATION_EXPIRED;
          kith_own_invite_commit (invite);
        }
      else if (over)
        kith_own_invite_update_meeting (invite);
      if (now_ms - invite->row->expires_ms > KITH_LIMIT_INVITE_KEPT_S * (gint64) 1000)
        kith_own_invite_forget (invite);
    }

  forget_oldest (self);
  kith_node_expire_joins (self);
  kith_followed_links_expire (self);
  await_expiry (self);
}

static gboolean
expire_cb (gpointer user_data)
{
  expire (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * kith_node_restore_invites: (skip)
 * @self: a node
 * @rows: (element-type KithStoreInvite): what is stored, ours and those of others
 */
void
kith_node_restore_invites (KithNode *self, GPtrArray *rows)
{
  g_autoptr (KithStoreBatch) over = kith_store_batch_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreInvite *row = g_ptr_array_index (rows, i);

      if (row->ours)
        add (self, kith_store_invite_copy (row));
      else if (!kith_node_restore_join (self, row) && !kith_followed_links_restore (self, row))
        kith_store_batch_delete_invite (over, row->id);
    }

  kith_node_commit (self, over);

  expire (self);
}

/* --- Making --------------------------------------------------------------------------------- */

static guint
count_live (KithNode *self)
{
  guint n = 0;

  for (guint i = 0; i < self->invites->len; i++)
    if (kith_own_invite_has_state (g_ptr_array_index (self->invites, i), KITH_INVITATION_LIVE))
      n++;

  return n;
}

/* The link says whole minutes: the user gets at least as long as was asked for. */
static KithStoreInvite *
make_row (KithNode *self, gint64 lifetime_s, const char *note, const guint8 *group)
{
  g_auto (KithInvite) invite = { 0 };
  KithStoreInvite *row = g_new0 (KithStoreInvite, 1);
  guint8 key[KITH_INVITE_KEY_BYTES];
  guint8 root[KITH_INVITE_ROOT_BYTES];
  KithEndpoints endpoints;

  kith_env_random_bytes (self->env, key, sizeof key);
  kith_env_random_bytes (self->env, invite.secret, sizeof invite.secret);
  memcpy (invite.identity, kith_local_get_identity (self->local), sizeof invite.identity);
  kith_invite_get_reply_key (key, invite.reply_key);
  row->created_ms = kith_node_now_ms (self);
  invite.expiry_s = (row->created_ms / 1000 + lifetime_s + 59) / 60 * 60;
  kith_own_endpoints_list (self, &endpoints);
  memcpy (invite.endpoints, endpoints.items, sizeof invite.endpoints);
  invite.n_endpoints = endpoints.n;

  invite.is_group = group != NULL;
  if (group != NULL)
    {
      memcpy (invite.group, group, sizeof invite.group);
      kith_invite_get_group_root (invite.secret, group, root);
    }
  else
    kith_invite_get_root (invite.secret, root);
  kith_invite_get_id (root, row->id);
  row->ours = TRUE;
  row->link = kith_invite_encode (&invite);
  row->reply_key = kith_secret_new_from (key, sizeof key);
  row->note = g_strdup (note != NULL ? note : "");
  row->expires_ms = invite.expiry_s * 1000;
  row->state = KITH_INVITATION_LIVE;
  kith_secret_wipe (key, sizeof key);
  kith_secret_wipe (root, sizeof root);
  return row;
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  GError *error = NULL;
  KithOwnInvite *invite;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->closing)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_CLOSED, "Kith is closing");
      return;
    }

  invite = add (self, kith_store_invite_copy (g_task_get_task_data (task)));
  kith_own_invite_update_meeting (invite);
  expire (self);
  g_task_return_pointer (task, g_object_ref (invite->invitation), g_object_unref);
}

/**
 * kith_own_invite_create: (skip)
 * @self: a node
 * @lifetime_s: how long it lasts; 0 = 48 hours
 * @note: (nullable): for whom it is
 * @group: (nullable): the id of the group that it leads to; else it is an invite
 * @given: (transfer full): the task that gets the #KithInvitation
 */
void
kith_own_invite_create (KithNode *self, gint64 lifetime_s, const char *note, const guint8 *group,
                        GTask *given)
{
  g_autoptr (GTask) task = given;
  g_autofree char *clean = kith_text_sanitize_request (note != NULL ? note : "");

  if (lifetime_s == 0)
    lifetime_s = KITH_INVITE_DEFAULT_LIFETIME_S;

  if (self->local == NULL || self->closing)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NO_PROFILE, "There is no profile yet");
  else if (lifetime_s < 60 || lifetime_s > KITH_LIMIT_INVITE_LIFETIME_S
           || strlen (clean) > KITH_LIMIT_INVITE_NOTE_BYTES)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID,
                             "An invite lasts from a minute to 30 days");
  else if (count_live (self) >= KITH_LIMIT_INVITES)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_BUSY, "There are too many live invites");
  else
    {
      KithStoreInvite *row = make_row (self, lifetime_s, clean, group);
      g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

      g_task_set_task_data (task, row, (GDestroyNotify) kith_store_invite_free);
      kith_store_batch_put_invite (batch, row);
      kith_store_commit_async (self->store, g_steal_pointer (&batch), NULL, created_cb,
                               g_steal_pointer (&task));
    }
}
