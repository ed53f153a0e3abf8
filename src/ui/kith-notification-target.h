/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a notification opens when it is clicked: the ID of the application that has the profile, and the name of the
 * notification (kith-notification-name.h). A portal knows only that it was Kith, and tells the process of the usual
 * profile: that passes the click on. Main thread. */

#define KITH_NOTIFICATION_TARGET_ACTION "open"
#define KITH_NOTIFICATION_TARGET_TYPE "(ss)"

void        kith_notification_target_set      (GNotification *notification,
                                               GApplication  *application,
                                               const char    *name);
const char *kith_notification_target_get_name (GVariant      *target);
gboolean    kith_notification_target_is_for   (GVariant      *target,
                                               GApplication  *application);
void        kith_notification_target_pass_on  (GVariant      *target,
                                               GApplication  *application,
                                               GVariant      *platform_data);

G_END_DECLS
