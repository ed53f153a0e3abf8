/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-notifier.h"

G_BEGIN_DECLS

/* For the files of the notifier:
 *
 * - kith-notifier.c: messages, requests, words to compare
 * - kith-notifier-groups.c: invitations to groups, and who asks to be let in
 * - kith-notifier-answers.c: what others have decided */

struct _KithNotifier
{
  GObject parent_instance;

  GApplication *application; /* (unowned) outlives us */
  KithWindow *window;        /* (unowned) owns us */
  KithNode *node;            /* (owned) (nullable) */
  GHashTable *shown;         /* (owned) ids of notifications, to that of the message each is of, or "" */
  GHashTable *answers;       /* (owned) ids of those that tell what others have decided */
  GHashTable *asking;        /* (owned) the groups, as strings, whose admin has not let us in yet */
};

/* (transfer full): the name of the notification about @what, which says nothing to others. */
char    *kith_notifier_dup_id         (KithNotifier *self,
                                       const char   *what);
/* @open_id: the ID of what is opened; @message_id is "" when there is none to go to. */
void     kith_notifier_show           (KithNotifier *self,
                                       const char   *notification_id,
                                       const char   *title,
                                       const char   *body,
                                       const char   *open_id,
                                       const char   *message_id);
void     kith_notifier_withdraw       (KithNotifier *self,
                                       const char   *notification_id);
gboolean kith_notifier_is_set         (KithNotifier *self,
                                       const char   *setting);
/* Whether the window is in view and says it itself. */
gboolean kith_notifier_is_attended    (KithNotifier *self);

void     kith_notifier_follow_groups  (KithNotifier *self);
void     kith_notifier_follow_answers (KithNotifier *self);
void     kith_notifier_forget_answers (KithNotifier *self);

G_END_DECLS
