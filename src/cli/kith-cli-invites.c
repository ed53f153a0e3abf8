/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about one-time invites, ours and those of others. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"

#include "base/kith-error.h"

/* --- Ours ----------------------------------------------------------------------------------- */

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithInvitation) invitation = NULL;

  invitation = kith_node_create_invite_finish (KITH_NODE (source), result, &error);
  if (invitation != NULL)
    kith_cli_call_reply (call, kith_cli_json_invite (invitation));
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_INVALID))
    kith_cli_call_fail (call, error, "An invite lives for 60 seconds at least and 30 days at most.");
  else
    kith_cli_call_fail (call, error, NULL);
}

void
kith_cli_handle_invite (KithCliCall *call)
{
  kith_node_create_invite_async (kith_cli_call_get_node (call), kith_cli_call_get_int (call, "expires_s", 0),
                                 kith_cli_call_get_string (call, "note"),
                                 kith_cli_app_get_cancellable (kith_cli_call_get_app (call)), created_cb, call);
}

static JsonObject *
json_invite (KithNode *node, gpointer item)
{
  return kith_cli_json_invite (item);
}

void
kith_cli_handle_invites (KithCliCall *call)
{
  kith_cli_call_reply_list (call, "invites", kith_node_get_invitations (kith_cli_call_get_node (call)), json_invite);
}

void
kith_cli_handle_revoke (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithInvitation *invitation = kith_node_find_invitation (node, kith_cli_call_get_string (call, "invite"));
  g_autoptr (GError) error = NULL;

  if (invitation == NULL)
    {
      error = g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_FOUND, "No such invite");
      kith_cli_call_fail (call, error, "There is no such invite. /invites lists them.");
      return;
    }

  kith_node_revoke_invite_async (node, invitation, NULL, kith_cli_done_cb,
                                 kith_cli_pending_new (call, kith_node_revoke_invite_finish));
}

/* --- Those of others ------------------------------------------------------------------------ */

void
kith_cli_joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  static const char *const states[] = {
    [KITH_JOIN_ONLINE] = "online",
    [KITH_JOIN_REQUESTED] = "requested",
    [KITH_JOIN_WAITING] = "waiting",
  };
  KithCliCall *call = user_data;
  KithNode *node = KITH_NODE (source);
  KithJoinOutcome outcome;
  g_autoptr (KithContact) contact = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *reply;

  if (!kith_node_join_finish (node, result, &outcome, &contact, &error))
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  reply = json_object_new ();
  json_object_set_string_member (reply, "state", states[outcome]);
  json_object_set_object_member (reply, "contact", kith_cli_json_contact (node, contact));
  kith_cli_call_reply (call, reply);
}

void
kith_cli_handle_add (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *link = kith_cli_call_get_string (call, "invite");

  if (kith_node_inspect_link (node, link, NULL, NULL) == KITH_LINK_NONE)
    kith_cli_call_fail_invalid (call, "That is neither an invite nor an ID of Kith. Something of it may be "
                                      "missing: copy it whole.");
  else
    kith_node_join_async (node, link, kith_cli_call_get_string (call, "text"),
                          kith_cli_app_get_cancellable (kith_cli_call_get_app (call)), kith_cli_joined_cb, call);
}
