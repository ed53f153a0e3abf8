/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "net/kith-channel-private.h"
#include "net/kith-local.h"

G_BEGIN_DECLS

/* What targets have in common that feed a connection: two people without a node, a wire between two
 * sockets of this process, and a clock and a randomness that are the same for each input. */

typedef enum
{
  KITH_FUZZ_OURS,
  KITH_FUZZ_THEIRS,
} KithFuzzSide;

KithLocal *kith_fuzz_local        (KithFuzzSide   side);
void       kith_fuzz_reset        (void);
void       kith_fuzz_pass_ms      (guint          ms);

/* Each end does not block; @fd is ours to close. */
GSocket   *kith_fuzz_socket       (int           *fd);
void       kith_fuzz_write        (int            fd,
                                   const guint8  *data,
                                   gsize          len);
gsize      kith_fuzz_read         (int            fd,
                                   guint8        *buffer,
                                   gsize          len);
void       kith_fuzz_turn         (void);

/* What the exporter and the hash of a channel without a handshake are filled with. */
#define KITH_FUZZ_EXPORTER 4
#define KITH_FUZZ_HASH 5

void       kith_fuzz_skip_handshake (KithChannel           *channel,
                                     const KithCertificate *certificate,
                                     KithNoiseCipher       *peer);
void       kith_fuzz_say_frame    (int            fd,
                                   KithNoiseCipher *cipher,
                                   const guint8  *records,
                                   gsize          len,
                                   gboolean       halves);
void       kith_fuzz_say_record   (int            fd,
                                   KithNoiseCipher *cipher,
                                   guint8         type,
                                   const guint8  *body,
                                   gsize          len);

G_END_DECLS
