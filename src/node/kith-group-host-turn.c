/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a replica wants done: everything that is to be kept goes into one batch, with the messages and
 * lines that come of it; after the commit the rest is carried out, in order. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-group-host-private.h"
#include "node/kith-group-links.h"
#include "node/kith-messenger-private.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers.h"
#include "store/kith-store-group-read.h"

static void
step_free (gpointer data)
{
  KithGroupStep *step = data;

  g_clear_pointer (&step->effect, kith_group_effect_free);
  kith_store_message_free (step->row);
  g_free (step);
}

static KithGroupTurn *
turn_new (KithGroupHost *host)
{
  KithGroupTurn *turn = g_new0 (KithGroupTurn, 1);

  turn->host = kith_group_host_ref (host);
  turn->generation = host->generation;
  turn->batch = kith_store_batch_new ();
  turn->steps = g_ptr_array_new_with_free_func (step_free);
  return turn;
}

static void
turn_free (KithGroupTurn *turn)
{
  kith_group_host_unref (turn->host);
  g_clear_pointer (&turn->speaker, kith_peer_unref);
  kith_store_batch_unref (turn->batch);
  g_ptr_array_unref (turn->steps);
  g_clear_pointer (&turn->state, g_bytes_unref);
  g_free (turn);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupTurn, turn_free)

static KithGroupStep *
add_step (KithGroupTurn *turn, KithGroupStepKind kind)
{
  KithGroupStep *step = g_new0 (KithGroupStep, 1);

  step->kind = kind;
  g_ptr_array_add (turn->steps, step);
  return step;
}

/* @row: (transfer full) */
void
kith_group_turn_add_step (KithGroupTurn *turn, KithGroupStepKind kind, KithStoreMessage *row, guint op)
{
  KithGroupStep *step = add_step (turn, kind);

  step->row = row;
  step->op = op;
}

/* --- The rest ------------------------------------------------------------------------------- */

typedef struct
{
  KithGroupHost *host; /* (owned) */
  guint          generation;
  guint64        token;
} Loading;

static KithGroupEntry *
make_entry (const KithStoreGroupEntry *row)
{
  KithGroupEntry *entry =
    kith_group_entry_parse (row->header, sizeof row->header, row->signature, sizeof row->signature);
  gsize len = 0;
  const guint8 *content = row->content != NULL ? g_bytes_get_data (row->content, &len) : NULL;

  if (entry != NULL && row->content != NULL)
    kith_group_entry_set_content (entry, row->salt, sizeof row->salt, content, len);
  return entry;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  g_autoptr (KithGroupHost) host = loading->host;
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  g_autoptr (GPtrArray) rows =
    kith_store_load_group_entries_finish (KITH_STORE (source), result, NULL);

  if (host->replica == NULL || !host->ready || host->generation != loading->generation)
    return;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      KithGroupEntry *entry = make_entry (g_ptr_array_index (rows, i));

      if (entry != NULL)
        g_ptr_array_add (entries, entry);
    }

  kith_group_replica_loaded (host->replica, loading->token, entries,
                             kith_group_host_now_ms (host));
  kith_group_host_turn (host);
}

static void
load (KithGroupHost *host, const KithGroupEffect *effect)
{
  Loading *loading = g_new0 (Loading, 1);

  loading->host = kith_group_host_ref (host);
  loading->generation = host->generation;
  loading->token = effect->token;
  kith_store_load_group_entries_async (host->node->store, host->row->gid, effect->author,
                                       effect->seq, effect->n, loaded_cb, loading);
}

/* The links know whom they can be with once the members were put. It is whom the replica wants; and,
 * where not everybody is linked, who offers files that we wait for. */
void
kith_group_host_want_links (KithGroupHost *host)
{
  g_autoptr (GPtrArray) wanted = NULL;
  g_autoptr (GPtrArray) sought = NULL;
  g_autofree guint8 (*identities)[KITH_IDENTITY_BYTES] = NULL;

  if (host->replica == NULL || !host->ready
      || kith_group_replica_get_standing (host->replica) == KITH_GROUP_STANDING_ASKING)
    return; /* whoever brings us in is wanted, and nobody else is known */

  wanted = kith_group_replica_get_wanted (host->replica);
  sought = kith_group_files_list_sought (host->node, host->row->gid);
  identities = g_malloc0_n (wanted->len + sought->len + 1, sizeof *identities);
  for (guint i = 0; i < wanted->len; i++)
    {
      const KithGroupMember *member = g_ptr_array_index (wanted, i);

      memcpy (identities[i], member->identity, sizeof identities[i]);
    }
  for (guint i = 0; i < sought->len; i++)
    memcpy (identities[wanted->len + i], g_ptr_array_index (sought, i), KITH_IDENTITY_BYTES);
  kith_group_links_want (host->node, host->row->gid,
                         (const guint8 (*)[KITH_IDENTITY_BYTES]) identities, wanted->len + sought->len);
}

static void
drop_link (KithGroupHost *host, const KithGroupEffect *effect)
{
  const KithGroupHostLink *link =
    g_hash_table_lookup (host->links_by_number, GUINT_TO_POINTER (effect->link));
  guint8 identity[KITH_IDENTITY_BYTES];

  if (link == NULL)
    return;

  memcpy (identity, link->identity, sizeof identity);
  kith_group_links_drop_member (host->node, host->row->gid, identity);
  g_hash_table_remove (host->known, identity);
}

static void
carry_out (KithGroupTurn *turn, const KithGroupEffect *effect)
{
  KithGroupHost *host = turn->host;

  switch ((int) effect->type)
    {
    case KITH_GROUP_EFFECT_SEND:
      kith_group_host_send_record (host, effect->link, (KithRecordType) effect->record,
                                   effect->bytes);
      break;
    case KITH_GROUP_EFFECT_LOAD:
      load (host, effect);
      break;
    case KITH_GROUP_EFFECT_SHOW:
      kith_group_host_show_more (host, effect->author);
      break;
    case KITH_GROUP_EFFECT_FORGET_ENTRIES:
    case KITH_GROUP_EFFECT_HIDE:
      kith_group_host_load_pending (host);
      break;
    case KITH_GROUP_EFFECT_MESSAGE:
      kith_group_host_catch_up (host, effect->entry->id, effect->entry->author);
      break;
    case KITH_GROUP_EFFECT_EVENT:
      kith_group_host_show_event (host, effect);
      break;
    case KITH_GROUP_EFFECT_WANT_LINKS:
      kith_group_host_want_links (host);
      break;
    case KITH_GROUP_EFFECT_DROP_LINK:
      drop_link (host, effect);
      break;
    case KITH_GROUP_EFFECT_REQUEST:
      kith_group_host_take_request (host, effect);
      break;
    case KITH_GROUP_EFFECT_REQUEST_SETTLED:
      kith_group_host_settle_request (host, effect);
      break;
    case KITH_GROUP_EFFECT_ADMIN_OFFERED:
      kith_group_host_show_offer (host);
      break;
    case KITH_GROUP_EFFECT_PICTURE:
      kith_group_host_show_picture (host, effect->bytes);
      break;
    default:
      break;
    }
}

static void
carry_out_all (KithGroupTurn *turn)
{
  KithGroupHost *host = turn->host;

  if (turn->state != NULL)
    {
      g_clear_pointer (&host->row->state, g_bytes_unref);
      host->row->state = g_steal_pointer (&turn->state);
    }
  if (turn->members && host->ready)
    kith_group_host_sync_members (host);

  for (guint i = 0; i < turn->steps->len; i++)
    {
      const KithGroupStep *step = g_ptr_array_index (turn->steps, i);

      /* An effect may have ended the replica that wanted the others. */
      if (host->removed || host->generation != turn->generation)
        return;

      if (step->kind == KITH_GROUP_STEP_EFFECT)
        carry_out (turn, step->effect);
      else
        kith_group_turn_show (turn, step);
    }

  if (turn->receipts && host->ready)
    kith_group_host_update_receipts_soon (host);
  if (turn->members && host->ready)
    kith_group_host_part (host);
}

/* What the replica believes to be on the disk is not: it begins again with what is. */
static void
begin_again (KithGroupHost *host, const GError *error)
{
  kith_node_write_failed (host->node, error);
  kith_group_host_drop_replica (host);
  kith_group_host_load_later (host);
}

/* Whoever says more than the store can keep up with has to wait, as with messages. */
static void
count_committing (KithGroupTurn *turn)
{
  if (turn->host->speaker == NULL)
    return;

  turn->speaker = kith_peer_ref (turn->host->speaker);
  turn->n_counted = (int) MAX (kith_store_batch_get_length (turn->batch), 1);
  kith_messenger_count_committing (turn->speaker, turn->n_counted);
}

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupTurn) turn = user_data;
  KithGroupHost *host = turn->host;
  g_autoptr (GError) error = NULL;
  gboolean committed = kith_store_commit_finish (KITH_STORE (source), result, &error);

  host->n_commits--;
  if (turn->speaker != NULL && !turn->speaker->removed)
    kith_messenger_count_committing (turn->speaker, -turn->n_counted);
  if (host->removed || host->generation != turn->generation)
    return;

  if (committed)
    carry_out_all (turn);
  else
    begin_again (host, error);
}

/* What comes after a commit waits for it, and behind what waits already: an empty batch comes back in
 * its turn as well. */
static void
finish (KithGroupTurn *turn)
{
  KithGroupHost *host = turn->host;

  if (kith_store_batch_get_length (turn->batch) == 0 && host->n_commits == 0)
    {
      carry_out_all (turn);
      turn_free (turn);
      return;
    }

  host->n_commits++;
  count_committing (turn);
  kith_store_commit_async (host->node->store, kith_store_batch_ref (turn->batch), NULL, committed_cb,
                           turn);
}

/* The last one is all that matters: it is about everything before. */
static void
put_state (KithGroupTurn *turn)
{
  KithStoreGroupAct *act;

  if (turn->state == NULL)
    return;

  act = kith_store_group_act_new (KITH_STORE_GROUP_PUT_STATE, turn->host->row->gid);
  act->bytes = g_bytes_ref (turn->state);
  kith_store_batch_group (turn->batch, act);
}

void
kith_group_host_take_effects (KithGroupHost *self)
{
  KithGroupTurn *turn = NULL;
  KithGroupEffect *effect;

  while ((effect = kith_group_replica_take_effect (self->replica)) != NULL)
    {
      if (turn == NULL)
        turn = turn_new (self);
      if (kith_group_turn_keep (turn, effect))
        kith_group_effect_free (effect);
      else
        add_step (turn, KITH_GROUP_STEP_EFFECT)->effect = effect;
    }

  if (turn == NULL)
    return;

  put_state (turn);
  finish (turn);
}

/* What waited because its time had not come is not late. */
static gboolean
is_late (KithGroupHost *host, const KithGroupEntry *entry)
{
  gint64 written_ms = (gint64) (entry->hlc >> KITH_HLC_COUNTER_BITS);

  return kith_group_host_now_ms (host) - written_ms > KITH_LIMIT_GROUP_LATE_MS;
}

/* After the commit the next page is asked for. */
static void
add_next_page (KithGroupTurn *turn, const guint8 *author)
{
  KithGroupEffect *more = kith_group_effect_new (KITH_GROUP_EFFECT_SHOW);

  memcpy (more->author, author, sizeof more->author);
  kith_group_turn_note_shown (turn, author);
  add_step (turn, KITH_GROUP_STEP_EFFECT)->effect = more;
}

static void
take_rows (KithGroupTurn *turn, GPtrArray *rows, guint64 to_seq)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreGroupEntry *row = g_ptr_array_index (rows, i);
      g_autoptr (KithGroupEntry) entry = row->seq <= to_seq ? make_entry (row) : NULL;

      if (entry != NULL)
        kith_group_turn_take_entry (turn, entry, is_late (turn->host, entry));
    }
}

/* Entries that were kept and may be shown now. */
void
kith_group_host_take_stored (KithGroupHost *self, const guint8 *author, GPtrArray *rows,
                             guint64 to_seq)
{
  KithGroupTurn *turn = turn_new (self);

  take_rows (turn, rows, to_seq);
  if (author != NULL)
    add_next_page (turn, author);
  finish (turn);
}

/* What was said of a message that came later, and in the same commit that nothing of it is left to do. */
void
kith_group_host_take_acts (KithGroupHost *self, const guint8 *id, GPtrArray *rows)
{
  KithGroupTurn *turn = turn_new (self);

  take_rows (turn, rows, G_MAXUINT64);
  kith_group_turn_note_acts (turn, KITH_STORE_GROUP_ACTS_DONE, id, NULL);
  finish (turn);
}
