/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-markup.h"

#include <string.h>

#include "base/kith-limits.h"
#include "ui/kith-format.h"
#include "ui/kith-links.h"

/* Goes over a text once, from the left to the right: for every mark, only the last one that could begin
 * a span is remembered, so that no text of a peer's takes longer than its length. */

#define FENCE "```"
#define FENCE_BYTES 3
#define N_MARKS 3
#define MARK_ALPHA (G_MAXUINT16 / 2)
#define QUOTE_ALPHA (G_MAXUINT16 / 10 * 7)
#define CODE_SHADE (G_MAXUINT16 / 2)
#define CODE_SHADE_ALPHA (G_MAXUINT16 / 5)

static const struct
{
  char mark;
  guint8 most; /* "**" and "~~" are what other programs write; "__" stands in names */
  KithMarkupStyle style;
} marks[N_MARKS] = {
  { '*', 2, KITH_MARKUP_BOLD },
  { '_', 1, KITH_MARKUP_ITALIC },
  { '~', 2, KITH_MARKUP_STRIKE },
};

typedef struct
{
  const char *at; /* NULL when none is open */
  guint8 len;
  guint n_words; /* how many characters that are no marks stood before it */
} Opener;

typedef struct
{
  const char *text;
  GPtrArray *links;
  guint next_link;
  GArray *spans;
  Opener openers[N_MARKS];
  gunichar before;     /* the character before the place we are at, 0 at the start of a line */
  guint n_words;
  gboolean is_line_start;
  gboolean no_fence;   /* none closes any more */
  const char *no_tick; /* no code begins before here */
} Finder;

static void
add_span (Finder *finder, const char *start, const char *end, guint8 open_bytes, guint8 close_bytes,
          KithMarkupStyle style)
{
  KithMarkupSpan span = { (guint) (start - finder->text), (guint) (end - finder->text), open_bytes,
                          close_bytes, style };

  if (finder->spans->len < KITH_LIMIT_MARKUP_SPANS)
    g_array_append_val (finder->spans, span);
}

static gboolean
is_in_word (gunichar c)
{
  return c != 0 && g_unichar_isalnum (c);
}

static gboolean
is_blank (gunichar c)
{
  return c == 0 || g_unichar_isspace (c);
}

static void
start_line (Finder *finder)
{
  memset (finder->openers, 0, sizeof finder->openers);
  finder->before = 0;
  finder->is_line_start = TRUE;
}

/* Goes on behind something that is no text of the finder's, and looks like a word from outside. */
static const char *
skip_word (Finder *finder, const char *end)
{
  finder->before = 'x';
  finder->n_words++;
  finder->is_line_start = FALSE;

  return end;
}

/* What stands in a link is not ours to change: many have underscores. */
static const char *
skip_link (Finder *finder, const char *p)
{
  guint offset = (guint) (p - finder->text);

  while (finder->links != NULL && finder->next_link < finder->links->len)
    {
      const KithLink *link = g_ptr_array_index (finder->links, finder->next_link);

      if (offset < link->start)
        return NULL;

      finder->next_link++;
      if (offset < link->end)
        return skip_word (finder, finder->text + link->end);
    }

  return NULL;
}

static gboolean
has_content (const char *start, const char *end)
{
  for (const char *p = start; p < end; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

static const char *
take_block (Finder *finder, const char *p)
{
  const char *close;

  if (finder->no_fence || !g_str_has_prefix (p, FENCE) || is_in_word (finder->before))
    return NULL;

  close = strstr (p + FENCE_BYTES, FENCE);
  if (close == NULL)
    {
      finder->no_fence = TRUE;
      return NULL;
    }

  if (has_content (p + FENCE_BYTES, close))
    add_span (finder, p, close + FENCE_BYTES, FENCE_BYTES, FENCE_BYTES, KITH_MARKUP_BLOCK);

  return skip_word (finder, close + FENCE_BYTES);
}

static const char *
take_code (Finder *finder, const char *p)
{
  const char *close;

  if (*p != '`' || p < finder->no_tick || is_in_word (finder->before))
    return NULL;

  close = p + 1 + strcspn (p + 1, "`\n");
  if (*close != '`')
    {
      finder->no_tick = close;
      return NULL;
    }

  /* Two in a row are no code, and neither begins any. */
  if (!has_content (p + 1, close))
    return skip_word (finder, close + 1);

  add_span (finder, p, close + 1, 1, 1, KITH_MARKUP_CODE);

  return skip_word (finder, close + 1);
}

static gboolean
take_quote (Finder *finder, const char *p)
{
  const char *line_end;

  if (!finder->is_line_start || *p != '>' || (p[1] != ' ' && p[1] != '>'))
    return FALSE;

  line_end = p + strcspn (p, "\n");
  if (has_content (p + 1, line_end))
    add_span (finder, p, line_end, 1, 0, KITH_MARKUP_QUOTE);

  return TRUE;
}

static int
find_mark (char c)
{
  for (int i = 0; i < N_MARKS; i++)
    if (marks[i].mark == c)
      return i;

  return -1;
}

/* Marks that may begin a span, end one, or be nothing but themselves. */
static const char *
take_mark (Finder *finder, const char *p)
{
  int which = find_mark (*p);
  Opener *opener;
  gunichar after;
  size_t len;

  if (which < 0)
    return NULL;

  len = strspn (p, (const char[]){ *p, '\0' });
  after = g_utf8_get_char (p + len);
  opener = &finder->openers[which];

  if (len > marks[which].most)
    return p + len;

  if (opener->at != NULL && opener->len == len && !is_blank (finder->before) && !is_in_word (after)
      && finder->n_words > opener->n_words)
    {
      add_span (finder, opener->at, p + len, opener->len, (guint8) len, marks[which].style);
      opener->at = NULL;
    }
  else if (!is_in_word (finder->before) && !is_blank (after))
    {
      *opener = (Opener){ p, (guint8) len, finder->n_words };
    }

  return p + len;
}

static const char *
step (Finder *finder, const char *p)
{
  const char *end;

  if (*p == '\n')
    {
      start_line (finder);
      return p + 1;
    }

  end = skip_link (finder, p);
  if (end == NULL)
    end = take_block (finder, p);
  if (end == NULL)
    end = take_code (finder, p);
  if (end != NULL)
    return end;

  if (take_quote (finder, p))
    {
      finder->before = ' ';
      finder->is_line_start = FALSE;
      return p + 1;
    }

  finder->is_line_start = FALSE;
  end = take_mark (finder, p);
  if (end != NULL)
    {
      finder->before = (gunichar) *p;
      return end;
    }

  finder->before = g_utf8_get_char (p);
  if (!is_blank (finder->before))
    finder->n_words++;

  return g_utf8_next_char (p);
}

static int
compare_spans (const void *a, const void *b)
{
  const KithMarkupSpan *left = a, *right = b;

  if (left->start != right->start)
    return left->start < right->start ? -1 : 1;

  return left->end == right->end ? 0 : (left->end > right->end ? -1 : 1);
}

/**
 * kith_markup_find:
 * @text: valid UTF-8
 * @links: (nullable) (element-type KithLink): the links in @text, in order; nothing in them is a mark
 *
 * Takes no longer than the length of @text, whatever is in it, and finds no more than
 * KITH_LIMIT_MARKUP_SPANS; the rest of the text stays plain then.
 *
 * Returns: (transfer full) (element-type KithMarkupSpan): what looks different in @text, by where it
 *   starts, the outer before the inner
 */
GArray *
kith_markup_find (const char *text, GPtrArray *links)
{
  Finder finder = { .text = text, .links = links, .no_tick = text, .is_line_start = TRUE };
  const char *p = text;

  finder.spans = g_array_new (FALSE, FALSE, sizeof (KithMarkupSpan));
  while (*p != '\0' && finder.spans->len < KITH_LIMIT_MARKUP_SPANS)
    p = step (&finder, p);

  g_array_sort (finder.spans, compare_spans);

  return finder.spans;
}

static void
insert (PangoAttrList *attributes, PangoAttribute *attribute, guint start, guint end)
{
  attribute->start_index = start;
  attribute->end_index = end;
  pango_attr_list_insert (attributes, attribute);
}

/* The colour behind code is a grey that shines through: it has to do on any bubble. */
static void
insert_code (PangoAttrList *attributes, guint start, guint end)
{
  insert (attributes, pango_attr_family_new ("monospace"), start, end);
  insert (attributes, pango_attr_background_new (CODE_SHADE, CODE_SHADE, CODE_SHADE), start, end);
  insert (attributes, pango_attr_background_alpha_new (CODE_SHADE_ALPHA), start, end);
}

static void
insert_style (PangoAttrList *attributes, const KithMarkupSpan *span)
{
  guint start = span->start + span->open_bytes;
  guint end = span->end - span->close_bytes;

  switch (span->style)
    {
    case KITH_MARKUP_BOLD:
      insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD), start, end);
      break;
    case KITH_MARKUP_ITALIC:
      insert (attributes, pango_attr_style_new (PANGO_STYLE_ITALIC), start, end);
      break;
    case KITH_MARKUP_STRIKE:
      insert (attributes, pango_attr_strikethrough_new (TRUE), start, end);
      break;
    case KITH_MARKUP_CODE:
    case KITH_MARKUP_BLOCK:
      insert_code (attributes, start, end);
      break;
    case KITH_MARKUP_QUOTE:
      insert (attributes, pango_attr_style_new (PANGO_STYLE_ITALIC), start, end);
      insert (attributes, pango_attr_foreground_alpha_new (QUOTE_ALPHA), start, end);
      break;
    }
}

/**
 * kith_markup_attributes:
 * @spans: (element-type KithMarkupSpan): from kith_markup_find()
 * @attributes: where to add what makes them look like it
 */
void
kith_markup_attributes (GArray *spans, PangoAttrList *attributes)
{
  for (guint i = 0; i < spans->len; i++)
    {
      const KithMarkupSpan *span = &g_array_index (spans, KithMarkupSpan, i);
      guint open_end = span->start + span->open_bytes;

      insert_style (attributes, span);
      insert (attributes, pango_attr_foreground_alpha_new (MARK_ALPHA), span->start, open_end);
      if (span->close_bytes > 0)
        insert (attributes, pango_attr_foreground_alpha_new (MARK_ALPHA),
                span->end - span->close_bytes, span->end);
    }
}

/* A quote in a quote has several signs, and a space behind each. */
static gsize
quote_mark_bytes (const char *start)
{
  return strspn (start, "> ");
}

/**
 * kith_markup_dup_marks:
 * @text: valid UTF-8
 *
 * Takes no longer than the length of @text.
 *
 * Returns: (transfer full): for each byte of @text whether it belongs to a mark that kith_markup_find()
 *   finds
 */
guint8 *
kith_markup_dup_marks (const char *text)
{
  g_autoptr (GPtrArray) links = kith_links_find (text);
  g_autoptr (GArray) spans = kith_markup_find (text, links);
  guint8 *is_mark = g_malloc0 (strlen (text) + 1);

  for (guint i = 0; i < spans->len; i++)
    {
      const KithMarkupSpan *span = &g_array_index (spans, KithMarkupSpan, i);
      gsize open = span->style == KITH_MARKUP_QUOTE ? quote_mark_bytes (text + span->start)
                                                    : span->open_bytes;

      memset (is_mark + span->start, TRUE, open);
      memset (is_mark + span->end - span->close_bytes, TRUE, span->close_bytes);
    }

  return is_mark;
}

/**
 * kith_markup_dup_plain:
 * @text: valid UTF-8
 *
 * For where the looks cannot show what the marks mean: they would be noise there. Takes no longer than
 * the length of @text.
 *
 * Returns: (transfer full): @text without the marks that kith_markup_find() finds
 */
char *
kith_markup_dup_plain (const char *text)
{
  g_autofree guint8 *is_mark = kith_markup_dup_marks (text);
  GString *plain = g_string_new (NULL);

  for (gsize i = 0; text[i] != '\0'; i++)
    if (!is_mark[i])
      g_string_append_c (plain, text[i]);

  return g_string_free (plain, FALSE);
}

/**
 * kith_markup_dup_line:
 * @text: valid UTF-8 of any length
 *
 * Returns: (transfer full): the beginning of @text in one line and without marks, for a preview
 */
char *
kith_markup_dup_line (const char *text)
{
  g_autofree char *plain = kith_markup_dup_plain (text);

  return kith_format_one_line (plain);
}
