/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about the profile on the disk. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "base/kith-error.h"
#include "cli/kith-cli-app-private.h"
#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-passphrase.h"
#include "cli/kith-cli-work.h"
#include "node/kith-explain.h"
#include "node/kith-node-history.h"

#define ERASE_WORD "everything"
#define ERASE_FILES_WORD "everything-and-files"

/* Returns: (transfer none) (nullable): the folder, or %NULL after the call was answered */
static KithProfileFolder *
need_folder (KithCliCall *call)
{
  KithProfileFolder *folder = kith_cli_app_get_folder (kith_cli_call_get_app (call));

  if (folder == NULL)
    kith_cli_call_fail_invalid (call, "Nothing is kept on the disk: this was started with --ephemeral");

  return folder;
}

/* Programs, and who gave it already, are not asked. */
static gboolean
is_asked (KithCliCall *call, const char *argument)
{
  return kith_cli_call_get_string (call, argument) == NULL
         && kith_cli_app_can_ask (kith_cli_call_get_app (call));
}

/* @passphrase: (out) (transfer full) (nullable): an argument, or what is typed at the terminal.
 * Returns: %FALSE after the call was answered */
static gboolean
get_passphrase (KithCliCall *call, const char *argument, const char *prompt, char **passphrase)
{
  KithCliApp *app = kith_cli_call_get_app (call);
  g_autoptr (GError) error = NULL;

  *passphrase = g_strdup (kith_cli_call_get_string (call, argument));
  if (!is_asked (call, argument))
    return TRUE;

  *passphrase = kith_cli_passphrase_ask (prompt, kith_cli_app_get_cancellable (app));
  if (*passphrase != NULL)
    return TRUE;

  error = g_error_new_literal (KITH_ERROR, KITH_ERROR_CANCELLED, "Nothing was answered");
  kith_cli_call_fail (call, error, NULL);
  return FALSE;
}

/* The same for a new one, which is asked for twice. */
static gboolean
get_new_passphrase (KithCliCall *call, const char *argument, const char *prompt, char **passphrase)
{
  KithCliApp *app = kith_cli_call_get_app (call);
  g_autoptr (GError) error = NULL;

  *passphrase = g_strdup (kith_cli_call_get_string (call, argument));
  if (*passphrase != NULL || kith_cli_app_choose_passphrase (app, prompt, passphrase, &error))
    return TRUE;

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_INVALID))
    kith_cli_call_fail_invalid (call, error->message);
  else
    kith_cli_call_fail (call, error, NULL);
  return FALSE;
}

/* --- Lock and unlock ------------------------------------------------------------------------ */

static void
locked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;

  kith_cli_app_node_changed (kith_cli_call_get_app (call));
  if (kith_profile_folder_lock_finish (KITH_PROFILE_FOLDER (source), result, &error))
    kith_cli_call_reply (call, NULL);
  else
    kith_cli_call_fail (call, error, NULL);
}

void
kith_cli_handle_lock (KithCliCall *call)
{
  KithProfileFolder *folder = need_folder (call);

  if (folder == NULL)
    return;

  if (!kith_profile_folder_get_has_passphrase (folder))
    kith_cli_call_fail_invalid (call, "There is no passphrase to lock it with: change-passphrase sets one");
  else
    kith_profile_folder_lock_async (folder, locked_cb, call);
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  KithCliApp *app = kith_cli_call_get_app (call);
  g_autoptr (GError) error = NULL;

  app->is_trying = FALSE;
  if (!kith_profile_folder_unlock_finish (KITH_PROFILE_FOLDER (source), result, &error))
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  kith_cli_call_reply (call, NULL);
  kith_cli_app_node_changed (app);
}

void
kith_cli_handle_unlock (KithCliCall *call)
{
  KithCliApp *app = kith_cli_call_get_app (call);
  KithProfileFolder *folder = need_folder (call);
  char *passphrase;

  if (folder == NULL)
    return;

  if (get_passphrase (call, "passphrase", "Passphrase: ", &passphrase))
    {
      /* A program has its answer before the end. */
      app->is_trying = kith_cli_app_get_style (app) == KITH_CLI_PEOPLE
                       && kith_profile_folder_get_state (folder) == KITH_PROFILE_LOCKED;
      kith_profile_folder_unlock_async (folder, passphrase, NULL, unlocked_cb, call);
    }
  kith_cli_passphrase_free (passphrase);
}

/* --- The passphrase ------------------------------------------------------------------------- */

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  KithCliApp *app = kith_cli_call_get_app (call);
  KithProfileFolder *folder = KITH_PROFILE_FOLDER (source);
  g_autoptr (GError) error = NULL;

  if (!kith_profile_folder_change_passphrase_finish (folder, result, &error))
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  if (kith_cli_app_get_style (app) == KITH_CLI_PEOPLE && !kith_profile_folder_get_has_passphrase (folder))
    kith_cli_app_complain (app, KITH_CLI_NO_PASSPHRASE);
  kith_cli_app_update_auto_lock (app);
  kith_cli_call_reply (call, NULL);
}

void
kith_cli_handle_change_passphrase (KithCliCall *call)
{
  KithProfileFolder *folder = need_folder (call);
  char *current = NULL;
  char *passphrase = NULL;

  if (folder == NULL)
    return;

  /* Forgetting to say one is not the same as wanting none. */
  if (kith_cli_call_get_string (call, "passphrase") == NULL && !is_asked (call, "passphrase"))
    kith_cli_call_fail_invalid (call, "“passphrase” is missing: an empty one leaves the profile without");
  else if ((!kith_profile_folder_get_has_passphrase (folder)
            || get_passphrase (call, "current", "The passphrase until now: ", &current))
           && get_new_passphrase (call, "passphrase", "The new passphrase (empty for none): ", &passphrase))
    kith_profile_folder_change_passphrase_async (folder, current, passphrase, NULL, changed_cb, call);
  kith_cli_passphrase_free (current);
  kith_cli_passphrase_free (passphrase);
}

/* --- Backups -------------------------------------------------------------------------------- */

/* @words: what people are told of what is not whole */
static void
end_written (KithCliWork *work, gboolean is_incomplete, const char *words)
{
  KithCliApp *app = kith_cli_call_get_app (work->call);
  JsonObject *reply = json_object_new ();

  if (is_incomplete && kith_cli_app_get_style (app) == KITH_CLI_PEOPLE)
    kith_cli_app_complain (app, words);
  json_object_set_boolean_member (reply, "incomplete", is_incomplete);
  kith_cli_work_end (work, reply, NULL, NULL);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete;
  g_autofree char *words = NULL;

  if (!kith_profile_folder_export_finish (KITH_PROFILE_FOLDER (source), result, &is_incomplete, &error))
    {
      words = kith_explain_backup (error);
      kith_cli_work_end (user_data, NULL, error, words);
      return;
    }

  end_written (user_data, is_incomplete, kith_explain_incomplete_backup ());
}

static void
rescued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliWork *work = user_data;
  KithCliApp *app = kith_cli_call_get_app (work->call);
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete;
  g_autofree char *words = NULL;
  JsonObject *reply;

  if (!kith_profile_folder_rescue_finish (KITH_PROFILE_FOLDER (source), result, &is_incomplete, &error))
    {
      words = kith_explain_rescue (error);
      kith_cli_work_end (work, NULL, error, words);
      return;
    }

  if (kith_cli_app_get_style (app) == KITH_CLI_PEOPLE)
    kith_cli_app_complain (app, kith_explain_rescued (is_incomplete));
  reply = json_object_new ();
  json_object_set_boolean_member (reply, "incomplete", is_incomplete);
  json_object_set_boolean_member (reply, "rescued", TRUE);
  kith_cli_work_end (work, reply, NULL, NULL);
}

/* Of a profile that cannot be opened, what can be read. */
void
kith_cli_handle_export (KithCliCall *call)
{
  KithCliApp *app = kith_cli_call_get_app (call);
  KithProfileFolder *folder = kith_cli_app_get_folder (app);
  g_autoptr (GFile) file = NULL;
  char *passphrase = NULL;
  KithCliWork *work;

  if (!app->is_damaged && kith_cli_call_get_node (call) == NULL)
    {
      kith_cli_call_fail_locked (call);
      return;
    }
  if (need_folder (call) == NULL || !get_new_passphrase (call, "passphrase", "A passphrase for the backup: ", &passphrase))
    return;

  if (passphrase == NULL || *passphrase == '\0')
    kith_cli_call_fail_invalid (call, "A backup needs a passphrase of its own");
  else
    {
      work = kith_cli_work_new (call, "export");
      file = g_file_new_for_commandline_arg (kith_cli_call_get_string (call, "path"));
      if (app->is_damaged)
        kith_profile_folder_rescue_async (folder, app->damaged_passphrase, file, passphrase, kith_cli_progress_cb,
                                          &work->progress, work->cancellable, rescued_cb, work);
      else
        kith_profile_folder_export_async (folder, file, passphrase, kith_cli_progress_cb, &work->progress,
                                          work->cancellable, exported_cb, work);
    }
  kith_cli_passphrase_free (passphrase);
}

/* --- Transcripts ---------------------------------------------------------------------------- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete;
  g_autofree char *words = NULL;

  if (!kith_node_write_transcript_finish (KITH_NODE (source), result, &is_incomplete, &error))
    {
      words = kith_explain_transcript (error);
      kith_cli_work_end (user_data, NULL, error, words);
      return;
    }

  end_written (user_data, is_incomplete, kith_explain_incomplete_transcript ());
}

static gboolean
is_called_html (const char *path)
{
  g_autofree char *folded = g_ascii_strdown (path, -1);

  return g_str_has_suffix (folded, ".html") || g_str_has_suffix (folded, ".htm");
}

/* @name: (nullable): else the end of @path says it. Returns: %FALSE when there is no format of that name */
static gboolean
find_format (const char *name, const char *path, KithTranscriptFormat *format)
{
  gboolean is_html = name != NULL ? g_str_equal (name, "html") : is_called_html (path);

  *format = is_html ? KITH_TRANSCRIPT_HTML : KITH_TRANSCRIPT_TEXT;
  return name == NULL || is_html || g_str_equal (name, "text");
}

void
kith_cli_handle_transcript (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *path = kith_cli_call_get_string (call, "path");
  KithConversation *conversation = kith_cli_call_need_conversation (call, "with");
  g_autoptr (GFile) file = NULL;
  KithTranscriptFormat format;
  KithCliWork *work;

  if (conversation == NULL)
    return;
  if (!find_format (kith_cli_call_get_string (call, "format"), path, &format))
    {
      kith_cli_call_fail_invalid (call, "The format is html or text");
      return;
    }

  work = kith_cli_work_new (call, "transcript");
  file = g_file_new_for_commandline_arg (path);
  kith_node_write_transcript_async (node, conversation, file, format, kith_cli_progress_cb, &work->progress,
                                    work->cancellable, written_cb, work);
}

/* --- Erase ---------------------------------------------------------------------------------- */

/* (transfer full) (nullable): what to say when not all of it is gone */
static char *
explain_left (KithProfileFolder *folder, const GError *error)
{
  const char *left_in = kith_profile_folder_get_left_in (folder);

  if (!kith_profile_folder_is_key_gone (folder))
    return NULL;

  return g_strdup_printf ("The key is gone, so nobody can read your messages any more; but %s could not be deleted"
                          " from %s: %s",
                          left_in != NULL ? "some files that others sent you" : "some files of the profile",
                          left_in != NULL ? left_in : kith_profile_folder_get_path (folder), error->message);
}

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  KithCliApp *app = kith_cli_call_get_app (call);
  g_autoptr (GError) error = NULL;

  kith_cli_app_node_changed (app);
  if (!kith_profile_folder_erase_finish (KITH_PROFILE_FOLDER (source), result, &error))
    {
      g_autofree char *words = explain_left (KITH_PROFILE_FOLDER (source), error);

      kith_cli_call_fail (call, error, words);
      return;
    }

  kith_cli_call_reply (call, NULL);
  kith_cli_app_quit (app, 0);
}

static void
fail_files (KithCliCall *call)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_LOCKED, "The profile is locked");

  kith_cli_call_fail (call, error, "Which files others sent is known only when the profile is open; without them it goes"
                                   " all the same: /erase " ERASE_WORD);
}

/* People have to type what will be gone. */
void
kith_cli_handle_erase (KithCliCall *call)
{
  gboolean is_program = kith_cli_app_get_style (kith_cli_call_get_app (call)) == KITH_CLI_JSON;
  const char *what = kith_cli_call_get_string (call, "what");
  gboolean with_files = g_strcmp0 (what, ERASE_FILES_WORD) == 0;
  KithProfileFolder *folder = need_folder (call);

  if (folder == NULL)
    return;

  if (!is_program && !with_files && g_strcmp0 (what, ERASE_WORD) != 0)
    kith_cli_call_fail_invalid (call, "This deletes who you are, your contacts and all messages for "
                                      "good. If that is what you want: /erase " ERASE_WORD
                                      " (or " ERASE_FILES_WORD ": those that others sent you, too)");
  else if (with_files && kith_profile_folder_get_node (folder) == NULL)
    fail_files (call);
  else
    kith_profile_folder_erase_async (folder, with_files, erased_cb, call);
}

char *
kith_cli_format_erase (KithCliCall *call, JsonObject *reply)
{
  KithProfileFolder *folder = kith_cli_app_get_folder (kith_cli_call_get_app (call));
  const char *aside = folder != NULL && kith_profile_folder_get_has_aside (folder)
                        ? " The messages of a lost profile stay in the folder of this one, in kith.db.without-vault:"
                          " nobody can read them unless its vault is found again."
                        : "";

  if (g_strcmp0 (kith_cli_call_get_string (call, "what"), ERASE_FILES_WORD) != 0)
    return g_strconcat ("Done. What others sent you is still where it was put.", aside, NULL);

  return g_strconcat ("Done. Still where they were put: folders that others sent you, files whose messages were deleted"
                      " or have disappeared, what you moved or changed, and what came before a restore.", aside, NULL);
}

/* --- Which profiles there are --------------------------------------------------------------- */

void
kith_cli_handle_profiles (KithCliCall *call)
{
  g_autoptr (GPtrArray) entries = kith_profile_folder_list ();
  JsonObject *reply = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < entries->len; i++)
    {
      const KithProfileEntry *entry = g_ptr_array_index (entries, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "label", entry->label);
      json_object_set_string_member (object, "path", entry->path);
      json_object_set_boolean_member (object, "passphrase", entry->has_passphrase);
      json_object_set_int_member (object, "used", entry->used_ms);
      json_array_add_object_element (array, object);
    }

  json_object_set_array_member (reply, "profiles", array);
  kith_cli_call_reply (call, reply);
}
