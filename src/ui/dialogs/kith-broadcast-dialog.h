/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_BROADCAST_DIALOG (kith_broadcast_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithBroadcastDialog, kith_broadcast_dialog, KITH, BROADCAST_DIALOG, AdwWindow)

/* Chooses several people and sends each the same, in private.
 *
 * Signals: "sent" (uint n_people): it is committed; the dialog goes. */

GtkWidget *kith_broadcast_dialog_new (GtkWindow  *parent,
                                      KithNode   *node,
                                      const char *text);

G_END_DECLS
