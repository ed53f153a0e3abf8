/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* What the user wrote in the place of a message and left before it was saved, or could not be saved: one for
 * each conversation. In memory; when the profile is locked, in it, until the conversation is open again or the
 * message is gone. */

typedef struct _KithUnfinished KithUnfinished;

KithUnfinished *kith_unfinished_new    (void);
/* @self: (transfer full) */
void            kith_unfinished_free   (KithUnfinished   *self);
void            kith_unfinished_clear  (KithUnfinished   *self);
void            kith_unfinished_keep   (KithUnfinished   *self,
                                        KithConversation *conversation,
                                        KithMessage      *message,
                                        const char       *text);
KithMessage    *kith_unfinished_take   (KithUnfinished   *self,
                                        KithConversation *conversation,
                                        char            **text);
void            kith_unfinished_forget (KithUnfinished   *self,
                                        KithConversation *conversation,
                                        const char       *message_id,
                                        const char       *text);

void            kith_unfinished_store         (KithUnfinished   *self,
                                               KithNode         *node);
char           *kith_unfinished_dup_stored    (KithNode         *node,
                                               KithConversation *conversation,
                                               char            **message_id);
void            kith_unfinished_forget_stored (KithNode         *node,
                                               const char       *conversation_id,
                                               const char       *message_id);
void            kith_unfinished_check_stored  (KithNode         *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithUnfinished, kith_unfinished_free)

G_END_DECLS
