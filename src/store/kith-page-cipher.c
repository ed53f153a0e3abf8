/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-page-cipher.h"

#include <string.h>

#include <sodium.h>

#define AD_HEADER_BYTES 16
#define CHECKSUM_BYTES 8
#define FRAME_BODY_BYTES (KITH_PAGE_BODY_BYTES + CHECKSUM_BYTES)

G_STATIC_ASSERT (KITH_PAGE_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
G_STATIC_ASSERT (KITH_PAGE_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES);
G_STATIC_ASSERT (KITH_PAGE_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

static void
put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static void
put_u64 (guint8 *at, guint64 value)
{
  value = GUINT64_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

/**
 * kith_page_cipher_init:
 * @self: a cipher
 * @page_key: 32 bytes, for this file alone
 * @frame_key: 32 bytes, for this file's log alone
 */
void
kith_page_cipher_init (KithPageCipher *self, KithSecret *page_key, KithSecret *frame_key)
{
  self->page_key = kith_secret_ref (page_key);
  self->frame_key = kith_secret_ref (frame_key);
  randombytes_buf (self->prefix, sizeof self->prefix);
  self->counter = 0;
  self->safe_frames = 0;
}

/**
 * kith_page_cipher_clear:
 * @self: a cipher
 *
 * Forgets the keys.
 */
void
kith_page_cipher_clear (KithPageCipher *self)
{
  g_clear_pointer (&self->page_key, kith_secret_unref);
  g_clear_pointer (&self->frame_key, kith_secret_unref);
}

/* A nonce is never used twice: when the counter is through, the random part is drawn anew. */
static void
next_nonce (KithPageCipher *self, guint8 *nonce)
{
  if (++self->counter == 0)
    randombytes_buf (self->prefix, sizeof self->prefix);

  memcpy (nonce, self->prefix, sizeof self->prefix);
  put_u32 (nonce + KITH_PAGE_PREFIX_BYTES, self->safe_frames);
  put_u32 (nonce + KITH_PAGE_PREFIX_BYTES + 4, self->counter);
}

static void
page_ad (guint8 ad[9], guint64 number)
{
  ad[0] = 'D';
  put_u64 (ad + 1, number);
}

static void
frame_ad (guint8 ad[25], const guint8 *header, guint64 offset)
{
  ad[0] = 'W';
  memcpy (ad + 1, header, AD_HEADER_BYTES);
  put_u64 (ad + 1 + AD_HEADER_BYTES, offset);
}

/**
 * kith_page_cipher_seal_page:
 * @self: a cipher
 * @sealed: (out): the page for the disk
 * @page: a page of SQLite
 * @number: its number, from 1
 */
void
kith_page_cipher_seal_page (KithPageCipher *self, guint8 sealed[KITH_PAGE_BYTES],
                            const guint8 page[KITH_PAGE_BYTES], guint64 number)
{
  guint8 *nonce = sealed + KITH_PAGE_BODY_BYTES;
  guint8 ad[9];

  page_ad (ad, number);
  next_nonce (self, nonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached (sealed, nonce + KITH_PAGE_NONCE_BYTES, NULL,
                                                       page, KITH_PAGE_BODY_BYTES, ad, sizeof ad,
                                                       NULL, nonce,
                                                       kith_secret_get_data (self->page_key));
}

/**
 * kith_page_cipher_open_page:
 * @self: a cipher
 * @page: (inout): a page from the disk
 * @number: its number, from 1
 *
 * Opens a page in place. One that is not authentic is zeroed.
 *
 * Returns: whether it is authentic
 */
gboolean
kith_page_cipher_open_page (KithPageCipher *self, guint8 page[KITH_PAGE_BYTES], guint64 number)
{
  guint8 *nonce = page + KITH_PAGE_BODY_BYTES;
  guint8 ad[9];

  page_ad (ad, number);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached (page, NULL, page, KITH_PAGE_BODY_BYTES,
                                                           nonce + KITH_PAGE_NONCE_BYTES, ad,
                                                           sizeof ad, nonce,
                                                           kith_secret_get_data (self->page_key))
      != 0)
    {
      memset (page, 0, KITH_PAGE_BYTES);
      return FALSE;
    }

  memset (nonce, 0, KITH_PAGE_RESERVED_BYTES);
  return TRUE;
}

/**
 * kith_page_cipher_seal_frame:
 * @self: a cipher
 * @sealed: (out): the frame for the disk
 * @header: SQLite's header of the frame
 * @page: the page in it
 * @offset: where in the log the frame begins, in bytes
 */
void
kith_page_cipher_seal_frame (KithPageCipher *self, guint8 sealed[KITH_FRAME_BYTES],
                             const guint8 header[KITH_FRAME_HEADER_BYTES],
                             const guint8 page[KITH_PAGE_BYTES], guint64 offset)
{
  guint8 *nonce = sealed + KITH_FRAME_HEADER_BYTES + KITH_PAGE_BODY_BYTES;
  guint8 body[FRAME_BODY_BYTES];
  guint8 ad[25];

  memcpy (body, page, KITH_PAGE_BODY_BYTES);
  memcpy (body + KITH_PAGE_BODY_BYTES, header + AD_HEADER_BYTES, CHECKSUM_BYTES);
  frame_ad (ad, header, offset);
  next_nonce (self, nonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached (body, nonce + KITH_PAGE_NONCE_BYTES, NULL,
                                                       body, sizeof body, ad, sizeof ad, NULL,
                                                       nonce,
                                                       kith_secret_get_data (self->frame_key));
  memcpy (sealed, header, AD_HEADER_BYTES);
  memcpy (sealed + AD_HEADER_BYTES, body + KITH_PAGE_BODY_BYTES, CHECKSUM_BYTES);
  memcpy (sealed + KITH_FRAME_HEADER_BYTES, body, KITH_PAGE_BODY_BYTES);
}

/**
 * kith_page_cipher_open_frame:
 * @self: a cipher
 * @frame: (inout): a frame from the disk
 * @offset: where in the log it begins, in bytes
 *
 * Opens a frame in place. One that is not authentic is zeroed.
 *
 * Returns: whether it is authentic
 */
gboolean
kith_page_cipher_open_frame (KithPageCipher *self, guint8 frame[KITH_FRAME_BYTES], guint64 offset)
{
  guint8 *nonce = frame + KITH_FRAME_HEADER_BYTES + KITH_PAGE_BODY_BYTES;
  guint8 body[FRAME_BODY_BYTES];
  guint8 ad[25];

  memcpy (body, frame + KITH_FRAME_HEADER_BYTES, KITH_PAGE_BODY_BYTES);
  memcpy (body + KITH_PAGE_BODY_BYTES, frame + AD_HEADER_BYTES, CHECKSUM_BYTES);
  frame_ad (ad, frame, offset);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached (body, NULL, body, sizeof body,
                                                           nonce + KITH_PAGE_NONCE_BYTES, ad,
                                                           sizeof ad, nonce,
                                                           kith_secret_get_data (self->frame_key))
      != 0)
    {
      memset (frame, 0, KITH_FRAME_BYTES);
      return FALSE;
    }

  memcpy (frame + KITH_FRAME_HEADER_BYTES, body, KITH_PAGE_BODY_BYTES);
  memcpy (frame + AD_HEADER_BYTES, body + KITH_PAGE_BODY_BYTES, CHECKSUM_BYTES);
  memset (nonce, 0, KITH_PAGE_RESERVED_BYTES);
  kith_secret_wipe (body, sizeof body);
  return TRUE;
}

/**
 * kith_page_cipher_peek_safe_frames:
 * @frame: a sealed frame
 *
 * Returns: how many frames of the log were safe on the disk when it was written
 */
guint32
kith_page_cipher_peek_safe_frames (const guint8 frame[KITH_FRAME_BYTES])
{
  const guint8 *nonce = frame + KITH_FRAME_HEADER_BYTES + KITH_PAGE_BODY_BYTES;
  guint32 frames;

  memcpy (&frames, nonce + KITH_PAGE_PREFIX_BYTES, sizeof frames);
  return GUINT32_FROM_BE (frames);
}
