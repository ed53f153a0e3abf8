/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "cli/kith-cli-app.h"
#include "cli/kith-cli-call.h"

/* Reads "192.0.2.1:5484", "[2001:db8::1]:5484", ":5484" or "5484". */
static gboolean
parse_listen (const char *text, KithCliOptions *options)
{
  const char *colon = strrchr (text, ':');
  const char *port = colon != NULL ? colon + 1 : text;
  gsize len = colon != NULL ? (gsize) (colon - text) : 0;
  guint64 number;

  if (!g_ascii_string_to_unsigned (port, 10, 0, G_MAXUINT16, &number, NULL))
    return FALSE;

  if (len >= 2 && text[0] == '[' && text[len - 1] == ']')
    {
      text++;
      len -= 2;
    }
  else if (memchr (text, ':', len) != NULL)
    return FALSE;

  options->listen_port = (guint16) number;
  options->listen_exact = number != 0;
  g_free (options->listen_address);
  options->listen_address = g_strndup (text, len);
  if (g_str_equal (options->listen_address, "::"))
    g_clear_pointer (&options->listen_address, g_free);
  return TRUE;
}

/* Of --listen and --no-listen the last one wins. */
static gboolean
listen_cb (const char *name, const char *value, gpointer data, GError **error)
{
  KithCliOptions *options = data;

  options->listen = value != NULL;
  if (value == NULL || parse_listen (value, options))
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--listen takes ADDRESS:PORT, such as 192.168.1.7:5484 or [::]:5484");
  return FALSE;
}

static void
options_clear (KithCliOptions *options)
{
  g_free (options->name);
  g_free (options->profile);
  g_free (options->listen_address);
  g_strfreev (options->command);
  kith_network_override_clear (&options->network);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithCliOptions, options_clear)

static int
usage_error (const char *words)
{
  g_printerr ("kith-cli: %s\nkith-cli --help tells more.\n", words);
  return 2;
}

/* For the shells, which complete what one types: a line for each option and each command, with what
 * it is for and what follows it, between tabs. */
static void
list_words (const GOptionEntry *entries)
{
  guint n;
  const KithCliCommand *commands = kith_cli_commands_get (&n);

  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    if (*entry->long_name != '\0' && !(entry->flags & G_OPTION_FLAG_HIDDEN))
      g_print ("--%s\t%s\t%s\n", entry->long_name, entry->description,
               entry->arg_description != NULL ? entry->arg_description : "");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *usage = kith_cli_arguments_usage (commands[i].arguments);

      g_print ("%s\t%s\t%s\n", commands[i].name, commands[i].help, usage);
    }
}

/* What is done with the options, and by main() alone. */
typedef struct
{
  gboolean json;
  gboolean words;
  gboolean verbose;
  gboolean version;
} Wishes;

/* Lists the words as well, when that is asked for: it needs what the options are. */
static gboolean
parse (KithCliOptions *options, Wishes *wishes, int *argc, char ***argv, GError **error)
{
  KithNetworkOverride *network = &options->network;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &options->name, "The name that others are shown", "NAME" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &options->profile,
      "The folder that everything is kept in; made when it is not there", "DIR" },
    { "passphrase-fd", 0, 0, G_OPTION_ARG_INT, &options->passphrase_fd,
      "Read the passphrase from this file descriptor: one line", "N" },
    { "start-anew", 0, 0, G_OPTION_ARG_NONE, &options->start_anew,
      "Make a new profile where the vault of the old one is lost; its messages are kept", NULL },
    { "ephemeral", 0, 0, G_OPTION_ARG_NONE, &options->ephemeral,
      "Write nothing to the disk; all is gone at the end", NULL },
    { "listen", 0, 0, G_OPTION_ARG_CALLBACK, listen_cb,
      "Where to listen; by default on port 5484, or the next free one", "ADDR:PORT" },
    { "no-listen", 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, listen_cb, "Do not listen", NULL },
    { "bootstrap", 0, 0, G_OPTION_ARG_STRING_ARRAY, &network->bootstrap,
      "Where to enter the DHT, instead of at the usual place; may be repeated", "HOST:PORT" },
    { "dht-network", 0, 0, G_OPTION_ARG_STRING, &network->dht_network,
      "Use a private DHT of this number; 0 is the public one", "N" },
    { "no-dht", 0, 0, G_OPTION_ARG_NONE, &network->no_dht, "Do not use the DHT", NULL },
    { "no-lan", 0, 0, G_OPTION_ARG_NONE, &network->no_lan,
      "Do not look for people on the same network", NULL },
    { "lan-present", 0, 0, G_OPTION_ARG_NONE, &network->lan_present,
      "Tell your name to everybody on the same network", NULL },
    { "no-port-map", 0, 0, G_OPTION_ARG_NONE, &network->no_port_map,
      "Do not ask the router to let friends in", NULL },
    { "proxy", 0, 0, G_OPTION_ARG_STRING, &network->proxy,
      "Reach everybody through this proxy, and use nothing that goes around it", "URI" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &wishes->json, "Talk in lines of JSON, for programs", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &options->quiet, "Print replies only", NULL },
    { "verbose", 0, 0, G_OPTION_ARG_NONE, &wishes->verbose, "Print what happens underneath", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &wishes->version, "Print the version", NULL },
    { "words", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &wishes->words, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->command, NULL, "[COMMAND…]" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup *group;

  g_option_context_set_summary (context, "Private chat with the people you know, in the terminal.");
  group = g_option_group_new ("kith-cli", NULL, NULL, options, NULL);
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (wishes->words && !wishes->version)
    list_words (entries);
  return TRUE;
}

int
main (int argc, char *argv[])
{
  Wishes wishes = { FALSE };
  g_auto (KithCliOptions) options = { .listen = TRUE, .listen_port = KITH_DEFAULT_PORT,
                                    .passphrase_fd = -1 };
  g_autoptr (GError) error = NULL;

  if (!kith_init ())
    return 1;

  setlocale (LC_ALL, "");
  /* What it says is read by programs, and looked up by people: the same words everywhere. */
  setlocale (LC_MESSAGES, "C");
  if (!parse (&options, &wishes, &argc, &argv, &error))
    return usage_error (error->message);

  if (wishes.version)
    g_print ("kith-cli %s\n", KITH_VERSION);
  if (wishes.version || wishes.words)
    return 0;

  if (options.ephemeral && options.profile != NULL)
    return usage_error ("--ephemeral keeps nothing, so there is no use for --profile");
  if (!kith_network_override_check (&options.network, &error))
    return usage_error (error->message);
  /* Else GLib mixes them with our replies. */
  g_log_writer_default_set_use_stderr (TRUE);
  if (wishes.verbose)
    g_setenv ("G_MESSAGES_DEBUG", "kith-net kith-node", TRUE);

  options.style = wishes.json ? KITH_CLI_JSON : KITH_CLI_PEOPLE;
  return kith_cli_app_run (&options);
}
