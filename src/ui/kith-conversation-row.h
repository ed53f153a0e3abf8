/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-conversation.h"
#include "model/kith-request.h"

G_BEGIN_DECLS

#define KITH_TYPE_CONVERSATION_ROW (kith_conversation_row_get_type ())
G_DECLARE_FINAL_TYPE (KithConversationRow, kith_conversation_row, KITH, CONVERSATION_ROW,
                      GtkListBoxRow)

/* A conversation, or somebody's request for one, in the sidebar. */

GtkWidget        *kith_conversation_row_new              (GObject             *item);
KithConversation *kith_conversation_row_get_conversation (KithConversationRow *self);
KithRequest      *kith_conversation_row_get_request      (KithConversationRow *self);

G_END_DECLS
