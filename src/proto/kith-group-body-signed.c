/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4 and 10.5: what members say beside their logs: who should be admin, what they have
 * got and read; and the secret by which members find each other. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include <string.h>

#include "base/kith-secret.h"
#include "proto/kith-group-body-private.h"

/**
 * kith_group_endorse_pack:
 * @self: a voice for a candidate
 *
 * Returns: (transfer full): the body of GROUP_ENDORSE
 */
GBytes *
kith_group_endorse_pack (const KithGroupEndorsement *self)
{
  Kith__GroupEndorse out = KITH__GROUP_ENDORSE__INIT;

  out.height = self->height;
  out.prev = kith_body_bytes (self->prev, sizeof self->prev);
  out.candidate = kith_body_bytes (self->candidate, sizeof self->candidate);
  out.author = kith_body_bytes (self->author, sizeof self->author);
  out.signature = kith_body_bytes (self->signature, sizeof self->signature);
  return kith_group_pack (&out.base);
}

/**
 * kith_group_endorse_unpack:
 * @self: (out caller-allocates): a voice; its signature has not been looked at
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a GROUP_ENDORSE
 */
gboolean
kith_group_endorse_unpack (KithGroupEndorsement *self, const guint8 *data, gsize len)
{
  Kith__GroupEndorse *in = kith__group_endorse__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  self->height = in->height;
  ok = kith_body_take_bytes (&in->prev, self->prev, sizeof self->prev)
       && kith_body_take_bytes (&in->candidate, self->candidate, sizeof self->candidate)
       && kith_body_take_bytes (&in->author, self->author, sizeof self->author)
       && kith_body_take_bytes (&in->signature, self->signature, sizeof self->signature);
  kith__group_endorse__free_unpacked (in, NULL);
  return ok;
}

/* --- GROUP_STATUS ---------------------------------------------------------------------------- */

/**
 * kith_group_status_clear:
 * @self: a status
 *
 * Frees what it has.
 */
void
kith_group_status_clear (KithGroupStatus *self)
{
  g_clear_pointer (&self->rows, g_array_unref);
}

static void
hash_status (guint8 *out, const guint8 *gid, const guint8 *status, gsize len)
{
  kith_hash (out, "kith1 g-status",
             KITH_FIELDS (KITH_FIELD (gid, KITH_GROUP_ID_BYTES), KITH_FIELD (status, len)));
}

static GBytes *
pack_rows (const KithGroupStatus *self)
{
  Kith__GroupStatus out = KITH__GROUP_STATUS__INIT;
  g_autofree Kith__GroupStatusRow *rows = g_new (Kith__GroupStatusRow, self->rows->len);
  g_autofree Kith__GroupStatusRow **pointers = g_new (Kith__GroupStatusRow *, self->rows->len);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const KithGroupStatusRow *row = &g_array_index (self->rows, KithGroupStatusRow, i);

      kith__group_status_row__init (&rows[i]);
      rows[i].author = kith_body_bytes (row->author, sizeof row->author);
      rows[i].delivered = row->delivered;
      rows[i].read = row->read;
      pointers[i] = &rows[i];
    }

  out.counter = self->counter;
  out.rows = pointers;
  out.n_rows = self->rows->len;
  return kith_group_pack (&out.base);
}

/**
 * kith_group_status_seal:
 * @self: what we have got and read
 * @gid: in which group
 * @seed: the seed of our author key
 *
 * Returns: (transfer full): the body of GROUP_STATUS
 */
GBytes *
kith_group_status_seal (const KithGroupStatus *self, const guint8 gid[KITH_GROUP_ID_BYTES],
                        const guint8 seed[KITH_IDENTITY_SEED_BYTES])
{
  Kith__GroupSignedStatus out = KITH__GROUP_SIGNED_STATUS__INIT;
  g_autoptr (GBytes) rows = pack_rows (self);
  gsize len;
  const guint8 *data = g_bytes_get_data (rows, &len);
  guint8 hash[KITH_HASH_BYTES];
  guint8 signature[KITH_SIGNATURE_BYTES];

  hash_status (hash, gid, data, len);
  kith_identity_sign (seed, hash, sizeof hash, signature);
  out.author = kith_body_bytes (self->author, sizeof self->author);
  out.status = kith_body_bytes (data, len);
  out.signature = kith_body_bytes (signature, sizeof signature);
  return kith_group_pack (&out.base);
}

static gboolean
take_rows (KithGroupStatus *self, const Kith__GroupStatus *in)
{
  if (in->n_rows > KITH_LIMIT_GROUP_STATUS_ROWS)
    return FALSE;

  self->counter = in->counter;
  self->rows = g_array_new (FALSE, FALSE, sizeof (KithGroupStatusRow));
  for (gsize i = 0; i < in->n_rows; i++)
    {
      KithGroupStatusRow row = { .delivered = in->rows[i]->delivered, .read = in->rows[i]->read };

      if (!kith_body_take_bytes (&in->rows[i]->author, row.author, sizeof row.author)
          || row.delivered > KITH_LIMIT_GROUP_SEQ || row.read > row.delivered)
        return FALSE;
      g_array_append_val (self->rows, row);
    }

  return TRUE;
}

static gboolean
take_status (KithGroupStatus *self, const guint8 *gid, const Kith__GroupSignedStatus *in)
{
  Kith__GroupStatus *status;
  guint8 hash[KITH_HASH_BYTES];
  gboolean ok;

  if (!kith_body_take_bytes (&in->author, self->author, sizeof self->author)
      || in->signature.len != KITH_SIGNATURE_BYTES)
    return FALSE;

  hash_status (hash, gid, in->status.data, in->status.len);
  if (!kith_identity_verify (self->author, hash, sizeof hash, in->signature.data))
    return FALSE;

  status = kith__group_status__unpack (NULL, in->status.len, in->status.data);
  ok = status != NULL && take_rows (self, status);
  if (status != NULL)
    kith__group_status__free_unpacked (status, NULL);
  return ok;
}

/**
 * kith_group_status_peek:
 * @author: (out caller-allocates): who says it
 * @counter: (out): which of theirs it is
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * For a look whether it is worth to check the signature: in a mesh each comes many times.
 *
 * Returns: whether it may be the body of a GROUP_STATUS
 */
gboolean
kith_group_status_peek (guint8 author[KITH_GROUP_KEY_BYTES], guint64 *counter, const guint8 *data,
                        gsize len)
{
  Kith__GroupSignedStatus *in = kith__group_signed_status__unpack (NULL, len, data);
  Kith__GroupStatus *status = NULL;
  gboolean ok;

  *counter = 0;
  if (in == NULL)
    return FALSE;

  ok = kith_body_take_bytes (&in->author, author, KITH_GROUP_KEY_BYTES);
  if (ok)
    status = kith__group_status__unpack (NULL, in->status.len, in->status.data);
  kith__group_signed_status__free_unpacked (in, NULL);
  if (status == NULL)
    return FALSE;

  *counter = status->counter;
  kith__group_status__free_unpacked (status, NULL);
  return TRUE;
}

/**
 * kith_group_status_open:
 * @self: (out caller-allocates): what its author has got and read, to be cleared
 * @gid: in which group
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a GROUP_STATUS that its author signed for this group
 */
gboolean
kith_group_status_open (KithGroupStatus *self, const guint8 gid[KITH_GROUP_ID_BYTES],
                        const guint8 *data, gsize len)
{
  Kith__GroupSignedStatus *in = kith__group_signed_status__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  ok = take_status (self, gid, in);
  kith__group_signed_status__free_unpacked (in, NULL);
  if (!ok)
    {
      kith_group_status_clear (self);
      memset (self, 0, sizeof *self);
    }

  return ok;
}

/* --- GROUP_SECRET ---------------------------------------------------------------------------- */

/**
 * kith_group_secret_pack:
 * @self: a rendezvous secret, and the operation that brought it
 *
 * Returns: (transfer full): the body of GROUP_SECRET
 */
GBytes *
kith_group_secret_pack (const KithGroupSecretBody *self)
{
  Kith__GroupSecret out = KITH__GROUP_SECRET__INIT;

  out.height = self->height;
  out.op_id = kith_body_bytes (self->op_id, sizeof self->op_id);
  out.secret = kith_body_bytes (self->secret, sizeof self->secret);
  return kith_group_pack (&out.base);
}

/**
 * kith_group_secret_unpack:
 * @self: (out caller-allocates): the secret, to be wiped
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a GROUP_SECRET
 */
gboolean
kith_group_secret_unpack (KithGroupSecretBody *self, const guint8 *data, gsize len)
{
  Kith__GroupSecret *in = kith__group_secret__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  self->height = in->height;
  ok = kith_body_take_bytes (&in->op_id, self->op_id, sizeof self->op_id)
       && kith_body_take_bytes (&in->secret, self->secret, sizeof self->secret);
  if (in->secret.len > 0)
    kith_secret_wipe (in->secret.data, in->secret.len);
  kith__group_secret__free_unpacked (in, NULL);
  return ok;
}
