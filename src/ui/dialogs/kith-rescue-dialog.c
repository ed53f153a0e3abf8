/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-rescue-dialog.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "ui/kith-announce.h"
#include "ui/kith-chooser.h"
#include "ui/kith-keys.h"
#include "ui/kith-passphrase-fields.h"
#include "ui/kith-task-panel.h"

struct _KithRescueDialog
{
  AdwWindow parent_instance;

  GtkWidget *form;
  GtkWidget *current_group;
  GtkEditable *current_row;
  KithPassphraseFields *fields;
  KithTaskPanel *panel;
  GtkWidget *result;
  GtkLabel *result_label;
  GtkLabel *next_label;
  GtkWidget *close_button;

  KithProfileFolder *folder; /* (owned) */
};

G_DEFINE_FINAL_TYPE (KithRescueDialog, kith_rescue_dialog, ADW_TYPE_WINDOW)

static void
progress_cb (double fraction, gpointer user_data)
{
  KithRescueDialog *self = user_data;

  if (self->panel != NULL)
    kith_task_panel_set_progress (self->panel, fraction);
}

static gboolean
has_passphrase (KithRescueDialog *self)
{
  return kith_profile_folder_get_has_passphrase (self->folder);
}

static void
set_editable (KithRescueDialog *self, gboolean editable)
{
  kith_passphrase_fields_set_editable (self->fields, editable);
  gtk_editable_set_editable (self->current_row, editable);
}

/* What there is to do next stays to be read. */
static void
show_result (KithRescueDialog *self, const char *words)
{
  g_autofree char *all = g_strdup_printf ("%s\n%s", words, gtk_label_get_text (self->next_label));

  kith_passphrase_fields_clear (self->fields);
  gtk_editable_set_text (self->current_row, "");
  gtk_widget_set_visible (self->form, FALSE);
  gtk_label_set_text (self->result_label, words);
  gtk_widget_set_visible (self->result, TRUE);
  gtk_widget_grab_focus (self->close_button);
  kith_announce (GTK_WIDGET (self), all);
}

static void
show_error (KithRescueDialog *self, const GError *error)
{
  KithError code = kith_error_code_from_gerror (error);
  g_autofree char *words = kith_explain_rescue (error);

  kith_task_panel_complain (self->panel, words);
  if (code != KITH_ERROR_WRONG_PASSPHRASE && code != KITH_ERROR_PAUSED)
    return;

  gtk_editable_set_text (self->current_row, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->current_row));
}

static void
rescued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithRescueDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete;
  gboolean done = kith_profile_folder_rescue_finish (KITH_PROFILE_FOLDER (source), result, &is_incomplete, &error);

  if (self->panel == NULL)
    return;

  set_editable (self, TRUE);
  kith_task_panel_end (self->panel, NULL);
  if (done)
    show_result (self, kith_explain_rescued (is_incomplete));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_error (self, error);
}

static void
chosen_cb (gpointer owner, GFile *file, gpointer user_data)
{
  KithRescueDialog *self = owner;
  GCancellable *cancellable = kith_task_panel_begin (self->panel, TRUE);
  const char *passphrase = has_passphrase (self) ? gtk_editable_get_text (self->current_row) : NULL;

  set_editable (self, FALSE);
  kith_profile_folder_rescue_async (self->folder, passphrase, file, kith_passphrase_fields_get (self->fields), progress_cb,
                                    self, cancellable, rescued_cb, g_object_ref (self));
}

static void
start_cb (KithRescueDialog *self)
{
  kith_chooser_save_backup (GTK_WIDGET (self), _("Save What Can Be Read"), chosen_cb);
}

static void
changed_cb (KithRescueDialog *self)
{
  gboolean has_current = self->folder != NULL
                         && (!has_passphrase (self) || *gtk_editable_get_text (self->current_row) != '\0');

  kith_task_panel_set_ready (self->panel, has_current && kith_passphrase_fields_is_good (self->fields));
}

static void
activated_cb (KithRescueDialog *self)
{
  kith_task_panel_start (self->panel);
}

static void
current_activated_cb (KithRescueDialog *self)
{
  kith_passphrase_fields_focus (self->fields);
}

/* As with any backup: there is a button to cancel. */
static gboolean
close_request_cb (KithRescueDialog *self)
{
  return kith_task_panel_is_running (self->panel);
}

static void
kith_rescue_dialog_dispose (GObject *object)
{
  KithRescueDialog *self = KITH_RESCUE_DIALOG (object);

  g_clear_object (&self->folder);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_RESCUE_DIALOG);

  G_OBJECT_CLASS (kith_rescue_dialog_parent_class)->dispose (object);
}

static void
kith_rescue_dialog_class_init (KithRescueDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_rescue_dialog_dispose;

  g_type_ensure (KITH_TYPE_PASSPHRASE_FIELDS);
  g_type_ensure (KITH_TYPE_TASK_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/dialogs/kith-rescue-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithRescueDialog, form);
  gtk_widget_class_bind_template_child (widget_class, KithRescueDialog, current_group);
  gtk_widget_class_bind_template_child (widget_class, KithRescueDialog, current_row);
  gtk_widget_class_bind_template_child (widget_class, KithRescueDialog, fields);
  gtk_widget_class_bind_template_child (widget_class, KithRescueDialog, panel);
  gtk_widget_class_bind_template_child (widget_class, KithRescueDialog, result);
  gtk_widget_class_bind_template_child (widget_class, KithRescueDialog, result_label);
  gtk_widget_class_bind_template_child (widget_class, KithRescueDialog, next_label);
  gtk_widget_class_bind_template_child (widget_class, KithRescueDialog, close_button);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, current_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
}

static void
kith_rescue_dialog_init (KithRescueDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_rescue_dialog_new:
 * @parent: the window it belongs to
 * @folder: a profile that is locked, and cannot be opened
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_rescue_dialog_new (GtkWindow *parent, KithProfileFolder *folder)
{
  KithRescueDialog *self = g_object_new (KITH_TYPE_RESCUE_DIALOG, "transient-for", parent, NULL);

  self->folder = g_object_ref (folder);
  gtk_widget_set_visible (self->current_group, has_passphrase (self));
  if (has_passphrase (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->current_row));
  else
    kith_passphrase_fields_focus (self->fields);

  return GTK_WIDGET (self);
}
