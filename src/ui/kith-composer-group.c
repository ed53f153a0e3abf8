/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-composer-line.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-command-line.h"
#include "node/kith-node-groups.h"
#include "ui/kith-mentions.h"

/* What is written into the composer of a group: names of members, and the words for groups. */

/* Here a name goes to all, and is no address. Somebody who is not there would never read what may have
 * been meant for them alone: the user says first whether all are to read it. */
void
kith_to_do_find_mention (KithToDo *self, KithNode *node, KithConversation *conversation,
                         const char *name, const char *text)
{
  g_autoptr (GArray) mentions = kith_mentions_find (kith_conversation_get_group (conversation), text);
  gboolean is_member = mentions->len > 0 && g_array_index (mentions, KithMention, 0).start == 0;

  if (is_member || kith_node_find_contact (node, name, NULL) == NULL)
    kith_to_do_send (self, conversation, text);
  else
    kith_to_do_ask (self, conversation, text, g_strdup_printf (_("“%s” Is Not in This Group"), name),
                    _("All members read what you write here. To write to one person alone, open your "
                      "conversation with them."));
}

/* --- Words ---------------------------------------------------------------------------------- */

static void
do_members (KithToDo *self, KithNode *node, KithGroup *group, const char *rest)
{
  kith_to_do_act (self, "win.group-details", kith_group_get_id (group));
}

static void
do_invite (KithToDo *self, KithNode *node, KithGroup *group, const char *rest)
{
  kith_to_do_act (self, "win.invite-to-group", kith_group_get_id (group));
}

static void
do_leave (KithToDo *self, KithNode *node, KithGroup *group, const char *rest)
{
  kith_to_do_act (self, "win.leave-group", kith_group_get_id (group));
}

static void
do_whoadmin (KithToDo *self, KithNode *node, KithGroup *group, const char *rest)
{
  KithMember *admin = kith_group_get_admin (group);
  g_autofree char *words = NULL;

  if (admin == NULL)
    words = g_strdup (_("It is not known who the admin is"));
  else if (kith_member_is_self (admin))
    words = g_strdup (_("You are the admin of this group"));
  else
    words = g_strdup_printf (_("%s is the admin of this group"), kith_member_get_name (admin));
  kith_to_do_say (self, words);
}

/* (transfer full): the name, without the quotes that it may stand in */
static char *
dup_name (const char *rest)
{
  const char *left = rest;

  return *rest == '"' ? kith_line_take_word (&left) : g_strstrip (g_strdup (rest));
}

static void
say_nobody (KithToDo *self, const char *name, const GError *error)
{
  g_autofree char *words = NULL;

  if (*name == '\0')
    words = g_strdup (_("Write the name of a member behind it"));
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS))
    words = g_strdup (error->message);
  else
    words = g_strdup_printf (_("Nobody in this group is called “%s”"), name);
  kith_to_do_say (self, words);
}

static void
act_on_member (KithToDo *self, KithNode *node, KithGroup *group, const char *rest, const char *action)
{
  g_autofree char *name = dup_name (rest);
  g_autoptr (GError) error = NULL;
  KithMember *member = kith_node_find_member (node, group, name, &error);

  if (!kith_group_is_admin (group))
    kith_to_do_say (self, _("Only the admin can do that"));
  else if (member == NULL)
    say_nobody (self, name, error);
  else if (kith_member_is_self (member))
    kith_to_do_say (self, _("That is you"));
  else
    {
      kith_to_do_act (self, action, kith_group_get_id (group));
      self->second = g_strdup (kith_member_get_id (member));
    }
}

static void
do_kick (KithToDo *self, KithNode *node, KithGroup *group, const char *rest)
{
  act_on_member (self, node, group, rest, "win.kick-member");
}

static void
do_admin (KithToDo *self, KithNode *node, KithGroup *group, const char *rest)
{
  act_on_member (self, node, group, rest, "win.make-admin");
}

static void
do_approve (KithToDo *self, KithNode *node, KithGroup *group, const char *rest)
{
  g_autofree char *name = dup_name (rest);
  g_autoptr (GError) error = NULL;
  KithJoinRequest *request = kith_node_find_join_request (node, group, name, &error);
  g_autofree char *words = NULL;

  if (request != NULL)
    {
      kith_to_do_act (self, "win.approve-member", kith_group_get_id (group));
      self->second = g_strdup (kith_join_request_get_id (request));
      return;
    }

  words = g_strdup_printf (_("Nobody called “%s” asks to join"), name);
  kith_to_do_say (self, words);
}

static const struct
{
  const char *word;
  void      (*run) (KithToDo *self, KithNode *node, KithGroup *group, const char *rest);
} words[] = {
  { "members", do_members }, { "invite", do_invite }, { "leave", do_leave },
  { "whoadmin", do_whoadmin }, { "kick", do_kick }, { "admin", do_admin },
  { "approve", do_approve },
};

/* "new Ace": the only one that needs no group to be open. */
static void
make_group (KithToDo *self, const char *rest)
{
  const char *left = rest;
  g_autofree char *word = kith_line_take_word (&left);
  g_autofree char *name = NULL;

  if (word == NULL || !g_str_equal (word, "new"))
    {
      kith_to_do_say (self, _("“/group new” and a name makes a group"));
      return;
    }

  name = dup_name (left);
  kith_to_do_act (self, "win.new-group-named", name);
}

gboolean
kith_to_do_find_group_word (KithToDo *self, KithNode *node, KithConversation *conversation,
                            const char *word, const char *rest)
{
  KithGroup *group = kith_conversation_get_group (conversation);

  if (g_str_equal (word, "group"))
    {
      make_group (self, rest);
      return TRUE;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (!g_str_equal (word, words[i].word))
        continue;
      if (group != NULL)
        words[i].run (self, node, group, rest);
      else
        kith_to_do_say (self, _("This is no group"));
      return TRUE;
    }

  return FALSE;
}
