/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define KITH_TEST_DISK_SECTOR_BYTES 512

/**
 * KithTestDisk:
 *
 * A disk in memory, as an SQLite VFS, for one database and its log. It remembers every write,
 * truncation, sync and deletion, and so can say what a real disk might hold had the power gone at
 * any moment: what was synced, and of the rest whatever sectors had made it.
 */
typedef struct _KithTestDisk KithTestDisk;

typedef enum
{
  KITH_TEST_DISK_DB,
  KITH_TEST_DISK_WAL,
  KITH_TEST_DISK_N_FILES,
} KithTestDiskFile;

/* What becomes of what was not synced. */
typedef enum
{
  KITH_TEST_CUT_KEEP_ALL,
  KITH_TEST_CUT_LOSE_FEW_SECTORS,  /* 15 of 100 */
  KITH_TEST_CUT_LOSE_HALF,
  KITH_TEST_CUT_REORDER,           /* whole writes in any order, the last one torn */
  KITH_TEST_CUT_N_MODES,
} KithTestCut;

typedef enum
{
  KITH_TEST_DISK_OP_WRITE,
  KITH_TEST_DISK_OP_TRUNCATE,
  KITH_TEST_DISK_OP_SYNC,
  KITH_TEST_DISK_OP_DELETE,
  KITH_TEST_DISK_OP_MARK,
} KithTestDiskOpKind;

typedef struct
{
  KithTestDiskOpKind kind;
  KithTestDiskFile   file;
  gint64             offset; /* the size for a truncation, the number for a mark */
  GBytes            *data;   /* (owned) (nullable) */
} KithTestDiskOp;

struct _KithTestDisk
{
  sqlite3_vfs  vfs; /* first: SQLite hands it back to us */
  sqlite3_vfs *system;
  char        *name;
  GByteArray  *files[KITH_TEST_DISK_N_FILES];   /* (owned) (nullable) */
  GByteArray  *initial[KITH_TEST_DISK_N_FILES]; /* (owned) (nullable): before the first operation */
  GArray      *ops;
  int          characteristics; /* SQLITE_IOCAP_*: what it says of itself */
  guint64      n_reads;
};

KithTestDisk *kith_test_disk_new      (void);
void          kith_test_disk_free     (KithTestDisk     *self);
const char   *kith_test_disk_get_name (KithTestDisk     *self);

/* From now on, @acknowledged messages must never be lost. */
void          kith_test_disk_mark     (KithTestDisk     *self,
                                       gint64            acknowledged);
guint         kith_test_disk_get_n_ops (KithTestDisk    *self);
gint64        kith_test_disk_get_mark (KithTestDisk     *self,
                                       guint             n_ops);
KithTestDisk *kith_test_disk_cut      (KithTestDisk     *self,
                                       guint             n_ops,
                                       KithTestCut       mode,
                                       GRand            *rand);

KithTestDisk *kith_test_disk_copy     (KithTestDisk     *self);

void          kith_test_file_resize   (GByteArray       *file,
                                       gsize             len);
void          kith_test_file_write    (GByteArray      **file,
                                       gint64            offset,
                                       const guint8     *data,
                                       gsize             len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithTestDisk, kith_test_disk_free)

G_END_DECLS
