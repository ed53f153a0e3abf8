/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <gtk/gtk.h>

#include "ui/kith-auto-lock.h"
#include "ui/kith-task-panel.h"
#include "ui/kith-voice-bar.h"

/* A computer that goes to sleep: this process is logind, too, on the bus of the test. */

#define DEADLINE_S 10
#define LOGIND "org.freedesktop.login1"
#define PATH "/org/freedesktop/login1"

static const char introspection[]
    = "<node><interface name='org.freedesktop.login1.Manager'>"
      "<method name='Inhibit'><arg type='s'/><arg type='s'/><arg type='s'/><arg type='s'/>"
      "<arg type='h' direction='out'/></method>"
      "<signal name='PrepareForSleep'><arg type='b'/></signal></interface></node>";

typedef struct
{
  GDBusConnection *connection; /* (owned) */
  guint object_id;
  guint name_id;
  gboolean has_name;
  guint n_asked;
  int reader; /* ends when whoever holds the delay lets go; -1 = nobody was given one */
  guint reader_id;
} Logind;

static gboolean
late_cb (gpointer user_data)
{
  g_error ("It takes too long");

  return G_SOURCE_REMOVE;
}

#define wait_for(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint late_id = g_timeout_add_seconds (DEADLINE_S, late_cb, NULL);                             \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (late_id);                                                                     \
  }                                                                                                \
  G_STMT_END

/* Nobody has the other end any more. It comes from another thread or process: without a source nothing would wake up
 * those who wait for it. */
static gboolean
let_go_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Logind *logind = user_data;

  close (logind->reader);
  logind->reader = -1;
  logind->reader_id = 0;

  return G_SOURCE_REMOVE;
}

static void
call_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
         const char *method, GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Logind *logind = user_data;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  int ends[2];

  logind->n_asked++;
  g_assert_cmpint (logind->reader, ==, -1);
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC | O_NONBLOCK), ==, 0);
  g_assert_cmpint (g_unix_fd_list_append (fds, ends[1], NULL), ==, 0);
  close (ends[1]);
  logind->reader = ends[0];
  logind->reader_id = g_unix_fd_add (ends[0], G_IO_HUP, let_go_cb, logind);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0), fds);
}

static void
named_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  ((Logind *) user_data)->has_name = TRUE;
}

static void
logind_start (Logind *logind)
{
  static const GDBusInterfaceVTable vtable = { call_cb, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GError) error = NULL;

  *logind = (Logind){ .reader = -1 };
  /* One of its own, so that the two hear each other over the bus. */
  logind->connection = g_dbus_connection_new_for_address_sync (
      g_getenv ("DBUS_SYSTEM_BUS_ADDRESS"),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
      NULL, &error);
  g_assert_no_error (error);
  logind->object_id = g_dbus_connection_register_object (logind->connection, PATH, info->interfaces[0],
                                                         &vtable, logind, NULL, &error);
  g_assert_no_error (error);
  logind->name_id = g_bus_own_name_on_connection (logind->connection, LOGIND, G_BUS_NAME_OWNER_FLAGS_NONE,
                                                  named_cb, NULL, logind, NULL);
  wait_for (logind->has_name);
}

static void
logind_clear (Logind *logind)
{
  g_bus_unown_name (logind->name_id);
  g_dbus_connection_unregister_object (logind->connection, logind->object_id);
  g_dbus_connection_close_sync (logind->connection, NULL, NULL);
  g_clear_object (&logind->connection);
  g_clear_handle_id (&logind->reader_id, g_source_remove);
  if (logind->reader >= 0)
    close (logind->reader);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Logind, logind_clear)

static void
announce (Logind *logind, gboolean before)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (logind->connection, NULL, PATH, LOGIND ".Manager", "PrepareForSleep",
                                 g_variant_new ("(b)", before), &error);
  g_assert_no_error (error);
}

/* Whether the computer has to wait for somebody. */
static gboolean
is_held (Logind *logind)
{
  struct pollfd reader = { .fd = logind->reader };

  return logind->reader >= 0 && poll (&reader, 1, 0) == 0;
}

static void
lock_cb (KithAutoLock *lock, guint *n_locks)
{
  ++*n_locks;
}

/* What was sent before it has arrived: both ways are in order. */
static void
settle (Logind *logind)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  g_assert_true (g_dbus_connection_flush_sync (logind->connection, NULL, NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
          i == 0 ? logind->connection : bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
          "org.freedesktop.DBus", "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

      g_assert_nonnull (answer);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Each time there is something to lock the computer waits, and never when there is not. */
static void
test_sleep (void)
{
  g_auto (Logind) logind;
  g_autoptr (KithAutoLock) lock = NULL;
  guint n_locks = 0;

  logind_start (&logind);
  lock = kith_auto_lock_new ();
  g_signal_connect (lock, "lock", G_CALLBACK (lock_cb), &n_locks);
  kith_auto_lock_begin (lock);
  wait_for (is_held (&logind));

  announce (&logind, TRUE);
  wait_for (n_locks == 1);
  g_assert_true (is_held (&logind));
  kith_auto_lock_done (lock);
  wait_for (!is_held (&logind));

  /* It wakes up, and sleeps again, and nobody has unlocked it. */
  announce (&logind, FALSE);
  announce (&logind, TRUE);
  announce (&logind, FALSE);
  settle (&logind);
  g_assert_cmpuint (logind.n_asked, ==, 1);
  g_assert_cmpuint (n_locks, ==, 1);

  /* Unlocked, locked by hand, and unlocked. */
  kith_auto_lock_begin (lock);
  wait_for (is_held (&logind));
  kith_auto_lock_begin (lock);
  kith_auto_lock_done (lock);
  wait_for (!is_held (&logind));
  kith_auto_lock_begin (lock);
  wait_for (is_held (&logind));
  g_assert_cmpuint (logind.n_asked, ==, 3);
  announce (&logind, TRUE);
  wait_for (n_locks == 2);
}

/* It may be locked before the computer has answered, and it may not be wanted at all. */
static void
test_unwanted (void)
{
  g_auto (Logind) logind;
  g_autoptr (KithAutoLock) lock = NULL;
  guint n_locks = 0;

  logind_start (&logind);
  lock = kith_auto_lock_new ();
  g_signal_connect (lock, "lock", G_CALLBACK (lock_cb), &n_locks);
  kith_auto_lock_begin (lock);
  wait_for (logind.n_asked == 1);
  kith_auto_lock_done (lock);
  wait_for (!is_held (&logind));

  kith_auto_lock_set_on_suspend (lock, FALSE);
  kith_auto_lock_begin (lock);
  announce (&logind, TRUE);
  settle (&logind);
  g_assert_cmpuint (logind.n_asked, ==, 1);
  g_assert_cmpuint (n_locks, ==, 0);

  kith_auto_lock_set_on_suspend (lock, TRUE);
  wait_for (is_held (&logind));
  kith_auto_lock_set_on_suspend (lock, FALSE);
  wait_for (!is_held (&logind));
}

/* --- Away from the keyboard ----------------------------------------------------------------- */

#define CLOCK_ID_BOOTTIME "clockid: 7"

/* Whether one of our timers goes on while the computer sleeps. */
static gboolean
has_timer_of_boottime (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fdinfo", 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fdinfo", name, NULL);
      g_autofree char *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL) && strstr (text, CLOCK_ID_BOOTTIME) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
test_idle (void)
{
  g_autoptr (KithAutoLock) lock = kith_auto_lock_new ();
  guint n_locks = 0;

  g_signal_connect (lock, "lock", G_CALLBACK (lock_cb), &n_locks);
  kith_auto_lock_set_idle_ms (lock, 20);
  g_assert_true (has_timer_of_boottime ());
  wait_for (n_locks == 1);

  /* Unlocked, and left again. */
  kith_auto_lock_set_idle_ms (lock, 20);
  wait_for (n_locks == 2);
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Neither never nor long is soon, and the newest word counts. */
static void
test_not_idle (void)
{
  g_autoptr (KithAutoLock) lock = kith_auto_lock_new ();
  gboolean is_over = FALSE;
  guint n_locks = 0;

  g_signal_connect (lock, "lock", G_CALLBACK (lock_cb), &n_locks);
  kith_auto_lock_set_idle_ms (lock, 1);
  kith_auto_lock_set_minutes (lock, 0);
  g_timeout_add (50, over_cb, &is_over);
  wait_for (is_over);
  kith_auto_lock_set_idle_ms (lock, 1);
  kith_auto_lock_set_minutes (lock, 1);
  is_over = FALSE;
  g_timeout_add (50, over_cb, &is_over);
  wait_for (is_over);
  g_assert_cmpuint (n_locks, ==, 0);
}

static gboolean
step_cb (gpointer user_data)
{
  kith_task_panel_set_progress (user_data, 0.5);
  return G_SOURCE_CONTINUE;
}

/* A backup that takes long is not ended by its owner having a coffee. However late the loop is, it goes on first. */
static void
test_busy (void)
{
  g_autoptr (KithAutoLock) lock = kith_auto_lock_new ();
  KithTaskPanel *panel = g_object_ref_sink (g_object_new (KITH_TYPE_TASK_PANEL, NULL));
  guint steps = g_timeout_add_full (G_PRIORITY_HIGH, 1, step_cb, panel, NULL);
  gboolean is_over = FALSE;
  guint n_locks = 0;

  g_signal_connect (lock, "lock", G_CALLBACK (lock_cb), &n_locks);
  kith_task_panel_begin (panel, TRUE);
  kith_auto_lock_set_idle_ms (lock, 5);
  g_timeout_add (50, over_cb, &is_over);
  wait_for (is_over);
  g_assert_cmpuint (n_locks, ==, 0);
  g_source_remove (steps);
  kith_task_panel_end (panel, NULL);
  wait_for (n_locks == 1);
  g_object_unref (panel);
}

/* But one that hangs does not keep the profile open for ever. */
static void
test_stuck (void)
{
  g_autoptr (KithAutoLock) lock = kith_auto_lock_new ();
  KithTaskPanel *panel = g_object_ref_sink (g_object_new (KITH_TYPE_TASK_PANEL, NULL));
  guint n_locks = 0;

  g_signal_connect (lock, "lock", G_CALLBACK (lock_cb), &n_locks);
  kith_task_panel_begin (panel, TRUE);
  kith_task_panel_set_progress (panel, 0.5);
  kith_auto_lock_set_idle_ms (lock, 5);
  wait_for (n_locks == 1);
  g_assert_true (kith_task_panel_is_running (panel));
  kith_task_panel_end (panel, NULL);
  g_object_unref (panel);
}

/* Nor is who speaks and touches nothing. */
static void
test_recording (void)
{
  g_autoptr (KithAutoLock) lock = kith_auto_lock_new ();
  KithVoiceBar *bar = g_object_ref_sink (g_object_new (KITH_TYPE_VOICE_BAR, NULL));
  gboolean is_over = FALSE;
  guint n_locks = 0;

  g_setenv ("KITH_VOICE_SOURCE", "audiotestsrc is-live=true", TRUE);
  g_signal_connect (lock, "lock", G_CALLBACK (lock_cb), &n_locks);
  kith_voice_bar_start (bar);
  g_assert_true (kith_voice_bar_is_recording (bar));
  kith_auto_lock_set_idle_ms (lock, 5);
  g_timeout_add (50, over_cb, &is_over);
  wait_for (is_over);
  g_assert_cmpuint (n_locks, ==, 0);
  kith_voice_bar_cancel (bar);
  wait_for (n_locks == 1);

  /* One that goes away while it records counts no more. */
  kith_voice_bar_start (bar);
  g_object_unref (bar);
  kith_auto_lock_set_idle_ms (lock, 5);
  wait_for (n_locks == 2);
}

static guint
count_controllers (GtkWidget *window)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (window);

  return g_list_model_get_n_items (controllers);
}

/* A watch that has gone leaves nothing on the windows that the next one would take for its own. */
static void
test_windows (void)
{
  GtkWidget *window = gtk_window_new ();
  guint before = count_controllers (window);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (KithAutoLock) first = kith_auto_lock_new ();
      g_autoptr (KithAutoLock) second = kith_auto_lock_new ();
      GtkWidget *later = gtk_window_new ();

      g_assert_cmpuint (count_controllers (window), ==, before + 2);
      g_assert_cmpuint (count_controllers (later), ==, before + 2);
      gtk_window_destroy (GTK_WINDOW (later));
      while (g_main_context_iteration (NULL, FALSE)) /* the bus holds them until it is there */
        ;
      g_object_run_dispose (G_OBJECT (first));
      g_object_run_dispose (G_OBJECT (second));
      g_assert_cmpuint (count_controllers (window), ==, before);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_getenv ("DBUS_SESSION_BUS_ADDRESS"), TRUE);
  gtk_init ();

  g_test_add_func ("/auto-lock/sleep", test_sleep);
  g_test_add_func ("/auto-lock/unwanted", test_unwanted);
  g_test_add_func ("/auto-lock/idle", test_idle);
  g_test_add_func ("/auto-lock/not-idle", test_not_idle);
  g_test_add_func ("/auto-lock/busy", test_busy);
  g_test_add_func ("/auto-lock/stuck", test_stuck);
  g_test_add_func ("/auto-lock/recording", test_recording);
  g_test_add_func ("/auto-lock/windows", test_windows);

  return g_test_run ();
}
