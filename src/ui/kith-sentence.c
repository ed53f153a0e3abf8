/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name in Arabic letters within an English sentence, or the reverse, carries words and signs beside it to the
 * wrong place, and where it comes first it turns the whole sentence round. What is put into a sentence for the
 * window is therefore isolated (UAX 9, 2.5), but only where it makes a difference: nobody else gets characters
 * that are not seen. They stand in no name that is set for a screen reader, see kith_sentence_dup_spoken(): not
 * every voice is silent about them. Nothing of this is stored, sent or compared. */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sentence.h"

#include <string.h>

#include <gtk/gtk.h>

#define LRM 0x200e
#define RLM 0x200f
#define LRI 0x2066 /* and RLI, and then FSI */
#define FSI 0x2068
#define PDI 0x2069

#define MAX_ARGUMENTS 8

/* --- Isolating ------------------------------------------------------------------------------ */

static gboolean
is_bidi_control (gunichar c)
{
  return c == LRM || c == RLM || c == 0x061c || (c >= 0x202a && c <= 0x202e) || (c >= LRI && c <= PDI);
}

/* A letter of a script that is written from right to left: what Unicode has set apart for these. */
static gboolean
is_rtl_letter (gunichar c)
{
  return ((c >= 0x0590 && c <= 0x08ff) || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfefe)
          || (c >= 0x10800 && c <= 0x10fff) || (c >= 0x1e800 && c <= 0x1efff))
         && g_unichar_isalpha (c);
}

/* In a sentence from left to right, what is read the other way. In one from right to left, all that is not Arabic
 * or Hebrew letters: digits change places there too. */
static gboolean
needs_isolation (const char *text, gboolean is_rtl)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean rtl_letter = is_rtl_letter (c);

      if (is_bidi_control (c))
        return TRUE;
      if (is_rtl ? !rtl_letter && !g_unichar_ismark (c) && !g_unichar_isspace (c) : rtl_letter)
        return TRUE;
    }

  return FALSE;
}

/* What @text opens it closes, and it closes nothing else: it stays within its own isolate. */
static void
append_balanced (GString *out, const char *text)
{
  guint n_open = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == PDI && n_open == 0)
        continue;
      if (c >= LRI && c <= FSI)
        n_open++;
      else if (c == PDI)
        n_open--;
      g_string_append_unichar (out, c);
    }

  for (; n_open > 0; n_open--)
    g_string_append_unichar (out, PDI);
}

static void
append_isolated (GString *out, const char *text)
{
  gboolean is_rtl = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;

  if (!needs_isolation (text, is_rtl))
    {
      g_string_append (out, text);
      return;
    }

  /* Pango takes the direction of a paragraph from its first letter, even if that is isolated. */
  g_string_append_unichar (out, is_rtl ? RLM : LRM);
  g_string_append_unichar (out, FSI);
  append_balanced (out, text);
  g_string_append_unichar (out, PDI);
}

/**
 * kith_sentence_isolate:
 * @text: a name, or what else is put between words for the window; valid UTF-8
 *
 * For what kith_sentence_make() cannot put in: the names in a list. Main thread.
 *
 * Returns: (transfer full): @text, isolated where its direction could change that of what is around it
 */
char *
kith_sentence_isolate (const char *text)
{
  GString *out;

  g_return_val_if_fail (text != NULL, NULL);

  out = g_string_new (NULL);
  append_isolated (out, text);
  return g_string_free (out, FALSE);
}

/* --- Sentences ------------------------------------------------------------------------------ */

typedef struct
{
  char        kind; /* of what the format asks for: 's', 'd' or 'u'; 0 = it does not */
  const char *text; /* (unowned) */
  int         number;
  guint       count;
} Argument;

/* @p: behind the percent sign. Returns: what follows; %NULL when it is something else than here is known */
static const char *
read_directive (const char *p, guint *next, guint *index, char *kind)
{
  if (g_ascii_isdigit (p[0]) && p[1] == '$')
    {
      *index = (guint) (p[0] - '1'); /* that of 0 is beyond all */
      p += 2;
    }
  else
    {
      *index = (*next)++;
    }

  if (*index >= MAX_ARGUMENTS || (*p != 's' && *p != 'd' && *p != 'u'))
    return NULL;

  *kind = *p;
  return p + 1;
}

/* Returns: whether all of @format is known, and asks for each argument up to the last one, as one thing */
static gboolean
find_arguments (const char *format, Argument *arguments, guint *n_arguments)
{
  guint next = 0;

  *n_arguments = 0;
  for (const char *p = strchr (format, '%'); p != NULL; p = strchr (p, '%'))
    {
      guint index;
      char kind;

      if (p[1] == '%')
        {
          p += 2;
          continue;
        }

      p = read_directive (p + 1, &next, &index, &kind);
      if (p == NULL || (arguments[index].kind != 0 && arguments[index].kind != kind))
        return FALSE;
      arguments[index].kind = kind;
      *n_arguments = MAX (*n_arguments, index + 1);
    }

  for (guint i = 0; i < *n_arguments; i++)
    if (arguments[i].kind == 0)
      return FALSE;

  return TRUE;
}

/* @format: one that find_arguments() knows */
static char *
put_in (const char *format, const Argument *arguments)
{
  GString *out = g_string_new (NULL);
  guint next = 0;

  for (const char *p = format; *p != '\0';)
    {
      const Argument *argument;
      guint index;
      char kind;

      if (*p != '%' || p[1] == '%')
        {
          g_string_append_c (out, *p);
          p += *p == '%' ? 2 : 1;
          continue;
        }

      p = read_directive (p + 1, &next, &index, &kind);
      argument = &arguments[index];
      /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): find_arguments() has read all of it */
      if (kind == 's')
        append_isolated (out, argument->text != NULL ? argument->text : "");
      else if (kind == 'd')
        g_string_append_printf (out, "%d", argument->number);
      else
        g_string_append_printf (out, "%u", argument->count);
    }

  return g_string_free (out, FALSE);
}

/**
 * kith_sentence_make:
 * @format: a sentence for the window, as for printf(); where it asks for more than `%s`, `%d` and `%u`,
 *   nothing is isolated
 * @...: what is put in
 *
 * g_strdup_printf() that isolates each string that it puts in, see kith_sentence_isolate(). Main thread.
 *
 * Returns: (transfer full): the sentence
 */
char *
kith_sentence_make (const char *format, ...)
{
  Argument arguments[MAX_ARGUMENTS] = { 0 };
  gboolean is_known;
  guint n_arguments;
  char *sentence;
  va_list list;

  g_return_val_if_fail (format != NULL, NULL);

  is_known = find_arguments (format, arguments, &n_arguments);
  va_start (list, format);
  for (guint i = 0; is_known && i < n_arguments; i++)
    {
      if (arguments[i].kind == 's')
        arguments[i].text = va_arg (list, const char *);
      else if (arguments[i].kind == 'd')
        arguments[i].number = va_arg (list, int);
      else
        arguments[i].count = va_arg (list, guint);
    }
  sentence = is_known ? put_in (format, arguments) : g_strdup_vprintf (format, list);
  va_end (list);

  return sentence;
}

/**
 * kith_sentence_dup_spoken:
 * @sentence: words as they are shown; valid UTF-8
 *
 * Returns: (transfer full): them without what isolates, for a screen reader
 */
char *
kith_sentence_dup_spoken (const char *sentence)
{
  GString *out;

  g_return_val_if_fail (sentence != NULL, NULL);

  out = g_string_new (NULL);
  for (const char *p = sentence; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_bidi_control (g_utf8_get_char (p)))
      g_string_append_unichar (out, g_utf8_get_char (p));

  return g_string_free (out, FALSE);
}
