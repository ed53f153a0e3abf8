/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages and frames of the log, as they lie on the disk. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "kith-fuzz.h"
#include "store/kith-page-cipher.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint8 key[32] = { 5 };
  g_autoptr (KithSecret) page_key = kith_secret_new_from (key, sizeof key);
  g_autoptr (KithSecret) frame_key = kith_secret_new_from (key, sizeof key);
  guint8 page[KITH_PAGE_BYTES] = { 0 };
  guint8 frame[KITH_FRAME_BYTES] = { 0 };
  guint8 sealed[KITH_PAGE_BYTES];
  KithPageCipher cipher;

  memcpy (page, data, MIN (size, sizeof page));
  memcpy (frame, data, MIN (size, sizeof frame));
  kith_page_cipher_init (&cipher, page_key, frame_key);
  kith_page_cipher_peek_safe_frames (frame);
  kith_fuzz_check (!kith_page_cipher_open_frame (&cipher, frame, 32));

  /* One bit is enough. */
  kith_page_cipher_seal_page (&cipher, sealed, page, 1);
  if (size > 0)
    sealed[data[0] * 16 % KITH_PAGE_BYTES] ^= (guint8) (1u << (size % 8));
  kith_fuzz_check (kith_page_cipher_open_page (&cipher, sealed, 1) == (size == 0));
  kith_page_cipher_clear (&cipher);
  return 0;
}
