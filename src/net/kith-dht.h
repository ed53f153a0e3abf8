/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "base/kith-endpoint.h"

G_BEGIN_DECLS

#define KITH_DHT_LOCATION_BYTES 20

/**
 * KithDhtState:
 * @KITH_DHT_OFF: not started, or stopped
 * @KITH_DHT_CONNECTING: no node has answered lately
 * @KITH_DHT_CONNECTED: nodes answer
 */
typedef enum
{
  KITH_DHT_OFF,
  KITH_DHT_CONNECTING,
  KITH_DHT_CONNECTED,
} KithDhtState;

#define KITH_TYPE_DHT_STATE (kith_dht_state_get_type ())
/* For properties. */
GType kith_dht_state_get_type (void);

/* @data: (array length=len): untrusted, at most %KITH_LIMIT_DHT_VALUE_BYTES; valid in the call */
typedef void (*KithDhtValueFunc) (const guint8 *data, gsize len, gpointer user_data);
/* Once, also when nobody answered in time. */
typedef void (*KithDhtDoneFunc)  (gpointer user_data);

/**
 * KithDht:
 *
 * A distributed hash table: small values under locations of 20 bytes, kept by strangers. It is
 * lossy, and anybody may put anything anywhere: a value means something only after it was opened
 * with a key (protocol 7). Main thread.
 *
 * Operations may be begun in any state. Puts and listens wait for a connection and outlive stops
 * and starts; a get is over after %KITH_LIMIT_DHT_GET_MS whatever happens. No function is called
 * from within the call that was given it, nor after its cancel. The same value may come twice.
 */
#define KITH_TYPE_DHT (kith_dht_get_type ())
G_DECLARE_INTERFACE (KithDht, kith_dht, KITH, DHT, GObject)

/**
 * KithDhtInterface:
 * @put: keeps a value under a location
 * @cancel_put: no longer keeps it
 * @listen: tells of every value there is and that comes
 * @cancel_listen: no longer tells
 * @get: asks once
 * @cancel_get: forgets the question
 * @get_public_addresses: see kith_dht_get_public_addresses()
 *
 * Implementers emit `public-addresses-changed` and notify of "state" and "nodes".
 */
struct _KithDhtInterface
{
  GTypeInterface parent;

  guint (*put)                  (KithDht          *self,
                                 const guint8     *location,
                                 GBytes           *value);
  void  (*cancel_put)           (KithDht          *self,
                                 guint             put);
  guint (*listen)               (KithDht          *self,
                                 const guint8     *location,
                                 KithDhtValueFunc  value,
                                 gpointer          user_data);
  void  (*cancel_listen)        (KithDht          *self,
                                 guint             listen);
  guint (*get)                  (KithDht          *self,
                                 const guint8     *location,
                                 KithDhtValueFunc  value,
                                 KithDhtDoneFunc   done,
                                 gpointer          user_data);
  void  (*cancel_get)           (KithDht          *self,
                                 guint             get);
  guint (*get_public_addresses) (KithDht          *self,
                                 KithEndpoint     *out,
                                 guint             n);
};

guint        kith_dht_put                  (KithDht          *self,
                                            const guint8     *location,
                                            GBytes           *value);
void         kith_dht_cancel_put           (KithDht          *self,
                                            guint             put);
guint        kith_dht_listen               (KithDht          *self,
                                            const guint8     *location,
                                            KithDhtValueFunc  value,
                                            gpointer          user_data);
void         kith_dht_cancel_listen        (KithDht          *self,
                                            guint             listen);
guint        kith_dht_get                  (KithDht          *self,
                                            const guint8     *location,
                                            KithDhtValueFunc  value,
                                            KithDhtDoneFunc   done,
                                            gpointer          user_data);
void         kith_dht_cancel_get           (KithDht          *self,
                                            guint             get);
KithDhtState kith_dht_get_state            (KithDht          *self);
guint        kith_dht_get_nodes            (KithDht          *self);
guint        kith_dht_get_public_addresses (KithDht          *self,
                                            KithEndpoint     *out,
                                            guint             n);

G_END_DECLS
