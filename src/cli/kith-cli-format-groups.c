/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words about groups. Whatever comes from somebody else passes kith_cli_text_safe(). */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-format.h"

#include <string.h>

#include "cli/kith-cli-text.h"

static void
append_names (GString *out, JsonArray *people)
{
  for (guint i = 0; i < json_array_get_length (people); i++)
    {
      g_autofree char *name = kith_cli_safe_member (json_array_get_object_element (people, i), "name");

      g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", name);
    }
}

static void
append_absent (GString *out, JsonObject *reply)
{
  JsonArray *absent = json_object_get_array_member (reply, "absent");

  if (json_array_get_length (absent) == 0)
    return;

  g_string_append (out, "\nNot online now, invited as soon as they are: ");
  append_names (out, absent);
}

char *
kith_cli_format_group_new (KithCliCall *call, JsonObject *reply)
{
  GString *out = g_string_new (NULL);
  g_autofree char *name = kith_cli_safe_member (reply, "name");
  g_autofree char *quoted = kith_cli_quoted_member (reply, "name");

  g_string_append_printf (out, "%s is there, and you are its admin. /chat %s to talk.", name, quoted);
  append_absent (out, reply);
  return g_string_free (out, FALSE);
}

char *
kith_cli_format_group_invite (KithCliCall *call, JsonObject *reply)
{
  GString *out;

  if (json_object_has_member (reply, "invite"))
    {
      g_autofree char *link = kith_cli_safe_member (reply, "invite");
      g_autofree char *until = kith_cli_text_time (json_object_get_int_member (reply, "expires"));

      return g_strdup_printf ("Whoever has this link can ask to join, until %s:\n%s", until, link);
    }

  out = g_string_new ("Invited.");
  append_absent (out, reply);
  return g_string_free (out, FALSE);
}

char *
kith_cli_format_group_join (KithCliCall *call, JsonObject *reply)
{
  g_autofree char *name = kith_cli_safe_member (reply, "name");
  g_autofree char *quoted = kith_cli_quoted_member (reply, "name");

  if (g_str_equal (json_object_get_string_member (reply, "state"), "member"))
    return g_strdup_printf ("You are in %s. /chat %s to talk.", name, quoted);

  return g_strdup_printf ("You have asked to join %s. You are told when the admin answers.",
                          *name != '\0' ? name : "the group");
}

/* What a person should know of a group before its name means more than that. */
static const char *
state_words (JsonObject *group)
{
  static const struct
  {
    const char *state;
    const char *words;
  } states[] = {
    { "invited", ", you are invited: /group-join or /group-decline" },
    { "asking", ", waits for the admin to let you in" },
    { "frozen", ", its admin contradicted himself: members may choose another" },
    { "split", ", has split: you reach those on your side" },
    { "left", ", you left" },
    { "kicked", ", you were removed" },
    { "refused", ", you were not let in" },
  };
  const char *state = json_object_get_string_member (group, "state");

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].state, state))
      return states[i].words;

  return "";
}

static void
append_group (GString *out, JsonObject *group)
{
  g_autofree char *name = kith_cli_painted_member (KITH_CLI_PAINT_NAME, group, "name");
  gint64 unread = json_object_get_int_member (group, "unread");
  gint64 mentions = json_object_get_int_member (group, "mentions");
  gint64 n_requests = json_object_get_int_member (group, "requests");
  JsonArray *missing = json_object_get_array_member (group, "missing");

  g_string_append_printf (out, "%s  %" G_GINT64_FORMAT " members%s%s", name,
                          json_object_get_int_member (group, "members"),
                          json_object_get_boolean_member (group, "is_admin") ? ", you are admin" : "",
                          state_words (group));
  if (unread > 0)
    g_string_append_printf (out, ", %" G_GINT64_FORMAT " unread", unread);
  if (mentions > 0)
    g_string_append_printf (out, ", %" G_GINT64_FORMAT " of them for you", mentions);
  if (n_requests > 0)
    g_string_append_printf (out, ", %" G_GINT64_FORMAT " ask to join", n_requests);
  if (json_object_get_boolean_member (group, "needs_key"))
    g_string_append (out, ", what you write waits for the admin");

  for (guint i = 0; i < json_array_get_length (missing); i++)
    {
      JsonObject *item = json_array_get_object_element (missing, i);
      g_autofree char *author = kith_cli_safe_member (item, "name");
      g_autofree char *holder = kith_cli_safe_member (item, "holder");

      g_string_append_printf (out, "\n  %" G_GINT64_FORMAT " messages from %s are missing%s%s",
                              json_object_get_int_member (item, "messages"), author,
                              *holder != '\0' ? "; who has them: " : "", holder);
    }
}

char *
kith_cli_format_groups (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "groups");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (out, '\n');
      append_group (out, json_array_get_object_element (array, i));
    }

  if (out->len == 0)
    g_string_append (out, "No groups yet. /group-new makes one.");
  return g_string_free (out, FALSE);
}

static void
append_member (GString *out, JsonObject *member)
{
  g_autofree char *name = kith_cli_painted_member (KITH_CLI_PAINT_NAME, member, "name");

  g_string_append_printf (out, "%s%s%s%s", name,
                          json_object_get_boolean_member (member, "me") ? " (you)" : "",
                          json_object_get_boolean_member (member, "admin") ? ", admin" : "",
                          json_object_get_boolean_member (member, "online") ? ", online" : "");
}

char *
kith_cli_format_members (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "members");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (out, '\n');
      append_member (out, json_array_get_object_element (array, i));
    }

  return g_string_free (out, FALSE);
}

char *
kith_cli_format_who_admin (KithCliCall *call, JsonObject *reply)
{
  JsonObject *admin = json_object_get_object_member (reply, "admin");
  g_autofree char *name = kith_cli_safe_member (admin, "name");

  return json_object_get_boolean_member (admin, "me") ? g_strdup ("You are the admin.")
                                                      : g_strdup_printf ("%s is the admin.", name);
}

/* --- Events --------------------------------------------------------------------------------- */

char *
kith_cli_format_group_event (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "name");
  g_autofree char *quoted = kith_cli_quoted_member (event, "name");
  const char *change = json_object_get_string_member (event, "change");
  const char *state = json_object_get_string_member (event, "state");

  if (g_str_equal (change, "added") && g_str_equal (state, "invited"))
    return g_strdup_printf ("You are invited to the group %s. /group-join %s or /group-decline %s", name,
                            quoted, quoted);
  if (g_str_equal (change, "state") && g_str_equal (state, "member"))
    return g_strdup_printf ("You are in %s. /chat %s to talk.", name, quoted);
  if (g_str_equal (change, "state") && g_str_equal (state, "refused"))
    return g_strdup_printf ("The admin of %s did not let you in.", name);
  if (g_str_equal (change, "state") && g_str_equal (state, "kicked"))
    return g_strdup_printf ("You were removed from %s.", name);

  return NULL;
}

char *
kith_cli_format_group_request (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "name");
  g_autofree char *text = kith_cli_safe_member (event, "text");
  g_autofree char *group = kith_cli_safe_member (event, "group_name");
  g_autofree char *quoted = kith_cli_quoted_member (event, "name");
  g_autofree char *quoted_group = kith_cli_quoted_member (event, "group_name");

  return g_strdup_printf ("%s asks to join %s%s%s%s. /approve %s %s or /deny %s %s", name, group,
                          *text != '\0' ? ": “" : "", text, *text != '\0' ? "”" : "", quoted_group, quoted,
                          quoted_group, quoted);
}

/* Whom a line is about: "you" or a name. (transfer full) */
static char *
person (JsonObject *message, const char *member, const char *name_member)
{
  if (g_str_equal (json_object_get_string_member_with_default (message, member, "me"), "me"))
    return g_strdup ("you");

  return kith_cli_format_somebody (message, name_member);
}

/* {who}, {by} and {text} stand for these; what comes from others is not looked at for them. */
static char *
fill (const char *words, const char *who, const char *by, const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *p = words; *p != '\0'; p++)
    if (*p != '{')
      g_string_append_c (out, *p);
    else
      {
        g_string_append (out, p[1] == 'w' ? who : p[1] == 'b' ? by : text);
        p = strchr (p, '}');
      }

  return g_string_free (out, FALSE);
}

/**
 * kith_cli_format_group_line:
 * @message: a message of the kind "event"
 *
 * Returns: (transfer full): what happened in the group
 */
char *
kith_cli_format_group_line (JsonObject *message)
{
  static const struct
  {
    const char *event;
    const char *words;
  } lines[] = {
    { "created", "[{by} made the group {text}]" },
    { "joined", "[{who} joined, let in by {by}]" },
    { "left", "[{who} left]" },
    { "kicked", "[{who} removed by {by}]" },
    { "admin", "[{who}: admin from now on]" },
    { "transfer", "[{by} asked {who} to become admin]" },
    { "renamed", "[{by} named the group {text}]" },
    { "topic", "[{by} set the topic: {text}]" },
    { "picture", "[{by} changed the picture]" },
    { "picture-removed", "[{by} removed the picture]" },
    { "policy", "[{by} changed the rules]" },
    { "forked", "[the log of {who} contradicts itself: a restored or a stolen device]" },
    { "frozen", "[the admin, {by}, contradicted himself: members may choose another]" },
    { "split", "[the group has split]" },
    { "rekeyed", "[{who}: a new key for this group]" },
    { "blocked", "[a message of somebody whom you have blocked]" },
    { "refused", "[the admin did not let you in]" },
  };
  const char *event = json_object_get_string_member_with_default (message, "event_kind", "");
  g_autofree char *who = person (message, "event_who", "event_who_name");
  g_autofree char *by = person (message, "event_by", "event_by_name");
  g_autofree char *text = kith_cli_safe_member (message, "event_text");

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (g_str_equal (lines[i].event, event))
      return fill (lines[i].words, who, by, text);

  return g_strdup_printf ("[%s]", text);
}
