/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-meeting.h"

G_BEGIN_DECLS

/* kith-meeting.c has what is asked and put, and when; kith-meeting-found.c what comes. */

/* How much is done for a meeting. */
typedef enum
{
  TIER_LISTENED,  /* the value is kept, and theirs is told to us */
  TIER_PUBLISHED, /* the value is kept, and theirs is asked for now and then */
  TIER_TURNS,     /* both only at the minutes that the two have in common */
} KithMeetingTier;

/* A value of ours in the DHT. */
typedef struct
{
  guint64 epoch;
  guint   version; /* of what it says */
  guint   put;     /* handle */
} KithMeetingPut;

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
} KithMeetingSpot;

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
  guint64         last_seq;   /* of the values that were accepted */
  gint64          rank;
  KithMeetingTier            tier;
  gboolean        active;
  gboolean        look_due;
  guint           look;       /* number of the one that is due, or was last */
  guint           n_looks;    /* since it became active, or was made to look again */
  gint64          begun_us;   /* monotonic: when that was */
  gint64          look_at_us; /* monotonic: the next look, unless one is due */
  gint64          looked_ms;  /* unix time of the last one; 0 = never */
  GArray         *out;        /* (owned) KithMeetingPut */
  GPtrArray      *in;         /* (owned) KithMeetingSpot */
  GSource        *turn;       /* (owned) (nullable) */
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
  gint64         minute_us;    /* when the present minute of tries began */
  guint          n_tried;      /* values in it */
};

void kith_meeting_value_cb (const guint8 *data,
                            gsize         len,
                            gpointer      spot);
void kith_meeting_done_cb  (gpointer      spot);

G_END_DECLS
