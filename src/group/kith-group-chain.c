/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2 and 10.5: the tree of operations, and the path through it that counts.
 *
 * Every replica that knows the same operations takes the same path, but for pins: an operation that
 * stood for a day stays, whatever comes. So the past cannot be rewritten by those who once were
 * the majority, and two sides that were apart for longer than a day see that they are apart.
 */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include "group/kith-group-chain.h"

#include <string.h>

#include "group/kith-group-table.h"

static void
node_free (gpointer data)
{
  KithGroupNode *node = data;

  g_clear_pointer (&node->children, g_ptr_array_unref);
  kith_group_op_unref (node->op);
  g_free (node);
}

static void
pending_free (gpointer data)
{
  kith_group_op_unref (((KithGroupPendingOp *) data)->op);
  g_free (data);
}

/**
 * kith_group_chain_new:
 * @gid: a group, of which nothing is known yet
 *
 * Returns: (transfer full): its chain
 */
KithGroupChain *
kith_group_chain_new (const guint8 gid[KITH_GROUP_ID_BYTES])
{
  KithGroupChain *self = g_new0 (KithGroupChain, 1);

  memcpy (self->gid, gid, sizeof self->gid);
  self->nodes = kith_group_table_new (NULL);
  self->all = g_ptr_array_new_with_free_func (node_free);
  self->accepted = g_ptr_array_new ();
  self->state = kith_group_state_new ();
  self->pending = g_ptr_array_new_with_free_func (pending_free);
  self->pin_height = KITH_GROUP_NEVER;
  return self;
}

/**
 * kith_group_chain_free:
 * @self: (transfer full): a chain
 */
void
kith_group_chain_free (KithGroupChain *self)
{
  g_hash_table_unref (self->nodes);
  g_ptr_array_unref (self->accepted);
  g_ptr_array_unref (self->all);
  g_ptr_array_unref (self->pending);
  kith_group_state_free (self->state);
  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    g_clear_pointer (&self->sides[i].state, kith_group_state_free);
  g_free (self);
}

/**
 * kith_group_chain_get_head:
 * @self: a chain
 *
 * Returns: (transfer none) (nullable): the last accepted operation
 */
KithGroupNode *
kith_group_chain_get_head (KithGroupChain *self)
{
  return self->accepted->len > 0 ? self->accepted->pdata[self->accepted->len - 1] : NULL;
}

/**
 * kith_group_chain_find:
 * @self: a chain
 * @id: an op_id
 *
 * Returns: (transfer none) (nullable): the operation, accepted or not
 */
KithGroupNode *
kith_group_chain_find (KithGroupChain *self, const guint8 id[KITH_GROUP_ID_BYTES])
{
  return g_hash_table_lookup (self->nodes, id);
}

/* --- The state somewhere --------------------------------------------------------------------- */

static KithGroupState *
replay (const KithGroupNode *node)
{
  KithGroupState *state = kith_group_state_new ();
  g_autoptr (GPtrArray) path = g_ptr_array_new ();

  for (; node != NULL; node = node->parent)
    g_ptr_array_add (path, node->op);
  for (guint i = path->len; i > 0; i--)
    kith_group_state_apply (state, path->pdata[i - 1]);

  return state;
}

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
 * @self: a chain
 * @node: an operation
 * @author: an author key
 *
 * Returns: whether the branch that leads to @node, from where it leaves the accepted operations,
 *   removes its owner
 */
gboolean
kith_group_chain_was_removed (KithGroupChain *self, const KithGroupNode *node,
                              const guint8 author[KITH_GROUP_KEY_BYTES])
{
  for (; !node->accepted; node = node->parent)
    if (removes (node->op, author))
      return TRUE;

  return FALSE;
}

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

static KithGroupNode *
find_pinned (const KithGroupNode *node)
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
  KithGroupNode *pinned = find_pinned (node);

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

static void
accept_node (KithGroupChain *self, KithGroupNode *node, gint64 now_ms)
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
static void
take_path (KithGroupChain *self, const KithGroupNode *changed, gint64 now_ms)
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
      accept_node (self, choice.next, now_ms);
      head = choice.next;
      if (!self->stale)
        kith_group_state_apply (self->state, head->op);
    }

  self->stale = self->stale || self->frozen;
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
  self->state = replay (head);
  if (self->frozen)
    remove_in_branches (self, head);
}

/* --- States beside the path ------------------------------------------------------------------ */

/* What a branch is checked against; the last few are kept, as branches come in order. */
static const KithGroupState *
get_side_state (KithGroupChain *self, const KithGroupNode *node)
{
  KithGroupSideState *side = &self->sides[self->next_side % G_N_ELEMENTS (self->sides)];

  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    if (self->sides[i].node == node)
      return self->sides[i].state;

  self->next_side++;
  g_clear_pointer (&side->state, kith_group_state_free);
  side->node = node;
  side->state = replay (node);
  return side->state;
}

static gboolean
is_on_path (KithGroupChain *self, const KithGroupNode *node)
{
  return node == kith_group_chain_get_head (self) && !self->frozen && !self->stale;
}

/* --- Adding ---------------------------------------------------------------------------------- */

/* Whether the operations with which a succession proves a fork are there. */
static KithGroupChainResult
check_proof (KithGroupChain *self, const KithGroupNode *parent, const KithGroupOp *op)
{
  if (memcmp (op->body.proof[0], op->body.proof[1], KITH_GROUP_ID_BYTES) == 0)
    return KITH_GROUP_CHAIN_BAD;

  for (guint i = 0; i < 2; i++)
    {
      const KithGroupNode *node = kith_group_chain_find (self, op->body.proof[i]);

      if (node == NULL)
        return KITH_GROUP_CHAIN_PENDING;
      if (node->parent != parent || node->op->type == KITH_GROUP_OP_CLAIM)
        return KITH_GROUP_CHAIN_BAD;
    }

  return KITH_GROUP_CHAIN_ADDED;
}

static KithGroupChainResult
check (KithGroupChain *self, KithGroupNode *parent, const KithGroupOp *op)
{
  const KithGroupState *state = is_on_path (self, parent) ? self->state
                                                          : get_side_state (self, parent);

  if (!kith_group_state_check (state, op))
    return KITH_GROUP_CHAIN_BAD;

  return op->body.has_proof ? check_proof (self, parent, op) : KITH_GROUP_CHAIN_ADDED;
}

/* What follows an operation on a branch comes next, as a rule. */
static void
carry_on (KithGroupChain *self, const KithGroupNode *parent, const KithGroupNode *node)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->sides); i++)
    if (self->sides[i].node == parent)
      {
        kith_group_state_apply (self->sides[i].state, node->op);
        self->sides[i].node = node;
      }
}

static gsize
get_path_bytes (const KithGroupNode *parent, const KithGroupOp *op)
{
  return (parent != NULL ? parent->path_bytes : 0) + g_bytes_get_size (op->bytes);
}

static guint
count_siblings (const KithGroupNode *parent, const KithGroupOp *op)
{
  guint n = 0;

  for (guint i = 0; parent->children != NULL && i < parent->children->len; i++)
    {
      const KithGroupNode *child = parent->children->pdata[i];

      if ((child->op->type == KITH_GROUP_OP_CLAIM) == (op->type == KITH_GROUP_OP_CLAIM))
        n++;
    }

  return n;
}

static KithGroupNode *
insert (KithGroupChain *self, KithGroupNode *parent, KithGroupOp *op)
{
  KithGroupNode *node = g_new0 (KithGroupNode, 1);

  node->op = kith_group_op_ref (op);
  node->parent = parent;
  node->index = self->all->len;
  node->path_bytes = get_path_bytes (parent, op);
  self->bytes += g_bytes_get_size (op->bytes);
  g_ptr_array_add (self->all, node);
  g_hash_table_insert (self->nodes, node->op->id, node);
  self->digest_valid = FALSE;
  if (parent == NULL)
    return node;

  /* A branch beside something that is settled: others may follow it, we do not. */
  if (find_pinned (parent) != NULL)
    self->split = TRUE;
  if (parent->children == NULL)
    parent->children = g_ptr_array_new ();
  g_ptr_array_add (parent->children, node);
  return node;
}

static KithGroupChainResult
add_create (KithGroupChain *self, KithGroupOp *op, gint64 now_ms)
{
  accept_node (self, insert (self, NULL, op), now_ms);
  kith_group_state_apply (self->state, op);
  return KITH_GROUP_CHAIN_ADDED;
}

/* One peer cannot push out what others brought. */
static void
make_room (KithGroupChain *self, guint link)
{
  guint n = 0;

  for (guint i = self->pending->len; i > 0; i--)
    if (((KithGroupPendingOp *) self->pending->pdata[i - 1])->link == link
        && ++n >= KITH_LIMIT_GROUP_OPS_PENDING_PER_LINK)
      g_ptr_array_remove_index (self->pending, i - 1);

  if (self->pending->len >= KITH_LIMIT_GROUP_OPS_PENDING)
    g_ptr_array_remove_index (self->pending, 0);
}

static KithGroupChainResult
keep_pending (KithGroupChain *self, KithGroupOp *op, guint link)
{
  KithGroupPendingOp *pending;

  for (guint i = 0; i < self->pending->len; i++)
    {
      pending = self->pending->pdata[i];
      if (memcmp (pending->op->id, op->id, sizeof op->id) == 0)
        return KITH_GROUP_CHAIN_PENDING;
    }

  make_room (self, link);
  pending = g_new (KithGroupPendingOp, 1);
  pending->op = kith_group_op_ref (op);
  pending->link = link;
  g_ptr_array_add (self->pending, pending);
  return KITH_GROUP_CHAIN_PENDING;
}

/* Puts an operation into the tree, or says why not. */
static KithGroupChainResult
try_add (KithGroupChain *self, KithGroupOp *op, gboolean trusted, gint64 now_ms)
{
  KithGroupChainResult result;
  KithGroupNode *parent;

  if (kith_group_chain_find (self, op->id) != NULL)
    return KITH_GROUP_CHAIN_KNOWN;
  if (memcmp (op->gid, self->gid, sizeof op->gid) != 0 || self->all->len >= KITH_LIMIT_GROUP_OPS
      || self->bytes + g_bytes_get_size (op->bytes) > KITH_LIMIT_GROUP_OPS_BYTES || (!trusted && !kith_group_op_verify (op)))
    return KITH_GROUP_CHAIN_BAD;
  if (op->type == KITH_GROUP_OP_CREATE)
    return add_create (self, op, now_ms);

  parent = kith_group_chain_find (self, op->prev);
  if (parent == NULL)
    return KITH_GROUP_CHAIN_PENDING;
  if (op->height != parent->op->height + 1
      || count_siblings (parent, op) >= KITH_LIMIT_GROUP_SIBLINGS
      || get_path_bytes (parent, op) > KITH_LIMIT_GROUP_PATH_BYTES)
    return KITH_GROUP_CHAIN_BAD;

  result = check (self, parent, op);
  if (result != KITH_GROUP_CHAIN_ADDED)
    return result;

  carry_on (self, parent, insert (self, parent, op));
  take_path (self, parent, now_ms);
  return KITH_GROUP_CHAIN_ADDED;
}

/* What waited may have its turn now. */
static void
retry_pending (KithGroupChain *self, gint64 now_ms)
{
  gboolean again = TRUE;

  while (again)
    {
      again = FALSE;
      for (guint i = 0; i < self->pending->len; i++)
        {
          const KithGroupPendingOp *pending = self->pending->pdata[i];
          KithGroupChainResult result = try_add (self, pending->op, TRUE, now_ms);

          if (result == KITH_GROUP_CHAIN_PENDING)
            continue;
          again = again || result == KITH_GROUP_CHAIN_ADDED;
          g_ptr_array_remove_index (self->pending, i--);
        }
    }
}

/**
 * kith_group_chain_add:
 * @self: a chain
 * @op: an operation
 * @trusted: whether it comes from our own store, so that its signature is good
 * @link: that brought it, or 0
 * @now_ms: unix time
 *
 * Takes an operation in, and decides anew what counts. After one or several the state has to be
 * brought in line: kith_group_chain_refresh().
 *
 * Returns: what became of it
 */
KithGroupChainResult
kith_group_chain_add (KithGroupChain *self, KithGroupOp *op, gboolean trusted, guint link,
                      gint64 now_ms)
{
  KithGroupChainResult result = try_add (self, op, trusted, now_ms);

  if (result == KITH_GROUP_CHAIN_PENDING)
    return kith_group_op_verify (op) ? keep_pending (self, op, link) : KITH_GROUP_CHAIN_BAD;
  if (result == KITH_GROUP_CHAIN_ADDED)
    retry_pending (self, now_ms);

  return result;
}

/**
 * kith_group_chain_get_proof:
 * @self: a chain
 * @proof: (out caller-allocates): two operations with which the admin contradicted himself
 *
 * Returns: whether the group is frozen
 */
gboolean
kith_group_chain_get_proof (KithGroupChain *self, guint8 proof[2][KITH_GROUP_ID_BYTES])
{
  const KithGroupNode *head = kith_group_chain_get_head (self);
  guint n = 0;

  for (guint i = 0; self->frozen && i < head->children->len && n < 2; i++)
    {
      const KithGroupNode *child = head->children->pdata[i];

      if (child->op->type != KITH_GROUP_OP_CLAIM)
        memcpy (proof[n++], child->op->id, KITH_GROUP_ID_BYTES);
    }

  return n == 2;
}

/* --- Pins ------------------------------------------------------------------------------------ */

/**
 * kith_group_chain_pin:
 * @self: a chain
 * @now_ms: unix time
 * @changed: (out): whether something is pinned that was not
 *
 * Pins what has been accepted for a day.
 *
 * Returns: when the next one is due, unix time in ms, or %G_MAXINT64
 */
gint64
kith_group_chain_pin (KithGroupChain *self, gint64 now_ms, gboolean *changed)
{
  guint i = self->pin_height == KITH_GROUP_NEVER ? 0 : self->pin_height + 1;

  for (*changed = FALSE; i < self->accepted->len; i++)
    {
      KithGroupNode *node = self->accepted->pdata[i];

      if (now_ms - node->applied_ms < KITH_LIMIT_GROUP_PIN_MS)
        return node->applied_ms + KITH_LIMIT_GROUP_PIN_MS;

      node->pinned = TRUE;
      self->pin_height = i;
      *changed = TRUE;
    }

  return G_MAXINT64;
}

/* Whether something is pinned that does not lead to @node. */
static gboolean
contradicts_pin (const KithGroupNode *node)
{
  const KithGroupNode *pinned = find_pinned (node);

  while (pinned == NULL && !node->accepted)
    {
      pinned = find_pinned (node->parent);
      if (pinned == node)
        pinned = NULL;
      node = node->parent;
    }

  return pinned != NULL;
}

/**
 * kith_group_chain_get_pin:
 * @self: a chain
 *
 * Returns: (transfer none) (nullable): the last operation that is pinned
 */
const KithGroupNode *
kith_group_chain_get_pin (KithGroupChain *self)
{
  return self->pin_height < self->accepted->len ? self->accepted->pdata[self->pin_height] : NULL;
}

/**
 * kith_group_chain_pin_to:
 * @self: a chain
 * @height: of an operation
 * @id: its id
 *
 * Pins everything up to an accepted operation: as it was when we were here last, or as the one who
 * added us had it.
 */
void
kith_group_chain_pin_to (KithGroupChain *self, guint32 height, const guint8 id[KITH_GROUP_ID_BYTES])
{
  KithGroupNode *node = kith_group_chain_find (self, id);
  const KithGroupNode *fork;

  if (node == NULL || node->op->height != height
      || (self->pin_height != KITH_GROUP_NEVER && self->pin_height >= height)
      || contradicts_pin (node))
    return;

  for (fork = node; !fork->accepted;)
    fork = fork->parent;
  self->pin_height = height;
  for (; node != NULL && !node->pinned; node = node->parent)
    node->pinned = TRUE;
  take_path (self, fork, ((KithGroupNode *) self->accepted->pdata[0])->applied_ms);
  kith_group_chain_refresh (self);
}
