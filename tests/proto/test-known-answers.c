/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The known answers of docs/protocol.md. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-bytes.h"
#include "kith-test-hex.h"
#include "proto/kith-certificate.h"
#include "proto/kith-pair.h"
#include "proto/kith-preamble.h"
#include "proto/kith-rekey.h"

#define TIME_S G_GUINT64_CONSTANT (1767225600)
#define EXPORTER "30c520c791ad886d6fe23190e3a96651b1c57f4f777154ff4276b99ebcb3da5e"
#define PAIR_ROOT "5fe45011816b668879b0f48cf018042b21ae6f2b289577ec1307edf1bd45b103"

typedef struct
{
  guint8 seed_a[32], seed_b[32];
  guint8 a[32], b[32];
} People;

static void
people_init (People *people)
{
  for (guint i = 0; i < 32; i++)
    {
      people->seed_a[i] = (guint8) i;
      people->seed_b[i] = (guint8) (32 + i);
    }
  kith_identity_get_public (people->seed_a, people->a);
  kith_identity_get_public (people->seed_b, people->b);
}

static void
test_identity (void)
{
  People people;
  g_autofree char *id_a = NULL;
  g_autofree char *id_b = NULL;
  g_autofree char *number = NULL;
  g_autofree char *mirrored = NULL;

  people_init (&people);
  test_assert_hex (people.a, 32, "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
  test_assert_hex (people.b, 32, "29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7");
  id_a = kith_id_string_encode (people.a);
  id_b = kith_id_string_encode (people.b);
  g_assert_cmpstr (id_a, ==, "aoqqpp7tzyil4hlq3umoos6atft6jvrqtosq2xy53sdgiesvgg4nwlab");
  g_assert_cmpstr (id_b, ==, "fgwlvykbxtfpbmrodkkngtily43b4utnbp7bfsexss6jgiuwnxlzinab");
  number = kith_safety_number (people.a, people.b);
  mirrored = kith_safety_number (people.b, people.a);
  g_assert_cmpstr (number, ==,
                   "24218 42638 45217 15796 15403 68272 77017 83402 28979 23716 87712 92473");
  g_assert_cmpstr (mirrored, ==, number);
}

static void
test_id_string_typed (void)
{
  People people;
  guint8 back[32];
  g_autofree char *id = NULL;

  people_init (&people);
  id = kith_id_string_encode (people.a);
  g_assert_true (kith_id_string_parse (id, back));
  g_assert_cmpmem (back, 32, people.a, 32);
  g_assert_true (kith_id_string_parse (" AOQQPP7TZYIL4H lq3umoos6atft6\n jvrqtosq2xy53s dgiesvgg4nwlab ", back));
  g_assert_cmpmem (back, 32, people.a, 32);

  for (gsize i = 0; i < strlen (id); i++)
    {
      g_autofree char *wrong = g_strdup (id);
      g_autofree char *cut = g_strndup (id, i);

      wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
      g_assert_false (kith_id_string_parse (wrong, back));
      g_assert_false (kith_id_string_parse (cut, back));
    }

  g_assert_false (kith_id_string_parse ("", back));
  g_assert_false (kith_id_string_parse ("aoqqpp7tzyil4hlq3umoos6atft6jvrqtosq2xy53sdgiesvgg4nwlaba", back));
  g_assert_false (kith_id_string_parse ("0oqqpp7tzyil4hlq3umoos6atft6jvrqtosq2xy53sdgiesvgg4nwlab", back));
}

static void
certificate_of (const People *people, KithCertificate *certificate)
{
  const guint8 device[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  guint8 device_key[32];

  memset (device_key, 0x11, sizeof device_key);
  *certificate = (KithCertificate){ .seq = 1, .not_before = TIME_S, .not_after = TIME_S + 90 * 86400 };
  memcpy (certificate->identity, people->a, 32);
  memcpy (certificate->device, device, sizeof device);
  g_assert_true (kith_device_key_get_public (device_key, certificate->device_key));
}

static void
test_certificate (void)
{
  People people;
  KithCertificate certificate, back;
  guint8 bytes[KITH_CERTIFICATE_BYTES], again[KITH_CERTIFICATE_BYTES];

  people_init (&people);
  certificate_of (&people, &certificate);
  test_assert_hex (certificate.device_key, 32, "7b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f13");
  kith_certificate_encode (&certificate, people.seed_a, bytes);
  test_assert_hex (bytes, sizeof bytes,
                   "0103a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b80102030405060708"
                   "7b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f1300000001000000006955b900"
                   "0000000069cc60000000204ac17a3fd4a99fe441d0f21b1837e9f5bc60a0f477e634b902829eff61c760a48f"
                   "33482e854fd90d37332dd3a369fc27fbb204d3189d16e3a7ad704fc73b0b");
  g_assert_true (kith_certificate_parse (&back, bytes));
  kith_certificate_encode (&back, people.seed_a, again);
  g_assert_cmpmem (again, sizeof again, bytes, sizeof bytes);

  for (gsize i = 0; i < sizeof bytes * 8; i++)
    {
      bytes[i / 8] ^= (guint8) (1u << i % 8);
      g_assert_false (kith_certificate_parse (&back, bytes));
      bytes[i / 8] ^= (guint8) (1u << i % 8);
    }
}

static void
test_certificate_times (void)
{
  People people;
  KithCertificate certificate, back;
  guint8 bytes[KITH_CERTIFICATE_BYTES];
  const gint64 from = (gint64) TIME_S, to = from + 90 * 86400, day = 86400;

  people_init (&people);
  certificate_of (&people, &certificate);
  g_assert_true (kith_certificate_is_valid_at (&certificate, from));
  g_assert_true (kith_certificate_is_valid_at (&certificate, from - 2 * day));
  g_assert_false (kith_certificate_is_valid_at (&certificate, from - 2 * day - 1));
  g_assert_true (kith_certificate_is_valid_at (&certificate, to + 2 * day));
  g_assert_false (kith_certificate_is_valid_at (&certificate, to + 2 * day + 1));
  g_assert_false (kith_certificate_is_valid_at (&certificate, -5));

  certificate.not_after++;
  kith_certificate_encode (&certificate, people.seed_a, bytes);
  g_assert_false (kith_certificate_parse (&back, bytes));
  certificate.not_after = certificate.not_before - 1;
  kith_certificate_encode (&certificate, people.seed_a, bytes);
  g_assert_false (kith_certificate_parse (&back, bytes));
}

static void
test_pair (void)
{
  People people;
  guint8 exporter[32], r_a[32], r_b[32], root[32], mirrored[32], knock_key[32], ephemeral[32];
  guint8 tag[KITH_KNOCK_TAG_BYTES];

  people_init (&people);
  g_assert_true (kith_hex_decode (EXPORTER, exporter, 32));
  memset (r_a, 0xaa, 32);
  memset (r_b, 0xbb, 32);
  kith_pair_root (exporter, people.a, people.b, r_a, r_b, root);
  kith_pair_root (exporter, people.b, people.a, r_b, r_a, mirrored);
  test_assert_hex (root, 32, PAIR_ROOT);
  g_assert_cmpmem (root, 32, mirrored, 32);

  memset (ephemeral, 0x77, 32);
  kith_knock_key (root, knock_key);
  kith_knock_tag (knock_key, 0, TIME_S / 600, ephemeral, tag);
  test_assert_hex (tag, sizeof tag, "6338f336864288cdcd8e98306b961e4a");
  g_assert_true (kith_knock_matches (knock_key, 0, TIME_S / 600, ephemeral, tag));
  g_assert_false (kith_knock_matches (knock_key, 1, TIME_S / 600, ephemeral, tag));
  g_assert_false (kith_knock_matches (knock_key, 0, TIME_S / 600 + 1, ephemeral, tag));
  tag[0] ^= 1;
  g_assert_false (kith_knock_matches (knock_key, 0, TIME_S / 600, ephemeral, tag));
}

static void
test_rekey (void)
{
  guint8 exporter[32], root[32], psk[32];

  g_assert_true (kith_hex_decode (EXPORTER, exporter, 32));
  g_assert_true (kith_hex_decode (PAIR_ROOT, root, 32));
  kith_rekey_psk (exporter, 1, root, psk);
  test_assert_hex (psk, 32, "79e283044e25f68ee69ef1b0bc304545957736135efae07dac978a5ee2de0cc3");
}

static void
test_preamble (void)
{
  guint8 random[KITH_PREAMBLE_BYTES], bytes[KITH_PREAMBLE_BYTES];
  KithPreamble preamble = { .mode = KITH_MODE_KNOCK }, back;

  memset (random, 9, sizeof random);
  memset (preamble.tag, 7, sizeof preamble.tag);
  kith_preamble_encode (&preamble, random, bytes);
  g_assert_cmpint (kith_preamble_parse (&back, bytes), ==, KITH_PREAMBLE_OK);
  g_assert_cmpint (back.mode, ==, KITH_MODE_KNOCK);
  g_assert_cmpmem (back.tag, sizeof back.tag, preamble.tag, sizeof preamble.tag);

  bytes[6] = 0xff; /* flags are ignored */
  g_assert_cmpint (kith_preamble_parse (&back, bytes), ==, KITH_PREAMBLE_OK);
  bytes[5] = 3;
  g_assert_cmpint (kith_preamble_parse (&back, bytes), ==, KITH_PREAMBLE_VERSION);
  bytes[4] = 2;
  g_assert_cmpint (kith_preamble_parse (&back, bytes), ==, KITH_PREAMBLE_VERSION);
  bytes[0] = 'k';
  g_assert_cmpint (kith_preamble_parse (&back, bytes), ==, KITH_PREAMBLE_NOT_KITH);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/known-answers/identity", test_identity);
  g_test_add_func ("/known-answers/id-string-typed", test_id_string_typed);
  g_test_add_func ("/known-answers/certificate", test_certificate);
  g_test_add_func ("/known-answers/certificate-times", test_certificate_times);
  g_test_add_func ("/known-answers/pair", test_pair);
  g_test_add_func ("/known-answers/rekey", test_rekey);
  g_test_add_func ("/known-answers/preamble", test_preamble);
  return g_test_run ();
}
