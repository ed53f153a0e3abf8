/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-hash.h"

G_BEGIN_DECLS

/* What a file is, in 32 bytes (protocol 11): the root of a tree whose leaves are the hashes of its
 * pieces of 64 KiB. Whoever has the root can check every piece by itself. Any thread. */

guint32  kith_file_n_leaves  (guint64       size);
gsize    kith_file_leaf_len  (guint64       size,
                              guint32       i);
void     kith_file_leaf      (guint8        out[KITH_HASH_BYTES],
                              guint32       i,
                              const guint8 *data,
                              gsize         len);

/**
 * KithFileTree:
 *
 * The root of leaves that come one after another, in constant memory: of the tree only the nodes
 * are kept that still have to be joined.
 */
typedef struct
{
  guint8  nodes[33][KITH_HASH_BYTES];
  guint   n_nodes;
  guint32 n_leaves;
} KithFileTree;

void     kith_file_tree_init (KithFileTree *self);
void     kith_file_tree_add  (KithFileTree *self,
                              const guint8  leaf[KITH_HASH_BYTES]);
void     kith_file_tree_root (KithFileTree *self,
                              guint64       size,
                              guint8        root[KITH_HASH_BYTES]);
void     kith_file_root      (guint8        root[KITH_HASH_BYTES],
                              guint64       size,
                              const guint8 *leaves,
                              guint32       n_leaves);

G_END_DECLS
