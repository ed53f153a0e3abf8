/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that get their name when all is written: whatever they are called, and where the system gives none. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-unnamed-file.h"
#include "kith-test-refuse.h"

#define BYTES 200000 /* more than is copied at once */

typedef struct
{
  char *folder; /* (owned) */
  char *path;   /* (owned) */
  char *text;   /* (owned) */
  int   fd;     /* -1 where there are no such files */
} Fixture;

static void
begin (Fixture *self, char byte)
{
  memset (self->text, byte, BYTES);
  self->fd = kith_unnamed_file_open (self->path);
  if (self->fd < 0)
    {
      g_test_skip ("The file system has no files without a name");
      return;
    }
  g_assert_cmpint (write (self->fd, self->text, BYTES), ==, BYTES);
}

/* @data: whether links are refused */
static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("kith-unnamed-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "letter", NULL);
  self->text = g_malloc0 (BYTES + 1);
  kith_test_refuse_links (data != NULL);
  begin (self, 'a');
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_test_refuse_links (FALSE);
  if (self->fd >= 0)
    close (self->fd);
  g_rmdir (self->path);
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->text);
}

static void
name (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (kith_unnamed_file_name (self->fd, self->path, &error));
  g_assert_no_error (error);
  close (self->fd);
  self->fd = -1;
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

static void
assert_is_there (Fixture *self)
{
  g_autofree char *text = NULL;
  struct stat info;

  g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, self->text);
  g_assert_cmpint (stat (self->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
test_named (Fixture *self, gconstpointer data)
{
  if (self->fd < 0)
    return;

  g_assert_cmpuint (count_files (self), ==, 0);
  name (self);
  assert_is_there (self);
}

static void
test_replaces (Fixture *self, gconstpointer data)
{
  if (self->fd < 0)
    return;

  name (self);
  begin (self, 'b');
  name (self);
  assert_is_there (self);
}

/* There is no room for anything behind it. */
static void
test_long_name (Fixture *self, gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (255, 'x');

  if (self->fd < 0)
    return;

  g_free (self->path);
  self->path = g_build_filename (self->folder, long_name, NULL);
  name (self);
  assert_is_there (self);
  begin (self, 'b');
  name (self);
  assert_is_there (self);
}

/* What cannot be replaced stays, with nothing beside it. */
static void
test_in_the_way (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  if (self->fd < 0)
    return;

  g_assert_cmpint (g_mkdir (self->path, 0700), ==, 0);
  g_assert_false (kith_unnamed_file_name (self->fd, self->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_cmpuint (count_files (self), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/unnamed-file/" name, Fixture, NULL, set_up, func, tear_down);                      \
  g_test_add ("/unnamed-file/links-refused/" name, Fixture, "refused", set_up, func, tear_down)
  ADD ("named", test_named);
  ADD ("replaces", test_replaces);
  ADD ("long-name", test_long_name);
  ADD ("in-the-way", test_in_the_way);
  return g_test_run ();
}
