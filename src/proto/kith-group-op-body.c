/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2: what the operations of a membership chain say. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-group-op.h"

#include <string.h>

#include "base/kith-text.h"
#include "proto/kith-group-body-private.h"

#define VOICE_BYTES (KITH_GROUP_KEY_BYTES + KITH_SIGNATURE_BYTES)

G_STATIC_ASSERT (sizeof (KithGroupVoice) == VOICE_BYTES);

/* A CLAIM has room for the voices that it needs, and some removals. */
G_STATIC_ASSERT ((KITH_LIMIT_GROUP_MEMBERS / 2 + 1) * VOICE_BYTES + 8192
                 <= KITH_LIMIT_GROUP_OP_BODY_BYTES);

/**
 * kith_group_op_body_clear:
 * @body: a body
 *
 * Frees what it has.
 */
void
kith_group_op_body_clear (KithGroupOpBody *body)
{
  g_clear_pointer (&body->name, g_free);
  g_clear_pointer (&body->voices, g_array_unref);
  g_clear_pointer (&body->removals, g_array_unref);
}

/* --- Which operation has what ---------------------------------------------------------------- */

static gboolean
has_name (KithGroupOpType type)
{
  return type == KITH_GROUP_OP_CREATE || type == KITH_GROUP_OP_RENAME;
}

static gboolean
has_policy (KithGroupOpType type)
{
  return type == KITH_GROUP_OP_CREATE || type == KITH_GROUP_OP_POLICY;
}

static gboolean
has_author (KithGroupOpType type)
{
  return type == KITH_GROUP_OP_ADD || type == KITH_GROUP_OP_TRANSFER || type == KITH_GROUP_OP_REKEY;
}

static gboolean
has_identity (KithGroupOpType type)
{
  return type == KITH_GROUP_OP_CREATE || type == KITH_GROUP_OP_ADD;
}

static gboolean
has_cut (KithGroupOpType type)
{
  return type == KITH_GROUP_OP_KICK || type == KITH_GROUP_OP_LEFT || type == KITH_GROUP_OP_REKEY;
}

static gboolean
has_acceptance (KithGroupOpType type)
{
  return type == KITH_GROUP_OP_TRANSFER || type == KITH_GROUP_OP_REKEY;
}

static gboolean
may_have_secret (KithGroupOpType type)
{
  return type == KITH_GROUP_OP_CREATE || type == KITH_GROUP_OP_KICK || type == KITH_GROUP_OP_LEFT
         || type == KITH_GROUP_OP_CLAIM;
}

/* --- Packing --------------------------------------------------------------------------------- */

static void
fill_cut (Kith__GroupCut *out, const KithGroupCut *cut)
{
  kith__group_cut__init (out);
  out->author = kith_body_bytes (cut->author, sizeof cut->author);
  out->seq = cut->seq;
  if (cut->seq != 0)
    out->entry_id = kith_body_bytes (cut->entry_id, sizeof cut->entry_id);
}

static void
fill_add (Kith__GroupOpBody *out, const KithGroupOpBody *body)
{
  static const guint8 none[KITH_GROUP_ID_BYTES];

  out->name = body->name;
  out->history_from_ms = body->history_from_ms;
  if (memcmp (body->pin_id, none, sizeof none) != 0)
    {
      out->pin_height = body->pin_height;
      out->pin_id = kith_body_bytes (body->pin_id, sizeof body->pin_id);
    }
}

typedef struct
{
  Kith__GroupCut  *items;    /* (owned) */
  Kith__GroupCut **pointers; /* (owned) */
} PackedRemovals;

static void
fill_claim (Kith__GroupOpBody *out, PackedRemovals *packed, const KithGroupOpBody *body)
{
  guint n = body->removals != NULL ? body->removals->len : 0;

  if (body->voices != NULL)
    out->endorsements = kith_body_bytes ((const guint8 *) body->voices->data, (gsize) body->voices->len * VOICE_BYTES);
  if (body->has_proof)
    out->proof = kith_body_bytes ((const guint8 *) body->proof, sizeof body->proof);

  packed->items = g_new (Kith__GroupCut, n);
  packed->pointers = g_new (Kith__GroupCut *, n);
  for (guint i = 0; i < n; i++)
    {
      fill_cut (&packed->items[i], &g_array_index (body->removals, KithGroupCut, i));
      packed->pointers[i] = &packed->items[i];
    }
  out->removals = packed->pointers;
  out->n_removals = n;
}

static void
fill_policy (Kith__GroupPolicy *out, const KithGroupPolicy *policy)
{
  out->history_days = policy->history_days;
  out->vanish_days = policy->vanish_days;
  out->cap = policy->cap;
}

/**
 * kith_group_op_body_pack:
 * @type: what kind of operation
 * @body: its body
 *
 * Returns: (transfer full): the body as it goes over the wire
 */
GBytes *
kith_group_op_body_pack (KithGroupOpType type, const KithGroupOpBody *body)
{
  Kith__GroupOpBody out = KITH__GROUP_OP_BODY__INIT;
  Kith__GroupPolicy policy = KITH__GROUP_POLICY__INIT;
  Kith__GroupCut cut;
  PackedRemovals removals = { NULL, NULL };
  GBytes *packed;

  fill_policy (&policy, &body->policy);
  fill_cut (&cut, &body->cut);
  if (has_name (type))
    out.name = body->name;
  if (has_policy (type))
    out.policy = &policy;
  if (has_author (type))
    out.author = kith_body_bytes (body->author, sizeof body->author);
  if (has_identity (type))
    out.identity = kith_body_bytes (body->identity, sizeof body->identity);
  if (has_cut (type))
    out.cut = &cut;
  if (type == KITH_GROUP_OP_ADD)
    fill_add (&out, body);
  if (has_acceptance (type))
    out.acceptance = kith_body_bytes (body->acceptance, sizeof body->acceptance);
  if (type == KITH_GROUP_OP_CHECKPOINT)
    out.state_hash = kith_body_bytes (body->state_hash, sizeof body->state_hash);
  if (may_have_secret (type) && body->has_secret)
    out.secret_hash = kith_body_bytes (body->secret_hash, sizeof body->secret_hash);
  if (type == KITH_GROUP_OP_RENAME && body->has_picture)
    out.picture = kith_body_bytes (body->picture, sizeof body->picture);
  if (type == KITH_GROUP_OP_CLAIM)
    fill_claim (&out, &removals, body);

  packed = kith_group_pack (&out.base);
  g_free (removals.items);
  g_free (removals.pointers);
  return packed;
}

/* --- Unpacking ------------------------------------------------------------------------------- */

static gboolean
take_name (KithGroupOpBody *body, const Kith__GroupOpBody *in)
{
  body->name = in->name != NULL ? kith_text_sanitize_name (in->name) : NULL;
  return body->name != NULL && *body->name != '\0';
}

/* What a policy says is brought into bounds, in the same way by everybody. */
static gboolean
take_policy (KithGroupPolicy *out, const Kith__GroupPolicy *in)
{
  if (in == NULL)
    return FALSE;

  out->history_days = in->history_days;
  out->vanish_days = in->vanish_days == 0 ? KITH_LIMIT_GROUP_VANISH_DAYS
                                          : CLAMP (in->vanish_days, KITH_LIMIT_GROUP_VANISH_MIN_DAYS,
                                                   3650);
  out->cap = in->cap == 0 ? KITH_LIMIT_GROUP_CAP : MIN (in->cap, KITH_LIMIT_GROUP_MEMBERS);
  return TRUE;
}

static gboolean
take_cut (KithGroupCut *out, const Kith__GroupCut *in)
{
  if (in == NULL || !kith_body_take_bytes (&in->author, out->author, sizeof out->author)
      || in->seq > KITH_LIMIT_GROUP_SEQ)
    return FALSE;

  out->seq = in->seq;
  return in->seq == 0 ? in->entry_id.len == 0
                      : kith_body_take_bytes (&in->entry_id, out->entry_id, sizeof out->entry_id);
}

static gboolean
take_add (KithGroupOpBody *body, const Kith__GroupOpBody *in)
{
  if (in->name != NULL && *in->name != '\0')
    body->name = kith_text_sanitize_name (in->name);
  body->history_from_ms = in->history_from_ms;
  body->pin_height = in->pin_height;
  return in->pin_id.len == 0
         || kith_body_take_bytes (&in->pin_id, body->pin_id, sizeof body->pin_id);
}

static gboolean
take_secret (KithGroupOpBody *body, const Kith__GroupOpBody *in)
{
  body->has_secret = in->secret_hash.len != 0;
  return !body->has_secret
         || kith_body_take_bytes (&in->secret_hash, body->secret_hash, sizeof body->secret_hash);
}

static gboolean
take_picture (KithGroupOpBody *body, const Kith__GroupOpBody *in)
{
  body->has_picture = in->picture.len != 0;
  return !body->has_picture
         || kith_body_take_bytes (&in->picture, body->picture, sizeof body->picture);
}

static gboolean
take_claim (KithGroupOpBody *body, const Kith__GroupOpBody *in)
{
  if (in->endorsements.len % VOICE_BYTES != 0 || in->n_removals > KITH_LIMIT_GROUP_MEMBERS)
    return FALSE;

  body->voices = g_array_new (FALSE, FALSE, sizeof (KithGroupVoice));
  if (in->endorsements.len > 0)
    g_array_append_vals (body->voices, in->endorsements.data,
                         (guint) (in->endorsements.len / VOICE_BYTES));
  body->removals = g_array_new (FALSE, TRUE, sizeof (KithGroupCut));
  for (gsize i = 0; i < in->n_removals; i++)
    {
      KithGroupCut cut = { .seq = 0 };

      if (!take_cut (&cut, in->removals[i]))
        return FALSE;
      g_array_append_val (body->removals, cut);
    }

  body->has_proof = in->proof.len != 0;
  return !body->has_proof
         || kith_body_take_bytes (&in->proof, (guint8 *) body->proof, sizeof body->proof);
}

static gboolean
take_body (KithGroupOpBody *body, KithGroupOpType type, const Kith__GroupOpBody *in)
{
  if (has_name (type) && !take_name (body, in))
    return FALSE;
  if (has_policy (type) && !take_policy (&body->policy, in->policy))
    return FALSE;
  if (has_author (type) && !kith_body_take_bytes (&in->author, body->author, sizeof body->author))
    return FALSE;
  if (has_identity (type)
      && !kith_body_take_bytes (&in->identity, body->identity, sizeof body->identity))
    return FALSE;
  if (has_cut (type) && !take_cut (&body->cut, in->cut))
    return FALSE;
  if (type == KITH_GROUP_OP_ADD && !take_add (body, in))
    return FALSE;
  if (has_acceptance (type)
      && !kith_body_take_bytes (&in->acceptance, body->acceptance, sizeof body->acceptance))
    return FALSE;
  if (type == KITH_GROUP_OP_CHECKPOINT
      && !kith_body_take_bytes (&in->state_hash, body->state_hash, sizeof body->state_hash))
    return FALSE;
  if (may_have_secret (type) && !take_secret (body, in))
    return FALSE;
  if (type == KITH_GROUP_OP_RENAME && !take_picture (body, in))
    return FALSE;

  return type != KITH_GROUP_OP_CLAIM || take_claim (body, in);
}

/**
 * kith_group_op_body_unpack:
 * @body: (out caller-allocates): the body, to be cleared; empty after a failure
 * @type: what kind of operation
 * @data: (array length=len) (nullable): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of such an operation
 */
gboolean
kith_group_op_body_unpack (KithGroupOpBody *body, KithGroupOpType type, const guint8 *data,
                           gsize len)
{
  Kith__GroupOpBody *in = kith__group_op_body__unpack (NULL, len, data);
  gboolean ok;

  memset (body, 0, sizeof *body);
  if (in == NULL)
    return FALSE;

  ok = take_body (body, type, in);
  kith__group_op_body__free_unpacked (in, NULL);
  if (!ok)
    {
      kith_group_op_body_clear (body);
      memset (body, 0, sizeof *body);
    }

  return ok;
}
