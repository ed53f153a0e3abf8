/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

/* What Enter in a composer is to do with a text: the same words as in the terminal. */

typedef enum
{
  KITH_TO_DO_SEND, /* text, to conversation */
  KITH_TO_DO_ACT,  /* action with argument: nothing is sent */
  KITH_TO_DO_ASK,  /* it is not clear what is meant: heading and body, then text as it is */
  KITH_TO_DO_SAY,  /* body: what is missing; nothing is sent */
} KithToDoKind;

typedef struct
{
  KithToDoKind      kind;
  KithConversation *conversation; /* (owned) (nullable) */
  char             *text;         /* (owned) (nullable) */
  const char       *action;       /* (nullable): of the window */
  char             *argument;     /* (owned) (nullable) */
  char             *second;       /* (owned) (nullable): another, of those actions that take two */
  char            **people;       /* (owned) (nullable): IDs of contacts, of those that take a list */
  char             *heading;      /* (owned) (nullable) */
  char             *body;         /* (owned) (nullable) */
} KithToDo;

/* For kith-composer-group.c, which has the words that belong to groups. Each sets what is to be done. */
void        kith_to_do_say    (KithToDo         *self,
                               const char       *words);
void        kith_to_do_act    (KithToDo         *self,
                               const char       *action,
                               const char       *argument);
void        kith_to_do_send   (KithToDo         *self,
                               KithConversation *conversation,
                               const char       *text);
/* @heading: (transfer full) */
void        kith_to_do_ask    (KithToDo         *self,
                               KithConversation *conversation,
                               const char       *text,
                               char             *heading,
                               const char       *hint);
/* A text that begins with "@" and is written into a group */
void        kith_to_do_find_mention (KithToDo         *self,
                                     KithNode         *node,
                                     KithConversation *conversation,
                                     const char       *name,
                                     const char       *text);
/* Returns: whether it is a word of groups */
gboolean    kith_to_do_find_group_word (KithToDo         *self,
                                        KithNode         *node,
                                        KithConversation *conversation,
                                        const char       *word,
                                        const char       *rest);

void        kith_to_do_find   (KithToDo         *self,
                               KithNode         *node,
                               KithConversation *conversation,
                               const char       *text);
void        kith_to_do_clear  (KithToDo         *self);
const char *kith_to_do_get_words (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithToDo, kith_to_do_clear)

G_END_DECLS
