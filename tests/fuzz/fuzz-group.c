/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A replica of a group, and a member who sends it anything: records as they are, and, so that not all
 * ends at a signature, entries and operations with whatever in them that are signed. Then the replica
 * is restored from what it stored. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "group/kith-group-replica.h"
#include "kith-fuzz.h"
#include "proto/kith-group-body.h"
#include "proto/kith-group-join.h"
#include "proto/kith-record.h"

#define LINK 1
#define BEGIN_MS 1767225600000

/* What stands in place of the type of a record. */
enum
{
  SEAL_ENTRY = 1, /* kind, seq, height, ms after the begin; then the content */
  SEAL_OP,        /* type, who, height; then the body */
  WAIT,           /* seconds */
};

static const guint8 identities[2][32] = { { 1 }, { 2 } };
static const guint8 authors[2][32] = { { 3 }, { 4 } };

typedef struct
{
  KithGroupReplica *replica;
  gint64            now_ms;
  GPtrArray        *ops;
  GBytes           *state;
  guint8            last_id[32]; /* of what was sealed last */
} Fuzz;

static void
fill_random (gpointer data, guint8 *out, gsize len)
{
  memset (out, 0x5a, len);
}

static KithGroupSelf
get_self (KithSecret *seed)
{
  static guint8 identity[32];

  kith_identity_get_public (identities[0], identity);
  return (KithGroupSelf){ identity, seed, fill_random, NULL };
}

static void
take_effects (Fuzz *self)
{
  KithGroupEffect *effect;

  while ((effect = kith_group_replica_take_effect (self->replica)) != NULL)
    {
      g_autoptr (GPtrArray) none = g_ptr_array_new ();

      if (effect->type == KITH_GROUP_EFFECT_STORE_OP)
        g_ptr_array_add (self->ops, g_bytes_ref (effect->bytes));
      else if (effect->type == KITH_GROUP_EFFECT_STORE_STATE)
        {
          g_clear_pointer (&self->state, g_bytes_unref);
          self->state = g_bytes_ref (effect->bytes);
        }
      else if (effect->type == KITH_GROUP_EFFECT_SEND)
        kith_fuzz_check (g_bytes_get_size (effect->bytes) <= kith_record_max_bytes (effect->record));
      else if (effect->type == KITH_GROUP_EFFECT_LOAD)
        kith_group_replica_loaded (self->replica, effect->token, none, self->now_ms);
      kith_group_effect_free (effect);
    }
}

static void
let_in (Fuzz *self)
{
  KithGroupJoin join = { .time_ms = BEGIN_MS };
  g_autoptr (GBytes) request = NULL;

  memcpy (join.gid, kith_group_replica_get_gid (self->replica), sizeof join.gid);
  kith_identity_get_public (identities[1], join.identity);
  kith_identity_get_public (authors[1], join.author);
  request = kith_group_join_seal (&join, authors[1], identities[1]);
  kith_fuzz_check (kith_group_replica_add_member (self->replica, request, self->now_ms, NULL));
  kith_group_replica_link_up (self->replica, LINK, join.identity, self->now_ms);
  take_effects (self);
}

/* (transfer full) */
static GBytes *
seal_entry (Fuzz *self, KithReader *in)
{
  static const guint8 salt[16];
  const KithGroupState *state = kith_group_replica_get_state (self->replica);
  g_autoptr (GPtrArray) entries
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_group_entry_unref);
  KithGroupEntryDraft draft = { .kind = kith_reader_u8 (in), .seq = kith_reader_u8 (in) };
  KithGroupEntry *entry;

  draft.gid = state->gid;
  draft.prev = draft.seq == 1 ? (const guint8[32]){ 0 } : self->last_id;
  draft.chain_height = state->height;
  draft.chain_head = state->head;
  draft.hlc = (guint64) (BEGIN_MS + (gint64) kith_reader_u32 (in)) << 16;
  draft.salt = salt;
  draft.content_len = kith_reader_remaining (in);
  draft.content = kith_reader_peek (in, draft.content_len);
  entry = kith_group_entry_seal (&draft, authors[1]);
  memcpy (self->last_id, entry->id, sizeof self->last_id);
  g_ptr_array_add (entries, entry);
  return kith_group_entries_pack (entries);
}

/* (transfer full) */
static GBytes *
seal_op (Fuzz *self, KithReader *in)
{
  const KithGroupState *state = kith_group_replica_get_state (self->replica);
  guint8 type = kith_reader_u8 (in);
  KithGroupOpDraft draft = { .type = (KithGroupOpType) type };
  const guint8 *seed = authors[kith_reader_u8 (in) & 1];
  gsize len = MIN (kith_reader_remaining (in), KITH_LIMIT_GROUP_OP_BODY_BYTES);
  const guint8 *body = kith_reader_peek (in, len);
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  draft.gid = state->gid;
  draft.height = state->height + 1;
  draft.prev = state->head;
  draft.time_ms = BEGIN_MS;
  g_ptr_array_add (ops, kith_group_op_seal_raw (&draft, body, len, seed));
  return kith_group_ops_pack (ops);
}

static void
receive (Fuzz *self, guint8 record, GBytes *body)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (body, &len);

  kith_group_replica_receive (self->replica, LINK, record, data, len, self->now_ms);
}

static void
do_one (Fuzz *self, guint8 type, const guint8 *data, gsize len)
{
  KithReader in;
  g_autoptr (GBytes) sealed = NULL;

  kith_reader_init (&in, data, len);
  if (type == SEAL_ENTRY && len >= 6)
    receive (self, KITH_RECORD_GROUP_ENTRIES, sealed = seal_entry (self, &in));
  else if (type == SEAL_OP && len >= 2)
    receive (self, KITH_RECORD_GROUP_OPS, sealed = seal_op (self, &in));
  else if (type == WAIT && len >= 4)
    self->now_ms += (gint64) kith_reader_u32 (&in) * 1000;
  else
    kith_group_replica_receive (self->replica, LINK, type, data, len, self->now_ms);

  take_effects (self);
  kith_group_replica_tick (self->replica, self->now_ms);
  take_effects (self);
}

/* The operations and the state that it stored lead to the same. */
static void
restore (Fuzz *self, KithSecret *seed)
{
  KithGroupSelf me = get_self (seed);
  const KithGroupState *state = kith_group_replica_get_state (self->replica);
  const KithGroupState *again;
  KithGroupReplica *before = self->replica;

  self->replica = kith_group_replica_restore (&me, state->gid, self->state, FALSE);
  for (guint i = 0; i < self->ops->len; i++)
    kith_group_replica_restore_op (self->replica, self->ops->pdata[i], self->now_ms);
  kith_group_replica_restore_done (self->replica, self->now_ms);
  again = kith_group_replica_get_state (self->replica);
  kith_fuzz_check (again->height >= state->height || kith_group_replica_is_frozen (self->replica));
  kith_group_replica_free (before);
  take_effects (self);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const KithGroupPolicy policy = { 0, 14, 0 };
  g_autoptr (KithSecret) seed = kith_secret_new_from (authors[0], sizeof authors[0]);
  KithGroupSelf me = get_self (seed);
  Fuzz self = { .now_ms = BEGIN_MS };

  self.ops = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self.replica = kith_group_replica_create (&me, "Group", &policy, self.now_ms);
  take_effects (&self);
  let_in (&self);

  /* What it is, and in two bytes how long. */
  while (size >= 3)
    {
      gsize len = MIN ((gsize) data[1] << 8 | data[2], size - 3);
      g_autofree guint8 *copy = g_memdup2 (data + 3, len);

      do_one (&self, data[0], copy, len);
      data += 3 + len;
      size -= 3 + len;
    }

  restore (&self, seed);
  kith_group_replica_free (self.replica);
  g_ptr_array_unref (self.ops);
  g_clear_pointer (&self.state, g_bytes_unref);
  return 0;
}
