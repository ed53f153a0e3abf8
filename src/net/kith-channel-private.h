/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-timer.h"
#include "net/kith-channel.h"
#include "net/kith-entry.h"
#include "proto/kith-handshake-payload.h"
#include "proto/kith-noise-handshake.h"

G_BEGIN_DECLS

/* The states of a channel, and what takes it to the next:
 *
 *   NEW          --start, dialer--> MESSAGE_2    (preamble and msg1 are out)
 *   NEW          --start, dialer with a passphrase--> REPLY    (preamble is out)
 *   NEW          --start, listener--> MESSAGE_1
 *   MESSAGE_1    --preamble and msg1 are in order, msg2 is out--> MESSAGE_3
 *   MESSAGE_1    --preamble with a passphrase, the reply is out--> JOIN_1
 *   REPLY        --the reply is in order, msg1 is out--> MESSAGE_2
 *   JOIN_1       --msg1 is in order, so is the passphrase, msg2 is out--> MESSAGE_3
 *   MESSAGE_2    --msg2 is in order and names whom we want, msg3 is out--> READY
 *   MESSAGE_3    --msg3 is in order--> READY
 *   READY        --frames--> READY
 *   these        --anything else, listener--> LINGERING --random delay--> CLOSED, silently
 *   these        --anything else, dialer--> CLOSED
 */
typedef enum
{
  KITH_CHANNEL_NEW,
  KITH_CHANNEL_MESSAGE_1,
  KITH_CHANNEL_REPLY,
  KITH_CHANNEL_JOIN_1,
  KITH_CHANNEL_MESSAGE_2,
  KITH_CHANNEL_MESSAGE_3,
  KITH_CHANNEL_READY,
  KITH_CHANNEL_LINGERING,
  KITH_CHANNEL_CLOSED,
} KithChannelState;

typedef struct
{
  guint8   k_i2r[KITH_KEY_BYTES];
  guint8   k_r2i[KITH_KEY_BYTES];
  gboolean has_sending;   /* which of the two is still to be switched to */
  gboolean has_receiving;
} KithChannelKeys;

/* What a handshake with a passphrase has to remember: kith-channel-join.c */
typedef struct _KithChannelJoin KithChannelJoin;

struct _KithChannel
{
  grefcount                ref_count;
  KithLocal               *local;      /* (owned) */
  KithConnection          *connection; /* (owned) */
  const KithChannelEvents *events;     /* (unowned) (nullable) */
  gpointer                 user_data;
  KithChannelState         state;
  gboolean                 dialer;
  KithMode                 mode;

  /* Handshake */
  KithNoiseHandshake       noise;
  guint8                   expected[KITH_IDENTITY_KEY_BYTES];
  gboolean                 has_expected;
  KithEntry                entry;      /* the dialer's */
  KithChannelJoin         *join;       /* (owned) (nullable) */
  gint64                   started_us; /* monotonic */
  gsize                    n_handshake_bytes;
  gboolean                 heard;      /* the peer has sent anything at all */
  KithTimer               *timeout;    /* (owned) (nullable) */

  /* Transport */
  gboolean                 deaf;        /* what comes is dropped */
  KithCertificate          certificate; /* the peer's */
  KithNoiseCipher          sending;
  KithNoiseCipher          receiving;
  guint8                   hash[KITH_HASH_BYTES];
  guint8                   exporter[KITH_KEY_BYTES];
  KithChannelKeys          next;
  guint64                  n_bytes;    /* under the present keys, both ways */
  guint64                  n_frames;
};

void  kith_channel_start_handshake (KithChannel  *self);
gsize kith_channel_shake_hands     (KithChannel  *self,
                                    const guint8 *data,
                                    gsize         len);
void  kith_channel_handshake_ended (KithChannel  *self);
void  kith_channel_become_ready    (KithChannel  *self);
void  kith_channel_fail            (KithChannel  *self,
                                    GError       *error);

gboolean kith_channel_join_dial    (KithChannel     *self);
gboolean kith_channel_join_reply   (KithChannel     *self,
                                    const guint8    *reply);
gboolean kith_channel_join_answer  (KithChannel     *self,
                                    const guint8    *preamble);
gboolean kith_channel_join_check   (KithChannel     *self,
                                    const guint8    *message);
void     kith_channel_join_free    (KithChannelJoin *self);

G_END_DECLS
