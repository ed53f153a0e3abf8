/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-endpoint.h"

G_BEGIN_DECLS

/**
 * KithConnection:
 *
 * Bytes in and out of one TCP connection, on the main loop, without blocking and with bounded
 * memory: what is received goes to the owner in pieces of at most 256 KiB a turn, what is sent is
 * collected and leaves once a turn. Reference counted; main thread.
 */
typedef struct _KithConnection KithConnection;

/**
 * KithConnectionEvents:
 * @received: @len bytes are there; returns how many were used up. The rest comes again, with more
 *   behind it. The owner may change the bytes in place.
 * @drained: the out queue fell below the low-water mark
 * @ended: the peer ended the stream (@error is %NULL), or it broke
 *
 * What the owner hears. Each call may close the connection.
 */
typedef struct
{
  gsize (*received) (guint8 *data, gsize len, gpointer user_data);
  void  (*drained)  (gpointer user_data);
  void  (*ended)    (const GError *error, gpointer user_data);
} KithConnectionEvents;

KithConnection *kith_connection_new            (GSocket                    *socket,
                                                const KithEndpoint         *remote);
KithConnection *kith_connection_ref            (KithConnection             *self);
void            kith_connection_unref          (KithConnection             *self);
void            kith_connection_set_events     (KithConnection             *self,
                                                const KithConnectionEvents *events,
                                                gpointer                    user_data);
void            kith_connection_set_reading    (KithConnection             *self,
                                                gboolean                    reading);
guint8         *kith_connection_reserve        (KithConnection             *self,
                                                gsize                       len);
void            kith_connection_commit         (KithConnection             *self,
                                                gsize                       len);
gsize           kith_connection_get_queued     (KithConnection             *self);
void            kith_connection_trim           (KithConnection             *self);
void            kith_connection_finish         (KithConnection             *self);
void            kith_connection_close          (KithConnection             *self);
gboolean        kith_connection_get_remote     (KithConnection             *self,
                                                KithEndpoint               *remote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithConnection, kith_connection_unref)

gboolean        kith_endpoint_from_socket_address (KithEndpoint            *self,
                                                   GSocketAddress          *address);
GSocketAddress *kith_endpoint_to_socket_address   (const KithEndpoint      *self);

G_END_DECLS
