/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: how two find out which operations the one knows and the other does not. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "group/kith-group-chain.h"

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

/**
 * kith_group_chain_find_common:
 * @self: a chain
 * @hello: what a peer says of its own
 *
 * Returns: the height of the first accepted operation that the peer may not have
 */
guint32
kith_group_chain_find_common (KithGroupChain *self, const KithGroupHello *hello)
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
  guint32 common = kith_group_chain_find_common (self, hello);

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
  ids = g_malloc ((gsize) sorted->len * KITH_GROUP_ID_BYTES);
  for (guint i = 0; i < sorted->len; i++)
    memcpy (ids + (gsize) i * KITH_GROUP_ID_BYTES, ((KithGroupNode *) sorted->pdata[i])->op->id,
            KITH_GROUP_ID_BYTES);

  kith_hash (self->digest, "kith1 g-ops",
             KITH_FIELDS (KITH_FIELD (ids, (gsize) sorted->len * KITH_GROUP_ID_BYTES)));
  self->digest_valid = TRUE;
  return self->digest;
}
