/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-conversation.h"
#include "model/kith-request.h"

G_BEGIN_DECLS

#define KITH_TYPE_CONVERSATION_ROW (kith_conversation_row_get_type ())
G_DECLARE_FINAL_TYPE (KithConversationRow, kith_conversation_row, KITH, CONVERSATION_ROW, AdwBin)

/* A conversation, or somebody's request for one, in the sidebar. */

void kith_conversation_row_set_item (KithConversationRow *self,
                                     GObject             *item);
void kith_conversation_row_set_open (KithConversationRow *self,
                                     gboolean             is_open);

G_END_DECLS
