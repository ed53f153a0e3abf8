/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-env.h"
#include "base/kith-secret.h"
#include "proto/kith-cpace.h"
#include "proto/kith-preamble.h"

G_BEGIN_DECLS

/* The passphrase that somebody asks of strangers who dial him. It has nothing to do with the one
 * of a vault. Protocol 3.3. */

#define KITH_JOIN_NONCE_BYTES 32
#define KITH_JOIN_REPLY_BYTES (KITH_JOIN_NONCE_BYTES + KITH_CPACE_SHARE_BYTES)

/**
 * KithJoinRun:
 *
 * One run of CPace, from our share to the key. Plain data; wipe it with kith_join_run_clear().
 */
typedef struct
{
  guint8   scalar[KITH_CPACE_SCALAR_BYTES];
  guint8   share[KITH_CPACE_SHARE_BYTES];
  gboolean dialer;
} KithJoinRun;

KithSecret *kith_join_passphrase_new      (const char       *text,
                                           GError          **error);
char       *kith_join_passphrase_generate (const KithEnv    *env);

gboolean    kith_join_run_start               (KithJoinRun         *self,
                                           const KithSecret *passphrase,
                                           gboolean          dialer,
                                           const KithEnv    *env);
void        kith_join_run_clear               (KithJoinRun         *self);
gboolean    kith_join_run_derive              (const KithJoinRun   *self,
                                           const KithSecret *passphrase,
                                           const guint8      preamble[KITH_PREAMBLE_BYTES],
                                           const guint8      reply[KITH_JOIN_REPLY_BYTES],
                                           guint8            psk[KITH_KEY_BYTES]);
void        kith_join_psk                 (const guint8      isk[KITH_CPACE_ISK_BYTES],
                                           guint8            psk[KITH_KEY_BYTES]);

G_END_DECLS
