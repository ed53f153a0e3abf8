/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "group/kith-group-replica.h"

G_BEGIN_DECLS

/* Many replicas of one group in one process, on a clock that is moved by hand. Each person has a
 * store that gets what their replica wants stored, in one transaction for each call: a restart
 * begins with what was committed. Everything follows from the seed. */

typedef struct _KithSim KithSim;

/* One entry as a store has it. */
typedef struct
{
  KithGroupEntry *entry; /* (owned): hollow when redacted */
  gboolean        redacted;
} KithSimStored;

typedef struct
{
  KithSim          *sim;
  guint             number;
  guint8            identity_seed[32];
  guint8            identity[32];
  KithSecret       *author_seed;
  KithSecret       *next_seed; /* (nullable) */
  KithGroupReplica *replica;   /* (nullable): while not running */
  gint64            skew_ms;   /* of their clock */
  gboolean          hostile;   /* not held to what honest ones are */
  gint64            due_ms;
  guint             side;      /* of a partition: only the same see each other */

  GPtrArray  *ops;     /* (owned) (element-type GBytes) */
  GArray     *op_times;
  GHashTable *entries; /* (owned): "author seq" -> KithSimStored */
  GBytes     *state;   /* (owned) (nullable) */
  GBytes     *picture; /* (owned) (nullable) */
  GHashTable *shown;   /* (owned): "author seq" -> KithGroupEntry */

  GHashTable *events;  /* (owned): KithGroupEvent -> how often */
  GHashTable *numbers; /* (owned): KithGroupEvent -> the number of the last */
  GPtrArray  *requests; /* (owned) (element-type GBytes): that wait for this admin */
  gboolean    offered;
  guint64     sent_bytes;
  guint64     received_bytes;
  guint64     sync_bytes; /* sent: entries, and what is said to get them */
  guint       dropped_links;
  gboolean    auto_approve;
  gboolean    lose_next_commit; /* the machine dies before the next transaction is through */
} KithSimPerson;

KithSim       *kith_sim_new            (guint32        seed);
void           kith_sim_free           (KithSim       *self);
GRand         *kith_sim_get_rand       (KithSim       *self);
gint64         kith_sim_get_now        (KithSim       *self);
GPtrArray     *kith_sim_get_people     (KithSim       *self);
const guint8  *kith_sim_get_gid        (KithSim       *self);
void           kith_sim_set_delay      (KithSim       *self,
                                        guint          min_ms,
                                        guint          max_ms);
void           kith_sim_set_overlay    (KithSim       *self,
                                        gboolean       on);

KithSimPerson *kith_sim_add_person     (KithSim       *self);
void           kith_sim_create         (KithSimPerson *admin,
                                        const KithGroupPolicy *policy);
GBytes        *kith_sim_make_request   (KithSimPerson *person,
                                        const guint8  *replaces,
                                        KithSecret    *seed);
void           kith_sim_ask            (KithSimPerson *person);
void           kith_sim_add_by         (KithSimPerson *admin,
                                        KithSimPerson *person);
void           kith_sim_restart        (KithSimPerson *person,
                                        gboolean       from_backup);
void           kith_sim_stop           (KithSimPerson *person);
void           kith_sim_start          (KithSimPerson *person,
                                        gboolean       from_backup);
void           kith_sim_drain          (KithSimPerson *person);
gint64         kith_sim_person_now     (KithSimPerson *person);
const guint8  *kith_sim_author         (KithSimPerson *person);

guint          kith_sim_connect        (KithSimPerson *a,
                                        KithSimPerson *b);
void           kith_sim_disconnect     (KithSimPerson *a,
                                        KithSimPerson *b);
void           kith_sim_disconnect_all (KithSimPerson *person);
gboolean       kith_sim_is_connected   (KithSimPerson *a,
                                        KithSimPerson *b);
void           kith_sim_connect_all    (KithSim       *self);
void           kith_sim_inject         (KithSimPerson *from,
                                        KithSimPerson *to,
                                        guint8         record,
                                        GBytes        *body);

void           kith_sim_erase          (KithSimPerson *person,
                                        const guint8  *author,
                                        guint64        seq);
gboolean       kith_sim_post           (KithSimPerson *person,
                                        const char    *text);
void           kith_sim_run            (KithSim       *self,
                                        gint64         ms);
guint          kith_sim_count_event    (KithSimPerson *person,
                                        KithGroupEvent event);
guint          kith_sim_count_shown    (KithSimPerson *person);
gboolean       kith_sim_shows          (KithSimPerson *person,
                                        const char    *text);
char          *kith_sim_describe       (KithSimPerson *person,
                                        gint64         from_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithSim, kith_sim_free)

G_END_DECLS
