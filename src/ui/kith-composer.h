/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_COMPOSER (kith_composer_get_type ())
G_DECLARE_FINAL_TYPE (KithComposer, kith_composer, KITH, COMPOSER, AdwBin)

/* Where a message is written. Enter sends, Shift+Enter breaks the line; what begins with
 * @name goes to that person alone, and /words do what they do in the terminal. What stands in it is the
 * draft of its conversation, and is cleared only when the node has committed the message.
 *
 * Signals: "sent" (): a message was committed; "recorded" (GBytes, KithMedia, KithNode,
 * KithConversation): a voice message is to be sent there, by that node. */

void kith_composer_set_conversation (KithComposer     *self,
                                     KithNode         *node,
                                     KithConversation *conversation);
void kith_composer_answer           (KithComposer     *self,
                                     KithMessage      *message);
void kith_composer_edit             (KithComposer     *self,
                                     KithMessage      *message);
void kith_composer_give_back        (KithComposer     *self,
                                     KithConversation *conversation,
                                     const char       *words);
void kith_composer_record           (KithComposer     *self);
void kith_composer_end_recording    (KithComposer     *self);
gboolean kith_composer_take_key     (KithComposer     *self,
                                     GtkEventControllerKey *controller);
void kith_composer_focus            (KithComposer     *self);

G_END_DECLS
