/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2: what the admin does, and how a member gets a new author key. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-time.h"
#include "group/kith-group-replica-private.h"
#include "proto/kith-group-content.h"


/* --- Deciding -------------------------------------------------------------------------------- */

/* (skip) whether we may write operations */
gboolean
kith_group_replica_check_admin_act (KithGroupReplica *self, GError **error)
{
  if (!kith_group_replica_is_admin (self) || self->chain->frozen)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_REFUSED, "Only the admin can do that");
      return FALSE;
    }
  if (self->needs_key || self->unsure)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_PAUSED,
                   "After a restore, the other members have to be asked first");
      return FALSE;
    }

  return TRUE;
}

static guint64
get_history_from_ms (KithGroupReplica *self)
{
  guint32 days = self->chain->state->policy.history_days;
  gint64 span_ms = days * KITH_DAY_MS;

  if (days == KITH_GROUP_HISTORY_ALL)
    return 0;

  return (guint64) MAX (self->now_ms - span_ms, 1);
}

static void
fill_add (KithGroupReplica *self, KithGroupOpBody *body, const KithGroupJoin *join)
{
  const KithGroupNode *pin = kith_group_chain_get_pin (self->chain);

  memcpy (body->author, join->author, sizeof body->author);
  memcpy (body->identity, join->identity, sizeof body->identity);
  body->history_from_ms = get_history_from_ms (self);
  if (pin != NULL)
    {
      body->pin_height = pin->op->height;
      memcpy (body->pin_id, pin->op->id, sizeof body->pin_id);
    }
}

/**
 * kith_group_replica_add_member:
 * @self: a replica, of the admin
 * @request: a sealed join request
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_REFUSED if we are not the admin,
 *   %KITH_ERROR_INVALID if that is no request for this group, %KITH_ERROR_EXISTS if they are in it,
 *   %KITH_ERROR_TOO_BIG if the group is full
 *
 * Returns: whether they are a member now
 */
gboolean
kith_group_replica_add_member (KithGroupReplica *self, GBytes *request, gint64 now_ms,
                               GError **error)
{
  g_auto (KithGroupJoin) join = { .time_ms = 0 };
  KithGroupOpBody body = { 0 };
  gsize len;
  const guint8 *data = g_bytes_get_data (request, &len);
  gboolean ok;

  if (!kith_group_replica_check_admin_act (self, error))
    return FALSE;
  if (!kith_group_join_open (&join, data, len)
      || memcmp (join.gid, self->chain->gid, sizeof join.gid) != 0)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_INVALID, "No request for this group");
      return FALSE;
    }
  if (kith_group_state_find (self->chain->state, join.author) != NULL
      || kith_group_state_find_identity (self->chain->state, join.identity) != NULL)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_EXISTS, "In the group already");
      return FALSE;
    }
  if (self->chain->state->n_members >= self->chain->state->policy.cap)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_TOO_BIG, "The group is full");
      return FALSE;
    }

  kith_group_replica_begin (self, now_ms);
  fill_add (self, &body, &join);
  body.name = join.name; /* so that those who never meet them know whom they read */
  ok = kith_group_replica_write_op (self, KITH_GROUP_OP_ADD, &body, error);
  kith_group_replica_end (self);
  return ok;
}

/**
 * kith_group_replica_deny_request:
 * @self: a replica, of the admin
 * @author: the author key in a request
 * @now_ms: unix time
 * @error: return location for an error: as kith_group_replica_rename(), and kith_group_replica_post()
 *
 * Lets somebody not in. All members forget the request.
 *
 * Returns: whether that is written
 */
gboolean
kith_group_replica_deny_request (KithGroupReplica *self, const guint8 author[KITH_GROUP_KEY_BYTES],
                                 gint64 now_ms, GError **error)
{
  KithGroupControl control = { { 0 }, { 0 }, { 0 } };
  g_autoptr (GBytes) content = NULL;
  gboolean ok;

  if (!kith_group_replica_check_admin_act (self, error))
    return FALSE;

  kith_group_replica_begin (self, now_ms);
  memcpy (control.author, author, sizeof control.author);
  content = kith_group_control_pack (KITH_GROUP_ENTRY_DENY, &control);
  ok = kith_group_replica_write_entry (self, KITH_GROUP_ENTRY_DENY,
                                       g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                                       NULL, error);
  kith_group_replica_end (self);
  return ok;
}

/* --- What else the admin may do -------------------------------------------------------------- */

/**
 * kith_group_replica_kick:
 * @self: a replica, of the admin
 * @author: a member
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_REFUSED, when only the admin may, or not here; %KITH_ERROR_PAUSED after
 *   a restore, until the other members have been asked
 *
 * Removes a member. What they wrote and we have stays; nothing that they write from now on counts,
 * whatever time they give it.
 *
 * Returns: whether they are none any more
 */
gboolean
kith_group_replica_kick (KithGroupReplica *self, const guint8 author[KITH_GROUP_KEY_BYTES],
                         gint64 now_ms, GError **error)
{
  KithGroupOpBody body = { 0 };
  gboolean ok;

  if (!kith_group_replica_check_admin_act (self, error))
    return FALSE;

  kith_group_replica_begin (self, now_ms);
  kith_group_replica_cut (self, author, &body.cut);
  ok = kith_group_replica_write_removal (self, KITH_GROUP_OP_KICK, &body, error);
  kith_group_replica_end (self);
  return ok;
}

/**
 * kith_group_replica_rename:
 * @self: a replica, of the admin
 * @name: the new name, sanitised
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_REFUSED, when only the admin may, or not here; %KITH_ERROR_PAUSED after
 *   a restore, until the other members have been asked
 *
 * Returns: whether the group is called so now
 */
gboolean
kith_group_replica_rename (KithGroupReplica *self, const char *name, gint64 now_ms, GError **error)
{
  KithGroupOpBody body = { .name = (char *) name };
  gboolean ok;

  if (!kith_group_replica_check_admin_act (self, error))
    return FALSE;

  kith_group_replica_begin (self, now_ms);
  ok = kith_group_replica_write_op (self, KITH_GROUP_OP_RENAME, &body, error);
  kith_group_replica_end (self);
  return ok;
}

/**
 * kith_group_replica_set_policy:
 * @self: a replica, of the admin
 * @policy: the new rules
 * @now_ms: unix time
 * @error: return location for an error: %KITH_ERROR_REFUSED, when only the admin may, or not here; %KITH_ERROR_PAUSED after
 *   a restore, until the other members have been asked
 *
 * Returns: whether they hold now
 */
gboolean
kith_group_replica_set_policy (KithGroupReplica *self, const KithGroupPolicy *policy, gint64 now_ms,
                               GError **error)
{
  KithGroupOpBody body = { .policy = *policy };
  gboolean ok;

  if (!kith_group_replica_check_admin_act (self, error))
    return FALSE;

  kith_group_replica_begin (self, now_ms);
  ok = kith_group_replica_write_op (self, KITH_GROUP_OP_POLICY, &body, error);
  kith_group_replica_end (self);
  return ok;
}

/* --- A new key ------------------------------------------------------------------------------- */

/* The admin needs nobody for it. */
static gboolean
renew_own_key (KithGroupReplica *self, const guint8 *author, GError **error)
{
  KithGroupOpBody body = { 0 };

  memcpy (body.author, author, sizeof body.author);
  kith_group_replica_cut (self, self->author, &body.cut);
  kith_group_renew_sign (self->chain->gid, author, kith_secret_get_data (self->seed),
                         body.acceptance);
  return kith_group_replica_write_op (self, KITH_GROUP_OP_REKEY, &body, error);
}

/**
 * kith_group_replica_ask_new_key:
 * @self: a replica
 * @author_seed: the seed of a new author key, which the host has stored
 * @request: a sealed join request that names the new key, and the old one in @replaces
 * @now_ms: unix time
 * @error: return location for an error: as admin, %KITH_ERROR_PAUSED until more than half of the
 *   others have been heard of since the restore
 *
 * After a restore, or when our log forked: asks the admin for another author key. To be called
 * again after each start until %KITH_GROUP_EVENT_NEW_KEY says that it is ours; then the host keeps
 * the new seed in place of the old one.
 *
 * Returns: whether it is asked for
 */
gboolean
kith_group_replica_ask_new_key (KithGroupReplica *self, KithSecret *author_seed, GBytes *request,
                                gint64 now_ms, GError **error)
{
  guint8 author[KITH_GROUP_KEY_BYTES];
  gboolean ok;

  if (self->standing != KITH_GROUP_STANDING_MEMBER)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_REFUSED, "Not a member of the group");
      return FALSE;
    }

  g_clear_pointer (&self->next_seed, kith_secret_unref);
  self->next_seed = kith_secret_ref (author_seed);
  kith_identity_get_public (kith_secret_get_data (author_seed), author);
  if (!kith_group_replica_is_admin (self))
    return kith_group_replica_bring_request (self, request, now_ms, error);

  if (self->unsure)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_PAUSED,
                   "The other members have to be asked first");
      return FALSE;
    }
  kith_group_replica_begin (self, now_ms);
  ok = renew_own_key (self, author, error);
  kith_group_replica_end (self);
  return ok;
}
