/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for people. Whatever comes from somebody else passes kith_cli_text_safe(). */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-format.h"

#include "cli/kith-cli-text.h"
#include "node/kith-command-line.h"

#define HELP_COLUMN 34

/**
 * kith_cli_safe_member:
 * @object: a reply, an event or a part of one
 * @name: a member that is a string
 *
 * Returns: (transfer full): the string, safe for a terminal; empty when it is not there
 */
char *
kith_cli_safe_member (JsonObject *object, const char *name)
{
  const char *text = json_object_get_string_member_with_default (object, name, "");

  return kith_cli_text_safe (text);
}

/* A name as it can be typed again. */
char *
kith_cli_quoted_member (JsonObject *object, const char *name)
{
  g_autofree char *quoted = kith_line_quote_word (json_object_get_string_member_with_default (object, name, ""));

  return kith_cli_text_safe (quoted);
}

char *
kith_cli_painted_member (KithCliPaint paint, JsonObject *object, const char *name)
{
  g_autofree char *safe = kith_cli_safe_member (object, name);

  return kith_cli_text_paint (paint, safe);
}

static JsonObject *
element (JsonArray *array, guint i)
{
  return json_array_get_object_element (array, i);
}

char *
kith_cli_format_done (KithCliCall *call, JsonObject *reply)
{
  return g_strdup ("Done.");
}

static void
append_listening (GString *out, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "listening");
  guint n = json_array_get_length (array);

  g_string_append (out, n == 0 ? "You are not listening: nobody can reach you, but you can reach others."
                               : "Friends reach you at:");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, "\n  %s port %" G_GINT64_FORMAT,
                            json_object_get_string_member (element (array, i), "address"),
                            json_object_get_int_member (element (array, i), "port"));
}

char *
kith_cli_format_listening (KithCliCall *call, JsonObject *reply)
{
  GString *out = g_string_new (NULL);

  append_listening (out, reply);
  return g_string_free (out, FALSE);
}

static void
append_storage (GString *out, JsonObject *reply)
{
  g_autofree char *path = kith_cli_safe_member (reply, "profile");

  if (!json_object_get_boolean_member (reply, "stored"))
    g_string_append (out, "\nNothing is written to the disk: all is gone when Kith ends.");
  else
    g_string_append_printf (out, "\nKept in %s, %s.", path,
                            json_object_get_boolean_member (reply, "passphrase")
                              ? "encrypted under your passphrase"
                              : "without a passphrase: whoever has that folder can read it");
}

char *
kith_cli_format_status (KithCliCall *call, JsonObject *reply)
{
  GString *out = g_string_new (NULL);
  g_autofree char *name = kith_cli_safe_member (reply, "name");

  g_string_append_printf (out, "You are %s.\nYour ID: %s\n", name,
                          json_object_get_string_member (reply, "id"));
  append_listening (out, reply);
  kith_cli_format_append_reach (out, reply);
  if (json_object_get_boolean_member (reply, "hidden"))
    g_string_append (out, "\nYour contacts are shown that you are offline: /appear online");
  kith_cli_format_append_ways (out, reply);
  append_storage (out, reply);
  return g_string_free (out, FALSE);
}

char *
kith_cli_format_connected (KithCliCall *call, JsonObject *reply)
{
  JsonObject *contact = json_object_get_object_member (reply, "contact");
  g_autofree char *name = kith_cli_safe_member (contact, "name");
  g_autofree char *quoted = kith_cli_quoted_member (contact, "name");

  if (g_str_equal (json_object_get_string_member (reply, "outcome"), "online"))
    return g_strdup_printf ("You are connected with %s. /chat %s to talk.", name, quoted);

  return g_strdup_printf ("Your request was handed over. You are told when %s answers.", name);
}

char *
kith_cli_format_accepted (KithCliCall *call, JsonObject *reply)
{
  JsonObject *contact = json_object_get_object_member (reply, "contact");
  g_autofree char *name = kith_cli_safe_member (contact, "name");
  g_autofree char *quoted = kith_cli_quoted_member (contact, "name");

  return g_strdup_printf ("%s is your contact now. /chat %s to talk.", name, quoted);
}

static void
append_name_warning (GString *out, JsonObject *request)
{
  g_autofree char *words = kith_cli_painted_member (KITH_CLI_PAINT_WARNING, request, "warning");

  g_string_append_printf (out, "\n  %s", words);
}

char *
kith_cli_format_requests (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "requests");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *request = element (array, i);
      g_autofree char *name = kith_cli_safe_member (request, "name");
      g_autofree char *text = kith_cli_safe_member (request, "text");

      g_string_append_printf (out, "%s%s%s%s%s\n  %s", i > 0 ? "\n" : "", name,
                              *text != '\0' ? ": “" : "", text, *text != '\0' ? "”" : "",
                              json_object_get_string_member (request, "id"));
      if (json_object_get_boolean_member_with_default (request, "name_taken", FALSE))
        append_name_warning (out, request);
    }

  if (out->len == 0)
    g_string_append (out, "Nobody asks at the moment.");
  return g_string_free (out, FALSE);
}

/* Those that a filter has found as well. */
static void
append_groups (GString *out, KithCliCall *call, JsonObject *reply)
{
  JsonArray *groups = json_object_has_member (reply, "groups") ? json_object_get_array_member (reply, "groups") : NULL;
  g_autofree char *words = NULL;

  if (groups == NULL || json_array_get_length (groups) == 0)
    return;

  words = kith_cli_format_groups (call, reply);
  g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "", words);
}

char *
kith_cli_format_contacts (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "contacts");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *contact = element (array, i);
      g_autofree char *name = kith_cli_painted_member (KITH_CLI_PAINT_NAME, contact, "name");
      const char *relation = json_object_get_string_member (contact, "relation");
      gint64 last_seen_ms = json_object_get_int_member (contact, "last_seen");
      g_autofree char *last_seen = kith_cli_text_time (last_seen_ms);
      gint64 unread = json_object_get_int_member (contact, "unread");

      g_string_append_printf (out, "%s%s  ", i > 0 ? "\n" : "", name);
      if (g_str_equal (relation, "requested"))
        g_string_append (out, "has not answered yet");
      else if (g_str_equal (relation, "declined"))
        g_string_append (out, "declined");
      else if (json_object_get_boolean_member (contact, "online"))
        g_string_append (out, "online");
      else if (last_seen_ms > 0)
        g_string_append_printf (out, "last seen %s", last_seen);
      else
        g_string_append (out, "offline");
      if (json_object_get_boolean_member (contact, "verified"))
        g_string_append (out, ", verified");
      if (unread > 0)
        g_string_append_printf (out, ", %" G_GINT64_FORMAT " unread", unread);
    }

  append_groups (out, call, reply);
  if (out->len == 0)
    g_string_append (out, "Nobody.");
  return g_string_free (out, FALSE);
}

char *
kith_cli_format_chat (KithCliCall *call, JsonObject *reply)
{
  JsonObject *group = json_object_has_member (reply, "group")
                          ? json_object_get_object_member (reply, "group")
                          : NULL;
  JsonObject *contact = group == NULL ? json_object_get_object_member (reply, "contact") : NULL;
  g_autofree char *name = kith_cli_safe_member (group != NULL ? group : contact, "name");

  return g_strdup_printf ("What you type now goes to %s.%s", name,
                          group != NULL || json_object_get_boolean_member (contact, "online")
                            ? ""
                            : " They are not online: it waits until they are.");
}

/* What came in between, or is still in the way. Recipients of a broadcast have none. */
static void
append_tries (GString *out, JsonObject *recipient)
{
  JsonArray *tries = json_object_has_member (recipient, "tries")
                       ? json_object_get_array_member (recipient, "tries")
                       : NULL;

  for (guint i = 0; tries != NULL && i < json_array_get_length (tries); i++)
    {
      JsonObject *finding = element (tries, i);
      g_autofree char *time = kith_cli_text_time (json_object_get_int_member (finding, "time"));
      g_autofree char *title = kith_cli_safe_member (finding, "title");

      g_string_append_printf (out, "\n  %s %s", time, title);
    }
}

char *
kith_cli_format_receipts (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "recipients");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *recipient = element (array, i);
      JsonObject *times = json_object_get_object_member (recipient, "times");
      g_autoptr (GList) names = json_object_get_members (times);
      g_autofree char *name = kith_cli_safe_member (recipient, "name");

      g_string_append_printf (out, "%s%s:", i > 0 ? "\n" : "", name);
      for (GList *link = names; link != NULL; link = link->next)
        {
          g_autofree char *time = kith_cli_text_time (json_object_get_int_member (times, link->data));

          g_string_append_printf (out, "%s %s %s", link->prev != NULL ? "," : "",
                                  (const char *) link->data, time);
        }
      if (json_object_get_string_member_with_default (recipient, "reason", NULL) != NULL)
        {
          g_autofree char *reason = kith_cli_safe_member (recipient, "reason");

          g_string_append_printf (out, ": %s", reason);
        }
      append_tries (out, recipient);
    }

  return g_string_free (out, FALSE);
}

/* In which group something was written, where that is not plain from what was asked for. */
static void
append_group_name (GString *out, JsonObject *message)
{
  g_autofree char *name = kith_cli_safe_member (message, "group_name");

  if (*name != '\0')
    g_string_append_printf (out, "[%s] ", name);
}

/* The name of somebody else: they may be called as we are called here. (transfer full) */
char *
kith_cli_format_somebody (JsonObject *object, const char *member)
{
  g_autofree char *name = kith_cli_safe_member (object, member);

  if (g_ascii_strcasecmp (name, "me") == 0 || g_ascii_strcasecmp (name, "you") == 0)
    return g_strdup_printf ("“%s”", name);

  return g_steal_pointer (&name);
}

static void
append_message (GString *out, JsonObject *message)
{
  g_autofree char *time = kith_cli_text_time (json_object_get_int_member (message, "time"));
  g_autofree char *painted_time = kith_cli_text_paint (KITH_CLI_PAINT_QUIET, time);
  gboolean is_ours = g_str_equal (json_object_get_string_member_with_default (message, "from", ""), "me");
  g_autofree char *who = is_ours ? g_strdup ("me") : kith_cli_format_somebody (message, "name");
  g_autofree char *name = kith_cli_text_paint (KITH_CLI_PAINT_NAME, who);
  g_autofree char *text = kith_cli_format_content (message);
  const char *state = json_object_get_string_member (message, "state");

  if (g_str_equal (json_object_get_string_member (message, "kind"), "event"))
    {
      g_string_append_printf (out, "%s %s", painted_time, text);
      return;
    }

  append_group_name (out, message);
  g_string_append_printf (out, "%s %s%s: %s", painted_time, name,
                          json_object_get_boolean_member (message, "broadcast") ? " (to several)" : "", text);
  kith_cli_format_append_reactions (out, message);
  if (!g_str_equal (state, "received"))
    {
      g_autofree char *painted_state = kith_cli_text_paint (KITH_CLI_PAINT_QUIET, state);

      g_string_append_printf (out, " (%s)", painted_state);
    }
}

char *
kith_cli_format_history (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "messages");
  GString *out = g_string_new (NULL);
  gboolean is_marked = FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *message = element (array, i);

      if (i > 0)
        g_string_append_c (out, '\n');
      if (!is_marked && json_object_get_boolean_member_with_default (message, "unread", FALSE))
        {
          g_autofree char *line = kith_cli_text_paint (KITH_CLI_PAINT_QUIET, "--- New messages ---");

          g_string_append_printf (out, "%s\n", line);
          is_marked = TRUE;
        }
      append_message (out, message);
    }

  if (out->len == 0)
    g_string_append (out, "No messages yet.");
  return g_string_free (out, FALSE);
}

char *
kith_cli_format_profiles (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "profiles");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *label = kith_cli_safe_member (element (array, i), "label");
      g_autofree char *path = kith_cli_safe_member (element (array, i), "path");

      g_string_append_printf (out, "%s%s: %s", i > 0 ? "\n" : "", label, path);
    }

  if (out->len == 0)
    g_string_append (out, "No profiles yet.");
  return g_string_free (out, FALSE);
}

char *
kith_cli_format_help (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "commands");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *command = element (array, i);
      g_autofree char *left = g_strdup_printf ("/%s %s", json_object_get_string_member (command, "cmd"),
                                               json_object_get_string_member (command, "arguments"));
      glong width = g_utf8_strlen (left, -1);

      g_string_append_printf (out, "%s%*s %s\n", left, (int) MAX (0, HELP_COLUMN - width), "",
                              json_object_get_string_member (command, "help"));
    }

  g_string_append (out, "@name text                         a message to somebody, from anywhere\n"
                        "text                               goes to whom /chat chose");
  return g_string_free (out, FALSE);
}

/* --- Events --------------------------------------------------------------------------------- */

static char *
format_message (JsonObject *event)
{
  GString *out;

  /* A file is told by its offer. */
  if (g_str_equal (json_object_get_string_member_with_default (event, "kind", "text"), "file"))
    return NULL;

  out = g_string_new (NULL);
  append_message (out, event);
  return g_string_free (out, FALSE);
}

static char *
format_request (JsonObject *event)
{
  GString *out = g_string_new (NULL);
  g_autofree char *name = kith_cli_painted_member (KITH_CLI_PAINT_NAME, event, "name");
  g_autofree char *text = kith_cli_safe_member (event, "text");
  g_autofree char *quoted = kith_cli_quoted_member (event, "name");
  const char *id = json_object_get_string_member (event, "id");

  if (*json_object_get_string_member_with_default (event, "name", "") == '\0')
    {
      g_free (g_steal_pointer (&quoted));
      quoted = g_strdup (id);
    }

  g_string_append_printf (out, "%s asks to be your contact", *name != '\0' ? name : "Somebody without a name");
  if (*text != '\0')
    g_string_append_printf (out, ": “%s”", text);
  g_string_append_printf (out, ". /accept %s or /decline %s", quoted, quoted);
  if (json_object_get_boolean_member (event, "name_taken"))
    append_name_warning (out, event);
  return g_string_free (out, FALSE);
}

static char *
format_presence (JsonObject *event, const char *words)
{
  g_autofree char *name = kith_cli_safe_member (event, "name");
  g_autofree char *line = g_strdup_printf ("%s %s.", name, words);

  return kith_cli_text_paint (KITH_CLI_PAINT_QUIET, line);
}

static char *
format_online (JsonObject *event)
{
  return format_presence (event, "is online");
}

static char *
format_offline (JsonObject *event)
{
  return format_presence (event, "went offline");
}

static char *
format_receipt (JsonObject *event)
{
  if (!g_str_equal (json_object_get_string_member (event, "state"), "failed"))
    return NULL;

  return kith_cli_text_paint (KITH_CLI_PAINT_WARNING, "A message could not be sent.");
}

static char *
format_warning (JsonObject *event)
{
  return kith_cli_painted_member (KITH_CLI_PAINT_WARNING, event, "message");
}

static char *
format_listening_event (JsonObject *event)
{
  return kith_cli_format_listening (NULL, event);
}

/* Also when it locked by itself: whoever comes back sees why nothing has arrived. */
static char *
format_locked (JsonObject *event)
{
  return g_strdup ("Kith is locked: you are offline, and nothing arrives. /unlock opens it again.");
}

static char *
format_contact (JsonObject *event)
{
  const char *change = json_object_get_string_member (event, "change");
  g_autofree char *name = kith_cli_safe_member (event, "name");
  g_autofree char *quoted = kith_cli_quoted_member (event, "name");

  if (g_str_equal (change, "accepted"))
    return g_strdup_printf ("%s accepted your request. /chat %s to talk.", name, quoted);
  if (g_str_equal (change, "declined"))
    return g_strdup_printf ("%s does not take your request.", name);

  return NULL;
}

/**
 * kith_cli_format_event:
 * @name: its name
 * @event: an event
 *
 * Returns: (transfer full) (nullable): words for people; %NULL when they need not be told
 */
char *
kith_cli_format_event (const char *name, JsonObject *event)
{
  static const struct
  {
    const char *name;
    char     *(*format) (JsonObject *event);
  } formats[] = {
    { "message", format_message },        { "request", format_request },
    { "peer-online", format_online },     { "peer-offline", format_offline },
    { "receipt", format_receipt },        { "warning", format_warning },
    { "listening", format_listening_event }, { "contact", format_contact },
    { "dht", kith_cli_format_dht },       { "port-map", kith_cli_format_port_map },
    { "nearby", kith_cli_format_nearby_event }, { "invite-used", kith_cli_format_invite_used },
    { "invite-misused", kith_cli_format_invite_misused }, { "words", kith_cli_format_words_event },
    { "message-edited", kith_cli_format_edited }, { "message-deleted", kith_cli_format_deleted },
    { "reaction", kith_cli_format_reaction }, { "missing", kith_cli_format_missing },
    { "timer", kith_cli_format_timer },   { "unknown-message", kith_cli_format_unknown },
    { "file-offer", kith_cli_format_file_offer }, { "file-done", kith_cli_format_file_done },
    { "timer", kith_cli_format_timer }, { "group", kith_cli_format_group_event },
    { "group-request", kith_cli_format_group_request }, { "locked", format_locked },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (formats[i].name, name))
      return formats[i].format (event);

  return NULL;
}
