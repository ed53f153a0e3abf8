/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-invites.h"

G_BEGIN_DECLS

#define KITH_TYPE_JOIN_DIALOG (kith_join_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithJoinDialog, kith_join_dialog, KITH, JOIN_DIALOG, AdwWindow)

/* "Add a friend": takes a link, a picture of one, or an ID, says whose it is, and asks them. Nothing
 * is done with a link before the user has seen that and agreed.
 *
 * Signals:
 *  joined (KithContact, KithJoinOutcome)  the contact, and how it stands with them
 *  group-joined (KithGroup)               its admin is asked to let us in
 *  asked (char *action)                   the user wants the window to do this "win.*" instead */

GtkWidget *kith_join_dialog_new      (GtkWindow      *parent,
                                      KithNode       *node);
void       kith_join_dialog_set_link (KithJoinDialog *self,
                                      const char     *link);

G_END_DECLS
