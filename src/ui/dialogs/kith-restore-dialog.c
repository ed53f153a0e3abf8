/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-restore-dialog.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "ui/kith-chooser.h"
#include "ui/kith-keys.h"
#include "ui/kith-passphrase-fields.h"
#include "ui/kith-task-panel.h"

struct _KithRestoreDialog
{
  AdwWindow parent_instance;

  AdwActionRow *file_row;
  GtkEditable *backup_row;
  KithPassphraseFields *fields;
  GtkCheckButton *without_button;
  KithTaskPanel *panel;

  KithProfileFolder *folder;     /* (owned) */
  GFile *file;                   /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithRestoreDialog, kith_restore_dialog, ADW_TYPE_WINDOW)

static void
changed_cb (KithRestoreDialog *self)
{
  gboolean without = gtk_check_button_get_active (self->without_button);
  gboolean running = kith_task_panel_is_running (self->panel);

  gtk_widget_set_sensitive (GTK_WIDGET (self->fields), !without);
  kith_passphrase_fields_set_editable (self->fields, !running);
  kith_task_panel_set_ready (self->panel,
                             self->file != NULL && *gtk_editable_get_text (self->backup_row) != '\0'
                                 && (without || kith_passphrase_fields_is_good (self->fields)));
}

static void
progress_cb (double fraction, gpointer user_data)
{
  KithRestoreDialog *self = user_data;

  if (self->panel != NULL)
    kith_task_panel_set_progress (self->panel, fraction);
}

static void
complain (KithRestoreDialog *self, const GError *error)
{
  g_autofree char *words = NULL;

  if (kith_error_code_from_gerror (error) == KITH_ERROR_CANCELLED)
    return;

  words = kith_explain_restore (error);
  kith_task_panel_complain (self->panel, words);
}

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithRestoreDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done
      = kith_profile_folder_restore_finish (KITH_PROFILE_FOLDER (source), result, &error);

  if (self->panel == NULL)
    return;

  kith_task_panel_end (self->panel, NULL);
  changed_cb (self);
  if (done)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  complain (self, error);
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_WRONG_PASSPHRASE))
    gtk_widget_grab_focus (GTK_WIDGET (self->backup_row));
}

static void
start_cb (KithRestoreDialog *self)
{
  gboolean without = gtk_check_button_get_active (self->without_button);
  GCancellable *cancellable = kith_task_panel_begin (self->panel, TRUE);

  kith_profile_folder_restore_async (self->folder, self->file,
                                     gtk_editable_get_text (self->backup_row),
                                     without ? NULL : kith_passphrase_fields_get (self->fields),
                                     progress_cb, self, cancellable, restored_cb,
                                     g_object_ref (self));
  changed_cb (self);
}

static void
activated_cb (KithRestoreDialog *self)
{
  kith_task_panel_start (self->panel);
}

static void
backup_activated_cb (KithRestoreDialog *self)
{
  if (gtk_check_button_get_active (self->without_button))
    kith_task_panel_start (self->panel);
  else
    kith_passphrase_fields_focus (self->fields);
}

static void
chosen_cb (gpointer owner, GFile *file, gpointer user_data)
{
  KithRestoreDialog *self = owner;
  g_autofree char *name = g_file_get_parse_name (file);

  g_set_object (&self->file, file);
  adw_action_row_set_subtitle (self->file_row, name != NULL ? name : "");
  changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->backup_row));
}

static void
choose_cb (KithRestoreDialog *self)
{
  kith_chooser_open (GTK_WIDGET (self), KITH_CHOOSER_FILE, _("Choose a Backup"),
                     /* Translators: a button: a file or a link */
                     _("_Open"), chosen_cb, NULL, NULL);
}

/* As a backup: there is a button to cancel. */
static gboolean
close_request_cb (KithRestoreDialog *self)
{
  return kith_task_panel_is_running (self->panel);
}

static void
kith_restore_dialog_dispose (GObject *object)
{
  KithRestoreDialog *self = KITH_RESTORE_DIALOG (object);

  g_clear_object (&self->file);
  g_clear_object (&self->folder);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_RESTORE_DIALOG);

  G_OBJECT_CLASS (kith_restore_dialog_parent_class)->dispose (object);
}

static void
kith_restore_dialog_class_init (KithRestoreDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_restore_dialog_dispose;

  g_type_ensure (KITH_TYPE_PASSPHRASE_FIELDS);
  g_type_ensure (KITH_TYPE_TASK_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-restore-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithRestoreDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, KithRestoreDialog, backup_row);
  gtk_widget_class_bind_template_child (widget_class, KithRestoreDialog, fields);
  gtk_widget_class_bind_template_child (widget_class, KithRestoreDialog, without_button);
  gtk_widget_class_bind_template_child (widget_class, KithRestoreDialog, panel);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, backup_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
}

static void
kith_restore_dialog_init (KithRestoreDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_restore_dialog_new:
 * @parent: the window it belongs to
 * @folder: where to restore it to; nothing is in it yet
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_restore_dialog_new (GtkWindow *parent, KithProfileFolder *folder)
{
  KithRestoreDialog *self = g_object_new (KITH_TYPE_RESTORE_DIALOG, "transient-for", parent, NULL);

  self->folder = g_object_ref (folder);

  return GTK_WIDGET (self);
}
