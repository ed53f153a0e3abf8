/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "model/kith-message.h"

G_BEGIN_DECLS

/**
 * KithTimelineKind:
 * @KITH_TIMELINE_MESSAGE: a message
 * @KITH_TIMELINE_DAY: a line above the first message of a day
 * @KITH_TIMELINE_UNREAD: a line above the first message that is new to the user
 *
 * What one row of a conversation shows.
 */
typedef enum
{
  KITH_TIMELINE_MESSAGE,
  KITH_TIMELINE_DAY,
  KITH_TIMELINE_UNREAD,
} KithTimelineKind;

#define KITH_TYPE_TIMELINE_ITEM (kith_timeline_item_get_type ())
G_DECLARE_FINAL_TYPE (KithTimelineItem, kith_timeline_item, KITH, TIMELINE_ITEM, GObject)

/* One row of a #KithTimeline. Properties, all read-only: "message" (for a day the first message of
 * it, for the unread line the one below), "starts-group" and "ends-group" (messages of one sender
 * that follow each other closely are shown as one group). */

KithTimelineItem *kith_timeline_item_new           (KithTimelineKind  kind,
                                                    KithMessage      *message);
KithTimelineKind  kith_timeline_item_get_kind      (KithTimelineItem *self);
KithMessage      *kith_timeline_item_get_message   (KithTimelineItem *self);
gint64            kith_timeline_item_get_time_ms   (KithTimelineItem *self);
gboolean          kith_timeline_item_starts_group  (KithTimelineItem *self);
gboolean          kith_timeline_item_ends_group    (KithTimelineItem *self);
void              kith_timeline_item_set_group     (KithTimelineItem *self,
                                                    gboolean          starts,
                                                    gboolean          ends);
void              kith_timeline_item_touch         (KithTimelineItem *self);

G_END_DECLS
