/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-endpoint.h"

G_BEGIN_DECLS

/**
 * KithDhtHost:
 *
 * One life of an OpenDHT node, from binding its port to its end, and the only place that knows the
 * library. Reference counted. All functions are called in the thread of the context that was the
 * default at kith_dht_host_new(), none of them blocks, and the events come there.
 */
typedef struct _KithDhtHost KithDhtHost;

/* A value with the id it gets when it is put first: the same one put by the next host replaces what
 * the last host put instead of standing beside it. */
typedef struct dht_value KithDhtHostValue;

/**
 * KithDhtHostEvents:
 * @started: the node runs at UDP @port, which is 0 when it could not be bound; then the host has to
 *   be ended like any other
 * @ponged: a ping was answered, or not
 * @value: a value for a get or listen; untrusted
 * @done: a put or get is over; @ok is whether a node took part
 * @addresses: what kith_dht_host_look() found
 * @ended: the port is free again. @n_good nodes were good, and @nodes are the nearest of them;
 *   @is_known is whether that was told at all
 */
typedef struct
{
  void (*started)   (guint16             port,
                     gpointer            user_data);
  void (*ponged)    (gboolean            ok,
                     gpointer            user_data);
  void (*value)     (guint               handle,
                     const guint8       *data,
                     gsize               len,
                     gpointer            user_data);
  void (*done)      (guint               handle,
                     gboolean            ok,
                     gpointer            user_data);
  void (*addresses) (const KithEndpoint *addresses,
                     guint               n,
                     gpointer            user_data);
  void (*ended)     (gboolean            is_known,
                     guint               n_good,
                     const KithEndpoint *nodes,
                     guint               n_nodes,
                     gpointer            user_data);
} KithDhtHostEvents;

KithDhtHost      *kith_dht_host_new        (guint16                  port,
                                            guint32                  network,
                                            const KithDhtHostEvents *events,
                                            gpointer                 user_data);
void              kith_dht_host_unref      (KithDhtHost             *self);
void              kith_dht_host_end        (KithDhtHost             *self,
                                            gboolean                 save);
void              kith_dht_host_disconnect (KithDhtHost             *self);
void              kith_dht_host_ping       (KithDhtHost             *self,
                                            const KithEndpoint      *endpoint);
void              kith_dht_host_look       (KithDhtHost             *self);
void              kith_dht_host_put        (KithDhtHost             *self,
                                            guint                    handle,
                                            const guint8            *location,
                                            KithDhtHostValue        *value);
void              kith_dht_host_listen     (KithDhtHost             *self,
                                            guint                    handle,
                                            const guint8            *location);
void              kith_dht_host_get        (KithDhtHost             *self,
                                            guint                    handle,
                                            const guint8            *location);
void              kith_dht_host_cancel     (KithDhtHost             *self,
                                            guint                    handle);

KithDhtHostValue *kith_dht_host_value_new  (GBytes                  *bytes);
void              kith_dht_host_value_free (KithDhtHostValue        *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithDhtHost, kith_dht_host_unref)

G_END_DECLS
