/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in a backup, from its version on (store/kith-backup.h): it is sealed, imported, and a whole node lives with it,
 * as it does when somebody was given a backup and its passphrase by somebody else. It comes to rest, all of it is
 * looked at, its user acts, and hours go by; then it is stopped, and started once more.
 *
 * Whatever is in it, the node begins or says why not, what it shows is clean and bounded, and what it has written
 * can be read. Mostly rows are changed, so that what comes out is a backup still. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-text.h"
#include "kith-fuzz-backup.h"
#include "kith-fuzz-people.h"
#include "kith-fuzz-rows.h"
#include "kith-fuzz.h"
#include "kith-test-database.h"
#include "node/kith-node-broadcast.h"
#include "node/kith-node-files.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-history.h"
#include "node/kith-node-invites.h"
#include "node/kith-node-messages.h"
#include "proto/kith-file-name.h"

#define PAGES 3 /* of a conversation that are loaded on each side */
#define RESTS 6 /* until groups are read */
#define SOON_S 60
#define LATER_S (3 * 3600)
#define HITS 20
#define FLOOD 5 /* in so many inputs one has bytes that are changed, and not rows */

static TestPerson *ben;

/* --- What has to hold ----------------------------------------------------------------------- */

static void
check_name (const char *name)
{
  g_autofree char *clean = NULL;

  if (name == NULL || *name == '\0')
    return;

  kith_fuzz_check (g_utf8_validate (name, -1, NULL) && strlen (name) <= KITH_LIMIT_NAME_BYTES);
  clean = kith_text_sanitize_name (name);
  kith_fuzz_check (g_strcmp0 (clean, name) == 0);
}

static void
check_message (KithConversation *conversation, KithMessage *message)
{
  G_GNUC_UNUSED g_autoptr (KithMessageDetails) details = kith_node_dup_message_details (ben->node, conversation, message);
  KithGroup *group = kith_conversation_get_group (conversation);
  g_autoptr (GPtrArray) receipts = NULL;

  kith_fuzz_check (kith_message_get_text (message) != NULL
                   && g_utf8_validate (kith_message_get_text (message), -1, NULL));
  if (group != NULL)
    receipts = kith_node_dup_group_receipts (ben->node, group, message, NULL);
}

static void
check_messages (KithConversation *conversation)
{
  KithMessageList *list = kith_conversation_get_messages (conversation);

  kith_fuzz_check (kith_message_list_get_length (list) <= KITH_LIMIT_WINDOW_MESSAGES);
  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    check_message (conversation, kith_message_list_get (list, i));
}

static void
check_contacts (void)
{
  GListModel *contacts = kith_node_get_contacts (ben->node);

  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (contacts, i);
      G_GNUC_UNUSED g_autofree char *number = kith_node_dup_safety_number (ben->node, contact);

      check_name (kith_contact_get_name (contact));
      check_name (kith_contact_get_alias (contact));
    }
}

static void
check_requests (void)
{
  GListModel *requests = kith_node_get_requests (ben->node);

  for (guint i = 0; i < g_list_model_get_n_items (requests); i++)
    {
      g_autoptr (KithRequest) request = g_list_model_get_item (requests, i);

      check_name (kith_request_get_name (request));
      kith_fuzz_check (g_utf8_strlen (kith_request_get_text (request), -1) <= KITH_LIMIT_REQUEST_TEXT_CHARS);
    }
}

static void
check_groups (void)
{
  GListModel *groups = kith_node_get_groups (ben->node);

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (KithGroup) group = g_list_model_get_item (groups, i);
      GListModel *members = kith_group_get_members (group);

      check_name (kith_group_get_name (group));
      kith_fuzz_check (g_list_model_get_n_items (members) == kith_group_get_n_members (group));
      kith_fuzz_check (kith_membership_to_string (kith_group_get_state (group)) != NULL);
    }
}

/* They are put there under these names. */
static void
check_files (void)
{
  GListModel *transfers = kith_node_get_transfers (ben->node);

  for (guint i = 0; i < g_list_model_get_n_items (transfers); i++)
    {
      g_autoptr (KithTransfer) transfer = g_list_model_get_item (transfers, i);
      g_autofree char *safe = kith_file_name_sanitize (kith_transfer_get_name (transfer));

      kith_fuzz_check (g_strcmp0 (safe, kith_transfer_get_name (transfer)) == 0);
    }
}

static void
check_all (void)
{
  KithProfile *profile = kith_node_get_profile (ben->node);

  kith_fuzz_check (profile != NULL);
  check_name (kith_profile_get_name (profile));
  check_contacts ();
  check_requests ();
  check_groups ();
  check_files ();
}

/* --- Looking -------------------------------------------------------------------------------- */

static void
load_page (KithConversation *conversation, gboolean older)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (older)
    kith_node_load_older_async (ben->node, conversation, NULL, test_result_cb, &result);
  else
    kith_node_load_newer_async (ben->node, conversation, NULL, test_result_cb, &result);
  kith_node_load_finish (ben->node, test_await (&result), NULL);
}

static void
jump (KithConversation *conversation, gboolean to_unread)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithMessage) message = NULL;

  if (to_unread)
    kith_node_jump_to_unread_async (ben->node, conversation, NULL, test_result_cb, &result);
  else
    kith_node_jump_to_time_async (ben->node, conversation, 0, NULL, test_result_cb, &result);
  message = kith_node_jump_finish (ben->node, test_await (&result), NULL);
}

static void
look_into (KithConversation *conversation)
{
  KithMessageList *list = kith_conversation_get_messages (conversation);

  for (guint i = 0; i < PAGES; i++)
    load_page (conversation, TRUE);
  check_messages (conversation);
  jump (conversation, FALSE);
  for (guint i = 0; i < PAGES && kith_message_list_get_has_newer (list); i++)
    load_page (conversation, FALSE);
  check_messages (conversation);
  jump (conversation, TRUE);
  check_messages (conversation);
}

static void
search (const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) hits = NULL;

  kith_node_search_async (ben->node, text, NULL, HITS, NULL, NULL, test_result_cb, &result);
  hits = kith_node_search_finish (ben->node, test_await (&result), NULL);
}

static void
look_at_broadcasts (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) broadcasts = NULL;

  kith_node_load_broadcasts_async (ben->node, NULL, test_result_cb, &result);
  broadcasts = kith_node_load_broadcasts_finish (ben->node, test_await (&result), NULL);
}

static void
look_around (void)
{
  GListModel *conversations = kith_node_get_conversations (ben->node);

  for (guint i = 0; i < RESTS; i++)
    kith_fuzz_settle (ben);
  check_all ();
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);

      look_into (conversation);
    }
  search ("hel");
  look_at_broadcasts ();
}

/* --- Acting --------------------------------------------------------------------------------- */

/* Not all of it is possible, in no group. */
static void
act_in_group (KithGroup *group)
{
  KithNode *node = ben->node;
  GListModel *members = kith_group_get_members (group);
  g_autoptr (KithMember) last = g_list_model_get_item (members, MAX (g_list_model_get_n_items (members), 1) - 1);
  g_autoptr (KithJoinRequest) request = g_list_model_get_item (kith_group_get_requests (group), 0);

  kith_node_make_group_link_async (node, group, 0, NULL, NULL, NULL);
  kith_node_rename_group_async (node, group, "Base", NULL, NULL, NULL);
  kith_node_answer_transfer_async (node, group, TRUE, NULL, NULL, NULL);
  if (request != NULL)
    kith_node_approve_async (node, group, request, NULL, NULL, NULL);
  if (last != NULL)
    {
      kith_node_endorse_async (node, group, last, NULL, NULL, NULL);
      kith_node_kick_async (node, group, last, NULL, NULL, NULL);
    }
  kith_node_claim_admin_async (node, group, NULL, NULL, NULL);
  if (kith_group_get_state (group) == KITH_MEMBERSHIP_INVITED)
    kith_node_accept_group_invitation_async (node, group, NULL, NULL, NULL, NULL);
}

/* To the newest message, whatever it is. */
static void
act_on_newest (KithConversation *conversation)
{
  KithMessage *message = kith_conversation_get_last_message (conversation);
  const char *id = message != NULL ? kith_message_get_id (message) : NULL;

  if (id == NULL)
    return;

  kith_node_react_async (ben->node, conversation, id, "\xf0\x9f\x91\x8d", NULL, NULL, NULL);
  kith_node_reply_async (ben->node, conversation, "Yes", id, -1, NULL, NULL, NULL);
  kith_node_retry_message_async (ben->node, conversation, id, NULL, NULL, NULL);
  kith_node_edit_message_async (ben->node, conversation, id, "Hello again", NULL, NULL, NULL);
}

static void
act (void)
{
  GListModel *conversations = kith_node_get_conversations (ben->node);
  GListModel *requests = kith_node_get_requests (ben->node);
  g_autoptr (KithRequest) request = g_list_model_get_item (requests, 0);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);
      KithGroup *group = kith_conversation_get_group (conversation);

      kith_node_mark_read (ben->node, conversation);
      act_on_newest (conversation);
      kith_node_save_draft (ben->node, conversation);
      if (group != NULL)
        act_in_group (group);
    }
  if (request != NULL)
    kith_node_accept_async (ben->node, request, NULL, NULL, NULL);
  kith_fuzz_do_files (ben, TRUE, 0);
}

/* --- Living --------------------------------------------------------------------------------- */

static void
pass (guint seconds)
{
  kith_fuzz_people_pass (seconds);
  kith_fuzz_settle (ben);
}

static void
live (void)
{
  if (!kith_fuzz_people_start (ben))
    return;

  look_around ();
  pass (SOON_S);
  act ();
  kith_fuzz_settle (ben);
  pass (LATER_S);
  look_around ();
  test_person_stop (ben);

  kith_fuzz_check (kith_fuzz_people_start (ben));
  look_around ();
  pass (SOON_S);
  test_person_stop (ben);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint8 bytes[32] = { 6 };
  g_autoptr (KithSecret) key = kith_secret_new_from (bytes, sizeof bytes);
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "db", NULL);
  KithTestDisk *disk = kith_fuzz_backup_begin_disk (path, key, data, size);
  KithStore *store = NULL;

  kith_fuzz_empty_inbox ();
  if (kith_fuzz_backup_import (path, key, data, size))
    {
      store = kith_store_open (path, key, NULL);
      kith_fuzz_check (store != NULL);
      ben = kith_fuzz_people_begin_on ("Ben", store);
      live ();
      g_clear_pointer (&ben, kith_fuzz_people_end);
    }
  kith_fuzz_backup_end_disk (disk);
  return 0;
}

/* libFuzzer's own changes, now and then, are for what is not read at all. */
size_t
LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
  gsize len = seed % FLOOD != 0 || LLVMFuzzerMutate == NULL ? kith_fuzz_rows_change (data, size, max_size, seed) : 0;

  if (len > 0)
    return len;

  return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate (data, size, max_size) : size;
}
