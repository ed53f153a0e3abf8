/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a group, over real sockets: it gets to everybody, stays, and goes. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-trio.h"

static GBytes *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "picture", "data", name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize len;

  g_file_get_contents (path, &data, &len, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, len);
}

static gboolean
has (TestPerson *person, GBytes *picture)
{
  GBytes *theirs = kith_group_get_picture (trio_group (person));

  return picture == NULL ? theirs == NULL : theirs != NULL && g_bytes_equal (theirs, picture);
}

static void
set (TestPerson *person, GBytes *picture)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_node_set_group_picture_async (person->node, trio_group (person), picture, NULL, test_result_cb,
                                     &result);
  test_finish_well (person, &result, kith_node_group_finish);
}

static void
test_everybody (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (GBytes) first = load ("two.jpg");
  g_autoptr (GBytes) second = load ("progressive.jpg");

  trio_start (&trio, &ann, &ben, &cat);
  set (ann, first);
  g_assert_true (has (ann, first));
  test_wait_for (has (ben, first) && has (cat, first));
  test_wait_for (trio_has_event (ben, "picture", ben) && trio_has_event (ann, "picture", ann));

  /* It is kept, and who was gone gets the next one. */
  test_person_stop (ben);
  set (ann, second);
  test_wait_for (has (cat, second));
  test_person_start_quietly (ben);
  g_assert_true (has (ben, first));
  test_person_stop (ben);
  test_person_start (ben);
  test_wait_for (has (ben, second));

  set (ann, NULL);
  test_wait_for (has (ben, NULL) && has (cat, NULL));
  test_wait_for (trio_has_event (cat, "picture-removed", cat));
}

static void
assert_refused (TestPerson *person, GBytes *picture, KithError code)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_node_set_group_picture_async (person->node, trio_group (person), picture, NULL, test_result_cb,
                                     &result);
  test_finish_badly (person, &result, kith_node_group_finish, code);
}

static void
test_who_may (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (GBytes) good = load ("two.jpg");
  g_autoptr (GBytes) other = load ("two.png");
  g_autoptr (GBytes) text = g_bytes_new_static ("hello", 5);
  g_autofree guint8 *padded = g_malloc0 (KITH_LIMIT_GROUP_PICTURE_BYTES + 1);
  g_autoptr (GBytes) big = NULL;
  gsize len;
  const guint8 *data = g_bytes_get_data (good, &len);

  memcpy (padded, data, len);
  big = g_bytes_new (padded, KITH_LIMIT_GROUP_PICTURE_BYTES + 1);
  trio_new (&trio);
  assert_refused (trio.people[1], good, KITH_ERROR_NOT_ADMIN);
  assert_refused (trio.people[0], other, KITH_ERROR_INVALID);
  assert_refused (trio.people[0], text, KITH_ERROR_INVALID);
  assert_refused (trio.people[0], big, KITH_ERROR_INVALID);
  g_assert_true (has (trio.people[0], NULL) && has (trio.people[1], NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/group-picture/everybody", test_everybody);
  g_test_add_func ("/group-picture/who-may", test_who_may);
  return g_test_run ();
}
