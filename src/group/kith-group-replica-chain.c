/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2: operations that come, what they change, and those that we as admin write. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "group/kith-group-replica-private.h"

/* --- Telling what happened ------------------------------------------------------------------- */

static void
tell_removals (KithGroupReplica *self, const KithGroupOp *op)
{
  for (guint i = 0; i < op->body.removals->len; i++)
    {
      const KithGroupCut *cut = &g_array_index (op->body.removals, KithGroupCut, i);
      KithGroupEffect *effect;

      effect = kith_group_replica_event (self, KITH_GROUP_EVENT_KICKED, cut->author, op->signer);
      effect->time_ms = (gint64) op->time_ms;
      memcpy (effect->op_id, op->id, sizeof effect->op_id);
    }
}

static KithGroupEffect *
tell_rename (KithGroupReplica *self, const KithGroupOp *op)
{
  static const guint8 none[KITH_HASH_BYTES];
  KithGroupEffect *effect;

  if (!op->body.has_picture)
    return kith_group_replica_event (self, KITH_GROUP_EVENT_RENAMED, NULL, op->signer);

  effect = kith_group_replica_event (self, KITH_GROUP_EVENT_PICTURE, NULL, op->signer);
  effect->number = memcmp (op->body.picture, none, sizeof none) != 0;
  return effect;
}

static KithGroupEffect *
tell_body (KithGroupReplica *self, const KithGroupOp *op)
{
  const KithGroupOpBody *body = &op->body;

  switch (op->type)
    {
    case KITH_GROUP_OP_CREATE:
      return kith_group_replica_event (self, KITH_GROUP_EVENT_CREATED, op->signer, NULL);
    case KITH_GROUP_OP_ADD:
      return kith_group_replica_event (self, KITH_GROUP_EVENT_JOINED, body->author, op->signer);
    case KITH_GROUP_OP_KICK:
      return kith_group_replica_event (self, KITH_GROUP_EVENT_KICKED, body->cut.author, op->signer);
    case KITH_GROUP_OP_LEFT:
      return kith_group_replica_event (self, KITH_GROUP_EVENT_LEFT, body->cut.author, NULL);
    case KITH_GROUP_OP_RENAME:
      return tell_rename (self, op);
    case KITH_GROUP_OP_POLICY:
      return kith_group_replica_event (self, KITH_GROUP_EVENT_POLICY, NULL, op->signer);
    case KITH_GROUP_OP_TRANSFER:
      return kith_group_replica_event (self, KITH_GROUP_EVENT_ADMIN, body->author, op->signer);
    case KITH_GROUP_OP_CLAIM:
      tell_removals (self, op);
      return kith_group_replica_event (self, KITH_GROUP_EVENT_ADMIN, op->signer, NULL);
    case KITH_GROUP_OP_REKEY:
      return kith_group_replica_event (self, KITH_GROUP_EVENT_NEW_KEY, body->cut.author,
                                       body->author);
    case KITH_GROUP_OP_CHECKPOINT:
    default:
      return NULL;
    }
}

static void
tell_op (KithGroupReplica *self, const KithGroupOp *op)
{
  KithGroupEffect *effect = tell_body (self, op);

  if (effect == NULL)
    return;

  effect->time_ms = (gint64) op->time_ms;
  memcpy (effect->op_id, op->id, sizeof effect->op_id);
  if (!op->body.has_picture)
    effect->text = g_strdup (op->body.name);
}

static void
tell_troubles (KithGroupReplica *self)
{
  const KithGroupMember *admin = self->chain->state->admin;

  if (self->chain->frozen != self->was_frozen)
    kith_group_replica_event (self,
                              self->chain->frozen ? KITH_GROUP_EVENT_FROZEN : KITH_GROUP_EVENT_THAWED,
                              admin != NULL ? admin->author : NULL, NULL);
  if (self->chain->split && !self->was_split)
    {
      kith_group_replica_event (self, KITH_GROUP_EVENT_SPLIT, NULL, NULL);
      self->state_dirty = TRUE;
    }

  self->was_frozen = self->chain->frozen;
  self->was_split = self->chain->split;
}

/* --- Where we stand -------------------------------------------------------------------------- */

/* The key that the admin was asked for is ours now. */
static void
take_next_key (KithGroupReplica *self)
{
  guint8 next[KITH_GROUP_KEY_BYTES];

  if (self->next_seed == NULL)
    return;

  kith_identity_get_public (kith_secret_get_data (self->next_seed), next);
  if (!kith_group_state_is_member (self->chain->state, next))
    return;

  memcpy (self->author, next, sizeof self->author);
  kith_secret_unref (self->seed);
  self->seed = g_steal_pointer (&self->next_seed);
  self->left = FALSE;
  if (self->needs_key)
    kith_group_replica_event (self, KITH_GROUP_EVENT_NEEDS_KEY, NULL, NULL);
  self->needs_key = FALSE;
  self->state_dirty = TRUE;
}

/* Somebody else, with our identity, has the key that counts: an older backup of ours is what this
 * replica is. */
static void
check_own_key (KithGroupReplica *self, const KithGroupMember *me)
{
  if (memcmp (me->author, self->author, sizeof self->author) != 0)
    kith_group_replica_ask_for_key (self);
}

/* What the one who added us holds for settled, is. That may lead to another state. */
static void
take_pin (KithGroupReplica *self, const KithGroupMember *me)
{
  const KithGroupNode *node = self->chain->accepted->pdata[me->added_height];

  if (node->op->type != KITH_GROUP_OP_ADD)
    return;

  kith_group_chain_pin_to (self->chain, node->op->body.pin_height, node->op->body.pin_id);
  kith_group_replica_rebind_links (self);
}

/* (skip) */
KithGroupStanding
kith_group_replica_find_standing (KithGroupReplica *self)
{
  const KithGroupMember *past = kith_group_state_find (self->chain->state, self->author);

  if (kith_group_replica_get_me (self) != NULL)
    return KITH_GROUP_STANDING_MEMBER;
  if (past == NULL)
    return KITH_GROUP_STANDING_ASKING;

  return past->removed == KITH_GROUP_REMOVED_LEFT ? KITH_GROUP_STANDING_LEFT
                                                  : KITH_GROUP_STANDING_KICKED;
}

static void
update_standing (KithGroupReplica *self)
{
  const KithGroupMember *me = kith_group_replica_get_me (self);
  KithGroupStanding before = self->standing;

  self->standing = kith_group_replica_find_standing (self);
  if (me != NULL)
    check_own_key (self, me);
  if (self->standing == before)
    return;

  if (me != NULL)
    take_pin (self, me);
  kith_group_replica_event (self,
                            me != NULL ? KITH_GROUP_EVENT_MEMBER : KITH_GROUP_EVENT_GONE,
                            self->author, NULL);
}

/* --- Everything that depends on the chain ---------------------------------------------------- */

static void
update_logs (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer log;

  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    kith_group_replica_update_log (self, log);
}

static guint32
random_number (KithGroupReplica *self)
{
  guint8 bytes[4];

  self->random (self->random_data, bytes, sizeof bytes);
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
}

/* (skip) brings everything in line with a chain that has changed. @n_before: how many operations
 * were accepted and are still: those after them are news.
 *
 * In this order: links first, as they point into the state; then who we are, which entries count by
 * that, and those that waited; then, when all of it is true, members who are new are greeted. What we
 * write ourselves comes last: it comes back here. */
void
kith_group_replica_settle (KithGroupReplica *self, guint n_before)
{
  kith_group_replica_rebind_links (self);
  take_next_key (self);
  for (guint i = n_before; i < self->chain->accepted->len; i++)
    tell_op (self, ((KithGroupNode *) self->chain->accepted->pdata[i])->op);
  tell_troubles (self);
  update_standing (self);
  update_logs (self);
  kith_group_replica_retry_all (self);

  kith_group_overlay_set_members (self->overlay, self->chain->state, self->author,
                                  random_number (self));
  kith_group_replica_refresh_links (self);
  kith_group_replica_note_heard (self);
  kith_group_replica_settle_requests (self);
  kith_group_replica_prune_voices (self);
  kith_group_replica_follow_picture (self);
  kith_group_replica_do_duties (self);
  self->pin_ms = self->now_ms;
  self->state_dirty = TRUE;
}

/* --- Operations that come -------------------------------------------------------------------- */

static void
store_new_ops (KithGroupReplica *self, guint from)
{
  for (guint i = from; i < self->chain->all->len; i++)
    {
      const KithGroupNode *node = self->chain->all->pdata[i];
      KithGroupEffect *effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_STORE_OP);

      effect->bytes = g_bytes_ref (node->op->bytes);
    }
}

static void
spread_new_ops (KithGroupReplica *self, guint from, guint but_link)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer link;

  for (guint i = from; i < self->chain->all->len; i++)
    g_ptr_array_add (ops, ((KithGroupNode *) self->chain->all->pdata[i])->op->bytes);

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    {
      KithGroupLink *to = link;

      if (to->id != but_link && to->active)
        kith_group_replica_send_ops (self, to, ops);
    }
}

/* How much of what was accepted still is. */
static guint
count_common (GPtrArray *before, GPtrArray *after)
{
  guint n = 0;

  while (n < before->len && n < after->len && before->pdata[n] == after->pdata[n])
    n++;

  return n;
}

/* (skip) takes operations in, as they came from a link (or 0); how many of them were worth nothing */
guint
kith_group_replica_add_ops (KithGroupReplica *self, GPtrArray *ops, guint from_link)
{
  g_autoptr (GPtrArray) before = g_ptr_array_copy (self->chain->accepted, NULL, NULL);
  guint n_all = self->chain->all->len;
  guint n_bad = 0;

  for (guint i = 0; i < ops->len; i++)
    {
      g_autoptr (KithGroupOp) op = kith_group_op_parse (ops->pdata[i]);

      /* One of a later version may stand among them: what follows it waits. */
      if (op != NULL
          && kith_group_chain_add (self->chain, op, FALSE, from_link, self->now_ms)
               == KITH_GROUP_CHAIN_BAD)
        n_bad++;
    }
  kith_group_chain_refresh (self->chain);
  if (self->chain->all->len == n_all)
    return n_bad;

  store_new_ops (self, n_all);
  /* Before the links are looked at anew: who was just removed is told, too. */
  spread_new_ops (self, n_all, from_link);
  kith_group_replica_settle (self, count_common (before, self->chain->accepted));
  return n_bad;
}

/* --- Operations of ours ---------------------------------------------------------------------- */

/* (skip) writes an operation as admin (or, with CLAIM, as who becomes it) */
gboolean
kith_group_replica_write_op (KithGroupReplica *self, KithGroupOpType type, KithGroupOpBody *body,
                             GError **error)
{
  const KithGroupNode *head = kith_group_chain_get_head (self->chain);
  KithGroupOpDraft draft = { .type = type };
  g_autoptr (KithGroupOp) op = NULL;
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();
  guint n_before = self->chain->all->len;

  draft.gid = self->chain->gid;
  draft.height = head->op->height + 1;
  draft.prev = head->op->id;
  draft.time_ms = (guint64) self->now_ms;
  op = kith_group_op_seal (&draft, body, kith_secret_get_data (self->seed));
  if (op != NULL)
    {
      g_ptr_array_add (ops, op->bytes);
      kith_group_replica_add_ops (self, ops, 0);
    }
  if (self->chain->all->len == n_before)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_REFUSED, "That is not allowed here");
      return FALSE;
    }

  return TRUE;
}

/* --- What the admin does without being told -------------------------------------------------- */

/* (skip) @cut: (out): what we have of the author's log is what counts */
void
kith_group_replica_cut (KithGroupReplica *self, const guint8 *author, KithGroupCut *cut)
{
  const KithGroupLog *log = kith_group_replica_get_log (self, author);

  memcpy (cut->author, author, sizeof cut->author);
  cut->seq = log != NULL ? kith_group_log_counted (log) : 0;
  if (cut->seq != 0)
    memcpy (cut->entry_id, kith_group_log_get (log, cut->seq)->id, sizeof cut->entry_id);
}

static gboolean
wants_out (KithGroupReplica *self, const KithGroupMember *member)
{
  const KithGroupLog *log = kith_group_replica_get_log (self, member->author);
  const KithGroupLogItem *last;

  if (log == NULL || member->removed_height != KITH_GROUP_NEVER || member == self->chain->state->admin)
    return FALSE;

  last = kith_group_log_get (log, kith_group_log_counted (log));
  return last != NULL && last->leave;
}

static const KithGroupMember *
find_leaver (KithGroupReplica *self)
{
  GPtrArray *members = self->chain->state->members;

  for (guint i = 0; i < members->len; i++)
    if (wants_out (self, members->pdata[i]))
      return members->pdata[i];

  return NULL;
}

static gboolean
let_go (KithGroupReplica *self)
{
  const KithGroupMember *member = find_leaver (self);
  KithGroupOpBody body = { 0 };

  if (member == NULL)
    return FALSE;

  kith_group_replica_cut (self, member->author, &body.cut);
  return kith_group_replica_write_removal (self, KITH_GROUP_OP_LEFT, &body, NULL);
}

static gboolean
checkpoint (KithGroupReplica *self)
{
  const KithGroupState *state = self->chain->state;
  KithGroupOpBody body = { 0 };

  if (state->height - state->checkpoint_height < KITH_LIMIT_GROUP_CHECKPOINT_OPS)
    return FALSE;

  kith_group_state_hash (state, body.state_hash);
  return kith_group_replica_write_op (self, KITH_GROUP_OP_CHECKPOINT, &body, NULL);
}

/* Each key is kept for ever: nobody gets one after the other. */
static gboolean
had_new_key (KithGroupReplica *self, const KithGroupMember *member)
{
  const KithGroupNode *node = self->chain->accepted->pdata[member->added_height];
  gint64 next_ms = node->applied_ms + KITH_LIMIT_GROUP_REKEY_MS;

  if (node->op->type != KITH_GROUP_OP_REKEY || next_ms <= self->now_ms)
    return FALSE;

  self->admin_ms = MIN (self->admin_ms, next_ms);
  return TRUE;
}

/* A member asks with a request that their identity signed: nobody has to be asked for that. */
static gboolean
renew_key (KithGroupReplica *self)
{
  for (guint i = 0; i < self->requests->len; i++)
    {
      const KithGroupJoin *join = &((KithGroupRequest *) self->requests->pdata[i])->join;
      const KithGroupMember *member = kith_group_state_find (self->chain->state, join->replaces);
      KithGroupOpBody body = { 0 };

      if (!join->has_replaces || member == NULL || member->removed_height != KITH_GROUP_NEVER
          || memcmp (member->identity, join->identity, sizeof member->identity) != 0
          || had_new_key (self, member))
        continue;

      memcpy (body.author, join->author, sizeof body.author);
      memcpy (body.acceptance, join->renewal, sizeof body.acceptance);
      kith_group_replica_cut (self, join->replaces, &body.cut);
      return kith_group_replica_write_op (self, KITH_GROUP_OP_REKEY, &body, NULL);
    }

  return FALSE;
}

static gboolean
has_duties (KithGroupReplica *self)
{
  return !self->restoring && !self->unsure && !self->needs_key && !self->chain->frozen
         && kith_group_replica_is_admin (self) && self->away_ms == 0;
}

/* (skip) what an admin's replica does by itself. Each operation comes back here through settle(), where
 * nothing is done: the one who wrote it goes on */
void
kith_group_replica_do_duties (KithGroupReplica *self)
{
  if (self->on_duty)
    return;

  self->on_duty = TRUE;
  while (has_duties (self) && (let_go (self) || renew_key (self) || checkpoint (self)))
    ;
  self->on_duty = FALSE;
}
