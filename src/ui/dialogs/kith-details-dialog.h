/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_DETAILS_DIALOG (kith_details_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithDetailsDialog, kith_details_dialog, KITH, DETAILS_DIALOG, AdwWindow)

/* What became of a message, step by step; it goes on while the dialog is open. */

GtkWidget *kith_details_dialog_new (GtkWindow        *parent,
                                    KithNode         *node,
                                    KithConversation *conversation,
                                    KithMessage      *message);

G_END_DECLS
