/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "../node/kith-test-people.h"
#include "node/kith-group-host-private.h"

G_BEGIN_DECLS

/* A long history of a group, written by its only author. */
typedef struct
{
  guint8      gid[KITH_GROUP_ID_BYTES];
  guint8      head[KITH_GROUP_ID_BYTES];
  guint32     height;
  KithSecret *seed; /* (owned) */
  guint8      prev[KITH_GROUP_ID_BYTES];
} KithBenchWriter;

KithGroupHost *kith_bench_get_group_host (TestPerson *person);

/* Before @person, who has written nothing yet, is stopped; written while they are. */
void kith_bench_writer_init  (KithBenchWriter *self,
                              TestPerson      *person);
void kith_bench_writer_write (KithBenchWriter *self,
                              TestPerson      *person,
                              guint            n,
                              gint64           first_ms);
void kith_bench_writer_clear (KithBenchWriter *self);

G_END_DECLS
