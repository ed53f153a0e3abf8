/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-search-hit.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_HIT_SEARCH (kith_hit_search_get_type ())
G_DECLARE_FINAL_TYPE (KithHitSearch, kith_hit_search, KITH, HIT_SEARCH, GObject)

/* A search for messages, and a list model of the KithSearchHit it has found so far, newest first; more of
 * them come as they are asked for.
 *
 * Signals:
 *  changed ()  it has begun or ended, or there are more or fewer of them */

/* (transfer full): one that has found nothing yet */
KithHitSearch *kith_hit_search_new          (void);
gboolean       kith_hit_search_start        (KithHitSearch    *self,
                                             KithNode         *node,
                                             KithConversation *conversation,
                                             const char       *text);
void           kith_hit_search_clear        (KithHitSearch    *self);
void           kith_hit_search_load_more    (KithHitSearch    *self);
gboolean       kith_hit_search_is_running   (KithHitSearch    *self);
gboolean       kith_hit_search_is_waiting   (KithHitSearch    *self);
gboolean       kith_hit_search_has_failed   (KithHitSearch    *self);
gboolean       kith_hit_search_is_everywhere(KithHitSearch    *self);
const char    *kith_hit_search_get_words    (KithHitSearch    *self);

G_END_DECLS
