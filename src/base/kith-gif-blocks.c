/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a GIF is made of, as far as one has to get over it. */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-gif-blocks.h"

/**
 * kith_gif_skip_blocks:
 * @reader: a picture, where blocks begin; fails if they do not end in it
 *
 * Goes over the blocks, which end with an empty one.
 */
void
kith_gif_skip_blocks (KithReader *reader)
{
  guint8 len;

  do
    {
      len = kith_reader_u8 (reader);
      kith_reader_peek (reader, len);
    }
  while (len > 0 && !reader->failed);
}

/**
 * kith_gif_skip_colours:
 * @reader: a picture, where a table of colours may stand
 * @flags: what was said of it
 *
 * Goes over the table, if there is one.
 */
void
kith_gif_skip_colours (KithReader *reader, guint8 flags)
{
  if ((flags & 0x80) != 0)
    kith_reader_peek (reader, 3u << ((flags & 7) + 1));
}
