/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"

#define TOAST_S 3
#define TOAST_ACTION_S 6

G_DEFINE_FINAL_TYPE (KithWindow, kith_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- What is open --------------------------------------------------------------------------- */

static void
show_content (KithWindow *self)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "content");
}

/* Says what to do when nothing is open. */
void
kith_window_show_empty (KithWindow *self)
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

/* Opens @item, a KithConversation or a KithRequest, or nothing when it is NULL. */
void
kith_window_open (KithWindow *self, GObject *item)
{
  kith_sidebar_select (self->sidebar, item);

  /* What it offers is done, or the user has gone on to something else. */
  if (item != NULL && self->offer != NULL)
    adw_toast_dismiss (self->offer);

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
      kith_window_show_empty (self);
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

/* Whether the list of conversations is in view. */
gboolean
kith_window_shows_sidebar (KithWindow *self)
{
  return !adw_leaflet_get_folded (self->leaflet)
         || g_str_equal (adw_leaflet_get_visible_child_name (self->leaflet), "sidebar");
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

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_window_dispose (GObject *object)
{
  KithWindow *self = KITH_WINDOW (object);

  g_clear_weak_pointer (&self->offer);
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
  kith_window_show_empty (self);

  kith_window_follow_node (self);

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

  /* It covers the composer: no longer than it takes to read. */
  adw_toast_set_timeout (toast, button_label != NULL ? TOAST_ACTION_S : TOAST_S);

  if (button_label != NULL)
    {
      adw_toast_set_button_label (toast, button_label);
      adw_toast_set_action_name (toast, action_name);
      if (target != NULL)
        adw_toast_set_action_target_value (toast, g_variant_new_string (target));
      if (g_strcmp0 (action_name, "win.open") == 0)
        g_set_weak_pointer (&self->offer, toast);
    }

  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}
