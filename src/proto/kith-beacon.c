/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-beacon.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-secret.h"
#include "base/kith-text.h"

#define MAGIC "KITH"
#define MAGIC_BYTES 4
#define VERSION 1
#define FLAG_QUERY 0x01
#define FLAG_PRESENTS 0x02
#define HEAD_BYTES (MAGIC_BYTES + 4 + KITH_BEACON_NONCE_BYTES + 1)

/* How many tags there may be: their number shall show only roughly how many contacts there are. */
static const guint sizes[] = { 16, 48, KITH_LIMIT_BEACON_TAGS };

G_STATIC_ASSERT (HEAD_BYTES + KITH_LIMIT_BEACON_TAGS * KITH_BEACON_TAG_BYTES
                   + KITH_IDENTITY_KEY_BYTES + 1 + KITH_LIMIT_NAME_BYTES
                 <= KITH_BEACON_MAX_BYTES);

/* --- Tags ----------------------------------------------------------------------------------- */

/**
 * kith_beacon_get_tag:
 * @root: the pair root
 * @nonce: the nonce of the beacon
 * @dir: 0 when the caller's identity is the lower of the two, else 1
 * @tag: (out): by which this contact, and nobody else, recognises the caller
 */
void
kith_beacon_get_tag (const guint8 root[KITH_KEY_BYTES], const guint8 nonce[KITH_BEACON_NONCE_BYTES],
                     guint8 dir, guint8 tag[KITH_BEACON_TAG_BYTES])
{
  guint8 full[KITH_KEY_BYTES];

  kith_kdf (full, root, "kith1 lan",
            KITH_FIELDS (KITH_FIELD (nonce, KITH_BEACON_NONCE_BYTES), KITH_FIELD (&dir, 1)));
  memcpy (tag, full, KITH_BEACON_TAG_BYTES);
  kith_secret_wipe (full, sizeof full);
}

/**
 * kith_beacon_has_tag:
 * @self: a beacon
 * @tag: the tag of one contact for its nonce
 *
 * Tags are public once they are called out: the comparison need not take constant time.
 *
 * Returns: whether that contact seems to be the caller
 */
gboolean
kith_beacon_has_tag (const KithBeacon *self, const guint8 tag[KITH_BEACON_TAG_BYTES])
{
  for (guint i = 0; i < self->n_tags; i++)
    if (memcmp (self->tags[i], tag, KITH_BEACON_TAG_BYTES) == 0)
      return TRUE;

  return FALSE;
}

static guint
padded (guint n_tags)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (n_tags <= sizes[i])
      return sizes[i];

  return KITH_LIMIT_BEACON_TAGS;
}

static void
swap_tags (KithBeacon *self, guint a, guint b)
{
  guint8 kept[KITH_BEACON_TAG_BYTES];

  memcpy (kept, self->tags[a], sizeof kept);
  memmove (self->tags[a], self->tags[b], sizeof kept);
  memcpy (self->tags[b], kept, sizeof kept);
}

/**
 * kith_beacon_pad:
 * @self: a beacon with the tags of contacts only, at most %KITH_LIMIT_BEACON_TAGS
 * @env: where randomness comes from
 *
 * Adds random tags and shuffles all of them: neither the number of contacts nor their order is to
 * be seen, and a contact cannot tell what else stands there.
 */
void
kith_beacon_pad (KithBeacon *self, const KithEnv *env)
{
  guint n_tags = padded (self->n_tags);

  g_return_if_fail (self->n_tags <= KITH_LIMIT_BEACON_TAGS);

  kith_env_random_bytes (env, self->tags[self->n_tags],
                         (gsize) (n_tags - self->n_tags) * KITH_BEACON_TAG_BYTES);
  self->n_tags = n_tags;

  for (guint i = n_tags - 1; i > 0; i--)
    swap_tags (self, i, kith_env_random_uniform (env, i + 1));
}

/* --- Bytes ---------------------------------------------------------------------------------- */

/**
 * kith_beacon_pack:
 * @self: a beacon after kith_beacon_pad()
 * @out: (out): the datagram
 *
 * Returns: its length in bytes
 */
gsize
kith_beacon_pack (const KithBeacon *self, guint8 out[KITH_BEACON_MAX_BYTES])
{
  gsize name_len = strlen (self->name);
  KithWriter writer;

  kith_writer_init (&writer, out, KITH_BEACON_MAX_BYTES);
  kith_writer_bytes (&writer, (const guint8 *) MAGIC, MAGIC_BYTES);
  kith_writer_u8 (&writer, VERSION);
  kith_writer_u8 (&writer, (guint8) ((self->query ? FLAG_QUERY : 0)
                                     | (self->presents ? FLAG_PRESENTS : 0)));
  kith_writer_u16 (&writer, self->port);
  kith_writer_bytes (&writer, self->nonce, sizeof self->nonce);
  kith_writer_u8 (&writer, (guint8) self->n_tags);
  kith_writer_bytes (&writer, self->tags[0], (gsize) self->n_tags * KITH_BEACON_TAG_BYTES);

  if (self->presents)
    {
      kith_writer_bytes (&writer, self->identity, sizeof self->identity);
      kith_writer_u8 (&writer, (guint8) name_len);
      kith_writer_bytes (&writer, (const guint8 *) self->name, name_len);
    }

  g_return_val_if_fail (!writer.failed, 0);
  return writer.len;
}

/* The cheap check before the others. */
static gboolean
looks_like_one (const guint8 *data, gsize len)
{
  return len >= HEAD_BYTES + sizes[0] * KITH_BEACON_TAG_BYTES && len <= KITH_BEACON_MAX_BYTES
         && memcmp (data, MAGIC, MAGIC_BYTES) == 0 && data[MAGIC_BYTES] == VERSION;
}

static gboolean
read_tags (KithBeacon *self, KithReader *reader)
{
  self->n_tags = kith_reader_u8 (reader);
  if (self->n_tags == 0 || padded (self->n_tags) != self->n_tags)
    return FALSE;

  kith_reader_bytes (reader, self->tags[0], (gsize) self->n_tags * KITH_BEACON_TAG_BYTES);
  return !reader->failed;
}

/* A name that is nothing to show becomes empty; one that is too long is a broken beacon. */
static gboolean
read_person (KithBeacon *self, KithReader *reader)
{
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  const guint8 *bytes;
  gsize len;

  kith_reader_bytes (reader, self->identity, sizeof self->identity);
  len = kith_reader_u8 (reader);
  bytes = kith_reader_peek (reader, len);
  if (bytes == NULL || len > KITH_LIMIT_NAME_BYTES)
    return FALSE;

  text = g_strndup ((const char *) bytes, len);
  name = kith_text_sanitize_name (text);
  g_strlcpy (self->name, name != NULL ? name : "", sizeof self->name);
  return TRUE;
}

/**
 * kith_beacon_unpack:
 * @self: (out): what the datagram says
 * @data: (array length=len): a datagram; anybody may have sent it
 * @len: its length in bytes
 *
 * Returns: whether it is a beacon
 */
gboolean
kith_beacon_unpack (KithBeacon *self, const guint8 *data, gsize len)
{
  KithReader reader;
  guint8 flags;

  if (!looks_like_one (data, len))
    return FALSE;

  *self = (KithBeacon){ 0 };
  kith_reader_init (&reader, data + MAGIC_BYTES + 1, len - MAGIC_BYTES - 1);
  flags = kith_reader_u8 (&reader);
  self->query = (flags & FLAG_QUERY) != 0;
  self->presents = (flags & FLAG_PRESENTS) != 0;
  self->port = kith_reader_u16 (&reader);
  kith_reader_bytes (&reader, self->nonce, sizeof self->nonce);

  return read_tags (self, &reader) && (!self->presents || read_person (self, &reader))
         && kith_reader_finish (&reader);
}
