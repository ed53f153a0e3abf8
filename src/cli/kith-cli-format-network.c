/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for people about the ways to others. Whatever comes from somebody else passes
 * kith_cli_text_safe(). */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-format.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/kith-cli-qr.h"

static const char *
state_of (JsonObject *object)
{
  return json_object_get_string_member_with_default (object, "state", "");
}

static gboolean
is_state (JsonObject *object, const char *state)
{
  return g_str_equal (state_of (object), state);
}

/* --- Who can reach me ----------------------------------------------------------------------- */

static const char *
reach_words (const char *reach)
{
  if (g_str_equal (reach, "passphrase"))
    return "Who can reach you: contacts, invites, and who knows your passphrase.";
  if (g_str_equal (reach, "contacts"))
    return "Who can reach you: contacts and invites only.";

  return "Who can reach you: everyone who has your address.";
}

void
kith_cli_format_append_reach (GString *out, JsonObject *reply)
{
  g_string_append_printf (out, "%s%s", out->len > 0 ? "\n" : "",
                          reach_words (json_object_get_string_member (reply, "reach")));
}

char *
kith_cli_format_reach (KithCliCall *call, JsonObject *reply)
{
  gboolean has_passphrase = !json_object_get_null_member (reply, "passphrase");
  GString *out = g_string_new (NULL);
  g_autofree char *passphrase = kith_cli_safe_member (reply, "passphrase");
  g_autofree char *note = kith_cli_safe_member (reply, "note");

  kith_cli_format_append_reach (out, reply);
  if (has_passphrase)
    g_string_append_printf (out, "\nYour passphrase for friends: %s", passphrase);
  else
    g_string_append (out, "\nThere is no passphrase for friends. /passphrase new makes one.");
  if (!json_object_get_null_member (reply, "note"))
    g_string_append_printf (out, "\n%s", note);
  return g_string_free (out, FALSE);
}

/* --- Invites -------------------------------------------------------------------------------- */

/* The code is of use on a screen, which another person's camera sees. */
static void
append_code (GString *out, const char *link)
{
  struct winsize size;
  gboolean is_terminal = ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  g_autofree char *code = is_terminal ? kith_cli_qr_draw (link, size.ws_col) : NULL;

  if (code != NULL)
    g_string_append_printf (out, "%s\n", code);
}

char *
kith_cli_format_invite (KithCliCall *call, JsonObject *reply)
{
  const char *link = json_object_get_string_member (reply, "invite");
  g_autofree char *until = kith_cli_text_time (json_object_get_int_member (reply, "expires"));
  GString *out = g_string_new (NULL);

  append_code (out, link);
  g_string_append_printf (out, "%s\nWhoever has this link can ask you, once, until %s. Give it to one person, in a "
                               "way that nobody else reads.", link, until);
  return g_string_free (out, FALSE);
}

static void
append_invite (GString *out, JsonObject *invite)
{
  g_autofree char *note = kith_cli_safe_member (invite, "note");
  g_autofree char *until = kith_cli_text_time (json_object_get_int_member (invite, "expires"));
  const char *used_by = json_object_get_string_member_with_default (invite, "used_by", NULL);

  g_string_append_printf (out, "%s%s  %s%s%s", out->len > 0 ? "\n" : "",
                          json_object_get_string_member (invite, "invite_id"), state_of (invite),
                          *note != '\0' ? "  " : "", note);
  if (is_state (invite, "live"))
    g_string_append_printf (out, ", until %s\n  %s", until, json_object_get_string_member (invite, "invite"));
  if (used_by != NULL)
    g_string_append_printf (out, "\n  by %s", used_by);
  if (json_object_get_boolean_member (invite, "misused"))
    {
      g_autofree char *words = kith_cli_text_paint (KITH_CLI_PAINT_WARNING,
                                                    "Somebody else tried to use it as well, in vain.");

      g_string_append_printf (out, "\n  %s", words);
    }
}

char *
kith_cli_format_invites (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "invites");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    append_invite (out, json_array_get_object_element (array, i));

  if (out->len == 0)
    g_string_append (out, "No invites. /invite makes one.");
  return g_string_free (out, FALSE);
}

char *
kith_cli_format_added (KithCliCall *call, JsonObject *reply)
{
  JsonObject *contact = json_object_get_object_member (reply, "contact");
  g_autofree char *name = kith_cli_safe_member (contact, "name");
  g_autofree char *quoted = kith_cli_quoted_member (contact, "name");

  if (is_state (reply, "online"))
    return g_strdup_printf ("You are connected with %s. /chat %s to talk.", name, quoted);
  if (is_state (reply, "requested"))
    return g_strdup_printf ("Your request was handed over. You are told when %s answers.", name);

  return g_strdup_printf ("%s cannot be reached at the moment. Kith keeps trying by itself; /diagnose %s tells "
                          "what was tried.", name, quoted);
}

/* --- Who is nearby -------------------------------------------------------------------------- */

char *
kith_cli_format_nearby (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "nearby");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *nearby = json_array_get_object_element (array, i);
      g_autofree char *name = kith_cli_painted_member (KITH_CLI_PAINT_NAME, nearby, "name");
      g_autofree char *address = kith_cli_safe_member (nearby, "address");

      g_string_append_printf (out, "%s%s  %s%s\n  %s", i > 0 ? "\n" : "", name, address,
                              json_object_get_boolean_member (nearby, "contact") ? ", your contact" : "",
                              json_object_get_string_member (nearby, "id"));
    }

  if (out->len == 0)
    g_string_append (out, "Nobody on this network shows up. Contacts do when Kith runs there; others only if they "
                          "present themselves (/network present on).");
  return g_string_free (out, FALSE);
}

char *
kith_cli_format_nearby_event (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "name");
  g_autofree char *quoted = kith_cli_quoted_member (event, "name");

  if (!g_str_equal (json_object_get_string_member (event, "change"), "appeared")
      || json_object_get_boolean_member (event, "contact"))
    return NULL;

  return g_strdup_printf ("Somebody on this network calls themselves %s. /ask %s to connect.", name, quoted);
}

/* --- The ways ------------------------------------------------------------------------------- */

static const char *
words_for_dht (JsonObject *dht)
{
  if (is_state (dht, "connected"))
    return "Friends find you wherever you are.";
  if (is_state (dht, "connecting"))
    return "Looking for the DHT, through which friends find you wherever you are.";
  if (is_state (dht, "failed"))
    return "The DHT could not be started: friends find you only where you were last.";

  return NULL;
}

static gboolean
is_let_in_by_ipv6 (JsonObject *router)
{
  return g_strcmp0 (json_object_get_string_member_with_default (router, "ipv6", NULL), "open") == 0;
}

static char *
words_for_router (JsonObject *router)
{
  g_autofree char *external = kith_cli_safe_member (router, "external");

  if (is_state (router, "mapped"))
    return g_strdup_printf ("Your router lets friends in at %s%s.", external,
                            is_let_in_by_ipv6 (router) ? ", and by IPv6" : "");
  if (is_let_in_by_ipv6 (router))
    return g_strdup ("Your router lets friends in by IPv6.");
  if (is_state (router, "refused"))
    return g_strdup ("Your router does not let friends in by itself.");
  if (is_state (router, "double-nat"))
    return g_strdup ("Your router lets friends in, but it is itself behind another one that does not.");

  return NULL;
}

/**
 * kith_cli_format_append_ways:
 * @out: where to add lines
 * @status: the reply of `status`
 */
void
kith_cli_format_append_ways (GString *out, JsonObject *status)
{
  g_autofree char *proxy = kith_cli_safe_member (status, "proxy");
  g_autofree char *router = words_for_router (json_object_get_object_member (status, "port_map"));
  const char *dht = words_for_dht (json_object_get_object_member (status, "dht"));

  if (!json_object_get_boolean_member (status, "online"))
    g_string_append (out, "\nThis computer has no network at the moment.");
  if (*proxy != '\0')
    g_string_append_printf (out, "\nEverything goes through the proxy %s.", proxy);
  if (dht != NULL)
    g_string_append_printf (out, "\n%s", dht);
  if (router != NULL)
    g_string_append_printf (out, "\n%s", router);
  if (is_state (json_object_get_object_member (status, "lan"), "presented"))
    g_string_append (out, "\nYour name is shown to everybody on this network.");
}

char *
kith_cli_format_dht (JsonObject *event)
{
  const char *words = is_state (event, "connecting") ? NULL : words_for_dht (event);

  return words != NULL ? kith_cli_text_paint (KITH_CLI_PAINT_QUIET, words) : NULL;
}

char *
kith_cli_format_port_map (JsonObject *event)
{
  g_autofree char *words = words_for_router (event);

  return words != NULL ? kith_cli_text_paint (KITH_CLI_PAINT_QUIET, words) : NULL;
}

static const char *
on_or_off (JsonObject *object, const char *name)
{
  return json_object_get_boolean_member (object, name) ? "on" : "off";
}

char *
kith_cli_format_network (KithCliCall *call, JsonObject *reply)
{
  JsonArray *bootstrap = json_object_get_array_member (reply, "bootstrap");
  g_autofree char *proxy = kith_cli_safe_member (reply, "proxy");
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "dht          %s\nbootstrap   ", on_or_off (reply, "dht"));
  for (guint i = 0; i < json_array_get_length (bootstrap); i++)
    {
      g_autofree char *place = kith_cli_text_safe (json_array_get_string_element (bootstrap, i));

      g_string_append_printf (out, " %s", place);
    }
  g_string_append_printf (out, "\nlan          %s\npresent      %s\nport-map     %s\nproxy        %s",
                          on_or_off (reply, "lan"), on_or_off (reply, "present"), on_or_off (reply, "port_map"),
                          *proxy != '\0' ? proxy : "none");
  if (json_object_get_int_member (reply, "dht_network") != 0)
    g_string_append_printf (out, "\nThe DHT is the private one of number %" G_GINT64_FORMAT ".",
                            json_object_get_int_member (reply, "dht_network"));
  return g_string_free (out, FALSE);
}

/* --- The doctor ----------------------------------------------------------------------------- */

static const char *
sign_for (JsonObject *finding)
{
  const char *level = json_object_get_string_member (finding, "level");

  if (g_str_equal (level, "good"))
    return "✓";

  return g_str_equal (level, "problem") ? "!" : "·";
}

static void
append_finding (GString *out, JsonObject *finding)
{
  g_autofree char *title = kith_cli_painted_member (KITH_CLI_PAINT_NAME, finding, "title");
  g_autofree char *detail = kith_cli_safe_member (finding, "detail");
  g_autofree char *advice = kith_cli_safe_member (finding, "advice");
  gint64 time_ms = json_object_get_int_member (finding, "time");
  g_autofree char *time = kith_cli_text_time (time_ms);

  g_string_append_printf (out, "%s%s %s", out->len > 0 ? "\n" : "", sign_for (finding), title);
  if (time_ms > 0)
    g_string_append_printf (out, " (%s)", time);
  if (*detail != '\0')
    g_string_append_printf (out, "\n    %s", detail);
  if (*advice != '\0')
    g_string_append_printf (out, "\n    %s", advice);
}

char *
kith_cli_format_findings (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "findings");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    append_finding (out, json_array_get_object_element (array, i));

  if (out->len == 0)
    g_string_append (out, "Nothing to tell.");
  return g_string_free (out, FALSE);
}

/* --- What became of invites ----------------------------------------------------------------- */

static char *
dup_invite_name (JsonObject *event)
{
  g_autofree char *note = kith_cli_safe_member (event, "note");

  if (*note != '\0')
    return g_strdup_printf ("“%s”", note);

  return g_strdup (json_object_get_string_member (event, "invite_id"));
}

char *
kith_cli_format_invite_used (JsonObject *event)
{
  g_autofree char *name = kith_cli_painted_member (KITH_CLI_PAINT_NAME, event, "name");
  g_autofree char *invite = dup_invite_name (event);

  return g_strdup_printf ("%s has used your invite %s. Nobody else can any more.", name, invite);
}

char *
kith_cli_format_invite_misused (JsonObject *event)
{
  g_autofree char *invite = dup_invite_name (event);
  g_autofree char *words = g_strdup_printf ("Somebody else tried to use your invite %s as well, in vain. If you gave "
                                            "it to one person only, ask how it got about.", invite);

  return kith_cli_text_paint (KITH_CLI_PAINT_WARNING, words);
}
