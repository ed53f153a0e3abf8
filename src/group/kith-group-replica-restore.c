/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What outlives a replica: the host gives the operations and the headers of the entries back, and
 * the small state, which has everything else. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "group/kith-group-replica-private.h"

#define VERSION 1

enum
{
  FLAG_NEEDS_KEY = 1 << 0,
  FLAG_UNSURE = 1 << 1,
  FLAG_LEFT = 1 << 2,
  FLAG_SPLIT = 1 << 3,
  FLAG_ENDORSED = 1 << 4,
  FLAG_OFFERED = 1 << 5,
  FLAG_OFFER_WAITS = 1 << 6,
};

/* --- Writing --------------------------------------------------------------------------------- */

static void
put (GByteArray *out, const void *data, gsize len)
{
  g_byte_array_append (out, data, (guint) len);
}

static void
put_u32 (GByteArray *out, guint32 value)
{
  guint32 number = GUINT32_TO_BE (value);

  put (out, &number, sizeof number);
}

static void
put_u64 (GByteArray *out, guint64 value)
{
  guint64 number = GUINT64_TO_BE (value);

  put (out, &number, sizeof number);
}

static guint8
get_flags (KithGroupReplica *self)
{
  return (guint8) ((self->needs_key ? FLAG_NEEDS_KEY : 0) | (self->unsure ? FLAG_UNSURE : 0)
                   | (self->left ? FLAG_LEFT : 0) | (self->chain->split ? FLAG_SPLIT : 0)
                   | (self->endorsed ? FLAG_ENDORSED : 0) | (self->offered ? FLAG_OFFERED : 0)
                   | (self->offer_waits ? FLAG_OFFER_WAITS : 0));
}

static void
put_endorsement (GByteArray *out, const KithGroupEndorsement *endorsement)
{
  put_u32 (out, endorsement->height);
  put (out, endorsement->prev, sizeof endorsement->prev);
  put (out, endorsement->candidate, sizeof endorsement->candidate);
  put (out, endorsement->author, sizeof endorsement->author);
  put (out, endorsement->signature, sizeof endorsement->signature);
}

static void
put_chain (GByteArray *out, KithGroupChain *chain)
{
  static const guint8 none[KITH_GROUP_ID_BYTES];
  const KithGroupNode *pin = kith_group_chain_get_pin (chain);
  guint from = pin != NULL ? pin->op->height + 1 : 0;

  put_u32 (out, pin != NULL ? pin->op->height : KITH_GROUP_NEVER);
  put (out, pin != NULL ? pin->op->id : none, KITH_GROUP_ID_BYTES);
  put_u32 (out, chain->accepted->len - from);
  for (guint i = from; i < chain->accepted->len; i++)
    {
      const KithGroupNode *node = chain->accepted->pdata[i];

      put (out, node->op->id, sizeof node->op->id);
      put_u64 (out, (guint64) node->applied_ms);
    }
}

static void
put_voices (GByteArray *out, KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer voice;

  put_endorsement (out, &self->voice);
  put_u32 (out, g_hash_table_size (self->voices));
  g_hash_table_iter_init (&iter, self->voices);
  while (g_hash_table_iter_next (&iter, NULL, &voice))
    put_endorsement (out, voice);
}

static void
put_requests (GByteArray *out, KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer key;

  put_u32 (out, self->requests->len);
  for (guint i = 0; i < self->requests->len; i++)
    {
      const KithGroupRequest *request = self->requests->pdata[i];
      gsize len;
      const guint8 *data = g_bytes_get_data (request->bytes, &len);

      put_u64 (out, (guint64) request->received_ms);
      put_u32 (out, (guint32) len);
      put (out, data, len);
    }

  put_u32 (out, g_hash_table_size (self->denied));
  g_hash_table_iter_init (&iter, self->denied);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    put (out, g_bytes_get_data (key, NULL), KITH_GROUP_KEY_BYTES);
}

static void
put_reads (GByteArray *out, KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer row;

  put_u32 (out, g_hash_table_size (self->reads));
  g_hash_table_iter_init (&iter, self->reads);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      put (out, ((KithGroupStatusRow *) row)->author, KITH_GROUP_KEY_BYTES);
      put_u64 (out, ((KithGroupStatusRow *) row)->read);
    }
}

static void
put_header (GByteArray *out, const KithGroupEntry *entry)
{
  put (out, entry->header, sizeof entry->header);
  put (out, entry->signature, sizeof entry->signature);
}

/* Logs of which more is to be known than their entries: forked ones, and those of which not all is
 * shown. */
static void
put_logs (GByteArray *out, KithGroupReplica *self)
{
  guint at = out->len;
  guint32 n = 0;
  GHashTableIter iter;
  gpointer value;

  put_u32 (out, 0);
  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupLog *log = value;
      guint8 forked = log->proof[0] != NULL;

      if (!forked && log->shown_to >= kith_group_log_last (log))
        continue;
      n++;
      put (out, log->author, sizeof log->author);
      put_u64 (out, log->shown_to);
      put (out, &forked, 1);
      if (forked)
        {
          put_header (out, log->proof[0]);
          put_header (out, log->proof[1]);
        }
    }

  n = GUINT32_TO_BE (n);
  memcpy (out->data + at, &n, sizeof n);
}

/* (skip) */
GBytes *
kith_group_replica_pack_state (KithGroupReplica *self)
{
  GByteArray *out = g_byte_array_new ();
  guint8 head[2] = { VERSION, get_flags (self) };

  put (out, head, sizeof head);
  put_u32 (out, self->secret_height);
  put (out, self->secret, sizeof self->secret);
  put_u64 (out, self->status_counter);
  put_u64 (out, (guint64) self->accepted_ms);
  put (out, self->offered_to, sizeof self->offered_to);
  put (out, self->offer_prev, sizeof self->offer_prev);
  put_chain (out, self->chain);
  put_voices (out, self);
  put_requests (out, self);
  put_reads (out, self);
  put_logs (out, self);
  return g_byte_array_free_to_bytes (out);
}

/* --- Reading --------------------------------------------------------------------------------- */

static void
take_flags (KithGroupReplica *self, guint8 flags)
{
  self->needs_key = (flags & FLAG_NEEDS_KEY) != 0;
  self->unsure = (flags & FLAG_UNSURE) != 0;
  self->left = (flags & FLAG_LEFT) != 0;
  self->chain->split = self->was_split = (flags & FLAG_SPLIT) != 0;
  self->endorsed = (flags & FLAG_ENDORSED) != 0;
  self->offered = (flags & FLAG_OFFERED) != 0;
  self->n_offers = self->offered ? KITH_LIMIT_GROUP_OFFERS : 0;
  self->offer_waits = (flags & FLAG_OFFER_WAITS) != 0;
}

static void
take_endorsement (KithReader *in, KithGroupEndorsement *endorsement)
{
  endorsement->height = kith_reader_u32 (in);
  kith_reader_bytes (in, endorsement->prev, sizeof endorsement->prev);
  kith_reader_bytes (in, endorsement->candidate, sizeof endorsement->candidate);
  kith_reader_bytes (in, endorsement->author, sizeof endorsement->author);
  kith_reader_bytes (in, endorsement->signature, sizeof endorsement->signature);
}

static void
take_chain (KithReader *in, KithGroupReplica *self)
{
  guint32 height = kith_reader_u32 (in);
  guint8 id[KITH_GROUP_ID_BYTES];
  guint32 n;

  kith_reader_bytes (in, id, sizeof id);
  if (height != KITH_GROUP_NEVER)
    kith_group_chain_pin_to (self->chain, height, id);

  n = kith_reader_u32 (in);
  for (guint32 i = 0; i < n && !in->failed; i++)
    {
      guint64 applied_ms;
      KithGroupNode *node;

      kith_reader_bytes (in, id, sizeof id);
      applied_ms = kith_reader_u64 (in);
      node = kith_group_chain_find (self->chain, id);
      if (node != NULL && node->accepted)
        node->applied_ms = (gint64) applied_ms;
    }
}

static void
take_voices (KithReader *in, KithGroupReplica *self)
{
  guint32 n;

  take_endorsement (in, &self->voice);
  n = kith_reader_u32 (in);
  for (guint32 i = 0; i < n && !in->failed; i++)
    {
      KithGroupEndorsement *voice = g_new0 (KithGroupEndorsement, 1);

      take_endorsement (in, voice);
      g_hash_table_replace (self->voices, voice->author, voice);
    }
}

static void
take_requests (KithReader *in, KithGroupReplica *self)
{
  guint32 n = kith_reader_u32 (in);

  for (guint32 i = 0; i < n && !in->failed; i++)
    {
      gint64 received_ms = (gint64) kith_reader_u64 (in);
      guint32 len = kith_reader_u32 (in);
      const guint8 *data = kith_reader_peek (in, len);
      g_autoptr (GBytes) bytes = NULL;

      if (data == NULL)
        return;
      bytes = g_bytes_new (data, len);
      kith_group_replica_keep_request (self, bytes, received_ms);
    }

  n = kith_reader_u32 (in);
  for (guint32 i = 0; i < n && !in->failed; i++)
    {
      const guint8 *key = kith_reader_peek (in, KITH_GROUP_KEY_BYTES);

      if (key != NULL)
        g_hash_table_add (self->denied, g_bytes_new (key, KITH_GROUP_KEY_BYTES));
    }
}

static void
take_reads (KithReader *in, KithGroupReplica *self)
{
  guint32 n = kith_reader_u32 (in);

  for (guint32 i = 0; i < n && !in->failed; i++)
    {
      KithGroupStatusRow *row = g_new0 (KithGroupStatusRow, 1);

      kith_reader_bytes (in, row->author, sizeof row->author);
      row->read = kith_reader_u64 (in);
      g_hash_table_replace (self->reads, row->author, row);
    }
}

static void
take_proof (KithReader *in, KithGroupLog *log)
{
  KithGroupEntry *proof[2] = { NULL, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (proof); i++)
    {
      const guint8 *header = kith_reader_peek (in, KITH_GROUP_HEADER_BYTES);
      const guint8 *signature = kith_reader_peek (in, KITH_SIGNATURE_BYTES);

      if (signature != NULL)
        proof[i] = kith_group_entry_parse (header, KITH_GROUP_HEADER_BYTES, signature,
                                           KITH_SIGNATURE_BYTES);
    }

  if (proof[0] != NULL && proof[1] != NULL)
    kith_group_log_set_fork (log, proof[0], proof[1]);
  g_clear_pointer (&proof[0], kith_group_entry_unref);
  g_clear_pointer (&proof[1], kith_group_entry_unref);
}

static void
take_logs (KithReader *in, KithGroupReplica *self)
{
  guint32 n = kith_reader_u32 (in);

  for (guint32 i = 0; i < n && !in->failed; i++)
    {
      guint8 author[KITH_GROUP_KEY_BYTES];
      KithGroupLog *log;

      kith_reader_bytes (in, author, sizeof author);
      log = kith_group_replica_ensure_log (self, author);
      log->shown_to = kith_reader_u64 (in);
      if (kith_reader_u8 (in) != 0)
        take_proof (in, log);
    }
}

static void
take_state (KithGroupReplica *self, GBytes *state)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (state, &len);
  KithReader in;

  kith_reader_init (&in, data, len);
  if (kith_reader_u8 (&in) != VERSION)
    return;

  take_flags (self, kith_reader_u8 (&in));
  self->secret_height = kith_reader_u32 (&in);
  kith_reader_bytes (&in, self->secret, sizeof self->secret);
  self->status_counter = kith_reader_u64 (&in);
  self->accepted_ms = (gint64) kith_reader_u64 (&in);
  kith_reader_bytes (&in, self->offered_to, sizeof self->offered_to);
  kith_reader_bytes (&in, self->offer_prev, sizeof self->offer_prev);
  take_chain (&in, self);
  take_voices (&in, self);
  take_requests (&in, self);
  take_reads (&in, self);
  take_logs (&in, self);
}

/* --- Restoring ------------------------------------------------------------------------------- */

/**
 * kith_group_replica_restore:
 * @me: who we are
 * @gid: the group
 * @state: (nullable): the last that STORE_STATE gave
 * @from_backup: whether what is restored may be older than what others have of us: then nothing is
 *   written until the admin gave us a new author key
 *
 * Begins to restore a replica: kith_group_replica_restore_op() for each operation in the order in
 * which they were stored, kith_group_replica_restore_entry() for each entry, those of one author in
 * order, then kith_group_replica_restore_done(). Nothing else is to be called before that.
 *
 * Returns: (transfer full): the replica
 */
KithGroupReplica *
kith_group_replica_restore (const KithGroupSelf *me, const guint8 gid[KITH_GROUP_ID_BYTES],
                            GBytes *state, gboolean from_backup)
{
  KithGroupReplica *self = kith_group_replica_new (me, gid);

  self->restoring = TRUE;
  self->kept_state = state != NULL ? g_bytes_ref (state) : NULL;
  self->from_backup = from_backup;
  return self;
}

/**
 * kith_group_replica_restore_op:
 * @self: a replica that is being restored
 * @op: an operation, as it was stored
 * @received_ms: the time it was stored with
 *
 * Returns: whether it is in order
 */
gboolean
kith_group_replica_restore_op (KithGroupReplica *self, GBytes *op, gint64 received_ms)
{
  g_autoptr (KithGroupOp) parsed = kith_group_op_parse (op);

  return parsed != NULL
         && kith_group_chain_add (self->chain, parsed, TRUE, 0, received_ms) == KITH_GROUP_CHAIN_ADDED;
}

/**
 * kith_group_replica_restore_entry:
 * @self: a replica that is being restored, and has all its operations
 * @header: the header of an entry, as it was stored
 * @has_content: whether its content is stored too
 * @redacted: whether its content was erased
 *
 * Cheap: signatures and contents are not needed. After one that is not in order the others of its
 * author have no use; they are fetched anew.
 *
 * Returns: whether it is in order
 */
gboolean
kith_group_replica_restore_entry (KithGroupReplica *self,
                                  const guint8 header[KITH_GROUP_HEADER_BYTES],
                                  gboolean has_content, gboolean redacted)
{
  g_autoptr (KithGroupEntry) entry = NULL;
  const KithGroupNode *node;
  KithGroupLog *log;

  entry = kith_group_entry_parse (header, KITH_GROUP_HEADER_BYTES, NULL, 0);
  if (entry == NULL)
    return FALSE;

  node = kith_group_chain_find (self->chain, entry->chain_head);
  log = kith_group_replica_ensure_log (self, entry->author);
  if (node == NULL || kith_group_log_append (log, entry, node->index) != KITH_GROUP_LOG_APPENDED)
    return FALSE;

  if (redacted)
    kith_group_log_redact (log, entry->seq);
  else if (has_content)
    kith_group_log_fill (log, entry->seq);
  return TRUE;
}

static void
finish_log (KithGroupReplica *self, KithGroupLog *log)
{
  guint64 counted;
  const KithGroupLogItem *last;

  kith_group_replica_update_log (self, log);
  counted = kith_group_log_counted (log);
  log->shown_to = counted;
  /* What waits because its clock is ahead does not move ours. */
  last = kith_group_log_get (log, MIN (counted, kith_group_replica_find_due (self, log)));
  if (last != NULL)
    self->clock.last = MAX (self->clock.last, last->hlc);
}

static void
finish_logs (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer log;

  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    finish_log (self, log);
}

/**
 * kith_group_replica_restore_done:
 * @self: a replica that is being restored
 * @now_ms: unix time
 *
 * Ends the restoring. From now on the replica can be used; it may have effects already.
 */
void
kith_group_replica_restore_done (KithGroupReplica *self, gint64 now_ms)
{
  kith_group_replica_begin (self, now_ms);
  kith_group_chain_refresh (self->chain);
  finish_logs (self);
  if (self->kept_state != NULL)
    take_state (self, self->kept_state);
  g_clear_pointer (&self->kept_state, g_bytes_unref);
  self->was_frozen = self->chain->frozen;
  self->was_split = self->chain->split;

  if (self->from_backup)
    {
      self->needs_key = TRUE;
      self->unsure = self->chain->state->n_members > 1;
      self->state_dirty = TRUE;
    }
  self->standing = kith_group_replica_find_standing (self);
  self->restoring = FALSE;
  kith_group_replica_doubt_admin (self);
  if (self->chain->state->admin != NULL)
    kith_group_replica_settle (self, self->chain->accepted->len);
  kith_group_replica_end (self);
}
