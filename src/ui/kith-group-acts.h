/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

/* What people do with a group and those in it, each with a question where something would be lost or
 * decided for others. @parent is the window that the question stands before. What fails is said on the
 * main window. */

/* Out of the group, or a request to join taken back; the admin has to make somebody else admin first. */
void kith_group_acts_leave        (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group);
/* A group that is over, with all that was written in it. */
void kith_group_acts_delete       (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group);
/* Who is let in no more; as the admin. */
void kith_group_acts_kick         (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   KithMember      *member);
/* Asks @member to become admin; as the admin. */
void kith_group_acts_make_admin   (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   KithMember      *member);
/* To become admin oneself, or not, when the admin asked. */
void kith_group_acts_answer_admin (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   gboolean         accept);
/* To become admin where enough members want it. */
void kith_group_acts_claim        (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group);
/* Lets the user choose whom to propose as admin. */
void kith_group_acts_propose      (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group);
/* Proposes @member as admin. */
void kith_group_acts_endorse      (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   KithMember      *member);
/* Lets in who asked; as the admin. */
void kith_group_acts_approve      (GtkWindow       *parent,
                                   KithNode        *node,
                                   KithGroup       *group,
                                   KithJoinRequest *request);
/* Does not; they are told. */
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
