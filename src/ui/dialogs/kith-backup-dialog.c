/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-backup-dialog.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "ui/kith-chooser.h"
#include "ui/kith-keys.h"
#include "ui/kith-passphrase-fields.h"
#include "ui/kith-task-panel.h"
#include "ui/kith-toast.h"

struct _KithBackupDialog
{
  AdwWindow parent_instance;

  KithPassphraseFields *fields;
  KithTaskPanel *panel;

  KithProfileFolder *folder;     /* (owned) */
};

G_DEFINE_FINAL_TYPE (KithBackupDialog, kith_backup_dialog, ADW_TYPE_WINDOW)

static void
progress_cb (double fraction, gpointer user_data)
{
  KithBackupDialog *self = user_data;

  if (self->panel != NULL)
    kith_task_panel_set_progress (self->panel, fraction);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithBackupDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  gboolean is_incomplete;
  gboolean done
      = kith_profile_folder_export_finish (KITH_PROFILE_FOLDER (source), result, &is_incomplete, &error);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (self->panel == NULL)
    return;

  kith_passphrase_fields_set_editable (self->fields, TRUE);
  kith_task_panel_end (self->panel, NULL);
  if (!done && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      words = kith_explain_backup (error);
      kith_task_panel_complain (self->panel, words);
    }
  else if (is_incomplete)
    kith_task_panel_complain (self->panel, kith_explain_incomplete_backup ());
  if (!done || is_incomplete)
    return;

  kith_toast_show_in_preferences (GTK_WIDGET (parent), _("Backup saved and checked"));
  gtk_window_close (GTK_WINDOW (self));
}

static void
chosen_cb (gpointer owner, GFile *file, gpointer user_data)
{
  KithBackupDialog *self = owner;
  GCancellable *cancellable = kith_task_panel_begin (self->panel, TRUE);

  kith_passphrase_fields_set_editable (self->fields, FALSE);
  kith_profile_folder_export_async (self->folder, file, kith_passphrase_fields_get (self->fields),
                                    progress_cb, self, cancellable, exported_cb,
                                    g_object_ref (self));
}

static void
start_cb (KithBackupDialog *self)
{
  kith_chooser_save_backup (GTK_WIDGET (self), _("Save a Backup"), chosen_cb);
}

static void
changed_cb (KithBackupDialog *self)
{
  kith_task_panel_set_ready (self->panel, kith_passphrase_fields_is_good (self->fields));
}

static void
activated_cb (KithBackupDialog *self)
{
  kith_task_panel_start (self->panel);
}

/* Minutes of work do not go with a key that was pressed by mistake: there is a button to cancel. */
static gboolean
close_request_cb (KithBackupDialog *self)
{
  return kith_task_panel_is_running (self->panel);
}

static void
kith_backup_dialog_dispose (GObject *object)
{
  KithBackupDialog *self = KITH_BACKUP_DIALOG (object);

  g_clear_object (&self->folder);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_BACKUP_DIALOG);

  G_OBJECT_CLASS (kith_backup_dialog_parent_class)->dispose (object);
}

static void
kith_backup_dialog_class_init (KithBackupDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_backup_dialog_dispose;

  g_type_ensure (KITH_TYPE_PASSPHRASE_FIELDS);
  g_type_ensure (KITH_TYPE_TASK_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-backup-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithBackupDialog, fields);
  gtk_widget_class_bind_template_child (widget_class, KithBackupDialog, panel);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
}

static void
kith_backup_dialog_init (KithBackupDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_backup_dialog_new:
 * @parent: the window it belongs to
 * @folder: a profile
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_backup_dialog_new (GtkWindow *parent, KithProfileFolder *folder)
{
  KithBackupDialog *self = g_object_new (KITH_TYPE_BACKUP_DIALOG, "transient-for", parent, NULL);

  self->folder = g_object_ref (folder);
  kith_passphrase_fields_focus (self->fields);

  return GTK_WIDGET (self);
}
