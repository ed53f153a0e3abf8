/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"
#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

#define KITH_TYPE_PREFERENCES (kith_preferences_get_type ())
G_DECLARE_FINAL_TYPE (KithPreferences, kith_preferences, KITH, PREFERENCES, AdwWindow)

/* All that can be set: seven pages, each of which applies at once.
 *
 * Signals: "lock-changed" (): what is set about locking by itself has changed. */

GtkWidget *kith_preferences_new       (GtkWindow         *parent,
                                       KithProfileFolder *folder,
                                       KithNode          *node);
void       kith_preferences_show_page (KithPreferences   *self,
                                       const char        *name);

G_END_DECLS
