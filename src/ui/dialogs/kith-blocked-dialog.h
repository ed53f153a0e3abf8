/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_BLOCKED_DIALOG (kith_blocked_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithBlockedDialog, kith_blocked_dialog, KITH, BLOCKED_DIALOG, AdwWindow)

/* The people who are blocked, and the way to let them in again. */

GtkWidget *kith_blocked_dialog_new (GtkWindow *parent,
                                    KithNode  *node);

G_END_DECLS
