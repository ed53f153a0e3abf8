/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-message-view-private.h"

#include <math.h>

#include "node/kith-node-history.h"
#include "ui/kith-announce.h"
#include "ui/kith-divider-row.h"
#include "ui/kith-message-row.h"
#include "ui/kith-message-words.h"
#include "ui/kith-toast.h"

/* How many pages ahead of the user more is loaded. */
#define LOAD_PAGES 2
#define MAX_FRAMES 10
#define MEASURE_FROM_FRAME 2
#define ANCHOR_FRAMES 3

#define AT_THIRD (1.0 / 3)
#define AT_UNREAD (1.0 / 6)

/* --- Where messages stand ------------------------------------------------------------------- */

/* Some messages are lines. */
static KithMessage *
get_message (GtkWidget *row)
{
  if (KITH_IS_MESSAGE_ROW (row))
    return kith_message_row_get_message (KITH_MESSAGE_ROW (row));
  if (KITH_IS_DIVIDER_ROW (row))
    return kith_divider_row_get_message (KITH_DIVIDER_ROW (row));

  return NULL;
}

/* The row of @message in the view, when it has one, and its distance from the top of the view. */
static GtkWidget *
find_widget (KithMessageView *self, KithMessage *message, double *y)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list_view));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = gtk_widget_get_first_child (child);
      graphene_rect_t bounds;

      if (get_message (row) != message || !gtk_widget_get_mapped (child)
          || !gtk_widget_compute_bounds (child, GTK_WIDGET (self->scrolled_window), &bounds))
        continue;

      *y = bounds.origin.y;
      return row;
    }

  return NULL;
}

/* The first message that begins within the view. */
static KithMessage *
find_first_shown (KithMessageView *self, double *y)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list_view));
  KithMessage *first = NULL;
  double first_y = gtk_widget_get_height (GTK_WIDGET (self->scrolled_window));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = gtk_widget_get_first_child (child);
      graphene_rect_t bounds;

      if (!KITH_IS_MESSAGE_ROW (row) || !gtk_widget_get_mapped (child)
          || kith_message_row_get_message (KITH_MESSAGE_ROW (row)) == NULL
          || !gtk_widget_compute_bounds (child, GTK_WIDGET (self->scrolled_window), &bounds)
          || bounds.origin.y < 0 || bounds.origin.y >= first_y)
        continue;

      first = kith_message_row_get_message (KITH_MESSAGE_ROW (row));
      first_y = bounds.origin.y;
    }

  *y = first_y;

  return first;
}

static gboolean
find_position (KithMessageView *self, KithMessage *message, guint *position)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->timeline));

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (KithTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (self->timeline), i);

      if (kith_timeline_item_get_kind (item) == KITH_TIMELINE_MESSAGE
          && kith_timeline_item_get_message (item) == message)
        {
          *position = i;
          return TRUE;
        }
    }

  return FALSE;
}

static void
move_by (KithMessageView *self, double delta)
{
  GtkAdjustment *adjustment = kith_message_view_get_adjustment (self);

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + delta);
}

/* --- Staying in place ----------------------------------------------------------------------- */

/* The list view keeps its topmost row in place by itself, unless that row was a line above a day
 * and has gone. What remains to be moved is moved here. */
static gboolean
anchor_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  KithMessageView *self = KITH_MESSAGE_VIEW (widget);
  guint position;
  double y = 0;

  self->anchor_frames++;
  if (self->timeline != NULL && self->target == NULL && !self->is_sticky
      && self->anchor_frames >= MEASURE_FROM_FRAME)
    {
      if (find_widget (self, self->anchor, &y) != NULL)
        {
          if (fabs (y - self->anchor_y) > 1)
            move_by (self, y - self->anchor_y);
        }
      else if (find_position (self, self->anchor, &position))
        {
          kith_message_view_scroll_to_row (self, position);
        }
    }

  if (self->anchor_frames < MEASURE_FROM_FRAME + ANCHOR_FRAMES)
    return G_SOURCE_CONTINUE;

  self->anchor_tick_id = 0;
  g_clear_object (&self->anchor);
  kith_message_view_load_more (self);

  return G_SOURCE_REMOVE;
}

/* The rows have changed, and the list view does not know yet: what is at the top stays there. */
void
kith_message_view_keep_place (KithMessageView *self)
{
  KithMessage *first;

  if (self->anchor_tick_id != 0 || self->target != NULL || self->jump != NULL
      || (!self->is_loading_older && !self->is_loading_newer))
    return;

  first = find_first_shown (self, &self->anchor_y);
  if (first == NULL)
    return;

  g_set_object (&self->anchor, first);
  self->anchor_frames = 0;
  self->anchor_tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), anchor_cb, NULL, NULL);
}

/* --- More ----------------------------------------------------------------------------------- */

typedef struct
{
  KithMessageView *self;  /* (owned) */
  KithTimeline *timeline; /* (owned) for which it was loaded */
  gboolean older;
} LoadData;

static void
load_data_free (LoadData *data)
{
  g_clear_object (&data->self);
  g_clear_object (&data->timeline);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoadData, load_data_free)

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LoadData) data = user_data;
  g_autoptr (GError) error = NULL;
  KithMessageView *self = data->self;
  gboolean loaded = kith_node_load_finish (KITH_NODE (source), result, &error);

  if (self->timeline != data->timeline)
    return;

  if (data->older)
    self->is_loading_older = FALSE;
  else
    self->is_loading_newer = FALSE;

  if (loaded)
    {
      kith_message_view_load_more (self);
      return;
    }

  /* Once is enough; it is tried again when the conversation is opened again. */
  self->has_load_failed = TRUE;
  g_message ("No more messages: %s", error->message);
}

static void
load (KithMessageView *self, gboolean older)
{
  KithConversation *conversation = kith_timeline_get_conversation (self->timeline);
  LoadData *data = g_new0 (LoadData, 1);

  data->self = g_object_ref (self);
  data->timeline = g_object_ref (self->timeline);
  data->older = older;
  if (older)
    {
      self->is_loading_older = TRUE;
      kith_node_load_older_async (self->node, conversation, NULL, loaded_cb, data);
    }
  else
    {
      self->is_loading_newer = TRUE;
      kith_node_load_newer_async (self->node, conversation, NULL, loaded_cb, data);
    }
}

/* Loads more on the side that the user is near to. */
void
kith_message_view_load_more (KithMessageView *self)
{
  GtkAdjustment *adjustment = kith_message_view_get_adjustment (self);
  double page = gtk_adjustment_get_page_size (adjustment);
  double above = gtk_adjustment_get_value (adjustment);
  double below = gtk_adjustment_get_upper (adjustment) - page - above;
  KithMessageList *list;

  if (self->timeline == NULL || self->node == NULL || page < 1 || self->has_load_failed
      || self->jump != NULL || self->target != NULL || self->anchor != NULL
      || self->is_loading_older || self->is_loading_newer)
    return;

  list = kith_message_view_get_list (self);
  if (above < LOAD_PAGES * page && kith_message_list_get_has_older (list))
    load (self, TRUE);
  else if (below < LOAD_PAGES * page && kith_message_list_get_has_newer (list))
    load (self, FALSE);
}

/* --- Bringing a message into view ----------------------------------------------------------- */

typedef enum
{
  JUMP_MESSAGE,
  JUMP_TIME,
  JUMP_UNREAD,
  JUMP_NEWEST,
} JumpKind;

typedef struct
{
  KithMessageView *self;      /* (owned) */
  GCancellable *cancellable;  /* (owned) */
  JumpKind kind;
  KithArrival arrival;
} JumpData;

static void
jump_data_free (JumpData *data)
{
  g_clear_object (&data->self);
  g_clear_object (&data->cancellable);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JumpData, jump_data_free)

/* Who does not see it gets to know where they are. */
static void
arrive (KithMessageView *self, GtkWidget *row)
{
  g_autofree char *words = NULL;

  switch (self->target_arrival)
    {
    case KITH_ARRIVAL_SILENT:
      break;
    case KITH_ARRIVAL_ANNOUNCE:
      words = kith_message_words_dup_row (self->target);
      kith_announce (GTK_WIDGET (self), words);
      break;
    case KITH_ARRIVAL_FOCUS:
      kith_message_view_stop_focusing (self);
      if (!kith_message_view_may_take_focus (self))
        break;
      if (row == NULL || !gtk_widget_grab_focus (gtk_widget_get_parent (row)))
        kith_message_view_focus_last (self);
      break;
    }
}

static void
target_reached (KithMessageView *self, GtkWidget *row)
{
  self->target_tick_id = 0;
  self->is_auto_scrolling = FALSE;
  if (KITH_IS_MESSAGE_ROW (row) && self->target_flash)
    kith_message_row_flash (KITH_MESSAGE_ROW (row));
  arrive (self, row);
  g_clear_object (&self->target);
  kith_message_view_set_sticky (self, kith_message_view_is_at_end (self));
  kith_message_view_opened (self);
  kith_message_view_load_more (self);
}

static gboolean
target_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  KithMessageView *self = KITH_MESSAGE_VIEW (widget);
  GtkAdjustment *adjustment = kith_message_view_get_adjustment (self);
  GtkWidget *row;
  double y = 0, before, delta;
  guint position;

  /* The heights that are new are true after a layout. */
  if (++self->target_frames < MEASURE_FROM_FRAME)
    return G_SOURCE_CONTINUE;

  row = find_widget (self, self->target, &y);
  if (row == NULL && self->target_frames < MAX_FRAMES
      && find_position (self, self->target, &position))
    {
      kith_message_view_scroll_to_row (self, position);
      return G_SOURCE_CONTINUE;
    }

  if (row != NULL && self->target_frames < MAX_FRAMES)
    {
      before = gtk_adjustment_get_value (adjustment);
      delta = y - self->target_at * gtk_adjustment_get_page_size (adjustment);
      move_by (self, delta);
      if (fabs (gtk_adjustment_get_value (adjustment) - before) > 1)
        return G_SOURCE_CONTINUE;
    }

  target_reached (self, row);

  return G_SOURCE_REMOVE;
}

static void
show_target (KithMessageView *self, KithMessage *message, JumpData *data)
{
  guint position;

  if (!find_position (self, message, &position))
    {
      kith_message_view_opened (self);
      return;
    }

  self->is_sticky = FALSE;
  self->is_auto_scrolling = TRUE;
  g_set_object (&self->target, message);
  self->target_at = data->kind == JUMP_UNREAD ? AT_UNREAD : AT_THIRD;
  self->target_flash = data->kind == JUMP_MESSAGE;
  self->target_arrival = data->arrival;
  self->target_frames = 0;
  kith_message_view_scroll_to_row (self, position);
  if (self->target_tick_id == 0)
    self->target_tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), target_cb, NULL, NULL);
}

/* --- Jumping -------------------------------------------------------------------------------- */

static void
stay_at_end (KithMessageView *self)
{
  kith_message_view_set_sticky (self, TRUE);
  kith_message_view_queue_end (self);
}

static void
jumped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JumpData) data = user_data;
  g_autoptr (GError) error = NULL;
  KithMessageView *self = data->self;
  g_autoptr (KithMessage) message = kith_node_jump_finish (KITH_NODE (source), result, &error);

  /* Another jump has begun, or the conversation is another one. */
  if (self->jump != data->cancellable)
    return;

  g_clear_object (&self->jump);
  self->has_load_failed = FALSE;
  if (error != NULL)
    {
      kith_toast_say_error (GTK_WIDGET (self), error);
      if (self->is_opening)
        stay_at_end (self);
      return;
    }

  if (message != NULL && data->kind != JUMP_NEWEST)
    {
      show_target (self, message, data);
      return;
    }

  stay_at_end (self);
  if (data->arrival == KITH_ARRIVAL_FOCUS && kith_message_view_may_take_focus (self))
    kith_message_view_focus_last (self);
}

/* What the node moves meanwhile does not move the view. */
static JumpData *
begin_jump (KithMessageView *self, JumpKind kind, KithArrival arrival)
{
  JumpData *data = g_new0 (JumpData, 1);

  kith_message_view_stop_jumping (self);
  self->is_sticky = FALSE;
  self->jump = g_cancellable_new ();
  data->self = g_object_ref (self);
  data->cancellable = g_object_ref (self->jump);
  data->kind = kind;
  data->arrival = arrival;
  kith_message_view_note_focus (self);

  return data;
}

/* Forgets where the view was about to go. */
void
kith_message_view_stop_jumping (KithMessageView *self)
{
  g_cancellable_cancel (self->jump);
  g_clear_object (&self->jump);
  if (self->target_tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->target_tick_id);
  if (self->anchor_tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->anchor_tick_id);
  if (self->target_tick_id != 0)
    self->is_auto_scrolling = FALSE;
  self->target_tick_id = 0;
  self->anchor_tick_id = 0;
  self->is_loading_older = FALSE;
  self->is_loading_newer = FALSE;
  g_clear_object (&self->target);
  g_clear_object (&self->anchor);
}

/* Opens a conversation where it has to be loaded first. FALSE when all that matters is there. */
gboolean
kith_message_view_jump_to_start (KithMessageView *self)
{
  KithConversation *conversation = kith_timeline_get_conversation (self->timeline);
  KithMessageList *list = kith_message_view_get_list (self);

  if (kith_conversation_get_unread (conversation) > 0
      && (kith_message_list_get_has_older (list) || kith_message_list_get_has_newer (list)))
    {
      JumpData *data = begin_jump (self, JUMP_UNREAD, KITH_ARRIVAL_SILENT);

      kith_node_jump_to_unread_async (self->node, conversation, self->jump, jumped_cb, data);
      return TRUE;
    }

  if (kith_message_list_get_has_newer (list))
    {
      kith_message_view_jump_to_newest (self);
      return TRUE;
    }

  return FALSE;
}

/* Goes to the newest message, which is not loaded. */
void
kith_message_view_jump_to_newest (KithMessageView *self)
{
  JumpData *data = begin_jump (self, JUMP_NEWEST, KITH_ARRIVAL_SILENT);

  kith_node_jump_to_newest_async (self->node, kith_timeline_get_conversation (self->timeline),
                                  self->jump, jumped_cb, data);
}

/**
 * kith_message_view_jump_to_message:
 * @self: a view
 * @message: a message of its conversation, which need not be loaded
 * @arrival: where the keyboard is then
 *
 * Brings it into view and makes it stand out for a moment.
 */
void
kith_message_view_jump_to_message (KithMessageView *self, KithMessage *message, KithArrival arrival)
{
  JumpData *data;

  g_return_if_fail (KITH_IS_MESSAGE_VIEW (self));
  g_return_if_fail (self->timeline != NULL);

  data = begin_jump (self, JUMP_MESSAGE, arrival);
  kith_node_jump_to_message_async (self->node, kith_timeline_get_conversation (self->timeline),
                                   message, self->jump, jumped_cb, data);
}

/**
 * kith_message_view_jump_to_time:
 * @self: a view
 * @time_ms: ms since 1970
 *
 * Brings the first message at or after that time into view, and gives it the focus.
 */
void
kith_message_view_jump_to_time (KithMessageView *self, gint64 time_ms)
{
  JumpData *data;

  g_return_if_fail (KITH_IS_MESSAGE_VIEW (self));
  g_return_if_fail (self->timeline != NULL);

  data = begin_jump (self, JUMP_TIME, KITH_ARRIVAL_FOCUS);
  kith_node_jump_to_time_async (self->node, kith_timeline_get_conversation (self->timeline), time_ms,
                                self->jump, jumped_cb, data);
}
