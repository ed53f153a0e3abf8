/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "node/kith-node-files.h"
#include "ui/dialogs/kith-send-files-dialog.h"
#include "ui/kith-chooser.h"
#include "ui/kith-file-choice.h"
#include "ui/kith-toast.h"

/* How files come into a conversation: chosen, dropped, pasted, spoken. Nothing is sent before the user
 * has seen what it is and who gets it, but for a voice message, which they sent by ending it. */

static gboolean
can_send (KithConversationView *self)
{
  return self->node != NULL && self->conversation != NULL
         && gtk_widget_get_visible (self->composer_clamp);
}

static void
confirm (KithConversationView *self, GPtrArray *choices)
{
  GtkWidget *dialog;

  if (!can_send (self) || choices->len == 0)
    return;

  if (choices->len > KITH_LIMIT_FILES_AT_ONCE)
    {
      g_autofree char *words = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       /* Translators: how many files at most */
                       "No more than %u file can be sent at once. A folder can have more in it.",
                       "No more than %u files can be sent at once. A folder can have more in it.",
                       KITH_LIMIT_FILES_AT_ONCE),
          (guint) KITH_LIMIT_FILES_AT_ONCE);

      kith_toast_say (GTK_WIDGET (self), words);
      return;
    }

  dialog = kith_send_files_dialog_new (kith_conversation_view_get_window (self), self->node,
                                       self->conversation, choices);
  gtk_window_present (GTK_WINDOW (dialog));
}

static GPtrArray *
choices_new (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

/* Somewhere else than on this computer there is no path. */
static void
add_file (GPtrArray *choices, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL)
    g_ptr_array_add (choices, kith_file_choice_new_for_path (path));
}

/* --- Chosen --------------------------------------------------------------------------------- */

static void
files_chosen_cb (gpointer owner, GListModel *files)
{
  g_autoptr (GPtrArray) choices = choices_new ();

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      add_file (choices, file);
    }
  confirm (owner, choices);
}

static void
choose (GtkWidget *widget, KithChooserKind kind, const char *title)
{
  if (can_send (KITH_CONVERSATION_VIEW (widget)))
    kith_chooser_open_list (widget, kind, title, _("_Choose"), files_chosen_cb);
}

static void
send_files_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (widget, KITH_CHOOSER_FILE, _("Send Files"));
}

static void
send_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (widget, KITH_CHOOSER_FOLDER, _("Send Folders"));
}

/* --- Dropped and pasted --------------------------------------------------------------------- */

static gboolean
drop_cb (KithConversationView *self, const GValue *value)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr (GPtrArray) choices = choices_new ();

  if (!can_send (self))
    return FALSE;

  for (GSList *file = files; file != NULL; file = file->next)
    add_file (choices, file->data);
  confirm (self, choices);

  return choices->len > 0;
}

/* Paths, from the clipboard. */
static void
send_paths_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree const char **paths = g_variant_get_bytestring_array (parameter, NULL);
  g_autoptr (GPtrArray) choices = choices_new ();

  for (guint i = 0; paths[i] != NULL; i++)
    g_ptr_array_add (choices, kith_file_choice_new_for_path (paths[i]));
  confirm (KITH_CONVERSATION_VIEW (widget), choices);
}

/* What is in a picture, from the clipboard, and what to call it. */
static void
send_picture_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GVariant) content = NULL;
  const char *picture_name;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) choices = choices_new ();

  g_variant_get (parameter, "(@ay&s)", &content, &picture_name);
  bytes = g_variant_get_data_as_bytes (content);
  g_ptr_array_add (choices, kith_file_choice_new_for_bytes (bytes, picture_name));
  confirm (KITH_CONVERSATION_VIEW (widget), choices);
}

/* --- Spoken --------------------------------------------------------------------------------- */

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConversationView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) transfers = kith_node_send_files_finish (KITH_NODE (source), result, &error);

  if (transfers == NULL)
    kith_toast_say_error (GTK_WIDGET (self), error);
}

static void
recorded_cb (KithConversationView *self, GBytes *ogg, const KithMedia *media, KithNode *spoken_by,
             KithConversation *spoken_to)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  /* No words of the user's language: the other one may have another. */
  g_autofree char *name = g_date_time_format (now, "voice-%Y%m%d-%H%M%S.ogg");
  KithOutgoingFile *file = kith_outgoing_file_new_for_bytes (ogg, name, media->type);

  kith_media_clear (&file->media);
  kith_media_copy (&file->media, media);
  g_ptr_array_add (files, file);
  /* The profile may be locking: what is committed before it is locked goes. */
  kith_node_send_files_async (spoken_by, spoken_to, files, NULL, sent_cb, g_object_ref (self));
  if (spoken_to == self->conversation)
    kith_conversation_view_show_end (self);
}

static void
record_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  if (can_send (self))
    kith_composer_record (self->composer);
}

/* --- All of them ---------------------------------------------------------------------------- */

/* Installs those "conversation.*" that send files. */
void
kith_conversation_view_install_sending (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "conversation.send-files", NULL, send_files_action);
  gtk_widget_class_install_action (widget_class, "conversation.send-folder", NULL, send_folder_action);
  gtk_widget_class_install_action (widget_class, "conversation.send-paths", "aay", send_paths_action);
  gtk_widget_class_install_action (widget_class, "conversation.send-picture", "(ays)",
                                   send_picture_action);
  gtk_widget_class_install_action (widget_class, "conversation.record", NULL, record_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK,
                                       "conversation.send-files", NULL);
}

/* Takes what is dropped and what is recorded. */
void
kith_conversation_view_init_sending (KithConversationView *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (drop, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  /* Before the text, which would take the names. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drop), GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  g_signal_connect_object (self->composer, "recorded", G_CALLBACK (recorded_cb), self, G_CONNECT_SWAPPED);
}
