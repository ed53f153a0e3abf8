/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/kith-cli-app.h"

G_BEGIN_DECLS

/**
 * KithCliWatch:
 *
 * Tells of what changes around a node: the ways to others, who is nearby, what became of invites.
 */
typedef struct _KithCliWatch KithCliWatch;

KithCliWatch *kith_cli_watch_new  (KithCliApp   *app,
                                   KithNode     *node);
void          kith_cli_watch_free (KithCliWatch *self);

G_END_DECLS
