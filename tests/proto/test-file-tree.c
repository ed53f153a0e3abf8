/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaves, nodes and roots of files: protocol 11 and 14. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "proto/kith-file-tree.h"

#define LEAF KITH_LIMIT_FILE_LEAF_BYTES

static guint8 *
pattern (gsize len)
{
  guint8 *data = g_malloc (len + 1);

  for (gsize i = 0; i < len; i++)
    data[i] = (guint8) (7 * i);
  return data;
}

static void
root_of (const guint8 *data, gsize len, guint8 root[KITH_HASH_BYTES])
{
  KithFileTree tree;

  kith_file_tree_init (&tree);
  for (guint32 i = 0; i < kith_file_n_leaves (len); i++)
    {
      guint8 leaf[KITH_HASH_BYTES];

      kith_file_leaf (leaf, i, data + (gsize) i * LEAF, kith_file_leaf_len (len, i));
      kith_file_tree_add (&tree, leaf);
    }
  kith_file_tree_root (&tree, len, root);
}

static void
test_known_answers (void)
{
  static const struct
  {
    gsize       len;
    const char *root;
  } answers[] = {
    { 0, "3949d42ad5dbdbb2fee55ffefd1ffde7f6d0d2eb07ecb6f8dbdc3f0a8d16e229" },
    { 200000, "655921222b6dc428e37073903ae25be70eba84ccef427fa9caf934275e416607" },
    { 7 * LEAF, "2672cebcfbd220bfa8614b53c0aee28fc814e6b7934086f8fc3b0d182006d825" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree guint8 *data = pattern (answers[i].len);
      g_autofree char *hex = NULL;
      guint8 root[KITH_HASH_BYTES];

      root_of (data, answers[i].len, root);
      hex = kith_hex_encode (root, sizeof root);
      g_assert_cmpstr (hex, ==, answers[i].root);
    }
}

static void
test_sizes (void)
{
  g_assert_cmpuint (kith_file_n_leaves (0), ==, 1);
  g_assert_cmpuint (kith_file_n_leaves (1), ==, 1);
  g_assert_cmpuint (kith_file_n_leaves (LEAF), ==, 1);
  g_assert_cmpuint (kith_file_n_leaves (LEAF + 1), ==, 2);
  g_assert_cmpuint (kith_file_n_leaves (KITH_LIMIT_FILE_BYTES), ==, 1 << 20);

  g_assert_cmpuint (kith_file_leaf_len (0, 0), ==, 0);
  g_assert_cmpuint (kith_file_leaf_len (1, 0), ==, 1);
  g_assert_cmpuint (kith_file_leaf_len (LEAF, 0), ==, LEAF);
  g_assert_cmpuint (kith_file_leaf_len (LEAF, 1), ==, 0);
  g_assert_cmpuint (kith_file_leaf_len (LEAF + 5, 1), ==, 5);
  g_assert_cmpuint (kith_file_leaf_len (LEAF + 5, G_MAXUINT32), ==, 0);
}

/* Level by level, as the specification says it. */
static void
slow_root (guint64 size, const guint8 *leaves, guint32 n, guint8 root[KITH_HASH_BYTES])
{
  g_autofree guint8 *level = g_memdup2 (leaves, (gsize) n * KITH_HASH_BYTES);
  const guint64 bytes = GUINT64_TO_BE (size);
  const guint32 leaf_bytes = GUINT32_TO_BE (LEAF);

  while (n > 1)
    {
      for (guint32 i = 0; i + 1 < n; i += 2)
        {
          guint8 node[KITH_HASH_BYTES];

          kith_hash (node, "kith1 f-node",
                     KITH_FIELDS (KITH_FIELD (level + i * KITH_HASH_BYTES, KITH_HASH_BYTES),
                                  KITH_FIELD (level + (i + 1) * KITH_HASH_BYTES, KITH_HASH_BYTES)));
          memcpy (level + i / 2 * KITH_HASH_BYTES, node, sizeof node);
        }
      if (n % 2 == 1)
        memmove (level + n / 2 * KITH_HASH_BYTES, level + (n - 1) * KITH_HASH_BYTES, KITH_HASH_BYTES);
      n = (n + 1) / 2;
    }

  kith_hash (root, "kith1 f-root",
             KITH_FIELDS (KITH_FIELD (&bytes, 8), KITH_FIELD (&leaf_bytes, 4),
                          KITH_FIELD (level, KITH_HASH_BYTES)));
}

static void
test_shapes (void)
{
  g_autofree guint8 *leaves = pattern (130 * KITH_HASH_BYTES);

  for (guint32 n = 1; n <= 130; n++)
    {
      guint8 expected[KITH_HASH_BYTES];
      guint8 root[KITH_HASH_BYTES];

      slow_root ((guint64) n * LEAF, leaves, n, expected);
      kith_file_root (root, (guint64) n * LEAF, leaves, n);
      g_assert_cmpmem (root, sizeof root, expected, sizeof expected);
    }
}

/* Size, order and content are all in the root. */
static void
test_differences (void)
{
  g_autofree guint8 *data = pattern (2 * LEAF);
  g_autofree guint8 *leaves = pattern (2 * KITH_HASH_BYTES);
  guint8 root[KITH_HASH_BYTES];
  guint8 other[KITH_HASH_BYTES];
  guint8 leaf_0[KITH_HASH_BYTES];
  guint8 leaf_1[KITH_HASH_BYTES];

  root_of (data, 2 * LEAF, root);
  root_of (data, 2 * LEAF - 1, other);
  g_assert_cmpint (memcmp (root, other, sizeof root), !=, 0);

  kith_file_leaf (leaf_0, 0, data, LEAF);
  kith_file_leaf (leaf_1, 1, data, LEAF);
  g_assert_cmpint (memcmp (leaf_0, leaf_1, sizeof leaf_0), !=, 0);

  kith_file_root (root, LEAF + 1, leaves, 2);
  kith_file_root (other, LEAF + 2, leaves, 2);
  g_assert_cmpint (memcmp (root, other, sizeof root), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proto/file-tree/known-answers", test_known_answers);
  g_test_add_func ("/proto/file-tree/sizes", test_sizes);
  g_test_add_func ("/proto/file-tree/shapes", test_shapes);
  g_test_add_func ("/proto/file-tree/differences", test_differences);

  return g_test_run ();
}
