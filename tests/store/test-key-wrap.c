/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key under a passphrase: what opens it, what does not, and what is never tried. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "store/kith-key-wrap.h"

#define MAGIC "KITHVLT"

static KithSecret *
key_new (void)
{
  guint8 bytes[KITH_KEY_WRAP_KEY_BYTES] = { 1, 2, 3 };

  return kith_secret_new_from (bytes, sizeof bytes);
}

static void
seal (guint8 wrapped[KITH_KEY_WRAP_BYTES], const char *text)
{
  g_autoptr (KithSecret) key = key_new ();
  g_autoptr (KithSecret) passphrase = kith_passphrase_new (text, NULL);
  g_autoptr (GError) error = NULL;

  kith_key_wrap_seal (wrapped, MAGIC, key, passphrase, &error);
  g_assert_no_error (error);
}

/* Returns: 0 when it opens, or the code of the error */
static int
try (const guint8 *wrapped, gsize len, const char *magic, const char *text)
{
  g_autoptr (KithSecret) expected = key_new ();
  g_autoptr (KithSecret) passphrase = kith_passphrase_new (text, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSecret) key = kith_key_wrap_open (wrapped, len, magic, passphrase, &error);

  if (key != NULL)
    {
      g_assert_true (kith_secret_equal (key, expected));
      return 0;
    }

  g_assert_true (error->domain == KITH_ERROR);
  g_assert_cmpint (error->code, !=, 0);
  return error->code;
}

static void
test_right_and_wrong (void)
{
  guint8 wrapped[KITH_KEY_WRAP_BYTES];
  gboolean has_passphrase = FALSE;

  seal (wrapped, "right");
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "right"), ==, 0);
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "wrong"), ==, KITH_ERROR_WRONG_PASSPHRASE);
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, NULL), ==, KITH_ERROR_WRONG_PASSPHRASE);
  g_assert_cmpint (try (wrapped, sizeof wrapped - 1, MAGIC, "right"), ==, KITH_ERROR_DAMAGED);
  g_assert_cmpint (try (wrapped, 0, MAGIC, "right"), ==, KITH_ERROR_DAMAGED);
  g_assert_cmpint (try (wrapped, sizeof wrapped, "KITHBAK", "right"), ==, KITH_ERROR_DAMAGED);
  g_assert_true (kith_key_wrap_peek (wrapped, sizeof wrapped, MAGIC, &has_passphrase, NULL));
  g_assert_true (has_passphrase);
}

static void
test_no_passphrase (void)
{
  guint8 wrapped[KITH_KEY_WRAP_BYTES];
  gboolean has_passphrase = TRUE;

  seal (wrapped, NULL);
  g_assert_true (kith_key_wrap_peek (wrapped, sizeof wrapped, MAGIC, &has_passphrase, NULL));
  g_assert_false (has_passphrase);
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, NULL), ==, 0);
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, ""), ==, 0);
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "some"), ==, KITH_ERROR_WRONG_PASSPHRASE);
  wrapped[sizeof wrapped - 1] ^= 1;
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, NULL), ==, KITH_ERROR_DAMAGED);
}

/* Every bit of it counts, also where nothing is kept yet. */
static void
test_every_byte (void)
{
  guint8 wrapped[KITH_KEY_WRAP_BYTES];

  seal (wrapped, "right");
  for (gsize i = 0; i < sizeof wrapped; i++)
    for (guint8 bit = 1; bit != 0; bit = (guint8) (bit << 1))
      {
        /* More work or memory than allowed is refused below; what is allowed would take long. */
        if (i >= 12 && i < 24)
          continue;

        wrapped[i] ^= bit;
        g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "right"), !=, 0);
        wrapped[i] ^= bit;
      }
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "right"), ==, 0);
}

static void
test_limits (void)
{
  static const struct
  {
    gsize  offset;
    guint8 byte;
  } changes[] = {
    { 12, 0xff }, { 13, 1 }, { 15, 0 }, { 15, KITH_LIMIT_VAULT_OPSLIMIT + 1 },
    { 16, 0x80 }, { 19, 1 }, { 20, 0xff }, { 22, 0 },
  };
  gboolean has_passphrase;

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      guint8 wrapped[KITH_KEY_WRAP_BYTES];
      g_autoptr (GError) error = NULL;

      seal (wrapped, "right");
      wrapped[changes[i].offset] = changes[i].byte;
      g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "right"), ==, KITH_ERROR_DAMAGED);
      g_assert_false (kith_key_wrap_peek (wrapped, sizeof wrapped, MAGIC, &has_passphrase, &error));
      g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
    }
}

static void
test_versions (void)
{
  guint8 wrapped[KITH_KEY_WRAP_BYTES];

  seal (wrapped, "right");
  wrapped[8] = 2;
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "right"), ==, KITH_ERROR_NEWER_VERSION);
  wrapped[8] = 0;
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "right"), ==, KITH_ERROR_DAMAGED);
}

/* Two wraps of one key under one passphrase have nothing in common. */
static void
test_fresh (void)
{
  guint8 one[KITH_KEY_WRAP_BYTES];
  guint8 two[KITH_KEY_WRAP_BYTES];

  seal (one, "right");
  seal (two, "right");
  g_assert_cmpint (memcmp (one + 24, two + 24, 16), !=, 0);
  g_assert_cmpint (memcmp (one + 40, two + 40, 24), !=, 0);
  g_assert_cmpint (memcmp (one + 64, two + 64, 48), !=, 0);
}

/* However the keyboard puts the accent. */
static void
test_normal_form (void)
{
  guint8 wrapped[KITH_KEY_WRAP_BYTES];

  seal (wrapped, "caf\xc3\xa9");
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "cafe\xcc\x81"), ==, 0);
  g_assert_cmpint (try (wrapped, sizeof wrapped, MAGIC, "cafe"), ==, KITH_ERROR_WRONG_PASSPHRASE);
}

static void
test_texts (void)
{
  g_autofree char *longest = g_strnfill (KITH_LIMIT_PASSPHRASE_BYTES, 'x');
  g_autofree char *longer = g_strnfill (KITH_LIMIT_PASSPHRASE_BYTES + 1, 'x');
  g_autoptr (KithSecret) fits = kith_passphrase_new (longest, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (fits);
  g_assert_null (kith_passphrase_new (longer, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (kith_passphrase_new ("\xff", &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (kith_passphrase_new ("", &error));
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-wrap/right-and-wrong", test_right_and_wrong);
  g_test_add_func ("/key-wrap/no-passphrase", test_no_passphrase);
  g_test_add_func ("/key-wrap/every-byte", test_every_byte);
  g_test_add_func ("/key-wrap/limits", test_limits);
  g_test_add_func ("/key-wrap/versions", test_versions);
  g_test_add_func ("/key-wrap/fresh", test_fresh);
  g_test_add_func ("/key-wrap/normal-form", test_normal_form);
  g_test_add_func ("/key-wrap/texts", test_texts);
  return g_test_run ();
}
