/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"

/* Searching in what is open: an entry, and the hits below it. */

static void
show_hits (KithConversationView *self, gboolean show)
{
  gtk_widget_set_visible (self->hits, show);
}

/* Returns: whether that is something else than was searched for before */
static gboolean
search (KithConversationView *self)
{
  const char *text = gtk_editable_get_text (self->search_entry);

  if (self->conversation == NULL
      || !kith_hit_list_search (self->hit_list, self->node, self->conversation, text))
    return FALSE;

  show_hits (self, *text != '\0');

  return TRUE;
}

/* At once: what was asked for with Enter was asked for with other words. */
static void
search_text_changed_cb (KithConversationView *self)
{
  kith_hit_list_wait_no_more (self->hit_list);
}

/* The entry has waited until the user paused, or Enter did not, and has left nothing to do. */
static void
search_changed_cb (KithConversationView *self)
{
  search (self);
}

static void
hit_opened_cb (KithConversationView *self, KithSearchHit *hit)
{
  show_hits (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  kith_message_view_jump_to_message (self->message_view, kith_search_hit_get_message (hit),
                                     KITH_ARRIVAL_FOCUS);
}

/* What stands there counts, not what was found for what stood there before. */
static void
search_activated_cb (KithConversationView *self)
{
  if (search (self) || gtk_widget_get_visible (self->hits))
    kith_hit_list_open_first (self->hit_list, GTK_WIDGET (self->search_entry));
  else
    show_hits (self, kith_hit_list_get_n_hits (self->hit_list) > 0);
}

static gboolean
search_key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
               GdkModifierType modifiers, KithConversationView *self)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;

  show_hits (self, kith_hit_list_get_n_hits (self->hit_list) > 0);
  kith_hit_list_focus_first (self->hit_list);

  return GDK_EVENT_STOP;
}

static void
left_top_cb (KithConversationView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
hits_edge_cb (KithConversationView *self, GtkPositionType edge)
{
  if (edge == GTK_POS_BOTTOM)
    kith_hit_list_load_more (self->hit_list);
}

static void
search_mode_changed_cb (KithConversationView *self)
{
  if (gtk_search_bar_get_search_mode (self->search_bar))
    return;

  show_hits (self, FALSE);
  kith_hit_list_clear (self->hit_list);
  if (self->conversation != NULL)
    kith_conversation_view_focus_composer (self);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kith_conversation_view_search (KITH_CONVERSATION_VIEW (widget));
}

/* For the template of the view, and its actions. */
void
kith_conversation_view_bind_search (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, search_text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, hit_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, left_top_cb);
  gtk_widget_class_bind_template_callback (widget_class, hits_edge_cb);

  gtk_widget_class_install_action (widget_class, "conversation.search", NULL, search_action);
}

/**
 * kith_conversation_view_search:
 * @self: a view
 *
 * Shows the entry to search in this conversation, and puts the cursor there.
 */
void
kith_conversation_view_search (KithConversationView *self)
{
  g_return_if_fail (KITH_IS_CONVERSATION_VIEW (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
