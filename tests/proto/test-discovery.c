/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invites, meeting places and beacons: the known answers, and what is not one. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-bytes.h"
#include "kith-test-hex.h"
#include "proto/kith-beacon.h"
#include "proto/kith-invite.h"
#include "proto/kith-rendezvous.h"

#define TIME_S G_GINT64_CONSTANT (1767225600)
#define LINK                                                                                       \
  "KITH:I/AEAAHIIHX7Z44EF6DVYN2GHHJPAJSZ7E2YYJXJINL4O5ZBTECJKTDOH7F3SFMAPMDNTTCDDXSBAELBNONFZTD3XBYH4" \
  "M6JAZOMOB77Z6NMAACAQDAQCQMBYIBEFAWDANBYHQDQMVEAAQJSYAOECYFJNEUC6JO"

static void
get_pair_root (guint8 root[32])
{
  g_assert_true (
    kith_hex_decode ("5fe45011816b668879b0f48cf018042b21ae6f2b289577ec1307edf1bd45b103", root, 32));
}

/* --- Invites -------------------------------------------------------------------------------- */

static void
invite_init (KithInvite *invite)
{
  guint8 seed[32];
  guint8 private_key[32];

  *invite = (KithInvite){ .expiry_s = TIME_S + 7 * 86400, .n_endpoints = 1 };
  for (guint i = 0; i < 32; i++)
    seed[i] = (guint8) i;
  kith_identity_get_public (seed, invite->identity);
  memset (private_key, 0x44, sizeof private_key);
  crypto_scalarmult_base (invite->reply_key, private_key);
  for (guint i = 0; i < sizeof invite->secret; i++)
    invite->secret[i] = (guint8) i;
  g_assert_true (kith_endpoint_parse (&invite->endpoints[0], "203.0.113.5", 33445));
}

static void
test_invite (void)
{
  KithInvite invite;
  KithInvite back;
  g_autofree char *link = NULL;
  g_autofree char *lower = g_ascii_strdown (LINK, -1);
  g_autofree char *spaced = g_strconcat (" \n", lower, "\t\n", NULL);

  invite_init (&invite);
  link = kith_invite_encode (&invite);
  g_assert_cmpstr (link, ==, LINK);
  g_assert_true (kith_invite_parse (&back, link));
  g_assert_cmpmem (&back, sizeof back, &invite, sizeof invite);
  g_assert_true (kith_invite_parse (&back, spaced));
  g_assert_cmpmem (&back, sizeof back, &invite, sizeof invite);
}

static void
test_invite_derived (void)
{
  KithInvite invite;
  guint8 root[KITH_INVITE_ROOT_BYTES];
  guint8 id[KITH_INVITE_ID_BYTES];
  guint8 proof[KITH_INVITE_PROOF_BYTES];
  guint8 hash[32];

  invite_init (&invite);
  kith_invite_get_root (invite.secret, root);
  test_assert_hex (root, sizeof root, "7dc43eb2104c49979c861919a6ca640cd4cbeb624596613c7ffe163cda77b6c1");
  kith_invite_get_id (root, id);
  test_assert_hex (id, sizeof id, "fef529a7827a0323");
  memset (hash, 1, sizeof hash);
  kith_invite_get_proof (root, hash, proof);
  hash[31]++;
  {
    guint8 other[KITH_INVITE_PROOF_BYTES];

    kith_invite_get_proof (root, hash, other);
    g_assert_cmpint (memcmp (proof, other, sizeof proof), !=, 0);
  }
}

/* Every character that is changed, every end that is cut, is noticed. */
static void
test_invite_mutilated (void)
{
  static const char *const others[] = { "",        "KITH:I/", "kith:g/abc", "https://example.org/",
                                        LINK LINK, LINK " and more" };
  KithInvite invite;

  for (gsize i = 0; i < strlen (LINK); i++)
    {
      g_autofree char *changed = g_strdup (LINK);
      g_autofree char *cut = g_strndup (LINK, i);

      changed[i] = changed[i] == 'Q' ? 'R' : 'Q';
      g_assert_false (kith_invite_parse (&invite, changed));
      g_assert_false (kith_invite_parse (&invite, cut));
      g_assert_true (sodium_is_zero ((const guint8 *) &invite, sizeof invite));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (kith_invite_parse (&invite, others[i]));
}

static void
test_invite_expiry (void)
{
  KithInvite invite;

  invite_init (&invite);
  g_assert_true (kith_invite_is_valid_at (&invite, TIME_S));
  g_assert_true (kith_invite_is_valid_at (&invite, TIME_S + 7 * 86400 - 1));
  g_assert_false (kith_invite_is_valid_at (&invite, TIME_S + 7 * 86400));
  g_assert_false (kith_invite_is_valid_at (&invite, TIME_S - 24 * 86400));
}

/* --- Meeting places ------------------------------------------------------------------------- */

static void
test_places (void)
{
  guint8 root[32];
  KithRendezvous place;

  get_pair_root (root);
  g_assert_cmpuint (kith_rendezvous_get_epoch (root, TIME_S), ==, 20454);
  g_assert_cmpuint (kith_rendezvous_get_age_s (root, TIME_S), ==, 70699);
  g_assert_cmpuint (kith_rendezvous_get_epoch (root, TIME_S + 86400 - 70699), ==, 20455);
  kith_rendezvous_init (&place, root, 20454, 0);
  test_assert_hex (place.location, sizeof place.location, "ace567b8a601ca8ddffe6c1ac39544169707fbf3");
  test_assert_hex (place.key, sizeof place.key, "9060034cddde90abf634605be904d5646a448db7d4062554c08ad10ecc138a77");
  kith_rendezvous_init (&place, root, 20454, 1);
  test_assert_hex (place.location, sizeof place.location, "8c0a010ec5d32272c23504bf6e6f14baee3c9047");
  test_assert_hex (place.key, sizeof place.key, "73bf2e7ac27453327b079595b0df98add0b0dfb7cb44eb782314c8c87fbde7e0");
}

static void
make_value (KithRendezvousValue *value)
{
  *value = (KithRendezvousValue){ .time_s = TIME_S, .seq = 7, .n_endpoints = 2 };
  g_assert_true (kith_endpoint_parse (&value->endpoints[0], "203.0.113.5", 33445));
  g_assert_true (kith_endpoint_parse (&value->endpoints[1], "2001:db8::1", 33445));
}

static void
seal_value (KithRendezvous *place, guint8 sealed[KITH_RENDEZVOUS_VALUE_BYTES])
{
  guint8 root[32];
  guint8 nonce[KITH_RENDEZVOUS_NONCE_BYTES];
  KithRendezvousValue value;

  for (guint i = 0; i < sizeof nonce; i++)
    nonce[i] = (guint8) i;
  get_pair_root (root);
  kith_rendezvous_init (place, root, 20454, 0);
  make_value (&value);
  kith_rendezvous_seal (place, &value, nonce, sealed);
}

static void
test_value (void)
{
  KithRendezvous place;
  KithRendezvousValue value;
  KithRendezvousValue back;
  guint8 sealed[KITH_RENDEZVOUS_VALUE_BYTES];
  guint8 hash[crypto_hash_sha256_BYTES];

  seal_value (&place, sealed);
  crypto_hash_sha256 (hash, sealed, sizeof sealed);
  test_assert_hex (hash, sizeof hash, "19e3d1b5cdac23871d5065024f0c67adb3a16d4170fb6ed2c7d6653590adefa7");
  make_value (&value);
  g_assert_true (kith_rendezvous_open (&place, sealed, sizeof sealed, &back));
  g_assert_cmpint (back.time_s, ==, TIME_S);
  g_assert_cmpuint (back.seq, ==, 7);
  g_assert_cmpuint (back.n_endpoints, ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_true (kith_endpoint_equal (&back.endpoints[i], &value.endpoints[i]));
}

/* Keys for which everybody knows the secret, and what is the same modulo the prime (attack 6). */
static void
test_reader_of_low_order (void)
{
  static const char *const points[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  };
  const guint8 nonce[KITH_RENDEZVOUS_NONCE_BYTES] = { 0 };
  guint8 sealed[KITH_RENDEZVOUS_VALUE_BYTES];
  guint8 reader[KITH_RENDEZVOUS_KEY_BYTES];
  KithRendezvousValue value;
  KithRendezvous place;

  seal_value (&place, sealed);
  make_value (&value);
  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      g_assert_true (kith_hex_decode (points[i], reader, sizeof reader));
      g_assert_false (kith_rendezvous_seal_to (&place, &value, reader, nonce, sealed));
    }
  crypto_scalarmult_base (reader, sealed);
  g_assert_true (kith_rendezvous_seal_to (&place, &value, reader, nonce, sealed));
}

/* Every bit, another place, another size; and one's own contact may send nonsense, too. */
static void
test_value_hostile (void)
{
  KithRendezvous place;
  KithRendezvous other;
  KithRendezvousValue value;
  guint8 root[32];
  guint8 sealed[KITH_RENDEZVOUS_VALUE_BYTES + 1] = { 0 };

  seal_value (&place, sealed);
  for (gsize i = 0; i < 8 * KITH_RENDEZVOUS_VALUE_BYTES; i++)
    {
      sealed[i / 8] ^= (guint8) (1 << i % 8);
      g_assert_false (kith_rendezvous_open (&place, sealed, KITH_RENDEZVOUS_VALUE_BYTES, &value));
      sealed[i / 8] ^= (guint8) (1 << i % 8);
    }

  g_assert_false (kith_rendezvous_open (&place, sealed, KITH_RENDEZVOUS_VALUE_BYTES - 1, &value));
  g_assert_false (kith_rendezvous_open (&place, sealed, KITH_RENDEZVOUS_VALUE_BYTES + 1, &value));
  get_pair_root (root);
  kith_rendezvous_init (&other, root, 20455, 0);
  g_assert_false (kith_rendezvous_open (&other, sealed, KITH_RENDEZVOUS_VALUE_BYTES, &value));
  kith_rendezvous_init (&other, root, 20454, 1);
  g_assert_false (kith_rendezvous_open (&other, sealed, KITH_RENDEZVOUS_VALUE_BYTES, &value));
  kith_rendezvous_clear (&place);
  g_assert_true (sodium_is_zero ((const guint8 *) &place, sizeof place));
}

static void
test_value_fresh (void)
{
  KithRendezvousValue value = { .time_s = TIME_S };

  g_assert_true (kith_rendezvous_value_is_fresh (&value, TIME_S));
  g_assert_true (kith_rendezvous_value_is_fresh (&value, TIME_S + 26 * 3600));
  g_assert_false (kith_rendezvous_value_is_fresh (&value, TIME_S + 26 * 3600 + 1));
  g_assert_true (kith_rendezvous_value_is_fresh (&value, TIME_S - 2 * 3600));
  g_assert_false (kith_rendezvous_value_is_fresh (&value, TIME_S - 2 * 3600 - 1));
}

/* --- Beacons -------------------------------------------------------------------------------- */

static void
get_own_tag (guint8 dir, guint8 tag[KITH_BEACON_TAG_BYTES])
{
  guint8 root[32];
  guint8 nonce[KITH_BEACON_NONCE_BYTES];

  for (guint i = 0; i < sizeof nonce; i++)
    nonce[i] = (guint8) i;
  get_pair_root (root);
  kith_beacon_get_tag (root, nonce, dir, tag);
}

/* The tag of a contact stands fourth, between others. */
static void
make_beacon (KithBeacon *beacon)
{
  guint8 seed[32];

  *beacon = (KithBeacon){ .query = TRUE, .presents = TRUE, .port = 5484, .n_tags = 16 };
  for (guint i = 0; i < sizeof seed; i++)
    seed[i] = (guint8) i;
  for (guint i = 0; i < sizeof beacon->nonce; i++)
    beacon->nonce[i] = (guint8) i;
  for (guint i = 0; i < beacon->n_tags; i++)
    memset (beacon->tags[i], (int) (0xa0 + i), KITH_BEACON_TAG_BYTES);
  get_own_tag (0, beacon->tags[3]);
  kith_identity_get_public (seed, beacon->identity);
  g_strlcpy (beacon->name, "Ada", sizeof beacon->name);
}

static void
test_beacon (void)
{
  guint8 datagram[KITH_BEACON_MAX_BYTES];
  guint8 hash[crypto_hash_sha256_BYTES];
  guint8 tag[KITH_BEACON_TAG_BYTES];
  KithBeacon beacon;
  KithBeacon back;
  gsize len;

  get_own_tag (1, tag);
  test_assert_hex (tag, sizeof tag, "c42895a9edd79fbe");
  get_own_tag (0, tag);
  test_assert_hex (tag, sizeof tag, "66e6853810dc260c");

  make_beacon (&beacon);
  len = kith_beacon_pack (&beacon, datagram);
  g_assert_cmpuint (len, ==, 4 + 1 + 1 + 2 + 16 + 1 + 16 * 8 + 32 + 1 + 3);
  test_assert_hex (datagram, 25, "4b4954480103156c000102030405060708090a0b0c0d0e0f10");
  crypto_hash_sha256 (hash, datagram, len);
  test_assert_hex (hash, sizeof hash, "f07e8ce573ee908edf7f88649475529e5b035b65d060d2b9c1d9ab8d89b9d7fa");
  g_assert_true (kith_beacon_unpack (&back, datagram, len));
  g_assert_cmpmem (&back, sizeof back, &beacon, sizeof beacon);
}

/* The other side knows it by the same root and the direction that is not its own. */
static void
test_beacon_recognised (void)
{
  KithFakeEnv env;
  KithBeacon beacon;
  guint8 stranger[32] = { 1 };
  guint8 tag[KITH_BEACON_TAG_BYTES];

  kith_fake_env_init (&env, 1, TIME_S);
  make_beacon (&beacon);
  memcpy (beacon.tags[0], beacon.tags[3], KITH_BEACON_TAG_BYTES);
  beacon.n_tags = 1;
  kith_beacon_pad (&beacon, &env.env);
  g_assert_cmpuint (beacon.n_tags, ==, 16);

  get_own_tag (0, tag);
  g_assert_true (kith_beacon_has_tag (&beacon, tag));
  get_own_tag (1, tag);
  g_assert_false (kith_beacon_has_tag (&beacon, tag));
  kith_beacon_get_tag (stranger, beacon.nonce, 0, tag);
  g_assert_false (kith_beacon_has_tag (&beacon, tag));

  get_own_tag (0, tag);
  beacon.nonce[0]++;
  {
    guint8 root[32];
    guint8 other[KITH_BEACON_TAG_BYTES];

    get_pair_root (root);
    kith_beacon_get_tag (root, beacon.nonce, 0, other);
    g_assert_cmpint (memcmp (tag, other, sizeof tag), !=, 0);
  }
}

static guint
count_places (guint n_tags, gboolean places[KITH_LIMIT_BEACON_TAGS])
{
  KithFakeEnv env;
  guint n_places = 0;

  for (guint seed = 0; seed < 200; seed++)
    {
      KithBeacon beacon = { .n_tags = n_tags };
      static const guint8 mine[KITH_BEACON_TAG_BYTES] = "contact";

      kith_fake_env_init (&env, seed, TIME_S);
      memcpy (beacon.tags[0], mine, sizeof mine);
      kith_beacon_pad (&beacon, &env.env);
      for (guint i = 0; i < beacon.n_tags; i++)
        if (memcmp (beacon.tags[i], mine, sizeof mine) == 0 && !places[i])
          {
            places[i] = TRUE;
            n_places++;
          }
    }

  return n_places;
}

/* Only the order of magnitude is to be seen, and a tag stands anywhere. */
static void
test_beacon_padding (void)
{
  static const guint expected[][2] = { { 0, 16 },  { 1, 16 },   { 16, 16 },  { 17, 48 },
                                       { 48, 48 }, { 49, 128 }, { 128, 128 } };
  gboolean places[KITH_LIMIT_BEACON_TAGS] = { FALSE };
  KithFakeEnv env;

  kith_fake_env_init (&env, 1, TIME_S);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      KithBeacon beacon = { .n_tags = expected[i][0] };

      kith_beacon_pad (&beacon, &env.env);
      g_assert_cmpuint (beacon.n_tags, ==, expected[i][1]);
    }

  g_assert_cmpuint (count_places (1, places), ==, 16);
}

/* The largest that there is fits a datagram, with a name of any kind. */
static void
test_beacon_largest (void)
{
  guint8 datagram[KITH_BEACON_MAX_BYTES];
  KithBeacon beacon;
  KithBeacon back;
  gsize len;

  make_beacon (&beacon);
  beacon.n_tags = KITH_LIMIT_BEACON_TAGS;
  memset (beacon.name, 0xff, KITH_LIMIT_NAME_BYTES);
  len = kith_beacon_pack (&beacon, datagram);
  g_assert_cmpuint (len, ==, 4 + 1 + 1 + 2 + 16 + 1 + 128 * 8 + 32 + 1 + 64);
  g_assert_true (kith_beacon_unpack (&back, datagram, len));
  g_assert_true (g_utf8_validate (back.name, -1, NULL));
  g_assert_cmpuint (strlen (back.name), <=, KITH_LIMIT_NAME_BYTES);

  /* One that says its name is longer than names are. */
  datagram[len - KITH_LIMIT_NAME_BYTES - 1]++;
  g_assert_false (kith_beacon_unpack (&back, datagram, len + 1));
}

static void
test_beacon_cut (void)
{
  guint8 datagram[KITH_BEACON_MAX_BYTES + 1] = { 0 };
  KithBeacon beacon;
  KithBeacon back;
  gsize len;

  make_beacon (&beacon);
  len = kith_beacon_pack (&beacon, datagram);
  for (gsize i = 0; i <= sizeof datagram; i++)
    {
      g_autofree guint8 *cut = g_memdup2 (datagram, MAX (i, 1));

      g_assert_cmpint (kith_beacon_unpack (&back, cut, i), ==, i == len);
    }
}

/* What is read from a broken beacon stays within its bounds. */
static void
test_beacon_corrupt (void)
{
  guint8 datagram[KITH_BEACON_MAX_BYTES];
  KithBeacon beacon;
  KithBeacon back;
  gsize len;

  make_beacon (&beacon);
  len = kith_beacon_pack (&beacon, datagram);
  for (gsize i = 0; i < len; i++)
    for (guint value = 0; value < 256; value++)
      {
        guint8 kept = datagram[i];
        g_autofree guint8 *exact = NULL;

        datagram[i] = (guint8) value;
        exact = g_memdup2 (datagram, len);
        datagram[i] = kept;
        if (value == kept || !kith_beacon_unpack (&back, exact, len))
          continue;
        g_assert_cmpuint (back.n_tags, ==, 16);
        g_assert_true (g_utf8_validate (back.name, -1, NULL));
        /* Not magic and version, nor how many tags there are. */
        g_assert_true (i >= 5 && i != 24);
      }
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/invite/link", test_invite);
  g_test_add_func ("/invite/derived", test_invite_derived);
  g_test_add_func ("/invite/mutilated", test_invite_mutilated);
  g_test_add_func ("/invite/expiry", test_invite_expiry);
  g_test_add_func ("/rendezvous/places", test_places);
  g_test_add_func ("/rendezvous/value", test_value);
  g_test_add_func ("/rendezvous/reader-of-low-order", test_reader_of_low_order);
  g_test_add_func ("/rendezvous/hostile", test_value_hostile);
  g_test_add_func ("/rendezvous/fresh", test_value_fresh);
  g_test_add_func ("/beacon/known-answer", test_beacon);
  g_test_add_func ("/beacon/recognised", test_beacon_recognised);
  g_test_add_func ("/beacon/padding", test_beacon_padding);
  g_test_add_func ("/beacon/largest", test_beacon_largest);
  g_test_add_func ("/beacon/cut", test_beacon_cut);
  g_test_add_func ("/beacon/corrupt", test_beacon_corrupt);
  return g_test_run ();
}
