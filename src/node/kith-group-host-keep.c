/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of an effect of a replica goes into the batch: its operations and entries, its state, and what is shown, or no longer,
 * of them. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-group-host-private.h"

static KithStoreGroupAct *
new_act (KithGroupTurn *turn, KithStoreGroupActKind what, const KithGroupEffect *effect)
{
  KithStoreGroupAct *act = kith_store_group_act_new (what, turn->host->row->gid);

  memcpy (act->author, effect->author, sizeof act->author);
  act->seq = effect->seq;
  act->time_ms = effect->time_ms;
  act->bytes = effect->bytes != NULL ? g_bytes_ref (effect->bytes) : NULL;
  return act;
}

/* A key of ours that was replaced, or has to be: what it wrote and nobody got is written with the new one. */
static gboolean
is_written_again (KithGroupHost *host, const guint8 *author)
{
  return memcmp (kith_group_replica_get_author (host->replica), author, KITH_GROUP_KEY_BYTES) != 0
         || kith_group_replica_needs_key (host->replica);
}

/* Returns: whether that is all */
static gboolean
hide (KithGroupTurn *turn, KithStoreGroupActKind what, const KithGroupEffect *effect)
{
  KithStoreGroupAct *act = new_act (turn, what, effect);

  act->again = is_written_again (turn->host, effect->author);
  kith_group_turn_take_hide (turn, effect->author, effect->seq);
  kith_group_host_hide (turn->host, effect->author, effect->seq);
  kith_store_batch_group (turn->batch, act);
  return !act->again;
}

static void
store_op (KithGroupTurn *turn, const KithGroupEffect *effect)
{
  KithStoreGroupAct *act = new_act (turn, KITH_STORE_GROUP_ADD_OP, effect);
  g_autoptr (KithGroupOp) op = kith_group_op_parse (effect->bytes);

  if (op == NULL)
    {
      kith_store_group_act_free (act);
      return;
    }

  memcpy (act->id, op->id, sizeof act->id);
  if (act->time_ms <= 0)
    act->time_ms = kith_group_host_now_ms (turn->host);
  kith_store_batch_group (turn->batch, act);
}

static void
store_entry (KithGroupTurn *turn, const KithGroupEffect *effect)
{
  const KithGroupEntry *entry = effect->entry;
  KithStoreGroupAct *act = new_act (turn, KITH_STORE_GROUP_PUT_ENTRY, effect);

  act->entry = g_new0 (KithStoreGroupEntry, 1);
  memcpy (act->entry->author, entry->author, sizeof act->entry->author);
  act->entry->seq = entry->seq;
  memcpy (act->entry->header, entry->header, sizeof act->entry->header);
  memcpy (act->entry->signature, entry->signature, sizeof act->entry->signature);
  memcpy (act->entry->salt, entry->salt, sizeof act->entry->salt);
  act->entry->content = entry->content != NULL ? g_bytes_ref (entry->content) : NULL;
  act->entry->redacted = effect->redacted;
  kith_store_batch_group (turn->batch, act);
}

void
kith_group_turn_note_acts (KithGroupTurn *turn, KithStoreGroupActKind what, const guint8 *id, const guint8 *author)
{
  KithStoreGroupAct *act = kith_store_group_act_new (what, turn->host->row->gid);

  memcpy (act->id, id, KITH_STORE_MESSAGE_ID_BYTES);
  if (author != NULL)
    memcpy (act->author, author, sizeof act->author);
  kith_store_batch_group (turn->batch, act);
}

gboolean
kith_group_turn_keep (KithGroupTurn *turn, const KithGroupEffect *effect)
{
  switch ((int) effect->type)
    {
    case KITH_GROUP_EFFECT_STORE_OP:
      store_op (turn, effect);
      return TRUE;
    case KITH_GROUP_EFFECT_STORE_ENTRY:
      store_entry (turn, effect);
      return TRUE;
    case KITH_GROUP_EFFECT_STORE_STATE:
      g_clear_pointer (&turn->state, g_bytes_unref);
      turn->state = g_bytes_ref (effect->bytes);
      return TRUE;
    case KITH_GROUP_EFFECT_PICTURE:
      kith_store_batch_group (turn->batch, new_act (turn, KITH_STORE_GROUP_PUT_PICTURE, effect));
      return FALSE;
    case KITH_GROUP_EFFECT_FORGET_ENTRIES:
      return hide (turn, KITH_STORE_GROUP_FORGET, effect);
    case KITH_GROUP_EFFECT_SHOW:
      kith_group_turn_take_show (turn, effect);
      return FALSE;
    case KITH_GROUP_EFFECT_HIDE:
      return hide (turn, KITH_STORE_GROUP_HIDE, effect);
    case KITH_GROUP_EFFECT_MESSAGE:
      kith_group_turn_take_entry (turn, effect->entry, effect->late);
      if (effect->n == 0)
        return TRUE;
      kith_group_turn_note_acts (turn, KITH_STORE_GROUP_ACTS_LEFT, effect->entry->id, effect->entry->author);
      return FALSE;
    case KITH_GROUP_EFFECT_EVENT:
      kith_group_turn_take_event (turn, effect);
      return FALSE;
    case KITH_GROUP_EFFECT_STATUS:
      turn->receipts = TRUE;
      return TRUE;
    default:
      return FALSE;
    }
}
