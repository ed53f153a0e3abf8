/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-picture-clean.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-gif-blocks.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-picture-exif.h"
#include "base/kith-picture-header.h"

/* Protocol 12: a picture is sent without the place, the camera, the name of its author and the small
 * older picture that programs leave in it. What is kept is named, all else goes: also what nobody has
 * thought of yet. Pixels are copied as they are, never decoded. Kept are, besides the pixels, what
 * colours mean, how an animation runs and which way up it is. */

#define JPEG_EXIF "Exif\0\0"
#define JPEG_EXIF_BYTES 6
#define JPEG_JFIF_BYTES 14 /* without the small picture behind it */
#define WEBP_HEADER_BYTES 12
#define WEBP_FRAME_BYTES 16
#define WEBP_FLAG_EXIF 0x08
#define WEBP_FLAG_XMP 0x04
#define GIF_SCREEN_BYTES 7
#define GIF_IMAGE_BYTES 9

/* What comes out; never longer than what went in and one block of ours. */
static void
append (GByteArray *out, const guint8 *data, gsize len)
{
  if (data != NULL)
    g_byte_array_append (out, data, (guint) len);
}

/* What was read since @start. */
static void
append_since (GByteArray *out, const KithReader *reader, gsize start)
{
  append (out, reader->data + start, reader->offset - start);
}

static gboolean
is_one_of (const guint8 *type, const char *const *types)
{
  for (; *types != NULL; types++)
    if (memcmp (type, *types, 4) == 0)
      return TRUE;

  return FALSE;
}

/* --- JPEG ----------------------------------------------------------------------------------- */

static gboolean
jpeg_is_kept (guint8 marker, const guint8 *data, gsize len)
{
  switch (marker)
    {
    case 0xe2: /* the colour profile */
      return len >= 12 && memcmp (data, "ICC_PROFILE\0", 12) == 0;
    case 0xee: /* how the colours are stored */
      return len >= 12 && memcmp (data, "Adobe", 5) == 0;
    case 0xfe: /* a comment */
      return FALSE;
    default:
      return marker >= 0xc0 && marker <= 0xdf;
    }
}

static void
append_jpeg_orientation (GByteArray *out, guint8 orientation)
{
  guint8 exif[KITH_PICTURE_EXIF_BYTES];
  const guint16 len = 2 + JPEG_EXIF_BYTES + KITH_PICTURE_EXIF_BYTES;
  const guint8 head[] = { 0xff, 0xe1, len >> 8, len & 0xff };

  if (orientation == KITH_PICTURE_UPRIGHT)
    return;

  kith_picture_exif_write (exif, orientation);
  append (out, head, sizeof head);
  append (out, (const guint8 *) JPEG_EXIF, JPEG_EXIF_BYTES);
  append (out, exif, sizeof exif);
}

static void
append_jpeg_jfif (GByteArray *out, const guint8 *data)
{
  const guint8 head[] = { 0xff, 0xe0, 0, 2 + JPEG_JFIF_BYTES };

  append (out, head, sizeof head);
  append (out, data, JPEG_JFIF_BYTES - 2);
  append (out, (const guint8 *) "\0\0", 2); /* a small picture of nothing by nothing */
}

/* The pixels behind the head of a scan, up to the next marker that is none of theirs. */
static void
append_jpeg_scan (GByteArray *out, KithReader *reader)
{
  gsize start = reader->offset;

  while (kith_reader_remaining (reader) >= 2)
    {
      const guint8 *at = reader->data + reader->offset;

      if (at[0] == 0xff && at[1] != 0 && at[1] != 0xff && !(at[1] >= 0xd0 && at[1] <= 0xd7))
        break;
      reader->offset++;
    }
  append_since (out, reader, start);
}

static gboolean
clean_jpeg (GByteArray *out, KithReader *reader, guint8 orientation)
{
  gboolean has_pixels = FALSE, is_told = FALSE;

  append (out, kith_reader_peek (reader, 2), 2);
  while (!reader->failed)
    {
      guint8 marker;
      guint16 len;
      const guint8 *data;

      if (kith_reader_u8 (reader) != 0xff)
        return FALSE;
      do
        marker = kith_reader_u8 (reader);
      while (marker == 0xff);
      if (marker == 0xd9)
        {
          append (out, (const guint8 *) "\xff\xd9", 2);
          /* What stands behind the end is no part of the picture: whole films do. */
          return has_pixels;
        }

      len = kith_reader_u16 (reader);
      data = len >= 2 ? kith_reader_peek (reader, len - 2u) : NULL;
      if (data == NULL)
        return FALSE;

      if (marker == 0xe0 && len >= 2 + JPEG_JFIF_BYTES && memcmp (data, "JFIF", 5) == 0)
        {
          append_jpeg_jfif (out, data);
          continue;
        }
      if (!is_told)
        append_jpeg_orientation (out, orientation);
      is_told = TRUE;
      if (jpeg_is_kept (marker, data, len - 2u))
        {
          const guint8 head[] = { 0xff, marker, (guint8) (len >> 8), (guint8) len };

          append (out, head, sizeof head);
          append (out, data, len - 2u);
        }
      if (marker == 0xda)
        {
          append_jpeg_scan (out, reader);
          has_pixels = TRUE;
        }
    }

  return FALSE;
}

/* --- PNG ------------------------------------------------------------------------------------ */

static guint32
find_crc32 (const guint8 *data, gsize len)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < len; i++)
    {
      crc ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }

  return ~crc;
}

static void
append_png_orientation (GByteArray *out, guint8 orientation)
{
  guint8 chunk[4 + 4 + KITH_PICTURE_EXIF_BYTES + 4];
  KithWriter writer;

  if (orientation == KITH_PICTURE_UPRIGHT)
    return;

  kith_writer_init (&writer, chunk, sizeof chunk);
  kith_writer_u32 (&writer, KITH_PICTURE_EXIF_BYTES);
  kith_writer_bytes (&writer, (const guint8 *) "eXIf", 4);
  kith_picture_exif_write (chunk + writer.len, orientation);
  writer.len += KITH_PICTURE_EXIF_BYTES;
  kith_writer_u32 (&writer, find_crc32 (chunk + 4, 4 + KITH_PICTURE_EXIF_BYTES));
  append (out, chunk, sizeof chunk);
}

static gboolean
clean_png (GByteArray *out, KithReader *reader, guint8 orientation)
{
  static const char *const kept[]
      = { "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP",
          "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT", NULL };
  gboolean has_pixels = FALSE;

  append (out, kith_reader_peek (reader, 8), 8);
  while (!reader->failed)
    {
      gsize start = reader->offset;
      guint32 len = kith_reader_u32 (reader);
      const guint8 *type = kith_reader_peek (reader, 4);

      kith_reader_peek (reader, len);
      kith_reader_u32 (reader);
      if (reader->failed)
        return FALSE;

      if (is_one_of (type, kept))
        append_since (out, reader, start);
      if (memcmp (type, "IHDR", 4) == 0)
        append_png_orientation (out, orientation);
      has_pixels = has_pixels || memcmp (type, "IDAT", 4) == 0;
      if (memcmp (type, "IEND", 4) == 0)
        return has_pixels;
    }

  return FALSE;
}

/* --- WebP ----------------------------------------------------------------------------------- */

static guint32
read_le32 (KithReader *reader)
{
  guint32 value = 0;

  for (guint i = 0; i < 4; i++)
    value |= (guint32) kith_reader_u8 (reader) << 8 * i;

  return value;
}

static void
write_le32 (guint8 *at, gsize value)
{
  for (guint i = 0; i < 4; i++)
    at[i] = (guint8) (value >> 8 * i);
}

static void
append_webp_chunk (GByteArray *out, const guint8 *type, const guint8 *data, gsize len)
{
  guint8 head[8];

  memcpy (head, type, 4);
  write_le32 (head + 4, len);
  append (out, head, sizeof head);
  append (out, data, len);
  if ((len & 1) != 0)
    append (out, (const guint8 *) "\0", 1);
}

/* One frame has chunks in it as well. */
static gboolean
append_webp_frame (GByteArray *out, const guint8 *data, gsize len)
{
  static const char *const kept[] = { "ALPH", "VP8 ", "VP8L", NULL };
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  KithReader reader;

  kith_reader_init (&reader, data, len);
  append (frame, kith_reader_peek (&reader, WEBP_FRAME_BYTES), WEBP_FRAME_BYTES);
  while (kith_reader_remaining (&reader) > 0 && !reader.failed)
    {
      const guint8 *type = kith_reader_peek (&reader, 4);
      guint32 chunk_len = read_le32 (&reader);
      const guint8 *chunk = kith_reader_peek (&reader, chunk_len);

      if ((chunk_len & 1) != 0)
        kith_reader_u8 (&reader);
      if (!reader.failed && is_one_of (type, kept))
        append_webp_chunk (frame, type, chunk, chunk_len);
    }

  append_webp_chunk (out, (const guint8 *) "ANMF", frame->data, frame->len);

  return !reader.failed;
}

static gboolean
append_webp_features (GByteArray *out, const guint8 *data, gsize len, guint8 orientation)
{
  guint8 features[10];

  if (len != sizeof features)
    return FALSE;

  memcpy (features, data, sizeof features);
  features[0] &= (guint8) ~(WEBP_FLAG_EXIF | WEBP_FLAG_XMP);
  if (orientation != KITH_PICTURE_UPRIGHT)
    features[0] |= WEBP_FLAG_EXIF;
  append_webp_chunk (out, (const guint8 *) "VP8X", features, sizeof features);

  return TRUE;
}

static gboolean
clean_webp (GByteArray *out, KithReader *reader, guint8 orientation)
{
  static const char *const kept[] = { "VP8 ", "VP8L", "ALPH", "ANIM", "ICCP", NULL };
  gboolean has_pixels = FALSE, has_features = FALSE, is_good = TRUE;
  gsize riff_len;

  kith_reader_peek (reader, 4);
  riff_len = read_le32 (reader);
  /* Nothing behind the end. */
  if (riff_len > reader->len - 8)
    return FALSE;
  reader->len = riff_len + 8;
  kith_reader_peek (reader, 4);
  append (out, reader->data, WEBP_HEADER_BYTES);

  while (kith_reader_remaining (reader) > 0 && !reader->failed && is_good)
    {
      const guint8 *type = kith_reader_peek (reader, 4);
      guint32 len = read_le32 (reader);
      const guint8 *data = kith_reader_peek (reader, len);

      /* The last one is not always made even. */
      if ((len & 1) != 0 && kith_reader_remaining (reader) > 0)
        kith_reader_u8 (reader);
      if (reader->failed)
        return FALSE;

      if (memcmp (type, "VP8X", 4) == 0)
        {
          is_good = append_webp_features (out, data, len, orientation);
          has_features = TRUE;
        }
      else if (memcmp (type, "ANMF", 4) == 0)
        {
          is_good = append_webp_frame (out, data, len);
          has_pixels = TRUE;
        }
      else if (is_one_of (type, kept))
        {
          append_webp_chunk (out, type, data, len);
          has_pixels = has_pixels || memcmp (type, "VP8", 3) == 0;
        }
    }

  if (has_features && orientation != KITH_PICTURE_UPRIGHT)
    {
      guint8 exif[KITH_PICTURE_EXIF_BYTES];

      kith_picture_exif_write (exif, orientation);
      append_webp_chunk (out, (const guint8 *) "EXIF", exif, sizeof exif);
    }
  write_le32 (out->data + 4, out->len - 8);

  return is_good && has_pixels && !reader->failed;
}

/* --- GIF ------------------------------------------------------------------------------------ */

/* How long a frame stays, and how often all is shown; the latter without what else could stand there. */
static void
append_gif_extension (GByteArray *out, KithReader *reader, gsize start)
{
  guint8 kind = kith_reader_u8 (reader);
  gsize data_start = reader->offset;
  const guint8 *data = reader->data + data_start;
  gsize len;

  kith_gif_skip_blocks (reader);
  if (reader->failed)
    return;

  len = reader->offset - data_start;
  if (kind == 0xf9 && len == 6)
    {
      append_since (out, reader, start);
    }
  else if (kind == 0xff && len >= 17 && data[0] == 11 && data[12] == 3
           && (memcmp (data + 1, "NETSCAPE2.0", 11) == 0 || memcmp (data + 1, "ANIMEXTS1.0", 11) == 0))
    {
      append (out, reader->data + start, data_start + 16 - start);
      append (out, (const guint8 *) "\0", 1);
    }
}

static gboolean
clean_gif (GByteArray *out, KithReader *reader)
{
  gboolean has_pixels = FALSE;
  const guint8 *screen;

  kith_reader_peek (reader, 6);
  screen = kith_reader_peek (reader, GIF_SCREEN_BYTES);
  if (screen == NULL)
    return FALSE;
  kith_gif_skip_colours (reader, screen[4]);
  if (reader->failed)
    return FALSE;
  append_since (out, reader, 0);

  while (!reader->failed)
    {
      gsize start = reader->offset;
      guint8 kind = kith_reader_u8 (reader);

      if (kind == 0x3b)
        {
          append (out, (const guint8 *) "\x3b", 1);
          return has_pixels && !reader->failed;
        }
      if (kind == 0x2c)
        {
          const guint8 *image = kith_reader_peek (reader, GIF_IMAGE_BYTES);

          kith_gif_skip_colours (reader, image != NULL ? image[8] : 0);
          kith_reader_u8 (reader);
          kith_gif_skip_blocks (reader);
          if (!reader->failed)
            append_since (out, reader, start);
          has_pixels = TRUE;
        }
      else if (kind == 0x21)
        {
          append_gif_extension (out, reader, start);
        }
      else
        {
          return FALSE;
        }
    }

  return FALSE;
}

/* --- Public --------------------------------------------------------------------------------- */

/* Which way up it is, also of a picture too big to be shown. */
static guint8
find_orientation (const guint8 *data, gsize len)
{
  KithPictureHeader header;

  kith_picture_header_read (&header, data, MIN (len, KITH_LIMIT_SHOWN_PICTURE_BYTES));

  return header.orientation;
}

/**
 * kith_picture_clean:
 * @picture: a PNG, JPEG, WebP or GIF file
 * @error: KITH_ERROR_INVALID (another format), KITH_ERROR_TOO_BIG, KITH_ERROR_DAMAGED (it does not
 *   follow its format, so that what is left in it cannot be told)
 *
 * Takes everything out of a picture that is not needed to show it: protocol 12. Any thread.
 *
 * Returns: (transfer full): the same picture, or %NULL
 */
GBytes *
kith_picture_clean (GBytes *picture, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize len;
  const guint8 *data = g_bytes_get_data (picture, &len);
  KithPictureFormat format = kith_picture_find_format (data, len);
  guint8 orientation;
  KithReader reader;
  gboolean is_good = FALSE;

  if (len > KITH_LIMIT_CLEAN_PICTURE_BYTES)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "The picture is too big");
      return NULL;
    }

  orientation = find_orientation (data, len);
  kith_reader_init (&reader, data, len);
  switch (format)
    {
    case KITH_PICTURE_PNG:
      is_good = clean_png (out, &reader, orientation);
      break;
    case KITH_PICTURE_JPEG:
      is_good = clean_jpeg (out, &reader, orientation);
      break;
    case KITH_PICTURE_WEBP:
      is_good = clean_webp (out, &reader, orientation);
      break;
    case KITH_PICTURE_GIF:
      is_good = clean_gif (out, &reader);
      break;
    case KITH_PICTURE_OTHER:
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "Not a picture");
      return NULL;
    }

  /* What gave it away as a picture may have been one of the things that go. */
  if (!is_good || kith_picture_find_format (out->data, out->len) != format)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The picture is damaged");
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
