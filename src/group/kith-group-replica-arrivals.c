/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.3: how fast entries of one author are taken. By his own clock an author may have written
 * for years what he gives to everybody now: what is more than much is asked for later, and nothing of it
 * is lost. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include "group/kith-group-replica-private.h"

/* Less than that is not worth a question. */
#define ROOM_BYTES (KITH_LIMIT_GROUP_ARRIVED_BYTES / 16)
#define ENTRY_BYTES (KITH_LIMIT_GROUP_CONTENT_BYTES + KITH_GROUP_HEADER_BYTES + KITH_SIGNATURE_BYTES)

/* What time has given back. A clock that was set back gives nothing, and takes nothing. */
static void
drain (KithGroupReplica *self, KithGroupLog *log)
{
  gint64 passed_ms = CLAMP (self->now_ms - log->arrived_ms, 0,
                            KITH_LIMIT_GROUP_ARRIVED_BYTES / KITH_LIMIT_GROUP_ARRIVED_BYTES_PER_MS);

  log->arrived_bytes -=
    MIN (log->arrived_bytes, (guint64) passed_ms * KITH_LIMIT_GROUP_ARRIVED_BYTES_PER_MS);
  log->arrived_ms = self->now_ms;
}

/* (skip) an entry of somebody else has been taken */
void
kith_group_replica_count_arrival (KithGroupReplica *self, KithGroupLog *log,
                                  const KithGroupEntry *entry)
{
  drain (self, log);
  log->arrived_bytes += KITH_GROUP_HEADER_BYTES + KITH_SIGNATURE_BYTES + entry->content_len;
}

/* (skip) how many entries of an author may be asked for now; 0: when there is room, all are asked
 * for again */
guint64
kith_group_replica_get_room (KithGroupReplica *self, KithGroupLog *log)
{
  guint64 over;

  drain (self, log);
  if (log->arrived_bytes + ROOM_BYTES <= KITH_LIMIT_GROUP_ARRIVED_BYTES)
    return (KITH_LIMIT_GROUP_ARRIVED_BYTES - log->arrived_bytes) / ENTRY_BYTES;

  over = log->arrived_bytes + ROOM_BYTES - KITH_LIMIT_GROUP_ARRIVED_BYTES;
  self->room_ms = MIN (self->room_ms, self->now_ms + 1
                                        + (gint64) (over / KITH_LIMIT_GROUP_ARRIVED_BYTES_PER_MS));
  return 0;
}

/* (skip) whether to leave an entry that came unasked; it is asked for later */
gboolean
kith_group_replica_has_no_room (KithGroupReplica *self, KithGroupLog *log,
                                const KithGroupEntry *entry, guint from_link)
{
  gboolean is_asked = log->want_link == from_link && entry->seq <= log->want_to;

  return from_link != 0 && !is_asked && kith_group_replica_get_room (self, log) == 0;
}

/* (skip) by time: there may be room again */
void
kith_group_replica_check_room (KithGroupReplica *self)
{
  if (self->room_ms > self->now_ms)
    return;

  self->room_ms = G_MAXINT64;
  kith_group_replica_ask_all (self);
}
