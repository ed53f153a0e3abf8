/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on a disk after the power went. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-disk.h"

#include <string.h>

void
kith_test_file_resize (GByteArray *file, gsize len)
{
  gsize before = file->len;

  g_byte_array_set_size (file, (guint) len);
  if (len > before)
    memset (file->data + before, 0, len - before);
}

void
kith_test_file_write (GByteArray **file, gint64 offset, const guint8 *data, gsize len)
{
  if (*file == NULL)
    *file = g_byte_array_new ();
  if (offset + (gint64) len > (gint64) (*file)->len)
    kith_test_file_resize (*file, (gsize) offset + len);
  memcpy ((*file)->data + offset, data, len);
}

static GByteArray *
copy_file (GByteArray *file)
{
  GByteArray *copy;

  if (file == NULL)
    return NULL;

  copy = g_byte_array_sized_new (file->len);
  return g_byte_array_append (copy, file->data, file->len);
}

guint
kith_test_disk_get_n_ops (KithTestDisk *self)
{
  return self->ops->len;
}

static const KithTestDiskOp *
get_op (KithTestDisk *self, guint i)
{
  return &g_array_index (self->ops, KithTestDiskOp, i);
}

gint64
kith_test_disk_get_mark (KithTestDisk *self, guint n_ops)
{
  for (guint i = n_ops; i > 0; i--)
    if (get_op (self, i - 1)->kind == KITH_TEST_DISK_OP_MARK)
      return get_op (self, i - 1)->offset;

  return 0;
}

static gboolean
happens (GRand *rand, guint percent)
{
  return (guint) g_rand_int_range (rand, 0, 100) < percent;
}

static void
write_some_sectors (GByteArray **file, const KithTestDiskOp *op, guint percent, GRand *rand)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (op->data, &len);

  for (gsize done = 0; done < len;)
    {
      gint64 at = op->offset + (gint64) done;
      gint64 left = KITH_TEST_DISK_SECTOR_BYTES - at % KITH_TEST_DISK_SECTOR_BYTES;
      gsize n = MIN (len - done, (gsize) left);

      if (happens (rand, percent))
        kith_test_file_write (file, at, data + done, n);
      done += n;
    }
}

static void
write_unsynced (GByteArray **file, const KithTestDiskOp *op, gboolean is_last, KithTestCut mode,
                GRand *rand)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (op->data, &len);

  switch (mode)
    {
    case KITH_TEST_CUT_LOSE_FEW_SECTORS:
      write_some_sectors (file, op, 85, rand);
      break;
    case KITH_TEST_CUT_LOSE_HALF:
      write_some_sectors (file, op, 50, rand);
      break;
    case KITH_TEST_CUT_REORDER:
      if (is_last)
        write_some_sectors (file, op, 50, rand);
      else if (happens (rand, 60))
        kith_test_file_write (file, op->offset, data, len);
      break;
    case KITH_TEST_CUT_KEEP_ALL:
    case KITH_TEST_CUT_N_MODES:
    default:
      kith_test_file_write (file, op->offset, data, len);
      break;
    }
}

static void
replay (KithTestDisk *self, const KithTestDiskOp *op, gboolean is_synced, gboolean is_last,
        KithTestCut mode, GRand *rand)
{
  GByteArray **file = &self->files[op->file];
  gboolean keeps = is_synced || mode == KITH_TEST_CUT_KEEP_ALL;

  if (op->kind == KITH_TEST_DISK_OP_WRITE)
    write_unsynced (file, op, is_last, keeps ? KITH_TEST_CUT_KEEP_ALL : mode, rand);
  else if (op->kind == KITH_TEST_DISK_OP_TRUNCATE && *file != NULL && (keeps || happens (rand, 50)))
    kith_test_file_resize (*file, MIN ((gsize) op->offset, (*file)->len));
  else if (op->kind == KITH_TEST_DISK_OP_DELETE && (keeps || happens (rand, 50)))
    g_clear_pointer (file, g_byte_array_unref);
}

/* Returns: (transfer full): another disk, as the power went after @n_ops operations */
KithTestDisk *
kith_test_disk_cut (KithTestDisk *self, guint n_ops, KithTestCut mode, GRand *rand)
{
  KithTestDisk *cut = kith_test_disk_new ();
  guint n_synced[KITH_TEST_DISK_N_FILES] = { 0 };

  for (guint i = 0; i < n_ops; i++)
    if (get_op (self, i)->kind == KITH_TEST_DISK_OP_SYNC)
      n_synced[get_op (self, i)->file] = i;

  for (guint i = 0; i < KITH_TEST_DISK_N_FILES; i++)
    cut->files[i] = copy_file (self->initial[i]);
  for (guint i = 0; i < n_ops; i++)
    {
      const KithTestDiskOp *op = get_op (self, i);

      replay (cut, op, i < n_synced[op->file], i + 1 == n_ops, mode, rand);
    }
  for (guint i = 0; i < KITH_TEST_DISK_N_FILES; i++)
    cut->initial[i] = copy_file (cut->files[i]);
  return cut;
}

/* Returns: (transfer full): another disk with the same files */
KithTestDisk *
kith_test_disk_copy (KithTestDisk *self)
{
  KithTestDisk *copy = kith_test_disk_new ();

  for (guint i = 0; i < KITH_TEST_DISK_N_FILES; i++)
    {
      copy->files[i] = copy_file (self->files[i]);
      copy->initial[i] = copy_file (self->files[i]);
    }
  return copy;
}
