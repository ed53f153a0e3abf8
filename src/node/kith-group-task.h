/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-group-host.h"
#include "node/kith-node-private.h"

G_BEGIN_DECLS

/* What the user wants of a group: how it begins and how it is answered. Main thread. */

GTask         *kith_group_task_new                (KithNode             *self,
                                                   gpointer              tag,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
KithGroupHost *kith_group_task_get_host           (KithNode             *self,
                                                   KithGroup            *group,
                                                   GTask                *task);
KithGroupHost *kith_group_task_get_membership     (KithNode             *self,
                                                   KithGroup            *group,
                                                   GTask                *task);
KithGroupHost *kith_group_task_get_administration (KithNode             *self,
                                                   KithGroup            *group,
                                                   GTask                *task);
gboolean       kith_group_task_are_rules          (const KithGroupRules *rules);
void           kith_group_task_end                (KithGroupHost        *host,
                                                   gboolean              done,
                                                   GError               *error,
                                                   GTask                *task);

G_END_DECLS
