/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What text from people has to look like before it enters the model (protocol 12). */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-text.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"

#define EMOJI_VARIANT 0xfe0f
#define FIRST_OF_MARKS 0xcc /* begins U+0300 in UTF-8 */

static gboolean
is_bidi_control (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2066 && c <= 0x2069);
}

/* Characters that take no place of their own, but for the joiners that scripts and emoji need. */
static gboolean
is_invisible (gunichar c)
{
  return c == 0x200b || c == 0x2060 || c == 0xfeff || c == 0x00ad || (c >= 0xe0000 && c <= 0xe007f)
         || (g_unichar_type (c) == G_UNICODE_UNASSIGNED && c >= 0xe0000);
}

static gboolean
is_joiner (gunichar c)
{
  return c == 0x200c || c == 0x200d;
}

static gboolean
is_control (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR
         || type == G_UNICODE_PARAGRAPH_SEPARATOR || type == G_UNICODE_PRIVATE_USE;
}

/**
 * kith_text_is_unseen:
 * @c: a character
 *
 * Returns: whether it shows nothing, or changes how others are shown: none of them belongs into the
 *   name of a file, and of those in a name of a person only what joins characters and draws pictures
 */
gboolean
kith_text_is_unseen (gunichar c)
{
  return is_control (c) || is_bidi_control (c) || is_invisible (c) || is_joiner (c) || c == 0x034f
         || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 || (c >= 0x180b && c <= 0x180f)
         || (c >= 0x2028 && c <= 0x202f) || (c >= 0x2061 && c <= 0x206f) || c == 0x2800 || c == 0x3164
         || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xffa0 || (c >= 0xfff9 && c <= 0xfffb)
         || (c >= 0x1bca0 && c <= 0x1bca3) || (c >= 0x1d173 && c <= 0x1d17a)
         || (c >= 0xe0100 && c <= 0xe01ef);
}

/* What extends the character before it instead of starting one of its own. */
static gboolean
is_extending (gunichar c)
{
  return g_unichar_ismark (c) || is_joiner (c) || (c >= 0x1f3fb && c <= 0x1f3ff);
}

/* Whether it is in NFC as it stands: below U+0300 there is no mark, and nothing that a mark is needed for.
 * @text: valid UTF-8 */
static gboolean
is_plain (const char *text, gsize len)
{
  for (gsize i = 0; i < len; i++)
    if ((guint8) text[i] >= FIRST_OF_MARKS)
      return FALSE;

  return TRUE;
}

/* NFC. Marks in one run are put in order one by one, which takes time with the square of their number:
 * no writing has as many as are left (UAX 15). @text: valid UTF-8 (transfer full) */
static char *
normalize (const char *text, gsize len)
{
  g_autoptr (GString) cut = NULL;
  char *normal;
  guint n_marks = 0;

  if (is_plain (text, len))
    return g_strndup (text, len);

  cut = g_string_sized_new (len);
  for (const char *p = text; p < text + len; p = g_utf8_next_char (p))
    {
      n_marks = g_unichar_ismark (g_utf8_get_char (p)) ? n_marks + 1 : 0;
      if (n_marks <= KITH_LIMIT_TEXT_MARKS)
        g_string_append_len (cut, p, (gssize) (g_utf8_next_char (p) - p));
    }

  normal = g_utf8_normalize (cut->str, (gssize) cut->len, G_NORMALIZE_NFC);
  kith_secret_wipe (cut->str, cut->len);
  return normal;
}

/**
 * kith_text_normalize:
 * @text: untrusted
 *
 * In time linear to its length; any thread.
 *
 * Returns: (transfer full): valid UTF-8 in NFC, with at most %KITH_LIMIT_TEXT_MARKS marks in a run
 */
char *
kith_text_normalize (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return normalize (valid, strlen (valid));
}

typedef struct
{
  GString *out;
  guint    n_clusters;
  guint    n_marks; /* in this cluster */
  gunichar joiner;  /* 0 = none; it counts when something follows, which then belongs to its cluster */
  gboolean space;   /* a space is due before the next character */
} NameBuilder;

/* Returns: %FALSE when the name is full. */
static gboolean
name_add (NameBuilder *self, gunichar c)
{
  char utf8[12];
  gboolean joined = self->joiner != 0;
  gsize len = joined ? (gsize) g_unichar_to_utf8 (self->joiner, utf8) : 0;
  gboolean extends = is_extending (c) || joined;

  len += (gsize) g_unichar_to_utf8 (c, utf8 + len);
  self->joiner = 0;
  if (extends && self->n_clusters == 0)
    return TRUE;
  if (extends && (self->n_marks += joined ? 2 : 1) > KITH_LIMIT_NAME_MARKS)
    return TRUE;

  if (!extends)
    {
      if (self->n_clusters == KITH_LIMIT_NAME_CLUSTERS)
        return FALSE;
      self->n_marks = 0;
    }

  if (self->out->len + len + (self->space ? 1 : 0) > KITH_LIMIT_NAME_BYTES)
    return FALSE;

  if (!extends)
    {
      self->n_clusters++;
      if (self->space)
        g_string_append_c (self->out, ' ');
      self->space = FALSE;
    }

  g_string_append_len (self->out, utf8, (gssize) len);
  return TRUE;
}

/* Returns: %FALSE when the name is full. */
static gboolean
name_take (NameBuilder *self, gunichar c)
{
  if (g_unichar_isspace (c) || is_control (c))
    {
      self->space = self->n_clusters > 0;
      self->joiner = 0;
      return TRUE;
    }

  if (is_joiner (c))
    {
      self->joiner = self->n_clusters > 0 && !self->space ? c : 0;
      return TRUE;
    }

  return (kith_text_is_unseen (c) && c != EMOJI_VARIANT) || name_add (self, c);
}

/**
 * kith_text_sanitize_name:
 * @text: what somebody calls himself; untrusted
 *
 * Makes a name fit to be shown anywhere in one line: NFC, white space folded, no control, bidi or
 * invisible characters but for joiners between two others, at most %KITH_LIMIT_NAME_CLUSTERS characters as people count them and
 * %KITH_LIMIT_NAME_BYTES bytes. Any thread.
 *
 * Returns: (transfer full) (nullable): the name, or %NULL when nothing is left to show
 */
char *
kith_text_sanitize_name (const char *text)
{
  g_autofree char *normal = kith_text_normalize (text);
  NameBuilder builder = { .out = g_string_new (NULL) };
  g_autofree char *name = NULL;

  for (const char *p = normal; *p != '\0'; p = g_utf8_next_char (p))
    if (!name_take (&builder, g_utf8_get_char (p)))
      break;

  name = g_string_free (builder.out, FALSE);
  if (builder.n_clusters == 0)
    return NULL;

  /* What stood apart because of something invisible has become one character. */
  return g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
}

/**
 * kith_text_sanitize_request:
 * @text: the words of a contact request; untrusted
 *
 * Makes them plain text of at most %KITH_LIMIT_REQUEST_TEXT_CHARS characters: NFC, without
 * control, bidi or invisible characters; line breaks become spaces. Any thread.
 *
 * Returns: (transfer full): the text, which may be empty
 */
char *
kith_text_sanitize_request (const char *text)
{
  g_autofree char *normal = kith_text_normalize (text);
  g_autofree char *clean = NULL;
  GString *out = g_string_new (NULL);
  guint n = 0;
  guint n_marks = 0;

  for (const char *p = normal; *p != '\0' && n < KITH_LIMIT_REQUEST_TEXT_CHARS; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_bidi_control (c) || is_invisible (c))
        continue;
      if (g_unichar_isspace (c) || is_control (c))
        c = ' ';

      n_marks = g_unichar_ismark (c) ? n_marks + 1 : 0;
      if (n_marks > KITH_LIMIT_NAME_MARKS)
        continue;

      g_string_append_unichar (out, c);
      n++;
    }

  clean = g_string_free (out, FALSE);
  return g_utf8_normalize (g_strstrip (clean), -1, G_NORMALIZE_NFC);
}

static gboolean
has_text (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c) && !kith_text_is_unseen (c))
        return TRUE;
    }

  return FALSE;
}

static char *
dup_seen (const char *text)
{
  GString *seen = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!kith_text_is_unseen (g_utf8_get_char (p)))
      g_string_append_unichar (seen, g_utf8_get_char (p));

  return g_string_free (seen, FALSE);
}

/**
 * kith_text_fold_name:
 * @name: a name; valid UTF-8
 *
 * For telling whether two names look alike: compatibility forms, width, case and what shows nothing do
 * not count. Letters of other scripts that look the same do.
 *
 * Returns: (transfer full): what is equal for both
 */
char *
kith_text_fold_name (const char *name)
{
  g_autofree char *plain = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = g_utf8_casefold (plain != NULL ? plain : name, -1);
  g_autofree char *seen = dup_seen (folded);
  char *again = g_utf8_normalize (seen, -1, G_NORMALIZE_ALL_COMPOSE);

  return again != NULL ? again : g_steal_pointer (&seen);
}

/**
 * kith_text_validate_message:
 * @text: a message as somebody wrote it
 * @error: return location for a #GError
 *
 * Checks that a message is UTF-8, has something to show and keeps to
 * %KITH_LIMIT_MESSAGE_TEXT_BYTES, and brings it to NFC; of a run of marks the first
 * %KITH_LIMIT_TEXT_MARKS stay. Any thread. Errors: %KITH_ERROR_INVALID, %KITH_ERROR_TOO_BIG.
 *
 * Returns: (transfer full) (nullable): the text to send
 */
char *
kith_text_validate_message (const char *text, GError **error)
{
  g_autofree char *normal = NULL;
  gsize len = strlen (text);

  /* NFC never makes a text of this length shorter than a third, so this bounds the work. */
  if (len > 3 * KITH_LIMIT_MESSAGE_TEXT_BYTES)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "The message is too long");
      return NULL;
    }

  if (!g_utf8_validate (text, (gssize) len, NULL))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "The message is not valid UTF-8");
      return NULL;
    }

  normal = normalize (text, len);
  if (strlen (normal) > KITH_LIMIT_MESSAGE_TEXT_BYTES)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "The message is too long");
      return NULL;
    }

  if (!has_text (normal))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "The message is empty");
      return NULL;
    }

  return g_steal_pointer (&normal);
}

static gboolean
is_regional_indicator (gunichar c)
{
  return c >= 0x1f1e6 && c <= 0x1f1ff;
}

/* What may follow inside of an emoji: variation, keycap, skin, and the tags of regional flags. */
static gboolean
extends_emoji (gunichar c)
{
  return g_unichar_ismark (c) || c == EMOJI_VARIANT || c == 0x20e3 || (c >= 0x1f3fb && c <= 0x1f3ff)
         || (c >= 0xe0020 && c <= 0xe007f);
}

/* Letters and digits are none of their own: only as a keycap, or drawn as a picture. */
static gboolean
begins_emoji (gunichar c, gunichar next)
{
  if (g_unichar_isalnum (c) || c == '#' || c == '*')
    return next == EMOJI_VARIANT || next == 0x20e3;

  return g_unichar_isgraph (c) && c > 0x7f && !is_extending (c) && !is_control (c)
         && !is_invisible (c) && !is_bidi_control (c);
}

/**
 * kith_text_is_reaction:
 * @text: what somebody reacts with; untrusted
 *
 * An emoji is one character as people count them: pictures that are joined, a flag, a keycap, with
 * what belongs to them, in at most %KITH_LIMIT_REACTION_BYTES. Any thread.
 *
 * Returns: whether @text is one emoji
 */
gboolean
kith_text_is_reaction (const char *text)
{
  const char *p = text;
  gboolean wants_picture = TRUE;
  gboolean is_flag = FALSE;

  if (*text == '\0' || strlen (text) > KITH_LIMIT_REACTION_BYTES
      || !g_utf8_validate (text, -1, NULL))
    return FALSE;

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (wants_picture)
        {
          if (!begins_emoji (c, g_utf8_get_char (g_utf8_next_char (p))))
            return FALSE;
          wants_picture = FALSE;
          is_flag = p == text && is_regional_indicator (c);
        }
      else if (c == 0x200d)
        wants_picture = TRUE;
      else if (is_flag && is_regional_indicator (c))
        is_flag = FALSE;
      else if (!extends_emoji (c))
        return FALSE;
    }

  return !wants_picture;
}

/**
 * kith_text_is_space:
 * @c: a character
 *
 * Returns: whether it parts words: what ASCII has, and the spaces of other scripts. Any thread.
 */
gboolean
kith_text_is_space (gunichar c)
{
  return g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR;
}

/**
 * kith_text_trim:
 * @text: (transfer full): valid UTF-8, or any bytes, of which only what is valid is looked at
 *
 * As g_strstrip(), but for all that kith_text_is_space() says. Any thread.
 *
 * Returns: (transfer full): @text, without the spaces around it
 */
char *
kith_text_trim (char *text)
{
  char *from = text;
  char *to = text + strlen (text);

  while (*from != '\0' && kith_text_is_space (g_utf8_get_char_validated (from, -1)))
    from = g_utf8_next_char (from);
  while (to > from)
    {
      char *before = g_utf8_find_prev_char (from, to);

      if (before == NULL || !kith_text_is_space (g_utf8_get_char_validated (before, to - before)))
        break;
      to = before;
    }

  memmove (text, from, (gsize) (to - from));
  text[to - from] = '\0';
  return text;
}

/**
 * kith_text_fit:
 * @text: valid UTF-8
 * @len: its length in bytes
 * @max_bytes: how many there is room for
 *
 * Returns: how many of its bytes fit in, in whole characters. Any thread.
 */
gsize
kith_text_fit (const char *text, gsize len, gsize max_bytes)
{
  gsize fits = MIN (len, max_bytes);

  if (len > max_bytes)
    while (fits > 0 && ((guint8) text[fits] & 0xc0) == 0x80)
      fits--;

  return fits;
}
