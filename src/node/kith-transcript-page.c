/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-transcript-page.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/kith-limits.h"
#include "base/kith-safe-text.h"
#include "base/kith-secret.h"
#include "node/kith-failure.h"
#include "node/kith-node-private.h"

/* As ISO 8601 has it: the file may be read elsewhere, and is to be read the same way there. */
static char *
dup_time (gint64 time_ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_ms / 1000);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("?");
}

/* (transfer full): in one line, whatever they call themselves */
static char *
dup_safe_name (const char *name)
{
  g_autofree char *united = kith_safe_text_unite_breaks (name);

  return kith_safe_text_new (united, " ", KITH_LIMIT_TEXT_MARKS);
}

/* (transfer full) */
static char *
dup_sender (KithChat *chat, const KithStoreMessage *row)
{
  KithContact *sender =
    kith_chat_get_sender (chat, row->outgoing, row->has_author ? row->author : NULL);

  return dup_safe_name (sender != NULL ? kith_contact_get_display_name (sender)
                                       : kith_profile_get_name (chat->node->profile));
}

/* Who came and went, and how long messages stay, is not what was said. */
static gboolean
is_shown (const KithStoreMessage *row)
{
  return row->event == NULL && row->kind != KITH_STORE_KIND_TIMER;
}

/* (transfer full): as the window has it where a message is not there, or is not text */
static char *
dup_words (const KithStoreMessage *row)
{
  if (row->kind == KITH_STORE_KIND_MISSING && g_strcmp0 (row->reason, KITH_FAILURE_UNKNOWN) == 0)
    return g_strdup (_("A message that this version cannot show. Update Kith to see such messages."));
  if (row->kind == KITH_STORE_KIND_MISSING)
    /* Translators: how many messages of a conversation did not arrive */
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u message is missing",
                                         "%u messages are missing", row->n_missing), row->n_missing);
  if (row->deletion != KITH_STORE_KEPT)
    return g_strdup (_("This message was deleted"));
  if (*row->text == '\0' && row->file != NULL)
    return g_strdup (row->file->name);

  return g_strdup (row->text);
}

/* Whoever looks at the file may do so in a terminal, or with a program that knows more ends of lines than one.
 * (transfer full) */
static char *
dup_safe_words (const KithStoreMessage *row, const char *line_break)
{
  g_autoptr (KithSecretText) words = dup_words (row);
  g_autoptr (KithSecretText) united = kith_safe_text_unite_breaks (words);

  return kith_safe_text_new (united, line_break, KITH_LIMIT_TEXT_MARKS);
}

/* Piece by piece: what puts texts together leaves parts of them in memory. */
static void
append_all (GString *page, const char *const *pieces)
{
  for (; *pieces != NULL; pieces++)
    kith_secret_append (page, *pieces, -1);
}

/* Lines that follow the first are indented: no message can look like another one's beginning. */
static void
append_text (GString *page, KithChat *chat, const KithStoreMessage *row)
{
  g_autofree char *time = dup_time (row->time_ms);
  g_autoptr (KithSecretText) indented = dup_safe_words (row, "\n    ");
  g_autofree char *name = dup_sender (chat, row);
  /* Of what is missing it is not known whose it was, in a group. */
  gboolean is_missing = row->kind == KITH_STORE_KIND_MISSING;
  const char *const pieces[] = {
    time, "  ", is_missing ? "" : name, is_missing ? "" : ": ", indented, "\n", NULL,
  };

  append_all (page, pieces);
}

static const char *
entity_of (char c)
{
  switch (c)
    {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return "&#39;";
    }
}

/* (transfer full) */
static char *
escape (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 1);

  while (*text != '\0')
    {
      gsize n = strcspn (text, "&<>\"'");

      kith_secret_append (out, text, (gssize) n);
      text += n;
      if (*text != '\0')
        kith_secret_append (out, entity_of (*text++), -1);
    }
  return g_string_free (out, FALSE);
}

static void
append_html (GString *page, KithChat *chat, const KithStoreMessage *row)
{
  g_autofree char *time = dup_time (row->time_ms);
  g_autofree char *sender = dup_sender (chat, row);
  g_autofree char *name = g_markup_escape_text (sender, -1);
  g_autoptr (KithSecretText) words = dup_safe_words (row, "\n");
  g_autoptr (KithSecretText) text = escape (words);
  gboolean is_missing = row->kind == KITH_STORE_KIND_MISSING;
  gboolean is_text = !is_missing && row->deletion == KITH_STORE_KEPT;
  const char *class = row->outgoing ? " class=\"mine\"" : " class=\"theirs\"";
  const char *const pieces[] = {
    "<article", is_text ? class : "", "><h2 dir=\"auto\">", is_missing ? "" : name, "</h2><time>", time,
    is_text ? "</time><p dir=\"auto\">" : "</time><p dir=\"auto\"><em>", text,
    is_text ? "</p></article>\n" : "</em></p></article>\n", NULL,
  };

  append_all (page, pieces);
}

/* No scripts, nothing from elsewhere. */
static const char html_style[] =
  "<style>body{font-family:sans-serif;max-width:44em;margin:2em auto;padding:0 1em}"
  "article{margin:.8em 0;padding:.6em .9em;border-radius:.8em;background:#8882}"
  ".mine{margin-left:4em;background:#3584e433}.theirs{margin-right:4em}"
  "h2{display:inline;font-size:1em;margin:0 .6em 0 0}time{opacity:.6;font-size:.85em}"
  "p{margin:.3em 0 0;white-space:pre-wrap;overflow-wrap:anywhere}</style>";

/**
 * kith_transcript_append_head:
 * @page: what is written
 * @chat: of which conversation
 * @format: how
 *
 * Writes what comes before the messages. Main thread.
 */
void
kith_transcript_append_head (GString *page, KithChat *chat, KithTranscriptFormat format)
{
  g_autofree char *name = dup_safe_name (kith_conversation_get_title (chat->conversation));
  g_autofree char *now = dup_time (kith_node_now_ms (chat->node));
  /* Translators: %s are the name of a person and a date with a time */
  g_autofree char *title = g_strdup_printf (_("Conversation with %s, written out on %s"), name, now);
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  if (format == KITH_TRANSCRIPT_TEXT)
    g_string_append_printf (page, "%s\n\n", title);
  else
    g_string_append_printf (page,
                            "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">"
                            "<meta name=\"viewport\" content=\"width=device-width\">"
                            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src"
                            " 'none'; style-src 'unsafe-inline'\">"
                            "<title>%s</title>%s</head><body><h1 dir=\"auto\">%s</h1>\n",
                            escaped, html_style, escaped);
}

/**
 * kith_transcript_append_rows:
 * @page: what is written
 * @chat: of which conversation
 * @format: how
 * @rows: (element-type KithStoreMessage): the messages that come now
 *
 * Writes messages. Nothing of them stays in memory but what is in @page. Main thread.
 */
void
kith_transcript_append_rows (GString *page, KithChat *chat, KithTranscriptFormat format, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (rows, i);

      if (!is_shown (row))
        continue;
      if (format == KITH_TRANSCRIPT_TEXT)
        append_text (page, chat, row);
      else
        append_html (page, chat, row);
    }
}

/**
 * kith_transcript_append_gap:
 * @page: what is written
 * @format: how
 *
 * Writes that something cannot be read. No line of a message begins as this one does.
 */
void
kith_transcript_append_gap (GString *page, KithTranscriptFormat format)
{
  /* Translators: a line in a conversation that was written out, in the place of messages that are missing */
  const char *words = _("Something is missing here: it is damaged on the disk and cannot be read.");

  if (format == KITH_TRANSCRIPT_TEXT)
    g_string_append_printf (page, "%s\n", words);
  else
    g_string_append_printf (page, "<article><p dir=\"auto\"><em>%s</em></p></article>\n", words);
}

/**
 * kith_transcript_append_end:
 * @page: what is written
 * @format: how
 *
 * Writes what comes after the messages.
 */
void
kith_transcript_append_end (GString *page, KithTranscriptFormat format)
{
  if (format == KITH_TRANSCRIPT_HTML)
    kith_secret_append (page, "</body></html>\n", -1);
}
