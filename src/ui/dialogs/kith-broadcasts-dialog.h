/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_BROADCASTS_DIALOG (kith_broadcasts_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithBroadcastsDialog, kith_broadcasts_dialog, KITH, BROADCASTS_DIALOG, AdwWindow)

/* What went to several people, how far it has come, and with whom. */

GtkWidget *kith_broadcasts_dialog_new (GtkWindow *parent,
                                       KithNode  *node);

G_END_DECLS
