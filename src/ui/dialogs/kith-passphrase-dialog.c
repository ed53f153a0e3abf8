/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-passphrase-dialog.h"

#include <glib/gi18n.h>

#include "ui/kith-keys.h"
#include "ui/kith-passphrase-fields.h"
#include "ui/kith-task-panel.h"


struct _KithPassphraseDialog
{
  AdwWindow parent_instance;

  GtkLabel *words_label;
  GtkWidget *current_group;
  GtkEditable *current_row;
  KithPassphraseFields *fields;
  GtkWidget *warning_label;
  KithTaskPanel *panel;

  KithProfileFolder *folder; /* (owned) */
  KithPassphraseTask task;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithPassphraseDialog, kith_passphrase_dialog, ADW_TYPE_WINDOW)

static const struct
{
  const char *title;
  const char *words;
  const char *label;
  const char *done;
} texts[] = {
  [KITH_PASSPHRASE_SET]
  = { N_("Set a Passphrase"), N_("From then on you enter it each time you start Kith."),
      /* Translators: a button: a passphrase */
      N_("Set"), N_("Passphrase set") },
  [KITH_PASSPHRASE_CHANGE]
  = { N_("Change the Passphrase"),
      N_("Backups and copies that were made before still open with the old one."),
      /* Translators: a button: the passphrase */
      N_("Change"), N_("Passphrase changed") },
  [KITH_PASSPHRASE_REMOVE]
  = { N_("Remove the Passphrase"),
      N_("Anybody who has this computer or a copy of the profile’s folder can read all your messages "
         "then, and pretend to be you."),
      /* Translators: a button: the passphrase */
      N_("Remove"), N_("Passphrase removed") },
};

static void
changed_passphrase_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithPassphraseDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = kith_profile_folder_change_passphrase_finish (KITH_PROFILE_FOLDER (source),
                                                                result, &error);

  if (self->panel == NULL)
    return;

  kith_passphrase_fields_set_editable (self->fields, TRUE);
  gtk_editable_set_editable (self->current_row, TRUE);
  kith_task_panel_end (self->panel, error);
  if (!done)
    {
      gtk_editable_set_text (self->current_row, "");
      gtk_widget_grab_focus (GTK_WIDGET (self->current_row));
      return;
    }

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, _(texts[self->task].done));
  gtk_window_close (GTK_WINDOW (self));
}

static void
start_cb (KithPassphraseDialog *self)
{
  const char *current = NULL, *passphrase = NULL;
  GCancellable *cancellable = kith_task_panel_begin (self->panel, FALSE);

  if (self->task != KITH_PASSPHRASE_SET)
    current = gtk_editable_get_text (self->current_row);
  if (self->task != KITH_PASSPHRASE_REMOVE)
    passphrase = kith_passphrase_fields_get (self->fields);

  kith_passphrase_fields_set_editable (self->fields, FALSE);
  gtk_editable_set_editable (self->current_row, FALSE);
  kith_profile_folder_change_passphrase_async (self->folder, current, passphrase, cancellable,
                                               changed_passphrase_cb, g_object_ref (self));
}

static void
changed_cb (KithPassphraseDialog *self)
{
  gboolean has_current = self->task == KITH_PASSPHRASE_SET
                         || *gtk_editable_get_text (self->current_row) != '\0';
  gboolean has_new = self->task == KITH_PASSPHRASE_REMOVE
                     || kith_passphrase_fields_is_good (self->fields);

  kith_task_panel_set_ready (self->panel, has_current && has_new);
}

static void
activated_cb (KithPassphraseDialog *self)
{
  kith_task_panel_start (self->panel);
}

static void
current_activated_cb (KithPassphraseDialog *self)
{
  if (self->task == KITH_PASSPHRASE_REMOVE)
    kith_task_panel_start (self->panel);
  else
    kith_passphrase_fields_focus (self->fields);
}

static void
set_task (KithPassphraseDialog *self, KithPassphraseTask task)
{
  self->task = task;
  gtk_window_set_title (GTK_WINDOW (self), _(texts[task].title));
  gtk_label_set_text (self->words_label, _(texts[task].words));
  g_object_set (self->panel, "label", _(texts[task].label), NULL);
  gtk_widget_set_visible (self->current_group, task != KITH_PASSPHRASE_SET);
  gtk_widget_set_visible (GTK_WIDGET (self->fields), task != KITH_PASSPHRASE_REMOVE);
  gtk_widget_set_visible (self->warning_label, task != KITH_PASSPHRASE_REMOVE);
  kith_task_panel_set_destructive (self->panel, task == KITH_PASSPHRASE_REMOVE);
  if (task == KITH_PASSPHRASE_SET)
    kith_passphrase_fields_focus (self->fields);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->current_row));
}

static void
kith_passphrase_dialog_dispose (GObject *object)
{
  KithPassphraseDialog *self = KITH_PASSPHRASE_DIALOG (object);

  g_clear_object (&self->folder);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_PASSPHRASE_DIALOG);

  G_OBJECT_CLASS (kith_passphrase_dialog_parent_class)->dispose (object);
}

static void
kith_passphrase_dialog_class_init (KithPassphraseDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_passphrase_dialog_dispose;

  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", KITH_TYPE_PASSPHRASE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (KITH_TYPE_PASSPHRASE_FIELDS);
  g_type_ensure (KITH_TYPE_TASK_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-passphrase-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithPassphraseDialog, words_label);
  gtk_widget_class_bind_template_child (widget_class, KithPassphraseDialog, current_group);
  gtk_widget_class_bind_template_child (widget_class, KithPassphraseDialog, current_row);
  gtk_widget_class_bind_template_child (widget_class, KithPassphraseDialog, fields);
  gtk_widget_class_bind_template_child (widget_class, KithPassphraseDialog, warning_label);
  gtk_widget_class_bind_template_child (widget_class, KithPassphraseDialog, panel);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, current_activated_cb);
}

static void
kith_passphrase_dialog_init (KithPassphraseDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_passphrase_dialog_new:
 * @parent: the window it belongs to
 * @folder: a profile
 * @task: what to do
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_passphrase_dialog_new (GtkWindow *parent, KithProfileFolder *folder, KithPassphraseTask task)
{
  KithPassphraseDialog *self = g_object_new (KITH_TYPE_PASSPHRASE_DIALOG, "transient-for", parent, NULL);

  self->folder = g_object_ref (folder);
  set_task (self, task);

  return GTK_WIDGET (self);
}
