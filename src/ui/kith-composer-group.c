/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-composer-line.h"

#include <string.h>

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-command-line.h"
#include "node/kith-node-groups.h"
#include "ui/kith-mentions.h"
#include "ui/kith-sentence.h"

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
    /* Translators: what was typed as the name of a person; the heading of a question */
    kith_to_do_ask (self, conversation, text, kith_sentence_make (_("“%s” Is Not in This Group"), name),
                    _("All members read what you write here. To write to one person alone, open your "
                      "conversation with them."));
}

/* --- Names behind a word -------------------------------------------------------------------- */

/* (transfer full): the name, without the quotes or the @ that it may stand in */
static char *
dup_name (const char *rest)
{
  const char *left = *rest == '@' ? rest + 1 : rest;

  return *left == '"' ? kith_line_take_word (&left) : g_strstrip (g_strdup (left));
}

/* Takes contacts, each with or without an @.
 *
 * @unknown: (out) (optional) (transfer full): the first that is none
 * Returns: (transfer full) (nullable): their IDs */
static char **
take_people (KithNode *node, const char *rest, char **unknown)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  const char *left = rest;

  while (*left != '\0')
    {
      g_autofree char *name = NULL;
      KithContact *contact = NULL;

      left += *left == '@';
      name = kith_line_take_word (&left);
      if (name != NULL)
        contact = kith_node_find_contact (node, name, NULL);
      if (contact == NULL)
        {
          if (unknown != NULL)
            *unknown = g_strdup (name != NULL ? name : "@");
          return NULL;
        }
      g_strv_builder_add (ids, kith_contact_get_id (contact));
    }

  return g_strv_builder_end (ids);
}

/* Does it with all those people, or says who is unknown. */
static void
act_with_people (KithToDo *self, KithNode *node, const char *action, const char *argument,
                 const char *people)
{
  g_autofree char *unknown = NULL;
  g_auto (GStrv) ids = take_people (node, people, &unknown);
  g_autofree char *words = NULL;

  if (ids != NULL)
    {
      kith_to_do_act (self, action, argument);
      self->people = g_steal_pointer (&ids);
      return;
    }

  /* Translators: what was typed as a name */
  words = kith_sentence_make (_("Nobody is called “%s”"), unknown);
  kith_to_do_say (self, words);
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
    /* Translators: what was typed as a name */
    words = kith_sentence_make (_("Nobody in this group is called “%s”"), name);
  kith_to_do_say (self, words);
}

/* --- What keeps one from it ----------------------------------------------------------------- */

/* Each: (nullable): why it makes no sense now */

static const char *
check_member (KithGroup *group)
{
  return kith_group_is_member (group) ? NULL : _("You are not in this group");
}

static const char *
check_admin (KithGroup *group)
{
  return kith_group_is_admin (group) ? NULL : _("Only the admin can do that");
}

static const char *
check_in (KithGroup *group)
{
  return kith_group_get_state (group) == KITH_MEMBERSHIP_ASKING ? NULL : check_member (group);
}

static const char *
check_out (KithGroup *group)
{
  return check_in (group) != NULL ? NULL : _("Leave the group first");
}

static const char *
check_invited (KithGroup *group)
{
  return kith_group_get_state (group) == KITH_MEMBERSHIP_INVITED ? NULL
                                                                 : _("You are not invited to it");
}

static const char *
check_asked (KithGroup *group)
{
  KithMember *asked = kith_group_get_transfer_to (group);

  return asked != NULL && kith_member_is_self (asked) ? NULL
                                                      : _("Nobody asks you to become the admin");
}

static const char *
check_endorse (KithGroup *group)
{
  return kith_group_get_can_endorse (group) ? NULL
                                            : _("Another admin can be proposed when there was no sign of "
                                                "this one for long");
}

static const char *
check_claim (KithGroup *group)
{
  return kith_group_get_can_claim (group) ? NULL : _("Not enough members have proposed you as admin");
}

/* --- Words ---------------------------------------------------------------------------------- */

typedef struct _GroupWord GroupWord;

struct _GroupWord
{
  const char *word;
  const char *action; /* (nullable): of the window */
  const char *(*check) (KithGroup *group);
  /* (nullable): when there is more to it than the group */
  void (*run) (KithToDo *self, KithNode *node, KithGroup *group, const GroupWord *word, const char *rest);
};

static void
do_invite (KithToDo *self, KithNode *node, KithGroup *group, const GroupWord *word, const char *rest)
{
  if (*rest == '\0')
    kith_to_do_act (self, "win.invite-to-group", kith_group_get_id (group));
  else
    act_with_people (self, node, word->action, kith_group_get_id (group), rest);
}

static void
do_who_admin (KithToDo *self, KithNode *node, KithGroup *group, const GroupWord *word, const char *rest)
{
  KithMember *admin = kith_group_get_admin (group);
  g_autofree char *words = NULL;

  if (admin == NULL)
    words = g_strdup (_("It is not known who the admin is"));
  else if (kith_member_is_self (admin))
    words = g_strdup (_("You are the admin of this group"));
  else
    /* Translators: the name of a member of a group */
    words = kith_sentence_make (_("%s is the admin of this group"), kith_member_get_name (admin));
  kith_to_do_act (self, "win.toast", words);
}

static KithMember *
need_member (KithToDo *self, KithGroup *group, const char *rest)
{
  g_autofree char *name = dup_name (rest);
  g_autoptr (GError) error = NULL;
  KithMember *member = kith_node_find_member (group, name, &error);

  if (member == NULL)
    say_nobody (self, name, error);

  return member;
}

static void
do_member (KithToDo *self, KithNode *node, KithGroup *group, const GroupWord *word, const char *rest)
{
  KithMember *member = need_member (self, group, rest);

  if (member == NULL)
    return;

  kith_to_do_act (self, word->action, kith_group_get_id (group));
  self->second = g_strdup (kith_member_get_id (member));
}

static void
do_other (KithToDo *self, KithNode *node, KithGroup *group, const GroupWord *word, const char *rest)
{
  KithMember *member = need_member (self, group, rest);

  if (member != NULL && kith_member_is_self (member))
    kith_to_do_say (self, _("That is you"));
  else if (member != NULL)
    do_member (self, node, group, word, rest);
}

/* Without a name: nobody is asked any more. */
static void
do_transfer (KithToDo *self, KithNode *node, KithGroup *group, const GroupWord *word, const char *rest)
{
  if (*rest != '\0')
    do_other (self, node, group, word, rest);
  else if (kith_group_get_transfer_to (group) == NULL)
    kith_to_do_say (self, _("Write the name of a member behind it"));
  else
    kith_to_do_act (self, "win.unask-admin", kith_group_get_id (group));
}

static void
do_answer (KithToDo *self, KithNode *node, KithGroup *group, const GroupWord *word, const char *rest)
{
  g_autofree char *name = dup_name (rest);
  KithJoinRequest *request = kith_node_find_join_request (group, name, NULL);
  g_autofree char *words = NULL;

  /* Strangers choose their names: who they are stands in the list. */
  if (request != NULL && g_str_equal (word->word, "approve")
      && kith_join_request_get_contact (request) == NULL
      && g_strcmp0 (name, kith_join_request_get_id (request)) != 0)
    {
      kith_to_do_act (self, "win.group-details", kith_group_get_id (group));
      return;
    }
  if (request != NULL)
    {
      kith_to_do_act (self, word->action, kith_group_get_id (group));
      self->second = g_strdup (kith_join_request_get_id (request));
      return;
    }

  /* Translators: what was typed as a name */
  words = kith_sentence_make (_("Nobody called “%s” asks to join"), name);
  kith_to_do_say (self, words);
}

/* What it is set to; the window says what can be. */
static void
do_set (KithToDo *self, KithNode *node, KithGroup *group, const GroupWord *word, const char *rest)
{
  kith_to_do_act (self, word->action, kith_group_get_id (group));
  self->second = g_strstrip (g_strdup (rest));
}

static const GroupWord words[] = {
  { "members", "win.group-details", NULL, NULL },
  { "who-admin", NULL, NULL, do_who_admin },
  { "invite", "win.invite-people", check_member, do_invite },
  { "group-invite", "win.invite-people", check_member, do_invite },
  { "group-revoke", "win.revoke-group-link", check_member, NULL },
  { "group-decline", "win.decline-group", check_invited, NULL },
  { "group-requests", "win.group-details", check_admin, NULL },
  { "approve", "win.approve-member", check_admin, do_answer },
  { "deny", "win.deny-member", check_admin, do_answer },
  { "kick", "win.kick-member", check_admin, do_other },
  { "transfer-admin", "win.make-admin", check_admin, do_transfer },
  { "accept-admin", "win.accept-admin", check_asked, NULL },
  { "decline-admin", "win.decline-admin", check_asked, NULL },
  { "endorse", "win.endorse-member", check_endorse, do_member },
  { "claim-admin", "win.claim-admin", check_claim, NULL },
  { "group-rename", "win.rename-group", check_admin, do_set },
  { "group-topic", "win.set-group-topic", check_admin, do_set },
  { "group-history", "win.set-group-history", check_admin, do_set },
  { "mentions", "win.set-mentions", check_member, do_set },
  { "leave", "win.leave-group", check_in, NULL },
  { "group-delete", "win.delete-group", check_out, NULL },
};

/* --- Words that need no group to be open ---------------------------------------------------- */

/* Where people begin in "Bee Keepers @ann @ben"; at the end when there are none. */
static const char *
find_at (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (*p == '@' && (p == text || g_ascii_isspace (p[-1])))
      return p;

  return text + strlen (text);
}

/* In "Ace ann ben" they are people when there are such; else it is one long name. */
static const char *
find_people (KithNode *node, const char *rest)
{
  const char *left = rest;
  const char *at = find_at (rest);
  g_autofree char *first = kith_line_take_word (&left);
  g_auto (GStrv) ids = NULL;

  if (first == NULL || *at != '\0' || *rest == '"')
    return *rest == '"' ? left : at;

  ids = take_people (node, left, NULL);

  return ids != NULL ? left : at;
}

/* With people it is made at once, without them the user can choose some. */
static void
do_new (KithToDo *self, KithNode *node, const char *rest)
{
  const char *people = find_people (node, rest);
  g_autofree char *written = g_strndup (rest, (gsize) (people - rest));
  g_autofree char *name = dup_name (g_strstrip (written));

  if (name == NULL || *name == '\0')
    kith_to_do_say (self, _("“/group new” and a name makes a group"));
  else if (*people == '\0')
    kith_to_do_act (self, "win.new-group-named", name);
  else
    act_with_people (self, node, "win.make-group", name, people);
}

/* A group that we are invited to, or a link. */
static void
do_join (KithToDo *self, KithNode *node, const char *rest)
{
  const char *left = rest;
  g_autofree char *which = kith_line_take_word (&left);
  KithGroup *group = which != NULL ? kith_node_find_group (node, which, NULL) : NULL;

  if (which == NULL)
    kith_to_do_say (self, _("Write a link, or the name of a group that you are invited to, behind it"));
  else if (group == NULL)
    kith_to_do_act (self, "win.join", which);
  else if (check_invited (group) != NULL)
    kith_to_do_say (self, check_invited (group));
  else
    kith_to_do_act (self, "win.join-group", kith_group_get_id (group));
}

static void
do_groups (KithToDo *self, KithNode *node, const char *rest)
{
  GListModel *groups = kith_node_get_groups (node);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (KithGroup) group = g_list_model_get_item (groups, i);

      if (check_in (group) == NULL)
        g_string_append_printf (names, "%s%s", names->len > 0 ? _(", ") : "", kith_group_get_name (group));
    }

  kith_to_do_act (self, "win.toast", names->len > 0 ? names->str : _("You are in no group yet"));
}

static const struct
{
  const char *word;
  void      (*run) (KithToDo *self, KithNode *node, const char *rest);
} general_words[] = {
  { "group-new", do_new },
  { "group-join", do_join },
  { "groups", do_groups },
};

/* Whether what stands behind it can only be a group. */
static gboolean
takes_nothing (const GroupWord *word)
{
  return word->run == NULL || word->run == do_who_admin;
}

/* The one that is open, unless another one is named where nothing else can be meant: "Welcome" may be the
 * first word of a topic, and somebody may invite us to a group that is called like a member.
 *
 * @rest: (inout): moved behind the name */
static KithGroup *
find_group (KithNode *node, KithConversation *conversation, const GroupWord *word, const char **rest)
{
  KithGroup *open = kith_conversation_get_group (conversation);
  const char *left = *rest;
  gboolean is_quoted = *left == '"';
  g_autofree char *name = kith_line_take_word (&left);
  KithGroup *named = name != NULL ? kith_node_find_group (node, name, NULL) : NULL;

  if (named == NULL)
    return open;
  if (open != NULL && !takes_nothing (word)
      && (!is_quoted || *left == '\0' || kith_group_get_state (named) == KITH_MEMBERSHIP_INVITED))
    return open;

  *rest = left;

  return named;
}

static void
run_word (KithToDo *self, KithNode *node, KithConversation *conversation, const GroupWord *word,
          const char *rest)
{
  KithGroup *group = find_group (node, conversation, word, &rest);
  const char *complaint = NULL;

  if (group == NULL)
    complaint = _("This is no group");
  else if (word->check != NULL)
    complaint = word->check (group);

  if (complaint != NULL)
    kith_to_do_say (self, complaint);
  else if (word->run != NULL)
    word->run (self, node, group, word, rest);
  else
    kith_to_do_act (self, word->action, kith_group_get_id (group));
}

gboolean
kith_to_do_find_group_word (KithToDo *self, KithNode *node, KithConversation *conversation,
                            const char *word, const char *rest)
{
  g_autofree char *name = kith_line_complete_command (word, &rest);

  for (gsize i = 0; i < G_N_ELEMENTS (general_words); i++)
    if (g_str_equal (name, general_words[i].word))
      {
        general_words[i].run (self, node, rest);
        return TRUE;
      }

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (name, words[i].word))
      {
        run_word (self, node, conversation, &words[i], rest);
        return TRUE;
      }

  if (!g_str_equal (word, "group"))
    return FALSE;

  kith_to_do_say (self, _("“/group new” and a name makes a group"));
  return TRUE;
}
