/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about the people in a group: who they are, who asks to be, who is admin. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "base/kith-error.h"
#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-invites.h"

/* Returns: (transfer none) (nullable): NULL after the call was answered */
static KithMember *
need_member (KithCliCall *call, KithGroup *group)
{
  g_autoptr (GError) error = NULL;
  KithMember *member = kith_node_find_member (group, kith_cli_call_get_string (call, "who"), &error);

  if (member == NULL)
    kith_cli_call_fail (call, error, error->message);
  return member;
}

/* --- Lists ---------------------------------------------------------------------------------- */

static JsonObject *
json_member (KithNode *node, gpointer item)
{
  return kith_cli_json_member (item);
}

static JsonObject *
json_join_request (KithNode *node, gpointer item)
{
  return kith_cli_json_join_request (item);
}

void
kith_cli_handle_members (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_cli_call_reply_list (call, "members", kith_group_get_members (group), json_member);
}

void
kith_cli_handle_who_admin (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);
  KithMember *admin = group != NULL ? kith_group_get_admin (group) : NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *reply;

  if (group == NULL)
    return;

  if (admin == NULL)
    {
      error = g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_FOUND, "The admin is not known yet");
      kith_cli_call_fail (call, error, error->message);
      return;
    }

  reply = json_object_new ();
  json_object_set_object_member (reply, "admin", kith_cli_json_member (admin));
  kith_cli_call_reply (call, reply);
}

void
kith_cli_handle_group_requests (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_cli_call_reply_list (call, "requests", kith_group_get_requests (group), json_join_request);
}

/* Somebody whom we know from the group alone. */
void
kith_cli_handle_befriend (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithGroup *group = kith_cli_call_need_group (call);
  KithMember *member = group != NULL ? need_member (call, group) : NULL;

  if (member == NULL)
    return;

  if (kith_member_is_self (member))
    kith_cli_call_fail_invalid (call, "That is you");
  else
    kith_node_join_async (node, kith_member_get_id (member), kith_cli_call_get_string (call, "text"),
                          kith_cli_app_get_cancellable (kith_cli_call_get_app (call)),
                          kith_cli_joined_cb, call);
}

/* --- Who is let in, and who has to go ------------------------------------------------------- */

typedef void (*AnswerFunc) (KithNode *node, KithGroup *group, KithJoinRequest *request,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);

static void
answer (KithCliCall *call, AnswerFunc func)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithGroup *group = kith_cli_call_need_group (call);
  g_autoptr (GError) error = NULL;
  KithJoinRequest *request;

  if (group == NULL)
    return;

  request = kith_node_find_join_request (group, kith_cli_call_get_string (call, "who"), &error);
  if (request != NULL)
    func (node, group, request, NULL, kith_cli_done_cb, kith_cli_pending_new_group (call));
  else
    kith_cli_call_fail (call, error, error->message);
}

void
kith_cli_handle_approve (KithCliCall *call)
{
  answer (call, kith_node_approve_async);
}

void
kith_cli_handle_deny (KithCliCall *call)
{
  answer (call, kith_node_deny_async);
}

typedef void (*MemberFunc) (KithNode *node, KithGroup *group, KithMember *member,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);

static void
act_on_member (KithCliCall *call, MemberFunc func)
{
  KithGroup *group = kith_cli_call_need_group (call);
  KithMember *member = group != NULL ? need_member (call, group) : NULL;

  if (member != NULL)
    func (kith_cli_call_get_node (call), group, member, NULL, kith_cli_done_cb, kith_cli_pending_new_group (call));
}

void
kith_cli_handle_kick (KithCliCall *call)
{
  act_on_member (call, kith_node_kick_async);
}

/* --- Who is admin --------------------------------------------------------------------------- */

/* Without a member: what was offered is taken back. */
void
kith_cli_handle_transfer_admin (KithCliCall *call)
{
  KithGroup *group;

  if (kith_cli_call_get_string (call, "who") != NULL)
    {
      act_on_member (call, kith_node_transfer_admin_async);
      return;
    }

  group = kith_cli_call_need_group (call);
  if (group != NULL)
    kith_node_transfer_admin_async (kith_cli_call_get_node (call), group, NULL, NULL, kith_cli_done_cb,
                                    kith_cli_pending_new_group (call));
}

static void
answer_transfer (KithCliCall *call, gboolean accept)
{
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_node_answer_transfer_async (kith_cli_call_get_node (call), group, accept, NULL,
                                     kith_cli_done_cb, kith_cli_pending_new_group (call));
}

void
kith_cli_handle_accept_admin (KithCliCall *call)
{
  answer_transfer (call, TRUE);
}

void
kith_cli_handle_decline_admin (KithCliCall *call)
{
  answer_transfer (call, FALSE);
}

void
kith_cli_handle_endorse (KithCliCall *call)
{
  act_on_member (call, kith_node_endorse_async);
}

void
kith_cli_handle_claim_admin (KithCliCall *call)
{
  KithGroup *group = kith_cli_call_need_group (call);

  if (group != NULL)
    kith_node_claim_admin_async (kith_cli_call_get_node (call), group, NULL, kith_cli_done_cb,
                                 kith_cli_pending_new_group (call));
}
