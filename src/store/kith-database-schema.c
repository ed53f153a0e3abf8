/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbered migrations. Version n of the schema is made from n - 1 by schema/00n.sql, in one transaction.
 *
 * A copy of the file is put aside before the first step of a run, and stays for some days, in which somebody may see
 * that something is wrong: a start can only tell that SQLite is content. It goes sooner when a message is deleted or
 * edited that it has, a contact is removed, or what was noted of one is changed: it would keep that. Drafts, settings,
 * requests and invites come and go all the time, and leave it alone. It stands for each step that follows. A step is
 * there as a whole or not at all, so a run that ends between two leaves a version that the next one goes on from, with a
 * copy of its own beside the first. What the copies are for is a step that went through and did the wrong thing; and the
 * state before the first is the one that people have seen to be fine, and that a version of Kith exists for. Those in
 * between come from it by the same scripts: a copy of each would only take its room once more. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-database-private.h"

#include <errno.h>
#include <utime.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-sync.h"
#include "store/kith-store-errors.h"
#include "store/kith-store-resources.h"

#define LATEST_VERSION 8
#define KEY_COPIED "copied-up-to"
#define NOTHING_COPIED (-1) /* in its place: the copies are to go */

guint
kith_database_get_latest_version (void)
{
  return LATEST_VERSION;
}

static char *
dup_copy_name (KithDatabase *self, guint version)
{
  return g_strdup_printf ("%s.before-version-%u", self->path, version);
}

/* The copy is as encrypted as the file. */
static gboolean
put_copy_aside (KithDatabase *self, guint version, GError **error)
{
  g_autofree char *name = dup_copy_name (self, version + 1);
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autoptr (GFile) copy = g_file_new_for_path (name);
  g_autoptr (GError) local = NULL;

  if (!kith_database_checkpoint (self, error))
    return FALSE;
  if (!g_file_copy (file, copy, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &local))
    {
      kith_store_set_file_error (error, local);
      g_unlink (name); /* half of one only takes room */
      return FALSE;
    }
  utime (name, NULL); /* GLib gives it the time of what was copied */
  /* A power cut during the first step is one of the moments it is for. */
  if (kith_sync_file (name) && kith_sync_folder_of (name))
    return TRUE;

  kith_store_set_errno_error (error, errno);
  return FALSE;
}

void
kith_database_drop_copies (KithDatabase *self)
{
  for (guint i = 2; i <= kith_database_get_latest_version () && self->path != NULL; i++)
    {
      g_autofree char *name = dup_copy_name (self, i);

      g_unlink (name);
    }
}

/* One that seems to come from the future would never be old enough. */
static void
drop_old_copies (KithDatabase *self)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 2; i <= kith_database_get_latest_version () && self->path != NULL; i++)
    {
      g_autofree char *name = dup_copy_name (self, i);
      GStatBuf info;

      if (g_lstat (name, &info) == 0 && ABS (now_s - (gint64) info.st_mtime) > KITH_LIMIT_MIGRATION_COPY_S)
        g_unlink (name);
    }
}

/* Until it is known, the copies may have everything. */
static void
read_copied_number (KithDatabase *self)
{
  self->copied_number = kith_database_get_int (
    self, "SELECT CAST (value AS INTEGER) FROM setting WHERE key = '" KEY_COPIED "'", G_MAXINT64);
}

/* What a run that was killed had deleted is in those that it did not come to drop: it has left its word. One that was
 * killed without deleting anything has not: it may be just the fault that a copy is there for. */
static void
drop_left_copies (KithDatabase *self)
{
  if (self->copied_number == NOTHING_COPIED)
    kith_database_drop_copies (self);
}

/* @number: of the last message when the copy was made, or NOTHING_COPIED. It is no loss if it cannot be kept. */
static void
write_copied_number (KithDatabase *self, gint64 number)
{
  g_autofree char *sql =
    g_strdup_printf ("INSERT OR REPLACE INTO setting (key, value) VALUES ('" KEY_COPIED "', '%" G_GINT64_FORMAT "')",
                     number);

  kith_database_exec (self, sql, NULL);
  read_copied_number (self);
}

static gboolean
run_script (KithDatabase *self, guint version, GError **error)
{
  g_autofree char *name = g_strdup_printf ("/chat/kith/Kith/schema/%03u.sql", version);
  g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %u", version);
  g_autoptr (GBytes) script = NULL;
  gsize len;

  script = g_resource_lookup_data (kith_store_resources_get_resource (), name,
                                   G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (script == NULL)
    return FALSE;

  if (kith_database_exec (self, "BEGIN IMMEDIATE", error)
      && kith_database_exec (self, g_bytes_get_data (script, &len), error)
      && kith_database_exec (self, mark, error) && kith_database_exec (self, "COMMIT", error))
    return TRUE;

  kith_database_exec (self, "ROLLBACK", NULL);
  return FALSE;
}

void
kith_database_leave_no_copies (KithDatabase *self)
{
  write_copied_number (self, NOTHING_COPIED);
  self->copied_number = NOTHING_COPIED;
}

/**
 * kith_database_migrate:
 * @self: a database
 * @version: the version of the schema it gets, at most the latest
 * @keeps_copy: whether the file is copied before the first step that runs, to FILE.before-version-N, N being the version
 *   that step makes: not where it was just made of something that stays
 * @error: return location for a #GError: %KITH_ERROR_NEWER_VERSION, those of copying a file (%KITH_ERROR_DISK_FULL,
 *   %KITH_ERROR_DISK, %KITH_ERROR_PERMISSION), and those of kith_database_exec()
 *
 * Returns: %FALSE when it is of a newer version already, there is no room for the copy, or a step failed; the steps
 *   before stay
 */
gboolean
kith_database_migrate (KithDatabase *self, guint version, gboolean keeps_copy, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (self, "PRAGMA user_version", error);
  g_autoptr (GError) local = NULL;
  gint64 number = -1;
  guint found;

  if (statement == NULL)
    return FALSE;
  if (!kith_database_step (self, statement, &local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  found = (guint) sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  if (found > version)
    {
      g_set_error (error, KITH_ERROR, KITH_ERROR_NEWER_VERSION, "The database has version %u", found);
      return FALSE;
    }

  if (found > 0 && found < version && self->migrating != NULL)
    self->migrating (self->migrating_data);

  self->copied_number = G_MAXINT64;
  if (found == version && version == kith_database_get_latest_version ())
    {
      read_copied_number (self);
      drop_left_copies (self);
      drop_old_copies (self);
    }
  if (keeps_copy && found > 0 && found < version && self->path != NULL)
    {
      /* That older ones are to go does not mean this one. */
      read_copied_number (self);
      drop_left_copies (self);
      kith_database_exec (self, "DELETE FROM setting WHERE key = '" KEY_COPIED "'", NULL);
      if (!put_copy_aside (self, found, error))
        return FALSE;
      number = kith_database_get_int (self, "SELECT coalesce (max (number), 0) FROM message", G_MAXINT64);
    }

  while (found < version)
    if (!run_script (self, ++found, error))
      return FALSE;

  if (number >= 0)
    write_copied_number (self, number);
  return TRUE;
}
