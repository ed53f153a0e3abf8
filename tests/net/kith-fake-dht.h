/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-dht.h"

G_BEGIN_DECLS

/**
 * KithFakeDhtNet:
 * @n_puts: how many were begun; @n_listens and @n_gets likewise
 * @n_bytes: of values put and handed out
 * @gets_last: a get goes on, and hears what is put meanwhile, until its time is over
 *
 * A DHT in this process. What was put stays, as in the real one, also when its putter cancels it or
 * goes, until kith_fake_dht_net_expire(). It outlives its members.
 */
typedef struct
{
  GPtrArray *members; /* KithFakeDht (unowned) */
  GPtrArray *values;
  guint      n_puts;
  guint      n_listens;
  guint      n_gets;
  gsize      n_bytes;
  gboolean   gets_last;
} KithFakeDhtNet;

KithFakeDhtNet *kith_fake_dht_net_new    (void);
void            kith_fake_dht_net_free   (KithFakeDhtNet *self);
void            kith_fake_dht_net_inject (KithFakeDhtNet *self,
                                          const guint8   *location,
                                          GBytes         *value);
void            kith_fake_dht_net_expire (KithFakeDhtNet *self);
void            kith_fake_dht_net_forget (KithFakeDhtNet *self);
guint           kith_fake_dht_net_count_value (KithFakeDhtNet *self,
                                               const guint8   *location,
                                               const guint8   *data,
                                               gsize           len);
guint           kith_fake_dht_net_count  (KithFakeDhtNet *self,
                                          const guint8   *location,
                                          KithDht        *putter);

/* One member; connected from the start. Its functions are called from idle sources. */
#define KITH_TYPE_FAKE_DHT (kith_fake_dht_get_type ())
G_DECLARE_FINAL_TYPE (KithFakeDht, kith_fake_dht, KITH, FAKE_DHT, GObject)

KithFakeDht *kith_fake_dht_new                  (KithFakeDhtNet     *net);
guint        kith_fake_dht_count_listens        (KithDht            *self);
gboolean     kith_fake_dht_is_listening         (KithDht            *self,
                                                 const guint8       *location);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithFakeDhtNet, kith_fake_dht_net_free)

G_END_DECLS
