/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/dialogs/kith-erase-dialog.h"
#include "ui/dialogs/kith-rescue-dialog.h"
#include "ui/kith-dialog-actions.h"

/* Locking: by hand, by itself, and what it does to a backup that is being written. */

static gboolean
can_lock (KithWindow *self)
{
  return self->folder != NULL && self->node != NULL && !self->is_closing
         && kith_profile_folder_get_has_passphrase (self->folder);
}

/* The passphrase is being tried, or the profile read, made or restored: soon there is something to lock. Whether a
 * new one will have a passphrase is known only then. */
static gboolean
is_opening (KithWindow *self)
{
  return self->folder != NULL && self->node == NULL && !self->is_closing && !self->is_locking
         && !kith_profile_folder_is_erasing (self->folder)
         && kith_profile_folder_get_state (self->folder) == KITH_PROFILE_BUSY;
}

static void
locked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean locked = kith_profile_folder_lock_finish (KITH_PROFILE_FOLDER (source), result, &error);

  self->is_locking = FALSE;
  self->was_backup_stopped = kith_profile_folder_get_was_export_stopped (KITH_PROFILE_FOLDER (source));
  kith_window_watch_ended (self);
  if (!locked && !self->is_closing && self->folder != NULL)
    kith_window_show_trouble (self, error);
}

/* Forgets all that is shown and locks the profile; does nothing when it has no passphrase. One that is just being
 * unlocked is locked as soon as it is. */
static void
lock (KithWindow *self)
{
  self->must_lock = is_opening (self);
  if (!can_lock (self))
    return;

  self->is_locking = TRUE;
  kith_window_save_state (self);
  kith_window_set_node (self, NULL);
  kith_window_show_lock (self);
  kith_profile_folder_lock_async (self->folder, locked_cb, g_object_ref (self));
}

/**
 * kith_window_is_locked:
 * @self: a window
 *
 * Returns: whether its profile waits for a passphrase, and nothing is done with it
 */
gboolean
kith_window_is_locked (KithWindow *self)
{
  g_return_val_if_fail (KITH_IS_WINDOW (self), FALSE);

  return self->folder != NULL && self->node == NULL && !self->is_closing && !self->is_locking
         && !kith_profile_folder_is_erasing (self->folder)
         && kith_profile_folder_get_has_passphrase (self->folder)
         && kith_profile_folder_get_state (self->folder) == KITH_PROFILE_LOCKED;
}

/* --- By itself ------------------------------------------------------------------------------ */

static void
ensure_auto_lock (KithWindow *self)
{
  if (self->auto_lock != NULL)
    return;

  self->auto_lock = kith_auto_lock_new ();
  g_signal_connect_object (self->auto_lock, "lock", G_CALLBACK (lock), self, G_CONNECT_SWAPPED);
}

/* A computer that goes to sleep meanwhile must not wake up with an open profile. Whether the user wants that is
 * known only when it is open. */
void
kith_window_watch_opening (KithWindow *self)
{
  if (!is_opening (self))
    return;

  ensure_auto_lock (self);
  kith_auto_lock_set_minutes (self->auto_lock, 0);
  kith_auto_lock_set_on_suspend (self->auto_lock, TRUE);
  kith_auto_lock_begin (self->auto_lock);
}

/* It is locked, or could not be unlocked: nobody has to wait for that. */
void
kith_window_watch_ended (KithWindow *self)
{
  self->must_lock = FALSE;
  if (self->auto_lock != NULL)
    kith_auto_lock_done (self->auto_lock);
}

/* It is open now, and what is set is known. */
void
kith_window_lock_if_due (KithWindow *self)
{
  gboolean is_due = self->must_lock
                    && kith_node_get_setting_int (self->node, KITH_SETTING_LOCK_ON_SUSPEND) != 0;

  self->must_lock = FALSE;
  if (is_due)
    lock (self);
}

/* Takes over what is set about locking by itself. */
void
kith_window_update_auto_lock (KithWindow *self)
{
  gboolean possible = can_lock (self);
  int minutes;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.lock", possible);
  if (!possible)
    {
      g_clear_object (&self->auto_lock);
      return;
    }

  ensure_auto_lock (self);
  minutes = kith_node_get_setting_int (self->node, KITH_SETTING_AUTO_LOCK_MINUTES);
  kith_auto_lock_set_minutes (self->auto_lock, (guint) MAX (minutes, 0));
  kith_auto_lock_set_on_suspend (
      self->auto_lock, kith_node_get_setting_int (self->node, KITH_SETTING_LOCK_ON_SUSPEND) != 0);
  kith_auto_lock_begin (self->auto_lock);
}

/* --- While a backup is written -------------------------------------------------------------- */

typedef void (*Confirmed) (KithWindow *self);

static void
response_cb (AdwMessageDialog *dialog, const char *response, KithWindow *self)
{
  gpointer confirmed = g_object_get_data (G_OBJECT (dialog), "confirmed");

  if (g_str_equal (response, "stop"))
    ((Confirmed) confirmed) (self);
}

/* Where the user is: a dialog may keep them from the window. */
static GtkWindow *
find_front (KithWindow *self)
{
  GtkWindow *front = kith_dialog_actions_front (GTK_APPLICATION (g_application_get_default ()));

  return front != NULL ? front : GTK_WINDOW (self);
}

/* Asks before @confirmed is done, which would end the backup that is being written. @label: of the button.
 * Returns: %FALSE when there is none, and nothing to ask about */
gboolean
kith_window_ask_about_backup (KithWindow *self, const char *heading, const char *label,
                              void (*confirmed) (KithWindow *self))
{
  GtkWidget *dialog;

  if (self->folder == NULL || !kith_profile_folder_get_is_exporting (self->folder))
    return FALSE;

  dialog = adw_message_dialog_new (
      find_front (self), heading,
      _("A backup is being written. It would stop, and nothing of it would be kept."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "wait", _("_Go On Writing"), "stop",
                                    label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "wait");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "wait");
  g_object_set_data (G_OBJECT (dialog), "confirmed", (gpointer) confirmed);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));

  return TRUE;
}

/* It was locked while nobody was there: whoever comes back has to know that there is no backup, or no file of a
 * conversation. */
void
kith_window_tell_stopped (KithWindow *self)
{
  const char *words = NULL;

  /* A disk that hung when it was locked may have kept it after all. */
  if (self->was_backup_stopped && kith_profile_folder_get_was_export_stopped (self->folder))
    words = _("The backup was not finished, because Kith was locked meanwhile. Nothing of it "
              "was kept: please save it again.");
  else if (self->was_transcript_stopped)
    words = _("The conversation was not saved as a file, because Kith was locked meanwhile. Nothing of it "
              "was kept: please save it again.");

  self->was_backup_stopped = FALSE;
  self->was_transcript_stopped = FALSE;
  if (words != NULL)
    kith_notice_bar_show (self->disk_bar, words,
                          /* Translators: a button: a note that was read */
                          _("Dismiss"), "win.dismiss-warning");
}

/* Who cancelled it themselves knows. It is locked only when nothing is written any more, so that this comes before. */
static void
transcript_stopped_cb (KithWindow *self)
{
  self->was_transcript_stopped = self->is_locking;
}

/* Presents @dialog, which writes a conversation out: who locks meanwhile is told that it was stopped. */
void
kith_window_present_transcript (KithWindow *self, GtkWidget *dialog)
{
  g_signal_connect_object (dialog, "stopped", G_CALLBACK (transcript_stopped_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- By hand -------------------------------------------------------------------------------- */

static void
lock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (can_lock (self)
      && !kith_window_ask_about_backup (self, _("Lock and Stop the Backup?"),
                                        /* Translators: a button: ask for the passphrase again */
                                        _("_Lock"), lock))
    lock (self);
}

/* Who can open it has the preferences for that; nobody can open one that is damaged. */
static void
erase_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (kith_window_is_locked (self) || kith_window_hold_damaged (self))
    gtk_window_present (GTK_WINDOW (kith_erase_dialog_new (GTK_WINDOW (self), self->folder)));
}

/* Not one that waits for its passphrase, which may be fine, nor one without a key that can be read. */
static void
rescue_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (self->folder != NULL && kith_window_hold_damaged (self))
    gtk_window_present (GTK_WINDOW (kith_rescue_dialog_new (GTK_WINDOW (self), self->folder)));
}

/* Installs "win.lock", "win.rescue-profile" and "win.erase-profile" on the class of the window. */
void
kith_window_install_lock_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, lock_action);
  gtk_widget_class_install_action (widget_class, "win.rescue-profile", NULL, rescue_action);
  gtk_widget_class_install_action (widget_class, "win.erase-profile", NULL, erase_action);
}
