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

/* @get: what an item is called; %NULL: it is no candidate */
static void
add_items (Completion *self, GListModel *items, const char *(*get) (gpointer item))
{
  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (items, i);
      const char *name = get (item);

      if (name != NULL)
        add_name (self, name);
    }
}

static const char *
get_contact (gpointer item)
{
  return kith_contact_get_display_name (item);
}

static const char *
get_request (gpointer item)
{
  return kith_request_get_name (item);
}

/* Contacts nearby are among the contacts already. */
static const char *
get_stranger (gpointer item)
{
  return kith_nearby_get_contact (item) == NULL ? kith_nearby_get_name (item) : NULL;
}

static const char *
get_group (gpointer item)
{
  return kith_group_get_name (item);
}

/* Contacts are among the people already. */
static const char *
get_mere_member (gpointer item)
{
  KithContact *contact = kith_member_get_contact (item);
  gboolean is_mere = contact != NULL && kith_contact_get_relation (contact) == KITH_RELATION_MEMBER;

  return is_mere ? kith_member_get_name (item) : NULL;
}

static const char *
get_invite (gpointer item)
{
  return kith_invitation_get_id (item);
}

/* Files are shown by the beginning of their ids. */
static const char *
get_transfer (gpointer item)
{
  return kith_transfer_get_id (item);
}

static void
add_people (Completion *self, KithNode *node)
{
  add_items (self, kith_node_get_contacts (node), get_contact);

  /* Nobody who only asks can be written to. */
  if (self->sigil != '\0')
    return;

  add_items (self, kith_node_get_requests (node), get_request);
  add_items (self, kith_node_get_nearby (node), get_stranger);
}

/* Those of all groups: which one is meant may not have been said. */
static void
add_members (Completion *self, KithNode *node)
{
  GListModel *groups = kith_node_get_groups (node);

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (KithGroup) group = g_list_model_get_item (groups, i);

      add_items (self, kith_group_get_members (group), get_mere_member);
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
    add_items (&self, kith_node_get_transfers (node), get_transfer);
  else if (g_str_has_prefix (line, "/transcript ") && find_place (line, word_start) > 2)
    add_formats (&self, find_place (line, word_start));
  else if (g_str_has_prefix (line, "/revoke "))
    add_items (&self, kith_node_get_invitations (node), get_invite);
  else
    {
      add_people (&self, node);
      add_items (&self, kith_node_get_groups (node), get_group);
      if (self.sigil == '\0')
        add_members (&self, node);
    }
  g_free (self.prefix);
  return found;
}
