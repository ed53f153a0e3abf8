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

static void
append_reactions (GMenu *menu)
{
  g_autoptr (GMenu) section = g_menu_new ();
  g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);

  g_menu_item_set_attribute (item, "custom", "s", KITH_MESSAGE_MENU_REACTIONS);
  g_menu_append_item (section, item);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

static void
append_texts (GMenu *menu, KithMessage *message, const char *const *links)
{
  g_autoptr (GMenu) section = g_menu_new ();
  const char *id = kith_message_get_id (message);

  append (section, _("_Answer"), "conversation.answer", id);
  append (section, _("_Copy"), "win.copy", kith_message_get_text (message));
  if (links[0] != NULL)
    {
      append (section, _("_Open Link…"), "win.open-link", links[0]);
      append (section, _("Copy _Link"), "win.copy", links[0]);
    }
  append (section, _("_Select Text…"), "conversation.show-text", id);
  append (section, _("_Forward…"), "conversation.forward", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

static void
append_changes (GMenu *menu, KithMessage *message)
{
  g_autoptr (GMenu) section = g_menu_new ();
  const char *id = kith_message_get_id (message);
  KithMessageState state = kith_message_get_state (message);

  if (state == KITH_MESSAGE_FAILED)
    append (section, _("_Try Again"), "conversation.retry", id);
  if (state == KITH_MESSAGE_QUEUED)
    append (section, _("Do _Not Send"), "conversation.cancel", id);
  if (kith_message_can_edit (message))
    append (section, _("_Edit"), "conversation.edit", id);
  append (section, _("_Delete…"), "conversation.delete", id);
  append (section, _("De_tails"), "conversation.message-details", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

/**
 * kith_message_can_edit:
 * @message: a message
 *
 * Returns: whether its text can be changed
 */
gboolean
kith_message_can_edit (KithMessage *message)
{
  return kith_message_is_outgoing (message) && !kith_message_is_deleted (message)
         && kith_message_get_kind (message) == KITH_MESSAGE_TEXT
         && kith_message_get_state (message) != KITH_MESSAGE_FAILED;
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

  /* Of one that was taken back nothing is left to be said or sent. */
  if (!kith_message_is_deleted (message))
    {
      append_reactions (menu);
      append_texts (menu, message, links);
    }
  append_changes (menu, message);

  return G_MENU_MODEL (menu);
}
