/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/kith-cli-call.h"
#include "cli/kith-cli-text.h"

G_BEGIN_DECLS

/* Words for people, made from replies and events. (transfer full) */
char *kith_cli_format_done      (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_status    (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_sent_to   (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_broadcasts (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_appear    (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_privacy   (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_listening (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_connected (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_requests  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_accepted  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_contacts  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_chat      (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_receipts  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_draft     (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_hits      (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_profiles  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_history   (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_imported  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_auto_lock   (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_help      (KithCliCall *call, JsonObject *reply);

/* The profile: kith-cli-vault.c. (transfer full) */
char *kith_cli_format_erase     (KithCliCall *call, JsonObject *reply);

/* Files: kith-cli-files.c. (transfer full) */
char *kith_cli_format_transfer  (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_transfers (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_files_auto (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_file_offer (JsonObject *event);
char *kith_cli_format_file_done (JsonObject *event);

/* Verifying: kith-cli-verify.c. (transfer full) */
char *kith_cli_format_safety    (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_words_event (JsonObject *event);

/* The network and invites: kith-cli-format-network.c. (transfer full) */
char *kith_cli_format_invite    (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_invites   (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_added     (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_nearby    (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_reach     (KithCliCall *call, JsonObject *reply);
void  kith_cli_format_append_reach (GString *out, JsonObject *reply);
char *kith_cli_format_network   (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_findings  (KithCliCall *call, JsonObject *reply);
void  kith_cli_format_append_ways (GString *out, JsonObject *status);

/* Groups: kith-cli-format-groups.c. (transfer full) */
char *kith_cli_format_groups    (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_group_new (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_group_invite (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_group_join (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_members   (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_who_admin (KithCliCall *call, JsonObject *reply);
char *kith_cli_format_group_event (JsonObject *event);
char *kith_cli_format_group_request (JsonObject *event);
char *kith_cli_format_group_line (JsonObject *message);

/* Events. (transfer full) (nullable): NULL for those that people need not be told of */
char *kith_cli_format_event     (const char *name, JsonObject *event);
char *kith_cli_format_dht       (JsonObject *event);
char *kith_cli_format_port_map  (JsonObject *event);
char *kith_cli_format_nearby_event (JsonObject *event);
char *kith_cli_format_invite_used (JsonObject *event);
char *kith_cli_format_invite_misused (JsonObject *event);
char *kith_cli_format_edited    (JsonObject *event);
char *kith_cli_format_deleted   (JsonObject *event);
char *kith_cli_format_reaction  (JsonObject *event);
char *kith_cli_format_missing   (JsonObject *event);
char *kith_cli_format_unknown   (JsonObject *event);
char *kith_cli_format_timer     (JsonObject *event);
char *kith_cli_format_content   (JsonObject *message);
void  kith_cli_format_append_reactions (GString *out, JsonObject *message);

/* Members that are strings: safe for a terminal, as a name can be typed again, in its
 * look. (transfer full) */
char *kith_cli_format_somebody  (JsonObject *object, const char *member);
char *kith_cli_safe_member      (JsonObject *object, const char *name);
char *kith_cli_quoted_member    (JsonObject *object, const char *name);
char *kith_cli_painted_member   (KithCliPaint paint, JsonObject *object, const char *name);

G_END_DECLS
