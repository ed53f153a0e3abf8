/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-disk.h"

#include <string.h>

#include <sqlite3.h>

typedef struct
{
  sqlite3_file     file; /* first */
  KithTestDisk    *disk;
  KithTestDiskFile which;
} DiskFile;

static void
op_clear (KithTestDiskOp *op)
{
  g_clear_pointer (&op->data, g_bytes_unref);
}

static void
record (KithTestDisk *self, KithTestDiskOpKind kind, KithTestDiskFile file, gint64 offset,
        GBytes *data)
{
  KithTestDiskOp op = { .kind = kind, .file = file, .offset = offset, .data = data };

  g_array_append_val (self->ops, op);
}

/* --- Files in memory ------------------------------------------------------------------------ */

static int
file_close (sqlite3_file *file)
{
  return SQLITE_OK;
}

static int
file_read (sqlite3_file *file, void *buffer, int n, sqlite3_int64 offset)
{
  DiskFile *self = (DiskFile *) file;
  GByteArray *bytes = self->disk->files[self->which];
  gint64 left = bytes == NULL ? 0 : CLAMP ((gint64) bytes->len - offset, 0, n);

  self->disk->n_reads++;
  memset (buffer, 0, (gsize) n);
  if (left > 0)
    memcpy (buffer, bytes->data + offset, (gsize) left);
  return left == n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
file_write (sqlite3_file *file, const void *buffer, int n, sqlite3_int64 offset)
{
  DiskFile *self = (DiskFile *) file;

  record (self->disk, KITH_TEST_DISK_OP_WRITE, self->which, offset,
          g_bytes_new (buffer, (gsize) n));
  kith_test_file_write (&self->disk->files[self->which], offset, buffer, (gsize) n);
  return SQLITE_OK;
}

static int
file_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  DiskFile *self = (DiskFile *) file;
  GByteArray *bytes = self->disk->files[self->which];

  record (self->disk, KITH_TEST_DISK_OP_TRUNCATE, self->which, size, NULL);
  if (bytes != NULL)
    kith_test_file_resize (bytes, (gsize) size);
  return SQLITE_OK;
}

static int
file_sync (sqlite3_file *file, int flags)
{
  DiskFile *self = (DiskFile *) file;

  record (self->disk, KITH_TEST_DISK_OP_SYNC, self->which, 0, NULL);
  return SQLITE_OK;
}

static int
file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  DiskFile *self = (DiskFile *) file;
  GByteArray *bytes = self->disk->files[self->which];

  *size = bytes == NULL ? 0 : bytes->len;
  return SQLITE_OK;
}

static int
file_lock (sqlite3_file *file, int level)
{
  return SQLITE_OK;
}

static int
file_check_reserved_lock (sqlite3_file *file, int *result)
{
  *result = 0;
  return SQLITE_OK;
}

static int
file_control (sqlite3_file *file, int op, void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
file_sector_size (sqlite3_file *file)
{
  return KITH_TEST_DISK_SECTOR_BYTES;
}

static int
file_device_characteristics (sqlite3_file *file)
{
  return ((DiskFile *) file)->disk->characteristics;
}

static const sqlite3_io_methods file_methods = {
  .iVersion = 1,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_lock,
  .xCheckReservedLock = file_check_reserved_lock,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_device_characteristics,
};

/* --- The VFS -------------------------------------------------------------------------------- */

static KithTestDiskFile
which_file (const char *name)
{
  return g_str_has_suffix (name, "-wal") ? KITH_TEST_DISK_WAL : KITH_TEST_DISK_DB;
}

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  KithTestDisk *disk = (KithTestDisk *) vfs;
  DiskFile *self = (DiskFile *) file;

  self->disk = disk;
  self->which = which_file (name);
  self->file.pMethods = &file_methods;
  if (disk->files[self->which] == NULL && (flags & SQLITE_OPEN_CREATE) != 0)
    disk->files[self->which] = g_byte_array_new ();
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  KithTestDisk *self = (KithTestDisk *) vfs;
  KithTestDiskFile which = which_file (name);

  record (self, KITH_TEST_DISK_OP_DELETE, which, 0, NULL);
  g_clear_pointer (&self->files[which], g_byte_array_unref);
  return SQLITE_OK;
}

static int
vfs_access (sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
  KithTestDisk *self = (KithTestDisk *) vfs;
  GByteArray *file = self->files[which_file (name)];

  *result = file != NULL;
  return SQLITE_OK;
}

static int
vfs_full_pathname (sqlite3_vfs *vfs, const char *name, int n, char *out)
{
  g_strlcpy (out, name, (gsize) n);
  return SQLITE_OK;
}

static int
vfs_randomness (sqlite3_vfs *vfs, int n, char *out)
{
  sqlite3_vfs *system = ((KithTestDisk *) vfs)->system;

  return system->xRandomness (system, n, out);
}

static int
vfs_current_time (sqlite3_vfs *vfs, double *day)
{
  sqlite3_vfs *system = ((KithTestDisk *) vfs)->system;

  return system->xCurrentTime (system, day);
}

static int
vfs_sleep (sqlite3_vfs *vfs, int us)
{
  return 0;
}

static int
vfs_get_last_error (sqlite3_vfs *vfs, int n, char *out)
{
  return 0;
}

KithTestDisk *
kith_test_disk_new (void)
{
  static guint number = 0;
  KithTestDisk *self = g_new0 (KithTestDisk, 1);

  self->system = sqlite3_vfs_find (NULL);
  self->name = g_strdup_printf ("test-disk-%u", number++);
  self->characteristics = SQLITE_IOCAP_POWERSAFE_OVERWRITE;
  self->ops = g_array_new (FALSE, FALSE, sizeof (KithTestDiskOp));
  g_array_set_clear_func (self->ops, (GDestroyNotify) op_clear);
  self->vfs = (sqlite3_vfs){
    .iVersion = 1,
    .szOsFile = sizeof (DiskFile),
    .mxPathname = 100,
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

/* Every connection to it has to be closed. */
void
kith_test_disk_free (KithTestDisk *self)
{
  sqlite3_vfs_unregister (&self->vfs);
  for (guint i = 0; i < KITH_TEST_DISK_N_FILES; i++)
    {
      g_clear_pointer (&self->files[i], g_byte_array_unref);
      g_clear_pointer (&self->initial[i], g_byte_array_unref);
    }
  g_array_unref (self->ops);
  g_free (self->name);
  g_free (self);
}

const char *
kith_test_disk_get_name (KithTestDisk *self)
{
  return self->name;
}

void
kith_test_disk_mark (KithTestDisk *self, gint64 acknowledged)
{
  record (self, KITH_TEST_DISK_OP_MARK, 0, acknowledged, NULL);
}
