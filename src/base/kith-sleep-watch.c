/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The login manager of the system says "PrepareForSleep", and waits for those who hold an end of a pipe of its own. */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-sleep-watch.h"

#include <unistd.h>

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

#define LOGIND_NAME "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"

struct _KithSleepWatch
{
  grefcount        ref_count; /* its owner, and each call that is under way */
  void           (*func) (gpointer user_data);
  gpointer         user_data;
  char            *why;         /* (owned) */
  gboolean         is_wanted;
  gboolean         is_asking;   /* for delay_fd */
  GCancellable    *cancellable; /* (owned) */
  GDBusConnection *bus;         /* (owned) (nullable): the system's */
  guint            sleep_id;
  int              delay_fd;    /* keeps the computer awake; -1 = none. As long as it is wanted */
};

static KithSleepWatch *
watch_ref (KithSleepWatch *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

static void
watch_unref (KithSleepWatch *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_object_unref (self->cancellable);
  g_free (self->why);
  g_free (self);
}

static void
drop_delay (KithSleepWatch *self)
{
  if (self->delay_fd >= 0)
    close (self->delay_fd);
  self->delay_fd = -1;
}

static void
inhibited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithSleepWatch *self = user_data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (
    G_DBUS_CONNECTION (source), &fds, result, NULL);
  int handle = -1;

  self->is_asking = FALSE;
  /* Without it we hear of the sleep as well, only perhaps not in time. It may be over meanwhile. */
  if (answer != NULL && fds != NULL && self->is_wanted && self->bus != NULL)
    {
      g_variant_get (answer, "(h)", &handle);
      drop_delay (self);
      self->delay_fd = g_unix_fd_list_get (fds, handle, NULL);
    }
  watch_unref (self);
}

/* While there is nothing to do, nobody waits for us. */
static void
update_delay (KithSleepWatch *self)
{
  if (!self->is_wanted || self->bus == NULL)
    {
      drop_delay (self);
      return;
    }
  if (self->delay_fd >= 0 || self->is_asking)
    return;

  self->is_asking = TRUE;
  g_dbus_connection_call_with_unix_fd_list (
    self->bus, LOGIND_NAME, LOGIND_PATH, LOGIND_MANAGER, "Inhibit",
    g_variant_new ("(ssss)", "sleep", "Kith", self->why, "delay"), G_VARIANT_TYPE ("(h)"),
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, self->cancellable, inhibited_cb, watch_ref (self));
}

static void
sleep_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
          const char *signal, GVariant *parameters, gpointer user_data)
{
  KithSleepWatch *self = user_data;
  gboolean before = FALSE;

  g_variant_get (parameters, "(b)", &before);
  if (!before)
    update_delay (self);
  else if (self->is_wanted)
    self->func (self->user_data);
}

/* (transfer full) (nullable): the system's bus, which is shared: that it is restarted is no reason to end. */
static GDBusConnection *
take_bus (GAsyncResult *result, GError **error)
{
  GDBusConnection *bus = g_bus_get_finish (result, error);

  if (bus != NULL)
    g_dbus_connection_set_exit_on_close (bus, FALSE);
  return bus;
}

static void
bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithSleepWatch *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = take_bus (result, &error);

  if (bus == NULL)
    g_debug ("No system bus, so no word of sleep: %s", error->message);
  else if (!g_cancellable_is_cancelled (self->cancellable))
    {
      self->bus = g_steal_pointer (&bus);
      self->sleep_id = g_dbus_connection_signal_subscribe (
        self->bus, LOGIND_NAME, LOGIND_MANAGER, "PrepareForSleep", LOGIND_PATH, NULL,
        G_DBUS_SIGNAL_FLAGS_NONE, sleep_cb, self, NULL);
      update_delay (self);
    }
  watch_unref (self);
}

KithSleepWatch *
kith_sleep_watch_new (const char *why, void (*func) (gpointer user_data), gpointer user_data)
{
  KithSleepWatch *self = g_new0 (KithSleepWatch, 1);

  g_ref_count_init (&self->ref_count);
  self->func = func;
  self->user_data = user_data;
  self->why = g_strdup (why);
  self->delay_fd = -1;
  self->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, bus_cb, watch_ref (self));
  return self;
}

void
kith_sleep_watch_free (KithSleepWatch *self)
{
  self->is_wanted = FALSE;
  g_cancellable_cancel (self->cancellable);
  if (self->sleep_id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->sleep_id);
  g_clear_object (&self->bus);
  drop_delay (self);
  watch_unref (self);
}

void
kith_sleep_watch_set_wanted (KithSleepWatch *self, gboolean wanted)
{
  self->is_wanted = wanted;
  update_delay (self);
}

/* --- Whether there will be a word of sleep --------------------------------------------------- */

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
asked_bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GDBusConnection) bus = take_bus (result, &error);

  if (bus == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_dbus_connection_call (bus, LOGIND_NAME, LOGIND_PATH, "org.freedesktop.DBus.Peer", "Ping", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, g_task_get_cancellable (task), answered_cb,
                          g_object_ref (task));
}

/**
 * kith_sleep_watch_ask_system_async:
 * @cancellable: (nullable): to end it early
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Asks whether there is a login manager that tells of sleep, and that we may talk to.
 */
void
kith_sleep_watch_ask_system_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_sleep_watch_ask_system_async);
  g_bus_get (G_BUS_TYPE_SYSTEM, cancellable, asked_bus_cb, g_steal_pointer (&task));
}

/**
 * kith_sleep_watch_ask_system_finish:
 * @result: the answer
 * @error: return location: G_IO_ERROR_CANCELLED, or why it cannot be reached
 *
 * Returns: whether a watch has an effect
 */
gboolean
kith_sleep_watch_ask_system_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
