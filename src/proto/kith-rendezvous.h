/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-endpoint.h"
#include "base/kith-limits.h"

G_BEGIN_DECLS

/* Where two contacts meet in the DHT (protocol 7): places and keys that only they can compute, new
 * ones every day, and values of one size that only they can read. */

#define KITH_RENDEZVOUS_ROOT_BYTES 32
#define KITH_RENDEZVOUS_LOCATION_BYTES 20
#define KITH_RENDEZVOUS_KEY_BYTES 32
#define KITH_RENDEZVOUS_NONCE_BYTES 24
#define KITH_RENDEZVOUS_VALUE_BYTES 272

/* The place of one direction in one epoch. Holds a key: to be wiped. */
typedef struct
{
  guint8 location[KITH_RENDEZVOUS_LOCATION_BYTES];
  guint8 key[KITH_RENDEZVOUS_KEY_BYTES];
} KithRendezvous;

typedef struct
{
  gint64       time_s; /* when it was made, unix time */
  guint64      seq;    /* of the publisher: the highest counts */
  guint32      caps;   /* bits for later versions */
  KithEndpoint endpoints[KITH_LIMIT_ENDPOINTS];
  guint        n_endpoints;
} KithRendezvousValue;

/* Each pair changes its places at a time of day of its own. */
guint64  kith_rendezvous_get_epoch   (const guint8               root[KITH_RENDEZVOUS_ROOT_BYTES],
                                      gint64                     now_s);
/* How far the present epoch is, in seconds. */
guint    kith_rendezvous_get_age_s   (const guint8               root[KITH_RENDEZVOUS_ROOT_BYTES],
                                      gint64                     now_s);
void     kith_rendezvous_init        (KithRendezvous            *self,
                                      const guint8               root[KITH_RENDEZVOUS_ROOT_BYTES],
                                      guint64                    epoch,
                                      guint8                     dir);
void     kith_rendezvous_clear       (KithRendezvous            *self);

void     kith_rendezvous_seal        (const KithRendezvous      *self,
                                      const KithRendezvousValue *value,
                                      const guint8               nonce[KITH_RENDEZVOUS_NONCE_BYTES],
                                      guint8                     out[KITH_RENDEZVOUS_VALUE_BYTES]);
gboolean kith_rendezvous_open        (const KithRendezvous      *self,
                                      const guint8              *data,
                                      gsize                      len,
                                      KithRendezvousValue       *value);
gboolean kith_rendezvous_seal_to     (const KithRendezvous      *self,
                                      const KithRendezvousValue *value,
                                      const guint8               reader[KITH_RENDEZVOUS_KEY_BYTES],
                                      const guint8               nonce[KITH_RENDEZVOUS_NONCE_BYTES],
                                      guint8                     out[KITH_RENDEZVOUS_VALUE_BYTES]);
gboolean kith_rendezvous_open_with   (const KithRendezvous      *self,
                                      const guint8              *data,
                                      gsize                      len,
                                      const guint8               reader[KITH_RENDEZVOUS_KEY_BYTES],
                                      KithRendezvousValue       *value);
gboolean kith_rendezvous_value_is_fresh (const KithRendezvousValue *value,
                                         gint64                     now_s);

G_END_DECLS
