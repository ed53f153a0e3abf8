/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-timeline-item.h"

struct _KithTimelineItem
{
  GObject parent_instance;

  KithTimelineKind kind;
  KithMessage *message; /* (owned) */
  guint starts_group : 1;
  guint ends_group : 1;
};

enum
{
  PROP_0,
  PROP_MESSAGE,
  PROP_STARTS_GROUP,
  PROP_ENDS_GROUP,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (KithTimelineItem, kith_timeline_item, G_TYPE_OBJECT)

static void
kith_timeline_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithTimelineItem *self = KITH_TIMELINE_ITEM (object);

  switch (prop_id)
    {
    case PROP_MESSAGE:
      g_value_set_object (value, self->message);
      break;
    case PROP_STARTS_GROUP:
      g_value_set_boolean (value, self->starts_group);
      break;
    case PROP_ENDS_GROUP:
      g_value_set_boolean (value, self->ends_group);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_timeline_item_dispose (GObject *object)
{
  KithTimelineItem *self = KITH_TIMELINE_ITEM (object);

  g_clear_object (&self->message);

  G_OBJECT_CLASS (kith_timeline_item_parent_class)->dispose (object);
}

static void
kith_timeline_item_class_init (KithTimelineItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_timeline_item_get_property;
  object_class->dispose = kith_timeline_item_dispose;

  properties[PROP_MESSAGE] = g_param_spec_object ("message", NULL, NULL, KITH_TYPE_MESSAGE, flags);
  properties[PROP_STARTS_GROUP] = g_param_spec_boolean ("starts-group", NULL, NULL, TRUE, flags);
  properties[PROP_ENDS_GROUP] = g_param_spec_boolean ("ends-group", NULL, NULL, TRUE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_timeline_item_init (KithTimelineItem *self)
{
  self->starts_group = TRUE;
  self->ends_group = TRUE;
}

/**
 * kith_timeline_item_new:
 * @kind: what the row shows
 * @message: the message itself, or the one directly below a line
 *
 * Returns: (transfer full): a row that is a group of its own
 */
KithTimelineItem *
kith_timeline_item_new (KithTimelineKind kind, KithMessage *message)
{
  KithTimelineItem *self = g_object_new (KITH_TYPE_TIMELINE_ITEM, NULL);

  self->kind = kind;
  self->message = g_object_ref (message);

  return self;
}

/**
 * kith_timeline_item_get_kind:
 * @self: a row
 *
 * Returns: what the row shows
 */
KithTimelineKind
kith_timeline_item_get_kind (KithTimelineItem *self)
{
  g_return_val_if_fail (KITH_IS_TIMELINE_ITEM (self), KITH_TIMELINE_MESSAGE);

  return self->kind;
}

/**
 * kith_timeline_item_get_message:
 * @self: a row
 *
 * Returns: (transfer none): the message, or the one directly below a line
 */
KithMessage *
kith_timeline_item_get_message (KithTimelineItem *self)
{
  g_return_val_if_fail (KITH_IS_TIMELINE_ITEM (self), NULL);

  return self->message;
}

/**
 * kith_timeline_item_get_time_ms:
 * @self: a row
 *
 * Returns: milliseconds since 1970 (UTC) of its message
 */
gint64
kith_timeline_item_get_time_ms (KithTimelineItem *self)
{
  g_return_val_if_fail (KITH_IS_TIMELINE_ITEM (self), 0);

  return kith_message_get_time_ms (self->message);
}

/**
 * kith_timeline_item_starts_group:
 * @self: a row
 *
 * Returns: whether no message of the same group is above it
 */
gboolean
kith_timeline_item_starts_group (KithTimelineItem *self)
{
  g_return_val_if_fail (KITH_IS_TIMELINE_ITEM (self), TRUE);

  return self->starts_group;
}

/**
 * kith_timeline_item_ends_group:
 * @self: a row
 *
 * Returns: whether no message of the same group is below it
 */
gboolean
kith_timeline_item_ends_group (KithTimelineItem *self)
{
  g_return_val_if_fail (KITH_IS_TIMELINE_ITEM (self), TRUE);

  return self->ends_group;
}

/**
 * kith_timeline_item_set_group:
 * @self: a row
 * @starts: whether it opens a group
 * @ends: whether it closes a group
 *
 * For #KithTimeline, which alone knows the neighbours.
 */
void
kith_timeline_item_set_group (KithTimelineItem *self, gboolean starts, gboolean ends)
{
  g_return_if_fail (KITH_IS_TIMELINE_ITEM (self));

  starts = !!starts;
  ends = !!ends;

  if ((gboolean) self->starts_group != starts)
    {
      self->starts_group = starts ? 1 : 0;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STARTS_GROUP]);
    }

  if ((gboolean) self->ends_group != ends)
    {
      self->ends_group = ends ? 1 : 0;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENDS_GROUP]);
    }
}

/**
 * kith_timeline_item_touch:
 * @self: a row
 *
 * Notifies "message", so that words which depend on the current day ("Today") are made anew.
 */
void
kith_timeline_item_touch (KithTimelineItem *self)
{
  g_return_if_fail (KITH_IS_TIMELINE_ITEM (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}
