/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.2: asking to be in a group. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-group-join.h"

#include <string.h>

#include "base/kith-secret.h"
#include "base/kith-text.h"
#include "proto/kith-group-body-private.h"
#include "proto/kith-group-op.h"

#define LINK_PROOF_BYTES 64 /* at most */
#define MOST_BYTES (KITH_LIMIT_RECORD_CONTROL_BYTES - KITH_GROUP_BLIND_BYTES)

/**
 * kith_group_join_clear:
 * @self: a request
 *
 * Frees what it has.
 */
void
kith_group_join_clear (KithGroupJoin *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->text, kith_secret_free_text);
  g_clear_pointer (&self->link_proof, g_bytes_unref);
}

/* What both keys sign: all fields as they stand in the packed request. */
static void
hash_join (guint8 *out, const Kith__GroupJoin *join)
{
  guint8 time[8];
  const char *name = join->name != NULL ? join->name : "";
  const char *text = join->text != NULL ? join->text : "";

  for (guint i = 0; i < sizeof time; i++)
    time[i] = (guint8) (join->time_ms >> (56 - 8 * i));

  kith_hash (out, "kith1 g-join",
             KITH_FIELDS (KITH_FIELD (join->gid.data, join->gid.len),
                          KITH_FIELD (join->author.data, join->author.len),
                          KITH_FIELD (join->identity.data, join->identity.len),
                          KITH_FIELD (time, sizeof time), KITH_FIELD (name, strlen (name)),
                          KITH_FIELD (text, strlen (text)),
                          KITH_FIELD (join->token.data, join->token.len),
                          KITH_FIELD (join->link_proof.data, join->link_proof.len),
                          KITH_FIELD (join->replaces.data, join->replaces.len)));
}

static void
fill (Kith__GroupJoin *out, const KithGroupJoin *self)
{
  out->gid = kith_body_bytes (self->gid, sizeof self->gid);
  out->identity = kith_body_bytes (self->identity, sizeof self->identity);
  out->author = kith_body_bytes (self->author, sizeof self->author);
  out->time_ms = self->time_ms;
  if (self->name != NULL)
    out->name = self->name;
  if (self->text != NULL)
    out->text = self->text;
  if (self->has_token)
    out->token = kith_body_bytes (self->token, sizeof self->token);
  if (self->link_proof != NULL)
    out->link_proof = kith_body_bytes (g_bytes_get_data (self->link_proof, NULL),
                              g_bytes_get_size (self->link_proof));
  if (self->has_replaces)
    {
      out->replaces = kith_body_bytes (self->replaces, sizeof self->replaces);
      out->renewal = kith_body_bytes (self->renewal, sizeof self->renewal);
    }
}

/**
 * kith_group_join_seal:
 * @self: the request; @identity and @author have to be the public keys of the seeds
 * @author_seed: the seed of our author key in the group
 * @identity_seed: the seed of our identity
 *
 * Signs a request with both keys. This is, beside the certificate, all that an identity key signs
 * (protocol 10.1).
 *
 * Returns: (transfer full): the body of GROUP_JOIN
 */
GBytes *
kith_group_join_seal (const KithGroupJoin *self, const guint8 author_seed[KITH_IDENTITY_SEED_BYTES],
                      const guint8 identity_seed[KITH_IDENTITY_SEED_BYTES])
{
  Kith__GroupJoin out = KITH__GROUP_JOIN__INIT;
  guint8 hash[KITH_HASH_BYTES];
  guint8 by_author[KITH_SIGNATURE_BYTES];
  guint8 by_identity[KITH_SIGNATURE_BYTES];

  fill (&out, self);
  hash_join (hash, &out);
  kith_identity_sign (author_seed, hash, sizeof hash, by_author);
  kith_identity_sign (identity_seed, hash, sizeof hash, by_identity);
  out.author_signature = kith_body_bytes (by_author, sizeof by_author);
  out.identity_signature = kith_body_bytes (by_identity, sizeof by_identity);

  return kith_group_pack (&out.base);
}

/* What the member signs who brings a request: what both keys signed, and their own. */
static void
hash_brought (guint8 *out, const Kith__GroupJoin *join)
{
  guint8 hash[KITH_HASH_BYTES];

  hash_join (hash, join);
  kith_hash (out, "kith1 g-bring",
             KITH_FIELDS (KITH_FIELD (hash, sizeof hash),
                          KITH_FIELD (join->bringer.data, join->bringer.len)));
}

/**
 * kith_group_join_bring:
 * @request: a request, as kith_group_join_open() takes it
 * @author_seed: the seed of the author key of who brings it, a member
 *
 * Adds who brings it, in place of anybody who is named there.
 *
 * Returns: (transfer full): the body of GROUP_JOIN to hand on; @request itself when there is no room
 */
GBytes *
kith_group_join_bring (GBytes *request, const guint8 author_seed[KITH_IDENTITY_SEED_BYTES])
{
  gsize len;
  const guint8 *data = g_bytes_get_data (request, &len);
  g_autoptr (GBytes) brought = NULL;
  Kith__GroupJoin *join = kith__group_join__unpack (NULL, len, data);
  guint8 hash[KITH_HASH_BYTES];
  guint8 bringer[KITH_GROUP_KEY_BYTES];
  guint8 signature[KITH_SIGNATURE_BYTES];
  Kith__GroupJoin out;

  if (join == NULL)
    return g_bytes_ref (request);

  out = *join;
  kith_identity_get_public (author_seed, bringer);
  out.bringer = kith_body_bytes (bringer, sizeof bringer);
  hash_brought (hash, &out);
  kith_identity_sign (author_seed, hash, sizeof hash, signature);
  out.bringer_signature = kith_body_bytes (signature, sizeof signature);
  brought = kith_group_pack (&out.base);
  kith__group_join__free_unpacked (join, NULL);

  return g_bytes_ref (g_bytes_get_size (brought) <= MOST_BYTES ? brought : request);
}

static gboolean
take_bringer (KithGroupJoin *self, const Kith__GroupJoin *in)
{
  guint8 hash[KITH_HASH_BYTES];

  if (in->bringer.len == 0)
    return TRUE;
  if (!kith_body_take_bytes (&in->bringer, self->bringer, sizeof self->bringer)
      || in->bringer_signature.len != KITH_SIGNATURE_BYTES)
    return FALSE;

  hash_brought (hash, in);
  self->has_bringer = TRUE;
  return kith_identity_verify (self->bringer, hash, sizeof hash, in->bringer_signature.data);
}

static gboolean
is_signed (const Kith__GroupJoin *in)
{
  guint8 hash[KITH_HASH_BYTES];

  if (in->author_signature.len != KITH_SIGNATURE_BYTES
      || in->identity_signature.len != KITH_SIGNATURE_BYTES)
    return FALSE;

  hash_join (hash, in);
  return kith_identity_verify (in->author.data, hash, sizeof hash, in->author_signature.data)
         && kith_identity_verify (in->identity.data, hash, sizeof hash,
                                  in->identity_signature.data);
}

static gboolean
take_texts (KithGroupJoin *self, const Kith__GroupJoin *in)
{
  if (in->name != NULL && *in->name != '\0')
    self->name = kith_text_sanitize_name (in->name);
  if (in->text != NULL && *in->text != '\0')
    self->text = kith_text_sanitize_request (in->text);

  return (in->name == NULL || g_utf8_validate (in->name, -1, NULL))
         && (in->text == NULL || g_utf8_validate (in->text, -1, NULL));
}

static gboolean
take_renewal (KithGroupJoin *self, const Kith__GroupJoin *in)
{
  return kith_body_take_bytes (&in->replaces, self->replaces, sizeof self->replaces)
         && kith_body_take_bytes (&in->renewal, self->renewal, sizeof self->renewal)
         && kith_group_renew_verify (self->gid, self->author, self->replaces, self->renewal);
}

static gboolean
take_join (KithGroupJoin *self, const Kith__GroupJoin *in)
{
  if (!kith_body_take_bytes (&in->gid, self->gid, sizeof self->gid)
      || !kith_body_take_bytes (&in->identity, self->identity, sizeof self->identity)
      || !kith_body_take_bytes (&in->author, self->author, sizeof self->author)
      || in->time_ms >= G_MAXINT64 || in->link_proof.len > LINK_PROOF_BYTES || !take_texts (self, in))
    return FALSE;

  self->time_ms = in->time_ms;
  self->has_token = in->token.len != 0;
  self->has_replaces = in->replaces.len != 0;
  if ((self->has_token && !kith_body_take_bytes (&in->token, self->token, sizeof self->token))
      || (self->has_replaces && !take_renewal (self, in)))
    return FALSE;
  if (in->link_proof.len > 0)
    self->link_proof = g_bytes_new (in->link_proof.data, in->link_proof.len);

  return is_signed (in) && take_bringer (self, in);
}

/**
 * kith_group_join_open:
 * @self: (out caller-allocates): the request, to be cleared; empty after a failure
 * @data: (array length=len): the body of a GROUP_JOIN; untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is a request that both its keys signed
 */
gboolean
kith_group_join_open (KithGroupJoin *self, const guint8 *data, gsize len)
{
  Kith__GroupJoin *in = NULL;
  gboolean ok;

  memset (self, 0, sizeof *self);
  if (len > MOST_BYTES)
    return FALSE;

  in = kith__group_join__unpack (NULL, len, data);
  if (in == NULL)
    return FALSE;

  ok = take_join (self, in);
  kith__group_join__free_unpacked (in, NULL);
  if (!ok)
    {
      kith_group_join_clear (self);
      memset (self, 0, sizeof *self);
    }

  return ok;
}
