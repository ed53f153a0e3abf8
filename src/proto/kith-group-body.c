/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: the records with which two replicas tell each other how far they are. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-group-body-private.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-secret.h"

#define PLACE_BYTES (4 + KITH_GROUP_ID_BYTES)

/**
 * kith_group_pack:
 * @message: a body
 *
 * Returns: (transfer full): its bytes
 */
GBytes *
kith_group_pack (const ProtobufCMessage *message)
{
  gsize len = protobuf_c_message_get_packed_size (message);
  guint8 *data = g_malloc (len);
  GBytes *bytes;

  protobuf_c_message_pack (message, data);
  bytes = kith_secret_copy_bytes (data, len);
  kith_secret_wipe (data, len);
  g_free (data);
  return bytes;
}

/* --- GROUP_HELLO ----------------------------------------------------------------------------- */

/**
 * kith_group_hello_clear:
 * @self: a hello
 *
 * Frees what it has.
 */
void
kith_group_hello_clear (KithGroupHello *self)
{
  g_clear_pointer (&self->locator, g_array_unref);
}

/**
 * kith_group_hello_pack:
 * @self: how far we are
 *
 * Returns: (transfer full): the body of GROUP_HELLO
 */
GBytes *
kith_group_hello_pack (const KithGroupHello *self)
{
  Kith__GroupHello out = KITH__GROUP_HELLO__INIT;
  guint8 locator[KITH_LIMIT_GROUP_LOCATOR * PLACE_BYTES];
  KithWriter writer;

  kith_writer_init (&writer, locator, sizeof locator);
  for (guint i = 0; self->locator != NULL && i < self->locator->len; i++)
    {
      const KithGroupPlace *place = &g_array_index (self->locator, KithGroupPlace, i);

      kith_writer_u32 (&writer, place->height);
      kith_writer_bytes (&writer, place->id, sizeof place->id);
    }

  if (self->has_head)
    out.head = kith_body_bytes (self->head, sizeof self->head);
  out.height = self->height;
  out.ops_digest = kith_body_bytes (self->ops_digest, sizeof self->ops_digest);
  out.locator = kith_body_bytes (locator, writer.len);
  out.vector_digest = kith_body_bytes (self->vector_digest, sizeof self->vector_digest);
  out.secret_height = self->secret_height;
  return kith_group_pack (&out.base);
}

static gboolean
take_locator (KithGroupHello *self, const ProtobufCBinaryData *in)
{
  KithReader reader;

  if (in->len % PLACE_BYTES != 0 || in->len / PLACE_BYTES > KITH_LIMIT_GROUP_LOCATOR)
    return FALSE;

  self->locator = g_array_new (FALSE, TRUE, sizeof (KithGroupPlace));
  kith_reader_init (&reader, in->data, in->len);
  while (kith_reader_remaining (&reader) > 0)
    {
      KithGroupPlace place;

      place.height = kith_reader_u32 (&reader);
      kith_reader_bytes (&reader, place.id, sizeof place.id);
      g_array_append_val (self->locator, place);
    }

  return TRUE;
}

static gboolean
take_hello (KithGroupHello *self, const Kith__GroupHello *in)
{
  self->has_head = in->head.len != 0;
  self->height = in->height;
  self->secret_height = in->secret_height;
  return (!self->has_head || kith_body_take_bytes (&in->head, self->head, sizeof self->head))
         && kith_body_take_bytes (&in->ops_digest, self->ops_digest, sizeof self->ops_digest)
         && kith_body_take_bytes (&in->vector_digest, self->vector_digest,
                                  sizeof self->vector_digest)
         && take_locator (self, &in->locator);
}

/**
 * kith_group_hello_unpack:
 * @self: (out caller-allocates): how far they are, to be cleared
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a GROUP_HELLO
 */
gboolean
kith_group_hello_unpack (KithGroupHello *self, const guint8 *data, gsize len)
{
  Kith__GroupHello *in = kith__group_hello__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  ok = take_hello (self, in);
  kith__group_hello__free_unpacked (in, NULL);
  if (!ok)
    {
      kith_group_hello_clear (self);
      memset (self, 0, sizeof *self);
    }

  return ok;
}

/* --- GROUP_OPS ------------------------------------------------------------------------------- */

/**
 * kith_group_ops_pack:
 * @ops: (element-type GBytes): operations as on the wire
 *
 * Returns: (transfer full): the body of GROUP_OPS
 */
GBytes *
kith_group_ops_pack (GPtrArray *ops)
{
  Kith__GroupOps out = KITH__GROUP_OPS__INIT;
  g_autofree ProtobufCBinaryData *items = g_new (ProtobufCBinaryData, ops->len);

  for (guint i = 0; i < ops->len; i++)
    {
      gsize len;
      const guint8 *data = g_bytes_get_data (ops->pdata[i], &len);

      items[i] = kith_body_bytes (data, len);
    }

  out.ops = items;
  out.n_ops = ops->len;
  return kith_group_pack (&out.base);
}

/**
 * kith_group_ops_unpack:
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: (transfer full) (nullable) (element-type GBytes): what stands in the body of a
 *   GROUP_OPS, or %NULL if that is none
 */
GPtrArray *
kith_group_ops_unpack (const guint8 *data, gsize len)
{
  Kith__GroupOps *in = kith__group_ops__unpack (NULL, len, data);
  GPtrArray *ops;

  if (in == NULL)
    return NULL;

  ops = g_ptr_array_new_full ((guint) in->n_ops, (GDestroyNotify) g_bytes_unref);
  for (gsize i = 0; i < in->n_ops; i++)
    g_ptr_array_add (ops, g_bytes_new (in->ops[i].data, in->ops[i].len));

  kith__group_ops__free_unpacked (in, NULL);
  return ops;
}

/* --- GROUP_VECTOR ---------------------------------------------------------------------------- */

/**
 * kith_group_vector_clear:
 * @self: a vector
 *
 * Frees what it has.
 */
void
kith_group_vector_clear (KithGroupVector *self)
{
  g_clear_pointer (&self->rows, g_array_unref);
}

static void
fill_row (Kith__GroupRow *out, const KithGroupRow *row)
{
  kith__group_row__init (out);
  out->author = kith_body_bytes (row->author, sizeof row->author);
  out->from = row->from;
  out->to = row->to;
  if (row->to != 0)
    out->id = kith_body_bytes (row->id, sizeof row->id);
  out->fork = row->fork;
}

/**
 * kith_group_vector_pack:
 * @self: at most %KITH_LIMIT_GROUP_VECTOR_ROWS rows
 *
 * Returns: (transfer full): the body of GROUP_VECTOR
 */
GBytes *
kith_group_vector_pack (const KithGroupVector *self)
{
  Kith__GroupVector out = KITH__GROUP_VECTOR__INIT;
  g_autofree Kith__GroupRow *rows = g_new (Kith__GroupRow, self->rows->len);
  g_autofree Kith__GroupRow **pointers = g_new (Kith__GroupRow *, self->rows->len);

  for (guint i = 0; i < self->rows->len; i++)
    {
      fill_row (&rows[i], &g_array_index (self->rows, KithGroupRow, i));
      pointers[i] = &rows[i];
    }

  out.rows = pointers;
  out.n_rows = self->rows->len;
  out.full = self->full;
  out.more = self->more;
  return kith_group_pack (&out.base);
}

static gboolean
take_row (KithGroupRow *row, const Kith__GroupRow *in)
{
  memset (row, 0, sizeof *row);
  row->from = in->from;
  row->to = in->to;
  row->fork = in->fork;
  return kith_body_take_bytes (&in->author, row->author, sizeof row->author)
         && in->to <= KITH_LIMIT_GROUP_SEQ && in->fork <= KITH_LIMIT_GROUP_SEQ && in->from <= in->to && (in->from == 0) == (in->to == 0)
         && (in->to == 0 ? in->id.len == 0
                         : kith_body_take_bytes (&in->id, row->id, sizeof row->id));
}

static gboolean
take_vector (KithGroupVector *self, const Kith__GroupVector *in)
{
  if (in->n_rows > KITH_LIMIT_GROUP_VECTOR_ROWS)
    return FALSE;

  self->full = in->full != 0;
  self->more = in->more != 0;
  self->rows = g_array_new (FALSE, FALSE, sizeof (KithGroupRow));
  for (gsize i = 0; i < in->n_rows; i++)
    {
      KithGroupRow row;

      if (!take_row (&row, in->rows[i]))
        return FALSE;
      g_array_append_val (self->rows, row);
    }

  return TRUE;
}

/**
 * kith_group_vector_unpack:
 * @self: (out caller-allocates): what they have, to be cleared
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a GROUP_VECTOR
 */
gboolean
kith_group_vector_unpack (KithGroupVector *self, const guint8 *data, gsize len)
{
  Kith__GroupVector *in = kith__group_vector__unpack (NULL, len, data);
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (in == NULL)
    return FALSE;

  ok = take_vector (self, in);
  kith__group_vector__free_unpacked (in, NULL);
  if (!ok)
    {
      kith_group_vector_clear (self);
      memset (self, 0, sizeof *self);
    }

  return ok;
}

/* --- GROUP_WANT ------------------------------------------------------------------------------ */

/**
 * kith_group_want_pack:
 * @ranges: (element-type KithGroupRange): at most %KITH_LIMIT_GROUP_WANT_RANGES
 *
 * Returns: (transfer full): the body of GROUP_WANT
 */
GBytes *
kith_group_want_pack (GArray *ranges)
{
  Kith__GroupWant out = KITH__GROUP_WANT__INIT;
  g_autofree Kith__GroupRange *items = g_new (Kith__GroupRange, ranges->len);
  g_autofree Kith__GroupRange **pointers = g_new (Kith__GroupRange *, ranges->len);

  for (guint i = 0; i < ranges->len; i++)
    {
      const KithGroupRange *range = &g_array_index (ranges, KithGroupRange, i);

      kith__group_range__init (&items[i]);
      items[i].author = kith_body_bytes (range->author, sizeof range->author);
      items[i].from = range->from;
      items[i].to = range->to;
      pointers[i] = &items[i];
    }

  out.ranges = pointers;
  out.n_ranges = ranges->len;
  return kith_group_pack (&out.base);
}

static gboolean
take_range (KithGroupRange *range, const Kith__GroupRange *in)
{
  range->from = in->from;
  range->to = in->to;
  return kith_body_take_bytes (&in->author, range->author, sizeof range->author) && in->from >= 1
         && in->from <= in->to && in->to <= KITH_LIMIT_GROUP_SEQ;
}

/**
 * kith_group_want_unpack:
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: (transfer full) (nullable) (element-type KithGroupRange): what they want, or %NULL if
 *   that is not the body of a GROUP_WANT
 */
GArray *
kith_group_want_unpack (const guint8 *data, gsize len)
{
  Kith__GroupWant *in = kith__group_want__unpack (NULL, len, data);
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (KithGroupRange));
  gboolean ok = in != NULL && in->n_ranges <= KITH_LIMIT_GROUP_WANT_RANGES;

  for (gsize i = 0; ok && i < in->n_ranges; i++)
    {
      KithGroupRange range;

      ok = take_range (&range, in->ranges[i]);
      g_array_append_val (ranges, range);
    }

  if (in != NULL)
    kith__group_want__free_unpacked (in, NULL);
  return ok ? g_steal_pointer (&ranges) : NULL;
}

/* --- GROUP_ANSWER ---------------------------------------------------------------------------- */

/**
 * kith_group_answer_pack:
 * @answer: one that this version knows
 *
 * Protocol 10.8.
 *
 * Returns: (transfer full): the body of GROUP_ANSWER
 */
GBytes *
kith_group_answer_pack (KithGroupAnswer answer)
{
  const guint8 byte = (guint8) answer;

  return g_bytes_new (&byte, sizeof byte);
}

/**
 * kith_group_answer_unpack:
 * @answer: (out): what they say
 * @data: (array length=len) (nullable): untrusted
 * @len: its length in bytes
 *
 * Protocol 10.8. What stands behind the first byte is of a later version.
 *
 * Returns: whether it is the body of a GROUP_ANSWER
 */
gboolean
kith_group_answer_unpack (KithGroupAnswer *answer, const guint8 *data, gsize len)
{
  *answer = KITH_GROUP_ANSWER_UNKNOWN;
  if (len > 0 && data[0] == KITH_GROUP_ANSWER_DENIED)
    *answer = KITH_GROUP_ANSWER_DENIED;
  return len > 0;
}
