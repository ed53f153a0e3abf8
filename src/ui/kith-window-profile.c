/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/dialogs/kith-preferences.h"
#include "ui/dialogs/kith-restore-dialog.h"
#include "ui/kith-announce.h"
#include "ui/kith-background.h"
#include "ui/kith-toast.h"

#define PULSE_MS 100

/* What the window does with the folder of a profile: opening and unlocking. */

/* --- The folder ----------------------------------------------------------------------------- */

static void
restore_conversation (KithWindow *self)
{
  const char *id = kith_node_get_setting (self->node, KITH_SETTING_CONVERSATION);

  if (id != NULL && !adw_leaflet_get_folded (self->leaflet))
    kith_window_open_id (self, id);
}

static void
node_changed_cb (KithWindow *self)
{
  KithNode *node = kith_profile_folder_get_node (self->folder);
  g_autofree char *name = NULL;

  if (self->is_closing)
    return;

  kith_window_set_node (self, node);
  if (node != NULL)
    {
      name = g_steal_pointer (&self->new_name);
      kith_window_restore_size (self);
      if (kith_node_get_profile (node) != NULL)
        restore_conversation (self);
      else if (name != NULL)
        kith_window_create_profile (self, name);
      else
        kith_window_show_ready (self);
      kith_window_tell_older (self);
      kith_window_tell_stopped (self); /* in its place: it comes back when that is dismissed */
    }

  if (node != NULL)
    {
      self->is_erase_due = FALSE;
      kith_window_update_auto_lock (self);
      kith_window_lock_if_due (self);
    }
  else
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.lock", FALSE);
}

/* The page on which a profile is made says itself what went wrong. */
static gboolean
is_asking (KithWindow *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  return g_strcmp0 (page, "setup") == 0 || g_strcmp0 (page, "welcome") == 0;
}

/* The user has gone from this profile to the list of all, and stays there whatever becomes of it. */
static gboolean
is_choosing (KithWindow *self)
{
  return self->left_page != NULL && kith_profile_folder_get_has_passphrase (self->folder)
         && g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "profiles") == 0;
}

static void
state_changed_cb (KithWindow *self)
{
  if (self->is_closing || self->node != NULL)
    return;

  if (kith_profile_folder_is_erasing (self->folder))
    {
      kith_window_show_page (self, "loading");
      return;
    }

  switch (kith_profile_folder_get_state (self->folder))
    {
    case KITH_PROFILE_NEW:
      /* Also after a restore that failed, or when everything was erased. */
      kith_window_watch_ended (self);
      if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "setup") != 0)
        kith_window_show_welcome (self);
      break;
    case KITH_PROFILE_LOCKED:
      kith_window_watch_ended (self);
      if (is_choosing (self))
        self->left_page = "lock"; /* where Back leads to */
      else if (kith_profile_folder_get_has_passphrase (self->folder))
        kith_window_show_lock (self);
      else if (!is_asking (self))
        kith_window_show_page (self, "loading");
      break;
    case KITH_PROFILE_BUSY:
      kith_window_watch_opening (self);
      break;
    case KITH_PROFILE_UNLOCKED:
      break;
    }
}

static gboolean
pulse_cb (gpointer user_data)
{
  KithWindow *self = user_data;

  gtk_progress_bar_pulse (self->preparing_bar);
  return G_SOURCE_CONTINUE;
}

/* Nobody can say how long that takes: what it has to read is not known before. Who is among the profiles stays. */
static void
preparing_changed_cb (KithWindow *self)
{
  gboolean is_preparing = self->folder != NULL && kith_profile_folder_get_is_preparing (self->folder);

  g_clear_handle_id (&self->pulse_id, g_source_remove);
  gtk_widget_set_visible (self->preparing_box, is_preparing);
  if (!is_preparing || self->is_closing)
    return;

  self->pulse_id = g_timeout_add (PULSE_MS, pulse_cb, self);
  if (is_choosing (self))
    return;

  kith_window_show_page (self, "loading");
  kith_announce (GTK_WIDGET (self), gtk_label_get_text (self->preparing_label));
}

/* The dialog that began it went with all else that showed something of the profile. */
static void
erased_cb (KithWindow *self, const GError *error)
{
  if (kith_profile_folder_is_key_gone (self->folder))
    kith_background_forget (self->profile_path);
  if (self->is_closing)
    return;

  if (error != NULL && self->node != NULL)
    kith_toast_say_error (GTK_WIDGET (self), error); /* it could not even be locked */
  else if (error != NULL)
    kith_window_show_erase_trouble (self, error);
  else
    {
      self->is_erase_due = FALSE;
      state_changed_cb (self);
    }
}

static void
erase_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_profile_folder_erase_finish (KITH_PROFILE_FOLDER (source), result, &error)
      && !self->is_closing && self->folder == KITH_PROFILE_FOLDER (source))
    kith_window_show_erase_trouble (self, error);
}

static void
passphrase_changed_cb (KithWindow *self)
{
  if (self->node != NULL)
    kith_window_update_auto_lock (self);
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_profile_folder_unlock_finish (KITH_PROFILE_FOLDER (source), result, &error)
      && !self->is_closing && self->folder == KITH_PROFILE_FOLDER (source))
    kith_window_show_trouble (self, error);
}

/* @folder: (transfer full) */
static void
hold_folder (KithWindow *self, KithProfileFolder *folder)
{
  self->folder = folder;
  g_signal_connect_object (folder, "notify::node", G_CALLBACK (node_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (folder, "notify::is-preparing", G_CALLBACK (preparing_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (folder, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (folder, "erased", G_CALLBACK (erased_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (folder, "notify::has-passphrase", G_CALLBACK (passphrase_changed_cb),
                           self, G_CONNECT_SWAPPED);
  kith_window_give_folder (self);
}

/* Who finds nothing where a profile was has to know why. */
static void
tell_rest (KithWindow *self)
{
  switch (kith_profile_folder_get_rest (self->folder))
    {
    case KITH_PROFILE_REST_NONE:
      break;
    case KITH_PROFILE_REST_GONE:
      kith_window_toast (self, _("Erasing was interrupted here. What was left is deleted now."));
      break;
    case KITH_PROFILE_REST_STAYS:
      kith_window_toast (self, _("Erasing was interrupted here. Some files cannot be deleted yet; nobody can read them."));
      break;
    }
}

/* @folder: (transfer full) */
static void
take_folder (KithWindow *self, KithProfileFolder *folder)
{
  hold_folder (self, folder);
  tell_rest (self);
  if (kith_profile_folder_get_state (folder) == KITH_PROFILE_LOCKED
      && !kith_profile_folder_get_has_passphrase (folder))
    {
      kith_window_show_page (self, "loading");
      kith_profile_folder_unlock_async (folder, NULL, NULL, unlocked_cb, g_object_ref (self));
    }
  else if (kith_profile_folder_get_state (folder) == KITH_PROFILE_NEW && self->new_name != NULL)
    {
      kith_window_show_setup (self);
    }
  else
    {
      state_changed_cb (self);
    }
}

static void
open_folder (KithWindow *self)
{
  g_autoptr (GError) error = NULL;
  KithProfileFolder *folder = kith_profile_folder_open (self->profile_path, &error);

  if (folder != NULL)
    take_folder (self, folder);
  else
    kith_window_show_trouble (self, error);
}

/* Takes the profile of which the page tells that it cannot be opened; what else is done on that page takes it anew.
 * Returns: whether it can be erased */
gboolean
kith_window_hold_damaged (KithWindow *self)
{
  g_autoptr (GError) error = NULL;
  KithProfileFolder *folder;

  if (self->is_closing || self->is_erase_due || self->profile_path == NULL || self->node != NULL
      || g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "trouble") != 0)
    return FALSE;

  if (self->folder == NULL)
    {
      folder = kith_profile_folder_open_to_erase (self->profile_path, &error);
      if (folder == NULL)
        {
          kith_window_show_trouble (self, error);
          return FALSE;
        }
      hold_folder (self, folder);
    }

  if (kith_profile_folder_get_state (self->folder) == KITH_PROFILE_LOCKED)
    return TRUE;

  state_changed_cb (self); /* it is gone by now */
  return FALSE;
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (KithProfileFolder) folder = NULL;
  g_autoptr (GError) error = NULL;

  kith_profile_folder_lock_finish (KITH_PROFILE_FOLDER (source), result, NULL);
  if (self->is_closing || self->folder != KITH_PROFILE_FOLDER (source))
    return;

  /* Opening would make an empty folder where the stick is not. */
  if (!kith_profile_folder_is_present (self->folder, &error))
    {
      kith_window_show_trouble (self, error);
      return;
    }

  folder = g_steal_pointer (&self->folder);
  kith_window_give_folder (self);
  g_signal_handlers_disconnect_by_data (folder, self);
  /* Who called has it too, and would be found to have the profile open. */
  kith_profile_folder_release (folder);
  open_folder (self);
}

/* --- Nothing on the disk -------------------------------------------------------------------- */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  gboolean opened = kith_node_open_finish (KITH_NODE (source), result, &error);

  if (self->is_closing)
    return;

  if (!opened)
    {
      kith_window_show_trouble (self, error);
      return;
    }

  kith_window_set_node (self, KITH_NODE (source));
  name = g_steal_pointer (&self->new_name);
  if (name != NULL)
    kith_window_create_profile (self, name);
  else
    kith_window_show_ready (self);
}

static void
start_in_memory (KithWindow *self)
{
  g_autoptr (KithNode) node = kith_node_new_in_memory ();

  kith_node_open_async (node, NULL, opened_cb, g_object_ref (self));
}

/* --- Pages ---------------------------------------------------------------------------------- */

/* What could not be opened or erased. */
void
kith_window_retry (KithWindow *self)
{
  kith_window_show_page (self, "loading");
  if (self->is_erase_due)
    kith_profile_folder_erase_async (self->folder, FALSE, erase_again_cb, g_object_ref (self));
  else if (self->profile_path == NULL)
    start_in_memory (self);
  else if (self->folder != NULL)
    kith_profile_folder_lock_async (self->folder, closed_cb, g_object_ref (self));
  else
    open_folder (self);
}

/* The vault is lost, and what it opened is kept by another name. */
void
kith_window_start_anew (KithWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (self->folder != NULL || self->profile_path == NULL)
    return;

  if (kith_profile_folder_put_aside (self->profile_path, &error)
      || g_error_matches (error, KITH_ERROR, KITH_ERROR_EXISTS)) /* it came back just now */
    open_folder (self);
  else
    kith_window_show_trouble (self, error);
}

/* The name of a new user is known: a node takes it at once, a folder wants a passphrase first. */
void
kith_window_start (KithWindow *self, const char *name)
{
  if (self->node != NULL)
    {
      kith_window_create_profile (self, name);
      return;
    }

  g_free (self->new_name);
  self->new_name = g_strdup (name);
  kith_window_show_setup (self);
}

/* --- Actions -------------------------------------------------------------------------------- */

/* Offered beside a profile that is locked: for somebody else at this computer, and for who has lost the
 * passphrase. */
static void
other_profiles_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (self->node == NULL)
    kith_window_choose_profile (self);
}

static void
restore_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kith_window_restore (KITH_WINDOW (widget));
}

static void
preferences_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  GtkWidget *preferences;

  if (!kith_window_has_profile (self))
    return;

  preferences = kith_preferences_new (GTK_WINDOW (self), self->folder, self->node);
  g_signal_connect_object (preferences, "lock-changed", G_CALLBACK (kith_window_update_auto_lock),
                           self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (preferences));
}

static void
dismiss_warning_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (self->node == NULL)
    return;

  kith_notice_bar_hide (self->disk_bar);
  kith_window_tell_older (self);
}

static void
dismiss_older_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (self->node == NULL)
    return;

  kith_notice_bar_hide (self->disk_bar);
  kith_node_forget_older_copy (self->node);
}

/* What has to be seen until it is dismissed. */
static void
warn_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (self->node != NULL)
    kith_notice_bar_show (self->disk_bar, g_variant_get_string (parameter, NULL), _("Dismiss"),
                          "win.dismiss-warning");
}

/* Installs those "win.*" that have to do with the profile. */
void
kith_window_install_profile_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.restore", NULL, restore_action);
  gtk_widget_class_install_action (widget_class, "win.other-profiles", NULL, other_profiles_action);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, preferences_action);
  gtk_widget_class_install_action (widget_class, "win.warn", "s", warn_action);
  gtk_widget_class_install_action (widget_class, "win.dismiss-warning", NULL,
                                   dismiss_warning_action);
  gtk_widget_class_install_action (widget_class, "win.dismiss-older", NULL,
                                   dismiss_older_action);
}

/* --- For the application -------------------------------------------------------------------- */

/**
 * kith_window_open_profile:
 * @self: a window
 * @path: the folder of a profile
 * @name: (nullable): what a new user is called, instead of being asked
 */
void
kith_window_open_profile (KithWindow *self, const char *path, const char *name)
{
  g_return_if_fail (KITH_IS_WINDOW (self));
  g_return_if_fail (path != NULL && self->folder == NULL);

  g_free (self->profile_path);
  self->profile_path = g_strdup (path);
  g_free (self->new_name);
  self->new_name = g_strdup (name);
  open_folder (self);
}

/**
 * kith_window_open_in_memory:
 * @self: a window
 * @name: (nullable): what the user is called, instead of being asked
 *
 * Opens it for somebody of whom nothing is kept.
 */
void
kith_window_open_in_memory (KithWindow *self, const char *name)
{
  g_return_if_fail (KITH_IS_WINDOW (self));
  g_return_if_fail (self->node == NULL && self->folder == NULL);

  g_free (self->new_name);
  self->new_name = g_strdup (name);
  start_in_memory (self);
}

/**
 * kith_window_restore:
 * @self: a window
 *
 * Lets the user choose a backup, when there is nothing in the profile yet.
 */
void
kith_window_restore (KithWindow *self)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  if (self->folder != NULL && kith_profile_folder_get_state (self->folder) == KITH_PROFILE_NEW)
    gtk_window_present (GTK_WINDOW (kith_restore_dialog_new (GTK_WINDOW (self), self->folder)));
}
