/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/kith-group.h"
#include "model/kith-timeline-item.h"

G_BEGIN_DECLS

#define KITH_TYPE_MESSAGE_ROW (kith_message_row_get_type ())
G_DECLARE_FINAL_TYPE (KithMessageRow, kith_message_row, KITH, MESSAGE_ROW, GtkWidget)

/* One message in a conversation: on the side of whoever wrote it, with an avatar below the last of
 * a group. Property: "item" (KithTimelineItem, nullable). */

void         kith_message_row_set_item    (KithMessageRow   *self,
                                           KithTimelineItem *item,
                                           KithGroup        *group);
KithMessage *kith_message_row_get_message (KithMessageRow *self);
void         kith_message_row_flash       (KithMessageRow *self);

G_END_DECLS
