/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-chat.h"
#include "node/kith-node-history.h"

G_BEGIN_DECLS

/* What stands in a transcript, as text or HTML (kith-transcript.c writes it). */

void kith_transcript_append_head (GString             *page,
                                  KithChat            *chat,
                                  KithTranscriptFormat format);
void kith_transcript_append_rows (GString             *page,
                                  KithChat            *chat,
                                  KithTranscriptFormat format,
                                  GPtrArray           *rows);
void kith_transcript_append_gap  (GString             *page,
                                  KithTranscriptFormat format);
void kith_transcript_append_end  (GString             *page,
                                  KithTranscriptFormat format);

G_END_DECLS
