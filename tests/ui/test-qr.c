/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gtk/gtk.h>
#include <qrencode.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "ui/kith-qr-code.h"
#include "ui/kith-qr-scan.h"

/* QR codes go into pictures and come out again, and what is no picture does no harm. */

#define TEXT "KITH:I/ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
#define QUIET 4

static GBytes *
save (GdkPixbuf *pixbuf, const char *format)
{
  char *data;
  gsize len;

  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &data, &len, format, NULL, NULL));

  return g_bytes_new_take (data, len);
}

/* @module pixels for each module, in a picture of at least @side pixels. */
static GBytes *
draw (const char *text, int module, int side, gboolean transparent, const char *format)
{
  QRcode *code = QRcode_encodeString (text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
  int width = MAX ((code->width + 2 * QUIET) * module, side);
  g_autoptr (GdkPixbuf) pixbuf
      = gdk_pixbuf_new (GDK_COLORSPACE_RGB, transparent, 8, width, width);
  GBytes *picture;

  gdk_pixbuf_fill (pixbuf, transparent ? 0x00000000 : 0xffffffff);
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++)
      if (code->data[y * code->width + x] & 1)
        {
          g_autoptr (GdkPixbuf) square = gdk_pixbuf_new_subpixbuf (
              pixbuf, (x + QUIET) * module, (y + QUIET) * module, module, module);

          gdk_pixbuf_fill (square, 0x000000ff);
        }

  picture = save (pixbuf, format);
  QRcode_free (code);

  return picture;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **to = user_data;

  *to = g_object_ref (result);
}

static char **
scan (GBytes *picture, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_qr_scan_bytes_async (picture, cancellable, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return kith_qr_scan_finish (result, error);
}

static void
test_reads (void)
{
  const struct
  {
    int module;
    int side;
    gboolean transparent;
    const char *format;
  } cases[] = {
    { 4, 0, FALSE, "png" },
    { 4, 0, FALSE, "jpeg" },
    { 4, 0, TRUE, "png" },
    { 8, 1200, FALSE, "png" },
    { 40, KITH_LIMIT_PICTURE_SIDE_PIXELS + 1000, FALSE, "png" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) picture = draw (TEXT, cases[i].module, cases[i].side,
                                         cases[i].transparent, cases[i].format);
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) codes = scan (picture, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_strv_length (codes), ==, 1);
      g_assert_cmpstr (codes[0], ==, TEXT);
    }
}

static void
expect_error (GBytes *picture, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) codes = scan (picture, NULL, &error);

  g_assert_null (codes);
  if (domain != 0)
    g_assert_error (error, domain, code);
  else
    g_assert_nonnull (error);
}

static void
test_no_code (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 200, 100);
  g_autoptr (GBytes) picture = NULL;

  gdk_pixbuf_fill (pixbuf, 0x3584e4ff);
  picture = save (pixbuf, "png");
  expect_error (picture, KITH_ERROR, KITH_ERROR_NOT_FOUND);
}

static void
test_no_picture (void)
{
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) words = g_bytes_new_static ("<svg/>", 6);
  g_autoptr (GBytes) magic = g_bytes_new_static ("\x89PNG\r\n\x1a\n", 8);
  g_autoptr (GBytes) whole = draw (TEXT, 4, 0, FALSE, "png");
  g_autoptr (GBytes) half = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 2);

  expect_error (empty, KITH_ERROR, KITH_ERROR_INVALID);
  expect_error (words, KITH_ERROR, KITH_ERROR_INVALID);
  expect_error (magic, 0, 0);
  expect_error (half, 0, 0);
}

/* The header says so: 40,000 x 40,000 pixels would be 4.8 GB. */
static void
test_bomb (void)
{
  g_autoptr (GBytes) whole = draw (TEXT, 4, 0, FALSE, "png");
  gsize len;
  const guint8 *data = g_bytes_get_data (whole, &len);
  g_autofree guint8 *copy = g_memdup2 (data, len);
  g_autoptr (GBytes) bomb = NULL;
  guint32 crc = 0xffffffff;

  copy[18] = copy[22] = 0x9c;
  copy[19] = copy[23] = 0x40;
  for (gsize i = 12; i < 29; i++)
    {
      crc ^= copy[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ (0xedb88320 & (0u - (crc & 1)));
    }
  crc = GUINT32_TO_BE (~crc);
  memcpy (copy + 29, &crc, sizeof crc);

  bomb = g_bytes_new (copy, len);
  expect_error (bomb, KITH_ERROR, KITH_ERROR_TOO_BIG);
}

static void
test_big_file (void)
{
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GFile) file = g_file_new_tmp ("kith-qr-XXXXXX", &stream, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_seekable_truncate (G_SEEKABLE (stream), KITH_LIMIT_SHOWN_PICTURE_BYTES + 1, NULL,
                                      NULL));
  kith_qr_scan_file_async (file, NULL, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_null (kith_qr_scan_finish (result, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_TOO_BIG);
  g_file_delete (file, NULL, NULL);
}

static void
test_cancelled (void)
{
  g_autoptr (GBytes) picture = draw (TEXT, 4, 0, FALSE, "png");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (scan (picture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* From the clipboard: it is no file that somebody sent. */
static void
test_texture (void)
{
  g_autoptr (GBytes) picture = draw (TEXT, 4, 0, TRUE, "png");
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (picture);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_stream (stream, NULL, NULL);
  g_autoptr (GdkTexture) texture = gdk_texture_new_for_pixbuf (pixbuf);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) codes = NULL;

  kith_qr_scan_texture_async (texture, NULL, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  codes = kith_qr_scan_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (codes[0], ==, TEXT);
}

/* Only the process that may do nothing else decodes what others made. */
static void
test_no_process (void)
{
  g_autoptr (GBytes) picture = draw (TEXT, 4, 0, FALSE, "png");
  g_autofree char *program = g_strdup (g_getenv ("KITH_PICTURE"));

  g_setenv ("KITH_PICTURE", "/nonexistent/kith-picture", TRUE);
  g_test_expect_message ("kith-ui", G_LOG_LEVEL_WARNING, "*");
  expect_error (picture, KITH_ERROR, KITH_ERROR_FAILED);
  g_test_assert_expected_messages ();
  g_setenv ("KITH_PICTURE", program, TRUE);
}

static void
test_code (void)
{
  g_autofree char *long_text = g_strnfill (5000, 'A');
  g_autoptr (KithQrCode) code = kith_qr_code_new (TEXT);
  g_autoptr (KithQrCode) bytes = kith_qr_code_new ("kith:i/abcdefghijklmnopqrstuvwxyz234567abcdefghij"
                                                   "klmnopqrstuvwxyz234567");

  g_assert_true (KITH_IS_QR_CODE (code));
  /* In capital letters it is smaller. */
  g_assert_cmpint (kith_qr_code_get_width (code), <, kith_qr_code_get_width (bytes));
  g_assert_null (kith_qr_code_new (long_text));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/qr/reads", test_reads);
  g_test_add_func ("/qr/no-code", test_no_code);
  g_test_add_func ("/qr/no-picture", test_no_picture);
  g_test_add_func ("/qr/bomb", test_bomb);
  g_test_add_func ("/qr/big-file", test_big_file);
  g_test_add_func ("/qr/cancelled", test_cancelled);
  g_test_add_func ("/qr/texture", test_texture);
  g_test_add_func ("/qr/no-process", test_no_process);
  g_test_add_func ("/qr/code", test_code);

  return g_test_run ();
}
