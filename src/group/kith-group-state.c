/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2: who is in a group, as far as the membership chain says. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include "group/kith-group-state.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "group/kith-group-table.h"

/**
 * kith_group_state_new:
 *
 * Returns: (transfer full): the state before CREATE
 */
KithGroupState *
kith_group_state_new (void)
{
  KithGroupState *self = g_new0 (KithGroupState, 1);

  self->members = g_ptr_array_new_with_free_func (g_free);
  self->by_author = kith_group_table_new (NULL);
  self->by_identity = kith_group_table_new (NULL);
  return self;
}

/**
 * kith_group_state_free:
 * @self: (transfer full): a state
 */
void
kith_group_state_free (KithGroupState *self)
{
  g_hash_table_unref (self->by_author);
  g_hash_table_unref (self->by_identity);
  g_ptr_array_unref (self->members);
  g_free (self->name);
  g_free (self);
}

/**
 * kith_group_state_find:
 * @self: a state
 * @author: an author key
 *
 * Returns: (transfer none) (nullable): who has it, a member or one who was
 */
KithGroupMember *
kith_group_state_find (const KithGroupState *self, const guint8 author[KITH_GROUP_KEY_BYTES])
{
  return g_hash_table_lookup (self->by_author, author);
}

static gboolean
is_current (const KithGroupMember *member)
{
  return member->removed_height == KITH_GROUP_NEVER;
}

/**
 * kith_group_state_find_identity:
 * @self: a state
 * @identity: an identity key
 *
 * Returns: (transfer none) (nullable): the member who has it, now; an identity has one author key
 *   at a time
 */
KithGroupMember *
kith_group_state_find_identity (const KithGroupState *self,
                                const guint8 identity[KITH_IDENTITY_KEY_BYTES])
{
  KithGroupMember *member = kith_group_state_find_last (self, identity);

  return member != NULL && is_current (member) ? member : NULL;
}

/**
 * kith_group_state_find_last:
 * @self: a state
 * @identity: an identity key
 *
 * Returns: (transfer none) (nullable): as what they are a member, or were last
 */
KithGroupMember *
kith_group_state_find_last (const KithGroupState *self,
                            const guint8 identity[KITH_IDENTITY_KEY_BYTES])
{
  return g_hash_table_lookup (self->by_identity, identity);
}

/**
 * kith_group_state_is_member:
 * @self: a state
 * @author: an author key
 *
 * Returns: whether its owner is a member
 */
gboolean
kith_group_state_is_member (const KithGroupState *self, const guint8 author[KITH_GROUP_KEY_BYTES])
{
  const KithGroupMember *member = kith_group_state_find (self, author);

  return member != NULL && is_current (member);
}

/**
 * kith_group_state_hash:
 * @self: a state
 * @out: (out caller-allocates): what a CHECKPOINT on this state says: a hash of everybody who is
 *   or was a member, and who is admin
 */
void
kith_group_state_hash (const KithGroupState *self, guint8 out[KITH_HASH_BYTES])
{
  gsize row = 2 * KITH_GROUP_KEY_BYTES + 4 + 4 + 8 + KITH_GROUP_ID_BYTES;
  gsize size = self->members->len * row;
  g_autofree guint8 *rows = g_malloc (size);
  KithWriter writer;

  kith_writer_init (&writer, rows, size);
  for (guint i = 0; i < self->members->len; i++)
    {
      const KithGroupMember *member = self->members->pdata[i];

      kith_writer_bytes (&writer, member->author, sizeof member->author);
      kith_writer_bytes (&writer, member->identity, sizeof member->identity);
      kith_writer_u32 (&writer, member->added_height);
      kith_writer_u32 (&writer, member->removed_height);
      kith_writer_u64 (&writer, member->cut_seq);
      kith_writer_bytes (&writer, member->cut_id, sizeof member->cut_id);
    }

  kith_hash (out, "kith1 g-state",
             KITH_FIELDS (KITH_FIELD (self->gid, sizeof self->gid),
                          KITH_FIELD (self->admin->author, sizeof self->admin->author),
                          KITH_FIELD (rows, size)));
}

/* --- What is allowed ------------------------------------------------------------------------- */

/* An author key is never added again, not even to the same person. */
static gboolean
may_add (const KithGroupState *self, const guint8 *author)
{
  return kith_group_state_find (self, author) == NULL
         && self->members->len < KITH_LIMIT_GROUP_AUTHORS;
}

static gboolean
check_add (const KithGroupState *self, const KithGroupOp *op)
{
  return may_add (self, op->body.author) && self->n_members < self->policy.cap
         && kith_group_state_find_identity (self, op->body.identity) == NULL;
}

/* The admin goes by TRANSFER, and then leaves as everybody. */
static gboolean
check_removal (const KithGroupState *self, const KithGroupOp *op)
{
  return kith_group_state_is_member (self, op->body.cut.author)
         && memcmp (op->body.cut.author, self->admin->author, KITH_GROUP_KEY_BYTES) != 0;
}

static gboolean
check_transfer (const KithGroupState *self, const KithGroupOp *op)
{
  return kith_group_state_is_member (self, op->body.author)
         && memcmp (op->body.author, self->admin->author, KITH_GROUP_KEY_BYTES) != 0
         && kith_group_accept_verify (op->prev, op->body.author, op->body.acceptance);
}

/* The owner of the old key says that the new one is theirs: no admin can speak for a member. */
static gboolean
check_rekey (const KithGroupState *self, const KithGroupOp *op)
{
  return kith_group_state_is_member (self, op->body.cut.author) && may_add (self, op->body.author)
         && kith_group_renew_verify (self->gid, op->body.author, op->body.cut.author,
                                     op->body.acceptance);
}

static gboolean
check_checkpoint (const KithGroupState *self, const KithGroupOp *op)
{
  guint8 hash[KITH_HASH_BYTES];

  kith_group_state_hash (self, hash);
  return memcmp (hash, op->body.state_hash, sizeof hash) == 0;
}

static gboolean
check_voice (const KithGroupState *self, const KithGroupOp *op, const KithGroupVoice *voice)
{
  return kith_group_state_is_member (self, voice->author)
         && memcmp (voice->author, self->admin->author, KITH_GROUP_KEY_BYTES) != 0
         && kith_group_endorse_verify (self->gid, op->height, op->prev, op->signer, voice->author,
                                       voice->signature);
}

/* More than half of the members other than the admin, each of them once. */
static gboolean
check_voices (const KithGroupState *self, const KithGroupOp *op)
{
  g_autoptr (GHashTable) seen = kith_group_table_new (NULL);

  if (op->body.voices->len <= (self->n_members - 1) / 2)
    return FALSE;

  for (guint i = 0; i < op->body.voices->len; i++)
    {
      KithGroupVoice *voice = &g_array_index (op->body.voices, KithGroupVoice, i);

      if (!g_hash_table_add (seen, voice->author) || !check_voice (self, op, voice))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_claim (const KithGroupState *self, const KithGroupOp *op)
{
  for (guint i = 0; i < op->body.removals->len; i++)
    {
      const KithGroupCut *cut = &g_array_index (op->body.removals, KithGroupCut, i);

      /* Meant for those whom the old admin's contradicting operations removed. That they did is not
       * looked at: who succeeds may remove anybody in the next operation. */
      if (!op->body.has_proof || !kith_group_state_is_member (self, cut->author)
          || memcmp (cut->author, op->signer, KITH_GROUP_KEY_BYTES) == 0)
        return FALSE;
    }

  return memcmp (op->signer, self->admin->author, KITH_GROUP_KEY_BYTES) != 0
         && kith_group_state_is_member (self, op->signer) && check_voices (self, op);
}

static gboolean
check_place (const KithGroupState *self, const KithGroupOp *op)
{
  return self->admin != NULL && memcmp (op->gid, self->gid, sizeof self->gid) == 0
         && op->height == self->height + 1
         && memcmp (op->prev, self->head, sizeof self->head) == 0;
}

/**
 * kith_group_state_check:
 * @self: the state at the operation before @op
 * @op: an operation with a good signature
 *
 * Returns: whether it may follow. For a CLAIM with a proof, the caller has to see that the
 *   operations it names are there
 */
gboolean
kith_group_state_check (const KithGroupState *self, const KithGroupOp *op)
{
  if (op->type == KITH_GROUP_OP_CREATE)
    return self->admin == NULL;
  if (!check_place (self, op))
    return FALSE;
  if (op->type != KITH_GROUP_OP_CLAIM
      && memcmp (op->signer, self->admin->author, KITH_GROUP_KEY_BYTES) != 0)
    return FALSE;

  switch (op->type)
    {
    case KITH_GROUP_OP_ADD:
      return check_add (self, op);
    case KITH_GROUP_OP_KICK:
    case KITH_GROUP_OP_LEFT:
      return check_removal (self, op);
    case KITH_GROUP_OP_TRANSFER:
      return check_transfer (self, op);
    case KITH_GROUP_OP_CHECKPOINT:
      return check_checkpoint (self, op);
    case KITH_GROUP_OP_CLAIM:
      return check_claim (self, op);
    case KITH_GROUP_OP_REKEY:
      return check_rekey (self, op);
    case KITH_GROUP_OP_RENAME:
    case KITH_GROUP_OP_POLICY:
      return TRUE;
    case KITH_GROUP_OP_CREATE:
    default:
      return FALSE;
    }
}

/* --- What it does ---------------------------------------------------------------------------- */

static KithGroupMember *
add (KithGroupState *self, const KithGroupOp *op, const guint8 *author, const guint8 *identity)
{
  KithGroupMember *member = g_new0 (KithGroupMember, 1);

  memcpy (member->author, author, sizeof member->author);
  memcpy (member->identity, identity, sizeof member->identity);
  member->added_height = op->height;
  member->added_ms = op->time_ms;
  member->removed_height = KITH_GROUP_NEVER;
  g_ptr_array_add (self->members, member);
  g_hash_table_insert (self->by_author, member->author, member);
  g_hash_table_replace (self->by_identity, member->identity, member);
  self->n_members++;
  return member;
}

static void
cut_off (KithGroupState *self, const KithGroupOp *op, const KithGroupCut *cut,
         KithGroupRemoved removed)
{
  KithGroupMember *member = kith_group_state_find (self, cut->author);

  if (member == NULL || !is_current (member))
    return;

  member->removed = removed;
  member->removed_height = op->height;
  member->cut_seq = cut->seq;
  memcpy (member->cut_id, cut->entry_id, sizeof member->cut_id);
  self->n_members--;
}

static void
apply_create (KithGroupState *self, const KithGroupOp *op)
{
  memcpy (self->gid, op->id, sizeof self->gid);
  self->name = g_strdup (op->body.name);
  self->policy = op->body.policy;
  self->admin = add (self, op, op->signer, op->body.identity);
}

static void
apply_rekey (KithGroupState *self, const KithGroupOp *op)
{
  KithGroupMember *old = kith_group_state_find (self, op->body.cut.author);
  KithGroupMember *fresh = add (self, op, op->body.author, old->identity);

  fresh->history_from_ms = old->history_from_ms;
  if (self->admin == old)
    self->admin = fresh;
  cut_off (self, op, &op->body.cut, KITH_GROUP_REMOVED_REKEYED);
}

static void
apply_claim (KithGroupState *self, const KithGroupOp *op)
{
  for (guint i = 0; i < op->body.removals->len; i++)
    cut_off (self, op, &g_array_index (op->body.removals, KithGroupCut, i),
             KITH_GROUP_REMOVED_KICKED);
  self->admin = kith_group_state_find (self, op->signer);
}

/* What is about the picture says the name only for those who do not know of pictures. */
static void
apply_rename (KithGroupState *self, const KithGroupOp *op)
{
  if (op->body.has_picture)
    {
      memcpy (self->picture, op->body.picture, sizeof self->picture);
      return;
    }

  g_free (self->name);
  self->name = g_strdup (op->body.name);
}

static void
apply_body (KithGroupState *self, const KithGroupOp *op)
{
  switch (op->type)
    {
    case KITH_GROUP_OP_CREATE:
      apply_create (self, op);
      break;
    case KITH_GROUP_OP_ADD:
      add (self, op, op->body.author, op->body.identity)->history_from_ms
          = op->body.history_from_ms;
      break;
    case KITH_GROUP_OP_KICK:
      cut_off (self, op, &op->body.cut, KITH_GROUP_REMOVED_KICKED);
      break;
    case KITH_GROUP_OP_LEFT:
      cut_off (self, op, &op->body.cut, KITH_GROUP_REMOVED_LEFT);
      break;
    case KITH_GROUP_OP_RENAME:
      apply_rename (self, op);
      break;
    case KITH_GROUP_OP_POLICY:
      self->policy = op->body.policy;
      break;
    case KITH_GROUP_OP_TRANSFER:
      self->admin = kith_group_state_find (self, op->body.author);
      break;
    case KITH_GROUP_OP_CHECKPOINT:
      self->checkpoint_height = op->height;
      break;
    case KITH_GROUP_OP_CLAIM:
      apply_claim (self, op);
      break;
    case KITH_GROUP_OP_REKEY:
      apply_rekey (self, op);
      break;
    default:
      break;
    }
}

/**
 * kith_group_state_apply:
 * @self: the state at the operation before @op
 * @op: an operation that kith_group_state_check() has found good
 *
 * Makes it the state at @op.
 */
void
kith_group_state_apply (KithGroupState *self, const KithGroupOp *op)
{
  apply_body (self, op);
  if (op->body.has_secret)
    {
      memcpy (self->secret_hash, op->body.secret_hash, sizeof self->secret_hash);
      self->secret_height = op->height;
    }

  self->height = op->height;
  self->time_ms = op->time_ms;
  memcpy (self->head, op->id, sizeof self->head);
}
