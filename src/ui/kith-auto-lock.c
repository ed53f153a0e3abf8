/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-auto-lock.h"

#include <glib/gi18n.h>

#include "base/kith-idle-timer.h"
#include "base/kith-sleep-watch.h"
#include "ui/kith-task-panel.h"
#include "ui/kith-voice-bar.h"

struct _KithAutoLock
{
  GObject parent_instance;

  gboolean on_suspend;
  gboolean is_begun;   /* there is something to lock */
  guint n_steps;       /* of what the user waits for, when they were last found away */
  char *key;           /* (owned) under which each window has the controller of ours */
  KithIdleTimer *idle;          /* (owned) */
  GListModel *windows;          /* (owned) all of this process */
  KithSleepWatch *sleep;        /* (owned) (nullable): after dispose() */
};

enum
{
  SIGNAL_LOCK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithAutoLock, kith_auto_lock, G_TYPE_OBJECT)

static void
emit_lock (KithAutoLock *self)
{
  g_signal_emit (self, signals[SIGNAL_LOCK], 0);
}

/* --- Away from the keyboard ----------------------------------------------------------------- */

static void
away_cb (gpointer user_data)
{
  KithAutoLock *self = user_data;
  guint n_steps = kith_task_panel_count_steps ();
  gboolean goes_on = kith_task_panel_is_any_running () && n_steps != self->n_steps;

  /* Locking would end it, and the user may have left because it takes so long, or speaks. But what has come no further
   * since may never do so: a disk may hang. */
  self->n_steps = n_steps;
  if (goes_on || kith_voice_bar_is_any_listening ())
    kith_idle_timer_restart (self->idle);
  else
    emit_lock (self);
}

static gboolean
event_cb (KithAutoLock *self, GdkEvent *event)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_KEY_PRESS || type == GDK_BUTTON_PRESS || type == GDK_MOTION_NOTIFY
      || type == GDK_SCROLL || type == GDK_TOUCH_BEGIN || type == GDK_TOUCH_UPDATE)
    kith_idle_timer_touch (self->idle);

  return GDK_EVENT_PROPAGATE;
}

static void
watch_window (KithAutoLock *self, GtkWidget *window)
{
  GtkEventController *controller;

  if (g_object_get_data (G_OBJECT (window), self->key) != NULL)
    return;

  controller = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (window, controller);
  g_object_set_data (G_OBJECT (window), self->key, controller);
}

static void
unwatch_windows (KithAutoLock *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (self->windows, i);
      GtkEventController *controller = g_object_steal_data (G_OBJECT (window), self->key);

      if (controller != NULL)
        gtk_widget_remove_controller (window, controller);
    }
}

static void
windows_changed_cb (KithAutoLock *self, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (self->windows, i);

      watch_window (self, window);
    }
}

/* --- Sleep ---------------------------------------------------------------------------------- */

static void
sleep_cb (gpointer user_data)
{
  emit_lock (user_data);
}

static void
update_sleep (KithAutoLock *self)
{
  if (self->sleep != NULL)
    kith_sleep_watch_set_wanted (self->sleep, self->is_begun && self->on_suspend);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_auto_lock_dispose (GObject *object)
{
  KithAutoLock *self = KITH_AUTO_LOCK (object);

  g_clear_pointer (&self->sleep, kith_sleep_watch_free);
  if (self->windows != NULL)
    unwatch_windows (self);
  g_clear_object (&self->windows);

  G_OBJECT_CLASS (kith_auto_lock_parent_class)->dispose (object);
}

static void
kith_auto_lock_finalize (GObject *object)
{
  KithAutoLock *self = KITH_AUTO_LOCK (object);

  kith_idle_timer_free (self->idle);
  g_free (self->key);

  G_OBJECT_CLASS (kith_auto_lock_parent_class)->finalize (object);
}

static void
kith_auto_lock_class_init (KithAutoLockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kith_auto_lock_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_auto_lock_finalize;

  signals[SIGNAL_LOCK] = g_signal_new ("lock", KITH_TYPE_AUTO_LOCK, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
kith_auto_lock_init (KithAutoLock *self)
{
  static guint n_made;

  self->on_suspend = TRUE;
  self->key = g_strdup_printf ("kith-auto-lock-%u", ++n_made);
  self->idle = kith_idle_timer_new (away_cb, self);
  self->sleep = kith_sleep_watch_new (_("Locks your messages"), sleep_cb, self);
  self->windows = g_object_ref (gtk_window_get_toplevels ());
  g_signal_connect_object (self->windows, "items-changed", G_CALLBACK (windows_changed_cb), self,
                           G_CONNECT_SWAPPED);
  windows_changed_cb (self, 0, 0, g_list_model_get_n_items (self->windows));
}

/**
 * kith_auto_lock_new:
 *
 * Returns: (transfer full): a watch of a profile that is locked, until kith_auto_lock_begin()
 */
KithAutoLock *
kith_auto_lock_new (void)
{
  return g_object_new (KITH_TYPE_AUTO_LOCK, NULL);
}

/**
 * kith_auto_lock_set_minutes:
 * @self: a watch
 * @minutes: how long the user may be away; 0 = for ever
 */
void
kith_auto_lock_set_minutes (KithAutoLock *self, guint minutes)
{
  g_return_if_fail (KITH_IS_AUTO_LOCK (self));

  kith_auto_lock_set_idle_ms (self, (gint64) minutes * 60 * 1000);
}

/**
 * kith_auto_lock_set_idle_ms:
 * @self: a watch
 * @idle_ms: the same in milliseconds; 0 = for ever
 */
void
kith_auto_lock_set_idle_ms (KithAutoLock *self, gint64 idle_ms)
{
  g_return_if_fail (KITH_IS_AUTO_LOCK (self));

  kith_idle_timer_set_ms (self->idle, idle_ms);
}

/**
 * kith_auto_lock_set_on_suspend:
 * @self: a watch
 * @on_suspend: whether to lock when the computer goes to sleep
 */
void
kith_auto_lock_set_on_suspend (KithAutoLock *self, gboolean on_suspend)
{
  g_return_if_fail (KITH_IS_AUTO_LOCK (self));

  self->on_suspend = on_suspend;
  update_sleep (self);
}

/**
 * kith_auto_lock_begin:
 * @self: a watch
 *
 * There is something to lock: the computer is asked to wait for it before it goes to sleep.
 */
void
kith_auto_lock_begin (KithAutoLock *self)
{
  g_return_if_fail (KITH_IS_AUTO_LOCK (self));

  self->is_begun = TRUE;
  update_sleep (self);
}

/**
 * kith_auto_lock_done:
 * @self: a watch
 *
 * It is locked: the computer may go to sleep, and need not wait for us from now on.
 */
void
kith_auto_lock_done (KithAutoLock *self)
{
  g_return_if_fail (KITH_IS_AUTO_LOCK (self));

  self->is_begun = FALSE;
  update_sleep (self);
}
