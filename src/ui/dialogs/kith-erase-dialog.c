/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-erase-dialog.h"

#include <glib/gi18n.h>

#include "base/kith-text.h"
#include "ui/kith-error-box.h"
#include "ui/kith-keys.h"
#include "ui/kith-task-panel.h"

struct _KithEraseDialog
{
  AdwWindow parent_instance;

  GtkLabel *ask_label;
  GtkEditable *row;
  GtkWidget *files_group;
  GtkWidget *stay_label;
  GtkWidget *aside_label;
  GtkSwitch *files_switch;
  KithTaskPanel *panel;

  KithProfileFolder *folder; /* (owned) */
  gboolean is_told;          /* the window has said how it ended */
};

G_DEFINE_FINAL_TYPE (KithEraseDialog, kith_erase_dialog, ADW_TYPE_WINDOW)

/* Translators: what has to be typed before everything is erased */
#define WORD _("erase")

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithEraseDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = kith_profile_folder_erase_finish (KITH_PROFILE_FOLDER (source), result, &error);

  /* The window has closed it with all else of the profile, and says itself how it ended. */
  if (self->panel == NULL)
    return;

  kith_task_panel_end (self->panel, error);
  if (done || self->is_told)
    gtk_window_close (GTK_WINDOW (self));
}

/* Comes before the answer. Where the profile was open it could not even be locked: that is said here. */
static void
ended_cb (KithEraseDialog *self, const GError *error)
{
  self->is_told = kith_profile_folder_get_node (self->folder) == NULL;
}

static void
start_cb (KithEraseDialog *self)
{
  kith_task_panel_begin (self->panel, FALSE);
  kith_profile_folder_erase_async (self->folder, gtk_switch_get_active (self->files_switch), erased_cb,
                                   g_object_ref (self));
}

/* (transfer full): as it is compared: nobody has to know how a keyboard composes letters, or begins a line */
static char *
dup_bare (const char *word)
{
  g_autofree char *trimmed = kith_text_trim (g_strdup (word));
  g_autofree char *normal = g_utf8_normalize (trimmed, -1, G_NORMALIZE_NFC);

  return g_utf8_casefold (normal, -1);
}

static void
changed_cb (KithEraseDialog *self)
{
  g_autofree char *typed = dup_bare (gtk_editable_get_text (self->row));
  g_autofree char *word = dup_bare (WORD);

  kith_task_panel_set_ready (self->panel, g_str_equal (typed, word));
}

static void
activated_cb (KithEraseDialog *self)
{
  kith_task_panel_start (self->panel);
}

/* Whoever closed it might think that it was not done. */
static gboolean
close_request_cb (KithEraseDialog *self)
{
  return kith_task_panel_is_running (self->panel);
}

static void
kith_erase_dialog_dispose (GObject *object)
{
  KithEraseDialog *self = KITH_ERASE_DIALOG (object);

  g_clear_object (&self->folder);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_ERASE_DIALOG);

  G_OBJECT_CLASS (kith_erase_dialog_parent_class)->dispose (object);
}

static void
kith_erase_dialog_class_init (KithEraseDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_erase_dialog_dispose;

  g_type_ensure (KITH_TYPE_ERROR_BOX);
  g_type_ensure (KITH_TYPE_TASK_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-erase-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithEraseDialog, ask_label);
  gtk_widget_class_bind_template_child (widget_class, KithEraseDialog, row);
  gtk_widget_class_bind_template_child (widget_class, KithEraseDialog, files_group);
  gtk_widget_class_bind_template_child (widget_class, KithEraseDialog, stay_label);
  gtk_widget_class_bind_template_child (widget_class, KithEraseDialog, aside_label);
  gtk_widget_class_bind_template_child (widget_class, KithEraseDialog, files_switch);
  gtk_widget_class_bind_template_child (widget_class, KithEraseDialog, panel);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
}

static void
kith_erase_dialog_init (KithEraseDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  {
    /* Translators: the word “erase” in your language */
    g_autofree char *words = g_strdup_printf (_("Type “%s” to confirm:"), WORD);

    gtk_label_set_text (self->ask_label, words);
    kith_task_panel_set_destructive (self->panel, TRUE);
    gtk_widget_grab_focus (GTK_WIDGET (self->row));
  }
}

/**
 * kith_erase_dialog_new:
 * @parent: the window it belongs to
 * @folder: a profile, open or locked: of a locked one nobody knows which files others sent
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_erase_dialog_new (GtkWindow *parent, KithProfileFolder *folder)
{
  KithEraseDialog *self = g_object_new (KITH_TYPE_ERASE_DIALOG, "transient-for", parent, NULL);

  self->folder = g_object_ref (folder);
  g_signal_connect_object (folder, "erased", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (self->files_group, kith_profile_folder_get_node (folder) != NULL);
  gtk_widget_set_visible (self->stay_label, kith_profile_folder_get_node (folder) == NULL);
  gtk_widget_set_visible (self->aside_label, kith_profile_folder_get_has_aside (folder));

  return GTK_WIDGET (self);
}
