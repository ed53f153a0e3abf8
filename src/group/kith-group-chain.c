/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2 and 10.5: the tree of operations, and the path through it that counts, which
 * kith-group-chain-path.c chooses.
 *
 * Every replica that knows the same operations takes the same path, but for pins: an operation that
 * stood for a day stays, whatever comes. So the past cannot be rewritten by those who once were
 * the majority, and two sides that were apart for longer than a day see that they are apart.
 */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include "group/kith-group-chain-private.h"

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

/* --- Who was in it somewhere ------------------------------------------------------------------ */

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
  side->state = kith_group_chain_replay (node);
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

/* More than half of those who were members there have signed it. */
static gboolean
has_voices (KithGroupChain *self, const KithGroupNode *parent, const KithGroupOp *op)
{
  if (op->body.voices->len <= (parent->n_members - 1) / 2)
    return FALSE;

  for (guint i = 0; i < op->body.voices->len; i++)
    {
      const KithGroupVoice *voice = &g_array_index (op->body.voices, KithGroupVoice, i);

      /* While the state is of before that, who is a member is seen later. */
      if ((!self->stale && !kith_group_chain_was_member (self, parent, voice->author))
          || !kith_group_endorse_verify (self->gid, op->height, op->prev, op->signer, voice->author,
                                         voice->signature))
        return FALSE;
    }

  return TRUE;
}

/* To check an operation beside the path takes all before it: not for what anybody can make up. */
static gboolean
is_worth_a_look (KithGroupChain *self, const KithGroupNode *parent, const KithGroupOp *op,
                 gboolean trusted)
{
  if (op->type != KITH_GROUP_OP_CLAIM
      && memcmp (op->signer, parent->admin, sizeof parent->admin) != 0)
    return FALSE;
  if (trusted)
    return TRUE;

  return kith_group_op_verify (op)
         && (op->type != KITH_GROUP_OP_CLAIM || has_voices (self, parent, op));
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

/* What an operation that is in order makes of these two. Who is named twice in a CLAIM goes once. */
static void
count_on (KithGroupNode *node, const KithGroupOp *op)
{
  if (op->type == KITH_GROUP_OP_CREATE || op->type == KITH_GROUP_OP_CLAIM)
    memcpy (node->admin, op->signer, sizeof node->admin);
  else if (op->type == KITH_GROUP_OP_TRANSFER
           || (op->type == KITH_GROUP_OP_REKEY
               && memcmp (op->body.cut.author, node->admin, sizeof node->admin) == 0))
    memcpy (node->admin, op->body.author, sizeof node->admin);

  if (op->type == KITH_GROUP_OP_CREATE || op->type == KITH_GROUP_OP_ADD)
    node->n_members++;
  else if ((op->type == KITH_GROUP_OP_KICK || op->type == KITH_GROUP_OP_LEFT) && node->n_members > 1)
    node->n_members--; /* a claim may name somebody twice */
  else if (op->type == KITH_GROUP_OP_CLAIM)
    node->n_members -= MIN (op->body.removals->len, node->n_members - 1);
}

static KithGroupNode *
insert (KithGroupChain *self, KithGroupNode *parent, KithGroupOp *op)
{
  KithGroupNode *node = g_new0 (KithGroupNode, 1);

  node->op = kith_group_op_ref (op);
  node->parent = parent;
  node->index = self->all->len;
  node->path_bytes = get_path_bytes (parent, op);
  if (parent != NULL)
    {
      memcpy (node->admin, parent->admin, sizeof node->admin);
      node->n_members = parent->n_members;
    }
  count_on (node, op);
  self->bytes += g_bytes_get_size (op->bytes);
  g_ptr_array_add (self->all, node);
  g_hash_table_insert (self->nodes, node->op->id, node);
  self->digest_valid = FALSE;
  if (parent == NULL)
    return node;

  /* A branch beside something that is settled: others may follow it, we do not. */
  if (kith_group_chain_find_pinned (parent) != NULL)
    self->split = TRUE;
  if (parent->children == NULL)
    parent->children = g_ptr_array_new ();
  g_ptr_array_add (parent->children, node);
  return node;
}

static KithGroupChainResult
add_create (KithGroupChain *self, KithGroupOp *op, gint64 now_ms)
{
  kith_group_chain_accept (self, insert (self, NULL, op), now_ms);
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

static void
keep_pending (KithGroupChain *self, KithGroupOp *op, guint link)
{
  KithGroupPendingOp *pending;

  for (guint i = 0; i < self->pending->len; i++)
    {
      pending = self->pending->pdata[i];
      if (memcmp (pending->op->id, op->id, sizeof op->id) == 0)
        return;
    }

  make_room (self, link);
  pending = g_new (KithGroupPendingOp, 1);
  pending->op = kith_group_op_ref (op);
  pending->link = link;
  g_ptr_array_add (self->pending, pending);
}

/* Of many contradictions everybody may have kept others: those by which most members prove one are kept by all. */
static gboolean
is_proof_of_many (KithGroupChain *self, const KithGroupNode *parent, const KithGroupOp *op)
{
  for (guint i = 0; i < self->pending->len; i++)
    {
      const KithGroupOp *claim = ((KithGroupPendingOp *) self->pending->pdata[i])->op;

      if (claim->type == KITH_GROUP_OP_CLAIM && claim->body.has_proof
          && memcmp (claim->prev, op->prev, sizeof op->prev) == 0
          && (memcmp (claim->body.proof[0], op->id, sizeof op->id) == 0
              || memcmp (claim->body.proof[1], op->id, sizeof op->id) == 0)
          && has_voices (self, parent, claim))
        return TRUE;
    }

  return FALSE;
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
      || self->bytes + g_bytes_get_size (op->bytes) > KITH_LIMIT_GROUP_OPS_BYTES)
    return KITH_GROUP_CHAIN_BAD;
  if (op->type == KITH_GROUP_OP_CREATE)
    return trusted || kith_group_op_verify (op) ? add_create (self, op, now_ms)
                                                : KITH_GROUP_CHAIN_BAD;

  parent = kith_group_chain_find (self, op->prev);
  if (parent == NULL)
    return KITH_GROUP_CHAIN_PENDING;
  if (op->height != parent->op->height + 1
      || get_path_bytes (parent, op) > KITH_LIMIT_GROUP_PATH_BYTES
      || !is_worth_a_look (self, parent, op, trusted))
    return KITH_GROUP_CHAIN_BAD;
  if (count_siblings (parent, op) >= KITH_LIMIT_GROUP_SIBLINGS && !is_proof_of_many (self, parent, op))
    return op->type == KITH_GROUP_OP_CLAIM ? KITH_GROUP_CHAIN_BAD : KITH_GROUP_CHAIN_PENDING;

  result = check (self, parent, op);
  if (result != KITH_GROUP_CHAIN_ADDED)
    return result;

  carry_on (self, parent, insert (self, parent, op));
  kith_group_chain_take_path (self, parent, now_ms);
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

  if (result == KITH_GROUP_CHAIN_PENDING && !kith_group_op_verify (op))
    return KITH_GROUP_CHAIN_BAD;
  if (result == KITH_GROUP_CHAIN_PENDING)
    keep_pending (self, op, link);
  /* Also a succession that waits is what others have waited for: it says which of many are its proof. */
  if (result == KITH_GROUP_CHAIN_ADDED || (result == KITH_GROUP_CHAIN_PENDING && op->body.has_proof))
    retry_pending (self, now_ms);

  return kith_group_chain_find (self, op->id) != NULL && result == KITH_GROUP_CHAIN_PENDING ? KITH_GROUP_CHAIN_ADDED
                                                                                            : result;
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
  const KithGroupNode *pinned = kith_group_chain_find_pinned (node);

  while (pinned == NULL && !node->accepted)
    {
      pinned = kith_group_chain_find_pinned (node->parent);
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
  kith_group_chain_take_path (self, fork, ((KithGroupNode *) self->accepted->pdata[0])->applied_ms);
  kith_group_chain_refresh (self);
}
