/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a notification opens when it is clicked: the ID of the application that has the profile, whose profile that is,
 * what to open there, and which message, if any. A portal knows only that it was Kith, and tells the process of the
 * usual profile: that passes the click on. Main thread. */

#define KITH_NOTIFICATION_TARGET_ACTION "open"
#define KITH_NOTIFICATION_TARGET_TYPE "(ssss)"

void     kith_notification_target_set     (GNotification *notification,
                                           GApplication  *application,
                                           const char    *own_id,
                                           const char    *id,
                                           const char    *message_id);
void     kith_notification_target_get     (GVariant      *target,
                                           const char   **own_id,
                                           const char   **id,
                                           const char   **message_id);
gboolean kith_notification_target_is_for  (GVariant      *target,
                                           GApplication  *application);
void     kith_notification_target_pass_on (GVariant      *target,
                                           GApplication  *application,
                                           GVariant      *platform_data);

G_END_DECLS
