/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 11: leaf_i = H("kith1 f-leaf"; u64 i, data), node = H("kith1 f-node"; left, right), a node
 * without a neighbour is promoted, root = H("kith1 f-root"; u64 size, u32 65536, top). */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-file-tree.h"

#include <string.h>

#include "base/kith-limits.h"

/**
 * kith_file_n_leaves:
 * @size: of a file, in bytes; at most 2^47
 *
 * Returns: how many leaves it has: an empty one has one
 */
guint32
kith_file_n_leaves (guint64 size)
{
  guint64 n = (size + KITH_LIMIT_FILE_LEAF_BYTES - 1) / KITH_LIMIT_FILE_LEAF_BYTES;

  return n > 0 ? (guint32) MIN (n, G_MAXUINT32) : 1;
}

/**
 * kith_file_leaf_len:
 * @size: of a file, in bytes
 * @i: a leaf of it
 *
 * Returns: how many bytes are below that leaf; 0 of an empty file, or when there is no such leaf
 */
gsize
kith_file_leaf_len (guint64 size, guint32 i)
{
  guint64 at = (guint64) i * KITH_LIMIT_FILE_LEAF_BYTES;

  return at < size ? (gsize) MIN (size - at, KITH_LIMIT_FILE_LEAF_BYTES) : 0;
}

/**
 * kith_file_leaf:
 * @out: (out caller-allocates): the leaf
 * @i: which one
 * @data: (array length=len): what is below it
 * @len: how many bytes
 */
void
kith_file_leaf (guint8 out[KITH_HASH_BYTES], guint32 i, const guint8 *data, gsize len)
{
  const guint64 number = GUINT64_TO_BE ((guint64) i);

  kith_hash (out, "kith1 f-leaf",
             KITH_FIELDS (KITH_FIELD (&number, sizeof number), KITH_FIELD (data, len)));
}

/**
 * kith_file_tree_init:
 * @self: (out caller-allocates): a tree without leaves
 */
void
kith_file_tree_init (KithFileTree *self)
{
  self->n_nodes = 0;
  self->n_leaves = 0;
}

/* The last two nodes become one. */
static void
join (KithFileTree *self)
{
  guint8 *left = self->nodes[self->n_nodes - 2];
  guint8 *right = self->nodes[self->n_nodes - 1];
  guint8 node[KITH_HASH_BYTES];

  kith_hash (node, "kith1 f-node",
             KITH_FIELDS (KITH_FIELD (left, KITH_HASH_BYTES), KITH_FIELD (right, KITH_HASH_BYTES)));
  memcpy (left, node, sizeof node);
  self->n_nodes--;
}

/**
 * kith_file_tree_add:
 * @self: a tree
 * @leaf: its next leaf
 *
 * The nodes that are kept are as many as the number of leaves has bits set, the highest first: each
 * bit that is carried joins two of them.
 */
void
kith_file_tree_add (KithFileTree *self, const guint8 leaf[KITH_HASH_BYTES])
{
  guint32 carried = self->n_leaves++;

  memcpy (self->nodes[self->n_nodes++], leaf, KITH_HASH_BYTES);
  for (; (carried & 1) != 0; carried >>= 1)
    join (self);
}

/**
 * kith_file_tree_root:
 * @self: a tree with all of its leaves, which is of no use afterwards
 * @size: how many bytes are below them
 * @root: (out caller-allocates): its root
 */
void
kith_file_tree_root (KithFileTree *self, guint64 size, guint8 root[KITH_HASH_BYTES])
{
  const guint64 bytes = GUINT64_TO_BE (size);
  const guint32 leaf_bytes = GUINT32_TO_BE (KITH_LIMIT_FILE_LEAF_BYTES);

  while (self->n_nodes > 1)
    join (self);

  kith_hash (root, "kith1 f-root",
             KITH_FIELDS (KITH_FIELD (&bytes, sizeof bytes), KITH_FIELD (&leaf_bytes, sizeof leaf_bytes),
                          KITH_FIELD (self->nodes[0], KITH_HASH_BYTES)));
}

/**
 * kith_file_root:
 * @root: (out caller-allocates): the root
 * @size: how many bytes the file has
 * @leaves: its leaves, %KITH_HASH_BYTES each
 * @n_leaves: how many, at least one
 */
void
kith_file_root (guint8 root[KITH_HASH_BYTES], guint64 size, const guint8 *leaves, guint32 n_leaves)
{
  KithFileTree tree;

  kith_file_tree_init (&tree);
  for (guint32 i = 0; i < n_leaves; i++)
    kith_file_tree_add (&tree, leaves + (gsize) i * KITH_HASH_BYTES);
  kith_file_tree_root (&tree, size, root);
}
