/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-search-hit.h"
#include "ui/kith-auto-lock.h"
#include "ui/kith-conversation-view.h"
#include "ui/kith-group-page.h"
#include "ui/kith-lock-page.h"
#include "ui/kith-notice-bar.h"
#include "ui/kith-profiles-page.h"
#include "ui/kith-request-page.h"
#include "ui/kith-setup-page.h"
#include "ui/kith-sidebar.h"
#include "ui/kith-trouble-page.h"
#include "ui/kith-welcome-page.h"
#include "ui/kith-window.h"

G_BEGIN_DECLS

/* The window stands in seventeen files: kith-window.c (what is open), -chat.c (what that is shown in), -pages.c (what stands
 * in its place), -profile.c (what is done with the folder, until there is a node), -lock.c (what is done with it afterwards),
 * -node.c (what the node says), -actions.c, -contacts.c, -friends.c, -groups.c, -group-words.c, -broadcast.c and
 * -treatment.c (what the user asks for), -moving.c (how the keyboard gets about), -background.c (life without it), -size.c
 * and -close.c (the end). */

struct _KithWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  GtkStack *stack;
  GtkWidget *preparing_box;
  GtkLabel *preparing_label;
  GtkProgressBar *preparing_bar;
  /* Each NULL until it is shown first. */
  KithWelcomePage *welcome_page;
  KithSetupPage *setup_page;
  KithLockPage *lock_page;
  KithTroublePage *trouble_page;
  KithProfilesPage *profiles_page;
  /* From here on: NULL while there is no node, or until the window had time. */
  KithNoticeBar *disk_bar;
  AdwLeaflet *leaflet;
  KithSidebar *sidebar;
  GtkStack *content_stack;
  AdwStatusPage *empty_page;
  GtkWidget *empty_buttons;
  KithConversationView *conversation_view;
  KithRequestPage *request_page;
  KithGroupPage *group_page;

  guint pulse_id;       /* while the history is prepared */
  guint build_id;       /* until the conversations have their widgets */
  AdwToast *offer;      /* (weak) (nullable): the toast that offers to open something */
  GtkWidget *visited_toast; /* (weak) (nullable): the one to which the keyboard has gone, */
  AdwToast *visited;        /* (weak) (nullable): and what it shows */
  GtkWidget *before_toast;  /* (weak) (nullable): what had the focus before */
  GtkWidget *join_dialog; /* (weak) (nullable) while it is open */
  GPtrArray *toasts;    /* (owned) that are shown or will be */
  KithProfileFolder *folder; /* (owned) (nullable) none when everything is in memory */
  KithAutoLock *auto_lock;   /* (owned) (nullable) while there is something to lock */
  char *profile_path;   /* (owned) (nullable) */
  const char *left_page;  /* (nullable): from which the user went to the profiles */
  char *pending_link;   /* (owned) (nullable) was opened before there was a profile */
  char *pending_target; /* (owned) (nullable) name of a notification that was clicked before there was a profile */
  char *new_name;       /* (owned) (nullable) what the new user wants to be called */
  gboolean began_maximized;  /* as the one before it on this computer */
  gboolean has_restored_size;
  KithNode *node;       /* (owned) (nullable) */
  char *listen_address; /* (owned) (nullable) */
  guint16 listen_port;
  const KithNetworkOverride *network_options; /* (nullable) the application's */
  gboolean listen_given; /* by the user: no other port will do */
  gboolean is_demo;      /* nothing in it is anybody's own */
  gboolean is_closing;
  gboolean is_locking;   /* and not locked yet */
  gboolean is_forgetting; /* all that is shown, and says nothing more of it */
  gboolean must_lock;    /* the computer went to sleep while the profile was being unlocked */
  gboolean is_erase_due; /* not everything could be erased: what "Try Again" means */
  gboolean was_backup_stopped; /* by locking, and the user does not know yet */
  gboolean was_transcript_stopped; /* as that */
  guint title_id;        /* the title changes once for many messages */
  guint mute_check_id;   /* while there is a node */
};

KithConversation *kith_window_find_conversation (KithWindow *self,
                                      const char     *id);
KithGroup *kith_window_find_group    (KithWindow     *self,
                                      const char     *id);
void     kith_window_install_group_actions (GtkWidgetClass *widget_class);
void     kith_window_install_group_words (GtkWidgetClass *widget_class);
void     kith_window_follow_groups   (KithWindow     *self);
void     kith_window_install_actions (GtkWidgetClass *widget_class);
gboolean kith_window_close_request   (GtkWindow      *window);
gboolean kith_window_go_to_background (KithWindow    *self);
void     kith_window_take_target     (KithWindow     *self);
void     kith_window_tell_waiting    (KithWindow     *self);
void     kith_window_withdraw_waiting (KithWindow    *self);
void     kith_window_follow_unread   (KithWindow     *self);
void     kith_window_update_title    (KithWindow     *self);
void     kith_window_follow_node     (KithWindow     *self);
void     kith_window_install_contact_actions (GtkWidgetClass *widget_class);
void     kith_window_install_broadcast_actions (GtkWidgetClass *widget_class);
void     kith_window_install_treatment_actions (GtkWidgetClass *widget_class);
void     kith_window_follow_treatment (KithWindow    *self);
void     kith_window_unmark          (KithWindow     *self,
                                      KithConversation *conversation);
void     kith_window_install_friend_actions  (GtkWidgetClass *widget_class);
void     kith_window_install_moving_actions  (GtkWidgetClass *widget_class);
void     kith_window_leave_toast      (KithWindow     *self,
                                       AdwToast       *toast);
void     kith_window_install_profile_actions (GtkWidgetClass *widget_class);
void     kith_window_update_auto_lock        (KithWindow     *self);
void     kith_window_watch_opening           (KithWindow     *self);
void     kith_window_watch_ended             (KithWindow     *self);
void     kith_window_lock_if_due             (KithWindow     *self);
void     kith_window_install_lock_actions (GtkWidgetClass *widget_class);
gboolean kith_window_ask_about_backup (KithWindow    *self,
                                      const char     *heading,
                                      const char     *label,
                                      void          (*confirmed) (KithWindow *self));
void     kith_window_build_chat      (KithWindow     *self);
void     kith_window_build_chat_soon (KithWindow     *self);
void     kith_window_drop_chat       (KithWindow     *self);
void     kith_window_forget_chat     (KithWindow     *self);
void     kith_window_forget_pages    (KithWindow     *self);
void     kith_window_show_page       (KithWindow     *self,
                                      const char     *name);
void     kith_window_show_lock       (KithWindow     *self);
void     kith_window_show_setup      (KithWindow     *self);
void     kith_window_show_welcome    (KithWindow     *self);
void     kith_window_show_name       (KithWindow     *self);
void     kith_window_reset_welcome   (KithWindow     *self);
void     kith_window_set_welcome_busy (KithWindow    *self,
                                      gboolean        is_busy);
void     kith_window_give_folder     (KithWindow     *self);
void     kith_window_show_erase_trouble (KithWindow  *self,
                                      const GError   *error);
void     kith_window_retry           (KithWindow     *self);
void     kith_window_start_anew      (KithWindow     *self);
gboolean kith_window_hold_damaged    (KithWindow     *self);
void     kith_window_tell_stopped    (KithWindow     *self);
void     kith_window_present_transcript (KithWindow  *self,
                                      GtkWidget      *dialog);
void     kith_window_tell_older      (KithWindow     *self);
void     kith_window_update_nearby   (KithWindow     *self);
void     kith_window_connected       (KithWindow     *self,
                                      KithContact    *contact,
                                      gboolean        requested);
void     kith_window_watch_paste     (KithWindow     *self);
void     kith_window_take_link       (KithWindow     *self);
void     kith_window_close_dialogs   (GtkWindow      *parent);
void     kith_window_restore_size    (KithWindow     *self);
void     kith_window_save_state      (KithWindow     *self);
void     kith_window_start           (KithWindow     *self,
                                      const char     *name);
void     kith_window_open_hit        (KithWindow     *self,
                                      KithSearchHit  *hit);
void     kith_window_search_conversation (KithWindow *self);
gboolean kith_window_has_profile     (KithWindow     *self);
void     kith_window_show_empty      (KithWindow     *self);
gboolean kith_window_shows_sidebar   (KithWindow     *self);
void     kith_window_open            (KithWindow     *self,
                                      GObject        *item);
void     kith_window_step            (KithWindow     *self,
                                      int             step);
void     kith_window_back            (KithWindow     *self);
void     kith_window_search          (KithWindow     *self);

G_END_DECLS
