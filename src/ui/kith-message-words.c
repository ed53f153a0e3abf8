/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-message-words.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "ui/kith-file-words.h"
#include "ui/kith-format.h"
#include "ui/kith-markup.h"
#include "ui/kith-quote.h"
#include "ui/kith-reactions.h"
#include "ui/kith-state.h"

static char *
dup_text (KithMessage *message)
{
  KithTransfer *transfer = kith_message_get_transfer (message);

  if (kith_message_is_deleted (message))
    return g_strdup (_("This message was deleted"));

  return transfer != NULL ? kith_file_dup_summary (transfer)
                          : kith_markup_dup_plain (kith_message_get_text (message));
}

static char *
dup_received (KithMessage *message, const char *clock, const char *text)
{
  const char *name = kith_contact_get_display_name (kith_message_get_sender (message));

  if (kith_message_get_broadcast (message))
    /* Translators: sender, time, text of a message that went to several people */
    return g_strdup_printf (_("%s, to several people, %s, %s"), name, clock, text);

  if (kith_message_get_mention (message))
    /* Translators: sender, time, text of a message in a group with the user's name in it */
    return g_strdup_printf (_("%s, mentions you, %s, %s"), name, clock, text);

  /* Translators: sender, time, text of a message */
  return g_strdup_printf (_("%s, %s, %s"), name, clock, text);
}

static char *
dup_own (KithMessage *message, const char *clock, const char *text)
{
  g_autofree char *state = kith_state_dup_words (message);
  g_autofree char *words = NULL;

  if (kith_message_get_broadcast (message))
    /* Translators: state of a message that went to several people */
    words = g_strdup_printf (_("%s, to several people"), state);

  /* Translators: time, text, state of a message of one's own */
  return g_strdup_printf (_("You, %s, %s, %s"), clock, text, words != NULL ? words : state);
}

/* @words: (transfer full), @more: (transfer full) (nullable) */
static char *
join (char *words, char *more)
{
  g_autofree char *first = words;
  g_autofree char *second = more;

  if (second == NULL)
    return g_steal_pointer (&first);

  /* Translators: a message, and what belongs to it: what it answers, or the reactions to it */
  return g_strdup_printf (C_("message", "%s. %s"), first, second);
}

/**
 * kith_message_words_dup_row:
 * @message: a message that is no line across the conversation
 *
 * Returns: (transfer full): all that its row shows: sender, time, text, state, what it answers, reactions
 */
char *
kith_message_words_dup_row (KithMessage *message)
{
  g_autofree char *clock = kith_state_dup_time (message);
  g_autofree char *text = dup_text (message);
  char *words = kith_message_is_outgoing (message) ? dup_own (message, clock, text)
                                                   : dup_received (message, clock, text);

  words = join (words, kith_quote_dup_words (message));

  return join (words, kith_reactions_dup_words (message));
}

/**
 * kith_message_words_dup_news:
 * @message: a message of somebody else that has just come
 *
 * Returns: (transfer full): who wrote it, and its beginning
 */
char *
kith_message_words_dup_news (KithMessage *message)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  const char *name;

  g_return_val_if_fail (!kith_message_is_outgoing (message), NULL);

  if (kith_message_is_line (message))
    return kith_state_dup_line (message);

  name = kith_contact_get_display_name (kith_message_get_sender (message));
  text = dup_text (message);
  line = kith_format_one_line (text);
  if (kith_message_get_mention (message))
    /* Translators: sender, text of a new message in a group with the user's name in it */
    return g_strdup_printf (_("%s mentions you: %s"), name, line);

  /* Translators: who wrote it, what */
  return g_strdup_printf (_("%s: %s"), name, line);
}

/**
 * kith_message_words_dup_reaction:
 * @message: a message of the user's own
 * @who: somebody else
 * @emoji: what they have just reacted with
 *
 * Returns: (transfer full): who reacted, how, and the beginning of the message
 */
char *
kith_message_words_dup_reaction (KithMessage *message, KithContact *who, const char *emoji)
{
  g_autofree char *text = dup_text (message);
  g_autofree char *line = kith_format_one_line (text);

  /* Translators: who, an emoji, the message of the user's own that it belongs to */
  return g_strdup_printf (_("%s reacted with %s to: %s"), kith_contact_get_display_name (who), emoji, line);
}

/**
 * kith_message_words_dup_edit:
 * @message: a message that somebody else has just changed
 * @who: them
 *
 * Returns: (transfer full): who changed it, and its beginning
 */
char *
kith_message_words_dup_edit (KithMessage *message, KithContact *who)
{
  g_autofree char *text = dup_text (message);
  g_autofree char *line = kith_format_one_line (text);

  /* Translators: who, what their message says now */
  return g_strdup_printf (_("%s edited: %s"), kith_contact_get_display_name (who), line);
}

/**
 * kith_message_words_dup_line:
 * @message: a message
 *
 * Returns: (transfer full): it in one line, as lists have it: a file by its name, a voice message as what it is
 */
char *
kith_message_words_dup_line (KithMessage *message)
{
  KithTransfer *transfer = kith_message_get_transfer (message);

  if (kith_message_is_deleted (message))
    return g_strdup (_("This message was deleted"));
  if (transfer == NULL)
    return kith_markup_dup_line (kith_message_get_text (message));
  if (!kith_file_is_voice (transfer))
    return kith_format_one_line (kith_transfer_get_name (transfer));

  return kith_message_words_dup_voice (kith_transfer_get_media (transfer)->duration_ms);
}

/**
 * kith_message_words_dup_voice:
 * @duration_ms: how long a voice message is
 *
 * Returns: (transfer full): it in one line
 */
char *
kith_message_words_dup_voice (guint duration_ms)
{
  guint seconds = (duration_ms + 500) / 1000;

  /* Translators: how long it is */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Voice message, %u second", "Voice message, %u seconds",
                                       seconds), seconds);
}

/**
 * kith_message_words_dup_too_long:
 * @bytes: how long a text is
 *
 * Returns: (transfer full) (nullable): that this is too much for a message, and by how much
 */
char *
kith_message_words_dup_too_long (gsize bytes)
{
  g_autofree char *most = NULL;
  g_autofree char *over = NULL;

  if (bytes <= KITH_LIMIT_MESSAGE_TEXT_BYTES)
    return NULL;

  most = g_format_size_full (KITH_LIMIT_MESSAGE_TEXT_BYTES, G_FORMAT_SIZE_IEC_UNITS);
  over = g_format_size_full (bytes - KITH_LIMIT_MESSAGE_TEXT_BYTES, G_FORMAT_SIZE_IEC_UNITS);
  return g_strdup_printf (
    /* Translators: two sizes, "16.0 KiB" and "20 bytes" */
    _("A message holds %s at most. This one is %s too long."), most, over);
}
