/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many files stay in the table: those with which nothing happens are in the store, and come back when they are looked
 * at or asked for. Else whoever offers without end would take our memory. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-limits.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"

/* Offers that come before it is looked again for what can go. */
#define STEP 64

/* The last of the table belong to a page whose messages may still be on their way to the list. */
#define N_NEW (2 * KITH_LIMIT_PAGE_MESSAGES)

static gboolean
is_shown (KithParcel *parcel)
{
  KithConversation *conversation = parcel->chat->conversation;
  KithMessage *last = kith_conversation_get_last_message (conversation);

  return kith_message_list_lookup (kith_conversation_get_messages (conversation), parcel->row->id) != NULL
         || (last != NULL && kith_message_get_transfer (last) == parcel->model);
}

/* Nothing happens with it, and all that is known of it is in the store. */
static gboolean
is_at_rest (KithParcel *parcel)
{
  KithTransferState state = kith_transfer_get_state (parcel->model);

  return parcel->stored && !parcel->working && parcel->resume == NULL && parcel->row->file->told
         && g_ref_count_compare (&parcel->ref_count, 1)
         && (state == KITH_TRANSFER_DONE || state == KITH_TRANSFER_DECLINED || state == KITH_TRANSFER_CANCELLED
             || (state == KITH_TRANSFER_OFFERED && kith_parcel_is_incoming (parcel)));
}

/* Nor is it read at the next start. */
static void
leave_to_store (KithTransfers *self, KithParcel *parcel, KithStoreBatch *batch)
{
  if (parcel->row->file->live)
    {
      parcel->row->file->live = FALSE;
      kith_store_batch_put_transfer (batch, parcel->row);
    }
  kith_transfers_take_out (self, parcel);
}

/**
 * kith_transfers_trim: (skip)
 * @chat: a conversation in which one more file is about to come into the table
 *
 * Of too many the oldest that are at rest, and that no list shows, are left to the store. Main thread.
 */
void
kith_transfers_trim (KithChat *chat)
{
  KithTransfers *self = chat->node->transfers;
  g_autoptr (KithStoreBatch) batch = NULL;

  if (self->stopped || chat->n_files < MAX (KITH_LIMIT_FILES_OFFERED, chat->n_files_kept) + STEP)
    return;

  batch = kith_store_batch_new ();
  for (guint i = 0; chat->n_files > KITH_LIMIT_FILES_OFFERED && i + N_NEW < self->parcels->len;)
    {
      KithParcel *parcel = g_ptr_array_index (self->parcels, i);

      if (parcel->chat == chat && is_at_rest (parcel) && !is_shown (parcel))
        leave_to_store (self, parcel, batch);
      else
        i++;
    }

  chat->n_files_kept = chat->n_files;
  if (kith_store_batch_get_length (batch) > 0)
    kith_node_commit (chat->node, batch);
}
