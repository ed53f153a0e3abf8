/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines that programs and people give to kith-cli: the table of commands, their arguments, and what the
 * commands do, with a node in memory that has somebody to write to. The first byte says whether it is JSON
 * or what people type; then come lines. What goes out to others, or where the line says in the file system,
 * is only looked at. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/kith-cli-app-private.h"
#include "cli/kith-cli-call.h"
#include "cli/kith-cli-json.h"
#include "kith-fuzz.h"
#include "node/kith-command-line.h"
#include "node/kith-node-private.h"
#include "store/kith-store.h"

#define LINES 12
#define MESSAGES 3
#define INPUTS 16 /* that one node gets */
#define PATIENCE_S 60

static KithCliOptions options = { .passphrase_fd = -1 };
static KithCliApp app = { .options = &options };
static guint n_inputs;

/* --- The node ------------------------------------------------------------------------------- */

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
add_somebody (KithStore *store)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreContact contact = { .relation = 1, .name = (char *) "Ann", .added_ms = 1767225600000, .next_seq = 1 };
  g_autoptr (GAsyncResult) result = NULL;
  guint8 seed[crypto_sign_SEEDBYTES] = { 1 };
  guint8 secret[crypto_sign_SECRETKEYBYTES];

  crypto_sign_seed_keypair (contact.identity, secret, seed);
  kith_store_batch_put_contact (batch, &contact);
  for (guint i = 0; i < MESSAGES; i++)
    {
      KithStoreMessage row = { .outgoing = i % 2, .seq = i + 1, .time_ms = 1767225600000 + i,
                               .text = (char *) "Hello *there*", .id = { (guint8) (i + 1) } };

      memcpy (row.identity, contact.identity, sizeof row.identity);
      row.hlc = (guint64) row.time_ms << 16;
      row.state = row.outgoing ? 4 : 0;
      row.sent_ms = row.delivered_ms = row.outgoing ? row.time_ms : 0;
      kith_store_batch_add_message (batch, &row);
    }
  kith_store_commit_async (store, batch, NULL, result_cb, &result);
  kith_fuzz_check (kith_store_commit_finish (store, await (&result), NULL));
}

static void
begin (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) created = NULL;
  g_autoptr (KithNode) node = NULL;

  add_somebody (store);
  node = kith_node_new (store, kith_env_get_default ());
  kith_node_open_async (node, NULL, result_cb, &opened);
  kith_fuzz_check (kith_node_open_finish (node, await (&opened), NULL));
  kith_node_create_profile_async (node, "Ben", NULL, result_cb, &created);
  kith_fuzz_check (kith_node_create_profile_finish (node, await (&created), NULL));
  kith_cli_app_take_node (&app, node);
}

static void
end (void)
{
  g_autoptr (KithNode) node = g_object_ref (app.node);
  g_autoptr (GAsyncResult) stopped = NULL;

  kith_cli_app_take_node (&app, NULL);
  kith_node_shutdown_async (node, result_cb, &stopped);
  kith_node_shutdown_finish (node, await (&stopped), NULL);
}

/* --- Lines ---------------------------------------------------------------------------------- */

/* Whether it stays in this process. */
static gboolean
is_harmless (const KithCliCommand *command)
{
  static const char *const others[] = {
    "connect", "join", "add", "ask", "befriend", "group-join", "reconnect", "diagnose", "listen", "network",
    "profiles", "quit", NULL,
  };

  for (guint i = 0; i < KITH_CLI_ARGUMENTS_MAX && command->arguments[i].name != NULL; i++)
    if (g_str_equal (command->arguments[i].name, "path"))
      return FALSE;

  return !g_strv_contains (others, command->name);
}

static gboolean
may_run_json (const char *line)
{
  g_autoptr (JsonObject) object = kith_cli_json_parse (line);
  JsonNode *name = object != NULL ? json_object_get_member (object, "cmd") : NULL;
  const KithCliCommand *command = NULL;

  if (object != NULL)
    {
      g_autofree char *again = kith_cli_json_to_line (object);

      kith_fuzz_check (strchr (again, '\n') == NULL);
    }
  if (name != NULL && json_node_get_value_type (name) == G_TYPE_STRING)
    command = kith_cli_commands_find (json_node_get_string (name));
  if (command == NULL || is_harmless (command))
    return TRUE;

  g_free (kith_cli_arguments_check (command->arguments, object));
  return FALSE;
}

static gboolean
may_run_words (const char *text)
{
  g_auto (KithLine) line = { 0 };
  g_autoptr (JsonObject) out = json_object_new ();
  g_autofree char *name = NULL;
  const KithCliCommand *command;
  const char *rest;

  if (!g_utf8_validate (text, -1, NULL))
    return TRUE;

  kith_cli_call_is_secret (text);
  kith_line_parse (&line, text);
  if (line.kind != KITH_LINE_COMMAND)
    return TRUE;

  rest = line.rest;
  name = kith_line_complete_command (line.word, &rest);
  command = kith_cli_commands_find (name);
  if (command == NULL || is_harmless (command))
    return TRUE;

  kith_cli_arguments_read_line (command->arguments, rest, out);
  return FALSE;
}

/* Each command is answered. */
static void
run (const char *line)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  kith_cli_app_handle_line (&app, line);
  while (app.n_calls > 0)
    {
      kith_fuzz_check (g_get_monotonic_time () < end_us);
      g_main_context_iteration (NULL, TRUE);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* What is said to a program is lines of JSON, to people text that does nothing to their terminal. */
static void
check_output (const char *output)
{
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);

  kith_fuzz_check (g_utf8_validate (output, -1, NULL));
  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (JsonObject) object = NULL;

      if (options.style == KITH_CLI_PEOPLE)
        for (const char *at = *line; *at != '\0'; at = g_utf8_next_char (at))
          kith_fuzz_check (!g_unichar_iscntrl (g_utf8_get_char (at)) || *at == '\t');
      else if (**line != '\0')
        {
          object = kith_cli_json_parse (*line);
          kith_fuzz_check (object != NULL);
        }
    }
}

static void
run_lines (char **lines)
{
  FILE *before = stdout;
  char *output = NULL;
  size_t len = 0;

  stdout = open_memstream (&output, &len);
  kith_fuzz_check (stdout != NULL);
  for (guint i = 0; i < LINES && lines[i] != NULL; i++)
    if (options.style == KITH_CLI_PEOPLE ? may_run_words (lines[i]) : may_run_json (lines[i]))
      run (lines[i]);
  fclose (stdout);
  stdout = before;
  check_output (output);
  free (output);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (size == 0)
    return 0;

  if (n_inputs++ % INPUTS == 0)
    {
      if (app.node != NULL)
        end ();
      begin ();
    }
  options.style = data[0] % 2 == 0 ? KITH_CLI_JSON : KITH_CLI_PEOPLE;
  text = g_strndup ((const char *) data + 1, size - 1);
  lines = g_strsplit (text, "\n", LINES + 1);
  run_lines (lines);
  return 0;
}
