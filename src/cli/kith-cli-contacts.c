/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about contacts. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"
#include "model/kith-conversation-filter.h"
#include "model/kith-names.h"

/**
 * kith_cli_call_need_contact:
 * @call: a call
 * @argument: which argument says who is meant
 *
 * Returns: (transfer none) (nullable): the contact, or %NULL after the call was answered
 */
KithContact *
kith_cli_call_need_contact (KithCliCall *call, const char *argument)
{
  const char *who = kith_cli_call_get_string (call, argument);
  g_autoptr (GError) error = NULL;
  KithContact *contact;

  contact = kith_node_find_contact (kith_cli_call_get_node (call), who, &error);
  if (contact == NULL)
    kith_cli_call_fail (call, error, error->message);
  return contact;
}

/* --- Lists of contacts ---------------------------------------------------------------------- */

static int
compare_names (gconstpointer a, gconstpointer b, gpointer node)
{
  return kith_contact_compare_names (*(KithContact **) a, *(KithContact **) b, NULL);
}

static gint64
get_activity_ms (KithNode *node, KithContact *contact)
{
  KithConversation *conversation = kith_node_get_conversation (node, contact);

  return conversation != NULL ? kith_conversation_get_last_activity_ms (conversation) : 0;
}

/* The latest first. */
static int
compare_activity (gconstpointer a, gconstpointer b, gpointer node)
{
  gint64 a_ms = get_activity_ms (node, *(KithContact **) a);
  gint64 b_ms = get_activity_ms (node, *(KithContact **) b);

  return (a_ms < b_ms) - (a_ms > b_ms);
}

/* @is_favourite: which ones of @chosen */
static void
add_contacts (JsonArray *array, KithNode *node, const GPtrArray *chosen, gboolean is_favourite)
{
  for (guint i = 0; i < chosen->len; i++)
    if (kith_contact_get_favourite (g_ptr_array_index (chosen, i)) == is_favourite)
      json_array_add_object_element (array, kith_cli_json_contact (node, g_ptr_array_index (chosen, i)));
}

/* Favourites are at the top. */
static void
reply_contacts (KithCliCall *call, gboolean (*matches) (KithContact *contact), GCompareDataFunc compare)
{
  KithNode *node = kith_cli_call_get_node (call);
  GListModel *contacts = kith_node_get_contacts (node);
  g_autoptr (GPtrArray) chosen = g_ptr_array_new_with_free_func (g_object_unref);
  JsonObject *reply = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (contacts, i);

      if (matches (contact))
        g_ptr_array_add (chosen, g_steal_pointer (&contact));
    }

  if (compare != NULL)
    g_ptr_array_sort_with_data (chosen, compare, node);
  add_contacts (array, node, chosen, TRUE);
  add_contacts (array, node, chosen, FALSE);

  json_object_set_array_member (reply, "contacts", array);
  kith_cli_call_reply (call, reply);
}

/* Of those who were removed only the history is left. */
static gboolean
is_contact (KithContact *contact)
{
  return kith_contact_get_relation (contact) != KITH_RELATION_REMOVED;
}

static int
compare_titles (gconstpointer a, gconstpointer b)
{
  return kith_names_compare (kith_conversation_get_title (*(KithConversation **) a),
                             kith_conversation_get_title (*(KithConversation **) b));
}

/* Those of the list that pass, as the node has them: the latest first. (transfer full) */
static GPtrArray *
choose (GListModel *conversations, KithConversationFilter filter)
{
  GPtrArray *chosen = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 now_ms = g_get_real_time () / 1000;

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);

      if (kith_conversation_passes (conversation, filter, now_ms))
        g_ptr_array_add (chosen, g_steal_pointer (&conversation));
    }

  return chosen;
}

/* What the window would list, which are groups, too. */
static void
reply_filtered (KithCliCall *call, KithConversationFilter filter, gboolean by_name)
{
  KithNode *node = kith_cli_call_get_node (call);
  g_autoptr (GPtrArray) chosen = choose (kith_node_get_conversations (node), filter);
  JsonObject *reply = json_object_new ();
  JsonArray *contacts = json_array_new ();
  JsonArray *groups = json_array_new ();

  if (by_name)
    g_ptr_array_sort (chosen, compare_titles);
  for (guint i = 0; i < chosen->len; i++)
    {
      KithContact *contact = kith_conversation_get_contact (g_ptr_array_index (chosen, i));
      KithGroup *group = kith_conversation_get_group (g_ptr_array_index (chosen, i));

      if (contact != NULL)
        json_array_add_object_element (contacts, kith_cli_json_contact (node, contact));
      else if (group != NULL)
        json_array_add_object_element (groups, kith_cli_json_group (node, group));
    }

  json_object_set_array_member (reply, "contacts", contacts);
  json_object_set_array_member (reply, "groups", groups);
  kith_cli_call_reply (call, reply);
}

static gboolean
is_sort (const char *word)
{
  return g_str_equal (word, "name") || g_str_equal (word, "activity");
}

/* Nobody has to remember which of the two words comes first, or to give the other.
 * Returns: %FALSE when one of them is neither, or both are the same */
static gboolean
read_choice (KithCliCall *call, const char **sort, const char **filter)
{
  const char *words[] = { kith_cli_call_get_string (call, "sort"), kith_cli_call_get_string (call, "filter") };
  KithConversationFilter found;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char **place = words[i] != NULL && is_sort (words[i]) ? sort : filter;

      if (words[i] == NULL)
        continue;
      if (*place != NULL || (place == filter && !kith_conversation_filter_find (words[i], &found)))
        return FALSE;
      *place = words[i];
    }

  return TRUE;
}

void
kith_cli_handle_contacts (KithCliCall *call)
{
  const char *sort = NULL;
  const char *filter = NULL;
  gboolean by_name;
  KithConversationFilter choice;

  if (!read_choice (call, &sort, &filter))
    {
      kith_cli_call_fail_invalid (call, "“sort” is name or activity, “filter” is all, favourites, groups, unread, "
                                        "online, lasthour, archived or removed");
      return;
    }

  by_name = g_strcmp0 (sort, "name") == 0;
  if (filter != NULL && kith_conversation_filter_find (filter, &choice))
    reply_filtered (call, choice, by_name);
  else
    reply_contacts (call, is_contact, sort == NULL ? NULL : by_name ? compare_names : compare_activity);
}

void
kith_cli_handle_blocked (KithCliCall *call)
{
  reply_contacts (call, kith_contact_get_blocked, NULL);
}

void
kith_cli_handle_online (KithCliCall *call)
{
  reply_filtered (call, KITH_FILTER_ONLINE, FALSE);
}

void
kith_cli_handle_lasthour (KithCliCall *call)
{
  reply_filtered (call, KITH_FILTER_LAST_HOUR, FALSE);
}

/* --- Changes -------------------------------------------------------------------------------- */

void
kith_cli_handle_alias (KithCliCall *call)
{
  KithContact *contact = kith_cli_call_need_contact (call, "who");

  if (contact != NULL)
    kith_node_set_alias_async (kith_cli_call_get_node (call), contact,
                               kith_cli_call_get_string (call, "alias"), NULL, kith_cli_done_cb,
                               kith_cli_pending_new (call, kith_node_set_alias_finish));
}

void
kith_cli_handle_note (KithCliCall *call)
{
  KithContact *contact = kith_cli_call_need_contact (call, "who");

  if (contact != NULL)
    kith_node_set_note_async (kith_cli_call_get_node (call), contact,
                              kith_cli_call_get_string (call, "note"), NULL, kith_cli_done_cb,
                              kith_cli_pending_new (call, kith_node_set_note_finish));
}

static void
set_favourite (KithCliCall *call, gboolean favourite)
{
  KithContact *contact = kith_cli_call_need_contact (call, "who");

  if (contact != NULL)
    kith_node_set_favourite_async (kith_cli_call_get_node (call), contact, favourite, NULL,
                                   kith_cli_done_cb,
                                   kith_cli_pending_new (call, kith_node_set_favourite_finish));
}

void
kith_cli_handle_favourite (KithCliCall *call)
{
  set_favourite (call, TRUE);
}

void
kith_cli_handle_unfavourite (KithCliCall *call)
{
  set_favourite (call, FALSE);
}

static void
set_blocked (KithCliCall *call, gboolean blocked)
{
  KithContact *contact = kith_cli_call_need_contact (call, "who");

  if (contact != NULL)
    kith_node_set_blocked_async (kith_cli_call_get_node (call), contact, blocked, NULL,
                                 kith_cli_done_cb,
                                 kith_cli_pending_new (call, kith_node_set_blocked_finish));
}

void
kith_cli_handle_block (KithCliCall *call)
{
  set_blocked (call, TRUE);
}

void
kith_cli_handle_unblock (KithCliCall *call)
{
  set_blocked (call, FALSE);
}

/* "keep" leaves what was written. */
void
kith_cli_handle_remove (KithCliCall *call)
{
  const char *keep = kith_cli_call_get_string (call, "keep");
  KithContact *contact;

  if (keep != NULL && !g_str_equal (keep, "keep"))
    {
      kith_cli_call_fail_invalid (call, "After the name only “keep” may follow: to keep the messages");
      return;
    }

  contact = kith_cli_call_need_contact (call, "who");
  if (contact != NULL)
    kith_node_remove_async (kith_cli_call_get_node (call), contact, keep != NULL, NULL, kith_cli_done_cb,
                            kith_cli_pending_new (call, kith_node_remove_finish));
}
