/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-session.h"

G_BEGIN_DECLS

/**
 * KithListener:
 *
 * Waits for people on a port, shakes hands with whoever comes, within limits, and hands over the
 * sessions. Main thread.
 */
typedef struct _KithListener KithListener;

/* @session: (transfer none): new, waiting for OPEN; set its events at once */
typedef void (*KithListenerFunc) (KithSession *session, gpointer user_data);

KithListener *kith_listener_new           (KithLocal        *local,
                                           KithListenerFunc  func,
                                           gpointer          user_data);
void          kith_listener_free          (KithListener     *self);
gboolean      kith_listener_start         (KithListener     *self,
                                           const char       *address,
                                           guint16           port,
                                           gboolean          try_next,
                                           GError          **error);
guint16       kith_listener_get_port      (KithListener     *self);
guint         kith_listener_get_half_open (KithListener     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithListener, kith_listener_free)

G_END_DECLS
