/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_NOTIFICATIONS_PAGE (kith_notifications_page_get_type ())
G_DECLARE_FINAL_TYPE (KithNotificationsPage, kith_notifications_page, KITH, NOTIFICATIONS_PAGE,
                      AdwPreferencesPage)

/* The preferences of how Kith makes itself felt: what it notifies of, and whether it goes on without a
 * window.
 *
 * Signals:
 *  said (char *words)  something to be told in a toast */

void kith_notifications_page_set_node (KithNotificationsPage *self,
                                       KithNode              *node,
                                       const char            *profile_path);

G_END_DECLS
