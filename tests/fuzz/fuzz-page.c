/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages and frames of the log, as they lie on the disk. In three bytes which bit, then the page. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "kith-fuzz.h"
#include "store/kith-page-cipher.h"

#define FRAME_OFFSET 32
#define HEAD_BYTES 3

/* What was sealed is opened as it was; with one bit changed it is not. */
static void
try_page (KithPageCipher *cipher, const guint8 *page, gsize at, guint8 bit)
{
  guint8 sealed[KITH_PAGE_BYTES];
  guint8 opened[KITH_PAGE_BYTES];

  kith_page_cipher_seal_page (cipher, sealed, page, 1);
  memcpy (opened, sealed, sizeof opened);
  kith_fuzz_check (kith_page_cipher_open_page (cipher, opened, 1)
                   && memcmp (opened, page, KITH_PAGE_BODY_BYTES) == 0);
  memcpy (opened, sealed, sizeof opened);
  kith_fuzz_check (!kith_page_cipher_open_page (cipher, opened, 2));
  sealed[at % sizeof sealed] ^= bit;
  kith_fuzz_check (!kith_page_cipher_open_page (cipher, sealed, 1));
}

static void
try_frame (KithPageCipher *cipher, const guint8 *frame, gsize at, guint8 bit)
{
  const guint8 *page = frame + KITH_FRAME_HEADER_BYTES;
  guint8 sealed[KITH_FRAME_BYTES];
  guint8 opened[KITH_FRAME_BYTES];

  kith_page_cipher_seal_frame (cipher, sealed, frame, page, FRAME_OFFSET);
  memcpy (opened, sealed, sizeof opened);
  kith_fuzz_check (kith_page_cipher_open_frame (cipher, opened, FRAME_OFFSET)
                   && memcmp (opened, frame, KITH_FRAME_HEADER_BYTES + KITH_PAGE_BODY_BYTES) == 0);
  memcpy (opened, sealed, sizeof opened);
  kith_fuzz_check (!kith_page_cipher_open_frame (cipher, opened, FRAME_OFFSET + KITH_FRAME_BYTES));
  sealed[at % sizeof sealed] ^= bit;
  kith_fuzz_check (!kith_page_cipher_open_frame (cipher, sealed, FRAME_OFFSET));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint8 key[32] = { 5 };
  g_autoptr (KithSecret) page_key = kith_secret_new_from (key, sizeof key);
  g_autoptr (KithSecret) frame_key = kith_secret_new_from (key, sizeof key);
  guint8 frame[KITH_FRAME_BYTES] = { 0 };
  KithPageCipher cipher;
  gsize at;
  guint8 bit;

  if (size < HEAD_BYTES)
    return 0;

  at = (gsize) data[0] << 8 | data[1];
  bit = (guint8) (1u << (data[2] % 8));
  memcpy (frame, data + HEAD_BYTES, MIN (size - HEAD_BYTES, sizeof frame));
  kith_page_cipher_init (&cipher, page_key, frame_key);
  kith_page_cipher_peek_safe_frames (frame);
  try_page (&cipher, frame, at, bit);
  try_frame (&cipher, frame, at, bit);
  /* What nobody has sealed is not opened either. */
  kith_fuzz_check (!kith_page_cipher_open_page (&cipher, frame, 1));
  kith_fuzz_check (!kith_page_cipher_open_frame (&cipher, frame, FRAME_OFFSET));
  kith_page_cipher_clear (&cipher);
  return 0;
}
