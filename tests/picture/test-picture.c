/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gio/gio.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-picture-clean.h"
#include "base/kith-picture-exif.h"
#include "base/kith-picture-header.h"
#include "base/kith-picture-reply.h"
#include "picture/kith-picture-job.h"
#include "picture/kith-picture-sandbox.h"
#include "picture/kith-picture-scale.h"

/* Pictures of people who mean no good (attack 25), those of people who do, and what is taken out of one's
 * own. In data/ there are pictures of 32 times 8 pixels, red on the left and blue on the right; those
 * that move are first red, then blue. */

#define SECRET "the place where it was taken"
#define WIDTH 32
#define HEIGHT 8

static const struct
{
  const char *name;
  KithPictureFormat format;
  guint n_frames;
} files[] = {
  { "two.png", KITH_PICTURE_PNG, 1 },          { "interlaced.png", KITH_PICTURE_PNG, 1 },
  { "two.jpg", KITH_PICTURE_JPEG, 1 },         { "progressive.jpg", KITH_PICTURE_JPEG, 1 },
  { "cmyk.jpg", KITH_PICTURE_JPEG, 1 },        { "two.webp", KITH_PICTURE_WEBP, 1 },
  { "two.gif", KITH_PICTURE_GIF, 2 },          { "moving.webp", KITH_PICTURE_WEBP, 2 },
};

static GBytes *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "picture", "data", name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize len;

  g_file_get_contents (path, &data, &len, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (data, len);
}

static KithPictureVerdict
judge (const guint8 *data, gsize len, KithPictureHeader *header)
{
  /* Where the sanitizer sees every byte that is read beyond. */
  g_autofree guint8 *copy = g_memdup2 (data, len);

  return kith_picture_header_read (header, copy, len);
}

/* --- Making pictures ------------------------------------------------------------------------ */

static void
put (GByteArray *out, const void *bytes, gsize len)
{
  g_byte_array_append (out, bytes, (guint) len);
}

static void
put_be32 (GByteArray *out, guint32 value)
{
  guint32 be = GUINT32_TO_BE (value);

  put (out, &be, 4);
}

static void
put_le32 (GByteArray *out, guint32 value)
{
  guint32 le = GUINT32_TO_LE (value);

  put (out, &le, 4);
}

/* Without a right checksum: only its header is ever read. */
static GByteArray *
make_png (guint32 width, guint32 height)
{
  GByteArray *png = g_byte_array_new ();

  put (png, "\x89PNG\r\n\x1a\n", 8);
  put_be32 (png, 13);
  put (png, "IHDR", 4);
  put_be32 (png, width);
  put_be32 (png, height);
  put (png, "\x08\x06\0\0\0\0\0\0\0", 9);
  put_be32 (png, 0);
  put (png, "IDAT\0\0\0\0", 8);

  return png;
}

static GByteArray *
make_jpeg (guint16 width, guint16 height)
{
  GByteArray *jpeg = g_byte_array_new ();
  const guint8 frame[] = { 0xff, 0xc0, 0, 11, 8, (guint8) (height >> 8), (guint8) height,
                           (guint8) (width >> 8), (guint8) width, 1, 1, 0x11, 0 };

  put (jpeg, "\xff\xd8\xff\xfe\0\x04hi", 8);
  put (jpeg, frame, sizeof frame);

  return jpeg;
}

static GByteArray *
make_gif (guint n_frames)
{
  GByteArray *gif = g_byte_array_new ();

  put (gif, "GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff", 19);
  for (guint i = 0; i < n_frames; i++)
    put (gif, "\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0", 15);
  put (gif, ";", 1);

  return gif;
}

static GByteArray *
make_webp (guint32 width, guint32 height)
{
  GByteArray *webp = g_byte_array_new ();

  put (webp, "RIFF", 4);
  put_le32 (webp, 22);
  put (webp, "WEBPVP8X", 8);
  put_le32 (webp, 10);
  put (webp, "\0\0\0\0", 4);
  put_le32 (webp, (width - 1) | (height - 1) << 24);
  put (webp, (guint8[]){ (guint8) ((height - 1) >> 8), (guint8) ((height - 1) >> 16) }, 2);

  return webp;
}

static GBytes *
put_between (GBytes *file, gsize at, const void *bytes, gsize len)
{
  GByteArray *out = g_byte_array_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  put (out, data, at);
  put (out, bytes, len);
  put (out, data + at, size - at);

  return g_byte_array_free_to_bytes (out);
}

/* --- Headers -------------------------------------------------------------------------------- */

static void
test_header (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) file = load (files[i].name);
      KithPictureHeader header;
      gsize len;
      const guint8 *data = g_bytes_get_data (file, &len);

      g_assert_cmpint (judge (data, len, &header), ==, KITH_PICTURE_FINE);
      g_assert_cmpint (header.format, ==, files[i].format);
      g_assert_cmpuint (header.width, ==, WIDTH);
      g_assert_cmpuint (header.height, ==, HEIGHT);
      g_assert_cmpuint (header.n_frames, ==, files[i].n_frames);
      g_assert_cmpuint (header.orientation, ==, 1);
    }
}

typedef struct
{
  const char *what;
  GByteArray *file; /* (owned) */
  KithPictureVerdict verdict;
} Case;

static GByteArray *
make_text (const char *text)
{
  GByteArray *file = g_byte_array_new ();

  put (file, text, strlen (text));

  return file;
}

static GByteArray *
make_big (void)
{
  GByteArray *png = make_png (1, 1);

  g_byte_array_set_size (png, KITH_LIMIT_SHOWN_PICTURE_BYTES + 1);

  return png;
}

static void
test_bombs (void)
{
  Case cases[] = {
    { "50,000 times 50,000", make_png (50000, 50000), KITH_PICTURE_TOO_BIG },
    { "as many as may be", make_png (4096, 4096), KITH_PICTURE_FINE },
    { "one more", make_png (4096, 4097), KITH_PICTURE_TOO_BIG },
    { "one line", make_png (32768, 1), KITH_PICTURE_TOO_BIG },
    { "a size that overflows", make_png (G_MAXUINT32, G_MAXUINT32), KITH_PICTURE_TOO_BIG },
    { "nothing", make_png (0, 1), KITH_PICTURE_DAMAGED },
    { "a big JPEG", make_jpeg (65535, 65535), KITH_PICTURE_TOO_BIG },
    { "a JPEG of no height", make_jpeg (10, 0), KITH_PICTURE_DAMAGED },
    { "a big WebP", make_webp (16383, 16383), KITH_PICTURE_TOO_BIG },
    { "10,000 frames", make_gif (10000), KITH_PICTURE_TOO_LONG },
    { "as many frames as may be", make_gif (200), KITH_PICTURE_FINE },
    { "one more frame", make_gif (201), KITH_PICTURE_TOO_LONG },
    { "no frame", make_gif (0), KITH_PICTURE_DAMAGED },
    { "too many bytes", make_big (), KITH_PICTURE_TOO_BIG },
    { "an SVG that fetches", make_text ("<svg xmlns='http://www.w3.org/2000/svg'><image href="
                                        "'http://192.0.2.1/'/></svg>"), KITH_PICTURE_NOT_KNOWN },
    { "a program called .png", make_text ("\x7f" "ELF\x02\x01\x01"), KITH_PICTURE_NOT_KNOWN },
    { "a TIFF", make_text ("II*"), KITH_PICTURE_NOT_KNOWN },
    { "nothing at all", make_text (""), KITH_PICTURE_NOT_KNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KithPictureHeader header;

      g_test_message ("%s", cases[i].what);
      g_assert_cmpint (judge (cases[i].file->data, cases[i].file->len, &header), ==, cases[i].verdict);
      g_byte_array_unref (cases[i].file);
    }
}

/* --- Decoding ------------------------------------------------------------------------------- */

static gboolean
collect_cb (const guint8 *bytes, gsize len, gpointer user_data)
{
  put (user_data, bytes, len);

  return TRUE;
}

static GByteArray *
decode (const guint8 *data, gsize len, guint side, guint frames, KithPictureReply *reply)
{
  GByteArray *answer = g_byte_array_new ();
  g_autofree guint8 *copy = g_memdup2 (data, len);

  kith_picture_job_run (copy, len, side, frames, collect_cb, answer);
  g_assert_cmpuint (answer->len, >=, KITH_PICTURE_REPLY_BYTES);
  g_assert_true (kith_picture_reply_parse (reply, answer->data));

  return answer;
}

static GByteArray *
decode_bytes (GBytes *file, guint side, guint frames, KithPictureReply *reply)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (file, &len);

  return decode (data, len, side, frames, reply);
}

/* Pixel @x, @y of frame @n. */
static const guint8 *
get_pixel (GByteArray *answer, const KithPictureReply *reply, guint n, guint x, guint y)
{
  gsize frame = 4 + kith_picture_reply_frame_size (reply);
  gsize at = KITH_PICTURE_REPLY_BYTES + n * frame + 4 + (y * reply->frame_width + x) * 4;

  g_assert_cmpuint (at + 4, <=, answer->len);

  return answer->data + at;
}

static gboolean
is_red (const guint8 *pixel)
{
  return pixel[0] > 180 && pixel[2] < 80 && pixel[3] == 255;
}

static gboolean
is_blue (const guint8 *pixel)
{
  return pixel[2] > 100 && pixel[0] < 90 && pixel[3] == 255;
}

static void
test_decode (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) file = load (files[i].name);
      KithPictureReply reply;
      g_autoptr (GByteArray) answer = decode_bytes (file, 1000, 200, &reply);
      gboolean moves = files[i].n_frames > 1;

      g_test_message ("%s", files[i].name);
      g_assert_cmpint (reply.verdict, ==, KITH_PICTURE_FINE);
      g_assert_cmpuint (reply.frame_width, ==, WIDTH);
      g_assert_cmpuint (reply.frame_height, ==, HEIGHT);
      g_assert_cmpuint (reply.n_frames, ==, files[i].n_frames);
      g_assert_true (is_red (get_pixel (answer, &reply, 0, 2, 4)));
      g_assert_true (is_blue (get_pixel (answer, &reply, moves ? 1 : 0, WIDTH - 3, 4)));
      g_assert_cmpuint (answer->len, ==, KITH_PICTURE_REPLY_BYTES
                                             + files[i].n_frames * (4 + WIDTH * HEIGHT * 4));
    }
}

static void
test_delays (void)
{
  g_autoptr (GBytes) file = load ("two.gif");
  KithPictureReply reply;
  g_autoptr (GByteArray) answer = decode_bytes (file, 1000, 200, &reply);
  KithReader reader;

  kith_reader_init (&reader, answer->data + KITH_PICTURE_REPLY_BYTES, 4);
  g_assert_cmpuint (kith_reader_u32 (&reader), ==, 70);
}

static void
test_smaller (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) file = load (files[i].name);
      KithPictureReply reply;
      g_autoptr (GByteArray) answer = decode_bytes (file, 8, 1, &reply);

      g_assert_cmpint (reply.verdict, ==, KITH_PICTURE_FINE);
      g_assert_cmpuint (reply.width, ==, WIDTH);
      g_assert_cmpuint (reply.frame_width, ==, 8);
      g_assert_cmpuint (reply.frame_height, ==, 2);
      g_assert_cmpuint (reply.n_frames, ==, 1);
      g_assert_true (is_red (get_pixel (answer, &reply, 0, 0, 0)));
    }
}

static void
test_clear (void)
{
  g_autoptr (GBytes) file = load ("clear.png");
  KithPictureReply reply;
  g_autoptr (GByteArray) answer = decode_bytes (file, 1000, 1, &reply);

  g_assert_cmpmem (get_pixel (answer, &reply, 0, 0, 0), 4, "\0\0\0\0", 4);
}

static void
test_scale (void)
{
  const guint8 checks[] = { 255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 255 };
  g_autofree guint8 *one = kith_picture_scale (checks, 2, 2, 1, 1);
  const guint8 row[] = { 90, 0, 0, 255, 0, 90, 0, 255, 0, 0, 90, 255 };
  g_autofree guint8 *two = kith_picture_scale (row, 3, 1, 2, 1);

  g_assert_cmpuint (one[0], >=, 126);
  g_assert_cmpuint (one[0], <=, 128);
  g_assert_cmpuint (one[3], ==, 255);
  /* One and a half pixels each. */
  g_assert_cmpuint (two[0], ==, 60);
  g_assert_cmpuint (two[1], >=, 29);
  g_assert_cmpuint (two[2], ==, 0);
  g_assert_cmpuint (two[4 + 2], >=, 59);
}

static GBytes *
turn (GBytes *jpeg, guint8 orientation)
{
  guint8 exif[KITH_PICTURE_EXIF_BYTES];
  g_autoptr (GByteArray) segment = g_byte_array_new ();

  kith_picture_exif_write (exif, orientation);
  put (segment, "\xff\xe1\0\x22" "Exif\0\0", 10);
  put (segment, exif, sizeof exif);

  return put_between (jpeg, 2, segment->data, segment->len);
}

/* Where red is to be found then. */
static void
test_orientation (void)
{
  static const struct
  {
    gboolean lies;
    gboolean is_first; /* left, or above */
  } expected[] = { { FALSE, TRUE }, { FALSE, FALSE }, { FALSE, FALSE }, { FALSE, TRUE },
                   { TRUE, TRUE },  { TRUE, TRUE },   { TRUE, FALSE },  { TRUE, FALSE } };
  g_autoptr (GBytes) plain = load ("two.jpg");

  for (guint8 i = 1; i <= 8; i++)
    {
      g_autoptr (GBytes) file = turn (plain, i);
      KithPictureReply reply;
      g_autoptr (GByteArray) answer = decode_bytes (file, 1000, 1, &reply);
      gboolean lies = expected[i - 1].lies;
      guint far_x = reply.frame_width - 1, far_y = reply.frame_height - 1;

      g_assert_cmpuint (reply.width, ==, lies ? HEIGHT : WIDTH);
      g_assert_cmpuint (reply.height, ==, lies ? WIDTH : HEIGHT);
      g_assert_cmpint (is_red (get_pixel (answer, &reply, 0, 0, 0)), ==, expected[i - 1].is_first);
      g_assert_cmpint (is_red (get_pixel (answer, &reply, 0, far_x, far_y)), ==,
                       !expected[i - 1].is_first);
    }
}

/* Each picture cut off at every length, and with every byte wrong: an answer within the limits, always. */
static void
test_garbage (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) file = load (files[i].name);
      gsize len;
      const guint8 *data = g_bytes_get_data (file, &len);
      g_autofree guint8 *copy = g_memdup2 (data, len);

      for (gsize n = 0; n < len; n++)
        {
          KithPictureReply reply;

          g_byte_array_unref (decode (data, n, 16, 3, &reply));
          copy[n] ^= 0xff;
          g_byte_array_unref (decode (copy, len, 16, 3, &reply));
          copy[n] ^= 0xff ^ 0x01;
          g_byte_array_unref (decode (copy, len, 16, 3, &reply));
          copy[n] ^= 0x01;
        }
    }
}

static void
test_reply (void)
{
  static const struct
  {
    KithPictureReply reply;
    gboolean is_good;
  } replies[] = {
    { { KITH_PICTURE_FINE, 10, 10, 10, 10, 1 }, TRUE },
    { { KITH_PICTURE_TOO_BIG, 0, 0, 0, 0, 0 }, TRUE },
    { { KITH_PICTURE_FINE, 10, 10, 0, 10, 1 }, FALSE },
    { { KITH_PICTURE_FINE, 10, 10, 10, 10, 0 }, FALSE },
    { { KITH_PICTURE_FINE, 10, 10, 10, 10, 201 }, FALSE },
    { { KITH_PICTURE_FINE, 4096, 4096, 4096, 4096, 1 }, TRUE },
    { { KITH_PICTURE_FINE, 4096, 4096, 4096, 4096, 2 }, FALSE },
    { { KITH_PICTURE_FINE, 30000, 30000, 30000, 30000, 1 }, FALSE },
    { { KITH_PICTURE_FINE, 10, 10, G_MAXUINT32, G_MAXUINT32, 1 }, FALSE },
    { { (KithPictureVerdict) 99, 10, 10, 10, 10, 1 }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      guint8 bytes[KITH_PICTURE_REPLY_BYTES];
      KithPictureReply parsed;

      kith_picture_reply_encode (&replies[i].reply, bytes);
      g_assert_cmpint (kith_picture_reply_parse (&parsed, bytes), ==, replies[i].is_good);
      bytes[0] ^= 1;
      g_assert_false (kith_picture_reply_parse (&parsed, bytes));
    }
}

/* --- Cleaning ------------------------------------------------------------------------------- */

static gboolean
contains (GBytes *file, const char *text)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (file, &len);

  return memmem (data, len, text, strlen (text)) != NULL;
}

static void
put_png_chunk (GByteArray *out, const char *type, const char *content)
{
  put_be32 (out, (guint32) strlen (content));
  put (out, type, 4);
  put (out, content, strlen (content));
  put_be32 (out, 0); /* a wrong checksum: libpng passes over those of what it does not need */
}

static GBytes *
spoil_png (GBytes *file)
{
  g_autoptr (GByteArray) chunks = g_byte_array_new ();
  g_autoptr (GBytes) inside = NULL;

  put_png_chunk (chunks, "tEXt", "Author\1" SECRET);
  put_png_chunk (chunks, "iTXt", SECRET);
  put_png_chunk (chunks, "zTXt", SECRET);
  put_png_chunk (chunks, "eXIf", SECRET);
  put_png_chunk (chunks, "tIME", SECRET);
  put_png_chunk (chunks, "prVt", SECRET);
  inside = put_between (file, 33, chunks->data, chunks->len);

  return put_between (inside, g_bytes_get_size (inside), SECRET, strlen (SECRET));
}

static void
put_jpeg_segment (GByteArray *out, guint8 marker, const char *start, gsize start_len)
{
  guint len = 2 + (guint) start_len + (guint) strlen (SECRET);
  const guint8 head[] = { 0xff, marker, (guint8) (len >> 8), (guint8) len };

  put (out, head, sizeof head);
  put (out, start, start_len);
  put (out, SECRET, strlen (SECRET));
}

static GBytes *
spoil_jpeg (GBytes *file)
{
  g_autoptr (GByteArray) segments = g_byte_array_new ();
  g_autoptr (GBytes) inside = NULL;

  put_jpeg_segment (segments, 0xe1, "Exif\0\0", 6);
  put_jpeg_segment (segments, 0xe1, "http://ns.adobe.com/xap/1.0/\0", 29);
  put_jpeg_segment (segments, 0xe0, "JFXX\0\x10", 6);
  put_jpeg_segment (segments, 0xe2, "MPF\0", 4);
  put_jpeg_segment (segments, 0xed, "Photoshop 3.0\0", 14);
  put_jpeg_segment (segments, 0xef, "", 0);
  put_jpeg_segment (segments, 0xfe, "", 0);
  inside = put_between (file, 2, segments->data, segments->len);

  /* As telephones do with a film. */
  return put_between (inside, g_bytes_get_size (inside), SECRET, strlen (SECRET));
}

static GBytes *
spoil_webp (GBytes *file)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize len;
  const guint8 *data = g_bytes_get_data (file, &len);

  put (out, data, len);
  for (guint i = 0; i < 3; i++)
    {
      put (out, ((const char *[]){ "EXIF", "XMP ", "PRIV" })[i], 4);
      put_le32 (out, (guint32) strlen (SECRET));
      put (out, SECRET, strlen (SECRET));
      g_assert_cmpuint (strlen (SECRET) % 2, ==, 0);
    }
  for (guint i = 0; i < 4; i++)
    out->data[4 + i] = (guint8) ((out->len - 8) >> 8 * i);

  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static GBytes *
spoil_gif (GBytes *file)
{
  g_autoptr (GByteArray) blocks = g_byte_array_new ();
  guint8 len = (guint8) strlen (SECRET);
  gsize size = g_bytes_get_size (file);
  g_autoptr (GBytes) inside = NULL;

  put (blocks, "!\xfe", 2);
  put (blocks, &len, 1);
  put (blocks, SECRET, len);
  put (blocks, "\0!\xff\x0bXMP DataXMP", 15);
  put (blocks, &len, 1);
  put (blocks, SECRET, len);
  put (blocks, "\0", 1);
  inside = put_between (file, size - 1, blocks->data, blocks->len);

  return put_between (inside, g_bytes_get_size (inside), SECRET, len);
}

static GBytes *
spoil (GBytes *file, KithPictureFormat format)
{
  switch (format)
    {
    case KITH_PICTURE_PNG:
      return spoil_png (file);
    case KITH_PICTURE_JPEG:
      return spoil_jpeg (file);
    case KITH_PICTURE_WEBP:
      return spoil_webp (file);
    case KITH_PICTURE_GIF:
      return spoil_gif (file);
    case KITH_PICTURE_OTHER:
      break;
    }

  g_assert_not_reached ();
}

static void
test_clean (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) file = load (files[i].name);
      g_autoptr (GBytes) spoilt = spoil (file, files[i].format);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) cleaned = kith_picture_clean (spoilt, &error);
      g_autoptr (GBytes) again = NULL;
      KithPictureReply reply;
      g_autoptr (GByteArray) before = NULL;
      g_autoptr (GByteArray) after = NULL;

      g_test_message ("%s", files[i].name);
      g_assert_no_error (error);
      g_assert_true (contains (spoilt, SECRET));
      g_assert_false (contains (cleaned, SECRET));

      /* Not one pixel is another one. */
      before = decode_bytes (file, 1000, 200, &reply);
      g_assert_cmpint (reply.verdict, ==, KITH_PICTURE_FINE);
      after = decode_bytes (cleaned, 1000, 200, &reply);
      g_assert_cmpint (reply.verdict, ==, KITH_PICTURE_FINE);
      g_assert_cmpmem (before->data, before->len, after->data, after->len);

      again = kith_picture_clean (cleaned, NULL);
      g_assert_true (g_bytes_equal (again, cleaned));
    }
}

static void
test_clean_orientation (void)
{
  g_autoptr (GBytes) plain = load ("two.jpg");

  for (guint8 i = 1; i <= 8; i++)
    {
      g_autoptr (GBytes) file = turn (plain, i);
      g_autoptr (GBytes) spoilt = spoil_jpeg (file);
      g_autoptr (GBytes) cleaned = NULL;
      KithPictureHeader header;
      gsize len;
      const guint8 *data;

      /* The last that is there counts: spoil_jpeg() puts its own first. */
      cleaned = kith_picture_clean (spoilt, NULL);
      data = g_bytes_get_data (cleaned, &len);
      g_assert_false (contains (cleaned, SECRET));
      g_assert_cmpint (kith_picture_header_read (&header, data, len), ==, KITH_PICTURE_FINE);
      g_assert_cmpuint (header.orientation, ==, i);
      g_assert_cmpint (contains (cleaned, "Exif"), ==, i != 1);
    }
}

/* What cannot be followed to its end is not called clean. */
static void
test_clean_garbage (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) file = load (files[i].name);
      g_autoptr (GBytes) spoilt = spoil (file, files[i].format);
      gsize len;
      const guint8 *data = g_bytes_get_data (spoilt, &len);

      for (gsize n = 0; n < len; n++)
        {
          g_autoptr (GBytes) cut = g_bytes_new (data, n);
          g_autofree guint8 *wrong = g_memdup2 (data, len);
          g_autoptr (GBytes) flipped = NULL;
          g_autoptr (GBytes) cleaned_cut = kith_picture_clean (cut, NULL);
          g_autoptr (GBytes) cleaned = NULL;

          wrong[n] ^= 0xff;
          flipped = g_bytes_new (wrong, len);
          cleaned = kith_picture_clean (flipped, NULL);
          g_assert_true (cleaned_cut == NULL || !contains (cleaned_cut, SECRET));
          g_assert_true (cleaned == NULL || g_bytes_get_size (cleaned) <= len + 64);
        }
    }
}

static void
test_clean_others (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("hello", 5);
  g_autoptr (GError) error = NULL;

  g_assert_null (kith_picture_clean (text, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
}

/* --- The process ---------------------------------------------------------------------------- */

static guint8 *
run (GBytes *file, const char *side, const char *frames, gsize *len)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                              g_getenv ("KITH_PICTURE"), side, frames, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (process, file, NULL, &answer, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));

  return g_bytes_unref_to_data (g_steal_pointer (&answer), len);
}

static void
test_process (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) file = load (files[i].name);
      KithPictureReply reply;
      g_autoptr (GByteArray) here = decode_bytes (file, 1000, 200, &reply);
      gsize len;
      g_autofree guint8 *there = run (file, "1000", "200", &len);

      g_assert_cmpmem (there, len, here->data, here->len);
    }
}

static void
test_process_bombs (void)
{
  GByteArray *bombs[] = { make_png (50000, 50000), make_gif (10000), make_text ("<svg/>"), make_big () };
  static const KithPictureVerdict verdicts[]
      = { KITH_PICTURE_TOO_BIG, KITH_PICTURE_TOO_LONG, KITH_PICTURE_NOT_KNOWN, KITH_PICTURE_TOO_BIG };

  /* It does not read to the end of what is too much. */
  signal (SIGPIPE, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (bombs); i++)
    {
      g_autoptr (GBytes) file = g_byte_array_free_to_bytes (bombs[i]);
      KithPictureReply reply;
      gsize len;
      g_autofree guint8 *answer = run (file, "320", "1", &len);

      g_assert_cmpuint (len, ==, KITH_PICTURE_REPLY_BYTES);
      g_assert_true (kith_picture_reply_parse (&reply, answer));
      g_assert_cmpint (reply.verdict, ==, verdicts[i]);
    }
}

/* What a decoder that was led astray would try. */
typedef enum
{
  ASTRAY_NOT,
  ASTRAY_FILE,
  ASTRAY_NETWORK,
  ASTRAY_PROCESS,
  ASTRAY_PROGRAM,
  ASTRAY_ERRORS,
} Astray;

static int
go_astray (Astray way)
{
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      if (!kith_picture_sandbox_enter ())
        _exit (2);
      switch (way)
        {
        case ASTRAY_NOT:
          g_free (g_malloc0 (1024 * 1024));
          break;
        case ASTRAY_FILE:
          open ("/etc/passwd", O_RDONLY);
          break;
        case ASTRAY_NETWORK:
          socket (AF_INET, SOCK_STREAM, 0);
          break;
        case ASTRAY_PROCESS:
          fork ();
          break;
        case ASTRAY_PROGRAM:
          execl ("/bin/true", "true", NULL);
          break;
        case ASTRAY_ERRORS:
          if (write (STDERR_FILENO, "x", 1) < 0)
            _exit (3);
          break;
        }
      _exit (0);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);

  return status;
}

static void
test_sandbox (void)
{
  int status = go_astray (ASTRAY_NOT);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  for (Astray way = ASTRAY_FILE; way <= ASTRAY_ERRORS; way++)
    {
      status = go_astray (way);
      g_assert_true (WIFSIGNALED (status));
      g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/picture/header/fine", test_header);
  g_test_add_func ("/picture/header/bombs", test_bombs);
  g_test_add_func ("/picture/decode/all", test_decode);
  g_test_add_func ("/picture/decode/delays", test_delays);
  g_test_add_func ("/picture/decode/smaller", test_smaller);
  g_test_add_func ("/picture/decode/transparent", test_clear);
  g_test_add_func ("/picture/decode/scale", test_scale);
  g_test_add_func ("/picture/decode/orientation", test_orientation);
  g_test_add_func ("/picture/decode/garbage", test_garbage);
  g_test_add_func ("/picture/reply", test_reply);
  g_test_add_func ("/picture/clean/all", test_clean);
  g_test_add_func ("/picture/clean/orientation", test_clean_orientation);
  g_test_add_func ("/picture/clean/garbage", test_clean_garbage);
  g_test_add_func ("/picture/clean/others", test_clean_others);
  g_test_add_func ("/picture/process/all", test_process);
  g_test_add_func ("/picture/process/bombs", test_process_bombs);
  g_test_add_func ("/picture/process/sandbox", test_sandbox);

  return g_test_run ();
}
