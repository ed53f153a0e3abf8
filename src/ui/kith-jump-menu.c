/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-jump-menu.h"

#include <string.h>

#include "ui/kith-jump-item.h"

#define ICON_NAME "view-more-symbolic"

/* Where no letter of the words has a key of its own, one stands behind them: "跳转到日期(_J)…". */
static void
strip_mnemonic (GString *title)
{
  const char *start = strstr (title->str, "(_");

  if (start != NULL && start[2] != '\0' && start[3] == ')')
    g_string_erase (title, start - title->str, strlen ("(_X)"));
  else
    g_string_replace (title, "_", "", 1);
}

/* Returns: (transfer full): as it is read: no mnemonic, and nothing of that more is asked */
static char *
dup_title (const char *label)
{
  GString *title = g_string_new (label);

  strip_mnemonic (title);
  if (g_str_has_suffix (title->str, "…"))
    g_string_truncate (title, title->len - strlen ("…"));

  return g_string_free (title, FALSE);
}

static void
collect_item (GMenuModel *menu, const char *section, int position, KithJumpMenuFilter filter, gpointer user_data,
              GPtrArray *items)
{
  g_autoptr (GVariant) target = g_menu_model_get_item_attribute_value (menu, position, G_MENU_ATTRIBUTE_TARGET, NULL);
  g_autofree char *label = NULL;
  g_autofree char *action = NULL;
  g_autofree char *title = NULL;
  g_autofree char *detailed = NULL;

  if (!g_menu_model_get_item_attribute (menu, position, G_MENU_ATTRIBUTE_LABEL, "s", &label)
      || !g_menu_model_get_item_attribute (menu, position, G_MENU_ATTRIBUTE_ACTION, "s", &action)
      || !filter (action, user_data))
    return;

  title = dup_title (label);
  detailed = g_action_print_detailed_name (action, target);
  g_ptr_array_add (items, kith_jump_item_new_for_action (title, section, detailed, ICON_NAME));
}

/* @section: (nullable): the heading above @menu */
static void
collect (GMenuModel *menu, const char *section, KithJumpMenuFilter filter, gpointer user_data, GPtrArray *items)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) inner = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autoptr (GMenuModel) below = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SUBMENU);
      g_autofree char *heading = NULL;

      collect_item (menu, section, i, filter, user_data, items);
      g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &heading);
      if (inner != NULL)
        collect (inner, heading, filter, user_data, items);
      if (below != NULL)
        collect (below, NULL, filter, user_data, items);
    }
}

/**
 * kith_jump_menu_collect:
 * @menu: a menu; its sections and menus below it count as well
 * @filter: says of an action whether it is wanted, and can be done
 * @user_data: for @filter
 * @items: (element-type KithJumpItem): where to append them
 */
void
kith_jump_menu_collect (GMenuModel *menu, KithJumpMenuFilter filter, gpointer user_data, GPtrArray *items)
{
  collect (menu, NULL, filter, user_data, items);
}
