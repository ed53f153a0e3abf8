/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.3: the entries of a group's logs. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-group-entry.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"

#define VERSION 1

static void
entry_clear (KithGroupEntry *self)
{
  g_clear_pointer (&self->content, g_bytes_unref);
}

/**
 * kith_group_entry_ref:
 * @self: an entry
 *
 * Returns: (transfer full): @self
 */
KithGroupEntry *
kith_group_entry_ref (KithGroupEntry *self)
{
  return g_rc_box_acquire (self);
}

/**
 * kith_group_entry_unref:
 * @self: (transfer full): an entry
 */
void
kith_group_entry_unref (KithGroupEntry *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) entry_clear);
}

static void
hash_content (guint8 *out, const guint8 *salt, const guint8 *content, gsize len)
{
  kith_hash (out, "kith1 g-content",
             KITH_FIELDS (KITH_FIELD (salt, KITH_GROUP_SALT_BYTES), KITH_FIELD (content, len)));
}

static void
hash_header (KithGroupEntry *self)
{
  kith_hash (self->id, "kith1 g-entry",
             KITH_FIELDS (KITH_FIELD (self->header, KITH_GROUP_HEADER_BYTES)));
}

static void
write_header (KithGroupEntry *self)
{
  KithWriter writer;

  kith_writer_init (&writer, self->header, sizeof self->header);
  kith_writer_u8 (&writer, VERSION);
  kith_writer_u8 (&writer, self->kind);
  kith_writer_bytes (&writer, self->gid, sizeof self->gid);
  kith_writer_bytes (&writer, self->author, sizeof self->author);
  kith_writer_u64 (&writer, self->seq);
  kith_writer_bytes (&writer, self->prev, sizeof self->prev);
  kith_writer_u32 (&writer, self->chain_height);
  kith_writer_bytes (&writer, self->chain_head, sizeof self->chain_head);
  kith_writer_u64 (&writer, self->hlc);
  kith_writer_bytes (&writer, self->content_hash, sizeof self->content_hash);
  kith_writer_u32 (&writer, self->content_len);
  g_assert (!writer.failed && writer.len == sizeof self->header);
}

/**
 * kith_group_entry_seal:
 * @draft: what it says
 * @author_seed: the seed of our author key
 *
 * Makes and signs an entry of ours. The content must be within its limit.
 *
 * Returns: (transfer full): the entry
 */
KithGroupEntry *
kith_group_entry_seal (const KithGroupEntryDraft *draft,
                       const guint8 author_seed[KITH_IDENTITY_SEED_BYTES])
{
  KithGroupEntry *self = g_rc_box_new0 (KithGroupEntry);

  self->kind = draft->kind;
  memcpy (self->gid, draft->gid, sizeof self->gid);
  kith_identity_get_public (author_seed, self->author);
  self->seq = draft->seq;
  memcpy (self->prev, draft->prev, sizeof self->prev);
  self->chain_height = draft->chain_height;
  memcpy (self->chain_head, draft->chain_head, sizeof self->chain_head);
  self->hlc = draft->hlc;
  self->content_len = (guint32) draft->content_len;
  memcpy (self->salt, draft->salt, sizeof self->salt);
  self->content = kith_secret_copy_bytes (draft->content, draft->content_len);
  hash_content (self->content_hash, draft->salt, draft->content, draft->content_len);
  write_header (self);
  hash_header (self);
  kith_identity_sign (author_seed, self->id, sizeof self->id, self->signature);
  return self;
}

static gboolean
read_header (KithGroupEntry *self)
{
  KithReader reader;
  guint8 version;

  kith_reader_init (&reader, self->header, sizeof self->header);
  version = kith_reader_u8 (&reader);
  self->kind = kith_reader_u8 (&reader);
  kith_reader_bytes (&reader, self->gid, sizeof self->gid);
  kith_reader_bytes (&reader, self->author, sizeof self->author);
  self->seq = kith_reader_u64 (&reader);
  kith_reader_bytes (&reader, self->prev, sizeof self->prev);
  self->chain_height = kith_reader_u32 (&reader);
  kith_reader_bytes (&reader, self->chain_head, sizeof self->chain_head);
  self->hlc = kith_reader_u64 (&reader);
  kith_reader_bytes (&reader, self->content_hash, sizeof self->content_hash);
  self->content_len = kith_reader_u32 (&reader);

  /* Numbers stay where the store can keep them as signed ones. */
  return kith_reader_finish (&reader) && version == VERSION && self->kind != 0 && self->seq != 0
         && self->seq <= KITH_LIMIT_GROUP_SEQ && self->hlc < G_MAXINT64
         && self->content_len <= KITH_LIMIT_GROUP_CONTENT_BYTES;
}

/**
 * kith_group_entry_parse:
 * @header: (array length=header_len): untrusted
 * @header_len: its length in bytes
 * @signature: (nullable) (array length=signature_len): untrusted; %NULL from our own store, when
 *   it is not needed
 * @signature_len: its length in bytes
 *
 * Reads a header. Checks its form, not the signature.
 *
 * Returns: (transfer full) (nullable): a hollow entry, or %NULL if that is none
 */
KithGroupEntry *
kith_group_entry_parse (const guint8 *header, gsize header_len, const guint8 *signature,
                        gsize signature_len)
{
  g_autoptr (KithGroupEntry) self = NULL;

  if (header_len != KITH_GROUP_HEADER_BYTES
      || (signature != NULL && signature_len != KITH_SIGNATURE_BYTES))
    return NULL;

  self = g_rc_box_new0 (KithGroupEntry);
  memcpy (self->header, header, header_len);
  if (signature != NULL)
    memcpy (self->signature, signature, signature_len);
  if (!read_header (self))
    return NULL;

  hash_header (self);
  return g_steal_pointer (&self);
}

/**
 * kith_group_entry_set_content:
 * @self: a hollow entry that nobody else has yet
 * @salt: (array length=salt_len): untrusted
 * @salt_len: its length in bytes
 * @content: (array length=content_len) (nullable): untrusted
 * @content_len: its length in bytes
 *
 * Returns: whether that is the content which the header commits to
 */
gboolean
kith_group_entry_set_content (KithGroupEntry *self, const guint8 *salt, gsize salt_len,
                              const guint8 *content, gsize content_len)
{
  guint8 hash[KITH_HASH_BYTES];

  if (salt_len != KITH_GROUP_SALT_BYTES || content_len != self->content_len)
    return FALSE;

  hash_content (hash, salt, content, content_len);
  if (memcmp (hash, self->content_hash, sizeof hash) != 0)
    return FALSE;

  memcpy (self->salt, salt, salt_len);
  g_clear_pointer (&self->content, g_bytes_unref);
  self->content = kith_secret_copy_bytes (content, content_len);
  return TRUE;
}

/**
 * kith_group_entry_verify:
 * @self: an entry
 *
 * Returns: whether its author signed it
 */
gboolean
kith_group_entry_verify (const KithGroupEntry *self)
{
  return kith_identity_verify (self->author, self->id, sizeof self->id, self->signature);
}

/**
 * kith_group_entry_get_size:
 * @self: an entry
 *
 * Returns: about how many bytes it takes in a record
 */
gsize
kith_group_entry_get_size (const KithGroupEntry *self)
{
  return KITH_GROUP_HEADER_BYTES + KITH_SIGNATURE_BYTES + KITH_GROUP_SALT_BYTES + 24
         + (self->content != NULL ? g_bytes_get_size (self->content) : 0);
}
