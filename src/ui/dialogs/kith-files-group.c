/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-files-group.h"

#include <glib/gi18n.h>

#include "node/kith-node-files.h"
#include "ui/kith-chooser.h"
#include "ui/kith-file-words.h"
#include "ui/kith-toast.h"

/* Which files come without being asked about, and where all are put. */
struct _KithFilesGroup
{
  AdwPreferencesGroup parent_instance;

  AdwComboRow *auto_row;
  AdwActionRow *folder_row;
  GtkWidget *default_button;

  KithNode *node;  /* (owned) (nullable) */
  GArray *sizes;   /* (owned) of guint64, in the order of the row */
};

static const guint64 usual_sizes[] = { 0, 100 * 1000, 1024 * 1024, 10 * 1000 * 1000, 100 * 1000 * 1000 };

G_DEFINE_FINAL_TYPE (KithFilesGroup, kith_files_group, ADW_TYPE_PREFERENCES_GROUP)

static void
chosen_cb (KithFilesGroup *self)
{
  guint index = adw_combo_row_get_selected (self->auto_row);

  if (self->node != NULL && index < self->sizes->len)
    kith_node_set_files_auto_bytes (self->node, g_array_index (self->sizes, guint64, index));
}

/* --- The folder ----------------------------------------------------------------------------- */

static void
update_folder (KithFilesGroup *self)
{
  g_autofree char *folder = kith_node_dup_files_folder (self->node);
  g_autofree char *shown = folder != NULL ? g_filename_display_name (folder) : NULL;
  g_autofree char *escaped = g_markup_escape_text (shown != NULL ? shown : "", -1);

  adw_action_row_set_subtitle (self->folder_row, escaped);
  gtk_widget_set_visible (self->default_button, kith_node_has_chosen_folder (self->node));
}

static void
say (KithFilesGroup *self, const char *words)
{
  kith_toast_show_in_preferences (GTK_WIDGET (self), words);
}

static void
folder_chosen_cb (gpointer owner, GFile *file, gpointer user_data)
{
  KithFilesGroup *self = owner;
  g_autofree char *path = g_file_get_path (file);

  if (path == NULL || !kith_node_choose_files_folder (self->node, path, NULL))
    say (self, _("Files can only be saved in folders of this computer"));
  update_folder (self);
}

static void
folder_clicked_cb (KithFilesGroup *self)
{
  kith_chooser_open (GTK_WIDGET (self), KITH_CHOOSER_FOLDER, _("Folder for Received Files"),
                     /* Translators: a button: a file or folder */
                     _("_Choose"), folder_chosen_cb, NULL, NULL);
}

static void
default_clicked_cb (KithFilesGroup *self)
{
  kith_node_choose_files_folder (self->node, NULL, NULL);
  update_folder (self);
}

/* --- The group ------------------------------------------------------------------------------ */

static void
add_size (KithFilesGroup *self, GtkStringList *labels, guint64 size)
{
  g_autofree char *bytes = kith_file_dup_size (size);
  /* Translators: a size such as "1.0 MB" */
  g_autofree char *label = size > 0 ? g_strdup_printf (_("Up to %s"), bytes)
                                    /* Translators: a choice: files are accepted, the window is locked */
                                    : g_strdup (_("Never"));

  gtk_string_list_append (labels, label);
  g_array_append_val (self->sizes, size);
}

static void
kith_files_group_dispose (GObject *object)
{
  KithFilesGroup *self = KITH_FILES_GROUP (object);

  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_FILES_GROUP);

  G_OBJECT_CLASS (kith_files_group_parent_class)->dispose (object);
}

static void
kith_files_group_finalize (GObject *object)
{
  g_array_unref (KITH_FILES_GROUP (object)->sizes);

  G_OBJECT_CLASS (kith_files_group_parent_class)->finalize (object);
}

static void
kith_files_group_class_init (KithFilesGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_files_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_files_group_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-files-group.ui");
  gtk_widget_class_bind_template_child (widget_class, KithFilesGroup, auto_row);
  gtk_widget_class_bind_template_child (widget_class, KithFilesGroup, folder_row);
  gtk_widget_class_bind_template_child (widget_class, KithFilesGroup, default_button);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, folder_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, default_clicked_cb);
}

static void
kith_files_group_init (KithFilesGroup *self)
{
  self->sizes = g_array_new (FALSE, FALSE, sizeof (guint64));
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_files_group_set_node:
 * @self: a group
 * @node: whose setting; set once
 *
 * Shows the setting, where there is a folder that files can be put in.
 */
void
kith_files_group_set_node (KithFilesGroup *self, KithNode *node)
{
  g_autofree char *folder = kith_node_dup_files_folder (node);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  guint64 now = kith_node_get_files_auto_bytes (node);
  guint selected = G_N_ELEMENTS (usual_sizes);

  g_return_if_fail (KITH_IS_FILES_GROUP (self) && self->node == NULL);

  for (guint i = 0; i < G_N_ELEMENTS (usual_sizes); i++)
    {
      add_size (self, labels, usual_sizes[i]);
      if (usual_sizes[i] == now)
        selected = i;
    }
  /* As it was set in the terminal. */
  if (selected == G_N_ELEMENTS (usual_sizes))
    add_size (self, labels, now);

  gtk_widget_set_visible (GTK_WIDGET (self), folder != NULL);
  adw_combo_row_set_model (self->auto_row, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (self->auto_row, selected);
  /* What is chosen from here on is the user's wish. */
  self->node = g_object_ref (node);
  update_folder (self);
}
