/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.5: `author[32] ‖ u64 unix seconds ‖ u8 n ‖ n × (family, address, port) ‖ signature[64]`, the
 * signature by the author key over H("kith1 g-where"; gid, all before). */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-group-where.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "proto/kith-body-private.h"
#include "proto/kith-hash.h"

static void
get_digest (const KithGroupWhere *self, const guint8 gid[32], guint8 digest[KITH_HASH_BYTES])
{
  kith_hash (digest, "kith1 g-where",
             KITH_FIELDS (KITH_FIELD (gid, 32),
                          KITH_FIELD (self->bytes, self->len - KITH_SIGNATURE_BYTES)));
}

/**
 * kith_group_where_sign:
 * @self: (inout): time and endpoints; more of them than fit are left out. Author and bytes are filled in
 * @gid: the group
 * @author_seed: of our author key there
 */
void
kith_group_where_sign (KithGroupWhere *self, const guint8 gid[32],
                       const guint8 author_seed[KITH_IDENTITY_SEED_BYTES])
{
  guint8 digest[KITH_HASH_BYTES];
  KithWriter writer;

  self->endpoints.n = MIN (self->endpoints.n, KITH_LIMIT_GROUP_NOTE_ENDPOINTS);
  kith_identity_get_public (author_seed, self->author);
  kith_writer_init (&writer, self->bytes, sizeof self->bytes);
  kith_writer_bytes (&writer, self->author, sizeof self->author);
  kith_writer_u64 (&writer, self->time_s);
  kith_writer_u8 (&writer, (guint8) self->endpoints.n);
  for (guint i = 0; i < self->endpoints.n; i++)
    kith_writer_endpoint (&writer, &self->endpoints.items[i]);

  self->len = writer.len + KITH_SIGNATURE_BYTES;
  get_digest (self, gid, digest);
  kith_identity_sign (author_seed, digest, sizeof digest, self->bytes + writer.len);
}

/**
 * kith_group_where_parse:
 * @self: (out): the note
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Does not look at the signature, which costs far more than all the rest.
 *
 * Returns: whether it has the form of a note
 */
gboolean
kith_group_where_parse (KithGroupWhere *self, const guint8 *data, gsize len)
{
  KithReader reader;

  *self = (KithGroupWhere){ .len = 0 };
  if (len <= KITH_SIGNATURE_BYTES || len > sizeof self->bytes)
    return FALSE;

  memcpy (self->bytes, data, len);
  self->len = len;
  kith_reader_init (&reader, data, len - KITH_SIGNATURE_BYTES);
  kith_reader_bytes (&reader, self->author, sizeof self->author);
  self->time_s = kith_reader_u64 (&reader);
  self->endpoints.n = kith_reader_u8 (&reader);
  if (self->endpoints.n > KITH_LIMIT_GROUP_NOTE_ENDPOINTS)
    return FALSE;

  for (guint i = 0; i < self->endpoints.n; i++)
    if (!kith_reader_endpoint (&reader, &self->endpoints.items[i]))
      return FALSE;

  return kith_reader_finish (&reader);
}

/**
 * kith_group_where_verify:
 * @self: a parsed note
 * @gid: the group
 *
 * Returns: whether its author has signed it, for this group
 */
gboolean
kith_group_where_verify (const KithGroupWhere *self, const guint8 gid[32])
{
  guint8 digest[KITH_HASH_BYTES];

  get_digest (self, gid, digest);
  return kith_identity_verify (self->author, digest, sizeof digest,
                               self->bytes + self->len - KITH_SIGNATURE_BYTES);
}

/* --- GROUP_PEERS ---------------------------------------------------------------------------- */

/**
 * kith_body_group_peers_pack:
 * @notes: (array length=n): notes of members
 * @n: how many; at most %KITH_LIMIT_GROUP_NOTES
 *
 * Returns: (transfer full): the body of GROUP_PEERS, without the name of the group
 */
GByteArray *
kith_body_group_peers_pack (const KithGroupWhere *const *notes, guint n)
{
  Kith__GroupPeers peers = KITH__GROUP_PEERS__INIT;
  ProtobufCBinaryData bytes[KITH_LIMIT_GROUP_NOTES];

  peers.n_notes = MIN (n, KITH_LIMIT_GROUP_NOTES);
  for (guint i = 0; i < peers.n_notes; i++)
    bytes[i] = kith_body_bytes (notes[i]->bytes, notes[i]->len);
  peers.notes = bytes;
  return kith_body_pack (&peers.base);
}

/**
 * kith_body_group_peers_unpack:
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: (transfer full) (nullable) (element-type GBytes): what may be notes; %NULL when it is
 *   malformed
 */
GPtrArray *
kith_body_group_peers_unpack (const guint8 *data, gsize len)
{
  Kith__GroupPeers *peers = kith__group_peers__unpack (NULL, len, data);
  GPtrArray *notes = NULL;

  if (peers != NULL && peers->n_notes <= KITH_LIMIT_GROUP_NOTES)
    {
      notes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
      for (gsize i = 0; i < peers->n_notes; i++)
        g_ptr_array_add (notes, g_bytes_new (peers->notes[i].data, peers->notes[i].len));
    }

  if (peers != NULL)
    kith__group_peers__free_unpacked (peers, NULL);
  return notes;
}
