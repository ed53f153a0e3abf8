/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-finding.h"
#include "model/kith-network.h"
#include "net/kith-port-map.h"
#include "node/kith-dial-back.h"

G_BEGIN_DECLS

/* What the connection doctor says: each adds findings (KithFinding) to a list. */

/* Whether the router lets people in. */
void kith_doctor_add_router    (GListStore         *findings,
                                KithNetwork        *network,
                                guint16             port,
                                KithPortMap        *port_map);
/* Whether this clock and those of others agree. */
void kith_doctor_add_clock     (GListStore         *findings,
                                KithNetwork        *network);
/* Whether its firewall for IPv6 does. */
void kith_doctor_add_pinhole   (GListStore         *findings,
                                KithNetwork        *network,
                                guint16             port,
                                KithPortMap        *port_map);
/* Whether we can be looked up. */
void kith_doctor_add_dht       (GListStore         *findings,
                                KithNetwork        *network);
/* Whether people on the same network find us. */
void kith_doctor_add_lan       (GListStore         *findings,
                                KithNetwork        *network);
/* What contacts said who dialled us back. */
void kith_doctor_add_dial_back (GListStore         *findings,
                                KithDialBackAnswer *answer,
                                guint16             port);
/* Of one contact: kith-doctor-contact.c. Something that was at @time_ms, ms since 1970, or with 0 is now. */
void kith_doctor_add_at        (GListStore         *findings,
                                KithFindingLevel    level,
                                const char         *code,
                                const char         *title,
                                const char         *detail,
                                const char         *advice,
                                gint64              time_ms);
/* How they are reached, or why not. */
void kith_doctor_add_contact   (GListStore         *findings,
                                KithPeer           *peer);
/* How sessions with them were interrupted, the newest first. */
void kith_doctor_add_ends      (GListStore         *findings,
                                KithPeer           *peer);

G_END_DECLS
