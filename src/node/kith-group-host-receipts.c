/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has what of ours, and who has read it; and what we have read. Protocol 10.4, 10.8. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-expiry.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-presence-private.h"
#include "node/kith-node-private.h"
#include "store/kith-store-group-read.h"

/* A message of ours that not everybody has read. */
typedef struct
{
  guint64          seq;
  guint8           id[KITH_STORE_MESSAGE_ID_BYTES];
  KithMessageState state;
} KithGroupAwaited;

/* What one member has said. */
typedef struct
{
  const guint8 *author;
  guint64       delivered;
  guint64       read;
} Status;

/* --- What we wait for ----------------------------------------------------------------------- */

void
kith_group_host_await (KithGroupHost *self, const KithStoreMessage *row)
{
  KithGroupAwaited *awaited;

  if (!self->ready || row->event != NULL
      || memcmp (row->author_key, kith_group_replica_get_author (self->replica),
                 sizeof row->author_key)
           != 0)
    return;

  awaited = g_new0 (KithGroupAwaited, 1);
  awaited->seq = row->seq;
  memcpy (awaited->id, row->id, sizeof awaited->id);
  awaited->state = (KithMessageState) row->state;
  g_ptr_array_add (self->awaited, awaited);
  if (self->awaited->len > KITH_LIMIT_GROUP_AWAITED)
    g_ptr_array_remove_index (self->awaited, 0);
}

static void update_receipts (KithGroupHost *self);

static void
awaited_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupHost) self = user_data;
  g_autoptr (GPtrArray) rows =
    kith_store_load_group_unread_finish (KITH_STORE (source), result, NULL);
  g_autoptr (GPtrArray) newer = g_steal_pointer (&self->awaited);

  /* What was written meanwhile comes after those. */
  self->awaited = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    kith_group_host_await (self, g_ptr_array_index (rows, i));
  for (guint i = 0; i < newer->len; i++)
    {
      const KithGroupAwaited *awaited = g_ptr_array_index (newer, i);
      const KithGroupAwaited *last =
        self->awaited->len > 0 ? g_ptr_array_index (self->awaited, self->awaited->len - 1) : NULL;

      if (last == NULL || awaited->seq > last->seq)
        g_ptr_array_add (self->awaited, g_memdup2 (awaited, sizeof *awaited));
    }

  if (self->ready && !self->removed)
    update_receipts (self);
}

void
kith_group_host_load_awaited (KithGroupHost *self)
{
  kith_store_load_group_unread_async (self->node->store, self->row->gid, KITH_LIMIT_GROUP_AWAITED,
                                      awaited_loaded_cb, kith_group_host_ref (self));
}

/* --- What the others say -------------------------------------------------------------------- */

/* (transfer full) (element-type Status): of the current members but ourselves, while they do not change */
static GArray *
collect (KithGroupHost *self)
{
  const KithGroupState *state = kith_group_replica_get_state (self->replica);
  const guint8 *own = kith_group_replica_get_author (self->replica);
  GArray *statuses = g_array_new (FALSE, TRUE, sizeof (Status));

  for (guint i = 0; i < state->members->len; i++)
    {
      const KithGroupMember *member = g_ptr_array_index (state->members, i);
      Status status = { .author = member->author };

      if (member->removed != KITH_GROUP_REMOVED_NOT
          || memcmp (member->author, own, KITH_GROUP_KEY_BYTES) == 0)
        continue;
      kith_group_replica_get_status (self->replica, member->author, own, &status.delivered,
                                     &status.read);
      g_array_append_val (statuses, status);
    }

  return statuses;
}

/* Those who came later do not count. */
static KithMessageState
state_of (KithGroupHost *self, const KithGroupAwaited *awaited, GArray *statuses)
{
  gboolean anybody = FALSE;
  gboolean all_have = TRUE;
  gboolean all_read = TRUE;
  guint n = 0;

  for (guint i = 0; i < statuses->len; i++)
    {
      const Status *status = &g_array_index (statuses, Status, i);

      anybody = anybody || status->delivered >= awaited->seq;
      if (!kith_group_replica_concerns (self->replica, awaited->seq, status->author))
        continue;
      n++;
      all_have = all_have && status->delivered >= awaited->seq;
      all_read = all_read && status->read >= awaited->seq;
    }

  if (n > 0 && all_read)
    return KITH_MESSAGE_READ;
  if (n > 0 && all_have)
    return KITH_MESSAGE_DELIVERED;

  return anybody ? KITH_MESSAGE_SENT : KITH_MESSAGE_QUEUED;
}

static void
show_state (KithGroupHost *self, const KithGroupAwaited *awaited, gint64 now_ms)
{
  KithMessage *message = kith_message_list_lookup (
    kith_conversation_get_messages (self->chat->conversation), awaited->id);
  KithMessage *last = kith_conversation_get_last_message (self->chat->conversation);

  if (last != NULL && last != message
      && memcmp (kith_message_get_id_bytes (last), awaited->id, sizeof awaited->id) == 0)
    kith_message_set_state (last, awaited->state, now_ms);
  if (message == NULL)
    return;

  kith_message_set_state (message, awaited->state, now_ms);
  kith_node_emit_message_changed (self->node, self->chat->conversation, message);
}

static void
store_state (KithGroupHost *self, const KithGroupAwaited *awaited, gint64 now_ms,
             KithStoreBatch *batch)
{
  KithStoreGroupActKind what =
    awaited->state == KITH_MESSAGE_SENT ? KITH_STORE_GROUP_ARRIVED : KITH_STORE_GROUP_ONE_STATE;
  KithStoreGroupAct *act = kith_store_group_act_new (what, self->row->gid);

  memcpy (act->author, kith_group_replica_get_author (self->replica), sizeof act->author);
  memcpy (act->id, awaited->id, sizeof awaited->id);
  if (what == KITH_STORE_GROUP_ARRIVED)
    act->seq = awaited->seq;
  else
    act->seq = awaited->state == KITH_MESSAGE_READ; /* which of the two */
  act->state = awaited->state;
  act->time_ms = now_ms;
  kith_store_batch_group (batch, act);
}

static gboolean
receipts_cb (gpointer user_data)
{
  KithGroupHost *self = user_data;

  kith_source_clear (&self->receipts);
  if (self->ready)
    update_receipts (self);
  return G_SOURCE_REMOVE;
}

/* Members say what they have when they like: all of that together is looked at once. */
void
kith_group_host_update_receipts_soon (KithGroupHost *self)
{
  if (self->receipts == NULL)
    kith_source_start (&self->receipts, KITH_LIMIT_GROUP_RECEIPTS_MS, receipts_cb, self);
}

static void
update_receipts (KithGroupHost *self)
{
  g_autoptr (GArray) statuses = NULL;
  g_autoptr (KithStoreBatch) batch = NULL;
  gint64 now_ms = kith_group_host_now_ms (self);

  if (self->awaited->len == 0)
    return;

  statuses = collect (self);
  batch = kith_store_batch_new ();
  for (guint i = self->awaited->len; i > 0; i--)
    {
      KithGroupAwaited *awaited = g_ptr_array_index (self->awaited, i - 1);
      KithMessageState state = state_of (self, awaited, statuses);

      if (state <= awaited->state)
        continue;
      awaited->state = state;
      store_state (self, awaited, now_ms, batch);
      show_state (self, awaited, now_ms);
      if (state == KITH_MESSAGE_READ)
        g_ptr_array_remove_index (self->awaited, i - 1);
    }

  kith_node_commit (self->node, batch);
}

/* --- Details -------------------------------------------------------------------------------- */

static void
receipt_free (gpointer data)
{
  KithMemberReceipt *receipt = data;

  g_object_unref (receipt->member);
  g_free (receipt);
}

static void
add_receipt (KithGroupHost *self, KithMember *member, guint64 seq, gboolean all_read, GPtrArray *receipts)
{
  const guint8 *author = kith_group_host_get_author (self, kith_member_get_identity (member));
  KithMemberReceipt *receipt;
  guint64 delivered = 0;
  guint64 read = 0;

  if (author == NULL || kith_member_is_self (member)
      || !kith_group_replica_concerns (self->replica, seq, author))
    return;

  kith_group_replica_get_status (self->replica, author,
                                 kith_group_replica_get_author (self->replica), &delivered, &read);
  receipt = g_new0 (KithMemberReceipt, 1);
  receipt->member = g_object_ref (member);
  receipt->delivered = all_read || delivered >= seq;
  receipt->read = all_read || read >= seq;
  g_ptr_array_add (receipts, receipt);
}

/* What members say is not kept; of what all have read the message itself knows it. What stands in the log of a
 * former key of ours is too old to be known about. */
GPtrArray *
kith_group_host_dup_receipts (KithGroupHost *self, KithMessage *message, gboolean *at_least)
{
  GPtrArray *receipts = g_ptr_array_new_with_free_func (receipt_free);
  GListModel *members = kith_group_get_members (self->model);
  gboolean all_read = kith_message_get_state (message) == KITH_MESSAGE_READ;
  guint64 seq = self->ready ? kith_group_replica_find_own (self->replica,
                                                           kith_message_get_id_bytes (message),
                                                           KITH_STORE_MESSAGE_ID_BYTES)
                            : 0;

  *at_least = seq == 0 || !kith_group_replica_knows_all_statuses (self->replica);
  for (guint i = 0; seq != 0 && i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (KithMember) member = g_list_model_get_item (members, i);

      add_receipt (self, member, seq, all_read, receipts);
    }

  return receipts;
}

/* --- What we have read ---------------------------------------------------------------------- */

static void
tell_read (KithGroupHost *self)
{
  kith_group_replica_mark_read (self->replica, kith_group_host_now_ms (self));
  kith_group_host_turn (self);
}

static void
unmark (KithGroupHost *self, KithStoreBatch *batch)
{
  if (!self->chat->options.marked_unread)
    return;

  self->chat->options.marked_unread = FALSE;
  kith_chat_show_options (self->chat);
  kith_store_batch_put_options (batch, self->row->gid, &self->chat->options);
}

static void
store_reading (KithGroupHost *self, GArray *seen, gint64 now_ms, KithStoreBatch *batch)
{
  KithMessageList *list = kith_conversation_get_messages (self->chat->conversation);

  for (guint i = 0; i < seen->len; i++)
    {
      const KithUnread *unread = &g_array_index (seen, KithUnread, i);
      KithMessage *message = kith_message_list_lookup (list, unread->id);
      KithStoreMessage row = { .state = KITH_MESSAGE_RECEIVED, .read_ms = now_ms };

      memcpy (row.id, unread->id, sizeof row.id);
      memcpy (row.identity, self->row->gid, sizeof row.identity);
      row.expires_ms = unread->ttl_s > 0 ? now_ms + unread->ttl_s * (gint64) 1000 : 0;
      if (message != NULL)
        kith_message_set_ttl (message, unread->ttl_s, row.expires_ms);
      if (row.expires_ms != 0)
        kith_expiry_expect (self->node, row.expires_ms);
      kith_store_batch_update_message (batch, &row);
    }

  if (self->chat->unread_number > 0)
    {
      KithStoreMark mark = { .number = self->chat->unread_number, .time_ms = now_ms };

      memcpy (mark.identity, self->row->gid, sizeof mark.identity);
      kith_store_batch_we_read (batch, &mark);
      kith_expiry_expect (self->node, now_ms + KITH_LIMIT_TTL_MIN_S * 1000);
      self->chat->unread_number = 0;
    }
}

void
kith_group_host_mark_read (KithGroupHost *self)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GArray) seen = NULL;
  gboolean is_all;

  unmark (self, batch);
  kith_group_set_unread_mentions (self->model, 0);
  if (kith_conversation_get_unread (self->chat->conversation) > 0)
    {
      seen = kith_conversation_take_unread (self->chat->conversation, &is_all);
      if (!is_all)
        self->chat->unread_number = G_MAXINT64;
      store_reading (self, seen, kith_group_host_now_ms (self), batch);
    }

  kith_node_commit (self->node, batch);
  if (seen != NULL && self->ready && kith_node_get_read_receipts (self->node))
    tell_read (self);
}
