/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about messages that were written, and about how a conversation is treated. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "base/kith-limits.h"
#include "cli/kith-cli-handlers.h"
#include "node/kith-node-messages.h"

#define MUTE_FOR_GOOD_MS G_MAXINT64

/* --- Messages ------------------------------------------------------------------------------- */

void
kith_cli_handle_edit (KithCliCall *call)
{
  kith_node_edit_message_async (kith_cli_call_get_node (call), NULL,
                                kith_cli_call_get_string (call, "message"),
                                kith_cli_call_get_string (call, "text"), NULL, kith_cli_done_cb,
                                kith_cli_pending_new (call, kith_node_edit_message_finish));
}

void
kith_cli_handle_delete (KithCliCall *call)
{
  const char *where = kith_cli_call_get_string (call, "where");

  if (where != NULL && !g_str_equal (where, "both") && !g_str_equal (where, "here"))
    {
      kith_cli_call_fail_invalid (call, "“where” has to be both or here");
      return;
    }

  kith_node_delete_message_async (kith_cli_call_get_node (call), NULL,
                                  kith_cli_call_get_string (call, "message"),
                                  g_strcmp0 (where, "here") == 0 ? KITH_DELETE_HERE
                                                                 : KITH_DELETE_FOR_BOTH,
                                  NULL, kith_cli_done_cb,
                                  kith_cli_pending_new (call, kith_node_delete_message_finish));
}

void
kith_cli_handle_react (KithCliCall *call)
{
  kith_node_react_async (kith_cli_call_get_node (call), NULL,
                         kith_cli_call_get_string (call, "message"),
                         kith_cli_call_get_string (call, "emoji"), NULL, kith_cli_done_cb,
                         kith_cli_pending_new (call, kith_node_react_finish));
}

void
kith_cli_handle_cancel (KithCliCall *call)
{
  kith_node_cancel_message_async (kith_cli_call_get_node (call), NULL,
                                  kith_cli_call_get_string (call, "message"), NULL, kith_cli_done_cb,
                                  kith_cli_pending_new (call, kith_node_cancel_message_finish));
}

void
kith_cli_handle_retry (KithCliCall *call)
{
  kith_node_retry_message_async (kith_cli_call_get_node (call), NULL,
                                 kith_cli_call_get_string (call, "message"), NULL, kith_cli_done_cb,
                                 kith_cli_pending_new (call, kith_node_retry_message_finish));
}

void
kith_cli_handle_forward (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithConversation *to = kith_cli_call_need_conversation (call, "to");

  if (to != NULL)
    kith_node_forward_async (node, NULL, kith_cli_call_get_string (call, "message"), to, NULL,
                             kith_cli_sent_cb, call);
}

/* --- Conversations -------------------------------------------------------------------------- */

static KithCliPending *
pending (KithCliCall *call)
{
  return kith_cli_pending_new (call, kith_node_set_conversation_finish);
}

void
kith_cli_handle_timer (KithCliCall *call)
{
  gint64 ttl_s = kith_cli_call_get_int (call, "ttl_s", 0);
  KithConversation *conversation;

  if (ttl_s < 0 || ttl_s > KITH_LIMIT_TTL_MAX_S)
    {
      kith_cli_call_fail_invalid (call, "“ttl_s” has to be 0 or a number from 30 to 2419200");
      return;
    }

  conversation = kith_cli_call_need_conversation (call, "with");
  if (conversation != NULL)
    kith_node_set_conversation_ttl_async (kith_cli_call_get_node (call), conversation,
                                          (guint32) ttl_s, NULL, kith_cli_done_cb, pending (call));
}

static void
mute (KithCliCall *call, gint64 until_ms)
{
  KithConversation *conversation = kith_cli_call_need_conversation (call, "with");

  if (conversation != NULL)
    kith_node_set_conversation_muted_async (kith_cli_call_get_node (call), conversation, until_ms,
                                            NULL, kith_cli_done_cb, pending (call));
}

void
kith_cli_handle_mute (KithCliCall *call)
{
  gint64 for_s = kith_cli_call_get_int (call, "for_s", 0);
  gint64 now_ms = g_get_real_time () / 1000;

  if (for_s < 0 || for_s > G_MAXINT32)
    kith_cli_call_fail_invalid (call, "“for_s” has to be a number of seconds");
  else
    mute (call, for_s == 0 ? MUTE_FOR_GOOD_MS : now_ms + for_s * 1000);
}

void
kith_cli_handle_unmute (KithCliCall *call)
{
  mute (call, 0);
}

static void
pin (KithCliCall *call, gboolean pinned)
{
  KithConversation *conversation = kith_cli_call_need_conversation (call, "with");

  if (conversation != NULL)
    kith_node_set_conversation_pinned_async (kith_cli_call_get_node (call), conversation, pinned,
                                             NULL, kith_cli_done_cb, pending (call));
}

void
kith_cli_handle_pin (KithCliCall *call)
{
  pin (call, TRUE);
}

void
kith_cli_handle_unpin (KithCliCall *call)
{
  pin (call, FALSE);
}

static void
archive (KithCliCall *call, gboolean archived)
{
  KithConversation *conversation = kith_cli_call_need_conversation (call, "with");

  if (conversation != NULL)
    kith_node_set_conversation_archived_async (kith_cli_call_get_node (call), conversation, archived,
                                               NULL, kith_cli_done_cb, pending (call));
}

void
kith_cli_handle_archive (KithCliCall *call)
{
  archive (call, TRUE);
}

void
kith_cli_handle_unarchive (KithCliCall *call)
{
  archive (call, FALSE);
}

void
kith_cli_handle_unread (KithCliCall *call)
{
  KithConversation *conversation = kith_cli_call_need_conversation (call, "with");

  if (conversation != NULL)
    kith_node_set_conversation_marked_unread_async (kith_cli_call_get_node (call), conversation, TRUE,
                                                    NULL, kith_cli_done_cb, pending (call));
}
