/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-qr-scan.h"

#include <zbar.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-bounded-file.h"
#include "ui/kith-picture-process.h"

#define ONE_FRAME 1

/* --- The code ------------------------------------------------------------------------------- */

/* One byte a pixel, on white where it is transparent. */
static guint8 *
make_grey (GdkTexture *texture, gsize width, gsize height)
{
  g_autofree guint32 *pixels = g_new (guint32, width * height);
  guint8 *grey = g_malloc (width * height);

  gdk_texture_download (texture, (guchar *) pixels, width * sizeof *pixels);
  for (gsize i = 0; i < width * height; i++)
    {
      guint32 pixel = pixels[i];
      guint red = (pixel >> 16) & 255, green = (pixel >> 8) & 255, blue = pixel & 255;

      /* The colours are multiplied with it. */
      grey[i] = (guint8) MIN (255, ((red * 77u + green * 151u + blue * 28u) >> 8) + 255 - (pixel >> 24));
    }

  return grey;
}

static void
take_symbols (zbar_image_t *image, GStrvBuilder *found)
{
  const zbar_symbol_t *symbol = zbar_image_first_symbol (image);

  for (guint i = 0; symbol != NULL && i < KITH_LIMIT_PICTURE_CODES; i++)
    {
      const char *data = zbar_symbol_get_data (symbol);
      unsigned len = zbar_symbol_get_data_length (symbol);
      g_autofree char *text = NULL;

      if (zbar_symbol_get_type (symbol) == ZBAR_QRCODE && g_utf8_validate_len (data, len, NULL))
        {
          text = g_strndup (data, len);
          g_strv_builder_add (found, text);
        }
      symbol = zbar_symbol_next (symbol);
    }
}

static char **
read_codes (GdkTexture *texture)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  guint width = (guint) gdk_texture_get_width (texture);
  guint height = (guint) gdk_texture_get_height (texture);
  g_autofree guint8 *grey = make_grey (texture, width, height);
  zbar_image_scanner_t *scanner = zbar_image_scanner_create ();
  zbar_image_t *image = zbar_image_create ();

  zbar_image_scanner_set_config (scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config (scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_image_set_format (image, zbar_fourcc ('Y', '8', '0', '0'));
  zbar_image_set_size (image, width, height);
  zbar_image_set_data (image, grey, (gsize) width * height, NULL);
  if (zbar_scan_image (scanner, image) > 0)
    take_symbols (image, found);

  zbar_image_destroy (image);
  zbar_image_scanner_destroy (scanner);

  return g_strv_builder_end (found);
}

static void
scan_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  g_auto (GStrv) codes = read_codes (task_data);

  if (codes[0] == NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "No QR code");
  else
    g_task_return_pointer (task, g_steal_pointer (&codes), (GDestroyNotify) g_strfreev);
}

static void
scan (GTask *task, GdkTexture *texture)
{
  gint64 pixels = (gint64) gdk_texture_get_width (texture) * gdk_texture_get_height (texture);

  if (pixels > KITH_LIMIT_SHOWN_PICTURE_PIXELS)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_TOO_BIG, "The picture is too big");
      return;
    }

  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  g_task_run_in_thread (task, scan_thread);
}

/* --- The picture ---------------------------------------------------------------------------- */

static void
decoded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithPicture) picture = kith_picture_process_run_finish (result, &error);

  if (picture != NULL)
    scan (task, kith_picture_get_frame (picture, 0));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* It is from somebody else as a rule: not in the process that has the keys. */
static void
decode (GTask *task, GBytes *picture)
{
  kith_picture_process_run_async (picture, KITH_LIMIT_PICTURE_SIDE_PIXELS, ONE_FRAME,
                                  g_task_get_cancellable (task), decoded_cb, g_object_ref (task));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = kith_bounded_file_read_finish (result, &error);

  if (picture != NULL)
    decode (task, picture);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * kith_qr_scan_file_async:
 * @file: a picture of a kind that is shown
 * @cancellable: (nullable): cancels it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads the QR codes in a picture.
 */
void
kith_qr_scan_file_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *path = g_file_get_path (file);

  g_task_set_source_tag (task, kith_qr_scan_file_async);
  if (path != NULL)
    kith_bounded_file_read_async (path, KITH_LIMIT_SHOWN_PICTURE_BYTES, cancellable, read_cb,
                                  g_object_ref (task));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Not a file of this computer");
}

/**
 * kith_qr_scan_bytes_async:
 * @picture: what such a file has in it
 * @cancellable: (nullable): cancels it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * As kith_qr_scan_file_async().
 */
void
kith_qr_scan_bytes_async (GBytes *picture, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_qr_scan_bytes_async);
  decode (task, picture);
}

/**
 * kith_qr_scan_texture_async:
 * @texture: a picture that was decoded already
 * @cancellable: (nullable): cancels it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * As kith_qr_scan_file_async(), for the clipboard and what is dropped.
 */
void
kith_qr_scan_texture_async (GdkTexture *texture, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_qr_scan_texture_async);
  scan (task, texture);
}

/**
 * kith_qr_scan_finish:
 * @result: what the callback got
 * @error: KITH_ERROR_TOO_BIG, KITH_ERROR_NOT_FOUND (no QR code in it), other ones of KITH_ERROR (not a
 *   picture), or those of files
 *
 * Returns: (transfer full) (nullable): what the codes say, valid UTF-8, at least one
 */
char **
kith_qr_scan_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
