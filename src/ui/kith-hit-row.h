/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-search-hit.h"

G_BEGIN_DECLS

#define KITH_TYPE_HIT_ROW (kith_hit_row_get_type ())
G_DECLARE_FINAL_TYPE (KithHitRow, kith_hit_row, KITH, HIT_ROW, AdwBin)

/* A message that was found: who, when, and the place in the text. */

/* (transfer floating): one that shows nothing yet */
GtkWidget     *kith_hit_row_new     (void);
void           kith_hit_row_set_hit (KithHitRow    *self,
                                     KithSearchHit *hit,
                                     gboolean       with_title);
KithSearchHit *kith_hit_row_get_hit (KithHitRow    *self);

G_END_DECLS
