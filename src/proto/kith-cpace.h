/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-hash.h"

G_BEGIN_DECLS

#define KITH_CPACE_SCALAR_BYTES 32
#define KITH_CPACE_SHARE_BYTES 32
#define KITH_CPACE_ISK_BYTES 64

/**
 * KithCpaceInput:
 * @prs: the secret of low entropy that both sides have
 * @ci: who they are
 * @sid: the session, empty if there is none beforehand
 */
typedef struct
{
  KithField prs;
  KithField ci;
  KithField sid;
} KithCpaceInput;

/**
 * KithCpaceShare:
 * @share: a public share
 * @ad: the associated data that belongs to it
 */
typedef struct
{
  const guint8 *share;
  KithField     ad;
} KithCpaceShare;

gboolean kith_cpace_make_share (const KithCpaceInput *input,
                                const guint8          scalar[KITH_CPACE_SCALAR_BYTES],
                                guint8                share[KITH_CPACE_SHARE_BYTES]);
gboolean kith_cpace_derive     (const KithCpaceInput *input,
                                const guint8          scalar[KITH_CPACE_SCALAR_BYTES],
                                const KithCpaceShare *initiator,
                                const KithCpaceShare *responder,
                                gboolean              is_initiator,
                                guint8                isk[KITH_CPACE_ISK_BYTES]);

G_END_DECLS
