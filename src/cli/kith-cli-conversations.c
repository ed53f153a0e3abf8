/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who or what a command is about: a contact or a group. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "base/kith-error.h"
#include "cli/kith-cli-handlers.h"
#include "node/kith-command-line.h"
#include "node/kith-node-groups.h"

/* One name for a person and a group: neither is guessed. */
static void
fail_ambiguous (KithCliCall *call, KithContact *contact, KithGroup *group)
{
  g_autofree char *words
      = g_strdup_printf ("There is a contact and a group of that name; say which: %s (contact), %s (group)",
                         kith_contact_get_id (contact), kith_group_get_id (group));
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_AMBIGUOUS, words);

  kith_cli_call_fail (call, error, words);
}

/**
 * kith_cli_call_need_conversation:
 * @call: a call
 * @argument: which argument says who or what is meant
 *
 * Returns: (transfer none) (nullable): the conversation with a contact, or of a group; %NULL after the
 *   call was answered
 */
KithConversation *
kith_cli_call_need_conversation (KithCliCall *call, const char *argument)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *who = kith_cli_call_get_string (call, argument);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) group_error = NULL;
  KithContact *contact = kith_node_find_contact (node, who, &error);
  KithGroup *group = kith_node_find_group (node, who, &group_error);

  if (contact != NULL && group != NULL)
    fail_ambiguous (call, contact, group);
  else if (contact != NULL)
    return kith_node_get_conversation (node, contact);
  else if (group != NULL)
    return kith_node_get_group_conversation (node, group);
  else if (g_error_matches (group_error, KITH_ERROR, KITH_ERROR_AMBIGUOUS))
    kith_cli_call_fail (call, group_error, group_error->message);
  else
    kith_cli_call_fail (call, error, error->message);

  return NULL;
}

/**
 * kith_cli_call_need_group:
 * @call: a call with an argument "group"
 *
 * Returns: (transfer none) (nullable): the group, or %NULL after the call was answered
 */
KithGroup *
kith_cli_call_need_group (KithCliCall *call)
{
  g_autoptr (GError) error = NULL;
  KithGroup *group = kith_node_find_group (kith_cli_call_get_node (call),
                                           kith_cli_call_get_string (call, "group"), &error);

  if (group == NULL)
    kith_cli_call_fail (call, error, error->message);
  return group;
}

/**
 * kith_cli_call_need_people:
 * @call: a call
 * @names: aliases, names and IDs, those with blanks in quotes
 *
 * Returns: (transfer full) (nullable) (element-type KithContact): them, or %NULL after the call was
 *   answered
 */
GPtrArray *
kith_cli_call_need_people (KithCliCall *call, const char *names)
{
  g_autoptr (GPtrArray) contacts = g_ptr_array_new ();
  const char *rest = names;
  char *word;

  while ((word = kith_line_take_word (&rest)) != NULL)
    {
      g_autofree char *who = word;
      g_autoptr (GError) error = NULL;
      KithContact *contact = kith_node_find_contact (kith_cli_call_get_node (call), who, &error);

      if (contact == NULL)
        {
          kith_cli_call_fail (call, error, error->message);
          return NULL;
        }
      g_ptr_array_add (contacts, contact);
    }

  return g_steal_pointer (&contacts);
}
