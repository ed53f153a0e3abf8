/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

/* What people do with a group and those in it, each with a question where something would be lost or
 * decided for others. @parent is the window that the question stands before. What fails is said on the
 * main window. */

void kith_group_acts_leave        (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group);
void kith_group_acts_delete       (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group);
void kith_group_acts_kick         (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   KithMember      *member);
void kith_group_acts_make_admin   (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   KithMember      *member);
void kith_group_acts_answer_admin (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   gboolean         accept);
void kith_group_acts_claim        (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group);
void kith_group_acts_propose      (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group);
void kith_group_acts_endorse      (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   KithMember      *member);
void kith_group_acts_approve      (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   KithJoinRequest *request);
void kith_group_acts_deny         (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   KithJoinRequest *request);

/* For what has no question. @user_data: (transfer full): the main window, on which an error is said */
void kith_group_acts_done_cb      (GObject         *source,
                                   GAsyncResult    *result,
                                   gpointer         user_data);
/* (transfer none): the main window to which @window belongs */
GtkWindow *kith_group_acts_find_main (GtkWindow   *window);

G_END_DECLS
