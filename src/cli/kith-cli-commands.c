/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands: one table for programs and people. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"
#include "node/kith-node-reach.h"

struct _KithCliPending
{
  KithCliCall      *call;   /* (owned) */
  KithCliFinishFunc finish;
};

/**
 * kith_cli_pending_new:
 * @call: (transfer full): a call
 * @finish: what ends the write that it asked for
 *
 * Returns: (transfer full): the user data for kith_cli_done_cb()
 */
KithCliPending *
kith_cli_pending_new (KithCliCall *call, KithCliFinishFunc finish)
{
  KithCliPending *pending = g_new (KithCliPending, 1);

  *pending = (KithCliPending){ call, finish };
  return pending;
}

/**
 * kith_cli_done_cb:
 * @source: the node
 * @result: how it went
 * @user_data: (transfer full): from kith_cli_pending_new()
 *
 * Answers the call.
 */
void
kith_cli_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree KithCliPending *pending = user_data;
  g_autoptr (GError) error = NULL;

  if (pending->finish (KITH_NODE (source), result, &error))
    kith_cli_call_reply (pending->call, NULL);
  else
    kith_cli_call_fail (pending->call, error, NULL);
}

static void
handle_status (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithProfile *profile = kith_node_get_profile (node);
  KithNetwork *network = kith_node_get_network (node);
  KithProfileFolder *folder = kith_cli_app_get_folder (kith_cli_call_get_app (call));
  JsonObject *reply = json_object_new ();

  json_object_set_string_member (reply, "id", kith_profile_get_id (profile));
  json_object_set_string_member (reply, "name", kith_profile_get_name (profile));
  json_object_set_array_member (reply, "listening", kith_cli_json_listening (node));
  json_object_set_string_member (reply, "reach", kith_reach_get_name (kith_node_get_reach (node)));
  json_object_set_int_member (reply, "sessions", kith_node_get_n_sessions (node));
  json_object_set_boolean_member (reply, "hidden", kith_profile_get_hidden (profile));
  json_object_set_boolean_member (reply, "online", kith_network_get_online (network));
  json_object_set_object_member (reply, "dht", kith_cli_json_dht (network));
  json_object_set_object_member (reply, "port_map", kith_cli_json_port_map (network));
  json_object_set_object_member (reply, "lan", kith_cli_json_lan (network));
  json_object_set_string_member (reply, "proxy", kith_network_get_proxy (network));
  json_object_set_boolean_member (reply, "stored", folder != NULL);
  if (folder != NULL)
    {
      json_object_set_string_member (reply, "profile", kith_profile_folder_get_path (folder));
      json_object_set_boolean_member (reply, "passphrase",
                                      kith_profile_folder_get_has_passphrase (folder));
    }
  kith_cli_call_reply (call, reply);
}

static void
handle_name (KithCliCall *call)
{
  kith_node_set_name_async (kith_cli_call_get_node (call), kith_cli_call_get_string (call, "name"), NULL,
                            kith_cli_done_cb, kith_cli_pending_new (call, kith_node_set_name_finish));
}

static void
handle_help (KithCliCall *call)
{
  JsonObject *reply = json_object_new ();
  JsonArray *array = json_array_new ();
  guint n;
  const KithCliCommand *all = kith_cli_commands_get (&n);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *object = json_object_new ();
      g_autofree char *usage = kith_cli_arguments_usage (all[i].arguments);

      json_object_set_string_member (object, "cmd", all[i].name);
      json_object_set_string_member (object, "arguments", usage);
      json_object_set_string_member (object, "help", all[i].help);
      json_array_add_object_element (array, object);
    }

  json_object_set_array_member (reply, "commands", array);
  kith_cli_call_reply (call, reply);
}

static void
handle_quit (KithCliCall *call)
{
  KithCliApp *app = kith_cli_call_get_app (call);

  kith_cli_call_reply (call, NULL);
  kith_cli_app_quit (app, 0);
}

static const KithCliCommand commands[] = {
  { "status", { { NULL } }, "who you are, where you can be reached", handle_status,
    kith_cli_format_status },
  { "name", { { "name", KITH_CLI_NAME } }, "change your own name", handle_name, kith_cli_format_done },

  { "listen", { { "address", KITH_CLI_WORD, TRUE }, { "port", KITH_CLI_NUMBER, TRUE } },
    "start listening, or listen somewhere else", kith_cli_handle_listen, kith_cli_format_listening },
  { "unlisten", { { NULL } }, "stop listening", kith_cli_handle_unlisten, kith_cli_format_done },
  { "connect",
    { { "address" }, { "port", KITH_CLI_NUMBER, TRUE }, { "text", KITH_CLI_TEXT, TRUE } },
    "ask the friend at an IP address and port", kith_cli_handle_connect, kith_cli_format_connected },
  { "join",
    { { "address" }, { "port", KITH_CLI_NUMBER, TRUE }, { "passphrase", KITH_CLI_WORD, TRUE },
      { "text", KITH_CLI_TEXT, TRUE } },
    "the same, when the friend asks for a passphrase", kith_cli_handle_join, kith_cli_format_connected },
  { "reach", { { "who", KITH_CLI_WORD, TRUE } },
    "who can reach you: everyone, those with your passphrase, or contacts", kith_cli_handle_reach,
    kith_cli_format_reach },
  { "passphrase", { { "text", KITH_CLI_NAME, TRUE } },
    "the passphrase to tell friends who dial you; “new” makes one", kith_cli_handle_passphrase,
    kith_cli_format_reach },
  { "invite", { { "note", KITH_CLI_WORD, TRUE }, { "expires_s", KITH_CLI_NUMBER, TRUE } },
    "a link that lets one person ask you, for two days", kith_cli_handle_invite, kith_cli_format_invite },
  { "invites", { { NULL } }, "your invites, and what became of them", kith_cli_handle_invites,
    kith_cli_format_invites },
  { "revoke", { { "invite", KITH_CLI_NAME } }, "take an invite back, or clear it from the list",
    kith_cli_handle_revoke, kith_cli_format_done },
  { "add", { { "invite" }, { "text", KITH_CLI_TEXT, TRUE } }, "use somebody's invite, or ask by their ID",
    kith_cli_handle_add, kith_cli_format_added },
  { "nearby", { { NULL } }, "who is on the same network", kith_cli_handle_nearby, kith_cli_format_nearby },
  { "ask", { { "who" }, { "text", KITH_CLI_TEXT, TRUE } }, "ask somebody nearby", kith_cli_handle_ask,
    kith_cli_format_connected },
  { "network", { { "setting", KITH_CLI_WORD, TRUE }, { "value", KITH_CLI_NAME, TRUE } },
    "which ways to others are taken: dht, lan, proxy and more", kith_cli_handle_network,
    kith_cli_format_network },
  { "diagnose", { { "who", KITH_CLI_NAME, TRUE } }, "can you be reached; or why a contact cannot",
    kith_cli_handle_diagnose, kith_cli_format_findings },
  { "reconnect", { { "who", KITH_CLI_NAME } }, "try to reach a contact now", kith_cli_handle_reconnect,
    kith_cli_format_done },

  { "requests", { { NULL } }, "who asks to be your contact", kith_cli_handle_requests,
    kith_cli_format_requests },
  { "accept", { { "who", KITH_CLI_NAME } }, "accept a request", kith_cli_handle_accept,
    kith_cli_format_accepted },
  { "decline", { { "who", KITH_CLI_NAME } }, "decline a request", kith_cli_handle_decline,
    kith_cli_format_done },

  { "contacts", { { "sort", KITH_CLI_WORD, TRUE }, { "filter", KITH_CLI_WORD, TRUE } },
    "all contacts, by “name” or “activity”; or, with groups, those of a filter such as “unread”",
    kith_cli_handle_contacts, kith_cli_format_contacts },
  { "online", { { NULL } }, "contacts who are online now", kith_cli_handle_online,
    kith_cli_format_contacts },
  { "lasthour", { { NULL } }, "contacts who were online in the last hour", kith_cli_handle_lasthour,
    kith_cli_format_contacts },
  { "appear", { { "how", KITH_CLI_WORD, TRUE } }, "be shown to others as “offline”, or “online” again",
    kith_cli_handle_appear, kith_cli_format_appear },
  { "privacy", { { "setting", KITH_CLI_WORD, TRUE }, { "value", KITH_CLI_WORD, TRUE } },
    "what others are told: read-receipts, typing", kith_cli_handle_privacy, kith_cli_format_privacy },
  { "alias", { { "who" }, { "alias", KITH_CLI_NAME, TRUE } },
    "call a contact something else; without a name, as they do", kith_cli_handle_alias,
    kith_cli_format_done },
  { "note", { { "who" }, { "note", KITH_CLI_TEXT, TRUE } },
    "note something about a contact, for yourself; without a text, nothing", kith_cli_handle_note,
    kith_cli_format_done },
  { "favourite", { { "who", KITH_CLI_NAME } }, "put a contact at the top", kith_cli_handle_favourite,
    kith_cli_format_done },
  { "unfavourite", { { "who", KITH_CLI_NAME } }, "take that back", kith_cli_handle_unfavourite,
    kith_cli_format_done },
  { "block", { { "who", KITH_CLI_NAME } }, "hear nothing more from somebody; to them you are away",
    kith_cli_handle_block, kith_cli_format_done },
  { "unblock", { { "who", KITH_CLI_NAME } }, "take that back", kith_cli_handle_unblock,
    kith_cli_format_done },
  { "blocked", { { NULL } }, "whom you have blocked", kith_cli_handle_blocked,
    kith_cli_format_contacts },
  { "remove", { { "who" }, { "keep", KITH_CLI_WORD, TRUE } },
    "remove a contact with the conversation; “keep” leaves what was written",
    kith_cli_handle_remove, kith_cli_format_done },
  { "safety", { { "who", KITH_CLI_NAME } }, "the number to compare with a contact's",
    kith_cli_handle_safety, kith_cli_format_safety },
  { "verify", { { "who" }, { "code", KITH_CLI_WORD, TRUE } },
    "mark a contact as verified, after comparing the number; or check their code",
    kith_cli_handle_verify, kith_cli_format_done },
  { "unverify", { { "who", KITH_CLI_NAME } }, "take that back", kith_cli_handle_unverify,
    kith_cli_format_done },
  { "words", { { "who" }, { "answer", KITH_CLI_WORD, TRUE } },
    "compare words with a contact who is online; the answer is yes, no or stop",
    kith_cli_handle_words, NULL },

  { "groups", { { NULL } }, "the groups you are in, or are invited to", kith_cli_handle_groups,
    kith_cli_format_groups },
  { "group-new", { { "name" }, { "members", KITH_CLI_TEXT, TRUE } },
    "make a group, and ask contacts to join: /group-new Ace ann ben", kith_cli_handle_group_new,
    kith_cli_format_group_new },
  { "group-invite", { { "group" }, { "who", KITH_CLI_TEXT, TRUE } },
    "ask contacts to join; without a name, a link for anybody to ask", kith_cli_handle_group_invite,
    kith_cli_format_group_invite },
  { "group-revoke", { { "group", KITH_CLI_NAME } }, "end the link of a group",
    kith_cli_handle_group_revoke, kith_cli_format_done },
  { "group-join", { { "group" }, { "text", KITH_CLI_TEXT, TRUE } },
    "join a group that you are invited to, or ask with a link", kith_cli_handle_group_join,
    kith_cli_format_group_join },
  { "group-decline", { { "group", KITH_CLI_NAME } }, "decline to join a group",
    kith_cli_handle_group_decline, kith_cli_format_done },
  { "group-requests", { { "group", KITH_CLI_NAME } }, "who asks to join a group",
    kith_cli_handle_group_requests, kith_cli_format_requests },
  { "approve", { { "group" }, { "who", KITH_CLI_NAME } }, "let somebody in who asks to join",
    kith_cli_handle_approve, kith_cli_format_done },
  { "deny", { { "group" }, { "who", KITH_CLI_NAME } }, "do not let somebody in", kith_cli_handle_deny,
    kith_cli_format_done },
  { "members", { { "group", KITH_CLI_NAME } }, "who is in a group, and who of them is online",
    kith_cli_handle_members, kith_cli_format_members },
  { "befriend", { { "group" }, { "who" }, { "text", KITH_CLI_TEXT, TRUE } },
    "ask a member of a group to be your contact", kith_cli_handle_befriend, kith_cli_format_added },
  { "who-admin", { { "group", KITH_CLI_NAME } }, "who is the admin of a group",
    kith_cli_handle_who_admin, kith_cli_format_who_admin },
  { "transfer-admin", { { "group" }, { "who", KITH_CLI_NAME, TRUE } },
    "ask a member to become admin; without a name, take that back", kith_cli_handle_transfer_admin,
    kith_cli_format_done },
  { "accept-admin", { { "group", KITH_CLI_NAME } }, "become admin, when you are asked to",
    kith_cli_handle_accept_admin, kith_cli_format_done },
  { "decline-admin", { { "group", KITH_CLI_NAME } }, "do not become admin",
    kith_cli_handle_decline_admin, kith_cli_format_done },
  { "kick", { { "group" }, { "who", KITH_CLI_NAME } }, "remove somebody from a group",
    kith_cli_handle_kick, kith_cli_format_done },
  { "endorse", { { "group" }, { "who", KITH_CLI_NAME } },
    "when the admin has vanished: say who should follow, once and for all", kith_cli_handle_endorse,
    kith_cli_format_done },
  { "claim-admin", { { "group", KITH_CLI_NAME } }, "become admin, when enough members want it",
    kith_cli_handle_claim_admin, kith_cli_format_done },
  { "group-rename", { { "group" }, { "name", KITH_CLI_NAME } }, "give a group another name",
    kith_cli_handle_group_rename, kith_cli_format_done },
  { "group-topic", { { "group" }, { "topic", KITH_CLI_TEXT, TRUE } },
    "say what a group is about; without a text, nothing", kith_cli_handle_group_topic,
    kith_cli_format_done },
  { "group-picture", { { "group" }, { "path", KITH_CLI_NAME, TRUE } },
    "give a group the middle of a picture; without a file, none", kith_cli_handle_group_picture,
    kith_cli_format_done },
  { "group-history", { { "group" }, { "days", KITH_CLI_WORD } },
    "what newcomers get to read: none, all, or a number of days", kith_cli_handle_group_history,
    kith_cli_format_done },
  { "mentions", { { "group" }, { "which", KITH_CLI_WORD } },
    "be told of all messages of a group, or only of those that name you: all, only",
    kith_cli_handle_mentions, kith_cli_format_done },
  { "leave", { { "group", KITH_CLI_NAME } }, "leave a group; what was written stays here",
    kith_cli_handle_leave, kith_cli_format_done },
  { "group-delete", { { "group", KITH_CLI_NAME } }, "delete all of a group that you are not in any more",
    kith_cli_handle_group_delete, kith_cli_format_done },

  { "chat", { { "who", KITH_CLI_NAME } }, "choose whom plain text goes to", kith_cli_handle_chat,
    kith_cli_format_chat },
  { "send",
    { { "to" },
      { "text", KITH_CLI_TEXT },
      { "reply_to", KITH_CLI_WORD, TRUE },
      { "ttl_s", KITH_CLI_NUMBER, TRUE } },
    "send a message", kith_cli_handle_send, NULL },
  { "edit", { { "message" }, { "text", KITH_CLI_TEXT } }, "give a message of yours another text",
    kith_cli_handle_edit, kith_cli_format_done },
  { "delete", { { "message" }, { "where", KITH_CLI_WORD, TRUE } },
    "take a message of yours back; “here” deletes any on this side only", kith_cli_handle_delete,
    kith_cli_format_done },
  { "react", { { "message" }, { "emoji", KITH_CLI_WORD, TRUE } },
    "answer a message with an emoji; without one, take that back", kith_cli_handle_react,
    kith_cli_format_done },
  { "cancel", { { "message" } }, "a message that still waits is never sent", kith_cli_handle_cancel,
    kith_cli_format_done },
  { "cancel-command", { { "command", KITH_CLI_ID, TRUE } },
    "give up a backup or a transcript that is being written", kith_cli_handle_cancel_command,
    kith_cli_format_done },
  { "retry", { { "message" } }, "try a message again that failed", kith_cli_handle_retry,
    kith_cli_format_done },
  { "forward", { { "message" }, { "to", KITH_CLI_NAME } }, "send the text of a message to somebody else",
    kith_cli_handle_forward, NULL },
  { "timer", { { "with" }, { "ttl_s", KITH_CLI_NUMBER } },
    "for how many seconds messages are kept after reading; 0 = for good", kith_cli_handle_timer,
    kith_cli_format_done },
  { "mute", { { "with" }, { "for_s", KITH_CLI_NUMBER, TRUE } },
    "say nothing about new messages, for some seconds or for good", kith_cli_handle_mute,
    kith_cli_format_done },
  { "unmute", { { "with", KITH_CLI_NAME } }, "take that back", kith_cli_handle_unmute,
    kith_cli_format_done },
  { "pin", { { "with", KITH_CLI_NAME } }, "put a conversation above the others", kith_cli_handle_pin,
    kith_cli_format_done },
  { "unpin", { { "with", KITH_CLI_NAME } }, "take that back", kith_cli_handle_unpin,
    kith_cli_format_done },
  { "archive", { { "with", KITH_CLI_NAME } }, "put a conversation away", kith_cli_handle_archive,
    kith_cli_format_done },
  { "unarchive", { { "with", KITH_CLI_NAME } }, "take that back", kith_cli_handle_unarchive,
    kith_cli_format_done },
  { "unread", { { "with", KITH_CLI_NAME } }, "mark a conversation to come back to it",
    kith_cli_handle_unread, kith_cli_format_done },
  { "broadcast", { { "text", KITH_CLI_TEXT }, { "to", KITH_CLI_WORD, TRUE } },
    "send the same to everybody who is online, each in private", kith_cli_handle_broadcast,
    kith_cli_format_sent_to },
  { "tell", { { "to" }, { "text", KITH_CLI_TEXT } }, "send the same to several: /tell “ann ben” text",
    kith_cli_handle_broadcast, kith_cli_format_sent_to },
  { "broadcasts", { { NULL } }, "what you have sent to several, and how far it has come",
    kith_cli_handle_broadcasts, kith_cli_format_broadcasts },
  { "send-file", { { "to" }, { "path", KITH_CLI_NAME } }, "offer somebody, or a group, a file or a folder",
    kith_cli_handle_send_file, kith_cli_format_transfer },
  { "accept-file", { { "transfer" }, { "path", KITH_CLI_NAME, TRUE } },
    "get a file that was offered, to your folder for files or where you say", kith_cli_handle_accept_file,
    kith_cli_format_done },
  { "decline-file", { { "transfer" } }, "you do not want a file", kith_cli_handle_decline_file,
    kith_cli_format_done },
  { "pause-file", { { "transfer" } }, "let a file rest", kith_cli_handle_pause_file, kith_cli_format_done },
  { "resume-file", { { "transfer" } }, "go on with a file, or try it again", kith_cli_handle_resume_file,
    kith_cli_format_done },
  { "cancel-file", { { "transfer" } }, "give a file up, with what has arrived of it",
    kith_cli_handle_cancel_file, kith_cli_format_done },
  { "save-file", { { "transfer" }, { "path", KITH_CLI_NAME } },
    "write a copy of a file that was sent or received", kith_cli_handle_save_file, kith_cli_format_done },
  { "transfers", { { NULL } }, "the files that are offered or on their way", kith_cli_handle_transfers,
    kith_cli_format_transfers },
  { "files-auto", { { "bytes", KITH_CLI_NUMBER, TRUE } },
    "up to how many bytes files of verified contacts are accepted by themselves; 0 = never",
    kith_cli_handle_files_auto, kith_cli_format_files_auto },
  { "files-folder", { { "path", KITH_CLI_NAME, TRUE } },
    "put files into this folder from now on; \"default\" = where they were put at first",
    kith_cli_handle_files_folder, kith_cli_format_files_auto },
  { "draft", { { "with" }, { "text", KITH_CLI_TEXT, TRUE } },
    "what you have begun to write to somebody; with a text, keep that; with \"\", nothing",
    kith_cli_handle_draft, kith_cli_format_draft },
  { "typing", { { "to" }, { "on", KITH_CLI_WORD, TRUE } }, "let a contact see that you write, on or off",
    kith_cli_handle_typing, kith_cli_format_done },
  { "receipts", { { "message" } }, "how far a message has come", kith_cli_handle_receipts,
    kith_cli_format_receipts },
  { "history",
    { { "with" }, { "limit", KITH_CLI_NUMBER, TRUE }, { "before", KITH_CLI_WORD, TRUE },
      { "after", KITH_CLI_WORD, TRUE } },
    "the last messages with a contact, or those before or after one", kith_cli_handle_history,
    kith_cli_format_history },
  { "from", { { "with" }, { "date" }, { "limit", KITH_CLI_NUMBER, TRUE } },
    "the messages with a contact from a day on: /from ann 2026-03-14", kith_cli_handle_from,
    kith_cli_format_history },
  { "search",
    { { "text" }, { "with", KITH_CLI_WORD, TRUE }, { "limit", KITH_CLI_NUMBER, TRUE },
      { "before", KITH_CLI_WORD, TRUE } },
    "find words in all messages, or in those with a contact; on from where an answer ended", kith_cli_handle_search,
    kith_cli_format_hits },
  { "clear", { { "with", KITH_CLI_NAME } }, "delete all messages of a conversation here",
    kith_cli_handle_clear, kith_cli_format_done },
  { "transcript", { { "with" }, { "path" }, { "format", KITH_CLI_WORD, TRUE } },
    "write a conversation out for reading (html or text; else as the name ends), NOT encrypted",
    kith_cli_handle_transcript, kith_cli_format_done },
  { "read", { { "with", KITH_CLI_NAME } }, "mark everything of a contact as read", kith_cli_handle_read,
    kith_cli_format_done },

  { "lock", { { NULL } }, "end all connections and forget the keys until you unlock",
    kith_cli_handle_lock, kith_cli_format_done, TRUE },
  { "unlock", { { "passphrase", KITH_CLI_TEXT, TRUE } }, "open the profile again",
    kith_cli_handle_unlock, kith_cli_format_done, TRUE },
  { "auto-lock", { { "minutes", KITH_CLI_NUMBER, TRUE }, { "sleep", KITH_CLI_WORD, TRUE } },
    "lock when nothing was typed for so many minutes (0 = never), or the computer goes to sleep (on or off)",
    kith_cli_handle_auto_lock,
    kith_cli_format_auto_lock },
  { "change-passphrase", { { "current", KITH_CLI_WORD, TRUE }, { "passphrase", KITH_CLI_WORD, TRUE } },
    "set, change or (without) remove the passphrase", kith_cli_handle_change_passphrase,
    kith_cli_format_done, TRUE },
  { "export", { { "path" }, { "passphrase", KITH_CLI_TEXT, TRUE } },
    "write everything into one encrypted file", kith_cli_handle_export, kith_cli_format_done, TRUE },
  { "import", { { "path", KITH_CLI_NAME } },
    "make a new profile from such a file: kith-cli --profile NEW import FILE", kith_cli_handle_import,
    kith_cli_format_imported, TRUE },
  { "profiles", { { NULL } }, "the profiles of this computer", kith_cli_handle_profiles,
    kith_cli_format_profiles, TRUE },
  { "erase", { { "what", KITH_CLI_WORD, TRUE } },
    "delete this profile for good: /erase everything", kith_cli_handle_erase, kith_cli_format_erase, TRUE },

  { "help", { { NULL } }, "this list", handle_help, kith_cli_format_help, TRUE },
  { "quit", { { NULL } }, "say goodbye and end", handle_quit, NULL, TRUE },
};

/**
 * kith_cli_commands_get:
 * @n: (out): how many there are
 *
 * Returns: (transfer none) (array length=n): all commands
 */
const KithCliCommand *
kith_cli_commands_get (guint *n)
{
  *n = G_N_ELEMENTS (commands);
  return commands;
}

/**
 * kith_cli_commands_find:
 * @name: the name of a command, without a slash; untrusted
 *
 * Returns: (transfer none) (nullable): the command
 */
const KithCliCommand *
kith_cli_commands_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];

  return NULL;
}
