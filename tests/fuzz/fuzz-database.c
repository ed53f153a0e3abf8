/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database and its log, as somebody leaves them who has the disk and not the key: bits, cut ends, pages
 * and frames in each other's place, other salts and another head of the log, but with the right checksum.
 * What is read then is an error or what was written. With the key as well, frames are sealed that say
 * anything: then nothing may crash. Seven bytes a change. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "kith-fuzz.h"
#include "kith-test-database.h"
#include "kith-test-disk.h"
#include "store/kith-wal-evidence.h"

#define MESSAGES 8
#define TRANSACTIONS 3
#define CHANGES 24

typedef enum
{
  FLIP,       /* file, u24 place, bit */
  CUT,        /* file, u24 length */
  COPY_PAGE,  /* file, from, to */
  COPY_FRAME, /* -, from, to */
  HEAD,       /* -, place, byte */
  SALT,       /* -, place, byte: also in each frame */
  SEAL,       /* -, frame, what of it, two bytes of it */
  N_KINDS,
} Kind;

/* Made once: closed, and with a log. */
static KithTestDisk *original; /* (owned) */

static KithTestDisk *
disk_new (void)
{
  KithTestDisk *disk = kith_test_disk_new ();
  g_autoptr (KithTestDatabase) database
      = kith_test_database_new (NULL, "db", kith_test_disk_get_name (disk));

  kith_test_database_open (database);
  kith_test_create_schema (database->db);
  kith_test_add_messages (database->db, MESSAGES);
  kith_test_exec (database->db, "PRAGMA wal_checkpoint(TRUNCATE)");
  for (guint i = 0; i < TRANSACTIONS; i++)
    kith_test_add_messages (database->db, 1 + i % 3);
  kith_test_database_abandon (database);
  return disk;
}

/* --- Changes -------------------------------------------------------------------------------- */

/* The checksum over the head is no secret. */
static void
mend_head (GByteArray *wal)
{
  guint32 words[KITH_WAL_HEADER_BYTES / 4];
  guint32 a = 0, b = 0;
  gboolean is_big;

  memcpy (words, wal->data, sizeof words);
  is_big = (GUINT32_FROM_BE (words[0]) & 1) != 0;
  for (guint i = 0; i < 6; i += 2)
    {
      a += (is_big ? GUINT32_FROM_BE (words[i]) : GUINT32_FROM_LE (words[i])) + b;
      b += (is_big ? GUINT32_FROM_BE (words[i + 1]) : GUINT32_FROM_LE (words[i + 1])) + a;
    }
  words[6] = GUINT32_TO_BE (a);
  words[7] = GUINT32_TO_BE (b);
  memcpy (wal->data, words, sizeof words);
}

static guint
n_frames (GByteArray *wal)
{
  return wal->len < KITH_WAL_HEADER_BYTES
           ? 0
           : (wal->len - KITH_WAL_HEADER_BYTES) / KITH_FRAME_BYTES;
}

static guint8 *
get_frame (GByteArray *wal, guint i)
{
  return wal->data + KITH_WAL_HEADER_BYTES + (gsize) (i % n_frames (wal)) * KITH_FRAME_BYTES;
}

static void
change_salt (GByteArray *wal, guint at, guint8 byte)
{
  at %= KITH_WAL_SALTS_BYTES;
  wal->data[KITH_WAL_SALTS_OFFSET + at] = byte;
  mend_head (wal);
  for (guint i = 0; i < n_frames (wal); i++)
    get_frame (wal, i)[8 + at] = byte;
}

/* A frame of the log, opened, changed and sealed again: its page, its header, how many were safe. */
static void
seal (GByteArray *wal, guint which, guint what, const guint8 *bytes)
{
  g_autoptr (KithTestDatabase) database = kith_test_database_new (NULL, "db", NULL);
  guint i = which % n_frames (wal);
  guint64 offset = KITH_WAL_HEADER_BYTES + (guint64) i * KITH_FRAME_BYTES;
  guint8 frame[KITH_FRAME_BYTES];
  KithPageCipher cipher;

  memcpy (frame, get_frame (wal, i), sizeof frame);
  kith_test_database_init_cipher (database, &cipher);
  cipher.safe_frames = what % 3 == 0 ? bytes[0] : 0;
  if (kith_page_cipher_open_frame (&cipher, frame, offset))
    {
      if (what % 3 == 1)
        frame[bytes[0] % KITH_FRAME_HEADER_BYTES] = bytes[1];
      else if (what % 3 == 2)
        frame[KITH_FRAME_HEADER_BYTES + bytes[0]] = bytes[1];
      kith_page_cipher_seal_frame (&cipher, get_frame (wal, i), frame, frame + KITH_FRAME_HEADER_BYTES,
                                   offset);
    }
  kith_page_cipher_clear (&cipher);
}

static void
copy_piece (GByteArray *file, gsize begin, gsize piece, guint from, guint to)
{
  gsize n = file->len > begin ? (file->len - begin) / piece : 0;

  if (n > 0)
    memmove (file->data + begin + to % n * piece, file->data + begin + from % n * piece, piece);
}

/* Returns: whether the key was needed */
static gboolean
change (KithTestDisk *disk, KithReader *in)
{
  Kind kind = (Kind) (kith_reader_u8 (in) % N_KINDS);
  guint8 file = kith_reader_u8 (in) % KITH_TEST_DISK_N_FILES;
  guint32 place = (guint32) kith_reader_u16 (in) << 8;
  guint8 bytes[2];
  GByteArray *bytes_of = disk->files[file];
  GByteArray *wal = disk->files[KITH_TEST_DISK_WAL];

  place |= kith_reader_u8 (in);
  kith_reader_bytes (in, bytes, sizeof bytes);
  if (kind == FLIP && bytes_of->len > 0)
    bytes_of->data[place % bytes_of->len] ^= (guint8) (1u << (bytes[0] % 8));
  else if (kind == CUT)
    g_byte_array_set_size (bytes_of, MIN (place, bytes_of->len));
  else if (kind == COPY_PAGE)
    copy_piece (bytes_of, 0, KITH_PAGE_BYTES, bytes[0], bytes[1]);
  else if (kind == COPY_FRAME)
    copy_piece (wal, KITH_WAL_HEADER_BYTES, KITH_FRAME_BYTES, bytes[0], bytes[1]);
  else if (n_frames (wal) == 0)
    return FALSE;
  else if (kind == HEAD)
    {
      wal->data[bytes[0] % KITH_WAL_HEADER_BYTES] = bytes[1];
      mend_head (wal);
    }
  else if (kind == SALT)
    change_salt (wal, place, bytes[0]);
  else if (kind == SEAL)
    {
      seal (wal, place >> 8, place & 0xff, bytes);
      return TRUE;
    }
  return FALSE;
}

/* --- Looking -------------------------------------------------------------------------------- */

/* Reads everything, writes, and reads it again after the next start. */
static void
look (KithTestDisk *disk, gboolean by_key)
{
  g_autoptr (KithTestDatabase) database
      = kith_test_database_new (NULL, "db", kith_test_disk_get_name (disk));

  for (guint i = 0; i < 2 && kith_test_database_try_open (database) == SQLITE_OK; i++)
    {
      g_autofree char *wrong = kith_test_find_wrong_message (database->db);
      gint64 count = kith_test_count (database->db);

      kith_fuzz_check (by_key || wrong == NULL || !g_str_has_suffix (wrong, "is wrong"));
      if (count >= 0)
        kith_test_try (database->db, "UPDATE progress SET messages = messages");
      kith_test_database_abandon (database);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (KithTestDisk) disk = NULL;
  gboolean by_key = FALSE;
  KithReader in;

  if (original == NULL)
    original = disk_new ();

  disk = kith_test_disk_copy (original);
  kith_reader_init (&in, data, size);
  for (guint i = 0; i < CHANGES && kith_reader_remaining (&in) >= 7; i++)
    by_key |= change (disk, &in);
  look (disk, by_key);
  return 0;
}
