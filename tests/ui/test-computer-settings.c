/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "ui/kith-computer-settings.h"

static void
assert_first_day (void)
{
  g_autofree char *colours = kith_computer_settings_dup_colours ();
  int width = -1, height = -1;
  gboolean is_maximized = TRUE;

  kith_computer_settings_get_window (&width, &height, &is_maximized);
  g_assert_null (colours);
  g_assert_cmpint (kith_computer_settings_get_text_size (), ==, 100);
  g_assert_cmpint (width, ==, 0);
  g_assert_cmpint (height, ==, 0);
  g_assert_false (is_maximized);
}

static void
keep_all (void)
{
  kith_computer_settings_keep_look ("dark", 150);
  kith_computer_settings_keep_window (800, 600, TRUE);
}

/* In a process of its own: where schemas are is asked but once. */
static void
run_again (void)
{
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_kept (void)
{
  g_autofree char *colours = NULL;
  int width, height;
  gboolean is_maximized;

  if (!g_test_subprocess ())
    {
      run_again ();
      return;
    }

  assert_first_day ();
  keep_all ();
  colours = kith_computer_settings_dup_colours ();
  g_assert_cmpstr (colours, ==, "dark");
  g_assert_cmpint (kith_computer_settings_get_text_size (), ==, 150);
  kith_computer_settings_get_window (&width, &height, &is_maximized);
  g_assert_cmpint (width, ==, 800);
  g_assert_cmpint (height, ==, 600);
  g_assert_true (is_maximized);

  kith_computer_settings_keep_look (NULL, 100);
  kith_computer_settings_keep_window (0, 0, FALSE);
  assert_first_day ();
  kith_computer_settings_keep_look ("dark", 100);
  kith_computer_settings_keep_look ("", 100);
  assert_first_day ();
}

/* A vault may have anything in it; GLib would complain. */
static void
test_senseless (void)
{
  if (!g_test_subprocess ())
    {
      run_again ();
      return;
    }

  kith_computer_settings_keep_look ("blue", 9999);
  kith_computer_settings_keep_window (-1, G_MAXINT, FALSE);
  assert_first_day ();
}

/* A program on a stick, on a computer that has no Kith. */
static void
test_missing (void)
{
  if (!g_test_subprocess ())
    {
      run_again ();
      return;
    }

  g_unsetenv ("GSETTINGS_SCHEMA_DIR");
  g_setenv ("XDG_DATA_DIRS", "/nowhere", TRUE);
  g_setenv ("XDG_DATA_HOME", "/nowhere", TRUE);
  g_assert_null (g_settings_schema_source_get_default ());
  assert_first_day ();
  keep_all ();
  assert_first_day ();
}

/* Makes the folder of a computer that has another Kith. */
static void
install (const char *schema)
{
  g_autofree char *folder = g_dir_make_tmp ("kith-schema-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "chat.kith.Kith.gschema.xml", NULL);
  g_autofree char *compiled = g_build_filename (folder, "gschemas.compiled", NULL);
  const char *argv[] = { "glib-compile-schemas", folder, NULL };
  GError *error = NULL;
  int status;

  g_assert_nonnull (folder);
  g_assert_true (g_file_set_contents (path, schema, -1, &error));
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_setenv ("GSETTINGS_SCHEMA_DIR", folder, TRUE);
  /* It is read whole. */
  g_assert_nonnull (g_settings_schema_source_get_default ());
  g_unlink (path);
  g_unlink (compiled);
  g_rmdir (folder);
}

static void
test_other_version (void)
{
  g_autofree char *colours = NULL;
  int width, height;
  gboolean is_maximized;

  if (!g_test_subprocess ())
    {
      run_again ();
      return;
    }

  install ("<schemalist><schema id='chat.kith.Kith' path='/chat/kith/Kith/'>"
           "<key name='colors' type='i'><default>7</default></key>"
           "<key name='window-width' type='i'><default>700</default></key>"
           "<key name='window-maximized' type='s'><default>'yes'</default></key></schema></schemalist>");
  kith_computer_settings_keep_look ("dark", 150);
  colours = kith_computer_settings_dup_colours ();
  kith_computer_settings_get_window (&width, &height, &is_maximized);
  g_assert_null (colours);
  g_assert_cmpint (width, ==, 700);
  g_assert_cmpint (height, ==, 0);
  g_assert_false (is_maximized);
}

/* GLib ends whoever asks for it without saying where. */
static void
test_without_path (void)
{
  if (!g_test_subprocess ())
    {
      run_again ();
      return;
    }

  install ("<schemalist><schema id='chat.kith.Kith'>"
           "<key name='colors' type='s'><default>'dark'</default></key></schema></schemalist>");
  assert_first_day ();
  keep_all ();
  assert_first_day ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/computer-settings/kept", test_kept);
  g_test_add_func ("/computer-settings/senseless", test_senseless);
  g_test_add_func ("/computer-settings/missing", test_missing);
  g_test_add_func ("/computer-settings/other-version", test_other_version);
  g_test_add_func ("/computer-settings/without-path", test_without_path);

  return g_test_run ();
}
