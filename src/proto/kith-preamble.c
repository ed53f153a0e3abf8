/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 3.1 and 3.2: the first 64 bytes of a connection, and the knock in them.
 *
 *    0   4  "KITH"
 *    4   1  major = 1
 *    5   1  mode
 *    6   2  flags = 0; ignored on receipt
 *    8  16  tag: the knock in mode 1, else random
 *   24  32  a CPace share in mode 2, else random
 *   56   8  random
 */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-preamble.h"

#include <string.h>

#include <sodium.h>

static const guint8 magic[4] = { 'K', 'I', 'T', 'H' };
static const char prologue_label[] = "KITH/1 noise";

G_STATIC_ASSERT (sizeof prologue_label - 1 + KITH_PREAMBLE_BYTES == KITH_PROLOGUE_BYTES);

/**
 * kith_preamble_encode:
 * @self: mode and, in mode 1, the tag; in mode 2, the share
 * @random: random bytes for the rest
 * @out: (out caller-allocates): the preamble
 */
void
kith_preamble_encode (const KithPreamble *self, const guint8 random[KITH_PREAMBLE_BYTES],
                      guint8 out[KITH_PREAMBLE_BYTES])
{
  memcpy (out, random, KITH_PREAMBLE_BYTES);
  memcpy (out, magic, sizeof magic);
  out[4] = KITH_MAJOR;
  out[5] = (guint8) self->mode;
  out[6] = out[7] = 0;
  if (self->mode == KITH_MODE_KNOCK)
    memcpy (out + 8, self->tag, sizeof self->tag);
  if (self->mode == KITH_MODE_PASSPHRASE)
    memcpy (out + KITH_PREAMBLE_SHARE_AT, self->share, sizeof self->share);
}

/**
 * kith_preamble_parse:
 * @self: (out caller-allocates): what it says
 * @bytes: untrusted
 *
 * Returns: whether it is a preamble of this version
 */
KithPreambleResult
kith_preamble_parse (KithPreamble *self, const guint8 bytes[KITH_PREAMBLE_BYTES])
{
  if (memcmp (bytes, magic, sizeof magic) != 0)
    return KITH_PREAMBLE_NOT_KITH;
  if (bytes[4] != KITH_MAJOR || bytes[5] > KITH_MODE_PASSPHRASE)
    return KITH_PREAMBLE_VERSION;

  self->mode = (KithMode) bytes[5];
  memcpy (self->tag, bytes + 8, sizeof self->tag);
  memcpy (self->share, bytes + KITH_PREAMBLE_SHARE_AT, sizeof self->share);
  return KITH_PREAMBLE_OK;
}

/**
 * kith_preamble_prologue:
 * @bytes: the preamble as it was on the wire
 * @out: (out caller-allocates): the Noise prologue of the connection
 */
void
kith_preamble_prologue (const guint8 bytes[KITH_PREAMBLE_BYTES], guint8 out[KITH_PROLOGUE_BYTES])
{
  memcpy (out, prologue_label, sizeof prologue_label - 1);
  memcpy (out + sizeof prologue_label - 1, bytes, KITH_PREAMBLE_BYTES);
}

/**
 * kith_knock_key:
 * @root: a pair root, or an invite root
 * @out: (out caller-allocates): the key of knocks
 */
void
kith_knock_key (const guint8 root[KITH_KEY_BYTES], guint8 out[KITH_KEY_BYTES])
{
  kith_kdf (out, root, "kith1 knock", NULL, 0);
}

/**
 * kith_knock_tag:
 * @knock_key: by kith_knock_key()
 * @dir: 0 if the dialer's identity key is the lower, else 1; 0 for invites
 * @unit: unix time in units of %KITH_LIMIT_KNOCK_UNIT_S
 * @ephemeral: the public ephemeral key of msg1
 * @out: (out caller-allocates): the tag
 */
void
kith_knock_tag (const guint8 knock_key[KITH_KEY_BYTES], guint8 dir, guint64 unit,
                const guint8 ephemeral[32], guint8 out[KITH_KNOCK_TAG_BYTES])
{
  guint64 unit_be = GUINT64_TO_BE (unit);
  guint8 full[KITH_KEY_BYTES];

  kith_kdf (full, knock_key, "kith1 knocktag",
            KITH_FIELDS (KITH_FIELD (&dir, 1), KITH_FIELD (&unit_be, sizeof unit_be),
                         KITH_FIELD (ephemeral, 32)));
  memcpy (out, full, KITH_KNOCK_TAG_BYTES);
  sodium_memzero (full, sizeof full);
}

/**
 * kith_knock_matches:
 * @knock_key: by kith_knock_key()
 * @dir: as in kith_knock_tag()
 * @unit: as in kith_knock_tag()
 * @ephemeral: the public ephemeral key of msg1; untrusted
 * @tag: the tag of the preamble; untrusted
 *
 * Compares in constant time.
 *
 * Returns: whether @tag is the one that this key gives
 */
gboolean
kith_knock_matches (const guint8 knock_key[KITH_KEY_BYTES], guint8 dir, guint64 unit,
                    const guint8 ephemeral[32], const guint8 tag[KITH_KNOCK_TAG_BYTES])
{
  guint8 expected[KITH_KNOCK_TAG_BYTES];
  gboolean matches;

  kith_knock_tag (knock_key, dir, unit, ephemeral, expected);
  matches = sodium_memcmp (expected, tag, sizeof expected) == 0;
  sodium_memzero (expected, sizeof expected);
  return matches;
}
