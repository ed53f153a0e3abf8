/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-clock-setting.h"

#include "ui/kith-format.h"

#define SCHEMA "org.gnome.desktop.interface"
#define KEY "clock-format"
#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_SETTINGS "org.freedesktop.portal.Settings"

static GSettings *settings; /* (owned) (nullable) for as long as the process lives */
static gboolean is_desktops; /* they have held a choice: they are those of the desktop, and know more than the portal */

/* GNOME shows what stands there by default as well; elsewhere that is nobody's choice. */
static gboolean
is_gnome (void)
{
  const char *desktops = g_getenv ("XDG_CURRENT_DESKTOP");
  g_auto (GStrv) names = g_strsplit (desktops != NULL ? desktops : "", ":", -1);

  return g_strv_contains ((const char *const *) names, "GNOME");
}

/* @is_chosen: by the user, and not what it is at first */
static void
apply (const char *format, gboolean is_chosen)
{
  KithClock clock = KITH_CLOCK_LOCALE;

  if (g_str_equal (format, "12h"))
    clock = KITH_CLOCK_12H;
  else if (g_str_equal (format, "24h") && (is_chosen || is_gnome ()))
    clock = KITH_CLOCK_24H;
  kith_format_set_clock (clock);
}

/* --- The settings of the desktop ---------------------------------------------------------------- */

static void
changed_cb (void)
{
  g_autoptr (GVariant) chosen = g_settings_get_user_value (settings, KEY);
  g_autofree char *format = g_settings_get_string (settings, KEY);

  is_desktops = is_desktops || chosen != NULL;
  apply (format, chosen != NULL);
}

static void
follow_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = source != NULL ? g_settings_schema_source_lookup (source, SCHEMA, TRUE) : NULL;

  if (settings != NULL || schema == NULL || !g_settings_schema_has_key (schema, KEY))
    return;

  settings = g_settings_new (SCHEMA);
  g_signal_connect (settings, "changed::" KEY, G_CALLBACK (changed_cb), NULL);
  changed_cb ();
}

/* --- The portal, which a sandbox has --------------------------------------------------------------- */

/* Some portals wrap what they answer twice. None says that a choice was taken back. */
static void
apply_variant (GVariant *value, gboolean is_chosen)
{
  g_autoptr (GVariant) inner = g_variant_ref (value);

  while (g_variant_is_of_type (inner, G_VARIANT_TYPE_VARIANT))
    {
      GVariant *next = g_variant_get_variant (inner);

      g_variant_unref (inner);
      inner = next;
    }
  if (!is_desktops && g_variant_is_of_type (inner, G_VARIANT_TYPE_STRING))
    apply (g_variant_get_string (inner, NULL), is_chosen);
}

static void
setting_changed_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                    const char *signal, GVariant *parameters, gpointer user_data)
{
  const char *schema, *key;
  g_autoptr (GVariant) value = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssv)")))
    return;

  g_variant_get (parameters, "(&s&sv)", &schema, &key, &value);
  if (g_str_equal (schema, SCHEMA) && g_str_equal (key, KEY))
    apply_variant (value, TRUE);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) value = NULL;

  /* Where nobody answers, there is no portal, or it knows of no clock. */
  if (answer == NULL)
    return;

  g_variant_get (answer, "(v)", &value);
  apply_variant (value, FALSE);
}

static void
follow_portal (GDBusConnection *bus)
{
  g_dbus_connection_signal_subscribe (bus, PORTAL_NAME, PORTAL_SETTINGS, "SettingChanged", PORTAL_PATH, SCHEMA,
                                      G_DBUS_SIGNAL_FLAGS_NONE, setting_changed_cb, NULL, NULL);
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, PORTAL_SETTINGS, "Read", g_variant_new ("(ss)", SCHEMA, KEY),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, answered_cb, NULL);
}

/**
 * kith_clock_setting_follow:
 * @bus: (nullable): the session's, or %NULL where there is none
 *
 * From now on times are shown as the desktop shows them (kith_format_set_clock()), or as it is usual in the
 * locale where it says nothing. Once, in the main thread.
 */
void
kith_clock_setting_follow (GDBusConnection *bus)
{
  follow_settings ();
  if (bus != NULL)
    follow_portal (bus);
}
