/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_SEND_FILES_DIALOG (kith_send_files_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithSendFilesDialog, kith_send_files_dialog, KITH, SEND_FILES_DIALOG, AdwWindow)

GtkWidget *kith_send_files_dialog_new (GtkWindow        *parent,
                                       KithNode         *node,
                                       KithConversation *conversation,
                                       GPtrArray        *choices);

G_END_DECLS
