/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sentence.h"
#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "node/kith-node-verify.h"
#include "ui/dialogs/kith-contact-dialog.h"
#include "ui/kith-unfinished.h"

/* What the node says, and what the window does about it. */

static void
warning_cb (KithWindow *self, GError *error)
{
  g_autofree char *words = kith_explain_warning (error);
  KithError code = kith_error_code_from_gerror (error);

  /* As long as that lasts, nothing can be kept, or it comes to another place: it stays until it was read. */
  if (code == KITH_ERROR_DISK_FULL || code == KITH_ERROR_DISK || code == KITH_ERROR_DAMAGED
      || code == KITH_ERROR_OTHER_DEVICE)
    kith_notice_bar_show (self->disk_bar, words, _("Dismiss"), "win.dismiss-warning");
  else
    kith_window_toast (self, words);
}

/* Whoever goes on has to know that something is missing, until they say that they have read it. */
void
kith_window_tell_older (KithWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (!kith_node_is_older_copy (self->node))
    return;

  g_set_error_literal (&error, KITH_ERROR, KITH_ERROR_OLDER_COPY, "An older copy was put back");
  words = kith_explain_warning (error);
  kith_notice_bar_show (self->disk_bar, words, _("Dismiss"), "win.dismiss-older");
}

static void
request_added_cb (KithWindow *self, KithRequest *request)
{
  /* The sidebar shows it, unless the conversation stands in its place. */
  if (kith_window_shows_sidebar (self))
    return;

  /* A stranger's words have no place here; they are on the page of the request. */
  kith_window_toast_with_button (self, _("Somebody would like to chat with you"), _("Show"),
                                 "win.open", kith_request_get_id (request));
}

static void
request_removed_cb (KithWindow *self, KithRequest *request)
{
  if (kith_request_page_get_request (self->request_page) == request)
    kith_window_open (self, NULL);
}

/* Somebody would like to compare words. Nothing opens by itself; their conversation says so as well. */
static void
words_changed_cb (KithWindow *self, KithComparison *comparison)
{
  KithContact *contact = kith_comparison_get_contact (comparison);
  g_autofree char *words = NULL;

  if (kith_comparison_get_state (comparison) != KITH_COMPARISON_ASKED
      || kith_conversation_view_get_conversation (self->conversation_view)
             == kith_node_get_conversation (self->node, contact))
    return;

  /* Translators: the name of a person */
  words = kith_sentence_make (_("%s would like to compare words with you"),
                              kith_contact_get_display_name (contact));
  kith_window_toast_with_button (self, words, _("Show"), "win.open",
                                 kith_contact_get_id (contact));
}

/* Its words do not stay either. Without an @id all of the conversation is gone. */
static void
gone_cb (KithWindow *self, KithConversation *conversation, const char *event, const char *id)
{
  kith_unfinished_forget_stored (self->node, kith_conversation_get_key_text (conversation), id);
}

static void
accepted_us_cb (KithWindow *self, KithContact *contact)
{
  KithConversation *conversation = kith_node_get_conversation (self->node, contact);
  /* Translators: the name of a person */
  g_autofree char *words = kith_sentence_make (_("%s accepted your request"),
                                               kith_contact_get_display_name (contact));

  if (kith_window_is_showing (self, G_OBJECT (conversation)))
    kith_window_toast (self, words);
  else
    kith_window_toast_with_button (self, words, _("Open"), "win.open",
                                   kith_contact_get_id (contact));
}

static void
declined_us_cb (KithWindow *self, KithContact *contact)
{
  /* Translators: the name of a person */
  g_autofree char *words = kith_sentence_make (_("%s declined your request"),
                                               kith_contact_get_display_name (contact));

  kith_window_toast (self, words);
}

static void
removed_cb (KithWindow *self, KithContact *contact)
{
  KithConversation *open = kith_conversation_view_get_conversation (self->conversation_view);

  kith_contact_dialog_forget_typed (self->node, contact);
  kith_unfinished_forget_stored (self->node, kith_contact_get_id (contact), NULL);
  if (open != NULL && kith_conversation_get_group (open) == NULL
      && kith_conversation_get_contact (open) == contact)
    kith_window_open (self, NULL);
}

static void
listen_cb (KithWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (kith_node_get_listening (self->node)
      || kith_node_listen (self->node, self->listen_address, self->listen_port,
                           !self->listen_given, &error))
    return;

  words = kith_explain_listen (error, self->listen_address, self->listen_port);
  kith_window_toast_with_button (self, words, _("My Address"), "win.my-address", NULL);
}

/* Before anything is opened: nothing must go around a proxy. */
static gboolean
apply_options (KithWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (self->network_options == NULL
      || kith_network_override_put_in_force (self->network_options, self->node, &error))
    return TRUE;

  /* Translators: what is wrong, a sentence */
  words = g_strdup_printf (_("Kith stays offline: %s"), error->message);
  kith_notice_bar_show (self->disk_bar, words, _("Dismiss"), "win.dismiss-warning");
  return FALSE;
}

static void
go_online (KithWindow *self)
{
  if (!apply_options (self))
    return;

  listen_cb (self);
  /* Who plays a part in the demonstration is nobody to be found. */
  if (!self->is_demo)
    kith_node_go_online (self->node);
}

static void
profile_changed_cb (KithWindow *self)
{
  if (kith_node_get_profile (self->node) == NULL)
    return;

  kith_window_withdraw_waiting (self);
  kith_window_update_title (self);
  kith_window_show_ready (self);
  go_online (self);
}

static void
create_profile_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (self->stack == NULL)
    return;

  kith_window_set_welcome_busy (self, FALSE);

  if (kith_node_create_profile_finish (KITH_NODE (source), result, &error))
    return;

  words = kith_explain_error (error);
  if (self->node != NULL)
    kith_window_show_ready (self);
  kith_window_toast (self, words);
}

static void
conversations_changed_cb (KithWindow *self)
{
  if (g_str_equal (gtk_stack_get_visible_child_name (self->content_stack), "empty"))
    kith_window_show_empty (self);
}

static void
connect_to_node (KithWindow *self, const char *signal, GCallback callback)
{
  g_signal_connect_object (self->node, signal, callback, self, G_CONNECT_SWAPPED);
}

/* Connects to all that the node says. */
void
kith_window_follow_node (KithWindow *self)
{
  connect_to_node (self, "notify::profile", G_CALLBACK (profile_changed_cb));
  connect_to_node (self, "warning", G_CALLBACK (warning_cb));
  connect_to_node (self, "request-added", G_CALLBACK (request_added_cb));
  connect_to_node (self, "request-removed", G_CALLBACK (request_removed_cb));
  connect_to_node (self, "message-event::gone", G_CALLBACK (gone_cb));
  connect_to_node (self, "message-event::cleared", G_CALLBACK (gone_cb));
  connect_to_node (self, "message-event::deleted", G_CALLBACK (gone_cb));
  connect_to_node (self, "words-changed", G_CALLBACK (words_changed_cb));
  connect_to_node (self, "contact-changed::accepted", G_CALLBACK (accepted_us_cb));
  connect_to_node (self, "contact-changed::declined", G_CALLBACK (declined_us_cb));
  connect_to_node (self, "contact-changed::removed", G_CALLBACK (removed_cb));
  g_signal_connect_object (kith_node_get_conversations (self->node), "items-changed",
                           G_CALLBACK (conversations_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (kith_node_get_network (self->node), "notify::lan",
                           G_CALLBACK (kith_window_update_nearby), self, G_CONNECT_SWAPPED);
  kith_window_follow_unread (self);
  kith_window_follow_treatment (self);
  kith_window_follow_groups (self);
  kith_window_update_nearby (self);
  kith_unfinished_check_stored (self->node);
  if (kith_node_get_profile (self->node) != NULL)
    profile_changed_cb (self);
}

/**
 * kith_window_set_listen:
 * @self: a window
 * @address: (nullable): where to listen
 * @port: likewise; 0 = any
 *
 * Asks for one address and port instead of the first free one from the default on.
 */
void
kith_window_set_listen (KithWindow *self, const char *address, guint16 port)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  g_free (self->listen_address);
  self->listen_address = g_strdup (address);
  self->listen_port = port;
  self->listen_given = TRUE;
}

/**
 * kith_window_set_network_options:
 * @self: a window
 * @options: (nullable): what goes before what the profile has stored; outlives @self
 */
void
kith_window_set_network_options (KithWindow *self, const KithNetworkOverride *options)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  self->network_options = options;
}

/**
 * kith_window_create_profile:
 * @self: a window
 * @name: what the user wants to be called
 *
 * Makes the identity of a new user and starts to listen.
 */
void
kith_window_create_profile (KithWindow *self, const char *name)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  kith_window_set_welcome_busy (self, TRUE);
  kith_node_create_profile_async (self->node, name, NULL, create_profile_cb, g_object_ref (self));
}
