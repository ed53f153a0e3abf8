/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

#define KITH_TYPE_GROUP_LINK_DIALOG (kith_group_link_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithGroupLinkDialog, kith_group_link_dialog, KITH, GROUP_LINK_DIALOG, AdwWindow)

/* Our link to a group, with which anybody can ask to join: makes one, shows it as text and QR code, takes
 * it back. */

GtkWidget *kith_group_link_dialog_new (GtkWindow *parent,
                                       KithNode  *node,
                                       KithGroup *group);

G_END_DECLS
