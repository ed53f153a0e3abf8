/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/kith-cli-call.h"
#include "model/kith-broadcast.h"
#include "model/kith-transfer.h"

G_BEGIN_DECLS

/* What the commands of the table in kith-cli-commands.c do. Each answers its call, at once or later. */

/* Each "need" answers the call itself when it returns NULL: nothing can be asked of the call after that. */
KithContact *kith_cli_call_need_contact (KithCliCall *call, const char *argument);

/* kith-cli-conversations.c */
KithConversation *kith_cli_call_need_conversation (KithCliCall *call, const char *argument);
KithGroup   *kith_cli_call_need_group   (KithCliCall *call);
GPtrArray   *kith_cli_call_need_people  (KithCliCall *call, const char *names);

#define KITH_CLI_PAGE 50 /* messages or hits, where no limit is given */
gboolean     kith_cli_call_take_limit   (KithCliCall *call, guint *limit);

/* kith-cli-reach.c */
void kith_cli_handle_listen     (KithCliCall *call);
void kith_cli_handle_unlisten   (KithCliCall *call);
void kith_cli_handle_reach      (KithCliCall *call);
void kith_cli_handle_passphrase (KithCliCall *call);
void kith_cli_handle_connect    (KithCliCall *call);
void kith_cli_handle_join       (KithCliCall *call);
void kith_cli_handle_requests   (KithCliCall *call);
void kith_cli_handle_accept     (KithCliCall *call);
void kith_cli_handle_decline    (KithCliCall *call);
void kith_cli_handle_reconnect  (KithCliCall *call);
void kith_cli_connected_cb      (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      user_data);

/* kith-cli-network.c */
void kith_cli_handle_network    (KithCliCall *call);
void kith_cli_handle_nearby     (KithCliCall *call);
void kith_cli_handle_ask        (KithCliCall *call);
void kith_cli_handle_diagnose   (KithCliCall *call);
const char *kith_cli_network_get_setting (guint i);

/* kith-cli-invites.c */
void kith_cli_handle_invite     (KithCliCall *call);
void kith_cli_handle_invites    (KithCliCall *call);
void kith_cli_handle_revoke     (KithCliCall *call);
void kith_cli_handle_add        (KithCliCall *call);

/* kith-cli-contacts.c */
void kith_cli_handle_contacts   (KithCliCall *call);
void kith_cli_handle_online     (KithCliCall *call);
void kith_cli_handle_lasthour   (KithCliCall *call);
void kith_cli_handle_alias      (KithCliCall *call);
void kith_cli_handle_note       (KithCliCall *call);
void kith_cli_handle_favourite  (KithCliCall *call);
void kith_cli_handle_unfavourite (KithCliCall *call);
void kith_cli_handle_block      (KithCliCall *call);
void kith_cli_handle_unblock    (KithCliCall *call);
void kith_cli_handle_blocked    (KithCliCall *call);
void kith_cli_handle_remove     (KithCliCall *call);

/* kith-cli-verify.c */
void kith_cli_handle_safety     (KithCliCall *call);
void kith_cli_handle_verify     (KithCliCall *call);
void kith_cli_handle_unverify   (KithCliCall *call);
void kith_cli_handle_words      (KithCliCall *call);

/* kith-cli-messages.c */
void kith_cli_handle_send       (KithCliCall *call);
void kith_cli_handle_receipts   (KithCliCall *call);
void kith_cli_handle_history    (KithCliCall *call);
void kith_cli_handle_from       (KithCliCall *call);
void kith_cli_handle_clear      (KithCliCall *call);
void kith_cli_handle_read       (KithCliCall *call);
void kith_cli_handle_chat       (KithCliCall *call);

/* kith-cli-draft.c */
void kith_cli_handle_draft      (KithCliCall *call);

/* kith-cli-search.c */
void kith_cli_handle_search     (KithCliCall *call);

/* kith-cli-work.c */
void kith_cli_handle_cancel_command (KithCliCall *call);

/* kith-cli-changes.c */
void kith_cli_handle_edit       (KithCliCall *call);
void kith_cli_handle_delete     (KithCliCall *call);
void kith_cli_handle_react      (KithCliCall *call);
void kith_cli_handle_cancel     (KithCliCall *call);
void kith_cli_handle_retry      (KithCliCall *call);
void kith_cli_handle_forward    (KithCliCall *call);
void kith_cli_handle_timer      (KithCliCall *call);
void kith_cli_handle_mute       (KithCliCall *call);
void kith_cli_handle_unmute     (KithCliCall *call);
void kith_cli_handle_pin        (KithCliCall *call);
void kith_cli_handle_unpin      (KithCliCall *call);
void kith_cli_handle_archive    (KithCliCall *call);
void kith_cli_handle_unarchive  (KithCliCall *call);
void kith_cli_handle_unread     (KithCliCall *call);

/* kith-cli-broadcast.c */
void kith_cli_handle_broadcast  (KithCliCall *call);
void kith_cli_handle_broadcasts (KithCliCall *call);
JsonArray *kith_cli_json_recipients (KithBroadcast *broadcast);

/* kith-cli-files.c */
void kith_cli_handle_send_file  (KithCliCall *call);
void kith_cli_handle_accept_file (KithCliCall *call);
void kith_cli_handle_decline_file (KithCliCall *call);
void kith_cli_handle_pause_file (KithCliCall *call);
void kith_cli_handle_resume_file (KithCliCall *call);
void kith_cli_handle_cancel_file (KithCliCall *call);
void kith_cli_handle_save_file  (KithCliCall *call);
void kith_cli_handle_transfers  (KithCliCall *call);
void kith_cli_handle_files_auto (KithCliCall *call);
void kith_cli_handle_files_folder (KithCliCall *call);
JsonObject *kith_cli_json_transfer (KithTransfer *transfer);

/* kith-cli-groups.c */
void kith_cli_handle_groups     (KithCliCall *call);
void kith_cli_handle_group_new  (KithCliCall *call);
void kith_cli_handle_group_invite (KithCliCall *call);
void kith_cli_handle_group_revoke (KithCliCall *call);
void kith_cli_handle_group_join (KithCliCall *call);
void kith_cli_handle_group_decline (KithCliCall *call);
void kith_cli_handle_group_rename (KithCliCall *call);
void kith_cli_handle_befriend (KithCliCall *call);
void kith_cli_handle_group_topic (KithCliCall *call);
void kith_cli_handle_group_picture (KithCliCall *call);
void kith_cli_handle_group_history (KithCliCall *call);
void kith_cli_handle_group_delete (KithCliCall *call);
void kith_cli_handle_mentions   (KithCliCall *call);
void kith_cli_handle_leave      (KithCliCall *call);

/* kith-cli-members.c */
void kith_cli_handle_members    (KithCliCall *call);
void kith_cli_handle_who_admin  (KithCliCall *call);
void kith_cli_handle_group_requests (KithCliCall *call);
void kith_cli_handle_approve    (KithCliCall *call);
void kith_cli_handle_deny       (KithCliCall *call);
void kith_cli_handle_kick       (KithCliCall *call);
void kith_cli_handle_transfer_admin (KithCliCall *call);
void kith_cli_handle_accept_admin (KithCliCall *call);
void kith_cli_handle_decline_admin (KithCliCall *call);
void kith_cli_handle_endorse    (KithCliCall *call);
void kith_cli_handle_claim_admin (KithCliCall *call);

/* kith-cli-presence.c */
void kith_cli_handle_typing     (KithCliCall *call);
void kith_cli_handle_appear     (KithCliCall *call);
void kith_cli_handle_privacy    (KithCliCall *call);
const char *kith_cli_privacy_get_setting (guint i);

/* kith-cli-vault.c */
void kith_cli_handle_lock       (KithCliCall *call);
void kith_cli_handle_auto_lock  (KithCliCall *call);
void kith_cli_handle_unlock     (KithCliCall *call);
void kith_cli_handle_change_passphrase (KithCliCall *call);
void kith_cli_handle_export     (KithCliCall *call);
void kith_cli_handle_import     (KithCliCall *call);
void kith_cli_handle_transcript (KithCliCall *call);
void kith_cli_handle_erase      (KithCliCall *call);
void kith_cli_handle_profiles   (KithCliCall *call);

/* A write of the node that says no more than whether it worked */
typedef gboolean (*KithCliFinishFunc) (KithNode *node, GAsyncResult *result, GError **error);

typedef struct _KithCliPending KithCliPending;

/* (transfer full): for one of the callbacks below, which answer @call */
KithCliPending *kith_cli_pending_new (KithCliCall *call, KithCliFinishFunc finish);
/* The same for what ends with kith_node_group_finish(): kith-cli-groups.c */
KithCliPending *kith_cli_pending_new_group (KithCliCall *call);
void            kith_cli_sent_cb     (GObject *source, GAsyncResult *result, gpointer user_data);
void            kith_cli_joined_cb   (GObject *source, GAsyncResult *result, gpointer user_data);
void            kith_cli_done_cb     (GObject *source, GAsyncResult *result, gpointer user_data);

G_END_DECLS
