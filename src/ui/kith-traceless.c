/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-traceless.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>
#include <gtk/gtk.h>

#include "ui/kith-own-environment.h"

/* A folder that nobody can make: who wants to keep something there goes without. */
#define NOWHERE "/dev/null/kith"

/* Folders of the user's configuration that GTK's file dialog and GLib make, and leave empty. */
static const char *const left_empty[] = { "gtk-4.0", "glib-2.0/settings", "glib-2.0" };

static gboolean is_begun;
static gboolean was_there[G_N_ELEMENTS (left_empty)];

/* --- Files ---------------------------------------------------------------------------------- */

static GtkRecentManager *recent; /* (unowned) (nullable) the list, once a dialog asked for it; for good */
static void (*constructed) (GObject *object);
static char *scratch; /* (owned) (nullable) a folder */

static char *
dup_scratch_file (void)
{
  return g_build_filename (scratch, "recent", NULL);
}

static void
recent_constructed (GObject *object)
{
  constructed (object);
  recent = GTK_RECENT_MANAGER (object);
}

/* For its construction only, says g_object_set(). It reads what is there. */
static void
set_path (GtkRecentManager *manager, const GValue *path)
{
  GObjectClass *klass = G_OBJECT_GET_CLASS (manager);
  GParamSpec *filename = g_object_class_find_property (klass, "filename");

  klass->set_property (G_OBJECT (manager), filename->param_id, path, filename);
}

/* Instead of writing it: what we added is forgotten, and what others added is there. */
static void
read_again (GtkRecentManager *manager)
{
  g_auto (GValue) path = G_VALUE_INIT;

  g_value_init (&path, G_TYPE_STRING);
  g_object_get_property (G_OBJECT (manager), "filename", &path);
  set_path (manager, &path);
}

/* Now GTK writes it, whether there is something new or not: as an empty one, in memory, which goes. */
static void
shutdown_cb (GApplication *application)
{
  g_auto (GValue) path = G_VALUE_INIT;

  if (recent == NULL)
    return;

  scratch = g_strdup ("/dev/shm/kith-XXXXXX");
  if (g_mkdtemp (scratch) == NULL)
    {
      g_clear_pointer (&scratch, g_free);
      read_again (recent);
      return;
    }

  g_value_init (&path, G_TYPE_STRING);
  g_value_take_string (&path, dup_scratch_file ());
  set_path (recent, &path);
}

static void
remove_scratch (void)
{
  g_autofree char *file = scratch != NULL ? dup_scratch_file () : NULL;

  if (file == NULL)
    return;

  g_unlink (file);
  g_rmdir (scratch);
  g_clear_pointer (&scratch, g_free);
}

/**
 * kith_traceless_hide_files:
 * @application: this one
 *
 * The files that are chosen in a dialog do not get into the list of recent files, which every program can
 * read: it would tell what was sent, what was received, and where backups lie. The list stays as others
 * wrote it. To be called before there is a window, in the main thread.
 */
void
kith_traceless_hide_files (GApplication *application)
{
  /* "gtk-recent-files-enabled" would empty the list, for all programs. */
  GtkRecentManagerClass *klass = g_type_class_ref (GTK_TYPE_RECENT_MANAGER);

  constructed = G_OBJECT_CLASS (klass)->constructed;
  G_OBJECT_CLASS (klass)->constructed = recent_constructed;
  klass->changed = read_again;
  g_signal_connect (application, "shutdown", G_CALLBACK (shutdown_cb), NULL);
}

/* --- Settings ------------------------------------------------------------------------------- */

static gboolean
refuse_write (GSettingsBackend *backend, const char *key, GVariant *value, gpointer origin_tag)
{
  if (value != NULL)
    g_variant_unref (g_variant_ref_sink (value));

  return FALSE;
}

static gboolean
refuse_tree (GSettingsBackend *backend, GTree *tree, gpointer origin_tag)
{
  return FALSE;
}

static void
ignore_reset (GSettingsBackend *backend, const char *key, gpointer origin_tag)
{
}

/* The font, the cursor, the size of the text are the user's own, and are read as always; what the dialogs
 * of the toolkit want to remember is not, and neither is what Kith itself keeps of the computer. */
static void
keep_no_settings (void)
{
  GSettingsBackend *backend = g_settings_backend_get_default (); /* for good */
  GSettingsBackendClass *klass = G_SETTINGS_BACKEND_GET_CLASS (backend);

  klass->write = refuse_write;
  klass->write_tree = refuse_tree;
  klass->reset = ignore_reset;
}

/* --- Caches --------------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  const char *value;
} switches[] = {
  /* What was drawn with: Mesa, under its new name and its old one, and NVIDIA's. */
  { "MESA_SHADER_CACHE_DISABLE", "true" },
  { "MESA_GLSL_CACHE_DISABLE", "true" },
  { "__GL_SHADER_DISK_CACHE", "0" },
  /* Personal words, one file for each language that was written. */
  { "ENCHANT_CONFIG_DIR", NOWHERE },
};

/* GLib asks once and remembers it for GTK and GStreamer. Programs that are started from here, such as a
 * browser, have theirs where they always are. */
static void
keep_no_cache (void)
{
  g_autofree char *before = g_strdup (g_getenv ("XDG_CACHE_HOME"));

  g_setenv ("XDG_CACHE_HOME", NOWHERE, TRUE);
  g_get_user_cache_dir ();
  if (before != NULL)
    g_setenv ("XDG_CACHE_HOME", before, TRUE);
  else
    g_unsetenv ("XDG_CACHE_HOME");

  for (gsize i = 0; i < G_N_ELEMENTS (switches); i++)
    kith_own_environment_set (switches[i].name, switches[i].value);
}

static char *
dup_config_folder (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), name, NULL);
}

/**
 * kith_traceless_begin:
 *
 * From now on nothing is kept outside of the folder of the profile. To be called once, when there is no
 * thread but the main one and nothing of GTK in use: environment and caches are asked for but once.
 */
void
kith_traceless_begin (void)
{
  g_return_if_fail (!is_begun);

  is_begun = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (left_empty); i++)
    {
      g_autofree char *folder = dup_config_folder (left_empty[i]);

      was_there[i] = g_file_test (folder, G_FILE_TEST_EXISTS);
    }
  keep_no_cache ();
  keep_no_settings ();
}

/**
 * kith_traceless_end:
 *
 * The last call, when all windows are gone.
 */
void
kith_traceless_end (void)
{
  remove_scratch ();
  for (guint i = 0; is_begun && i < G_N_ELEMENTS (left_empty); i++)
    {
      g_autofree char *folder = dup_config_folder (left_empty[i]);

      if (!was_there[i])
        g_rmdir (folder); /* only when it is empty */
    }
}
