/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-invites.h"

G_BEGIN_DECLS

#define KITH_TYPE_INVITE_DIALOG (kith_invite_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithInviteDialog, kith_invite_dialog, KITH, INVITE_DIALOG, AdwWindow)

/* "Invite a friend": makes one-time links, shows them as text and QR code, and lists what came of
 * those made before. */

GtkWidget *kith_invite_dialog_new (GtkWindow *parent,
                                   KithNode  *node);

G_END_DECLS
