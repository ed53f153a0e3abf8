/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-secret.h"

G_BEGIN_DECLS

/* How a page of the database and a frame of its write-ahead log look on disk. All of it is sealed
 * with XChaCha20-Poly1305, each kind with a key of its own.
 *
 *   page   ciphertext[4056] | nonce[24] | tag[16]                AD = "D" | page number
 *   frame  header[16] | checksum'[8] | ciphertext[4056] | nonce[24] | tag[16]
 *                                                                AD = "W" | header | offset
 *
 * SQLite leaves the last 40 bytes of each page alone. The checksum in a frame's header is one over
 * plaintext, so it is encrypted with the page (checksum').
 *
 *   nonce  16 random bytes of this opening | safe frames[4] | counter[4]
 *
 * "Safe frames" is how many frames from the beginning of the log had been committed and synced to
 * the disk when this one was sealed: kith-cipher-wal.c tells a log that a power cut has torn from
 * one that was damaged later by that.
 *
 * Used on one thread, and not across a fork. */

#define KITH_PAGE_BYTES 4096
#define KITH_PAGE_NONCE_BYTES 24
#define KITH_PAGE_TAG_BYTES 16
#define KITH_PAGE_RESERVED_BYTES (KITH_PAGE_NONCE_BYTES + KITH_PAGE_TAG_BYTES)
#define KITH_PAGE_BODY_BYTES (KITH_PAGE_BYTES - KITH_PAGE_RESERVED_BYTES)
#define KITH_FRAME_HEADER_BYTES 24
#define KITH_FRAME_BYTES (KITH_FRAME_HEADER_BYTES + KITH_PAGE_BYTES)
#define KITH_PAGE_KEY_BYTES 32
#define KITH_PAGE_PREFIX_BYTES 16

typedef struct
{
  KithSecret *page_key;  /* (owned) */
  KithSecret *frame_key; /* (owned) */
  guint8      prefix[KITH_PAGE_PREFIX_BYTES];
  guint32     counter;
  guint32     safe_frames; /* set by the one who writes the log */
} KithPageCipher;

void     kith_page_cipher_init        (KithPageCipher *self,
                                       KithSecret     *page_key,
                                       KithSecret     *frame_key);
void     kith_page_cipher_clear       (KithPageCipher *self);

void     kith_page_cipher_seal_page   (KithPageCipher *self,
                                       guint8          sealed[KITH_PAGE_BYTES],
                                       const guint8    page[KITH_PAGE_BYTES],
                                       guint64         number);
gboolean kith_page_cipher_open_page   (KithPageCipher *self,
                                       guint8          page[KITH_PAGE_BYTES],
                                       guint64         number);
void     kith_page_cipher_seal_frame  (KithPageCipher *self,
                                       guint8          sealed[KITH_FRAME_BYTES],
                                       const guint8    header[KITH_FRAME_HEADER_BYTES],
                                       const guint8    page[KITH_PAGE_BYTES],
                                       guint64         offset);
gboolean kith_page_cipher_open_frame  (KithPageCipher *self,
                                       guint8          frame[KITH_FRAME_BYTES],
                                       guint64         offset);

/* What a sealed frame says; only of an authentic one that is the truth. */
guint32  kith_page_cipher_peek_safe_frames (const guint8 frame[KITH_FRAME_BYTES]);

G_END_DECLS
