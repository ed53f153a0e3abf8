/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: what each member has got and read, and what is missing here. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "group/kith-group-replica-private.h"
#include "group/kith-group-table.h"
#include "proto/kith-record.h"

/* (skip) */
void
kith_group_member_status_free (KithGroupMemberStatus *status)
{
  g_clear_pointer (&status->bytes, g_bytes_unref);
  g_hash_table_unref (status->rows);
  g_free (status);
}

/* --- Ours ------------------------------------------------------------------------------------ */

static gint
compare_age (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const KithGroupLog *const *left = a;
  const KithGroupLog *const *right = b;
  const KithGroupLogItem *newest_left = kith_group_log_get (*left, kith_group_log_last (*left));
  const KithGroupLogItem *newest_right = kith_group_log_get (*right, kith_group_log_last (*right));

  if (newest_left->hlc != newest_right->hlc)
    return newest_left->hlc > newest_right->hlc ? -1 : 1;

  return memcmp ((*left)->author, (*right)->author, KITH_GROUP_KEY_BYTES);
}

/* Those who wrote something lately, the last first. */
static GPtrArray *
find_recent (KithGroupReplica *self)
{
  GPtrArray *recent = g_ptr_array_new ();
  guint64 oldest = kith_hlc_from_ms (self->now_ms - KITH_LIMIT_GROUP_STATUS_AGE_MS);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupLog *log = value;
      const KithGroupLogItem *last = kith_group_log_get (log, kith_group_log_last (log));

      if (last != NULL && last->hlc >= oldest && kith_group_log_counted (log) != 0
          && memcmp (log->author, self->author, sizeof self->author) != 0)
        g_ptr_array_add (recent, value);
    }

  g_ptr_array_sort_with_data (recent, compare_age, NULL);
  if (recent->len > KITH_LIMIT_GROUP_STATUS_ROWS)
    g_ptr_array_set_size (recent, KITH_LIMIT_GROUP_STATUS_ROWS);
  return recent;
}

static GBytes *
seal_status (KithGroupReplica *self)
{
  g_autoptr (GPtrArray) recent = find_recent (self);
  g_auto (KithGroupStatus) status = { .counter = 0 };

  self->status_counter = MAX ((guint64) self->now_ms, self->status_counter + 1);
  memcpy (status.author, self->author, sizeof status.author);
  status.counter = self->status_counter;
  status.rows = g_array_new (FALSE, FALSE, sizeof (KithGroupStatusRow));
  for (guint i = 0; i < recent->len; i++)
    {
      const KithGroupLog *log = recent->pdata[i];
      const KithGroupStatusRow *read = g_hash_table_lookup (self->reads, log->author);
      KithGroupStatusRow row = { .delivered = MIN (kith_group_log_counted (log), log->shown_to) };

      memcpy (row.author, log->author, sizeof row.author);
      row.read = read != NULL ? MIN (read->read, row.delivered) : 0;
      g_array_append_val (status.rows, row);
    }

  return kith_group_status_seal (&status, self->chain->gid, kith_secret_get_data (self->seed));
}

static void
note_read (KithGroupReplica *self, const guint8 *author, guint64 seq)
{
  KithGroupStatusRow *row = g_hash_table_lookup (self->reads, author);

  if (row != NULL && row->read >= seq)
    return;

  if (row == NULL)
    {
      row = g_new0 (KithGroupStatusRow, 1);
      memcpy (row->author, author, sizeof row->author);
      g_hash_table_insert (self->reads, row->author, row);
    }
  row->read = seq;
  self->status_dirty = TRUE;
  self->state_dirty = TRUE;
}

/**
 * kith_group_replica_mark_read:
 * @self: a replica
 * @now_ms: unix time
 *
 * Our user has seen everything that is here. The others are told soon. Not to be called for who does not
 * want to tell.
 */
void
kith_group_replica_mark_read (KithGroupReplica *self, gint64 now_ms)
{
  GHashTableIter iter;
  gpointer value;

  kith_group_replica_begin (self, now_ms);
  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupLog *log = value;
      guint64 seq = MIN (kith_group_log_counted (log), log->shown_to);

      if (seq > 0 && memcmp (log->author, self->author, sizeof self->author) != 0)
        note_read (self, log->author, seq);
    }

  kith_group_replica_end (self);
}

/* --- Those of others ------------------------------------------------------------------------- */

static gboolean
hands_on (KithGroupReplica *self)
{
  return self->chain->state->n_members <= KITH_LIMIT_GROUP_STATUS_RELAY;
}

/**
 * kith_group_replica_knows_all_statuses:
 * @self: a replica
 *
 * Returns: whether statuses are handed on in this group. In a big one we hear of those we are
 *   linked with: what they have got is the least
 */
gboolean
kith_group_replica_knows_all_statuses (KithGroupReplica *self)
{
  return hands_on (self);
}

static void
fill_rows (GHashTable *rows, const KithGroupStatus *status)
{
  g_hash_table_remove_all (rows);
  for (guint i = 0; i < status->rows->len; i++)
    {
      KithGroupStatusRow *row = g_memdup2 (&g_array_index (status->rows, KithGroupStatusRow, i),
                                           sizeof (KithGroupStatusRow));

      g_hash_table_replace (rows, row->author, row);
    }
}

static gboolean
is_new (KithGroupReplica *self, const guint8 *author, guint64 counter)
{
  const KithGroupMemberStatus *known = g_hash_table_lookup (self->statuses, author);

  return kith_group_state_is_member (self->chain->state, author)
         && memcmp (author, self->author, sizeof self->author) != 0
         && (known == NULL || known->counter < counter);
}

static void
take_status (KithGroupReplica *self, const KithGroupStatus *status, GBytes *bytes, guint from_link)
{
  KithGroupMemberStatus *known = g_hash_table_lookup (self->statuses, status->author);

  if (known == NULL)
    {
      known = g_new0 (KithGroupMemberStatus, 1);
      memcpy (known->author, status->author, sizeof known->author);
      known->rows = kith_group_table_new (g_free);
      g_hash_table_insert (self->statuses, known->author, known);
    }

  known->counter = status->counter;
  g_clear_pointer (&known->bytes, g_bytes_unref);
  known->bytes = g_bytes_ref (bytes);
  known->fresh = TRUE;
  known->from_link = from_link;
  fill_rows (known->rows, status);
  self->relay_dirty = TRUE;
  self->gaps_dirty = TRUE;
  self->gaps_ms = MIN (self->gaps_ms, self->now_ms + 1000);
  memcpy (kith_group_replica_emit (self, KITH_GROUP_EFFECT_STATUS)->author, status->author,
          KITH_GROUP_KEY_BYTES);
}

/* (skip) */
gboolean
kith_group_replica_receive_status (KithGroupReplica *self, KithGroupLink *link, const guint8 *body,
                                   gsize len)
{
  g_auto (KithGroupStatus) status = { .counter = 0 };
  g_autoptr (GBytes) bytes = NULL;
  guint8 author[KITH_GROUP_KEY_BYTES];
  guint64 counter;

  if (!kith_group_status_peek (author, &counter, body, len))
    return FALSE;
  if (!is_new (self, author, counter))
    return TRUE;
  if (!kith_group_status_open (&status, self->chain->gid, body, len))
    return FALSE;

  bytes = g_bytes_new (body, len);
  take_status (self, &status, bytes, link->id);
  return TRUE;
}

/**
 * kith_group_replica_get_status:
 * @self: a replica
 * @member: the author key of who got something
 * @author: that of who wrote it
 * @delivered_seq: (out): up to which entry of @author they have got all
 * @read_seq: (out): and up to which they have read it
 *
 * What a member said last. Not kept over a restart: the peers say it again.
 *
 * Returns: whether they said anything about @author
 */
gboolean
kith_group_replica_get_status (KithGroupReplica *self, const guint8 member[KITH_GROUP_KEY_BYTES],
                               const guint8 author[KITH_GROUP_KEY_BYTES], guint64 *delivered_seq,
                               guint64 *read_seq)
{
  const KithGroupMemberStatus *status = g_hash_table_lookup (self->statuses, member);
  const KithGroupStatusRow *row = status != NULL ? g_hash_table_lookup (status->rows, author) : NULL;

  *delivered_seq = row != NULL ? row->delivered : 0;
  *read_seq = row != NULL ? row->read : 0;
  return row != NULL;
}

/**
 * kith_group_replica_find_own:
 * @self: a replica
 * @id: (array length=len): the beginning of the id of an entry that we wrote
 * @len: its length in bytes
 *
 * Takes time with the length of the log.
 *
 * Returns: the number of the entry in our log; 0 if it is not in it
 */
guint64
kith_group_replica_find_own (KithGroupReplica *self, const guint8 *id, gsize len)
{
  const KithGroupLog *log = kith_group_replica_get_log (self, self->author);

  g_return_val_if_fail (len <= KITH_GROUP_ID_BYTES, 0);

  for (guint i = log != NULL ? log->items->len : 0; i > 0; i--)
    if (memcmp (g_array_index (log->items, KithGroupLogItem, i - 1).id, id, len) == 0)
      return log->first + i - 1;

  return 0;
}

/* Since when somebody is in the group, whatever keys they have had since. */
static guint32
get_since (KithGroupReplica *self, const KithGroupMember *member)
{
  for (;;)
    {
      const KithGroupNode *node = self->chain->accepted->pdata[member->added_height];
      const KithGroupMember *before = node->op->type == KITH_GROUP_OP_REKEY
                                        ? kith_group_state_find (self->chain->state, node->op->body.cut.author)
                                        : NULL;

      if (before == NULL || before->added_height >= member->added_height)
        return member->added_height;
      member = before;
    }
}

/**
 * kith_group_replica_concerns:
 * @self: a replica
 * @seq: the number of an entry of ours
 * @author: the author key of a member
 *
 * By the operations that we knew when we wrote it (protocol 10.8): no clock has a say.
 *
 * Returns: whether they were a member when it was written, be it with another key, so that they are to get it
 */
gboolean
kith_group_replica_concerns (KithGroupReplica *self, guint64 seq, const guint8 author[KITH_GROUP_KEY_BYTES])
{
  const KithGroupLog *log = kith_group_replica_get_log (self, self->author);
  const KithGroupLogItem *item = log != NULL ? kith_group_log_get (log, seq) : NULL;
  const KithGroupMember *member = kith_group_state_find (self->chain->state, author);

  if (item == NULL || member == NULL)
    return FALSE;

  return get_since (self, member)
         <= ((const KithGroupNode *) self->chain->all->pdata[item->node])->op->height;
}

/* (skip) tells a new link what is known */
void
kith_group_replica_send_statuses (KithGroupReplica *self, KithGroupLink *link)
{
  GHashTableIter iter;
  gpointer value;

  self->status_dirty = TRUE;
  if (!hands_on (self))
    return;

  g_hash_table_iter_init (&iter, self->statuses);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupMemberStatus *status = value;

      if (memcmp (status->author, link->member->author, sizeof status->author) != 0
          && kith_group_state_is_member (self->chain->state, status->author))
        kith_group_replica_send (self, link, KITH_RECORD_GROUP_STATUS, g_bytes_ref (status->bytes));
    }
}

/* Several at once, and not each as it comes: nobody can make others send at will. */
static void
hand_on (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->statuses);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupMemberStatus *status = value;

      if (status->fresh && hands_on (self))
        kith_group_replica_broadcast (self, KITH_RECORD_GROUP_STATUS, status->bytes,
                                      status->from_link);
      status->fresh = FALSE;
    }
  self->relay_dirty = FALSE;
}

/* (skip) when something is to be said, unix time in ms */
gint64
kith_group_replica_get_status_due (KithGroupReplica *self)
{
  gint64 due = G_MAXINT64;

  if (self->standing != KITH_GROUP_STANDING_MEMBER || g_hash_table_size (self->links) == 0)
    return due;

  if (self->relay_dirty)
    due = self->relayed_ms + KITH_LIMIT_GROUP_STATUS_MS / 4;
  if (self->status_dirty && !self->needs_key && !self->left)
    due = MIN (due, self->status_sent_ms + KITH_LIMIT_GROUP_STATUS_MS);
  return due;
}

static gboolean
is_time (gint64 *last_ms, gint64 now_ms, gint64 gap_ms)
{
  if (*last_ms <= now_ms && now_ms - *last_ms < gap_ms)
    return FALSE;

  *last_ms = now_ms;
  return TRUE;
}

/* (skip) by time: says what we have got and read, if that has changed */
void
kith_group_replica_say_status (KithGroupReplica *self)
{
  if (self->standing != KITH_GROUP_STANDING_MEMBER || g_hash_table_size (self->links) == 0)
    return;

  if (self->relay_dirty && is_time (&self->relayed_ms, self->now_ms, KITH_LIMIT_GROUP_STATUS_MS / 4))
    hand_on (self);
  if (self->status_dirty && !self->needs_key && !self->left
      && is_time (&self->status_sent_ms, self->now_ms, KITH_LIMIT_GROUP_STATUS_MS))
    {
      g_autoptr (GBytes) body = seal_status (self);

      kith_group_replica_broadcast (self, KITH_RECORD_GROUP_STATUS, body, 0);
      self->status_dirty = FALSE;
      self->state_dirty = TRUE;
    }
}

/* --- What is missing here -------------------------------------------------------------------- */

static void
note_gap (GHashTable *found, KithGroupReplica *self, const guint8 *author, guint64 seq,
          const guint8 *holder)
{
  const KithGroupLog *log = kith_group_replica_get_log (self, author);
  const KithGroupMember *member = kith_group_state_find (self->chain->state, author);
  guint64 have = log != NULL ? kith_group_log_last (log) : 0;
  KithGroupGap *gap = g_hash_table_lookup (found, author);

  if (member == NULL)
    return;
  if (log != NULL)
    seq = MIN (seq, log->limit);
  if (seq <= have || (gap != NULL && gap->number >= seq - have))
    return;

  if (gap == NULL)
    {
      gap = g_new0 (KithGroupGap, 1);
      memcpy (gap->author, author, sizeof gap->author);
      g_hash_table_insert (found, gap->author, gap);
    }
  memcpy (gap->holder, holder, sizeof gap->holder);
  gap->number = seq - have;
}

static GHashTable *
find_gaps (KithGroupReplica *self)
{
  GHashTable *found = kith_group_table_new (g_free);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->statuses);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupMemberStatus *status = value;
      GHashTableIter rows;
      gpointer row;

      g_hash_table_iter_init (&rows, status->rows);
      while (g_hash_table_iter_next (&rows, NULL, &row))
        note_gap (found, self, ((KithGroupStatusRow *) row)->author,
                  ((KithGroupStatusRow *) row)->delivered, status->author);
    }

  return found;
}

static void
tell_gap (KithGroupReplica *self, const KithGroupGap *gap, guint64 number)
{
  kith_group_replica_event (self, KITH_GROUP_EVENT_MISSING, gap->author, gap->holder)->number
      = number;
}

static void
close_gaps (KithGroupReplica *self, GHashTable *found)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->gaps);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupGap *gap = value;

      if (g_hash_table_contains (found, gap->author))
        continue;
      if (gap->told)
        tell_gap (self, gap, 0);
      g_hash_table_iter_remove (&iter);
    }
}

static void
keep_gap (KithGroupReplica *self, const KithGroupGap *found)
{
  KithGroupGap *gap = g_hash_table_lookup (self->gaps, found->author);

  if (gap == NULL)
    {
      gap = g_memdup2 (found, sizeof *found);
      gap->since_ms = self->now_ms;
      g_hash_table_insert (self->gaps, gap->author, gap);
    }
  else if (gap->number != found->number)
    {
      gap->number = found->number;
      gap->since_ms = gap->told ? self->now_ms : gap->since_ms;
      gap->told = FALSE;
    }

  memcpy (gap->holder, found->holder, sizeof gap->holder);
  if (!gap->told && self->now_ms - gap->since_ms >= KITH_LIMIT_GROUP_MISSING_MS)
    {
      gap->told = TRUE;
      tell_gap (self, gap, gap->number);
    }
}

/* (skip) by time: what others have and we have not, for a while */
void
kith_group_replica_check_gaps (KithGroupReplica *self)
{
  g_autoptr (GHashTable) found = NULL;
  GHashTableIter iter;
  gpointer gap;

  if (!self->gaps_dirty && g_hash_table_size (self->gaps) == 0)
    {
      self->gaps_ms = G_MAXINT64;
      return;
    }
  if (self->gaps_ms != G_MAXINT64 && self->gaps_ms > self->now_ms)
    return;

  self->gaps_dirty = FALSE;
  found = find_gaps (self);
  close_gaps (self, found);
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, NULL, &gap))
    keep_gap (self, gap);
  self->gaps_ms = self->now_ms + KITH_LIMIT_GROUP_MISSING_MS / 2;
}
