/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-chooser.h"

#include <glib/gi18n.h>

#include "base/kith-picture-header.h"

/* Under this name the owner has it while it is open. */
#define KEY "kith-chooser"

/* Who waits for what is chosen; goes with the chooser. */
typedef struct
{
  GtkWidget *owner;                  /* (unowned): it has the chooser */
  KithChooserFunc callback;          /* (nullable): for one ... */
  KithChooserListFunc list_callback; /* (nullable): ... or for all of them */
  gpointer user_data;
  GDestroyNotify destroy;            /* (nullable) */
} Waiting;

static void
waiting_free (gpointer data, GClosure *closure)
{
  Waiting *waiting = data;

  if (waiting->destroy != NULL)
    waiting->destroy (waiting->user_data);
  g_free (waiting);
}

static void
response_cb (GtkNativeDialog *dialog, int response, Waiting *waiting)
{
  g_autoptr (GtkFileChooserNative) chooser = g_object_steal_data (G_OBJECT (waiting->owner), KEY);
  g_autoptr (GtkWidget) owner = g_object_ref (waiting->owner);
  g_autoptr (GListModel) files = NULL;
  g_autoptr (GFile) file = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));
  file = g_list_model_get_item (files, 0);
  if (file == NULL)
    return;

  if (waiting->list_callback != NULL)
    waiting->list_callback (owner, files);
  else
    waiting->callback (owner, file, waiting->user_data);
}

static void
add_pictures (GtkFileChooser *chooser)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  /* Translators: a kind of files */
  gtk_file_filter_set_name (filter, _("Pictures"));
  for (const char *const *type = kith_picture_get_types (); *type != NULL; type++)
    gtk_file_filter_add_mime_type (filter, *type);
  gtk_file_chooser_add_filter (chooser, filter);
}

/* Takes @waiting. */
static GtkFileChooser *
create (Waiting *waiting, GtkFileChooserAction action, const char *title, const char *accept)
{
  GtkRoot *window = gtk_widget_get_root (waiting->owner);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, window != NULL ? GTK_WINDOW (window) : NULL,
                                                               /* Translators: a button: do not do it */
                                                               action, accept, _("_Cancel"));

  kith_chooser_close (waiting->owner);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_data (chooser, "response", G_CALLBACK (response_cb), waiting, waiting_free, 0);
  g_signal_connect_object (waiting->owner, "destroy", G_CALLBACK (kith_chooser_close), chooser, 0);
  g_object_set_data_full (G_OBJECT (waiting->owner), KEY, chooser, g_object_unref);

  return GTK_FILE_CHOOSER (chooser);
}

static GtkFileChooser *
create_open (Waiting *waiting, KithChooserKind kind, const char *title, const char *accept)
{
  gboolean is_folder = kind == KITH_CHOOSER_FOLDER;
  GtkFileChooser *chooser = create (
      waiting, is_folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN, title, accept);

  if (kind == KITH_CHOOSER_PICTURE)
    add_pictures (chooser);

  return chooser;
}

static Waiting *
waiting_new (GtkWidget *owner, KithChooserFunc callback, gpointer user_data, GDestroyNotify destroy)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->owner = owner;
  waiting->callback = callback;
  waiting->user_data = user_data;
  waiting->destroy = destroy;

  return waiting;
}

/**
 * kith_chooser_open:
 * @owner: who asks for it
 * @kind: what can be chosen: one of it
 * @title: what it is for
 * @accept: what the button says that takes what is chosen
 * @callback: called when the user has chosen
 * @user_data: for @callback
 * @destroy: (nullable): for @user_data, when the chooser goes
 *
 * Lets the user choose something that there is. Main thread.
 */
void
kith_chooser_open (GtkWidget *owner, KithChooserKind kind, const char *title, const char *accept,
                   KithChooserFunc callback, gpointer user_data, GDestroyNotify destroy)
{
  GtkFileChooser *chooser;

  g_return_if_fail (GTK_IS_WIDGET (owner));
  g_return_if_fail (callback != NULL);

  chooser = create_open (waiting_new (owner, callback, user_data, destroy), kind, title, accept);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * kith_chooser_open_list:
 * @owner: who asks for it
 * @kind: what can be chosen
 * @title: what it is for
 * @accept: what the button says that takes what is chosen
 * @callback: called when the user has chosen
 *
 * Lets the user choose one or several things that there are. Main thread.
 */
void
kith_chooser_open_list (GtkWidget *owner, KithChooserKind kind, const char *title, const char *accept,
                        KithChooserListFunc callback)
{
  Waiting *waiting;
  GtkFileChooser *chooser;

  g_return_if_fail (GTK_IS_WIDGET (owner));
  g_return_if_fail (callback != NULL);

  waiting = waiting_new (owner, NULL, NULL, NULL);
  waiting->list_callback = callback;
  chooser = create_open (waiting, kind, title, accept);
  gtk_file_chooser_set_select_multiple (chooser, TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * kith_chooser_save:
 * @owner: who asks for it
 * @title: what it is for
 * @name: what the file is called unless the user calls it something else
 * @callback: called when the user has chosen, and agreed where a file is replaced
 * @user_data: for @callback
 * @destroy: (nullable): for @user_data, when the chooser goes
 *
 * Lets the user choose where something is saved. Main thread.
 */
void
kith_chooser_save (GtkWidget *owner, const char *title, const char *name, KithChooserFunc callback,
                   gpointer user_data, GDestroyNotify destroy)
{
  GtkFileChooser *chooser;

  g_return_if_fail (GTK_IS_WIDGET (owner));
  g_return_if_fail (callback != NULL);

  chooser = create (waiting_new (owner, callback, user_data, destroy), GTK_FILE_CHOOSER_ACTION_SAVE, title,
                    /* Translators: a button: a file */
                    _("_Save"));
  gtk_file_chooser_set_current_name (chooser, name);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/**
 * kith_chooser_save_backup:
 * @owner: who asks for it
 * @title: what it is for
 * @callback: as for kith_chooser_save()
 *
 * Lets the user choose where a backup is saved, which is named after the day. Main thread.
 */
void
kith_chooser_save_backup (GtkWidget *owner, const char *title, KithChooserFunc callback)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "kith-%Y-%m-%d.kith-backup");

  kith_chooser_save (owner, title, name, callback, NULL, NULL);
}

/**
 * kith_chooser_close:
 * @owner: who has asked for one, or not
 *
 * Takes the chooser off the screen, which is not done by letting go of it: what shows it may hold on to it, and
 * it may have names in it. Main thread.
 */
void
kith_chooser_close (GtkWidget *owner)
{
  g_autoptr (GtkFileChooserNative) chooser = g_object_steal_data (G_OBJECT (owner), KEY);

  if (chooser == NULL)
    return;

  g_signal_handlers_disconnect_matched (chooser, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, response_cb, NULL);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (chooser));
}
