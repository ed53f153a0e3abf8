/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-jump-search.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "base/kith-text.h"
#include "node/kith-node-network.h"
#include "ui/kith-jump-item.h"

#define RANK_MAX 4

static const struct
{
  const char *action;
  const char *title;
  const char *icon_name;
} actions[] = {
  { "win.new-group", N_("New Group"), "system-users-symbolic" },
  { "win.invite", N_("Invite a Friend"), "kith-connect-symbolic" },
  { "win.add-friend", N_("Add a Friend"), "contact-new-symbolic" },
  { "win.nearby", N_("People Nearby"), "network-workgroup-symbolic" },
  { "win.search", N_("Search People and Messages"), "system-search-symbolic" },
  { "win.my-address", N_("My Address"), "mail-send-receive-symbolic" },
  { "win.profile", N_("My Profile"), "avatar-default-symbolic" },
  { "win.connection", N_("Check Connection"), "network-transmit-receive-symbolic" },
  { "win.broadcasts", N_("Sent to Several"), "mail-send-symbolic" },
  { "win.blocked-people", N_("Blocked People"), "action-unavailable-symbolic" },
  { "win.preferences", N_("Preferences"), "preferences-system-symbolic" },
  { "win.lock", N_("Lock Now"), "system-lock-screen-symbolic" },
  { "win.show-help-overlay", N_("Keyboard Shortcuts"), "input-keyboard-symbolic" },
  { "win.about", N_("About Kith"), "help-about-symbolic" },
  /* Translators: a button: the program */
  { "app.quit", N_("Quit"), "application-exit-symbolic" },
};

/* Items by how well they were found, each in the order in which they came. */
typedef struct
{
  const char *text;
  GPtrArray *ranks[RANK_MAX + 1]; /* (owned) (element-type KithJumpItem) */
} Found;

static void
init_found (Found *found, const char *text)
{
  found->text = text;
  for (guint i = 0; i <= RANK_MAX; i++)
    found->ranks[i] = g_ptr_array_new_with_free_func (g_object_unref);
}

/* Appends the best to @items, and frees the rest. */
static void
end_found (Found *found, GPtrArray *items)
{
  guint left = KITH_LIMIT_JUMP_FOUND;

  for (guint i = RANK_MAX + 1; i-- > 0;)
    {
      for (guint j = 0; j < found->ranks[i]->len && left > 0; j++, left--)
        g_ptr_array_add (items, g_object_ref (g_ptr_array_index (found->ranks[i], j)));
      g_ptr_array_unref (found->ranks[i]);
    }
}

/* What is listed under a heading is found by that as well. */
static gboolean
is_in_section (KithJumpItem *item, const char *text)
{
  g_autofree char *section = kith_jump_item_get_action (item) != NULL ? kith_jump_item_dup_subtitle (item) : NULL;

  return section != NULL && *section != '\0' && kith_jump_rank (text, section) > 0;
}

/* @item: (transfer full) */
static void
take (Found *found, KithJumpItem *item)
{
  g_autoptr (KithJumpItem) owned = item;
  guint rank = kith_jump_rank (found->text, kith_jump_item_get_title (item));

  if (rank == 0 && is_in_section (item, found->text))
    rank = 1;
  if (rank > 0 && found->ranks[rank]->len < KITH_LIMIT_JUMP_FOUND)
    g_ptr_array_add (found->ranks[rank], g_steal_pointer (&owned));
}

/* --- People and groups ---------------------------------------------------------------------- */

static gboolean
is_blocked (KithConversation *conversation)
{
  KithContact *contact = kith_conversation_get_contact (conversation);

  return contact != NULL && kith_contact_get_blocked (contact);
}

/* Not those that the user has put away. */
static gboolean
is_recent (KithConversation *conversation, GObject *open)
{
  KithContact *contact = kith_conversation_get_contact (conversation);

  return G_OBJECT (conversation) != open && !is_blocked (conversation)
         && !kith_conversation_get_archived (conversation)
         && (contact == NULL || kith_contact_get_relation (contact) != KITH_RELATION_REMOVED);
}

static void
add_recent (GPtrArray *items, KithNode *node, GObject *open)
{
  GListModel *conversations = kith_node_get_conversations (node);
  guint n = g_list_model_get_n_items (conversations);
  guint left = KITH_LIMIT_JUMP_RECENT;

  for (guint i = 0; i < n && left > 0; i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);

      if (!is_recent (conversation, open))
        continue;

      g_ptr_array_add (items, kith_jump_item_new_for_target (G_OBJECT (conversation)));
      left--;
    }
}

static void
find_targets (Found *found, GListModel *model)
{
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      if (!KITH_IS_CONVERSATION (item) || !is_blocked (KITH_CONVERSATION (item)))
        take (found, kith_jump_item_new_for_target (item));
    }
}

static int
compare_kinds (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const KithJumpKind *first = user_data;
  gboolean is_first = kith_jump_item_get_kind (*(KithJumpItem *const *) a) == *first;
  gboolean is_other_first = kith_jump_item_get_kind (*(KithJumpItem *const *) b) == *first;

  return is_other_first - is_first;
}

/* People and groups stand by themselves, in the order in which they came; the kind of the best comes first. */
static void
part_kinds (GPtrArray *items)
{
  KithJumpKind first;

  if (items->len == 0)
    return;

  first = kith_jump_item_get_kind (g_ptr_array_index (items, 0));
  g_ptr_array_sort_with_data (items, compare_kinds, &first);
}

/* --- What the window does ------------------------------------------------------------------- */

static gboolean
is_possible (const char *action, KithNode *node, KithProfileFolder *folder)
{
  KithLanStatus lan = kith_network_get_lan (kith_node_get_network (node));

  if (g_str_equal (action, "win.lock"))
    return folder != NULL && kith_profile_folder_get_has_passphrase (folder);
  if (g_str_equal (action, "win.nearby"))
    return lan != KITH_LAN_STATUS_OFF && lan != KITH_LAN_STATUS_PROXY;

  return TRUE;
}

/**
 * kith_jump_search_knows:
 * @action: an action of the window or the application
 *
 * Returns: whether it is found without being in a menu
 */
gboolean
kith_jump_search_knows (const char *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].action, action))
      return TRUE;

  return FALSE;
}

static void
find_actions (Found *found, KithNode *node, KithProfileFolder *folder, GPtrArray *more)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (is_possible (actions[i].action, node, folder))
      take (found, kith_jump_item_new_for_action (_(actions[i].title), NULL, actions[i].action,
                                                  actions[i].icon_name));
  for (guint i = 0; i < more->len; i++)
    take (found, g_object_ref (g_ptr_array_index (more, i)));
}

/**
 * kith_jump_search_find:
 * @node: whose window it is
 * @folder: (nullable): its profile; none when everything is in memory
 * @open: (nullable): the conversation or request that is open now
 * @more: (element-type KithJumpItem): what menus have beside what it knows
 * @text: what was typed
 *
 * Returns: (transfer full) (element-type KithJumpItem): where to go, each kind by itself, best first; actions last
 */
GPtrArray *
kith_jump_search_find (KithNode *node, KithProfileFolder *folder, GObject *open, GPtrArray *more,
                       const char *text)
{
  g_autofree char *bare = kith_text_trim (g_strdup (text));
  GPtrArray *items;
  Found people, others;

  g_return_val_if_fail (KITH_IS_NODE (node), NULL);

  items = g_ptr_array_new_with_free_func (g_object_unref);
  /* No name is that long. */
  if (strlen (bare) > KITH_LIMIT_SEARCH_TEXT_BYTES)
    return items;

  init_found (&others, bare);
  if (*bare == '\0')
    {
      add_recent (items, node, open);
    }
  else
    {
      init_found (&people, bare);
      find_targets (&people, kith_node_get_conversations (node));
      find_targets (&people, kith_node_get_requests (node));
      end_found (&people, items);
    }
  part_kinds (items);
  find_actions (&others, node, folder, more);
  end_found (&others, items);

  return items;
}
