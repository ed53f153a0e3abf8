/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-wal-evidence.h"

#include <string.h>

#include <sodium.h>

#define MAGIC 0x377f0682u
#define FRAME_COMMIT_OFFSET 4
#define FRAME_SALTS_OFFSET 8
#define EARLY_FRAMES 4 /* looked at to see whether the key fits */

/* SQLite's checksum over the header, as it stands at its end. */
static void
sum_header (const guint32 words[KITH_WAL_HEADER_BYTES / 4], guint32 sum[2])
{
  gboolean is_big = (GUINT32_FROM_BE (words[0]) & 1) != 0;
  guint32 a = 0, b = 0;

  for (guint i = 0; i < 6; i += 2)
    {
      a += (is_big ? GUINT32_FROM_BE (words[i]) : GUINT32_FROM_LE (words[i])) + b;
      b += (is_big ? GUINT32_FROM_BE (words[i + 1]) : GUINT32_FROM_LE (words[i + 1])) + a;
    }

  sum[0] = GUINT32_TO_BE (a);
  sum[1] = GUINT32_TO_BE (b);
}

/**
 * kith_wal_is_header:
 * @header: the beginning of a log
 *
 * SQLite's checksum over it. Those of the frames depend on it: without a header that is right, the
 * log is empty to SQLite.
 *
 * Returns: whether it is right
 */
gboolean
kith_wal_is_header (const guint8 header[KITH_WAL_HEADER_BYTES])
{
  guint32 words[KITH_WAL_HEADER_BYTES / 4];
  guint32 sum[2];

  memcpy (words, header, sizeof words);
  sum_header (words, sum);
  return (GUINT32_FROM_BE (words[0]) & ~1u) == MAGIC && words[6] == sum[0] && words[7] == sum[1];
}

/**
 * kith_wal_begin_anew:
 * @header: (inout): the header of a log
 *
 * Makes it one of a log in which nothing is: no frame that was written has its salts.
 */
void
kith_wal_begin_anew (guint8 header[KITH_WAL_HEADER_BYTES])
{
  guint32 words[KITH_WAL_HEADER_BYTES / 4];

  randombytes_buf (header + KITH_WAL_SALTS_OFFSET, KITH_WAL_SALTS_BYTES);
  memcpy (words, header, sizeof words);
  sum_header (words, words + 6);
  memcpy (header, words, sizeof words);
}

/**
 * kith_wal_frame_has_salts:
 * @frame: an authentic frame
 * @salts: those in the header of the log
 *
 * Returns: whether it was written since the log began anew
 */
gboolean
kith_wal_frame_has_salts (const guint8 frame[KITH_FRAME_BYTES],
                          const guint8 salts[KITH_WAL_SALTS_BYTES])
{
  return memcmp (frame + FRAME_SALTS_OFFSET, salts, KITH_WAL_SALTS_BYTES) == 0;
}

/**
 * kith_wal_frame_is_commit:
 * @header: the header of a frame
 *
 * Returns: whether the frame is the last one of a transaction
 */
gboolean
kith_wal_frame_is_commit (const guint8 header[KITH_FRAME_HEADER_BYTES])
{
  static const guint8 none[4] = { 0 };

  return memcmp (header + FRAME_COMMIT_OFFSET, none, sizeof none) != 0;
}

/**
 * kith_wal_frame_number:
 * @offset: where a frame begins
 *
 * Returns: how many are before it
 */
gint64
kith_wal_frame_number (gint64 offset)
{
  return (offset - KITH_WAL_HEADER_BYTES) / KITH_FRAME_BYTES;
}

/* Opens frame @number into @frame. *@safe_frames: what it says of the log.
 * Returns: whether it is authentic */
static gboolean
load_frame (sqlite3_file *wal, KithPageCipher *cipher, gint64 number, guint8 *frame,
            guint32 *safe_frames)
{
  gint64 offset = KITH_WAL_HEADER_BYTES + number * KITH_FRAME_BYTES;

  if (wal->pMethods->xRead (wal, frame, KITH_FRAME_BYTES, offset) != SQLITE_OK)
    return FALSE;

  *safe_frames = kith_page_cipher_peek_safe_frames (frame);
  return kith_page_cipher_open_frame (cipher, frame, (guint64) offset);
}

/**
 * kith_wal_fits:
 * @wal: a log
 * @cipher: a cipher
 *
 * Returns: whether the keys open a frame at its beginning
 */
gboolean
kith_wal_fits (sqlite3_file *wal, KithPageCipher *cipher)
{
  guint8 frame[KITH_FRAME_BYTES];
  guint32 safe_frames;
  gboolean fits = FALSE;

  for (gint64 number = 0; number < EARLY_FRAMES && !fits; number++)
    fits = load_frame (wal, cipher, number, frame, &safe_frames);

  kith_secret_wipe (frame, sizeof frame);
  return fits;
}

/**
 * kith_wal_was_safe:
 * @wal: a log
 * @cipher: a cipher with its keys
 * @number: a place where there is no frame of this log
 * @salts: (nullable): those of the log, %NULL for any
 *
 * Whether there was a committed frame once, safe on the disk, so that what is behind it would be
 * lost in silence if the log ended here. A frame further back says so. Committed frames are not
 * written again before the log begins anew, with other salts: it cannot be a power cut.
 *
 * Returns: whether the log is damaged there
 */
gboolean
kith_wal_was_safe (sqlite3_file *wal, KithPageCipher *cipher, gint64 number, const guint8 *salts)
{
  guint8 frame[KITH_FRAME_BYTES];
  gboolean was_safe = FALSE;
  sqlite3_int64 size = 0;
  gint64 n_frames;

  wal->pMethods->xFileSize (wal, &size);
  n_frames = kith_wal_frame_number (size);
  for (gint64 i = salts == NULL ? number : number + 1; i < n_frames && !was_safe; i++)
    {
      guint32 safe_frames = 0;

      was_safe = load_frame (wal, cipher, i, frame, &safe_frames) && safe_frames > number
                 && (salts == NULL || kith_wal_frame_has_salts (frame, salts));
    }

  kith_secret_wipe (frame, sizeof frame);
  return was_safe;
}
