/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-window.h"

G_BEGIN_DECLS

#define KITH_TYPE_ANNOUNCER (kith_announcer_get_type ())
G_DECLARE_FINAL_TYPE (KithAnnouncer, kith_announcer, KITH, ANNOUNCER, GObject)

/* Reads out to screen readers what comes into the conversation that the user has in front of them. All else has
 * a notification. */

KithAnnouncer *kith_announcer_new (KithWindow *window);

G_END_DECLS
