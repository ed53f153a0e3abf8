/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-hash.h"

G_BEGIN_DECLS

#define KITH_PREAMBLE_BYTES 64
#define KITH_PROLOGUE_BYTES (12 + KITH_PREAMBLE_BYTES)
#define KITH_MAJOR 1
#define KITH_KNOCK_TAG_BYTES 16
#define KITH_PREAMBLE_SHARE_AT 24 /* mode 2: 32 bytes */
#define KITH_PREAMBLE_SHARE_BYTES 32

/**
 * KithMode:
 * @KITH_MODE_OPEN: anybody may dial: IP and port are enough
 * @KITH_MODE_KNOCK: only who knows the knock key gets an answer
 * @KITH_MODE_PASSPHRASE: only who knows the passphrase gets an answer
 *
 * How a dialer introduces itself (protocol 3.1).
 */
typedef enum
{
  KITH_MODE_OPEN = 0,
  KITH_MODE_KNOCK = 1,
  KITH_MODE_PASSPHRASE = 2,
} KithMode;

/**
 * KithPreambleResult:
 * @KITH_PREAMBLE_OK: a preamble of this version
 * @KITH_PREAMBLE_NOT_KITH: something else
 * @KITH_PREAMBLE_VERSION: KITH of another major version, or an unknown mode
 */
typedef enum
{
  KITH_PREAMBLE_OK,
  KITH_PREAMBLE_NOT_KITH,
  KITH_PREAMBLE_VERSION,
} KithPreambleResult;

typedef struct
{
  KithMode mode;
  guint8   tag[KITH_KNOCK_TAG_BYTES];        /* mode 1 */
  guint8   share[KITH_PREAMBLE_SHARE_BYTES]; /* mode 2 */
} KithPreamble;

void               kith_preamble_encode   (const KithPreamble *self,
                                           const guint8        random[KITH_PREAMBLE_BYTES],
                                           guint8              out[KITH_PREAMBLE_BYTES]);
KithPreambleResult kith_preamble_parse    (KithPreamble       *self,
                                           const guint8        bytes[KITH_PREAMBLE_BYTES]);
void               kith_preamble_prologue (const guint8        bytes[KITH_PREAMBLE_BYTES],
                                           guint8              out[KITH_PROLOGUE_BYTES]);

void               kith_knock_key         (const guint8        root[KITH_KEY_BYTES],
                                           guint8              out[KITH_KEY_BYTES]);
void               kith_knock_tag         (const guint8        knock_key[KITH_KEY_BYTES],
                                           guint8              dir,
                                           guint64             unit,
                                           const guint8        ephemeral[32],
                                           guint8              out[KITH_KNOCK_TAG_BYTES]);
gboolean           kith_knock_matches     (const guint8        knock_key[KITH_KEY_BYTES],
                                           guint8              dir,
                                           guint64             unit,
                                           const guint8        ephemeral[32],
                                           const guint8        tag[KITH_KNOCK_TAG_BYTES]);

G_END_DECLS
