/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KITH_TYPE_JUMP_ITEM (kith_jump_item_get_type ())
G_DECLARE_FINAL_TYPE (KithJumpItem, kith_jump_item, KITH, JUMP_ITEM, GObject)

typedef enum
{
  KITH_JUMP_PERSON, /* or somebody who would like to chat */
  KITH_JUMP_GROUP,
  KITH_JUMP_ACTION,
} KithJumpKind;

/* Where one can go by typing its name: a conversation, a request, or something the window does. Never
 * changes. */

/* @target: (transfer none): a KithConversation or a KithRequest */
KithJumpItem *kith_jump_item_new_for_target (GObject      *target);
/* (transfer none); @section: (nullable): the heading above it in its menu */
KithJumpItem *kith_jump_item_new_for_action (const char   *title,
                                             const char   *section,
                                             const char   *action,
                                             const char   *icon_name);
KithJumpKind  kith_jump_item_get_kind       (KithJumpItem *self);
/* (transfer none) (nullable): none for an action */
GObject      *kith_jump_item_get_target     (KithJumpItem *self);
const char   *kith_jump_item_get_title      (KithJumpItem *self);
/* (nullable), as the next one */
const char   *kith_jump_item_get_action     (KithJumpItem *self);
const char   *kith_jump_item_get_icon_name  (KithJumpItem *self);
/* What stands below the title, in words; empty for an action without a section. */
char         *kith_jump_item_dup_subtitle   (KithJumpItem *self);

/* How well @title answers to @text: 0 = not at all, more is better. Capitals and accents do not count. */
guint         kith_jump_rank                (const char   *text,
                                             const char   *title);

G_END_DECLS
