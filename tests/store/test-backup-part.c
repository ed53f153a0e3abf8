/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a backup is before it has its name: nothing that a killed program would leave, or something that the next one
 * removes. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-unnamed-file.h"
#include "kith-test-database.h"
#include "kith-test-refuse.h"
#include "kith-test-store.h"
#include "store/kith-backup-file.h"
#include "store/kith-backup-part.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"

#define MESSAGES 5000 /* so that it takes several slices */
#define OLDER "an older backup"
#define FOLDER "KITH_TEST_FOLDER" /* of a process that is killed */

typedef struct
{
  char       *folder; /* (owned) */
  char       *path;   /* (owned) */
  GFile      *file;   /* (owned) */
  KithStore  *store;  /* (owned) */
  KithSecret *secret; /* (owned) */
} Fixture;

/* @data: whether there are no files without a name */
static void
set_up (Fixture *self, gconstpointer data)
{
  const char *given = g_test_subprocess () ? g_getenv (FOLDER) : NULL;

  kith_test_refuse_unnamed (data != NULL);
  self->folder = given != NULL ? g_strdup (given) : kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "backup", NULL);
  self->file = g_file_new_for_path (self->path);
  self->store = kith_store_new_in_memory ();
  self->secret = kith_test_secret ('x');
  kith_test_put_profile (self->store, "Ann");
  kith_test_add (self->store, 1, 1, MESSAGES, TRUE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_test_refuse_unnamed (FALSE);
  g_clear_object (&self->store);
  g_object_unref (self->file);
  kith_secret_unref (self->secret);
  g_free (self->path);
  kith_test_folder_free (self->folder);
}

static gboolean
has_unnamed_files (Fixture *self)
{
  int fd = kith_unnamed_file_open (self->path);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

static guint
count_files (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static gboolean
has (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
put (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
assert_older (Fixture *self)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, OLDER);
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
export_with (Fixture *self, KithBackupProgressFunc progress, gpointer user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (self->store, self->file, self->secret, progress, user_data, NULL,
                           kith_test_result_cb, &result);
  g_assert_true (kith_store_export_finish (self->store, kith_test_await (&result), NULL, &error));
  g_assert_no_error (error);
}

/* --- While it is written -------------------------------------------------------------------- */

typedef struct
{
  Fixture *fixture;
  guint    n_most; /* files that were seen at once */
} Look;

static void
look_cb (double fraction, gpointer user_data)
{
  Look *look = user_data;

  look->n_most = MAX (look->n_most, count_files (look->fixture));
}

static void
test_names (Fixture *self, gconstpointer data)
{
  guint n_beside = has_unnamed_files (self) ? 0 : 1;

  for (guint i = 0; i < 2; i++)
    {
      Look look = { .fixture = self };

      export_with (self, look_cb, &look);
      g_assert_cmpuint (look.n_most, ==, i + n_beside); /* what was there before */
      g_assert_cmpuint (count_files (self), ==, 1);
      g_assert_true (has (self, "backup"));
    }
}

/* --- A disk that gets it wrong -------------------------------------------------------------- */

typedef struct
{
  Fixture *fixture;
  goffset  at;       /* the byte that the disk gets wrong */
  double   from;     /* of the progress */
  guint    n_wrong;
  double   last;     /* progress */
} BadDisk;

/* Returns: (transfer full) (nullable): the way to what is being written without a name */
static char *
find_unnamed (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  g_autofree char *prefix = g_strconcat (self->folder, "/#", NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *way = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (way, NULL);

      if (target != NULL && g_str_has_prefix (target, prefix))
        return g_steal_pointer (&way);
    }

  return NULL;
}

/* Returns: (transfer full): what is being written, the only file of that name */
static char *
find_part (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  g_autofree char *prefix = g_path_get_basename (self->path);
  const char *name;
  char *path = find_unnamed (self);

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix) && g_str_has_suffix (name, ".part")
        && strlen (name) > strlen (prefix) + strlen (".part"))
      {
        g_assert_null (path);
        path = g_build_filename (self->folder, name, NULL);
      }
  g_assert_nonnull (path);
  return path;
}

/* On the store thread or a worker. */
static void
spoil_cb (double fraction, gpointer user_data)
{
  BadDisk *disk = user_data;
  g_autofree char *path = NULL;
  struct stat info;
  guint8 byte = 0;
  int fd;

  g_assert_cmpfloat (fraction, >=, disk->last);
  disk->last = fraction;
  if (fraction < disk->from || disk->n_wrong++ > 0)
    return;

  path = find_part (disk->fixture);
  fd = g_open (path, O_RDWR | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fstat (fd, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (pread (fd, &byte, 1, disk->at), ==, 1);
  byte ^= 1;
  g_assert_cmpint (pwrite (fd, &byte, 1, disk->at), ==, 1);
  close (fd);
}

static void
export_to_bad_disk (Fixture *self, goffset at, double from)
{
  BadDisk disk = { .fixture = self, .at = at, .from = from };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (self->store, self->file, self->secret, spoil_cb, &disk, NULL,
                           kith_test_result_cb, &result);
  g_assert_false (kith_store_export_finish (self->store, kith_test_await (&result), NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_A_BACKUP);
  g_assert_cmpuint (disk.n_wrong, >, 0);
}

/* One bit that is not as it was written, in the head or in what follows: that is no backup. */
static void
test_bad_disk (Fixture *self, gconstpointer data)
{
  static const goffset places[] = { 0, 8, 40, 80, 115, 200, 70000 };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      export_to_bad_disk (self, places[i], 0.8);
      g_assert_cmpuint (count_files (self), ==, 0);
    }

  put (self, "backup", OLDER);
  export_to_bad_disk (self, 70000, 0.8);
  assert_older (self);
}

static void
cancel_cb (double fraction, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
export_and_cancel (Fixture *self)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (self->store, self->file, self->secret, cancel_cb, cancellable, cancellable,
                           kith_test_result_cb, &result);
  g_assert_false (kith_store_export_finish (self->store, kith_test_await (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What is written has a name of its own: a file of the user that is called nearly so stays as it is. */
static void
test_part_is_new (Fixture *self, gconstpointer data)
{
  g_autofree char *theirs = g_strconcat (self->path, ".part", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (theirs, OLDER, -1, NULL));
  export_to_bad_disk (self, 0, 0.8);
  export_and_cancel (self);
  g_assert_cmpuint (count_files (self), ==, 1);
  g_assert_true (g_file_get_contents (theirs, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, OLDER);
}

/* --- Killed --------------------------------------------------------------------------------- */

static void
kill_cb (double fraction, gpointer user_data)
{
  raise (SIGKILL);
}

static void
test_killed (Fixture *self, gconstpointer data)
{
  guint n_left = has_unnamed_files (self) ? 0 : 1;

  if (g_test_subprocess ())
    {
      export_with (self, kill_cb, NULL);
      return;
    }

  g_setenv (FOLDER, self->folder, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_assert_false (g_test_trap_has_passed ());
  g_assert_cmpuint (count_files (self), ==, n_left);
  export_with (self, NULL, NULL);
  g_assert_cmpuint (count_files (self), ==, 1);
  g_assert_true (has (self, "backup"));
}

/* Only what nobody else can have meant is removed. */
static void
test_left_behind (Fixture *self, gconstpointer data)
{
  put (self, "backup.abcdef.part", KITH_BACKUP_MAGIC " and more");
  put (self, "backup.234567.part", "");
  put (self, "backup.aaaaaa.part", "a letter");
  put (self, "backup.ABCDEF.part", KITH_BACKUP_MAGIC);
  put (self, "backup.abcdefg.part", KITH_BACKUP_MAGIC);
  put (self, "backup.abcdef.parts", KITH_BACKUP_MAGIC);
  put (self, "backup.part", KITH_BACKUP_MAGIC);
  put (self, "other.abcdef.part", KITH_BACKUP_MAGIC);
  export_with (self, NULL, NULL);
  g_assert_false (has (self, "backup.abcdef.part"));
  g_assert_false (has (self, "backup.234567.part"));
  g_assert_cmpuint (count_files (self), ==, 7);
}

/* Nor what is being written by somebody else, or by us. */
static void
test_in_use (Fixture *self, gconstpointer data)
{
  g_autofree char *theirs = g_build_filename (self->folder, "backup.abcdef.part", NULL);
  guint n_parts = has_unnamed_files (self) ? 1 : 2;
  g_autoptr (KithBackupPart) part = NULL;
  g_autoptr (GError) error = NULL;
  int fd;

  put (self, "backup.abcdef.part", KITH_BACKUP_MAGIC);
  fd = g_open (theirs, O_RDWR | O_CLOEXEC, 0);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  part = kith_backup_part_new (self->file, &error);
  g_assert_no_error (error);
  g_assert_true (kith_backup_part_close (part, NULL));
  export_with (self, NULL, NULL);
  g_assert_true (has (self, "backup.abcdef.part"));
  g_assert_cmpuint (count_files (self), ==, 1 + n_parts);
  close (fd);
}

/* What is written does not wait in memory for the end, and what the disk says of it then it says once. */
static gint fails_now_and_then;

__attribute__ ((visibility ("default"))) int
fdatasync (int fd)
{
  if (!g_atomic_int_get (&fails_now_and_then))
    return (int) syscall (SYS_fdatasync, fd);

  errno = EIO;
  return -1;
}

static void
test_now_and_then (Fixture *self, gconstpointer data)
{
  const gsize len = 5 * 1024 * 1024;
  g_autofree guint8 *bytes = g_malloc0 (len);
  g_autoptr (KithBackupPart) part = kith_backup_part_new (self->file, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (kith_backup_part_write (part, bytes, len, NULL, NULL));
  g_atomic_int_set (&fails_now_and_then, TRUE);
  g_assert_true (kith_backup_part_write (part, bytes, 1000, NULL, NULL));
  g_assert_false (kith_backup_part_write (part, bytes, len, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DISK);
  g_atomic_int_set (&fails_now_and_then, FALSE);
}

/* Another one for the same file begins just when this one has a name, and no lock yet. */
static struct
{
  GFile          *file; /* (unowned) (nullable): not yet */
  KithBackupPart *part; /* (owned) (nullable) */
} other;

__attribute__ ((visibility ("default"))) int
flock (int fd, int operation)
{
  GFile *file = g_steal_pointer (&other.file);

  if (file != NULL)
    other.part = kith_backup_part_new (file, NULL);
  return (int) syscall (SYS_flock, fd, operation);
}

static void
test_at_once (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  other.file = self->file;
  export_with (self, NULL, NULL);
  other.file = NULL;
  if (other.part == NULL)
    {
      g_test_skip ("A file without a name needs no lock");
      return;
    }

  g_assert_true (kith_backup_part_write (other.part, OLDER, strlen (OLDER), NULL, NULL));
  g_assert_true (kith_backup_part_close (other.part, NULL));
  g_assert_true (kith_backup_check (self->file, self->secret, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (self), ==, 2);
  /* The last one has the name, whole as well. */
  g_assert_true (kith_backup_part_name (other.part, &error));
  g_clear_pointer (&other.part, kith_backup_part_free);
  assert_older (self);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/backup-part/" name, Fixture, NULL, set_up, func, tear_down);                       \
  g_test_add ("/backup-part/with-a-name/" name, Fixture, "refused", set_up, func, tear_down)
  ADD ("names", test_names);
  ADD ("bad-disk", test_bad_disk);
  ADD ("is-new", test_part_is_new);
  ADD ("killed", test_killed);
  ADD ("left-behind", test_left_behind);
  ADD ("in-use", test_in_use);
  ADD ("now-and-then", test_now_and_then);
  ADD ("at-once", test_at_once);
  return g_test_run ();
}
