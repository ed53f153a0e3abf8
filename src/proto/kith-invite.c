/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-invite.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-bytes.h"
#include "base/kith-secret.h"
#include "proto/kith-hash.h"

#define VERSION 1
#define SUM_BYTES 4
#define FIXED_BYTES (2 + KITH_IDENTITY_KEY_BYTES + KITH_INVITE_KEY_BYTES + KITH_INVITE_SECRET_BYTES + 4 + 1)
#define MAX_BYTES (FIXED_BYTES + KITH_INVITE_GROUP_BYTES + KITH_LIMIT_ENDPOINTS * 19 + SUM_BYTES)
#define MIN_BYTES (FIXED_BYTES + SUM_BYTES)

/* One kind is never taken for the other, whatever stands before it. */
static void
get_sum (gboolean is_group, const guint8 *bytes, gsize len, guint8 sum[SUM_BYTES])
{
  guint8 hash[KITH_HASH_BYTES];

  kith_hash (hash, is_group ? "kith1 grp-sum" : "kith1 inv-sum",
             KITH_FIELDS (KITH_FIELD (bytes, len)));
  memcpy (sum, hash, SUM_BYTES);
}

/**
 * kith_invite_encode:
 * @self: an invite
 *
 * Returns: (transfer full): its link: `KITH:I/` or `KITH:G/`, and base32 in upper case, as QR codes
 *   like it
 */
char *
kith_invite_encode (const KithInvite *self)
{
  guint8 bytes[MAX_BYTES];
  guint8 sum[SUM_BYTES];
  KithWriter writer;
  g_autofree char *digits = NULL;
  g_autofree char *upper = NULL;

  kith_writer_init (&writer, bytes, sizeof bytes);
  kith_writer_u8 (&writer, VERSION);
  kith_writer_u8 (&writer, 0);
  if (self->is_group)
    kith_writer_bytes (&writer, self->group, sizeof self->group);
  kith_writer_bytes (&writer, self->identity, sizeof self->identity);
  kith_writer_bytes (&writer, self->reply_key, sizeof self->reply_key);
  kith_writer_bytes (&writer, self->secret, sizeof self->secret);
  kith_writer_u32 (&writer, (guint32) (self->expiry_s / 60));
  kith_writer_u8 (&writer, (guint8) self->n_endpoints);
  for (guint i = 0; i < self->n_endpoints; i++)
    kith_writer_endpoint (&writer, &self->endpoints[i]);
  get_sum (self->is_group, bytes, writer.len, sum);
  kith_writer_bytes (&writer, sum, sizeof sum);
  g_return_val_if_fail (!writer.failed, NULL);

  digits = kith_base32_encode (bytes, writer.len);
  upper = g_ascii_strup (digits, -1);
  kith_secret_wipe (bytes, sizeof bytes);
  return g_strconcat (self->is_group ? KITH_INVITE_GROUP_PREFIX : KITH_INVITE_PREFIX, upper, NULL);
}

static gboolean
read_bytes (KithInvite *self, const guint8 *bytes, gsize len)
{
  KithReader reader;
  guint8 sum[SUM_BYTES];

  get_sum (self->is_group, bytes, len - SUM_BYTES, sum);
  if (memcmp (sum, bytes + len - SUM_BYTES, sizeof sum) != 0)
    return FALSE;

  kith_reader_init (&reader, bytes, len - SUM_BYTES);
  if (kith_reader_u8 (&reader) != VERSION)
    return FALSE;

  kith_reader_u8 (&reader); /* flags: none yet, and none that would matter to us */
  if (self->is_group)
    kith_reader_bytes (&reader, self->group, sizeof self->group);
  kith_reader_bytes (&reader, self->identity, sizeof self->identity);
  kith_reader_bytes (&reader, self->reply_key, sizeof self->reply_key);
  kith_reader_bytes (&reader, self->secret, sizeof self->secret);
  self->expiry_s = (gint64) kith_reader_u32 (&reader) * 60;
  self->n_endpoints = kith_reader_u8 (&reader);
  if (self->n_endpoints > KITH_LIMIT_ENDPOINTS)
    return FALSE;

  for (guint i = 0; i < self->n_endpoints; i++)
    if (!kith_reader_endpoint (&reader, &self->endpoints[i]))
      return FALSE;

  return kith_reader_finish (&reader);
}

static gboolean
parse (KithInvite *self, const char *text, gboolean is_group)
{
  const char *prefix = is_group ? KITH_INVITE_GROUP_PREFIX : KITH_INVITE_PREFIX;
  guint8 bytes[MAX_BYTES];
  gsize prefix_len = strlen (prefix);
  gboolean is_fine = FALSE;
  gsize n_digits;
  gsize len;

  *self = (KithInvite){ .is_group = is_group };
  text += strspn (text, " \t\r\n");
  n_digits = strcspn (text, " \t\r\n");
  if (text[n_digits + strspn (text + n_digits, " \t\r\n")] != '\0'
      || g_ascii_strncasecmp (text, prefix, prefix_len) != 0)
    return FALSE;

  n_digits -= prefix_len;
  len = n_digits * 5 / 8;
  if (len >= MIN_BYTES && len <= MAX_BYTES
      && kith_base32_decode (text + prefix_len, n_digits, bytes, len))
    is_fine = read_bytes (self, bytes, len);

  kith_secret_wipe (bytes, sizeof bytes);
  if (!is_fine)
    kith_invite_clear (self);
  return is_fine;
}

/**
 * kith_invite_parse:
 * @self: (out): the invite
 * @text: what somebody pasted or scanned: untrusted; white space around it and the case of its
 *   letters do not matter
 *
 * Returns: whether it is an invite that was not mutilated on its way; if not, @self is empty
 */
gboolean
kith_invite_parse (KithInvite *self, const char *text)
{
  return parse (self, text, FALSE);
}

/**
 * kith_invite_parse_group:
 * @self: (out): the link to a group
 * @text: as in kith_invite_parse()
 *
 * Returns: whether it is the link to a group, in one piece; if not, @self is empty
 */
gboolean
kith_invite_parse_group (KithInvite *self, const char *text)
{
  return parse (self, text, TRUE);
}

/**
 * kith_invite_is_valid_at:
 * @self: an invite
 * @now_s: unix time in seconds
 *
 * Returns: whether it has not expired, and does not pretend to last longer than one may
 */
gboolean
kith_invite_is_valid_at (const KithInvite *self, gint64 now_s)
{
  return self->expiry_s > now_s && self->expiry_s <= now_s + KITH_LIMIT_INVITE_LIFETIME_S;
}

/**
 * kith_invite_clear:
 * @self: an invite
 *
 * Wipes it.
 */
void
kith_invite_clear (KithInvite *self)
{
  kith_secret_wipe (self, sizeof *self);
}

/**
 * kith_invite_get_reply_key:
 * @private_key: 32 random bytes
 * @public_key: (out): what goes into the link
 *
 * Returns: %FALSE when that is no key; it does not happen with random bytes
 */
gboolean
kith_invite_get_reply_key (const guint8 private_key[KITH_INVITE_KEY_BYTES],
                           guint8 public_key[KITH_INVITE_KEY_BYTES])
{
  return crypto_scalarmult_base (public_key, private_key) == 0;
}

/**
 * kith_invite_get_root:
 * @secret: the secret of an invite
 * @root: (out): what takes the place of a pair root for it
 */
void
kith_invite_get_root (const guint8 secret[KITH_INVITE_SECRET_BYTES],
                      guint8 root[KITH_INVITE_ROOT_BYTES])
{
  kith_hash (root, "kith1 invite", KITH_FIELDS (KITH_FIELD (secret, KITH_INVITE_SECRET_BYTES)));
}

/**
 * kith_invite_get_group_root:
 * @secret: the secret of the link to a group
 * @group: the id of the group
 * @root: (out): as of kith_invite_get_root()
 */
void
kith_invite_get_group_root (const guint8 secret[KITH_INVITE_SECRET_BYTES],
                            const guint8 group[KITH_INVITE_GROUP_BYTES],
                            guint8 root[KITH_INVITE_ROOT_BYTES])
{
  kith_hash (root, "kith1 grp-link", KITH_FIELDS (KITH_FIELD (secret, KITH_INVITE_SECRET_BYTES),
                                                  KITH_FIELD (group, KITH_INVITE_GROUP_BYTES)));
}

/**
 * kith_invite_get_id:
 * @root: the root of an invite
 * @id: (out): by which the two speak of it
 */
void
kith_invite_get_id (const guint8 root[KITH_INVITE_ROOT_BYTES], guint8 id[KITH_INVITE_ID_BYTES])
{
  guint8 key[KITH_KEY_BYTES];

  kith_kdf (key, root, "kith1 inv-id", NULL, 0);
  memcpy (id, key, KITH_INVITE_ID_BYTES);
  kith_secret_wipe (key, sizeof key);
}

/**
 * kith_invite_get_proof:
 * @root: the root of an invite
 * @handshake_hash: the hash of the session's handshake
 * @proof: (out): that one has the invite, good for this session alone
 */
void
kith_invite_get_proof (const guint8 root[KITH_INVITE_ROOT_BYTES], const guint8 handshake_hash[32],
                       guint8 proof[KITH_INVITE_PROOF_BYTES])
{
  kith_kdf (proof, root, "kith1 inv-proof", KITH_FIELDS (KITH_FIELD (handshake_hash, 32)));
}

/**
 * kith_invite_get_author_proof:
 * @root: the root of the link to a group
 * @author: the key with which whoever has the link wants to write there
 * @proof: (out): that they have it; good for this author alone
 */
void
kith_invite_get_author_proof (const guint8 root[KITH_INVITE_ROOT_BYTES], const guint8 author[32],
                              guint8 proof[KITH_INVITE_PROOF_BYTES])
{
  kith_kdf (proof, root, "kith1 grp-proof", KITH_FIELDS (KITH_FIELD (author, 32)));
}
