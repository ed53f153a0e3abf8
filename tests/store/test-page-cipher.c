/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages and frames as they look on disk: what was sealed is opened, and nothing else is. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "store/kith-page-cipher.h"

#define NONCE_AT KITH_PAGE_BODY_BYTES
#define TAG_AT (KITH_PAGE_BODY_BYTES + KITH_PAGE_NONCE_BYTES)
#define MANY_SEALS 100000

typedef struct
{
  KithPageCipher cipher;
  guint8         page[KITH_PAGE_BYTES];
  guint8         header[KITH_FRAME_HEADER_BYTES];
} Fixture;

static KithSecret *
key (guint8 number)
{
  guint8 bytes[KITH_PAGE_KEY_BYTES];

  memset (bytes, number, sizeof bytes);
  return kith_secret_new_from (bytes, sizeof bytes);
}

static void
init_cipher (KithPageCipher *cipher, guint8 page_number, guint8 frame_number)
{
  g_autoptr (KithSecret) page_key = key (page_number);
  g_autoptr (KithSecret) frame_key = key (frame_number);

  kith_page_cipher_init (cipher, page_key, frame_key);
}

/* SQLite keeps the reserved bytes at zero. */
static void
set_up (Fixture *self, gconstpointer unused)
{
  init_cipher (&self->cipher, 1, 2);
  randombytes_buf (self->page, KITH_PAGE_BODY_BYTES);
  memset (self->page + KITH_PAGE_BODY_BYTES, 0, KITH_PAGE_RESERVED_BYTES);
  randombytes_buf (self->header, sizeof self->header);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  kith_page_cipher_clear (&self->cipher);
}

static gboolean
is_zero (const guint8 *data, gsize len)
{
  return sodium_is_zero (data, len);
}

/* --- Pages ---------------------------------------------------------------------------------- */

static void
assert_page_refused (KithPageCipher *cipher, const guint8 *sealed, guint64 number)
{
  guint8 page[KITH_PAGE_BYTES];

  memcpy (page, sealed, sizeof page);
  g_assert_false (kith_page_cipher_open_page (cipher, page, number));
  g_assert_true (is_zero (page, sizeof page));
}

static void
test_page_round_trip (Fixture *self, gconstpointer unused)
{
  static const guint64 numbers[] = { 1, 2, 1000000, G_MAXUINT32, G_MAXUINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      guint8 sealed[KITH_PAGE_BYTES];

      kith_page_cipher_seal_page (&self->cipher, sealed, self->page, numbers[i]);
      g_assert_cmpint (memcmp (sealed, self->page, 64), !=, 0);
      g_assert_true (kith_page_cipher_open_page (&self->cipher, sealed, numbers[i]));
      g_assert_cmpmem (sealed, sizeof sealed, self->page, sizeof self->page);
    }
}

static void
test_page_flips (Fixture *self, gconstpointer unused)
{
  static const gsize places[] = { 0, 16, 100, NONCE_AT - 1, NONCE_AT, NONCE_AT + 16, NONCE_AT + 20,
                                  TAG_AT - 1, TAG_AT, KITH_PAGE_BYTES - 1 };
  guint8 sealed[KITH_PAGE_BYTES];

  kith_page_cipher_seal_page (&self->cipher, sealed, self->page, 7);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        sealed[places[i]] ^= (guint8) (1u << bit);
        assert_page_refused (&self->cipher, sealed, 7);
        sealed[places[i]] ^= (guint8) (1u << bit);
      }
  g_assert_true (kith_page_cipher_open_page (&self->cipher, sealed, 7));
}

static void
test_page_elsewhere (Fixture *self, gconstpointer unused)
{
  guint8 sealed[KITH_PAGE_BYTES];

  kith_page_cipher_seal_page (&self->cipher, sealed, self->page, 7);
  for (guint bit = 0; bit < 64; bit++)
    assert_page_refused (&self->cipher, sealed, 7 ^ ((guint64) 1 << bit));
}

/* A key for pages is none for frames, and the other way round. */
static void
test_page_other_key (Fixture *self, gconstpointer unused)
{
  KithPageCipher other;
  guint8 sealed[KITH_PAGE_BYTES];

  kith_page_cipher_seal_page (&self->cipher, sealed, self->page, 7);
  init_cipher (&other, 2, 1);
  assert_page_refused (&other, sealed, 7);
  kith_page_cipher_clear (&other);

  init_cipher (&other, 1, 9);
  g_assert_true (kith_page_cipher_open_page (&other, sealed, 7));
  kith_page_cipher_clear (&other);
}

static void
test_page_not_sealed (Fixture *self, gconstpointer unused)
{
  guint8 zero[KITH_PAGE_BYTES] = { 0 };

  assert_page_refused (&self->cipher, zero, 1);
  assert_page_refused (&self->cipher, self->page, 1);
}

/* --- Frames --------------------------------------------------------------------------------- */

static void
assert_frame_refused (KithPageCipher *cipher, const guint8 *sealed, guint64 offset)
{
  guint8 frame[KITH_FRAME_BYTES];

  memcpy (frame, sealed, sizeof frame);
  g_assert_false (kith_page_cipher_open_frame (cipher, frame, offset));
  g_assert_true (is_zero (frame, sizeof frame));
}

static void
test_frame_round_trip (Fixture *self, gconstpointer unused)
{
  static const guint64 offsets[] = { 32, 32 + KITH_FRAME_BYTES, G_MAXUINT32, G_MAXUINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      guint8 sealed[KITH_FRAME_BYTES];

      kith_page_cipher_seal_frame (&self->cipher, sealed, self->header, self->page, offsets[i]);
      g_assert_true (kith_page_cipher_open_frame (&self->cipher, sealed, offsets[i]));
      g_assert_cmpmem (sealed, KITH_FRAME_HEADER_BYTES, self->header, sizeof self->header);
      g_assert_cmpmem (sealed + KITH_FRAME_HEADER_BYTES, KITH_PAGE_BYTES, self->page,
                       sizeof self->page);
    }
}

static void
test_frame_flips (Fixture *self, gconstpointer unused)
{
  const gsize head = KITH_FRAME_HEADER_BYTES;
  const gsize places[] = { 0, 4, 8, 12, 15, 16, 23, head, head + NONCE_AT - 1, head + NONCE_AT,
                           head + NONCE_AT + 16, head + TAG_AT - 1, head + TAG_AT,
                           KITH_FRAME_BYTES - 1 };
  guint8 sealed[KITH_FRAME_BYTES];

  kith_page_cipher_seal_frame (&self->cipher, sealed, self->header, self->page, 32);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        sealed[places[i]] ^= (guint8) (1u << bit);
        assert_frame_refused (&self->cipher, sealed, 32);
        sealed[places[i]] ^= (guint8) (1u << bit);
      }
  g_assert_true (kith_page_cipher_open_frame (&self->cipher, sealed, 32));
}

static void
test_frame_elsewhere (Fixture *self, gconstpointer unused)
{
  guint8 sealed[KITH_FRAME_BYTES];

  kith_page_cipher_seal_frame (&self->cipher, sealed, self->header, self->page, 32);
  for (guint bit = 0; bit < 64; bit++)
    assert_frame_refused (&self->cipher, sealed, 32 ^ ((guint64) 1 << bit));
}

static void
test_frame_other_key (Fixture *self, gconstpointer unused)
{
  KithPageCipher other;
  guint8 sealed[KITH_FRAME_BYTES];

  kith_page_cipher_seal_frame (&self->cipher, sealed, self->header, self->page, 32);
  init_cipher (&other, 2, 1);
  assert_frame_refused (&other, sealed, 32);
  kith_page_cipher_clear (&other);
}

/* The checksum is one over plaintext: who sees it can confirm a guess of the page. */
static void
test_checksum_not_in_clear (Fixture *self, gconstpointer unused)
{
  guint8 first[KITH_FRAME_BYTES], second[KITH_FRAME_BYTES];

  kith_page_cipher_seal_frame (&self->cipher, first, self->header, self->page, 32);
  kith_page_cipher_seal_frame (&self->cipher, second, self->header, self->page, 32);
  g_assert_cmpmem (first, 16, self->header, 16);
  g_assert_cmpint (memcmp (first + 16, self->header + 16, 8), !=, 0);
  g_assert_cmpint (memcmp (first + 16, second + 16, 8), !=, 0);
}

/* --- Nonces --------------------------------------------------------------------------------- */

/* Seals a page or a frame in turn. Returns: (transfer full): the nonce */
static GBytes *
next_nonce (Fixture *self, guint turn)
{
  guint8 sealed[KITH_FRAME_BYTES];

  if (turn % 2 == 0)
    {
      kith_page_cipher_seal_page (&self->cipher, sealed, self->page, 1);
      return g_bytes_new (sealed + NONCE_AT, KITH_PAGE_NONCE_BYTES);
    }

  kith_page_cipher_seal_frame (&self->cipher, sealed, self->header, self->page, 32);
  return g_bytes_new (sealed + KITH_FRAME_HEADER_BYTES + NONCE_AT, KITH_PAGE_NONCE_BYTES);
}

static void
assert_nonces_differ (Fixture *self, GHashTable *seen, guint n)
{
  for (guint i = 0; i < n; i++)
    g_assert_true (g_hash_table_add (seen, next_nonce (self, i)));
}

static GHashTable *
nonce_set_new (void)
{
  return g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
}

static void
test_nonces_differ (Fixture *self, gconstpointer unused)
{
  g_autoptr (GHashTable) seen = nonce_set_new ();

  for (guint i = 0; i < 100; i++)
    {
      assert_nonces_differ (self, seen, MANY_SEALS / 100);
      self->cipher.safe_frames = (i % 3) * 100;
    }
}

/* When the counter is through, nothing is left of the old prefix. */
static void
test_nonces_wrap (Fixture *self, gconstpointer unused)
{
  g_autoptr (GHashTable) seen = nonce_set_new ();
  guint8 prefix[KITH_PAGE_PREFIX_BYTES];

  memcpy (prefix, self->cipher.prefix, sizeof prefix);
  assert_nonces_differ (self, seen, 100);
  g_assert_cmpmem (self->cipher.prefix, sizeof prefix, prefix, sizeof prefix);
  self->cipher.counter = G_MAXUINT32 - 10;
  assert_nonces_differ (self, seen, 200);
  g_assert_cmpint (memcmp (self->cipher.prefix, prefix, sizeof prefix), !=, 0);
}

static void
test_safe_frames (Fixture *self, gconstpointer unused)
{
  guint8 sealed[KITH_FRAME_BYTES];

  self->cipher.safe_frames = 0x12345678;
  kith_page_cipher_seal_frame (&self->cipher, sealed, self->header, self->page, 32);
  g_assert_cmpuint (kith_page_cipher_peek_safe_frames (sealed), ==, 0x12345678);
}

static void
test_openings_differ (Fixture *self, gconstpointer unused)
{
  g_autoptr (GHashTable) seen = nonce_set_new ();

  for (guint i = 0; i < 100; i++)
    {
      kith_page_cipher_clear (&self->cipher);
      init_cipher (&self->cipher, 1, 2);
      assert_nonces_differ (self, seen, 10);
    }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  add ("/page-cipher/page/round-trip", test_page_round_trip);
  add ("/page-cipher/page/flips", test_page_flips);
  add ("/page-cipher/page/elsewhere", test_page_elsewhere);
  add ("/page-cipher/page/other-key", test_page_other_key);
  add ("/page-cipher/page/not-sealed", test_page_not_sealed);
  add ("/page-cipher/frame/round-trip", test_frame_round_trip);
  add ("/page-cipher/frame/flips", test_frame_flips);
  add ("/page-cipher/frame/elsewhere", test_frame_elsewhere);
  add ("/page-cipher/frame/other-key", test_frame_other_key);
  add ("/page-cipher/frame/checksum-not-in-clear", test_checksum_not_in_clear);
  add ("/page-cipher/frame/safe-frames", test_safe_frames);
  add ("/page-cipher/nonces/differ", test_nonces_differ);
  add ("/page-cipher/nonces/wrap", test_nonces_wrap);
  add ("/page-cipher/nonces/openings-differ", test_openings_differ);

  return g_test_run ();
}
