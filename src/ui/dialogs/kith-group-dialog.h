/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

#define KITH_TYPE_GROUP_DIALOG (kith_group_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithGroupDialog, kith_group_dialog, KITH, GROUP_DIALOG, AdwWindow)

/* All about a group: who asks to join, who is in it, what it is called, what newcomers get to read, when
 * it is heard.
 *
 * Signals: "asked" (action, KithGroup): one of the window's actions is wanted, with this group; the
 * dialog goes. */

GtkWidget *kith_group_dialog_new (GtkWindow *parent,
                                  KithNode  *node,
                                  KithGroup *group);
void       kith_group_dialog_forget_typed
                                 (KithNode  *node,
                                  KithGroup *group);

G_END_DECLS
