/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The write-ahead log under the encrypting VFS: frames come as a header and a page. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include <string.h>

#include "store/kith-cipher-file.h"
#include "store/kith-wal-evidence.h"

#define WIPED_AT_ONCE 65536

/* Reads and opens the frame at @offset into self->frame. */
static int
load_frame (CipherFile *self, gint64 offset)
{
  int rc = kith_cipher_file_read (self, self->frame, KITH_FRAME_BYTES, offset);

  if (rc == SQLITE_IOERR_SHORT_READ)
    return SQLITE_IOERR_WRITE;
  if (rc != SQLITE_OK)
    return rc;

  return kith_page_cipher_open_frame (&self->vfs->cipher, self->frame, (guint64) offset)
           ? SQLITE_OK
           : kith_cipher_file_not_authentic (self);
}

/* What the next sync makes safe: all up to the last frame of a transaction. One that is written
 * where there was a committed frame says that SQLite took that one back. */
static void
count_frame (CipherFile *self, const guint8 *header, gint64 offset)
{
  KithPageCipher *cipher = &self->vfs->cipher;
  guint32 number = (guint32) kith_wal_frame_number (offset);

  cipher->safe_frames = MIN (cipher->safe_frames, number);
  if (kith_wal_frame_is_commit (header))
    self->committed_frames = number + 1;
  else
    self->committed_frames = MIN (self->committed_frames, number);
}

static int
store_frame (CipherFile *self, const guint8 *header, const guint8 *page, gint64 offset)
{
  guint8 sealed[KITH_FRAME_BYTES];

  self->has_frames = TRUE;
  count_frame (self, header, offset);
  kith_page_cipher_seal_frame (&self->vfs->cipher, sealed, header, page, (guint64) offset);
  return kith_cipher_file_write (self, sealed, sizeof sealed, offset);
}

/* A header whose page did not follow belongs to a frame that is there already. */
int
kith_cipher_wal_flush (CipherFile *self)
{
  int rc;

  if (!self->has_header)
    return SQLITE_OK;

  self->has_header = FALSE;
  rc = load_frame (self, self->header_offset);
  if (rc == SQLITE_OK)
    rc = store_frame (self, self->header, self->frame + KITH_FRAME_HEADER_BYTES,
                      self->header_offset);
  return rc;
}

static int
write_wal_page (CipherFile *self, const guint8 *page, gint64 offset)
{
  guint8 header[KITH_FRAME_HEADER_BYTES];
  int rc;

  if (self->has_header && self->header_offset == offset)
    {
      self->has_header = FALSE;
      return store_frame (self, self->header, page, offset);
    }

  rc = kith_cipher_wal_flush (self);
  if (rc == SQLITE_OK)
    rc = load_frame (self, offset);
  if (rc != SQLITE_OK)
    return rc;

  memcpy (header, self->frame, sizeof header);
  return store_frame (self, header, page, offset);
}

int
kith_cipher_wal_write (CipherFile *self, const guint8 *buffer, int n, gint64 offset)
{
  gint64 within = (offset - KITH_WAL_HEADER_BYTES) % KITH_FRAME_BYTES;
  int rc;

  if (offset == 0 && n == KITH_WAL_HEADER_BYTES)
    {
      rc = kith_cipher_wal_flush (self);
      self->committed_frames = self->vfs->cipher.safe_frames = 0;
      return rc == SQLITE_OK ? kith_cipher_file_write (self, buffer, n, offset) : rc;
    }

  if (offset >= KITH_WAL_HEADER_BYTES && within == 0 && n == KITH_FRAME_HEADER_BYTES)
    {
      rc = kith_cipher_wal_flush (self);
      if (rc != SQLITE_OK)
        return rc;
      memcpy (self->header, buffer, sizeof self->header);
      self->header_offset = offset;
      self->has_header = TRUE;
      return SQLITE_OK;
    }

  if (offset >= KITH_WAL_HEADER_BYTES && within == KITH_FRAME_HEADER_BYTES && n == KITH_PAGE_BYTES)
    return write_wal_page (self, buffer, offset - within);

  g_critical ("SQLite writes to the log as it never did");
  return SQLITE_IOERR_WRITE;
}

/* What is not authentic is the end of the log to SQLite, when it gets it. */
static int
cut_log (CipherFile *self)
{
  if (!self->vfs->is_to_rescue)
    return kith_cipher_file_not_authentic (self);

  self->vfs->is_log_cut = TRUE;
  return SQLITE_OK;
}

/* A header is synced before the first frame behind it is written, and lies within one sector: a
 * power cut leaves it whole. */
static int
read_wal_header (CipherFile *self, guint8 *buffer)
{
  int rc = kith_cipher_file_read (self, buffer, KITH_WAL_HEADER_BYTES, 0);

  if (rc == SQLITE_OK && !kith_wal_is_header (buffer)
      && kith_wal_was_safe (kith_cipher_file_below (self), &self->vfs->cipher, 0, NULL))
    return cut_log (self);
  return rc;
}

/* Recovery reads frame after frame until one is not of the log. So does SQLite where a transaction has written one of
 * its frames anew: those behind that it wrote without salts, and puts them in now. With each of them to look for evidence
 * in all that follow would take the square of their number. */
static int
read_wal_frame (CipherFile *self, guint8 *buffer, gint64 offset)
{
  guint8 salts[KITH_WAL_SALTS_BYTES];
  int rc = kith_cipher_file_read (self, salts, sizeof salts, KITH_WAL_SALTS_OFFSET);

  if (rc == SQLITE_OK)
    rc = kith_cipher_file_read (self, buffer, KITH_FRAME_BYTES, offset);
  if (rc != SQLITE_OK)
    return rc;

  if ((!kith_page_cipher_open_frame (&self->vfs->cipher, buffer, (guint64) offset)
       || !(self->has_frames || kith_wal_frame_has_salts (buffer, salts)))
      && kith_wal_was_safe (kith_cipher_file_below (self), &self->vfs->cipher, kith_wal_frame_number (offset),
                            salts))
    return cut_log (self);
  return SQLITE_OK;
}

int
kith_cipher_wal_read (CipherFile *self, guint8 *buffer, int n, gint64 offset)
{
  gint64 within;
  int rc = kith_cipher_wal_flush (self);

  if (rc != SQLITE_OK)
    return rc;
  if (offset == 0 && n == KITH_WAL_HEADER_BYTES)
    return read_wal_header (self, buffer);
  if (offset < KITH_WAL_HEADER_BYTES)
    return offset + n <= KITH_WAL_HEADER_BYTES ? kith_cipher_file_read (self, buffer, n, offset)
                                               : SQLITE_IOERR_READ;

  within = (offset - KITH_WAL_HEADER_BYTES) % KITH_FRAME_BYTES;
  if (within + n > KITH_FRAME_BYTES)
    return SQLITE_IOERR_READ;
  if (n == KITH_FRAME_BYTES)
    return read_wal_frame (self, buffer, offset);

  memset (buffer, 0, (gsize) n);
  rc = kith_cipher_file_read (self, self->frame, KITH_FRAME_BYTES, offset - within);
  if (rc != SQLITE_OK)
    return rc;
  if (!kith_page_cipher_open_frame (&self->vfs->cipher, self->frame, (guint64) (offset - within)))
    return kith_cipher_file_not_authentic (self);

  memcpy (buffer, self->frame + within, (gsize) n);
  return SQLITE_OK;
}

/* --- Cutting it off ------------------------------------------------------------------------- */

static int
sync_below (CipherFile *self)
{
  return kith_cipher_file_below (self)->pMethods->xSync (kith_cipher_file_below (self), SQLITE_SYNC_NORMAL);
}

/* SQLite is done with all of it. Should the power go while it is overwritten, what is still there is of no log, and
 * neither played back nor taken for damage. */
static int
end_log (CipherFile *self)
{
  guint8 header[KITH_WAL_HEADER_BYTES];
  int rc = kith_cipher_file_read (self, header, sizeof header, 0);

  if (rc != SQLITE_OK)
    return rc;

  kith_wal_begin_anew (header);
  rc = kith_cipher_file_write (self, header, sizeof header, 0);
  return rc == SQLITE_OK ? sync_below (self) : rc;
}

/* What was deleted may stand in the log, and a file system gives blocks away as they are. When it fails, that is all. */
void
kith_cipher_wal_wipe (CipherFile *self, gint64 size)
{
  static const guint8 zeros[WIPED_AT_ONCE];
  gboolean had_failed = self->vfs->has_failed;
  sqlite3_int64 end = 0;
  int rc = kith_cipher_file_below (self)->pMethods->xFileSize (kith_cipher_file_below (self), &end);

  if (rc != SQLITE_OK || end <= MAX (size, KITH_WAL_HEADER_BYTES))
    return;
  if (size < KITH_WAL_HEADER_BYTES)
    rc = end_log (self);

  for (gint64 at = MAX (size, KITH_WAL_HEADER_BYTES); at < end && rc == SQLITE_OK; at += WIPED_AT_ONCE)
    rc = kith_cipher_file_write (self, zeros, (int) MIN (WIPED_AT_ONCE, end - at), at);
  if (rc == SQLITE_OK)
    rc = sync_below (self);
  if (rc != SQLITE_OK)
    g_info ("The end of the log could not be overwritten");
  self->vfs->has_failed = had_failed;
}
