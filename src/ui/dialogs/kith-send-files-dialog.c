/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-send-files-dialog.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-node-files.h"
#include "ui/kith-decoration.h"
#include "ui/kith-file-choice.h"
#include "ui/kith-file-words.h"
#include "ui/kith-keys.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-picture-loader.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

#define PREVIEW_PIXELS 40

/* What is going to be sent, and to whom. */
struct _KithSendFilesDialog
{
  AdwWindow parent_instance;

  GtkLabel *heading_label;
  GtkListBox *list_box;
  GtkWidget *clean_group;
  GtkSwitch *clean_switch;
  GtkLabel *unclean_label;
  GtkWidget *place_label;
  GtkWidget *send_button;

  KithNode *node;                 /* (owned) */
  KithConversation *conversation; /* (owned) */
  GListStore *choices;            /* (owned) of KithFileChoice */
  GCancellable *cancellable;      /* (owned) */
  guint n_looking;
  gboolean is_sending;
};

G_DEFINE_FINAL_TYPE (KithSendFilesDialog, kith_send_files_dialog, ADW_TYPE_WINDOW)

static KithFileChoice *
get_choice (KithSendFilesDialog *self, guint index)
{
  g_autoptr (KithFileChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->choices), index);

  return choice;
}

static guint
count (KithSendFilesDialog *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->choices));
}

static void
update (KithSendFilesDialog *self)
{
  const char *name = kith_conversation_get_title (self->conversation);
  guint n = count (self), n_pictures = 0, n_unclean = 0, n_unknown = 0;
  g_autofree char *heading = kith_sentence_make (
      /* Translators: a number, the name of somebody */
      g_dngettext (GETTEXT_PACKAGE, "Send %u item to %s?", "Send %u items to %s?", n), n, name);

  for (guint i = 0; i < n; i++)
    {
      KithFileChoice *choice = get_choice (self, i);

      n_unknown += kith_file_choice_may_tell_place (choice) ? 1 : 0;
      if (!kith_file_choice_is_picture (choice))
        continue;
      n_pictures++;
      if (!kith_file_choice_can_clean (choice))
        n_unclean++;
    }

  gtk_label_set_text (self->heading_label, heading);
  gtk_widget_set_visible (self->clean_group, n_pictures > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->unclean_label),
                          n_unclean > 0 && gtk_switch_get_active (self->clean_switch));
  gtk_widget_set_visible (self->place_label, n_unknown > 0);
  gtk_widget_set_sensitive (self->send_button, n > 0 && self->n_looking == 0 && !self->is_sending);
  /* What is on its way is what was there when the button was pressed. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->list_box), !self->is_sending);
  gtk_widget_set_sensitive (GTK_WIDGET (self->clean_switch), !self->is_sending);
}

/* --- Rows ----------------------------------------------------------------------------------- */

typedef struct
{
  KithSendFilesDialog *self; /* (owned) */
  GtkWidget *row;            /* (owned) */
  GtkImage *image;           /* (unowned) in the row */
  KithFileChoice *choice;    /* (owned) */
} Looking;

static void
looking_free (Looking *looking)
{
  g_object_unref (looking->self);
  g_object_unref (looking->row);
  g_object_unref (looking->choice);
  g_free (looking);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Looking, looking_free)

static void
preview_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Looking) looking = user_data;
  g_autoptr (KithPicture) picture
      = kith_picture_loader_load_finish (KITH_PICTURE_LOADER (source), result, NULL);

  /* A picture that is not shown is sent all the same: theirs may show it. */
  if (picture != NULL)
    gtk_image_set_from_paintable (looking->image,
                                  GDK_PAINTABLE (kith_picture_get_frame (picture, 0)));
}

static void
show_preview (Looking *looking)
{
  KithSendFilesDialog *self = looking->self;
  char *path = (char *) kith_file_choice_get_path (looking->choice);
  KithPictureSource source = { .path = path, .bytes = kith_file_choice_get_bytes (looking->choice) };
  guint side = PREVIEW_PIXELS * (guint) gtk_widget_get_scale_factor (GTK_WIDGET (self));

  kith_picture_loader_load_async (kith_picture_loader_get_default (), &source, side, 1,
                                  self->cancellable, preview_cb, looking);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Looking) looking = user_data;
  KithSendFilesDialog *self = looking->self;
  KithFileChoice *choice = KITH_FILE_CHOICE (source);
  g_autoptr (GError) error = NULL;
  gboolean is_there = kith_file_choice_look_finish (choice, result, &error);
  g_autofree char *size = kith_file_dup_size (kith_file_choice_get_size (choice));
  g_autoptr (GIcon) icon = NULL;

  self->n_looking--;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  icon = kith_file_new_icon (kith_file_choice_get_name (choice), kith_file_choice_is_folder (choice));
  gtk_image_set_from_gicon (looking->image, icon);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (looking->row),
                               !is_there ? _("It is not there anymore")
                               : kith_file_choice_is_folder (choice) ? _("Folder, with all that is in it")
                                                                    : size);
  update (self);
  if (self->n_looking == 0)
    gtk_widget_grab_focus (self->send_button);
  if (kith_file_choice_is_picture (choice))
    show_preview (g_steal_pointer (&looking));
}

static void
remove_clicked_cb (KithSendFilesDialog *self, GtkWidget *button)
{
  KithFileChoice *choice = g_object_get_data (G_OBJECT (button), "choice");
  guint index;

  if (!g_list_store_find (self->choices, choice, &index))
    return;

  g_list_store_remove (self->choices, index);
  if (count (self) == 0)
    gtk_window_close (GTK_WINDOW (self));
  else
    update (self);
}

static GtkWidget *
new_remove_button (KithSendFilesDialog *self, KithFileChoice *choice)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");
  /* Translators: the name of a file */
  g_autofree char *label = g_strdup_printf (_("Do not send %s"), kith_file_choice_get_name (choice));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_set_tooltip_text (button, _("Do Not Send This"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data (G_OBJECT (button), "choice", choice);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_clicked_cb), self, G_CONNECT_SWAPPED);

  return button;
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  KithSendFilesDialog *self = user_data;
  KithFileChoice *choice = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = kith_decoration_new (NULL);
  Looking *looking = g_new0 (Looking, 1);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), kith_file_choice_get_name (choice));
  /* The end of a name says what kind of file it is. */
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_image_set_pixel_size (GTK_IMAGE (image), PREVIEW_PIXELS);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_remove_button (self, choice));

  looking->self = g_object_ref (self);
  looking->row = g_object_ref (row); /* and it stays floating: the list takes that */
  looking->image = GTK_IMAGE (image);
  looking->choice = g_object_ref (choice);
  self->n_looking++;
  kith_file_choice_look_async (choice, self->cancellable, looked_cb, looking);

  return row;
}

/* --- Sending -------------------------------------------------------------------------------- */

static void
say (KithSendFilesDialog *self, const GError *error)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (window != NULL)
    kith_toast_say_error (GTK_WIDGET (window), error);
}

/* The node goes on without us; what could not be offered is told where it stands. */
static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithSendFilesDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) transfers = kith_node_send_files_finish (KITH_NODE (source), result, &error);

  if (transfers == NULL && !g_error_matches (error, KITH_ERROR, KITH_ERROR_CANCELLED))
    say (self, error);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithSendFilesDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = kith_file_choices_make_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_sending = FALSE;
  if (files == NULL)
    {
      say (self, error);
      update (self);
      return;
    }

  kith_node_send_files_async (self->node, self->conversation, files, NULL, sent_cb, g_object_ref (self));
  gtk_window_close (GTK_WINDOW (self));
}

static void
send_clicked_cb (KithSendFilesDialog *self)
{
  g_autoptr (GPtrArray) choices = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < count (self); i++)
    g_ptr_array_add (choices, g_object_ref (get_choice (self, i)));

  self->is_sending = TRUE;
  update (self);
  kith_file_choices_make_async (choices, gtk_switch_get_active (self->clean_switch), self->cancellable,
                                made_cb, g_object_ref (self));
}

/* --- Object --------------------------------------------------------------------------------- */

/* What is still looked at has no one to tell. */
static gboolean
kith_send_files_dialog_close_request (GtkWindow *window)
{
  KithSendFilesDialog *self = KITH_SEND_FILES_DIALOG (window);

  g_cancellable_cancel (self->cancellable);

  return GTK_WINDOW_CLASS (kith_send_files_dialog_parent_class)->close_request (window);
}

static void
kith_send_files_dialog_dispose (GObject *object)
{
  KithSendFilesDialog *self = KITH_SEND_FILES_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  if (self->list_box != NULL)
    kith_list_focus_bind_model (self->list_box, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_SEND_FILES_DIALOG);
  g_clear_object (&self->choices);
  g_clear_object (&self->conversation);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (kith_send_files_dialog_parent_class)->dispose (object);
}

static void
kith_send_files_dialog_finalize (GObject *object)
{
  KithSendFilesDialog *self = KITH_SEND_FILES_DIALOG (object);

  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (kith_send_files_dialog_parent_class)->finalize (object);
}

static void
kith_send_files_dialog_class_init (KithSendFilesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_send_files_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_send_files_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = kith_send_files_dialog_close_request;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-send-files-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithSendFilesDialog, heading_label);
  gtk_widget_class_bind_template_child (widget_class, KithSendFilesDialog, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithSendFilesDialog, clean_group);
  gtk_widget_class_bind_template_child (widget_class, KithSendFilesDialog, clean_switch);
  gtk_widget_class_bind_template_child (widget_class, KithSendFilesDialog, unclean_label);
  gtk_widget_class_bind_template_child (widget_class, KithSendFilesDialog, place_label);
  gtk_widget_class_bind_template_child (widget_class, KithSendFilesDialog, send_button);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, send_clicked_cb);
}

static void
kith_send_files_dialog_init (KithSendFilesDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->choices = g_list_store_new (KITH_TYPE_FILE_CHOICE);

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_send_files_dialog_new:
 * @parent: the window it belongs to
 * @node: who sends
 * @conversation: where to
 * @choices: (element-type KithFileChoice): what, not looked at yet
 *
 * Asks whether it is meant; then sends it.
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
kith_send_files_dialog_new (GtkWindow *parent, KithNode *node, KithConversation *conversation,
                            GPtrArray *choices)
{
  KithSendFilesDialog *self
      = g_object_new (KITH_TYPE_SEND_FILES_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  self->conversation = g_object_ref (conversation);
  g_list_store_splice (self->choices, 0, 0, choices->pdata, choices->len);
  kith_list_focus_bind_model (self->list_box, G_LIST_MODEL (self->choices), create_row, self);
  update (self);

  return GTK_WIDGET (self);
}
