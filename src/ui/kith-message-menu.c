/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-message-menu.h"

#include <glib/gi18n.h>

#include "model/kith-transfer.h"
#include "ui/kith-file-acts.h"
#include "ui/kith-format.h"

#define SHOWN_CHARS 40
#define MAX_LINKS 8

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

/* An underscore of an address is no mnemonic. */
static char *
dup_label (const char *uri)
{
  g_autofree char *line = kith_format_one_line (uri);
  g_auto (GStrv) parts = NULL;
  g_autofree char *escaped = NULL;

  if (g_utf8_strlen (line, -1) > SHOWN_CHARS)
    *g_utf8_offset_to_pointer (line, SHOWN_CHARS) = '\0';
  parts = g_strsplit (line, "_", -1);
  escaped = g_strjoinv ("__", parts);

  /* Translators: where a link leads */
  return g_strdup_printf (_("Open %s…"), escaped);
}

/* The only one needs no name. Without a pointer, this is the way to the others. */
static void
append_links (GMenu *section, const char *const *links)
{
  if (links[0] != NULL && links[1] == NULL)
    append (section, _("_Open Link…"), "win.open-link", links[0]);

  for (guint i = 0; links[0] != NULL && links[1] != NULL && links[i] != NULL && i < MAX_LINKS; i++)
    {
      g_autofree char *label = dup_label (links[i]);

      append (section, label, "win.open-link", links[i]);
    }
  if (links[0] != NULL)
    append (section, _("Copy _Link"), "win.copy", links[0]);
}

static void
append_texts (GMenu *menu, KithMessage *message, const char *const *links)
{
  g_autoptr (GMenu) section = g_menu_new ();
  const char *id = kith_message_get_id (message);

  /* Translators: menu of a message: write an answer to it */
  append (section, _("_Answer"), "conversation.answer", id);
  /* Translators: menu of a message: its text */
  append (section, _("_Copy"), "win.copy", kith_message_get_text (message));
  append_links (section, links);
  append (section, _("_Select Text…"), "conversation.show-text", id);
  /* Translators: menu of a message: to somebody else */
  append (section, _("_Forward…"), "conversation.forward", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

static const struct
{
  KithFileActs act;
  const char *label;
  const char *action;
} file_items[] = {
  /* Translators: menu of a file: receive it */
  { KITH_FILE_ACCEPT, N_("Acc_ept"), "conversation.file-accept" },
  { KITH_FILE_ACCEPT_AS, N_("Accept and _Save As…"), "conversation.file-accept-as" },
  /* Translators: menu of a file: do not receive it */
  { KITH_FILE_DECLINE, N_("Dec_line"), "conversation.file-decline" },
  /* Translators: menu of a picture */
  { KITH_FILE_VIEW, N_("_View"), "conversation.file-view" },
  { KITH_FILE_OPEN, N_("_Open"), "conversation.file-open" },
  { KITH_FILE_SHOW, N_("Show in _Folder"), "conversation.file-show" },
  { KITH_FILE_SAVE, N_("_Save As…"), "conversation.file-save" },
  /* Translators: menu of a file: its sending or receiving */
  { KITH_FILE_PAUSE, N_("_Pause"), "conversation.file-pause" },
  { KITH_FILE_RESUME, N_("_Go On"), "conversation.file-resume" },
  { KITH_FILE_CANCEL, N_("_Cancel"), "conversation.file-cancel" },
};

static void
append_file (GMenu *menu, KithMessage *message)
{
  g_autoptr (GMenu) section = g_menu_new ();
  g_autoptr (GMenu) other = g_menu_new ();
  KithTransfer *transfer = kith_message_get_transfer (message);
  KithFileActs acts = transfer != NULL ? kith_file_find_acts (transfer) : 0;

  for (guint i = 0; i < G_N_ELEMENTS (file_items); i++)
    if ((acts & file_items[i].act) != 0)
      append (section, _(file_items[i].label), file_items[i].action, kith_transfer_get_id (transfer));
  append (other, _("_Answer"), "conversation.answer", kith_message_get_id (message));
  append (other, _("Copy Na_me"), "win.copy", kith_message_get_text (message));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (other));
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
    /* Translators: menu of a message */
    append (section, _("_Edit"), "conversation.edit", id);
  /* Translators: menu of a message */
  append (section, _("_Delete…"), "conversation.delete", id);
  /* Translators: menu of a message */
  append (section, _("Deta_ils"), "conversation.message-details", id);
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
      if (kith_message_get_kind (message) == KITH_MESSAGE_FILE)
        append_file (menu, message);
      else
        append_texts (menu, message, links);
    }
  append_changes (menu, message);

  return G_MENU_MODEL (menu);
}
