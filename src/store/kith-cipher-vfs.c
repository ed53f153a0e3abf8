/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SQLite hands to a VFS that is not a whole page at its place, and what is made of it:
 *
 * - Bytes 0-99 of the database are read past the log, for the page size alone. The answer is a
 *   constant: a checkpoint that was cut may have left page 1 torn, and the log has it whole.
 * - A frame of the log comes as two writes, header and page; the header waits for its page. A
 *   transaction that spilled rewrites either of the two alone later: the other is read back.
 * - Recovery reads whole frames. One that is not authentic is the end of the log, as a torn one is
 *   to SQLite, unless it can be shown that it was safe on the disk once (kith-wal-evidence.c).
 * - With a wrong key SQLite would take the log for empty and delete it: no file is opened unless
 *   the key fits page 1 or a frame at the beginning of the log.
 * - A rollback journal is never looked for, so that a planted one is not played back. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-cipher-vfs.h"

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "store/kith-cipher-file.h"
#include "store/kith-cipher-rescue.h"
#include "store/kith-damaged-log.h"
#include "store/kith-wal-evidence.h"

#define DB_HEADER_BYTES 100

#define KEY_TRIES 64 /* pages, about: to tell a damaged file from one of another key */

/* SQLite gives memory that is aligned for anything. */
sqlite3_file *
kith_cipher_file_below (CipherFile *self)
{
  return (sqlite3_file *) (gpointer) (self + 1);
}

static int
note_failure (CipherFile *self, int rc)
{
  if ((rc & 0xff) == SQLITE_IOERR && rc != SQLITE_IOERR_SHORT_READ)
    self->vfs->has_failed = TRUE;
  return rc;
}

int
kith_cipher_file_read (CipherFile *self, void *buffer, int n, gint64 offset)
{
  sqlite3_file *below = kith_cipher_file_below (self);

  return note_failure (self, below->pMethods->xRead (below, buffer, n, offset));
}

/* SQLite knows a full disk, but neither a quota nor a limit on files. */
static int
tell_full (int rc)
{
  return rc != SQLITE_OK && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) ? SQLITE_FULL : rc;
}

int
kith_cipher_file_write (CipherFile *self, const void *buffer, int n, gint64 offset)
{
  sqlite3_file *below = kith_cipher_file_below (self);

  if (self->vfs->is_to_rescue)
    return SQLITE_READONLY;
  if (self->vfs->is_damaged)
    return SQLITE_IOERR_WRITE;

  errno = 0;
  return note_failure (self, tell_full (below->pMethods->xWrite (below, buffer, n, offset)));
}

int
kith_cipher_file_not_authentic (CipherFile *self)
{
  if (!self->vfs->is_damaged)
    g_info ("A stored page is not authentic");
  self->vfs->is_damaged = TRUE;
  return SQLITE_IOERR_DATA;
}

/* --- The database --------------------------------------------------------------------------- */

static int
read_header (CipherFile *self, guint8 *buffer)
{
  static const guint8 start[] = "SQLite format 3";
  sqlite3_int64 size = 0;
  int rc = kith_cipher_file_below (self)->pMethods->xFileSize (kith_cipher_file_below (self), &size);

  memset (buffer, 0, DB_HEADER_BYTES);
  if (rc != SQLITE_OK || size == 0)
    return rc != SQLITE_OK ? rc : SQLITE_IOERR_SHORT_READ;

  memcpy (buffer, start, sizeof start);
  buffer[16] = KITH_PAGE_BYTES >> 8;
  buffer[17] = KITH_PAGE_BYTES & 0xff;
  buffer[18] = buffer[19] = 2; /* WAL */
  buffer[20] = KITH_PAGE_RESERVED_BYTES;
  buffer[21] = 64;
  buffer[22] = buffer[23] = 32;
  return SQLITE_OK;
}

/* SQLite takes what there is of a page for the page, with zeros for the rest. None that it asks for is ever halved or
 * beyond the end, unless somebody has cut the file: only of a new one there is nothing yet. */
static int
tell_cut (CipherFile *self)
{
  sqlite3_file *below = kith_cipher_file_below (self);
  sqlite3_int64 size = 0;
  int rc = below->pMethods->xFileSize (below, &size);

  if (rc != SQLITE_OK)
    return rc;

  return size == 0 ? SQLITE_IOERR_SHORT_READ : kith_cipher_file_not_authentic (self);
}

static int
read_sealed (CipherFile *self, guint8 *page, gint64 offset)
{
  int rc = kith_cipher_file_read (self, page, KITH_PAGE_BYTES, offset);

  if (rc == SQLITE_IOERR_SHORT_READ)
    return tell_cut (self);
  if (rc != SQLITE_OK)
    return rc;

  return kith_page_cipher_open_page (&self->vfs->cipher, page,
                                     (guint64) (offset / KITH_PAGE_BYTES + 1))
           ? SQLITE_OK
           : kith_cipher_file_not_authentic (self);
}

/* It says that there is a log only where there is one: SQLite would make it. */
static int
read_first_to_rescue (CipherFile *self, guint8 *page)
{
  KithCipherVfs *vfs = self->vfs;
  int rc = vfs->first_page == NULL ? read_sealed (self, page, 0) : SQLITE_OK;

  if (rc == SQLITE_IOERR_DATA)
    {
      vfs->first_page = g_malloc0 (KITH_PAGE_BYTES);
      rc = SQLITE_OK;
    }
  if (rc != SQLITE_OK)
    return rc;

  if (vfs->first_page != NULL && vfs->first_page[0] == 0
      && !kith_cipher_rescue_first_page (self, vfs->first_page))
    return SQLITE_IOERR_DATA;
  if (vfs->first_page != NULL)
    memcpy (page, vfs->first_page, KITH_PAGE_BYTES);
  if (!self->has_log)
    page[18] = page[19] = 1;
  return SQLITE_OK;
}

static int
read_page (CipherFile *self, guint8 *page, gint64 offset)
{
  const guint8 *other = NULL;
  int rc;

  if (offset == 0 && self->vfs->is_to_rescue)
    return read_first_to_rescue (self, page);

  rc = read_sealed (self, page, offset);
  if (rc == SQLITE_IOERR_DATA && self->vfs->is_to_rescue)
    other = kith_cipher_rescue_get_page (self, offset / KITH_PAGE_BYTES + 1);
  if (other == NULL)
    return rc;

  memcpy (page, other, KITH_PAGE_BYTES);
  return SQLITE_OK;
}

static int
read_db (CipherFile *self, guint8 *buffer, int n, gint64 offset)
{
  gint64 within = offset % KITH_PAGE_BYTES;
  int rc;

  if (within == 0 && n == KITH_PAGE_BYTES)
    return read_page (self, buffer, offset);
  if (offset == 0 && n == DB_HEADER_BYTES)
    return read_header (self, buffer);
  if (within + n > KITH_PAGE_BYTES)
    return SQLITE_IOERR_READ;

  memset (buffer, 0, (gsize) n);
  rc = read_page (self, self->frame, offset - within);
  if (rc == SQLITE_OK)
    memcpy (buffer, self->frame + within, (gsize) n);
  return rc;
}

static int
write_db (CipherFile *self, const guint8 *page, int n, gint64 offset)
{
  guint8 sealed[KITH_PAGE_BYTES];

  if (offset % KITH_PAGE_BYTES != 0 || n != KITH_PAGE_BYTES)
    return SQLITE_IOERR_WRITE;

  /* Without the reserved bytes there is no room for nonce and tag. */
  if (offset == 0 && page[20] != KITH_PAGE_RESERVED_BYTES)
    return SQLITE_IOERR_WRITE;

  kith_page_cipher_seal_page (&self->vfs->cipher, sealed, page,
                              (guint64) (offset / KITH_PAGE_BYTES + 1));
  return kith_cipher_file_write (self, sealed, sizeof sealed, offset);
}

/* --- The methods of an open file ------------------------------------------------------------ */

static void
wipe_frame (CipherFile *self)
{
  if (self->frame != NULL)
    kith_secret_wipe (self->frame, KITH_FRAME_BYTES);
  g_clear_pointer (&self->frame, g_free);
}

static int
file_close (sqlite3_file *file)
{
  CipherFile *self = (CipherFile *) file;
  int flushed = self->is_wal ? kith_cipher_wal_flush (self) : SQLITE_OK;
  int rc = kith_cipher_file_below (self)->pMethods->xClose (kith_cipher_file_below (self));

  wipe_frame (self);
  return flushed != SQLITE_OK ? flushed : rc;
}

static int
file_read (sqlite3_file *file, void *buffer, int n, sqlite3_int64 offset)
{
  CipherFile *self = (CipherFile *) file;

  return self->is_wal ? kith_cipher_wal_read (self, buffer, n, offset) : read_db (self, buffer, n, offset);
}

static int
file_write (sqlite3_file *file, const void *buffer, int n, sqlite3_int64 offset)
{
  CipherFile *self = (CipherFile *) file;

  return self->is_wal ? kith_cipher_wal_write (self, buffer, n, offset) : write_db (self, buffer, n, offset);
}

static int
file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  CipherFile *self = (CipherFile *) file;
  int rc = kith_cipher_wal_flush (self);

  if (self->vfs->is_to_rescue)
    return SQLITE_READONLY;
  if (self->vfs->is_damaged)
    return SQLITE_IOERR_TRUNCATE;
  if (rc == SQLITE_OK && self->is_wal)
    kith_cipher_wal_wipe (self, size);

  return rc == SQLITE_OK ? kith_cipher_file_below (self)->pMethods->xTruncate (kith_cipher_file_below (self), size) : rc;
}

static int
file_sync (sqlite3_file *file, int flags)
{
  CipherFile *self = (CipherFile *) file;
  int rc = kith_cipher_wal_flush (self);

  if (self->vfs->is_to_rescue)
    return SQLITE_OK;
  if (rc == SQLITE_OK)
    rc = note_failure (self, kith_cipher_file_below (self)->pMethods->xSync (kith_cipher_file_below (self), flags));
  if (rc == SQLITE_OK && self->is_wal)
    self->vfs->cipher.safe_frames = self->committed_frames;
  return rc;
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  CipherFile *self = (CipherFile *) file;
  int rc = kith_cipher_wal_flush (self);

  return rc == SQLITE_OK ? kith_cipher_file_below (self)->pMethods->xFileSize (kith_cipher_file_below (self), size) : rc;
}

/* What is open to be read cannot be locked for writing: whoever rescues it has the folder to itself. */
static gboolean
must_not_lock (sqlite3_file *file)
{
  return ((CipherFile *) file)->vfs->is_to_rescue;
}

static int
file_lock (sqlite3_file *file, int level)
{
  sqlite3_file *real = kith_cipher_file_below ((CipherFile *) file);

  return must_not_lock (file) ? SQLITE_OK : real->pMethods->xLock (real, level);
}

static int
file_unlock (sqlite3_file *file, int level)
{
  sqlite3_file *real = kith_cipher_file_below ((CipherFile *) file);

  return must_not_lock (file) ? SQLITE_OK : real->pMethods->xUnlock (real, level);
}

static int
file_check_reserved_lock (sqlite3_file *file, int *result)
{
  sqlite3_file *real = kith_cipher_file_below ((CipherFile *) file);

  return real->pMethods->xCheckReservedLock (real, result);
}

/* What would lead around the encryption is not to be had. */
static gboolean
is_forbidden_pragma (char **pragma)
{
  const char *name = pragma[1];
  const char *value = pragma[2];

  if (value == NULL)
    return FALSE;
  if (sqlite3_stricmp (name, "page_size") == 0 || sqlite3_stricmp (name, "mmap_size") == 0)
    return TRUE;

  return sqlite3_stricmp (name, "journal_mode") == 0 && sqlite3_stricmp (value, "wal") != 0
         && sqlite3_stricmp (value, "memory") != 0;
}

/* Only a new file is written with a journal in memory, until it has a log. One that has pages would
 * leave its log for that and write page 1 in place, with nothing to restore it from. */
static gboolean
leaves_wal (CipherFile *self, char **pragma)
{
  sqlite3_int64 size = 0;

  if (pragma[2] == NULL || sqlite3_stricmp (pragma[1], "journal_mode") != 0
      || sqlite3_stricmp (pragma[2], "memory") != 0)
    return FALSE;

  return kith_cipher_file_below (self)->pMethods->xFileSize (kith_cipher_file_below (self), &size) != SQLITE_OK || size > 0;
}

/* Returns: SQLITE_NOTFOUND when SQLite is to go on with it */
static int
answer_pragma (CipherFile *self, char **pragma)
{
  if (is_forbidden_pragma (pragma))
    {
      pragma[0] = sqlite3_mprintf ("not allowed on an encrypted database");
      return SQLITE_ERROR;
    }
  if (!leaves_wal (self, pragma))
    return SQLITE_NOTFOUND;

  pragma[0] = sqlite3_mprintf ("wal");
  return SQLITE_OK;
}

static int
file_control (sqlite3_file *file, int op, void *argument)
{
  CipherFile *self = (CipherFile *) file;

  switch (op)
    {
    case SQLITE_FCNTL_PRAGMA:
      return answer_pragma (self, argument);
    case SQLITE_FCNTL_CHUNK_SIZE:
    case SQLITE_FCNTL_MMAP_SIZE:
      return SQLITE_OK;
    default:
      return kith_cipher_file_below (self)->pMethods->xFileControl (kith_cipher_file_below (self), op, argument);
    }
}

static int
file_sector_size (sqlite3_file *file)
{
  sqlite3_file *real = kith_cipher_file_below ((CipherFile *) file);

  return real->pMethods->xSectorSize (real);
}

/* No reads of parts of a page, no atomic writes of batches. */
static int
file_device_characteristics (sqlite3_file *file)
{
  sqlite3_file *real = kith_cipher_file_below ((CipherFile *) file);

  return real->pMethods->xDeviceCharacteristics (real) & SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* Version 1: no shared memory and no mmap, both of which would show SQLite the bytes on disk. */
static const sqlite3_io_methods file_methods = {
  .iVersion = 1,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_reserved_lock,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_device_characteristics,
};

/* --- Opening -------------------------------------------------------------------------------- */

/* Returns: (transfer full) (nullable): the log beside the database, to be closed and freed */
static sqlite3_file *
open_wal (CipherFile *self)
{
  sqlite3_vfs *base = self->vfs->base;
  const char *name = sqlite3_filename_wal (self->name);
  int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_WAL;
  sqlite3_file *wal;
  int exists = 0;

  if (base->xAccess (base, name, SQLITE_ACCESS_EXISTS, &exists) != SQLITE_OK || !exists)
    return NULL;

  wal = g_malloc0 ((gsize) base->szOsFile);
  if (base->xOpen (base, name, wal, flags, &flags) == SQLITE_OK)
    return wal;

  /* As SQLite asks for, when opening failed half-way. */
  if (wal->pMethods != NULL)
    wal->pMethods->xClose (wal);
  g_free (wal);
  return NULL;
}

static gboolean
has_wal (CipherFile *self)
{
  g_autofree sqlite3_file *wal = open_wal (self);

  if (wal != NULL)
    wal->pMethods->xClose (wal);
  return wal != NULL;
}

static gboolean
fits_wal (CipherFile *self)
{
  g_autofree sqlite3_file *wal = open_wal (self);
  gboolean fits;

  if (wal == NULL)
    return FALSE;

  fits = kith_wal_fits (wal, &self->vfs->cipher);
  wal->pMethods->xClose (wal);
  return fits;
}

/* A log of which nothing can be read is none to SQLite, which begins it anew; it may be that of another database. */
static void
keep_strange_log (CipherFile *self)
{
  g_autofree sqlite3_file *wal = open_wal (self);
  guint8 frame[KITH_FRAME_BYTES];
  gboolean is_strange;

  if (wal == NULL)
    return;

  /* Zeros are what a power cut leaves of a log that was being cut off, or had just begun. */
  is_strange = wal->pMethods->xRead (wal, frame, sizeof frame, KITH_WAL_HEADER_BYTES) == SQLITE_OK
               && !sodium_is_zero (frame, sizeof frame) && !kith_wal_fits (wal, &self->vfs->cipher);
  wal->pMethods->xClose (wal);
  if (is_strange)
    kith_damaged_log_keep (self->name);
}

/* An empty file is a new one, but not with a log beside it: that would be deleted. The first page
 * is on the disk before there is a log. */
static int
check_empty (CipherFile *self)
{
  g_autofree sqlite3_file *wal = open_wal (self);
  sqlite3_int64 size = 0;
  int rc;

  if (wal == NULL)
    return SQLITE_OK;

  rc = wal->pMethods->xFileSize (wal, &size);
  wal->pMethods->xClose (wal);
  if (rc == SQLITE_OK && size > KITH_WAL_HEADER_BYTES)
    return kith_cipher_file_not_authentic (self);
  return rc;
}

/* Where one page is damaged, the key fits others. */
static gboolean
fits_any_page (CipherFile *self, gint64 size)
{
  gint64 n_pages = size / KITH_PAGE_BYTES;
  gint64 step = MAX (n_pages / KEY_TRIES, 1);

  for (gint64 i = 1; i < n_pages; i += step)
    if (kith_cipher_file_read (self, self->frame, KITH_PAGE_BYTES, i * KITH_PAGE_BYTES) == SQLITE_OK
        && kith_page_cipher_open_page (&self->vfs->cipher, self->frame, (guint64) i + 1))
      return TRUE;

  return FALSE;
}

static int
check_key (CipherFile *self)
{
  sqlite3_int64 size = 0;
  int rc = kith_cipher_file_below (self)->pMethods->xFileSize (kith_cipher_file_below (self), &size);

  if (rc != SQLITE_OK)
    return rc;
  if (size == 0)
    return check_empty (self);

  rc = kith_cipher_file_read (self, self->frame, KITH_PAGE_BYTES, 0);
  if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
    return rc;
  if (rc == SQLITE_OK && kith_page_cipher_open_page (&self->vfs->cipher, self->frame, 1))
    {
      if (!self->vfs->is_to_rescue)
        keep_strange_log (self);
      return SQLITE_OK;
    }
  if (fits_wal (self))
    return SQLITE_OK;

  self->vfs->is_wrong_key = !fits_any_page (self, size);
  return self->vfs->is_to_rescue && !self->vfs->is_wrong_key ? SQLITE_OK : SQLITE_NOTADB;
}

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  KithCipherVfs *owner = (KithCipherVfs *) vfs;
  CipherFile *self = (CipherFile *) file;
  int rc;

  memset (self, 0, sizeof *self);
  self->vfs = owner;
  self->name = name;
  self->is_wal = (flags & SQLITE_OPEN_WAL) != 0;
  if (!self->is_wal && (flags & SQLITE_OPEN_MAIN_DB) == 0)
    return SQLITE_CANTOPEN;

  if (owner->is_to_rescue)
    flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
  rc = owner->base->xOpen (owner->base, name, kith_cipher_file_below (self), flags, out_flags);
  if (rc != SQLITE_OK)
    return rc;

  self->frame = g_malloc (KITH_FRAME_BYTES);
  if (self->is_wal)
    owner->cipher.safe_frames = 0;
  else
    rc = check_key (self);
  if (!self->is_wal && owner->is_to_rescue)
    self->has_log = has_wal (self);
  if (rc != SQLITE_OK)
    {
      kith_cipher_file_below (self)->pMethods->xClose (kith_cipher_file_below (self));
      wipe_frame (self);
      return rc;
    }

  self->file.pMethods = &file_methods;
  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  KithCipherVfs *self = (KithCipherVfs *) vfs;

  if (self->is_to_rescue)
    return SQLITE_READONLY;
  if (self->is_damaged)
    return SQLITE_IOERR_DELETE;

  return self->base->xDelete (self->base, name, sync_folder);
}

static int
vfs_access (sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
  KithCipherVfs *self = (KithCipherVfs *) vfs;

  if (name != NULL && g_str_has_suffix (name, "-journal"))
    {
      *result = 0;
      return SQLITE_OK;
    }

  return self->base->xAccess (self->base, name, flags, result);
}

static int
vfs_full_pathname (sqlite3_vfs *vfs, const char *name, int n, char *out)
{
  sqlite3_vfs *base = ((KithCipherVfs *) vfs)->base;

  return base->xFullPathname (base, name, n, out);
}

static int
vfs_randomness (sqlite3_vfs *vfs, int n, char *out)
{
  sqlite3_vfs *base = ((KithCipherVfs *) vfs)->base;

  return base->xRandomness (base, n, out);
}

static int
vfs_sleep (sqlite3_vfs *vfs, int us)
{
  sqlite3_vfs *base = ((KithCipherVfs *) vfs)->base;

  return base->xSleep (base, us);
}

static int
vfs_current_time (sqlite3_vfs *vfs, double *day)
{
  sqlite3_vfs *base = ((KithCipherVfs *) vfs)->base;

  return base->xCurrentTime (base, day);
}

static int
vfs_get_last_error (sqlite3_vfs *vfs, int n, char *out)
{
  sqlite3_vfs *base = ((KithCipherVfs *) vfs)->base;

  return base->xGetLastError (base, n, out);
}

/**
 * kith_cipher_vfs_new:
 * @page_key: 32 bytes, for pages of one database alone
 * @frame_key: 32 bytes, for frames of its log alone
 * @base: (nullable): the name of the SQLite VFS below
 *
 * Registers a VFS under a name of its own.
 *
 * Returns: (transfer full) (nullable): it, or %NULL when there is no @base
 */
KithCipherVfs *
kith_cipher_vfs_new (KithSecret *page_key, KithSecret *frame_key, const char *base)
{
  static gint number = 0;
  sqlite3_vfs *below_us = sqlite3_vfs_find (base);
  KithCipherVfs *self;

  if (below_us == NULL)
    return NULL;

  self = g_new0 (KithCipherVfs, 1);
  self->base = below_us;
  self->name = g_strdup_printf ("kith-%d", g_atomic_int_add (&number, 1));
  kith_page_cipher_init (&self->cipher, page_key, frame_key);
  self->vfs = (sqlite3_vfs){
    .iVersion = 1,
    .szOsFile = (int) sizeof (CipherFile) + below_us->szOsFile,
    .mxPathname = below_us->mxPathname,
    .zName = self->name,
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_pathname,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_current_time,
    .xGetLastError = vfs_get_last_error,
  };
  sqlite3_vfs_register (&self->vfs, 0);
  return self;
}

/**
 * kith_cipher_vfs_rescue:
 * @self: a VFS with which nothing was opened yet
 * @model: a new database with the schema of what will be, in clear
 * @is_schema_lost: whether SQLite could not read it
 *
 * From now on what can be read of a damaged database is, and nothing is written or locked.
 */
void
kith_cipher_vfs_rescue (KithCipherVfs *self, GBytes *model, gboolean is_schema_lost)
{
  self->is_to_rescue = TRUE;
  self->model = g_bytes_ref (model);
  if (is_schema_lost)
    self->first_page = g_malloc0 (KITH_PAGE_BYTES);
}

/**
 * kith_cipher_vfs_is_log_cut:
 * @self: a VFS that rescues
 *
 * Returns: whether something in the log was damaged, so that what came behind it is left out
 */
gboolean
kith_cipher_vfs_is_log_cut (KithCipherVfs *self)
{
  return self->is_log_cut;
}

/**
 * kith_cipher_vfs_free:
 * @self: (transfer full): a VFS that no connection uses any more
 */
void
kith_cipher_vfs_free (KithCipherVfs *self)
{
  sqlite3_vfs_unregister (&self->vfs);
  kith_page_cipher_clear (&self->cipher);
  if (self->first_page != NULL)
    kith_secret_wipe (self->first_page, KITH_PAGE_BYTES);
  g_free (self->first_page);
  g_clear_pointer (&self->model, g_bytes_unref);
  g_free (self->name);
  g_free (self);
}

/**
 * kith_cipher_vfs_get_name:
 * @self: a VFS
 *
 * Returns: (transfer none): its name for SQLite
 */
const char *
kith_cipher_vfs_get_name (KithCipherVfs *self)
{
  return self->name;
}

/**
 * kith_cipher_vfs_has_failed:
 * @self: a VFS
 *
 * Returns: whether something could not be read, written or brought to the disk since it was made; a full disk does not
 *   count. What SQLite finds damaged from then on need not be
 */
gboolean
kith_cipher_vfs_has_failed (KithCipherVfs *self)
{
  return self->has_failed;
}

/**
 * kith_cipher_vfs_is_damaged:
 * @self: a VFS
 *
 * Returns: whether something was read that is not authentic, and that no power cut explains
 */
gboolean
kith_cipher_vfs_is_damaged (KithCipherVfs *self)
{
  return self->is_damaged;
}

/**
 * kith_cipher_vfs_is_wrong_key:
 * @self: a VFS
 *
 * Returns: whether a file was met of which these keys open nothing
 */
gboolean
kith_cipher_vfs_is_wrong_key (KithCipherVfs *self)
{
  return self->is_wrong_key;
}
