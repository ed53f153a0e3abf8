/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether the desktop takes the body of a notification for markup: GLib hands it on as it is, and what
 * strangers write is text (protocol 12). Main thread. */

void  kith_notification_markup_ask (GDBusConnection *bus);
char *kith_notification_markup_dup (const char      *body);

G_END_DECLS
