/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sentence.h"
#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "ui/dialogs/kith-address-dialog.h"
#include "ui/dialogs/kith-connect-dialog.h"
#include "ui/dialogs/kith-profile-dialog.h"
#include "ui/kith-composer-line.h"
#include "ui/kith-launch.h"
#include "ui/kith-links.h"

/* Whether there is somebody whose window it is. */
gboolean
kith_window_has_profile (KithWindow *self)
{
  KithNode *node = kith_window_get_node (self);

  return node != NULL && kith_node_get_profile (node) != NULL;
}

/* --- Connecting ----------------------------------------------------------------------------- */

/* Somebody was reached: a contact, or one who was asked. */
void
kith_window_connected (KithWindow *self, KithContact *contact, gboolean requested)
{
  const char *name = kith_contact_get_display_name (contact);
  g_autofree char *words = NULL;

  if (requested)
    words = kith_sentence_make (_("Your request has reached %s"), name);
  else
    words = kith_sentence_make (_("Connected to %s"), name);

  kith_window_toast (self, words);
  kith_window_open_id (self, kith_contact_get_id (contact));
}

#define FIRST_YEAR 2026

static void
show_connect_dialog (KithWindow *self, const char *endpoint)
{
  GtkWidget *dialog;

  if (!kith_window_has_profile (self))
    return;

  dialog = kith_connect_dialog_new (GTK_WINDOW (self), kith_window_get_node (self), endpoint);
  g_signal_connect_object (dialog, "connected", G_CALLBACK (kith_window_connected), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
connect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_connect_dialog (KITH_WINDOW (widget), NULL);
}

static void
connect_to_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_connect_dialog (KITH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* --- The user ------------------------------------------------------------------------------- */

static void
my_address_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (kith_window_has_profile (self))
    gtk_window_present (GTK_WINDOW (kith_address_dialog_new (GTK_WINDOW (self),
                                                             kith_window_get_node (self))));
}

static void
profile_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (kith_window_has_profile (self))
    gtk_window_present (GTK_WINDOW (kith_profile_dialog_new (GTK_WINDOW (self),
                                                             kith_window_get_node (self))));
}

static void
link_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithWindow *self = KITH_WINDOW (source);
  g_autoptr (GError) error = NULL;

  if (!kith_launch_uri_finish (GTK_WINDOW (self), result, &error) && !kith_window_is_closing (self)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    kith_window_toast (self, _("No program was found that opens it"));
}

/* By itself it would start a program with what is set for Kith alone. */
static gboolean
about_link_cb (KithWindow *self, const char *uri)
{
  kith_launch_uri_async (GTK_WINDOW (self), uri, link_opened_cb, NULL);

  return TRUE;
}

static void
about_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  /* Translators: who translated Kith into your language, one name a line */
  const char *translators = _("translator-credits");
  g_autofree char *copyright = g_strdup_printf ("© %d %s", FIRST_YEAR, _("The Kith developers"));
  GtkWindow *about;

  /* English has none. */
  if (g_str_equal (translators, "translator-credits"))
    translators = "";

  about = g_object_new (
      ADW_TYPE_ABOUT_WINDOW, "transient-for", widget, "application-name", "Kith", "application-icon",
      KITH_APPLICATION_ID, "developer-name", _("The Kith developers"), "version", KITH_VERSION,
      "license-type", GTK_LICENSE_GPL_3_0, "copyright", copyright, "translator-credits", translators, "comments",
      _("Private chat, straight from your computer to your friend’s. Every message is encrypted on "
        "the way, and no server is in between."),
      NULL);
  g_signal_connect_object (about, "activate-link", G_CALLBACK (about_link_cb), widget, G_CONNECT_SWAPPED);
  gtk_window_present (about);
}

/* --- Texts ---------------------------------------------------------------------------------- */

static void
link_response_cb (AdwMessageDialog *dialog, const char *response, KithWindow *self)
{
  const char *uri = g_object_get_data (G_OBJECT (dialog), "uri");

  if (g_str_equal (response, "open"))
    kith_launch_uri_async (GTK_WINDOW (self), uri, link_opened_cb, NULL);
  else if (g_str_equal (response, "copy"))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.copy", "s", uri);
}

/* A link shows its destination before anything is opened (protocol 12). */
static void
open_link_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *uri = g_variant_get_string (parameter, NULL);
  g_autofree char *words = kith_links_dup_question (uri);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (widget), _("Open This Link?"), words);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "copy",
                                    /* Translators: a button: a link */
                                    _("Co_py"), "open", _("_Open"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "open",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "uri", g_strdup (uri), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (link_response_cb), widget, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (parameter, NULL));
  kith_window_toast (KITH_WINDOW (widget), _("Copied"));
}

static void
toast_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kith_window_toast (KITH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* --- Moving about --------------------------------------------------------------------------- */

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kith_window_open_id (KITH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* The list, of those of a filter of the sidebar. */
static void
show_people_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (!kith_window_has_profile (self))
    return;

  g_object_set (self->sidebar, "filter", g_variant_get_string (parameter, NULL), NULL);
  kith_window_back (self);
}

/* What can be written into a composer beside messages. */
static void
words_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (widget), _("Words in the Composer"),
                                              kith_to_do_get_words ());

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* GTK would make it with every window. The window has to be told to it: it looks up the keys of its actions. */
static void
shortcuts_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkApplicationWindow *window = GTK_APPLICATION_WINDOW (widget);

  if (gtk_application_window_get_help_overlay (window) == NULL)
    {
      g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/chat/kith/Kith/help-overlay.ui");

      gtk_application_window_set_help_overlay (
        window, GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
    }
  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (window)));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kith_window_back (KITH_WINDOW (widget));
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (kith_window_has_profile (KITH_WINDOW (widget)))
    kith_window_search (KITH_WINDOW (widget));
}

static void
search_conversation_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (kith_window_has_profile (KITH_WINDOW (widget)))
    kith_window_search_conversation (KITH_WINDOW (widget));
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (kith_window_has_profile (KITH_WINDOW (widget)))
    kith_window_step (KITH_WINDOW (widget), 1);
}

static void
previous_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (kith_window_has_profile (KITH_WINDOW (widget)))
    kith_window_step (KITH_WINDOW (widget), -1);
}

/* Installs "win.*" on the class of the window. */
void
kith_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.connect", NULL, connect_action);
  gtk_widget_class_install_action (widget_class, "win.connect-to", "s", connect_to_action);
  gtk_widget_class_install_action (widget_class, "win.my-address", NULL, my_address_action);
  gtk_widget_class_install_action (widget_class, "win.profile", NULL, profile_action);
  gtk_widget_class_install_action (widget_class, "win.about", NULL, about_action);
  gtk_widget_class_install_action (widget_class, "win.open-link", "s", open_link_action);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);
  gtk_widget_class_install_action (widget_class, "win.open", "s", open_action);
  gtk_widget_class_install_action (widget_class, "win.show-people", "s", show_people_action);
  gtk_widget_class_install_action (widget_class, "win.words", NULL, words_action);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL, shortcuts_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.search-conversation", NULL,
                                   search_conversation_action);
  gtk_widget_class_install_action (widget_class, "win.next-conversation", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "win.previous-conversation", NULL, previous_action);
}
