/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include "ui/kith-toolkit-names.h"

/* The page of the conversations. It has most of the widgets of a window, and nothing is shown in it before the
 * profile is open: the window comes first, and this while the profile is being opened. */

#define RESOURCE "/chat/kith/Kith/kith-window-chat.ui"

/* The request has gone from the page. While it was committed the user may have opened something else, or
 * locked the profile. */
static void
accepted_cb (KithWindow *self, KithContact *contact)
{
  if (self->node != NULL && kith_sidebar_get_selected (self->sidebar) == NULL)
    kith_window_open (self, G_OBJECT (kith_node_get_conversation (self->node, contact)));
}

static GtkBuilder *
load (KithWindow *self)
{
  GtkBuilder *builder = gtk_builder_new ();
  g_autoptr (GtkBuilderScope) scope = gtk_builder_cscope_new ();
  g_autoptr (GError) error = NULL;

  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), kith_window_open);
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), kith_window_open_hit);
  gtk_builder_cscope_add_callback (GTK_BUILDER_CSCOPE (scope), accepted_cb);
  gtk_builder_set_scope (builder, scope);
  gtk_builder_set_current_object (builder, G_OBJECT (self));
  if (!gtk_builder_add_from_resource (builder, RESOURCE, &error))
    g_error ("The window is not complete: %s", error->message);

  return builder;
}

/**
 * kith_window_build_chat:
 * @self: a window
 *
 * Makes the page, if it is not there.
 */
void
kith_window_build_chat (KithWindow *self)
{
  g_autoptr (GtkBuilder) builder = NULL;
  GtkWidget *page;

  g_clear_handle_id (&self->build_id, g_source_remove);
  if (self->leaflet != NULL)
    return;

  g_type_ensure (KITH_TYPE_CONVERSATION_VIEW);
  g_type_ensure (KITH_TYPE_GROUP_PAGE);
  g_type_ensure (KITH_TYPE_NOTICE_BAR);
  g_type_ensure (KITH_TYPE_REQUEST_PAGE);
  g_type_ensure (KITH_TYPE_SIDEBAR);
  builder = load (self);
  self->disk_bar = KITH_NOTICE_BAR (gtk_builder_get_object (builder, "disk_bar"));
  self->leaflet = ADW_LEAFLET (gtk_builder_get_object (builder, "leaflet"));
  self->sidebar = KITH_SIDEBAR (gtk_builder_get_object (builder, "sidebar"));
  self->content_stack = GTK_STACK (gtk_builder_get_object (builder, "content_stack"));
  self->empty_page = ADW_STATUS_PAGE (gtk_builder_get_object (builder, "empty_page"));
  self->empty_buttons = GTK_WIDGET (gtk_builder_get_object (builder, "empty_buttons"));
  self->conversation_view = KITH_CONVERSATION_VIEW (gtk_builder_get_object (builder, "conversation_view"));
  self->request_page = KITH_REQUEST_PAGE (gtk_builder_get_object (builder, "request_page"));
  self->group_page = KITH_GROUP_PAGE (gtk_builder_get_object (builder, "group_page"));
  page = GTK_WIDGET (gtk_builder_get_object (builder, "chat_page"));
  gtk_stack_add_named (self->stack, page, "chat");
  kith_toolkit_names_complete (page); /* the window may have come up already */
  kith_window_show_empty (self);
}

static gboolean
build_cb (gpointer user_data)
{
  KithWindow *self = user_data;

  self->build_id = 0;
  kith_window_build_chat (self);
  return G_SOURCE_REMOVE;
}

/**
 * kith_window_build_chat_soon:
 * @self: a window that has just come up
 *
 * Makes the page when nothing else is to be done.
 */
void
kith_window_build_chat_soon (KithWindow *self)
{
  if (self->leaflet == NULL && self->build_id == 0)
    self->build_id = g_idle_add_full (G_PRIORITY_LOW, build_cb, self, NULL);
}

/**
 * kith_window_drop_chat:
 * @self: a window that goes on without its node
 *
 * The page goes with all that its widgets remember of what they showed: texts, names for screen readers, and what
 * could be undone. There is a new one when nothing else is to be done.
 */
void
kith_window_drop_chat (KithWindow *self)
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->stack, "chat");

  kith_window_forget_chat (self);
  if (page != NULL)
    gtk_stack_remove (self->stack, page);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    kith_window_build_chat_soon (self);
}

/**
 * kith_window_forget_chat:
 * @self: a window that goes away
 *
 * What was in the page goes with the window.
 */
void
kith_window_forget_chat (KithWindow *self)
{
  g_clear_handle_id (&self->build_id, g_source_remove);
  self->disk_bar = NULL;
  self->leaflet = NULL;
  self->sidebar = NULL;
  self->content_stack = NULL;
  self->empty_page = NULL;
  self->empty_buttons = NULL;
  self->conversation_view = NULL;
  self->request_page = NULL;
  self->group_page = NULL;
}
