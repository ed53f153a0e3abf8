/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links to groups, names of groups, and where members are: the known answers, and what is not one. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-bytes.h"
#include "kith-test-hex.h"
#include "proto/kith-body.h"
#include "proto/kith-group-keys.h"
#include "proto/kith-group-where.h"
#include "proto/kith-invite.h"
#include "proto/kith-record.h"

#define TIME_S G_GINT64_CONSTANT (1767225600)
#define GID "5a5d7e63073836de6bfa817dabf14d394edace771ebde6f7a4f4fb699a15380c"
#define EXPORT "30c520c791ad886d6fe23190e3a96651b1c57f4f777154ff4276b99ebcb3da5e"
#define LINK                                                                                       \
  "KITH:G/AEAFUXL6MMDTQNW6NP5IC7NL6FGTSTW2ZZ3R5PPG66SPJ63JTIKTQDADUED3746OCC7B24G5DDTUXQEZM7SNMME3UUGV6" \
  "HO4QZSBEVJRXD7S5ZCWAHWBWZZRBR3ZAQCFQWXGS4ZR53Q4D6GPEQMXGHA7747GWAABAIBQIBIGA4EASCQLBQGQ4DYBYGKSAAI" \
  "EZMAHCBMCUWI63UEJ"
#define NOTE                                                                                       \
  "c6822637c7d310ec57627be00ba259d253749f4aaf644470cffbe53a35f73242000000006955b9000104cb00710582a5"  \
  "fb395fa4da23aa1b464e183e432402c26433d6800da7bfb8259a86ede0adab3c419346d791f274bf204ab900d9d069fc"  \
  "7892eafb012caee8cb99af2d8d4b4d0c"

static void
get_gid (guint8 gid[KITH_GROUP_ID_BYTES])
{
  g_assert_true (kith_hex_decode (GID, gid, KITH_GROUP_ID_BYTES));
}

/* --- Links ---------------------------------------------------------------------------------- */

static void
link_init (KithInvite *link)
{
  guint8 seed[32];
  guint8 private_key[32];

  *link = (KithInvite){ .expiry_s = TIME_S + 7 * 86400, .n_endpoints = 1, .is_group = TRUE };
  get_gid (link->group);
  for (guint i = 0; i < 32; i++)
    seed[i] = (guint8) i;
  kith_identity_get_public (seed, link->identity);
  memset (private_key, 0x44, sizeof private_key);
  crypto_scalarmult_base (link->reply_key, private_key);
  for (guint i = 0; i < sizeof link->secret; i++)
    link->secret[i] = (guint8) i;
  g_assert_true (kith_endpoint_parse (&link->endpoints[0], "203.0.113.5", 33445));
}

static void
test_link (void)
{
  g_autofree char *lower = g_ascii_strdown (LINK, -1);
  g_autofree char *spaced = g_strconcat (" \n", lower, "\r\n ", NULL);
  g_autofree char *text = NULL;
  KithInvite link, back;

  link_init (&link);
  text = kith_invite_encode (&link);
  g_assert_cmpstr (text, ==, LINK);
  g_assert_true (kith_invite_parse_group (&back, text));
  g_assert_cmpmem (&back, sizeof back, &link, sizeof link);
  g_assert_true (kith_invite_parse_group (&back, spaced));
  g_assert_cmpmem (&back, sizeof back, &link, sizeof link);

  /* The one kind is never taken for the other, whatever is written before it. */
  g_assert_false (kith_invite_parse (&back, LINK));
  memcpy (text, KITH_INVITE_PREFIX, strlen (KITH_INVITE_PREFIX));
  g_assert_false (kith_invite_parse (&back, text));
  g_assert_false (kith_invite_parse_group (&back, text));
}

static void
test_mutilated_links (void)
{
  gsize len = strlen (LINK);
  KithInvite link;

  for (gsize i = 0; i < len; i++)
    {
      g_autofree char *cut = g_strndup (LINK, i);
      g_autofree char *changed = g_strdup (LINK);

      changed[i] = changed[i] == 'B' ? 'C' : 'B';
      g_assert_false (kith_invite_parse_group (&link, cut));
      g_assert_false (kith_invite_parse_group (&link, changed));
      g_assert_true (sodium_is_zero ((const guint8 *) &link, sizeof link));
    }
}

static void
test_derived (void)
{
  guint8 author_seed[32], author[32], gid[32], export[32], secret[32];
  guint8 root[32], id[8], proof[32], name[KITH_GROUP_BLIND_BYTES], key[32];
  guint8 other[32], pair[32], same[32];
  KithInvite link;

  link_init (&link);
  get_gid (gid);
  memset (author_seed, 0x55, sizeof author_seed);
  kith_identity_get_public (author_seed, author);
  memset (author_seed, 0x66, sizeof author_seed);
  kith_identity_get_public (author_seed, other);
  memset (secret, 0x77, sizeof secret);
  g_assert_true (kith_hex_decode (EXPORT, export, sizeof export));

  kith_invite_get_group_root (link.secret, link.group, root);
  test_assert_hex (root, sizeof root, "49cce8ff0ad14cab0c105fab7a51f4d7110e442beb626baec91cfc6247716146");
  kith_invite_get_id (root, id);
  test_assert_hex (id, sizeof id, "da1aefc7f30b8a33");
  kith_invite_get_author_proof (root, author, proof);
  test_assert_hex (proof, sizeof proof, "b3424f257f0fc7d339788df17dbd60fdbac5769e13478786997c8df54e3bc86a");

  kith_kdf (key, export, "kith1 grp-key", NULL, 0);
  kith_group_blind (key, gid, name);
  test_assert_hex (name, sizeof name, "d133160193e9c63455fa1713b65bf246");
  kith_group_pair_root (secret, author, other, pair);
  kith_group_pair_root (secret, other, author, same);
  g_assert_cmpmem (pair, sizeof pair, same, sizeof same);
  test_assert_hex (pair, sizeof pair, "57389639ff1ad3b7f77365baa65b028078db1bfa82a66288a209064058e48a18");
}

/* --- Notes ---------------------------------------------------------------------------------- */

static void
sign_note (KithGroupWhere *note, guint n)
{
  guint8 gid[32], seed[32];

  get_gid (gid);
  memset (seed, 0x55, sizeof seed);
  *note = (KithGroupWhere){ .time_s = TIME_S };
  note->endpoints.n = n;
  for (guint i = 0; i < n; i++)
    g_assert_true (kith_endpoint_parse (&note->endpoints.items[i], "203.0.113.5", 33445 + i));
  kith_group_where_sign (note, gid, seed);
}

static void
test_note (void)
{
  guint8 gid[32];
  KithGroupWhere note, back;

  get_gid (gid);
  sign_note (&note, 1);
  test_assert_hex (note.bytes, note.len, NOTE);
  g_assert_true (kith_group_where_parse (&back, note.bytes, note.len));
  g_assert_cmpmem (back.author, sizeof back.author, note.author, sizeof note.author);
  g_assert_cmpuint (back.time_s, ==, TIME_S);
  g_assert_cmpuint (back.endpoints.n, ==, 1);
  g_assert_true (kith_endpoint_equal (&back.endpoints.items[0], &note.endpoints.items[0]));
  g_assert_true (kith_group_where_verify (&back, gid));

  gid[31] ^= 1; /* it is good in one group */
  g_assert_false (kith_group_where_verify (&back, gid));

  /* More than fit are left out. */
  sign_note (&note, KITH_LIMIT_ENDPOINTS);
  g_assert_cmpuint (note.endpoints.n, ==, KITH_LIMIT_GROUP_NOTE_ENDPOINTS);
  g_assert_true (kith_group_where_parse (&back, note.bytes, note.len));
}

/* Every bit counts, and every length. */
static void
test_forged_notes (void)
{
  guint8 gid[32];
  KithGroupWhere note, back;

  get_gid (gid);
  sign_note (&note, 2);
  for (gsize i = 0; i < 8 * note.len; i++)
    {
      guint8 bytes[KITH_GROUP_WHERE_BYTES];

      memcpy (bytes, note.bytes, note.len);
      bytes[i / 8] ^= (guint8) (1 << i % 8);
      g_assert_false (kith_group_where_parse (&back, bytes, note.len)
                      && kith_group_where_verify (&back, gid));
    }

  for (gsize len = 0; len < note.len; len++)
    g_assert_false (kith_group_where_parse (&back, note.bytes, len)
                    && kith_group_where_verify (&back, gid));
}

static void
test_group_peers (void)
{
  g_autofree KithGroupWhere *note = g_new0 (KithGroupWhere, 1);
  const KithGroupWhere *notes[KITH_LIMIT_GROUP_NOTES + 1];
  g_autoptr (GByteArray) few = NULL;
  g_autoptr (GByteArray) many = NULL;
  g_autoptr (GPtrArray) back = NULL;
  static const guint8 too_many[2 * (KITH_LIMIT_GROUP_NOTES + 1)];
  guint8 empty[sizeof too_many];

  sign_note (note, KITH_LIMIT_GROUP_NOTE_ENDPOINTS);
  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    notes[i] = note;

  few = kith_body_group_peers_pack (notes, 2);
  back = kith_body_group_peers_unpack (few->data, few->len);
  g_assert_nonnull (back);
  g_assert_cmpuint (back->len, ==, 2);
  g_assert_cmpmem (g_bytes_get_data (back->pdata[1], NULL), g_bytes_get_size (back->pdata[1]), note->bytes,
                   note->len);

  many = kith_body_group_peers_pack (notes, G_N_ELEMENTS (notes));
  g_assert_cmpuint (many->len + KITH_GROUP_BLIND_BYTES, <=, kith_record_max_bytes (KITH_RECORD_GROUP_PEERS));

  for (gsize i = 0; i < sizeof empty; i++)
    empty[i] = i % 2 == 0 ? 0x0a : 0;
  g_assert_null (kith_body_group_peers_unpack (empty, sizeof empty));
  g_assert_null (kith_body_group_peers_unpack ((const guint8 *) "\xff", 1));
}

/* --- OPEN and GROUP_SHARED ------------------------------------------------------------------ */

static void
test_groups_in_open (void)
{
  KithBodyOpen open = { .purpose = KITH_PURPOSE_GROUP, .n_groups = 2 };
  g_autoptr (GByteArray) plain = NULL;
  g_autoptr (GByteArray) proven = NULL;
  g_auto (KithBodyOpen) back = { 0 };
  g_auto (KithBodyOpen) again = { 0 };

  randombytes_buf (open.groups, sizeof open.groups);
  plain = kith_body_open_pack (&open);
  g_assert_true (kith_body_open_unpack (&back, plain->data, plain->len));
  g_assert_cmpint (back.purpose, ==, KITH_PURPOSE_GROUP);
  g_assert_cmpuint (back.n_groups, ==, 2);
  g_assert_cmpmem (back.groups, 2 * sizeof back.groups[0], open.groups, 2 * sizeof open.groups[0]);
  g_assert_false (back.has_invite);

  open.has_invite = TRUE;
  open.n_groups = KITH_LIMIT_GROUPS_SHARED;
  memset (open.invite_id, 7, sizeof open.invite_id);
  proven = kith_body_open_pack (&open);
  g_assert_cmpuint (proven->len, <, KITH_LIMIT_RECORD_CONTROL_BYTES);
  g_assert_true (kith_body_open_unpack (&again, proven->data, proven->len));
  g_assert_true (again.has_invite);
  g_assert_cmpuint (again.n_groups, ==, KITH_LIMIT_GROUPS_SHARED);
  g_assert_cmpmem (again.invite_id, sizeof again.invite_id, open.invite_id, sizeof open.invite_id);
}

static void
test_group_shared (void)
{
  KithBodyOpen shared = { .n_groups = KITH_LIMIT_GROUPS_SHARED };
  KithBodyOpen back;
  g_autoptr (GByteArray) body = NULL;

  randombytes_buf (shared.groups, sizeof shared.groups);
  body = kith_body_group_shared_pack (&shared);
  g_assert_true (kith_body_group_shared_unpack (&back, body->data, body->len));
  g_assert_cmpuint (back.n_groups, ==, KITH_LIMIT_GROUPS_SHARED);
  g_assert_cmpmem (back.groups, sizeof back.groups, shared.groups, sizeof shared.groups);

  /* One more is left out, a name of another length is none. */
  g_byte_array_append (body, body->data, 2 + KITH_GROUP_BLIND_BYTES);
  g_assert_true (kith_body_group_shared_unpack (&back, body->data, body->len));
  g_assert_cmpuint (back.n_groups, ==, KITH_LIMIT_GROUPS_SHARED);
  g_assert_false (kith_body_group_shared_unpack (&back, (const guint8 *) "\x0a\x03" "abc", 5));
  g_assert_true (kith_body_group_shared_unpack (&back, NULL, 0));
  g_assert_cmpuint (back.n_groups, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/group-links/link", test_link);
  g_test_add_func ("/group-links/link/mutilated", test_mutilated_links);
  g_test_add_func ("/group-links/derived", test_derived);
  g_test_add_func ("/group-links/note", test_note);
  g_test_add_func ("/group-links/note/forged", test_forged_notes);
  g_test_add_func ("/group-links/peers", test_group_peers);
  g_test_add_func ("/group-links/open", test_groups_in_open);
  g_test_add_func ("/group-links/shared", test_group_shared);

  return g_test_run ();
}
