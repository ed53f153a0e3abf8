/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about files, and words for what becomes of them. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "base/kith-error.h"
#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-text.h"
#include "node/kith-explain.h"
#include "node/kith-node-files.h"

/* Enough of an id to type. */
#define SHORT_ID_CHARS 8

/**
 * kith_cli_json_transfer:
 * @transfer: a file or folder
 *
 * Returns: (transfer full): it, as in the reply of `transfers`
 */
JsonObject *
kith_cli_json_transfer (KithTransfer *transfer)
{
  JsonObject *object = json_object_new ();
  KithConversation *conversation = kith_transfer_get_conversation (transfer);
  KithGroup *group = conversation != NULL ? kith_conversation_get_group (conversation) : NULL;
  KithContact *contact = conversation != NULL ? kith_conversation_get_contact (conversation) : NULL;
  KithContact *sender = kith_transfer_get_sender (transfer);
  const char *id = contact != NULL ? kith_contact_get_id (contact) : NULL;

  json_object_set_string_member (object, "transfer", kith_transfer_get_id (transfer));
  json_object_set_string_member (object, "message", kith_transfer_get_message_id (transfer));
  json_object_set_string_member (object, "conversation", group != NULL ? kith_group_get_id (group) : id);
  json_object_set_string_member (object, "group", group != NULL ? kith_group_get_id (group) : NULL);
  json_object_set_string_member (object, "with",
                                 conversation != NULL ? kith_conversation_get_title (conversation) : NULL);
  json_object_set_string_member (object, "from", sender != NULL ? kith_contact_get_id (sender) : "me");
  json_object_set_string_member (object, "sender",
                                 sender != NULL ? kith_contact_get_display_name (sender) : "me");
  json_object_set_string_member (object, "name", kith_transfer_get_name (transfer));
  json_object_set_boolean_member (object, "folder", kith_transfer_is_folder (transfer));
  json_object_set_int_member (object, "files", kith_transfer_get_n_files (transfer));
  json_object_set_string_member (object, "media_type", kith_transfer_get_media (transfer)->type);
  json_object_set_int_member (object, "size", (gint64) kith_transfer_get_size (transfer));
  json_object_set_int_member (object, "bytes", (gint64) kith_transfer_get_done_bytes (transfer));
  json_object_set_int_member (object, "bytes_per_s", (gint64) kith_transfer_get_bytes_per_s (transfer));
  json_object_set_int_member (object, "seconds_left", kith_transfer_get_seconds_left (transfer));
  json_object_set_string_member (object, "state",
                                 kith_transfer_state_to_string (kith_transfer_get_state (transfer)));
  json_object_set_boolean_member (object, "paused_by_them",
                                  kith_transfer_get_paused_by_them (transfer));
  json_object_set_string_member (object, "path", kith_transfer_get_path (transfer));
  json_object_set_string_member (object, "error", kith_transfer_get_error (transfer));
  return object;
}

/* --- Commands ------------------------------------------------------------------------------- */

static void
fail (KithCliCall *call, const GError *error, gboolean outgoing)
{
  g_autofree char *words = kith_explain_file (error, outgoing);

  kith_cli_call_fail (call, error, words);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) transfers = kith_node_send_files_finish (KITH_NODE (source), result, &error);

  if (transfers != NULL)
    kith_cli_call_reply (call, kith_cli_json_transfer (g_ptr_array_index (transfers, 0)));
  else
    fail (call, error, TRUE);
}

void
kith_cli_handle_send_file (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithConversation *to = kith_cli_call_need_conversation (call, "to");
  g_autoptr (GPtrArray) files = NULL;

  if (to == NULL)
    return;

  files = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);
  g_ptr_array_add (files, kith_outgoing_file_new_for_path (kith_cli_call_get_string (call, "path")));
  kith_node_send_files_async (node, to, files, NULL, sent_cb, call);
}

/* Returns: (nullable): %NULL after the call was answered */
static KithTransfer *
need_transfer (KithCliCall *call)
{
  g_autoptr (GError) error = NULL;
  KithTransfer *transfer = kith_node_find_transfer (
    kith_cli_call_get_node (call), kith_cli_call_get_string (call, "transfer"), &error);

  if (transfer == NULL)
    kith_cli_call_fail (call, error, error->message);
  return transfer;
}

static void
answer (KithCliCall *call, KithTransfer *transfer, gboolean is_fine, const GError *error)
{
  if (is_fine)
    kith_cli_call_reply_stored (call, NULL);
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_INVALID))
    kith_cli_call_fail (call, error, error->message);
  else
    fail (call, error, kith_transfer_is_outgoing (transfer));
}

typedef gboolean (*TransferFunc) (KithNode *node, KithTransfer *transfer, GError **error);

static void
run (KithCliCall *call, TransferFunc func)
{
  KithTransfer *transfer = need_transfer (call);
  g_autoptr (GError) error = NULL;

  if (transfer != NULL)
    {
      gboolean is_fine = func (kith_cli_call_get_node (call), transfer, &error);

      answer (call, transfer, is_fine, error);
    }
}

void
kith_cli_handle_accept_file (KithCliCall *call)
{
  KithTransfer *transfer = need_transfer (call);
  g_autoptr (GError) error = NULL;

  if (transfer != NULL)
    {
      gboolean is_fine = kith_node_accept_file (kith_cli_call_get_node (call), transfer,
                                                kith_cli_call_get_string (call, "path"), &error);

      answer (call, transfer, is_fine, error);
    }
}

void
kith_cli_handle_decline_file (KithCliCall *call)
{
  run (call, kith_node_decline_file);
}

void
kith_cli_handle_pause_file (KithCliCall *call)
{
  run (call, kith_node_pause_file);
}

void
kith_cli_handle_resume_file (KithCliCall *call)
{
  run (call, kith_node_resume_file);
}

void
kith_cli_handle_cancel_file (KithCliCall *call)
{
  run (call, kith_node_cancel_file);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;

  if (kith_node_save_file_finish (KITH_NODE (source), result, &error))
    kith_cli_call_reply (call, NULL);
  else
    fail (call, error, TRUE);
}

void
kith_cli_handle_save_file (KithCliCall *call)
{
  KithTransfer *transfer = need_transfer (call);

  if (transfer != NULL)
    kith_node_save_file_async (kith_cli_call_get_node (call), transfer,
                               kith_cli_call_get_string (call, "path"), FALSE, NULL, saved_cb, call);
}

static JsonObject *
json_transfer (KithNode *node, gpointer item)
{
  return kith_cli_json_transfer (item);
}

void
kith_cli_handle_transfers (KithCliCall *call)
{
  kith_cli_call_reply_list (call, "transfers", kith_node_get_transfers (kith_cli_call_get_node (call)), json_transfer);
}

static void
reply_files (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  g_autofree char *folder = kith_node_dup_files_folder (node);
  JsonObject *reply = json_object_new ();

  json_object_set_int_member (reply, "bytes", (gint64) kith_node_get_files_auto_bytes (node));
  json_object_set_string_member (reply, "path", folder);
  kith_cli_call_reply_stored (call, reply);
}

void
kith_cli_handle_files_auto (KithCliCall *call)
{
  gint64 bytes = kith_cli_call_get_int (call, "bytes", -1);

  if (bytes >= 0)
    kith_node_set_files_auto_bytes (kith_cli_call_get_node (call), (guint64) bytes);
  reply_files (call);
}

void
kith_cli_handle_files_folder (KithCliCall *call)
{
  const char *path = kith_cli_call_get_string (call, "path");
  g_autofree char *full = path != NULL && !g_str_equal (path, "default")
                            ? g_canonicalize_filename (path, NULL) : NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL || kith_node_choose_files_folder (kith_cli_call_get_node (call), full, &error))
    reply_files (call);
  else
    kith_cli_call_fail (call, error, error->message);
}

/* --- Words ---------------------------------------------------------------------------------- */

static char *
dup_size (JsonObject *transfer, const char *member)
{
  return g_format_size ((guint64) MAX (json_object_get_int_member (transfer, member), 0));
}

/* How it stands, in a few words. */
static char *
dup_standing (JsonObject *transfer)
{
  const char *state = json_object_get_string_member (transfer, "state");
  gint64 size = json_object_get_int_member (transfer, "size");
  gint64 bytes = json_object_get_int_member (transfer, "bytes");
  g_autofree char *speed = dup_size (transfer, "bytes_per_s");

  if (json_object_get_boolean_member (transfer, "paused_by_them"))
    return g_strdup ("paused by them");
  if (size > 0 && bytes > 0 && bytes < size)
    return g_strdup_printf ("%s, %d %%, %s/s", state, (int) (100.0 * (double) bytes / (double) size),
                            speed);

  return g_strdup (state);
}

static void
append_transfer (GString *out, JsonObject *transfer)
{
  g_autofree char *name = kith_cli_safe_member (transfer, "name");
  g_autofree char *with = kith_cli_safe_member (transfer, "with");
  g_autofree char *path = kith_cli_safe_member (transfer, "path");
  g_autofree char *error = kith_cli_safe_member (transfer, "error");
  g_autofree char *size = dup_size (transfer, "size");
  g_autofree char *standing = dup_standing (transfer);
  gboolean ours = g_str_equal (json_object_get_string_member_with_default (transfer, "from", ""), "me");

  g_string_append_printf (out, "%.*s  %s %s %s (%s): %s", SHORT_ID_CHARS,
                          json_object_get_string_member (transfer, "transfer"), name,
                          ours ? "to" : "from", with, size, standing);
  if (!ours && *path != '\0')
    g_string_append_printf (out, ", in %s", path);
  if (*error != '\0')
    g_string_append_printf (out, ". %s", error);
}

char *
kith_cli_format_transfer (KithCliCall *call, JsonObject *reply)
{
  GString *out = g_string_new (NULL);

  append_transfer (out, reply);
  return g_string_free (out, FALSE);
}

char *
kith_cli_format_transfers (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "transfers");
  GString *out = g_string_new (json_array_get_length (array) == 0 ? "There are no files." : NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (out, '\n');
      append_transfer (out, json_array_get_object_element (array, i));
    }

  return g_string_free (out, FALSE);
}

char *
kith_cli_format_files_auto (KithCliCall *call, JsonObject *reply)
{
  g_autofree char *size = dup_size (reply, "bytes");
  g_autofree char *path = kith_cli_safe_member (reply, "path");

  if (*path == '\0')
    return g_strdup ("Nothing is accepted by itself: this profile writes nothing to the disk.");
  if (json_object_get_int_member (reply, "bytes") == 0)
    return g_strdup_printf ("Nothing is accepted by itself. Files are put into %s.", path);

  return g_strdup_printf ("Files of up to %s from verified contacts are accepted by themselves. They are put "
                          "into %s.", size, path);
}

char *
kith_cli_format_file_offer (JsonObject *event)
{
  g_autofree char *name = kith_cli_safe_member (event, "name");
  g_autofree char *sender = kith_cli_painted_member (KITH_CLI_PAINT_NAME, event, "sender");
  g_autofree char *with = kith_cli_safe_member (event, "with");
  g_autofree char *size = dup_size (event, "size");
  g_autofree char *whom = json_object_get_string_member_with_default (event, "group", NULL) != NULL
                            ? g_strdup_printf ("the group %s", with) : g_strdup ("you");
  const char *id = json_object_get_string_member (event, "transfer");

  return g_strdup_printf ("%s offers %s the %s %s (%s). /accept-file %.*s or /decline-file %.*s", sender, whom,
                          json_object_get_boolean_member (event, "folder") ? "folder" : "file", name, size,
                          SHORT_ID_CHARS, id, SHORT_ID_CHARS, id);
}

char *
kith_cli_format_file_done (JsonObject *event)
{
  GString *out = g_string_new (NULL);

  append_transfer (out, event);
  return g_string_free (out, FALSE);
}
