/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures, before anybody decodes them: the header, which the window reads itself, what a camera wrote
 * beside the picture, taking that out; and the answer of the process that decodes. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-gif-blocks.h"
#include "base/kith-picture-clean.h"
#include "base/kith-picture-exif.h"
#include "base/kith-picture-header.h"
#include "base/kith-picture-reply.h"
#include "kith-fuzz.h"

static void
check_header (const KithPictureHeader *header)
{
  guint32 width;
  guint32 height;

  kith_picture_header_get_size (header, &width, &height);
  kith_fuzz_check (header->n_frames >= 1 && header->width > 0 && header->height > 0);
  kith_fuzz_check (header->orientation >= 1 && header->orientation <= 8);
  kith_fuzz_check ((guint64) width * height == (guint64) header->width * header->height);
}

/* What was cleaned is the same picture, and stays as it is when it is cleaned again. */
static void
try_clean (const KithPictureHeader *header, const guint8 *data, gsize size)
{
  g_autoptr (GBytes) picture = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) clean = kith_picture_clean (picture, &error);
  g_autoptr (GBytes) again = NULL;
  KithPictureHeader after;

  kith_fuzz_check ((clean == NULL) == (error != NULL));
  if (clean == NULL)
    return;

  kith_fuzz_check (kith_picture_find_format (g_bytes_get_data (clean, NULL), g_bytes_get_size (clean))
                   == kith_picture_find_format (data, size));
  if (header == NULL)
    return;

  if (kith_picture_header_read (&after, g_bytes_get_data (clean, NULL), g_bytes_get_size (clean))
      == KITH_PICTURE_FINE)
    kith_fuzz_check (after.format == header->format && after.width == header->width
                     && after.height == header->height && after.orientation == header->orientation);
  again = kith_picture_clean (clean, NULL);
  kith_fuzz_check (again != NULL && g_bytes_equal (again, clean));
}

static void
try_exif (const guint8 *data, gsize size)
{
  guint8 orientation = kith_picture_exif_read (data, size);
  guint8 written[KITH_PICTURE_EXIF_BYTES];

  kith_fuzz_check (orientation >= 1 && orientation <= 8);
  kith_picture_exif_write (written, orientation);
  kith_fuzz_check (kith_picture_exif_read (written, sizeof written) == orientation);
}

static void
try_gif (const guint8 *data, gsize size)
{
  KithReader reader;

  kith_reader_init (&reader, data, size);
  kith_gif_skip_colours (&reader, size > 0 ? data[0] : 0);
  kith_gif_skip_blocks (&reader);
  kith_fuzz_check (reader.offset <= size);
}

static void
try_reply (const guint8 *data, gsize size)
{
  guint8 bytes[KITH_PICTURE_REPLY_BYTES] = { 0 };
  guint8 again[KITH_PICTURE_REPLY_BYTES];
  KithPictureReply reply;

  memcpy (bytes, data, MIN (size, sizeof bytes));
  if (!kith_picture_reply_parse (&reply, bytes))
    return;

  kith_fuzz_check (reply.verdict != KITH_PICTURE_FINE || kith_picture_reply_frame_size (&reply) > 0);
  kith_picture_reply_encode (&reply, again);
  kith_fuzz_check (memcmp (again, bytes, sizeof bytes) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  KithPictureHeader header;
  gboolean is_fine = kith_picture_header_read (&header, data, size) == KITH_PICTURE_FINE;

  kith_picture_find_format (data, size);
  if (is_fine)
    {
      check_header (&header);
      kith_fuzz_check (kith_picture_format_get_type (header.format) != NULL);
    }
  try_clean (is_fine ? &header : NULL, data, size);
  try_exif (data, size);
  try_gif (data, size);
  try_reply (data, size);
  return 0;
}
