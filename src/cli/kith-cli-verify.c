/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making sure of a contact: the number, the code, and words that both compare. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"
#include "cli/kith-cli-text.h"
#include "node/kith-explain.h"
#include "node/kith-node-verify.h"

static void
fail (KithCliCall *call, const GError *error)
{
  g_autofree char *words = kith_explain_verify (error);

  kith_cli_call_fail (call, error, words);
}

/* --- The number and the code ---------------------------------------------------------------- */

void
kith_cli_handle_safety (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithContact *contact = kith_cli_call_need_contact (call, "who");
  g_autofree char *number = NULL;
  g_autofree char *code = NULL;
  JsonObject *reply;

  if (contact == NULL)
    return;

  number = kith_node_dup_safety_number (node, contact);
  code = kith_node_dup_own_code (node);
  reply = json_object_new ();
  json_object_set_string_member (reply, "safety", number);
  json_object_set_string_member (reply, "code", code);
  kith_cli_json_add_verified (reply, contact);
  json_object_set_string_member (reply, "name", kith_contact_get_display_name (contact));
  kith_cli_call_reply (call, reply);
}

static void
code_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;

  if (kith_node_verify_code_finish (KITH_NODE (source), result, &error))
    kith_cli_call_reply (call, NULL);
  else
    fail (call, error);
}

static void
set_verified (KithCliCall *call, KithContact *contact, KithVerified verified)
{
  kith_node_set_verified_async (kith_cli_call_get_node (call), contact, verified, NULL,
                                kith_cli_done_cb,
                                kith_cli_pending_new (call, kith_node_set_verified_finish));
}

void
kith_cli_handle_verify (KithCliCall *call)
{
  const char *code = kith_cli_call_get_string (call, "code");
  KithContact *contact = kith_cli_call_need_contact (call, "who");

  if (contact == NULL)
    return;

  if (code == NULL)
    set_verified (call, contact, KITH_VERIFIED_NUMBER);
  else
    kith_node_verify_code_async (kith_cli_call_get_node (call), contact, code, NULL, code_cb, call);
}

void
kith_cli_handle_unverify (KithCliCall *call)
{
  KithContact *contact = kith_cli_call_need_contact (call, "who");

  if (contact != NULL)
    set_verified (call, contact, KITH_VERIFIED_NOT);
}

/* --- Words ---------------------------------------------------------------------------------- */

/* (transfer full) */
static JsonObject *
describe (KithComparison *comparison)
{
  KithContact *contact = kith_comparison_get_contact (comparison);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", kith_contact_get_id (contact));
  json_object_set_string_member (object, "name", kith_contact_get_display_name (contact));
  json_object_set_string_member (object, "state", kith_comparison_get_state_name (comparison));
  json_object_set_string_member (object, "words", kith_comparison_get_words (comparison));
  return object;
}

static void
start (KithCliCall *call, KithContact *contact)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KithComparison) comparison =
    kith_node_start_words (kith_cli_call_get_node (call), contact, &error);

  if (comparison != NULL)
    kith_cli_call_reply (call, describe (comparison));
  else
    fail (call, error);
}

static void
answer (KithCliCall *call, KithContact *contact, gboolean yes)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithComparison *present = kith_node_get_words (node, contact);
  g_autoptr (KithComparison) comparison = present != NULL ? g_object_ref (present) : NULL;
  g_autoptr (GError) error = NULL;

  if (kith_node_answer_words (node, contact, yes, &error))
    kith_cli_call_reply_stored (call, describe (comparison));
  else
    fail (call, error);
}

void
kith_cli_handle_words (KithCliCall *call)
{
  const char *word = kith_cli_call_get_string (call, "answer");
  KithContact *contact = kith_cli_call_need_contact (call, "who");

  if (contact == NULL)
    return;

  if (word == NULL)
    start (call, contact);
  else if (g_str_equal (word, "yes") || g_str_equal (word, "no"))
    answer (call, contact, g_str_equal (word, "yes"));
  else if (g_str_equal (word, "stop"))
    {
      kith_node_stop_words (kith_cli_call_get_node (call), contact);
      kith_cli_call_reply (call, NULL);
    }
  else
    kith_cli_call_fail_invalid (call, "The answer is yes, no or stop.");
}

/**
 * kith_cli_json_words:
 * @comparison: words that are compared with a contact
 *
 * Returns: (transfer full): the event about them
 */
JsonObject *
kith_cli_json_words (KithComparison *comparison)
{
  return describe (comparison);
}

/* --- Words for people ----------------------------------------------------------------------- */

char *
kith_cli_format_safety (KithCliCall *call, JsonObject *reply)
{
  g_autofree char *name = kith_cli_safe_member (reply, "name");
  g_autofree char *quoted = kith_cli_quoted_member (reply, "name");

  return g_strdup_printf ("%s\n%s sees the same number under /safety. Compare it by telephone or in "
                          "person; if it is the same, /verify %s\nYour own code, for others: %s",
                          json_object_get_string_member (reply, "safety"), name, quoted,
                          json_object_get_string_member (reply, "code"));
}

static char *
format_words (JsonObject *event)
{
  g_autofree char *quoted = kith_cli_quoted_member (event, "name");
  g_autofree char *words =
    kith_cli_text_paint (KITH_CLI_PAINT_NAME, json_object_get_string_member (event, "words"));

  return g_strdup_printf ("The words are: %s\nRead them to each other by telephone or in person. The "
                          "same on both sides: /words %s yes, else: /words %s no",
                          words, quoted, quoted);
}

/**
 * kith_cli_format_words_event:
 * @event: the event about words
 *
 * Returns: (transfer full) (nullable): the same for people
 */
char *
kith_cli_format_words_event (JsonObject *event)
{
  const char *state = json_object_get_string_member (event, "state");
  g_autofree char *name = kith_cli_safe_member (event, "name");
  g_autofree char *quoted = kith_cli_quoted_member (event, "name");
  g_autofree char *warning = NULL;

  if (g_str_equal (state, "asked"))
    return g_strdup_printf ("%s wants to compare words with you, to be sure that nobody is between "
                            "you. /words %s yes or /words %s no",
                            name, quoted, quoted);
  if (g_str_equal (state, "waiting"))
    return g_strdup_printf ("%s is asked to compare words with you.", name);
  if (g_str_equal (state, "words"))
    return format_words (event);
  if (g_str_equal (state, "confirmed"))
    return g_strdup_printf ("%s has still to say the same.", name);
  if (g_str_equal (state, "same"))
    return g_strdup_printf ("Nobody is between you and %s: verified.", name);
  if (g_str_equal (state, "ended"))
    return g_strdup_printf ("The comparison with %s has ended. Nothing has changed.", name);
  if (!g_str_equal (state, "different"))
    return NULL;

  warning = g_strdup_printf ("The words were different! Somebody may be between you and %s. Say "
                             "nothing here that others must not read, and meet in person.",
                             name);
  return kith_cli_text_paint (KITH_CLI_PAINT_WARNING, warning);
}
