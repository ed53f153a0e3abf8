/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 11: the offer of a file, and what is said of it afterwards. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-body-private.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "proto/kith-file-name.h"

/* --- The offer ------------------------------------------------------------------------------ */

/**
 * kith_body_file_free:
 * @self: (transfer full) (nullable): an offer
 */
void
kith_body_file_free (KithBodyFile *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->media_type);
  g_free (self);
}

/**
 * kith_body_fill_file: (skip)
 * @out: (out caller-allocates): what is sent; points into @self
 * @self: our own, valid
 */
void
kith_body_fill_file (Kith__FileOffer *out, const KithBodyFile *self)
{
  kith__file_offer__init (out);
  out->root = kith_body_bytes (self->root, sizeof self->root);
  out->size = self->size;
  out->name = self->name;
  out->media_type = self->media_type != NULL ? self->media_type : (char *) "";
  out->list_bytes = self->list_bytes;
  out->width = self->width;
  out->height = self->height;
  out->duration_ms = self->duration_ms;
  out->waveform = kith_body_bytes (self->waveform, self->n_waveform);
}

static void
take_hints (KithBodyFile *self, const Kith__FileOffer *offer)
{
  self->media_type = kith_file_type_sanitize (offer->media_type);
  if (offer->width <= KITH_LIMIT_FILE_SIDE_PIXELS && offer->height <= KITH_LIMIT_FILE_SIDE_PIXELS
      && offer->width > 0 && offer->height > 0)
    {
      self->width = offer->width;
      self->height = offer->height;
    }
  self->duration_ms = offer->duration_ms;
  if (offer->waveform.len <= sizeof self->waveform)
    {
      self->n_waveform = (guint) offer->waveform.len;
      if (self->n_waveform > 0)
        memcpy (self->waveform, offer->waveform.data, self->n_waveform);
    }
}

/**
 * kith_body_take_file: (skip)
 * @offer: untrusted
 *
 * What is larger than this version takes is for the user to see and not to get.
 *
 * Returns: (transfer full) (nullable): %NULL when it is malformed
 */
KithBodyFile *
kith_body_take_file (const Kith__FileOffer *offer)
{
  g_autoptr (KithBodyFile) self = g_new0 (KithBodyFile, 1);

  if (!kith_body_take_bytes (&offer->root, self->root, sizeof self->root)
      || offer->size > G_MAXINT64 || offer->list_bytes > offer->size)
    return NULL;

  self->size = offer->size;
  self->list_bytes = offer->list_bytes;
  self->name = kith_file_name_sanitize (offer->name);
  if (self->name == NULL)
    self->name = g_strdup (KITH_FILE_NAMELESS);
  take_hints (self, offer);
  return g_steal_pointer (&self);
}

/* --- FILE_GET ------------------------------------------------------------------------------- */

/**
 * kith_body_file_get_pack:
 * @self: what is wanted
 *
 * Returns: (transfer full): the body of FILE_GET
 */
GByteArray *
kith_body_file_get_pack (const KithBodyFileGet *self)
{
  Kith__FileGet get = KITH__FILE_GET__INIT;

  get.root = kith_body_bytes (self->root, sizeof self->root);
  get.request = self->request;
  get.what = self->what == KITH_FILE_CHUNKS ? KITH__FILE_WHAT__FILE_CHUNKS
                                            : KITH__FILE_WHAT__FILE_LEAVES;
  get.from = self->from;
  get.count = self->count;
  get.offer = kith_body_bytes (self->offer.bytes, self->has_offer ? sizeof self->offer.bytes : 0);
  return kith_body_pack (&get.base);
}

static gboolean
take_get (KithBodyFileGet *self, const Kith__FileGet *get)
{
  if (!kith_body_take_bytes (&get->root, self->root, sizeof self->root) || get->count == 0
      || get->count > G_MAXUINT32 - get->from
      || (get->what != KITH__FILE_WHAT__FILE_LEAVES && get->what != KITH__FILE_WHAT__FILE_CHUNKS))
    return FALSE;

  self->request = get->request;
  self->what = get->what == KITH__FILE_WHAT__FILE_CHUNKS ? KITH_FILE_CHUNKS : KITH_FILE_LEAVES;
  self->from = get->from;
  self->count = get->count;
  self->has_offer = get->offer.len > 0;
  return !self->has_offer
         || kith_body_take_bytes (&get->offer, self->offer.bytes, sizeof self->offer.bytes);
}

/**
 * kith_body_file_get_unpack:
 * @self: (out caller-allocates): what is wanted
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a FILE_GET
 */
gboolean
kith_body_file_get_unpack (KithBodyFileGet *self, const guint8 *data, gsize len)
{
  Kith__FileGet *get = kith__file_get__unpack (NULL, len, data);
  gboolean ok;

  *self = (KithBodyFileGet){ 0 };
  if (get == NULL)
    return FALSE;

  ok = take_get (self, get);
  kith__file_get__free_unpacked (get, NULL);
  return ok;
}

/* --- FILE_LEAVES, FILE_CHUNK ---------------------------------------------------------------- */

/**
 * kith_body_file_part_new:
 * @request: as in the FILE_GET that it answers
 * @from: the number of the piece, or of the first leaf
 * @len: how many bytes follow
 *
 * Protocol 11.
 *
 * Returns: (transfer full): the body of FILE_LEAVES or FILE_CHUNK, whose last @len bytes, from
 *   %KITH_FILE_PART_HEAD_BYTES on, are for the caller to fill
 */
GByteArray *
kith_body_file_part_new (guint32 request, guint32 from, gsize len)
{
  guint size = (guint) (KITH_FILE_PART_HEAD_BYTES + len);
  GByteArray *body = g_byte_array_sized_new (size);
  KithWriter writer;

  g_byte_array_set_size (body, size);
  kith_writer_init (&writer, body->data, KITH_FILE_PART_HEAD_BYTES);
  kith_writer_u32 (&writer, request);
  kith_writer_u32 (&writer, from);
  return body;
}

/**
 * kith_body_file_chunk_unpack:
 * @self: (out caller-allocates): a piece; points into @data
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Protocol 11. How long the piece has to be depends on the file.
 *
 * Returns: whether it is the body of a FILE_CHUNK
 */
gboolean
kith_body_file_chunk_unpack (KithBodyFilePart *self, const guint8 *data, gsize len)
{
  KithReader reader;

  kith_reader_init (&reader, data, len);
  *self = (KithBodyFilePart){ .request = kith_reader_u32 (&reader) };
  self->from = kith_reader_u32 (&reader);
  self->len = kith_reader_remaining (&reader);
  self->data = kith_reader_peek (&reader, self->len);
  return !reader.failed;
}

/**
 * kith_body_file_leaves_unpack:
 * @self: (out caller-allocates): leaves, %KITH_HASH_BYTES each and one at least; points into @data
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Protocol 11.
 *
 * Returns: whether it is the body of a FILE_LEAVES
 */
gboolean
kith_body_file_leaves_unpack (KithBodyFilePart *self, const guint8 *data, gsize len)
{
  return kith_body_file_chunk_unpack (self, data, len) && self->len > 0 && self->len % KITH_HASH_BYTES == 0;
}

/* --- FILE_STATE ----------------------------------------------------------------------------- */

/**
 * kith_body_file_state_pack:
 * @self: what is said of a file
 *
 * Returns: (transfer full): the body of FILE_STATE
 */
GByteArray *
kith_body_file_state_pack (const KithBodyFileState *self)
{
  Kith__FileState state = KITH__FILE_STATE__INIT;

  state.root = kith_body_bytes (self->root, sizeof self->root);
  state.status = (Kith__FileStatus) self->status;
  state.offer = kith_body_bytes (self->offer.bytes, self->has_offer ? sizeof self->offer.bytes : 0);
  return kith_body_pack (&state.base);
}

static gboolean
take_state (KithBodyFileState *self, const Kith__FileState *state)
{
  if (!kith_body_take_bytes (&state->root, self->root, sizeof self->root))
    return FALSE;

  self->status = KITH_FILE_STATUS_UNKNOWN;
  if (state->status >= KITH__FILE_STATUS__FILE_GONE && state->status <= KITH__FILE_STATUS__FILE_HEARD)
    self->status = (KithFileStatus) state->status;

  self->has_offer = state->offer.len > 0;
  return !self->has_offer
         || kith_body_take_bytes (&state->offer, self->offer.bytes, sizeof self->offer.bytes);
}

/**
 * kith_body_file_state_unpack:
 * @self: (out caller-allocates): what is said
 * @data: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a FILE_STATE
 */
gboolean
kith_body_file_state_unpack (KithBodyFileState *self, const guint8 *data, gsize len)
{
  Kith__FileState *state = kith__file_state__unpack (NULL, len, data);
  gboolean ok;

  *self = (KithBodyFileState){ 0 };
  if (state == NULL)
    return FALSE;

  ok = take_state (self, state);
  kith__file_state__free_unpacked (state, NULL);
  return ok;
}
