/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-message.h"

#include <string.h>

#define N_STATES (KITH_MESSAGE_FAILED + 1)

struct _KithMessage
{
  GObject          parent_instance;
  guint8           id[KITH_MESSAGE_ID_BYTES];
  char             id_hex[KITH_MESSAGE_ID_HEX + 1];
  KithContact     *sender; /* (owned) (nullable): NULL is ourselves */
  char            *text;   /* (owned) */
  char            *reason; /* (owned) (nullable) */
  guint64          hlc;
  gint64           time_ms;
  KithMessageState state;
  gint64           state_ms[N_STATES];
  KithMessageKind  kind;
  gint64           edited_ms;
  gboolean         deleted;
  char             reply_to[KITH_MESSAGE_ID_HEX + 1]; /* empty: none */
  KithQuoteState   quote;
  KithContact     *reply_sender; /* (owned) (nullable) */
  char            *reply_text;   /* (owned) (nullable) */
  GPtrArray       *reactions;    /* (owned) KithReaction, ours first */
  guint32          ttl_s;
  gint64           expires_ms;
  guint            n_missing;
};

G_DEFINE_FINAL_TYPE (KithMessage, kith_message, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_SENDER,
  PROP_OUTGOING,
  PROP_TEXT,
  PROP_TIME,
  PROP_STATE,
  PROP_REASON,
  PROP_SENT_TIME,
  PROP_DELIVERED_TIME,
  PROP_READ_TIME,
  PROP_KIND,
  PROP_EDITED_AT,
  PROP_DELETED,
  PROP_REPLY_TO,
  PROP_QUOTE,
  PROP_REPLY_SENDER,
  PROP_REPLY_TEXT,
  PROP_REACTIONS,
  PROP_TTL_S,
  PROP_EXPIRES_AT,
  PROP_N_MISSING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const state_names[N_STATES] = {
  [KITH_MESSAGE_RECEIVED] = "received",   [KITH_MESSAGE_QUEUED] = "queued",
  [KITH_MESSAGE_SENT] = "sent",           [KITH_MESSAGE_DELIVERED] = "delivered",
  [KITH_MESSAGE_READ] = "read",           [KITH_MESSAGE_FAILED] = "failed",
};

static void
kith_message_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithMessage *self = KITH_MESSAGE (object);

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
    case PROP_KIND:
      g_value_set_uint (value, self->kind);
      break;
    case PROP_EDITED_AT:
      g_value_set_int64 (value, self->edited_ms);
      break;
    case PROP_DELETED:
      g_value_set_boolean (value, self->deleted);
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
      g_value_set_boxed (value, self->reactions);
      break;
    case PROP_TTL_S:
      g_value_set_uint (value, self->ttl_s);
      break;
    case PROP_EXPIRES_AT:
      g_value_set_int64 (value, self->expires_ms);
      break;
    case PROP_N_MISSING:
      g_value_set_uint (value, self->n_missing);
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
  g_ptr_array_unref (self->reactions);
  g_free (self->text);
  g_free (self->reason);
  g_free (self->reply_text);

  G_OBJECT_CLASS (kith_message_parent_class)->finalize (object);
}

static void
install_content_properties (GParamFlags flags)
{
  properties[PROP_KIND] =
    g_param_spec_uint ("kind", NULL, NULL, 0, KITH_MESSAGE_MISSING, KITH_MESSAGE_TEXT, flags);
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
  install_content_properties (flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
reaction_free (gpointer data)
{
  KithReaction *reaction = data;

  g_clear_object (&reaction->who);
  g_free (reaction->emoji);
  g_free (reaction);
}

static void
kith_message_init (KithMessage *self)
{
  self->reactions = g_ptr_array_new_with_free_func (reaction_free);
}

static void
write_hex (const guint8 id[KITH_MESSAGE_ID_BYTES], char out[KITH_MESSAGE_ID_HEX + 1])
{
  static const char digits[] = "0123456789abcdef";

  for (guint i = 0; i < KITH_MESSAGE_ID_BYTES; i++)
    {
      out[2 * i] = digits[id[i] >> 4];
      out[2 * i + 1] = digits[id[i] & 15];
    }
  out[KITH_MESSAGE_ID_HEX] = '\0';
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
  write_hex (id, self->id_hex);
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

static void
set_state_time (KithMessage *self, KithMessageState state, gint64 time_ms)
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
  set_state_time (self, state, time_ms);
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
 * kith_message_set_failed:
 * @self: a message
 * @reason: why it will not be tried again
 * @time_ms: when that was decided, in ms since 1970
 */
void
kith_message_set_failed (KithMessage *self, const char *reason, gint64 time_ms)
{
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

/* --- What becomes of it --------------------------------------------------------------------- */

static void
notify (KithMessage *self, guint prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

/**
 * kith_message_get_kind:
 * @self: a message
 *
 * Returns: what it is
 */
KithMessageKind
kith_message_get_kind (KithMessage *self)
{
  return self->kind;
}

/**
 * kith_message_kind_to_string:
 * @kind: a kind
 *
 * Returns: its name for machines, a static string
 */
const char *
kith_message_kind_to_string (KithMessageKind kind)
{
  static const char *const names[] = { "text", "timer", "missing" };

  return (guint) kind < G_N_ELEMENTS (names) ? names[kind] : "unknown";
}

/**
 * kith_message_get_edited_ms:
 * @self: a message
 *
 * Returns: when it was edited last, in ms since 1970; 0 when it was not
 */
gint64
kith_message_get_edited_ms (KithMessage *self)
{
  return self->edited_ms;
}

/**
 * kith_message_is_deleted:
 * @self: a message
 *
 * Returns: whether who wrote it has taken it back
 */
gboolean
kith_message_is_deleted (KithMessage *self)
{
  return self->deleted;
}

/**
 * kith_message_get_reply_to:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the id of the message that it answers, 32 hex digits
 */
const char *
kith_message_get_reply_to (KithMessage *self)
{
  return *self->reply_to != '\0' ? self->reply_to : NULL;
}

/**
 * kith_message_get_quote:
 * @self: a message
 *
 * Returns: what is known of the message that it answers
 */
KithQuoteState
kith_message_get_quote (KithMessage *self)
{
  return self->quote;
}

/**
 * kith_message_get_reply_sender:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): who wrote the message that it answers, %NULL for
 *   ourselves; only when that was found
 */
KithContact *
kith_message_get_reply_sender (KithMessage *self)
{
  return self->reply_sender;
}

/**
 * kith_message_get_reply_text:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the beginning of the message that it answers, when it was found
 */
const char *
kith_message_get_reply_text (KithMessage *self)
{
  return self->reply_text;
}

/**
 * kith_message_get_reactions:
 * @self: a message
 *
 * Returns: (transfer none) (element-type KithReaction): what people say to it, ours first
 */
GPtrArray *
kith_message_get_reactions (KithMessage *self)
{
  return self->reactions;
}

/**
 * kith_message_get_own_reaction:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): our reaction
 */
const char *
kith_message_get_own_reaction (KithMessage *self)
{
  const KithReaction *first = self->reactions->len > 0 ? g_ptr_array_index (self->reactions, 0) : NULL;

  return first != NULL && first->who == NULL ? first->emoji : NULL;
}

/**
 * kith_message_get_ttl_s:
 * @self: a message
 *
 * Returns: for how many seconds it is kept after it was read; 0 = for good
 */
guint32
kith_message_get_ttl_s (KithMessage *self)
{
  return self->ttl_s;
}

/**
 * kith_message_get_expires_ms:
 * @self: a message
 *
 * Returns: when it disappears, in ms since 1970; 0 when that is not decided yet
 */
gint64
kith_message_get_expires_ms (KithMessage *self)
{
  return self->expires_ms;
}

/**
 * kith_message_get_n_missing:
 * @self: a message
 *
 * Returns: how many messages are missing here, of %KITH_MESSAGE_MISSING
 */
guint
kith_message_get_n_missing (KithMessage *self)
{
  return self->n_missing;
}

/**
 * kith_message_set_kind:
 * @self: a new message
 * @kind: what it is
 */
void
kith_message_set_kind (KithMessage *self, KithMessageKind kind)
{
  self->kind = kind;
}

/**
 * kith_message_set_text:
 * @self: a message
 * @text: its text from now on
 * @edited_ms: when it was edited, in ms since 1970; 0 when nobody else has seen another text
 */
void
kith_message_set_text (KithMessage *self, const char *text, gint64 edited_ms)
{
  if (g_strcmp0 (self->text, text) != 0)
    {
      g_free (self->text);
      self->text = g_strdup (text);
      notify (self, PROP_TEXT);
    }

  if (self->edited_ms != edited_ms)
    {
      self->edited_ms = edited_ms;
      notify (self, PROP_EDITED_AT);
    }
}

/**
 * kith_message_set_deleted:
 * @self: a message
 *
 * Who wrote it has taken it back: text, quote and reactions are gone.
 */
void
kith_message_set_deleted (KithMessage *self)
{
  if (self->deleted)
    return;

  self->deleted = TRUE;
  kith_message_set_text (self, "", 0);
  kith_message_set_quote (self, KITH_QUOTE_NONE, NULL, NULL);
  if (*self->reply_to != '\0')
    {
      *self->reply_to = '\0';
      notify (self, PROP_REPLY_TO);
    }
  if (self->reactions->len > 0)
    {
      g_ptr_array_set_size (self->reactions, 0);
      notify (self, PROP_REACTIONS);
    }
  notify (self, PROP_DELETED);
}

/**
 * kith_message_set_reply_to:
 * @self: a message
 * @id: what it answers
 */
void
kith_message_set_reply_to (KithMessage *self, const guint8 id[KITH_MESSAGE_ID_BYTES])
{
  write_hex (id, self->reply_to);
  notify (self, PROP_REPLY_TO);
}

/**
 * kith_message_set_quote:
 * @self: a message
 * @quote: what is known of the message that it answers
 * @sender: (nullable): who wrote that; %NULL for ourselves
 * @text: (nullable): the beginning of that
 */
void
kith_message_set_quote (KithMessage *self, KithQuoteState quote, KithContact *sender,
                        const char *text)
{
  if (g_set_object (&self->reply_sender, sender))
    notify (self, PROP_REPLY_SENDER);
  if (g_strcmp0 (self->reply_text, text) != 0)
    {
      g_free (self->reply_text);
      self->reply_text = g_strdup (text);
      notify (self, PROP_REPLY_TEXT);
    }
  if (self->quote != quote)
    {
      self->quote = quote;
      notify (self, PROP_QUOTE);
    }
}

/**
 * kith_message_set_reaction:
 * @self: a message
 * @who: (nullable): whose; %NULL for ours
 * @emoji: (nullable): what they say now; %NULL or empty for nothing
 *
 * Replaces what that person said before.
 */
void
kith_message_set_reaction (KithMessage *self, KithContact *who, const char *emoji)
{
  guint at = self->reactions->len;
  gboolean has = emoji != NULL && *emoji != '\0';
  KithReaction *reaction;

  for (guint i = 0; i < self->reactions->len; i++)
    if (((KithReaction *) g_ptr_array_index (self->reactions, i))->who == who)
      at = i;

  reaction = at < self->reactions->len ? g_ptr_array_index (self->reactions, at) : NULL;
  if (g_strcmp0 (reaction != NULL ? reaction->emoji : NULL, has ? emoji : NULL) == 0)
    return;

  if (reaction != NULL)
    g_ptr_array_remove_index (self->reactions, at);
  if (has)
    {
      reaction = g_new0 (KithReaction, 1);
      reaction->emoji = g_strdup (emoji);
      reaction->who = who != NULL ? g_object_ref (who) : NULL;
      g_ptr_array_insert (self->reactions, who == NULL ? 0 : -1, reaction);
    }
  notify (self, PROP_REACTIONS);
}

/**
 * kith_message_set_ttl:
 * @self: a message
 * @ttl_s: for how long it is kept after it was read; 0 = for good
 * @expires_ms: when it disappears, in ms since 1970; 0 = not decided yet
 */
void
kith_message_set_ttl (KithMessage *self, guint32 ttl_s, gint64 expires_ms)
{
  if (self->ttl_s != ttl_s)
    {
      self->ttl_s = ttl_s;
      notify (self, PROP_TTL_S);
    }
  if (self->expires_ms != expires_ms)
    {
      self->expires_ms = expires_ms;
      notify (self, PROP_EXPIRES_AT);
    }
}

/**
 * kith_message_set_n_missing:
 * @self: a line of %KITH_MESSAGE_MISSING
 * @n_missing: how many have not arrived
 */
void
kith_message_set_n_missing (KithMessage *self, guint n_missing)
{
  if (self->n_missing == n_missing)
    return;

  self->n_missing = n_missing;
  notify (self, PROP_N_MISSING);
}

/**
 * kith_message_set_queued_again:
 * @self: a message that failed
 * @time_ms: when it was put into the outbox again, in ms since 1970
 */
void
kith_message_set_queued_again (KithMessage *self, gint64 time_ms)
{
  g_clear_pointer (&self->reason, g_free);
  notify (self, PROP_REASON);
  self->state_ms[KITH_MESSAGE_FAILED] = 0;
  set_state_time (self, KITH_MESSAGE_SENT, 0);
  kith_message_set_state (self, KITH_MESSAGE_QUEUED, time_ms);
}
