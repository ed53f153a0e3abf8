/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"
#include "node/kith-profile-folder.h"
#include "ui/kith-jump-item.h"

G_BEGIN_DECLS

#define KITH_TYPE_JUMP_DIALOG (kith_jump_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithJumpDialog, kith_jump_dialog, KITH, JUMP_DIALOG, AdwWindow)

/* Goes to a person, a group or something the window does by typing some of its name. The cursor stays in
 * the entry; up and down move through the list.
 *
 * Signals: "chosen" (KithJumpItem): the user wants to go there, and the dialog is closed */

/* @folder: (nullable) none when everything is in memory. @open: (nullable) what is open now */
GtkWidget *kith_jump_dialog_new (GtkWindow         *parent,
                                 KithNode          *node,
                                 KithProfileFolder *folder,
                                 GObject           *open,
                                 GPtrArray         *actions);

G_END_DECLS
