/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/kith-cli-app.h"
#include "cli/kith-cli-arguments.h"
#include "cli/kith-cli-json.h"

G_BEGIN_DECLS

/**
 * KithCliCall:
 *
 * One command on its way: its arguments, and where its reply goes. It is answered exactly once,
 * with kith_cli_call_reply() or kith_cli_call_fail(), at once or later.
 */
typedef struct _KithCliCall KithCliCall;

typedef struct
{
  const char     *name;
  KithCliArgument arguments[KITH_CLI_ARGUMENTS_MAX + 1];
  const char     *help;
  void          (*handle) (KithCliCall *call);
  char         *(*format) (KithCliCall *call, JsonObject *reply); /* nullable: words for people */
  gboolean        when_locked; /* works without a node as well */
} KithCliCommand;

const KithCliCommand *kith_cli_commands_get  (guint      *n);
const KithCliCommand *kith_cli_commands_find (const char *name);

void         kith_cli_call_run_json     (KithCliApp            *app,
                                         const char            *line);
gboolean     kith_cli_call_is_secret   (const char            *text);
void         kith_cli_call_run_words    (KithCliApp            *app,
                                         const char            *word,
                                         const char            *rest);
gboolean     kith_cli_call_run_argv     (KithCliApp            *app,
                                         char                 **argv);
void         kith_cli_call_run_send     (KithCliApp            *app,
                                         const char            *to,
                                         const char            *text);
void         kith_cli_call_refuse_line  (KithCliApp            *app,
                                         const char            *words);
void         kith_cli_call_refuse_argv  (KithCliApp            *app,
                                         const GError          *error,
                                         const char            *words);

KithCliApp  *kith_cli_call_get_app      (KithCliCall           *self);
KithNode    *kith_cli_call_get_node     (KithCliCall           *self);
const char  *kith_cli_call_get_string   (KithCliCall           *self,
                                         const char            *name);
gint64       kith_cli_call_get_int      (KithCliCall           *self,
                                         const char            *name,
                                         gint64                 fallback);
gboolean     kith_cli_call_means        (KithCliCall           *self,
                                         const char            *name,
                                         KithCliCall           *other);
void         kith_cli_call_reply        (KithCliCall           *self,
                                         JsonObject            *reply);
void         kith_cli_call_reply_list   (KithCliCall           *self,
                                         const char            *name,
                                         GListModel            *items,
                                         KithCliDescribeFunc    describe);
void         kith_cli_call_reply_stored (KithCliCall           *self,
                                         JsonObject            *reply);
void         kith_cli_call_fail         (KithCliCall           *self,
                                         const GError          *error,
                                         const char            *words);
void         kith_cli_call_fail_invalid (KithCliCall           *self,
                                         const char            *words);
void         kith_cli_call_fail_locked  (KithCliCall           *self);

G_END_DECLS
