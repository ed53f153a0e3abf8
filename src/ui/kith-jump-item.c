/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-jump-item.h"

#include <string.h>

#include <glib/gi18n.h>

#include "model/kith-conversation.h"
#include "model/kith-request.h"
#include "ui/kith-state.h"

struct _KithJumpItem
{
  GObject parent_instance;

  GObject *target; /* (owned) (nullable) */
  char *title;     /* (owned) */
  char *section;   /* (owned) (nullable) */
  char *action;    /* (owned) (nullable) */
  char *icon_name; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithJumpItem, kith_jump_item, G_TYPE_OBJECT)

static void
kith_jump_item_finalize (GObject *object)
{
  KithJumpItem *self = KITH_JUMP_ITEM (object);

  g_clear_object (&self->target);
  g_free (self->title);
  g_free (self->section);
  g_free (self->action);
  g_free (self->icon_name);

  G_OBJECT_CLASS (kith_jump_item_parent_class)->finalize (object);
}

static void
kith_jump_item_class_init (KithJumpItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_jump_item_finalize;
}

static void
kith_jump_item_init (KithJumpItem *self)
{
}

/* A stranger need not have told a name. */
static char *
dup_title (GObject *target)
{
  if (KITH_IS_CONVERSATION (target))
    return g_strdup (kith_conversation_get_title (KITH_CONVERSATION (target)));
  if (*kith_request_get_name (KITH_REQUEST (target)) == '\0')
    return g_strdup (_("Somebody without a name"));

  return g_strdup (kith_request_get_name (KITH_REQUEST (target)));
}

/**
 * kith_jump_item_new_for_target:
 * @target: a #KithConversation or a #KithRequest
 *
 * Returns: (transfer full): the way to it
 */
KithJumpItem *
kith_jump_item_new_for_target (GObject *target)
{
  KithJumpItem *self;

  g_return_val_if_fail (KITH_IS_CONVERSATION (target) || KITH_IS_REQUEST (target), NULL);

  self = g_object_new (KITH_TYPE_JUMP_ITEM, NULL);
  self->target = g_object_ref (target);
  self->title = dup_title (target);

  return self;
}

/**
 * kith_jump_item_new_for_action:
 * @title: what it is called
 * @section: (nullable): the heading above it in its menu, without which the title says too little
 * @action: its name, with its target
 * @icon_name: what stands before it
 *
 * Returns: (transfer full): the way to it
 */
KithJumpItem *
kith_jump_item_new_for_action (const char *title, const char *section, const char *action, const char *icon_name)
{
  KithJumpItem *self = g_object_new (KITH_TYPE_JUMP_ITEM, NULL);

  self->title = g_strdup (title);
  self->section = g_strdup (section);
  self->action = g_strdup (action);
  self->icon_name = g_strdup (icon_name);

  return self;
}

/**
 * kith_jump_item_get_kind:
 * @self: an item
 *
 * Returns: which of the headings it belongs under
 */
KithJumpKind
kith_jump_item_get_kind (KithJumpItem *self)
{
  g_return_val_if_fail (KITH_IS_JUMP_ITEM (self), KITH_JUMP_ACTION);

  if (self->target == NULL)
    return KITH_JUMP_ACTION;
  if (KITH_IS_CONVERSATION (self->target) && kith_conversation_get_group (KITH_CONVERSATION (self->target)) != NULL)
    return KITH_JUMP_GROUP;

  return KITH_JUMP_PERSON;
}

GObject *
kith_jump_item_get_target (KithJumpItem *self)
{
  g_return_val_if_fail (KITH_IS_JUMP_ITEM (self), NULL);

  return self->target;
}

const char *
kith_jump_item_get_title (KithJumpItem *self)
{
  g_return_val_if_fail (KITH_IS_JUMP_ITEM (self), NULL);

  return self->title;
}

const char *
kith_jump_item_get_action (KithJumpItem *self)
{
  g_return_val_if_fail (KITH_IS_JUMP_ITEM (self), NULL);

  return self->action;
}

const char *
kith_jump_item_get_icon_name (KithJumpItem *self)
{
  g_return_val_if_fail (KITH_IS_JUMP_ITEM (self), NULL);

  return self->icon_name;
}

/**
 * kith_jump_item_dup_subtitle:
 * @self: an item
 *
 * Returns: (transfer full): how things stand there; of an action its section, or nothing
 */
char *
kith_jump_item_dup_subtitle (KithJumpItem *self)
{
  KithConversation *conversation;
  KithGroup *group;

  g_return_val_if_fail (KITH_IS_JUMP_ITEM (self), NULL);

  if (self->target == NULL)
    return g_strdup (self->section != NULL ? self->section : "");
  if (KITH_IS_REQUEST (self->target))
    return g_strdup (_("Would like to chat with you"));

  conversation = KITH_CONVERSATION (self->target);
  group = kith_conversation_get_group (conversation);

  return group != NULL ? kith_state_dup_group (group)
                       : kith_state_dup_presence (kith_conversation_get_contact (conversation));
}

/* --- Finding -------------------------------------------------------------------------------- */

/* Without capitals, and without what stands above and below letters. */
static char *
dup_folded (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  g_autofree char *folded = normal != NULL ? g_utf8_casefold (normal, -1) : NULL;
  GString *bare = g_string_new (NULL);

  for (const char *p = folded != NULL ? folded : ""; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_ismark (g_utf8_get_char (p)))
      g_string_append_unichar (bare, g_utf8_get_char (p));

  return g_string_free (bare, FALSE);
}

static gboolean
begins_a_word (const char *text, const char *at)
{
  return at == text || !g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (at)));
}

/* 3 = at the very beginning, 2 = where a word begins, 1 = anywhere, 0 = nowhere. */
static guint
rank_word (const char *word, const char *title)
{
  guint best = 0;

  for (const char *at = strstr (title, word); at != NULL; at = strstr (at, word))
    {
      best = MAX (best, at == title ? 3u : begins_a_word (title, at) ? 2u : 1u);
      at = g_utf8_next_char (at);
    }

  return best;
}

/**
 * kith_jump_rank:
 * @text: what was typed
 * @title: what may be meant
 *
 * Each word of @text has to be in @title, in any order.
 *
 * Returns: how well they go together: 0 = not at all
 */
guint
kith_jump_rank (const char *text, const char *title)
{
  g_autofree char *needle = dup_folded (text);
  g_autofree char *hay = dup_folded (title);
  g_auto (GStrv) words = g_strsplit_set (g_strstrip (needle), " \t", -1);
  guint rank = 4;

  /* All of it, as it stands, goes before the same words somewhere. */
  if (*needle != '\0' && g_str_has_prefix (hay, needle))
    return 4;

  for (guint i = 0; words[i] != NULL && rank > 0; i++)
    if (*words[i] != '\0')
      rank = MIN (rank, rank_word (words[i], hay));

  return rank;
}
