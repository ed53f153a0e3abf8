/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.5: which of the operations that are known count. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include "group/kith-group-chain-private.h"

#include <string.h>

/* --- Which path counts ----------------------------------------------------------------------- */

typedef struct
{
  KithGroupNode *next; /* (nullable) */
  gboolean       fork; /* the admin contradicted himself here, and nobody succeeded him */
} Choice;

static gboolean
is_lower (const KithGroupNode *a, const KithGroupNode *b)
{
  return b == NULL || memcmp (a->op->id, b->op->id, KITH_GROUP_ID_BYTES) < 0;
}

/* By the operations alone: one operation of the admin goes before a succession, as he was not gone
 * then; two freeze the group until a succession names them; of several successions, the lowest
 * id. */
static Choice
choose_by_rule (const KithGroupNode *node)
{
  KithGroupNode *of_admin = NULL;
  KithGroupNode *claim = NULL;
  KithGroupNode *with_proof = NULL;
  guint n_of_admin = 0;

  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    {
      KithGroupNode *child = node->children->pdata[i];

      if (child->op->type != KITH_GROUP_OP_CLAIM)
        {
          of_admin = child;
          n_of_admin++;
        }
      else if (child->op->body.has_proof)
        with_proof = is_lower (child, with_proof) ? child : with_proof;
      else
        claim = is_lower (child, claim) ? child : claim;
    }

  if (n_of_admin > 1)
    return (Choice){ with_proof, with_proof == NULL };

  return (Choice){ n_of_admin == 1 ? of_admin : claim, FALSE };
}

/**
 * kith_group_chain_find_pinned: (skip)
 * @node: an operation of the chain
 *
 * Returns: (transfer none) (nullable): the one of those that follow it which was pinned, and so counts
 */
KithGroupNode *
kith_group_chain_find_pinned (const KithGroupNode *node)
{
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    {
      KithGroupNode *child = node->children->pdata[i];

      if (child->pinned)
        return child;
    }

  return NULL;
}

static Choice
choose (const KithGroupNode *node)
{
  KithGroupNode *pinned = kith_group_chain_find_pinned (node);

  return pinned != NULL ? (Choice){ pinned, FALSE } : choose_by_rule (node);
}

/* --- Strong removal -------------------------------------------------------------------------- */

static void
remove_strongly (KithGroupChain *self, const KithGroupOp *op)
{
  const KithGroupCut *cut = &op->body.cut;
  KithGroupMember *member;

  if (op->type != KITH_GROUP_OP_KICK && op->type != KITH_GROUP_OP_LEFT)
    return;

  member = kith_group_state_find (self->state, cut->author);
  if (member == NULL || member->removed_height <= self->state->height)
    return;

  if (member->removed_height == KITH_GROUP_NEVER)
    {
      self->state->n_members--;
      member->removed_height = self->state->height + 1;
      member->removed = op->type == KITH_GROUP_OP_LEFT ? KITH_GROUP_REMOVED_LEFT
                                                       : KITH_GROUP_REMOVED_KICKED;
    }
  else if (cut->seq > member->cut_seq
           || (cut->seq == member->cut_seq
               && memcmp (cut->entry_id, member->cut_id, sizeof cut->entry_id) >= 0))
    return;

  /* Of several cut-offs the lowest, so that their order does not matter. */
  member->cut_seq = cut->seq;
  memcpy (member->cut_id, cut->entry_id, sizeof member->cut_id);
}

static void
remove_in_branches (KithGroupChain *self, const KithGroupNode *node)
{
  g_autoptr (GPtrArray) todo = g_ptr_array_new ();

  g_ptr_array_add (todo, (gpointer) node);
  while (todo->len > 0)
    {
      const KithGroupNode *at = g_ptr_array_steal_index_fast (todo, todo->len - 1);

      for (guint i = 0; at->children != NULL && i < at->children->len; i++)
        {
          KithGroupNode *child = at->children->pdata[i];

          if (child->op->type == KITH_GROUP_OP_CLAIM)
            continue;
          remove_strongly (self, child->op);
          g_ptr_array_add (todo, child);
        }
    }
}

/* --- Taking the path ------------------------------------------------------------------------- */

static void
unaccept_from (KithGroupChain *self, guint height)
{
  for (guint i = height; i < self->accepted->len; i++)
    {
      KithGroupNode *node = self->accepted->pdata[i];

      node->accepted = FALSE;
      node->applied_ms = 0;
    }
  if (height < self->accepted->len)
    g_ptr_array_set_size (self->accepted, (gint) height);
}

/**
 * kith_group_chain_accept: (skip)
 * @self: a chain
 * @node: an operation that follows the last one that counts
 * @now_ms: unix time in ms
 *
 * It counts from now on.
 */
void
kith_group_chain_accept (KithGroupChain *self, KithGroupNode *node, gint64 now_ms)
{
  node->accepted = TRUE;
  node->applied_ms = now_ms;
  g_ptr_array_add (self->accepted, node);
}

/* Where the accepted path leaves the one that counts now, if the choice after @changed is another:
 * its children or their pins are new. */
static guint
find_divergence (KithGroupChain *self, const KithGroupNode *changed)
{
  guint next = changed->op->height + 1;

  if (!changed->accepted || next >= self->accepted->len
      || choose (changed).next == self->accepted->pdata[next])
    return self->accepted->len;

  return next;
}

/* Follows the path from where it leads on. Where the state cannot just be carried on it is made anew
 * later, once for all that comes together. */
void
kith_group_chain_take_path (KithGroupChain *self, const KithGroupNode *changed, gint64 now_ms)
{
  guint common = find_divergence (self, changed);
  gboolean was_frozen = self->frozen;

  self->stale = self->stale || was_frozen || common < self->accepted->len;
  unaccept_from (self, common);
  for (KithGroupNode *head = kith_group_chain_get_head (self); head != NULL;)
    {
      Choice choice = choose (head);

      self->frozen = choice.fork;
      if (choice.next == NULL)
        break;
      kith_group_chain_accept (self, choice.next, now_ms);
      head = choice.next;
      if (!self->stale)
        kith_group_state_apply (self->state, head->op);
    }

  self->stale = self->stale || self->frozen;
}

/* (transfer full): what stands at @node, worked out from the start */
KithGroupState *
kith_group_chain_replay (const KithGroupNode *node)
{
  KithGroupState *state = kith_group_state_new ();
  g_autoptr (GPtrArray) path = g_ptr_array_new ();

  for (; node != NULL; node = node->parent)
    g_ptr_array_add (path, node->op);
  for (guint i = path->len; i > 0; i--)
    kith_group_state_apply (state, path->pdata[i - 1]);

  return state;
}

/**
 * kith_group_chain_refresh:
 * @self: a chain
 *
 * Brings @state in line with what was added. It may be another one then: pointers into it are to be
 * looked up anew.
 */
void
kith_group_chain_refresh (KithGroupChain *self)
{
  const KithGroupNode *head = kith_group_chain_get_head (self);

  if (!self->stale)
    return;

  self->stale = FALSE;
  kith_group_state_free (self->state);
  self->state = kith_group_chain_replay (head);
  if (self->frozen)
    remove_in_branches (self, head);
}
