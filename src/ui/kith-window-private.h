/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-conversation-view.h"
#include "ui/kith-request-page.h"
#include "ui/kith-sidebar.h"
#include "ui/kith-welcome-page.h"
#include "ui/kith-window.h"

G_BEGIN_DECLS

/* The window stands in four files: kith-window.c (what is open), -node.c (what the node says),
 * -actions.c (what the user asks for) and -close.c (the end). */

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

  AdwToast *offer;      /* (weak) (nullable): the toast that offers to open something */
  KithNode *node;       /* (owned) */
  char *listen_address; /* (owned) (nullable) */
  guint16 listen_port;
  gboolean listen_given; /* by the user: no other port will do */
  gboolean is_demo;      /* nothing in it is anybody's own */
  gboolean is_closing;
};

void     kith_window_install_actions (GtkWidgetClass *widget_class);
gboolean kith_window_close_request   (GtkWindow      *window);
void     kith_window_follow_node     (KithWindow     *self);
void     kith_window_show_empty      (KithWindow     *self);
gboolean kith_window_shows_sidebar   (KithWindow     *self);
void     kith_window_open            (KithWindow     *self,
                                      GObject        *item);
void     kith_window_step            (KithWindow     *self,
                                      int             step);
void     kith_window_back            (KithWindow     *self);
void     kith_window_search          (KithWindow     *self);

G_END_DECLS
