/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-avatar.h"
#include "ui/kith-composer.h"
#include "ui/kith-conversation-view.h"
#include "ui/kith-hit-list.h"
#include "ui/kith-message-view.h"
#include "ui/kith-notice-bar.h"

G_BEGIN_DECLS

/* The view stands in nine files: kith-conversation-view.c (who it is with), -group.c (when that is a
 * group), -focus.c, -search.c, -timer.c (for how long messages are kept), -messages.c (what is done with a message),
 * -words.c (who asks to compare words), -files.c (what is done with a file) and -sending.c (how files come
 * here). */

struct _KithConversationView
{
  AdwBin parent_instance;

  GtkWidget *title_button;
  KithAvatar *avatar;
  GtkLabel *title_label;
  GtkWidget *verified_image;
  GtkLabel *presence_label;
  GtkWidget *timer_box;
  GtkLabel *timer_label;
  KithNoticeBar *notice_bar;
  KithNoticeBar *words_bar;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkWidget *hits;
  KithHitList *hit_list;
  GtkWidget *header_bar;
  GtkMenuButton *menu_button;
  GMenuModel *menu;
  GMenuModel *group_menu;
  GMenu *treatment_menu;
  GMenu *group_treatment_menu;
  GtkPopover *date_popover;
  GtkCalendar *calendar;
  KithMessageView *message_view;
  GtkWidget *composer_clamp;
  KithComposer *composer;

  gboolean folded;
  KithNode *node;                 /* (owned) (nullable) */
  KithConversation *conversation; /* (owned) (nullable) */
  GSignalGroup *contact_signals;  /* (owned) */
  GSignalGroup *timer_signals;    /* (owned) on the conversation */
  GSignalGroup *group_signals;    /* (owned) on its group */
  GSignalGroup *member_signals;   /* (owned) on the list of the group's members */
  GSignalGroup *request_signals;  /* (owned) on the list of those who ask to join */
  GSignalGroup *node_signals;     /* (owned) */
  guint refresh_id;
};

GtkWindow *kith_conversation_view_get_window (KithConversationView *self);

void kith_conversation_view_enable       (KithConversationView *self,
                                          const char           *action,
                                          gboolean              enabled);
void kith_conversation_view_show         (KithConversationView *self,
                                          const char           *presence,
                                          gboolean              can_write);
void kith_conversation_view_show_composer (KithConversationView *self,
                                           gboolean              show);
gboolean kith_conversation_view_is_focus_free (KithConversationView *self);
gboolean kith_conversation_view_is_at_notice (KithConversationView *self);
void kith_conversation_view_leave_notice  (KithConversationView *self,
                                           gboolean              was_there);
void kith_conversation_view_bind_focus    (GtkWidgetClass *widget_class);
void kith_conversation_view_init_group    (KithConversationView *self);
void kith_conversation_view_follow_group  (KithConversationView *self,
                                           KithGroup            *group);
void kith_conversation_view_update_group  (KithConversationView *self);
void kith_conversation_view_install_group (GtkWidgetClass *widget_class);
void kith_conversation_view_update_words     (KithConversationView *self);
void kith_conversation_view_bind_search      (GtkWidgetClass *widget_class);
void kith_conversation_view_install_timer    (GtkWidgetClass *widget_class);
void kith_conversation_view_install_messages (GtkWidgetClass *widget_class);
void kith_conversation_view_install_files    (GtkWidgetClass *widget_class);
void kith_conversation_view_install_sending  (GtkWidgetClass *widget_class);
void kith_conversation_view_init_sending     (KithConversationView *self);
void kith_conversation_view_show_end         (KithConversationView *self);
void kith_conversation_view_install_words    (GtkWidgetClass *widget_class);

G_END_DECLS
