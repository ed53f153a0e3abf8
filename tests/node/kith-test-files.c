/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-files.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kith-test-acts.h"

static void
start (TestFiles *self, TestPerson *who)
{
  test_person_start (who);
  kith_node_set_files_folder (who->node, who == self->bob ? self->inbox : NULL);
}

/* The same, and brings the two together. */
void
test_files_start (TestFiles *self, TestPerson *who)
{
  start (self, who);
  test_files_meet (self);
}

TestFiles *
test_files_new (void)
{
  TestFiles *self = g_new0 (TestFiles, 1);

  self->folder = g_dir_make_tmp ("kith-files-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->outbox = g_build_filename (self->folder, "out", NULL);
  self->inbox = g_build_filename (self->folder, "in", NULL);
  g_assert_cmpint (g_mkdir (self->outbox, 0700), ==, 0);
  self->alice = test_person_new ("Alice");
  self->bob = test_person_new ("Bob");
  kith_node_set_files_folder (self->bob->node, self->inbox);
  test_befriend (self->alice, self->bob);
  return self;
}

void
test_files_free (TestFiles *self)
{
  test_person_free (self->alice);
  test_person_free (self->bob);
  test_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->outbox);
  g_free (self->inbox);
  g_free (self);
}

char *
test_files_make (TestFiles *self, const char *name, gsize size)
{
  static guint32 seed = 1;
  char *path = g_build_filename (self->outbox, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree guint32 *data = g_malloc (size + sizeof *data);
  guint32 x = 2463534242u + 7919u * seed++;

  for (gsize i = 0; i <= size / sizeof *data; i++)
    {
      x ^= x << 13;
      x ^= x >> 17;
      x ^= x << 5;
      data[i] = x;
    }

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents_full (path, (const char *) data, (gssize) size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  return path;
}

/* --- Sending -------------------------------------------------------------------------------- */

KithTransfer *
test_files_send_file (TestFiles *self, KithOutgoingFile *file)
{
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);
  g_autoptr (GPtrArray) sent = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (list, file);
  kith_node_send_files_async (self->alice->node, test_person_conversation (self->alice, self->bob), list,
                              NULL, test_result_cb, &result);
  sent = kith_node_send_files_finish (self->alice->node, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sent->len, ==, 1);
  return g_object_ref (g_ptr_array_index (sent, 0));
}

KithTransfer *
test_files_send (TestFiles *self, const char *path)
{
  return test_files_send_file (self, kith_outgoing_file_new_for_path (path));
}

KithTransfer *
test_files_find (TestPerson *who, KithTransfer *transfer)
{
  KithTransfer *found = NULL;

  test_wait_for ((found = kith_node_find_transfer (who->node, kith_transfer_get_id (transfer), NULL))
                 != NULL);
  return g_object_ref (found);
}

KithTransfer *
test_files_offered (TestFiles *self, KithTransfer *sent)
{
  return test_files_find (self->bob, sent);
}

GBytes *
test_files_read (TestPerson *who, KithTransfer *transfer, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_node_read_file_async (who->node, transfer, 64 * 1024 * 1024, NULL, test_result_cb, &result);
  return kith_node_read_file_finish (who->node, test_await (&result), error);
}

/* --- Restarts ------------------------------------------------------------------------------- */

void
test_files_meet (TestFiles *self)
{
  test_person_meet (self->alice, self->bob);
}

void
test_files_restart (TestFiles *self, TestPerson *who)
{
  test_person_stop (who);
  start (self, who);
  test_files_meet (self);
}

/* --- What is on the disk -------------------------------------------------------------------- */

guint
test_files_count (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  g_clear_pointer (&dir, g_dir_close);
  return n;
}

static void
assert_same_file (const char *a, const char *b)
{
  g_autofree char *content_a = NULL;
  g_autofree char *content_b = NULL;
  gsize len_a;
  gsize len_b;

  g_assert_true (g_file_get_contents (a, &content_a, &len_a, NULL));
  g_assert_true (g_file_get_contents (b, &content_b, &len_b, NULL));
  g_assert_cmpuint (len_a, ==, len_b);
  g_assert_true (memcmp (content_a, content_b, len_a) == 0);
}

void
test_files_assert_same (const char *a, const char *b)
{
  GDir *dir = g_dir_open (a, 0, NULL);
  const char *name;

  g_assert_nonnull (b);
  if (dir == NULL)
    {
      assert_same_file (a, b);
      return;
    }

  g_assert_cmpuint (test_files_count (a), ==, test_files_count (b));
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *in_a = g_build_filename (a, name, NULL);
      g_autofree char *in_b = g_build_filename (b, name, NULL);

      test_files_assert_same (in_a, in_b);
    }
  g_dir_close (dir);
}

void
test_files_assert_tidy (TestFiles *self)
{
  GDir *dir = g_dir_open (self->inbox, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_cmpint (*name, !=, '.');
  g_dir_close (dir);
}

/* --- Time ----------------------------------------------------------------------------------- */

static const KithEnv *running;
static KithEnv stopped;
static gint64 stopped_us;

static gint64
get_stopped_us (gpointer user_data)
{
  return stopped_us;
}

void
test_stopped_clock_begin (TestPerson *who)
{
  g_assert_null (running);
  running = who->node->env;
  stopped = *running;
  stopped_us = kith_env_monotonic_us (running);
  stopped.monotonic_us = get_stopped_us;
  who->node->env = &stopped;
}

void
test_stopped_clock_pass (gint64 us)
{
  stopped_us += us;
}

void
test_stopped_clock_end (TestPerson *who)
{
  who->node->env = g_steal_pointer (&running);
}
