/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-picture"

#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "base/kith-limits.h"
#include "picture/kith-picture-job.h"
#include "picture/kith-picture-sandbox.h"
#include "picture/kith-picture-small.h"

/* usage: kith-picture MAX_SIDE MAX_FRAMES < PICTURE > PIXELS
 *        kith-picture small < PICTURE > JPEG
 *
 * Decodes one picture for others who do not do it themselves, or makes a small one of it: a decoder that
 * is led astray by a picture finds nothing here, and no way out. base/kith-picture-reply.h says what it
 * answers. */

static gboolean
write_cb (const guint8 *bytes, gsize len, gpointer user_data)
{
  while (len > 0)
    {
      gssize written = write (STDOUT_FILENO, bytes, len);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      bytes += written;
      len -= (gsize) written;
    }

  return TRUE;
}

static void
refuse (KithPictureVerdict verdict)
{
  KithPictureReply reply = { .verdict = verdict };
  guint8 bytes[KITH_PICTURE_REPLY_BYTES];

  kith_picture_reply_encode (&reply, bytes);
  write_cb (bytes, sizeof bytes, NULL);
}

/* One byte over the limit is enough to know. */
static gssize
read_all (guint8 *buffer, gsize size)
{
  gsize len = 0;

  while (len < size)
    {
      gssize got = read (STDIN_FILENO, buffer + len, size - len);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return -1;
      if (got == 0)
        break;
      len += (gsize) got;
    }

  return (gssize) len;
}

typedef struct
{
  gboolean small;
  guint64  max_side;
  guint64  max_frames;
} Wish;

static gboolean
parse (Wish *wish, int argc, char **argv)
{
  wish->small = argc == 2 && g_str_equal (argv[1], "small");
  if (wish->small)
    return TRUE;

  return argc == 3
         && g_ascii_string_to_unsigned (argv[1], 10, 1, KITH_LIMIT_SHOWN_PICTURE_SIDE_PIXELS,
                                        &wish->max_side, NULL)
         && g_ascii_string_to_unsigned (argv[2], 10, 1, KITH_LIMIT_SHOWN_PICTURE_FRAMES,
                                        &wish->max_frames, NULL);
}

static void
run (const Wish *wish, const guint8 *picture, gssize len)
{
  if (len < 0)
    refuse (KITH_PICTURE_NOT_DECODED);
  else if (wish->small)
    kith_picture_small_run (picture, (gsize) len, write_cb, NULL);
  else
    kith_picture_job_run (picture, (gsize) len, (guint32) wish->max_side, (guint32) wish->max_frames,
                          write_cb, NULL);
}

int
main (int argc, char **argv)
{
  Wish wish;
  guint8 *picture;

  if (!parse (&wish, argc, argv))
    return 2;

  if (!kith_picture_sandbox_enter ())
    {
      refuse (KITH_PICTURE_NOT_DECODED);
      _exit (1);
    }

  picture = g_malloc (KITH_LIMIT_SHOWN_PICTURE_BYTES + 1);
  run (&wish, picture, read_all (picture, KITH_LIMIT_SHOWN_PICTURE_BYTES + 1));

  /* What is left to be done at an end wants more of the system than there is. */
  _exit (0);
}
