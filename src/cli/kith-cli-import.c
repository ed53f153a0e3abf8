/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile out of a backup: on the command line only, for who runs has one already. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "base/kith-error.h"
#include "cli/kith-cli-app-private.h"
#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"
#include "node/kith-explain.h"

#define NOTHING_MADE " No profile was made."
#define NEW_FOLDER "kith-cli --profile NEW-FOLDER import FILE"
#define IS_THERE "There is a profile here already. A backup makes a new one: " NEW_FOLDER

/* What is here, or is not, was in the way before anybody looked at the backup. */
static char *
dup_folder_words (const GError *error)
{
  g_autofree char *words = NULL;

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_EXISTS))
    return g_strdup (IS_THERE);
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_DAMAGED))
    return g_strdup ("The profile in this folder is damaged, and was left as it is. The backup was not looked at; a"
                     " new folder takes it: " NEW_FOLDER);

  words = kith_explain_error (error);
  return g_strconcat (words, " The backup was not looked at; a new folder takes it: " NEW_FOLDER, NULL);
}

static char *
dup_restore_words (const GError *error)
{
  g_autofree char *words = kith_explain_restore (error);

  return g_strconcat (words, NOTHING_MADE, NULL);
}

/**
 * kith_cli_app_refuse_import:
 * @self: the client
 * @error: why there is no profile out of the backup
 * @exit_code: what the program ends with
 *
 * Answers the command and ends.
 */
void
kith_cli_app_refuse_import (KithCliApp *self, const GError *error, int exit_code)
{
  g_autofree char *words = kith_cli_app_was_restored (self) ? dup_restore_words (error)
                                                            : dup_folder_words (error);

  /* Before the answer, which would end it in its own way. */
  kith_cli_app_quit (self, exit_code);
  kith_cli_call_refuse_argv (self, error, words);
}

/* A restore makes a profile; by the time this runs there is one. After a restore that was asked for
 * on the command line it is done. */
void
kith_cli_handle_import (KithCliCall *call)
{
  g_autoptr (GError) error = NULL;

  if (kith_cli_app_was_restored (kith_cli_call_get_app (call)) && kith_cli_call_get_node (call) != NULL)
    {
      kith_cli_call_reply (call, NULL);
      return;
    }

  error = g_error_new_literal (KITH_ERROR, KITH_ERROR_EXISTS, "There is a profile");
  kith_cli_call_fail (call, error, IS_THERE);
}

char *
kith_cli_format_imported (KithCliCall *call, JsonObject *reply)
{
  return g_strdup ("Done. Use it in one place only: if this profile is still open elsewhere, close it there. "
                   "Of two, your contacts talk to the one that was online last.");
}
