/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The draft of a conversation: what stands in the composer of the window. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "cli/kith-cli-handlers.h"
#include "node/kith-node-history.h"

/* A line cannot end in an empty text. */
static const char *
get_text (KithCliCall *call)
{
  const char *text = kith_cli_call_get_string (call, "text");

  if (kith_cli_app_get_style (kith_cli_call_get_app (call)) == KITH_CLI_PEOPLE && g_strcmp0 (text, "\"\"") == 0)
    return "";

  return text;
}

static JsonObject *
json_draft (KithConversation *conversation)
{
  JsonObject *reply = json_object_new ();

  json_object_set_string_member (reply, "draft", kith_conversation_get_draft (conversation));
  return reply;
}

void
kith_cli_handle_draft (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithConversation *conversation = kith_cli_call_need_conversation (call, "with");
  const char *text;

  if (conversation == NULL)
    return;

  text = get_text (call);
  if (text == NULL)
    {
      kith_cli_call_reply (call, json_draft (conversation));
    }
  else if (strlen (text) > KITH_LIMIT_DRAFT_BYTES)
    {
      g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_TOO_BIG, "The draft is too long");

      kith_cli_call_fail (call, error, "A draft may have 64 KiB");
    }
  else
    {
      kith_conversation_set_draft (conversation, text);
      kith_node_save_draft (node, conversation);
      kith_cli_call_reply_stored (call, json_draft (conversation));
    }
}
