/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-message-menu.h"

#include <glib/gi18n.h>

static void
append (GMenu *menu, const char *label, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

/**
 * kith_message_menu_new:
 * @message: a message
 * @links: (array zero-terminated=1): where its links lead
 *
 * Returns: (transfer full): what can be done with it; for a row inside of a conversation view
 */
GMenuModel *
kith_message_menu_new (KithMessage *message, const char *const *links)
{
  GMenu *menu = g_menu_new ();
  const char *id = kith_message_get_id (message);

  append (menu, _("_Copy"), "win.copy", kith_message_get_text (message));
  if (links[0] != NULL)
    {
      append (menu, _("_Open Link…"), "win.open-link", links[0]);
      append (menu, _("Copy _Link"), "win.copy", links[0]);
    }
  append (menu, _("_Forward…"), "conversation.forward", id);
  append (menu, _("_Details"), "conversation.message-details", id);

  return G_MENU_MODEL (menu);
}
