/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-damaged-log.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-limits.h"
#include "base/kith-sync.h"
#include "store/kith-wal-evidence.h"

static char *
dup_copy_name (const char *database)
{
  return g_strconcat (database, "-wal.damaged", NULL);
}

/* Returns: whether there is a log behind it */
static gboolean
read_header (const char *path, guint8 header[KITH_WAL_HEADER_BYTES])
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  gssize n;

  if (fd < 0)
    return FALSE;

  n = read (fd, header, KITH_WAL_HEADER_BYTES);
  close (fd);
  return n == KITH_WAL_HEADER_BYTES;
}

/* Each beginning of a log has salts of its own. */
static gboolean
is_of_same_log (const guint8 header[KITH_WAL_HEADER_BYTES], const char *copy)
{
  guint8 other[KITH_WAL_HEADER_BYTES];

  return read_header (copy, other) && memcmp (header, other, sizeof other) == 0;
}

/* Half a copy never takes the place of a whole one. */
static gboolean
make_copy (const char *log, const char *copy)
{
  g_autofree char *temporary = g_strconcat (copy, ".new", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (log);
  g_autoptr (GFile) to = g_file_new_for_path (temporary);

  if (g_file_copy (from, to, G_FILE_COPY_OVERWRITE | G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL, NULL, NULL)
      && g_utime (temporary, NULL) == 0 && kith_sync_file (temporary) && g_rename (temporary, copy) == 0)
    return kith_sync_folder_of (copy);

  g_unlink (temporary);
  return FALSE;
}

void
kith_damaged_log_keep (const char *database)
{
  g_autofree char *log = g_strconcat (database, "-wal", NULL);
  g_autofree char *copy = dup_copy_name (database);
  guint8 header[KITH_WAL_HEADER_BYTES];

  if (!read_header (log, header) || is_of_same_log (header, copy))
    return;

  if (make_copy (log, copy))
    g_message ("The log of the database is damaged: a copy of it was put aside");
  else
    g_info ("The damaged log of the database could not be copied");
}

void
kith_damaged_log_drop (const char *database)
{
  g_autofree char *copy = dup_copy_name (database);
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  GStatBuf info;

  if (g_lstat (copy, &info) == 0 && now_s - (gint64) info.st_mtime > KITH_LIMIT_DAMAGED_LOG_S)
    g_unlink (copy);
}
