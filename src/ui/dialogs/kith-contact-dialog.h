/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_CONTACT_DIALOG (kith_contact_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithContactDialog, kith_contact_dialog, KITH, CONTACT_DIALOG, AdwWindow)

/* All that is known of a contact, and what the user can change about it.
 *
 * Signals:
 *  asked (char *action)  the user wants the window to do this "win.*" with the contact */

GtkWidget *kith_contact_dialog_new (GtkWindow   *parent,
                                    KithNode    *node,
                                    KithContact *contact);
void       kith_contact_dialog_forget_typed
                                   (KithNode    *node,
                                    KithContact *contact);

G_END_DECLS
