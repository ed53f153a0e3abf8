/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_TEXT_DIALOG (kith_text_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithTextDialog, kith_text_dialog, KITH, TEXT_DIALOG, AdwWindow)

/* The whole text of a message, of any length, to read and to select from. It follows what is changed,
 * and goes when the message is taken back, or disappears, or all of its conversation are deleted. */

GtkWidget *kith_text_dialog_new (GtkWindow        *parent,
                                 KithNode         *node,
                                 KithConversation *conversation,
                                 KithMessage      *message);

G_END_DECLS
