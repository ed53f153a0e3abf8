/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-transfers.h"

#include <string.h>

#include "base/kith-error.h"
#include "node/kith-node-files.h"
#include "node/kith-node-private.h"

struct _KithTransfers
{
  KithNode   *node; /* (unowned) */
  GListStore *list; /* (owned) KithTransfer */
};

enum
{
  SIGNAL_ADDED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * kith_transfers_install_signals: (skip)
 * @type: the type of nodes
 */
void
kith_transfers_install_signals (GType type)
{
  signals[SIGNAL_ADDED] = g_signal_new ("transfer-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, KITH_TYPE_TRANSFER);
  signals[SIGNAL_CHANGED] = g_signal_new ("transfer-changed", type,
                                          G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, KITH_TYPE_TRANSFER, G_TYPE_STRING);
}

/**
 * kith_transfers_new: (skip)
 * @node: (transfer none): whose files
 *
 * Returns: (transfer full): a table without any
 */
KithTransfers *
kith_transfers_new (KithNode *node)
{
  KithTransfers *self = g_new0 (KithTransfers, 1);

  self->node = node;
  self->list = g_list_store_new (KITH_TYPE_TRANSFER);
  return self;
}

/**
 * kith_transfers_free: (skip)
 * @self: (transfer full): a table
 */
void
kith_transfers_free (KithTransfers *self)
{
  g_object_unref (self->list);
  g_free (self);
}

GListModel *
kith_node_get_transfers (KithNode *self)
{
  return G_LIST_MODEL (self->transfers->list);
}

KithTransfer *
kith_node_find_transfer (KithNode *self, const char *id, GError **error)
{
  KithTransfer *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (kith_node_get_transfers (self)); i++)
    {
      g_autoptr (KithTransfer) transfer = g_list_model_get_item (kith_node_get_transfers (self), i);

      if (*id == '\0' || !g_str_has_prefix (kith_transfer_get_id (transfer), id))
        continue;
      if (found != NULL)
        {
          g_set_error_literal (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS, "Several begin like that");
          return NULL;
        }
      found = transfer; /* the list keeps it */
    }

  if (found == NULL)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such file");
  return found;
}
