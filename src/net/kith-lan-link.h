/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "net/kith-lan-place.h"

G_BEGIN_DECLS

/**
 * KithLanLink:
 *
 * The group of KITH on one interface, for one family (protocol 7.6): sends datagrams to it and
 * hands over what others send. Main thread.
 */
typedef struct _KithLanLink KithLanLink;

/* @data: (array length=len): a datagram; untrusted. @source: an address on this link. May close
 * the link. */
typedef void (*KithLanLinkFunc) (const guint8       *data,
                                 gsize               len,
                                 const KithEndpoint *source,
                                 gpointer            user_data);

KithLanLink        *kith_lan_link_new       (const KithLanPlace *place,
                                             guint16             port,
                                             KithLanLinkFunc     func,
                                             gpointer            user_data,
                                             GError            **error);
void                kith_lan_link_close     (KithLanLink        *self);
const KithLanPlace *kith_lan_link_get_place (KithLanLink        *self);
void                kith_lan_link_set_place (KithLanLink        *self,
                                             const KithLanPlace *place);
void                kith_lan_link_send      (KithLanLink        *self,
                                             const guint8       *data,
                                             gsize               len);

G_END_DECLS
