/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sys/stat.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "ui/kith-picture-loader.h"

/* From files to textures; and a process that is not to be trusted. */

#define DEADLINE_S 10

typedef struct
{
  KithPicture *picture; /* (owned) (nullable) */
  GError *error;        /* (owned) (nullable) */
  guint n_done;
} Outcome;

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  g_clear_object (&outcome->picture);
  g_clear_error (&outcome->error);
  outcome->picture = kith_picture_loader_load_finish (KITH_PICTURE_LOADER (source), result,
                                                      &outcome->error);
  outcome->n_done++;
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("It takes too long");

  return G_SOURCE_REMOVE;
}

static void
wait_for (Outcome *outcome, guint n_done)
{
  guint late = g_timeout_add_seconds (DEADLINE_S, late_cb, NULL);

  while (outcome->n_done < n_done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static void
outcome_clear (Outcome *outcome)
{
  g_clear_object (&outcome->picture);
  g_clear_error (&outcome->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static char *
find (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "picture", "data", name, NULL);
}

static void
load (KithPictureLoader *loader, char *path, guint frames, Outcome *outcome)
{
  KithPictureSource source = { .path = path };

  kith_picture_loader_load_async (loader, &source, 320, frames, NULL, loaded_cb, outcome);
  wait_for (outcome, outcome->n_done + 1);
}

static void
test_load (void)
{
  g_autoptr (KithPictureLoader) loader = kith_picture_loader_new (1024 * 1024);
  g_autofree char *path = find ("two.gif");
  KithPictureSource source = { .path = path };
  g_auto (Outcome) outcome = { NULL };

  load (loader, path, 1, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (kith_picture_get_n_frames (outcome.picture), ==, 1);
  g_assert_true (kith_picture_is_animated (outcome.picture));
  g_assert_cmpint (gdk_texture_get_width (kith_picture_get_frame (outcome.picture, 0)), ==, 32);
  g_assert_true (kith_picture_loader_look_up (loader, &source, 320, 1) == outcome.picture);
  g_assert_null (kith_picture_loader_look_up (loader, &source, 320, 200));

  load (loader, path, 200, &outcome);
  g_assert_cmpuint (kith_picture_get_n_frames (outcome.picture), ==, 2);
  g_assert_cmpuint (kith_picture_get_delay_ms (outcome.picture, 0), ==, 70);
  kith_picture_loader_forget (loader);
  g_assert_null (kith_picture_loader_look_up (loader, &source, 320, 1));
}

/* What was wanted last stays. */
static void
test_cache (void)
{
  const gsize one = 32 * 8 * 4;
  g_autoptr (KithPictureLoader) loader = kith_picture_loader_new (2 * one);
  g_autofree char *first = find ("two.png");
  g_autofree char *second = find ("two.jpg");
  g_autofree char *third = find ("two.webp");
  KithPictureSource sources[] = { { .path = first }, { .path = second }, { .path = third } };
  g_auto (Outcome) outcome = { NULL };

  load (loader, first, 1, &outcome);
  load (loader, second, 1, &outcome);
  g_assert_nonnull (kith_picture_loader_look_up (loader, &sources[0], 320, 1));
  load (loader, third, 1, &outcome);
  g_assert_nonnull (kith_picture_loader_look_up (loader, &sources[0], 320, 1));
  g_assert_null (kith_picture_loader_look_up (loader, &sources[1], 320, 1));
  g_assert_nonnull (kith_picture_loader_look_up (loader, &sources[2], 320, 1));
}

/* Many at once: all come, or were too many. */
static void
test_many (void)
{
  g_autoptr (KithPictureLoader) loader = kith_picture_loader_new (1024 * 1024);
  g_autofree char *path = find ("two.png");
  KithPictureSource source = { .path = path };
  g_auto (Outcome) outcome = { NULL };

  for (guint i = 0; i < 100; i++)
    kith_picture_loader_load_async (loader, &source, 320, 1, NULL, loaded_cb, &outcome);
  wait_for (&outcome, 100);
}

static void
test_refused (void)
{
  g_autofree char *folder = g_dir_make_tmp ("kith-test-XXXXXX", NULL);
  g_autofree char *svg = g_build_filename (folder, "picture.png", NULL);
  g_autofree char *pipe = g_build_filename (folder, "pipe.png", NULL);
  g_autofree char *nothing = g_build_filename (folder, "nothing.png", NULL);
  g_autoptr (KithPictureLoader) loader = kith_picture_loader_new (1024 * 1024);
  g_auto (Outcome) outcome = { NULL };

  g_assert_true (g_file_set_contents (svg, "<svg/>", -1, NULL));
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  load (loader, svg, 1, &outcome);
  g_assert_error (outcome.error, KITH_ERROR, KITH_ERROR_INVALID);
  load (loader, pipe, 1, &outcome);
  g_assert_error (outcome.error, KITH_ERROR, KITH_ERROR_INVALID);
  load (loader, folder, 1, &outcome);
  g_assert_error (outcome.error, KITH_ERROR, KITH_ERROR_INVALID);
  load (loader, nothing, 1, &outcome);
  g_assert_error (outcome.error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
  g_unlink (svg);
  g_unlink (pipe);
  g_rmdir (folder);
}

/* Runs @script in the place of the process that decodes. */
static void
load_with (const char *script, Outcome *outcome)
{
  g_autofree char *folder = g_dir_make_tmp ("kith-test-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (folder, "kith-picture", NULL);
  g_autofree char *right = g_strdup (g_getenv ("KITH_PICTURE"));
  g_autofree char *path = find ("two.png");
  g_autoptr (KithPictureLoader) loader = kith_picture_loader_new (1024 * 1024);

  g_assert_true (g_file_set_contents (program, script, -1, NULL));
  g_assert_cmpint (g_chmod (program, 0700), ==, 0);
  g_setenv ("KITH_PICTURE", program, TRUE);
  load (loader, path, 1, outcome);
  g_setenv ("KITH_PICTURE", right, TRUE);
  g_unlink (program);
  g_rmdir (folder);
}

/* It is killed, says nothing, lies about the size, or stops in the middle. */
static void
test_liars (void)
{
  static const char *const scripts[] = {
    "#!/bin/sh\nkill -9 $$\n",
    "#!/bin/sh\nexit 0\n",
    "#!/bin/sh\nhead -c 100 /dev/zero\n",
    /* 30,000 times 30,000 */
    "#!/bin/sh\nprintf 'KPC1\\000\\000\\000\\000\\000\\000\\165\\060\\000\\000\\165\\060\\000\\000\\165"
    "\\060\\000\\000\\165\\060\\000\\000\\000\\001'\n",
    /* 16 times 16, and no pixels */
    "#!/bin/sh\nprintf 'KPC1\\000\\000\\000\\000\\000\\000\\000\\020\\000\\000\\000\\020\\000\\000\\000"
    "\\020\\000\\000\\000\\020\\000\\000\\000\\001hello'\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_auto (Outcome) outcome = { NULL };

      load_with (scripts[i], &outcome);
      g_assert_null (outcome.picture);
      g_assert_error (outcome.error, KITH_ERROR, KITH_ERROR_FAILED);
    }
}

/* One that never answers is ended by who does not want the picture any more. */
static void
test_cancel (void)
{
  g_autofree char *right = g_strdup (g_getenv ("KITH_PICTURE"));
  g_autofree char *path = find ("two.png");
  g_autoptr (KithPictureLoader) loader = kith_picture_loader_new (1024 * 1024);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  KithPictureSource source = { .path = path };
  g_auto (Outcome) outcome = { NULL };

  g_setenv ("KITH_PICTURE", "/bin/sleep", TRUE);
  kith_picture_loader_load_async (loader, &source, 320, 1, cancellable, loaded_cb, &outcome);
  for (guint i = 0; i < 5; i++)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  wait_for (&outcome, 1);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_setenv ("KITH_PICTURE", right, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/picture-loader/load", test_load);
  g_test_add_func ("/picture-loader/cache", test_cache);
  g_test_add_func ("/picture-loader/many", test_many);
  g_test_add_func ("/picture-loader/refused", test_refused);
  g_test_add_func ("/picture-loader/liars", test_liars);
  g_test_add_func ("/picture-loader/cancel", test_cancel);

  return g_test_run ();
}
