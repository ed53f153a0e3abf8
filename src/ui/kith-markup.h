/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pango.h>

G_BEGIN_DECLS

/* Simple formatting that people write into a message: *bold*, _italic_, ~struck out~, `code`, ```a block
 * of code``` and lines that begin with >. The text stays as it was written, and its marks are seen,
 * though dimmed: what is copied is what was sent. */

typedef enum
{
  KITH_MARKUP_BOLD,
  KITH_MARKUP_ITALIC,
  KITH_MARKUP_STRIKE,
  KITH_MARKUP_CODE,
  KITH_MARKUP_BLOCK,
  KITH_MARKUP_QUOTE,
} KithMarkupStyle;

/**
 * KithMarkupSpan:
 * @start: the first byte of the span in the text, which is that of its mark
 * @end: the byte after the last one
 * @open_bytes: length of the mark at the start
 * @close_bytes: length of the mark at the end
 * @style: what it looks like
 *
 * A part of a text that looks different. Spans may lie in and across each other.
 */
typedef struct
{
  guint start;
  guint end;
  guint8 open_bytes;
  guint8 close_bytes;
  KithMarkupStyle style;
} KithMarkupSpan;

GArray *kith_markup_find       (const char    *text,
                                GPtrArray     *links);
void    kith_markup_attributes (GArray        *spans,
                                PangoAttrList *attributes);
guint8 *kith_markup_dup_marks  (const char    *text);
char   *kith_markup_dup_plain  (const char    *text);
char   *kith_markup_dup_line   (const char    *text);

G_END_DECLS
