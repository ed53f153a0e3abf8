/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-endpoint.h"
#include "base/kith-env.h"
#include "proto/kith-beacon.h"

G_BEGIN_DECLS

/**
 * KithLanDelegate:
 * @list_tags: writes the tags of our contacts for @nonce, from the contact with number @first on
 *   and at most @max, and returns how many; fewer than @max are the last ones
 * @heard: somebody who listens at @from called, and may be one of our contacts: untrusted. May
 *   stop and free the #KithLan
 *
 * What finding people on the network asks the node, and tells it. Main thread.
 */
typedef struct
{
  guint (*list_tags) (const guint8       *nonce,
                      guint8            (*tags)[KITH_BEACON_TAG_BYTES],
                      guint               first,
                      guint               max,
                      gpointer            user_data);
  void  (*heard)     (const KithBeacon   *beacon,
                      const KithEndpoint *from,
                      gpointer            user_data);
} KithLanDelegate;

/**
 * KithLan:
 *
 * Finds people on the same network and lets contacts, and only them, find us (protocol 7.6).
 * Main thread.
 */
typedef struct _KithLan KithLan;

KithLan  *kith_lan_new           (const KithEnv         *env,
                                  const KithLanDelegate *delegate,
                                  gpointer               user_data);
void      kith_lan_free          (KithLan               *self);
void      kith_lan_set_interface (KithLan               *self,
                                  const char            *name);
gboolean  kith_lan_start         (KithLan               *self,
                                  guint16                udp_port,
                                  GError               **error);
void      kith_lan_stop          (KithLan               *self);
void      kith_lan_set_port      (KithLan               *self,
                                  guint16                tcp_port);
void      kith_lan_present       (KithLan               *self,
                                  const guint8          *identity,
                                  const char            *name);
void      kith_lan_announce      (KithLan               *self,
                                  gboolean               query);
guint     kith_lan_get_n_links   (KithLan               *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithLan, kith_lan_free)

G_END_DECLS
