/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-bytes.h"

G_BEGIN_DECLS

/**
 * KithEndpoint:
 * @family: 4 or 6; 0 for none
 * @address: the address, big-endian; IPv4 takes the first four bytes
 * @port: 1..65535
 *
 * An IP address and a TCP port: plain data, copied by assignment.
 */
typedef struct
{
  guint8  family;
  guint8  address[16];
  guint16 port;
} KithEndpoint;

gboolean kith_endpoint_parse        (KithEndpoint       *self,
                                     const char         *address,
                                     guint               port);
gboolean kith_endpoint_set_bytes    (KithEndpoint       *self,
                                     const guint8       *address,
                                     gsize               len,
                                     guint               port);
gsize    kith_endpoint_get_len      (const KithEndpoint *self);
gboolean kith_endpoint_equal        (const KithEndpoint *a,
                                     const KithEndpoint *b);
char    *kith_endpoint_dup_address  (const KithEndpoint *self);
char    *kith_endpoint_dup_text     (const KithEndpoint *self);
gboolean kith_endpoint_is_loopback  (const KithEndpoint *self);
gboolean kith_endpoint_is_private   (const KithEndpoint *self);
gboolean kith_endpoint_is_global    (const KithEndpoint *self);
gboolean kith_endpoint_is_dialable  (const KithEndpoint *self);

/* `u8 family (4 or 6) ‖ address ‖ u16 port`, as links and notes have it. */
void     kith_writer_endpoint       (KithWriter         *writer,
                                     const KithEndpoint *endpoint);
gboolean kith_reader_endpoint       (KithReader         *reader,
                                     KithEndpoint       *endpoint);

G_END_DECLS
