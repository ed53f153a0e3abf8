/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-window.h"

G_BEGIN_DECLS

#define KITH_TYPE_NOTIFIER (kith_notifier_get_type ())
G_DECLARE_FINAL_TYPE (KithNotifier, kith_notifier, KITH, NOTIFIER, GObject)

/* Desktop notifications of one window's node, for what the user does not see anyway. */

KithNotifier *kith_notifier_new (GApplication *application,
                                 KithWindow   *window);

G_END_DECLS
