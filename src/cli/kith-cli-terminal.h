/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/kith-cli-app.h"

G_BEGIN_DECLS

/**
 * KithCliInput:
 *
 * The way in: lines from a program or a pipe, or from somebody at a terminal, with line editing.
 */
typedef struct _KithCliInput KithCliInput;

KithCliInput *kith_cli_input_new        (KithCliApp   *app,
                                         gboolean      interactive);
void          kith_cli_input_free       (KithCliInput *self);
void          kith_cli_input_forget     (KithCliInput *self);
void          kith_cli_input_print      (KithCliInput *self,
                                         const char   *text);
void          kith_cli_input_set_prompt (KithCliInput *self,
                                         const char   *name);

G_END_DECLS
