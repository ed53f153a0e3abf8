/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.3: the log of one author. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include "group/kith-group-log.h"

#include <string.h>

#include "base/kith-hlc.h"
#include "base/kith-limits.h"

G_STATIC_ASSERT (sizeof (KithGroupLogItem) == 48);
G_STATIC_ASSERT (KITH_LIMIT_GROUP_CONTENT_BYTES < 1 << 24);

#define TOKENS_MAX (KITH_LIMIT_GROUP_BURST * KITH_LIMIT_GROUP_ENTRY_MS)

/**
 * kith_group_log_new:
 * @author: whose
 *
 * Returns: (transfer full): an empty log
 */
KithGroupLog *
kith_group_log_new (const guint8 author[KITH_GROUP_KEY_BYTES])
{
  KithGroupLog *self = g_new0 (KithGroupLog, 1);

  memcpy (self->author, author, sizeof self->author);
  self->first = 1;
  self->items = g_array_new (FALSE, FALSE, sizeof (KithGroupLogItem));
  self->pending = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  self->tokens = TOKENS_MAX;
  return self;
}

static void
clear_fork (KithGroupLog *self)
{
  g_clear_pointer (&self->proof[0], kith_group_entry_unref);
  g_clear_pointer (&self->proof[1], kith_group_entry_unref);
  g_clear_pointer (&self->suspect, kith_group_entry_unref);
}

/**
 * kith_group_log_free:
 * @self: (transfer full): a log
 */
void
kith_group_log_free (KithGroupLog *self)
{
  clear_fork (self);
  g_array_unref (self->items);
  g_ptr_array_unref (self->pending);
  g_free (self);
}

/**
 * kith_group_log_last:
 * @self: a log
 *
 * Returns: the number of the last entry that is there, 0 if there is none
 */
guint64
kith_group_log_last (const KithGroupLog *self)
{
  return self->items->len > 0 ? self->first + self->items->len - 1 : 0;
}

/**
 * kith_group_log_counted:
 * @self: a log
 *
 * Returns: the number of the last entry that counts, 0 if none does
 */
guint64
kith_group_log_counted (const KithGroupLog *self)
{
  guint64 last = MIN (kith_group_log_last (self), self->limit);

  return last >= self->first ? last : 0;
}

/**
 * kith_group_log_get:
 * @self: a log
 * @seq: a number
 *
 * Returns: (transfer none) (nullable): what is kept of that entry
 */
KithGroupLogItem *
kith_group_log_get (const KithGroupLog *self, guint64 seq)
{
  if (seq < self->first || seq > kith_group_log_last (self))
    return NULL;

  return &g_array_index (self->items, KithGroupLogItem, seq - self->first);
}

/* --- The rate -------------------------------------------------------------------------------- */

/* Tokens after the last entry, should one follow at @hlc: by the author's own clock, so that
 * everybody comes to the same result. */
static gint64
tokens_at (const KithGroupLog *self, guint64 hlc)
{
  const KithGroupLogItem *last = kith_group_log_get (self, kith_group_log_last (self));
  guint64 passed;

  if (last == NULL)
    return TOKENS_MAX;

  passed = (hlc >> KITH_HLC_COUNTER_BITS) - (last->hlc >> KITH_HLC_COUNTER_BITS);
  return MIN (TOKENS_MAX, self->tokens + (gint64) MIN (passed, TOKENS_MAX));
}

/**
 * kith_group_log_may_follow:
 * @self: a log
 * @hlc: the time of a new entry
 *
 * Returns: whether the rate and the order of times allow it
 */
gboolean
kith_group_log_may_follow (const KithGroupLog *self, guint64 hlc)
{
  const KithGroupLogItem *last = kith_group_log_get (self, kith_group_log_last (self));

  return (last == NULL || hlc > last->hlc) && tokens_at (self, hlc) >= KITH_LIMIT_GROUP_ENTRY_MS;
}

/* --- Taking in ------------------------------------------------------------------------------- */

/**
 * kith_group_log_place:
 * @self: a log
 * @entry: an entry of its author
 *
 * Returns: where the entry belongs; %KITH_GROUP_LOG_APPENDED if it is the next
 */
KithGroupLogResult
kith_group_log_place (const KithGroupLog *self, const KithGroupEntry *entry)
{
  static const guint8 none[KITH_GROUP_ID_BYTES];
  const KithGroupLogItem *item = kith_group_log_get (self, entry->seq);
  guint64 last = kith_group_log_last (self);

  if (item != NULL)
    return memcmp (item->id, entry->id, sizeof item->id) == 0 ? KITH_GROUP_LOG_KNOWN
                                                             : KITH_GROUP_LOG_FORK;
  if ((entry->seq == 1) != (memcmp (entry->prev, none, sizeof none) == 0))
    return KITH_GROUP_LOG_BAD;
  if (last != 0 && entry->seq < self->first)
    return KITH_GROUP_LOG_OLDER;
  if (entry->seq != last + 1)
    return KITH_GROUP_LOG_GAP;

  item = kith_group_log_get (self, last);
  if (item != NULL && memcmp (item->id, entry->prev, sizeof item->id) != 0)
    return KITH_GROUP_LOG_TORN;

  return kith_group_log_may_follow (self, entry->hlc) ? KITH_GROUP_LOG_APPENDED
                                                      : KITH_GROUP_LOG_BAD;
}

/* What there is nothing of to fetch is not hollow. */
static void
fill_item (KithGroupLogItem *item, const KithGroupEntry *entry, guint32 node)
{
  memset (item, 0, sizeof *item);
  memcpy (item->id, entry->id, sizeof item->id);
  item->hlc = entry->hlc;
  item->node = node;
  item->content_len = entry->content_len & 0xffffff;
  item->hollow = entry->content == NULL && entry->content_len > 0;
  item->leave = entry->kind == KITH_GROUP_ENTRY_LEAVE;
}

static void
count (KithGroupLog *self, const KithGroupLogItem *item)
{
  if (item->hollow)
    self->n_hollow++;
  else if (!item->redacted)
    self->kept_bytes += item->content_len;
}

/* What an author may keep at everybody's is limited; beyond it only headers stay. */
static void
count_new (KithGroupLog *self, KithGroupLogItem *item)
{
  item->redacted = !item->hollow && !kith_group_log_has_room (self, item->content_len);
  count (self, item);
}

/**
 * kith_group_log_has_room:
 * @self: a log
 * @len: of a content, in bytes
 *
 * Returns: whether that is kept, too
 */
gboolean
kith_group_log_has_room (const KithGroupLog *self, gsize len)
{
  return len == 0 || self->kept_bytes + len <= KITH_LIMIT_GROUP_AUTHOR_BYTES;
}

/**
 * kith_group_log_fill:
 * @self: a log
 * @seq: the number of a hollow entry
 *
 * Its content is here.
 *
 * Returns: whether that is kept
 */
gboolean
kith_group_log_fill (KithGroupLog *self, guint64 seq)
{
  KithGroupLogItem *item = kith_group_log_get (self, seq);

  if (item == NULL || !item->hollow)
    return FALSE;

  item->hollow = FALSE;
  self->n_hollow--;
  count_new (self, item);
  return !item->redacted;
}

/**
 * kith_group_log_redact:
 * @self: a log
 * @seq: the number of an entry
 *
 * Its content is erased.
 *
 * Returns: whether it was not before
 */
gboolean
kith_group_log_redact (KithGroupLog *self, guint64 seq)
{
  KithGroupLogItem *item = kith_group_log_get (self, seq);

  if (item == NULL || item->redacted)
    return FALSE;

  if (item->hollow)
    self->n_hollow--;
  else
    self->kept_bytes -= item->content_len;
  item->hollow = FALSE;
  item->redacted = TRUE;
  return TRUE;
}

/**
 * kith_group_log_append:
 * @self: a log
 * @entry: the next entry, as kith_group_log_place() says; into an empty log any may come
 * @node: the operation it stands on
 *
 * Returns: %KITH_GROUP_LOG_APPENDED, or why not
 */
KithGroupLogResult
kith_group_log_append (KithGroupLog *self, const KithGroupEntry *entry, guint32 node)
{
  KithGroupLogResult result = kith_group_log_place (self, entry);
  KithGroupLogItem item;
  gint64 tokens;

  if (result == KITH_GROUP_LOG_GAP && self->items->len == 0)
    result = KITH_GROUP_LOG_APPENDED;
  if (result != KITH_GROUP_LOG_APPENDED)
    return result;

  if (self->items->len == 0)
    {
      self->first = entry->seq;
      memcpy (self->first_prev, entry->prev, sizeof self->first_prev);
    }
  tokens = tokens_at (self, entry->hlc) - KITH_LIMIT_GROUP_ENTRY_MS;
  fill_item (&item, entry, node);
  count_new (self, &item);
  g_array_append_val (self->items, item);
  self->tokens = tokens;
  return KITH_GROUP_LOG_APPENDED;
}

/* Whether entries may follow each other so quickly, whatever came before them. */
static gboolean
keep_to_rate (GPtrArray *entries)
{
  gint64 tokens = TOKENS_MAX;
  guint64 before = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      guint64 now = ((const KithGroupEntry *) entries->pdata[i])->hlc >> KITH_HLC_COUNTER_BITS;

      tokens = MIN (TOKENS_MAX, tokens + (gint64) MIN (now - before, TOKENS_MAX))
               - KITH_LIMIT_GROUP_ENTRY_MS;
      before = now;
      if (tokens < 0)
        return FALSE;
    }

  return TRUE;
}

/**
 * kith_group_log_prepend:
 * @self: a log that is not empty
 * @entries: (element-type KithGroupEntry): in order
 * @nodes: the operations they stand on
 *
 * Puts older entries before the first.
 *
 * Returns: whether they are a chain that ends there, and not too quick
 */
gboolean
kith_group_log_prepend (KithGroupLog *self, GPtrArray *entries, const guint32 *nodes)
{
  const guint8 *next_prev = self->first_prev;
  guint64 next_seq = self->first;
  guint64 next_hlc = g_array_index (self->items, KithGroupLogItem, 0).hlc;
  g_autofree KithGroupLogItem *items = g_new (KithGroupLogItem, entries->len);

  for (guint i = entries->len; i > 0; i--)
    {
      const KithGroupEntry *entry = entries->pdata[i - 1];

      if (entry->seq + 1 != next_seq || entry->hlc >= next_hlc
          || memcmp (entry->id, next_prev, sizeof entry->id) != 0)
        return FALSE;
      fill_item (&items[i - 1], entry, nodes[i - 1]);
      next_prev = entry->prev;
      next_seq = entry->seq;
      next_hlc = entry->hlc;
    }

  if (!keep_to_rate (entries))
    return FALSE;

  for (guint i = 0; i < entries->len; i++)
    count_new (self, &items[i]);
  memcpy (self->first_prev, next_prev, sizeof self->first_prev);
  self->first = next_seq;
  g_array_prepend_vals (self->items, items, entries->len);
  return TRUE;
}

/* Sums, and tokens, as if all had just been appended. */
static void
recount (KithGroupLog *self)
{
  guint64 before = 0;

  self->n_hollow = 0;
  self->kept_bytes = 0;
  self->tokens = TOKENS_MAX;
  for (guint i = 0; i < self->items->len; i++)
    {
      const KithGroupLogItem *item = &g_array_index (self->items, KithGroupLogItem, i);
      guint64 passed = (item->hlc >> KITH_HLC_COUNTER_BITS) - before;

      count (self, item);
      self->tokens = MIN (TOKENS_MAX, self->tokens + (gint64) MIN (passed, TOKENS_MAX))
                     - KITH_LIMIT_GROUP_ENTRY_MS;
      before = item->hlc >> KITH_HLC_COUNTER_BITS;
    }
}

/**
 * kith_group_log_truncate:
 * @self: a log
 * @last: the last number that stays
 *
 * Forgets what comes after it.
 */
void
kith_group_log_truncate (KithGroupLog *self, guint64 last)
{
  if (last >= kith_group_log_last (self))
    return;

  g_array_set_size (self->items, last >= self->first ? (guint) (last - self->first + 1) : 0);
  self->shown_to = MIN (self->shown_to, last);
  recount (self);
}

/**
 * kith_group_log_find_hlc:
 * @self: a log
 * @hlc: a time
 *
 * Returns: the number of the first entry that is not earlier; that after the last if all are
 */
guint64
kith_group_log_find_hlc (const KithGroupLog *self, guint64 hlc)
{
  guint low = 0;
  guint high = self->items->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->items, KithGroupLogItem, middle).hlc < hlc)
        low = middle + 1;
      else
        high = middle;
    }

  return self->first + low;
}

/* --- What waits ------------------------------------------------------------------------------ */

/**
 * kith_group_log_keep_pending:
 * @self: a log
 * @entry: an entry whose turn has not come
 *
 * Returns: whether it is kept now and was not before
 */
gboolean
kith_group_log_keep_pending (KithGroupLog *self, KithGroupEntry *entry)
{
  guint at = self->pending->len;

  if (self->pending->len >= KITH_LIMIT_GROUP_PENDING)
    return FALSE;

  for (; at > 0; at--)
    {
      const KithGroupEntry *before = self->pending->pdata[at - 1];

      if (memcmp (before->id, entry->id, sizeof entry->id) == 0)
        return FALSE;
      if (before->seq <= entry->seq)
        break;
    }

  for (guint i = 0; i < at; i++)
    if (memcmp (((KithGroupEntry *) self->pending->pdata[i])->id, entry->id, sizeof entry->id) == 0)
      return FALSE;

  g_ptr_array_insert (self->pending, (gint) at, kith_group_entry_ref (entry));
  self->pending_bytes += kith_group_entry_get_size (entry);
  return TRUE;
}

/* --- Forks ----------------------------------------------------------------------------------- */

/**
 * kith_group_log_set_fork:
 * @self: a log
 * @first: an entry of its author
 * @second: another with the same number; both with good signatures
 *
 * Returns: whether the fork begins earlier than was known
 */
gboolean
kith_group_log_set_fork (KithGroupLog *self, KithGroupEntry *first, KithGroupEntry *second)
{
  KithGroupEntry *proof[2] = { kith_group_entry_ref (first), kith_group_entry_ref (second) };

  if (self->fork != 0 && self->fork <= first->seq)
    {
      kith_group_entry_unref (proof[0]);
      kith_group_entry_unref (proof[1]);
      return FALSE;
    }

  clear_fork (self);
  self->fork = first->seq;
  self->proof[0] = proof[0];
  self->proof[1] = proof[1];
  return TRUE;
}
