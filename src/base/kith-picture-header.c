/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-picture-header.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-gif-blocks.h"
#include "base/kith-limits.h"
#include "base/kith-picture-exif.h"

/* --- Which it is ---------------------------------------------------------------------------- */

static const struct
{
  KithPictureFormat format;
  gsize offset;
  const char *magic;
  gsize len;
  const char *type;
} formats[] = {
  { KITH_PICTURE_PNG, 0, "\x89PNG\r\n\x1a\n", 8, "image/png" },
  { KITH_PICTURE_JPEG, 0, "\xff\xd8\xff", 3, "image/jpeg" },
  { KITH_PICTURE_WEBP, 8, "WEBPVP8", 7, "image/webp" },
  { KITH_PICTURE_GIF, 0, "GIF87a", 6, "image/gif" },
  { KITH_PICTURE_GIF, 0, "GIF89a", 6, "image/gif" },
};

/**
 * kith_picture_find_format:
 * @data: (array length=len): the beginning of a file
 * @len: its length in bytes
 *
 * Returns: what its first bytes say it is, whatever its name does
 */
KithPictureFormat
kith_picture_find_format (const guint8 *data, gsize len)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (len >= formats[i].offset + formats[i].len
        && memcmp (data + formats[i].offset, formats[i].magic, formats[i].len) == 0)
      return formats[i].format;

  return KITH_PICTURE_OTHER;
}

/**
 * kith_picture_get_types:
 *
 * Returns: (transfer none) (array zero-terminated=1): the media types of what is shown as a picture
 */
const char *const *
kith_picture_get_types (void)
{
  static const char *const types[] = { "image/png", "image/jpeg", "image/webp", "image/gif", NULL };

  return types;
}

/**
 * kith_picture_format_get_type:
 * @format: a format
 *
 * Returns: (nullable): its media type
 */
const char *
kith_picture_format_get_type (KithPictureFormat format)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].format == format)
      return formats[i].type;

  return NULL;
}

static guint32
read_le (KithReader *reader, guint n_bytes)
{
  guint32 value = 0;

  for (guint i = 0; i < n_bytes; i++)
    value |= (guint32) kith_reader_u8 (reader) << 8 * i;

  return value;
}

/* --- The formats ---------------------------------------------------------------------------- */

static KithPictureVerdict
read_png (KithPictureHeader *self, KithReader *reader)
{
  const guint8 *type;
  gboolean is_first = TRUE;

  kith_reader_peek (reader, 8);
  while (!reader->failed)
    {
      guint32 len = kith_reader_u32 (reader);
      const guint8 *data;

      type = kith_reader_peek (reader, 4);
      data = kith_reader_peek (reader, len);
      kith_reader_u32 (reader);
      /* The last part of a picture may be missing: what is there is shown. */
      if (reader->failed || memcmp (type, "IDAT", 4) == 0)
        break;
      if (is_first != (memcmp (type, "IHDR", 4) == 0) || (is_first && len != 13))
        return KITH_PICTURE_DAMAGED;
      if (is_first)
        {
          KithReader header;

          kith_reader_init (&header, data, len);
          self->width = kith_reader_u32 (&header);
          self->height = kith_reader_u32 (&header);
          is_first = FALSE;
        }
      else if (memcmp (type, "eXIf", 4) == 0)
        {
          self->orientation = kith_picture_exif_read (data, len);
        }
    }

  return is_first ? KITH_PICTURE_DAMAGED : KITH_PICTURE_FINE;
}

static gboolean
jpeg_marker_is_frame (guint8 marker)
{
  /* DHT, JPG and DAC stand among them. */
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static void
read_jpeg_frame (KithPictureHeader *self, const guint8 *data, gsize len)
{
  KithReader frame;

  kith_reader_init (&frame, data, len);
  kith_reader_u8 (&frame);
  self->height = kith_reader_u16 (&frame);
  self->width = kith_reader_u16 (&frame);
}

static KithPictureVerdict
read_jpeg (KithPictureHeader *self, KithReader *reader)
{
  kith_reader_peek (reader, 2);
  while (!reader->failed && reader->offset < KITH_LIMIT_SHOWN_PICTURE_HEADER_BYTES)
    {
      guint8 marker;
      guint16 len;
      const guint8 *data;

      if (kith_reader_u8 (reader) != 0xff)
        return KITH_PICTURE_DAMAGED;
      do
        marker = kith_reader_u8 (reader);
      while (marker == 0xff);
      if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7))
        continue;

      len = kith_reader_u16 (reader);
      data = len >= 2 ? kith_reader_peek (reader, len - 2u) : NULL;
      if (data == NULL || marker == 0xda)
        break;
      if (jpeg_marker_is_frame (marker))
        {
          read_jpeg_frame (self, data, len - 2u);
          return KITH_PICTURE_FINE;
        }
      if (marker == 0xe1 && len >= 8 && memcmp (data, "Exif\0\0", 6) == 0)
        self->orientation = kith_picture_exif_read (data + 6, len - 8u);
    }

  return KITH_PICTURE_DAMAGED;
}

/* One of the two kinds of what WebP has its pixels in. */
static void
read_webp_pixels (KithPictureHeader *self, gboolean is_lossless, const guint8 *data, gsize len)
{
  KithReader reader;
  guint32 bits;

  kith_reader_init (&reader, data, len);
  if (is_lossless)
    {
      kith_reader_u8 (&reader);
      bits = read_le (&reader, 4);
      self->width = (bits & 0x3fff) + 1;
      self->height = (bits >> 14 & 0x3fff) + 1;
      return;
    }

  kith_reader_peek (&reader, 6);
  self->width = read_le (&reader, 2) & 0x3fff;
  self->height = read_le (&reader, 2) & 0x3fff;
}

static KithPictureVerdict
read_webp (KithPictureHeader *self, KithReader *reader)
{
  gboolean has_size = FALSE;
  gboolean has_features = FALSE; /* without them there is nothing but pixels to anybody */
  guint32 n_frames = 0;
  gsize end;

  kith_reader_peek (reader, 4);
  end = (gsize) read_le (reader, 4) + 8;
  reader->len = MIN (reader->len, MAX (end, 12)); /* nothing behind the end counts */
  kith_reader_peek (reader, 4);
  while (kith_reader_remaining (reader) >= 8)
    {
      const guint8 *type = kith_reader_peek (reader, 4);
      guint32 len = read_le (reader, 4);
      gsize there = MIN (len, kith_reader_remaining (reader));
      const guint8 *data = kith_reader_peek (reader, there);
      KithReader chunk;

      if ((len & 1) != 0 && kith_reader_remaining (reader) > 0)
        kith_reader_u8 (reader);
      kith_reader_init (&chunk, data, there);
      has_features = has_features || memcmp (type, "VP8X", 4) == 0;
      if (memcmp (type, "VP8X", 4) == 0 && !has_size)
        {
          read_le (&chunk, 4);
          self->width = read_le (&chunk, 3) + 1;
          self->height = read_le (&chunk, 3) + 1;
          has_size = !chunk.failed;
        }
      else if ((memcmp (type, "VP8 ", 4) == 0 || memcmp (type, "VP8L", 4) == 0) && !has_size
               && there >= 10)
        {
          read_webp_pixels (self, type[3] == 'L', data, there);
          has_size = TRUE;
        }
      else if (memcmp (type, "ANMF", 4) == 0)
        {
          n_frames++;
        }
      else if (memcmp (type, "EXIF", 4) == 0 && has_features)
        {
          gsize skip = there >= 6 && memcmp (data, "Exif\0\0", 6) == 0 ? 6 : 0;

          self->orientation = kith_picture_exif_read (data + skip, there - skip);
        }
    }

  self->n_frames = MAX (1, n_frames);

  return has_size ? KITH_PICTURE_FINE : KITH_PICTURE_DAMAGED;
}

static KithPictureVerdict
read_gif (KithPictureHeader *self, KithReader *reader)
{
  guint32 n_frames = 0;
  guint8 flags;

  kith_reader_peek (reader, 6);
  self->width = read_le (reader, 2);
  self->height = read_le (reader, 2);
  flags = kith_reader_u8 (reader);
  kith_reader_peek (reader, 2);
  kith_gif_skip_colours (reader, flags);

  while (!reader->failed && n_frames <= KITH_LIMIT_SHOWN_PICTURE_FRAMES)
    {
      guint8 kind = kith_reader_u8 (reader);

      if (kind == 0x21)
        {
          kith_reader_u8 (reader);
        }
      else if (kind == 0x2c)
        {
          kith_reader_peek (reader, 8);
          flags = kith_reader_u8 (reader);
          kith_gif_skip_colours (reader, flags);
          kith_reader_u8 (reader);
          if (!reader->failed)
            n_frames++;
        }
      else
        {
          break;
        }
      kith_gif_skip_blocks (reader);
    }

  self->n_frames = MAX (1, n_frames);

  return n_frames > 0 ? KITH_PICTURE_FINE : KITH_PICTURE_DAMAGED;
}

/* --- Public --------------------------------------------------------------------------------- */

static KithPictureVerdict
judge (const KithPictureHeader *self)
{
  if (self->width == 0 || self->height == 0)
    return KITH_PICTURE_DAMAGED;
  if (self->width > KITH_LIMIT_SHOWN_PICTURE_SIDE_PIXELS
      || self->height > KITH_LIMIT_SHOWN_PICTURE_SIDE_PIXELS
      || (guint64) self->width * self->height > KITH_LIMIT_SHOWN_PICTURE_PIXELS)
    return KITH_PICTURE_TOO_BIG;
  if (self->n_frames > KITH_LIMIT_SHOWN_PICTURE_FRAMES)
    return KITH_PICTURE_TOO_LONG;

  return KITH_PICTURE_FINE;
}

/**
 * kith_picture_header_read:
 * @self: (out caller-allocates): what it says of itself, as far as it could be read
 * @data: (array length=len): a whole picture, of anybody
 * @len: its length in bytes
 *
 * Tells whether a picture may be decoded: protocol 12.
 *
 * Returns: %KITH_PICTURE_FINE, or why not
 */
KithPictureVerdict
kith_picture_header_read (KithPictureHeader *self, const guint8 *data, gsize len)
{
  KithPictureVerdict verdict = KITH_PICTURE_NOT_KNOWN;
  KithReader reader;

  *self = (KithPictureHeader){ .n_frames = 1, .orientation = KITH_PICTURE_UPRIGHT };
  self->format = kith_picture_find_format (data, len);
  if (len > KITH_LIMIT_SHOWN_PICTURE_BYTES)
    return self->format == KITH_PICTURE_OTHER ? KITH_PICTURE_NOT_KNOWN : KITH_PICTURE_TOO_BIG;

  kith_reader_init (&reader, data, len);
  switch (self->format)
    {
    case KITH_PICTURE_PNG:
      verdict = read_png (self, &reader);
      break;
    case KITH_PICTURE_JPEG:
      verdict = read_jpeg (self, &reader);
      break;
    case KITH_PICTURE_WEBP:
      verdict = read_webp (self, &reader);
      break;
    case KITH_PICTURE_GIF:
      verdict = read_gif (self, &reader);
      break;
    case KITH_PICTURE_OTHER:
      break;
    }

  return verdict == KITH_PICTURE_FINE ? judge (self) : verdict;
}

/**
 * kith_picture_header_get_size:
 * @self: a header
 * @width: (out): in pixels, the right way up
 * @height: (out): likewise
 */
void
kith_picture_header_get_size (const KithPictureHeader *self, guint32 *width, guint32 *height)
{
  gboolean lies = self->orientation >= KITH_PICTURE_SIDEWAYS;

  *width = lies ? self->height : self->width;
  *height = lies ? self->width : self->height;
}
