/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the word at the cursor can become: a command, the name of somebody, a setting. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-completion.h"

#include <string.h>

#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-text.h"
#include "model/kith-conversation-filter.h"
#include "node/kith-command-line.h"
#include "node/kith-node-files.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-invites.h"
#include "node/kith-node-network.h"
#include "node/kith-node-reach.h"

typedef struct
{
  GPtrArray *found;  /* (unowned) */
  char      *prefix; /* (owned): case-folded, without sigil and quotes */
  char       sigil;  /* '@', or 0 */
  gsize      skip;   /* how much of the word stands before what is replaced */
} Completion;

/* Where the word begins in which @cursor is: a name in quotes is one word. */
static gsize
find_word (const char *line, gsize cursor)
{
  gsize start = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < cursor; i++)
    {
      if (line[i] == '\\' && quoted && i + 1 < cursor)
        i++;
      else if (line[i] == '"' && (quoted || i == start || (i == start + 1 && line[start] == '@')))
        quoted = !quoted;
      else if (g_ascii_isspace (line[i]) && !quoted)
        start = i + 1;
    }

  return start;
}

static void
add (Completion *self, const char *word)
{
  if (strlen (word) >= self->skip)
    g_ptr_array_add (self->found, g_strdup (word + self->skip));
}

/* Whether a name begins so, or, of people after an @, any of its words. */
static gboolean
is_begun (const Completion *self, const char *folded)
{
  gboolean is_inside = FALSE;

  for (const char *at = folded; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean is_word = g_unichar_isalnum (c) || g_unichar_ismark (c);

      if ((at == folded || (self->sigil != '\0' && is_word && !is_inside))
          && g_str_has_prefix (at, self->prefix))
        return TRUE;
      is_inside = is_word;
    }

  return FALSE;
}

static void
add_name (Completion *self, const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  g_autofree char *quoted = kith_line_quote_word (name);
  g_autofree char *safe = kith_cli_text_safe (quoted);
  const char mark[] = { self->sigil, '\0' };
  g_autofree char *word = g_strconcat (mark, quoted, NULL);

  /* What could not be printed as it is must not be put on the line either. */
  if (is_begun (self, folded) && g_str_equal (safe, quoted))
    add (self, word);
}

static void
add_people (Completion *self, KithNode *node)
{
  GListModel *contacts = kith_node_get_contacts (node);
  GListModel *requests = kith_node_get_requests (node);
  GListModel *nearby = kith_node_get_nearby (node);

  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (contacts, i);

      add_name (self, kith_contact_get_display_name (contact));
    }

  /* Nobody who only asks can be written to. */
  for (guint i = 0; self->sigil == '\0' && i < g_list_model_get_n_items (requests); i++)
    {
      g_autoptr (KithRequest) request = g_list_model_get_item (requests, i);

      add_name (self, kith_request_get_name (request));
    }

  /* Contacts nearby are among the contacts already. */
  for (guint i = 0; self->sigil == '\0' && i < g_list_model_get_n_items (nearby); i++)
    {
      g_autoptr (KithNearby) person = g_list_model_get_item (nearby, i);

      if (kith_nearby_get_contact (person) == NULL)
        add_name (self, kith_nearby_get_name (person));
    }
}

static void
add_groups (Completion *self, KithNode *node)
{
  GListModel *groups = kith_node_get_groups (node);

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (KithGroup) group = g_list_model_get_item (groups, i);

      add_name (self, kith_group_get_name (group));
    }
}

/* Those of all groups: which one is meant may not have been said. */
static void
add_members (Completion *self, KithNode *node)
{
  GListModel *groups = kith_node_get_groups (node);

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (KithGroup) group = g_list_model_get_item (groups, i);
      GListModel *members = kith_group_get_members (group);

      for (guint m = 0; m < g_list_model_get_n_items (members); m++)
        {
          g_autoptr (KithMember) member = g_list_model_get_item (members, m);
          KithContact *contact = kith_member_get_contact (member);

          /* Contacts are among the people already. */
          if (contact != NULL && kith_contact_get_relation (contact) == KITH_RELATION_MEMBER)
            add_name (self, kith_member_get_name (member));
        }
    }
}

static void
add_settings (Completion *self)
{
  for (guint i = 0; kith_cli_network_get_setting (i) != NULL; i++)
    add_name (self, kith_cli_network_get_setting (i));
}

/* In which order, and which of them: either may be the first word. */
static void
add_choices (Completion *self)
{
  add_name (self, "name");
  add_name (self, "activity");
  for (guint i = 0; i <= KITH_FILTER_LAST; i++)
    add_name (self, kith_conversation_filter_get_name ((KithConversationFilter) i));
}

static void
add_privacy (Completion *self)
{
  for (guint i = 0; kith_cli_privacy_get_setting (i) != NULL; i++)
    add_name (self, kith_cli_privacy_get_setting (i));
}

static void
add_reaches (Completion *self)
{
  for (guint i = 0; i <= KITH_REACH_CONTACTS; i++)
    add_name (self, kith_reach_get_name ((KithReach) i));
}

static void
add_invites (Completion *self, KithNode *node)
{
  GListModel *invitations = kith_node_get_invitations (node);

  for (guint i = 0; i < g_list_model_get_n_items (invitations); i++)
    {
      g_autoptr (KithInvitation) invitation = g_list_model_get_item (invitations, i);

      add_name (self, kith_invitation_get_id (invitation));
    }
}

/* Files are shown by the beginning of their ids. */
static void
add_transfers (Completion *self, KithNode *node)
{
  GListModel *transfers = kith_node_get_transfers (node);

  for (guint i = 0; i < g_list_model_get_n_items (transfers); i++)
    {
      g_autoptr (KithTransfer) transfer = g_list_model_get_item (transfers, i);

      add_name (self, kith_transfer_get_id (transfer));
    }
}

/* Whether the line is a command whose first word is a file. */
static gboolean
is_about_a_file (const char *line, gsize word_start)
{
  static const char *const words[] = { "/accept-file ", "/decline-file ", "/pause-file ",
                                       "/resume-file ", "/cancel-file ",  "/save-file " };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (line, words[i]) && word_start == strlen (words[i]))
      return TRUE;

  return FALSE;
}

/* Which word of the line begins at @word_start, the command being the first. */
static guint
find_place (const char *line, gsize word_start)
{
  const char *rest = line;
  guint place = 1;

  for (; (gsize) (rest - line) < word_start; place++)
    {
      g_autofree char *word = kith_line_take_word (&rest);

      if (word == NULL)
        break;
    }

  return place;
}

/* What a conversation is written out to is no person. */
static void
add_formats (Completion *self, guint place)
{
  if (place != 4)
    return;

  add_name (self, "html");
  add_name (self, "text");
}

static void
add_commands (Completion *self, const char *prefix)
{
  guint n;
  const KithCliCommand *commands = kith_cli_commands_get (&n);

  for (guint i = 0; i < n; i++)
    if (g_str_has_prefix (commands[i].name, prefix))
      {
        g_autofree char *word = g_strconcat ("/", commands[i].name, NULL);

        add (self, word);
      }
}

/* The beginning of a name, which may stand behind a quote that nobody has closed yet. */
static char *
dup_folded (const char *prefix)
{
  g_autofree char *closed = g_strconcat (prefix, "\"", NULL);
  const char *rest = closed;
  g_autofree char *word = *prefix == '"' ? kith_line_take_word (&rest) : NULL;

  return g_utf8_casefold (word != NULL ? word : prefix, -1);
}

/**
 * kith_cli_complete:
 * @node: (nullable): who knows the people
 * @line: what was typed
 * @start: where the part begins that a candidate replaces, in bytes
 * @end: where it ends: at the cursor
 *
 * A word is a command when it begins the line with a slash, else what that command is about: mostly
 * the name of somebody, in quotes if need be. A name with spaces is one word, even if @start is in
 * the middle of it.
 *
 * Returns: (transfer full) (element-type utf8): the candidates for that part
 */
GPtrArray *
kith_cli_complete (KithNode *node, const char *line, gsize start, gsize end)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  gsize word_start = find_word (line, start);
  g_autofree char *word = g_strndup (line + word_start, end - word_start);
  Completion self = { .found = found, .skip = start - word_start };
  const char *prefix = word;

  if (*word == '/' && word_start == 0)
    {
      add_commands (&self, word + 1);
      return found;
    }

  if (node == NULL)
    return found;

  if (*prefix == '@')
    self.sigil = *prefix++;
  self.prefix = dup_folded (prefix);
  if (g_str_has_prefix (line, "/network "))
    {
      if (word_start == strlen ("/network "))
        add_settings (&self);
    }
  else if (g_str_has_prefix (line, "/privacy "))
    {
      if (word_start == strlen ("/privacy "))
        add_privacy (&self);
    }
  else if (g_str_has_prefix (line, "/contacts "))
    add_choices (&self);
  else if (g_str_has_prefix (line, "/reach "))
    add_reaches (&self);
  else if (is_about_a_file (line, word_start))
    add_transfers (&self, node);
  else if (g_str_has_prefix (line, "/transcript ") && find_place (line, word_start) > 2)
    add_formats (&self, find_place (line, word_start));
  else if (g_str_has_prefix (line, "/revoke "))
    add_invites (&self, node);
  else
    {
      add_people (&self, node);
      add_groups (&self, node);
      if (self.sigil == '\0')
        add_members (&self, node);
    }
  g_free (self.prefix);
  return found;
}
