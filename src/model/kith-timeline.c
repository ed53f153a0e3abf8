/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-timeline.h"

/* The rows that stand between two neighbouring messages depend on these two messages (and on which
 * one is the first unread) alone. So a change of the message list from message i to j replaces the
 * rows between message i-1 and message j, and nothing else. */

struct _KithTimeline
{
  GObject parent_instance;

  KithConversation *conversation; /* (owned) */
  GListStore *rows;               /* (owned) of KithTimelineItem */
  guint n_messages;               /* how many of the rows are messages */
  KithMessage *unread;            /* (owned) (nullable) the message below the unread line in rows */
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KithTimeline, kith_timeline, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static KithTimelineItem *
dup_row (KithTimeline *self, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (self->rows), position);
}

static gboolean
row_is_message (KithTimeline *self, guint position)
{
  g_autoptr (KithTimelineItem) item = dup_row (self, position);

  return kith_timeline_item_get_kind (item) == KITH_TIMELINE_MESSAGE;
}

/* The row of the n-th message, or the number of rows when there is no such message. Walks from the
 * nearer end: appending and prepending, the common cases, take one step. */
static guint
find_message_row (KithTimeline *self, guint n)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  if (n >= self->n_messages)
    return n_rows;

  if (n < self->n_messages / 2)
    {
      guint seen = 0;

      for (guint i = 0; i < n_rows; i++)
        if (row_is_message (self, i) && seen++ == n)
          return i;
    }
  else
    {
      guint seen = self->n_messages;

      for (guint i = n_rows; i > 0; i--)
        if (row_is_message (self, i - 1) && --seen == n)
          return i - 1;
    }

  g_return_val_if_reached (n_rows);
}

static gboolean
same_day (KithMessage *a, KithMessage *b)
{
  g_autoptr (GDateTime) day_a = g_date_time_new_from_unix_local (kith_message_get_time_ms (a) / 1000);
  g_autoptr (GDateTime) day_b = g_date_time_new_from_unix_local (kith_message_get_time_ms (b) / 1000);

  if (day_a == NULL || day_b == NULL)
    return day_a == day_b;

  return g_date_time_get_year (day_a) == g_date_time_get_year (day_b)
         && g_date_time_get_day_of_year (day_a) == g_date_time_get_day_of_year (day_b);
}

static gboolean
same_group (KithTimelineItem *above, KithTimelineItem *below)
{
  KithMessage *a, *b;
  gint64 apart_ms;

  if (above == NULL || below == NULL
      || kith_timeline_item_get_kind (above) != KITH_TIMELINE_MESSAGE
      || kith_timeline_item_get_kind (below) != KITH_TIMELINE_MESSAGE)
    return FALSE;

  a = kith_timeline_item_get_message (above);
  b = kith_timeline_item_get_message (below);
  apart_ms = ABS (kith_message_get_time_ms (b) - kith_message_get_time_ms (a));

  return kith_message_get_sender (a) == kith_message_get_sender (b)
         && apart_ms < KITH_TIMELINE_GROUP_MS;
}

static void
add_row (GPtrArray *rows, KithTimelineKind kind, KithMessage *message)
{
  g_ptr_array_add (rows, kith_timeline_item_new (kind, message));
}

static void
add_lines_above (KithTimeline *self, GPtrArray *rows, KithMessage *above, KithMessage *message)
{
  if (above == NULL || !same_day (above, message))
    add_row (rows, KITH_TIMELINE_DAY, message);

  if (message == kith_conversation_get_first_unread (self->conversation))
    {
      add_row (rows, KITH_TIMELINE_UNREAD, message);
      g_set_object (&self->unread, message);
    }
}

/* The rows of messages @from to @to, and the lines above message @to, which stays. */
static GPtrArray *
make_rows (KithTimeline *self, guint from, guint to)
{
  KithMessageList *messages = kith_conversation_get_messages (self->conversation);
  guint n_messages = kith_message_list_get_length (messages);
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);
  KithMessage *above = from > 0 ? kith_message_list_get (messages, from - 1) : NULL;

  for (guint i = from; i <= to && i < n_messages; i++)
    {
      KithMessage *message = kith_message_list_get (messages, i);

      add_lines_above (self, rows, above, message);
      if (i < to)
        add_row (rows, KITH_TIMELINE_MESSAGE, message);
      above = message;
    }

  return rows;
}

static gboolean
same_line (KithTimelineItem *a, KithTimelineItem *b)
{
  KithTimelineKind kind = kith_timeline_item_get_kind (a);

  return kind != KITH_TIMELINE_MESSAGE && kind == kith_timeline_item_get_kind (b)
         && kith_timeline_item_get_message (a) == kith_timeline_item_get_message (b);
}

static void
set_group (KithTimelineItem *above, KithTimelineItem *item, KithTimelineItem *below)
{
  if (item != NULL && kith_timeline_item_get_kind (item) == KITH_TIMELINE_MESSAGE)
    kith_timeline_item_set_group (item, !same_group (above, item), !same_group (item, below));
}

/* Sets the groups of the new rows and of the two neighbours that stay, before anybody hears. */
static void
set_groups (KithTimeline *self, guint start, guint end, GPtrArray *fresh)
{
  g_autoptr (KithTimelineItem) above2 = start > 1 ? dup_row (self, start - 2) : NULL;
  g_autoptr (KithTimelineItem) above = start > 0 ? dup_row (self, start - 1) : NULL;
  g_autoptr (KithTimelineItem) below = dup_row (self, end);
  g_autoptr (KithTimelineItem) below2 = dup_row (self, end + 1);
  KithTimelineItem *previous = above;

  set_group (above2, above, fresh->len > 0 ? g_ptr_array_index (fresh, 0) : below);

  for (guint i = 0; i < fresh->len; i++)
    {
      KithTimelineItem *item = g_ptr_array_index (fresh, i);

      set_group (previous, item, i + 1 < fresh->len ? g_ptr_array_index (fresh, i + 1) : below);
      previous = item;
    }

  set_group (previous, below, below2);
}

static void
replace_rows (KithTimeline *self, guint start, guint end, GPtrArray *fresh)
{
  /* Lines that are right as they stand keep their rows, so that nothing flickers. */
  while (fresh->len > 0 && end > start)
    {
      g_autoptr (KithTimelineItem) last = dup_row (self, end - 1);

      if (!same_line (last, g_ptr_array_index (fresh, fresh->len - 1)))
        break;

      end--;
      g_ptr_array_set_size (fresh, (int) fresh->len - 1);
    }

  set_groups (self, start, end, fresh);

  if (fresh->len > 0 || end > start)
    g_list_store_splice (self->rows, start, end - start, fresh->pdata, fresh->len);
}

static void
messages_changed_cb (KithTimeline *self, guint position, guint removed, guint added)
{
  guint start = position > 0 ? find_message_row (self, position - 1) + 1 : 0;
  guint end = find_message_row (self, position + removed);
  g_autoptr (GPtrArray) fresh = make_rows (self, position, position + added);

  self->n_messages = self->n_messages + added - removed;
  replace_rows (self, start, end, fresh);
}

/* Makes the lines above @message anew. */
static void
refresh_lines_above (KithTimeline *self, KithMessage *message)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  guint n = self->n_messages;

  /* The unread line is near the end as a rule. */
  for (guint end = n_rows; end > 0; end--)
    {
      g_autoptr (KithTimelineItem) item = dup_row (self, end - 1);
      g_autoptr (GPtrArray) fresh = NULL;
      guint start = end - 1;

      if (kith_timeline_item_get_kind (item) != KITH_TIMELINE_MESSAGE)
        continue;

      n--;
      if (kith_timeline_item_get_message (item) != message)
        continue;

      while (start > 0 && !row_is_message (self, start - 1))
        start--;

      fresh = make_rows (self, n, n);
      replace_rows (self, start, end - 1, fresh);
      return;
    }
}

static void
first_unread_changed_cb (KithTimeline *self)
{
  KithMessage *first = kith_conversation_get_first_unread (self->conversation);
  g_autoptr (KithMessage) old = NULL;

  if (first == self->unread)
    return;

  old = g_steal_pointer (&self->unread);

  if (old != NULL)
    refresh_lines_above (self, old);
  if (first != NULL)
    refresh_lines_above (self, first);
}

static void
rows_changed_cb (KithTimeline *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static GType
kith_timeline_get_item_type (GListModel *model)
{
  return KITH_TYPE_TIMELINE_ITEM;
}

static guint
kith_timeline_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (KITH_TIMELINE (model)->rows));
}

static gpointer
kith_timeline_get_item (GListModel *model, guint position)
{
  return dup_row (KITH_TIMELINE (model), position);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = kith_timeline_get_item_type;
  iface->get_n_items = kith_timeline_get_n_items;
  iface->get_item = kith_timeline_get_item;
}

static void
kith_timeline_dispose (GObject *object)
{
  KithTimeline *self = KITH_TIMELINE (object);

  g_clear_object (&self->unread);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (kith_timeline_parent_class)->dispose (object);
}

static void
kith_timeline_finalize (GObject *object)
{
  KithTimeline *self = KITH_TIMELINE (object);

  g_clear_object (&self->rows);

  G_OBJECT_CLASS (kith_timeline_parent_class)->finalize (object);
}

static void
kith_timeline_class_init (KithTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kith_timeline_dispose;
  object_class->finalize = kith_timeline_finalize;
}

static void
kith_timeline_init (KithTimeline *self)
{
  self->rows = g_list_store_new (KITH_TYPE_TIMELINE_ITEM);
  g_signal_connect_swapped (self->rows, "items-changed", G_CALLBACK (rows_changed_cb), self);
}

/**
 * kith_timeline_new:
 * @conversation: the conversation to show
 *
 * Returns: (transfer full): its rows, kept in step with it
 */
KithTimeline *
kith_timeline_new (KithConversation *conversation)
{
  KithTimeline *self = g_object_new (KITH_TYPE_TIMELINE, NULL);
  KithMessageList *messages = kith_conversation_get_messages (conversation);

  self->conversation = g_object_ref (conversation);
  g_signal_connect_object (messages, "items-changed", G_CALLBACK (messages_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::first-unread",
                           G_CALLBACK (first_unread_changed_cb), self, G_CONNECT_SWAPPED);
  messages_changed_cb (self, 0, 0, kith_message_list_get_length (messages));

  return self;
}

/**
 * kith_timeline_get_conversation:
 * @self: a timeline
 *
 * Returns: (transfer none): the conversation it shows
 */
KithConversation *
kith_timeline_get_conversation (KithTimeline *self)
{
  g_return_val_if_fail (KITH_IS_TIMELINE (self), NULL);

  return self->conversation;
}

/**
 * kith_timeline_get_unread_position:
 * @self: a timeline
 * @position: (out): the row of the unread line
 *
 * Returns: whether there is an unread line
 */
gboolean
kith_timeline_get_unread_position (KithTimeline *self, guint *position)
{
  g_return_val_if_fail (KITH_IS_TIMELINE (self), FALSE);
  g_return_val_if_fail (position != NULL, FALSE);

  if (self->unread == NULL)
    return FALSE;

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i > 0; i--)
    {
      g_autoptr (KithTimelineItem) item = dup_row (self, i - 1);

      if (kith_timeline_item_get_kind (item) == KITH_TIMELINE_UNREAD)
        {
          *position = i - 1;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * kith_timeline_day_changed:
 * @self: a timeline
 *
 * Midnight has passed: what was "Today" is "Yesterday" now. Notifies every day row.
 */
void
kith_timeline_day_changed (KithTimeline *self)
{
  guint n_rows;

  g_return_if_fail (KITH_IS_TIMELINE (self));

  n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (KithTimelineItem) item = dup_row (self, i);

      if (kith_timeline_item_get_kind (item) == KITH_TIMELINE_DAY)
        kith_timeline_item_touch (item);
    }
}
