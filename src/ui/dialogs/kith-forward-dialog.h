/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_FORWARD_DIALOG (kith_forward_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithForwardDialog, kith_forward_dialog, KITH, FORWARD_DIALOG, AdwWindow)

/* Sends a text to somebody else as a message of one's own: chooses to whom. */

GtkWidget *kith_forward_dialog_new (GtkWindow        *parent,
                                    KithNode         *node,
                                    KithConversation *conversation,
                                    KithMessage      *message);

G_END_DECLS
