/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2: who was a member at some operation, on the path that counts or beside it. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "group/kith-group-chain.h"

/* What a single operation says of somebody. */
static gboolean
adds (const KithGroupOp *op, const guint8 *author)
{
  return (op->type == KITH_GROUP_OP_ADD || op->type == KITH_GROUP_OP_REKEY)
         && memcmp (op->body.author, author, KITH_GROUP_KEY_BYTES) == 0;
}

static gboolean
removes (const KithGroupOp *op, const guint8 *author)
{
  gboolean cuts = op->type == KITH_GROUP_OP_KICK || op->type == KITH_GROUP_OP_LEFT
                  || op->type == KITH_GROUP_OP_REKEY;

  if (cuts && memcmp (op->body.cut.author, author, KITH_GROUP_KEY_BYTES) == 0)
    return TRUE;

  for (guint i = 0; op->body.removals != NULL && i < op->body.removals->len; i++)
    if (memcmp (g_array_index (op->body.removals, KithGroupCut, i).author, author,
                KITH_GROUP_KEY_BYTES)
        == 0)
      return TRUE;

  return FALSE;
}

/**
 * kith_group_chain_was_member:
 * @self: a chain
 * @node: an operation, accepted or not
 * @author: an author key
 *
 * Returns: whether its owner is a member by what stands up to @node
 */
gboolean
kith_group_chain_was_member (KithGroupChain *self, const KithGroupNode *node,
                             const guint8 author[KITH_GROUP_KEY_BYTES])
{
  const KithGroupMember *member = kith_group_state_find (self->state, author);

  for (; !node->accepted; node = node->parent)
    {
      if (removes (node->op, author))
        return FALSE;
      if (adds (node->op, author))
        return TRUE;
    }

  return member != NULL && member->added_height <= node->op->height
         && node->op->height < member->removed_height;
}

/**
 * kith_group_chain_was_removed:
 * @node: an operation
 * @author: an author key
 *
 * Returns: whether the branch that leads to @node, from where it leaves the accepted operations,
 *   removes its owner
 */
gboolean
kith_group_chain_was_removed (const KithGroupNode *node,
                              const guint8 author[KITH_GROUP_KEY_BYTES])
{
  for (; !node->accepted; node = node->parent)
    if (removes (node->op, author))
      return TRUE;

  return FALSE;
}
