/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-search-hit.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_HIT_LIST (kith_hit_list_get_type ())
G_DECLARE_FINAL_TYPE (KithHitList, kith_hit_list, KITH, HIT_LIST, AdwBin)

/* Messages that a search has found, newest first; more of them come as they are asked for.
 *
 * Signals:
 *  opened (KithSearchHit)  the user chose one
 *  left-top ()             Up on the first one */

gboolean kith_hit_list_search       (KithHitList      *self,
                                     KithNode         *node,
                                     KithConversation *conversation,
                                     const char       *text);
void     kith_hit_list_clear        (KithHitList      *self);
void     kith_hit_list_load_more    (KithHitList      *self);
guint    kith_hit_list_get_n_hits   (KithHitList      *self);
gboolean kith_hit_list_focus_first  (KithHitList      *self);
void     kith_hit_list_open_first   (KithHitList      *self,
                                     GtkWidget        *asker);
void     kith_hit_list_wait_no_more (KithHitList      *self);

G_END_DECLS
