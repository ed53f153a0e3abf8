/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "kith-test-calls.h"
#include "node/kith-file-sink.h"
#include "proto/kith-file-list.h"

#define PARTIAL ".kith-partial"

/* A folder with one file, of three bytes, and two things that have none; and where it is received. */
typedef struct
{
  char         *folder;  /* (owned) */
  char         *partial; /* (owned) */
  GBytes       *list;    /* (owned) */
  guint64       size;
  KithFileSink *sink;    /* (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (KithFileList) list = kith_file_list_new ();
  gsize len;

  kith_file_list_add (list, "a", 3, FALSE);
  kith_file_list_add (list, "sub/empty", 0, FALSE);
  kith_file_list_add (list, "nothing", 0, TRUE);
  self->list = kith_file_list_pack (list);
  len = g_bytes_get_size (self->list);
  self->size = kith_file_list_place (list, len);
  self->folder = g_dir_make_tmp ("kith-sink-XXXXXX", NULL);
  self->partial = g_build_filename (self->folder, PARTIAL, NULL);
  self->sink = kith_file_sink_new (self->partial, self->size, (guint32) len);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_file_sink_unref (self->sink);
  kith_file_sink_remove (self->folder);
  g_bytes_unref (self->list);
  g_free (self->partial);
  g_free (self->folder);
}

static void
write_list (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  gsize len;
  const guint8 *data = g_bytes_get_data (self->list, &len);

  kith_file_sink_open (self->sink, &error);
  g_assert_no_error (error);
  kith_file_sink_write (self->sink, 0, data, len, &error);
  g_assert_no_error (error);
}

static gboolean
write_bytes (Fixture *self, GError **error)
{
  return kith_file_sink_write (self->sink, g_bytes_get_size (self->list), (const guint8 *) "abc", 3, error);
}

static void
assert_is (const char *folder, const char *name, GFileTest kind)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_test (path, kind));
}

static void
finish (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = kith_file_sink_finish (self->sink, "it", &error);

  g_assert_no_error (error);
  assert_is (path, "a", G_FILE_TEST_IS_REGULAR);
  assert_is (path, "sub/empty", G_FILE_TEST_IS_REGULAR);
  assert_is (path, "nothing", G_FILE_TEST_IS_DIR);
  g_assert_cmpuint (kith_file_sink_get_n_files (self->sink), ==, 2);
}

static void
test_whole (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_list (self);
  write_bytes (self, &error);
  g_assert_no_error (error);
  finish (self);
}

/* What has no bytes is there in the end, also when it could not be made at first. */
static void
test_empty_later (Fixture *self, gconstpointer data)
{
  g_autofree char *in_the_way = g_build_filename (self->partial, "nothing", NULL);
  g_autoptr (GError) error = NULL;

  write_list (self);
  g_assert_true (g_file_set_contents (in_the_way, "", 0, NULL));
  g_assert_false (write_bytes (self, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_assert_cmpint (g_unlink (in_the_way), ==, 0);
  write_bytes (self, &error);
  g_assert_no_error (error);
  finish (self);
}

/* The descriptor that this process has of a file. */
static int
find_descriptor (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *link = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);

      if (g_strcmp0 (target, path) == 0)
        return (int) g_ascii_strtoll (name, NULL, 10);
    }

  return -1;
}

/* What the disk has not taken is not complete. */
static void
test_not_synced (Fixture *self, gconstpointer data)
{
  g_autofree char *file = g_build_filename (self->partial, "a", NULL);
  g_autofree char *whole = g_build_filename (self->folder, "it", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int cannot = open ("/dev/null", O_WRONLY | O_CLOEXEC); /* nor can it be synced */
  int descriptor;

  write_list (self);
  write_bytes (self, &error);
  g_assert_no_error (error);
  descriptor = find_descriptor (file);
  g_assert_cmpint (descriptor, >=, 0);
  g_assert_cmpint (dup2 (cannot, descriptor), ==, descriptor);
  close (cannot);

  path = kith_file_sink_finish (self->sink, "it", &error);
  g_assert_nonnull (error);
  g_assert_null (path);
  g_assert_false (g_file_test (whole, G_FILE_TEST_EXISTS));
}

/* Where names cannot be changed, nothing stays that looks like what was received, and nothing of others goes. */
static void
refuse_name (Fixture *self)
{
  g_autofree char *other = g_build_filename (self->folder, "other", NULL);
  g_autofree char *beside = g_build_filename (self->folder, "other (2)", NULL);
  g_autofree char *whole = g_build_filename (self->folder, "it", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (other, "", 0, NULL));
  kith_test_calls_refuse_renames (EINVAL);
  g_assert_null (kith_file_sink_finish (self->sink, "it", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (kith_file_sink_finish (self->sink, "other", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  kith_test_calls_refuse_renames (0);
  g_assert_false (g_file_test (whole, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));

  path = kith_file_sink_finish (self->sink, "it", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, whole);
}

static void
test_file_not_named (Fixture *self, gconstpointer data)
{
  g_autofree char *partial = g_strconcat (self->partial, "-file", NULL);
  g_autoptr (GError) error = NULL;

  kith_file_sink_unref (self->sink);
  self->sink = kith_file_sink_new (partial, 3, 0);
  kith_file_sink_open (self->sink, &error);
  g_assert_no_error (error);
  kith_file_sink_write (self->sink, 0, (const guint8 *) "abc", 3, &error);
  g_assert_no_error (error);
  refuse_name (self);
}

static void
test_folder_not_named (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_list (self);
  write_bytes (self, &error);
  g_assert_no_error (error);
  refuse_name (self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/node/file-sink/whole", Fixture, NULL, set_up, test_whole, tear_down);
  g_test_add ("/node/file-sink/empty-later", Fixture, NULL, set_up, test_empty_later, tear_down);
  g_test_add ("/node/file-sink/not-synced", Fixture, NULL, set_up, test_not_synced, tear_down);
  g_test_add ("/node/file-sink/file-not-named", Fixture, NULL, set_up, test_file_not_named, tear_down);
  g_test_add ("/node/file-sink/folder-not-named", Fixture, NULL, set_up, test_folder_not_named, tear_down);
  return g_test_run ();
}
