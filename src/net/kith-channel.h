/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-connection.h"
#include "net/kith-entry.h"
#include "net/kith-local.h"
#include "proto/kith-certificate.h"
#include "proto/kith-preamble.h"

G_BEGIN_DECLS

/**
 * KithChannel:
 *
 * A connection made private and authentic: preamble, Noise handshake, then frames whose plaintext
 * has one of the nine sizes of protocol 4. Reference counted; main thread.
 */
typedef struct _KithChannel KithChannel;

/**
 * KithChannelEvents:
 * @ready: the handshake is complete; the peer is known
 * @frame: the plaintext of a frame, which the owner must not keep; %FALSE closes nothing, it only
 *   stops the delivery of further frames (because the owner closed or paused)
 * @drained: there is room in the out queue again
 * @garbled: what came cannot be a frame, or was damaged on its way: nothing more is taken. The owner may
 *   still say so before it ends it
 * @ended: it is over. Before @ready @error says why the handshake failed; after it, %NULL is an
 *   end of the stream.
 */
typedef struct
{
  void     (*ready)   (gpointer user_data);
  gboolean (*frame)   (const guint8 *plaintext, gsize len, gpointer user_data);
  void     (*drained) (gpointer user_data);
  void     (*ended)   (const GError *error, gpointer user_data);
  void     (*garbled) (gpointer user_data);
} KithChannelEvents;

KithChannel *kith_channel_new_dialer    (KithLocal      *local,
                                         KithConnection *connection,
                                         const guint8   *expected,
                                         const KithEntry *entry);
KithChannel *kith_channel_new_listener  (KithLocal      *local,
                                         KithConnection *connection);
KithChannel *kith_channel_ref           (KithChannel    *self);
void         kith_channel_unref         (KithChannel    *self);
void         kith_channel_set_events    (KithChannel             *self,
                                         const KithChannelEvents *events,
                                         gpointer                 user_data);
void         kith_channel_start         (KithChannel    *self);
void         kith_channel_close         (KithChannel    *self);
void         kith_channel_finish        (KithChannel    *self);
void         kith_channel_stop_hearing (KithChannel   *self);
void         kith_channel_set_reading   (KithChannel    *self,
                                         gboolean        reading);

guint8      *kith_channel_begin_frame   (KithChannel    *self,
                                         gsize           len,
                                         gsize          *room);
gboolean     kith_channel_end_frame     (KithChannel    *self,
                                         gsize           len);
gsize        kith_channel_get_queued    (KithChannel    *self);
void         kith_channel_trim          (KithChannel    *self);
guint64      kith_channel_get_n_bytes   (KithChannel    *self);
guint64      kith_channel_get_n_frames  (KithChannel    *self);

/* Who is there; after ready. */
KithLocal             *kith_channel_get_local       (KithChannel *self);
const KithCertificate *kith_channel_get_certificate (KithChannel *self);
gboolean               kith_channel_is_dialer       (KithChannel *self);
KithMode               kith_channel_get_mode        (KithChannel *self);
KithEntryKind          kith_channel_get_entry       (KithChannel *self);
gboolean               kith_channel_get_remote      (KithChannel  *self,
                                                     KithEndpoint *remote);
const guint8          *kith_channel_get_hash        (KithChannel *self);
const guint8          *kith_channel_get_exporter    (KithChannel *self);

/* Renewing the keys (5.3): each direction switches at its own moment. */
void                   kith_channel_prepare_keys    (KithChannel  *self,
                                                     const guint8  k_i2r[KITH_KEY_BYTES],
                                                     const guint8  k_r2i[KITH_KEY_BYTES],
                                                     const guint8  exporter[KITH_KEY_BYTES],
                                                     const guint8  hash[KITH_HASH_BYTES]);
gboolean               kith_channel_is_switching    (KithChannel *self);
void                   kith_channel_switch_sending  (KithChannel *self);
void                   kith_channel_switch_receiving (KithChannel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithChannel, kith_channel_unref)

G_END_DECLS
