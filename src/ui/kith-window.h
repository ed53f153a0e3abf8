/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"
#include "node/kith-profile-folder.h"
#include "ui/kith-network-options.h"

G_BEGIN_DECLS

#define KITH_TYPE_WINDOW (kith_window_get_type ())
G_DECLARE_FINAL_TYPE (KithWindow, kith_window, KITH, WINDOW, AdwApplicationWindow)

/* The window of one profile, or of one node that is kept in memory: the first run, the lock, then
 * the sidebar and what is open beside it. Closing it ends the node in order.
 *
 * Property: "node" (KithNode): NULL while the profile is locked, and another one after that. */

KithWindow *kith_window_new               (GtkApplication *application);
void        kith_window_set_node          (KithWindow     *self,
                                           KithNode       *node);
void        kith_window_open_profile      (KithWindow     *self,
                                           const char     *path,
                                           const char     *name);
void        kith_window_open_in_memory    (KithWindow     *self,
                                           const char     *name);
void        kith_window_show_trouble      (KithWindow     *self,
                                           const GError   *error);
void        kith_window_choose_profile    (KithWindow     *self);
void        kith_window_restore           (KithWindow     *self);
gboolean    kith_window_is_locked         (KithWindow     *self);
KithNode   *kith_window_get_node          (KithWindow     *self);
KithNode   *kith_window_find_node         (GtkWidget      *widget);
void        kith_window_set_listen        (KithWindow     *self,
                                           const char     *address,
                                           guint16         port);
void        kith_window_set_network_options (KithWindow *self,
                                           const KithNetworkOverride *options);
void        kith_window_open_link         (KithWindow     *self,
                                           const char     *link);
void        kith_window_set_demo          (KithWindow     *self);
void        kith_window_show_ready        (KithWindow     *self);
void        kith_window_create_profile    (KithWindow     *self,
                                           const char     *name);
gboolean    kith_window_open_id           (KithWindow     *self,
                                           const char     *id);
void        kith_window_open_when_ready   (KithWindow     *self,
                                           const char     *notification);
void        kith_window_open_message      (KithWindow     *self,
                                           const char     *message_id);
gboolean    kith_window_is_showing        (KithWindow     *self,
                                           GObject        *item);
void        kith_window_toast             (KithWindow     *self,
                                           const char     *words);
void        kith_window_toast_with_button (KithWindow     *self,
                                           const char     *words,
                                           const char     *button_label,
                                           const char     *action_name,
                                           const char     *target);
void        kith_window_begin_size        (KithWindow     *self);
void        kith_window_start_hidden      (KithWindow     *self);
void        kith_window_quit              (KithWindow     *self);
void        kith_window_shut_down         (KithWindow     *self);
gboolean    kith_window_is_closing        (KithWindow     *self);

G_END_DECLS
