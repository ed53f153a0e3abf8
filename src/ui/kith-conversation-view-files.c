/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"

#include <glib/gi18n.h>

#include "node/kith-node-files.h"
#include "ui/dialogs/kith-picture-viewer.h"
#include "ui/kith-chooser.h"
#include "ui/kith-file-words.h"
#include "ui/kith-launch.h"
#include "ui/kith-portal.h"
#include "ui/kith-question.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

/* What is done with one file of a conversation: actions whose target is the transfer's id. Sending is
 * in kith-conversation-view-sending.c. */

static KithTransfer *
find_transfer (KithConversationView *self, GVariant *parameter)
{
  if (self->conversation == NULL)
    return NULL;

  return kith_node_get_transfer (self->node, self->conversation, g_variant_get_string (parameter, NULL));
}

/* --- What becomes of it --------------------------------------------------------------------- */

typedef gboolean (*Act) (KithNode *node, KithTransfer *transfer, GError **error);

static void
act (GtkWidget *widget, GVariant *parameter, Act func)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithTransfer *transfer = find_transfer (self, parameter);
  g_autoptr (GError) error = NULL;

  if (transfer != NULL && !func (self->node, transfer, &error))
    kith_toast_say_error (GTK_WIDGET (self), error);
}

static void
decline_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  act (widget, parameter, kith_node_decline_file);
}

static void
pause_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  act (widget, parameter, kith_node_pause_file);
}

static void
resume_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  act (widget, parameter, kith_node_resume_file);
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  act (widget, parameter, kith_node_cancel_file);
}

/* --- Where it goes -------------------------------------------------------------------------- */

/* What waits for the user to choose a place; goes with the chooser. */
typedef struct
{
  KithTransfer *transfer; /* (owned) */
  gboolean is_accepted;   /* it is accepted with that; else it is here and copied */
  gboolean is_around;     /* the folder is chosen that it goes into */
} Place;

static void
place_free (gpointer data)
{
  Place *place = data;

  g_object_unref (place->transfer);
  g_free (place);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConversationView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (kith_node_save_file_finish (KITH_NODE (source), result, &error))
    /* Translators: a file was */
    kith_toast_say (GTK_WIDGET (self), _("Saved"));
  else
    kith_toast_say_error (GTK_WIDGET (self), error);
}

/* (transfer full) (nullable): NULL when it is not on this computer */
static char *
dup_place (Place *place, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (path == NULL || !place->is_around)
    return g_steal_pointer (&path);

  return g_build_filename (path, kith_transfer_get_name (place->transfer), NULL);
}

static void
place_chosen_cb (gpointer owner, GFile *file, gpointer user_data)
{
  KithConversationView *self = owner;
  Place *place = user_data;
  g_autofree char *path = dup_place (place, file);
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    kith_toast_say (GTK_WIDGET (self), _("Files can only be saved in folders of this computer"));
  else if (self->node != NULL && place->is_accepted
           && !kith_node_accept_file (self->node, place->transfer, path, &error))
    kith_toast_say_error (GTK_WIDGET (self), error);
  else if (self->node != NULL && !place->is_accepted)
    kith_node_save_file_async (self->node, place->transfer, path, TRUE, NULL, saved_cb,
                               g_object_ref (self));
}

/* The chooser asks before a file is replaced. One that is yet to come replaces nothing: the node says
 * so. */
static void
choose_place (KithConversationView *self, KithTransfer *transfer, gboolean is_accepted)
{
  Place *place = g_new0 (Place, 1);

  place->transfer = g_object_ref (transfer);
  place->is_accepted = is_accepted;
  /* A sandbox is let to a file of that name, and to no folder; but to all that is in one which is chosen. */
  place->is_around = kith_transfer_is_folder (transfer) && kith_portal_is_sandboxed ();
  if (place->is_around)
    kith_chooser_open (GTK_WIDGET (self), KITH_CHOOSER_FOLDER, _("Save As"), _("_Save"), place_chosen_cb, place,
                       place_free);
  else
    kith_chooser_save (GTK_WIDGET (self), _("Save As"), kith_transfer_get_name (transfer), place_chosen_cb, place,
                       place_free);
}

static void
accept_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithTransfer *transfer = find_transfer (self, parameter);
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;

  if (transfer == NULL)
    return;

  /* Where nothing is written unless the user says where. */
  folder = kith_node_dup_files_folder (self->node);
  if (folder == NULL)
    choose_place (self, transfer, TRUE);
  else if (!kith_node_accept_file (self->node, transfer, NULL, &error))
    kith_toast_say_error (GTK_WIDGET (self), error);
}

static void
accept_as_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithTransfer *transfer = find_transfer (self, parameter);

  if (transfer != NULL)
    choose_place (self, transfer, TRUE);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithTransfer *transfer = find_transfer (self, parameter);

  if (transfer != NULL)
    choose_place (self, transfer, FALSE);
}

/* --- Opening -------------------------------------------------------------------------------- */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConversationView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_launch_uri_finish (GTK_WINDOW (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    kith_toast_say (GTK_WIDGET (self), _("No program was found that opens it"));
}

static void
open_path (KithConversationView *self, const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  GtkWindow *window = kith_conversation_view_get_window (self);

  if (uri != NULL && window != NULL)
    kith_launch_uri_async (window, uri, opened_cb, g_object_ref (self));
}

static void
open_response_cb (AdwMessageDialog *dialog, const char *response, KithConversationView *self)
{
  if (g_str_equal (response, "open"))
    open_path (self, g_object_get_data (G_OBJECT (dialog), "path"));
}

static void
ask_to_open (KithConversationView *self, KithTransfer *transfer)
{
  const char *name = kith_transfer_get_name (transfer);
  g_autofree char *words = kith_sentence_make (
      /* Translators: the name of a file */
      _("“%s” may be a program, or start one. Open it only if you know what it does and trust who it "
        "is from."), name);
  AdwMessageDialog *dialog = kith_question_new (GTK_WIDGET (self), _("Open This File?"), words, "open",
                                                _("_Open"), ADW_RESPONSE_DESTRUCTIVE);

  g_object_set_data_full (G_OBJECT (dialog), "path", g_strdup (kith_transfer_get_path (transfer)), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (open_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* The path of one that can be opened; says so when it is gone. */
static const char *
check_path (KithConversationView *self, KithTransfer *transfer)
{
  const char *path = transfer != NULL && kith_file_is_here (transfer) ? kith_transfer_get_path (transfer)
                                                                      : NULL;

  if (path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      kith_toast_say (GTK_WIDGET (self), _("It is not there anymore: it was moved or deleted"));
      return NULL;
    }

  return path;
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithTransfer *transfer = find_transfer (self, parameter);
  const char *path = check_path (self, transfer);

  if (path == NULL)
    return;

  if (!kith_transfer_is_outgoing (transfer) && !kith_transfer_is_folder (transfer)
      && kith_file_may_be_program (path))
    ask_to_open (self, transfer);
  else
    open_path (self, path);
}

typedef struct
{
  KithConversationView *self; /* (owned) */
  char *path;                 /* (owned) */
} Showing;

/* Without a file manager that can mark it: the folder it is in. */
static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Showing *showing = user_data;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (answer == NULL)
    {
      g_autofree char *folder = g_path_get_dirname (showing->path);

      open_path (showing->self, folder);
    }

  g_object_unref (showing->self);
  g_free (showing->path);
  g_free (showing);
}

static void
show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  const char *path = check_path (self, find_transfer (self, parameter));
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());
  g_autofree char *uri = path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;
  const char *uris[] = { uri, NULL };
  Showing *showing;

  if (uri == NULL)
    return;

  if (bus == NULL)
    {
      g_autofree char *folder = g_path_get_dirname (path);

      open_path (self, folder);
      return;
    }

  showing = g_new0 (Showing, 1);
  showing->self = g_object_ref (self);
  showing->path = g_strdup (path);
  g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1", "ShowItems",
                          g_variant_new ("(^ass)", uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          shown_cb, showing);
}

static void
view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithTransfer *transfer = find_transfer (self, parameter);

  if (transfer != NULL && kith_file_is_here (transfer))
    gtk_window_present (GTK_WINDOW (kith_picture_viewer_new (kith_conversation_view_get_window (self),
                                                             self->node, transfer)));
}

static const struct
{
  const char *name;
  GtkWidgetActionActivateFunc activate;
} actions[] = {
  { "conversation.file-accept", accept_action },
  { "conversation.file-accept-as", accept_as_action },
  { "conversation.file-decline", decline_action },
  { "conversation.file-pause", pause_action },
  { "conversation.file-resume", resume_action },
  { "conversation.file-cancel", cancel_action },
  { "conversation.file-save", save_action },
  { "conversation.file-open", open_action },
  { "conversation.file-show", show_action },
  { "conversation.file-view", view_action },
};

/* Installs those "conversation.*" that have to do with a file. */
void
kith_conversation_view_install_files (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, "s", actions[i].activate);
}
