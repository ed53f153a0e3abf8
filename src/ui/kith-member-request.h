/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

/* A contact request to somebody whom we know from a group alone. */

gboolean kith_member_request_is_possible (KithMember *member);
void     kith_member_request_ask         (GtkWindow  *parent,
                                          KithNode   *node,
                                          KithMember *member);

G_END_DECLS
