/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-network.h"

G_BEGIN_DECLS

#define KITH_TYPE_NEARBY_DIALOG (kith_nearby_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithNearbyDialog, kith_nearby_dialog, KITH, NEARBY_DIALOG, AdwWindow)

/* "Nearby": who is on the same network. Contacts can be opened, strangers can be asked.
 *
 * Signals:
 *  connected (KithContact, boolean)  the contact, and whether they still have to answer
 *  opened (char *id)                 the user wants to talk to this contact */

GtkWidget *kith_nearby_dialog_new (GtkWindow *parent,
                                   KithNode  *node);

G_END_DECLS
