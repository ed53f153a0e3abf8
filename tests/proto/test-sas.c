/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words to compare: the known answers of docs/protocol.md, and somebody in the middle. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-env.h"
#include "kith-test-hex.h"
#include "proto/kith-body.h"
#include "proto/kith-identity.h"

#define EXPORTER "30c520c791ad886d6fe23190e3a96651b1c57f4f777154ff4276b99ebcb3da5e"
#define IDENTITY_A "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
#define IDENTITY_B "29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7"
#define N_TRIES 2000

/* A session as the man in the middle has it: he knows all of it. */
typedef struct
{
  guint8 key[32];
  guint8 hash[32];
  guint8 dialer[32];
  guint8 listener[32];
} Session;

static void
test_known_answers (void)
{
  guint8 exporter[32], a[32], b[32], r_a[32], r_b[32], hash[32], key[32], commitment[32];
  g_autofree char *words = NULL;
  g_autofree char *swapped = NULL;

  g_assert_true (kith_hex_decode (EXPORTER, exporter, 32));
  g_assert_true (kith_hex_decode (IDENTITY_A, a, 32));
  g_assert_true (kith_hex_decode (IDENTITY_B, b, 32));
  memset (r_a, 0xaa, 32);
  memset (r_b, 0xbb, 32);
  memset (hash, 0x44, 32);

  kith_sas_key (exporter, key);
  test_assert_hex (key, 32, "f452da8864549c4b2b8c4775d9bcfef8298c451ad2d48ad7a461dd8270bf99dc");
  kith_sas_commit (r_a, hash, commitment);
  test_assert_hex (commitment, 32, "77d44579164793386dae35f55319d2d27ef624574070b96d8b6485741ab467cc");
  words = kith_sas_words (key, &(KithSasSides){ a, r_a, b, r_b });
  g_assert_cmpstr (words, ==, "giraffe trophy two pyramid");
  swapped = kith_sas_words (key, &(KithSasSides){ b, r_a, a, r_b });
  g_assert_cmpstr (swapped, !=, words);
}

static void
test_commitment (void)
{
  guint8 random[32] = { 1 }, hash[32] = { 2 }, commitment[32];

  kith_sas_commit (random, hash, commitment);
  g_assert_true (kith_sas_check (commitment, random, hash));

  for (guint i = 0; i < 256; i++)
    {
      random[i / 8] ^= (guint8) (1u << i % 8);
      g_assert_false (kith_sas_check (commitment, random, hash));
      random[i / 8] ^= (guint8) (1u << i % 8);
      hash[i / 8] ^= (guint8) (1u << i % 8);
      g_assert_false (kith_sas_check (commitment, random, hash));
      hash[i / 8] ^= (guint8) (1u << i % 8);
    }
}

/* --- Somebody in the middle ----------------------------------------------------------------- */

static void
session_init (Session *self, const KithEnv *env, const guint8 *dialer, const guint8 *listener)
{
  guint8 exporter[32];

  kith_env_random_bytes (env, exporter, sizeof exporter);
  kith_env_random_bytes (env, self->hash, sizeof self->hash);
  kith_sas_key (exporter, self->key);
  memcpy (self->dialer, dialer, 32);
  memcpy (self->listener, listener, 32);
}

static char *
words_of (const Session *session, const guint8 *r_a, const guint8 *r_b)
{
  return kith_sas_words (session->key,
                         &(KithSasSides){ session->dialer, r_a, session->listener, r_b });
}

/* Ann talks to Mallory and believes it is Ben, Ben the other way round. */
static void
middle_init (Session *with_ann, Session *with_ben, const KithEnv *env)
{
  guint8 ann[32], ben[32], mallory[32];

  kith_env_random_bytes (env, ann, sizeof ann);
  kith_env_random_bytes (env, ben, sizeof ben);
  kith_env_random_bytes (env, mallory, sizeof mallory);
  session_init (with_ann, env, ann, mallory);
  session_init (with_ben, env, mallory, ben);
}

/* What Ann says is passed on to Ben as it is: it is bound to her session. */
static void
test_relayed (void)
{
  KithFakeEnv fake;
  Session with_ann, with_ben;
  guint8 r_ann[32], commitment[32];

  kith_fake_env_init (&fake, 1, 1767225600);
  middle_init (&with_ann, &with_ben, &fake.env);
  kith_env_random_bytes (&fake.env, r_ann, sizeof r_ann);
  kith_sas_commit (r_ann, with_ann.hash, commitment);
  g_assert_true (kith_sas_check (commitment, r_ann, with_ann.hash));
  g_assert_false (kith_sas_check (commitment, r_ann, with_ben.hash));
}

/* The same numbers in both sessions: the keys and the identities differ. */
static void
test_same_numbers (void)
{
  KithFakeEnv fake;
  Session with_ann, with_ben;

  kith_fake_env_init (&fake, 2, 1767225600);
  middle_init (&with_ann, &with_ben, &fake.env);
  for (guint i = 0; i < N_TRIES; i++)
    {
      guint8 r_a[32], r_b[32];
      g_autofree char *ann_sees = NULL;
      g_autofree char *ben_sees = NULL;

      kith_env_random_bytes (&fake.env, r_a, sizeof r_a);
      kith_env_random_bytes (&fake.env, r_b, sizeof r_b);
      ann_sees = words_of (&with_ann, r_a, r_b);
      ben_sees = words_of (&with_ben, r_a, r_b);
      g_assert_cmpstr (ann_sees, !=, ben_sees);
    }
}

/* Mallory finishes with Ann first, knows her words, and looks for a number that gives Ben the same;
 * he finds one that would do for the first word, but has to commit before Ben speaks, and to what
 * Ben says that number is as good as any. */
static void
test_grinding (void)
{
  KithFakeEnv fake;
  Session with_ann, with_ben;
  guint8 r_ann[32], r_ben[32], r_mallory[32], expected_ben[32], commitment[32], other[32];
  g_autofree char *ann_sees = NULL;
  g_autofree char *ben_sees = NULL;
  const char *space;
  gsize first_len;
  gboolean found = FALSE;

  kith_fake_env_init (&fake, 3, 1767225600);
  middle_init (&with_ann, &with_ben, &fake.env);
  kith_env_random_bytes (&fake.env, r_ann, sizeof r_ann);
  kith_env_random_bytes (&fake.env, r_mallory, sizeof r_mallory);
  ann_sees = words_of (&with_ann, r_ann, r_mallory);
  space = strchr (ann_sees, ' ');
  g_assert_nonnull (space);
  first_len = (gsize) (space - ann_sees) + 1;

  kith_env_random_bytes (&fake.env, expected_ben, sizeof expected_ben);
  for (guint i = 0; i < 100000 && !found; i++)
    {
      g_autofree char *guess = NULL;

      kith_env_random_bytes (&fake.env, r_mallory, sizeof r_mallory);
      guess = words_of (&with_ben, r_mallory, expected_ben);
      found = strncmp (guess, ann_sees, first_len) == 0;
    }
  g_assert_true (found);

  kith_sas_commit (r_mallory, with_ben.hash, commitment);
  kith_env_random_bytes (&fake.env, r_ben, sizeof r_ben);
  ben_sees = words_of (&with_ben, r_mallory, r_ben);
  g_assert_cmpint (strncmp (ben_sees, ann_sees, first_len), !=, 0);

  /* And after Ben has spoken nothing else may be revealed. */
  for (guint i = 0; i < N_TRIES; i++)
    {
      kith_env_random_bytes (&fake.env, other, sizeof other);
      g_assert_false (kith_sas_check (commitment, other, with_ben.hash));
    }
}

/* --- What is on the wire -------------------------------------------------------------------- */

static void
test_body (void)
{
  KithBodySas value = { .attempt = G_MAXUINT64, .value = { 7, 8, 9 } };
  KithBodySas outcome = { .attempt = 5, .outcome = KITH_SAS_DIFFERENT };
  KithBodySas back;
  const guint8 neither[] = { 0x08, 0x05 };
  const guint8 unknown[] = { 0x08, 0x05, 0x18, 0x09 };
  const guint8 both[] = { 0x08, 0x05, 0x12, 0x01, 0x00, 0x18, 0x01 };
  g_autoptr (GByteArray) first = kith_body_sas_pack (&value);
  g_autoptr (GByteArray) second = kith_body_sas_pack (&outcome);

  g_assert_true (kith_body_sas_unpack (&back, first->data, first->len));
  g_assert_cmpuint (back.attempt, ==, G_MAXUINT64);
  g_assert_cmpmem (back.value, 32, value.value, 32);
  g_assert_cmpint (back.outcome, ==, KITH_SAS_NONE);
  g_assert_true (kith_body_sas_unpack (&back, second->data, second->len));
  g_assert_cmpint (back.outcome, ==, KITH_SAS_DIFFERENT);

  g_assert_false (kith_body_sas_unpack (&back, neither, sizeof neither));
  g_assert_false (kith_body_sas_unpack (&back, unknown, sizeof unknown));
  g_assert_false (kith_body_sas_unpack (&back, both, sizeof both));
  for (guint i = 0; i < first->len; i++)
    {
      g_autofree guint8 *cut = g_memdup2 (first->data, MAX (i, 1));

      g_assert_false (kith_body_sas_unpack (&back, cut, i));
    }
}

static void
test_code (void)
{
  guint8 a[32], back[32];
  g_autofree char *code = NULL;
  g_autofree char *lower = NULL;

  g_assert_true (kith_hex_decode (IDENTITY_A, a, 32));
  code = kith_identity_code_encode (a);
  g_assert_cmpstr (code, ==, "KITH:V/AOQQPP7TZYIL4HLQ3UMOOS6ATFT6JVRQTOSQ2XY53SDGIESVGG4NWLAB");
  g_assert_true (kith_identity_code_parse (code, back));
  g_assert_cmpmem (back, 32, a, 32);
  lower = g_strdup_printf ("\n %s ", code);
  g_assert_true (kith_identity_code_parse (lower, back));

  g_assert_false (kith_identity_code_parse (code + strlen (KITH_IDENTITY_CODE_PREFIX), back));
  g_assert_false (kith_identity_code_parse ("KITH:V/", back));
  g_assert_false (kith_identity_code_parse ("", back));
  code[20] = code[20] == 'A' ? 'B' : 'A';
  g_assert_false (kith_identity_code_parse (code, back));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sas/known-answers", test_known_answers);
  g_test_add_func ("/sas/commitment", test_commitment);
  g_test_add_func ("/sas/middle/relayed", test_relayed);
  g_test_add_func ("/sas/middle/same-numbers", test_same_numbers);
  g_test_add_func ("/sas/middle/grinding", test_grinding);
  g_test_add_func ("/sas/body", test_body);
  g_test_add_func ("/sas/code", test_code);
  return g_test_run ();
}
