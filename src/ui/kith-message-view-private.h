/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-timeline.h"
#include "ui/kith-message-view.h"

G_BEGIN_DECLS

/* The view stands in three files: kith-message-view.c (staying at the end, what was seen), -jump.c
 * (more messages on both sides, and going elsewhere) and -focus.c (where the keyboard goes). */

struct _KithMessageView
{
  AdwBin parent_instance;

  GtkScrolledWindow *scrolled_window;
  GtkListView *list_view;
  GtkNoSelection *selection;
  AdwStatusPage *empty_page;
  GtkRevealer *end_revealer;
  GtkWidget *end_button;
  GtkLabel *new_label;

  KithNode *node;         /* (owned) (nullable) */
  KithTimeline *timeline; /* (owned) (nullable) */
  GSignalGroup *timeline_signals;     /* (owned) */
  GSignalGroup *conversation_signals; /* (owned) */
  GSignalGroup *list_signals;         /* (owned) on the loaded messages */

  gboolean is_sticky;
  gboolean is_auto_scrolling;
  guint n_new;         /* how many the button to the end tells of */
  gboolean is_opening; /* the unread line has not been brought into view yet */
  guint settle_frames;
  gulong window_active_id;
  guint scroll_idle_id;
  guint seen_idle_id;
  guint settle_tick_id;

  /* More on both sides */
  gboolean is_loading_older;
  gboolean is_loading_newer;
  gboolean has_load_failed;
  KithMessage *anchor; /* (owned) (nullable) what has to stay where it is */
  double anchor_y;
  guint anchor_frames;
  guint anchor_tick_id;

  /* Going elsewhere */
  GCancellable *jump;  /* (owned) (nullable) while the node looks for it */
  KithMessage *target; /* (owned) (nullable) what is being brought into view */
  double target_at;    /* where in the view: 0 is the top, 1 the bottom */
  gboolean target_flash;
  KithArrival target_arrival;
  guint target_frames;
  guint target_tick_id;

  /* The focus, while it is about to come here */
  GtkWidget *focus_before; /* (unowned) (nullable) weak: what had it then */
  gboolean is_written_since; /* in the composer */
  guint focus_frames;
  guint focus_tick_id;
};

GtkAdjustment *kith_message_view_get_adjustment (KithMessageView *self);
void           kith_message_view_note_focus     (KithMessageView *self);
gboolean       kith_message_view_may_take_focus (KithMessageView *self);
gboolean       kith_message_view_is_at_end      (KithMessageView *self);
void           kith_message_view_set_sticky     (KithMessageView *self,
                                                 gboolean         sticky);
void           kith_message_view_queue_end      (KithMessageView *self);
void           kith_message_view_scroll_to_row  (KithMessageView *self,
                                                 guint            position);
void           kith_message_view_opened         (KithMessageView *self);
KithMessageList *kith_message_view_get_list     (KithMessageView *self);

void           kith_message_view_load_more      (KithMessageView *self);
void           kith_message_view_keep_place     (KithMessageView *self);
gboolean       kith_message_view_jump_to_start  (KithMessageView *self);
void           kith_message_view_jump_to_newest (KithMessageView *self);
void           kith_message_view_stop_jumping   (KithMessageView *self);

gboolean       kith_message_view_take_focus     (KithMessageView *self,
                                                 GtkDirectionType direction);
gboolean       kith_message_view_leave          (KithMessageView *self,
                                                 GtkDirectionType direction);
void           kith_message_view_stop_focusing  (KithMessageView *self);

G_END_DECLS
