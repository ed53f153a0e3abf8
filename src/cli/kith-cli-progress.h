/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/kith-cli-app.h"

G_BEGIN_DECLS

/* How far something has come that takes its time: said at each tenth, to programs as the event
 * "progress", to people when they are at a terminal. */
typedef struct
{
  KithCliApp *app;    /* (unowned) */
  const char *what;   /* a command */
  guint       tenths; /* that were told */
} KithCliProgress;

/* A KithProgressFunc. @user_data: a KithCliProgress */
void kith_cli_progress_cb (double   fraction,
                           gpointer user_data);

G_END_DECLS
