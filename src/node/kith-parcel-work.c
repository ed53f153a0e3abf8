/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a worker thread does for a file that is received. Protocol 11. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-parcel-work.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "proto/kith-file-name.h"

/* Names under which a file may be complete already. */
#define NAMES_TRIED 20

/**
 * kith_parcel_work_new: (skip)
 * @parcel: a parcel of theirs that has its sink and its leaves
 *
 * Main thread.
 *
 * Returns: (transfer full): work for kith_parcel_run(); the caller fills in what else the thread needs
 */
KithParcelWork *
kith_parcel_work_new (KithParcel *parcel)
{
  KithParcelWork *work = g_new0 (KithParcelWork, 1);

  work->sink = kith_file_sink_ref (parcel->sink);
  work->leaves = g_byte_array_ref (parcel->leaves);
  memcpy (work->root, parcel->row->file->root, sizeof work->root);
  work->size = parcel->row->file->size;
  return work;
}

/**
 * kith_parcel_work_free: (skip)
 * @work: (transfer full): done, or never begun
 */
void
kith_parcel_work_free (KithParcelWork *work)
{
  kith_file_sink_unref (work->sink);
  g_byte_array_unref (work->leaves);
  g_clear_pointer (&work->pieces, g_ptr_array_unref);
  g_free (work->folder);
  g_free (work->name);
  g_free (work->partial);
  g_free (work->path);
  g_free (work);
}

static void
answer (GTask *task, gboolean is_fine, GError *error)
{
  if (is_fine)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* --- What is there already ------------------------------------------------------------------ */

/* Whether what is at @path is the whole of it. */
static gboolean
is_whole (KithParcelWork *work, const char *path, GCancellable *cancellable)
{
  g_autoptr (KithFileSource) source = kith_file_source_new_for_path (path);
  g_autoptr (GByteArray) leaves = NULL;
  guint8 root[KITH_HASH_BYTES];

  if (!kith_file_source_open (source, cancellable, NULL)
      || kith_file_source_get_size (source) != work->size
      || kith_file_source_get_list_bytes (source) != work->list_bytes)
    return FALSE;

  work->n_files = work->list_bytes > 0 ? kith_file_source_get_n_files (source) : 0;
  leaves = kith_file_source_hash (source, root, NULL, NULL, cancellable, NULL);
  return leaves != NULL && memcmp (root, work->root, sizeof root) == 0;
}

/* The last start may have ended between giving it its name and writing that down: then it is under that
 * name, or one with a number. (transfer full) (nullable) */
static char *
find_whole (KithParcelWork *work, GCancellable *cancellable)
{
  g_autofree char *name = g_strdup (work->name);

  if (work->partial == NULL || g_file_test (work->partial, G_FILE_TEST_EXISTS))
    return NULL;

  for (guint i = 2;; i++)
    {
      g_autofree char *path = g_build_filename (work->folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS) || i > NAMES_TRIED)
        return NULL;
      if (is_whole (work, path, cancellable))
        return g_steal_pointer (&path);
      g_free (name);
      name = kith_file_name_with_number (work->name, i);
    }
}

static gboolean
check (KithParcelWork *work, GCancellable *cancellable, GError **error)
{
  guint8 root[KITH_HASH_BYTES];
  guint8 empty[KITH_HASH_BYTES];
  guint32 n_leaves = kith_file_n_leaves (work->size);

  kith_file_root (root, work->size, work->leaves->data, n_leaves);
  kith_file_leaf (empty, 0, NULL, 0);
  if (memcmp (root, work->root, sizeof root) != 0
      || (work->size == 0 && memcmp (empty, work->leaves->data, sizeof empty) != 0))
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The leaves are not those of the root");
      return FALSE;
    }

  work->path = find_whole (work, cancellable);
  if (work->path != NULL)
    return TRUE;

  if (!kith_file_sink_open (work->sink, error)
      || !kith_file_sink_check (work->sink, work->leaves->data, &work->n_good, NULL, NULL, cancellable,
                                error))
    return FALSE;

  return kith_file_sink_has_room (
    work->folder,
    work->size - MIN ((guint64) work->n_good * KITH_LIMIT_FILE_LEAF_BYTES, work->size), error);
}

/**
 * kith_parcel_work_check_thread: (skip)
 * @task: gets %TRUE, or what went wrong
 * @source: unused
 * @data: a #KithParcelWork with a folder and a name
 * @cancellable: (nullable): ends it early
 *
 * Looks whether the leaves are right, and what is there already: all of it, which then has a path, or
 * some good pieces from the beginning. Opens the sink. Worker thread.
 */
void
kith_parcel_work_check_thread (GTask *task, gpointer source, gpointer data,
                               GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean is_fine = check (data, cancellable, &error);

  answer (task, is_fine, error);
}

/* --- Pieces, and the end -------------------------------------------------------------------- */

static gboolean
write_piece (KithParcelWork *work, GError **error)
{
  const GByteArray *piece = g_ptr_array_index (work->pieces, work->n_good);
  guint32 i = work->first + work->n_good;
  guint8 leaf[KITH_HASH_BYTES];

  kith_file_leaf (leaf, i, piece->data, piece->len);
  if (memcmp (leaf, work->leaves->data + (gsize) i * KITH_HASH_BYTES, sizeof leaf) != 0)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "A piece is not what was offered");
      return FALSE;
    }

  return kith_file_sink_write (work->sink, (guint64) i * KITH_LIMIT_FILE_LEAF_BYTES, piece->data,
                               piece->len, error);
}

/**
 * kith_parcel_work_write_thread: (skip)
 * @task: gets %TRUE, or what went wrong
 * @source: unused
 * @data: a #KithParcelWork with pieces
 * @cancellable: (nullable): unused
 *
 * Writes them, as long as each is what its leaf says. Worker thread.
 */
void
kith_parcel_work_write_thread (GTask *task, gpointer source, gpointer data,
                               GCancellable *cancellable)
{
  KithParcelWork *work = data;
  GError *error = NULL;
  gboolean is_fine = TRUE;

  while (is_fine && work->n_good < work->pieces->len)
    {
      is_fine = write_piece (work, &error);
      work->n_good += is_fine ? 1 : 0;
    }

  answer (task, is_fine, error);
}

/**
 * kith_parcel_work_finish_thread: (skip)
 * @task: gets %TRUE, or what went wrong
 * @source: unused
 * @data: a #KithParcelWork with a name
 * @cancellable: (nullable): unused
 *
 * Gives what is complete its name: then it has a path. Worker thread.
 */
void
kith_parcel_work_finish_thread (GTask *task, gpointer source, gpointer data,
                                GCancellable *cancellable)
{
  KithParcelWork *work = data;
  GError *error = NULL;

  work->path = kith_file_sink_finish (work->sink, work->name, &error);
  work->n_files = kith_file_sink_get_n_files (work->sink);
  answer (task, work->path != NULL, error);
}
