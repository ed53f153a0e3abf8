/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-picture-exif.h"

#include <string.h>

#include "base/kith-bytes.h"

#define ORIENTATION_TAG 0x0112
#define TYPE_SHORT 3
#define HEADER_BYTES 8
#define ENTRY_BYTES 12

/* TIFF comes in both byte orders. */
typedef struct
{
  const guint8 *data;
  gsize len;
  gboolean is_little;
} Tiff;

static guint16
read_u16 (const Tiff *tiff, gsize at)
{
  const guint8 *p = tiff->data + at;

  if (at + 2 > tiff->len)
    return 0;

  return (guint16) (tiff->is_little ? p[1] << 8 | p[0] : p[0] << 8 | p[1]);
}

static guint32
read_u32 (const Tiff *tiff, gsize at)
{
  guint32 first = read_u16 (tiff, at), second = read_u16 (tiff, at + 2);

  return tiff->is_little ? second << 16 | first : first << 16 | second;
}

/**
 * kith_picture_exif_read:
 * @tiff: (array length=len): what comes after "Exif\0\0", of anybody
 * @len: its length in bytes
 *
 * Returns: which way up the picture is, 1 to 8; 1 when nothing sensible stands there
 */
guint8
kith_picture_exif_read (const guint8 *tiff, gsize len)
{
  Tiff self = { tiff, len, FALSE };
  gsize at;
  guint n_entries;

  if (len < HEADER_BYTES)
    return KITH_PICTURE_UPRIGHT;

  self.is_little = tiff[0] == 'I';
  if ((memcmp (tiff, "II", 2) != 0 && memcmp (tiff, "MM", 2) != 0) || read_u16 (&self, 2) != 42)
    return KITH_PICTURE_UPRIGHT;

  at = read_u32 (&self, 4);
  if (at > len - 2)
    return KITH_PICTURE_UPRIGHT;

  n_entries = read_u16 (&self, at);
  at += 2;
  for (guint i = 0; i < n_entries && len - at >= ENTRY_BYTES; i++, at += ENTRY_BYTES)
    {
      guint16 value = read_u16 (&self, at + 8);

      if (read_u16 (&self, at) == ORIENTATION_TAG)
        return read_u16 (&self, at + 2) == TYPE_SHORT && value >= 1 && value <= 8
                   ? (guint8) value : KITH_PICTURE_UPRIGHT;
    }

  return KITH_PICTURE_UPRIGHT;
}

/**
 * kith_picture_exif_write:
 * @out: (out caller-allocates): the smallest block that says so
 * @orientation: which way up, 1 to 8
 */
void
kith_picture_exif_write (guint8 out[KITH_PICTURE_EXIF_BYTES], guint8 orientation)
{
  KithWriter writer;

  kith_writer_init (&writer, out, KITH_PICTURE_EXIF_BYTES);
  kith_writer_bytes (&writer, (const guint8 *) "MM", 2);
  kith_writer_u16 (&writer, 42);
  kith_writer_u32 (&writer, HEADER_BYTES);
  kith_writer_u16 (&writer, 1);
  kith_writer_u16 (&writer, ORIENTATION_TAG);
  kith_writer_u16 (&writer, TYPE_SHORT);
  kith_writer_u32 (&writer, 1);
  kith_writer_u16 (&writer, orientation);
  kith_writer_u16 (&writer, 0);
  kith_writer_u32 (&writer, 0); /* no further directory */
  g_assert (!writer.failed && writer.len == KITH_PICTURE_EXIF_BYTES);
}
