/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-rendezvous.h"

G_BEGIN_DECLS

/* When and at which places two people meet in the DHT: pure functions of what they have in common
 * and of the time. Protocol 7.1. */

guint    kith_meeting_get_epochs       (const guint8   root[KITH_RENDEZVOUS_ROOT_BYTES],
                                        gint64         now_s,
                                        guint64        epochs[2]);
gboolean kith_meeting_has_epoch        (const guint64 *epochs,
                                        guint          n,
                                        guint64        epoch);
guint    kith_meeting_get_edge_s       (const guint8   root[KITH_RENDEZVOUS_ROOT_BYTES],
                                        gint64         now_s);
guint    kith_meeting_get_period_s     (guint          n);
guint    kith_meeting_get_phase_s      (const guint8   root[KITH_RENDEZVOUS_ROOT_BYTES],
                                        gint64         now_s,
                                        guint          period_s);
guint    kith_meeting_get_turn_left_s  (const guint8   root[KITH_RENDEZVOUS_ROOT_BYTES],
                                        gint64         now_s,
                                        guint          period_s);
guint    kith_meeting_get_until_look_s (const guint8   root[KITH_RENDEZVOUS_ROOT_BYTES],
                                        gint64         now_s,
                                        guint          period_s);
guint    kith_meeting_get_until_turn_s (const guint8   root[KITH_RENDEZVOUS_ROOT_BYTES],
                                        gint64         now_s,
                                        guint          period_s);

G_END_DECLS
