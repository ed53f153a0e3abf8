/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-notification-target.h"

#include "node/kith-profile-folder.h"
#include "ui/kith-launch.h"

#define GIVE_UP_S 30 /* until a process that was started is there */

/* A click on its way to another process, which may have to be started first. */
typedef struct
{
  GApplication *application; /* (owned), held */
  GVariant *target;          /* (owned) */
  GVariant *platform_data;   /* (owned) */
  guint watch_id;
  guint give_up_id;
  gboolean is_started;
} Passage;

/**
 * kith_notification_target_set:
 * @notification: what is to be clicked
 * @application: who shows it
 * @name: as kith_notification_name_dup() has it
 */
void
kith_notification_target_set (GNotification *notification, GApplication *application, const char *name)
{
  g_return_if_fail (G_IS_NOTIFICATION (notification) && G_IS_APPLICATION (application));
  g_return_if_fail (name != NULL);

  g_notification_set_default_action_and_target (
      notification, "app." KITH_NOTIFICATION_TARGET_ACTION, KITH_NOTIFICATION_TARGET_TYPE,
      g_application_get_application_id (application), name);
}

/**
 * kith_notification_target_get_name:
 * @target: of the action
 *
 * Returns: (transfer none): the name of the notification
 */
const char *
kith_notification_target_get_name (GVariant *target)
{
  const char *name;

  g_return_val_if_fail (g_variant_is_of_type (target, G_VARIANT_TYPE (KITH_NOTIFICATION_TARGET_TYPE)), "");

  g_variant_get_child (target, 1, "&s", &name);

  return name;
}

/**
 * kith_notification_target_is_for:
 * @target: of the action
 * @application: this process
 *
 * Returns: whether it is this process that has shown it, or an earlier one with the same profile
 */
gboolean
kith_notification_target_is_for (GVariant *target, GApplication *application)
{
  const char *name;

  g_variant_get_child (target, 0, "&s", &name);

  return g_strcmp0 (name, g_application_get_application_id (application)) == 0;
}

/* --- On the way ----------------------------------------------------------------------------- */

static void
passage_end (Passage *passage)
{
  g_bus_unwatch_name (passage->watch_id);
  g_clear_handle_id (&passage->give_up_id, g_source_remove);
  g_application_release (passage->application);
  g_object_unref (passage->application);
  g_variant_unref (passage->target);
  g_variant_unref (passage->platform_data);
  g_free (passage);
}

static gboolean
give_up_cb (gpointer user_data)
{
  Passage *passage = user_data;

  passage->give_up_id = 0;
  passage_end (passage);

  return G_SOURCE_REMOVE;
}

/* As GLib makes it of the ID. */
static char *
dup_path (const char *name)
{
  g_autofree char *path = g_strconcat ("/", name, NULL);

  return g_strdelimit (g_strdelimit (g_steal_pointer (&path), ".", '/'), "-", '_');
}

static void
appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  Passage *passage = user_data;
  g_autofree char *path = dup_path (name);
  GVariant *parameter = g_variant_new_variant (passage->target);
  GVariant *parameters = g_variant_new_array (G_VARIANT_TYPE_VARIANT, &parameter, 1);

  g_dbus_connection_call (bus, name, path, "org.freedesktop.Application", "ActivateAction",
                          g_variant_new ("(s@av@a{sv})", KITH_NOTIFICATION_TARGET_ACTION,
                                         parameters, passage->platform_data),
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  passage_end (passage);
}

/* One that is kept elsewhere, or nowhere, is not found: a notification has no path of it. */
static char *
dup_profile (const char *name)
{
  g_autoptr (GPtrArray) entries = kith_profile_folder_list ();

  for (guint i = 0; i < entries->len; i++)
    {
      KithProfileEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *of_entry = kith_profile_folder_dup_application_id (entry->path);

      if (g_str_equal (of_entry, name))
        return g_strdup (entry->path);
    }

  return NULL;
}

/* At once, when nobody has the name. */
static void
vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  Passage *passage = user_data;
  g_autofree char *profile = NULL;

  if (passage->is_started)
    return;

  profile = bus != NULL ? dup_profile (name) : NULL;
  passage->is_started = profile != NULL && kith_launch_profile (profile, 0, NULL, NULL);
  if (!passage->is_started)
    passage_end (passage);
}

/**
 * kith_notification_target_pass_on:
 * @target: of the action; not for this process
 * @application: this process
 * @platform_data: (nullable): what the desktop has sent with the click, by which the other window may come to the front
 *
 * Tells the process that has the profile, and starts one when there is none and it is kept where profiles are. Else
 * there is nothing to open.
 */
void
kith_notification_target_pass_on (GVariant *target, GApplication *application,
                                  GVariant *platform_data)
{
  GDBusConnection *bus = g_application_get_dbus_connection (application);
  const char *name;
  Passage *passage;

  g_return_if_fail (g_variant_is_of_type (target, G_VARIANT_TYPE (KITH_NOTIFICATION_TARGET_TYPE)));

  g_variant_get_child (target, 0, "&s", &name);
  /* Anybody on the bus can say so: it is not this process that asks for them then. */
  if (bus == NULL || !g_application_id_is_valid (name)
      || (!g_str_equal (name, KITH_APPLICATION_ID)
          && !g_str_has_prefix (name, KITH_APPLICATION_ID ".")))
    return;

  passage = g_new0 (Passage, 1);
  passage->application = g_object_ref (application);
  g_application_hold (application);
  passage->target = g_variant_ref (target);
  passage->platform_data = g_variant_ref_sink (
      platform_data != NULL ? platform_data : g_variant_new ("a{sv}", NULL));
  passage->give_up_id = g_timeout_add_seconds (GIVE_UP_S, give_up_cb, passage);
  passage->watch_id = g_bus_watch_name_on_connection (bus, name, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                      appeared_cb, vanished_cb, passage, NULL);
}
