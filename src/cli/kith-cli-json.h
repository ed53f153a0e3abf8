/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/kith-finding.h"
#include "model/kith-group.h"
#include "node/kith-node-invites.h"
#include "node/kith-node-network.h"
#include "node/kith-node-verify.h"

G_BEGIN_DECLS

/* Parts of replies and events, the same everywhere. (transfer full) */
JsonObject *kith_cli_json_contact   (KithNode    *node,
                                     KithContact *contact);
JsonObject *kith_cli_json_request   (KithRequest *request);
JsonObject *kith_cli_json_message   (KithMessage *message);
JsonArray  *kith_cli_json_listening (KithNode    *node);
void        kith_cli_json_add_treatment (JsonObject       *object,
                                         KithConversation *conversation);

/* How the network is doing. (transfer full) */
JsonObject *kith_cli_json_dht       (KithNetwork *network);
JsonObject *kith_cli_json_port_map  (KithNetwork *network);
JsonObject *kith_cli_json_lan       (KithNetwork *network);
JsonObject *kith_cli_json_nearby    (KithNearby  *nearby);
/* (transfer full) */
JsonObject *kith_cli_json_invite    (KithInvitation *invitation);

/* @findings: of KithFinding. (transfer full) */
JsonArray  *kith_cli_json_findings  (GListModel  *findings);
/* Of groups: kith-cli-json-groups.c. (transfer full) */
JsonObject *kith_cli_json_group     (KithNode    *node,
                                     KithGroup   *group);
JsonObject *kith_cli_json_member    (KithMember  *member);
JsonObject *kith_cli_json_join_request (KithJoinRequest *request);
void        kith_cli_json_add_group_message (JsonObject  *object,
                                             KithMessage *message);

/* How people are verified. (transfer full) */
JsonObject *kith_cli_json_words     (KithComparison *comparison);
void        kith_cli_json_add_verified (JsonObject *object,
                                        KithContact *contact);

/* What stands in a list for an item. @node: what kith_cli_json_list() got. (transfer full) */
typedef JsonObject *(*KithCliDescribeFunc) (KithNode *node, gpointer item);

JsonArray  *kith_cli_json_list      (GListModel         *items,
                                     KithCliDescribeFunc describe,
                                     KithNode           *node);
JsonObject *kith_cli_json_parse     (const char  *line);
char       *kith_cli_json_to_line   (JsonObject  *object);

G_END_DECLS
