/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/kith-conversation.h"
#include "model/kith-timeline-item.h"

G_BEGIN_DECLS

/* Messages of one sender that are less than this apart stand in one group. */
#define KITH_TIMELINE_GROUP_MS (5 * 60 * 1000)

#define KITH_TYPE_TIMELINE (kith_timeline_get_type ())
G_DECLARE_FINAL_TYPE (KithTimeline, kith_timeline, KITH, TIMELINE, GObject)

/* What a conversation looks like: a GListModel of #KithTimelineItem with the messages in their
 * order, a line above each day, and the unread line. Follows the conversation step by step: a new
 * message at the end touches nothing but the end. */

KithTimeline     *kith_timeline_new                 (KithConversation *conversation);
KithConversation *kith_timeline_get_conversation    (KithTimeline     *self);
gboolean          kith_timeline_get_unread_position (KithTimeline     *self,
                                                     guint            *position);
void              kith_timeline_day_changed         (KithTimeline     *self);

G_END_DECLS
