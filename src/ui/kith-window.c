/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "node/kith-explain.h"
#include "ui/kith-conversation-view.h"
#include "ui/kith-request-page.h"
#include "ui/kith-sidebar.h"
#include "ui/kith-welcome-page.h"

struct _KithWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  GtkStack *stack;
  KithWelcomePage *welcome_page;
  AdwLeaflet *leaflet;
  KithSidebar *sidebar;
  GtkStack *content_stack;
  AdwStatusPage *empty_page;
  GtkWidget *empty_buttons;
  KithConversationView *conversation_view;
  KithRequestPage *request_page;

  KithNode *node;       /* (owned) */
  char *listen_address; /* (owned) (nullable) */
  guint16 listen_port;
  gboolean listen_given; /* by the user: no other port will do */
  gboolean is_demo;      /* nothing in it is anybody's own */
  gboolean is_closing;
};

G_DEFINE_FINAL_TYPE (KithWindow, kith_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- What is open --------------------------------------------------------------------------- */

static void
show_content (KithWindow *self)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "content");
}

static void
show_empty (KithWindow *self)
{
  gboolean none = g_list_model_get_n_items (kith_node_get_conversations (self->node)) == 0;

  adw_status_page_set_title (self->empty_page,
                             none ? _("Say Hello to Somebody") : _("No Conversation Open"));
  adw_status_page_set_description (
      self->empty_page, none ? _("Connect to a friend by their IP address and port, or tell them "
                                 "yours.\nThis version of Kith forgets everything when it is closed.")
                             : _("Choose one from the list."));
  gtk_widget_set_visible (self->empty_buttons, none);
  gtk_stack_set_visible_child_name (self->content_stack, "empty");
}

static void
conversations_changed_cb (KithWindow *self)
{
  if (g_str_equal (gtk_stack_get_visible_child_name (self->content_stack), "empty"))
    show_empty (self);
}

/* Opens @item, a KithConversation or a KithRequest, or nothing when it is NULL. */
void
kith_window_open (KithWindow *self, GObject *item)
{
  kith_sidebar_select (self->sidebar, item);

  if (KITH_IS_CONVERSATION (item))
    {
      kith_conversation_view_set_conversation (self->conversation_view, self->node,
                                               KITH_CONVERSATION (item));
      kith_request_page_set_request (self->request_page, NULL, NULL);
      gtk_stack_set_visible_child_name (self->content_stack, "conversation");
      show_content (self);
      kith_conversation_view_focus_composer (self->conversation_view);
    }
  else if (KITH_IS_REQUEST (item))
    {
      kith_conversation_view_set_conversation (self->conversation_view, NULL, NULL);
      kith_request_page_set_request (self->request_page, self->node, KITH_REQUEST (item));
      gtk_stack_set_visible_child_name (self->content_stack, "request");
      show_content (self);
    }
  else
    {
      kith_conversation_view_set_conversation (self->conversation_view, NULL, NULL);
      kith_request_page_set_request (self->request_page, NULL, NULL);
      show_empty (self);
      kith_window_back (self);
    }
}

/* Opens the neighbour of what is open, for the keyboard. */
void
kith_window_step (KithWindow *self, int step)
{
  GObject *item = kith_sidebar_get_neighbour (self->sidebar, step);

  if (item != NULL)
    kith_window_open (self, item);
}

/* Shows the sidebar when it shares its place with the conversation. */
void
kith_window_back (KithWindow *self)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "sidebar");
}

void
kith_window_search (KithWindow *self)
{
  kith_window_back (self);
  kith_sidebar_search (self->sidebar);
}

static void
accepted_cb (KithWindow *self, KithContact *contact)
{
  kith_window_open (self, G_OBJECT (kith_node_get_conversation (self->node, contact)));
}

/* --- What the node says --------------------------------------------------------------------- */

static void
warning_cb (KithWindow *self, GError *error)
{
  g_autofree char *words = kith_explain_error (error);

  kith_window_toast (self, words);
}

static void
request_added_cb (KithWindow *self, KithRequest *request)
{
  /* The sidebar shows it, unless the conversation stands in its place. */
  if (!adw_leaflet_get_folded (self->leaflet)
      || g_str_equal (adw_leaflet_get_visible_child_name (self->leaflet), "sidebar"))
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

static void
accepted_us_cb (KithWindow *self, KithContact *contact)
{
  g_autofree char *words = g_strdup_printf (_("%s accepted your request"),
                                            kith_contact_get_display_name (contact));

  kith_window_toast_with_button (self, words, _("Open"), "win.open", kith_contact_get_id (contact));
}

static void
declined_us_cb (KithWindow *self, KithContact *contact)
{
  g_autofree char *words = g_strdup_printf (_("%s declined your request"),
                                            kith_contact_get_display_name (contact));

  kith_window_toast (self, words);
}

static void
removed_cb (KithWindow *self, KithContact *contact)
{
  KithConversation *open = kith_conversation_view_get_conversation (self->conversation_view);

  if (open != NULL && kith_conversation_get_contact (open) == contact)
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

static void
profile_changed_cb (KithWindow *self)
{
  KithProfile *profile = kith_node_get_profile (self->node);
  g_autofree char *title = NULL;

  if (profile == NULL)
    return;

  /* Translators: the title of the window: the user's name */
  title = g_strdup_printf (_("%s – Kith"), kith_profile_get_name (profile));
  gtk_window_set_title (GTK_WINDOW (self), title);
  kith_window_show_ready (self);
  listen_cb (self);
}

static void
create_profile_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  kith_welcome_page_set_busy (self->welcome_page, FALSE);

  if (kith_node_create_profile_finish (KITH_NODE (source), result, &error))
    return;

  words = kith_explain_error (error);
  kith_window_show_ready (self);
  kith_window_toast (self, words);
}

/* --- The end -------------------------------------------------------------------------------- */

static void
shutdown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_shutdown_finish (KITH_NODE (source), result, &error))
    g_warning ("The node did not shut down in order: %s", error->message);

  gtk_window_destroy (GTK_WINDOW (self));
}

static void
response_cb (KithWindow *self, const char *response)
{
  if (g_str_equal (response, "quit"))
    kith_window_shut_down (self);
}

static void
confirm_close (KithWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self), _("Close Kith and Forget Everything?"),
      _("This version keeps everything in memory. When you close it, your identity, your contacts "
        "and all messages are gone, and messages that still wait are not sent."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Stay"), "quit",
                                    _("_Close"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "quit",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
kith_window_close_request (GtkWindow *window)
{
  KithWindow *self = KITH_WINDOW (window);
  gboolean empty = g_list_model_get_n_items (kith_node_get_contacts (self->node)) == 0;

  if (self->is_closing)
    return TRUE;

  if (empty || self->is_demo)
    kith_window_shut_down (self);
  else
    confirm_close (self);

  return TRUE;
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_window_dispose (GObject *object)
{
  KithWindow *self = KITH_WINDOW (object);

  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_WINDOW);

  G_OBJECT_CLASS (kith_window_parent_class)->dispose (object);
}

static void
kith_window_finalize (GObject *object)
{
  KithWindow *self = KITH_WINDOW (object);

  g_free (self->listen_address);

  G_OBJECT_CLASS (kith_window_parent_class)->finalize (object);
}

static void
kith_window_class_init (KithWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = kith_window_close_request;

  g_type_ensure (KITH_TYPE_CONVERSATION_VIEW);
  g_type_ensure (KITH_TYPE_REQUEST_PAGE);
  g_type_ensure (KITH_TYPE_SIDEBAR);
  g_type_ensure (KITH_TYPE_WELCOME_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KithWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, welcome_page);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, content_stack);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, empty_page);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, empty_buttons);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, conversation_view);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, request_page);
  gtk_widget_class_bind_template_callback (widget_class, kith_window_open);
  gtk_widget_class_bind_template_callback (widget_class, kith_window_create_profile);
  gtk_widget_class_bind_template_callback (widget_class, accepted_cb);

  kith_window_install_actions (widget_class);
}

static void
kith_window_init (KithWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->listen_port = KITH_DEFAULT_PORT;
}

static void
connect_to_node (KithWindow *self, const char *signal, GCallback callback)
{
  g_signal_connect_object (self->node, signal, callback, self, G_CONNECT_SWAPPED);
}

/**
 * kith_window_new:
 * @application: the application
 * @node: whose window it is; being opened
 *
 * Returns: (transfer none): a window that waits for kith_window_show_ready()
 */
KithWindow *
kith_window_new (GtkApplication *application, KithNode *node)
{
  KithWindow *self = g_object_new (KITH_TYPE_WINDOW, "application", application, NULL);

  self->node = g_object_ref (node);
  kith_sidebar_set_node (self->sidebar, node);
  show_empty (self);

  connect_to_node (self, "notify::profile", G_CALLBACK (profile_changed_cb));
  connect_to_node (self, "warning", G_CALLBACK (warning_cb));
  connect_to_node (self, "request-added", G_CALLBACK (request_added_cb));
  connect_to_node (self, "request-removed", G_CALLBACK (request_removed_cb));
  connect_to_node (self, "contact-changed::accepted", G_CALLBACK (accepted_us_cb));
  connect_to_node (self, "contact-changed::declined", G_CALLBACK (declined_us_cb));
  connect_to_node (self, "contact-changed::removed", G_CALLBACK (removed_cb));
  g_signal_connect_object (kith_node_get_conversations (node), "items-changed",
                           G_CALLBACK (conversations_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * kith_window_get_node:
 * @self: a window
 *
 * Returns: (transfer none): whose window it is
 */
KithNode *
kith_window_get_node (KithWindow *self)
{
  g_return_val_if_fail (KITH_IS_WINDOW (self), NULL);

  return self->node;
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
 * kith_window_set_demo:
 * @self: a window
 *
 * Says that nothing in it is worth a question before it is closed.
 */
void
kith_window_set_demo (KithWindow *self)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  self->is_demo = TRUE;
}

/**
 * kith_window_show_ready:
 * @self: a window
 *
 * The node is open: shows the conversations, or asks for a name when there is no profile yet.
 */
void
kith_window_show_ready (KithWindow *self)
{
  gboolean has_profile;

  g_return_if_fail (KITH_IS_WINDOW (self));

  has_profile = kith_node_get_profile (self->node) != NULL;
  gtk_stack_set_visible_child_name (self->stack, has_profile ? "chat" : "welcome");
  if (has_profile)
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
  else
    kith_welcome_page_focus (self->welcome_page);
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

  kith_welcome_page_set_busy (self->welcome_page, TRUE);
  kith_node_create_profile_async (self->node, name, NULL, create_profile_cb, g_object_ref (self));
}

/**
 * kith_window_open_id:
 * @self: a window
 * @id: the ID of a contact, or of somebody who asks
 *
 * Returns: whether there was something to open
 */
gboolean
kith_window_open_id (KithWindow *self, const char *id)
{
  KithContact *contact;
  KithRequest *request;

  g_return_val_if_fail (KITH_IS_WINDOW (self), FALSE);

  contact = kith_node_find_contact (self->node, id, NULL);
  if (contact != NULL)
    {
      kith_window_open (self, G_OBJECT (kith_node_get_conversation (self->node, contact)));
      return TRUE;
    }

  request = kith_node_find_request (self->node, id, NULL);
  if (request != NULL)
    {
      kith_window_open (self, G_OBJECT (request));
      return TRUE;
    }

  return FALSE;
}

/**
 * kith_window_is_showing:
 * @self: a window
 * @item: a conversation or a request
 *
 * Returns: whether the user has it in front of them
 */
gboolean
kith_window_is_showing (KithWindow *self, GObject *item)
{
  g_return_val_if_fail (KITH_IS_WINDOW (self), FALSE);

  return gtk_window_is_active (GTK_WINDOW (self))
         && kith_sidebar_get_selected (self->sidebar) == item
         && gtk_widget_get_mapped (gtk_stack_get_visible_child (self->content_stack));
}

/**
 * kith_window_toast:
 * @self: a window
 * @words: what to say; plain text
 */
void
kith_window_toast (KithWindow *self, const char *words)
{
  kith_window_toast_with_button (self, words, NULL, NULL, NULL);
}

/**
 * kith_window_toast_with_button:
 * @self: a window
 * @words: what to say; plain text
 * @button_label: (nullable): what can be done about it
 * @action_name: (nullable): the action that does it
 * @target: (nullable): the string to give to it
 */
void
kith_window_toast_with_button (KithWindow *self, const char *words, const char *button_label,
                               const char *action_name, const char *target)
{
  g_autofree char *escaped = g_markup_escape_text (words, -1);
  AdwToast *toast = adw_toast_new (escaped);

  g_return_if_fail (KITH_IS_WINDOW (self));

  if (button_label != NULL)
    {
      adw_toast_set_button_label (toast, button_label);
      adw_toast_set_action_name (toast, action_name);
      if (target != NULL)
        adw_toast_set_action_target_value (toast, g_variant_new_string (target));
    }

  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

/**
 * kith_window_shut_down:
 * @self: a window
 *
 * Ends the node in order (two seconds at most), and then the window.
 */
void
kith_window_shut_down (KithWindow *self)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  if (self->is_closing)
    return;

  self->is_closing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  kith_node_shutdown_async (self->node, shutdown_cb, g_object_ref (self));
}
