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
  self->pending = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_op_unref);
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

/* Where the accepted path leaves the one that counts now. */
static guint
find_divergence (KithGroupChain *self, gboolean *frozen)
{
  for (guint i = 0; i < self->accepted->len; i++)
    {
      Choice choice = choose (self->accepted->pdata[i]);
      gpointer next = i + 1 < self->accepted->len ? self->accepted->pdata[i + 1] : NULL;

      *frozen = choice.fork;
      if (choice.next != next)
        return i + 1;
    }

  return self->accepted->len;
}

static void
take_path (KithGroupChain *self, gint64 now_ms)
{
  gboolean frozen = FALSE;
  guint common = find_divergence (self, &frozen);
  gboolean rebuild = common < self->accepted->len || self->frozen || frozen;
  KithGroupNode *head;

  unaccept_from (self, common);
  for (head = kith_group_chain_get_head (self); head != NULL;)
    {
      Choice choice = choose (head);

      frozen = choice.fork;
      if (choice.next == NULL)
        break;
      accept_node (self, choice.next, now_ms);
      head = choice.next;
      if (!rebuild)
        kith_group_state_apply (self->state, head->op);
    }

  self->frozen = frozen;
  if (rebuild || frozen)
    {
      kith_group_state_free (self->state);
      self->state = replay (head);
      if (frozen)
        remove_in_branches (self, head);
    }
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
  g_autoptr (KithGroupState) there = NULL;
  const KithGroupState *state = self->state;

  if (parent != kith_group_chain_get_head (self) || self->frozen)
    state = there = replay (parent);
  if (!kith_group_state_check (state, op))
    return KITH_GROUP_CHAIN_BAD;

  return op->body.has_proof ? check_proof (self, parent, op) : KITH_GROUP_CHAIN_ADDED;
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

static void
insert (KithGroupChain *self, KithGroupNode *parent, KithGroupOp *op)
{
  KithGroupNode *node = g_new0 (KithGroupNode, 1);

  node->op = kith_group_op_ref (op);
  node->parent = parent;
  node->index = self->all->len;
  g_ptr_array_add (self->all, node);
  g_hash_table_insert (self->nodes, node->op->id, node);
  self->digest_valid = FALSE;
  if (parent == NULL)
    return;

  /* A branch beside something that is settled: others may follow it, we do not. */
  if (find_pinned (parent) != NULL)
    self->split = TRUE;
  if (parent->children == NULL)
    parent->children = g_ptr_array_new ();
  g_ptr_array_add (parent->children, node);
}

static KithGroupChainResult
add_create (KithGroupChain *self, KithGroupOp *op, gint64 now_ms)
{
  insert (self, NULL, op);
  accept_node (self, self->all->pdata[0], now_ms);
  kith_group_state_apply (self->state, op);
  return KITH_GROUP_CHAIN_ADDED;
}

static KithGroupChainResult
keep_pending (KithGroupChain *self, KithGroupOp *op)
{
  for (guint i = 0; i < self->pending->len; i++)
    if (memcmp (((KithGroupOp *) self->pending->pdata[i])->id, op->id, sizeof op->id) == 0)
      return KITH_GROUP_CHAIN_PENDING;

  if (self->pending->len >= KITH_LIMIT_GROUP_OPS_PENDING)
    g_ptr_array_remove_index (self->pending, 0);
  g_ptr_array_add (self->pending, kith_group_op_ref (op));
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
      || (!trusted && !kith_group_op_verify (op)))
    return KITH_GROUP_CHAIN_BAD;
  if (op->type == KITH_GROUP_OP_CREATE)
    return add_create (self, op, now_ms);

  parent = kith_group_chain_find (self, op->prev);
  if (parent == NULL)
    return KITH_GROUP_CHAIN_PENDING;
  if (op->height != parent->op->height + 1
      || count_siblings (parent, op) >= KITH_LIMIT_GROUP_SIBLINGS)
    return KITH_GROUP_CHAIN_BAD;

  result = check (self, parent, op);
  if (result != KITH_GROUP_CHAIN_ADDED)
    return result;

  insert (self, parent, op);
  take_path (self, now_ms);
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
          KithGroupChainResult result;

          result = try_add (self, self->pending->pdata[i], TRUE, now_ms);
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
 * @now_ms: unix time
 *
 * Takes an operation in, and decides anew what counts.
 *
 * Returns: what became of it
 */
KithGroupChainResult
kith_group_chain_add (KithGroupChain *self, KithGroupOp *op, gboolean trusted, gint64 now_ms)
{
  KithGroupChainResult result = try_add (self, op, trusted, now_ms);

  if (result == KITH_GROUP_CHAIN_PENDING)
    return kith_group_op_verify (op) ? keep_pending (self, op) : KITH_GROUP_CHAIN_BAD;
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

  if (node == NULL || node->op->height != height
      || (self->pin_height != KITH_GROUP_NEVER && self->pin_height >= height)
      || contradicts_pin (node))
    return;

  self->pin_height = height;
  for (; node != NULL && !node->pinned; node = node->parent)
    node->pinned = TRUE;
  take_path (self, ((KithGroupNode *) self->accepted->pdata[0])->applied_ms);
}

/* --- Telling others -------------------------------------------------------------------------- */

/**
 * kith_group_chain_get_locator:
 * @self: a chain
 *
 * Returns: (transfer full) (element-type KithGroupPlace): accepted operations from the head
 *   downwards in growing steps, for a peer to find the last one that it has too
 */
GArray *
kith_group_chain_get_locator (KithGroupChain *self)
{
  GArray *places = g_array_new (FALSE, TRUE, sizeof (KithGroupPlace));
  guint step = 1;
  guint at = self->accepted->len;

  while (at > 0 && places->len < KITH_LIMIT_GROUP_LOCATOR)
    {
      const KithGroupNode *node = self->accepted->pdata[at - 1];
      KithGroupPlace place = { .height = node->op->height };

      memcpy (place.id, node->op->id, sizeof place.id);
      g_array_append_val (places, place);
      if (places->len > 4)
        step *= 2;
      at = at > step ? at - step : (at > 1 ? 1 : 0);
    }

  return places;
}

static guint32
find_common (KithGroupChain *self, const KithGroupHello *hello)
{
  for (guint i = 0; i < hello->locator->len; i++)
    {
      const KithGroupPlace *place = &g_array_index (hello->locator, KithGroupPlace, i);
      const KithGroupNode *node = kith_group_chain_find (self, place->id);

      while (node != NULL && !node->accepted)
        node = node->parent;
      if (node != NULL)
        return node->op->height + 1;
    }

  return 0;
}

/**
 * kith_group_chain_get_missing:
 * @self: a chain
 * @hello: what a peer says of its own
 *
 * Returns: (transfer full) (element-type GBytes): the operations that the peer may not have, each
 *   after what it stands on
 */
GPtrArray *
kith_group_chain_get_missing (KithGroupChain *self, const KithGroupHello *hello)
{
  GPtrArray *ops = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint32 common = find_common (self, hello);

  if (memcmp (kith_group_chain_get_digest (self), hello->ops_digest, KITH_HASH_BYTES) == 0)
    return ops;

  for (guint i = 0; i < self->all->len; i++)
    {
      const KithGroupNode *node = self->all->pdata[i];

      if (!node->accepted || node->op->height >= common)
        g_ptr_array_add (ops, g_bytes_ref (node->op->bytes));
    }

  return ops;
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  const KithGroupNode *const *left = a;
  const KithGroupNode *const *right = b;

  return memcmp ((*left)->op->id, (*right)->op->id, KITH_GROUP_ID_BYTES);
}

/**
 * kith_group_chain_get_digest:
 * @self: a chain
 *
 * Returns: (transfer none): the same for two who know the same operations
 */
const guint8 *
kith_group_chain_get_digest (KithGroupChain *self)
{
  g_autoptr (GPtrArray) sorted = NULL;
  g_autofree guint8 *ids = NULL;

  if (self->digest_valid)
    return self->digest;

  sorted = g_ptr_array_copy (self->all, NULL, NULL);
  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_ids);
  ids = g_malloc (sorted->len * KITH_GROUP_ID_BYTES);
  for (guint i = 0; i < sorted->len; i++)
    memcpy (ids + i * KITH_GROUP_ID_BYTES, ((KithGroupNode *) sorted->pdata[i])->op->id,
            KITH_GROUP_ID_BYTES);

  kith_hash (self->digest, "kith1 g-ops",
             KITH_FIELDS (KITH_FIELD (ids, sorted->len * KITH_GROUP_ID_BYTES)));
  self->digest_valid = TRUE;
  return self->digest;
}
