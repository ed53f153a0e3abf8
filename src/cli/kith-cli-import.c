/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile out of a backup: on the command line only, for who runs has one already. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "base/kith-error.h"
#include "cli/kith-cli-app-private.h"
#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"

#define NOTHING_MADE " No profile was made."

/* (nullable): what happened, and what to do about it */
static const char *
words_for (KithError code)
{
  switch ((int) code)
    {
    case KITH_ERROR_WRONG_PASSPHRASE:
      return "That is not the passphrase of this backup: it has one of its own, which was chosen when it was saved."
             NOTHING_MADE;
    case KITH_ERROR_NOT_A_BACKUP:
      return "That file is not a backup of Kith: “export” and “Save a Backup” write one." NOTHING_MADE;
    case KITH_ERROR_DAMAGED:
      return "The backup is damaged or incomplete. Copy it again from where it was saved, or use another one."
             NOTHING_MADE;
    case KITH_ERROR_NEWER_VERSION:
      return "A newer version of Kith wrote this backup. Update Kith, then import it." NOTHING_MADE;
    case KITH_ERROR_DISK_FULL:
      return "There is not enough room on the disk of the new profile. Free some space, or choose a folder on another"
             " disk with --profile." NOTHING_MADE;
    case KITH_ERROR_DISK:
      return "The disk of the backup, or of the new profile, cannot be read or written: it may be read-only, failing,"
             " or unplugged." NOTHING_MADE;
    case KITH_ERROR_NOT_FOUND:
      return "There is no such file. Check its path." NOTHING_MADE;
    case KITH_ERROR_PERMISSION:
      return "The system does not let Kith read that file, or write into the folder of the new profile." NOTHING_MADE;
    case KITH_ERROR_EXISTS:
      return "There is a profile here already. A backup makes a new one: kith-cli --profile NEW-FOLDER import FILE";
    default:
      return NULL;
    }
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
  /* Before the answer, which would end it in its own way. */
  kith_cli_app_quit (self, exit_code);
  kith_cli_call_refuse_argv (self, error, words_for (kith_error_code_from_gerror (error)));
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
  kith_cli_call_fail (call, error, words_for (KITH_ERROR_EXISTS));
}

char *
kith_cli_format_imported (KithCliCall *call, JsonObject *reply)
{
  return g_strdup ("Done. Use it in one place only: if this profile is still open elsewhere, close it there. "
                   "Of two, your contacts talk to the one that was online last.");
}
