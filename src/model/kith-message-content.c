/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a message is besides its text, and what becomes of it: edits, deletion, quotes, reactions. */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-message-private.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"

/* About what they take in memory, besides texts: a message, a quote, and a file with what the node knows of it. */
#define MESSAGE_BYTES 512
#define QUOTE_BYTES (4 * KITH_LIMIT_QUOTE_CHARS)
#define FILE_BYTES 4096

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
  static const char *const names[] = { "text", "timer", "missing", "file", "unknown", "event" };

  return (guint) kind < G_N_ELEMENTS (names) ? names[kind] : "unknown";
}

/**
 * kith_message_is_line:
 * @self: a message
 *
 * Returns: whether it only says something of the conversation, and nobody wrote or sent it
 */
gboolean
kith_message_is_line (KithMessage *self)
{
  return self->kind != KITH_MESSAGE_TEXT && self->kind != KITH_MESSAGE_FILE;
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
 * Returns: (transfer none) (element-type KithReaction): what people say to it, ours first; not to be changed
 */
GPtrArray *
kith_message_get_reactions (KithMessage *self)
{
  static GPtrArray *none;

  if (self->reactions != NULL)
    return self->reactions;
  if (none == NULL)
    none = g_ptr_array_new ();
  return none;
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
  const KithReaction *first = self->reactions != NULL && self->reactions->len > 0
                                ? g_ptr_array_index (self->reactions, 0) : NULL;

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
 * kith_message_get_transfer:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): the file, of %KITH_MESSAGE_FILE that is not deleted
 */
KithTransfer *
kith_message_get_transfer (KithMessage *self)
{
  return self->transfer;
}

/**
 * kith_message_get_size_bytes:
 * @self: a message
 *
 * Returns: about how much memory it takes, with what the node keeps of its file
 */
gsize
kith_message_get_size_bytes (KithMessage *self)
{
  gsize text_bytes = self->text != NULL ? strlen (self->text) : 0;

  return MESSAGE_BYTES + text_bytes + (*self->reply_to != '\0' ? QUOTE_BYTES : 0)
         + (self->transfer != NULL ? FILE_BYTES : 0);
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
      kith_secret_free_text (self->text);
      self->text = g_strdup (text);
      kith_message_notify (self, PROP_TEXT);
    }

  if (self->edited_ms != edited_ms)
    {
      self->edited_ms = edited_ms;
      kith_message_notify (self, PROP_EDITED_AT);
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
  kith_message_set_transfer (self, NULL);
  if (*self->reply_to != '\0')
    {
      *self->reply_to = '\0';
      kith_message_notify (self, PROP_REPLY_TO);
    }
  if (self->reactions != NULL)
    {
      g_clear_pointer (&self->reactions, g_ptr_array_unref);
      kith_message_notify (self, PROP_REACTIONS);
    }
  kith_message_notify (self, PROP_DELETED);
}

/**
 * kith_message_set_reply_to:
 * @self: a message
 * @id: what it answers
 */
void
kith_message_set_reply_to (KithMessage *self, const guint8 id[KITH_MESSAGE_ID_BYTES])
{
  kith_hex_write (id, KITH_MESSAGE_ID_BYTES, self->reply_to);
  kith_message_notify (self, PROP_REPLY_TO);
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
    kith_message_notify (self, PROP_REPLY_SENDER);
  if (g_strcmp0 (self->reply_text, text) != 0)
    {
      kith_secret_free_text (self->reply_text);
      self->reply_text = g_strdup (text);
      kith_message_notify (self, PROP_REPLY_TEXT);
    }
  if (self->quote != quote)
    {
      self->quote = quote;
      kith_message_notify (self, PROP_QUOTE);
    }
}

static void
reaction_free (gpointer data)
{
  KithReaction *reaction = data;

  g_clear_object (&reaction->who);
  g_free (reaction->emoji);
  g_free (reaction);
}

/* Most messages have none, and no place for them. */
static void
add_reaction (KithMessage *self, KithContact *who, const char *emoji)
{
  KithReaction *reaction = g_new0 (KithReaction, 1);

  reaction->emoji = g_strdup (emoji);
  reaction->who = who != NULL ? g_object_ref (who) : NULL;
  if (self->reactions == NULL)
    self->reactions = g_ptr_array_new_with_free_func (reaction_free);
  g_ptr_array_insert (self->reactions, who == NULL ? 0 : -1, reaction);
}

static void
remove_reaction (KithMessage *self, guint at)
{
  g_ptr_array_remove_index (self->reactions, at);
  if (self->reactions->len == 0)
    g_clear_pointer (&self->reactions, g_ptr_array_unref);
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
  guint n = self->reactions != NULL ? self->reactions->len : 0;
  gboolean has = emoji != NULL && *emoji != '\0';
  const KithReaction *reaction = NULL;
  guint at = n;

  for (guint i = 0; i < n; i++)
    if (((KithReaction *) g_ptr_array_index (self->reactions, i))->who == who)
      at = i;

  if (at < n)
    reaction = g_ptr_array_index (self->reactions, at);
  if (g_strcmp0 (reaction != NULL ? reaction->emoji : NULL, has ? emoji : NULL) == 0)
    return;

  if (reaction != NULL)
    remove_reaction (self, at);
  if (has)
    add_reaction (self, who, emoji);
  kith_message_notify (self, PROP_REACTIONS);
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
      kith_message_notify (self, PROP_TTL_S);
    }
  if (self->expires_ms != expires_ms)
    {
      self->expires_ms = expires_ms;
      kith_message_notify (self, PROP_EXPIRES_AT);
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
  kith_message_notify (self, PROP_N_MISSING);
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
  g_clear_pointer (&self->reason_code, g_free);
  kith_message_notify (self, PROP_REASON);
  self->state_ms[KITH_MESSAGE_FAILED] = 0;
  kith_message_set_state_time (self, KITH_MESSAGE_SENT, 0);
  kith_message_set_state (self, KITH_MESSAGE_QUEUED, time_ms);
}

/**
 * kith_message_set_transfer:
 * @self: a message of %KITH_MESSAGE_FILE
 * @transfer: (nullable): the file
 */
void
kith_message_set_transfer (KithMessage *self, KithTransfer *transfer)
{
  if (g_set_object (&self->transfer, transfer))
    kith_message_notify (self, PROP_TRANSFER);
}

/* --- In groups ------------------------------------------------------------------------------ */

/**
 * kith_message_get_mention:
 * @self: a message
 *
 * Returns: whether it names us
 */
gboolean
kith_message_get_mention (KithMessage *self)
{
  return self->mention;
}

/**
 * kith_message_set_mention:
 * @self: a message
 * @mention: whether it names us
 */
void
kith_message_set_mention (KithMessage *self, gboolean mention)
{
  if (self->mention == mention)
    return;

  self->mention = mention;
  kith_message_notify (self, PROP_MENTION);
}

/**
 * kith_message_get_late:
 * @self: a message
 *
 * Returns: whether it came long after it was written
 */
gboolean
kith_message_get_late (KithMessage *self)
{
  return self->late;
}

/**
 * kith_message_set_late:
 * @self: a message
 * @late: whether it came long after it was written
 */
void
kith_message_set_late (KithMessage *self, gboolean late)
{
  if (self->late == late)
    return;

  self->late = late;
  kith_message_notify (self, PROP_LATE);
}

/**
 * kith_message_get_event:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): what happened, if it is a line of that kind
 */
const char *
kith_message_get_event (KithMessage *self)
{
  return self->event;
}

/**
 * kith_message_get_event_who:
 * @self: a line
 *
 * Returns: (transfer none) (nullable): whom it is about; %NULL for ourselves
 */
KithContact *
kith_message_get_event_who (KithMessage *self)
{
  return self->event_who;
}

/**
 * kith_message_get_event_by:
 * @self: a line
 *
 * Returns: (transfer none) (nullable): who did it; %NULL for ourselves
 */
KithContact *
kith_message_get_event_by (KithMessage *self)
{
  return self->event_by;
}

/**
 * kith_message_get_event_text:
 * @self: a line
 *
 * Returns: (transfer none) (nullable): what belongs to it, a name for example
 */
const char *
kith_message_get_event_text (KithMessage *self)
{
  return self->event_text;
}

/**
 * kith_message_set_event:
 * @self: a message that is not shown yet
 * @event: what happened
 * @who: (transfer none) (nullable): whom it is about; %NULL for ourselves
 * @by: (transfer none) (nullable): who did it; %NULL for ourselves
 * @text: (nullable): what belongs to it
 *
 * Makes it a line.
 */
void
kith_message_set_event (KithMessage *self, const char *event, KithContact *who, KithContact *by,
                        const char *text)
{
  self->kind = KITH_MESSAGE_EVENT;
  g_free (self->event);
  self->event = g_strdup (event);
  g_set_object (&self->event_who, who);
  g_set_object (&self->event_by, by);
  g_free (self->event_text);
  self->event_text = g_strdup (text);
  kith_message_notify (self, PROP_KIND);
  kith_message_notify (self, PROP_EVENT);
}
