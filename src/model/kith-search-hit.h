/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-conversation.h"
#include "model/kith-message.h"

G_BEGIN_DECLS

#define KITH_TYPE_SEARCH_HIT (kith_search_hit_get_type ())
G_DECLARE_FINAL_TYPE (KithSearchHit, kith_search_hit, KITH, SEARCH_HIT, GObject)

/* One place where a search found something. Immutable. Properties: "conversation", "message" (the
 * stored message, not the object in the conversation's list), "snippet" (a line of the text around
 * the match). */

/* Bytes of the snippet that matched: [start, end). */
typedef struct
{
  guint start;
  guint end;
} KithSearchRange;

KithSearchHit         *kith_search_hit_new              (KithConversation      *conversation,
                                                         KithMessage           *message,
                                                         const char            *snippet,
                                                         const KithSearchRange *ranges,
                                                         guint                  n_ranges);
KithConversation      *kith_search_hit_get_conversation (KithSearchHit         *self);
KithMessage           *kith_search_hit_get_message      (KithSearchHit         *self);
const char            *kith_search_hit_get_snippet      (KithSearchHit         *self);
const KithSearchRange *kith_search_hit_get_ranges       (KithSearchHit         *self,
                                                         guint                 *n_ranges);

G_END_DECLS
