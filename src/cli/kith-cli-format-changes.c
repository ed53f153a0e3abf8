/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for what becomes of messages. Whatever comes from somebody else passes kith_cli_text_safe(). */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-format.h"

static gboolean
is_ours (JsonObject *event)
{
  return g_str_equal (json_object_get_string_member_with_default (event, "from", "me"), "me");
}

char *
kith_cli_format_draft (KithCliCall *call, JsonObject *reply)
{
  g_autofree char *draft = kith_cli_safe_member (reply, "draft");

  return *draft != '\0' ? g_strdup_printf ("Begun, and not sent: %s", draft) : g_strdup ("Nothing is begun.");
}

char *
kith_cli_format_edited (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "with");
  g_autofree char *text = kith_cli_safe_member (event, "text");

  return is_ours (event) ? NULL : g_strdup_printf ("%s has edited a message: %s", name, text);
}

char *
kith_cli_format_deleted (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "with");

  return is_ours (event) ? NULL : g_strdup_printf ("%s has taken a message back.", name);
}

char *
kith_cli_format_reaction (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "with");
  g_autofree char *emoji = kith_cli_safe_member (event, "emoji");

  if (is_ours (event) || *emoji == '\0')
    return NULL;

  return g_strdup_printf ("%s: %s", name, emoji);
}

char *
kith_cli_format_missing (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "with");

  return g_strdup_printf ("Messages from %s are missing. They are asked for again.", name);
}

char *
kith_cli_format_unknown (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "with");

  return g_strdup_printf ("%s has sent something that this version cannot show.", name);
}

char *
kith_cli_format_timer (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "with");
  gint64 ttl_s = json_object_get_int_member_with_default (event, "ttl_s", 0);

  if (ttl_s == 0)
    return g_strdup_printf ("%s: messages are kept for good from now on.", name);

  return g_strdup_printf ("%s: messages disappear %" G_GINT64_FORMAT " seconds after reading from now on.",
                          name, ttl_s);
}

/* Returns: (transfer full): what stands for a message in a history */
char *
kith_cli_format_content (JsonObject *message)
{
  const char *kind = json_object_get_string_member_with_default (message, "kind", "text");
  gint64 edited_ms = json_object_get_int_member_with_default (message, "edited", 0);

  if (g_str_equal (kind, "missing"))
    return g_strdup_printf ("[%" G_GINT64_FORMAT " messages are missing]",
                            json_object_get_int_member (message, "missing"));
  if (g_str_equal (kind, "unknown"))
    return g_strdup ("[a message that this version cannot show]");
  if (g_str_equal (kind, "timer"))
    return g_strdup_printf ("[messages disappear after %" G_GINT64_FORMAT " s; 0 = never]",
                            json_object_get_int_member (message, "ttl_s"));
  if (g_str_equal (kind, "event"))
    return kith_cli_format_group_line (message);
  if (json_object_get_boolean_member_with_default (message, "deleted", FALSE))
    return g_strdup ("[deleted]");

  g_autofree char *text = kith_cli_safe_member (message, "text");

  if (g_str_equal (kind, "file"))
    return g_strdup_printf ("[file %s]", text);

  return g_strdup_printf ("%s%s", text, edited_ms != 0 ? " [edited]" : "");
}

void
kith_cli_format_append_reactions (GString *out, JsonObject *message)
{
  JsonArray *array = json_object_get_array_member (message, "reactions");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *emoji =
        kith_cli_safe_member (json_array_get_object_element (array, i), "emoji");

      g_string_append_printf (out, " %s", emoji);
    }
}
