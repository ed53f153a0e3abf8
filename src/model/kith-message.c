/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-message-private.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-secret.h"
#include "model/kith-property.h"

G_DEFINE_FINAL_TYPE (KithMessage, kith_message, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static const char *const state_names[N_STATES] = {
  [KITH_MESSAGE_RECEIVED] = "received",   [KITH_MESSAGE_QUEUED] = "queued",
  [KITH_MESSAGE_SENT] = "sent",           [KITH_MESSAGE_DELIVERED] = "delivered",
  [KITH_MESSAGE_READ] = "read",           [KITH_MESSAGE_FAILED] = "failed",
};

/* What became of it, and when. Returns: whether @prop_id is of that */
static gboolean
get_life_property (KithMessage *self, guint prop_id, GValue *value)
{
  switch (prop_id)
    {
    case PROP_TIME:
      g_value_set_int64 (value, self->time_ms);
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_SENT_TIME:
      g_value_set_int64 (value, self->state_ms[KITH_MESSAGE_SENT]);
      break;
    case PROP_DELIVERED_TIME:
      g_value_set_int64 (value, self->state_ms[KITH_MESSAGE_DELIVERED]);
      break;
    case PROP_READ_TIME:
      g_value_set_int64 (value, self->state_ms[KITH_MESSAGE_READ]);
      break;
    case PROP_EDITED_AT:
      g_value_set_int64 (value, self->edited_ms);
      break;
    case PROP_DELETED:
      g_value_set_boolean (value, self->deleted);
      break;
    case PROP_TTL_S:
      g_value_set_uint (value, self->ttl_s);
      break;
    case PROP_EXPIRES_AT:
      g_value_set_int64 (value, self->expires_ms);
      break;
    case PROP_LATE:
      g_value_set_boolean (value, self->late);
      break;
    default:
      return FALSE;
    }

  return TRUE;
}

static void
kith_message_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithMessage *self = KITH_MESSAGE (object);

  if (get_life_property (self, prop_id, value))
    return;

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id_hex);
      break;
    case PROP_SENDER:
      g_value_set_object (value, self->sender);
      break;
    case PROP_OUTGOING:
      g_value_set_boolean (value, self->sender == NULL);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_BROADCAST:
      g_value_set_boolean (value, self->broadcast);
      break;
    case PROP_KIND:
      g_value_set_uint (value, self->kind);
      break;
    case PROP_REPLY_TO:
      g_value_set_string (value, kith_message_get_reply_to (self));
      break;
    case PROP_QUOTE:
      g_value_set_uint (value, self->quote);
      break;
    case PROP_REPLY_SENDER:
      g_value_set_object (value, self->reply_sender);
      break;
    case PROP_REPLY_TEXT:
      g_value_set_string (value, self->reply_text);
      break;
    case PROP_REACTIONS:
      g_value_set_boxed (value, kith_message_get_reactions (self));
      break;
    case PROP_N_MISSING:
      g_value_set_uint (value, self->n_missing);
      break;
    case PROP_TRANSFER:
      g_value_set_object (value, self->transfer);
      break;
    case PROP_MENTION:
      g_value_set_boolean (value, self->mention);
      break;
    case PROP_EVENT:
      g_value_set_string (value, self->event);
      break;
    case PROP_EVENT_WHO:
      g_value_set_object (value, self->event_who);
      break;
    case PROP_EVENT_BY:
      g_value_set_object (value, self->event_by);
      break;
    case PROP_EVENT_TEXT:
      g_value_set_string (value, self->event_text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_message_finalize (GObject *object)
{
  KithMessage *self = KITH_MESSAGE (object);

  g_clear_object (&self->sender);
  g_clear_object (&self->reply_sender);
  g_clear_object (&self->transfer);
  g_clear_object (&self->event_who);
  g_clear_object (&self->event_by);
  g_clear_pointer (&self->reactions, g_ptr_array_unref);
  kith_secret_free_text (self->text);
  g_free (self->reason);
  g_free (self->reason_code);
  kith_secret_free_text (self->reply_text);
  g_free (self->event);
  g_free (self->event_text);

  G_OBJECT_CLASS (kith_message_parent_class)->finalize (object);
}

static void
install_content_properties (GParamFlags flags)
{
  properties[PROP_KIND] =
    g_param_spec_uint ("kind", NULL, NULL, 0, KITH_MESSAGE_EVENT, KITH_MESSAGE_TEXT, flags);
  properties[PROP_EDITED_AT] = g_param_spec_int64 ("edited-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_DELETED] = g_param_spec_boolean ("deleted", NULL, NULL, FALSE, flags);
  properties[PROP_REPLY_TO] = g_param_spec_string ("reply-to", NULL, NULL, NULL, flags);
  properties[PROP_QUOTE] =
    g_param_spec_uint ("quote", NULL, NULL, 0, KITH_QUOTE_UNKNOWN, KITH_QUOTE_NONE, flags);
  properties[PROP_REPLY_SENDER] =
    g_param_spec_object ("reply-sender", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_REPLY_TEXT] = g_param_spec_string ("reply-text", NULL, NULL, NULL, flags);
  properties[PROP_REACTIONS] =
    g_param_spec_boxed ("reactions", NULL, NULL, G_TYPE_PTR_ARRAY, flags);
  properties[PROP_TTL_S] = g_param_spec_uint ("ttl-s", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  properties[PROP_EXPIRES_AT] =
    g_param_spec_int64 ("expires-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_N_MISSING] = g_param_spec_uint ("n-missing", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TRANSFER] =
    g_param_spec_object ("transfer", NULL, NULL, KITH_TYPE_TRANSFER, flags);
}

static void
install_group_properties (GParamFlags flags)
{
  properties[PROP_MENTION] = g_param_spec_boolean ("mention", NULL, NULL, FALSE, flags);
  properties[PROP_LATE] = g_param_spec_boolean ("late", NULL, NULL, FALSE, flags);
  properties[PROP_EVENT] = g_param_spec_string ("event", NULL, NULL, NULL, flags);
  properties[PROP_EVENT_WHO] =
    g_param_spec_object ("event-who", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_EVENT_BY] = g_param_spec_object ("event-by", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_EVENT_TEXT] = g_param_spec_string ("event-text", NULL, NULL, NULL, flags);
}

static void
kith_message_class_init (KithMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_message_get_property;
  object_class->finalize = kith_message_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_SENDER] = g_param_spec_object ("sender", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, KITH_MESSAGE_FAILED, 0, flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  properties[PROP_SENT_TIME] = g_param_spec_int64 ("sent-time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_DELIVERED_TIME] =
    g_param_spec_int64 ("delivered-time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_READ_TIME] = g_param_spec_int64 ("read-time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_BROADCAST] = g_param_spec_boolean ("broadcast", NULL, NULL, FALSE, flags);
  install_content_properties (flags);
  install_group_properties (flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_message_init (KithMessage *self)
{
}

/**
 * kith_message_notify: (skip)
 * @self: a message
 * @prop_id: one of its properties, that has changed
 */
void
kith_message_notify (KithMessage *self, guint prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

/**
 * kith_message_new:
 * @id: its id
 * @sender: (nullable): who wrote it; %NULL for ourselves
 * @hlc: its place in the order of the conversation
 * @time_ms: when it was written or arrived here, in ms since 1970
 * @text: the text
 *
 * Returns: (transfer full): a message, queued if it is ours, else received
 */
KithMessage *
kith_message_new (const guint8 id[KITH_MESSAGE_ID_BYTES], KithContact *sender, guint64 hlc,
                  gint64 time_ms, const char *text)
{
  KithMessage *self = g_object_new (KITH_TYPE_MESSAGE, NULL);

  memcpy (self->id, id, sizeof self->id);
  kith_hex_write (id, KITH_MESSAGE_ID_BYTES, self->id_hex);
  self->sender = sender != NULL ? g_object_ref (sender) : NULL;
  self->hlc = hlc;
  self->time_ms = time_ms;
  self->text = g_strdup (text);
  self->state = sender != NULL ? KITH_MESSAGE_RECEIVED : KITH_MESSAGE_QUEUED;
  self->state_ms[self->state] = time_ms;
  return self;
}

/**
 * kith_message_get_id:
 * @self: a message
 *
 * Returns: (transfer none): its id, 32 hex digits
 */
const char *
kith_message_get_id (KithMessage *self)
{
  return self->id_hex;
}

/**
 * kith_message_get_id_bytes:
 * @self: a message
 *
 * Returns: (transfer none): its id, 16 bytes
 */
const guint8 *
kith_message_get_id_bytes (KithMessage *self)
{
  return self->id;
}

/**
 * kith_message_get_sender:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): who wrote it, %NULL for ourselves
 */
KithContact *
kith_message_get_sender (KithMessage *self)
{
  return self->sender;
}

/**
 * kith_message_is_outgoing:
 * @self: a message
 *
 * Returns: whether we wrote it
 */
gboolean
kith_message_is_outgoing (KithMessage *self)
{
  return self->sender == NULL;
}

/**
 * kith_message_get_text:
 * @self: a message
 *
 * Returns: (transfer none): the text: never markup
 */
const char *
kith_message_get_text (KithMessage *self)
{
  return self->text;
}

/**
 * kith_message_get_time_ms:
 * @self: a message
 *
 * Returns: when it was written or arrived here, in ms since 1970
 */
gint64
kith_message_get_time_ms (KithMessage *self)
{
  return self->time_ms;
}

/**
 * kith_message_get_hlc:
 * @self: a message
 *
 * Returns: its place in the order of the conversation
 */
guint64
kith_message_get_hlc (KithMessage *self)
{
  return self->hlc;
}

/**
 * kith_message_get_state:
 * @self: a message
 *
 * Returns: how far it has come
 */
KithMessageState
kith_message_get_state (KithMessage *self)
{
  return self->state;
}

/**
 * kith_message_get_state_time_ms:
 * @self: a message
 * @state: a state
 *
 * Returns: when it came to @state, in ms since 1970; 0 when it did not
 */
gint64
kith_message_get_state_time_ms (KithMessage *self, KithMessageState state)
{
  return self->state_ms[state];
}

void
kith_message_set_state_time (KithMessage *self, KithMessageState state, gint64 time_ms)
{
  static const guint time_properties[N_STATES] = {
    [KITH_MESSAGE_SENT] = PROP_SENT_TIME,
    [KITH_MESSAGE_DELIVERED] = PROP_DELIVERED_TIME,
    [KITH_MESSAGE_READ] = PROP_READ_TIME,
  };

  if (self->state_ms[state] == time_ms)
    return;

  self->state_ms[state] = time_ms;
  if (time_properties[state] != PROP_0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[time_properties[state]]);
}

/**
 * kith_message_set_state:
 * @self: a message
 * @state: how far it has come
 * @time_ms: when, in ms since 1970
 */
void
kith_message_set_state (KithMessage *self, KithMessageState state, gint64 time_ms)
{
  kith_message_set_state_time (self, state, time_ms);
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/**
 * kith_message_get_reason:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): why it failed
 */
const char *
kith_message_get_reason (KithMessage *self)
{
  return self->reason;
}

/**
 * kith_message_get_reason_code:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): why it failed, as a word for programs
 */
const char *
kith_message_get_reason_code (KithMessage *self)
{
  return self->reason_code;
}

/**
 * kith_message_set_failed:
 * @self: a message
 * @code: why it will not be tried again, for programs
 * @reason: the same in plain words
 * @time_ms: when that was decided, in ms since 1970
 */
void
kith_message_set_failed (KithMessage *self, const char *code, const char *reason, gint64 time_ms)
{
  g_free (self->reason_code);
  self->reason_code = g_strdup (code);
  g_free (self->reason);
  self->reason = g_strdup (reason);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
  kith_message_set_state (self, KITH_MESSAGE_FAILED, time_ms);
}

/**
 * kith_message_state_to_string:
 * @state: a state
 *
 * Returns: its name for machines, a static string
 */
const char *
kith_message_state_to_string (KithMessageState state)
{
  return (guint) state < N_STATES ? state_names[state] : "unknown";
}

/**
 * kith_message_get_broadcast:
 * @self: a message
 *
 * Returns: whether the same text went to several people, each in private
 */
gboolean
kith_message_get_broadcast (KithMessage *self)
{
  return self->broadcast;
}

/**
 * kith_message_set_broadcast:
 * @self: a message
 * @broadcast: whether the same text went to several people, each in private
 *
 * Before it is shown.
 */
void
kith_message_set_broadcast (KithMessage *self, gboolean broadcast)
{
  kith_property_set_flag (self, &self->broadcast, broadcast, properties[PROP_BROADCAST]);
}
