/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-bucket.h"
#include "node/kith-group-links-private.h"

G_BEGIN_DECLS

/* For kith-group-session.c, which says which groups are linked on a session, and
 * kith-group-session-records.c, which has what flows then. */

/* A group of ours on this session. */
typedef struct
{
  guint8        gid[KITH_GROUP_ID_BYTES];
  KithGroupName name;
  gboolean      linked;
  gboolean      told; /* the host: that they can be reached */
  gboolean      full; /* something was not taken, or has not left: `drained` is waited for */
  gboolean      owes_notes; /* what we had to say of members' addresses found no room */
  KithBucket    joins; /* their requests to join, and answers to ours */
  KithBucket    notes; /* their records of addresses */
  KithBucket    files; /* their records of files */
} KithGroupSpot;

struct _KithGroupSession
{
  GArray       *spots;  /* (owned) KithGroupSpot */
  KithGroupName said[KITH_LIMIT_GROUPS_SHARED];
  guint         n_said;
  KithBucket    sayings;
  gint64        said_us;   /* monotonic: the last time; 0 = not yet */
  GSource      *later;     /* (owned) (nullable): says what has changed since */
  KithGroupName theirs[KITH_LIMIT_GROUPS_SHARED];
  guint         n_theirs;
  KithBucket    changes;   /* of theirs */
  gboolean      is_joiner; /* they have proved to have a link of ours ... */
  guint8        joins[KITH_GROUP_ID_BYTES]; /* ... to this group */
  guint8        link[KITH_INVITE_ID_BYTES];
};

KithGroupSpot *kith_group_session_get_spot  (KithGroupSession *self,
                                             guint             i);
KithGroupSpot *kith_group_session_find_spot (KithGroupSession *self,
                                             const guint8     *gid);

G_END_DECLS
