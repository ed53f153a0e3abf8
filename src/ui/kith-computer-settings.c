/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-computer-settings.h"

#include <gio/gio.h>

#define COLOURS "colors"
#define SYSTEM_COLOURS "system"
#define TEXT_SIZE "text-size"
#define WIDTH "window-width"
#define HEIGHT "window-height"
#define MAXIMIZED "window-maximized"

#define USUAL_TEXT_SIZE_PERCENT 100

static GSettings *settings; /* (owned) (nullable) for good */
static GSettingsSchema *schema; /* (owned) (nullable) its */

/* GLib ends a program that asks for a schema which is not there, so it is looked for. One that has no path of its own
 * is not ours. */
static void
look_for_schema (void)
{
  static gboolean has_looked = FALSE;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();

  if (has_looked)
    return;

  has_looked = TRUE;
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, KITH_APPLICATION_ID, TRUE);
  if (schema != NULL && g_settings_schema_get_path (schema) != NULL)
    settings = g_settings_new_full (schema, NULL, NULL);
}

/* (transfer full) (nullable): NULL also where that of another version is installed, which does not have it so */
static GSettingsSchemaKey *
find_key (const char *name, const GVariantType *type)
{
  GSettingsSchemaKey *key;

  look_for_schema ();
  if (settings == NULL || !g_settings_schema_has_key (schema, name))
    return NULL;

  key = g_settings_schema_get_key (schema, name);
  if (g_variant_type_equal (g_settings_schema_key_get_value_type (key), type))
    return key;

  g_settings_schema_key_unref (key);
  return NULL;
}

static int
get_int (const char *name, int otherwise)
{
  g_autoptr (GSettingsSchemaKey) key = find_key (name, G_VARIANT_TYPE_INT32);

  return key != NULL ? g_settings_get_int (settings, name) : otherwise;
}

static gboolean
get_boolean (const char *name)
{
  g_autoptr (GSettingsSchemaKey) key = find_key (name, G_VARIANT_TYPE_BOOLEAN);

  return key != NULL && g_settings_get_boolean (settings, name);
}

/* Nothing is written that is there already: a look that nobody ever chose leaves no trace. */
static void
keep (const char *name, GVariant *value)
{
  g_autoptr (GVariant) wanted = g_variant_ref_sink (value);
  g_autoptr (GSettingsSchemaKey) key = find_key (name, g_variant_get_type (wanted));
  g_autoptr (GVariant) kept = key != NULL ? g_settings_get_value (settings, name) : NULL;

  if (kept == NULL || g_variant_equal (kept, wanted))
    return;

  if (!g_settings_schema_key_range_check (key, wanted) || !g_settings_set_value (settings, name, wanted))
    g_debug ("The computer does not keep %s", name);
}

/**
 * kith_computer_settings_dup_colours:
 *
 * Returns: (transfer full) (nullable): "light" or "dark"; %NULL for what the system has
 */
char *
kith_computer_settings_dup_colours (void)
{
  g_autoptr (GSettingsSchemaKey) key = find_key (COLOURS, G_VARIANT_TYPE_STRING);
  g_autofree char *colours = key != NULL ? g_settings_get_string (settings, COLOURS) : NULL;

  return g_strcmp0 (colours, SYSTEM_COLOURS) != 0 ? g_steal_pointer (&colours) : NULL;
}

/**
 * kith_computer_settings_get_text_size:
 *
 * Returns: the size of the text, in percent of what the system says
 */
int
kith_computer_settings_get_text_size (void)
{
  return get_int (TEXT_SIZE, USUAL_TEXT_SIZE_PERCENT);
}

/**
 * kith_computer_settings_keep_look:
 * @colours: (nullable): "light" or "dark"; %NULL or "" for what the system has
 * @text_size_percent: the size of the text, in percent of what the system says
 *
 * The next window comes up like that.
 */
void
kith_computer_settings_keep_look (const char *colours, int text_size_percent)
{
  gboolean is_chosen = colours != NULL && *colours != '\0';

  keep (COLOURS, g_variant_new_string (is_chosen ? colours : SYSTEM_COLOURS));
  keep (TEXT_SIZE, g_variant_new_int32 (text_size_percent));
}

/**
 * kith_computer_settings_get_window:
 * @width: (out): in pixels; 0 for the usual one
 * @height: (out): in pixels; 0 for the usual one
 * @is_maximized: (out): whether it fills the screen
 */
void
kith_computer_settings_get_window (int *width, int *height, gboolean *is_maximized)
{
  g_return_if_fail (width != NULL && height != NULL && is_maximized != NULL);

  *width = get_int (WIDTH, 0);
  *height = get_int (HEIGHT, 0);
  *is_maximized = get_boolean (MAXIMIZED);
}

/**
 * kith_computer_settings_keep_window:
 * @width: in pixels, while it does not fill the screen
 * @height: in pixels, while it does not fill the screen
 * @is_maximized: whether it does
 *
 * The next window comes up like that.
 */
void
kith_computer_settings_keep_window (int width, int height, gboolean is_maximized)
{
  keep (WIDTH, g_variant_new_int32 (width));
  keep (HEIGHT, g_variant_new_int32 (height));
  keep (MAXIMIZED, g_variant_new_boolean (is_maximized));
}
