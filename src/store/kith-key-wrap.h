/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-secret.h"

G_BEGIN_DECLS

/* A random key under a passphrase, as the vault's key file and the head of a backup have it
 * (protocol 13):
 *
 *   magic[8] | u8 version | u8 flags | u16 0 | u32 opslimit | u64 memlimit | salt[16] | nonce[24]
 *   | XChaCha20-Poly1305 (KEK, key)[48]            AD = everything before the nonce
 *
 * KEK = Argon2id (passphrase, salt, opslimit, memlimit). Flag 1: there is a passphrase. Without
 * one the KEK comes from nothing secret; the file is then no protection. Numbers are big-endian. */

#define KITH_KEY_WRAP_BYTES 112
#define KITH_KEY_WRAP_MAGIC_BYTES 8
#define KITH_KEY_WRAP_KEY_BYTES 32

/* @passphrase: from kith_passphrase_new(), NULL = none. Slow (0.5 s) and hungry (256 MiB): not for the
 * main thread. Errors: NO_MEMORY. */
gboolean    kith_key_wrap_seal           (guint8        wrapped[KITH_KEY_WRAP_BYTES],
                                          const char   *magic,
                                          KithSecret   *key,
                                          KithSecret   *passphrase,
                                          GError      **error);

/* (transfer full) (nullable). Slow, as above. Errors: WRONG_PASSPHRASE, DAMAGED, NEWER_VERSION, NO_MEMORY. */
KithSecret *kith_key_wrap_open           (const guint8 *wrapped,
                                          gsize         len,
                                          const char   *magic,
                                          KithSecret   *passphrase,
                                          GError      **error);

/* Looks at the head only. Errors: DAMAGED (another magic, too short, beyond our limits),
 * NEWER_VERSION. */
gboolean    kith_key_wrap_peek           (const guint8 *wrapped,
                                          gsize         len,
                                          const char   *magic,
                                          gboolean     *has_passphrase,
                                          GError      **error);

/* (transfer full) (nullable): a passphrase as it goes in: NFC, so that it is the same from every keyboard. NULL for NULL or
 * "". Errors: INVALID (not UTF-8, or too long). */
KithSecret *kith_passphrase_new          (const char   *text,
                                          GError      **error);

/* For tests alone, and there in none but their own build of this: the least that Argon2id takes, instead of
 * seconds of work. */
void        kith_key_wrap_make_it_cheap  (void);

G_END_DECLS
