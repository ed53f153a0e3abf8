/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_CONNECT_DIALOG (kith_connect_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithConnectDialog, kith_connect_dialog, KITH, CONNECT_DIALOG, AdwWindow)

/* "Connect to a friend": address, port and a few words of introduction. Stays open until the
 * outcome is known, and says in plain words why it failed.
 *
 * Signals:
 *  connected (KithContact, boolean)  the contact, and whether they still have to answer */

GtkWidget *kith_connect_dialog_new (GtkWindow  *parent,
                                    KithNode   *node,
                                    const char *endpoint);

G_END_DECLS
