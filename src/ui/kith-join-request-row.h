/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

/* Somebody who asks us, the admin, to be let into a group, and the decision. */

GtkWidget *kith_join_request_row_new (KithJoinRequest *request,
                                      KithNode        *node,
                                      KithGroup       *group);

G_END_DECLS
