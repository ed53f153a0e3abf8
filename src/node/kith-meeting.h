/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-env.h"
#include "base/kith-secret.h"
#include "net/kith-dht.h"
#include "proto/kith-rendezvous.h"

G_BEGIN_DECLS

/**
 * KithMeetings: (skip)
 *
 * Where we are is put into the DHT for those who look for us, and those who are absent are looked
 * for, at places that only the two know. Protocol 7. Main thread.
 *
 * A #KithMeeting is one such other: a root, the direction of our values, and what to do with theirs.
 * How much of the DHT's traffic it gets is a matter of its rank: the meetings of the highest ranks
 * have their values kept there and are listened for, the next ones have their values kept there and
 * are asked for in longer and longer turns; for all others both sides come to the place at the same
 * minutes of the day, which they can compute.
 */
typedef struct _KithMeetings KithMeetings;
typedef struct _KithMeeting KithMeeting;

/* @value: authentic, fresh, and new; its endpoints are still to be judged. */
typedef void (*KithMeetingFunc) (KithMeeting *meeting, const KithRendezvousValue *value,
                                 gpointer user_data);

KithMeetings *kith_meetings_new           (const KithEnv       *env,
                                           KithDht             *dht);
void          kith_meetings_free          (KithMeetings        *self);
void          kith_meetings_set_endpoints (KithMeetings        *self,
                                           const KithEndpoint  *endpoints,
                                           guint                n);
void          kith_meetings_look_again    (KithMeetings        *self);

KithMeeting  *kith_meetings_add           (KithMeetings        *self,
                                           const guint8         root[KITH_RENDEZVOUS_ROOT_BYTES],
                                           guint8               dir,
                                           KithMeetingFunc      found,
                                           gpointer             user_data);
void          kith_meeting_remove         (KithMeeting         *self);
void          kith_meeting_seal_to        (KithMeeting         *self,
                                           const guint8         reader[KITH_RENDEZVOUS_KEY_BYTES]);
void          kith_meeting_open_with      (KithMeeting         *self,
                                           KithSecret          *reader);
void          kith_meeting_set_last_seq   (KithMeeting         *self,
                                           guint64              seq);
void          kith_meeting_take_any       (KithMeeting         *self);
void          kith_meeting_keep_quiet     (KithMeeting         *self);
void          kith_meeting_set_rank       (KithMeeting         *self,
                                           gint64               rank);
void          kith_meeting_set_active     (KithMeeting         *self,
                                           gboolean             active);
void          kith_meeting_look_now       (KithMeeting         *self);
gboolean      kith_meeting_is_looking     (KithMeeting         *self);
gint64        kith_meeting_get_looked_ms  (KithMeeting         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithMeetings, kith_meetings_free)

G_END_DECLS
