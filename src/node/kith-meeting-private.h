/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-quota.h"
#include "base/kith-timer.h"
#include "node/kith-meeting.h"

G_BEGIN_DECLS

/* What kith-meeting.c (when) and kith-meeting-step.c (what) share. */

/* How much is done for a meeting. */
typedef enum
{
  KITH_MEETING_LISTENED,  /* the value is kept, and theirs is told to us */
  KITH_MEETING_PUBLISHED, /* the value is kept, and theirs is asked for now and then */
  KITH_MEETING_TURNS,     /* both only at the minutes that the two have in common */
} KithMeetingTier;

/* A value of ours in the DHT. */
typedef struct
{
  guint64 epoch;
  guint   version; /* of what it says */
  guint   put;     /* handle */
} KithOutSpot;

/* A place where theirs may be. */
typedef struct
{
  KithMeeting   *meeting; /* (unowned) */
  guint64        epoch;
  KithRendezvous place;
  guint          listen;  /* handle; 0 = none */
  guint          get;     /* handle; 0 = none */
  guint          look;    /* for which it was asked last */
  guint          n_tried; /* values of this get */
} KithInSpot;

struct _KithMeeting
{
  KithMeetings   *owner;      /* (unowned) */
  guint8          root[KITH_RENDEZVOUS_ROOT_BYTES];
  guint8          dir;        /* of our values; theirs have the other */
  KithMeetingFunc found;
  gpointer        user_data;
  guint8          seal_to[KITH_RENDEZVOUS_KEY_BYTES];
  gboolean        sealed;
  KithSecret     *open_with;  /* (owned) (nullable) */
  gboolean        any;        /* more people than the two can put values here */
  gboolean        quiet;      /* ours are not put */
  guint64         last_seq;   /* of the values that were accepted */
  guint64         seen[KITH_LIMIT_MEETING_SEEN]; /* the beginnings of those that were accepted, if any may come */
  guint           n_seen;
  gint64          rank;
  KithMeetingTier tier;
  gboolean        active;
  gboolean        look_due;
  guint           look;       /* number of the one that is due, or was last */
  guint           n_looks;    /* since it became active, or was made to look again */
  gint64          begun_us;   /* monotonic: when that was */
  gint64          look_at_us; /* monotonic: the next look, unless one is due */
  gint64          looked_ms;  /* unix time of the last one; 0 = never */
  GArray         *out;        /* (owned) KithOutSpot */
  GPtrArray      *in;         /* (owned) KithInSpot */
  KithTimer      *turn;       /* (owned) (nullable) */
  gboolean        queued;
};

struct _KithMeetings
{
  const KithEnv *env;          /* (unowned) */
  KithDht       *dht;          /* (owned) */
  GPtrArray     *meetings;     /* (owned) KithMeeting */
  GQueue         queue;        /* (unowned) KithMeeting that have something to do */
  GSource       *pace;         /* (owned) (nullable) */
  gboolean       ranked;       /* the tiers are in step with the ranks */
  guint          period_s;     /* of those in turns */
  KithEndpoint   endpoints[KITH_LIMIT_ENDPOINTS];
  guint          n_endpoints;
  guint          version;      /* of the endpoints */
  guint64        last_seq;     /* of our values */
  KithQuota      tried;        /* values, in a minute */
};

gboolean kith_meeting_shall_publish (KithMeeting *self);
gboolean kith_meeting_step          (KithMeeting *self);
void     kith_meeting_looked        (KithMeeting *self);
void     kith_in_spot_free          (gpointer     data);

G_END_DECLS
