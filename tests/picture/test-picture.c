/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-picture-clean.h"
#include "base/kith-picture-exif.h"
#include "base/kith-picture-header.h"
#include "base/kith-picture-reply.h"
#include "picture/kith-picture-job.h"
#include "picture/kith-picture-scale.h"
#include "picture/kith-picture-small.h"

#include "picture-files.h"

/* Pictures of people who mean no good (attack 25), those of people who do, and what is taken out of one's
 * own. */

#define SECRET "the place where it was taken"

static KithPictureVerdict
judge (const guint8 *data, gsize len, KithPictureHeader *header)
{
  /* Where the sanitizer sees every byte that is read beyond. */
  g_autofree guint8 *copy = g_memdup2 (data, len);

  return kith_picture_header_read (header, copy, len);
}

static GBytes *
put_between (GBytes *file, gsize at, const void *bytes, gsize len)
{
  GByteArray *out = g_byte_array_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  picture_put (out, data, at);
  picture_put (out, bytes, len);
  picture_put (out, data + at, size - at);

  return g_byte_array_free_to_bytes (out);
}

/* --- Headers -------------------------------------------------------------------------------- */

static void
test_header (void)
{
  for (guint i = 0; i < N_PICTURE_FILES; i++)
    {
      g_autoptr (GBytes) file = picture_load (picture_files[i].name);
      KithPictureHeader header;
      gsize len;
      const guint8 *data = g_bytes_get_data (file, &len);

      g_assert_cmpint (judge (data, len, &header), ==, KITH_PICTURE_FINE);
      g_assert_cmpint (header.format, ==, picture_files[i].format);
      g_assert_cmpuint (header.width, ==, PICTURE_WIDTH);
      g_assert_cmpuint (header.height, ==, PICTURE_HEIGHT);
      g_assert_cmpuint (header.n_frames, ==, picture_files[i].n_frames);
      g_assert_cmpuint (header.orientation, ==, 1);
    }
}

typedef struct
{
  const char *what;
  GByteArray *file; /* (owned) */
  KithPictureVerdict verdict;
} Case;

static void
test_bombs (void)
{
  Case cases[] = {
    { "50,000 times 50,000", picture_make_png (50000, 50000), KITH_PICTURE_TOO_BIG },
    { "as many as may be", picture_make_png (4096, 4096), KITH_PICTURE_FINE },
    { "one more", picture_make_png (4096, 4097), KITH_PICTURE_TOO_BIG },
    { "one line", picture_make_png (32768, 1), KITH_PICTURE_TOO_BIG },
    { "a size that overflows", picture_make_png (G_MAXUINT32, G_MAXUINT32), KITH_PICTURE_TOO_BIG },
    { "nothing", picture_make_png (0, 1), KITH_PICTURE_DAMAGED },
    { "a big JPEG", picture_make_jpeg (65535, 65535), KITH_PICTURE_TOO_BIG },
    { "a JPEG of no height", picture_make_jpeg (10, 0), KITH_PICTURE_DAMAGED },
    { "a big WebP", picture_make_webp (16383, 16383), KITH_PICTURE_TOO_BIG },
    { "10,000 frames", picture_make_gif (10000), KITH_PICTURE_TOO_LONG },
    { "as many frames as may be", picture_make_gif (200), KITH_PICTURE_FINE },
    { "one more frame", picture_make_gif (201), KITH_PICTURE_TOO_LONG },
    { "no frame", picture_make_gif (0), KITH_PICTURE_DAMAGED },
    { "too many bytes", picture_make_big (), KITH_PICTURE_TOO_BIG },
    { "an SVG that fetches", picture_make_text ("<svg xmlns='http://www.w3.org/2000/svg'><image href="
                                        "'http://192.0.2.1/'/></svg>"), KITH_PICTURE_NOT_KNOWN },
    { "a program called .png", picture_make_text ("\x7f" "ELF\x02\x01\x01"), KITH_PICTURE_NOT_KNOWN },
    { "a TIFF", picture_make_text ("II*"), KITH_PICTURE_NOT_KNOWN },
    { "nothing at all", picture_make_text (""), KITH_PICTURE_NOT_KNOWN },
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
  picture_put (user_data, bytes, len);

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
  for (guint i = 0; i < N_PICTURE_FILES; i++)
    {
      g_autoptr (GBytes) file = picture_load (picture_files[i].name);
      KithPictureReply reply;
      g_autoptr (GByteArray) answer = decode_bytes (file, 1000, 200, &reply);
      gboolean moves = picture_files[i].n_frames > 1;

      g_test_message ("%s", picture_files[i].name);
      g_assert_cmpint (reply.verdict, ==, KITH_PICTURE_FINE);
      g_assert_cmpuint (reply.frame_width, ==, PICTURE_WIDTH);
      g_assert_cmpuint (reply.frame_height, ==, PICTURE_HEIGHT);
      g_assert_cmpuint (reply.n_frames, ==, picture_files[i].n_frames);
      g_assert_true (is_red (get_pixel (answer, &reply, 0, 2, 4)));
      g_assert_true (is_blue (get_pixel (answer, &reply, moves ? 1 : 0, PICTURE_WIDTH - 3, 4)));
      g_assert_cmpuint (answer->len, ==, KITH_PICTURE_REPLY_BYTES
                                             + picture_files[i].n_frames * (4 + PICTURE_WIDTH * PICTURE_HEIGHT * 4));
    }
}

static void
test_delays (void)
{
  g_autoptr (GBytes) file = picture_load ("two.gif");
  KithPictureReply reply;
  g_autoptr (GByteArray) answer = decode_bytes (file, 1000, 200, &reply);
  KithReader reader;

  kith_reader_init (&reader, answer->data + KITH_PICTURE_REPLY_BYTES, 4);
  g_assert_cmpuint (kith_reader_u32 (&reader), ==, 70);
}

static void
test_smaller (void)
{
  for (guint i = 0; i < N_PICTURE_FILES; i++)
    {
      g_autoptr (GBytes) file = picture_load (picture_files[i].name);
      KithPictureReply reply;
      g_autoptr (GByteArray) answer = decode_bytes (file, 8, 1, &reply);

      g_assert_cmpint (reply.verdict, ==, KITH_PICTURE_FINE);
      g_assert_cmpuint (reply.width, ==, PICTURE_WIDTH);
      g_assert_cmpuint (reply.frame_width, ==, 8);
      g_assert_cmpuint (reply.frame_height, ==, 2);
      g_assert_cmpuint (reply.n_frames, ==, 1);
      g_assert_true (is_red (get_pixel (answer, &reply, 0, 0, 0)));
    }
}

static void
test_clear (void)
{
  g_autoptr (GBytes) file = picture_load ("clear.png");
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
  picture_put (segment, "\xff\xe1\0\x22" "Exif\0\0", 10);
  picture_put (segment, exif, sizeof exif);

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
  g_autoptr (GBytes) plain = picture_load ("two.jpg");

  for (guint8 i = 1; i <= 8; i++)
    {
      g_autoptr (GBytes) file = turn (plain, i);
      KithPictureReply reply;
      g_autoptr (GByteArray) answer = decode_bytes (file, 1000, 1, &reply);
      gboolean lies = expected[i - 1].lies;
      guint far_x = reply.frame_width - 1, far_y = reply.frame_height - 1;

      g_assert_cmpuint (reply.width, ==, lies ? PICTURE_HEIGHT : PICTURE_WIDTH);
      g_assert_cmpuint (reply.height, ==, lies ? PICTURE_WIDTH : PICTURE_HEIGHT);
      g_assert_cmpint (is_red (get_pixel (answer, &reply, 0, 0, 0)), ==, expected[i - 1].is_first);
      g_assert_cmpint (is_red (get_pixel (answer, &reply, 0, far_x, far_y)), ==,
                       !expected[i - 1].is_first);
    }
}

/* Each picture cut off at every length, and with every byte wrong: an answer within the limits, always. */
static void
test_garbage (void)
{
  for (guint i = 0; i < N_PICTURE_FILES; i++)
    {
      g_autoptr (GBytes) file = picture_load (picture_files[i].name);
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
  picture_put_be32 (out, (guint32) strlen (content));
  picture_put (out, type, 4);
  picture_put (out, content, strlen (content));
  picture_put_be32 (out, 0); /* a wrong checksum: libpng passes over those of what it does not need */
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

  picture_put (out, head, sizeof head);
  picture_put (out, start, start_len);
  picture_put (out, SECRET, strlen (SECRET));
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

  picture_put (out, data, len);
  for (guint i = 0; i < 3; i++)
    {
      picture_put (out, ((const char *[]){ "EXIF", "XMP ", "PRIV" })[i], 4);
      picture_put_le32 (out, (guint32) strlen (SECRET));
      picture_put (out, SECRET, strlen (SECRET));
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

  picture_put (blocks, "!\xfe", 2);
  picture_put (blocks, &len, 1);
  picture_put (blocks, SECRET, len);
  picture_put (blocks, "\0!\xff\x0bXMP DataXMP", 15);
  picture_put (blocks, &len, 1);
  picture_put (blocks, SECRET, len);
  picture_put (blocks, "\0", 1);
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
  for (guint i = 0; i < N_PICTURE_FILES; i++)
    {
      g_autoptr (GBytes) file = picture_load (picture_files[i].name);
      g_autoptr (GBytes) spoilt = spoil (file, picture_files[i].format);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) cleaned = kith_picture_clean (spoilt, &error);
      g_autoptr (GBytes) again = NULL;
      KithPictureReply reply;
      g_autoptr (GByteArray) before = NULL;
      g_autoptr (GByteArray) after = NULL;

      g_test_message ("%s", picture_files[i].name);
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
  g_autoptr (GBytes) plain = picture_load ("two.jpg");

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
  for (guint i = 0; i < N_PICTURE_FILES; i++)
    {
      g_autoptr (GBytes) file = picture_load (picture_files[i].name);
      g_autoptr (GBytes) spoilt = spoil (file, picture_files[i].format);
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

/* What only begins like a piece with pixels says nothing of how big they are. */
static void
test_webp_odd_piece (void)
{
  static const guint8 webp[] = "RIFF\x28\0\0\0WEBPVP8R\x0a\0\0\0\0\0\0\0\0\0\1\0\1\0"
                               "VP8L\x0a\0\0\0\x2f\x1f\xc0\1\0\0\0\0\0\0";
  KithPictureHeader header;

  g_assert_cmpint (kith_picture_header_read (&header, webp, 48), ==, KITH_PICTURE_FINE);
  g_assert_cmpuint (header.width, ==, 32);
  g_assert_cmpuint (header.height, ==, 8);
}

/* Its first piece is none that is kept: what is left would be no picture to anybody. */
static void
test_clean_first_piece (void)
{
  static const guint8 webp[] = "RIFF\x1c\0\0\0WEBPVP8R\0\0\0\0ANIM\0\0\0\0VP8 \0\0\0\0";
  g_autoptr (GBytes) picture = g_bytes_new (webp, 36);
  g_autoptr (GError) error = NULL;

  g_assert_null (kith_picture_clean (picture, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
}

static void
test_clean_others (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("hello", 5);
  g_autoptr (GError) error = NULL;

  g_assert_null (kith_picture_clean (text, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
}

/* --- Small ones ----------------------------------------------------------------------------- */

static gboolean
small_cb (const guint8 *bytes, gsize len, gpointer user_data)
{
  picture_put (user_data, bytes, len);
  return TRUE;
}

static KithPictureVerdict
make_small (const guint8 *data, gsize len, GByteArray *answer)
{
  g_autofree guint8 *copy = g_memdup2 (data, len);

  return kith_picture_small_run (copy, len, small_cb, answer);
}

/* A square that says of itself that it is a JPEG within the limits, with nothing else in it. */
static void
assert_small (const GByteArray *answer, guint side)
{
  KithPictureReply reply;
  KithPictureHeader header;
  const guint8 *jpeg = answer->data + KITH_PICTURE_REPLY_BYTES;
  gsize len = answer->len - KITH_PICTURE_REPLY_BYTES;

  g_assert_true (kith_picture_reply_parse (&reply, answer->data));
  g_assert_cmpint (reply.verdict, ==, KITH_PICTURE_FINE);
  g_assert_cmpuint (len, <=, KITH_LIMIT_GROUP_PICTURE_BYTES);
  g_assert_cmpint (judge (jpeg, len, &header), ==, KITH_PICTURE_FINE);
  g_assert_cmpint (header.format, ==, KITH_PICTURE_JPEG);
  g_assert_cmpuint (header.width, ==, side);
  g_assert_cmpuint (header.height, ==, side);
}

static void
test_small (void)
{
  for (guint i = 0; i < N_PICTURE_FILES; i++)
    {
      g_autoptr (GBytes) file = picture_load (picture_files[i].name);
      g_autoptr (GByteArray) answer = g_byte_array_new ();
      gsize len;
      const guint8 *data = g_bytes_get_data (file, &len);

      g_assert_cmpint (make_small (data, len, answer), ==, KITH_PICTURE_FINE);
      assert_small (answer, PICTURE_HEIGHT);
    }
}

/* Whatever it is made of: noise is what takes most room. */
static void
test_small_noise (void)
{
  static const guint sides[][2] = { { 192, 192 }, { 1000, 300 }, { 10, 5000 }, { 1, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autoptr (GByteArray) file = picture_make_noise (sides[i][0], sides[i][1]);
      g_autoptr (GByteArray) answer = g_byte_array_new ();

      g_assert_cmpint (make_small (file->data, file->len, answer), ==, KITH_PICTURE_FINE);
      assert_small (answer, MIN (MIN (sides[i][0], sides[i][1]), KITH_LIMIT_GROUP_PICTURE_PIXELS));
    }
}

/* Cut off or damaged, there is an answer, and never more than one. */
static void
test_small_garbage (void)
{
  g_autoptr (GBytes) file = picture_load ("two.jpg");
  gsize len;
  const guint8 *data = g_bytes_get_data (file, &len);

  for (gsize cut = 0; cut < len; cut += 7)
    {
      g_autofree guint8 *wrong = g_memdup2 (data, len);
      g_autoptr (GByteArray) of_cut = g_byte_array_new ();
      g_autoptr (GByteArray) of_wrong = g_byte_array_new ();

      wrong[cut] ^= 0x55;
      if (make_small (data, cut, of_cut) != KITH_PICTURE_FINE)
        g_assert_cmpuint (of_cut->len, ==, KITH_PICTURE_REPLY_BYTES);
      if (make_small (wrong, len, of_wrong) != KITH_PICTURE_FINE)
        g_assert_cmpuint (of_wrong->len, ==, KITH_PICTURE_REPLY_BYTES);
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
  g_test_add_func ("/picture/small/all", test_small);
  g_test_add_func ("/picture/small/noise", test_small_noise);
  g_test_add_func ("/picture/small/garbage", test_small_garbage);
  g_test_add_func ("/picture/clean/all", test_clean);
  g_test_add_func ("/picture/clean/orientation", test_clean_orientation);
  g_test_add_func ("/picture/clean/garbage", test_clean_garbage);
  g_test_add_func ("/picture/webp-odd-piece", test_webp_odd_piece);
  g_test_add_func ("/picture/clean/first-piece", test_clean_first_piece);
  g_test_add_func ("/picture/clean/others", test_clean_others);

  return g_test_run ();
}
