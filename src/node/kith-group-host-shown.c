/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries that are shown later than they were stored: their time has come, or what hid them is gone; and
 * messages that come after what was said of them. What is still to be shown is on the disk until it is,
 * as a setting for each log. Protocol 10.3. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-private.h"
#include "store/kith-store-group-read.h"

#define PREFIX "group-show:"

/* What of a log is to be shown. */
typedef struct
{
  guint8   author[KITH_GROUP_KEY_BYTES];
  guint64  from;
  guint64  next; /* not on its way to the conversation yet */
  guint64  to;
  gboolean loading;
} Range;

static char *
make_key (KithGroupHost *self, const guint8 *author)
{
  g_autofree char *group = kith_hex_encode (self->gid, sizeof self->gid);
  g_autofree char *log = kith_hex_encode (author, KITH_GROUP_KEY_BYTES);

  return g_strconcat (PREFIX, group, ":", log, NULL);
}

static void
put_range (KithGroupHost *self, const Range *range, KithStoreBatch *batch)
{
  g_autofree char *key = make_key (self, range->author);
  g_autofree char *value =
    range->next <= range->to
      ? g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, range->next, range->to)
      : NULL;

  kith_store_batch_put_setting (batch, key, value);
}

/* --- In one commit with what says so -------------------------------------------------------- */

static Range *
ensure_range (KithGroupHost *self, const guint8 *author)
{
  Range *range = g_hash_table_lookup (self->showing, author);

  if (range != NULL)
    return range;

  range = g_new0 (Range, 1);
  memcpy (range->author, author, sizeof range->author);
  range->from = range->next = G_MAXUINT64;
  g_hash_table_insert (self->showing, range->author, range);
  return range;
}

/* Entries are to be shown, as soon as this is on the disk. */
void
kith_group_turn_take_show (KithGroupTurn *turn, const KithGroupEffect *effect)
{
  Range *range;

  if (effect->seq > effect->to_seq)
    return;

  range = ensure_range (turn->host, effect->author);
  range->from = MIN (range->from, effect->seq);
  range->next = MIN (range->next, effect->seq);
  range->to = MAX (range->to, effect->to_seq);
  put_range (turn->host, range, turn->batch);
}

/* Entries from @seq on are not to be shown any more. */
void
kith_group_turn_take_hide (KithGroupTurn *turn, const guint8 *author, guint64 seq)
{
  Range *range = g_hash_table_lookup (turn->host->showing, author);

  if (range == NULL || range->to < seq)
    return;

  range->to = seq - 1;
  put_range (turn->host, range, turn->batch);
  if (range->from > range->to)
    g_hash_table_remove (turn->host->showing, author);
}

/* --- Showing -------------------------------------------------------------------------------- */

typedef struct
{
  KithGroupHost *host; /* (owned) */
  guint          generation;
  guint8         author[KITH_GROUP_KEY_BYTES];
} Showing;

static void
take_page (KithGroupHost *self, Range *range, GPtrArray *rows)
{
  range->next = range->to + 1;
  if (rows->len == KITH_LIMIT_GROUP_SHOWN_AT_ONCE)
    range->next = ((const KithStoreGroupEntry *) g_ptr_array_index (rows, rows->len - 1))->seq + 1;

  kith_group_host_take_stored (self, range->author, rows, range->to);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Showing *showing = user_data;
  g_autoptr (KithGroupHost) self = showing->host;
  g_autoptr (GPtrArray) rows =
    kith_store_load_group_entries_finish (KITH_STORE (source), result, NULL);
  Range *range = g_hash_table_lookup (self->showing, showing->author);

  if (range == NULL)
    return;

  range->loading = FALSE;
  if (!self->ready)
    return; /* when it is again */

  if (self->generation != showing->generation)
    kith_group_host_show_more (self, showing->author);
  else if (rows != NULL)
    take_page (self, range, rows);
}

static void
load (KithGroupHost *self, Range *range)
{
  Showing *showing;

  if (range->loading)
    return;

  range->loading = TRUE;
  showing = g_new0 (Showing, 1);
  showing->host = kith_group_host_ref (self);
  showing->generation = self->generation;
  memcpy (showing->author, range->author, sizeof showing->author);
  kith_store_load_group_entries_async (
    self->node->store, self->row->gid, range->author, range->next,
    (guint) MIN (range->to - range->next + 1, KITH_LIMIT_GROUP_SHOWN_AT_ONCE), loaded_cb, showing);
}

/* After the commit of what is to be shown, or of a page of it. */
void
kith_group_host_show_more (KithGroupHost *self, const guint8 *author)
{
  Range *range = g_hash_table_lookup (self->showing, author);

  if (range == NULL)
    return;

  if (range->next <= range->to)
    load (self, range);
  else
    g_hash_table_remove (self->showing, author);
}

/* A page is in a batch, and with it how far it goes. */
void
kith_group_turn_note_shown (KithGroupTurn *turn, const guint8 *author)
{
  const Range *range = g_hash_table_lookup (turn->host->showing, author);

  if (range != NULL)
    put_range (turn->host, range, turn->batch);
}

/* --- After a start -------------------------------------------------------------------------- */

static void
read_ranges (KithGroupHost *self)
{
  g_autofree char *group = kith_hex_encode (self->gid, sizeof self->gid);
  g_autofree char *prefix = g_strconcat (PREFIX, group, ":", NULL);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->node->settings);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint8 author[KITH_GROUP_KEY_BYTES];
      const char *log = g_str_has_prefix (key, prefix) ? (const char *) key + strlen (prefix) : NULL;
      char *end = NULL;
      Range *range;

      if (log == NULL || !kith_hex_decode (log, author, sizeof author))
        continue;
      range = ensure_range (self, author);
      range->from = range->next = g_ascii_strtoull (value, &end, 10);
      range->to = MIN (g_ascii_strtoull (end, NULL, 10), KITH_LIMIT_GROUP_SEQ);
    }
}

/* What was not shown when the program ended, or when something could not be stored. */
void
kith_group_host_resume_shows (KithGroupHost *self)
{
  g_autoptr (GList) ranges = NULL;

  if (!self->shows_read)
    read_ranges (self);
  self->shows_read = TRUE;
  ranges = g_hash_table_get_values (self->showing);
  for (GList *link = ranges; link != NULL; link = link->next)
    {
      Range *range = link->data;

      range->next = range->from;
      kith_group_host_show_more (self, range->author);
    }
}

/* The group is deleted. */
void
kith_group_host_forget_shows (KithGroupHost *self, KithStoreBatch *batch)
{
  GHashTableIter iter;
  gpointer author;

  g_hash_table_iter_init (&iter, self->showing);
  while (g_hash_table_iter_next (&iter, &author, NULL))
    {
      g_autofree char *key = make_key (self, author);

      kith_store_batch_put_setting (batch, key, NULL);
    }
}

/* --- What was said of a message before it came ---------------------------------------------- */

typedef struct
{
  KithGroupHost *host; /* (owned) */
  guint          generation;
  guint8         id[KITH_STORE_MESSAGE_ID_BYTES];
  gboolean       is_resumed; /* something is noted, be there anything to do or not */
} CatchingUp;

static void
acts_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree CatchingUp *catching_up = user_data;
  g_autoptr (KithGroupHost) self = catching_up->host;
  g_autoptr (GPtrArray) rows =
    kith_store_load_group_acts_finish (KITH_STORE (source), result, NULL);

  if (rows != NULL && (rows->len > 0 || catching_up->is_resumed) && self->ready
      && self->generation == catching_up->generation)
    kith_group_host_take_acts (self, catching_up->id, rows);
}

static void
catch_up (KithGroupHost *self, const guint8 *id, const guint8 *author, gboolean is_resumed)
{
  CatchingUp *catching_up = g_new0 (CatchingUp, 1);

  catching_up->host = kith_group_host_ref (self);
  catching_up->generation = self->generation;
  memcpy (catching_up->id, id, sizeof catching_up->id);
  catching_up->is_resumed = is_resumed;
  kith_store_load_group_acts_async (self->node->store, self->row->gid, id, author, acts_loaded_cb,
                                    catching_up);
}

/* @id came after later entries of its author: their edits and deletions of it are done now. That they are to be
 * done is on the disk since @id is, until they are. */
void
kith_group_host_catch_up (KithGroupHost *self, const guint8 *id, const guint8 *author)
{
  catch_up (self, id, author, FALSE);
}

/* After a start: what was left to do when the program ended. */
void
kith_group_host_resume_acts (KithGroupHost *self)
{
  g_autofree char *group = kith_hex_encode (self->gid, sizeof self->gid);
  g_autofree char *prefix = g_strconcat (KITH_STORE_GROUP_ACTS_WAIT, group, ":", NULL);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->node->settings);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint8 id[KITH_STORE_MESSAGE_ID_BYTES];
      guint8 author[KITH_GROUP_KEY_BYTES];

      if (g_str_has_prefix (key, prefix) && kith_hex_decode ((const char *) key + strlen (prefix), id, sizeof id)
          && kith_hex_decode (value, author, sizeof author))
        catch_up (self, id, author, TRUE);
    }
}
