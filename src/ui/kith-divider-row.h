/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/kith-timeline-item.h"

G_BEGIN_DECLS

#define KITH_TYPE_DIVIDER_ROW (kith_divider_row_get_type ())
G_DECLARE_FINAL_TYPE (KithDividerRow, kith_divider_row, KITH, DIVIDER_ROW, GtkWidget)

/* A line in a conversation: a day, or where the new messages begin. */

KithMessage *kith_divider_row_get_message (KithDividerRow *self);
void kith_divider_row_set_item (KithDividerRow   *self,
                                KithTimelineItem *item);

G_END_DECLS
