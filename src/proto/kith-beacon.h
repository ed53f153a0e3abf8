/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-env.h"
#include "base/kith-limits.h"
#include "proto/kith-hash.h"
#include "proto/kith-identity.h"

G_BEGIN_DECLS

/* What people on one network call out to find each other (protocol 7.6): contacts recognise the
 * caller by a tag, to everybody else it is random bytes. */

#define KITH_BEACON_NONCE_BYTES 16
#define KITH_BEACON_TAG_BYTES 8
#define KITH_BEACON_MAX_BYTES 1232 /* fits the smallest IPv6 packet */

/**
 * KithBeacon:
 * @query: whether the others are asked to announce themselves now
 * @presents: whether @identity and @name are there, for everybody to see
 * @port: where the caller listens (TCP); 0 when nowhere
 * @nonce: random, new in every beacon
 * @tags: one for each contact, between random ones
 * @n_tags: 16, 48 or 128 when packed
 * @identity: with @presents, who the caller claims to be
 * @name: with @presents, what the caller wants to be called; one line, maybe empty
 *
 * A beacon proves nothing. Only the handshake says who it is.
 */
typedef struct
{
  gboolean query;
  gboolean presents;
  guint16  port;
  guint8   nonce[KITH_BEACON_NONCE_BYTES];
  guint8   tags[KITH_LIMIT_BEACON_TAGS][KITH_BEACON_TAG_BYTES];
  guint    n_tags;
  guint8   identity[KITH_IDENTITY_KEY_BYTES];
  char     name[KITH_LIMIT_NAME_BYTES + 1];
} KithBeacon;

void     kith_beacon_get_tag (const guint8      root[KITH_KEY_BYTES],
                              const guint8      nonce[KITH_BEACON_NONCE_BYTES],
                              guint8            dir,
                              guint8            tag[KITH_BEACON_TAG_BYTES]);
gboolean kith_beacon_has_tag (const KithBeacon *self,
                              const guint8      tag[KITH_BEACON_TAG_BYTES]);
void     kith_beacon_pad     (KithBeacon       *self,
                              const KithEnv    *env);
gsize    kith_beacon_pack    (const KithBeacon *self,
                              guint8            out[KITH_BEACON_MAX_BYTES]);
gboolean kith_beacon_unpack  (KithBeacon       *self,
                              const guint8     *data,
                              gsize             len);

G_END_DECLS
