/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.3: entries that come and those we write; which of them are shown. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "group/kith-group-replica-private.h"

/* --- What counts, and is shown --------------------------------------------------------------- */

static guint64
find_limit (KithGroupReplica *self, const KithGroupLog *log)
{
  const KithGroupMember *member = kith_group_state_find (self->chain->state, log->author);
  const KithGroupLogItem *item;
  guint64 limit;

  if (member == NULL)
    return 0;
  if (member->removed_height == KITH_GROUP_NEVER)
    return log->fork != 0 ? log->fork - 1 : G_MAXINT64;

  /* On the branch that the cut-off names, nothing that was written since can hide the past. */
  limit = member->cut_seq;
  item = kith_group_log_get (log, limit);
  if (item != NULL && memcmp (item->id, member->cut_id, sizeof item->id) == 0)
    return limit;

  return log->fork != 0 ? MIN (limit, log->fork - 1) : limit;
}

static gboolean
is_mine (KithGroupReplica *self, const guint8 *author)
{
  return memcmp (author, self->author, sizeof self->author) == 0;
}

/* (skip) the last one whose time has come. What we wrote ourselves does not wait. */
guint64
kith_group_replica_find_due (KithGroupReplica *self, const KithGroupLog *log)
{
  gint64 edge_ms = self->now_ms + KITH_LIMIT_GROUP_AHEAD_MS;

  if (is_mine (self, log->author))
    return kith_group_log_last (log);

  return kith_group_log_find_hlc (log, kith_hlc_from_ms (edge_ms) + 1) - 1;
}

static void
expect_due (KithGroupReplica *self, const KithGroupLog *log, guint64 seq)
{
  const KithGroupLogItem *item = kith_group_log_get (log, seq);

  if (item != NULL)
    self->quarantine_ms = MIN (self->quarantine_ms, (gint64) (item->hlc >> KITH_HLC_COUNTER_BITS)
                                                        - KITH_LIMIT_GROUP_AHEAD_MS);
}

static void
hide (KithGroupReplica *self, KithGroupLog *log, guint64 from)
{
  KithGroupEffect *effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_HIDE);

  memcpy (effect->author, log->author, sizeof effect->author);
  effect->seq = from;
  log->shown_to = from - 1;
}

static void
show (KithGroupReplica *self, KithGroupLog *log, guint64 to)
{
  KithGroupEffect *effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_SHOW);

  memcpy (effect->author, log->author, sizeof effect->author);
  effect->seq = MAX (log->shown_to + 1, log->first);
  effect->to_seq = to;
  log->shown_to = to;
  self->clock.last = MAX (self->clock.last, kith_group_log_get (log, to)->hlc);
}

/* (skip) which entries of a log count, after something has changed; what is shown follows */
void
kith_group_replica_update_log (KithGroupReplica *self, KithGroupLog *log)
{
  guint64 counted;
  guint64 limit = find_limit (self, log);

  if (limit != log->limit)
    kith_group_replica_mark_dirty (self, log);
  log->limit = limit;
  if (self->restoring)
    return;

  counted = kith_group_log_counted (log);
  if (log->shown_to > counted && log->shown_to >= log->first)
    hide (self, log, MAX (counted + 1, log->first));
  if (counted > log->shown_to)
    {
      guint64 due = MIN (counted, kith_group_replica_find_due (self, log));

      if (due > log->shown_to && due >= log->first)
        show (self, log, due);
      if (due < counted)
        {
          expect_due (self, log, due + 1);
          self->state_dirty = TRUE;
        }
    }
}

/* (skip) what was written by a clock that is ahead, and whose time has come */
void
kith_group_replica_show_due (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer log;

  self->quarantine_ms = G_MAXINT64;
  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    kith_group_replica_update_log (self, log);
  self->state_dirty = TRUE;
}

/* --- Taking one in --------------------------------------------------------------------------- */

/* What stays of an entry: without its content, if the log keeps that not. (transfer full) */
static KithGroupEntry *
strip (KithGroupReplica *self, KithGroupEntry *entry)
{
  const KithGroupLogItem *item
      = kith_group_log_get (kith_group_replica_get_log (self, entry->author), entry->seq);

  if (item == NULL || !item->redacted || entry->content == NULL)
    return kith_group_entry_ref (entry);

  return kith_group_entry_parse (entry->header, sizeof entry->header, entry->signature,
                                 sizeof entry->signature);
}

/* (skip) */
void
kith_group_replica_store_entry (KithGroupReplica *self, KithGroupEntry *entry)
{
  KithGroupEffect *effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_STORE_ENTRY);
  const KithGroupLogItem *item =
    kith_group_log_get (kith_group_replica_get_log (self, entry->author), entry->seq);

  memcpy (effect->author, entry->author, sizeof effect->author);
  effect->seq = entry->seq;
  effect->entry = strip (self, entry);
  effect->redacted = item != NULL && item->redacted;
}

static gboolean
is_late (KithGroupReplica *self, const KithGroupEntry *entry)
{
  gint64 written_ms = (gint64) (entry->hlc >> KITH_HLC_COUNTER_BITS);

  return self->now_ms - written_ms > KITH_LIMIT_GROUP_LATE_MS;
}

/* (skip) */
void
kith_group_replica_tell_message (KithGroupReplica *self, KithGroupEntry *entry)
{
  KithGroupEffect *effect;

  if (self->left)
    return;

  effect = kith_group_replica_emit (self, KITH_GROUP_EFFECT_MESSAGE);
  memcpy (effect->author, entry->author, sizeof effect->author);
  effect->seq = entry->seq;
  effect->entry = strip (self, entry);
  effect->late = is_late (self, entry);
  effect->n = kith_group_log_last (kith_group_replica_get_log (self, entry->author)) > entry->seq;
}

static gboolean
is_ahead (KithGroupReplica *self, const KithGroupEntry *entry)
{
  return entry->hlc > kith_hlc_from_ms (self->now_ms + KITH_LIMIT_GROUP_AHEAD_MS)
         && !is_mine (self, entry->author);
}

/* What entries mean for us beside being shown. */
static void
handle (KithGroupReplica *self, const KithGroupEntry *entry)
{
  switch (entry->kind)
    {
    case KITH_GROUP_ENTRY_LEAVE:
      kith_group_replica_do_duties (self);
      break;
    case KITH_GROUP_ENTRY_OFFER:
    case KITH_GROUP_ENTRY_ACCEPT:
    case KITH_GROUP_ENTRY_DECLINE:
      kith_group_replica_handle_offer (self, entry);
      break;
    case KITH_GROUP_ENTRY_DENY:
      kith_group_replica_handle_deny (self, entry);
      break;
    default:
      break;
    }
}

/* It is the next one of its log now. */
static void
appended (KithGroupReplica *self, KithGroupLog *log, KithGroupEntry *entry, guint from_link)
{
  kith_group_replica_store_entry (self, entry);
  if (!is_mine (self, entry->author))
    kith_group_replica_count_arrival (self, log, entry);
  kith_group_replica_brought (self, log, entry->seq);
  if (entry->seq > log->limit)
    return;

  if (is_ahead (self, entry) || log->shown_to + 1 < entry->seq)
    kith_group_replica_update_log (self, log);
  else
    {
      self->clock.last = MAX (self->clock.last, entry->hlc);
      log->shown_to = entry->seq;
      kith_group_replica_tell_message (self, entry);
    }

  self->status_dirty = TRUE;
  if (log->n_hollow > 0)
    kith_group_replica_ask_for (self, log);
  kith_group_replica_forward (self, log, entry, from_link);
  handle (self, entry);
}

static void
keep_pending (KithGroupReplica *self, KithGroupLog *log, KithGroupEntry *entry)
{
  gsize before = log->pending_bytes;

  if (self->pending_bytes + kith_group_entry_get_size (entry) > KITH_LIMIT_GROUP_PENDING_BYTES)
    return;

  if (kith_group_log_keep_pending (log, entry))
    self->pending_bytes += log->pending_bytes - before;
}

/* The content of an entry of which only the header was known. The signature comes with it, and is
 * stored and given to others. Returns: %FALSE when that is wrong */
static gboolean
fill_hollow (KithGroupReplica *self, KithGroupLog *log, KithGroupEntry *entry)
{
  gboolean kept;

  if (!kith_group_log_get (log, entry->seq)->hollow || entry->content == NULL)
    return TRUE;
  if (!kith_group_entry_verify (entry))
    return FALSE;

  kept = kith_group_log_fill (log, entry->seq);
  kith_group_replica_store_entry (self, entry);
  if (!kept)
    return TRUE;

  if (entry->seq <= log->shown_to)
    kith_group_replica_tell_message (self, entry);
  if (entry->seq <= log->limit)
    handle (self, entry);
  return TRUE;
}

/* The log is empty: whether this is the entry with which it is to begin here, as the peer that we
 * asked for all of it says. */
static gboolean
begins_here (const KithGroupLog *log, const KithGroupEntry *entry, guint from_link)
{
  return log->items->len == 0 && (entry->seq == 1 || (from_link != 0 && log->want_link == from_link));
}

static KithGroupLogResult
try_append (KithGroupReplica *self, KithGroupLog *log, KithGroupEntry *entry, guint from_link)
{
  const KithGroupNode *node = kith_group_chain_find (self->chain, entry->chain_head);
  KithGroupLogResult result = kith_group_log_place (log, entry);

  if (result == KITH_GROUP_LOG_GAP && begins_here (log, entry, from_link))
    result = KITH_GROUP_LOG_APPENDED;
  if (result != KITH_GROUP_LOG_APPENDED)
    return result;
  if (node == NULL)
    return KITH_GROUP_LOG_GAP;
  if (node->op->height != entry->chain_height
      || !kith_group_chain_was_member (self->chain, node, entry->author))
    return KITH_GROUP_LOG_BAD;

  return kith_group_log_append (log, entry, node->index);
}

static gboolean
is_unknown (KithGroupReplica *self, const guint8 *author)
{
  return kith_group_state_find (self->chain->state, author) == NULL;
}

/* Nothing may be left that points to it: it may be about to be announced, or fetched backwards, when its
 * author was a member for a moment. */
static void
drop_log (KithGroupReplica *self, KithGroupLog *log)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_hash_table_remove (((KithGroupLink *) value)->dirty, log);

  kith_group_replica_end_asking (self, log);
  self->pending_bytes -= log->pending_bytes;
  g_hash_table_remove (self->backs, log->author);
  g_hash_table_remove (self->logs, log->author);
}

/* Who is no member may become one by an operation that has not come yet. Of all who say so, the last
 * few are waited for. */
static void
make_room_for_unknown (KithGroupReplica *self, const guint8 *author)
{
  g_queue_push_tail (&self->unknown, g_bytes_new (author, KITH_GROUP_KEY_BYTES));
  while (g_queue_get_length (&self->unknown) > KITH_LIMIT_GROUP_UNKNOWN_AUTHORS)
    {
      g_autoptr (GBytes) oldest = g_queue_pop_head (&self->unknown);
      KithGroupLog *log = kith_group_replica_get_log (self, g_bytes_get_data (oldest, NULL));

      if (log != NULL && log->items->len == 0 && is_unknown (self, log->author))
        drop_log (self, log);
    }
}

/* Whether it is worth to look at the signature: above what counts, nothing is taken. */
static gboolean
is_of_interest (KithGroupReplica *self, const KithGroupEntry *entry)
{
  const KithGroupLog *log = kith_group_replica_get_log (self, entry->author);

  if (log == NULL)
    return g_hash_table_size (self->logs) < KITH_LIMIT_GROUP_AUTHORS;

  return entry->seq <= log->limit || is_unknown (self, entry->author);
}

static void retry (KithGroupReplica *self, KithGroupLog *log);

/* One that is of interest, with a good signature. */
static void
take_good (KithGroupReplica *self, KithGroupEntry *entry, guint from_link)
{
  KithGroupLog *log = kith_group_replica_get_log (self, entry->author);

  if (log == NULL && is_unknown (self, entry->author))
    make_room_for_unknown (self, entry->author);
  log = kith_group_replica_ensure_log (self, entry->author);
  if (kith_group_replica_has_no_room (self, log, entry, from_link))
    return;

  switch (try_append (self, log, entry, from_link))
    {
    case KITH_GROUP_LOG_APPENDED:
      appended (self, log, entry, from_link);
      retry (self, log);
      break;
    case KITH_GROUP_LOG_GAP:
      keep_pending (self, log, entry);
      break;
    case KITH_GROUP_LOG_FORK:
      kith_group_replica_suspect (self, log, entry);
      break;
    case KITH_GROUP_LOG_TORN:
      kith_group_replica_torn (self, log, from_link);
      break;
    case KITH_GROUP_LOG_OLDER:
    case KITH_GROUP_LOG_KNOWN:
    case KITH_GROUP_LOG_BAD:
    default:
      break;
    }
}

/* (skip) an entry from a link: whatever it is worth. Returns: %FALSE when its signature is wrong, which is the dearest
 * thing to find out about it, and which nobody honest hands on */
gboolean
kith_group_replica_take_entry (KithGroupReplica *self, KithGroupEntry *entry, guint from_link)
{
  KithGroupLog *log = kith_group_replica_get_log (self, entry->author);
  gboolean looks_back;

  if (memcmp (entry->gid, self->chain->gid, sizeof entry->gid) != 0)
    return TRUE;

  looks_back = kith_group_replica_looks_back (self, entry, from_link);
  if (looks_back && !kith_group_entry_verify (entry))
    return FALSE;
  if (looks_back && kith_group_replica_take_back (self, entry))
    return TRUE;
  if (log != NULL && kith_group_log_place (log, entry) == KITH_GROUP_LOG_KNOWN)
    return fill_hollow (self, log, entry);
  if (!is_of_interest (self, entry))
    return TRUE;
  if (!looks_back && !kith_group_entry_verify (entry))
    return FALSE;

  take_good (self, entry, from_link);
  return TRUE;
}

/* (skip) what waited for something that has come */
static void
retry (KithGroupReplica *self, KithGroupLog *log)
{
  for (guint i = 0; i < log->pending->len;)
    {
      g_autoptr (KithGroupEntry) entry = kith_group_entry_ref (log->pending->pdata[i]);
      KithGroupLogResult result = is_of_interest (self, entry) ? try_append (self, log, entry, 0)
                                                               : KITH_GROUP_LOG_BAD;

      if (result == KITH_GROUP_LOG_GAP)
        {
          i++;
          continue;
        }

      log->pending_bytes -= kith_group_entry_get_size (entry);
      self->pending_bytes -= kith_group_entry_get_size (entry);
      g_ptr_array_remove_index (log->pending, i);
      if (result == KITH_GROUP_LOG_APPENDED)
        appended (self, log, entry, 0);
      else if (result == KITH_GROUP_LOG_FORK)
        kith_group_replica_suspect (self, log, entry);
      /* What is done about one may change the list. */
      i = 0;
    }
}

/* (skip) the same of all logs, after operations have come */
void
kith_group_replica_retry_all (KithGroupReplica *self)
{
  g_autoptr (GList) logs = g_hash_table_get_values (self->logs);

  for (GList *l = logs; l != NULL; l = l->next)
    if (((KithGroupLog *) l->data)->pending->len > 0)
      retry (self, l->data);
}

/* --- Writing one ----------------------------------------------------------------------------- */

static KithGroupEntry *
seal_entry (KithGroupReplica *self, KithGroupLog *log, KithGroupEntryKind kind,
            const guint8 *content, gsize len, guint64 hlc)
{
  static const guint8 none[KITH_GROUP_ID_BYTES];
  const KithGroupNode *head = kith_group_chain_get_head (self->chain);
  const KithGroupLogItem *last = kith_group_log_get (log, kith_group_log_last (log));
  guint8 salt[KITH_GROUP_SALT_BYTES];
  KithGroupEntryDraft draft = {
    .kind = (guint8) kind,
    .gid = self->chain->gid,
    .seq = kith_group_log_last (log) + 1,
    .prev = last != NULL ? last->id : none,
    .chain_height = head->op->height,
    .chain_head = head->op->id,
    .hlc = hlc,
    .content = content,
    .content_len = len,
    .salt = salt,
  };

  self->random (self->random_data, salt, sizeof salt);
  return kith_group_entry_seal (&draft, kith_secret_get_data (self->seed));
}

/* After our last, and after what we have seen of others; but nobody takes our clock years ahead with them. */
static guint64
next_hlc (KithGroupReplica *self, const KithGroupLog *log)
{
  const KithGroupLogItem *last = kith_group_log_get (log, kith_group_log_last (log));
  guint64 edge = kith_hlc_from_ms (self->now_ms + KITH_LIMIT_GROUP_AHEAD_MS);
  guint64 hlc = kith_hlc_from_ms (self->now_ms);

  if (self->clock.last < edge)
    hlc = MAX (hlc, self->clock.last + 1);
  return last != NULL ? MAX (hlc, last->hlc + 1) : hlc;
}

/* Our log ends in the future, so that all we add to it would wait at the others; and it is not that our clock
 * has gone back since. */
static gboolean
is_far_ahead (KithGroupReplica *self, guint64 hlc)
{
  return hlc > kith_hlc_from_ms (self->now_ms + KITH_LIMIT_GROUP_AHEAD_MS)
         && self->now_ms >= kith_group_chain_get_head (self->chain)->applied_ms;
}

/* (skip) writes an entry of ours; @id may be %NULL */
gboolean
kith_group_replica_write_entry (KithGroupReplica *self, KithGroupEntryKind kind,
                                const guint8 *content, gsize len, guint8 *id, GError **error)
{
  KithGroupLog *log;
  g_autoptr (KithGroupEntry) entry = NULL;
  guint64 hlc;

  if (!kith_group_replica_can_post (self, error))
    return FALSE;
  if (len > KITH_LIMIT_GROUP_CONTENT_BYTES)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_TOO_BIG, "Too long for a group");
      return FALSE;
    }

  log = kith_group_replica_ensure_log (self, self->author);
  if (kith_group_log_last (log) >= KITH_LIMIT_GROUP_SEQ || !kith_group_log_has_room (log, len))
    {
      kith_group_replica_ask_for_key (self);
      g_set_error (error, kith_error_quark (), KITH_ERROR_PAUSED, "The log is full: a new one is asked for");
      return FALSE;
    }
  hlc = next_hlc (self, log);
  if (is_far_ahead (self, hlc))
    {
      kith_group_replica_ask_for_key (self);
      g_set_error (error, kith_error_quark (), KITH_ERROR_PAUSED,
                   "The log is ahead of the clock: a new one is asked for");
      return FALSE;
    }
  if (!kith_group_log_may_follow (log, hlc))
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_BUSY,
                   "Too many messages in a short time");
      return FALSE;
    }

  entry = seal_entry (self, log, kind, content, len, hlc);
  if (try_append (self, log, entry, 0) != KITH_GROUP_LOG_APPENDED)
    {
      g_set_error (error, kith_error_quark (), KITH_ERROR_REFUSED, "Cannot be written now");
      return FALSE;
    }

  self->clock.last = hlc;
  if (id != NULL)
    memcpy (id, entry->id, sizeof entry->id);
  appended (self, log, entry, 0);
  return TRUE;
}
