/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-message-view.h"

G_BEGIN_DECLS

/* Rows for a #KithTimeline. */

GtkListItemFactory *kith_message_factory_new (KithMessageView *view);

G_END_DECLS
