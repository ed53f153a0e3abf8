/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-mentions.h"

#include <string.h>

/* So many signs are looked at in one text: each goes through all members, and a hundred texts of nothing
 * else must not stop the window. */
#define MAX_SIGNS 16
#define OWN_SHADE_ALPHA (G_MAXUINT16 / 5)
#define OWN_SHADE_RED (G_MAXUINT16 / 5)
#define OWN_SHADE_GREEN (G_MAXUINT16 / 2)
#define OWN_SHADE_BLUE (G_MAXUINT16 / 10 * 9)

static gboolean
is_word (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c) || c == '_';
}

/* Returns: how many bytes of @text are @name, whatever the case; 0 when it says something else, or goes
 * on as a longer word. */
static gsize
match_name (const char *text, const char *name)
{
  const char *at = text;

  for (; *name != '\0'; name = g_utf8_next_char (name), at = g_utf8_next_char (at))
    if (*at == '\0'
        || g_unichar_tolower (g_utf8_get_char (at)) != g_unichar_tolower (g_utf8_get_char (name)))
      return 0;

  return *at == '\0' || !is_word (g_utf8_get_char (at)) ? (gsize) (at - text) : 0;
}

/* They go by what we call them, and by what they call themselves: others know only that. */
static gsize
match_member (const char *text, KithMember *member)
{
  KithContact *contact = kith_member_get_contact (member);
  const char *own_name = contact != NULL ? kith_contact_get_name (contact) : NULL;
  gsize len = match_name (text, kith_member_get_name (member));

  return own_name != NULL ? MAX (len, match_name (text, own_name)) : len;
}

/* Of "Ann" and "Ann Lee" the longer one is meant when both fit. */
static gsize
match_members (KithGroup *group, const char *text, KithMember **found)
{
  GListModel *members = kith_group_get_members (group);
  gsize longest = 0;

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (KithMember) member = g_list_model_get_item (members, i);
      gsize len = match_member (text, member);

      if (len > longest)
        {
          longest = len;
          *found = member; /* the list holds it */
        }
    }

  return longest;
}

static gboolean
begins_word (const char *text, const char *at)
{
  const char *before = g_utf8_find_prev_char (text, at);

  return before == NULL || !is_word (g_utf8_get_char (before));
}

/* Nobody's name begins with a blank: a sign that stands alone costs nothing. */
static gboolean
may_be_name (const char *text)
{
  return *text != '\0' && !g_unichar_isspace (g_utf8_get_char (text));
}

/**
 * kith_mentions_find:
 * @group: where it was written
 * @text: a message
 *
 * Returns: (transfer full) (element-type KithMention): where its members are named, from the beginning on
 */
GArray *
kith_mentions_find (KithGroup *group, const char *text)
{
  GArray *mentions = g_array_new (FALSE, FALSE, sizeof (KithMention));
  const char *at = text;
  guint n = 0;

  while (n < MAX_SIGNS && (at = strchr (at, '@')) != NULL)
    {
      KithMention mention = { .start = (guint) (at - text) };
      gsize len = 0;

      if (begins_word (text, at) && may_be_name (at + 1))
        {
          len = match_members (group, at + 1, &mention.member);
          n++;
        }

      at += 1 + len;
      mention.end = (guint) (at - text);
      if (len > 0)
        g_array_append_val (mentions, mention);
    }

  return mentions;
}

static void
insert (PangoAttrList *attributes, const KithMention *mention, PangoAttribute *attribute)
{
  attribute->start_index = mention->start;
  attribute->end_index = mention->end;
  pango_attr_list_insert (attributes, attribute);
}

/**
 * kith_mentions_attributes:
 * @group: where it was written
 * @text: a message
 * @attributes: where to add what makes the names in it stand out, our own more than others
 */
void
kith_mentions_attributes (KithGroup *group, const char *text, PangoAttrList *attributes)
{
  g_autoptr (GArray) mentions = kith_mentions_find (group, text);

  for (guint i = 0; i < mentions->len; i++)
    {
      const KithMention *mention = &g_array_index (mentions, KithMention, i);

      insert (attributes, mention, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
      if (!kith_member_is_self (mention->member))
        continue;

      insert (attributes, mention,
              pango_attr_background_new (OWN_SHADE_RED, OWN_SHADE_GREEN, OWN_SHADE_BLUE));
      insert (attributes, mention, pango_attr_background_alpha_new (OWN_SHADE_ALPHA));
    }
}
