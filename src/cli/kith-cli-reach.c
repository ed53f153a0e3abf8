/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands to be reached, to reach others, and to answer who asks. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"
#include "cli/kith-cli-passphrase.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "node/kith-node-reach.h"

/* --- Listening ------------------------------------------------------------------------------ */

void
kith_cli_handle_listen (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *address = kith_cli_call_get_string (call, "address");
  gint64 wanted = kith_cli_call_get_int (call, "port", -1);
  gint64 port = wanted >= 0 ? wanted : KITH_DEFAULT_PORT;
  g_autoptr (GError) error = NULL;
  JsonObject *reply;

  if (port > G_MAXUINT16)
    {
      kith_cli_call_fail_invalid (call, "The port has to be a number from 0 to 65535");
      return;
    }

  if (!kith_node_listen (node, address, (guint16) port, wanted < 0, &error))
    {
      g_autofree char *words = kith_explain_listen (error, address, (guint16) port);

      kith_cli_call_fail (call, error, words);
      return;
    }

  reply = json_object_new ();
  json_object_set_array_member (reply, "listening", kith_cli_json_listening (node));
  kith_cli_call_reply_stored (call, reply);
}

void
kith_cli_handle_unlisten (KithCliCall *call)
{
  kith_node_unlisten (kith_cli_call_get_node (call));
  kith_cli_call_reply_stored (call, NULL);
}

/* --- Who is let in -------------------------------------------------------------------------- */

static void
reply_reach (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  g_autofree char *note = kith_node_dup_reach_note (node);
  JsonObject *reply = json_object_new ();

  json_object_set_string_member (reply, "reach", kith_reach_get_name (kith_node_get_reach (node)));
  json_object_set_string_member (reply, "passphrase", kith_node_get_join_passphrase (node));
  json_object_set_string_member (reply, "note", note);
  kith_cli_call_reply_stored (call, reply);
}

void
kith_cli_handle_reach (KithCliCall *call)
{
  const char *name = kith_cli_call_get_string (call, "who");
  g_autoptr (GError) error = NULL;
  KithReach reach;

  if (name == NULL)
    reply_reach (call);
  else if (!kith_reach_from_name (&reach, name))
    kith_cli_call_fail_invalid (call, "That takes “everyone”, “passphrase” or “contacts”");
  else if (!kith_node_set_reach (kith_cli_call_get_node (call), reach, &error))
    kith_cli_call_fail (call, error, NULL);
  else
    reply_reach (call);
}

/* “new” is too short to be one itself. */
void
kith_cli_handle_passphrase (KithCliCall *call)
{
  const char *text = kith_cli_call_get_string (call, "text");
  gboolean make = g_strcmp0 (text, "new") == 0;
  g_autofree char *words = NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL
      || kith_node_set_join_passphrase (kith_cli_call_get_node (call), make ? NULL : text, &error))
    {
      reply_reach (call);
      return;
    }

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_INVALID))
    words = g_strdup_printf ("A passphrase has at least %d characters", KITH_LIMIT_JOIN_PASSPHRASE_CHARS);
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_TOO_BIG))
    words = g_strdup_printf ("A passphrase has at most %d bytes", KITH_LIMIT_JOIN_PASSPHRASE_BYTES);
  kith_cli_call_fail (call, error, words);
}

/* --- Reaching others ------------------------------------------------------------------------ */

/**
 * kith_cli_connected_cb:
 * @source: the node
 * @result: how it went
 * @user_data: (transfer full): the call
 *
 * Answers a call that asked somebody to become a contact.
 */
void
kith_cli_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  KithNode *node = KITH_NODE (source);
  KithConnectOutcome outcome;
  g_autoptr (KithContact) contact = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *reply;

  if (!kith_node_connect_finish (node, result, &outcome, &contact, &error))
    {
      const char *address = kith_cli_call_get_string (call, "address");
      gint64 port = kith_cli_call_get_int (call, "port", KITH_DEFAULT_PORT);
      g_autofree char *words = address != NULL ? kith_explain_connect (error, address, (guint16) port) : NULL;

      kith_cli_call_fail (call, error, words);
      return;
    }

  reply = json_object_new ();
  json_object_set_string_member (reply, "outcome",
                                 outcome == KITH_CONNECT_ONLINE ? "online" : "requested");
  json_object_set_object_member (reply, "contact", kith_cli_json_contact (node, contact));
  kith_cli_call_reply_stored (call, reply);
}

static void
connect_with (KithCliCall *call, const char *passphrase)
{
  gint64 port = kith_cli_call_get_int (call, "port", KITH_DEFAULT_PORT);

  if (port < 1 || port > G_MAXUINT16)
    kith_cli_call_fail_invalid (call, "The port has to be a number from 1 to 65535");
  else
    kith_node_connect_with_passphrase_async (kith_cli_call_get_node (call),
                                             kith_cli_call_get_string (call, "address"), (guint16) port,
                                             passphrase, kith_cli_call_get_string (call, "text"),
                                             kith_cli_app_get_cancellable (kith_cli_call_get_app (call)),
                                             kith_cli_connected_cb, call);
}

void
kith_cli_handle_connect (KithCliCall *call)
{
  connect_with (call, NULL);
}

/* On a terminal the passphrase is asked for, without echo. */
void
kith_cli_handle_join (KithCliCall *call)
{
  char *passphrase = g_strdup (kith_cli_call_get_string (call, "passphrase"));

  if (passphrase == NULL && kith_cli_app_get_style (kith_cli_call_get_app (call)) != KITH_CLI_JSON
      && kith_cli_passphrase_can_ask ())
    passphrase = kith_cli_passphrase_ask (
        "Their passphrase: ", kith_cli_app_get_cancellable (kith_cli_call_get_app (call)));

  if (passphrase == NULL)
    kith_cli_call_fail_invalid (call, "“passphrase” is missing");
  else if (kith_cli_call_get_node (call) == NULL) /* it was locked meanwhile */
    kith_cli_call_fail_locked (call);
  else
    connect_with (call, passphrase);
  kith_cli_passphrase_free (passphrase);
}

void
kith_cli_handle_reconnect (KithCliCall *call)
{
  KithContact *contact = kith_cli_call_need_contact (call, "who");

  if (contact == NULL)
    return;

  kith_node_reconnect (kith_cli_call_get_node (call), contact);
  kith_cli_call_reply (call, NULL);
}

/* --- Requests ------------------------------------------------------------------------------- */

static KithRequest *
need_request (KithCliCall *call)
{
  const char *who = kith_cli_call_get_string (call, "who");
  g_autoptr (GError) error = NULL;
  KithRequest *request;

  request = kith_node_find_request (kith_cli_call_get_node (call), who, &error);
  if (request == NULL)
    kith_cli_call_fail (call, error, error->message);
  return request;
}

static void
accepted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithContact) contact = kith_node_accept_finish (KITH_NODE (source), result, &error);
  JsonObject *reply;

  if (contact == NULL)
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  reply = json_object_new ();
  json_object_set_object_member (reply, "contact", kith_cli_json_contact (KITH_NODE (source), contact));
  kith_cli_call_reply (call, reply);
}

void
kith_cli_handle_accept (KithCliCall *call)
{
  KithRequest *request = need_request (call);

  if (request != NULL)
    kith_node_accept_async (kith_cli_call_get_node (call), request, NULL, accepted_cb, call);
}

static JsonObject *
json_request (KithNode *node, gpointer item)
{
  return kith_cli_json_request (item);
}

void
kith_cli_handle_requests (KithCliCall *call)
{
  kith_cli_call_reply_list (call, "requests", kith_node_get_requests (kith_cli_call_get_node (call)), json_request);
}

void
kith_cli_handle_decline (KithCliCall *call)
{
  KithRequest *request = need_request (call);

  if (request != NULL)
    kith_node_decline_async (kith_cli_call_get_node (call), request, NULL, kith_cli_done_cb,
                             kith_cli_pending_new (call, kith_node_decline_finish));
}
