/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/kith-cli-call.h"

G_BEGIN_DECLS

/* Words for people, made from replies and events. (transfer full) */
char *kith_cli_format_done      (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_status    (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_listening (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_connected (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_requests  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_accepted  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_contacts  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_safety    (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_chat      (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_receipts  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_hits (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_profiles (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_history   (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_help      (KithCliCall *call, JsonObject *reply);

/* (nullable): events that people need not be told of */
char *kith_cli_format_event     (const char *name, JsonObject *event);

G_END_DECLS
