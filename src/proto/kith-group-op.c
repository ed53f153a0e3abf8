/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2: the operations of a group's membership chain, and the signatures in them. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-group-op.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"

#define VERSION 1
#define HEAD_BYTES 112

G_STATIC_ASSERT (KITH_LIMIT_GROUP_OP_BODY_BYTES <= G_MAXUINT16);

static void
op_clear (KithGroupOp *self)
{
  kith_group_op_body_clear (&self->body);
  g_clear_pointer (&self->bytes, g_bytes_unref);
}

/**
 * kith_group_op_ref:
 * @self: an operation
 *
 * Returns: (transfer full): @self
 */
KithGroupOp *
kith_group_op_ref (KithGroupOp *self)
{
  return g_rc_box_acquire (self);
}

/**
 * kith_group_op_unref:
 * @self: (transfer full): an operation
 */
void
kith_group_op_unref (KithGroupOp *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) op_clear);
}

static void
hash_op (guint8 *out, const guint8 *data, gsize len)
{
  kith_hash (out, "kith1 g-op", KITH_FIELDS (KITH_FIELD (data, len)));
}

static void
write_id (KithWriter *writer, const guint8 *id)
{
  if (id != NULL)
    kith_writer_bytes (writer, id, KITH_GROUP_ID_BYTES);
  else
    kith_writer_zeros (writer, KITH_GROUP_ID_BYTES);
}

/**
 * kith_group_op_seal_raw:
 * @draft: what stands before the body
 * @body: (array length=len): the body as it goes over the wire
 * @len: its length, at most %KITH_LIMIT_GROUP_OP_BODY_BYTES
 * @signer_seed: the seed of the author key that signs
 *
 * Returns: (transfer full): a signed operation, as on the wire
 */
GBytes *
kith_group_op_seal_raw (const KithGroupOpDraft *draft, const guint8 *body, gsize len,
                        const guint8 signer_seed[KITH_IDENTITY_SEED_BYTES])
{
  gsize size = HEAD_BYTES + len + KITH_SIGNATURE_BYTES;
  guint8 *data = g_malloc (size);
  guint8 signer[KITH_GROUP_KEY_BYTES];
  guint8 id[KITH_GROUP_ID_BYTES];
  KithWriter writer;

  kith_identity_get_public (signer_seed, signer);
  kith_writer_init (&writer, data, size);
  kith_writer_u8 (&writer, VERSION);
  kith_writer_u8 (&writer, (guint8) draft->type);
  write_id (&writer, draft->gid);
  kith_writer_u32 (&writer, draft->height);
  write_id (&writer, draft->prev);
  kith_writer_u64 (&writer, draft->time_ms);
  kith_writer_bytes (&writer, signer, sizeof signer);
  kith_writer_u16 (&writer, (guint16) len);
  kith_writer_bytes (&writer, body, len);
  hash_op (id, data, writer.len);
  kith_identity_sign (signer_seed, id, sizeof id, data + writer.len);
  return g_bytes_new_take (data, size);
}

/**
 * kith_group_op_seal:
 * @draft: what stands before the body
 * @body: the body
 * @signer_seed: the seed of the author key that signs
 *
 * Returns: (transfer full) (nullable): the operation, or %NULL if its body is too big or lacks
 *   something
 */
KithGroupOp *
kith_group_op_seal (const KithGroupOpDraft *draft, const KithGroupOpBody *body,
                    const guint8 signer_seed[KITH_IDENTITY_SEED_BYTES])
{
  g_autoptr (GBytes) packed = kith_group_op_body_pack (draft->type, body);
  g_autoptr (GBytes) bytes = NULL;
  gsize len;
  const guint8 *data = g_bytes_get_data (packed, &len);

  if (len > KITH_LIMIT_GROUP_OP_BODY_BYTES)
    return NULL;

  bytes = kith_group_op_seal_raw (draft, data, len, signer_seed);
  return kith_group_op_parse (bytes);
}

static gsize
get_max_body (guint8 type)
{
  return type == KITH_GROUP_OP_CLAIM ? KITH_LIMIT_GROUP_OP_BODY_BYTES
                                     : KITH_LIMIT_GROUP_OP_SMALL_BYTES;
}

static gboolean
read_op (KithGroupOp *self, const guint8 *data, gsize len)
{
  KithReader reader;
  guint8 version;
  guint8 type;
  guint16 body_len;
  const guint8 *body;
  gsize signed_len;

  kith_reader_init (&reader, data, len);
  version = kith_reader_u8 (&reader);
  type = kith_reader_u8 (&reader);
  kith_reader_bytes (&reader, self->gid, sizeof self->gid);
  self->height = kith_reader_u32 (&reader);
  kith_reader_bytes (&reader, self->prev, sizeof self->prev);
  self->time_ms = kith_reader_u64 (&reader);
  kith_reader_bytes (&reader, self->signer, sizeof self->signer);
  body_len = kith_reader_u16 (&reader);
  body = kith_reader_peek (&reader, body_len);
  signed_len = reader.offset;
  (void) kith_reader_peek (&reader, KITH_SIGNATURE_BYTES);

  if (!kith_reader_finish (&reader) || version != VERSION || body_len > get_max_body (type)
      || type < KITH_GROUP_OP_CREATE || type > KITH_GROUP_OP_REKEY || self->time_ms >= G_MAXINT64
      || self->height >= KITH_LIMIT_GROUP_OPS)
    return FALSE;

  self->type = (KithGroupOpType) type;
  hash_op (self->id, data, signed_len);
  return kith_group_op_body_unpack (&self->body, self->type, body, body_len);
}

static gboolean
is_zero (const guint8 *id)
{
  static const guint8 zeros[KITH_GROUP_ID_BYTES];

  return memcmp (id, zeros, sizeof zeros) == 0;
}

/* CREATE is the first and has no group yet: its own id is the group's. */
static gboolean
place_op (KithGroupOp *self)
{
  if (self->type != KITH_GROUP_OP_CREATE)
    return self->height > 0 && !is_zero (self->prev) && !is_zero (self->gid);

  if (self->height != 0 || !is_zero (self->prev) || !is_zero (self->gid))
    return FALSE;

  memcpy (self->gid, self->id, sizeof self->gid);
  return TRUE;
}

/**
 * kith_group_op_parse:
 * @bytes: untrusted
 *
 * Reads an operation. Checks its form, neither the signature nor whether it is allowed.
 *
 * Returns: (transfer full) (nullable): the operation, or %NULL if that is none
 */
KithGroupOp *
kith_group_op_parse (GBytes *bytes)
{
  g_autoptr (KithGroupOp) self = g_rc_box_new0 (KithGroupOp);
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  if (data == NULL || !read_op (self, data, len) || !place_op (self))
    return NULL;

  self->bytes = g_bytes_ref (bytes);
  return g_steal_pointer (&self);
}

/**
 * kith_group_op_verify:
 * @self: an operation
 *
 * Returns: whether the one it names signed it
 */
gboolean
kith_group_op_verify (const KithGroupOp *self)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (self->bytes, &len);

  return kith_identity_verify (self->signer, self->id, sizeof self->id,
                               data + len - KITH_SIGNATURE_BYTES);
}

/* --- Signatures in the bodies --------------------------------------------------------------- */

static void
hash_acceptance (guint8 *out, const guint8 *prev)
{
  kith_hash (out, "kith1 g-accept", KITH_FIELDS (KITH_FIELD (prev, KITH_GROUP_ID_BYTES)));
}

/**
 * kith_group_accept_sign:
 * @prev: the operation on which the transfer will stand
 * @seed: the seed of the new admin's author key
 * @out: (out caller-allocates): their consent
 */
void
kith_group_accept_sign (const guint8 prev[KITH_GROUP_ID_BYTES],
                        const guint8 seed[KITH_IDENTITY_SEED_BYTES],
                        guint8 out[KITH_SIGNATURE_BYTES])
{
  guint8 hash[KITH_HASH_BYTES];

  hash_acceptance (hash, prev);
  kith_identity_sign (seed, hash, sizeof hash, out);
}

/**
 * kith_group_accept_verify:
 * @prev: the operation on which the transfer stands
 * @author: the new admin
 * @signature: untrusted
 *
 * Returns: whether they want to be admin
 */
gboolean
kith_group_accept_verify (const guint8 prev[KITH_GROUP_ID_BYTES],
                          const guint8 author[KITH_GROUP_KEY_BYTES],
                          const guint8 signature[KITH_SIGNATURE_BYTES])
{
  guint8 hash[KITH_HASH_BYTES];

  hash_acceptance (hash, prev);
  return kith_identity_verify (author, hash, sizeof hash, signature);
}

static void
hash_renewal (guint8 *out, const guint8 *gid, const guint8 *old, const guint8 *author)
{
  kith_hash (out, "kith1 g-renew",
             KITH_FIELDS (KITH_FIELD (gid, KITH_GROUP_ID_BYTES),
                          KITH_FIELD (old, KITH_GROUP_KEY_BYTES),
                          KITH_FIELD (author, KITH_GROUP_KEY_BYTES)));
}

/**
 * kith_group_renew_sign:
 * @gid: the group
 * @author: the new author key
 * @old_seed: the seed of the one that it replaces
 * @out: (out caller-allocates): what REKEY needs (10.2): without it an admin could give the name of
 *   any member to a key of his own
 */
void
kith_group_renew_sign (const guint8 gid[KITH_GROUP_ID_BYTES],
                       const guint8 author[KITH_GROUP_KEY_BYTES],
                       const guint8 old_seed[KITH_IDENTITY_SEED_BYTES],
                       guint8 out[KITH_SIGNATURE_BYTES])
{
  guint8 old[KITH_GROUP_KEY_BYTES];
  guint8 hash[KITH_HASH_BYTES];

  kith_identity_get_public (old_seed, old);
  hash_renewal (hash, gid, old, author);
  kith_identity_sign (old_seed, hash, sizeof hash, out);
}

/**
 * kith_group_renew_verify:
 * @gid: the group
 * @author: the new author key
 * @old: the one that it replaces
 * @signature: untrusted
 *
 * Returns: whether the owner of the old key wants the new one
 */
gboolean
kith_group_renew_verify (const guint8 gid[KITH_GROUP_ID_BYTES],
                         const guint8 author[KITH_GROUP_KEY_BYTES],
                         const guint8 old[KITH_GROUP_KEY_BYTES],
                         const guint8 signature[KITH_SIGNATURE_BYTES])
{
  guint8 hash[KITH_HASH_BYTES];

  hash_renewal (hash, gid, old, author);
  return kith_identity_verify (old, hash, sizeof hash, signature);
}

static void
hash_endorsement (guint8 *out, const guint8 *gid, guint32 height, const guint8 *prev,
                  const guint8 *candidate)
{
  guint8 number[4] = { (guint8) (height >> 24), (guint8) (height >> 16), (guint8) (height >> 8),
                       (guint8) height };

  kith_hash (out, "kith1 g-endorse",
             KITH_FIELDS (KITH_FIELD (gid, KITH_GROUP_ID_BYTES), KITH_FIELD (number, sizeof number),
                          KITH_FIELD (prev, KITH_GROUP_ID_BYTES),
                          KITH_FIELD (candidate, KITH_GROUP_KEY_BYTES)));
}

/**
 * kith_group_endorse_sign:
 * @gid: the group
 * @height: of the operation that would make @candidate admin
 * @prev: the one before it
 * @candidate: whom we are for
 * @seed: the seed of our author key
 * @out: (out caller-allocates): our voice
 */
void
kith_group_endorse_sign (const guint8 gid[KITH_GROUP_ID_BYTES], guint32 height,
                         const guint8 prev[KITH_GROUP_ID_BYTES],
                         const guint8 candidate[KITH_GROUP_KEY_BYTES],
                         const guint8 seed[KITH_IDENTITY_SEED_BYTES],
                         guint8 out[KITH_SIGNATURE_BYTES])
{
  guint8 hash[KITH_HASH_BYTES];

  hash_endorsement (hash, gid, height, prev, candidate);
  kith_identity_sign (seed, hash, sizeof hash, out);
}

/**
 * kith_group_endorse_verify:
 * @gid: the group
 * @height: of the operation that makes @candidate admin
 * @prev: the one before it
 * @candidate: whom @author is for
 * @author: a member
 * @signature: untrusted
 *
 * Returns: whether @author said so
 */
gboolean
kith_group_endorse_verify (const guint8 gid[KITH_GROUP_ID_BYTES], guint32 height,
                           const guint8 prev[KITH_GROUP_ID_BYTES],
                           const guint8 candidate[KITH_GROUP_KEY_BYTES],
                           const guint8 author[KITH_GROUP_KEY_BYTES],
                           const guint8 signature[KITH_SIGNATURE_BYTES])
{
  guint8 hash[KITH_HASH_BYTES];

  hash_endorsement (hash, gid, height, prev, candidate);
  return kith_identity_verify (author, hash, sizeof hash, signature);
}
