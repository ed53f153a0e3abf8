/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-key-wrap.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"

#define VERSION 1
#define FLAG_PASSPHRASE 1
#define AD_BYTES 40
#define SALT_OFFSET 24
#define NONCE_OFFSET AD_BYTES
#define SEALED_OFFSET (NONCE_OFFSET + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)

G_STATIC_ASSERT (SALT_OFFSET + crypto_pwhash_SALTBYTES == AD_BYTES);
G_STATIC_ASSERT (SEALED_OFFSET + KITH_KEY_WRAP_KEY_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES
                 == KITH_KEY_WRAP_BYTES);

typedef struct
{
  guint8  version;
  guint8  flags;
  guint32 opslimit;
  guint64 memlimit;
} Head;

#ifdef KITH_TEST_CHEAP_KEYS
static gboolean is_cheap;

void
kith_key_wrap_make_it_cheap (void)
{
  is_cheap = TRUE;
}
#else
static const gboolean is_cheap = FALSE;
#endif

static guint32
read_u32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_BE (value);
}

static guint64
read_u64 (const guint8 *at)
{
  guint64 value;

  memcpy (&value, at, sizeof value);
  return GUINT64_FROM_BE (value);
}

static void
write_head (guint8 *at, const char *magic, const Head *head)
{
  guint32 opslimit = GUINT32_TO_BE (head->opslimit);
  guint64 memlimit = GUINT64_TO_BE (head->memlimit);

  memset (at, 0, AD_BYTES);
  memcpy (at, magic, strlen (magic));
  at[8] = head->version;
  at[9] = head->flags;
  memcpy (at + 12, &opslimit, sizeof opslimit);
  memcpy (at + 16, &memlimit, sizeof memlimit);
}

static gboolean
damaged (GError **error, const char *what)
{
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, what);
  return FALSE;
}

static gboolean
read_head (const guint8 *at, gsize len, const char *magic, Head *head, GError **error)
{
  guint8 expected[KITH_KEY_WRAP_MAGIC_BYTES] = { 0 };

  memcpy (expected, magic, strlen (magic));
  if (len < KITH_KEY_WRAP_BYTES || memcmp (at, expected, sizeof expected) != 0)
    return damaged (error, "This is not a wrapped key");

  head->version = at[8];
  head->flags = at[9];
  head->opslimit = read_u32 (at + 12);
  head->memlimit = read_u64 (at + 16);
  if (head->version > VERSION)
    {
      g_set_error (error, KITH_ERROR, KITH_ERROR_NEWER_VERSION, "The key has version %u",
                   head->version);
      return FALSE;
    }

  /* Whoever wrote the file may want to take all our memory and time. */
  if (head->version != VERSION || head->opslimit < crypto_pwhash_OPSLIMIT_MIN
      || head->opslimit > KITH_LIMIT_VAULT_OPSLIMIT || head->memlimit < crypto_pwhash_MEMLIMIT_MIN
      || head->memlimit > KITH_LIMIT_VAULT_MEMLIMIT_BYTES)
    return damaged (error, "The key asks for more than is allowed");

  return TRUE;
}

/* @kek: (out): 32 bytes */
static gboolean
derive (guint8 *kek, const Head *head, const guint8 *salt, KithSecret *passphrase, GError **error)
{
  const char *text = passphrase != NULL ? (const char *) kith_secret_get_data (passphrase) : "";
  gsize len = passphrase != NULL ? kith_secret_get_len (passphrase) : 0;

  if (crypto_pwhash (kek, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, text, len, salt,
                     head->opslimit, (size_t) head->memlimit, crypto_pwhash_ALG_ARGON2ID13)
      == 0)
    return TRUE;

  g_set_error (error, KITH_ERROR, KITH_ERROR_NO_MEMORY,
               "There is not enough memory to check the passphrase: %u MiB have to be free",
               (guint) (head->memlimit >> 20));
  return FALSE;
}

gboolean
kith_key_wrap_seal (guint8 wrapped[KITH_KEY_WRAP_BYTES], const char *magic, KithSecret *key,
                    KithSecret *passphrase, GError **error)
{
  Head head = { .version = VERSION };
  guint8 kek[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];

  g_return_val_if_fail (kith_secret_get_len (key) == KITH_KEY_WRAP_KEY_BYTES, FALSE);

  head.flags = passphrase != NULL ? FLAG_PASSPHRASE : 0;
  head.opslimit = crypto_pwhash_OPSLIMIT_MODERATE;
  head.memlimit = crypto_pwhash_MEMLIMIT_MODERATE;
  if (is_cheap || passphrase == NULL)
    {
      head.opslimit = crypto_pwhash_OPSLIMIT_MIN;
      head.memlimit = crypto_pwhash_MEMLIMIT_MIN;
    }

  write_head (wrapped, magic, &head);
  randombytes_buf (wrapped + SALT_OFFSET, crypto_pwhash_SALTBYTES);
  randombytes_buf (wrapped + NONCE_OFFSET, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  if (!derive (kek, &head, wrapped + SALT_OFFSET, passphrase, error))
    return FALSE;

  crypto_aead_xchacha20poly1305_ietf_encrypt (wrapped + SEALED_OFFSET, NULL,
                                              kith_secret_get_data (key), KITH_KEY_WRAP_KEY_BYTES,
                                              wrapped, AD_BYTES, NULL, wrapped + NONCE_OFFSET, kek);
  kith_secret_wipe (kek, sizeof kek);
  return TRUE;
}

static KithSecret *
open_sealed (const guint8 *wrapped, const guint8 *kek)
{
  guint8 key[KITH_KEY_WRAP_KEY_BYTES];
  KithSecret *secret = NULL;

  if (crypto_aead_xchacha20poly1305_ietf_decrypt (key, NULL, NULL, wrapped + SEALED_OFFSET,
                                                  KITH_KEY_WRAP_BYTES - SEALED_OFFSET, wrapped,
                                                  AD_BYTES, wrapped + NONCE_OFFSET, kek)
      == 0)
    secret = kith_secret_new_from (key, sizeof key);

  kith_secret_wipe (key, sizeof key);
  return secret;
}

KithSecret *
kith_key_wrap_open (const guint8 *wrapped, gsize len, const char *magic, KithSecret *passphrase,
                    GError **error)
{
  Head head;
  guint8 kek[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
  KithSecret *key;

  if (!read_head (wrapped, len, magic, &head, error)
      || !derive (kek, &head, wrapped + SALT_OFFSET, passphrase, error))
    return NULL;

  key = open_sealed (wrapped, kek);
  kith_secret_wipe (kek, sizeof kek);
  if (key == NULL && (head.flags & FLAG_PASSPHRASE) == 0 && passphrase == NULL)
    damaged (error, "The wrapped key is damaged");
  else if (key == NULL)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_WRONG_PASSPHRASE,
                         "This passphrase does not open it");
  return key;
}

gboolean
kith_key_wrap_peek (const guint8 *wrapped, gsize len, const char *magic, gboolean *has_passphrase,
                    GError **error)
{
  Head head;

  if (!read_head (wrapped, len, magic, &head, error))
    return FALSE;

  *has_passphrase = (head.flags & FLAG_PASSPHRASE) != 0;
  return TRUE;
}

KithSecret *
kith_passphrase_new (const char *text, GError **error)
{
  char *normal;
  KithSecret *secret;

  if (text == NULL || *text == '\0')
    return NULL;

  if (strlen (text) > KITH_LIMIT_PASSPHRASE_BYTES)
    {
      g_set_error (error, KITH_ERROR, KITH_ERROR_INVALID,
                   "A passphrase has at most %d bytes", KITH_LIMIT_PASSPHRASE_BYTES);
      return NULL;
    }

  normal = g_utf8_validate (text, -1, NULL) ? g_utf8_normalize (text, -1, G_NORMALIZE_NFC) : NULL;
  if (normal == NULL)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "The passphrase is not UTF-8");
      return NULL;
    }

  secret = kith_secret_new_from ((const guint8 *) normal, strlen (normal));
  kith_secret_wipe (normal, strlen (normal));
  g_free (normal);
  return secret;
}
