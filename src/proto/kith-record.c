/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4: what is inside a frame.
 *
 * A frame's plaintext has one of nine sizes. In it stand records, each u8 type, u8 flags,
 * u16 channel, u16 len, body; type 0 ends the frame, and the rest is zeros. A record that is
 * longer than the room left goes on in the next frame: flag bit 0 says that more follows.
 */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-record.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-limits.h"

#define FLAG_MORE 0x01

static const gsize buckets[] = { 256, 512, 1024, 2048, 4096, 8192, 16384, 32768,
                                 KITH_LIMIT_FRAME_PLAINTEXT_BYTES };

/**
 * kith_frame_bucket_for:
 * @content_len: how many bytes of records there are
 *
 * Returns: the smallest plaintext size that holds them, 0 if none does
 */
gsize
kith_frame_bucket_for (gsize content_len)
{
  for (gsize i = 0; i < G_N_ELEMENTS (buckets); i++)
    if (content_len <= buckets[i])
      return buckets[i];

  return 0;
}

/**
 * kith_frame_is_bucket:
 * @plaintext_len: the plaintext size of a frame; untrusted
 *
 * Returns: whether a frame may have that size
 */
gboolean
kith_frame_is_bucket (gsize plaintext_len)
{
  return plaintext_len != 0 && kith_frame_bucket_for (plaintext_len) == plaintext_len;
}

/**
 * kith_record_max_bytes:
 * @type: a record type; untrusted
 *
 * Returns: how long the body of such a record may be when it is put together
 */
gsize
kith_record_max_bytes (guint8 type)
{
  switch (type)
    {
    case KITH_RECORD_MSG:
      return KITH_LIMIT_RECORD_CHAT_BYTES;
    case KITH_RECORD_GROUP_OPS:
    case KITH_RECORD_GROUP_VECTOR:
    case KITH_RECORD_GROUP_ENTRIES:
      return KITH_LIMIT_RECORD_GROUP_BYTES;
    case KITH_RECORD_FILE_CHUNK:
    case KITH_RECORD_FILE_LEAVES:
      return KITH_LIMIT_RECORD_FILE_BYTES;
    case KITH_RECORD_GROUP_WANT:
    case KITH_RECORD_GROUP_STATUS:
    case KITH_RECORD_GROUP_PEERS:
    case KITH_RECORD_GROUP_PICTURE:
      return KITH_LIMIT_RECORD_CHAT_BYTES;
    default:
      return KITH_LIMIT_RECORD_CONTROL_BYTES;
    }
}

/**
 * kith_record_is_group:
 * @type: a record type; untrusted
 *
 * Returns: whether it is about one group, or which groups two people share
 */
gboolean
kith_record_is_group (guint8 type)
{
  return (type >= KITH_RECORD_GROUP_HELLO && type <= KITH_RECORD_GROUP_FILES)
         || type == KITH_RECORD_GROUP_PICTURE;
}

/**
 * kith_record_write:
 * @frame: (out caller-allocates) (array length=room): where to write
 * @room: how many bytes are left in the frame
 * @type: the record's type
 * @channel: the record's channel
 * @body: (nullable) (array length=len): the whole body
 * @len: its length in bytes
 * @offset: (inout): how much of it went into earlier frames
 *
 * Writes a record, or as much of it as there is room for. It is done when @offset is @len; an
 * empty one when anything was written.
 *
 * Returns: how many bytes were written; 0 when there is no room worth using
 */
gsize
kith_record_write (guint8 *frame, gsize room, guint8 type, guint16 channel, const guint8 *body,
                   gsize len, gsize *offset)
{
  gsize left = len - *offset;
  gsize take;

  if (room < KITH_RECORD_HEADER_BYTES || (left > 0 && room == KITH_RECORD_HEADER_BYTES))
    return 0;

  take = MIN (left, room - KITH_RECORD_HEADER_BYTES);
  frame[0] = type;
  frame[1] = take < left ? FLAG_MORE : 0;
  frame[2] = (guint8) (channel >> 8);
  frame[3] = (guint8) channel;
  frame[4] = (guint8) (take >> 8);
  frame[5] = (guint8) take;
  if (take > 0)
    memcpy (frame + KITH_RECORD_HEADER_BYTES, body + *offset, take);

  *offset += take;
  return KITH_RECORD_HEADER_BYTES + take;
}

/**
 * kith_frame_parser_init:
 * @self: (out caller-allocates): a parser
 * @frame: (array length=len): the plaintext of a frame, which has to outlive the parser
 * @len: its length in bytes
 */
void
kith_frame_parser_init (KithFrameParser *self, const guint8 *frame, gsize len)
{
  *self = (KithFrameParser){ frame, len, 0 };
}

/**
 * kith_frame_parser_next:
 * @self: a parser
 * @fragment: (out caller-allocates): the next record, or piece of one
 *
 * Returns: %KITH_RECORD_RESULT_MORE at the end of the frame
 */
KithRecordResult
kith_frame_parser_next (KithFrameParser *self, KithFragment *fragment)
{
  const guint8 *at = self->frame + self->offset;
  gsize left = self->len - self->offset;
  guint8 flags;

  if (left == 0)
    return KITH_RECORD_RESULT_MORE;

  if (at[0] == KITH_RECORD_END)
    {
      self->offset = self->len;
      return sodium_is_zero (at, left) ? KITH_RECORD_RESULT_MORE : KITH_RECORD_RESULT_BAD;
    }

  if (left < KITH_RECORD_HEADER_BYTES)
    return KITH_RECORD_RESULT_BAD;

  flags = at[1];
  fragment->type = at[0];
  fragment->more = (flags & FLAG_MORE) != 0;
  fragment->channel = (guint16) (at[2] << 8 | at[3]);
  fragment->len = (gsize) (at[4] << 8 | at[5]);
  fragment->body = at + KITH_RECORD_HEADER_BYTES;

  if ((flags & ~FLAG_MORE) != 0 || fragment->len > left - KITH_RECORD_HEADER_BYTES)
    return KITH_RECORD_RESULT_BAD;

  self->offset += KITH_RECORD_HEADER_BYTES + fragment->len;
  return KITH_RECORD_RESULT_OK;
}

/* --- Reassembly ----------------------------------------------------------------------------- */

typedef struct
{
  gboolean    active;
  guint16     channel;
  guint8      type;
  GByteArray *bytes; /* (owned) (nullable) */
} Slot;

struct _KithReassembler
{
  Slot        slots[KITH_LIMIT_CHANNELS];
  gsize       total_bytes;
  GByteArray *done; /* (owned) (nullable): what the last complete record was made of */
};

/**
 * kith_reassembler_new:
 *
 * Returns: (transfer full): a reassembler for one session
 */
KithReassembler *
kith_reassembler_new (void)
{
  return g_new0 (KithReassembler, 1);
}

static void
wipe (GByteArray *bytes)
{
  sodium_memzero (bytes->data, bytes->len);
  g_byte_array_unref (bytes);
}

/**
 * kith_reassembler_free:
 * @self: (transfer full): a reassembler
 *
 * Wipes and frees it with all that is incomplete.
 */
void
kith_reassembler_free (KithReassembler *self)
{
  for (guint i = 0; i < KITH_LIMIT_CHANNELS; i++)
    g_clear_pointer (&self->slots[i].bytes, wipe);

  g_clear_pointer (&self->done, wipe);
  g_free (self);
}

static Slot *
find_slot (KithReassembler *self, guint16 channel)
{
  Slot *free_slot = NULL;

  for (guint i = 0; i < KITH_LIMIT_CHANNELS; i++)
    {
      Slot *slot = &self->slots[i];

      if (slot->active && slot->channel == channel)
        return slot;
      if (!slot->active && free_slot == NULL)
        free_slot = slot;
    }

  return free_slot;
}

/* Takes a fragment of a record that is, or will be, in several pieces. */
static gboolean
append (KithReassembler *self, Slot *slot, const KithFragment *fragment)
{
  if (!slot->active)
    {
      slot->active = TRUE;
      slot->channel = fragment->channel;
      slot->type = fragment->type;
      slot->bytes = g_byte_array_new ();
    }

  /* An empty piece of an unfinished record makes no progress and could go on for ever. */
  if (slot->type != fragment->type || (fragment->more && fragment->len == 0)
      || slot->bytes->len + fragment->len > kith_record_max_bytes (fragment->type)
      || self->total_bytes + fragment->len > KITH_LIMIT_REASSEMBLY_BYTES)
    return FALSE;

  g_byte_array_append (slot->bytes, fragment->body, (guint) fragment->len);
  self->total_bytes += fragment->len;
  return TRUE;
}

/**
 * kith_reassembler_add:
 * @self: a reassembler
 * @fragment: the next fragment of the session; untrusted
 * @body: (out) (transfer none): the whole body, valid until the next call
 * @len: (out): its length in bytes
 *
 * Returns: %KITH_RECORD_RESULT_OK when @fragment completes a record
 */
KithRecordResult
kith_reassembler_add (KithReassembler *self, const KithFragment *fragment, const guint8 **body,
                      gsize *len)
{
  Slot *slot = find_slot (self, fragment->channel);

  if (slot == NULL)
    return KITH_RECORD_RESULT_BAD;

  if (!slot->active && !fragment->more)
    {
      *body = fragment->body;
      *len = fragment->len;
      return fragment->len <= kith_record_max_bytes (fragment->type) ? KITH_RECORD_RESULT_OK
                                                                    : KITH_RECORD_RESULT_BAD;
    }

  if (!append (self, slot, fragment))
    return KITH_RECORD_RESULT_BAD;
  if (fragment->more)
    return KITH_RECORD_RESULT_MORE;

  g_clear_pointer (&self->done, wipe);
  self->done = g_steal_pointer (&slot->bytes);
  self->total_bytes -= self->done->len;
  slot->active = FALSE;
  *body = self->done->data;
  *len = self->done->len;
  return KITH_RECORD_RESULT_OK;
}
