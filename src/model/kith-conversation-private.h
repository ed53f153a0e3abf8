/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-conversation.h"

G_BEGIN_DECLS

typedef enum
{
  PROP_0,
  PROP_CONTACT,
  PROP_GROUP,
  PROP_TITLE,
  PROP_UNREAD,
  PROP_LAST_MESSAGE,
  PROP_LAST_ACTIVITY,
  PROP_DRAFT,
  PROP_RECORDED_MS,
  PROP_FIRST_UNREAD,
  PROP_TTL_S,
  PROP_MUTED_UNTIL,
  PROP_PINNED,
  PROP_ARCHIVED,
  PROP_MARKED_UNREAD,
  N_PROPS
} KithConversationProperty;

struct _KithConversation
{
  GObject          parent_instance;
  KithContact     *contact;      /* (owned) (nullable): NULL when it is a group's */
  KithGroup       *group;        /* (owned) (nullable) */
  KithMessageList *messages;     /* (owned) */
  GArray          *unread;       /* (owned) KithUnread: not yet seen, of those that came since the start */
  gboolean         dropped;      /* there were more than are kept */
  guint            n_unread;     /* and with those that were not */
  KithMessage     *first_unread; /* (owned) (nullable) */
  KithMessage     *last;         /* (owned) (nullable): the newest, also when the window is elsewhere */
  char            *draft;        /* (owned) (nullable) */
  guint            recorded_ms;  /* in memory only: the face has it */
  gint64           last_activity_ms;
  KithConversationOptions options;
};

void kith_conversation_notify           (KithConversation        *self,
                                         KithConversationProperty property);

/* kith-conversation-unread.c. @message: (nullable): above which the unread line stands; (transfer none) */
void kith_conversation_set_first_unread (KithConversation        *self,
                                         KithMessage             *message);
void kith_conversation_set_n_unread     (KithConversation        *self,
                                         guint                    n_unread);
void kith_conversation_note_unread      (KithConversation        *self,
                                         KithMessage             *message);

G_END_DECLS
