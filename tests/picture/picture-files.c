/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "picture-files.h"

#include <string.h>

#include <png.h>

#include "base/kith-limits.h"

const PictureFile picture_files[N_PICTURE_FILES] = {
  { "two.png", KITH_PICTURE_PNG, 1 },          { "interlaced.png", KITH_PICTURE_PNG, 1 },
  { "two.jpg", KITH_PICTURE_JPEG, 1 },         { "progressive.jpg", KITH_PICTURE_JPEG, 1 },
  { "cmyk.jpg", KITH_PICTURE_JPEG, 1 },        { "two.webp", KITH_PICTURE_WEBP, 1 },
  { "two.gif", KITH_PICTURE_GIF, 2 },          { "moving.webp", KITH_PICTURE_WEBP, 2 },
};

GBytes *
picture_load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "picture", "data", name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize len;

  g_file_get_contents (path, &data, &len, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (data, len);
}

/* --- Making pictures ------------------------------------------------------------------------ */

void
picture_put (GByteArray *out, const void *bytes, gsize len)
{
  g_byte_array_append (out, bytes, (guint) len);
}

void
picture_put_be32 (GByteArray *out, guint32 value)
{
  guint32 be = GUINT32_TO_BE (value);

  picture_put (out, &be, 4);
}

void
picture_put_le32 (GByteArray *out, guint32 value)
{
  guint32 le = GUINT32_TO_LE (value);

  picture_put (out, &le, 4);
}

/* Without a right checksum: only its header is ever read. */
GByteArray *
picture_make_png (guint32 width, guint32 height)
{
  GByteArray *png = g_byte_array_new ();

  picture_put (png, "\x89PNG\r\n\x1a\n", 8);
  picture_put_be32 (png, 13);
  picture_put (png, "IHDR", 4);
  picture_put_be32 (png, width);
  picture_put_be32 (png, height);
  picture_put (png, "\x08\x06\0\0\0\0\0\0\0", 9);
  picture_put_be32 (png, 0);
  picture_put (png, "IDAT\0\0\0\0", 8);

  return png;
}

GByteArray *
picture_make_jpeg (guint16 width, guint16 height)
{
  GByteArray *jpeg = g_byte_array_new ();
  const guint8 frame[] = { 0xff, 0xc0, 0, 11, 8, (guint8) (height >> 8), (guint8) height,
                           (guint8) (width >> 8), (guint8) width, 1, 1, 0x11, 0 };

  picture_put (jpeg, "\xff\xd8\xff\xfe\0\x04hi", 8);
  picture_put (jpeg, frame, sizeof frame);

  return jpeg;
}

GByteArray *
picture_make_gif (guint n_frames)
{
  GByteArray *gif = g_byte_array_new ();

  picture_put (gif, "GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff", 19);
  for (guint i = 0; i < n_frames; i++)
    picture_put (gif, "\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0", 15);
  picture_put (gif, ";", 1);

  return gif;
}

GByteArray *
picture_make_webp (guint32 width, guint32 height)
{
  GByteArray *webp = g_byte_array_new ();

  picture_put (webp, "RIFF", 4);
  picture_put_le32 (webp, 22);
  picture_put (webp, "WEBPVP8X", 8);
  picture_put_le32 (webp, 10);
  picture_put (webp, "\0\0\0\0", 4);
  picture_put_le32 (webp, (width - 1) | (height - 1) << 24);
  picture_put (webp, (guint8[]){ (guint8) ((height - 1) >> 8), (guint8) ((height - 1) >> 16) }, 2);

  return webp;
}

GByteArray *
picture_make_text (const char *text)
{
  GByteArray *file = g_byte_array_new ();

  picture_put (file, text, strlen (text));

  return file;
}

GByteArray *
picture_make_big (void)
{
  GByteArray *png = picture_make_png (1, 1);

  g_byte_array_set_size (png, KITH_LIMIT_SHOWN_PICTURE_BYTES + 1);

  return png;
}

/* A whole PNG of pixels that have nothing to do with each other. */
GByteArray *
picture_make_noise (guint width, guint height)
{
  png_image image = { .version = PNG_IMAGE_VERSION, .width = width, .height = height,
                      .format = PNG_FORMAT_RGB };
  gsize n = (gsize) width * height * 3;
  g_autofree guint8 *pixels = g_malloc (n);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  GByteArray *png = g_byte_array_new ();
  png_alloc_size_t size = n + n / 2 + 4096;

  for (gsize i = 0; i < n; i++)
    pixels[i] = (guint8) g_rand_int (rand);
  g_byte_array_set_size (png, (guint) size);
  g_assert_true (png_image_write_to_memory (&image, png->data, &size, 0, pixels, 0, NULL) != 0);
  g_byte_array_set_size (png, (guint) size);

  return png;
}
