/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/kith-cli-call.h"
#include "cli/kith-cli-progress.h"

G_BEGIN_DECLS

/* A command that takes its time and can be cancelled while it does. */
typedef struct
{
  KithCliCall    *call;        /* (owned) */
  KithCliProgress progress;
  GCancellable   *cancellable; /* (owned): also cancelled when the program ends */
  gulong          app_id;
  GPtrArray      *cancels;     /* (owned) KithCliCall: those who want that it ends */
} KithCliWork;

/* @call: (transfer full); @what: the name of the command, a static string. (transfer full) */
KithCliWork *kith_cli_work_new           (KithCliCall  *call,
                                          const char   *what);
/* Answers the call, and those that wanted it to be cancelled. @self: (transfer full); @reply: (transfer full) (nullable):
 * what there is to say of a success; @error: (nullable): of a failure; @words: (nullable): the same, when the usual ones
 * do not fit. */
void         kith_cli_work_end           (KithCliWork  *self,
                                          JsonObject   *reply,
                                          const GError *error,
                                          const char   *words);
/* Cancels all that is under way. Returns: whether there was something that was not cancelled before */
gboolean     kith_cli_app_cancel_works   (KithCliApp   *app);

G_END_DECLS
