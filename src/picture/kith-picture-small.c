/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the picture of a group out of any picture: its middle, a small JPEG without anything else in it. */
#define G_LOG_DOMAIN "kith-picture"

#include "config.h"

#include "picture/kith-picture-small.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "base/kith-limits.h"

#define PIXEL KITH_PICTURE_PIXEL_BYTES
#define RGB 3
#define DELAY_BYTES 4

/* --- The middle ------------------------------------------------------------------------------ */

static gboolean
collect_cb (const guint8 *bytes, gsize len, gpointer user_data)
{
  g_byte_array_append (user_data, bytes, (guint) len);
  return TRUE;
}

/* The shorter side gets as long as the square; nothing is made bigger. */
static guint32
find_max_side (const KithPictureHeader *header)
{
  guint64 longer = MAX (header->width, header->height);
  guint64 shorter = MIN (header->width, header->height);
  guint64 side = MIN (shorter, KITH_LIMIT_GROUP_PICTURE_PIXELS);

  return (guint32) CLAMP ((longer * side + shorter - 1) / shorter, 1,
                          KITH_LIMIT_SHOWN_PICTURE_SIDE_PIXELS);
}

/* What can be seen through becomes white: a JPEG has no alpha. */
static void
take_middle (const guint8 *frame, const KithPictureReply *reply, guint32 side, guint8 *rgb)
{
  guint32 left = (reply->frame_width - side) / 2;
  guint32 top = (reply->frame_height - side) / 2;

  for (guint32 y = 0; y < side; y++)
    for (guint32 x = 0; x < side; x++)
      {
        const guint8 *pixel = frame + ((gsize) (top + y) * reply->frame_width + left + x) * PIXEL;

        for (guint c = 0; c < RGB; c++)
          *rgb++ = (guint8) MIN (255, pixel[c] + (255 - pixel[3]));
      }
}

/* --- JPEG ------------------------------------------------------------------------------------ */

typedef struct
{
  struct jpeg_compress_struct encoder;
  struct jpeg_error_mgr errors;
  jmp_buf out;
  unsigned char *bytes; /* (owned) (nullable): from malloc() */
  unsigned long len;
  gboolean done;
} Encoder;

static void G_GNUC_NORETURN
error_exit_cb (j_common_ptr common)
{
  Encoder *self = common->client_data;

  longjmp (self->out, 1);
}

static void
compress (Encoder *self, const guint8 *rgb, guint32 side, int quality)
{
  jpeg_mem_dest (&self->encoder, &self->bytes, &self->len);
  self->encoder.image_width = side;
  self->encoder.image_height = side;
  self->encoder.input_components = RGB;
  self->encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults (&self->encoder);
  jpeg_set_quality (&self->encoder, quality, TRUE);
  self->encoder.optimize_coding = TRUE;
  jpeg_start_compress (&self->encoder, TRUE);
  while (self->encoder.next_scanline < side)
    {
      JSAMPROW row = (JSAMPROW) (rgb + (gsize) self->encoder.next_scanline * side * RGB);

      jpeg_write_scanlines (&self->encoder, &row, 1);
    }
  jpeg_finish_compress (&self->encoder);
}

/* Returns: (transfer full) (nullable): the picture, if it is small enough */
static GByteArray *
encode (const guint8 *rgb, guint32 side, int quality)
{
  /* Not on the stack: what changes there is not kept by a jump. */
  Encoder *self = g_new0 (Encoder, 1);
  GByteArray *out = NULL;

  self->encoder.err = jpeg_std_error (&self->errors);
  self->errors.error_exit = error_exit_cb;
  self->encoder.client_data = self;
  if (setjmp (self->out) == 0)
    {
      jpeg_create_compress (&self->encoder);
      compress (self, rgb, side, quality);
      self->done = TRUE;
    }

  if (self->done && self->len <= KITH_LIMIT_GROUP_PICTURE_BYTES)
    out = g_byte_array_append (g_byte_array_new (), self->bytes, (guint) self->len);
  jpeg_destroy_compress (&self->encoder);
  free (self->bytes);
  g_free (self);

  return out;
}

/* As good as there is room for. Noise alone needs the last of these. */
static GByteArray *
encode_to_fit (const guint8 *rgb, guint32 side)
{
  static const int qualities[] = { 88, 80, 70, 60, 45, 30, 15, 5 };
  GByteArray *out = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (qualities) && out == NULL; i++)
    out = encode (rgb, side, qualities[i]);

  return out;
}

/* --- All of it ------------------------------------------------------------------------------- */

static gboolean
emit (GByteArray *picture, const KithPictureReply *whole, guint32 side, KithPictureSink sink,
      gpointer user_data)
{
  KithPictureReply reply = *whole;
  guint8 bytes[KITH_PICTURE_REPLY_BYTES];

  reply.frame_width = reply.frame_height = side;
  reply.n_frames = 1;
  kith_picture_reply_encode (&reply, bytes);
  return sink (bytes, sizeof bytes, user_data) && sink (picture->data, picture->len, user_data);
}

static gboolean
make (const GByteArray *answer, KithPictureSink sink, gpointer user_data)
{
  KithPictureReply reply;
  g_autofree guint8 *rgb = NULL;
  g_autoptr (GByteArray) picture = NULL;
  guint32 side;

  if (answer->len < KITH_PICTURE_REPLY_BYTES || !kith_picture_reply_parse (&reply, answer->data)
      || answer->len < KITH_PICTURE_REPLY_BYTES + DELAY_BYTES + kith_picture_reply_frame_size (&reply))
    return FALSE;

  side = MIN (MIN (reply.frame_width, reply.frame_height), KITH_LIMIT_GROUP_PICTURE_PIXELS);
  rgb = g_malloc ((gsize) side * side * RGB);
  take_middle (answer->data + KITH_PICTURE_REPLY_BYTES + DELAY_BYTES, &reply, side, rgb);
  picture = encode_to_fit (rgb, side);
  return picture != NULL && emit (picture, &reply, side, sink, user_data);
}

/**
 * kith_picture_small_run:
 * @data: (array length=len): a whole picture, of anybody
 * @len: its length in bytes
 * @sink: gets the answer: base/kith-picture-reply.h, but with the bytes of a JPEG in place of frames
 * @user_data: for @sink
 *
 * Returns: what the answer begins with
 */
KithPictureVerdict
kith_picture_small_run (const guint8 *data, gsize len, KithPictureSink sink, gpointer user_data)
{
  KithPictureReply refusal = { .verdict = KITH_PICTURE_FINE };
  KithPictureHeader header;
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  guint8 bytes[KITH_PICTURE_REPLY_BYTES];

  refusal.verdict = kith_picture_header_read (&header, data, len);
  if (refusal.verdict == KITH_PICTURE_FINE)
    refusal.verdict = kith_picture_job_run (data, len, find_max_side (&header), 1, collect_cb, answer);
  if (refusal.verdict == KITH_PICTURE_FINE)
    {
      if (make (answer, sink, user_data))
        return KITH_PICTURE_FINE;
      refusal.verdict = KITH_PICTURE_NOT_DECODED;
    }

  kith_picture_reply_encode (&refusal, bytes);
  sink (bytes, sizeof bytes, user_data);
  return refusal.verdict;
}
