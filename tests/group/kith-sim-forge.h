/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-simulator.h"
#include "proto/kith-group-entry.h"
#include "proto/kith-group-op.h"

G_BEGIN_DECLS

#define KITH_SIM_SECOND_MS 1000
#define KITH_SIM_MINUTE_MS (60 * 1000)
#define KITH_SIM_DAY_MS (24ll * 3600 * 1000)

/* Groups to begin a test with, and what no replica of ours would write. */

KithSim        *kith_sim_make_group  (guint                  n,
                                      const KithGroupPolicy *policy);
KithSimPerson  *kith_sim_get_person  (KithSim               *sim,
                                      guint                  i);
KithGroupEntry *kith_sim_forge_entry (KithSimPerson         *writer,
                                      guint64                seq,
                                      const KithGroupEntry  *before,
                                      const KithGroupOp     *head,
                                      gint64                 written_ms,
                                      const char            *text);
GBytes         *kith_sim_pack_entry  (KithGroupEntry        *entry);
KithGroupOp    *kith_sim_get_head_op (KithSimPerson         *person);
KithGroupOp    *kith_sim_forge_op    (KithSimPerson         *signer,
                                      KithGroupOpType        type,
                                      const KithGroupOp     *before,
                                      const KithGroupOpBody *body);
KithGroupOp    *kith_sim_forge_name  (KithSimPerson         *signer,
                                      const KithGroupOp     *before,
                                      const char            *name);
GBytes         *kith_sim_pack_op     (KithGroupOp           *op);

G_END_DECLS
