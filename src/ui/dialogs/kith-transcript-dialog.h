/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_TRANSCRIPT_DIALOG (kith_transcript_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithTranscriptDialog, kith_transcript_dialog, KITH, TRANSCRIPT_DIALOG, AdwWindow)

/* Writes a conversation into a file for reading. Closing it meanwhile cancels that.
 *
 * Signal: "stopped" (): it was taken away while it wrote, and nothing was kept. */

GtkWidget *kith_transcript_dialog_new (GtkWindow        *parent,
                                       KithNode         *node,
                                       KithConversation *conversation);

G_END_DECLS
