/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-announce.h"
#include "ui/kith-appearance.h"
#include "ui/kith-focus.h"
#include "ui/kith-keys.h"
#include "ui/kith-picture-loader.h"
#include "ui/kith-toast.h"
#include "ui/kith-typed.h"

#define TOAST_S 3
#define TOAST_ACTION_S 6

enum
{
  PROP_0,
  PROP_NODE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

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
  gboolean none = self->node == NULL
                  || g_list_model_get_n_items (kith_node_get_conversations (self->node)) == 0;

  adw_status_page_set_title (self->empty_page,
                             none ? _("Say Hello to Somebody") : _("No Conversation Open"));
  adw_status_page_set_description (
      self->empty_page, none ? _("Send a friend a link, or use the one they sent you.")
                             : _("Choose one from the list."));
  gtk_widget_set_visible (self->empty_buttons, none);
  gtk_stack_set_visible_child_name (self->content_stack, "empty");
}

/* A group's conversation before there is anything to be read in it. */
static gboolean
is_invitation (GObject *item)
{
  KithGroup *group
      = KITH_IS_CONVERSATION (item) ? kith_conversation_get_group (KITH_CONVERSATION (item)) : NULL;

  return group != NULL && kith_group_get_state (group) == KITH_MEMBERSHIP_INVITED;
}

/* Opens @item, a KithConversation or a KithRequest, or nothing when it is NULL. */
void
kith_window_open (KithWindow *self, GObject *item)
{
  gboolean had_focus = item == NULL && kith_focus_is_in (GTK_WIDGET (self->content_stack));

  kith_sidebar_select (self->sidebar, item);

  /* What it offers is done, or the user has gone on to something else. */
  if (item != NULL && self->offer != NULL)
    adw_toast_dismiss (self->offer);

  if (is_invitation (item))
    {
      kith_conversation_view_set_conversation (self->conversation_view, self->node, NULL);
      kith_request_page_set_request (self->request_page, NULL, NULL);
      kith_group_page_set_group (self->group_page, self->node,
                                 kith_conversation_get_group (KITH_CONVERSATION (item)));
      gtk_stack_set_visible_child_name (self->content_stack, "invitation");
      show_content (self);
    }
  else if (KITH_IS_CONVERSATION (item))
    {
      kith_conversation_view_set_conversation (self->conversation_view, self->node,
                                               KITH_CONVERSATION (item));
      kith_request_page_set_request (self->request_page, NULL, NULL);
      kith_group_page_set_group (self->group_page, NULL, NULL);
      gtk_stack_set_visible_child_name (self->content_stack, "conversation");
      show_content (self);
      kith_window_unmark (self, KITH_CONVERSATION (item));
      kith_conversation_view_focus_composer (self->conversation_view);
      kith_node_set_setting (self->node, KITH_SETTING_CONVERSATION,
                             kith_conversation_get_key_text (KITH_CONVERSATION (item)));
    }
  else if (KITH_IS_REQUEST (item))
    {
      kith_conversation_view_set_conversation (self->conversation_view, self->node, NULL);
      kith_request_page_set_request (self->request_page, self->node, KITH_REQUEST (item));
      kith_group_page_set_group (self->group_page, NULL, NULL);
      gtk_stack_set_visible_child_name (self->content_stack, "request");
      show_content (self);
    }
  else
    {
      kith_conversation_view_set_conversation (self->conversation_view, self->node, NULL);
      kith_request_page_set_request (self->request_page, NULL, NULL);
      kith_group_page_set_group (self->group_page, NULL, NULL);
      kith_window_show_empty (self);
      kith_window_back (self);
      if (had_focus)
        kith_sidebar_focus_list (self->sidebar);
    }
}

/* Opens the conversation of @hit where it was found. */
void
kith_window_open_hit (KithWindow *self, KithSearchHit *hit)
{
  kith_window_open (self, G_OBJECT (kith_search_hit_get_conversation (hit)));
  kith_conversation_view_jump_to_message (self->conversation_view, kith_search_hit_get_message (hit),
                                          KITH_ARRIVAL_FOCUS);
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
  if (self->leaflet != NULL)
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

/* Searches in what is open, or else everywhere. */
void
kith_window_search_conversation (KithWindow *self)
{
  if (kith_conversation_view_get_conversation (self->conversation_view) == NULL
      || (adw_leaflet_get_folded (self->leaflet) && kith_window_shows_sidebar (self)))
    kith_window_search (self);
  else
    kith_conversation_view_search (self->conversation_view);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NODE:
      g_value_set_object (value, KITH_WINDOW (object)->node);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_window_dispose (GObject *object)
{
  KithWindow *self = KITH_WINDOW (object);

  g_clear_handle_id (&self->title_id, g_source_remove);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  g_clear_handle_id (&self->mute_check_id, g_source_remove);
  g_clear_weak_pointer (&self->offer);
  g_clear_weak_pointer (&self->visited_toast);
  g_clear_weak_pointer (&self->visited);
  g_clear_weak_pointer (&self->before_toast);
  g_clear_weak_pointer (&self->join_dialog);
  g_clear_object (&self->auto_lock);
  g_clear_object (&self->node);
  g_clear_object (&self->folder);
  kith_window_forget_chat (self);
  kith_window_forget_pages (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_WINDOW);

  G_OBJECT_CLASS (kith_window_parent_class)->dispose (object);
}

static void
kith_window_finalize (GObject *object)
{
  KithWindow *self = KITH_WINDOW (object);

  g_ptr_array_unref (self->toasts);
  g_free (self->listen_address);
  g_free (self->profile_path);
  g_free (self->new_name);
  g_free (self->pending_link);
  g_free (self->pending_target);

  G_OBJECT_CLASS (kith_window_parent_class)->finalize (object);
}

static void
kith_window_class_init (KithWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = kith_window_get_property;
  G_OBJECT_CLASS (klass)->dispose = kith_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = kith_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = kith_window_close_request;

  properties[PROP_NODE] = g_param_spec_object (
      "node", NULL, NULL, KITH_TYPE_NODE,
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KithWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, preparing_box);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, preparing_label);
  gtk_widget_class_bind_template_child (widget_class, KithWindow, preparing_bar);

  kith_window_install_actions (widget_class);
  kith_window_install_contact_actions (widget_class);
  kith_window_install_friend_actions (widget_class);
  kith_window_install_group_actions (widget_class);
  kith_window_install_broadcast_actions (widget_class);
  kith_window_install_lock_actions (widget_class);
  kith_window_install_moving_actions (widget_class);
  kith_window_install_profile_actions (widget_class);
  kith_window_install_treatment_actions (widget_class);
}

static void
kith_window_init (KithWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->toasts = g_ptr_array_new_with_free_func (g_object_unref);
  self->listen_port = KITH_DEFAULT_PORT;
  kith_window_watch_paste (self);
  kith_keys_complete_accels (GTK_WINDOW (self));
  g_signal_connect (self, "map", G_CALLBACK (kith_window_build_chat_soon), NULL);
}

/**
 * kith_window_new:
 * @application: the application
 *
 * Returns: (transfer none): a window that waits for kith_window_set_node() or
 * kith_window_open_profile()
 */
KithWindow *
kith_window_new (GtkApplication *application)
{
  return g_object_new (KITH_TYPE_WINDOW, "application", application, NULL);
}

/* Also those of dialogs. Each may first keep what was written into it. A file chooser goes with the dialog
 * that holds it. */
void
kith_window_close_dialogs (GtkWindow *parent)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    g_object_ref (l->data);

  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (gtk_window_get_transient_for (l->data) == parent && !GTK_IS_FILE_CHOOSER_DIALOG (l->data))
        {
          kith_window_close_dialogs (l->data);
          kith_typed_keep_all (l->data);
          gtk_window_close (l->data);
          gtk_window_destroy (l->data); /* nothing when it has gone */
        }
      g_object_unref (l->data);
    }
}

/* Nothing that was said may stay on the screen. */
static void
forget (KithWindow *self)
{
  g_autoptr (GPtrArray) toasts = g_steal_pointer (&self->toasts);

  self->is_forgetting = TRUE;
  self->toasts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < toasts->len; i++)
    adw_toast_dismiss (g_ptr_array_index (toasts, i));

  g_clear_handle_id (&self->mute_check_id, g_source_remove);
  kith_window_close_dialogs (GTK_WINDOW (self));
  gtk_window_set_focus (GTK_WINDOW (self), NULL); /* the window would hold on to what had it */
  kith_window_open (self, NULL);
  kith_conversation_view_set_conversation (self->conversation_view, NULL, NULL);
  kith_sidebar_set_node (self->sidebar, NULL);
  gtk_window_set_title (GTK_WINDOW (self), "Kith");
  g_signal_handlers_disconnect_by_data (self->node, self);
  g_signal_handlers_disconnect_by_data (kith_node_get_conversations (self->node), self);
  g_signal_handlers_disconnect_by_data (kith_node_get_network (self->node), self);
  kith_window_drop_chat (self);
  self->is_forgetting = FALSE;
}

/**
 * kith_window_set_node:
 * @self: a window
 * @node: (nullable): whose window it is; %NULL forgets all that was shown
 */
void
kith_window_set_node (KithWindow *self, KithNode *node)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  if (self->node == node)
    return;

  if (self->node != NULL)
    {
      forget (self);
      kith_picture_loader_forget (kith_picture_loader_get_default ());
    }

  g_set_object (&self->node, node);
  kith_window_reset_welcome (self);
  if (node != NULL)
    {
      kith_window_build_chat (self);
      kith_sidebar_set_node (self->sidebar, node);
      kith_sidebar_set_in_memory (self->sidebar, self->folder == NULL);
      kith_window_show_empty (self);
      kith_appearance_apply (node);
      kith_window_follow_node (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NODE]);
}

/**
 * kith_window_get_node:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): whose window it is
 */
KithNode *
kith_window_get_node (KithWindow *self)
{
  g_return_val_if_fail (KITH_IS_WINDOW (self), NULL);

  return self->node;
}

/**
 * kith_window_find_node:
 * @widget: a widget
 *
 * Returns: (transfer none) (nullable): the node of the window that it stands in
 */
KithNode *
kith_window_find_node (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return KITH_IS_WINDOW (root) ? kith_window_get_node (KITH_WINDOW (root)) : NULL;
}

/* Where one begins: what has no focus is not heard of either. */
static void
focus_chat (KithWindow *self)
{
  gtk_window_set_focus (GTK_WINDOW (self), NULL); /* that was in the page before */
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->content_stack), "conversation") == 0)
    kith_conversation_view_focus_composer (self->conversation_view);
  else
    kith_sidebar_focus_list (self->sidebar);

  if (gtk_window_get_focus (GTK_WINDOW (self)) == NULL)
    gtk_widget_child_focus (GTK_WIDGET (self->leaflet), GTK_DIR_TAB_FORWARD);
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
  g_return_if_fail (KITH_IS_WINDOW (self));
  g_return_if_fail (self->node != NULL);

  if (kith_node_get_profile (self->node) == NULL)
    {
      kith_window_show_name (self);
      return;
    }

  gtk_stack_set_visible_child_name (self->stack, "chat");
  focus_chat (self);
  kith_window_take_target (self);
  kith_window_take_link (self);
}

/* With the contact or of the group that has this ID; NULL when there is none. */
KithConversation *
kith_window_find_conversation (KithWindow *self, const char *id)
{
  KithGroup *group = kith_window_find_group (self, id);
  KithContact *contact = NULL;

  /* Somebody may call themselves by the id of a group. */
  if (group != NULL)
    return kith_node_get_group_conversation (self->node, group);
  if (self->node != NULL)
    contact = kith_node_find_contact (self->node, id, NULL);

  return contact != NULL ? kith_node_get_conversation (self->node, contact) : NULL;
}

/**
 * kith_window_open_id:
 * @self: a window
 * @id: the ID of a contact, of a group, or of somebody who asks
 *
 * Returns: whether there was something to open
 */
gboolean
kith_window_open_id (KithWindow *self, const char *id)
{
  KithConversation *conversation;
  KithRequest *request;

  g_return_val_if_fail (KITH_IS_WINDOW (self), FALSE);

  if (self->node == NULL)
    return FALSE;

  conversation = kith_window_find_conversation (self, id);
  if (conversation != NULL)
    {
      kith_window_open (self, G_OBJECT (conversation));
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

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (KithMessage) message = NULL;
  KithConversation *conversation = NULL;

  message = kith_node_fetch_message_finish (KITH_NODE (source), result, &conversation, NULL);
  if (message != NULL && self->node == KITH_NODE (source)
      && kith_conversation_view_get_conversation (self->conversation_view) == conversation)
    kith_conversation_view_jump_to_message (self->conversation_view, message, KITH_ARRIVAL_ANNOUNCE);
}

/**
 * kith_window_open_message:
 * @self: a window
 * @message_id: a message of the conversation that is open
 *
 * Brings it into view, if it still exists. The user can write at once.
 */
void
kith_window_open_message (KithWindow *self, const char *message_id)
{
  KithConversation *conversation;

  g_return_if_fail (KITH_IS_WINDOW (self));

  if (self->node == NULL)
    return;

  conversation = kith_conversation_view_get_conversation (self->conversation_view);
  if (conversation != NULL)
    kith_node_fetch_message_async (self->node, conversation, message_id, NULL, fetched_cb,
                                   g_object_ref (self));
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

  return gtk_widget_get_mapped (GTK_WIDGET (self)) && gtk_window_is_active (GTK_WINDOW (self))
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

static void
dismissed_cb (AdwToast *toast, KithWindow *self)
{
  kith_window_leave_toast (self, toast);
  g_ptr_array_remove (self->toasts, toast);
}

/* Nobody finds a button in time of which they do not know. */
static void
announce_toast (KithWindow *self, const char *words, const char *button_label)
{
  g_autofree char *both = NULL;

  if (button_label != NULL)
    /* Translators: for a screen reader: what has happened; a button, such as “Undo”; the key that leads to that */
    both = g_strdup_printf (_("%s\n%s: F6"), words, button_label);
  kith_announce (GTK_WIDGET (self), both != NULL ? both : words);
}

/* What is said once more while it still stands there, or waits to, is not shown again after it. */
static gboolean
is_repeated (KithWindow *self, const char *words, const char *button_label)
{
  AdwToast *last = self->toasts->len > 0 ? g_ptr_array_index (self->toasts, self->toasts->len - 1) : NULL;
  g_autofree char *title = g_markup_escape_text (words, -1);

  return last != NULL && button_label == NULL && adw_toast_get_button_label (last) == NULL
         && g_str_equal (adw_toast_get_title (last), title);
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
  AdwToast *toast;

  g_return_if_fail (KITH_IS_WINDOW (self));

  /* What was begun before it was locked, or closed, ends without a word. */
  if (self->toast_overlay == NULL || self->is_forgetting
      || g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "lock") == 0)
    return;

  if (is_repeated (self, words, button_label))
    {
      announce_toast (self, words, NULL);
      return;
    }

  toast = kith_toast_new (words);
  /* It covers the composer: no longer than it takes to read. */
  adw_toast_set_timeout (toast, button_label != NULL ? TOAST_ACTION_S : TOAST_S);

  if (button_label != NULL)
    {
      adw_toast_set_button_label (toast, button_label);
      /* What is announced is what is shown: F6 must not lead to the button of one before. */
      adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
      adw_toast_set_action_name (toast, action_name);
      if (target != NULL)
        adw_toast_set_action_target_value (toast, g_variant_new_string (target));
      if (g_strcmp0 (action_name, "win.open") == 0)
        g_set_weak_pointer (&self->offer, toast);
    }

  g_ptr_array_add (self->toasts, g_object_ref (toast));
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), self, 0);
  kith_toast_add (self->toast_overlay, toast);
  announce_toast (self, words, button_label);
}
