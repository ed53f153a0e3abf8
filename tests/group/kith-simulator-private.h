/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-simulator.h"

G_BEGIN_DECLS

typedef struct
{
  guint          id;
  KithSimPerson *ends[2];
  gint64         last_ms[2]; /* when what was sent last to that end is there: a link keeps the order */
} KithSimLink;

typedef struct
{
  gint64         due_ms;
  guint64        order;
  guint          link;
  KithSimPerson *to;
  guint8         record;
  GBytes        *body;
} KithSimPacket;

struct _KithSim
{
  GRand      *rand;
  gint64      now_ms;
  guint64     order;
  GPtrArray  *people;
  GHashTable *links; /* id -> Link */
  guint       next_link;
  GSequence  *packets;
  guint8      gid[32];
  guint       min_delay_ms;
  guint       max_delay_ms;
  gboolean    overlay;
  gint64      overlay_ms;
};

KithGroupSelf kith_sim_get_self (KithSimPerson *person);

G_END_DECLS
