/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-qr-scan.h"

#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <zbar.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"

#define CHUNK_BYTES (64 * 1024)

typedef struct
{
  GFile  *file;    /* (owned) (nullable) */
  GBytes *picture; /* (owned) (nullable) */
} Source;

static void
source_free (Source *source)
{
  g_clear_object (&source->file);
  g_clear_pointer (&source->picture, g_bytes_unref);
  g_free (source);
}

/* --- The picture ---------------------------------------------------------------------------- */

static GBytes *
load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  gssize got;

  if (stream == NULL)
    return NULL;

  while ((got = g_input_stream_read (G_INPUT_STREAM (stream), chunk, CHUNK_BYTES, cancellable,
                                     error)) > 0)
    {
      if (bytes->len + (gsize) got > KITH_LIMIT_PICTURE_BYTES)
        {
          g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "The file is too big");
          return NULL;
        }
      g_byte_array_append (bytes, chunk, (guint) got);
    }

  return got == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}

/* Formats whose decoders do nothing but decode: no scripts, no links to other files. */
static const char *
find_format (const guint8 *data, gsize len)
{
  static const struct
  {
    const char *format;
    guint offset;
    const char *magic;
    gsize len;
  } formats[] = {
    { "png", 0, "\x89PNG\r\n\x1a\n", 8 },
    { "jpeg", 0, "\xff\xd8\xff", 3 },
    { "webp", 8, "WEBPVP8", 7 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (len >= formats[i].offset + formats[i].len
        && memcmp (data + formats[i].offset, formats[i].magic, formats[i].len) == 0)
      return formats[i].format;

  return NULL;
}

typedef struct
{
  gboolean is_refused;
} Judgement;

/* The header has been read, and not one pixel yet. */
static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Judgement *judgement = user_data;
  int longest = MAX (width, height);

  judgement->is_refused = width < 1 || height < 1
                          || (gint64) width * height > KITH_LIMIT_PICTURE_PIXELS;
  /* Nothing by nothing makes the decoder give up before it takes memory. */
  if (judgement->is_refused)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
  else if (longest > KITH_LIMIT_PICTURE_SIDE_PIXELS)
    gdk_pixbuf_loader_set_size (
        loader, (int) MAX (1, (gint64) width * KITH_LIMIT_PICTURE_SIDE_PIXELS / longest),
        (int) MAX (1, (gint64) height * KITH_LIMIT_PICTURE_SIDE_PIXELS / longest));
}

static gboolean
feed (GdkPixbufLoader *loader, GBytes *picture, Judgement *judgement, GCancellable *cancellable,
      GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (picture, &len);

  for (gsize done = 0; done < len; done += CHUNK_BYTES)
    {
      g_autoptr (GError) complaint = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      gdk_pixbuf_loader_write (loader, data + done, MIN (CHUNK_BYTES, len - done), &complaint);
      if (judgement->is_refused)
        {
          g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "The picture is too big");
          return FALSE;
        }
      if (complaint != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&complaint));
          return FALSE;
        }
    }

  return TRUE;
}

static GdkPixbuf *
decode (GBytes *picture, GCancellable *cancellable, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (picture, &len);
  const char *format = find_format (data, len);
  g_autoptr (GdkPixbufLoader) loader = NULL;
  Judgement judgement = { FALSE };
  gboolean fed, closed;
  GdkPixbuf *pixbuf;

  if (format != NULL)
    loader = gdk_pixbuf_loader_new_with_type (format, NULL);
  if (loader == NULL)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "Not a picture");
      return NULL;
    }

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &judgement);
  fed = feed (loader, picture, &judgement, cancellable, error);
  closed = gdk_pixbuf_loader_close (loader, fed ? error : NULL);
  if (!fed || !closed)
    return NULL;

  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf == NULL)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "Not a picture");
      return NULL;
    }

  return g_object_ref (pixbuf);
}

/* --- The code ------------------------------------------------------------------------------- */

/* One byte a pixel, on white where it is transparent. */
static guint8 *
make_grey (GdkPixbuf *pixbuf)
{
  int width = gdk_pixbuf_get_width (pixbuf);
  int height = gdk_pixbuf_get_height (pixbuf);
  int channels = gdk_pixbuf_get_n_channels (pixbuf);
  int stride = gdk_pixbuf_get_rowstride (pixbuf);
  gboolean has_alpha = gdk_pixbuf_get_has_alpha (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  guint8 *grey = g_malloc ((gsize) width * (gsize) height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guint8 *p = pixels + (gsize) y * (gsize) stride + (gsize) x * (gsize) channels;
        guint light = (p[0] * 77u + p[1] * 151u + p[2] * 28u) >> 8;
        guint alpha = has_alpha ? p[3] : 255;

        grey[(gsize) y * (gsize) width + (gsize) x]
            = (guint8) ((light * alpha + 255 * (255 - alpha)) / 255);
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
read_codes (GdkPixbuf *pixbuf)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  guint width = (guint) gdk_pixbuf_get_width (pixbuf);
  guint height = (guint) gdk_pixbuf_get_height (pixbuf);
  g_autofree guint8 *grey = make_grey (pixbuf);
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
  Source *source = task_data;
  g_autoptr (GBytes) picture = NULL;
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_auto (GStrv) codes = NULL;
  GError *error = NULL;

  if (source->picture != NULL)
    picture = g_bytes_ref (source->picture);
  else
    picture = load (source->file, cancellable, &error);
  if (picture != NULL)
    pixbuf = decode (picture, cancellable, &error);
  if (pixbuf == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  codes = read_codes (pixbuf);
  if (codes[0] == NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "No QR code");
  else
    g_task_return_pointer (task, g_steal_pointer (&codes), (GDestroyNotify) g_strfreev);
}

static void
start (Source *source, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, source, (GDestroyNotify) source_free);
  g_task_run_in_thread (task, scan_thread);
}

/**
 * kith_qr_scan_file_async:
 * @file: a PNG, JPEG or WebP picture
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
  Source *source = g_new0 (Source, 1);

  g_return_if_fail (G_IS_FILE (file));

  source->file = g_object_ref (file);
  start (source, cancellable, callback, user_data);
}

/**
 * kith_qr_scan_bytes_async:
 * @picture: what such a file has in it
 * @cancellable: (nullable): cancels it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * As kith_qr_scan_file_async(), for the clipboard.
 */
void
kith_qr_scan_bytes_async (GBytes *picture, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Source *source = g_new0 (Source, 1);

  g_return_if_fail (picture != NULL);

  source->picture = g_bytes_ref (picture);
  start (source, cancellable, callback, user_data);
}

/**
 * kith_qr_scan_finish:
 * @result: what the callback got
 * @error: KITH_ERROR_TOO_BIG, KITH_ERROR_INVALID (not a picture), KITH_ERROR_NOT_FOUND (no QR code
 *   in it), or those of GIO and GdkPixbuf
 *
 * Returns: (transfer full) (nullable): what the codes say, valid UTF-8, at least one
 */
char **
kith_qr_scan_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
