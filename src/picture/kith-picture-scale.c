/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-picture"

#include "config.h"

#include "picture/kith-picture-scale.h"

#include <string.h>

#include "base/kith-picture-exif.h"
#include "base/kith-picture-reply.h"

#define PIXEL KITH_PICTURE_PIXEL_BYTES
#define ONE 4096 /* the weight of a whole pixel */

/* Which pixels a new one is made of, on one axis, and how much of the first and of the last. */
typedef struct
{
  guint32 first;
  guint32 last;
  guint32 first_weight;
  guint32 last_weight;
  guint64 weight;
} Span;

static Span
find_span (guint32 at, guint32 n_new, guint32 n_old)
{
  guint64 start = (guint64) at * n_old * ONE / n_new;
  guint64 end = (guint64) (at + 1) * n_old * ONE / n_new;
  Span span;

  span.first = (guint32) (start / ONE);
  span.last = MIN ((guint32) ((end - 1) / ONE), n_old - 1);
  if (span.first == span.last)
    {
      span.first_weight = (guint32) (end - start);
      span.last_weight = 0;
    }
  else
    {
      span.first_weight = ONE - (guint32) (start % ONE);
      span.last_weight = (guint32) (end - (guint64) span.last * ONE);
    }
  span.weight = end - start;

  return span;
}

static guint32
span_weight (const Span *span, guint32 at)
{
  if (at == span->first)
    return span->first_weight;

  return at == span->last ? span->last_weight : ONE;
}

static void
premultiply (const guint8 *from, guint8 *to)
{
  guint alpha = from[3];

  for (guint i = 0; i < 3; i++)
    to[i] = (guint8) ((from[i] * alpha + 127) / 255);
  to[3] = (guint8) alpha;
}

/* Adds one row, as wide as the new picture, with its weight. */
static void
add_row (const guint8 *row, const Span *columns, guint32 n_columns, guint32 row_weight, guint64 *sums)
{
  for (guint32 x = 0; x < n_columns; x++)
    {
      const Span *span = &columns[x];
      guint64 sum[PIXEL] = { 0 };

      for (guint32 i = span->first; i <= span->last; i++)
        {
          const guint8 *pixel = row + (gsize) i * PIXEL;
          guint32 weight = span_weight (span, i);
          guint32 alpha = pixel[3] * weight;

          for (guint c = 0; c < 3; c++)
            sum[c] += (guint64) pixel[c] * alpha;
          sum[3] += alpha;
        }
      for (guint c = 0; c < 3; c++)
        sums[x * PIXEL + c] += sum[c] / 255 * row_weight;
      sums[x * PIXEL + 3] += sum[3] * row_weight;
    }
}

/**
 * kith_picture_scale:
 * @rgba: pixels, not multiplied with their alpha
 * @width: in pixels, at least 1
 * @height: likewise
 * @new_width: 1 to @width
 * @new_height: 1 to @height
 *
 * Makes a picture smaller: each new pixel is the mean of what it covers.
 *
 * Returns: (transfer full): pixels multiplied with their alpha
 */
guint8 *
kith_picture_scale (const guint8 *rgba, guint32 width, guint32 height, guint32 new_width,
                    guint32 new_height)
{
  guint8 *scaled = g_malloc ((gsize) new_width * new_height * PIXEL);
  g_autofree Span *columns = NULL;
  g_autofree guint64 *sums = NULL;

  if (width == new_width && height == new_height)
    {
      for (gsize i = 0; i < (gsize) width * height; i++)
        premultiply (rgba + i * PIXEL, scaled + i * PIXEL);
      return scaled;
    }

  columns = g_new (Span, new_width);
  sums = g_new (guint64, (gsize) new_width * PIXEL);
  for (guint32 x = 0; x < new_width; x++)
    columns[x] = find_span (x, new_width, width);

  for (guint32 y = 0; y < new_height; y++)
    {
      Span rows = find_span (y, new_height, height);
      guint8 *out = scaled + (gsize) y * new_width * PIXEL;

      memset (sums, 0, (gsize) new_width * PIXEL * sizeof *sums);
      for (guint32 i = rows.first; i <= rows.last; i++)
        add_row (rgba + (gsize) i * width * PIXEL, columns, new_width, span_weight (&rows, i), sums);
      for (gsize i = 0; i < (gsize) new_width * PIXEL; i++)
        out[i] = (guint8) MIN (255, sums[i] / (columns[i / PIXEL].weight * rows.weight));
    }

  return scaled;
}

/**
 * kith_picture_turn:
 * @rgba: pixels
 * @width: in pixels, as they are stored
 * @height: likewise
 * @orientation: which way up: kith-picture-exif.h
 *
 * Returns: (transfer full): the pixels the right way up
 */
guint8 *
kith_picture_turn (const guint8 *rgba, guint32 width, guint32 height, guint8 orientation)
{
  gboolean lies = orientation >= KITH_PICTURE_SIDEWAYS;
  guint32 new_width = lies ? height : width;
  guint32 new_height = lies ? width : height;
  guint8 *turned = g_malloc ((gsize) width * height * PIXEL);

  for (guint32 y = 0; y < new_height; y++)
    for (guint32 x = 0; x < new_width; x++)
      {
        gboolean from_right = orientation == 2 || orientation == 3 || orientation == 7
                              || orientation == 8;
        gboolean from_below = orientation == 3 || orientation == 4 || orientation == 6
                              || orientation == 7;
        guint32 from_x = lies ? y : x;
        guint32 from_y = lies ? x : y;

        if (from_right)
          from_x = width - 1 - from_x;
        if (from_below)
          from_y = height - 1 - from_y;
        memcpy (turned + ((gsize) y * new_width + x) * PIXEL,
                rgba + ((gsize) from_y * width + from_x) * PIXEL, PIXEL);
      }

  return turned;
}
